"""Regions of parameters as conjunctions of relations: what is left of one without another, and whether several cover a domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import sympy
from sympy.logic.boolalg import Boolean

from derive.certificates import Assumed, Certificate
from derive.decision.problem import needed, unique
from derive.prove import prove, refute, witness
from derive.prove.oracle import satisfiable

Region = tuple[Boolean, ...]
Told = TypeVar("Told")
# Conjunctions looked at in one covering argument.
CELLS = 400


def emptiness(region: Iterable[Boolean], given: Region) -> Certificate | None:
    """A certificate that no point of `given` lies in the region; None if none is found."""
    region = tuple(region)
    if sympy.false in region:
        return Assumed(claim=sympy.false, given=(*given, sympy.false), fact=sympy.false)
    together = (*given, *region)
    return None if satisfiable(together) is True else refute(together)


def implied(relation: Boolean, given: Region) -> bool:
    """Whether the relation is proved to hold throughout `given`."""
    return satisfiable((*given, sympy.Not(relation))) is not True and prove(relation, given) is not None


def opposites(relation: Boolean) -> Region:
    """Relations one of which holds exactly where `relation` does not; they exclude each other."""
    denied = relation.negated
    if isinstance(denied, sympy.Ne):
        return (denied.lhs > denied.rhs, denied.lhs < denied.rhs)
    return (denied,)


def outside(regions: Iterable[Region]) -> tuple[Boolean, ...]:
    """Relations that hold together exactly at the points of none of the regions."""
    return tuple(sympy.Or(*(opposite for relation in region for opposite in opposites(relation))) for region in regions)


def without(region: Region, other: Region, given: Region) -> tuple[Region, ...]:
    """Disjoint regions that together are `region` without `other`, those that are proved empty left out."""
    extra = [r for r in unique(other) if not implied(r, (*given, *region))]
    found: list[Region] = []
    inside = region
    for relation in extra:
        for opposite in opposites(relation):
            cell = unique((*inside, opposite))
            if emptiness(cell, given) is None:
                found.append(needed(cell, given))
        inside = unique((*inside, relation))
    return tuple(found)


def beyond(cell: Region, other: Region, given: Region) -> tuple[Region, ...]:
    """The same; where the two have nothing in common, the region as it stands."""
    return (cell,) if emptiness(unique((*cell, *other)), given) is not None else without(cell, other, given)


def outside_of(region: Region, others: Sequence[Region], given: Region) -> list[Region]:
    """Disjoint regions that together are the region without the others."""
    cells = [region]
    for other in others:
        cells = [part for cell in cells for part in without(cell, other, given)]
    return cells


def joined(cells: Sequence[Region], given: Region = ()) -> tuple[Region, ...]:
    """The same points of `given` in fewer regions: two that differ only in a relation and its opposite, or in its
    two sides with their common boundary, are one."""
    kept = list(dict.fromkeys(cells))
    while (pair := _joinable(kept, given)) is not None:
        i, j, merged = pair
        kept[i] = merged
        del kept[j]
    return tuple(kept)


def _joinable(cells: Sequence[Region], given: Region) -> tuple[int, int, Region] | None:
    for i, first in enumerate(cells):
        for j, second in enumerate(cells[i + 1 :], i + 1):
            merged = _merged(first, second, given)
            if merged is not None:
                return i, j, merged
    return None


def _merged(first: Region, second: Region, given: Region) -> Region | None:
    """The union of two regions as one, where they are one region cut in two by some relation."""
    common = tuple(r for r in first if r in second)
    if len(common) in (len(first), len(second)):
        return common
    for relation in first:
        opposite = next((r for r in second if _denies(r, relation)), None)
        if opposite is None:
            continue
        mine = tuple(r for r in first if r not in second and r != relation)
        theirs = tuple(r for r in second if r not in first and r != opposite)
        if all(implied(r, (*given, *first)) for r in theirs) and all(implied(r, (*given, *second)) for r in mine):
            return unique((*common, *mine, *theirs))
    return None


def _denies(relation: Boolean, other: Boolean) -> bool:
    """Whether one of the two relations holds where the other does not, by its sides; both may hold where these are equal."""
    if relation == other.negated:
        return True
    if isinstance(relation, sympy.Eq) or isinstance(other, sympy.Eq) or relation.is_Atom or other.is_Atom:
        return False
    return not (_strict(relation) and _strict(other)) and sympy.expand(relation.gts - relation.lts + other.gts - other.lts) == 0


def _strict(relation: Boolean) -> bool:
    return isinstance(relation, sympy.StrictGreaterThan | sympy.StrictLessThan)


def with_edge(region: Region, edge: Region, given: Region) -> Region | None:
    """The region with one of its strict relations made weak, if that adds just what `edge` has; None if it does not."""
    for relation in region:
        if not isinstance(relation, sympy.StrictGreaterThan | sympy.StrictLessThan):
            continue
        weak = closed(relation)
        wider = tuple(weak if other == relation else other for other in region)
        border = (*wider, sympy.Eq(relation.lhs - relation.rhs, 0))
        inside = all(prove(r, (*given, *edge)) is not None for r in wider)
        if inside and all(prove(r, (*given, *border)) is not None for r in edge):
            return wider
    return None


def closed(relation: Boolean) -> Boolean:
    """The relation with its boundary."""
    if isinstance(relation, sympy.StrictGreaterThan):
        return sympy.Ge(relation.lhs, relation.rhs)
    if isinstance(relation, sympy.StrictLessThan):
        return sympy.Le(relation.lhs, relation.rhs)
    return relation


def covers(regions: Sequence[Region], given: Region) -> bool:
    """Whether the regions are proved to cover `given`.

    A point in no region fails one relation of each. The choices of those relations are followed region by region and given up as
    soon as one is refuted; a choice made already is the only one to follow where it fails the next region as well.
    """
    visited = 0

    def refuted(position: int, chosen: Region) -> bool:
        nonlocal visited
        visited += 1
        if visited > CELLS:
            return False
        if (position or not regions) and emptiness(chosen, given) is not None:
            return True
        if position == len(regions):
            return False
        ways = [opposite for relation in regions[position] for opposite in opposites(relation)]
        if any(way in chosen for way in ways):
            return refuted(position + 1, chosen)
        return all(refuted(position + 1, (*chosen, way)) for way in ways)

    return refuted(0, ())


def uncovered(regions: Sequence[Region], given: Region) -> tuple[Region, ...]:
    """Disjoint regions of `given` outside all of the regions, each with a point that shows it not to be empty."""
    if covers(regions, given):
        return ()
    cells: list[Region] = [()]
    for region in regions:
        cells = [rest for cell in cells for rest in without(cell, region, given)]
    return tuple(cell for cell in joined(cells, given) if witness((*given, *cell)) is not None)


def told_outside(regions: Sequence[Region], given: Region, told: Callable[[Region], Told | None]) -> tuple[list[Told], bool]:
    """What is said of the points of `given` outside all of the regions where one relation of these that fails is enough to say it,
    and whether that is all of them. Mostly it is, in few words."""
    left = (*given, *outside(regions))
    found: list[Told] = []
    if satisfiable(left) is False or witness(left) is None:
        return found, True
    for failed in dict.fromkeys(o for region in regions for relation in region for o in opposites(relation)):
        said = told((failed,)) if satisfiable((*left, failed)) is True else None
        if said is not None:
            found.append(said)
            left = (*left, sympy.Not(failed))
            if satisfiable(left) is False:
                return found, True
    return found, False
