"""Which of two values is larger, when one of them is a root: the sign of the equation's left side at the other tells.

The left side of the equation that defines a root changes its sign there and nowhere else in its range. So a root lies below a value
of the range exactly where the left side has at that value the sign that it has above the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction

from derive.audit.unknowns import reduced
from derive.field import NotRational, normal
from derive.prove import prove
from derive.prove.relations import TURN, operator, relation
from derive.solution import Implicit
from derive.tree import free_symbols, operations

__all__ = ["Crossing", "by_crossings"]

MOST_OPERATIONS = 200


@dataclass(frozen=True)
class Crossing:
    """`stated` holds exactly where `instead` does: the left side of the equation of `root` has been looked at instead."""

    stated: Relational
    instead: Boolean
    root: Symbol


def by_crossings(
    claim: Boolean, implicit: Mapping[Symbol, Implicit], given: Sequence[Boolean]
) -> tuple[Boolean, tuple[Crossing, ...]]:
    """The claim with comparisons of roots replaced where fewer are left of them afterwards, and what was replaced."""
    if isinstance(claim, BooleanFunction):
        parts = [by_crossings(part, implicit, given) for part in claim.args]
        crossings = tuple(crossing for _, found in parts for crossing in found)
        return (claim.func(*(part for part, _ in parts)), crossings) if crossings else (claim, ())
    if not isinstance(claim, Relational):
        return claim, ()
    compared = free_symbols(claim) & set(implicit)
    found = [(root, read) for root, read in _readings(claim, implicit, given) if free_symbols(read) & set(implicit) < compared]
    if not found:
        return claim, ()
    root, instead = min(
        found, key=lambda pair: (len(free_symbols(pair[1]) & set(implicit)), operations(pair[1]), str(pair[0]))
    )
    return instead, (Crossing(claim, instead, root),)


def _readings(
    claim: Relational, implicit: Mapping[Symbol, Implicit], given: Sequence[Boolean]
) -> Iterator[tuple[Symbol, Boolean]]:
    """The claim through the equation of every root that it compares with something."""
    gap = claim.lhs - claim.rhs
    if operations(gap) > MOST_OPERATIONS:
        return
    for symbol in sorted(free_symbols(gap) & set(implicit), key=str):
        slope = gap.diff(symbol)
        if not slope.is_Rational or slope == 0:
            continue
        try:
            value = normal(symbol - gap / slope)
            read = _read(implicit[symbol], value, operator(claim) if slope > 0 else TURN[operator(claim)], implicit, given)
        except (NotRational, ZeroDivisionError):
            continue
        yield symbol, read


def _read(item: Implicit, value: Expr, op: str, implicit: Mapping[Symbol, Implicit], given: Sequence[Boolean]) -> Boolean:
    """``root op value``, for any value; outside the range of the root the range tells."""
    core = item.equation.xreplace({item.symbol: value})
    for other in implicit.values():
        core = reduced(core, other)
    inside = [r for r in (_positive(value - item.low, given), _positive(item.high - value, given)) if r is not sympy.true]
    side = relation(normal(-item.sign * core), op)
    if not free_symbols(side):
        side = sympy.sympify(bool(side.doit()))
    within = [sympy.And(*inside, side, evaluate=False)] if inside and side != sympy.false else [side]
    parts = [*_outside(op, value, item, inside), *(part for part in within if part != sympy.false)]
    return sympy.Or(*parts, evaluate=False) if len(parts) > 1 else parts[0] if parts else sympy.false


def _positive(gap: Expr, given: Sequence[Boolean]) -> Boolean:
    """That a gap is positive; true where that is proved."""
    if gap.is_infinite:
        return sympy.true
    claim = relation(normal(gap), ">")
    return sympy.true if claim == sympy.true or prove(claim, given) is not None else claim


def _outside(op: str, value: Expr, item: Implicit, inside: Sequence[Boolean]) -> list[Boolean]:
    """Where the value lies outside the range and ``root op value`` holds for that reason."""
    found: list[Boolean] = []
    for gap, ops in ((value - item.low, (">", ">=", "!=")), (item.high - value, ("<", "<=", "!="))):
        if op in ops and not gap.is_infinite and relation(normal(gap), ">") in inside:
            found.append(relation(normal(gap), "<="))
    return found
