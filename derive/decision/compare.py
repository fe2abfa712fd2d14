"""Several candidates for one maximum: who pays most where.

Whoever proves that a maximum exists and is among finitely many candidates leaves the rest to `best`: the region of each is where
it exists and pays no less than every other that exists there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import sympy
from sympy import Expr, Ge

from derive.algebra.marginal import signed_product
from derive.decision.problem import Journal, Optimum, needed, unique
from derive.decision.regions import Region, emptiness, joined, without
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove
from derive.steps import Dominance


@dataclass(frozen=True)
class Candidate:
    """`optimum` can be had where its region holds and pays `value` there (free of the choices it makes).

    `source` is for the caller: which piece of a problem it comes from. Without `attained` the value is a supremum that no
    choice reaches; where it is best, there is no maximum.
    """

    optimum: Optimum
    value: Expr
    source: int = 0
    attained: bool = True


def best(candidates: Sequence[Candidate], given: Region, journal: Journal) -> tuple[Candidate, ...]:
    """The candidates on the regions where they are best, each region a conjunction; one candidate may come back several times.

    To be used where, at every point of `given`, the supremum is the largest value among the candidates whose region holds there:
    the caller's argument. Then the regions returned are disjoint and cover what the candidates' regions cover. Only where two
    different choices pay the same throughout (identical values) both are returned, with ``unique=False``. Where two pay the same
    on a boundary only, the boundary goes to the earlier of the two (attained ones come first) and a warning in the journal
    says so. Each comparison needed is a `Dominance` step in the journal.

    Raises Refusal when the sign of a difference of values is not settled by a polynomial relation.
    """
    live = [c for c in sorted(candidates, key=lambda c: not c.attained) if emptiness(c.optimum.region, given) is None]
    lost: dict[int, list[Region]] = {i: [] for i in range(len(live))}
    behind: set[tuple[int, int]] = set()
    tied = False
    for i, first in enumerate(live):
        for j, second in enumerate(live[i + 1 :], i + 1):
            both = unique((*first.optimum.region, *second.optimum.region))
            if emptiness(both, given) is not None:
                continue
            order = _order(first, second, both, given)
            if order is Order.SAME_VALUE:
                tied = True
            elif order is Order.DEPENDS:
                core = _core(first, second, both, given)
                lost[i].append(unique((*second.optimum.region, core < 0)))
                lost[j].append(unique((*first.optimum.region, core >= 0)))
                behind.add((j, i))
                _warn_of_tie(core, first, second, (*given, *both), journal)
            else:
                loser, winner = (i, j) if order is Order.SECOND else (j, i)
                region = live[winner].optimum.region
                if _leads(winner, loser, behind):
                    region = unique((*region, normal(live[loser].value - live[winner].value) < 0))
                else:
                    behind.add((loser, winner))
                lost[loser].append(region)
    found: list[Candidate] = []
    for i, candidate in enumerate(live):
        for cell in _left(candidate.optimum.region, lost[i], given):
            _justify(candidate, cell, live, given, journal)
            found.append(_placed(candidate, cell))
    return _several(found, given) if tied else tuple(found)


def _leads(start: int, end: int, behind: set[tuple[int, int]]) -> bool:
    """Whether `start` stands back behind `end` in ties, directly or through others: a tie among all of them needs one winner."""
    reached, frontier = {start}, [start]
    while frontier:
        here = frontier.pop()
        for loser, winner in behind:
            if loser == here and winner not in reached:
                reached.add(winner)
                frontier.append(winner)
    return end in reached


# --- one against another ---------------------------------------------------------------------------------------------------


class Order(Enum):
    """How two candidates compare where both exist."""

    FIRST = "the first pays at least as much"
    SECOND = "the second pays at least as much"
    SAME_CHOICE = "they are the same choice"
    SAME_VALUE = "different choices pay the same"
    DEPENDS = "it depends on the parameters"


def _order(first: Candidate, second: Candidate, both: Region, given: Region) -> Order:
    gap = normal(first.value - second.value)
    known = (*given, *both)
    if gap == 0:
        if first.attained != second.attained:
            return Order.FIRST
        return Order.SAME_CHOICE if same_choice(first.optimum, second.optimum) else Order.SAME_VALUE
    if prove(gap >= 0, known) is not None:
        return Order.FIRST
    if prove(gap <= 0, known) is not None:
        return Order.SECOND
    return Order.DEPENDS


def same_choice(first: Optimum, second: Optimum) -> bool:
    """Whether two optima choose identical values."""
    values = dict(second.values)
    return len(first.values) == len(values) and all(s in values and normal(v - values[s]) == 0 for s, v in first.values)


def _core(first: Candidate, second: Candidate, both: Region, given: Region) -> Expr:
    """What decides the sign of the difference of the two values."""
    gap = normal(first.value - second.value)
    try:
        return signed_product(gap, (*given, *both)).core
    except Refusal as refusal:
        raise Refusal(f"two candidates for the maximum are not compared: {refusal.message}") from None


def differ(first: Optimum, second: Optimum, known: Region) -> bool:
    """Whether two optima may choose different values somewhere under `known`."""
    values = dict(second.values)
    return any(emptiness((sympy.Ne(v, values[s]),), known) is None for s, v in first.values if s in values)


def _warn_of_tie(core: Expr, first: Candidate, second: Candidate, both: Region, journal: Journal) -> None:
    if differ(first.optimum, second.optimum, (*both, sympy.Eq(core, 0))):
        named = " and ".join("; ".join(f"{s} = {v}" for s, v in c.optimum.values) for c in (first, second))
        journal.warnings.append(f"where {core} = 0 two choices pay the same: {named}")


# --- regions ---------------------------------------------------------------------------------------------------------------


def _left(region: Region, lost: Sequence[Region], given: Region) -> tuple[Region, ...]:
    """What is left of a candidate's region, as disjoint conjunctions."""
    cells: list[Region] = [region]
    for other in lost:
        cells = [part for cell in cells for part in _without(cell, other, given)]
    return tuple(needed(cell, given) for cell in joined([needed(cell, given) for cell in cells], given))


def _without(cell: Region, other: Region, given: Region) -> tuple[Region, ...]:
    if emptiness(unique((*cell, *other)), given) is not None:
        return (cell,)
    return without(cell, other, given)


def _justify(winner: Candidate, cell: Region, live: Sequence[Candidate], given: Region, journal: Journal) -> None:
    for other in live:
        if other is winner or normal(winner.value - other.value) == 0:
            continue
        known = unique((*given, *cell, *other.optimum.region))
        if emptiness((), known) is not None:
            continue
        certificate = prove(Ge(normal(winner.value - other.value), 0, evaluate=False), known)
        if certificate is None:
            raise Refusal(f"two candidates for the maximum are not compared: {winner.value} against {other.value}")
        journal.add(Dominance, given=known, better=winner.value, worse=other.value, certificate=certificate)


def _placed(candidate: Candidate, cell: Region) -> Candidate:
    return replace(candidate, optimum=replace(candidate.optimum, region=cell))


def _several(found: Sequence[Candidate], given: Region) -> tuple[Candidate, ...]:
    """Candidates that pay the same at common points are marked as not unique there; regions are split to say where."""
    done: list[Candidate] = []
    for candidate in found:
        rest: list[Region] = [candidate.optimum.region]
        for other in found:
            if normal(candidate.value - other.value) != 0 or same_choice(candidate.optimum, other.optimum):
                continue
            for cell in rest:
                common = unique((*cell, *other.optimum.region))
                if emptiness(common, given) is None:
                    optimum = replace(candidate.optimum, region=needed(common, given), unique=False)
                    done.append(replace(candidate, optimum=optimum))
            rest = [part for cell in rest for part in _without(cell, other.optimum.region, given)]
        done += [_placed(candidate, cell) for cell in rest]
    return tuple(done)
