"""Newsvendors who choose a price and an order, demand being linear in the price plus a shock, against nested searches."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
from sympy import Expr, Integer, Max, Min, Rational, oo
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.inverse import RiseThenFall
from derive.ir import Distribution, Exponential, GeneralDistribution, Model, Player, PowerDistribution, Shock, Uniform, symbols
from derive.play.induction import derive_protocol
from derive.shocks import Cdf, Overage
from derive.solution import Solution
from tests.engine.statements import decide, model, protocol

a, b, c, v, h, A, B, mu, p, q, X, Pi = symbols("a b c v h A B mu p q X Pi")
DEMAND = a - b * p + X
PLAIN = p * Min(q, DEMAND) - c * q


def shop(law: Distribution, given: tuple[Boolean, ...], earned: Expr = PLAIN) -> Model:
    parameters = tuple(sorted({s for r in given for s in r.free_symbols}, key=str))
    return model(
        "shop", parameters, given, {p: (p >= c,), q: (q >= 0,)}, (Player("N", earned, Pi),), protocol("P", (decide("N", p, q),)),
        shocks=(Shock(X, law, "demand"),),
    )  # fmt: skip


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocol("P"))
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    return solution


def peak(function: Callable[[mpmath.mpf], mpmath.mpf], low: mpmath.mpf, high: mpmath.mpf) -> mpmath.mpf:
    """Where a function with one peak has it."""
    for _ in range(100):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (left, high) if function(left) < function(right) else (low, right)
    return (low + high) / 2


def best(payoff: Callable[[mpmath.mpf, mpmath.mpf], mpmath.mpf]) -> tuple[float, float]:
    """The best price and stocking factor: for each factor the best price, on a grid of factors and then around the best of them."""

    def price(z: mpmath.mpf) -> mpmath.mpf:
        return peak(lambda one: payoff(one, z), mpmath.mpf(0), mpmath.mpf(60))

    start = max((mpmath.mpf(k) * 3 / 5 for k in range(11)), key=lambda z: payoff(price(z), z))
    z = peak(lambda one: payoff(price(one), one), max(start - mpmath.mpf("0.6"), 0), start + mpmath.mpf("0.6"))
    return float(price(z)), float(z)


POINT = {a: Integer(20), b: Integer(2), c: Integer(3), v: Integer(1), h: Integer(2), B: Integer(6), mu: Integer(2)}
LAWS: dict[str, tuple[Distribution, Boolean, Callable[[mpmath.mpf], mpmath.mpf]]] = {
    "uniform": (Uniform(Integer(0), B), B > 0, lambda z: z - z**2 / 12 if z < 6 else mpmath.mpf(3)),
    "exponential": (Exponential(mu), mu > 0, lambda z: 2 * (1 - mpmath.exp(-z / 2))),
}


@pytest.mark.parametrize("salvage", [False, True])
@pytest.mark.parametrize("name", LAWS)
def test_price_and_order_agree_with_a_search(name: str, salvage: bool) -> None:
    law, condition, sales = LAWS[name]
    earned = PLAIN + v * Max(q - DEMAND, 0) - h * Max(DEMAND - q, 0) if salvage else PLAIN
    more = (v >= 0, c > v, h >= 0) if salvage else ()
    solution = solved(shop(law, (a > b * c, b > 0, c > 0, condition, *more), earned))
    (regime,) = solution.regimes
    (root,) = regime.implicit
    factor = mpmath.findroot(
        lambda z: root.equation.xreplace(POINT).evalf(30, subs={root.symbol: z}), (0.01, 5.9), solver="anderson"
    )
    price = float(dict(regime.values)[p].xreplace(POINT).subs(root.symbol, factor))
    order = float(dict(regime.values)[q].xreplace(POINT).subs(root.symbol, factor))
    mean = 3 if name == "uniform" else 2
    left, short = (1, 2) if salvage else (0, 0)

    def payoff(one: mpmath.mpf, z: mpmath.mpf) -> mpmath.mpf:
        sold = sales(z)
        return one * (20 - 2 * one + sold) - 3 * (20 - 2 * one + z) + left * (z - sold) - short * (mean - sold)

    best_price, best_factor = best(payoff)
    assert price == pytest.approx(best_price, rel=1e-6)
    assert order == pytest.approx(20 - 2 * best_price + best_factor, rel=1e-6)


def test_of_a_general_law_an_increasing_failure_rate_is_used() -> None:
    """Petruzzi and Dada (1999): (1 - F(z)) (a + b c + z - Lambda(z)) = 2 b c, with one root if a - b c + A > 0."""
    law = GeneralDistribution("F", -A, B, mu, ifr=True)
    solution = solved(shop(law, (b > 0, c > 0, A > 0, B > A, a - b * c > 2 * A, mu > -A, mu < B)))
    (regime,) = solution.regimes
    (root,) = regime.implicit
    z = root.symbol
    stated = (1 - Cdf("F", z)) * (a + b * c + z - Overage("F", z)) - 2 * b * c
    assert (root.equation - stated).expand() == 0
    assert (root.low, root.high) == (-A, B)
    assert any(isinstance(step, RiseThenFall) for part in solution.argument for step in part.proof)


@pytest.mark.parametrize(
    ("law", "condition"),
    [
        (GeneralDistribution("F", Integer(0), oo, mu, igfr=True), mu > 0),
        (PowerDistribution(B, Rational(1, 2)), B > 0),
    ],
)
def test_without_an_increasing_failure_rate_it_is_refused(law: Distribution, condition: Boolean) -> None:
    statement = shop(law, (a > b * c, b > 0, c > 0, condition))
    with pytest.raises(Refusal, match="changes sign only once"):
        derive_protocol(statement, statement.protocol("P"))
