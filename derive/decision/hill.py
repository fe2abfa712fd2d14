"""A payoff whose marginal first rises and then falls: its one interior local maximum, and the lower bound it competes with.

Such a payoff may fall, rise and fall again. Where the marginal payoff vanishes while it falls, the payoff has its only interior
local maximum; beyond it the payoff falls, and before it no choice pays more than the better of it and the lower bound. So it is
the best choice exactly where it pays at least as much as the lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Integer, Pow, Symbol, nan, oo, zoo
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct, sign_of, signed_product
from derive.decision.bounds import interval
from derive.decision.peak import inside
from derive.decision.problem import Journal, Optimum, Problem
from derive.errors import Refusal
from derive.field import NotRational, derivative, normal, plain
from derive.prove import prove
from derive.solution import Implicit
from derive.steps import Hill

__all__ = ["summit", "value_at"]


def summit(problem: Problem, journal: Journal) -> Optimum | None:
    """The interior local maximum where it is the only one, with what makes it the best choice; None if that is not proved.

    There must be one lower bound and no upper one. `Optimum.needs` says, of the choice itself, when it is best.
    """
    if len(problem.variables) != 1:
        return None
    (variable,) = problem.variables
    try:
        bounds = interval(variable, problem.restrictions, problem.given)
        interior = inside(problem.domain, variable)
        marginal = plain(problem.objective.diff(variable))
        bend = signed_product(marginal.diff(variable), interior)
    except (Refusal, NotRational):
        return None
    if bounds.upper or bounds.free or len(bounds.lower) != 1 or bounds.lower[0].strict:
        return None
    low = bounds.lower[0].value
    at_low = value_at(problem.objective, {variable: low}, problem.given)
    inner = _falling(bend, variable, interior)
    if at_low is None or inner is None:
        return None
    step = journal.add(
        Hill,
        given=interior,
        objective=problem.objective,
        variable=variable,
        marginal=marginal,
        positive=bend.positive,
        inner=bend.core,
        slope=inner[0],
        certificates=tuple(one for one in (bend.certificate, inner[1]) if one is not None),
        low=low,
        at_low=at_low,
    )
    needs = (bend.core <= 0, problem.objective - at_low >= 0)
    root = Implicit(variable, marginal, low, oo, -1)
    return Optimum((), (), (), (root,), (step.label,), conditions=(marginal,), needs=needs)


def _falling(bend: SignedProduct, variable: Symbol, interior: Sequence[Boolean]) -> tuple[Expr, object] | None:
    slope = derivative(bend.core, variable)
    certificate = prove(slope < 0, interior)
    return None if certificate is None else (slope, certificate)


def value_at(expr: Expr, values: Mapping[Symbol, Expr], given: Sequence[Boolean]) -> Expr | None:
    """The value at a point where powers of zero occur (``0**r`` is 0 for ``r > 0``); None where it is not proved to be defined."""
    found = _value(expr, values, given)
    return None if found is None or found.has(nan, zoo, oo) else found


def _value(expr: Expr, values: Mapping[Symbol, Expr], given: Sequence[Boolean]) -> Expr | None:
    if not expr.args:
        return values.get(expr, expr) if isinstance(expr, Symbol) else expr
    parts = [_value(part, values, given) for part in expr.args]
    if any(part is None for part in parts):
        return None
    if isinstance(expr, Pow):
        base = normal(parts[0])
        if base == 0:
            return Integer(0) if sign_of(parts[1], given) == 1 else None
        return base ** parts[1]
    return expr.func(*parts)
