"""Moments, overages and certainty equivalents against numerical integration of the densities."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
from sympy import Abs, Expr, Integer, Max, Min, Rational

from derive.check.moments import cdf, certain, ends, expected, moment, overage
from derive.check.zero import Undecided, is_zero, number
from derive.ir import Distribution, Exponential, GeneralDistribution, Normal, PowerDistribution, Uniform, symbols

eps, z, m, n, rho = symbols("epsilon z m n rho")
LAWS: tuple[Distribution, ...] = (
    Uniform(Rational(1, 2), Integer(3)),
    Exponential(Rational(3, 2)),
    PowerDistribution(Integer(2), Rational(5, 2)),
    Normal(Rational(1, 2), Rational(4, 9)),
)


CUTS = (1.0, 1.2, 1.25, 1.5)


def integral(law: Distribution, of: Callable[[object], object]) -> object:
    """The integral of `of` against the density, cut at the kinks of the terms below and into short pieces."""
    low, high = ends(law)
    start, stop = float(low) if low.is_finite else -7.0, float(high) if high.is_finite else (70.0 if low.is_finite else 8.0)
    density = cdf(law, z).diff(z)
    points = sorted({start, stop, *(x for x in (-3.0, -1.0, *CUTS, 3.0, 5.0, 12.0, 30.0) if start < x < stop)})
    return mpmath.quad(lambda e: of(e) * number(density, {z: mpmath.mpf(e)}), points)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_moments(law: Distribution, order: int) -> None:
    assert abs(integral(law, lambda e: e**order) - number(moment(law, order), {})) < 1e-8


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    "term",
    [Min(2 * eps + 1, Rational(7, 2)), Max(eps - Rational(5, 4), 0), Abs(eps - 1), 3 * Min(eps, Rational(6, 5)) - eps**2,
     Max(2 - 3 * eps, -1 - eps)],
)  # fmt: skip
def test_kinks(law: Distribution, term: Expr) -> None:
    value = expected(term, {eps: law}, lambda _, cut: overage(law, cut), lambda slope: 1 if slope > 0 else -1)
    unsigned = expected(term, {eps: law}, lambda _, cut: overage(law, cut), lambda _: 0)
    truth = integral(law, lambda e: number(term, {eps: mpmath.mpf(e)}))
    assert abs(truth - number(value, {})) < 1e-8
    assert abs(truth - number(unsigned, {})) < 1e-8


def test_certainty_equivalent_is_the_log_of_expected_utility() -> None:
    law = LAWS[3]
    value = number(certain(2 * eps + 1, {eps: law}, Rational(3, 4)), {})
    assert abs(integral(law, lambda e: mpmath.exp(-(2 * e + 1) * 0.75)) - mpmath.exp(-0.75 * value)) < 1e-8


def test_what_has_no_rule_is_refused() -> None:
    general = GeneralDistribution("F", Integer(0), Integer(1), Rational(1, 2))
    for law, term in ((general, eps**2), (LAWS[0], 1 / eps), (LAWS[0], Min(eps, 1) * Min(eps, 2)), (LAWS[0], Min(eps**2, 1))):
        with pytest.raises(Undecided):
            expected(term, {eps: law}, lambda _, cut: overage(LAWS[0], cut), lambda _: 1)
    with pytest.raises(Undecided):
        certain(eps**2, {eps: LAWS[3]}, rho)


def test_symbolic_law() -> None:
    """E min(q, m eps) for uniform demand on [0, n]: q - q**2/(2 m n)."""
    q = symbols("q")[0]
    law = Uniform(Integer(0), n)
    value = expected(Min(q, m * eps), {eps: law}, lambda _, cut: overage(law, cut), lambda slope: 1 if slope == m else -1)
    assert is_zero(value - (q - q**2 / (2 * m * n)))
