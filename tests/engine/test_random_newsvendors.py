"""Random newsvendors and chains against quadrature and search, at exact points of which many lie where parameters coincide."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
import sympy
from sympy import Rational, Symbol

from derive.check.play import equilibrium, laws_in_play, regimes_at
from derive.check.solution import check_solution
from derive.ir import Model
from derive.play.induction import derive_protocol
from tests.engine.random_newsvendors import Pi, Stock, V, c, drawn, p, q, w

SEEDS = (0, 1, 2, 3, 5, 8, 12, 20)
CLOSE = 1e-7
LEVELS = tuple(Rational(n, 4) for n in (0, 1, 2, 2, 3, 4, 4, 5, 6, 8, 8, 9, 12))


def points(statement: Model, source: random.Random, count: int) -> Iterator[dict[Symbol, Rational]]:
    """Admissible points of a few levels, so that parameters often coincide."""
    names = [parameter.symbol for parameter in statement.parameters]
    while count:
        at = {name: source.choice(LEVELS) for name in names}
        if all(relation.xreplace(at) == sympy.true for relation in statement.assumptions):
            count -= 1
            yield at


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_derived_of_a_random_newsvendor_is_what_a_search_finds(seed: int) -> None:
    stock = drawn(seed)
    statement = stock.statement()
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    assert not solution.gaps
    (play,) = laws_in_play(statement, "")
    for at in points(statement, random.Random(seed), 4):
        regimes = regimes_at(solution, at, play)
        assert regimes
        for values in (equilibrium(regime, at, play) for regime in regimes):
            check(stock, {symbol: float(value) for symbol, value in at.items()}, {s: float(v) for s, v in values.items()})


def check(stock: Stock, at: dict[Symbol, float], found: dict[Symbol, float]) -> None:
    price = found[w] if stock.chain else at[c]
    best = stock.profit(at, stock.order(at, price), price)
    assert 0 <= found[q] <= stock.reach(at) + CLOSE
    assert found[Pi] == pytest.approx(stock.profit(at, found[q], price), rel=CLOSE, abs=CLOSE)
    assert best <= found[Pi] + CLOSE * (1 + abs(best))
    if stock.chain:
        assert at[c] <= price <= at[p] + CLOSE
        assert found[V] == pytest.approx((price - at[c]) * found[q], rel=CLOSE, abs=CLOSE)
        for other in np.linspace(at[c], at[p], 31):
            assert (other - at[c]) * stock.order(at, other) <= found[V] + 1e-4 * (1 + found[V])
