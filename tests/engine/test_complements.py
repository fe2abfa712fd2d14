"""Suppliers of complements before a buyer that may buy nothing: the equilibrium with trade, and all those without."""

from __future__ import annotations

import pytest
from sympy import Integer, Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.field import normal
from derive.ir import Model, Player, Shock, Uniform, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, b, B, c_1, c_2, p, q, w_1, w_2, D, Pi_1, Pi_2, Pi_A = symbols("a b B c_1 c_2 p q w_1 w_2 D Pi_1 Pi_2 Pi_A")
SUPPLIERS = (Player("1", (w_1 - c_1) * q, Pi_1), Player("2", (w_2 - c_2) * q, Pi_2))
PRICES: dict[Symbol, tuple[Boolean, ...]] = {w_1: (w_1 >= c_1,), w_2: (w_2 >= c_2,)}
STAGES = ((decide("1", w_1), decide("2", w_2)), (decide("A", q),))


def two_inputs() -> Model:
    """Cournot (1838): copper and zinc for brass, here bought by a firm that sells on a linear demand."""
    return model(
        "brass", (a, b, c_1, c_2), (b > 0, c_1 >= 0, c_2 >= 0, a > c_1 + c_2), {**PRICES, q: (q >= 0,)},
        (*SUPPLIERS, Player("A", (a - b * q - w_1 - w_2) * q, Pi_A)), protocol("P", *STAGES),
    )  # fmt: skip


def assembly() -> Model:
    """Gerchak and Wang (2004): an assembler with uniform demand buys its parts from suppliers who set their prices at once."""
    return model(
        "assembly", (p, B, c_1, c_2), (B > 0, c_1 > 0, c_2 > 0, p > c_1 + c_2), {**PRICES, q: (q >= 0, q <= B)},
        (*SUPPLIERS, Player("A", p * Min(q, D) - (w_1 + w_2) * q, Pi_A)), protocol("P", *STAGES),
        shocks=(Shock(D, Uniform(Integer(0), B), "demand"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "worth", "quantity"),
    [(two_inputs(), a, (a - c_1 - c_2) / (6 * b)), (assembly(), p, B * (p - c_1 - c_2) / (3 * p))],
    ids=["brass", "assembly"],
)
def test_trade_and_the_prices_that_exclude_it(statement: Model, worth: Symbol, quantity: Symbol) -> None:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    trade, none = solution.regimes
    assert not trade.unique
    assert normal(dict(trade.values)[w_1] - (worth + 2 * c_1 - c_2) / 3) == 0
    assert normal(dict(trade.values)[q] - quantity) == 0
    assert set(none.free) == {w_1, w_2}
    assert set(none.among) == {c_2 + w_1 >= worth, c_1 + w_2 >= worth}
    assert dict(none.values)[q] == 0
