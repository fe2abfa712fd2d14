"""A quadratic payoff under linear constraints, whatever its curvature: concave, concave on part of the parameters, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from derive.decision.candidates import best_candidates
from derive.decision.curvature import strictly_concave, undecided_minor, weakly_concave
from derive.decision.parametric import maximise_quadratic
from derive.decision.problem import Journal, Nothing, Outcome, Problem, unique
from derive.decision.quadratic import Quadratic, quadratic
from derive.decision.regions import Region, emptiness
from derive.decision.unbounded import impossible, recession
from derive.solution import Without

# Nested distinctions of the sign of a minor.
SPLITS = 3


def settle_quadratic(problem: Problem, journal: Journal) -> Outcome | None:
    """The best choices and the regions without any; None when the problem is not of this kind or not settled at all."""
    form = quadratic(problem)
    outcome = None if form is None else _settled(form, journal, SPLITS)
    if form is None or outcome is None or (not outcome.optima and all(n.kind is Without.UNSETTLED for n in outcome.nothing)):
        return None
    return replace(outcome, ties=(*outcome.ties, *_flat(form)))


def _flat(form: Quadratic) -> tuple[Region, ...]:
    """Where the payoff does not depend on the choices, if it does elsewhere."""
    entries = [*form.linear, *(entry for row in form.hessian for entry in row)]
    where = unique(sympy.Eq(entry, 0) for entry in entries)
    empty = not where or sympy.false in where or emptiness(where, form.problem.given) is not None
    return () if empty else (where,)


def _settled(form: Quadratic, journal: Journal, splits: int) -> Outcome | None:
    label = strictly_concave(form, journal)
    if label is not None:
        return maximise_quadratic(form, label, journal, strictly=True)
    label = weakly_concave(form, journal)
    if label is not None:
        return maximise_quadratic(form, label, journal, strictly=False)
    nothing = recession(form, (), journal) or impossible(form.problem, (), journal)
    if nothing is not None:
        return Outcome((), (nothing,))
    found = best_candidates(form, journal)
    if found is not None:
        return found
    core = undecided_minor(form) if splits else None
    if core is None:
        return None
    above = _on(form, core > 0, journal, splits - 1)
    mark, warned = len(journal.steps), len(journal.warnings)
    below = _on(form, core <= 0, journal, splits - 1)
    if form.size > 1 or not _open(below):
        return _together((above, below))
    del journal.steps[mark:], journal.warnings[warned:]
    return _together((above, *(_on(form, relation, journal, splits - 1) for relation in (core < 0, sympy.Eq(core, 0)))))


def _open(outcome: Outcome) -> bool:
    return any(item.kind is Without.UNSETTLED for item in outcome.nothing)


def _together(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(
        tuple(o for part in parts for o in part.optima),
        tuple(n for part in parts for n in part.nothing),
        tuple(tie for part in parts for tie in part.ties),
    )


def _on(form: Quadratic, relation: Boolean, journal: Journal, splits: int) -> Outcome:
    """What holds where a relation does."""
    problem = replace(form.problem, given=unique((*form.problem.given, relation)))
    reason = "the payoff is not concave there and neither its maximum nor that it is unbounded is proved"
    found = _settled(replace(form, problem=problem), journal, splits) or Outcome((), (Nothing((), Without.UNSETTLED, reason),))
    return Outcome(
        tuple(replace(o, region=unique((relation, *o.region))) for o in found.optima),
        tuple(replace(n, region=unique((relation, *n.region))) for n in found.nothing),
        tuple(unique((relation, *tie)) for tie in found.ties),
    )
