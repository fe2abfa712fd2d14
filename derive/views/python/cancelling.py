"""Differences of nearly equal numbers, put in a form in which nothing cancels: roots, and logarithms of what is near 1."""

from __future__ import annotations

from collections.abc import Set

from sympy import Add, Expr, Mul, Pow, Rational, fraction, log

from derive.field import NotRational, normal


def steadied(expr: Expr, positive: Set[Expr]) -> Expr:
    """The expression with two of its parts written anew, wherever all that they are made of is seen to be positive.

    ``sqrt(a**2 + b) - a`` becomes ``b/(sqrt(a**2 + b) + a)``, and ``log(a/b)`` with a > b becomes ``log(1 + (a - b)/b)``.
    """
    if not expr.has(log) and not any(_is_root(power) for power in expr.atoms(Pow)):
        return expr
    if expr.args:
        expr = expr.func(*(steadied(part, positive) for part in expr.args))
    new = _quotient(expr, positive) if isinstance(expr, Add) else _logarithm(expr, positive) if isinstance(expr, log) else None
    return expr if new is None else new


def _logarithm(expr: Expr, positive: Set[Expr]) -> Expr | None:
    for sign in (1, -1):
        try:
            excess = normal(expr.args[0] ** sign - 1)
        except NotRational:
            return None
        if excess.free_symbols and _sign(excess, positive) == 1:
            top, bottom = fraction(excess)
            return sign * log(1 + (top / bottom if _sign(bottom, positive) == 1 else -top / -bottom))
    return None


def _quotient(expr: Add, positive: Set[Expr]) -> Expr | None:
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


def _sign(expr: Expr, positive: Set[Expr]) -> int:
    """The sign that an expression has at sight: 0 where none is seen."""
    if expr.is_Rational:
        return (expr.p > 0) - (expr.p < 0)
    if expr in positive or -expr in positive:
        return 1 if expr in positive else -1
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
