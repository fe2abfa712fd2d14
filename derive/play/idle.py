"""Choices that make no difference to anybody at a stage: whatever is chosen, the game goes on alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Symbol

from derive.decision.bounds import interval
from derive.decision.branches import plain
from derive.decision.problem import Decided, Journal, Optimum, Problem, unique
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import normal
from derive.play.stage import Settled, solve_stage
from derive.prove import prove


@dataclass(frozen=True)
class _Idle:
    """Choices of one decision that are left free, and what they satisfy."""

    choices: tuple[Symbol, ...] = ()
    among: Region = ()


def solve_around_idle(decisions: Sequence[Decided], journal: Journal) -> Settled:
    """Every equilibrium regime of simultaneous decisions, choices that make no difference left free. Raises Refusal as
    `solve_stage` does, also where nothing anybody chooses makes a difference."""
    idle = [_idle(decision, [d for d in decisions if d is not decision]) for decision in decisions]
    left = [replace(d, problem=_without(d.problem, one.choices)) for d, one in zip(decisions, idle, strict=True)]
    active = [d for d in left if d.problem.variables or d.ties]
    if not any(one.choices for one in idle):
        return solve_stage(decisions, journal)
    settled = solve_stage(active, journal) if active else Settled((Optimum((), ()),), ())
    replies = iter(settled.replies)
    own = [next(replies) if d.problem.variables or d.ties else (Optimum((), ()),) for d in left]
    freed = [tuple(_freed(optimum, one) for optimum in optima) for optima, one in zip(own, idle, strict=True)]
    equilibria = settled.equilibria
    for one in idle:
        equilibria = tuple(_freed(optimum, one) for optimum in equilibria)
    return replace(settled, equilibria=equilibria, replies=tuple(freed))


def _freed(optimum: Optimum, idle: _Idle) -> Optimum:
    return replace(optimum, free=(*optimum.free, *idle.choices), among=unique((*optimum.among, *idle.among)))


def _idle(decision: Decided, others: Sequence[Decided]) -> _Idle:
    """What makes no difference to whoever decides or to others, and is bounded by itself, with some choice in its bounds."""
    found = _Idle()
    problem = decision.problem
    for variable in problem.variables:
        spoken = {s for d in others for s in (*d.problem.objective.free_symbols, *_bounded(d.problem))}
        spoken |= plain(problem.objective).free_symbols
        spoken |= {s for _, value in decision.ties for s in value.free_symbols}
        own = tuple(r for r in problem.restrictions if variable in r.slack.free_symbols)
        alone = all(not r.slack.free_symbols & (set(problem.variables) - {variable}) for r in own)
        if variable in spoken or not alone or decision.others or not _possible(variable, problem):
            continue
        found = _Idle((*found.choices, variable), (*found.among, *(r.relation for r in own)))
    return found


def _bounded(problem: Problem) -> set[Symbol]:
    return {s for r in problem.restrictions for s in r.slack.free_symbols}


def _possible(variable: Symbol, problem: Problem) -> bool:
    """Whether the bounds are proved to leave a choice."""
    try:
        bounds = interval(variable, tuple(r for r in problem.restrictions if variable in r.slack.free_symbols), problem.given)
    except Refusal:
        return False
    gaps = [(normal(high.value - low.value), low.strict or high.strict) for low in bounds.lower for high in bounds.upper]
    return all(prove(gap > 0 if strict else gap >= 0, problem.given) is not None for gap, strict in gaps)


def _without(problem: Problem, choices: Sequence[Symbol]) -> Problem:
    return replace(
        problem,
        variables=tuple(v for v in problem.variables if v not in choices),
        restrictions=tuple(r for r in problem.restrictions if not r.slack.free_symbols & set(choices)),
    )
