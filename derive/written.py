"""Polynomials written as SymPy expressions, as sums and as products, without the work of SymPy where nothing is to be combined."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly
from sympy import Add, Expr, Function, Mul, Pow, Rational, S, default_sort_key

from derive.ordered import Key, joined, key
from derive.tree import free_symbols

Monomial = tuple[int, ...]


def monomials(poly: fmpq_mpoly) -> list[Monomial]:
    """The exponents of every term, in Python's own integers."""
    return [tuple(map(int, exponents)) for exponents in poly.monoms()]


def with_content(poly: fmpq_mpoly) -> tuple[fmpq, fmpq_mpoly]:
    """Split off the rational content, with the sign that leaves most coefficients (in a tie the leading one) positive."""
    values = [(int(value.p), int(value.q)) for value in poly.coeffs()]
    scale = lcm(*(below for _, below in values))
    common = gcd(*(above * (scale // below) for above, below in values))
    surplus = sum(1 if above > 0 else -1 for above, _ in values)
    if surplus < 0 or (surplus == 0 and _leads_negative(monomials(poly), values)):
        common = -common
    content = fmpq(common, scale)
    return content, poly if common == scale else poly / content


def _leads_negative(terms: Sequence[Monomial], values: Sequence[tuple[int, int]]) -> bool:
    lead = max(range(len(terms)), key=lambda place: (sum(terms[place]), terms[place]))
    return values[lead][0] < 0


def product(number: Rational, powers: Mapping[Expr, int], rest: Expr = S.One) -> Expr:
    """A number times positive powers of different bases, times other factors."""
    factors = [raised(base, exponent) for base, exponent in powers.items()]
    return multiplied(number, factors if rest is S.One else [rest, *factors])


@lru_cache(maxsize=1 << 14)
def raised(base: Expr, exponent: int) -> Expr:
    """A whole power: of a sum with symbols without the questions that SymPy asks of sums."""
    if base.is_Add and free_symbols(base) and exponent not in (0, 1):
        return Pow(base, exponent, evaluate=False)
    return base**exponent


def multiplied(number: Rational, factors: Sequence[Expr]) -> Expr:
    """A number times powers of different bases, put together in SymPy's order where SymPy has nothing to combine."""
    lone = len(factors) == 1 and factors[0].is_Add and number is not S.One
    if lone or number.is_zero or not all(map(_apart, factors)):
        return Mul(number, *factors)
    in_order = sorted(factors, key=key) if len(factors) > 1 else factors
    return Mul._from_args([*in_order] if number is S.One else [number, *in_order], is_commutative=True)


@lru_cache(maxsize=1 << 14)
def _apart(factor: Expr) -> bool:
    """Whether SymPy leaves a factor as it is beside powers of other bases: a power of a symbol, a sum or a function."""
    base, exponent = factor.args if factor.is_Pow else (factor, S.One)
    if base.is_Symbol:
        return bool(exponent.is_Integer or (free_symbols(exponent) and not exponent.as_coeff_Mul()[1].is_Add))
    if not exponent.is_Integer or not free_symbols(base):
        return False
    return bool(base.is_Add or (isinstance(base, Function) and type(base)._eval_power is Expr._eval_power))


def added(terms: Sequence[Expr]) -> Expr:
    """A sum of terms that are no sums, none of them a multiple of another one, put together in SymPy's order."""
    numbers = [term for term in terms if term.is_Number]
    others = sorted((term for term in terms if not term.is_Number), key=_term_key)
    return Add._from_args([*numbers, *others], is_commutative=True)


def negated(total: Expr) -> Expr:
    """A sum with the sign of every term turned."""
    turned = [-term for term in total.args]
    return Add(*turned) if any(term.is_Add for term in turned) else added(turned)


def _term_key(term: Expr) -> Key:
    return joined(Mul, [key(factor) for factor in term.args]) if term.is_Mul else key(term)


class Writer:
    """Writes polynomials in given generators, the powers of which are made once."""

    def __init__(self, generators: Sequence[Expr]) -> None:
        self._generators = generators
        self._apart = all(map(_apart, generators))
        self._powers: dict[tuple[int, int], Expr] = {}

    def sum(self, poly: fmpq_mpoly) -> Expr:
        """A polynomial, expanded."""
        terms = [self._term(monomial, coefficient) for monomial, coefficient in zip(monomials(poly), poly.coeffs(), strict=True)]
        return added(terms) if self._apart else Add(*terms)

    def _term(self, monomial: Monomial, coefficient: fmpq) -> Expr:
        number = Rational(int(coefficient.p), int(coefficient.q))
        return multiplied(number, [self._power(i, exponent) for i, exponent in enumerate(monomial) if exponent])

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
        return multiplied(self.coefficient, [raised(base, exponent) for base, exponent in self.factors])


def factors_of(top: fmpq_mpoly, bottom: fmpq_mpoly, write: Callable[[fmpq_mpoly], Expr]) -> Factored:
    """The factors of a reduced fraction, each with most of its coefficients positive."""
    if top.is_zero():
        return Factored(S.Zero, ())
    coefficient = fmpq(1)
    factors: list[tuple[Expr, int]] = []
    for poly, sign in ((top, 1), (bottom, -1)):
        constant, parts = irreducible_factors(poly)
        coefficient *= constant if sign == 1 else 1 / fmpq(constant)
        for part, multiplicity in parts:
            content, primitive = with_content(part)
            coefficient *= content ** (sign * multiplicity)
            factors.append((write(primitive), sign * multiplicity))
    return Factored(Rational(int(coefficient.p), int(coefficient.q)), tuple(_in_order(factors)))


def irreducible_factors(poly: fmpq_mpoly) -> tuple[fmpq, Sequence[tuple[fmpq_mpoly, int]]]:
    """A number, and the irreducible factors of a polynomial with their powers.

    A sum that no monomial divides has no others if a term alone has some generator, and not squared: a factor without the
    generator would divide that term, and so be a monomial. FLINT is asked for the factors of any other sum.
    """
    terms = monomials(poly)
    columns = list(zip(*terms, strict=True))
    least = [min(column) for column in columns]
    if len(terms) > 1 and all(sum(column) - low * len(column) != 1 for column, low in zip(columns, least, strict=True)):
        constant, parts = poly.factor()
        return constant, [(part, int(times)) for part, times in parts]
    context = poly.context()
    powers = [(generator, times) for generator, times in zip(context.gens(), least, strict=True) if times]
    if len(terms) == 1:
        return poly.coeffs()[0], powers
    return fmpq(1), [*powers, (poly / context.from_dict({tuple(least): 1}) if powers else poly, 1)]


def _in_order(factors: list[tuple[Expr, int]]) -> Iterator[tuple[Expr, int]]:
    """Numerators first, sums last; SymPy's order, costly for sums, only among those of a kind."""
    for below, sums in itertools.product((False, True), repeat=2):
        group = [factor for factor in factors if (factor[1] < 0, factor[0].is_Add) == (below, sums)]
        yield from sorted(group, key=lambda factor: default_sort_key(factor[0])) if len(group) > 1 else group
