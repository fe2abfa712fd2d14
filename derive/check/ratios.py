"""Rational functions of one unknown with rational coefficients, in lowest terms, and the real roots of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, zip_longest
from math import gcd, isqrt
from typing import Any

import sympy
from sympy.polys.domains import ZZ
from sympy.polys.factortools import dup_factor_list
from sympy.polys.rootisolation import dup_isolate_real_roots_sqf

__all__ = ["STEP", "Crowded", "Polynomial", "Ratio", "added", "constant", "isolated", "multiplied"]

#: Whole coefficients by falling powers, the first one not zero; nothing for zero.
Polynomial = tuple[int, ...]
FINENESS = (0, 6, 15, 30, 60)  # the digits to which roots are told apart
_ONE: Polynomial = (1,)


class Crowded(Exception):
    """Roots too close to one another to be told apart."""


class Ratio:
    """``top/bottom`` without a common factor; the bottom starts with a positive coefficient. Not to be changed."""

    __slots__ = ("bottom", "top")

    def __init__(self, top: Polynomial, bottom: Polynomial = _ONE) -> None:
        self.top, self.bottom = top, bottom

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio) and (self.top, self.bottom) == (other.top, other.bottom)

    def __hash__(self) -> int:
        return hash((self.top, self.bottom))

    @property
    def is_number(self) -> bool:
        """Whether it does not depend on the unknown."""
        return len(self.top) <= 1 and len(self.bottom) == 1

    @property
    def number(self) -> Fraction | None:
        """The value, if it does not depend on the unknown."""
        if not self.is_number:
            return None
        return Fraction(self.top[0], self.bottom[0]) if self.top else Fraction(0)

    def __str__(self) -> str:
        return str(self.number) if self.is_number else f"{self.top}/{self.bottom}"

    def at(self, x: Fraction) -> Fraction | None:
        """The value at a number; None where it is not defined."""
        below = _scaled(self.bottom, x)
        lift = len(self.bottom) - len(self.top)
        above = _scaled(self.top, x) * (x.denominator**lift if lift > 0 else 1)
        return Fraction(above, below * (x.denominator**-lift if lift < 0 else 1)) if below else None

    def sign(self, x: Fraction) -> int | None:
        """The sign at a number; None where it is not defined."""
        below, above = _scaled(self.bottom, x), _scaled(self.top, x)
        return (above > 0) - (above < 0) if below > 0 else (above < 0) - (above > 0) if below else None

    def __bool__(self) -> bool:
        return bool(self.top)

    def __neg__(self) -> Ratio:
        return Ratio(tuple(-c for c in self.top), self.bottom)

    def __add__(self, other: Ratio) -> Ratio:
        if self.bottom == other.bottom:
            return _lowest(_sum(self.top, other.top), self.bottom)
        return _lowest(
            _sum(_product(self.top, other.bottom), _product(other.top, self.bottom)), _product(self.bottom, other.bottom)
        )

    def __sub__(self, other: Ratio) -> Ratio:
        return self + -other

    def __mul__(self, other: Ratio) -> Ratio:
        return _lowest(_product(self.top, other.top), _product(self.bottom, other.bottom))

    def __pow__(self, exponent: int) -> Ratio:
        base = self if exponent >= 0 else _lowest(self.bottom, self.top)
        if len(base.top) == len(base.bottom) == 1:
            return Ratio((base.top[0] ** abs(exponent),), (base.bottom[0] ** abs(exponent),))
        top, bottom = _ONE, _ONE  # powers of what has no common factor have none
        for _ in range(abs(exponent)):
            top, bottom = _product(top, base.top), _product(bottom, base.bottom)
        return Ratio(top, bottom)


_UNIT, _ZERO = Ratio(_ONE), Ratio(())
#: The unknown.
STEP = Ratio((1, 0))


def constant(value: Fraction | int) -> Ratio:
    """A number."""
    return Ratio((value.numerator,), (value.denominator,)) if value else Ratio(())


def added(values: Iterable[Ratio]) -> Ratio:
    """The sum, of the numbers among them first."""
    top, bottom, rest = 0, 1, []
    for value in values:
        if len(value.top) > 1 or len(value.bottom) > 1:
            rest.append(value)
        elif value.top:
            (more,), (below,) = value.top, value.bottom
            top, bottom = (top + more, bottom) if below == bottom else (top * below + more * bottom, bottom * below)
    found = _number(top, bottom)
    for value in rest:
        found = found + value
    return found


def multiplied(values: Iterable[Ratio]) -> Ratio:
    """The product, of the numbers among them first."""
    top, bottom, rest = 1, 1, []
    for value in values:
        if len(value.top) > 1 or len(value.bottom) > 1:
            rest.append(value)
        elif not value.top:
            return value
        else:
            top, bottom = top * value.top[0], bottom * value.bottom[0]
    found = _number(top, bottom)
    for value in rest:
        found = found * value if found is not _UNIT else value
    return found


def _number(top: int, bottom: int) -> Ratio:
    if top == bottom:
        return _UNIT
    shared = gcd(top, bottom)
    return Ratio((top // shared,), (bottom // shared,)) if top else _ZERO


def _sum(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) != len(b):
        padded = zip_longest(reversed(a), reversed(b), fillvalue=0)
        return tuple(x + y for x, y in padded)[::-1]
    found = tuple(x + y for x, y in zip(a, b, strict=True))
    start = next((k for k, c in enumerate(found) if c), len(found))
    return found[start:]


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    if not a or not b:
        return ()
    if len(a) == 1:
        return (a[0] * b[0],) if len(b) == 1 else tuple([a[0] * c for c in b])
    if len(b) == 1:
        return tuple([b[0] * c for c in a])
    found = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return tuple(found)


def _lowest(top: Polynomial, bottom: Polynomial) -> Ratio:
    if not top:
        return Ratio(())
    if len(bottom) > 1 and len(top) > 1:
        shared = _common(top, bottom)
        if len(shared) > 1:
            top, bottom = _quotient(top, shared), _quotient(bottom, shared)
    content = gcd(*top, *bottom)
    if bottom[0] < 0:
        content = -content
    if content != 1:
        top, bottom = tuple(c // content for c in top), tuple(c // content for c in bottom)
    return Ratio(top, bottom)


def _primitive(a: Sequence[int]) -> Polynomial:
    content = gcd(*a)
    return tuple(c // content for c in a) if content != 1 else tuple(a)


def _common(a: Polynomial, b: Polynomial) -> Polynomial:
    """The primitive greatest common divisor, by remainders."""
    a, b = (_primitive(a), _primitive(b)) if len(a) >= len(b) else (_primitive(b), _primitive(a))
    while b:
        rest = _remainder(a, b)
        a, b = b, _primitive(rest) if rest else ()
    return a


def _remainder(a: Polynomial, b: Polynomial) -> Polynomial:
    """A multiple of the remainder of a division."""
    rest = list(a)
    while len(rest) >= len(b):
        lead = rest[0]
        rest = [b[0] * c for c in rest]
        for k, c in enumerate(b):
            rest[k] -= lead * c
        while rest and not rest[0]:
            rest.pop(0)
    return tuple(rest)


def _quotient(a: Polynomial, b: Polynomial) -> Polynomial:
    """``a`` divided by a primitive divisor of it: the quotient has whole coefficients."""
    rest, found = list(a), []
    for k in range(len(a) - len(b) + 1):
        found.append(rest[k] // b[0])
        for j, c in enumerate(b):
            rest[k + j] -= found[-1] * c
    return tuple(found)


def _scaled(polynomial: Polynomial, x: Fraction) -> int:
    """The value at a number times the positive power of its denominator that makes it whole: one less than there are coefficients."""
    top, bottom, scale, found = x.numerator, x.denominator, 1, 0
    for coefficient in polynomial:
        found = found * top + coefficient * scale
        scale *= bottom
    return found


# --- roots ------------------------------------------------------------------------------------------------------------------


def isolated(polynomials: Iterable[Polynomial]) -> list[tuple[Fraction, Fraction]]:
    """Disjoint intervals, in order, each with one real root of the polynomials; a rational root is alone. Raises `Crowded`."""
    irreducible = sorted({part for polynomial in polynomials for part in _parts(_primitive(polynomial))})
    for digits in FINENESS:
        ends = sorted(pair for part in irreducible for pair in _roots(part, digits))
        if all(left[1] < right[0] for left, right in pairwise(ends)):
            return ends
    raise Crowded


def _parts(polynomial: Polynomial) -> Iterator[Polynomial]:
    """The irreducible factors that have a real root."""
    if len(polynomial) == 2:
        yield polynomial if polynomial[0] > 0 else tuple(-c for c in polynomial)
    elif len(polynomial) == 3:
        a, b, c = polynomial if polynomial[0] > 0 else tuple(-c for c in polynomial)
        inside = b * b - 4 * a * c
        root = isqrt(inside) if inside >= 0 else -1
        if root * root == inside:
            yield from dict.fromkeys(_primitive((2 * a, b + sign * root)) for sign in (1, -1))
        elif inside > 0:
            yield (a, b, c)
    elif len(polynomial) > 3:
        yield from (tuple(map(int, part)) for part in _factors(polynomial) if len(part) > 1)


@lru_cache(maxsize=1024)
def _factors(polynomial: Polynomial) -> tuple[Any, ...]:
    return tuple(part for part, _ in dup_factor_list([ZZ(c) for c in polynomial], ZZ)[1])


def _roots(part: Polynomial, digits: int) -> Iterator[tuple[Fraction, Fraction]]:
    """An interval for every real root of an irreducible polynomial, no longer than a unit of the last of so many digits."""
    if len(part) == 2:
        yield Fraction(-part[1], part[0]), Fraction(-part[1], part[0])
    elif len(part) == 3:
        a, b, c = part
        fine, inside = 10**digits, b * b - 4 * a * c
        if inside < 0:
            return
        root = isqrt(inside * fine * fine)
        for low, high in ((-root - 1, -root), (root, root + 1)):
            yield Fraction(low - b * fine, 2 * a * fine), Fraction(high - b * fine, 2 * a * fine)
    else:
        eps = sympy.Rational(1, 10**digits) if digits else None
        for low, high in dup_isolate_real_roots_sqf([ZZ(c) for c in part], ZZ, eps=eps):
            yield Fraction(int(low.numerator), int(low.denominator)), Fraction(int(high.numerator), int(high.denominator))
