"""The sign of an expression by its structure, with a prover for what the structure does not settle.

Powers with symbolic exponents are settled here (a positive base has positive powers); sums go to the prover.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, Mul, Pow, Symbol, exp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

__all__ = ["sign"]


def sign(
    expression: Expr,
    given: tuple[Boolean, ...],
    prove: Callable[[Boolean, tuple[Boolean, ...]], object | None],
) -> int | None:
    """+1 or -1 if `expression` is proved positive or negative wherever `given` hold; None if neither is proved."""
    if expression.is_number:
        return 1 if expression.is_positive is True else -1 if expression.is_negative is True else None
    if isinstance(expression, exp):
        return 1
    if isinstance(expression, Mul):
        total = 1
        for factor in expression.args:
            found = sign(factor, given, prove)
            if found is None:
                break
            total *= found
        else:
            return total
    if isinstance(expression, Pow):
        base = sign(expression.base, given, prove)
        if base == 1:
            return 1
        if base == -1 and expression.exp.is_integer:
            return 1 if expression.exp.is_even else -1
    if isinstance(expression, Symbol):
        found = _bounded_away(expression, given)
        if found is not None:
            return found
    if prove(expression > 0, given) is not None:
        return 1
    if prove(expression < 0, given) is not None:
        return -1
    return None


def _bounded_away(symbol: Symbol, given: tuple[Boolean, ...]) -> int | None:
    """The sign that a single relation between `symbol` and a number gives, if one does."""
    for relation in given:
        if not isinstance(relation, Relational) or relation.rel_op not in ("<", "<=", ">", ">="):
            continue
        small, large = relation.lts, relation.gts
        strict = relation.rel_op in ("<", ">")
        if large == symbol and (small.is_positive is True or (strict and small.is_zero is True)):
            return 1
        if small == symbol and (large.is_negative is True or (strict and large.is_zero is True)):
            return -1
    return None
