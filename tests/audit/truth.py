"""Truth of relations at exact points, by SymPy's arithmetic alone."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import And, Or, Symbol, true
from sympy.logic.boolalg import Boolean


def true_at(claim: Boolean, point: Mapping[Symbol, object]) -> bool:
    """Whether a claim holds at a point; the members of a connective are evaluated one by one."""
    if isinstance(claim, And | Or):
        return (all if isinstance(claim, And) else any)(true_at(part, point) for part in claim.args)
    return bool(claim.subs(point) == true)
