"""Polynomials written as SymPy expressions, without the work of SymPy where nothing is to be combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly
from sympy import Add, Expr, Mul, Pow, Rational, S, Symbol

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


def _name(symbol: Expr) -> str:
    assert isinstance(symbol, Symbol)
    return symbol.name


class Writer:
    """Writes polynomials in given generators, the powers of which are made once."""

    def __init__(self, generators: Sequence[Expr]) -> None:
        self._generators = generators
        self._plain = all(generator.is_Symbol for generator in generators)
        self._powers: dict[tuple[int, int], Expr] = {}

    def sum(self, table: Mapping[Monomial, fmpq]) -> Expr:
        """The sum of monomials with their coefficients."""
        return Add(*(self._term(monomial, coefficient) for monomial, coefficient in table.items()))

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
