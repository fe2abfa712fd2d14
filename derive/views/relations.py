"""Relations and bounds as a reader would write them in plain text."""

from __future__ import annotations

from decimal import Decimal

from sympy import Add, Eq, Expr, Ge, Gt, Integer, Le, Lt, Ne, Rational
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.views.spelling import spelled

_TURNED = {"<": Gt, "<=": Ge, ">": Lt, ">=": Le, "==": Eq, "!=": Ne}


def relation_text(relation: Boolean) -> str:
    """A relation as a reader would write it."""
    if isinstance(relation, Relational):
        if relation.rhs == 0 and relation.lhs.as_coeff_Mul()[0] == -1 and len(Add.make_args(relation.lhs)) == 1:
            relation = _TURNED[relation.rel_op](-relation.lhs, 0, evaluate=False)
        return f"{_side(relation.lhs)} {'=' if relation.rel_op == '==' else relation.rel_op} {_side(relation.rhs)}"
    return spelled(relation)


def _side(expression: Expr) -> str:
    """``-(K - a)/2`` as ``(a - K)/2`` and ``-K + a`` as ``a - K``: a difference the other way round in place of a minus sign before it."""
    number, rest = (Integer(-1), -expression) if expression.is_Add else expression.as_coeff_Mul()
    if not (number.is_Rational and number < 0 and rest.is_Add) or (expression.is_Add and not spelled(expression).startswith("-")):
        return spelled(expression)
    above = [-term for term in rest.args if term.could_extract_minus_sign()]
    below = [term for term in rest.args if not term.could_extract_minus_sign()]
    if not above:
        return spelled(expression)
    total = " - ".join(spelled(part) for part in (Add(*above), *sorted(below, key=spelled)))
    if number == -1:
        return total
    return (f"{-number.p}*" if number.p != -1 else "") + f"({total})" + (f"/{number.q}" if number.q != 1 else "")


def decimal(value: Rational) -> str:
    """A rational bound as a decimal where it is one, else as a fraction."""
    return str(Decimal(int(value.p)) / Decimal(int(value.q))) if 10**12 % int(value.q) == 0 else str(value)
