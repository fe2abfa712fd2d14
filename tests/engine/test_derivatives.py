"""Derivatives over the generators of a ring, against SymPy's."""

from __future__ import annotations

import pytest
from sympy import Abs, Expr, Function, LambertW, Piecewise, Rational, Symbol, exp, log, sqrt, symbols

from derive.field import derivative, is_zero, normal

x, y, a, b, g = symbols("x y a b g", real=True)
F = Function("F")

EXPRESSIONS = (
    x**2 * y / (x + y),
    a * x**-b * y**g,
    (a * x - y) ** (g - b) * (x - 1),
    x ** (a / (a - 1)) * y ** (1 / a),
    (x / (x + 1)) ** b,
    sqrt(x) * y + x ** Rational(2, 3),
    sqrt(x + y) / (x - y),
    (x + 1) ** Rational(1, 3) / sqrt(x),
    exp(-x * y) * x,
    exp(x**2 / (x + 1)),
    log(x * y + 1) / x,
    x**x,
    F(x) * x**b / F(y),
    F(x * y + sqrt(x)),
    Abs(x - y) * x,
    LambertW(a * x) / x,
)


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("symbol", [x, y], ids=str)
def test_a_derivative_is_the_normal_form_of_sympys(expr: Expr, symbol: Symbol) -> None:
    assert derivative(expr, symbol) == normal(expr.diff(symbol))
    assert is_zero(derivative(expr, symbol, x) - expr.diff(symbol, x))


def test_cases_of_other_symbols_do_not_matter() -> None:
    assert derivative(x**2 * y + Piecewise((y, y > 0), (0, True)), x) == 2 * x * y
