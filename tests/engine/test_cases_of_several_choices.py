"""Payoffs with cases over several choices of one decision: every case is a piece, and the pieces are compared."""

from __future__ import annotations

import pytest
from sympy import Expr, Min, Rational, Symbol, sqrt

from derive.check.solution import check_solution
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from tests.engine import statements
from tests.engine.statements import decide, protocol

a, b, c, d, K, r = symbols("a b c d K r")
p, q, x, y, t, U, V = symbols("p q x y t U V")


def cases(statement: Model) -> dict[tuple[str, ...], dict[Symbol, Expr]]:
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.gaps
    assert not check_solution(statement, solution, 4).failures
    return {tuple(map(str, regime.region)): regime.resolved() for regime in solution.regimes}


def test_inputs_in_fixed_proportions() -> None:
    found = cases(
        statements.model(
            "proportions",
            (p, r, c),
            (p > 0, r > 0, c > 0),
            {x: (x >= 0, x <= 1), y: (y >= 0, y <= 1)},
            (Player("F", p * Min(x, y) - r * x - c * y, U),),
            protocol("plan", (decide("F", x, y),)),
        )
    )
    assert {(values[x], values[y]) for values in found.values()} == {(0, 0), (1, 1)}
    assert sum(len(region) for region in found) <= 3


@pytest.mark.parametrize("bound", [(), (q <= K,)], ids=["any quantity", "a capacity"])
def test_price_and_stock_chosen_together(bound: tuple[object, ...]) -> None:
    found = cases(
        statements.model(
            "stock",
            (a, b, c, K),
            (a > 0, b > 0, c > 0, a > b * c, K > 0),
            {p: (p >= 0,), q: (q >= 0, *bound)},
            (Player("F", p * Min(q, a - b * p) - c * q, U),),
            protocol("plan", (decide("F", p, q),)),
        )
    )
    interior = [values for values in found.values() if (values[p] - (a / b + c) / 2).expand() == 0]
    assert all((values[q] - (a - b * c) / 2).expand() == 0 for values in interior)
    held = [values for values in found.values() if values not in interior]
    assert [(values[p] - (a - K) / b).expand() for values in held] == ([0] if bound else [])


def test_cooperative_advertising_after_xie_and_wei() -> None:
    """The rate is (2 rho_m - rho_r)/(2 rho_m + rho_r) where that is positive."""
    u, v, m, n = symbols("rho_m rho_r k_m k_r")
    demand = n * sqrt(y) + m * sqrt(x)
    found = cases(
        statements.model(
            "advertising",
            (u, v, m, n),
            (u > 0, v > 0, m > 0, n > 0),
            {t: (t >= 0, t < 1), x: (x >= 0,), y: (y >= 0,)},
            (Player("M", u * demand - x - t * y, U), Player("R", v * demand - (1 - t) * y, V)),
            protocol("lead", (decide("M", t, x),), (decide("R", y),)),
        )
    )
    shared = found[("2*rho_m > rho_r",)]
    assert (shared[t] - (2 * u - v) / (2 * u + v)).together().expand() == 0
    assert (shared[y] - (n * (2 * u + v) / 4) ** 2).expand() == 0
    assert found[("rho_r >= 2*rho_m",)][t] == 0


def test_a_capacity_and_a_price_before_an_order() -> None:
    """The maker of a chain chooses what it can deliver together with the wholesale price; the cost of capacity adds to the unit cost."""
    w, k = symbols("w k")
    (values,) = cases(
        statements.model(
            "delivery",
            (a, c, k),
            (a > c + k, c >= 0, k > 0),
            {w: (w >= 0,), K: (K >= 0,), q: (q >= 0,)},
            (Player("M", (w - c) * Min(q, K) - k * K, U), Player("R", (a - q - w) * q, V)),
            protocol("chain", (decide("M", w, K),), (decide("R", q),)),
        )
    ).values()
    assert (values[w] - (a + c + k) / 2).expand() == 0
    assert (values[K] - (a - c - k) / 4).expand() == 0


def test_a_retailer_who_orders_and_prices_in_a_chain() -> None:
    """The follower's two choices meet where it sells exactly what it ordered; the chain is Spengler's."""
    w = symbols("w")[0]
    (values,) = cases(
        statements.model(
            "order and price",
            (a, b, c),
            (a > 0, b > 0, c > 0, a > b * c),
            {w: (w > 0,), p: (p >= 0,), q: (q >= 0,)},
            (Player("M", (w - c) * q, U), Player("R", p * Min(q, a - b * p) - w * q, V)),
            protocol("chain", (decide("M", w),), (decide("R", p, q),)),
        )
    ).values()
    assert (values[w] - (a / b + c) / 2).expand() == 0
    assert (values[q] - (a - b * c) / 4).expand() == 0


def test_a_root_of_a_square_in_a_payoff_keeps_its_sign() -> None:
    """Advertising before prices in a chain: the profits are checked to be what they are said to be, with 8 b > g**2 from 4 b > g**2."""
    w, x, g = symbols("w A g")
    sales = a - b * p + g * sqrt(x)
    (values,) = cases(
        statements.model(
            "advertising",
            (a, b, c, g),
            (a > 0, b > 0, c >= 0, a > b * c, g > 0, 4 * b > g**2),
            {w: (w >= 0,), x: (x >= 0,), p: (p >= 0,)},
            (Player("M", (w - c) * sales - x, U), Player("R", (p - w) * sales, V)),
            protocol("chain", (decide("M", w, x),), (decide("R", p),)),
        )
    ).values()
    assert (values[U] - (a - b * c) ** 2 / (8 * b - g**2)).together().expand() == 0


def test_a_capacity_beside_a_rival_without_one() -> None:
    g = symbols("g")[0]
    x1, x2 = symbols("p_1 p_2")
    found = cases(
        statements.model(
            "capacity",
            (a, g, K),
            (a > 0, g > 0, g < 1, K > 0),
            {x1: (x1 >= 0,), x2: (x2 >= 0,)},
            (Player("A", x1 * Min(K, a - x1 + g * x2), U), Player("B", x2 * (a - x2 + g * x1), V)),
            protocol("prices", (decide("A", x1), decide("B", x2))),
        )
    )
    point = {a: Rational(1), g: Rational(1, 2), K: Rational(1, 10)}
    assert {(values[x1].subs(point), values[x2].subs(point)) for values in found.values()} == {
        (Rational(46, 35), Rational(29, 35)),
        (Rational(2, 3), Rational(2, 3)),
    }
