"""Where a leader's pieces leave nothing to choose."""

from __future__ import annotations

from collections.abc import Sequence

from derive.decision.piece import Piece, Settlement
from derive.decision.problem import Journal, Nothing
from derive.decision.regions import Region, emptiness, told_outside, uncovered
from derive.decision.unbounded import impossible
from derive.solution import Without

__all__ = ["vacancies"]


def vacancies(settled: Settlement, pieces: Sequence[Piece], given: Region, journal: Journal) -> tuple[Nothing, ...]:
    """What the regions leave out, as far as the constraints are proved to contradict one another there on every piece."""

    def vacancy(region: Region) -> Nothing | None:
        if not _impossible(region, pieces, journal):
            return None
        return Nothing(region, Without.INFEASIBLE, "no choice satisfies all constraints")

    regions = [*(p.optimum.region for p in settled.placed), *(n.region for n in settled.nothing)]
    found, everything = told_outside(regions, given, vacancy)
    if not everything:
        holes = uncovered([*regions, *(item.region for item in found)], given)
        found += [item for item in map(vacancy, holes) if item is not None]
    return tuple(found)


def _impossible(region: Region, pieces: Sequence[Piece], journal: Journal) -> bool:
    """Whether every piece is proved to have no choice in the region; then steps say so."""
    mark = len(journal.steps)
    met = [piece.problem for piece in pieces if emptiness(region, piece.problem.given) is None]
    if all(impossible(problem, region, journal) is not None for problem in met):
        return True
    del journal.steps[mark:]
    return False
