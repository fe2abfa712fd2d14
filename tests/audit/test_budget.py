"""A claim that cannot be settled within its budget: its process is killed, the audit says so, the other claims are judged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest
from sympy import Rational

from derive.audit import judge
from derive.audit.claims import audit
from derive.audit.judgements import PROVED, REFUTED, UNDECIDED
from derive.ir import At, Claim, symbols
from derive.solution import Regime, Solution

a, q = symbols("a q")
SOLUTION = Solution("m", "one", "", (a > 0,), (Regime("all", (), ((q, a + 1),)),), ())


@dataclass(frozen=True)
class Statement:
    """As much of a statement as an audit looks at."""

    claims: tuple[Claim, ...]
    key: str = "m"


CLAIMS = (
    Claim("before", "", At(q, "one") > 0),
    Claim("endless", "", At(q, "one") > a / 7),
    Claim("after", "", At(q, "one") < 1),
)


def _hanging(monkeypatch: pytest.MonkeyPatch, spell: Any) -> None:
    decide = judge.decide

    def engine(claim: Any, given: Any, **effort: Any) -> Any:
        if claim.has(Rational(1, 7)):
            spell()
        return decide(claim, given, **effort)

    monkeypatch.setattr(judge, "decide", engine)


def _endless() -> None:
    while True:
        pass


def test_an_engine_that_never_ends_costs_one_claim_its_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    _hanging(monkeypatch, _endless)
    began = time.monotonic()
    found = audit(Statement(CLAIMS), (SOLUTION,), seconds=1)
    assert time.monotonic() - began < 20
    assert [finding.status for finding in found.findings] == [PROVED, UNDECIDED, REFUTED]
    reason = found.findings[1].judgements[0].reason
    assert reason.startswith("budget of 1 s exhausted; tried: known signs and factors, slack substitution")


def test_an_error_of_an_engine_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LookupError("an engine is broken")

    _hanging(monkeypatch, broken)
    with pytest.raises(RuntimeError, match="an engine is broken"):
        audit(Statement(CLAIMS), (SOLUTION,))


def test_without_a_hang_all_claims_are_judged_by_one_child() -> None:
    found = audit(Statement(CLAIMS), (SOLUTION,))
    assert [finding.status for finding in found.findings] == [PROVED, PROVED, REFUTED]
