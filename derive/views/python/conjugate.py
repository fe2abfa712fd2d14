"""Differences of a square root and something near it, written as a quotient in which nothing cancels."""

from __future__ import annotations

from collections.abc import Set

from sympy import Add, Expr, Mul, Pow, Rational, Symbol

from derive.field import NotRational, normal


def conjugated(expr: Expr, positive: Set[Symbol]) -> Expr:
    """``sqrt(a**2 + b) - a`` as ``b/(sqrt(a**2 + b) + a)``, wherever in the expression all of these are seen to be positive."""
    if not any(_is_root(power) for power in expr.atoms(Pow)):
        return expr
    if expr.args:
        expr = expr.func(*(conjugated(part, positive) for part in expr.args))
    return (_quotient(expr, positive) if isinstance(expr, Add) else None) or expr


def _quotient(expr: Add, positive: Set[Symbol]) -> Expr | None:
    roots = [term for term in expr.args if any(_is_root(factor) and factor.free_symbols for factor in Mul.make_args(term))]
    if len(roots) != 1 or any(_is_root(power) and power.free_symbols for power in (expr - roots[0]).atoms(Pow)):
        return None
    root, rest = roots[0], expr - roots[0]
    if _sign(root, positive) * _sign(rest, positive) != -1:
        return None
    try:
        gap = normal(root**2 - rest**2)
    except NotRational:
        return None
    return gap / (root - rest) if _sign(gap, positive) else None


def _is_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == Rational(1, 2)


def _sign(expr: Expr, positive: Set[Symbol]) -> int:
    """The sign that an expression has at sight: 0 where none is seen."""
    if expr.is_Rational:
        return (expr.p > 0) - (expr.p < 0)
    if isinstance(expr, Symbol):
        return int(expr in positive)
    if isinstance(expr, Add):
        signs = {_sign(term, positive) for term in expr.args}
        return signs.pop() if len(signs) == 1 else 0
    if isinstance(expr, Mul):
        total = 1
        for factor in expr.args:
            total *= _sign(factor, positive)
        return total
    if _is_root(expr):
        return 1
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        base = _sign(expr.base, positive)
        return base if expr.exp % 2 else base * base
    return 1 if isinstance(expr, Pow) and _sign(expr.base, positive) == 1 else 0
