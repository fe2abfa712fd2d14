"""Simultaneous decisions with payoffs that have cases: all equilibria in pure strategies, and where there is none.

A profile is an equilibrium exactly where every choice is a best reply to the others. Each player's best replies come in finitely
many pieces (`derive.decision.replies`), so the equilibria are the union, over all combinations of pieces, of the profiles that satisfy the
relations of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from sympy import Eq, Symbol

from derive.cases import NotMutual
from derive.decision.families import Family, closed_with, contains, families
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Problem, needed, unique
from derive.decision.regions import Region, emptiness, uncovered, without
from derive.decision.replies import Replies, replies
from derive.decision.unbounded import impossible
from derive.errors import Refusal
from derive.field import normal
from derive.solution import Without
from derive.steps import Stationary

# Combinations of pieces looked at.
MOST = 400


def all_equilibria(
    players: Sequence[str], problems: Sequence[Problem], journal: Journal
) -> tuple[Outcome, tuple[Replies, ...]]:
    """Every equilibrium in pure strategies, by region; the regions without one; and everybody's best replies.

    Raises Refusal naming the player whose problem is not settled.
    """
    own = tuple(_replies(player, problem, journal) for player, problem in zip(players, problems, strict=True))
    unknowns = tuple(problem.variables[0] for problem in problems)
    given = unique(r for problem in problems for r in problem.given if not r.free_symbols & set(unknowns))
    domain = unique(r.relation for problem in problems for r in problem.restrictions)
    combinations = list(product(*(entry.optima for entry in own)))
    if len(combinations) > MOST:
        raise Refusal(f"{len(combinations)} combinations of best replies are more than the {MOST} that are looked at")
    found: list[tuple[Family, tuple[Optimum, ...]]] = []
    for pieces in combinations:
        found += [(family, pieces) for family in _common(pieces, unknowns, domain, given, journal)]
    kept = _apart(_closed(_maximal(found, given), given), given)
    optima = tuple(_optimum(family, pieces, kept, given) for family, pieces in kept)
    return Outcome(optima, _none([o.region for o in optima], own, players, problems, given, journal)), own


def _replies(player: str, problem: Problem, journal: Journal) -> Replies:
    try:
        return replies(problem, journal)
    except Refusal as refusal:
        raise refusal.located(player=player) from None


def _common(
    pieces: tuple[Optimum, ...], unknowns: tuple[Symbol, ...], domain: Region, given: Region, journal: Journal
) -> tuple[Family, ...]:
    """The profiles at which every player plays its piece."""
    relations = unique((*domain, *(r for piece in pieces for r in (*piece.region, *piece.among))))
    knife = tuple(r for r in relations if isinstance(r, Eq) and r.free_symbols & set(unknowns))
    relations = tuple(r for r in relations if r not in knife)
    own = tuple(Eq(symbol, value, evaluate=False) for piece in pieces for symbol, value in piece.values)
    equations = tuple(normal(tie.lhs - tie.rhs) for tie in (*own, *knife))
    empty = emptiness((*relations, *(Eq(equation, 0) for equation in equations)), given)
    if empty is not None:
        journal.add(NotMutual, given=given, replies=own, conditions=(*relations, *knife), certificate=empty)
        return ()
    found = families(equations, relations, unknowns, given)
    for family in found:
        solved = {step.unknown for step in family.trail}
        if family.trail and solved == set(dict(family.values)):
            journal.add(
                Stationary,
                given=unique((*given, *relations, *family.region, *family.among)),
                equations=tuple(step.equation for step in family.trail),
                values=family.values,
                trail=family.trail,
            )
    return found


# --- the union ---------------------------------------------------------------------------------------------------------------


Found = tuple[Family, tuple[Optimum, ...]]


def _maximal(found: Sequence[Found], given: Region) -> list[Found]:
    """Those that are not part of another one."""
    kept = list(found)
    for one in found:
        if any(other is not one and contains(other[0], one[0], given) for other in kept):
            kept = [other for other in kept if other is not one]
    return kept


def _closed(found: Sequence[Found], given: Region) -> list[Found]:
    """A family that lacks an end, and the end, are one family."""
    kept = list(found)
    for end in found:
        for place, (family, pieces) in enumerate(kept):
            wider = closed_with(family, end[0], given) if family is not end[0] else None
            if wider is not None:
                kept[place] = (wider, pieces)
                kept = [other for other in kept if other is not end]
                break
    return kept


def _apart(found: Sequence[Found], given: Region) -> list[Found]:
    """Where two are the same on a part of the parameters, it is left to the one with more choices there."""
    kept = list(found)
    for place, (family, pieces) in enumerate(kept):
        regions: list[Region] = [family.region]
        for other_place, (other, _) in enumerate(kept):
            both = unique((*family.region, *other.region))
            if place == other_place or emptiness(both, given) is not None:
                continue
            larger = (len(other.free), -other_place) > (len(family.free), -place)
            if larger and contains(other, replace(family, region=both), given):
                regions = [part for region in regions for part in without(region, other.region, given)]
        kept[place] = (replace(family, region=regions[0]), pieces) if regions else kept[place]
        kept += [(replace(family, region=region), pieces) for region in regions[1:]]
    return kept


def _optimum(family: Family, pieces: tuple[Optimum, ...], all_: Sequence[Found], given: Region) -> Optimum:
    alone = all(other is family or emptiness(unique((*family.region, *other.region)), given) is not None for other, _ in all_)
    return Optimum(
        family.region,
        family.values,
        tuple(dict.fromkeys(name for piece in pieces for name in piece.active)),
        labels=tuple(dict.fromkeys(label for piece in pieces for label in piece.labels)),
        free=family.free,
        among=needed(family.among, (*given, *family.region)),
        unique=alone,
    )


def _none(
    regions: Sequence[Region],
    own: Sequence[Replies],
    players: Sequence[str],
    problems: Sequence[Problem],
    given: Region,
    journal: Journal,
) -> tuple[Nothing, ...]:
    """Where no profile is an equilibrium: somebody's bounds contradict one another, or nobody's best replies meet."""
    because = [f"{player}: {nothing.reason}" for player, entry in zip(players, own, strict=True) for nothing in entry.nothing]
    reason = "no choices are best replies to one another"
    if because:
        reason += f" ({'; '.join(dict.fromkeys(because))})"
    meet_nowhere = (Nothing(needed(hole, given), Without.NO_PURE_EQUILIBRIUM, reason) for hole in uncovered(regions, given))
    return tuple(_without_a_choice(item, players, problems, given, journal) or item for item in meet_nowhere)


def _without_a_choice(
    item: Nothing, players: Sequence[str], problems: Sequence[Problem], given: Region, journal: Journal
) -> Nothing | None:
    """The same where one player's bounds contradict one another: it is that player who has nothing to choose."""
    for player, problem in zip(players, problems, strict=True):
        found = impossible(replace(problem, given=given), item.region, journal)
        if found is not None:
            return replace(found, reason=f"{player}: {found.reason}")
    return None
