"""Expressions are spelled as SymPy spells them."""

import random

import pytest
from sympy import Add, Expr, Function, Integer, Mul, Pow, Rational, Symbol, simplify, sqrt, sympify

from derive.views.spelling import readable, spelled

a, k, w = (Symbol(name, real=True) for name in "akw")
NAMES = ("x", "X", "a_1", "a_10", "a_2", "alpha", "B", "_z")
SYMBOLS = [Symbol(name, real=True) for name in NAMES]
NUMBERS = [Integer(n) for n in (-12, -3, -2, -1, 1, 2, 7)] + [Rational(1, 2), Rational(-1, 3), Rational(-5, 4), Rational(7, 3)]
OTHERS = [1 / SYMBOLS[0], sqrt(SYMBOLS[1]), Function("F")(SYMBOLS[2]), SYMBOLS[3] ** -2, SYMBOLS[4] + SYMBOLS[0]]


@pytest.mark.parametrize("seed", range(6))
def test_as_sympy(seed: int) -> None:
    """Sums of monomials, with and without terms of another kind; also sums and products that were not put in order."""
    chance = random.Random(seed)
    for _ in range(150):
        terms = []
        for _ in range(chance.randint(1, 5)):
            factors = [Pow(chance.choice(SYMBOLS), chance.choice((1, 1, 2, 3))) for _ in range(chance.randint(0, 3))]
            odd = [chance.choice(OTHERS)] if chance.random() < 0.1 else []
            terms.append(Mul(chance.choice(NUMBERS), *factors, *odd, evaluate=chance.random() < 0.9))
        total = Add(*terms, evaluate=chance.random() < 0.9)
        assert spelled(total) == str(total)


def test_number_first() -> None:
    """The number stands first only before a negative multiple of a single factor."""
    x, y = SYMBOLS[:2]
    for total in (
        1 - x,
        1 - 2 * x,
        1 - x**2,
        1 - x * y,
        3 - 2 * x * y,
        Rational(1, 2) - x / 3,
        x - 1,
        1 + x,
        -x - 1,
        2 - 3 * y**2,
    ):
        assert spelled(total) == str(total)


@pytest.mark.parametrize(
    ("expr", "told"),
    [
        (Mul(-1, 2 * k - a, evaluate=False), "a - 2*k"),
        (2 * k * (w - a), "2*k*(w - a)"),
        (-(a - w) * k / (2 * a), "k*(w - a)/(2*a)"),
        (-((a - w) ** 2) / k, "-(a - w)**2/k"),
        (1 / (w - a), "1/(w - a)"),
        (-a - w, "-a - w"),
        (a - w + 1, "a - w + 1"),
        (k + Mul(-1, w - a, evaluate=False), "k + (a - w)"),
        (1 - k * (w - a) / (k - a), "k*(a - w)/(k - a) + 1"),
    ],
)
def test_a_reader_finds_what_is_positive_first(expr: Expr, told: str) -> None:
    assert readable(expr) == told
    assert simplify(sympify(told, {"a": a, "k": k, "w": w}) - expr) == 0
