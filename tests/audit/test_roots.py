"""What is said of the functions of a law at a root: of demand that may be negative nothing that holds of other demand alone."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, oo
from sympy.logic.boolalg import Boolean

from derive.audit.judge import judge
from derive.audit.judgements import PROVED, UNDECIDED
from derive.audit.roots import facts_of
from derive.audit.setting import Setting
from derive.ir import At, Claim, symbols
from derive.shocks import Cdf, Overage
from derive.solution import Implicit, Regime, Solution

a, k, sold, z, A, B = symbols("a k sold z A B")
SHARE = (a > 0, a < 1, A < B)


@pytest.mark.parametrize(
    ("given", "low", "status"),
    [((), A, UNDECIDED), ((A >= 0,), A, PROVED), ((), Integer(0), PROVED), ((), Integer(-1), UNDECIDED), ((), -oo, UNDECIDED)],
    ids=["any lower end", "none below zero", "from zero", "from minus one", "no lower end"],
)
def test_what_is_sold_is_positive_where_demand_is(given: tuple[Boolean, ...], low: Integer, status: str) -> None:
    regime = Regime("1", (), ((sold, z - Overage("F", z)),), (Implicit(z, a - Cdf("F", z), low, B, -1),))
    solution = Solution("m", "shop", "", (*SHARE, *given), (regime,), ())
    (judgement,) = judge(Claim("c", "", At(sold, "shop") > 0), Setting((solution,)))
    assert judgement.status == status


def test_facts_hold_of_a_law_that_has_negative_demand() -> None:
    """Uniform demand between -1 and 1, of which a quarter lies below the root -1/2: the overage there is 1/16."""
    facts = facts_of(Implicit(z, a - Cdf("F", z), Integer(-1), Integer(1), -1), (a > 0,))
    values = {z: Rational(-1, 2), a: Rational(1, 4), Cdf("F", z): Rational(1, 4), Overage("F", z): Rational(1, 16)}
    assert all(fact.xreplace(values).doit() for fact in facts)


def test_of_other_arguments_only_what_holds_everywhere_is_said() -> None:
    facts = facts_of(Implicit(z, a - Cdf("F", z - k), Integer(0), oo, -1), (a > 0,))
    assert (Cdf("F", z - k) >= 0) in facts
    assert not any(fact.has(Cdf("F", z)) for fact in facts)
