"""Rational functions as products of powers of polynomials with integer coefficients, multiplied out no further than sums ask for.

A sum keeps the factors that its terms share; no greatest common divisor is taken on the way, only in `Quotients.fraction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from sympy import Expr, Symbol
from sympy.polys.domains import QQ, ZZ
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing

__all__ = ["Quotient", "Quotients"]


@dataclass(frozen=True)
class Quotient:
    """``number`` times the product of ``poly**exponent``: primitive polynomials with a positive leading coefficient."""

    number: Fraction
    powers: Mapping[Any, int]

    def __bool__(self) -> bool:
        return self.number != 0


class Quotients:
    """The rational functions in some symbols."""

    def __init__(self, symbols: Sequence[Expr]) -> None:
        self.ring = PolyRing(symbols or [Symbol("_")], ZZ, lex)  # SymPy does not cancel in a ring without a symbol
        gens = self.ring.gens[: len(symbols)]
        self.generators = {symbol: Quotient(Fraction(1), {gen: 1}) for symbol, gen in zip(symbols, gens, strict=True)}

    def total(self, values: Iterable[Quotient]) -> Quotient:
        """The sum."""
        values = [value for value in values if value]
        if len(values) < 2:
            return values[0] if values else Quotient(Fraction(0), {})
        bases = dict.fromkeys(base for value in values for base in value.powers)
        shared = {base: min(value.powers.get(base, 0) for value in values) for base in bases}
        below = lcm(*(value.number.denominator for value in values))
        found = self.ring.zero
        for value in values:
            left = {base: value.powers.get(base, 0) - least for base, least in shared.items()}
            found = found + self._expanded(left).mul_ground(int(value.number * below))
        if not found:
            return Quotient(Fraction(0), {})
        content, base = found.primitive()
        if base.LC < 0:
            content, base = -content, -base
        return product([Quotient(Fraction(int(content), below), {} if base == 1 else {base: 1}), Quotient(Fraction(1), shared)])

    def top(self, value: Quotient) -> Any:
        """The numerator as it stands, multiplied out."""
        return self._expanded({base: n for base, n in value.powers.items() if n > 0}).mul_ground(value.number.numerator)

    def fraction(self, value: Quotient) -> tuple[Any, Any]:
        """Numerator and denominator, coprime, with rational coefficients; equal rational functions have equal ones."""
        bottom = self._expanded({base: -n for base, n in value.powers.items() if n < 0}).mul_ground(value.number.denominator)
        rational = self.ring.clone(domain=QQ)
        return self.top(value).set_ring(rational).cancel(bottom.set_ring(rational))

    def _expanded(self, powers: Mapping[Any, int]) -> Any:
        found = self.ring.one
        for base, n in powers.items():
            if n:
                found = found * base**n
        return found


def product(values: Iterable[Quotient]) -> Quotient:
    """The product; factors that occur above and below cancel."""
    number = Fraction(1)
    powers: dict[Any, int] = {}
    for value in values:
        if not value:
            return Quotient(Fraction(0), {})
        number *= value.number
        for base, n in value.powers.items():
            powers[base] = powers.get(base, 0) + n
    return Quotient(number, {base: n for base, n in powers.items() if n})


def raised(value: Quotient, n: int) -> Quotient:
    """An integer power of what is not zero where `n` is negative."""
    return Quotient(value.number**n, {base: n * times for base, times in value.powers.items()} if n else {})
