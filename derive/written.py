"""Polynomials written as SymPy expressions, as sums and as products, without the work of SymPy where nothing is to be combined."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly
from sympy import Add, Expr, Mul, Pow, Rational, S, Symbol, default_sort_key
from sympy.core.add import _addsort

Monomial = tuple[int, ...]


def with_content(poly: fmpq_mpoly) -> tuple[fmpq, fmpq_mpoly]:
    """Split off the rational content, with the sign that leaves most coefficients (in a tie the leading one) positive."""
    table = poly.to_dict()
    scale = lcm(*(int(value.q) for value in table.values()))
    common = gcd(*(int(value.p) * (scale // int(value.q)) for value in table.values()))
    content = fmpq(common, scale)
    surplus = sum(1 if value > 0 else -1 for value in table.values())
    lead = table[max(table, key=lambda monomial: (sum(monomial), monomial))]
    if surplus < 0 or (surplus == 0 and lead < 0):
        content = -content
    return content, poly / content


def product(number: Rational, powers: Mapping[Expr, int], rest: Expr = S.One) -> Expr:
    """A number times positive powers of different bases, times other factors.

    Where only symbols are raised it is put together in the order that SymPy would give it: symbols, then powers, each by the names.
    """
    if rest != 1 or number.is_zero or not all(base.is_Symbol for base in powers):
        return Mul(number, rest, *(base**exponent for base, exponent in powers.items()))
    by_name = sorted(powers, key=_name)
    factors = [] if number is S.One else [number]
    factors += [base for base in by_name if powers[base] == 1]
    factors += [base ** powers[base] for base in by_name if powers[base] > 1]
    return Mul._from_args(factors, is_commutative=True)


def added(terms: Sequence[Expr]) -> Expr:
    """The sum of numbers times different products of powers of symbols: put together in the order that SymPy would give it."""
    others = [term for term in terms if not term.is_Rational]
    _addsort(others)
    return Add._from_args([*(term for term in terms if term.is_Rational), *others], is_commutative=True)


def _name(symbol: Expr) -> str:
    assert isinstance(symbol, Symbol)
    return symbol.name


def _kind(symbol: Expr) -> tuple[type, frozenset[tuple[str, bool]]]:
    """What SymPy puts symbols in order by before it looks at their names."""
    return type(symbol), frozenset(symbol.assumptions0.items())


class Writer:
    """Writes polynomials in given generators, the powers of which are made once."""

    def __init__(self, generators: Sequence[Expr]) -> None:
        self._generators = generators
        self._plain = all(generator.is_Symbol for generator in generators) and len(set(map(_kind, generators))) <= 1
        self._powers: dict[tuple[int, int], Expr] = {}

    def sum(self, table: Mapping[Monomial, fmpq]) -> Expr:
        """The sum of monomials with their coefficients."""
        terms = [self._term(monomial, coefficient) for monomial, coefficient in table.items()]
        return added(terms) if self._plain else Add(*terms)

    def _term(self, monomial: Monomial, coefficient: fmpq) -> Expr:
        number = Rational(int(coefficient.p), int(coefficient.q))
        if self._plain:
            return product(number, {self._generators[i]: exponent for i, exponent in enumerate(monomial) if exponent})
        return Mul(number, *(self._power(i, exponent) for i, exponent in enumerate(monomial) if exponent))

    def _power(self, i: int, exponent: int) -> Expr:
        if (i, exponent) not in self._powers:
            base = self._generators[i]
            raised = Pow(base.base, base.exp * exponent) if base.is_Pow and not base.base.is_Pow else base**exponent
            self._powers[i, exponent] = raised
        return self._powers[i, exponent]


@dataclass(frozen=True)
class Factored:
    """``coefficient * product(base**exponent)``: irreducible polynomial factors, exponents nonzero integers."""

    coefficient: Rational
    factors: tuple[tuple[Expr, int], ...]

    def expression(self) -> Expr:
        """The product as one SymPy expression."""
        if self.coefficient != 1 and len(self.factors) == 1 and self.factors[0][1] == 1:
            # SymPy would distribute the constant over a lone sum.
            return Mul(self.coefficient, self.factors[0][0], evaluate=False)
        return Mul(self.coefficient, *(base**exponent for base, exponent in self.factors))


def factors_of(top: fmpq_mpoly, bottom: fmpq_mpoly, write: Callable[[fmpq_mpoly], Expr]) -> Factored:
    """The factors of a reduced fraction, each with most of its coefficients positive."""
    if top.is_zero():
        return Factored(S.Zero, ())
    coefficient = fmpq(1)
    factors: list[tuple[Expr, int]] = []
    for poly, sign in ((top, 1), (bottom, -1)):
        constant, parts = poly.factor()
        coefficient *= constant if sign == 1 else 1 / fmpq(constant)
        for part, multiplicity in parts:
            content, primitive = with_content(part)
            coefficient *= content ** (sign * int(multiplicity))
            factors.append((write(primitive), sign * int(multiplicity)))
    return Factored(Rational(int(coefficient.p), int(coefficient.q)), tuple(_in_order(factors)))


def _in_order(factors: list[tuple[Expr, int]]) -> Iterator[tuple[Expr, int]]:
    """Numerators first, sums last; SymPy's order, costly for sums, only among those of a kind."""
    for below, sums in itertools.product((False, True), repeat=2):
        group = [factor for factor in factors if (factor[1] < 0, factor[0].is_Add) == (below, sums)]
        yield from sorted(group, key=lambda factor: default_sort_key(factor[0])) if len(group) > 1 else group
