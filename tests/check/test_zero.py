"""The zero test decides right on identities and near-identities, and raises where it cannot decide."""

from __future__ import annotations

import random

import mpmath
import pytest
from sympy import Abs, Expr, Function, Max, Rational, exp, log, sqrt

from derive.check.zero import Undecided, is_zero
from derive.ir import symbols
from derive.shocks import Cdf, Density, Overage

x, y, z, b, g, p = symbols("x y z b g p")
a, c, share = symbols("a c alpha")
F = Function("F")
Lam = Overage("F", z)
price = (b - g) * c / (b - g - 1) * (b + 2 * share - b * share - 1) / (b - 1) * z / (z - Lam)
margin = (b - g) * (b + 2 * share - b * share - 1) / ((b - g - 1) * (b - 1)) - 1

ZERO: tuple[tuple[Expr, tuple[Expr, ...]], ...] = (
    (p ** (g - b + 1) - p * p ** (g - b), ()),
    ((x * y) ** b - x**b * y**b, ()),
    ((x / y) ** (g - b) * y ** (g - b) - x ** (g - b), ()),
    (x ** (b / (b - 1)) - x * x ** (1 / (b - 1)), ()),
    (((x * y**g) ** (1 / (1 - b))) ** b - (x * y**g) ** (b / (1 - b)), ()),
    (x ** (b / 2) * x ** (b / 2) - x**b, ()),
    (4**b - 2 ** (2 * b), ()),
    (sqrt(x**2 + 2 * x * y + y**2) - sqrt((x + y) ** 2), ()),
    (sqrt(x**2) - x, (x,)),
    (sqrt((x - y) ** 2 * x) - (x - y) * sqrt(x), (x, x - y)),
    ((sqrt(x * y) - 1) * (sqrt(x * y) + 1) - (x * y - 1), ()),
    (1 / (sqrt(x) - 1) - (sqrt(x) + 1) / (x - 1), ()),
    (sqrt(6) - sqrt(2) * sqrt(3), ()),
    (exp(x / 2) ** 2 - exp(x - y) * exp(y), ()),
    (log(x**2 * y) - 2 * log(x) - log(y), ()),
    (Abs(x * y) - x * Abs(y), (x,)),
    (F((x**2 - y**2) / (x - y)) - F(x + y), ()),
    (Lam.diff(z) - Cdf("F", z), ()),
    (Cdf("F", z**2).diff(z) - 2 * z * Density("F", z**2), ()),
    (2 * a * price ** (g - b) * (price * (z - Lam) - c * z) - 2 * a * c * z * margin * price ** (g - b), ()),
)
NOT_ZERO: tuple[tuple[Expr, tuple[Expr, ...]], ...] = (
    (sqrt(x**2) - x, ()),
    (sqrt((x - y) ** 2 * x) - (x - y) * sqrt(x), (x,)),
    (Abs(x) - x, ()),
    (Max(x, y) - x, ()),
    (x - x * (1 + Rational(1, 10**15)), ()),
    (x**b - x ** (b + Rational(1, 10**9)), ()),
    (F(x) - F(y), ()),
    (Overage("F", z) - Overage("G", z), ()),
    (log(x + y) - log(x) - log(y), ()),
)


@pytest.mark.parametrize(("expr", "positive"), ZERO)
def test_identities_are_zero(expr: Expr, positive: tuple[Expr, ...]) -> None:
    assert is_zero(expr, positive) is True


@pytest.mark.parametrize(("expr", "positive"), NOT_ZERO)
def test_differences_are_not_zero(expr: Expr, positive: tuple[Expr, ...]) -> None:
    assert is_zero(expr, positive) is False


def test_what_cannot_be_decided_is_refused() -> None:
    with pytest.raises(Undecided):
        is_zero(sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3))
    with pytest.raises(Undecided):
        is_zero(1 / (sqrt(x) ** 2 - 2 * x + sqrt(x**2)) - 1, (x,))


def test_random_identities_and_their_perturbations() -> None:
    """(u + v)**n expanded by the binomial theorem, with u and v random powers; a coefficient moved by one is caught."""
    rng = random.Random(5)
    for _ in range(20):
        u, v = x ** (b * rng.randint(1, 3) / 2), (y + rng.randint(1, 3)) ** (g - b)
        n = rng.randint(2, 4)
        terms = [mpmath.binomial(n, k) for k in range(n + 1)]
        right = sum(int(terms[k]) * u**k * v ** (n - k) for k in range(n + 1))
        assert is_zero((u + v) ** n - right)
        assert not is_zero((u + v) ** n - right - u ** rng.randint(0, n))
