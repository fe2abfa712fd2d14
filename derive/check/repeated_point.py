"""What expressions and relations of a repeated game are at an exact point: rational numbers, and nothing but these."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import sympy
from sympy import Expr, Rational, Symbol, sympify
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.certificates import Rejected
from derive.check.values import exact

__all__ = ["rational", "true_at"]

_COMPARED = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


def rational(expression: Expr, point: Mapping[Symbol, Fraction]) -> Fraction:
    """The value at a point. Raises Rejected where that is not a rational number, ZeroDivisionError where there is none."""
    expression = sympify(expression)
    values = exact((expression,), point)
    if values is not None:
        return values[0]
    value = sympy.cancel(_put(expression, point).doit())
    if not value.is_Rational:
        raise Rejected(f"{expression} has no rational value at a point")
    return Fraction(int(value.p), int(value.q))


def true_at(relation: Boolean, point: Mapping[Symbol, Fraction]) -> bool:
    """Whether a relation, or what is put together of several, is true at a point."""
    sides = exact((relation.lhs, relation.rhs), point) if isinstance(relation, Relational) else None
    if sides is not None:
        return bool(_COMPARED[relation.rel_op](*sides))
    return bool(_put(relation, point).doit() == sympy.true)


def _put(tree: Any, point: Mapping[Symbol, Fraction]) -> Any:
    return tree.xreplace({symbol: Rational(value.numerator, value.denominator) for symbol, value in point.items()})
