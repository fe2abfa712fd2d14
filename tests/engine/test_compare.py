"""Candidates for a maximum put against each other: who pays most where, checked point by point against the values themselves."""

from __future__ import annotations

import random

import pytest
from sympy import Expr, Rational
from sympy.logic.boolalg import Boolean

from derive.check.steps import check_step
from derive.decision.compare import Candidate, best
from derive.decision.problem import Journal, Optimum
from derive.decision.regions import covers, joined, uncovered, without
from derive.errors import Refusal
from derive.ir import symbols

a, b, x = symbols("a b x")
DOMAIN = (a > 0, b > 0, a < 10, b < 10)


def candidate(choice: Expr | int, value: Expr | int, *region: Boolean) -> Candidate:
    return Candidate(Optimum(region, ((x, Rational(0) + choice),)), Rational(0) + value)


def at_points(count: int = 60) -> list[dict[object, Rational]]:
    rng = random.Random(5)
    return [{a: Rational(rng.randint(1, 99), 10), b: Rational(rng.randint(1, 99), 10)} for _ in range(count)]


def holds(region: tuple[Boolean, ...], at: dict[object, Rational]) -> bool:
    return all(bool(r.xreplace(at)) for r in region)


def agrees(candidates: tuple[Candidate, ...], once: bool = True) -> tuple[Candidate, ...]:
    """The result of `best`, after comparing it with the largest value at random points."""
    journal = Journal("t")
    found = best(candidates, DOMAIN, journal)
    for at in at_points():
        there = [c.value.xreplace(at) for c in candidates if holds(c.optimum.region, at)]
        ours = [c.value.xreplace(at) for c in found if holds(c.optimum.region, at)]
        assert bool(there) == bool(ours)
        assert all(value == max(there) for value in ours)
        assert not once or len(ours) <= 1
    for step in journal.steps:
        check_step(step, None, DOMAIN)
    return found


def test_the_region_of_each_is_where_it_pays_most() -> None:
    found = agrees((candidate(0, a), candidate(1, b), candidate(2, 3)))
    assert {c.optimum.values[0][1] for c in found} == {0, 1, 2}


def test_candidates_that_exist_in_part_of_the_domain_only() -> None:
    agrees((candidate(0, a * b, a < 3), candidate(1, a + b, b >= 2, a + b < 9), candidate(2, 1)))


def test_one_that_always_loses_is_not_returned() -> None:
    found = agrees((candidate(0, a), candidate(1, a + b), candidate(2, a - b, a > b)))
    assert [c.optimum.values[0][1] for c in found] == [1]
    assert found[0].optimum.region == ()


def test_different_choices_of_one_value_are_both_returned() -> None:
    found = agrees((candidate(0, a), candidate(1, a, b > 2), candidate(2, a - 1)), once=False)
    assert [(c.optimum.values[0][1], c.optimum.unique) for c in found] == [(0, False), (0, True), (1, False)]


def test_three_that_tie_at_a_point_leave_no_hole() -> None:
    found = best((candidate(0, a), candidate(1, b), candidate(2, (a + b) / 2)), DOMAIN, Journal("t"))
    assert [c.optimum.values[0][1] for c in found if holds(c.optimum.region, {a: Rational(1), b: Rational(1)})] == [0]


def test_where_an_unattained_supremum_pays_as_much_the_attained_one_wins() -> None:
    limit = Candidate(Optimum((), ((x, Rational(5)),)), a, attained=False)
    found = best((limit, candidate(1, b)), DOMAIN, Journal("t"))
    assert [c.attained for c in found if holds(c.optimum.region, {a: Rational(2), b: Rational(2)})] == [True]


def test_a_tie_on_a_boundary_is_warned_of() -> None:
    journal = Journal("t")
    best((candidate(0, a), candidate(1, b)), DOMAIN, journal)
    assert len(journal.warnings) == 1
    assert "pay the same" in journal.warnings[0]


def test_a_value_that_may_be_undefined_is_refused() -> None:
    with pytest.raises(Refusal, match="not compared"):
        best((candidate(0, 1 / (a - b)), candidate(1, b)), DOMAIN, Journal("t"))


def test_without_and_joined() -> None:
    cells = without((), (a > 1, b > 2), DOMAIN)
    for at in at_points():
        assert sum(holds(cell, at) for cell in cells) == (not holds((a > 1, b > 2), at))
    assert joined(((a > 1, b > 2), (a > 1, b <= 2))) == ((a > 1,),)


def test_a_hole_between_regions_is_found_and_without_one_they_cover() -> None:
    apart = ((a > b,), (a < b,))
    assert not covers(apart, DOMAIN)
    (hole,) = uncovered(apart, DOMAIN)
    assert holds(hole, {a: Rational(1), b: Rational(1)})
    whole = ((a > b,), (a <= b, a < 20))
    assert covers(whole, DOMAIN)
    assert uncovered(whole, DOMAIN) == ()
