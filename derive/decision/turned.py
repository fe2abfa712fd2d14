"""Restrictions that bind one choice on one side only, turned into bounds on it: what is monotone in the choice holds up to its root."""

from __future__ import annotations

from dataclasses import replace

from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import signed_product
from derive.algebra.roots import decreasing_root
from derive.algebra.shape import shaped
from derive.algebra.terms import in_terms
from derive.decision.problem import Journal, Problem, Restriction
from derive.errors import Refusal
from derive.field import NotRational, coefficients, derivative, normal
from derive.inverse import TurnedBound
from derive.prove import prove

__all__ = ["with_bounds"]


def with_bounds(problem: Problem, journal: Journal) -> Problem:
    """The problem of one choice with bounds in place of restrictions that are not linear in it, as far as that is proved."""
    (variable,) = problem.variables
    if all(_linear(item, variable) for item in problem.restrictions):
        return problem
    plain = tuple(item.relation for item in problem.restrictions if _linear(item, variable))
    return replace(
        problem,
        restrictions=tuple(
            item if _linear(item, variable) else _turned(item, variable, (*problem.given, *plain), journal)
            for item in problem.restrictions
        ),
    )


def _linear(item: Restriction, variable: Symbol) -> bool:
    if variable not in item.slack.free_symbols:
        return True
    parts = coefficients(item.slack, variable)
    return parts is not None and len(parts) == 2


def _turned(item: Restriction, variable: Symbol, given: tuple[Boolean, ...], journal: Journal) -> Restriction:
    """The restriction as a bound; as it is where its slack is not shown to be monotone, or its root has no closed form."""
    try:
        split = signed_product(item.slack, given)
        for sign in (1, -1):
            core = normal(sign * split.core)
            slope = derivative(core, variable)
            certificate = prove(slope < 0, given)
            if certificate is None:
                continue
            root = decreasing_root(core, variable, in_terms(core, variable, given), given)
            if root is None:
                return item
            value = shaped(root, given)
            journal.add(
                TurnedBound,
                given=given,
                variable=variable,
                slack=item.slack,
                positive=split.positive,
                core=split.core,
                positivity=split.certificate,
                upper=sign > 0,
                slope=derivative(split.core, variable),
                certificate=certificate,
                bound=value,
            )
            return replace(item, slack=value - variable if sign > 0 else variable - value)
    except (Refusal, NotRational):
        pass
    return item
