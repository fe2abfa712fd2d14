"""Rational functions as products of powers of polynomials with whole coefficients, multiplied out no further than sums ask for.

A sum keeps the factors that its terms share; no greatest common divisor is taken on the way, only in `Quotients.fraction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx, fmpz_mpoly_ctx
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

__all__ = ["Polynomial", "Quotient", "Quotients", "Term", "factors", "product", "raised", "signed"]

#: With whole coefficients: an ``fmpz_mpoly``, whose operations are not typed closely enough.
Polynomial = Any
#: A product of powers of the symbols, and the number it is multiplied by.
Term = tuple[Expr, Rational]


@dataclass(frozen=True)
class Quotient:
    """``number`` times the product of ``base**exponent``: primitive polynomials with a positive leading coefficient, by their number
    among those that `Quotients` knows."""

    number: fmpq
    powers: Mapping[int, int]

    def __bool__(self) -> bool:
        return bool(self.number)


ZERO, ONE = Quotient(fmpq(0), {}), fmpq(1)


class Quotients:
    """The rational functions in some symbols."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self.symbols = symbols
        names = [f"x{place}" for place in range(len(symbols))]
        self.ring: Any = fmpz_mpoly_ctx.get(names, Ordering.lex)
        self.over_rationals: Any = fmpq_mpoly_ctx.get(names, Ordering.lex)
        self.bases: list[Polynomial] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        #: Expressions that were read into them.
        self.read: dict[Expr, Quotient] = {}
        self.generators = {
            symbol: Quotient(ONE, {self._number(generator): 1})
            for symbol, generator in zip(symbols, self.ring.gens(), strict=True)
        }

    def _number(self, base: Polynomial) -> int:
        key = tuple(base.terms())
        if key not in self._numbers:
            self._numbers[key] = len(self.bases)
            self.bases.append(base)
        return self._numbers[key]

    def constant(self, number: Rational) -> Quotient:
        """A rational number."""
        return Quotient(fmpq(int(number.p), int(number.q)), {})

    def total(self, values: Iterable[Quotient]) -> Quotient:
        """The sum."""
        values = [value for value in values if value]
        if len(values) < 2:
            return values[0] if values else ZERO
        bases = dict.fromkeys(base for value in values for base in value.powers)
        shared = {base: min(value.powers.get(base, 0) for value in values) for base in bases}
        below = lcm(*(int(value.number.q) for value in values))
        found = self.ring.constant(0)
        for value in values:
            left = {base: value.powers.get(base, 0) - least for base, least in shared.items()}
            found += self._expanded(left) * (value.number * below).p
        if found.is_zero():
            return ZERO
        content, base = signed(found)
        return product(
            [Quotient(fmpq(content, below), {} if base.is_one() else {self._number(base): 1}), Quotient(ONE, shared)]
        )

    def top(self, value: Quotient) -> Polynomial:
        """The numerator as it stands, multiplied out."""
        return self._expanded({base: n for base, n in value.powers.items() if n > 0}) * value.number.p

    def fraction(self, value: Quotient) -> tuple[Polynomial, Polynomial]:
        """Numerator and denominator, coprime, the second with a positive leading coefficient: those of equal functions are equal."""
        top, bottom = self.top(value), self._expanded({base: -n for base, n in value.powers.items() if n < 0}) * value.number.q
        shared = top.gcd(bottom)
        if not shared.is_one():
            top, bottom = top / shared, bottom / shared
        return (top, bottom) if bottom.leading_coefficient() > 0 else (-top, -bottom)

    def divided(self, top: Polynomial, bottom: Polynomial) -> tuple[list[Term], list[Term]]:
        """The terms of the whole part of a quotient and those of the rest, which is to be divided."""
        if bottom.is_constant():
            return self.terms(top, int(bottom.leading_coefficient())), []
        above, below = (self.over_rationals.from_dict(poly.to_dict()) for poly in (top, bottom))
        whole, rest = divmod(above, below)
        return self.terms(whole), self.terms(rest)

    def terms(self, poly: Any, below: int = 1) -> list[Term]:
        """The terms of a polynomial, by their exponents, divided by a number."""
        found = sorted(poly.terms())
        return [(self._monomial(powers), Rational(int(fmpq(c).p), int(fmpq(c).q) * below)) for powers, c in found]

    def expression(self, poly: Polynomial) -> Expr:
        """A polynomial as an expression."""
        return Add(*(Integer(int(number)) * self._monomial(powers) for powers, number in poly.terms()))

    def _monomial(self, powers: tuple[int, ...]) -> Expr:
        return Mul(*(Pow(symbol, int(n)) for symbol, n in zip(self.symbols, powers, strict=True) if n))

    def _expanded(self, powers: Mapping[int, int]) -> Polynomial:
        found = self.ring.constant(1)
        for base, n in powers.items():
            if n:
                found *= self.bases[base] ** n
        return found


def signed(poly: Polynomial) -> tuple[int, Polynomial]:
    """The content of a polynomial that is not zero, with its sign, and the primitive polynomial that is left."""
    content = gcd(*map(int, poly.coeffs()))
    content = content if poly.leading_coefficient() > 0 else -content
    return content, (poly if content == 1 else poly / content)


def factors(poly: Polynomial) -> Iterator[tuple[Polynomial, int]]:
    """The irreducible factors of a polynomial, without numbers, with positive leading coefficients, and how often each occurs."""
    for factor, times in poly.factor()[1]:
        yield signed(factor)[1], int(times)


def product(values: Iterable[Quotient]) -> Quotient:
    """The product; factors that occur above and below cancel."""
    number = ONE
    powers: dict[int, int] = {}
    for value in values:
        if not value:
            return ZERO
        number *= value.number
        for base, n in value.powers.items():
            powers[base] = powers.get(base, 0) + n
    return Quotient(number, {base: n for base, n in powers.items() if n})


def raised(value: Quotient, n: int) -> Quotient:
    """An integer power of what is not zero where `n` is negative."""
    return Quotient(value.number**n, {base: n * times for base, times in value.powers.items()} if n else {})
