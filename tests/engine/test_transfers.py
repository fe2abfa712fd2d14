"""Menus for hidden types and choices under a budget: transfers in several constraints, payoffs in logarithms and roots."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, log
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.ir import Feasibility, Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine.statements import decide, model, protocol

low, high, share, cost, ql, qh, tl, th, profit = symbols("low high share cost ql qh tl th profit")
TYPES = (low > 0, high > low, share > 0, share < 1, cost > 0)


def menu(utility_low: Expr, utility_high: Expr, payoff: Expr, *given: Boolean) -> Model:
    """Two contracts, one for each hidden type; `utility_low` and `utility_high` are of one's own contract."""
    swap = {ql: qh, tl: th, qh: ql, th: tl}
    wrong_low, wrong_high = (u.xreplace(swap) for u in (utility_low, utility_high))
    constraints = (
        Feasibility("IRl", utility_low >= 0),
        Feasibility("IRh", utility_high >= 0),
        Feasibility("ICl", utility_low >= wrong_low),
        Feasibility("ICh", utility_high >= wrong_high),
    )
    return model(
        "menu",
        (low, high, share, cost),
        (*TYPES, *given),
        {ql: (ql >= 0,), qh: (qh >= 0,), tl: (), th: ()},
        (Player("P", payoff, profit, "a principal"),),
        protocol("S", (decide("P", ql, qh, tl, th, subject_to=constraints),)),
    )


def curved(kind: Expr, quantity: Expr, transfer: Expr) -> Expr:
    return kind * quantity - quantity**2 / 2 - transfer


def solved(game: Model) -> Solution:
    solution = derive_protocol(game, game.protocols[0])
    assert check_solution(game, solution, 20).accepted
    assert not solution.gaps
    return solution


def at(solution: Solution, point: dict[Expr, Expr]) -> dict[Expr, Expr]:
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(point) for relation in r.region)]
    return {symbol: value.xreplace(point) for symbol, value in regime.values}


POINTS = [
    {low: Rational(3), high: Rational(4), share: Rational(1, 4), cost: Rational(1)},
    {low: Rational(3), high: Rational(7, 2), share: Rational(1, 2), cost: Rational(2, 3)},
    {low: Rational(2), high: Rational(9, 2), share: Rational(3, 5), cost: Rational(1)},
]


@pytest.mark.parametrize("point", POINTS)
def test_a_menu_for_two_types_of_buyers(point: dict[Expr, Expr]) -> None:
    """Nonlinear pricing: no distortion at the top, no rent at the bottom (Laffont and Martimort 2002, ch. 2; Tirole 1988, ch. 3)."""
    found = at(BUYERS, point)
    quantity = low - cost - share * (high - low) / (1 - share)
    least = max(Rational(0), quantity.xreplace(point))
    most = (high - cost).xreplace(point)
    assert found[ql] == least
    assert found[qh] == most
    assert found[tl] == point[low] * least - least**2 / 2
    assert found[th] == point[high] * most - most**2 / 2 - (point[high] - point[low]) * least


@pytest.mark.parametrize("point", POINTS)
def test_a_menu_with_curved_utility_and_cost(point: dict[Expr, Expr]) -> None:
    found = at(CURVED_COST, point)
    least = max(Rational(0), ((low - share * (high - low) / (1 - share)) / (1 + cost)).xreplace(point))
    assert found[ql] == least
    assert found[qh] == (high / (1 + cost)).xreplace(point)
    assert found[tl] == point[low] * least - least**2 / 2


BUYERS = solved(
    menu(curved(low, ql, tl), curved(high, qh, th), share * (th - cost * qh) + (1 - share) * (tl - cost * ql), low > cost)
)
CURVED_COST = solved(
    menu(
        curved(low, ql, tl),
        curved(high, qh, th),
        share * (th - cost * qh**2 / 2) + (1 - share) * (tl - cost * ql**2 / 2),
    )
)


def test_a_consumer_spends_constant_shares() -> None:
    """Cobb-Douglas demand (Mas-Colell, Whinston and Green 1995, example 3.D.1), in logarithms."""
    x, y, weight, p, r, income, utility = symbols("x y weight p r income utility")
    budget = Feasibility("budget", p * x + r * y <= income)
    solution = solved(
        model(
            "consumer",
            (weight, p, r, income),
            (weight > 0, weight < 1, p > 0, r > 0, income > 0),
            {x: (x > 0,), y: (y > 0,)},
            (Player("C", weight * log(x) + (1 - weight) * log(y), utility, "a consumer"),),
            protocol("N", (decide("C", x, y, subject_to=(budget,)),)),
        )
    )
    (regime,) = solution.regimes
    values = dict(regime.values)
    assert (values[x] - weight * income / p).expand() == 0
    assert (values[y] - (1 - weight) * income / r).expand() == 0
    assert regime.active == ("budget",)


def test_a_firm_with_two_inputs_and_decreasing_returns() -> None:
    """The input demands of a Cobb-Douglas technology with exponents of one third (Mas-Colell, Whinston and Green 1995, ch. 5.C)."""
    capital, labour, price, rent, wage, gain = symbols("capital labour price rent wage gain")
    third = Rational(1, 3)
    solution = solved(
        model(
            "firm",
            (price, rent, wage),
            (price > 0, rent > 0, wage > 0),
            {capital: (capital > 0,), labour: (labour > 0,)},
            (Player("F", price * capital**third * labour**third - rent * capital - wage * labour, gain, "a firm"),),
            protocol("N", (decide("F", capital, labour),)),
        )
    )
    (regime,) = solution.regimes
    values = dict(regime.values)
    assert (values[capital] - price**3 / (27 * rent**2 * wage)).cancel() == 0
    assert (values[labour] - price**3 / (27 * rent * wage**2)).cancel() == 0


def test_a_firm_with_any_decreasing_returns() -> None:
    """Inputs are used up to where their marginal products are their prices; here for exponents that are parameters."""
    capital, labour, price, rent, wage, first, second, gain = symbols("capital labour price rent wage first second gain")
    product = price * capital**first * labour**second
    solution = solved(
        model(
            "firm",
            (price, rent, wage, first, second),
            (price > 0, rent > 0, wage > 0, first > 0, second > 0, first + second < 1),
            {capital: (capital > 0,), labour: (labour > 0,)},
            (Player("F", product - rent * capital - wage * labour, gain, "a firm"),),
            protocol("N", (decide("F", capital, labour),)),
        )
    )
    (regime,) = solution.regimes
    point = {price: Rational(7), rent: Rational(2), wage: Rational(3), first: Rational(1, 3), second: Rational(1, 5)}
    values = {symbol: value.xreplace(point).evalf(30) for symbol, value in regime.values if symbol in (capital, labour)}
    for choice, cost_of_it in ((capital, rent), (labour, wage)):
        gap = (product.diff(choice) - cost_of_it).xreplace(point).xreplace(values)
        assert abs(gap.evalf(30)) < Rational(1, 10**20)
