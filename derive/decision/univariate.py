"""One variable: what the argument by its marginal payoff settles, and what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy.logic.boolalg import Boolean

from derive.decision.problem import Journal, Outcome, Problem, needed, unique
from derive.decision.regions import outside, uncovered
from derive.decision.rootbounds import between_roots
from derive.decision.settle import settle_quadratic
from derive.decision.sides import by_sides
from derive.decision.single import maximise_single, settle_single
from derive.decision.unbounded import without_choice
from derive.errors import Refusal
from derive.prove.oracle import satisfiable
from derive.solution import Without


def univariate(problem: Problem, journal: Journal) -> Outcome:
    """One variable: by the change of sign of its marginal payoff; where that leaves something open, as a quadratic problem.

    Concave quadratic constraints are told as bounds before.
    """
    stated = problem.restrictions
    problem, exist, nothing = between_roots(problem, journal)
    found = by_sides(problem, journal, _within_bounds)
    if problem.restrictions == stated:
        return found
    return Outcome(
        tuple(replace(o, region=unique((*exist, *needed(o.region, problem.given)))) for o in found.optima),
        (*nothing, *(replace(n, region=unique((*exist, *n.region))) for n in found.nothing)),
        tuple(unique((*exist, *tie)) for tie in found.ties),
    )


def _within_bounds(problem: Problem, journal: Journal) -> Outcome:
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        single = settle_single(problem, journal)
    except Refusal as refusal:
        return _by_coefficients(problem, journal, mark, warned, refusal)
    found = single.optima
    missing = _left_out([*(o.region for o in found), *(n.region for n in single.nothing)], problem.given)
    nothing = (*single.nothing, *(gap for region in missing for gap in without_choice(problem, region, journal)))
    if all(gap.kind is Without.INFEASIBLE for gap in nothing):
        return Outcome(found, nothing, single.ties)
    kept = journal.steps[mark:], journal.warnings[warned:]
    try:
        return _by_coefficients(problem, journal, mark, warned, Refusal(nothing[0].reason))
    except Refusal:
        journal.steps += kept[0]
        journal.warnings += kept[1]
        return Outcome(found, nothing, single.ties)


def _left_out(regions: Sequence[tuple[Boolean, ...]], given: tuple[Boolean, ...]) -> tuple[tuple[Boolean, ...], ...]:
    """What the cases of one variable leave out. They cover by their construction but for ties and contradictory bounds, so it is
    looked for only where the solver does not deny that there is anything."""
    return () if satisfiable((*given, *outside(regions))) is False else uncovered(regions, given)


def univariate_where_possible(problem: Problem, journal: Journal) -> Outcome | None:
    """The cases of one variable where they leave out nothing but contradictory bounds; None where that is not seen at once."""
    if len(problem.variables) != 1 or problem.laws:
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        found = maximise_single(problem, journal)
        if satisfiable((*problem.domain, *outside([optimum.region for optimum in found]))) is False:
            return Outcome(found)
    except Refusal:
        pass
    del journal.steps[mark:], journal.warnings[warned:]
    return None


def _by_coefficients(problem: Problem, journal: Journal, mark: int, warned: int, otherwise: Refusal) -> Outcome:
    """The problem solved as a quadratic one, in place of what the journal holds from the marks on. Raises `otherwise`."""
    del journal.steps[mark:], journal.warnings[warned:]
    try:
        outcome = settle_quadratic(problem, journal)
    except Refusal:
        outcome = None
    if outcome is None or any(gap.kind is Without.UNSETTLED for gap in outcome.nothing):
        del journal.steps[mark:], journal.warnings[warned:]
        raise otherwise
    return outcome
