"""Expressions multiplied out, by which equal ones are known; by FLINT, with one denominator."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, expand

from derive.field import NotRational, fraction

__all__ = ["expanded"]


@lru_cache(maxsize=1 << 13)
def expanded(expression: Expr) -> Expr:
    """The expression as a sum of products of powers, over one denominator; as SymPy expands it where it is not rational."""
    try:
        ring, top, bottom = fraction(expression)
    except (NotRational, ZeroDivisionError):
        return expand(expression)
    total = ring.expression(top)
    below = ring.expression(bottom)
    return total if below == 1 else Add(*(term / below for term in Add.make_args(total)))
