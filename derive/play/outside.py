"""The choice not to start the game: regimes in which those who move first prefer what they earn outside.

The game itself is solved before. In each of its regimes the payoff of the first movers is compared with their outside payoff;
where neither is larger throughout, the regime is divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Eq, Expr, Mul, Symbol
from sympy.core.relational import Relational, StrictGreaterThan
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import open_, readable, simplest
from derive.decision.problem import Journal, needed, unique
from derive.decision.regions import Region, outside_of
from derive.field import normal
from derive.ir import Model, Protocol
from derive.law.lower import substitute_definitions
from derive.prove import prove, refute
from derive.solution import Gap, Regime, Without
from derive.steps import OutsideOption


@dataclass(frozen=True)
class Alternative:
    """What everybody earns outside, and the payoffs of those who choose."""

    values: tuple[tuple[Symbol, Expr], ...]
    deciding: tuple[Symbol, ...]

    @property
    def worth(self) -> Expr:
        """What those who choose earn together."""
        return Add(*(dict(self.values)[payoff] for payoff in self.deciding))


def alternative(model: Model, protocol: Protocol) -> Alternative:
    """The outside option of a protocol that has one."""
    stated = dict(protocol.outside)
    values = tuple(
        (p.payoff, substitute_definitions(stated[p.name], model.definitions)) for p in model.players if p.name in stated
    )
    deciding = tuple(model.player(name).payoff for name in protocol.stages[0].decisions[0].by)
    return Alternative(values, deciding)


def with_outside_option(
    regimes: Sequence[Regime],
    gaps: Sequence[Gap],
    option: Alternative,
    objective: Expr,
    given: tuple[Boolean, ...],
    journal: Journal,
) -> tuple[tuple[Regime, ...], tuple[Gap, ...]]:
    """The regimes in which the game is started, then those in which it is not, and the gaps that remain.

    `objective` is what those who choose maximise together, in terms of all choices.
    """
    played: list[Regime] = []
    declined: list[tuple[Boolean, ...]] = []
    for regime in regimes:
        starts, stays = _divided(regime, option, objective, given, journal)
        played += [replace(regime, region=starts)] if starts is not None else []
        if stays is not None:
            declined += [stays] if regime.unique else outside_of(stays, declined, given)
    declined += [gap.region for gap in gaps if gap.kind is Without.INFEASIBLE]
    kept = tuple(gap for gap in gaps if gap.kind is not Without.INFEASIBLE)
    outside = [Regime("", region, option.values, outside=True) for region in _joined(declined, given)]
    kept_regimes = (*_without_edges(played, given), *outside)
    named = (replace(regime, name=str(number)) for number, regime in enumerate(kept_regimes, start=1))
    return tuple(named), kept


def _without_edges(regimes: Sequence[Regime], given: tuple[Boolean, ...]) -> list[Regime]:
    """The regimes without those of which only an edge is left that another one has too, with the same values."""
    kept = list(regimes)
    for regime in regimes:
        inside = (*given, *(open_(relation) for relation in regime.region))
        if refute(inside) is not None and any(_has(other, regime, given) for other in kept if other is not regime):
            kept.remove(regime)
    return kept


def _has(other: Regime, edge: Regime, given: tuple[Boolean, ...]) -> bool:
    here = (*given, *edge.region)
    mine, theirs = edge.resolved(), other.resolved()
    if set(mine) != set(theirs) or not all(prove(relation, here) is not None for relation in other.region):
        return False
    return all(mine[s] == theirs[s] or prove(Eq(mine[s] - theirs[s], 0), here) is not None for s in mine)


def _divided(
    regime: Regime, option: Alternative, objective: Expr, given: tuple[Boolean, ...], journal: Journal
) -> tuple[tuple[Boolean, ...] | None, tuple[Boolean, ...] | None]:
    """The parts of a regime in which the game is started and in which it is not; None for an empty one."""
    inside = normal(normal(objective).xreplace(regime.resolved()))
    outside = option.worth
    gap = normal(inside - outside)
    here = (*given, *regime.region)
    parts: list[tuple[Boolean, ...] | None] = []
    for starts, condition in ((True, gap >= 0), (False, gap < 0)):
        if condition == False or refute((*here, condition)) is not None:  # noqa: E712 (SymPy's false)
            parts.append(None)
            continue
        always = condition == True or prove(condition, here) is not None  # noqa: E712
        region = regime.region if always else _region((*regime.region, condition), given)
        certificate = None if condition == True else prove(condition, (*given, *region))  # noqa: E712
        journal.add(
            OutsideOption,
            given=region,
            payoffs=option.deciding,
            inside=inside,
            outside=outside,
            starts=starts,
            certificate=certificate,
        )
        parts.append(region)
    return parts[0], parts[1]


def _region(relations: Sequence[Boolean], given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    return unique(simplest(needed(relations, given), given))


def _joined(regions: Sequence[tuple[Boolean, ...]], given: tuple[Boolean, ...]) -> list[tuple[Boolean, ...]]:
    """The regions, one put together with another where this is all that one of its relations keeps from it."""
    found = list(regions)
    for first in regions:
        for second in regions:
            if first not in found or second not in found or first == second:
                continue
            union = next((rest for rest in _without_one(first) if _covers(first, second, rest, given)), None)
            if union is not None:
                found[found.index(first)] = union
                found.remove(second)
    return [tuple(_positive(relation, given) for relation in region) for region in found]


def _without_one(region: tuple[Boolean, ...]) -> Iterator[tuple[Boolean, ...]]:
    return (tuple(r for r in region if r != left_out) for left_out in region if isinstance(left_out, Relational))


def _covers(first: Region, second: Region, union: Region, given: Region) -> bool:
    """Whether `union`, which the first region has and a relation more, is the first and the second together."""
    (cut,) = set(first) - set(union)
    if not all(isinstance(relation, Relational) for relation in second):
        return False
    inside = all(prove(relation, (*given, *second)) is not None for relation in union)
    return inside and all(refute((*given, *union, cut.negated, relation.negated)) is not None for relation in second)


def _positive(relation: Boolean, given: Region) -> Boolean:
    """A positive product without the factors that are not negative and do not vanish where the others are positive."""
    if not isinstance(relation, StrictGreaterThan) or relation.rhs != 0:
        return relation
    for factor in Mul.make_args(relation.lhs):
        rest = relation.lhs / factor > 0
        if isinstance(rest, Relational) and prove(factor >= 0, given) and prove(factor > 0, (*given, rest)):
            return _positive(readable(rest, given), given)
    return relation
