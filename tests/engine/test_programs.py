"""Quadratic payoffs under linear constraints, against brute force at random exact points of the parameters."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from sympy import Eq, Expr, Rational, lambdify
from sympy.logic.boolalg import Boolean

from derive.check.steps import check_step
from derive.decision.problem import Journal, Outcome, Problem, restriction
from derive.decision.settle import settle_quadratic
from derive.ir import symbols
from derive.solution import Without
from derive.steps import Coverage

a, b, c, g, h, k, m, v, x, y, z, K, L = symbols("a b c g h k m v x y z K L")


def problem(objective: Expr, variables: tuple[Expr, ...], constraints: tuple[Boolean, ...], *given: Boolean) -> Problem:
    named = tuple(restriction(f"{relation}", relation) for relation in constraints)
    return Problem(objective, variables, named, given)


PROBLEMS = {
    "two products with a shared capacity": problem(
        (a - x - h * y) * x + (b - y - h * x) * y, (x, y), (x >= 0, y >= 0, x + y <= K), a > 0, b > 0, K > 0, h > 0, h < 1
    ),
    "two resources": problem(
        a * x + b * y, (x, y), (x >= 0, y >= 0, 2 * x + y <= K, x + 2 * y <= L), a > 0, b > 0, K > 0, L > 0
    ),
    "redundant and repeated constraints": problem(
        -((x - a) ** 2) - (y - 1) ** 2, (x, y), (x <= 2, x <= 2, 2 * x <= 4, x + y <= K, x >= 0, y >= 0, x + y <= K + 1), a > 0, K > 0
    ),
    "stocks recovered from sales": problem(
        x * (a - x - c) + (a - y - z - c) * (y + z) + b * z, (x, y, z), (x >= 0, y >= 0, z >= 0, z <= g * x),
        c > 0, a > c, b > 0, b <= c, g > 0, g <= 1,
    ),
    "portfolio of two assets": problem(
        a * x + b * y - (v * x**2 + x * y + y**2) / 2, (x, y), (x >= 0, y >= 0), v > 1,
    ),
    "a saddle on a box": problem(x * y - a * x - b * y, (x, y), (x >= 0, y >= 0, x <= 1, y <= 1), a > 0, b > 0),
    "convex with corners": problem(x**2 - m * x, (x,), (x >= 0, x <= 1), m > 0),
    "either one": problem(a * x + b * y - x**2 - y**2 - 3 * x * y, (x, y), (x >= 0, y >= 0), a > 0, b > 0),
    "curvature of either sign": problem(a * x - k * x**2, (x,), (x >= 0, x <= 1), a > 0),
}  # fmt: skip


def settled(one: Problem) -> tuple[Outcome, Journal]:
    journal = Journal("t")
    outcome = settle_quadratic(one, journal)
    assert outcome is not None
    return outcome, journal


def admissible(one: Problem, count: int = 12) -> list[dict[Expr, Rational]]:
    rng = random.Random(3)
    parameters = sorted({s for r in one.given for s in r.free_symbols} | _symbols(one), key=str)
    found: list[dict[Expr, Rational]] = []
    while len(found) < count:
        at = {s: Rational(rng.randint(-3 if s not in (K, L) else 1, 9), rng.choice((1, 2, 3, 8))) for s in parameters}
        if all(bool(r.xreplace(at)) for r in one.given):
            found.append(at)
    return found


def _symbols(one: Problem) -> set[Expr]:
    return one.objective.free_symbols - set(one.variables)


def holds(region: tuple[Boolean, ...], at: dict[Expr, Rational]) -> bool:
    return all(bool(r.xreplace(at)) for r in region)


def brute(one: Problem, at: dict[Expr, Rational]) -> float:
    """The largest payoff on a fine grid of the admissible set (its corners are on the grid)."""
    steps = {1: 2001, 2: 361, 3: 61}[len(one.variables)]
    axes = [np.linspace(0, 6.0, steps) for _ in one.variables]
    mesh = np.meshgrid(*axes, indexing="ij")
    payoff = lambdify(one.variables, one.objective.xreplace(at), "numpy")(*mesh) + 0 * mesh[0]
    for item in one.restrictions:
        slack = lambdify(one.variables, item.slack.xreplace(at), "numpy")(*mesh) + 0 * mesh[0]
        payoff = np.where(slack >= -1e-12, payoff, -np.inf)
    return float(payoff.max())


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_regime_is_best_and_every_point_has_one(name: str) -> None:
    one = PROBLEMS[name]
    outcome, journal = settled(one)
    assert not outcome.nothing
    for at in admissible(one):
        here = [o for o in outcome.optima if holds(o.region, at)]
        assert here
        assert len(here) == 1 or not any(o.unique for o in here)
        for optimum in here:
            chosen = {**at, **{s: value.xreplace(at) for s, value in optimum.values}}
            assert all(item.slack.xreplace(chosen) >= 0 for item in one.restrictions)
            assert float(one.objective.xreplace(chosen)) >= brute(one, at) - 1e-9
    for step, earlier in zip(journal.steps, range(len(journal.steps)), strict=True):
        before = tuple(journal.steps[:earlier])
        check_step(step, None, (), tuple(s for s in before if s.label in step.uses), before)


def test_regimes_of_a_concave_payoff_are_proved_to_cover() -> None:
    for name in ("two resources", "stocks recovered from sales", "redundant and repeated constraints"):
        _, journal = settled(PROBLEMS[name])
        assert isinstance(journal.steps[-1], Coverage)


def test_two_best_choices_are_both_listed() -> None:
    outcome, _ = settled(problem(a * (x + y) - x**2 - y**2 - 3 * x * y, (x, y), (x >= 0, y >= 0), a > 0))
    assert {(o.values, o.unique) for o in outcome.optima} == {
        (((x, a / 2), (y, Rational(0))), False),
        (((x, Rational(0)), (y, a / 2)), False),
    }


def test_a_payoff_is_bounded_where_advertising_is_dear_only() -> None:
    one = problem(
        (x - c) * (a - b * x + g * y) - k * y**2, (x, y), (x >= 0, y >= 0), a > 0, b > 0, c >= 0, g > 0, k > 0, a > b * c
    )
    outcome, journal = settled(one)
    assert [o.region for o in outcome.optima] == [(4 * b * k - g**2 > 0,)]
    assert [(n.region, n.kind) for n in outcome.nothing] == [((4 * b * k - g**2 <= 0,), Without.UNBOUNDED)]
    assert len(journal.steps) == 3


def test_a_payoff_that_is_concave_linear_or_convex() -> None:
    """(1 - 2 k) x^2 has a bounded maximum for k > 1/2 and none for k < 1/2; at k = 1/2 the slope alone decides."""
    outcome, _ = settled(problem((1 - 2 * k) * x**2 - a * x, (x,), (x >= 0,), k > 0, k < 1, a > 0))
    assert [item.kind for item in outcome.nothing] == [Without.UNBOUNDED]
    convex = outcome.nothing[0].region
    for value, unbounded in ((Rational(1, 4), True), (Rational(1, 2), False), (Rational(3, 4), False)):
        at = {k: value, a: Rational(1)}
        assert holds(convex, at) is unbounded
        assert [dict(o.values)[x] for o in outcome.optima if holds(o.region, at)] == ([] if unbounded else [0])


def test_constraints_that_contradict_one_another() -> None:
    outcome, _ = settled(problem(x + y - x**2 - y**2, (x, y), (x >= a, y >= 1, x + y <= K), a > 0, K > 0))
    gap = next(n for n in outcome.nothing if n.kind is Without.INFEASIBLE)
    for at in ({a: Rational(i, 2), K: Rational(j, 3)} for i, j in product(range(1, 6), range(1, 12))):
        assert holds(gap.region, at) == bool(at[a] + 1 > at[K])
        assert sum(holds(o.region, at) for o in outcome.optima) == bool(at[a] + 1 <= at[K])


def test_a_supremum_at_an_excluded_bound() -> None:
    outcome, _ = settled(problem(-((x - a) ** 2) - (y - 1) ** 2, (x, y), (x > 0, y >= 0), K > 0))
    assert [(n.region, n.kind) for n in outcome.nothing] == [((-a >= 0,), Without.NOT_ATTAINED)]
    assert [o.region for o in outcome.optima] == [(a > 0,)]


def test_where_several_choices_tie_is_said() -> None:
    outcome, _ = settled(problem(a * x + b * y, (x, y), (x >= 0, y >= 0, x + y <= K), a > 0, b > 0, K > 0))
    assert outcome.ties
    assert any(holds(tie, {a: Rational(2), b: Rational(2), K: Rational(1)}) for tie in outcome.ties)


def test_a_tie_is_told_once_where_two_multipliers_are_opposite() -> None:
    """Bulow 1982 under commitment: without discounting it is the same when a durable good is sold."""
    earned = ((1 - k) * (1 - x) + k * (1 - x - y)) * x + k * (1 - x - y) * y
    outcome, journal = settled(problem(earned, (x, y), (x >= 0, x <= 1, y >= 0), k > 0, k <= 1))
    assert journal.warnings == ["where k = 1 other choices may be as good: nothing is gained there by moving away from x >= 0"]
    assert [sum(isinstance(relation, Eq) for relation in tie) for tie in outcome.ties] == [1]


def test_neither_concave_nor_bounded_nor_known_is_left_to_others() -> None:
    assert settle_quadratic(problem(x * y * m - x**2 * y, (x, y), (x >= 0, y >= 0), m > 0), Journal("t")) is None
