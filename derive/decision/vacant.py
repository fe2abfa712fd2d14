"""Where a leader's pieces leave nothing to choose."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from derive.decision.piece import Piece, Settlement
from derive.decision.problem import Journal, Nothing
from derive.decision.regions import Region, emptiness, opposites, outside, uncovered
from derive.decision.unbounded import impossible
from derive.prove import witness
from derive.prove.oracle import satisfiable
from derive.solution import Without

__all__ = ["vacancies"]


def vacancies(settled: Settlement, pieces: Sequence[Piece], given: Region, journal: Journal) -> tuple[Nothing, ...]:
    """What the regions leave out, as far as the constraints are proved to contradict one another there on every piece.

    What one relation of them leaves out is looked at first: mostly that is all, in few words.
    """
    regions = [*(p.optimum.region for p in settled.placed), *(n.region for n in settled.nothing)]
    left = (*given, *outside(regions))
    if satisfiable(left) is False or witness(left) is None:
        return ()
    found: list[Nothing] = []
    for beyond in dict.fromkeys(o for region in regions for relation in region for o in opposites(relation)):
        if satisfiable((*left, beyond)) is True and _impossible((beyond,), pieces, journal):
            found.append(Nothing((beyond,), Without.INFEASIBLE, "no choice satisfies all constraints"))
            left = (*left, sympy.Not(beyond))
            if satisfiable(left) is False:
                return tuple(found)
    for region in uncovered([*regions, *(item.region for item in found)], given):
        if _impossible(region, pieces, journal):
            found.append(Nothing(region, Without.INFEASIBLE, "no choice satisfies all constraints"))
    return tuple(found)


def _impossible(region: Region, pieces: Sequence[Piece], journal: Journal) -> bool:
    """Whether every piece is proved to have no choice in the region; then steps say so."""
    mark = len(journal.steps)
    met = [piece.problem for piece in pieces if emptiness(region, piece.problem.given) is None]
    if all(impossible(problem, region, journal) is not None for problem in met):
        return True
    del journal.steps[mark:]
    return False
