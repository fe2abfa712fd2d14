"""What is asked of the same expressions again and again, answered once for every part: its free symbols, and its operations."""

from __future__ import annotations

from functools import lru_cache

from sympy import Basic, Derivative, Expr, S, Symbol, fraction
from sympy.core.operations import LatticeOp

__all__ = ["free_symbols", "operations"]


@lru_cache(maxsize=1 << 16)
def free_symbols(expression: Basic) -> frozenset[Symbol]:
    """The same symbols as ``expression.free_symbols``."""
    if not expression.args or type(expression).free_symbols is not Basic.free_symbols:
        return frozenset(expression.free_symbols)
    first, *others = map(free_symbols, expression.args)
    return first.union(*others)


@lru_cache(maxsize=1 << 15)
def operations(expression: Expr) -> int:
    """The same number as ``expression.count_ops()``, without its bookkeeping by kind."""
    if expression.is_Rational:
        return int(expression.p < 0) + int(expression.q != 1)
    if expression.is_Add:
        negative = [_is_negative(term) for term in expression.args]
        return len(negative) - 1 + int(all(negative)) + sum(map(_unsigned, expression.args))
    return _unsigned(expression) + int(_is_negative(expression)) if expression.is_Mul else _of_parts(expression)


def _is_negative(term: Expr) -> bool:
    number = term.args[0] if term.is_Mul else term
    return bool(number.is_Number and number.is_extended_negative)


@lru_cache(maxsize=1 << 15)
def _unsigned(term: Expr) -> int:
    """Of a term without the minus sign before it."""
    plain = _of_monomial(term)
    if plain is not None:
        return plain
    if not term.is_Mul:
        return operations(-term if _is_negative(term) else term)
    if not _is_negative(term):
        return _of_product(term)
    return _of_product(term.as_two_terms()[1] if term.args[0] is S.NegativeOne else -term)


def _of_monomial(term: Expr) -> int | None:
    """Of a number times whole positive powers of symbols; None for anything else."""
    if not term.is_Mul:
        return None
    count = -1
    for place, factor in enumerate(term.args):
        if factor.is_Symbol:
            count += 1
        elif factor.is_Pow and factor.base.is_Symbol and factor.exp.is_Integer and factor.exp > 0:
            count += 2
        elif factor.is_Rational and place == 0:
            count += int(abs(factor.p) != 1) + int(factor.q != 1)
        else:
            return None
    return count


def _of_product(term: Expr) -> int:
    above, below = fraction(term)
    if above.is_Integer:
        return 1 + int(bool(above < 0)) + operations(below)
    if below is not S.One:
        return 1 + operations(above) + (0 if below.is_Integer else operations(below))
    return len(term.args) - 1 + sum(map(operations, term.args)) if term.is_Mul else _of_parts(term)


def _of_parts(expression: Expr) -> int:
    if expression == S.Exp1:
        return 1
    if expression.is_Pow and expression.exp is S.NegativeOne:
        return 1 + operations(expression.base)
    own = 0
    if isinstance(expression, LatticeOp):
        own = len(expression.args) - 1
    elif expression.args and (expression.is_Pow or expression.is_Function or isinstance(expression, Derivative)):
        own = 1
    return own + sum(map(operations, expression.args))
