"""Payoffs of one choice with more than one local maximum, or with a marginal payoff that rises before it falls."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from sympy import Expr, Integer, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime
from tests.engine.statements import decide, model, protocol

a, b, h, mu, x, Pi = symbols("a b h mu x Pi")
POINTS = ({a: 3, b: 1, h: 1, mu: 2}, {a: 1, b: 3, h: 1, mu: 4}, {a: 5, b: 2, h: 2, mu: 1}, {a: 7, b: 6, h: 3, mu: 5})


def regimes(payoff: Expr, bounds: tuple[Boolean, ...], given: tuple[Boolean, ...]) -> tuple[Regime, ...]:
    used = tuple(sorted((payoff.free_symbols | {s for r in (*bounds, *given) for s in r.free_symbols}) - {x}, key=str))
    statement = model("one", used, given, {x: bounds}, (Player("F", payoff, Pi),), protocol("P", (decide("F", x),)))
    solution = derive_protocol(statement, statement.protocol("P"))
    assert check_solution(statement, solution, 6).accepted
    assert not solution.gaps
    return solution.regimes


CASES = {
    "cubic": (x**3 / 3 - a * x**2 / 2 + a**2 * x / 8, (x >= 0, x <= b), (a > 0, b > 0), b),
    "convex": (b * x**2 - a * sqrt(x), (x >= 0, x <= 1), (a > 0, b > 0), Integer(1)),
    "queue": (x * (a - b * x) - h * x / (mu - x), (x >= 0, x < mu), (a > 0, b > 0, h > 0, mu > 0, a * mu > h), mu),
}


@pytest.mark.parametrize("name", CASES)
def test_against_a_grid(name: str) -> None:
    payoff, bounds, given, top = CASES[name]
    found = regimes(payoff, bounds, given)
    tried = 0
    for point in POINTS:
        if not all(bool(relation.subs(point)) for relation in given):
            continue
        (own,) = (r for r in found if all(bool(relation.subs(point)) for relation in r.region))
        values = own.resolved()
        best = values.get(x)
        if best is None:
            (root,) = own.implicit
            best = sympy.nsolve(root.equation.subs(point), x, (0, float(top.subs(point)) * 0.999), solver="bisect")
        grid = np.linspace(0, float(top.subs(point)) * 0.9999, 4001)
        earned = sympy.lambdify(x, payoff.subs(point))
        value = float(sympy.N(sympy.sympify(best).subs(point)))
        assert earned(value) >= max(earned(grid)) - 1e-9
        tried += 1
    assert tried >= 3
