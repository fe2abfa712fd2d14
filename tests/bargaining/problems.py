"""Bargaining problems with known solutions, and variations of them."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer, Rational, Symbol, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.bargaining import Bargainer, BargainingProblem
from derive.ir import Parameter, Variable, symbols

x, u_1, u_2, a, b, d, w, p, delta_1, delta_2, k, m = symbols("x u_1 u_2 a b d w p delta_1 delta_2 k m")


def problem(
    one: Expr,
    two: Expr,
    bounds: tuple[Boolean, ...],
    assumptions: tuple[Boolean, ...] = (),
    *,
    none: tuple[Expr, Expr] = (Integer(0), Integer(0)),
    weights: tuple[Expr, Expr] = (Rational(1, 2), Rational(1, 2)),
    patience: tuple[Expr | None, Expr | None] = (None, None),
    solutions: tuple[str, ...] = (),
) -> BargainingProblem:
    """A problem with payoffs `one` and `two` along x; every symbol but x is a parameter."""
    parts = (one, two, *none, *weights, *(value for value in patience if value is not None), *bounds, *assumptions)
    named: set[Symbol] = set().union(*(part.free_symbols for part in parts)) - {x}
    return BargainingProblem(
        key="bargain",
        title="A bargain",
        source="",
        along=Variable(x, "what player 1 receives", bounds),
        players=(
            Bargainer("1", one, u_1, disagreement=none[0], weight=weights[0], discount=patience[0]),
            Bargainer("2", two, u_2, disagreement=none[1], weight=weights[1], discount=patience[1]),
        ),
        parameters=tuple(Parameter(symbol, "a parameter") for symbol in sorted(named, key=str)),
        assumptions=assumptions,
        solutions=solutions,
    )


PIE = problem(x, a - x, (x >= 0, x <= a), (a > 0, w > 0, w < 1), weights=(w, 1 - w))
OUTSIDE = problem(x, a - x, (x >= 0, x <= a), (b >= 0, d >= 0, a > b + d, w > 0, w < 1), none=(b, d), weights=(w, 1 - w))
PARABOLA = problem(x, b * (1 - (x / a) ** 2), (x >= 0, x <= a), (a > 0, b > 0, w > 0, w < 1), weights=(w, 1 - w))
RUBINSTEIN = problem(
    x, a - x, (x >= 0, x <= a), (a > 0, delta_1 > 0, delta_1 < 1, delta_2 > 0, delta_2 < 1),
    patience=(delta_1, delta_2), solutions=("alternating_offers", "nash"),
)  # fmt: skip
CAPPED = problem(x, a - x, (x >= 0, x <= b), (a > 0, b > 0, b < a))
CUBIC = problem(x, 1 - x**3, (x >= 0, x <= 1), (w > 0, w < 1), weights=(w, 1 - w))
CURVED_OFFERS = problem(
    x, b - x**2 / b, (x >= 0, x <= b), (b > 0, delta_1 > 0, delta_1 < 1, delta_2 > 0, delta_2 < 1),
    patience=(delta_1, delta_2), solutions=("alternating_offers",),
)  # fmt: skip
POWERS = problem(x**a, (1 - x) ** b, (x >= 0, x <= 1), (a > 0, a < 1, b > 0, b < 1))
ROOT = problem(x, sqrt(1 - x), (x >= 0, x <= 1))
CIRCLE = problem(x, sqrt(a**2 - x**2), (x >= 0, x <= a), (a > 0, b >= 0, b < a), none=(b, Integer(0)))
SLOPED = problem(x, b - k * x, (x >= 0, x <= b / k), (b > 0, k > 0, a >= 0, d >= 0, k * a + d < b), none=(a, d))
THREE_ROUNDS = replace(RUBINSTEIN, solutions=("alternating_offers",), rounds=Integer(3))
CURVED_ROUNDS = replace(CURVED_OFFERS, rounds=Integer(2))
EVEN, ODD = (
    replace(
        RUBINSTEIN, solutions=("alternating_offers",), rounds=2 * m + last, assumptions=(*RUBINSTEIN.assumptions, m >= 1),
        parameters=(*RUBINSTEIN.parameters, Parameter(m, "pairs of rounds", integer=True)),
    )
    for last in (0, 1)
)  # fmt: skip
EVERY = {
    "three rounds": THREE_ROUNDS,
    "curved rounds": CURVED_ROUNDS,
    "any even number": EVEN,
    "any odd number": ODD,
    "pie": PIE,
    "powers": POWERS,
    "root": ROOT,
    "circle": CIRCLE,
    "sloped": SLOPED,
    "outside": OUTSIDE,
    "parabola": PARABOLA,
    "rubinstein": RUBINSTEIN,
    "capped": CAPPED,
    "cubic": CUBIC,
    "curved offers": CURVED_OFFERS,
}
__all__ = ["EVERY", "a", "b", "d", "delta_1", "delta_2", "k", "log", "p", "problem", "sqrt", "u_1", "u_2", "w", "x"]
