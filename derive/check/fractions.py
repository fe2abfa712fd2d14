"""Exact rational functions for the replay of certificates, on ``sympy.polys.rings`` over the rationals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from sympy import Add, And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Mul, Ne, Or, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from derive.certificates import Certificate

Known = frozenset[Boolean]

# The signs that a relation allows its ``left - right`` to have, and back.
SIGNS: dict[type, frozenset[int]] = {
    Gt: frozenset({1}),
    Ge: frozenset({0, 1}),
    Lt: frozenset({-1}),
    Le: frozenset({-1, 0}),
    Eq: frozenset({0}),
    Ne: frozenset({-1, 1}),
}
DENIAL = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt, Eq: Ne, Ne: Eq}
ANY = frozenset({-1, 0, 1})


class Rejected(Exception):
    """The certificate does not establish its claim; the message says why."""


@dataclass(frozen=True)
class Fraction:
    """``top / product(bottom)``; `divisors` are all polynomials by which evaluating the expression divides."""

    top: PolyElement
    bottom: tuple[tuple[PolyElement, int], ...] = ()
    divisors: frozenset[PolyElement] = frozenset()


@dataclass(frozen=True)
class Session:
    """The ring of one check, the function that replays a part of a certificate, and a memory of conversions."""

    ring: PolyRing
    replay: Callable[[Session, Certificate, Known], None]
    memory: dict[Expr, Fraction] = field(default_factory=dict)

    def fraction(self, expression: Expr, values: dict[Symbol, Fraction] | None = None) -> Fraction:
        """`expression`, with the symbols in `values` replaced. Raises `Rejected` if it is not a rational function."""
        if values is None:
            if expression not in self.memory:
                self.memory[expression] = self._read(expression, {})
            return self.memory[expression]
        return self._read(expression, values)

    def _read(self, expression: Expr, values: dict[Symbol, Fraction]) -> Fraction:
        if isinstance(expression, Symbol):
            return values.get(expression) or Fraction(self.ring(expression))
        if isinstance(expression, Rational) and expression.is_finite:
            return Fraction(self.ring(QQ(int(expression.p), int(expression.q))))
        if isinstance(expression, Add | Mul):
            total = Fraction(self.ring(0 if isinstance(expression, Add) else 1))
            for part in expression.args:
                total = (add if isinstance(expression, Add) else multiply)(total, self._read(part, values))
            return total
        if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
            return power(self._read(expression.base, values), int(expression.exp))
        raise Rejected(f"not a rational function: {expression}")

    def difference(self, claim: Boolean) -> Fraction:
        """``left - right`` of a relation."""
        if not isinstance(claim, Relational):
            raise Rejected(f"not a relation: {claim}")
        left = self.fraction(claim.lhs)
        return left if claim.rhs == 0 else add(left, multiply(self.fraction(claim.rhs), Fraction(self.ring(-1))))

    def polynomial(self, claim: Boolean) -> PolyElement:
        """``left - right`` of a relation without denominators."""
        value = self.difference(claim)
        if value.divisors:
            raise Rejected(f"has a denominator: {claim}")
        return value.top


def product_of(ring: PolyRing, powers: Iterable[tuple[PolyElement, int]]) -> PolyElement:
    total = ring(1)
    for base, exponent in powers:
        total *= base**exponent
    return total


def add(a: Fraction, b: Fraction) -> Fraction:
    first, second = dict(a.bottom), dict(b.bottom)
    common = {base: max(first.get(base, 0), second.get(base, 0)) for base in (*first, *second)}
    ring = a.top.ring
    top = a.top * product_of(ring, ((p, e - first.get(p, 0)) for p, e in common.items()))
    top += b.top * product_of(ring, ((p, e - second.get(p, 0)) for p, e in common.items()))
    return Fraction(top, tuple(common.items()), a.divisors | b.divisors)


def multiply(a: Fraction, b: Fraction) -> Fraction:
    bottom = dict(a.bottom)
    for base, exponent in b.bottom:
        bottom[base] = bottom.get(base, 0) + exponent
    return Fraction(a.top * b.top, tuple(bottom.items()), a.divisors | b.divisors)


def power(a: Fraction, exponent: int) -> Fraction:
    if abs(exponent) > 1000:
        raise Rejected("exponent too large")
    if exponent >= 0:
        return Fraction(a.top**exponent, tuple((p, e * exponent) for p, e in a.bottom if exponent), a.divisors)
    if not a.top:
        raise Rejected("division by zero")
    ring, scale = a.top.ring, a.top.LC
    top = product_of(ring, ((p, -e * exponent) for p, e in a.bottom)) * (1 / scale) ** -exponent
    if a.top.is_ground:
        return Fraction(top, (), a.divisors)
    base = a.top.monic()
    return Fraction(top, ((base, -exponent),), a.divisors | {base})


def ratio(a: Fraction, b: Fraction) -> int:
    """1 or -1 when ``a`` is that times a positive number times ``b``. Raises `Rejected` otherwise."""
    ring = a.top.ring
    first, second = dict(a.bottom), dict(b.bottom)
    left = a.top * product_of(ring, ((p, max(e - first.get(p, 0), 0)) for p, e in second.items()))
    right = b.top * product_of(ring, ((p, max(e - second.get(p, 0), 0)) for p, e in first.items()))
    if not left or not right:
        if left == right:
            return 1
        raise Rejected("expressions differ")
    scale = left.LC / right.LC
    if left != right * scale:
        raise Rejected("expressions differ")
    return 1 if scale > 0 else -1


def equal(a: Fraction, b: Fraction) -> bool:
    return not add(a, Fraction(-b.top, b.bottom)).top


def defined(a: Fraction, b: Fraction) -> None:
    """Where ``b`` is defined, ``a`` is."""
    if not a.divisors <= b.divisors:
        raise Rejected("defined on less")


def one_signed(polynomial: PolyElement, slacks: dict[int, bool]) -> tuple[int, bool]:
    """Common sign of all terms, and whether some term is surely nonzero.

    `slacks` maps generators known to be nonnegative to whether they are positive; other generators may only occur squared.
    """
    sign, strict = 0, False
    for monomial, coefficient in polynomial.terms():
        here = 1 if coefficient > 0 else -1
        if sign not in (0, here) or any(e % 2 and i not in slacks for i, e in enumerate(monomial)):
            raise Rejected("terms of both signs")
        sign = here
        strict = strict or all(slacks.get(i, False) for i, e in enumerate(monomial) if e)
    return sign, strict


def covered(value: Fraction, nonzero: list[PolyElement]) -> None:
    """Each divisor of `value` is a product of polynomials known to be nonzero."""
    for divisor in value.divisors:
        rest = divisor
        for base in nonzero:
            while not base.is_ground and not rest.is_ground and not rest.rem(base):
                rest = rest.quo(base)
        if not rest.is_ground:
            raise Rejected("a denominator is not shown to be nonzero")


def put(claim: Boolean, table: dict[Expr, Expr]) -> Boolean:
    if isinstance(claim, Relational):
        return type(claim)(claim.lhs.xreplace(table), claim.rhs.xreplace(table), evaluate=False)
    if isinstance(claim, And | Or):
        return type(claim)(*(put(part, table) for part in claim.args), evaluate=False)
    if claim in (true, false):
        return claim
    raise Rejected(f"unknown statement {claim}")


def part_of(session: Session, certificate: Certificate, known: Known, claim: Boolean) -> None:
    """Replay a part that must prove just `claim`."""
    if certificate.claim != claim:
        raise Rejected(f"a part proves {certificate.claim} instead of {claim}")
    session.replay(session, certificate, known)


@lru_cache(maxsize=64)
def ring_of(symbols: tuple[Symbol, ...]) -> PolyRing:
    """The polynomial ring in these symbols."""
    return PolyRing(symbols, QQ)
