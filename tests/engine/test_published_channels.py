"""Channels of the literature: price and service at once, fairness, entry of retailers."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Expr, Integer, Max, Rational, Symbol, sqrt

from derive.check.solution import check_solution
from derive.decision.seams import solved as solved_for
from derive.field import normal
from derive.ir import Aggregate, Decision, Model, Parameter, Participation, Player, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine.statements import decide, model, protocol

a, c, g, k, K, al, n, p, p1, p2, q, Q, s1, s2, w, x = symbols("a c g k K al n p p1 p2 q Q s1 s2 w x")
U, V, W, N = symbols("U V W N")


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    assert not check_solution(statement, solution, 1).failures
    return solution


def test_retailers_choose_price_and_service_at_once() -> None:
    """Tsay and Agrawal 2000 with captive prices: the margin m of either has m = a - w - m + s and k s = (1 + g) m."""
    first, second = (a - own + s + g * (s - t) for own, s, t in ((p1, s1, s2), (p2, s2, s1)))
    statement = model(
        "service", (a, w, g, k), (a > w, w >= 0, g >= 0, 2 * k > (1 + g) * (1 + 2 * g)), {one: (one >= 0,) for one in (p1, p2, s1, s2)},
        (Player("R1", (p1 - w) * first - k * s1**2 / 2, U), Player("R2", (p2 - w) * second - k * s2**2 / 2, V)),
        protocol("P", (decide("R1", p1, s1), decide("R2", p2, s2))),
    )  # fmt: skip
    (regime,) = derive_protocol(statement, statement.protocols[0]).regimes
    values, margin = regime.resolved(), k * (a - w) / (2 * k - 1 - g)
    assert regime.region == ()
    expected = {p1: w + margin, p2: w + margin, s1: (1 + g) * margin / k, s2: (1 + g) * margin / k}
    assert all(normal(values[symbol] - value) == 0 for symbol, value in expected.items())


def test_a_retailer_who_minds_earning_less() -> None:
    """Cui, Raju and Zhang 2007, disadvantageous inequity only: what the manufacturer earns, searched on a grid."""
    sold = a - p
    envy = Max((w - c) * sold - (p - w) * sold, 0)
    statement = model(
        "fair", (a, c, al), (a > c, c > 0, al > 0), {w: (w >= c,), p: (p >= 0, p <= a)},
        (Player("M", (w - c) * sold, U), Player("R", (p - w) * sold - al * envy, V)), protocol("P", (decide("M", w),), (decide("R", p),)),
    )  # fmt: skip
    regimes = derive_protocol(statement, statement.protocols[0]).regimes
    for aversion in (Rational(1, 20), Rational(1, 7), Rational(1, 2)):
        point = {a: Integer(3), c: Integer(1), al: aversion}
        (found,) = (regime.resolved()[U].xreplace(point) for regime in regimes if _holds(regime.region, point))
        assert float(found) == pytest.approx(_searched(float(aversion)), rel=0.02)


def _searched(aversion: float) -> float:
    best = 0.0
    for i in range(121):
        price = 1 + 2 * i / 120
        prices = [1 + 2 * j / 240 for j in range(241)]
        pays = [(r - price) * (3 - r) - aversion * max((2 * price - 1 - r) * (3 - r), 0) for r in prices]
        best = max(best, (price - 1) * (3 - prices[pays.index(max(pays))]))
    return best


def _holds(region: tuple, point: dict[Symbol, Expr]) -> bool:
    return all(relation.xreplace(point) == True for relation in region)  # noqa: E712


def test_a_manufacturer_before_retailers_enter() -> None:
    """Free entry after the wholesale price: each retailer sells sqrt(K), so that M faces the demand a - w - sqrt(K)."""
    statement = Model(
        key="entry", title="Entry of retailers", source="test", parameters=tuple(Parameter(one, str(one)) for one in (a, c, K)),
        assumptions=(a > c, c >= 0, K > 0, (a - c) ** 2 > 16 * K),
        variables=(Variable(w, "wholesale price", (w >= 0, w <= a)), Variable(n, "number", (n >= 1,)), Variable(q, "quantity", (q >= 0,))),
        aggregates=(Aggregate(Q, q, "R", "total"),),
        players=(Player("M", (w - c) * Q, U), Player("R", (a - Q - w) * q - K, V, count=n), Player("E", n, N)),
        protocols=(protocol("P", (decide("M", w),), (Decision(("E",), (n,), (Participation("R", Integer(0)),)),), (decide("R", q),)),),
    )  # fmt: skip
    (regime,) = solved(statement).regimes
    assert normal(regime.resolved()[w] - (a + c - sqrt(K)) / 2) == 0


def test_bounds_by_roots_of_which_neither_is_known_to_be_the_larger() -> None:
    """One of the ways holds just where the relation does, whichever root is the larger one."""
    for relation in ((x - a) * (c - x) >= 0, (x - a) * (x - c) >= 0, (x - a) * (x - c) > 0):
        ways = solved_for(relation, x, ())
        for own, first, second in product(range(5), (1, 3), (1, 3)):
            point = {x: Integer(own), a: Integer(first), c: Integer(second)}
            assert any(_holds(way, point) for way in ways) == bool(relation.xreplace(point))
