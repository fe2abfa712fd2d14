"""What is solved and judged is kept by what it depends on: an edit costs what depends on it, and nothing stale is ever read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from derive import pipeline
from derive.audit import claims
from derive.content import Kept, Unspeakable, digest, protocol_part, solved_part, text
from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.system.forks import Question
from derive.system.store import Drawer

a, b, c, q, p, w = symbols("a b c q p w")
Pi_M, Pi_R = symbols("Pi_M Pi_R")
CHAIN = Protocol("chain", "M moves first", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),))))
ONE = Protocol("one", "One firm", (Stage((Decision(("M", "R"), (p,)),)),))
CLAIM = Claim("1", "The chain is dearer.", At(p, "chain") > At(p, "one"))
MODEL = Model(
    key="chain",
    title="A chain",
    source="",
    parameters=(Parameter(a, "size"), Parameter(b, "slope"), Parameter(c, "cost")),
    assumptions=(a > 0, b > 0, c >= 0, a > b * c),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(p, "price", (p >= 0, p <= a / b))),
    definitions=(Definition(q, a - b * p, "demand"),),
    players=(Player("M", (w - c) * q, Pi_M), Player("R", (p - w) * q, Pi_R)),
    protocols=(CHAIN, ONE),
    claims=(CLAIM,),
)
DEARER = replace(MODEL, assumptions=(*MODEL.assumptions, c > 1))


def worked(model: Model, kept: Kept) -> pipeline.Work:
    return pipeline.work_through(model, 1, passes=pipeline.PASSES[:5], kept=kept)


def refused(*_: object, **__: object) -> Any:
    raise AssertionError("done again")


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> Drawer:
    found = Drawer(tmp_path_factory.mktemp("solved"), "1")
    worked(MODEL, Kept(found))
    return found


def test_nothing_is_done_again_for_a_statement_that_says_the_same(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    first = worked(MODEL, Kept())
    for place, name in ((pipeline, "examine"), (pipeline, "explore"), (claims, "judgements_on")):
        monkeypatch.setattr(place, name, refused)
    monkeypatch.setattr("derive.play.induction.derive_protocol", refused)
    again = worked(replace(MODEL, title="Another title"), Kept(drawer))
    assert (again.solutions, again.exploration, again.audit) == (first.solutions, first.exploration, first.audit)


def test_an_edit_of_a_claim_judges_that_claim_alone(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(questions: Sequence[Question], _forks: int) -> list[tuple[int, bytes]]:
        asked.append(sum(question.seconds is not None for question in questions))
        return [(place, question.answer()) for place, question in enumerate(questions)]

    monkeypatch.setattr(pipeline, "examine", refused)
    monkeypatch.setattr(claims, "shared", counted)
    other = Claim("2", "The chain is cheaper.", At(p, "chain") < At(p, "one"))
    found = worked(replace(MODEL, claims=(other, CLAIM)), Kept(drawer)).audit.findings
    assert asked == [1]
    assert [(one.claim.key, one.status) for one in found] == [("2", "refuted"), ("1", "proved")]


def test_an_edit_of_a_protocol_leaves_the_others_solved(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    real = pipeline.examine

    def watched(statement: Any, solutions: Any, points: int) -> Any:
        verified.extend(solution.protocol for solution in solutions)
        return real(statement, solutions, points)

    monkeypatch.setattr(pipeline, "examine", watched)
    other = replace(CHAIN, objectives=(("M", 2 * (w - c) * q),))
    work = worked(replace(MODEL, protocols=(other, ONE)), Kept(drawer))
    assert verified == ["chain"]
    assert [one.protocol for one in work.solutions] == ["chain", "one"]


def test_what_matters_has_another_digest() -> None:
    assert digest(solved_part(DEARER)) != digest(solved_part(MODEL))
    assert digest(protocol_part(MODEL, CHAIN)) != digest(protocol_part(MODEL, ONE))
    assert digest(solved_part(replace(MODEL, claims=()))) == digest(solved_part(MODEL))
    with pytest.raises(Unspeakable):
        text([1, 2])


def test_a_drawer_gives_back_what_is_whole_and_of_its_engine(tmp_path: Path) -> None:
    one = Drawer(tmp_path, "1")
    one.put("key", b"some\ncontent")
    assert one.get("key") == b"some\ncontent"
    assert one.get("other") is None
    assert Drawer(tmp_path, "2").get("key") is None
    assert Drawer(tmp_path, "1", reading=False).get("key") is None
    (tmp_path / "1" / "key").write_bytes((tmp_path / "1" / "key").read_bytes() + b"!")
    assert one.get("key") is None
    two = Drawer(tmp_path, "2")
    two.put("key", b"x")
    two.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["2"]
