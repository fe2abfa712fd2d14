"""Formulas come out in the shape an author would print."""

from __future__ import annotations

import pytest
import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import said, shaped
from derive.field import normal
from derive.ir import symbols

a, b, c, g, k = symbols("a b c g k")

SHAPES = [
    (3 * a * b * k + b**2 * c * k - a * g**2 - b * c * g**2, "b*k*(3*a + b*c) - g**2*(a + b*c)"),
    (a**2 - 2 * a * b * c + b**2 * c**2, "(a - b*c)**2"),
    ((b * c - a) * g / 2, "g*(b*c - a)/2"),
    (-k * (c + g - a) / 3, "k*(a - c - g)/3"),
    (-(a - c) * (b + k), "(b + k)*(c - a)"),
]


@pytest.mark.parametrize(("expr", "text"), SHAPES, ids=[text for _, text in SHAPES])
def test_shape(expr: Expr, text: str) -> None:
    result = shaped(normal(expr), (a > 0, b > 0, g > 0, k > 0))
    assert normal(result - expr) == 0
    assert sympy.sstr(result) == sympy.sstr(sympy.parse_expr(text, {s.name: s for s in (a, b, c, g, k)}))


def test_a_root_below_that_divides_what_is_above_is_cancelled() -> None:
    cost = -sympy.sqrt(2) * a * b * c / sympy.sqrt(a * b * c)
    result = shaped(cost, (a > 0, b > 0, c > 0))
    assert result == -sympy.sqrt(2) * sympy.sqrt(a * b * c)
    assert (result / cost).subs({a: 2, b: 3, c: 5}).evalf() == pytest.approx(1)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (sympy.log(1 + (a - c) / c), "log(a/c)"),
        (b * sympy.log(-k * (a - b) / g), "b*log(k*(b - a)/g)"),
        (sympy.log(sympy.log(1 + (a - c) / c) + 1), "log(log(a/c) + 1)"),
        ((a**3) ** sympy.Rational(2, 3) - a**2 / 2, "a**2/2"),
        (sympy.sqrt(1 / (k**4 * (k**3 / a**3) ** sympy.Rational(2, 3))), "a/k**3"),
    ],
)
def test_the_shape_under_logarithms_and_of_whole_powers(expr: Expr, text: str) -> None:
    result = shaped(normal(expr), (a > 0, b > a, c > 0, g > 0, k > 0))
    assert sympy.sstr(result) == sympy.sstr(sympy.parse_expr(text, {s.name: s for s in (a, b, c, g, k)}))


@pytest.mark.parametrize(
    ("relation", "text"),
    [
        (sympy.Eq(k - a, 0), "k = a"),
        (sympy.Eq(-a, 0, evaluate=False), "a = 0"),
        (a - 2 * b < 0, "a < 2*b"),
        (sympy.Eq(a * (b - 1), 0), "a*(b - 1) = 0"),
        (sympy.Eq(a, b + 1), "a = b + 1"),
    ],
)
def test_a_relation_in_plain_text_has_no_leading_minus_sign(relation: Boolean, text: str) -> None:
    assert said(relation) == text
