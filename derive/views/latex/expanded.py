"""Expressions multiplied out, by which equal ones are known; by FLINT where there is no sum below a line."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, expand

from derive.field import NotRational, fraction

__all__ = ["expanded"]


@lru_cache(maxsize=1 << 13)
def expanded(expression: Expr) -> Expr:
    """The expression as a sum of products of powers, as far as it can be one."""
    try:
        ring, top, bottom = fraction(expression)
    except (NotRational, ZeroDivisionError):
        return expand(expression)
    if len(bottom) > 1:
        return expand(expression)
    total = ring.expression(top)
    below = ring.expression(bottom)
    return total if below == 1 else Add(*(term / below for term in Add.make_args(total)))
