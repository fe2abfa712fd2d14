"""A payoff that is quadratic in a choice, with a curvature whose sign depends on the parameters, where it turns once if at all."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from sympy import Rational, Symbol

from derive.algebra.shape import simplest
from derive.ir import Model, Player, symbols
from tests.engine.statements import decide, model, protocol
from tests.engine.test_one_variable import solved

a, c, g, k, x, q_1, q_2, Pi_1, Pi_2 = symbols("a c g k x q_1 q_2 Pi_1 Pi_2")
FIRM = (a > c, c > g, g > 0, k > 0)


def monopoly() -> Model:
    """Effort that lowers unit cost, then output; nothing is assumed of how dear effort is."""
    firm = Player("firm", (a - q_1 - c + g * x) * q_1 - k * x**2 / 2, Pi_1)
    choices = {x: (x >= 0, x <= 1), q_1: (q_1 >= 0,)}
    return model("effort", (a, c, g, k), FIRM, choices, (firm,), protocol("P", (decide("firm", x),), (decide("firm", q_1),)))


def duopoly() -> Model:
    """The same before competing with a firm that may be driven out."""
    price = a - q_1 - q_2
    firms = (Player("A", (price - c + g * x) * q_1 - k * x**2 / 2, Pi_1), Player("B", (price - c) * q_2, Pi_2))
    choices = {x: (x >= 0, x <= 1), q_1: (q_1 >= 0,), q_2: (q_2 >= 0,)}
    played = protocol("P", (decide("A", x),), (decide("A", q_1), decide("B", q_2)))
    return model("race", (a, c, g, k), FIRM, choices, firms, played)


def test_effort_without_an_assumption_on_its_cost() -> None:
    inner, corner = solved(monopoly())
    assert dict(inner.values)[x] == g * (a - c) / (2 * k - g**2)
    assert dict(corner.values)[x] == 1
    assert [str(r) for r in inner.region] == ["c*g + 2*k > a*g + g**2"]


def _earned(at: dict[Symbol, Fraction], effort: Fraction, alone: bool) -> Fraction:
    margin, lower = at[a] - at[c], at[g] * effort
    quantity = (margin + lower) / 2 if alone or lower > margin else (margin + 2 * lower) / 3
    return quantity**2 - at[k] * effort**2 / 2


@pytest.mark.parametrize("rival", [False, True], ids=["monopoly", "duopoly"])
def test_against_every_effort_on_a_grid(rival: bool) -> None:
    regimes = solved(duopoly() if rival else monopoly())
    draw, met = random.Random(7), set()
    for _ in range(150):
        low, cost = Fraction(draw.randint(1, 20), 10), Fraction(draw.randint(1, 40), 10)
        at = {g: low, c: low + 1, a: low + 1 + Fraction(draw.randint(1, 30), 10), k: cost}
        point = {symbol: Rational(value.numerator, value.denominator) for symbol, value in at.items()}
        here = [regime for regime in regimes if all(relation.xreplace(point) == True for relation in regime.region)]  # noqa: E712
        assert len(here) == 1
        met.add(regimes.index(here[0]))
        told = dict(here[0].values)[Pi_1].xreplace(point)
        leaves = min(Fraction(1), (at[a] - at[c]) / at[g])
        best = max(_earned(at, effort, not rival) for effort in (leaves, *(Fraction(step, 400) for step in range(401))))
        curvature = at[k] + 2 * at[g] ** 2
        assert 0 <= told - Rational(best.numerator, best.denominator) <= float(curvature) / 2 / 800**2
    assert met == set(range(len(regimes)))


def test_a_product_loses_the_factors_whose_signs_the_other_conditions_give() -> None:
    region = ((k - a) * (k - c * g) > 0, k > a)
    assert [str(r) for r in simplest(region, (a > 0, c > 0, g > 0))] == ["k > c*g", "k > a"]
    assert simplest((region[0],), (a > 0,))[0].lhs != k
