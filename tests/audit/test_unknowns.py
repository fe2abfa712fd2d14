"""Claims that compare roots and free choices of several equilibria, which have one symbol: hand-made solutions with known truth."""

from __future__ import annotations

import pytest
from sympy import And, Eq, Expr, Integer, oo
from sympy.logic.boolalg import Boolean

from derive.audit.judge import judge
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED, UNDECIDED, Judgement
from derive.audit.printed import compare_relation
from derive.audit.setting import Setting
from derive.ir import At, Claim, PrintedRelation, Slope, symbols
from derive.shocks import Cdf, Overage
from derive.solution import Implicit, Regime, Solution

a, b, q, x, y, total, rent, flat = symbols("a b q x y total rent flat")
ZERO = Integer(0)
GIVEN = (a > 0, a < 1, b > 0, b < 1)


def root(symbol: Expr, equation: Expr, low: Expr = ZERO, high: Expr = oo) -> Implicit:
    return Implicit(symbol, equation, low, high, -1)


def solution(protocol: str, regime: Regime) -> Solution:
    return Solution("m", protocol, "", GIVEN, (regime,), ())


QUANTILE = solution(
    "first",
    Regime("1", (), ((total, 2 * q), (rent, q * Cdf("F", q) - Overage("F", q)), (flat, a * b)), (root(q, a - Cdf("F", q)),)),
)
OTHER = solution("second", Regime("1", (), ((total, 2 * q),), (root(q, (b / 2 - Cdf("F", q)) / b),)))
SAME = solution("again", Regime("1", (), ((total, 2 * q),), (root(q, a - Cdf("F", q)),)))
CUBIC = solution("cubic", Regime("1", (), (), (root(x, a - x - x**3),)))
RANGED = solution("ranged", Regime("1", (), (), (root(x, a / 2 - x - x**3, high=a),)))
CHAINED = solution("chained", Regime("1", (), (), (root(x, a / 2 - x - x**3), root(y, x - y - y**3))))
LEVEL = solution("level", Regime("1", (), (), free=(x,), among=(x >= 0, x <= a)))
SETTING = Setting((QUANTILE, OTHER, SAME, CUBIC, RANGED, CHAINED, LEVEL))


def verdict(asserts: Boolean, given: tuple[Boolean, ...] = ()) -> Judgement:
    (judgement,) = judge(Claim("c", "", asserts, given=given), SETTING)
    return judgement


TRUTHS = [
    # F is increasing: what is below has the smaller value of F.
    (At(q, "first") < At(q, "second"), (2 * a < b,), PROVED),
    (At(q, "first") > At(q, "second"), (2 * a < b,), REFUTED),
    (At(total, "first") <= At(total, "second"), (2 * a <= b,), PROVED),
    (Eq(At(q, "first"), At(q, "second")), (), CONDITIONAL),
    (At(q, "first") < At(q, "second"), (), CONDITIONAL),
    (Eq(At(q, "first"), At(q, "again")), (), PROVED),
    # A law that may be any is no counterexample, but what fails for all of them is false.
    (Slope(At(q, "first"), a) > 0, (), PROVED),
    (Slope(At(q, "first"), a) <= 0, (), REFUTED),
    (At(rent, "first") > 0, (), PROVED),
    (At(rent, "first") < 0, (), REFUTED),
    (At(rent, "first") > 1, (), UNDECIDED),
    # What does not rest on the root has points that speak against it.
    (2 * At(flat, "first") > 1, (), CONDITIONAL),
    (At(flat, "first") > 1, (), REFUTED),
    # With x + x**3 = a: x < a everywhere, x > a/2 for a < 2, and x < 1/2 where a < 5/8.
    (At(x, "cubic") < a, (), PROVED),
    (At(x, "cubic") > a / 2, (), PROVED),
    (2 * At(x, "cubic") < 1, (), CONDITIONAL),
    (At(x, "cubic") > 2, (), REFUTED),
    (At(x, "cubic") > -1, (), PROVED),
    (And(At(x, "cubic") < a, At(x, "cubic") > 0), (), PROVED),
    # The range of the root ends at a.
    (At(x, "ranged") < 2 * a, (), PROVED),
    (At(x, "ranged") > 2 * a, (), REFUTED),
    (At(x, "ranged") < a / 2, (), PROVED),
    (Eq(At(x, "level"), At(x, "cubic")), (), REFUTED),
    # y + y**3 = x and x + x**3 = a/2: both rise with a; up to a = 1 they add up to more than the root of X + X**3 = a (0.79, 0.68 at 1).
    (At(x + y, "chained") > At(x, "cubic"), (), PROVED),
    (Slope(At(y, "chained"), a) > 0, (), PROVED),
    (Slope(At(y, "chained"), b) > 0, (), REFUTED),
]


@pytest.mark.parametrize(("asserts", "given", "status"), TRUTHS, ids=str)
def test_roots_and_free_choices_of_different_equilibria_are_compared(
    asserts: Boolean, given: tuple[Boolean, ...], status: str
) -> None:
    assert verdict(asserts, given).status == status


def test_the_condition_for_one_quantile_to_be_smaller_speaks_of_parameters_alone() -> None:
    assert verdict(At(q, "first") < At(q, "second")).condition == ((b > 2 * a,),)


def test_roots_of_different_equations_are_not_taken_for_one_another() -> None:
    assert verdict(Eq(At(y, "chained"), At(x, "cubic"))).status in (UNDECIDED, REFUTED)


def test_roots_that_are_defined_by_one_another_have_no_slope() -> None:
    circle = solution("circle", Regime("1", (), (), (root(x, a - x - y), root(y, x - 2 * y))))
    (judgement,) = judge(Claim("c", "", Slope(At(x, "circle"), a) > 0), Setting((circle,)))
    assert judgement.status == UNDECIDED
    assert judgement.reason == "x is defined by way of itself, so its slope is not told"


@pytest.mark.parametrize(("other", "word"), [("second", "undecided"), ("again", "reproduced")])
@pytest.mark.parametrize("protocol", ["", "first"], ids=["between protocols", "seen from one"])
def test_a_printed_equality_of_roots_is_no_identity_of_symbols(protocol: str, other: str, word: str) -> None:
    own = q if protocol else At(q, "first")
    printed = PrintedRelation("1", protocol, Eq(own, At(q, other)))
    (found,) = compare_relation(printed, None, SETTING.solutions)
    assert found.verdict == word


@pytest.mark.parametrize(
    ("relation", "word"),
    [(Eq(x**3, a - x), "reproduced"), (Eq(x**2, a), "contradicted"), (Eq(x, a), "contradicted")],
    ids=["as derived", "another root", "above the root"],
)
def test_a_printed_relation_of_a_root_is_judged_by_its_equation(relation: Boolean, word: str) -> None:
    (found,) = compare_relation(PrintedRelation("1", "cubic", relation), None, SETTING.solutions)
    assert found.verdict == word
