"""Constraints that ask of a choice no more than that it pays enough: what pays most satisfies them wherever anything does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sympy

from derive.algebra.spread import put_together
from derive.decision.problem import Journal, Outcome, Problem, Restriction, say_admissible, unique
from derive.errors import Refusal
from derive.field import NotRational, derivative, normal
from derive.prove import prove

__all__ = ["above_floors"]

Settle = Callable[[Problem, Journal], Outcome]


def above_floors(problem: Problem, journal: Journal, settle: Settle) -> Outcome | None:
    """The outcome without constraints that set a floor to what is maximised, where the optimum is shown to be above it.

    None where there are none that are not linear, or where this is not shown.
    """
    floors = [item for item in problem.restrictions if _is_floor(item, problem)]
    if not floors:
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    kept = tuple(item for item in problem.restrictions if item not in floors)
    try:
        found = settle(replace(problem, restrictions=kept), journal)
        if found.optima and not found.nothing and _all_above(found, floors, problem, journal):
            return found
    except (Refusal, NotRational):
        pass
    del journal.steps[mark:], journal.warnings[warned:]
    return None


def _is_floor(item: Restriction, problem: Problem) -> bool:
    """Whether slack and objective move one for one, and not linearly in each choice."""
    variables = problem.variables
    try:
        if normal(item.slack - problem.objective).free_symbols & set(variables):
            return False
        return any(derivative(item.slack, x, y) != 0 for i, x in enumerate(variables) for y in variables[i:])
    except NotRational:
        return False


def _all_above(found: Outcome, floors: list[Restriction], problem: Problem, journal: Journal) -> bool:
    for optimum in found.optima:
        known = unique((*problem.given, *optimum.region))
        for item in floors:
            placed = replace(item, slack=normal(put_together(item.slack, dict(optimum.values), known)))
            relation = placed.relation
            if relation == sympy.true:
                continue
            certificate = None if relation == sympy.false or optimum.implicit or optimum.free else prove(relation, known)
            if certificate is None:
                return False
            say_admissible(optimum, item, placed, known, certificate, journal)
    return True
