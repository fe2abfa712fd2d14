"""Where best replies meet by their conditions: these solved for one choice after the other, if need be by way of a sum of all choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.systems import Root, solve_system
from derive.decision.problem import Journal, relation_at, unique
from derive.errors import Degenerate, Refusal
from derive.field import NotRational, normal
from derive.play.aggregates import aggregates, by_way_of
from derive.play.lastroots import last_roots, side_of_root
from derive.triangular import Aggregate, LastEquation, Triangular

__all__ = ["Solved", "in_turn"]

Values = tuple[tuple[Symbol, Expr], ...]


@dataclass(frozen=True)
class Solved:
    """Values of the unknowns at which all conditions vanish; the step says that there are no others."""

    values: Values
    step: Triangular

    def told(self, relation: Boolean, given: tuple[Boolean, ...]) -> tuple[Boolean, ...] | None:
        """A relation between the unknowns by way of the last one, without its root; None where it is not of that kind."""
        last, aggregate = self.step.last, self.step.aggregate
        if last is None or not hasattr(relation, "gts"):
            return None
        known = given
        if aggregate is not None:
            known = (*given, aggregate.symbol > 0)
            relation = by_way_of(relation, aggregate, self.step.unknowns)
        done: dict[Symbol, Expr] = {}
        for one in reversed(self.step.trail):
            done[one.unknown] = normal(one.value.xreplace(done))
        try:
            return side_of_root(
                relation_at(relation, done), last, tuple(one for one in known if not one.free_symbols & set(done))
            )
        except (Refusal, NotRational, ZeroDivisionError):
            return None


def in_turn(
    ways: Sequence[tuple[Expr, ...]],
    payoffs: Sequence[Expr],
    unknowns: tuple[Symbol, ...],
    fixed: Values,
    given: tuple[Boolean, ...],
    uses: tuple[str, ...],
    journal: Journal,
) -> tuple[Solved, ...] | None:
    """All profiles among what is given, by the first of these `ways` to state the conditions that is solved; None where none is.

    Raises Degenerate where one would be if a quantity did not vanish.
    """
    degenerate: Degenerate | None = None
    for conditions, aggregate in _systems(ways, payoffs, unknowns, given):
        try:
            roots = _roots(conditions, aggregate, unknowns, given)
        except Degenerate as refusal:
            degenerate = degenerate or refusal
            continue
        except (Refusal, NotRational, ZeroDivisionError):
            continue
        return tuple(_recorded(roots, conditions, aggregate, unknowns, fixed, given, uses, journal))
    if degenerate is not None:
        raise degenerate
    return None


def _systems(
    ways: Sequence[tuple[Expr, ...]], payoffs: Sequence[Expr], unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]
) -> Iterator[tuple[tuple[Expr, ...], Aggregate | None]]:
    """The conditions restated by way of an aggregate, then as they are."""
    for conditions in ways if len(unknowns) > 1 else ():
        for aggregate in aggregates(conditions, payoffs, unknowns, given):
            yield conditions, aggregate
    for conditions in ways:
        yield conditions, None


def _roots(
    conditions: tuple[Expr, ...], aggregate: Aggregate | None, unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]
) -> tuple[Root, ...]:
    if aggregate is None:
        return solve_system(conditions, unknowns, given, last_roots)
    symbol, meaning = aggregate.symbol, aggregate.meaning
    return solve_system((*aggregate.restated, symbol - meaning), (*unknowns, symbol), (*given, symbol > 0), last_roots)


def _recorded(
    roots: Sequence[Root],
    conditions: tuple[Expr, ...],
    aggregate: Aggregate | None,
    unknowns: tuple[Symbol, ...],
    fixed: Values,
    given: tuple[Boolean, ...],
    uses: tuple[str, ...],
    journal: Journal,
) -> Iterator[Solved]:
    """The solutions, those of one last equation in one step."""
    left = list(roots)
    while left:
        first = left[0]
        own = [root for root in left if root.trail == first.trail and _equation(root) == _equation(first)]
        left = [root for root in left if root not in own]
        here = unique((*given, *first.apart))
        step = journal.add(
            Triangular,
            uses=uses,
            given=here,
            conditions=conditions,
            fixed=fixed,
            unknowns=unknowns,
            aggregate=aggregate,
            trail=first.trail,
            last=_equation(first),
            solutions=tuple(_ordered(root) for root in own),
        )
        for root in own:
            values = dict(root.values)
            yield Solved(tuple((unknown, normal(values[unknown])) for unknown in unknowns), step)


def _equation(root: Root) -> LastEquation | None:
    return None if root.last is None else root.last.equation


def _ordered(root: Root) -> Values:
    """The values, that of the last unknown first."""
    last = None if root.last is None else root.last.equation.unknown
    return tuple(sorted(root.values, key=lambda item: item[0] != last))
