"""Exact rational functions for the replay of certificates, on ``sympy.polys.rings`` over the rationals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property, lru_cache, reduce
from typing import Any

from sympy import Add, And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Mul, Ne, Or, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from derive.certificates import Certificate
from derive.tree import free_symbols

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
MOST_POWER = 1000
LONG = 200  # terms

# What symbols are replaced by, and the meanings of the slack variables in it.
Moves = tuple[tuple[tuple[Symbol, Expr], ...], tuple[tuple[Symbol, Expr], ...]]


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
    """The ring of one check, the function that replays a part of a certificate, a memory of conversions, and by their identity the
    parts that were accepted: a part is judged by itself and what it supposes, so it need not be judged again."""

    ring: PolyRing
    replay: Callable[[Session, Certificate, Known], None]
    memory: dict[Expr, Fraction] = field(default_factory=dict)
    done: dict[int, Certificate] = field(default_factory=dict)
    moves: dict[Moves, dict[Symbol, Fraction]] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[Symbol, int]:
        """Where the exponent of each symbol stands in a monomial."""
        return {symbol: place for place, symbol in enumerate(self.ring.symbols)}

    def fraction(self, expression: Expr, values: dict[Symbol, Fraction] | None = None) -> Fraction:
        """`expression`, with the symbols in `values` replaced. Raises `Rejected` if it is not a rational function."""
        if values is None:
            if expression not in self.memory:
                self.memory[expression] = self._read(expression)
            return self.memory[expression]
        plain, used = self.fraction(expression), free_symbols(expression)
        places = {self.places[symbol]: value for symbol, value in values.items() if symbol in used}
        below = [power(substituted(base, places), -exponent) for base, exponent in plain.bottom]
        result = reduce(multiply, below, substituted(plain.top, places))
        divided = [power(substituted(divisor, places), -1).divisors for divisor in plain.divisors]
        return replace(result, divisors=result.divisors.union(*divided))

    def _read(self, expression: Expr) -> Fraction:
        terms = self._terms(expression)
        if terms is not None:
            return Fraction(self.ring.from_dict(terms))
        if isinstance(expression, Add):
            return total(self.ring, [self._read(part) for part in expression.args])
        if isinstance(expression, Mul):
            return reduce(multiply, [self._read(part) for part in expression.args])
        if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
            return power(self._read(expression.base), int(expression.exp))
        raise Rejected(f"not a rational function: {expression}")

    def _terms(self, expression: Expr) -> dict[tuple[int, ...], Any] | None:
        """The coefficients of a sum of numbers times powers of symbols, by their exponents; None for anything else."""
        found: dict[tuple[int, ...], Any] = {}
        for term in Add.make_args(expression):
            coefficient, exponents = QQ(1), [0] * len(self.places)
            for factor in Mul.make_args(term):
                base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, 1)
                count = int(exponent) if isinstance(exponent, int | Integer) else 0
                if isinstance(factor, Rational) and factor.is_finite:
                    coefficient *= QQ(int(factor.p), int(factor.q))
                elif base in self.places and 0 < count <= MOST_POWER:
                    exponents[self.places[base]] += count
                else:
                    return None
            monomial = tuple(exponents)
            found[monomial] = found.get(monomial, 0) + coefficient
        return found

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

    def fact(self, fact: Boolean) -> PolyElement:
        """``left - right`` of a relation that holds and so is defined: a denominator that divides the numerator is none."""
        value = self.difference(fact)
        quotient, remainder = divmod(value.top, product_of(self.ring, value.bottom))
        if remainder:
            raise Rejected(f"has a denominator: {fact}")
        return quotient


def product_of(ring: PolyRing, powers: Iterable[tuple[PolyElement, int]]) -> PolyElement:
    return reduce(times, (base**exponent for base, exponent in powers if exponent), ring.one)


def times(a: PolyElement, b: PolyElement) -> PolyElement:
    """The product; a single term as a factor costs no more than reading the other one."""
    if len(a) == 1:
        a, b = b, a
    if len(b) != 1:
        return a * b
    ((monomial, coefficient),) = b.terms()
    a = a if coefficient == 1 else a.mul_ground(coefficient)
    return a.mul_monom(monomial) if any(monomial) else a


def total(ring: PolyRing, parts: Sequence[Fraction]) -> Fraction:
    """The sum: those with one denominator first, then all of them over the common one."""
    tops: dict[frozenset[tuple[PolyElement, int]], dict[tuple[int, ...], Any]] = {}
    common: dict[PolyElement, int] = {}
    for part in parts:
        terms = tops.setdefault(frozenset(part.bottom), {})
        for monomial, coefficient in part.top.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
        common |= {base: max(common.get(base, 0), exponent) for base, exponent in part.bottom}
    top = ring.zero
    for bottom, terms in tops.items():
        own = dict(bottom)
        top += times(ring.from_dict(terms), product_of(ring, ((p, e - own.get(p, 0)) for p, e in common.items())))
    return Fraction(top, tuple(common.items()), frozenset[PolyElement]().union(*(part.divisors for part in parts)))


def add(a: Fraction, b: Fraction) -> Fraction:
    return total(a.top.ring, (a, b))


def multiply(a: Fraction, b: Fraction) -> Fraction:
    bottom = dict(a.bottom)
    for base, exponent in b.bottom:
        bottom[base] = bottom.get(base, 0) + exponent
    return Fraction(times(a.top, b.top), tuple(bottom.items()), a.divisors | b.divisors)


def substituted(polynomial: PolyElement, values: dict[int, Fraction]) -> Fraction:
    """The polynomial with values for some generators, one after the other by Horner's rule."""
    if not values:
        return Fraction(polynomial)
    ring, (place, *others) = polynomial.ring, sorted(values)
    rest = {other: values[other] for other in others}
    by_degree: dict[int, dict[tuple[int, ...], Any]] = {}
    for monomial, coefficient in polynomial.items():
        without = (*monomial[:place], 0, *monomial[place + 1 :])
        by_degree.setdefault(monomial[place], {})[without] = coefficient
    value = values[place]
    result = Fraction(ring.zero, (), value.divisors)
    for degree in range(max(by_degree, default=0), -1, -1):
        result = multiply(result, value) if result.top else result
        if degree in by_degree:
            result = add(result, substituted(ring.from_dict(by_degree[degree]), rest))
    return result


def power(a: Fraction, exponent: int) -> Fraction:
    if abs(exponent) > MOST_POWER:
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
    if len(a.top) + len(b.top) > LONG:
        a, b = _lowered(a, b), _lowered(b, a)
    return not add(a, Fraction(-b.top, b.bottom)).top


def _lowered(a: Fraction, b: Fraction) -> Fraction:
    """``a`` with the factors cancelled, as far as they go, by which it divides more often than ``b``: dividing costs less than
    multiplying by them on the other side."""
    top, bottom, other = a.top, dict(a.bottom), dict(b.bottom)
    for base, exponent in a.bottom:
        for _ in range(exponent - other.get(base, 0)):
            quotient, rest = divmod(top, base)
            if rest:
                break
            top, bottom[base] = quotient, bottom[base] - 1
    return Fraction(top, tuple((base, exponent) for base, exponent in bottom.items() if exponent))


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


def inequations(session: Session, proofs: tuple[Certificate, ...], known: Known) -> list[PolyElement]:
    """What the proofs show to be nonzero."""
    for proof in proofs:
        session.replay(session, proof, known)
        if not isinstance(proof.claim, Ne):
            raise Rejected("not an inequation")
    return [session.polynomial(proof.claim) for proof in proofs]


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
def session_of(symbols: tuple[Symbol, ...], replay: Callable[[Session, Certificate, Known], None]) -> Session:
    """The session in the polynomial ring of these symbols: certificates about the same solutions share what was read."""
    return Session(PolyRing(symbols, QQ), replay)


def symbols_in(certificate: Certificate, known: dict[int, frozenset[Symbol]]) -> tuple[Symbol, ...]:
    """All symbols of a certificate and its parts, by name; `known` keeps those of the parts, by their identity."""
    return tuple(sorted(_symbols(certificate, known), key=lambda symbol: symbol.name))


def _symbols(value: object, known: dict[int, frozenset[Symbol]]) -> frozenset[Symbol]:
    if isinstance(value, Expr | Boolean):
        return free_symbols(value)
    if id(value) not in known:
        own = (getattr(value, each.name) for each in fields(value)) if is_dataclass(value) else ()
        parts = value if isinstance(value, tuple) else own
        known[id(value)] = frozenset[Symbol]().union(*(_symbols(part, known) for part in parts))
    return known[id(value)]
