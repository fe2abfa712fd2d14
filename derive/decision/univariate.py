"""One variable: what the argument by its marginal payoff settles, and what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Ge
from sympy.logic.boolalg import Boolean

from derive.decision.outerbounds import Outer, beyond_roots, sign_of_level, without_constraint
from derive.decision.problem import Journal, Nothing, Outcome, Problem, needed, unique
from derive.decision.regions import Region, outside, uncovered
from derive.decision.rootbounds import between_roots
from derive.decision.settle import settle_quadratic
from derive.decision.sides import by_sides
from derive.decision.single import maximise_single, settle_single
from derive.decision.unbounded import without_choice
from derive.errors import Refusal
from derive.prove import prove
from derive.prove.oracle import satisfiable
from derive.solution import Without
from derive.steps import Sign


def univariate(problem: Problem, journal: Journal) -> Outcome:
    """One variable: by the change of sign of its marginal payoff; where that leaves something open, as a quadratic problem.

    Quadratic constraints are told as bounds before.
    """
    problem = beyond_roots(problem, journal)
    turning = sign_of_level(problem)
    return _between(problem, journal) if turning is None else _by_roots(*turning, problem, journal)


def _between(problem: Problem, journal: Journal) -> Outcome:
    stated = problem.restrictions
    problem, exist, nothing = between_roots(problem, journal)
    found = by_sides(problem, journal, _within_bounds)
    if problem.restrictions == stated:
        return found
    return _where(exist, found, problem.given, nothing)


def _by_roots(one: Outer, roots: Boolean, problem: Problem, journal: Journal) -> Outcome:
    """Where a convex quadratic constraint has roots, and where it holds at every choice, apart."""
    there = replace(problem, given=(*problem.given, roots))
    free = replace(without_constraint(one.item, problem), given=(*problem.given, roots.negated))
    holds = prove(Ge(one.item.slack, 0, evaluate=False), free.given)
    if holds is None:
        raise Refusal(f"that {one.item.name} holds where {roots.negated} is not proved", symbol=str(problem.variables[0]))
    if prove(one.level >= 0, there.given) is None:
        raise Refusal(f"that {one.item.name} has roots where {roots} is not proved", symbol=str(problem.variables[0]))
    first = _where((roots,), univariate(there, journal), there.given)
    journal.add(Sign, given=free.given, relation=Ge(one.item.slack, 0, evaluate=False), certificate=holds)
    second = _where((roots.negated,), univariate(free, journal), free.given)
    return Outcome((*first.optima, *second.optima), (*first.nothing, *second.nothing), (*first.ties, *second.ties))


def _where(exist: Region, found: Outcome, given: Region, nothing: tuple[Nothing, ...] = ()) -> Outcome:
    """What was found where more is given, which the regions then state."""
    return Outcome(
        tuple(replace(o, region=unique((*exist, *needed(o.region, given)))) for o in found.optima),
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
