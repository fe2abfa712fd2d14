"""Values put in place of symbols without writing what this makes: the same normal form as by substitution."""

import pytest
from sympy import Abs, Expr, Integer, Piecewise, Rational, Symbol, exp, log, oo, sqrt, symbols

from derive.field import NotRational, normal
from derive.placed import normal_at
from derive.shocks import Overage

a, b, p, q, w, z = symbols("a b p q w z", real=True)


@pytest.mark.parametrize(
    ("expr", "values"),
    [
        (p * (a - b * p) - w * q, {p: (a + w) / (2 * b), q: a - b * p}),
        ((p - w) * a * p**-b, {p: b * w / (b - 1)}),
        (p**2 / (p + q) ** 3 + 1 / p, {p: sqrt(a * w), q: p}),
        (exp(-p / a) * log(p) + Abs(p - q), {p: 2 * a, q: w - p}),
        (p * z - Overage("F", z) * (p - w), {z: w / p, p: q**2}),
        (p * z - Overage("F", z) * (p - w), {Overage("F", z): z**2 / (2 * b)}),
        (p + q - w, {p: w - q}),
        (w * (a + b), {p: Integer(3)}),
        (1 / (1 + p), {p: oo}),
        (Piecewise((a, p > 0), (b, True)) * p, {p: Rational(1, 2)}),
        (p, {p: (a**2 - b**2) / (a - b)}),
    ],
)
def test_the_normal_form_is_that_of_the_substitution(expr: Expr, values: dict[Symbol, Expr]) -> None:
    assert normal_at(expr, values) == normal(expr.xreplace(values))


def test_a_pole_is_no_value() -> None:
    with pytest.raises(NotRational):
        normal_at((a + b) / p, {p: Integer(0)})
