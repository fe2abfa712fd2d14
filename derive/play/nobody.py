"""Where a stage has no equilibrium: somebody has nothing to choose, or nobody's best replies meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy.logic.boolalg import Boolean

from derive.decision.problem import Decided, Nothing, Outcome, Problem, needed, unique
from derive.decision.regions import Region, emptiness, outside, uncovered
from derive.errors import Refusal
from derive.prove.oracle import satisfiable
from derive.solution import Without

__all__ = ["contradictory", "holes", "mentions", "nobody_can_choose"]


def holes(
    outcomes: Sequence[Outcome], decisions: Sequence[Decided], regions: Sequence[Region], given: tuple[Boolean, ...]
) -> tuple[Nothing, ...]:
    """Where nobody's best replies meet: all combinations of them have been looked at."""
    told = [(decision, item) for outcome, decision in zip(outcomes, decisions, strict=True) for item in outcome.nothing]
    if not told and satisfiable((*given, *outside(regions))) is not True:
        return ()
    found: list[Nothing] = []
    others: list[tuple[Decided, Nothing]] = []
    for decision, item in told:
        if item.kind is not Without.INFEASIBLE or any(mentions(relation, decisions) for relation in item.region):
            others.append((decision, item))
            continue
        cells = uncovered([*regions, *(n.region for n in found)], unique((*given, *item.region)))
        reason = f"{decision.player}: {item.reason}"
        found += [replace(item, region=needed((*item.region, *cell), given), reason=reason) for cell in cells]
    because = "; ".join(dict.fromkeys(f"{decision.player}: {item.reason}" for decision, item in others))
    reason = f"no choices are best replies to one another{f' ({because})' if because else ''}"
    left_out = any(item.kind is Without.INFEASIBLE for _, item in others)
    kind = Without.UNSETTLED if left_out else Without.NO_PURE_EQUILIBRIUM
    left = uncovered([*regions, *(n.region for n in found)], given)
    return (*found, *(Nothing(needed(hole, given), kind, reason) for hole in left))


def nobody_can_choose(decisions: Sequence[Decided]) -> Refusal | None:
    """The refusal that names the player whose constraints contradict one another, whatever the others choose."""
    for decision in decisions:
        others = [other for other in decisions if other is not decision]
        own = replace(
            decision.problem,
            restrictions=tuple(r for r in decision.problem.restrictions if not mentions(r.relation, others)),
            given=tuple(r for r in decision.problem.given if not mentions(r, others)),
        )
        refusal = contradictory(own)
        if refusal is not None:
            return refusal.located(player=decision.player)
    return None


def contradictory(problem: Problem) -> Refusal | None:
    """The refusal that says what is really wrong where constraints of any form contradict one another."""
    if not problem.variables or emptiness((), problem.domain) is None:
        return None
    named = "; ".join(f"{item.name}" for item in problem.restrictions)
    return Refusal(f"infeasible: no choice satisfies all constraints ({named})", symbol=", ".join(map(str, problem.variables)))


def mentions(relation: Boolean, decisions: Sequence[Decided]) -> bool:
    """Whether a relation speaks of what is chosen in the stage."""
    return any(
        {*decision.problem.variables, *(theirs for _, theirs in decision.others)} & relation.free_symbols
        for decision in decisions
    )
