"""Squares of two terms seen in a sum."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, sqrt

__all__ = ["completed"]

_MOST_TERMS = 6


@lru_cache(maxsize=4096)
def completed(total: Expr) -> Expr:
    """``a**2 - 2*a*b + b**2 - f`` as ``(a - b)**2 - f``, where just one square of two terms stands in the sum; else the sum itself."""
    terms = Add.make_args(total)
    if not 4 <= len(terms) <= _MOST_TERMS:
        return total
    roots = {term: root for term in terms if (root := _root(term)) is not None}
    found = [
        (first, second, cross, base)
        for first, second in combinations(roots, 2)
        for base in (roots[first] + roots[second], roots[first] - roots[second])
        if (cross := (base**2).expand() - first - second) in terms
    ]
    if len(found) != 1:
        return total
    first, second, cross, base = found[0]
    return Add(Pow(base, 2), *(term for term in terms if term not in (first, second, cross)))


def _root(term: Expr) -> Expr | None:
    """The root of a rational square times even powers of symbols; None for anything else."""
    number, rest = term.as_coeff_Mul()
    if not (isinstance(number, Rational) and number > 0 and isinstance(sqrt(number), Rational)) or rest == 1:
        return None
    roots: list[Expr] = []
    for factor in Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if not isinstance(base, Symbol) or not (isinstance(exponent, Integer) and exponent > 0 and exponent % 2 == 0):
            return None
        roots.append(base ** (exponent / 2))
    return Mul(sqrt(number), *roots)
