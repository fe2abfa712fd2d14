"""The page of the gallery tells what was solved, what was not, and why."""

from __future__ import annotations

import json

from derive.system.store import Result
from derive.views.gallery import gallery_page


def result() -> Result:
    solution = {
        "protocol": "chain",
        "instance": "",
        "regimes": [{}, {}],
        "gaps": [{"kind": "not_attained", "region": ["a > b"], "reason": ""}],
        "certificates": {"factors": 2},
    }
    audit = {"claims": [{"verdict": "proved"}, {"verdict": "refuted"}, {"verdict": "proved"}]}
    return Result({"solution.json": json.dumps([solution]), "audit.json": json.dumps(audit)})


def test_a_solved_model_has_its_line() -> None:
    page = gallery_page({"one": "A chain"}, {"one": result()}, {})
    assert "| A chain (`one`) | chain: 2 | not attained | 2 proved, 1 refuted | factors 2 |" in page
    assert "Refused" not in page


def test_a_refused_model_has_its_reason() -> None:
    page = gallery_page({"one": "A chain"}, {}, {"one": "the payoff is unbounded"})
    assert "- A chain (`one`): the payoff is unbounded" in page
