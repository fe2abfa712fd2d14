"""That the regimes of a solution, with its gaps, are disjoint and leave no admissible parameters out."""

from __future__ import annotations

from dataclasses import replace

from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.decision.regions import cover, disjoint
from derive.solution import Solution
from derive.steps import Coverage

# Regions looked at: their pairs and what lies outside all of them are refuted one by one.
MOST = 8


def with_covering(solution: Solution) -> Solution:
    """The solution with the proof that its regions partition the parameters, where there are several and the prover settles it."""
    regions = solution.regions
    if not _speak_of_parameters(solution) or not any(regions) or len(regions) > MOST:
        return solution
    certificates = _certificates(regions, solution.assumptions)
    if certificates is None:
        return solution
    label = ".".join(filter(None, (solution.protocol, solution.instance, "C")))
    step = Coverage(label=label, given=solution.assumptions, regions=regions, certificates=certificates)
    return replace(solution, covering=step)


def _speak_of_parameters(solution: Solution) -> bool:
    """Whether the regimes exclude one another and their regions are relations between parameters alone."""
    implicit = {item.symbol for regime in solution.regimes for item in regime.implicit}
    return all(
        regime.unique and not any(relation.free_symbols & implicit for relation in regime.region) for regime in solution.regimes
    )


def _certificates(regions: tuple[tuple[Boolean, ...], ...], given: tuple[Boolean, ...]) -> tuple[Certificate, ...] | None:
    overlaps = disjoint(regions, given)
    if overlaps is None:
        return None
    outside, holes = cover(regions, given)
    return None if holes else (*overlaps, *outside)
