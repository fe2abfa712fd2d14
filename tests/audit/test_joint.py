"""A shop under a buyback contract and together with its supplier, demand of any law (Pasternack 1985): claims over both protocols."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from sympy import Eq, Integer, Max, Min, oo
from sympy.logic.boolalg import Boolean

from derive.audit.joint import Joint, joint_choices
from derive.audit.judge import judge
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED, UNDECIDED
from derive.audit.setting import Setting, setting_of
from derive.ir import At, Claim, Feasibility, GeneralDistribution, Model, Player, Shock, Slope, symbols
from derive.pipeline import derive_statement
from derive.views.audit import _joint
from tests.engine.statements import decide, model, protocol

p, c, w, b, mu, q, D, Pi_S, Pi_R = symbols("p c w b mu q D Pi_S Pi_R")
BOTH = ("supplier", "shop")


def contract() -> Model:
    left = Max(q - D, 0)
    return model(
        "contract",
        (p, c, w, b, mu),
        (mu > 0, c > 0, w > c, p > w, b > 0, b < w),
        {q: (q >= 0,)},
        (Player("supplier", (w - c) * q - b * left, Pi_S), Player("shop", p * Min(D, q) + b * left - w * q, Pi_R)),
        protocol("together", (decide(BOTH, q),)),
        protocol("apart", (decide("shop", q),)),
        shocks=(Shock(D, GeneralDistribution("F", Integer(0), oo, mu, igfr=True), "demand"),),
    )


@cache
def setting() -> Setting:
    statement = contract()
    return setting_of(statement, derive_statement(statement))


def whole(key: str) -> At:
    return At(Pi_S, key) + At(Pi_R, key)


TRUTHS = [
    (whole("apart") <= whole("together"), PROVED),
    (At(Pi_R, "apart") >= At(Pi_R, "together"), PROVED),
    (whole("apart") >= whole("together"), UNDECIDED),  # true where the contract coordinates, and only there
    (At(q, "apart") > At(q, "together"), CONDITIONAL),
    (At(q, "apart") < 0, REFUTED),
]


@pytest.mark.parametrize(("asserts", "status"), TRUTHS, ids=str)
def test_claims_over_protocols_with_roots_of_a_general_law(asserts: Boolean, status: str) -> None:
    (judgement,) = judge(Claim("c", "", asserts), setting())
    assert judgement.status == status


def test_a_larger_mean_of_a_law_that_may_be_any_is_another_law() -> None:
    (judgement,) = judge(Claim("c", "", Slope(At(q, "apart"), mu) >= 0), setting())
    assert judgement.status == UNDECIDED
    assert judgement.reason == "a change of mu is a change of the law, of whose functions nothing else is known"


def test_the_wholesale_price_that_coordinates_is_pasternacks() -> None:
    (judgement,) = judge(Claim("c", "", Eq(At(q, "apart"), At(q, "together"))), setting())
    assert judgement.condition is not None
    ((relation,),) = judgement.condition
    assert relation.lhs == w
    assert (relation.rhs - (b + c - b * c / p)).expand() == 0


def test_who_chooses_everything_is_compared_with_whatever_else_is_chosen() -> None:
    assert joint_choices(contract()) == (
        Joint("together", "apart", (Pi_S, Pi_R)),
        Joint("apart", "together", (Pi_R,)),
    )


def test_a_restricted_joint_choice_is_not_the_best_there_is() -> None:
    statement = contract()
    bound = decide(BOTH, q, subject_to=(Feasibility("shelf", q <= 1),))
    restricted = replace(statement, protocols=(protocol("together", (bound,)), statement.protocols[1]))
    assert [one.protocol for one in joint_choices(restricted)] == ["apart"]


def test_an_audit_names_joint_choices_where_a_proof_uses_them() -> None:
    """That the shop alone does best for itself is known here, too, and not used."""
    (judgement,) = judge(Claim("c", "", whole("apart") <= whole("together")), setting())
    assert len(judgement.parts[0][0].joint) == 2
    assert _joint(judgement) == [
        "Pi_S + Pi_R is no less under together than under apart: all that it depends on is chosen to maximise it under together"
    ]
