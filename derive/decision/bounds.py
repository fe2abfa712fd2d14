"""Restrictions read as bounds on one variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.decision.problem import Restriction
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal


@dataclass(frozen=True)
class Bound:
    """``variable >= value`` (a lower bound) or ``<= value``; open when `strict`."""

    name: str
    value: Expr
    strict: bool


@dataclass(frozen=True)
class Interval:
    """All bounds on a variable, and the restrictions that do not involve it."""

    lower: tuple[Bound, ...]
    upper: tuple[Bound, ...]
    free: tuple[Restriction, ...]


def interval(variable: Symbol, restrictions: Sequence[Restriction], given: Sequence[Boolean]) -> Interval:
    """Sort restrictions into lower and upper bounds.

    Raises Refusal for one that is not linear with a coefficient of known sign (quadratic ones are told as bounds before).
    """
    lower: list[Bound] = []
    upper: list[Bound] = []
    free: list[Restriction] = []
    for item in restrictions:
        if variable not in item.slack.free_symbols:
            free.append(item)
            continue
        parts = coefficients(item.slack, variable)
        if parts is not None and len(parts) == 3:
            reason = f"the restriction {item.relation} is quadratic in it, and on which side of its roots the choice lies is not proved"
            raise Refusal(reason, symbol=str(variable))
        if parts is None or len(parts) != 2:
            raise Refusal(f"the restriction {item.relation} is not linear in it", symbol=str(variable))
        slope = sign_of(derivative(item.slack, variable), given)
        if slope is None:
            raise Refusal(
                f"the restriction {item.relation} bounds it on a side that depends on the parameters", symbol=str(variable)
            )
        bound = Bound(item.name, normal(-parts[0] / parts[1]), item.strict)
        (lower if slope > 0 else upper).append(bound)
    return Interval(tuple(lower), tuple(upper), tuple(free))
