"""Sums of choices by way of which every condition is one on the own choice alone, and linear in it: total output, total effort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy import Add, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.decision.newvariable import unused
from derive.decision.problem import relation_at
from derive.field import NotRational, coefficients, normal
from derive.prove import prove
from derive.triangular import Aggregate

__all__ = ["aggregates", "by_way_of"]


def aggregates(
    conditions: Sequence[Expr], payoffs: Sequence[Expr], unknowns: Sequence[Symbol], given: tuple[Boolean, ...]
) -> Iterator[Aggregate]:
    """The sums that stand in the conditions or in the payoffs, and that of all unknowns, as far as the conditions are of that kind."""
    symbol = unused("T", (*conditions, *unknowns, *given))
    for meaning in _sums((*conditions, *payoffs), unknowns):
        positive = prove(meaning > 0, given)
        restated = None if positive is None else _restated(conditions, unknowns, symbol, meaning)
        if positive is not None and restated is not None:
            yield Aggregate(symbol, meaning, positive, restated)


def by_way_of(relation: Boolean, aggregate: Aggregate, unknowns: Sequence[Symbol]) -> Boolean:
    """A relation that depends on the unknowns through the aggregate alone in terms of it; others as they are."""
    other = unknowns[-1]
    rest = normal((aggregate.symbol - aggregate.meaning) / aggregate.meaning.diff(other) + other)
    try:
        told = relation_at(relation, {other: rest})
    except (NotRational, ZeroDivisionError):
        return relation
    return relation if told.free_symbols & set(unknowns) else told


def _sums(exprs: Sequence[Expr], unknowns: Sequence[Symbol]) -> list[Expr]:
    found: dict[Expr, None] = {}
    for expr in exprs:
        for node in sorted(expr.atoms(Add), key=sympy.default_sort_key):
            if set(unknowns) <= node.free_symbols and all(_weight(node, unknown, unknowns) is not None for unknown in unknowns):
                found[node] = None
    found[Add(*unknowns)] = None
    return list(found)


def _weight(total: Expr, unknown: Symbol, unknowns: Sequence[Symbol]) -> Expr | None:
    """What an unknown is multiplied by in a sum that is linear in the unknowns."""
    weight = total.diff(unknown)
    return None if weight == 0 or weight.free_symbols & set(unknowns) else weight


def _restated(conditions: Sequence[Expr], unknowns: Sequence[Symbol], symbol: Symbol, meaning: Expr) -> tuple[Expr, ...] | None:
    """Each condition as one on its own unknown, in which it is linear, and the aggregate; None where one is not."""
    found = []
    for own, condition in zip(unknowns, conditions, strict=True):
        other = next(unknown for unknown in unknowns if unknown != own)
        weight = meaning.diff(other)
        rest = normal((symbol - meaning) / weight + other)
        try:
            restated = normal(condition.xreplace({other: rest}))
            linear = coefficients(restated, own)
        except (NotRational, ZeroDivisionError):
            return None
        if restated.free_symbols & (set(unknowns) - {own}) or linear is None or len(linear) > 2:
            return None
        found.append(restated)
    return tuple(found)
