"""Formulas come out in the shape an author would print."""

from __future__ import annotations

import pytest
import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from derive.algebra.powers import told_in_powers, without_powers_of_zero
from derive.algebra.shape import said, shaped
from derive.field import normal
from derive.ir import symbols

a, b, c, g, k, x = symbols("a b c g k x")

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
        (-a > 0, "a < 0"),
        (-a * b <= 0, "a*b >= 0"),
        (sympy.Eq(a * (b - 1), 0), "a*(b - 1) = 0"),
        (sympy.Eq(a, b + 1), "a = b + 1"),
    ],
)
def test_a_relation_in_plain_text_has_no_leading_minus_sign(relation: Boolean, text: str) -> None:
    assert said(relation) == text


def test_an_exponent_has_one_form_whatever_is_divided() -> None:
    assert normal(c ** (a / (a + b)) * c ** (b / (a + b))) == c
    assert normal(c ** (a / (a + b)) - c / c ** (b / (a + b))) == 0


def test_powers_are_told_by_one_for_each_exponent() -> None:
    given = (a > 0, b > 0, c > 0, x > 0, x < 1, a + b < 1)
    told = told_in_powers(c ** ((b - 1) / (1 - a - b)) * x ** ((b - 1) / (a + b - 1)) * (a / b) ** (b / (1 - a - b)), given)
    assert str(told) == "(a/b)**(b/(-a - b + 1))*(x/c)**((1 - b)/(-a - b + 1))"
    assert told_in_powers(sympy.sqrt(c) * (1 - sympy.sqrt(x)) * (1 + sympy.sqrt(x)) / sympy.sqrt(a * x), given) == sympy.sqrt(
        c / (a * x)
    ) * (1 - x)


def test_a_power_of_zero_is_zero_where_its_exponent_is_positive() -> None:
    zero = sympy.Integer(0)
    assert without_powers_of_zero(1 + (a * zero**b) ** (1 / (1 - c)), (b > 0, c < 1)) == 1
    assert without_powers_of_zero(1 + zero**b, (c < 1,)) == 1 + zero**b
