"""Whether an expression vanishes at the values of a regime, exactly, also where some of them are known as roots only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sympy
from sympy import Expr, Integer, Symbol

from derive.check.zero import Undecided, is_zero
from derive.shocks import Cdf
from derive.solution import Implicit

__all__ = ["LARGE", "exactly_zero", "size"]

LARGE = 4000
FAR_TOO_LARGE = 4 * LARGE  # before values are put in: some of them may be zero


def exactly_zero(expr: Expr, values: Mapping[Symbol, Expr], positive: tuple[Expr, ...], implicit: Iterable[Implicit]) -> bool:
    """Whether `expr` is shown to vanish at the `values`; False says no more than that this was not shown."""
    if size(expr, {}) > FAR_TOO_LARGE:
        return False
    expr = expr.xreplace(dict(values))
    if size(expr, {}) > LARGE:
        return False
    try:
        if is_zero(expr, positive):
            return True
    except Undecided:
        pass
    for item in implicit:
        heads = sorted(item.equation.atoms(Cdf), key=str)
        try:
            if len(heads) == 1:
                level = sympy.Dummy(real=True)
                equation = item.equation.xreplace({heads[0]: level})
                slope = equation.diff(level)
                if level not in sympy.expand(slope).free_symbols:
                    root = -equation.xreplace({level: Integer(0)}) / slope.xreplace({level: Integer(0)})
                    return is_zero(expr.xreplace({heads[0]: root}), positive)
            below = _numerator(item.equation)
            if below.is_polynomial(item.symbol) and (top := _numerator(expr)).is_polynomial(item.symbol):
                return bool(sympy.rem(top, below, item.symbol) == 0)
        except (Undecided, sympy.PolynomialError):
            return False
    return False


def _numerator(expr: Expr) -> Expr:
    return sympy.fraction(sympy.together(expr))[0]


def size(expr: Expr, known: dict[Expr, int]) -> int:
    """How many parts an expression has when written out."""
    if expr not in known:
        known[expr] = 1 + sum(size(part, known) for part in expr.args)
    return known[expr]
