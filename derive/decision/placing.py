"""Sets of binding constraints on regions of the parameters that do not overlap: each point belongs to one of those that hold there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import open_
from derive.decision.problem import needed, unique
from derive.decision.quadratic import Solved
from derive.decision.regions import Region, beyond, covers, emptiness, joined, without
from derive.prove import prove

__all__ = ["Found", "apart", "beside"]


@dataclass(frozen=True)
class Found:
    """A set of binding constraints with the relations under which its conditions hold: those of `slacks` say that a constraint
    (by number) does, and that it does not bind."""

    solved: Solved
    region: Region
    others: Region
    slacks: tuple[tuple[int, Boolean, Boolean], ...]


def apart(found: Sequence[Found], given: Region, strictly: bool) -> list[tuple[Found, Region]]:
    """The same sets on disjoint regions; a boundary goes to the set with more binding constraints.

    Where a constraint may bind as well, it is asked not to. Of a strictly concave payoff there is one best choice, so that this
    alone sets apart any two sets one of which was asked not to have what the other has. Elsewhere it is mostly enough to make one
    relation strict; where that leaves a boundary to nobody, regions are cut more carefully.
    """
    ordered = sorted(found, key=lambda f: (-len(f.solved.active), f.solved.active))
    names = {frozenset(item.solved.active) for item in ordered}
    regions = [_not_binding(item, names, given) for item in ordered]
    for cut in (beside, beyond):
        placed: list[tuple[Found, Region]] = []
        for item, region in zip(ordered, regions, strict=True):
            cells: list[Region] = [region]
            for other, taken in placed:
                if not (strictly and _set_apart(item, other, names)):
                    cells = [part for cell in cells for part in cut(cell, taken, given)]
            placed += [(item, cell) for cell in cells]
        after = [cell for _, cell in placed]
        if cut is beyond or after == regions or _same_union(regions, after, given):
            break
    return _merged([(item, cell) for item, cell in placed if emptiness(cell, given) is None], given)


def _not_binding(item: Found, names: set[frozenset[int]], given: Region) -> Region:
    """The region of a set without the boundaries on which one more of the sets' constraints binds."""
    own = frozenset(item.solved.active)
    slacks = tuple(apart if own | {number} in names else relation for number, relation, apart in item.slacks)
    return needed((*item.others, *slacks), given)


def _set_apart(first: Found, second: Found, names: set[frozenset[int]]) -> bool:
    """Whether one of two sets is asked not to bind a constraint that the other binds."""
    a, b = frozenset(first.solved.active), frozenset(second.solved.active)
    return any(a | {j} in names for j in b - a) or any(b | {j} in names for j in a - b)


def _same_union(before: Sequence[Region], after: Sequence[Region], given: Region) -> bool:
    """Whether every point of the regions before is in one after."""
    return all(covers(after, (*given, *region)) for region in before if region not in after)


def beside(cell: Region, taken: Region, given: Region) -> tuple[Region, ...]:
    """A region without the boundary it has in common with another; cut exactly where they overlap otherwise."""
    if emptiness(unique((*cell, *taken)), given) is not None:
        return (cell,)
    for relation in cell:
        strict = open_(relation)
        smaller = tuple(strict if r == relation else r for r in cell)
        if strict != relation and emptiness(unique((*smaller, *taken)), given) is not None:
            return (smaller,)
    return without(cell, taken, given)


def _merged(placed: Sequence[tuple[Found, Region]], given: Region) -> list[tuple[Found, Region]]:
    """Sets that give the same choices are one on the union of their regions, where the multipliers of one of them serve there."""
    groups: dict[tuple[Expr, ...], list[tuple[Found, Region]]] = {}
    for item, cell in placed:
        groups.setdefault(item.solved.values, []).append((item, cell))
    merged = []
    for members in groups.values():
        owned: list[tuple[Found, Region]] = []
        for cell in joined([cell for _, cell in members]):
            owners = [item for item, part in members if part == cell or _serves(item, part, cell, given)]
            if not owners:
                owned = list(members)
                break
            owned.append((owners[0], cell))
        merged += owned
    return merged


def _serves(item: Found, part: Region, cell: Region, given: Region) -> bool:
    """Whether a set's conditions hold on a cell that is more than its own part."""
    return set(cell) <= set(part) and all(prove(relation, (*given, *cell)) is not None for relation in item.region)
