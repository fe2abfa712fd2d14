"""Admissible rational points: found by moving one symbol at a time to the right side of a violated relation."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.rough import doubles
from derive.check.values import Apply, Undecided, exact, holds, numbers

__all__ = ["Point", "equated", "flat", "sample", "sample_regions", "satisfied"]

TRIED = (Fraction(0), Fraction(1), Fraction(2))  # values of a symbol that tell whether a gap is affine in it
MOST_EDGES = 8  # relations of regions outside which points are looked for as well

Point = dict[Symbol, Fraction]


def flat(relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The relations with conjunctions opened and trivial truths left out."""
    found: list[Boolean] = []
    for relation in relations:
        if isinstance(relation, sympy.And):
            found += flat(sorted(relation.args, key=sympy.default_sort_key))
        elif relation != sympy.true:
            found.append(relation)
    return tuple(found)


def equated(relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The relations, two that say that something is at least and at most zero as the equation they make: points are found on it."""
    relations = flat(relations)
    gaps = {r.gts - r.lts for r in relations if isinstance(r, sympy.Ge | sympy.Le)}
    pinned = {gap for gap in gaps if -gap in gaps}
    both = (sympy.Eq(r.gts, r.lts) if isinstance(r, sympy.Ge | sympy.Le) and r.gts - r.lts in pinned else r for r in relations)
    return tuple(dict.fromkeys(both))


def mp(point: Mapping[Symbol, Fraction]) -> dict[Symbol, Any]:
    """The point in mpmath numbers of the current precision."""
    return {symbol: mpmath.mpf(value.numerator) / value.denominator for symbol, value in point.items()}


def satisfied(
    relation: Boolean, point: Mapping[Symbol, Any], apply: Apply | None = None, near: Mapping[Symbol, float] | None = None
) -> bool:
    """Whether a relation holds at a point; where it is undefined it does not."""
    try:
        return holds(relation, point, apply, near)
    except (ArithmeticError, ValueError):
        return False


def sample(
    relations: Sequence[Boolean],
    symbols: Sequence[Symbol],
    rng: random.Random,
    count: int,
    integers: frozenset[Symbol] = frozenset(),
    apply: Apply | None = None,
) -> list[Point]:
    """At most `count` rational points of `symbols` at which all `relations` hold; fewer where they are hard to find."""
    asked = _Asked(flat(relations), tuple(symbols), integers, apply)
    found = []
    with mpmath.workdps(30):
        for _ in range(4 * count):
            point = asked.walk(rng)
            if point is not None:
                found.append(point)
            if len(found) == count:
                break
    return found


def _random(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(1, 60), rng.randint(6, 40))


class _Asked:
    """Relations that are to hold at a point of some symbols, of which `integers` are whole."""

    def __init__(
        self, relations: Sequence[Boolean], symbols: Sequence[Symbol], integers: frozenset[Symbol], apply: Apply | None
    ) -> None:
        self.relations, self.symbols, self.integers, self.apply = relations, symbols, integers, apply
        self.free = [sorted(relation.free_symbols & set(symbols), key=str) for relation in relations]
        self.speaking = {s: [place for place, free in enumerate(self.free) if s in free] for s in symbols}

    def walk(self, rng: random.Random) -> Point | None:
        """A point found by moving one symbol after the other; None where that does not lead to one soon."""
        point: Point = {}
        for symbol in self.symbols:
            value = Fraction(rng.randint(1, 9)) if symbol in self.integers else _random(rng)
            point[symbol] = -value if rng.random() < 0.1 else value
        near = doubles(point)
        fails: dict[int, bool] = {}
        asked: Iterable[int] = range(len(self.relations))
        for turn in range(40):
            fails |= {place: not satisfied(self.relations[place], point, self.apply, near) for place in asked}
            bad = [place for place in range(len(self.relations)) if fails[place]]
            if not bad:
                return point
            place = rng.choice(bad)
            if not self.free[place]:
                return None
            symbol = rng.choice(self.free[place])
            point[symbol] = self._moved(self.relations[place], symbol, point, rng, turn)
            near.pop(symbol, None)
            near |= doubles({symbol: point[symbol]})
            asked = self.speaking[symbol]
        return None

    def _moved(self, relation: Any, symbol: Symbol, point: Point, rng: random.Random, turn: int) -> Fraction:
        """A value of `symbol` that satisfies a relation affine in it with a random slack, else a random value."""
        integer = symbol in self.integers
        fresh = Fraction(rng.randint(1, 9)) if integer else _random(rng)
        if not isinstance(relation, Relational):
            return fresh
        root = _root(relation, symbol, point, self.apply)
        if root is None:
            return fresh
        where, rising = root
        up = rising == (relation.rel_op in (">", ">="))
        slack = Fraction(0) if relation.rel_op == "==" else _random(rng) / (1 + Fraction(turn, 4))
        value = where + (slack if up else -slack)
        if not integer:
            return value
        return Fraction(-(-value.numerator // value.denominator) if up else value.numerator // value.denominator)


def _root(relation: Relational, symbol: Symbol, point: Point, apply: Apply | None) -> tuple[Fraction, bool] | None:
    """Where ``left - right`` vanishes as one symbol changes, and whether it rises; None where it is not affine in the symbol."""
    affine = _affine(relation.lhs, symbol) and _affine(relation.rhs, symbol)
    try:
        gaps = [_gap(relation, {**point, symbol: value}, apply) for value in TRIED[: 2 if affine else 3]]
    except (ArithmeticError, ValueError, Undecided):
        return None
    slope, bend = gaps[1] - gaps[0], 0 if affine else gaps[2] - 2 * gaps[1] + gaps[0]
    if isinstance(slope, Fraction):
        if not slope or bend:
            return None
        return (-gaps[0] / slope).limit_denominator(10**6), slope > 0
    if not slope or not mpmath.isfinite(slope) or abs(bend) > abs(slope) * 1e-20:
        return None
    return Fraction(str(mpmath.nstr(-gaps[0] / slope, 25))).limit_denominator(10**6), bool(slope > 0)


@lru_cache(maxsize=4096)
def _affine(expr: Expr, symbol: Symbol) -> bool:
    """Whether an expression is affine in a symbol by its form."""
    moving = [part for part in expr.args if symbol in part.free_symbols]
    if not moving:
        return True
    return bool(expr.is_Add or (expr.is_Mul and len(moving) == 1)) and all(_affine(part, symbol) for part in moving)


def _gap(relation: Relational, point: Point, apply: Apply | None) -> Any:
    sides = exact((relation.lhs, relation.rhs), point)
    if sides is None:
        sides = numbers((relation.lhs, relation.rhs), point, apply)
    return sides[0] - sides[1]


def sample_regions(
    assumptions: Sequence[Boolean],
    regions: Iterable[Sequence[Boolean]],
    symbols: Sequence[Symbol],
    count: int,
    whole: frozenset[Symbol] = frozenset(),
) -> list[Point]:
    """About `count` admissible points at large, in every region, and beyond the edges of the regions if these are few.

    Without symbols the one empty point.
    """
    if not symbols:
        return [{}] if count else []
    places = [(), *(tuple(region) for region in regions if region)]
    edges = dict.fromkeys(relation for region in places for relation in region if isinstance(relation, Relational))
    places += [(relation.negated,) for relation in edges if len(edges) <= MOST_EDGES]
    share = max(count // len(places), 3) if count else 0
    return [
        point
        for k, place in enumerate(places)
        for point in sample((*assumptions, *place), symbols, random.Random(k), share, whole)
    ]
