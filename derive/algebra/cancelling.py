"""Multiples of two equations with which two of their terms cancel: terms in powers of the unknowns, which are positive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from sympy import Expr, Mul, Pow, Symbol

from derive.algebra.monomials import terms_in
from derive.field import normal

__all__ = ["Weights", "cancelling"]

Weights = tuple[int, Expr, int, Expr]
"""An equation and its multiple, another one and its multiple."""

# Terms of an equation that is looked at.
MOST = 6


def cancelling(equations: Sequence[Expr], unknowns: Sequence[Symbol]) -> Iterator[Weights]:
    """All such multiples of two equations of few terms."""
    for i, j in combinations(range(len(equations)), 2):
        first, second = terms_in(equations[i], unknowns), terms_in(equations[j], unknowns)
        if first is None or second is None or max(len(first), len(second)) > MOST:
            continue
        for exponents, coefficient in first:
            for others, other in second:
                gap = (normal(a - b) for a, b in zip(others, exponents, strict=True))
                shift = Mul(*(Pow(unknown, exponent) for unknown, exponent in zip(unknowns, gap, strict=True)))
                yield i, normal(other * shift), j, -coefficient
