"""Enclosures of ``sum(P_i(x) * log|F_i(x)|) + P_0(x)`` on intervals with rational ends, by the interval arithmetic of mpmath."""

from __future__ import annotations

from functools import lru_cache

from mpmath.libmp import fninf, from_rational, fzero, mpf_gt, mpf_lt, mpi_abs, mpi_add, mpi_log, mpi_mul, mpi_neg
from sympy import Poly, Rational

from derive.check.fractions import Rejected

BITS = 160
_QUARTER = Rational(1, 4)
_KEPT = 1024

Number = tuple[int, int, int, int]  # sign, mantissa, exponent and length, as mpmath keeps them
Interval = tuple[Number, Number]
Sum = tuple[tuple[Poly, Poly | None], ...]  # (coefficient, polynomial under the logarithm)
_ZERO: Interval = (fzero, fzero)


def enclosed_sign(total: Sum, low: Rational, high: Rational) -> int:
    """The sign of the sum on ``[low, high]`` where its enclosure shows one, else 0."""
    x = (_point(low)[0], _point(high)[1])
    value = _ZERO
    for coefficient, inside in total:
        part = _horner(coefficient, x) if inside is None else _term(coefficient, inside, x, low, high)
        value = mpi_add(value, part, BITS)
    return _sign(value)


def _sign(value: Interval) -> int:
    if mpf_gt(value[0], fzero):
        return 1
    return -1 if mpf_lt(value[1], fzero) else 0


@lru_cache(maxsize=_KEPT)
def _point(value: Rational) -> Interval:
    below, above = (from_rational(int(value.p), int(value.q), BITS, way) for way in ("f", "c"))
    return below, above


def _horner(polynomial: Poly, x: Interval) -> Interval:
    value = _ZERO
    for coefficient in _coefficients(polynomial):
        value = mpi_add(mpi_mul(value, x, BITS), coefficient, BITS)
    return value


@lru_cache(maxsize=_KEPT)
def _coefficients(polynomial: Poly) -> tuple[Interval, ...]:
    return tuple(_point(Rational(k)) for k in polynomial.all_coeffs())


@lru_cache(maxsize=_KEPT)
def _divided(coefficient: Poly, inside: Poly) -> tuple[Poly, Poly]:
    quotient, rest = coefficient.div(inside)
    return quotient, rest


def _term(coefficient: Poly, inside: Poly, x: Interval, low: Rational, high: Rational) -> Interval:
    """``coefficient * log|inside|``; where `inside` is linear with a root at an end, one factor of it tames the logarithm."""
    if inside.degree() == 1:
        return _with_linear(coefficient, inside, x, low, high)
    value = _horner(inside, x)
    if not _sign(value):
        raise Rejected("a logarithm whose argument is not enclosed away from zero")
    return mpi_mul(_horner(coefficient, x), mpi_log(mpi_abs(value, BITS), BITS), BITS)


def _with_linear(coefficient: Poly, inside: Poly, x: Interval, low: Rational, high: Rational) -> Interval:
    left, right = _at(inside, low), _at(inside, high)
    near, far = (left, right) if abs(left) <= abs(right) else (right, left)
    if near and (left > 0) != (right > 0):
        raise Rejected("a logarithm of zero")
    if near:
        return mpi_mul(_horner(coefficient, x), (_log_of(near)[0], _log_of(far)[1]), BITS)
    quotient, remainder = _divided(coefficient, inside)
    if remainder.is_zero:
        if abs(far) > _QUARTER:
            raise Rejected("too long a piece at an end")
        least = mpi_mul(_point(abs(far)), _log_of(far), BITS) if far else _ZERO
        tamed = mpi_mul(_horner(quotient, x), (least[0], fzero), BITS)
        return tamed if left + right > 0 else mpi_neg(tamed, BITS)
    return mpi_mul(_horner(coefficient, x), (fninf, _log_of(far)[1] if far else fninf), BITS)


@lru_cache(maxsize=_KEPT)
def _at(inside: Poly, end: Rational) -> Rational:
    """The value of a linear polynomial at the end of a piece, where the next piece begins."""
    slope, rest = inside.all_coeffs()
    return slope * end + rest


@lru_cache(maxsize=_KEPT)
def _log_of(value: Rational) -> Interval:
    """The logarithm of its size."""
    found: Interval = mpi_log(_point(abs(value)), BITS)
    return found
