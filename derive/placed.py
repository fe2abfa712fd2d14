"""Normal forms of expressions with values in place of symbols, found without writing the expressions that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sympy import Expr, Pow, Symbol

from derive.field import Fraction, NotRational, composed, normal, normal_of, ring_for
from derive.kernels import kernels

__all__ = ["normal_at"]


def normal_at(expr: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """The normal form of ``expr.xreplace(values)``, whatever is replaced: a value of a law's function may be, too."""
    return _normal_at(expr, tuple(values.items()))


@lru_cache(maxsize=4096)
def _normal_at(expr: Expr, placed: tuple[tuple[Symbol, Expr], ...]) -> Expr:
    values = dict(placed)
    if not all(replaced.is_Symbol for replaced in values):
        return normal(expr.xreplace(values))
    if expr.is_Symbol or not expr.free_symbols & set(values):
        return normal(values.get(expr, expr))
    leaves: dict[Expr, Expr] = {}
    _gather(expr, values, leaves)
    if any(isinstance(node, Pow) and not node.exp.is_Rational for leaf in leaves.values() for node in kernels(leaf)):
        return normal(expr.xreplace(values))  # powers of one base become one in the tree, and would be two generators here
    read: dict[Expr, Fraction] = {}
    try:
        ring = ring_for(dict.fromkeys(leaves.values()))

        def at(part: Expr) -> Fraction:
            if part not in read:
                leaf = leaves.get(part)
                read[part] = ring.combine(part, at) if leaf is None else ring.convert(leaf)
            return read[part]

        return normal_of(ring, *at(expr))
    except (NotRational, ZeroDivisionError):
        return normal(expr.xreplace(values))


def _gather(expr: Expr, values: Mapping[Symbol, Expr], leaves: dict[Expr, Expr]) -> None:
    """What sums, products and whole powers make `expr` of, each with what it is with the values."""
    if composed(expr):
        for part in (expr.base,) if expr.is_Pow else expr.args:
            _gather(part, values, leaves)
    elif expr not in leaves:
        leaves[expr] = values.get(expr, expr) if expr.is_Symbol else expr.xreplace(values)
