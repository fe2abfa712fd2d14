"""No formula is printed narrower than it is told to be from its terms and factors."""

import pytest
from sympy import Add, Expr, Mul, Pow, Rational, Symbol, exp, log, sqrt

from derive.algebra.shape import grouped
from derive.field import factored
from derive.shocks import Cdf, Overage
from derive.views.latex.names import Names
from derive.views.latex.shape import Shape
from derive.views.latex.width import width

a, b, c, p, q, z, gamma = (Symbol(name, real=True) for name in ("a", "b_1", "c", "p", "q", "z", "gamma"))
SHOCK = z - Overage("F", z)

FORMULAS = [
    a,
    Rational(7, 3),
    -a * (b - c),
    (c - a) ** 3 * (b + 1) / (2 * p * q - 3),
    a / 2 + b / 3 - c / 6,
    Mul(Rational(1, 2), Add(a, b), evaluate=False),
    (a * b + a * c - p) / (4 * (a + b) ** 2) - q,
    p ** (-gamma) * p**b * (a - c),
    sqrt(2) * sqrt(a) * b,
    sqrt(2) * sqrt(a * b + c),
    sqrt(Rational(3, 4) * a * b),
    12 / (a * sqrt(b)),
    a * z / SHOCK * (1 - Cdf("F", z)) / 7,
    (c * z / SHOCK) ** (-gamma) * (b + 1),
    exp(-a * (b + c) / 2) * log(p + q),
    (a + b) ** Rational(3, 2) / (p - q) ** Rational(5, 2),
    Add(a, Mul(-1, Add(b, c), evaluate=False), evaluate=False),
    ((a + b) * (p - q) ** 2 + 15 * a * c - 120 * b * p * q).expand(),
]


def variants(formula: Expr) -> list[Expr]:
    """The formula, its factors, its sums grouped, its negative and its inverse."""
    form = factored(formula)
    powers = [Pow(grouped(base), exponent) for base, exponent in form.factors]
    return [formula, -formula, 1 / formula, formula**2, Mul(form.coefficient, *powers), formula + 1, formula / 3]


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_bound(formula: Expr) -> None:
    """In a display and in the line, at points that turn its sums and without any."""
    points = tuple({symbol: Rational(n, 3) for symbol in (a, b, c, p, q)} for n in (2, 5))
    points += ({a: Rational(1), b: Rational(9), c: Rational(30), p: Rational(2), q: Rational(5)},)
    for shape in (Shape(Names()), Shape(Names(), points[:1]), Shape(Names(), points[2:])):
        for one in variants(formula):
            least = shape.least.width(one)
            assert least <= min(width(shape.tex(one)), width(shape.inline(one))) + 1e-9
            assert shape.exceeds(one, least / 2) == (least / 2 > 1e-6)


def test_sums_are_counted() -> None:
    """The bound tells a long sum from a short one: a mark and a letter for every term."""
    shape = Shape(Names())
    total = Add(*(Symbol(f"x_{i}", real=True) ** 2 for i in range(20)))
    assert 0.7 * width(shape.tex(total)) <= shape.least.width(total)
