"""Payoffs with cases over several choices of one decision: every case is a piece, and the pieces are compared."""

from __future__ import annotations

import pytest
from sympy import Expr, Min, Symbol, sqrt

from derive.check.solution import check_solution
from derive.induction import derive_protocol
from derive.ir import Model, Player, symbols
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
