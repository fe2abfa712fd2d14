"""Where a polynomial condition on one parameter changes: its roots in the parameter's range, between rational bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass

import sympy
from sympy import Basic, Expr, Poly, Rational, Symbol
from sympy.core.relational import Equality, Relational, Unequality
from sympy.logic.boolalg import Boolean

from derive.audit.conditions import Condition
from derive.certificates import Certificate, Switched
from derive.field import NotRational, numerator
from derive.prove.verdicts import Threshold
from derive.tree import free_symbols

FINENESS = 10**6


@dataclass(frozen=True)
class Turn:
    """A root at which a condition changes; `holds` says on which side of it, where it is the only one in the parameter's range."""

    root: Threshold
    holds: str


def turns(condition: Condition, given: Sequence[Boolean]) -> tuple[Turn, ...]:
    """The roots that matter: of the relations of `condition` on one parameter that name no value themselves."""
    found: dict[Turn, None] = {}
    for part in condition:
        for one in part:
            if len(free_symbols(one)) == 1 and not one.lhs.is_Symbol and not one.rhs.is_Symbol:
                (symbol,) = free_symbols(one)
                roots = tuple(_roots(one.lhs - one.rhs, symbol, given))
                side = _side(one, roots[0]) if len(roots) == 1 else ""
                found.update(dict.fromkeys(Turn(root, side) for root in roots))
    return tuple(found)


def _side(relation: Relational, root: Threshold) -> str:
    """Below or above the only root: where the relation holds just outside its bracket, if on one side only."""
    below, above = (
        relation.xreplace({root.symbol: value}) == sympy.true
        for value in (root.low - Rational(1, FINENESS), root.high + Rational(1, FINENESS))
    )
    return "" if below == above else "below" if below else "above"


def _roots(expression: Expr, symbol: Symbol, given: Sequence[Boolean]) -> Iterator[Threshold]:
    try:
        polynomial = Poly(numerator(expression), symbol, domain="QQ").sqf_part()
    except (NotRational, sympy.PolynomialError, ZeroDivisionError):
        return
    bottom, top = bounds(symbol, given)
    for (low, high), _ in polynomial.intervals(eps=Rational(1, FINENESS)):
        if (bottom is not None and high <= bottom) or (top is not None and low >= top):
            continue
        yield Threshold(symbol, polynomial.as_expr(), *_decimal(polynomial, Rational(low), Rational(high)))


def _decimal(polynomial: Poly, low: Rational, high: Rational) -> tuple[Rational, Rational]:
    """The bracket widened to decimals, where it still holds one root."""
    if low == high:
        return low, high
    down, up = Rational((low * FINENESS).floor(), FINENESS), Rational((high * FINENESS).ceiling(), FINENESS)
    return (down, up) if polynomial.count_roots(down, up) == 1 else (low, high)


def bounds(symbol: Symbol, given: Iterable[Boolean]) -> tuple[Rational | None, Rational | None]:
    """The tightest numbers between which the relations that name nothing but `symbol` put it."""
    low: Rational | None = None
    high: Rational | None = None
    for fact in given:
        if not isinstance(fact, Relational) or isinstance(fact, Equality | Unequality) or free_symbols(fact) != {symbol}:
            continue
        greater, smaller = (fact.lhs, fact.rhs) if fact.rel_op in (">", ">=") else (fact.rhs, fact.lhs)
        if greater == symbol and smaller.is_Rational:
            low = smaller if low is None else max(low, smaller)
        if smaller == symbol and greater.is_Rational:
            high = greater if high is None else min(high, greater)
    return low, high


def switches(certificate: object) -> tuple[Switched, ...]:
    """The single changes of sign that a certificate proves, with their brackets."""
    found: dict[Switched, None] = {}
    waiting: list[object] = [certificate]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Switched):
            found[one] = None
        elif isinstance(one, tuple):
            waiting += [part for part in one if not isinstance(part, Basic)]
        elif isinstance(one, Certificate) or (is_dataclass(one) and not isinstance(one, type)):
            waiting += [getattr(one, field.name) for field in fields(one)]
    return tuple(sorted(found, key=lambda one: str(one.claim))) if len(found) > 1 else tuple(found)
