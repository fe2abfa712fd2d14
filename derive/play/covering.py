"""That the regimes of a solution, with its gaps, leave no admissible parameters out and exclude one another, or agree where they meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Eq, Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import open_
from derive.certificates import Certificate, SharedBorder
from derive.prove import prove
from derive.prove.partition import Partition
from derive.solution import Regime, Solution
from derive.steps import Coverage

# Regions looked at: every two of them are.
MOST = 24


def with_covering(solution: Solution) -> Solution:
    """The solution with the proof that its regions partition the parameters, where there are several and the prover settles it."""
    regions = solution.regions
    if not _speak_of_parameters(solution) or not any(regions) or len(regions) > MOST:
        return solution
    partition = Partition(solution.assumptions, regions)
    shared = _shared(solution, partition) if partition.covered((), regions) else None
    if shared is None:
        return solution
    label = ".".join(filter(None, (solution.protocol, solution.instance, "C")))
    certificates = tuple(partition.certificates)
    step = Coverage(label=label, given=solution.assumptions, regions=regions, certificates=certificates, shared=shared)
    return replace(solution, covering=step)


def _speak_of_parameters(solution: Solution) -> bool:
    """Whether the regimes exclude one another and their regions are relations between parameters alone."""
    implicit = {item.symbol for regime in solution.regimes for item in regime.implicit}
    return all(
        regime.unique and not any(relation.free_symbols & implicit for relation in regime.region) for regime in solution.regimes
    )


def _shared(solution: Solution, partition: Partition) -> tuple[SharedBorder, ...] | None:
    """The borders that regimes share; None if two regions have more in common, or a border on which they are not seen to agree."""
    found = []
    for j, second in enumerate(solution.regions):
        for i, first in enumerate(solution.regions[:j]):
            if partition.disjoint(first, second):
                continue
            border = _border(solution.regimes[i], solution.regimes[j], partition) if j < len(solution.regimes) else None
            if border is None:
                return None
            found.append(replace(border, regions=(i, j)))
    return tuple(found)


def _border(first: Regime, second: Regime, partition: Partition) -> SharedBorder | None:
    """What is known where two regimes hold both, with proofs that they state the same: each value of the first one, in terms of those
    before it, which are the same already."""
    if first.implicit or second.implicit or first.free or second.free or first.outside != second.outside:
        return None
    equations = tuple(_equations(first, second, partition))
    mine, others = dict(first.values), second.resolved()
    if not equations or set(mine) != set(others):
        return None
    pairs = [(value.xreplace(others), others[symbol]) for symbol, value in mine.items()]
    different = [Eq(value, other, evaluate=False) for value, other in pairs if value != other]
    proofs = [_proved_at(equations, claim, partition.given) for claim in different]
    alike = tuple(proof for proof in proofs if proof is not None)
    return SharedBorder((0, 0), equations, alike) if len(alike) == len(proofs) else None


def _proved_at(equations: tuple[Boolean, ...], claim: Boolean, given: tuple[Boolean, ...]) -> Certificate | None:
    """A proof by one of the equations where one will do, or by all of them."""
    ways = ((*given, *some) for some in (*((one,) for one in equations), equations))
    return next((proof for way in ways if (proof := prove(claim, way, splits=0)) is not None), None)


def _equations(first: Regime, second: Regime, partition: Partition) -> Iterator[Relational]:
    """The relations of the regimes that hold with equality where both regimes do."""
    seen: set[frozenset[Expr]] = set()
    for relation in (*first.region, *second.region):
        sides = frozenset(relation.args)
        if sides in seen or open_(relation) == relation:
            continue
        seen.add(sides)
        if partition.disjoint(first.region, (*second.region, open_(relation))):
            yield Eq(relation.lhs, relation.rhs, evaluate=False)
