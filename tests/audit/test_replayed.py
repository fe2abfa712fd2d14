"""A sign whose proof the checker does not accept costs itself alone, and the audit says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from derive import pipeline
from derive.audit.explore import Exploration, Sign, explore
from derive.audit.judgements import Audit
from derive.audit.replayed import replayed
from derive.audit.signs import Signed
from derive.certificates import Assumed, Certificate
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.prove.relations import relation
from derive.views.audit import audit_texts
from derive.views.lines import exploration_lines

a, c, q, u = symbols("a c q u")
MODEL = Model(
    "one", "", "", (Parameter(a, ""), Parameter(c, "")), (a > c, c > 0), (Variable(q, "quantity", (q >= 0,)),),
    (Player("F", (a - q - c) * q, u),), (Protocol("alone", "", (Stage((Decision(("F",), (q,)),)),)),),
)  # fmt: skip
GIVEN = (a > c, c > 0)


def assumed(found: Signed, op: str) -> Certificate:
    """A proof that is none: what it assumes is not given."""
    fact = relation(found.expression, op)
    return Assumed(claim=fact, given=(), fact=fact)


def opposite(found: Signed) -> Signed:
    """The sign told the other way round, with the proof of the true one."""
    return replace(found, sign=Sign.NEGATIVE if found.sign is Sign.POSITIVE else Sign.POSITIVE)


def unproved(found: Signed) -> Signed:
    return replace(found, certificates=(assumed(found, ">" if found.sign is Sign.POSITIVE else "<"),))


def without(found: Signed) -> Signed:
    return replace(found, certificates=())


def changed(found: Exploration, place: int, how: object) -> Exploration:
    (table,) = found.tables
    effects = list(table.effects)
    effects[place] = replace(effects[place], slope=how(effects[place].slope))  # type: ignore[operator]
    return replace(found, tables=(replace(table, effects=tuple(effects)),))


@pytest.fixture(scope="module")
def solved() -> pipeline.Work:
    return pipeline.work_through(MODEL, 2, passes=pipeline.SOLVING)


@pytest.mark.parametrize("how", [opposite, unproved, without])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_forged_sign_is_not_settled_and_the_others_stand(solved: pipeline.Work, place: int, how: object) -> None:
    true = explore(MODEL, solved.solutions)
    assert replayed(true) == true
    found = replayed(changed(true, place, how))
    for k, (one, other) in enumerate(zip(found.tables[0].effects, true.tables[0].effects, strict=True)):
        assert one == other if k != place else one.slope.sign is Sign.UNSETTLED
    (told,) = found.refused
    effect = true.tables[0].effects[place]
    assert f"{effect.quantity} in {effect.parameter}" in told


def test_the_model_is_reported_with_a_warning(solved: pipeline.Work, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = changed(explore(MODEL, solved.solutions), 0, opposite)
    monkeypatch.setattr(pipeline, "explore", lambda *_: forged)
    (step,) = [one for one in pipeline.PASSES if one.name == "audit"]
    work = step.apply(solved)
    assert "the checker does not accept the proof" in work.warnings[-1]
    audit = Audit("one", (), (), ())
    report, data_text = audit_texts(audit, work.exploration)
    assert "## Warnings" in report
    data = json.loads(data_text)["exploration"]
    assert data["statics"][0]["effects"][0]["sign"] == "?"
    assert exploration_lines(data)[-1].startswith("Warning: ")
