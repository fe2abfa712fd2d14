"""Where a search for the root of an equation begins: as far from one end of the bracket to the other as at one admissible point."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy
from sympy import Integer, oo
from sympy.logic.boolalg import Boolean

from derive.prove.points import witness
from derive.solution import Implicit

_HALF = Fraction(1, 2)
_COARSEST = 6  # the largest denominator of a position
_HALVINGS = 12


def position(root: Implicit, relations: Sequence[Boolean]) -> Fraction:
    """How far on from the lower end of a bounded bracket the root lies, roughly, at one point where the relations hold."""
    if {root.low, root.high} & {oo, -oo}:
        return _HALF
    symbols = (root.equation.free_symbols | root.low.free_symbols | root.high.free_symbols) - {root.symbol}
    point = witness([relation for relation in relations if relation.free_symbols <= symbols])
    if point is None:
        return _HALF
    at = {symbol: point.get(symbol, Integer(1)) for symbol in symbols}
    value = sympy.lambdify(root.symbol, root.equation.xreplace(at) * root.sign, "mpmath")
    try:
        low, high = (sympy.lambdify((), end.xreplace(at), "mpmath")() for end in (root.low, root.high))
        first, last = Fraction(0), Fraction(1)
        for _ in range(_HALVINGS):
            middle = (first + last) / 2
            below = value(low + (high - low) * middle.numerator / middle.denominator) < 0
            first, last = (middle, last) if below else (first, middle)
    except (ArithmeticError, ValueError, TypeError, NameError):
        return _HALF
    near = first.limit_denominator(_COARSEST)
    return near if 0 < near < 1 else _HALF
