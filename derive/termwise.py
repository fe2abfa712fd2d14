"""Polynomials given by their terms: numbers, and the powers of symbols that each multiplies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Rational

from derive.field import rational, ring_for
from derive.written import Factored, factors_of, irreducible_factors

Term = tuple[Rational, Mapping[Expr, int]]


def several_factors(terms: Sequence[Term]) -> Factored | None:
    """The factors of a polynomial; None if it has none but numbers."""
    ring = ring_for(dict.fromkeys(symbol for _, powers in terms for symbol in powers))
    table = {tuple(powers.get(symbol, 0) for symbol in ring.generators): rational(number) for number, powers in terms}
    poly = ring.context.from_dict(table)
    if sum(times for _, times in irreducible_factors(poly)[1]) == 1:
        return None
    return factors_of(poly, ring.one, ring.expression)

