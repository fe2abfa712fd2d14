"""The consignment statement is the paper's game: its random objectives, played by brute force, give the digits of Table 5."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy
from scipy.optimize import minimize

from derive.ir import Model, PrintedFormula, PrintedNumber, PrintedRelation
from derive.law.lower import substitute_definitions
from derive.statement.validate import validate
from models.consignment.model import model

GAMMAS = (0.0, 1.4, 2.8)
PRICES = (0.2, 90.0)


def test_the_statement_is_well_posed() -> None:
    validate(model)


def test_every_claim_and_every_printed_cell_is_there() -> None:
    assert [claim.key for claim in model.claims] == [f"003-{number}" for number in range(1, 33)]
    assert all(claim.needs for claim in model.claims if claim.asserts is None)
    cells = [printed for printed in model.printed if isinstance(printed, PrintedNumber)]
    assert len(cells) == 74
    assert {cell.protocol for cell in cells} == {"C", "TDC", "PDC"}
    assert sum(isinstance(printed, PrintedFormula) for printed in model.printed) == 12
    assert sum(isinstance(printed, PrintedRelation) for printed in model.printed) == 2


def table() -> dict[tuple[float, str], float]:
    path = Path(__file__).parents[2] / "models" / "consignment" / "table5.csv"
    with path.open(encoding="utf-8") as file:
        return {(float(row["gamma"]), row["quantity"]): float(row["printed"]) for row in csv.DictReader(file)}


PRINTED = table()


@cache
def expected(player: str, gamma: float) -> Callable[..., float]:
    """Expected payoff by quadrature of the stated random objective, at the parameters of Table 5, the shock on [0, 2]."""
    named = {symbol.name: symbol for symbol in model_symbols(model)}
    objective = substitute_definitions(model.player(player).objective, model.definitions)
    point = {"a": 10, "b": 4, "gamma": sympy.Rational(str(gamma)), "c": sympy.Rational(13, 8), "alpha": sympy.Rational(6, 13)}
    fixed = objective.xreplace({named[name]: sympy.sympify(value) for name, value in point.items()})
    order = [named[name] for name in ("r", "p_1", "p_2", "z_1", "z_2", "epsilon")]
    ex_post = sympy.lambdify(order, fixed, "numpy")
    shocks = (np.arange(4000) + 0.5) / 2000
    return lambda *choices: float(np.mean(ex_post(*choices, shocks)))


def model_symbols(statement: Model) -> set[sympy.Symbol]:
    return {item.symbol for item in (*statement.parameters, *statement.variables, *statement.shocks)}


def best(payoff: Callable[[float, float], float]) -> tuple[float, float]:
    """The price and stocking factor that maximise a payoff: global over a grid of starts, then refined."""
    starts = [(price, stock) for price in (0.8, 2.0, 6.0, 30.0) for stock in (0.4, 0.9, 1.5)]
    start = max(starts, key=lambda pair: payoff(*pair))
    found = minimize(
        lambda v: -payoff(np.exp(v[0]), v[1]) if 0 < v[1] < 2 else 1e3,
        (np.log(start[0]), start[1]),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 400},
    )
    return float(np.exp(found.x[0])), float(found.x[1])


def total(players: tuple[str, ...], gamma: float, r: float) -> Callable[[float, float], float]:
    return lambda price, stock: sum(expected(player, gamma)(r, price, price, stock, stock) for player in players)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_centralised(gamma: float) -> None:
    chain = total(("R", "S1", "S2"), gamma, 0.3)
    price, stock = best(chain)
    assert price == pytest.approx(PRINTED[gamma, "p_C"], rel=2e-4)
    assert chain(price, stock) == pytest.approx(PRINTED[gamma, "Pi_C"], rel=2e-4)
    assert 20 * price ** (gamma - 4) * stock == pytest.approx(PRINTED[gamma, "q_C"], rel=2e-3)


def joint_reply(gamma: float, r: float) -> tuple[float, float]:
    return best(total(("S1", "S2"), gamma, r))


def competing_reply(gamma: float, r: float) -> tuple[float, float]:
    price, stock = 2.0, 0.8
    for _ in range(2):
        price, stock = best(lambda p, z: expected("S1", gamma)(r, p, price, z, stock))  # noqa: B023 (used at once)
    return price, stock


@pytest.mark.parametrize(("key", "reply"), [("PDC", joint_reply), ("TDC", competing_reply)])
def test_decentralised(key: str, reply: Callable[[float, float], tuple[float, float]]) -> None:
    gamma = 1.4

    def retailer(r: float) -> float:
        price, stock = reply(gamma, r)
        return expected("R", gamma)(r, price, price, stock, stock)

    share = PRINTED[gamma, f"r_{key}"]
    price, stock = reply(gamma, share)
    assert price == pytest.approx(PRINTED[gamma, f"p_{key}"], rel=5e-4)
    assert retailer(share) == pytest.approx(PRINTED[gamma, f"PiR_{key}"], rel=2e-4)
    suppliers = total(("S1", "S2"), gamma, share)(price, stock)
    assert suppliers == pytest.approx(PRINTED[gamma, f"PiS_{key}"], rel=1e-3)
    assert all(retailer(other) < retailer(share) for other in (0.05, 0.3, share - 0.03, share + 0.03, 0.7, 0.9))
