"""Enclosures of ``sum(P_i(x) * log|F_i(x)|) + P_0(x)`` on intervals with rational ends, by the interval arithmetic of mpmath."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mpmath.ctx_iv import MPIntervalContext
from sympy import Poly, Rational

from derive.check.fractions import Rejected

IV = MPIntervalContext()
IV.prec = 160
_QUARTER = Rational(1, 4)
_KEPT = 1024

Sum = tuple[tuple[Poly, Poly | None], ...]  # (coefficient, polynomial under the logarithm)


def enclosed_sign(total: Sum, low: Rational, high: Rational) -> int:
    """The sign of the sum on ``[low, high]`` where its enclosure shows one, else 0."""
    x = _interval(low, high)
    value = IV.mpf(0)
    for coefficient, inside in total:
        value += _horner(coefficient, x) if inside is None else _term(coefficient, inside, x, low, high)
    if value.a > 0:
        return 1
    return -1 if value.b < 0 else 0


def _interval(low: Rational, high: Rational) -> Any:
    return IV.mpf([(IV.mpf(low.p) / low.q).a, (IV.mpf(high.p) / high.q).b])


def _horner(polynomial: Poly, x: Any) -> Any:
    value = IV.mpf(0)
    for coefficient in _coefficients(polynomial):
        value = value * x + coefficient
    return value


@lru_cache(maxsize=_KEPT)
def _coefficients(polynomial: Poly) -> tuple[Any, ...]:
    return tuple(IV.mpf(int(Rational(k).p)) / int(Rational(k).q) for k in polynomial.all_coeffs())


@lru_cache(maxsize=_KEPT)
def _divided(coefficient: Poly, inside: Poly) -> tuple[Poly, Poly]:
    quotient, rest = coefficient.div(inside)
    return quotient, rest


def _term(coefficient: Poly, inside: Poly, x: Any, low: Rational, high: Rational) -> Any:
    """``coefficient * log|inside|``; where `inside` is linear with a root at an end, one factor of it tames the logarithm."""
    if inside.degree() == 1:
        return _with_linear(coefficient, inside, x, low, high)
    value = _horner(inside, x)
    if not (value.a > 0 or value.b < 0):
        raise Rejected("a logarithm whose argument is not enclosed away from zero")
    return _horner(coefficient, x) * IV.log(abs(value))


def _with_linear(coefficient: Poly, inside: Poly, x: Any, low: Rational, high: Rational) -> Any:
    slope, rest = _line(inside)
    left, right = slope * low + rest, slope * high + rest
    near, far = sorted((abs(left), abs(right)))
    if near > 0 and (left > 0) != (right > 0):
        raise Rejected("a logarithm of zero")
    if near > 0:
        return _horner(coefficient, x) * IV.log(_interval(near, far))
    quotient, remainder = _divided(coefficient, inside)
    if remainder.is_zero:
        if far > _QUARTER:
            raise Rejected("too long a piece at an end")
        turn = 1 if left + right > 0 else -1
        least = IV.mpf(0) if far == 0 else _interval(far, far) * IV.log(_interval(far, far))
        return _horner(quotient, x) * turn * IV.mpf([least.a, 0])
    if far == 0:
        return _horner(coefficient, x) * IV.mpf(["-inf", "-inf"])
    return _horner(coefficient, x) * IV.log(_interval(near, far))


@lru_cache(maxsize=_KEPT)
def _line(inside: Poly) -> tuple[Rational, Rational]:
    slope, rest = inside.all_coeffs()
    return Rational(slope), Rational(rest)
