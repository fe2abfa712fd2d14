"""That no admissible parameters are left out of a solution's regimes and gaps, and none lie in two of them.

Exactly, by the proof that comes with the solution, which has to speak of its regions as they are. Without one, points outside all
regions, and in two at once, are looked for where they would have to lie: where one relation of every region fails.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, islice, product

import sympy
from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.check.context import denials, follows
from derive.check.play import Play
from derive.check.sample import Point, flat, sample, satisfied
from derive.check.steps import Rejected, check_step
from derive.ir import Model
from derive.solution import Solution
from derive.steps import Coverage

__all__ = ["EFFORT", "Cover", "Covered", "cells", "cover"]

EFFORT = 60  # cells outside all regions, and pairs of regions, in which a point is looked for, times the number of regions
Region = tuple[Boolean, ...]


class Covered(Enum):
    """How it is known that the regions leave nothing out."""

    EVERYWHERE = "one region is everything"
    PROVED = "proved to leave nothing out"
    SEARCHED = "points left out were looked for"
    SAMPLED = "at the sampled points"


@dataclass(frozen=True)
class Cover:
    """How it is known that the regions of a solution partition the parameters, and what is wrong with them."""

    how: Covered
    findings: tuple[str, ...] = ()


def cover(statement: Model, solution: Solution, plays: Sequence[Play]) -> Cover:
    """Whether the regions of a solution are shown to leave nothing out."""
    regions = [flat(region) for region in solution.regions]
    if solution.covering is not None:
        return Cover(Covered.PROVED, tuple(_faults(statement, solution, regions)))
    if not all(regions) and len(regions) == 1:
        return Cover(Covered.EVERYWHERE)
    symbols = {symbol for play in plays[:1] for symbol in play.symbols}
    if not plays or any(not relation.free_symbols <= symbols for region in regions for relation in region):
        return Cover(Covered.SAMPLED)
    return Cover(Covered.SEARCHED, tuple(_found(solution, regions, plays[0])))


# --- by the proof ------------------------------------------------------------------------------------------------------------


def _faults(statement: Model, solution: Solution, regions: Sequence[Region]) -> Iterator[str]:
    step = solution.covering
    assert step is not None
    if {frozenset(flat(region)) for region in step.regions} != {frozenset(region) for region in regions}:
        yield f"{step.label}: the regions shown to leave nothing out are not those of the regimes and gaps"
    if not all(regime.unique for regime in solution.regimes):
        yield f"{step.label}: regimes said not to be the only ones are shown to be disjoint"
    yield from (f"{step.label}: {what}" for what in _differences(solution, step))
    stranger = [relation for relation in step.given if not follows(relation, solution.assumptions)]
    if stranger:
        yield f"{step.label}: {stranger[0]} is not assumed"
    try:
        check_step(step, statement, solution.assumptions)
    except Rejected as reason:
        yield str(reason)


def _differences(solution: Solution, step: Coverage) -> Iterator[str]:
    """What two regimes with a common border state that is not shown to be the same there, those before it being the same."""
    regions = dict(enumerate(step.regions))
    for border in step.shared:
        meeting = [regime for place in border.regions for regime in solution.regimes if regime.region == regions.get(place)]
        if len(meeting) != 2 or any(regime.implicit or regime.free for regime in meeting):
            yield f"regions {border.regions} do not both belong to a regime with one value for each symbol"
            continue
        first, second = dict(meeting[0].values), meeting[1].resolved()
        equal = {frozenset(certificate.claim.args) for certificate in border.alike if isinstance(certificate.claim, sympy.Eq)}
        for symbol in {**first, **second}:
            values = {first[symbol].xreplace(second), second[symbol]} if symbol in first and symbol in second else set()
            if len(values) != 1 and values not in equal:
                yield f"regimes {meeting[0].name} and {meeting[1].name} are not shown to agree on {symbol} where they meet"


# --- by search ---------------------------------------------------------------------------------------------------------------


def _found(solution: Solution, regions: Sequence[Region], play: Play) -> Iterator[str]:
    most = EFFORT // max(1, len(regions))
    for cell in cells(regions, most):
        point = _point(cell, play)
        if point is not None and not any(_inside(region, point) for region in regions):
            yield f"no region covers {_text(point)}"
            return
    alone = [region for regime, region in zip(solution.regimes, regions, strict=False) if regime.unique]
    for first, second in islice(combinations(alone, 2), most):
        point = _point((*first, *second), play)
        if point is not None and _inside(first, point) and _inside(second, point):
            yield f"two regions overlap at {_text(point)}"
            return


def cells(regions: Sequence[Region], most: int) -> list[Region]:
    """Ways to fail one relation of every region: all of them, or that many at random."""
    ways = [[denied for relation in region for denied in denials(relation)] for region in regions]
    if math.prod(map(len, ways)) <= most:
        chosen = list(product(*ways))
    else:
        rng = random.Random(3)
        chosen = [tuple(rng.choice(way) for way in ways) for _ in range(4 * most)]
    cells = dict.fromkeys(tuple(dict.fromkeys(cell)) for cell in chosen)
    return [cell for cell in cells if not any(sympy.Not(relation) in cell for relation in cell)][:most]


def _point(region: Region, play: Play) -> Point | None:
    region = flat(relation.xreplace(dict(play.derived)) for relation in region)
    if sympy.false in region:
        return None
    whole = frozenset(p.symbol for p in play.model.parameters if p.integer)
    symbols: Sequence[Symbol] = play.symbols
    found = sample((*play.assumptions, *region), symbols, random.Random(3), 1, whole)
    return play.complete(found[0]) if found else None


def _inside(region: Region, point: Point) -> bool:
    return all(satisfied(relation, point) for relation in region)


def _text(point: Point) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
