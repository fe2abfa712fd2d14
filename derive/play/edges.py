"""The same play in fewer cases: regions that make one, and such as are nothing but the common boundary of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, Expr, Ge, Le, Ne

from derive.algebra.shape import open_
from derive.decision.problem import unique
from derive.decision.regions import Region, closed, covers, emptiness, implied, joined, with_edge
from derive.field import normal
from derive.play.setting import Continuation


def without_edges(continuations: Sequence[Continuation], given: Region) -> tuple[Continuation, ...]:
    """The same play in fewer cases: one on a boundary where a neighbour chooses the same is left to the neighbour."""
    kept = _joined(continuations, given)
    for edge in tuple(kept):
        if edge not in kept or not _degenerate(edge.region, given):  # it may have taken in another edge
            continue
        alike = [(place, other) for place, other in enumerate(kept) if other is not edge and _agree(other, edge, given)]
        wider = [(place, replace(other, region=r)) for place, other in alike if (r := _with_edge(other, edge, kept, given))]
        if any(_contains(other.region, edge.region, given) for _, other in alike):
            kept.remove(edge)
        elif wider:
            kept[wider[0][0]] = wider[0][1]
            kept.remove(edge)
    return tuple(kept) if len(kept) == len(continuations) else without_edges(kept, given)  # what has its edge may make one with others


def _with_edge(other: Continuation, edge: Continuation, kept: Sequence[Continuation], given: Region) -> Region | None:
    """A neighbour's region with one of its strict relations made weak, so that it has the edge: what that adds is the edge alone, or
    all of it is in cases that do the same there."""
    alone = with_edge(other.region, edge.region, given)
    if alone is not None:
        return alone
    missed = [relation for relation in other.region if not implied(relation, (*given, *edge.region))]
    if len(missed) != 1 or not implied(closed(missed[0]), (*given, *edge.region)):
        return None
    wider = tuple(closed(r) if r in missed else r for r in other.region)
    border = (*wider, Eq(missed[0].lhs - missed[0].rhs, 0))
    same = [c.region for c in kept if c is not other and _agree(other, replace(c, region=unique((*c.region, *border))), given)]
    return wider if covers(same, (*given, *border)) else None


def _joined(continuations: Sequence[Continuation], given: Region) -> list[Continuation]:
    """The same choices on regions that make one, or on one and a part of its edge, told once."""
    kept: list[Continuation] = []
    for continuation in continuations:
        for place, other in enumerate(kept):
            region = _union(other.region, continuation.region, given) if _same_play(other, continuation) else None
            if region is not None:
                active = tuple(name for name in other.active if name in continuation.active)
                kept[place] = replace(other, region=region, active=active)
                break
        else:
            kept.append(continuation)
    return kept if len(kept) == len(continuations) else _joined(kept, given)


def _same_play(first: Continuation, second: Continuation) -> bool:
    if any(c.implicit or c.rooted or c.free or c.tie is not None or not c.unique for c in (first, second)):
        return False
    values = dict(second.values)
    same = len(values) == len(first.values) and all(s in values and normal(v - values[s]) == 0 for s, v in first.values)
    return same and first.through == second.through and first.within == second.within


def _union(region: Region, other: Region, given: Region) -> Region | None:
    together = joined((region, other), given)
    if len(together) == 1:
        return together[0]
    return with_edge(region, other, given) or with_edge(other, region, given)


def _degenerate(region: Region, given: Region) -> bool:
    """Whether the region has points but no interior: mostly two of the relations, or one and something given, say that something is at
    least and at most zero."""
    sides = [normal(r.gts - r.lts) for r in region if isinstance(r, Ge | Le)]
    known = [normal(r.gts - r.lts) for r in given if isinstance(r, Ge | Le)]
    opposite = any(normal(a + b) == 0 for i, a in enumerate(sides) for b in (*sides[:i], *known))
    if opposite or any(isinstance(r, Eq) for r in region):
        return True
    return bool(sides) and emptiness(map(open_, region), given) is not None and emptiness(region, given) is None


def _agree(other: Continuation, edge: Continuation, given: Region) -> bool:
    """Whether a neighbour does on the edge what is done there."""
    if other.implicit or edge.implicit or other.free or edge.free or not (other.unique and edge.unique):
        return False
    known = unique((*given, *edge.region))
    values = dict(other.values)
    gaps = [normal(value - values[symbol]) for symbol, value in edge.values if symbol in values]
    return len(gaps) == len(values) and not any(_differs(gap, known) for gap in gaps)


def _contains(region: Region, edge: Region, given: Region) -> bool:
    """Whether all of the edge is in the region."""
    return all(implied(relation, (*given, *edge)) for relation in region)


def _differs(gap: Expr, known: Region) -> bool:
    return gap != 0 and emptiness((Ne(gap, 0),), known) is None
