"""Exponentials beside Lambert's function: ``W(z) e**W(z) = z`` gives payoffs the form that the literature prints."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from sympy import E, Expr, LambertW, exp, log

from derive.algebra.exponentials import joined, without_lambert_inside
from derive.check.solution import check_solution
from derive.check.zero import is_zero
from derive.field import normal
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, b, c, w, x, U, V = symbols("a b c w x U V")
W = LambertW(exp(a - b * c - 1))


def test_a_product_has_one_exponential() -> None:
    assert joined(b * exp(a) * exp(-b * c) * E) == b * exp(a - b * c + 1)
    assert joined(b * exp(a)) == b * exp(a)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (exp(LambertW(a)), a / LambertW(a)),
        (exp(-2 * LambertW(a) + b), LambertW(a) ** 2 * exp(b) / a**2),
        (log(b * LambertW(E * a / b) / a), 1 - LambertW(E * a / b)),
        (log(a / (b * LambertW(E * a / b))), LambertW(E * a / b) - 1),
        ((W + 1) * exp(a) / (exp(a) + exp(b * c + 1) * exp(W)), W),
        (exp(LambertW(-a / 9, -1)), -a / (9 * LambertW(-a / 9, -1))),
        (exp(a) + log(b), exp(a) + log(b)),
    ],
    ids=str,
)
def test_lamberts_function_leaves_exponentials_and_logarithms(written: Expr, meant: Expr) -> None:
    found = without_lambert_inside(normal(written), (a > 0, b > 0, c > 0))
    assert normal(found - meant) == 0
    assert is_zero(written - meant, (a, b, c))
    at = {a: sympy.Rational(7, 5), b: sympy.Rational(3, 2), c: sympy.Rational(2, 3)}
    assert abs(mpmath.mpmathify((written - found).xreplace(at).evalf(25))) < mpmath.mpf(10) ** -20


def test_where_the_argument_may_vanish_the_exponential_stays() -> None:
    assert without_lambert_inside(exp(LambertW(b - 1)), (b > 0,)) == exp(LambertW(b - 1))


@pytest.mark.parametrize("meant", [2 * a / LambertW(a), 1 / LambertW(a), LambertW(a)], ids=str)
def test_other_values_are_told_apart(meant: Expr) -> None:
    assert not is_zero(exp(LambertW(a)) - meant, (a,))


def test_a_logit_monopoly_earns_lamberts_function() -> None:
    statement = model(
        "logit",
        (a, b, c),
        (b > 0, c > 0),
        {x: (x >= 0,)},
        (Player("F", (x - c) / (1 + exp(b * x - a)), U),),
        protocol("P", (decide("F", x),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    (regime,) = solution.regimes
    assert dict(regime.values) == {x: (b * c + W + 1) / b, U: W / b}
    assert check_solution(statement, solution, 5).accepted


def test_a_leader_before_an_exponential_benefit() -> None:
    """The marginal benefit at zero against the leader's cost decides; the wholesale price maximises ``(w - b) log(a c/w)/c``."""
    statement = model(
        "saturating",
        (a, b, c),
        (a > 0, b > 0, c > 0),
        {w: (w >= b,), x: (x >= 0,)},
        (Player("M", (w - b) * x, U), Player("F", a * (1 - exp(-c * x)) - w * x, V)),
        protocol("P", (decide("M", w),), (decide("F", x),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 5).accepted
    sold = next(regime for regime in solution.regimes if (a * c > b) in regime.region)
    assert len(solution.regimes) == 2
    values = {symbol: value.xreplace({a: sympy.Integer(3), b: sympy.Integer(1), c: sympy.Rational(5, 2)}) for symbol, value in sold.values}
    grid = [mpmath.mpf(1) + mpmath.mpf(k) / 1000 for k in range(1, 6500)]
    best = max((price - 1) * mpmath.log(mpmath.mpf("7.5") / price) / mpmath.mpf("2.5") for price in grid)
    assert 0 <= float(values[U]) - float(best) < 1e-6


def test_logarithms_are_written_one_way() -> None:
    assert normal(log(1 + (a - c) / c) - log(a / c)) == 0
    assert normal(log(b * exp(x) / c)) == normal(x + log(b / c))


def test_roots_under_logarithms_meet() -> None:
    root = sympy.sqrt(a * b * c)
    assert is_zero(log(1 + (a * b - root) / root) - log(root / c), (a, b, c))
    assert is_zero(log(root) - (log(a) + log(b) + log(c)) / 2, (a, b, c))
    assert not is_zero(log(root / c) - log(root / b), (a, b, c))
    assert is_zero((exp(b) * a) ** (1 / c) - exp(b / c) * a ** (1 / c), (a, c))


def test_a_share_before_a_logarithmic_benefit() -> None:
    """Of a log(1 + x) the leader keeps 1 - w; the follower's x is a w/b - 1. Where a = b there is nothing to share."""
    statement = model(
        "share",
        (a, b),
        (a > 0, b > 0),
        {w: (w >= 0, w <= 1), x: (x >= 0,)},
        (Player("M", (1 - w) * a * log(1 + x), U), Player("F", w * a * log(1 + x) - b * x, V)),
        protocol("P", (decide("M", w),), (decide("F", x),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 5).accepted
    assert not solution.gaps
    traded = next(regime for regime in solution.regimes if (a > b) in regime.region)
    share = dict(traded.values)[w].xreplace({a: sympy.Integer(5), b: sympy.Integer(2)})
    grid = [mpmath.mpf(k) / 10000 for k in range(4001, 10000)]
    best = max(grid, key=lambda kept: (1 - kept) * mpmath.log(mpmath.mpf("2.5") * kept))
    assert abs(float(share) - float(best)) <= 1e-4


def test_a_common_good_is_provided_by_the_one_to_whom_it_costs_less() -> None:
    statement = model(
        "good",
        (a, b, c),
        (a > 0, b > 0, c > b),
        {x: (x >= 0,), w: (w >= 0,)},
        (Player("A", a * (1 - exp(-x - w)) - b * x, U), Player("B", a * (1 - exp(-x - w)) - c * w, V)),
        protocol("P", (decide("A", x), decide("B", w))),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 5).accepted
    assert not solution.gaps
    assert [(dict(r.values)[x], dict(r.values)[w]) for r in solution.regimes] == [(log(a / b), 0), (0, 0)]
