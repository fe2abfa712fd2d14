"""Successive monopoly with exponential demand ``a exp(-b p)``: each adds the constant mark-up ``1/b`` (Amir, Maret and Troege 2004)."""

from __future__ import annotations

import pytest
import sympy
from sympy import Expr

from derive.check.solution import check_solution
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, b, c, w, p, Pi_M, Pi_R = symbols("a b c w p Pi_M Pi_R")


def statement(least_price: Expr = c) -> Model:
    q = a * sympy.exp(-b * p)
    players = (Player("M", (w - c) * q, Pi_M), Player("R", (p - w) * q, Pi_R))
    chain = protocol("chain", (decide("M", w),), (decide("R", p),))
    return model("exponential", (a, b, c), (a > 0, b > 0, c >= 0), {w: (w >= 0,), p: (p >= least_price,)}, players, chain)


@pytest.mark.parametrize("least_price", [c, sympy.Integer(0)])
def test_each_tier_adds_the_same_mark_up(least_price: Expr) -> None:
    """With prices from zero on, the leader's payoff carries the number e as a factor."""
    exponential = statement(least_price)
    solution = derive_protocol(exponential, exponential.protocols[0])
    (regime,) = solution.regimes
    values = regime.resolved()
    assert sympy.cancel(values[w] - c - 1 / b) == 0
    assert sympy.cancel(values[p] - c - 2 / b) == 0
    assert check_solution(exponential, solution, 12).accepted
