"""A sign is said to differ only where there is a law for each sign: held against laws put together by hand, and against numbers."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from sympy import Expr, Integer, Symbol, oo

from derive.audit.explore import Sign, explore
from derive.audit.realised import Laws, realised
from derive.audit.scatter import places
from derive.ir import GeneralDistribution, Model, Parameter, Player, Protocol, Shock, symbols
from derive.shocks import Cdf, Overage
from derive.solution import Implicit, Regime, Solution

c, d, k, p, L, H, mu = symbols("c d k p L H mu")
q, y, gap, pay, D = symbols("q y gap pay D")
COSTS = (c > 0, p > c, d > c, p > d, k > 0)
ZERO = Integer(0)


def sign(value: Expr, law: GeneralDistribution, *roots: Implicit, given: tuple = COSTS) -> Sign:
    """The sign of the slope of `value` in ``k``, in a game with that law."""
    parameters = tuple(Parameter(symbol, "") for symbol in (c, d, k, p, L, H, mu))
    players = (Player("F", p * q, pay),)
    statement = Model("m", "", "", parameters, given, (), players, (Protocol("P", "", ()),), shocks=(Shock(D, law, ""),))
    solution = Solution("m", "P", "", given, (Regime("1", (), ((gap, value),), roots),), ())
    (table,) = explore(statement, (solution,)).tables
    return table.at(gap, k).sign


def quantile(symbol: Symbol, cost: Expr, low: Expr = ZERO, high: Expr = oo) -> Implicit:
    return Implicit(symbol, 1 - cost / p - Cdf("F", symbol), low, high, -1)


HALF_LINE = GeneralDistribution("F", ZERO, oo, mu, igfr=True)
RANGE = GeneralDistribution("F", L, H, mu, igfr=True)
ON_RANGE = (*COSTS, L >= 0, H > L, mu > L, mu < H)


@pytest.mark.parametrize(
    ("value", "law", "roots", "given", "expected"),
    [
        # Of two quantiles of one law the higher is the larger, so the sign is one, whatever the points say.
        (k * (q - y), HALF_LINE, (quantile(q, c), quantile(y, d)), COSTS, Sign.UNSETTLED),
        (k * (y - q), RANGE, (quantile(q, c, L, H), quantile(y, d, L, H)), ON_RANGE, Sign.UNSETTLED),
        # A median is at most twice the mean (Markov).
        (k * (q - 5 * mu), HALF_LINE, (quantile(q, p / 2),), (*COSTS, mu > 0), Sign.UNSETTLED),
        # Whatever the ratio, the quantile may be anywhere: see below.
        (k * (q - c), HALF_LINE, (quantile(q, c),), (*COSTS, mu > 0), Sign.DEPENDS),
        (k * (q - c), RANGE, (quantile(q, c, L, H),), ON_RANGE, Sign.DEPENDS),
        # What rests on parameters alone does so for every law.
        (k * (d - 2 * c) * q, HALF_LINE, (quantile(q, c),), COSTS, Sign.DEPENDS),
    ],
    ids=["order of quantiles", "on a range", "median and mean", "quantile and cost", "on a range and cost", "costs"],
)
def test_signs_differ_only_where_laws_do(
    value: Expr, law: GeneralDistribution, roots: tuple, given: tuple, expected: Sign
) -> None:
    assert sign(value, law, *roots, given=given) is expected


def test_the_quantile_of_some_law_is_on_either_side_of_the_cost() -> None:
    """``F(x) = (x/h)**e`` has the quantile ``h r**(1/e)``, for any ``h``; its generalised failure rate rises."""
    for ratio in (0.1, 0.5, 0.9):
        assert {math.copysign(1, h * ratio ** (1 / e) - 1) for h in (0.1, 10) for e in (0.5, 1, 3)} == {1, -1}


def test_cdf_and_overage_of_every_realised_point_are_those_of_a_law() -> None:
    """The exponent of the power law is ``q F/Lambda - 1``; its cdf and its overage, by quadrature, are those of the point."""
    given = (q > 0, Cdf("F", q) > 0, Cdf("F", q) < 1, Overage("F", q) > 0, Overage("F", q) < 3 * q)
    there = places(given)
    possible = realised(Laws((HALF_LINE,), frozenset({q}), ()), there, (q,), given)
    at = {str(symbol): there.columns.value(symbol)[0] for symbol in (q, Cdf("F", q), Overage("F", q))}
    assert possible.any()
    assert not possible.all()
    for row in random.Random(1).sample(list(map(int, np.flatnonzero(possible))), 12):
        z, below, over = (float(at[name][row]) for name in ("q", "F(q)", "Lambda(q)"))
        exponent = z * below / over - 1
        assert exponent > 0
        high = z * below ** (-1 / exponent)
        grid = np.linspace(0, z, 20001)
        cdf = (grid / high) ** exponent
        assert high > z
        assert abs(cdf[-1] - below) < 1e-9
        # a small exponent has a steep cdf at zero, where the trapezoids see less
        assert abs(np.trapezoid(cdf, grid) - over) < max(1e-3, 20001 ** (-min(exponent, 1))) * z
    beyond = {row for row in range(len(there)) if not at["Lambda(q)"][row] < at["q"][row] * at["F(q)"][row]}
    assert beyond
    assert not possible[list(beyond)].any()


@pytest.mark.parametrize(
    ("law", "given", "some"),
    [
        (HALF_LINE, (), True),
        (GeneralDistribution("F", ZERO, oo, mu, ifr=True), (2 * Overage("F", q) < q * Cdf("F", q),), True),
        (GeneralDistribution("F", ZERO, oo, mu, ifr=True), (2 * Overage("F", q) > q * Cdf("F", q),), False),
        (HALF_LINE, (mu > 1,), False),  # the mean may not be any number: nothing is said
        (HALF_LINE, (mu > 0,), True),
        (GeneralDistribution("F", ZERO, H, mu), (H < 7,), False),
        (GeneralDistribution("F", -oo, oo, mu), (), False),
        (GeneralDistribution("F", ZERO, oo, Integer(1)), (), False),
        (GeneralDistribution("G", ZERO, oo, mu), (), False),
    ],
    ids=str,
)
def test_where_no_law_is_put_together_nothing_is_said(law: GeneralDistribution, given: tuple, some: bool) -> None:
    facts = (q > 0, Cdf("F", q) > 0, Cdf("F", q) < 1, Overage("F", q) > 0, q * Cdf("F", q) > Overage("F", q), *given)
    assert realised(Laws((law,), frozenset({q}), given), places(facts), (q,), facts).any() == some


def test_points_outside_a_region_that_was_left_out_show_nothing() -> None:
    facts = (q > 0, Cdf("F", q) > 0, Cdf("F", q) < 1)
    assert not realised(Laws((HALF_LINE,), frozenset({q}), (q < 1,)), places(facts), (q,), facts).any()


def test_a_region_that_is_told_by_roots_of_one_name_is_not_left_out_of_a_comparison() -> None:
    """With ``q + q**3 = c`` below one, `c` is below two, so that ``c - 3`` is negative; the other protocol has another `q`."""
    root = Implicit(q, c - q - q**3, ZERO, oo, -1)
    mine = Solution("m", "one", "", (c > 0,), (Regime("1", (q < 1,), ((gap, c),), (root,)),), ())
    theirs = Solution("m", "two", "", (c > 0,), (Regime("1", (), ((gap, Integer(3)),), (quantile(q, p / 2),)),), ())
    players = (Player("F", p * q, pay),)
    protocols = (Protocol("one", "", ()), Protocol("two", "", ()))
    statement = Model("m", "", "", (Parameter(c, ""), Parameter(p, "")), (c > 0,), (), players, protocols)
    (order,) = explore(statement, (mine, theirs)).orders
    assert order.difference.sign in (Sign.UNSETTLED, Sign.NEGATIVE)
