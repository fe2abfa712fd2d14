"""One program for an expression, in three arithmetics: what each says of the same point."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq
from sympy import Abs, Expr, LambertW, Max, Min, Rational, erf, exp, log, pi, sqrt

from derive.ir import symbols
from derive.prove.evaluate import Undefined, ball, column, number_at
from derive.prove.points import admissible, witness
from derive.shocks import Cdf

x, y, n = symbols("x y n")
POINT = {x: fmpq(3, 2), y: fmpq(-5, 7), n: fmpq(3)}
RATIONAL = [x + y, x * y - 2, (x + y) ** 3 / (x - y), x**n - y**n, x ** (1 - n) * (y + Rational(1, 3)) ** -2]
REAL = [exp(y) + x, log(x) * y, erf(x * y), LambertW(x), LambertW(y / 9, -1), sqrt(x), pi * x ** (y + 1)]
AT_COLUMNS_ONLY = [Max(x, y, 2), Min(x, y), Abs(y)]


@pytest.mark.parametrize("expression", RATIONAL, ids=str)
def test_exact_numbers_lie_in_balls_and_near_columns(expression: Expr) -> None:
    exact = number_at(expression, POINT)
    assert expression.subs({s: Rational(int(v.p), int(v.q)) for s, v in POINT.items()}) == Rational(int(exact.p), int(exact.q))
    assert ball(expression, POINT).overlaps(arb(exact))
    assert np.allclose(column(expression, {**POINT, x: np.full(4, 1.5)}), float(exact), rtol=1e-12)


@pytest.mark.parametrize("expression", REAL, ids=str)
def test_what_is_not_rational_has_a_ball_and_no_exact_number(expression: Expr) -> None:
    with pytest.raises(Undefined):
        number_at(expression, POINT)
    value = float(expression.subs({s: Rational(int(v.p), int(v.q)) for s, v in POINT.items()}).evalf())
    assert abs(float(ball(expression, POINT).mid()) - value) < 1e-12
    assert np.isclose(column(expression, POINT), value, rtol=1e-12)


@pytest.mark.parametrize("expression", AT_COLUMNS_ONLY, ids=str)
def test_extrema_have_values_in_columns(expression: Expr) -> None:
    value = float(expression.subs({s: Rational(int(v.p), int(v.q)) for s, v in POINT.items()}))
    assert np.isclose(column(expression, POINT), value)


def test_what_has_no_value_is_undefined() -> None:
    for undefined in (log(y), 1 / (x - Rational(3, 2)), sqrt(y), LambertW(y), LambertW(x, -1), Cdf("F", x), x + symbols("missing")[0]):
        with pytest.raises(Undefined):
            ball(undefined, POINT)
    assert np.isnan(column(LambertW(y), POINT))
    assert np.isnan(column(LambertW(x, -1), POINT))
    with pytest.raises(ZeroDivisionError):
        number_at(1 / (x - Rational(3, 2)), POINT)


def test_facts_on_values_of_unknown_functions_are_met_at_no_point() -> None:
    law = Cdf("F", x)
    assert witness((x > 0, x < 1)) is not None
    for fact in (law > 0, Rational(1) > law, law < Rational(1, 2)):
        assert admissible((x > 0, fact)) == ()
        assert witness((x > 0, fact)) is None
