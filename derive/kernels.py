"""The parts of expressions that rational arithmetic does not make, found once for every subexpression."""

from __future__ import annotations

from functools import lru_cache

from sympy import Basic

_NONE: frozenset[Basic] = frozenset()


@lru_cache(maxsize=1 << 15)
def kernels(expr: Basic) -> frozenset[Basic]:
    """All parts of an expression, at any depth, that are no sums, products, powers with whole exponents, symbols or numbers."""
    inside = _NONE.union(*map(kernels, expr.args)) if expr.args else _NONE
    rational = expr.is_Add or expr.is_Mul or expr.is_Symbol or expr.is_Number or (expr.is_Pow and expr.args[1].is_Integer)
    return inside if rational else inside | {expr}
