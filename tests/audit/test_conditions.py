"""Exact conditions: known ones, both directions, and their truth at random points against that of the claim itself."""

from __future__ import annotations

import random

import pytest
from sympy import And, Eq, Implies, Ne, Not, Or, Rational, false, sqrt, true
from sympy.logic.boolalg import Boolean

from derive.audit.brackets import switches, turns
from derive.audit.clauses import clauses
from derive.audit.conditions import ALWAYS, NEVER, Never, boolean, exact_condition, from_boolean, shorter
from derive.certificates import Opposed
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove.verdicts import HoldsIff
from derive.views.audit import turn_text
from tests.audit.truth import true_at

a, b, c, s, x, y, th = symbols("a b c s x y theta")
HALF = Rational(1, 2)

CONDITIONS: list[tuple[Boolean, list[Boolean], Boolean]] = [
    ((2 * s - 1) * (a - c) > 0, [a > c, s >= 0], s > HALF),
    ((2 * s - 1) * (a - c) > 0, [s >= 0], Or(And(a > c, s > HALF), And(a < c, s < HALF))),
    ((2 * s - 1) * (a - c) >= 0, [], Or(And(a >= c, s >= HALF), And(a <= c, s <= HALF))),
    (s * (a - c) > 0, [a >= c, s > 0], a > c),
    (x**2 * (y - 1) >= 0, [], Or(Eq(x, 0), y >= 1)),
    (x**2 * (y - 1) > 0, [], And(Ne(x, 0), y > 1)),
    (Eq((s - 1) * (a - c), 0), [], Or(Eq(s, 1), Eq(a, c))),
    (Ne((s - 1) * (a - c), 0), [], And(Ne(s, 1), Ne(a, c))),
    (And(s > 1, a > c), [s > 0], And(s > 1, a > c)),
    (Implies(a > c, s < 2), [s > 0], Or(a <= c, s < 2)),
    (Not(And(a > c, s < 2)), [s > 0], Or(a <= c, s >= 2)),
    (sqrt(a) * (x - 1) > 0, [a > 0], x > 1),
    (1 / (a - c) > 0, [Ne(a, c)], a > c),
]


@pytest.mark.parametrize(("claim", "given", "expected"), CONDITIONS, ids=str)
def test_the_condition_is_the_expected_one_and_certified(claim: Boolean, given: list[Boolean], expected: Boolean) -> None:
    found = exact_condition(claim, tuple(given), ())
    assert isinstance(found, HoldsIff)
    check(found.sufficient)
    check(found.necessary)
    rng = random.Random(1)
    agreed = 0
    for _ in range(400):
        at = {v: Rational(rng.randint(-4, 12), rng.choice((1, 2, 4))) for v in (a, c, s, x, y)}
        if all(true_at(fact, at) for fact in given):
            assert true_at(found.condition, at) == true_at(expected, at)
            agreed += 1
    assert agreed > 20


def test_a_claim_that_never_holds_is_told_apart() -> None:
    found = exact_condition(And(a > 1, s > 2), (a < HALF, s > 0), ())
    assert isinstance(found, Never)
    check(found.certificate)


def test_of_a_claim_that_never_holds_one_false_part_is_enough() -> None:
    """Between long fractions a proof of the denial is at hand where a contradiction from all facts is not."""
    below = a * (x**2 + c * y) + b * x * y
    asserts = And(x > y, -(a * c + b * x**2 + a * b * c * y) / below**2 > 0)
    found = exact_condition(asserts, tuple(one > 0 for one in (a, b, c, x, y)), ())
    assert isinstance(found, Never)
    assert isinstance(found.certificate, Opposed)
    assert found.certificate.fact == asserts.args[1]
    check(found.certificate)


def test_no_condition_where_the_polynomial_is_too_long_to_be_read() -> None:
    assert exact_condition((a + b + c + s + x + y - 1) ** 3 + a * b > 7, (), ()) is None


def test_connectives_become_clauses() -> None:
    assert clauses(Implies(a > 0, And(b > 0, c > 0))) == And(
        Or(a <= 0, b > 0, evaluate=False), Or(a <= 0, c > 0, evaluate=False), evaluate=False
    )
    assert clauses(Not(Or(a > 0, b > 0))) == And(a <= 0, b <= 0, evaluate=False)
    assert clauses(true) == true
    assert clauses(false) == false
    assert boolean(from_boolean(true)) == true
    assert (boolean(ALWAYS), boolean(NEVER)) == (true, false)


def test_conditions_over_regimes_are_joined() -> None:
    assert shorter(((a > c, s > 1), (a <= c, s > 1)), ()) == ((s > 1,),)
    assert shorter(((a > c, s > 1), (Eq(a, c), s > 1)), ()) == ((a >= c, s > 1),)
    assert shorter(((Eq(a, 1 / s),), (a * s > 1,)), (s > 0,)) == ((a * s >= 1,),)
    assert shorter(((Eq(a, 1 / s),), (a * s < 1,)), (s < 0,)) == ((a * s <= 1,),)
    assert len(shorter(((Eq(a, c / (s - 1)),), (a * (s - 1) > c,)), (s > 0,))) == 2
    assert shorter(((a > c,), (a > c, s > 1)), ()) == ((a > c,),)
    assert shorter(((a > c, a > c - 1),), ()) == ((a > c,),)
    assert shorter(((a > 2, a < 1), (s > 0,)), ()) == ((s > 0,),)
    assert shorter(((a > c,), (a <= c, s > 1)), ()) == ((a > c,), (s > 1,))


def test_a_root_is_bracketed_on_the_parameter_s_range() -> None:
    (turn,) = turns(((2 * th**3 - 5 * th + 2 < 0,),), (th > 0, th < 1))
    assert turn.holds == "above"
    assert turn.root.low < Rational("0.43232044334770") < turn.root.high
    assert turn.root.high - turn.root.low <= Rational(2, 10**6)
    assert switches(()) == ()


def test_a_rational_root_is_named_as_the_number_it_is() -> None:
    (turn,) = turns(((2 * s > 1,),), (s > 0,))
    assert turn_text(turn) == "that is, for s above 1/2"
