"""Relations and bounds as a reader would write them in plain text."""

from __future__ import annotations

from decimal import Decimal

from sympy import Rational
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.views.spelling import spelled


def relation_text(relation: Boolean) -> str:
    """A relation as a reader would write it."""
    if isinstance(relation, Relational):
        return f"{spelled(relation.lhs)} {'=' if relation.rel_op == '==' else relation.rel_op} {spelled(relation.rhs)}"
    return spelled(relation)


def decimal(value: Rational) -> str:
    """A rational bound as a decimal where it is one, else as a fraction."""
    return str(Decimal(int(value.p)) / Decimal(int(value.q))) if 10**12 % int(value.q) == 0 else str(value)
