"""Conditions on one parameter as ranges: known ones, and the truth of both at many points."""

from __future__ import annotations

import random

import pytest
from sympy import Eq, Ge, Gt, Le, Lt, Ne, Rational, sqrt
from sympy.core.relational import Relational

from derive.audit.conditions import ALWAYS, NEVER, Condition, boolean
from derive.audit.ranges import ranges
from derive.ir import symbols
from tests.audit.truth import true_at

x, y = symbols("x y")

RANGES: list[tuple[Condition, list[Relational], Condition]] = [
    (((x > 1,), (x > 2,)), [], ((x > 1,),)),
    (((x > 1, x < 2), (x >= 2, x < 3)), [], ((x > 1, x < 3),)),
    (((x > 1, x < 2), (x > 2, x < 3)), [], ((x > 1, x < 2), (x > 2, x < 3))),
    ((((x - 1) * (x - 2) > 0,),), [], ((x < 1,), (x > 2,))),
    ((((x - 1) * (x - 2) > 0,),), [x >= 1], ((x > 2,),)),
    (((x**2 >= 4,),), [x > 0], ((x >= 2,),)),
    (((x**2 > 2,),), [x > 0], ((x**2 - 2 > 0,),)),
    (((x**2 < 2,),), [], ((x**2 - 2 < 0,),)),
    (((1 / x < 1,),), [x > 0], ((x > 1,),)),
    (((Eq(x**2, 1),),), [x > 0], ((Eq(x, 1),),)),
    (((x > 0,), (x <= 0,)), [], ALWAYS),
    (((x > 1,),), [x < 1], NEVER),
    (((x > 1, x < 1),), [], NEVER),
]


@pytest.mark.parametrize(("condition", "given", "expected"), RANGES, ids=str)
def test_the_ranges_are_the_expected_ones(condition: Condition, given: list[Relational], expected: Condition) -> None:
    found = ranges(condition, given)
    assert {frozenset(part) for part in found or ()} == {frozenset(part) for part in expected}


def test_several_parameters_have_no_ranges() -> None:
    assert ranges(((x > y,),), []) is None
    assert ranges(((x > 0, y > 0),), []) is None


def test_one_of_several_roots_is_told_by_bounds_beside_it() -> None:
    (part,) = ranges(((x**3 - 3 * x + 1 > 0, x > 0, x < 1),), []) or ()
    assert (x**3 - 3 * x + 1 > 0) in part
    assert any(one.lhs == x and one.rel_op == "<" for one in part)


def test_a_range_between_two_roots_of_one_polynomial_says_its_sign_once() -> None:
    below = 9 * x**2 - 40 * x + 32 < 0
    found = ranges(((below,), (x < 2,)), [x > 0]) or ()
    assert (below,) in found
    for n in range(1, 60):
        at = {x: Rational(n, 12)}
        assert true_at(boolean(found), at) == (n < 12 * Rational("3.39811"))


def test_ranges_hold_where_the_condition_does() -> None:
    chance = random.Random(7)
    bases = [x - 1, 2 * x - 3, x**2 - 2, x**3 - 3 * x + 1, x**2 + 1, x, 3 * x + 2, x**2 - x - 1]
    compared = 0
    for _ in range(60):
        stated = [
            chance.choice((Gt, Ge, Lt, Le, Eq, Ne))(chance.choice(bases) * chance.choice(bases), 0, evaluate=False)
            for _ in range(chance.randint(1, 6))
        ]
        condition = tuple(tuple(stated[place : place + 2]) for place in range(0, len(stated), 2))
        given = [chance.choice(bases) >= 0] if chance.random() < 0.5 else []
        found = ranges(condition, given)
        assert found is not None
        for n in range(-40, 60):
            at = {x: Rational(n, 12) + Rational(chance.randint(0, 1), 1000)}
            if all(true_at(fact, at) for fact in given):
                assert true_at(boolean(found), at) == true_at(boolean(condition), at), (condition, given, found, at)
                compared += 1
    assert compared > 3000


def test_numbers_that_are_not_rational_are_left_as_they_stand() -> None:
    assert ranges(((x > sqrt(3), x < 4),), [x > 0]) is None
