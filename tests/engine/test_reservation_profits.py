"""Followers that must earn what they earn elsewhere: participation constraints that are convex and quadratic in a leader's price.

The expected values are derived by hand. A retailer that faces the wholesale price w and sells a - b p earns (a - b w)**2/(4 b). It
accepts where that is at least u: for w <= (a - 2 sqrt(b u))/b, as w <= a/b. Unrestricted, a manufacturer with unit cost c takes
w = (a + b c)/(2 b), which the retailer accepts if 16 b u <= (a - b c)**2; otherwise the constraint binds.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest
from sympy import Expr, Integer, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Feasibility, Model, Participation, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine.statements import decide, model, protocol

a, b, c, k, u, w, p, q, x, Pi_M, Pi_R = symbols("a b c k u w p q x Pi_M Pi_R")
Point = dict[Symbol, Expr]


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    return solution


def numbers(*values: Rational | int) -> Point:
    return dict(zip((a, b, c, u), map(Rational, values), strict=True))


def here(region: tuple[Boolean, ...], at: Point) -> bool:
    return all(bool(relation.xreplace(at)) for relation in region)


def chosen(solution: Solution, choice: Symbol, at: Point) -> float:
    (regime,) = [r for r in solution.regimes if here(r.region, at)]
    return float(dict(regime.values)[choice].xreplace(at))


def chain(reservation: Expr, *more: Boolean, prices: tuple[Boolean, ...] = (p >= 0,)) -> Model:
    sales = a - b * p
    return model(
        "chain", (a, b, c, u), (a > 0, b > 0, c >= 0, a > b * c, u >= 0),
        {w: (w >= 0, *more), p: prices},
        (Player("M", (w - c) * sales, Pi_M), Player("R", (p - w) * sales, Pi_R)),
        protocol("P", (decide("M", w, subject_to=(Participation("R", reservation),)),), (decide("R", p),)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def accepted() -> Solution:
    return solved(chain(u, w <= a / b))


@pytest.mark.parametrize(
    ("at", "price"),
    [
        (numbers(10, 1, 2, 1), 6.0),  # 16 < 64
        (numbers(10, 1, 2, 4), 6.0),  # 64 = 64: the constraint touches
        (numbers(10, 1, 2, 9), 4.0),  # 144 > 64: (10 - 6)/1
        (numbers(10, 2, 1, 8), 1.0),  # 256 > 64: (10 - 8)/2
        (numbers(10, 2, 1, 5), (10 - 2 * sqrt(10)) / 2),
        (numbers(10, 1, 2, 0), 6.0),
        (numbers(10, 1, 2, 25), 0.0),  # 4 b u = a**2: no other price is left
    ],
)
def test_the_wholesale_price_leaves_the_reservation_profit(accepted: Solution, at: Point, price: float) -> None:
    assert chosen(accepted, w, at) == pytest.approx(price)


def test_no_price_is_accepted_where_even_a_free_input_earns_too_little(accepted: Solution) -> None:
    """At w = 0 the retailer earns a**2/(4 b)."""
    (gap,) = accepted.gaps
    assert gap.kind is Without.INFEASIBLE
    assert not here(gap.region, numbers(10, 1, 2, 25))
    assert here(gap.region, numbers(10, 1, 2, Rational(251, 10)))


def test_a_reservation_that_may_be_nothing_and_a_retailer_that_may_sell_nothing() -> None:
    """Beyond w = a the retailer sells nothing and earns 0, which is enough where u = 0 alone; a free input earns it a**2/4."""
    sales = a - p
    statement = model(
        "chain", (a, c, k), (a > c, c > 0, k >= 0), {w: (w >= 0,), p: (p >= 0, p <= a)},
        (Player("M", (w - c) * sales, Pi_M), Player("R", (p - w) * sales, Pi_R)),
        protocol("P", (decide("M", w, subject_to=(Participation("R", k**2 / 4),)),), (decide("R", p),)),
    )  # fmt: skip
    solution = solved(statement)
    (gap,) = solution.gaps
    assert gap.kind is Without.INFEASIBLE
    assert gap.region == (k > a,)
    assert chosen(solution, w, {a: Integer(10), c: Integer(2), k: Integer(6)}) == 4.0
    assert chosen(solution, w, {a: Integer(10), c: Integer(2), k: Integer(0)}) == 6.0


def test_a_retailer_that_sells_nothing_at_high_prices(accepted: Solution) -> None:
    """Where p <= a/b, the retailer answers w > a/b by selling nothing, which is not worth u: the same prices as with w <= a/b."""
    other = solved(replace(chain(u, prices=(p >= 0, p <= a / b)), assumptions=(a > 0, b > 0, c >= 0, a > b * c, u > 0)))
    for at in (numbers(10, 1, 2, 1), numbers(10, 1, 2, 9), numbers(10, 2, 1, 5)):
        assert chosen(other, w, at) == pytest.approx(chosen(accepted, w, at))
    (gap,) = other.gaps
    assert gap.kind is Without.INFEASIBLE
    assert here(gap.region, numbers(10, 1, 2, 26))


@pytest.mark.parametrize(
    ("at", "price"),
    [
        ((5, 1, 2, Rational(1, 2)), 3.0),  # the retailer earns (a - w)**2 k/(2 (2 k - 1)) = 4/3
        ((5, 1, 2, 3), 2.0),  # 5 - sqrt(2*3*3/2)
        ((5, 1, 2, Rational(25, 3)), 0.0),  # what it earns at a price of 0
    ],
)
def test_a_retailer_that_promotes_with_a_reservation_profit(at: tuple[Rational | int, ...], price: float) -> None:
    """Demand a - p + x at a cost k x**2/2 of promotion: a constant sqrt(2) stays in the conditions, and above u = k a**2/(2 (2 k - 1))
    no price is accepted."""
    sales = a - p + x
    statement = model(
        "promotion", (a, c, k, u), (a > c, c > 0, k > 1, u > 0),
        {w: (w >= 0, w <= a), p: (p >= 0,), x: (x >= 0,)},
        (Player("M", (w - c) * sales, Pi_M), Player("R", (p - w) * sales - k * x**2 / 2, Pi_R)),
        protocol("P", (decide("M", w, subject_to=(Participation("R", u),)),), (decide("R", p, x),)),
    )  # fmt: skip
    solution = solved(statement)
    here_at = dict(zip((a, c, k, u), map(Rational, at), strict=True))
    assert chosen(solution, w, here_at) == pytest.approx(price)
    (gap,) = solution.gaps
    assert gap.kind is Without.INFEASIBLE
    assert not here(gap.region, here_at)
    assert here(gap.region, here_at | {u: Rational(26, 3)})


def test_no_outcome_is_nearer_to_the_best_on_a_grid(accepted: Solution) -> None:
    for at in (numbers(12, 2, 1, 3), numbers(7, 1, 3, 2), numbers(9, 3, 0, 5)):
        demand, slope, cost, reserve = (float(value) for value in at.values())
        grid = [i * demand / slope / 20000 for i in range(20001)]
        allowed = [z for z in grid if (demand - slope * z) ** 2 / (4 * slope) >= reserve]
        best = max(allowed, key=lambda z: (z - cost) * (demand - slope * z) / 2)
        assert chosen(accepted, w, at) == pytest.approx(best, abs=1e-3)


def test_where_both_sides_are_open_the_refusal_says_so() -> None:
    """Nothing keeps the price below a/b, beyond which the retailer would sell a negative quantity with profit."""
    with pytest.raises(Refusal, match="quadratic in it, and on which side of its roots the choice lies is not proved"):
        derive_protocol(chain(u), chain(u).protocols[0])


def single(objective: Expr, constraint: Boolean, given: tuple[Boolean, ...], domain: tuple[Boolean, ...]) -> Model:
    decision = decide("F", x, subject_to=(Feasibility("constraint", constraint),))
    return model("one", (a, k), given, {x: domain}, (Player("F", objective, Pi_M),), protocol("P", (decision,)))


@pytest.mark.parametrize(("level", "choice"), [(4, 5.0), (0, 3.0), (-1, 3.0), (Rational(1, 4), 3.5)])
def test_a_level_of_either_sign(level: Rational | int, choice: float) -> None:
    """The best x >= a for a payoff that falls, where (x - a)**2 >= k: a + sqrt(k), and a where k is negative."""
    solution = solved(single(-x, (x - a) ** 2 >= k, (a > 0,), (x >= a,)))
    at = {a: Integer(3), k: Rational(level)}
    assert {round(chosen(solution, x, at), 9)} == {choice}


def test_a_reservation_of_nothing_where_what_is_left_is_a_square() -> None:
    """The retailer earns ``(a - w)**2/4``, which is never less than nothing: the constraint says nothing of the price."""
    sales = a - p
    statement = model(
        "chain", (a, c), (a > c, c > 0), {w: (w >= 0, w <= a), p: (p >= 0, p <= a)},
        (Player("M", (w - c) * sales, Pi_M), Player("R", (p - w) * sales, Pi_R)),
        protocol("P", (decide("M", w, subject_to=(Participation("R", Integer(0)),)),), (decide("R", p),)),
    )  # fmt: skip
    (regime,) = solved(statement).regimes
    assert (2 * regime.resolved()[w]).expand() == a + c
