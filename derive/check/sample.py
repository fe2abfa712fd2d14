"""Admissible rational points: found by moving one symbol at a time to the right side of a violated relation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import sympy
from sympy import Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.zero import Undecided, holds, number

__all__ = ["Point", "flat", "sample", "sample_regions", "satisfied"]

MOST_EDGES = 8  # relations of regions outside which points are looked for as well

Point = dict[Symbol, Fraction]
Apply = Callable[[str, tuple[Any, ...]], Any]


def flat(relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The relations with conjunctions opened and trivial truths left out."""
    found: list[Boolean] = []
    for relation in relations:
        if isinstance(relation, sympy.And):
            found += flat(sorted(relation.args, key=sympy.default_sort_key))
        elif relation != sympy.true:
            found.append(relation)
    return tuple(found)


def mp(point: Mapping[Symbol, Fraction]) -> dict[Symbol, Any]:
    """The point in mpmath numbers of the current precision."""
    return {symbol: mpmath.mpf(value.numerator) / value.denominator for symbol, value in point.items()}


def satisfied(relation: Boolean, point: Mapping[Symbol, Any], apply: Apply | None = None) -> bool:
    """Whether a relation holds at a point; where it is undefined it does not."""
    try:
        return holds(relation, point, apply)
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
    relations = flat(relations)
    found = []
    with mpmath.workdps(30):
        for _ in range(4 * count):
            point = _walk(relations, symbols, rng, integers, apply)
            if point is not None:
                found.append(point)
            if len(found) == count:
                break
    return found


def _random(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(1, 60), rng.randint(6, 40))


def _walk(
    relations: Sequence[Boolean],
    symbols: Sequence[Symbol],
    rng: random.Random,
    integers: frozenset[Symbol],
    apply: Apply | None,
) -> Point | None:
    point: Point = {}
    for symbol in symbols:
        value = Fraction(rng.randint(1, 9)) if symbol in integers else _random(rng)
        point[symbol] = -value if rng.random() < 0.1 else value
    here, fails = mp(point), dict.fromkeys(range(len(relations)), True)
    asked = [*fails]
    for turn in range(40):
        fails |= {place: not satisfied(relations[place], here, apply) for place in asked}
        bad = [relations[place] for place, failing in fails.items() if failing]
        if not bad:
            return point
        relation = rng.choice(bad)
        free = sorted(relation.free_symbols & set(symbols), key=str)
        if not free:
            return None
        symbol = rng.choice(free)
        point[symbol] = _moved(relation, symbol, point, rng, turn, symbol in integers, apply)
        here |= mp({symbol: point[symbol]})
        asked = [place for place, relation in enumerate(relations) if symbol in relation.free_symbols]
    return None


def _moved(
    relation: Any, symbol: Symbol, point: Point, rng: random.Random, turn: int, integer: bool, apply: Apply | None
) -> Fraction:
    """A value of `symbol` that satisfies a relation affine in it with a random slack, else a random value."""
    fresh = Fraction(rng.randint(1, 9)) if integer else _random(rng)
    if not hasattr(relation, "lhs"):
        return fresh
    gaps = []
    for value in (Fraction(0), Fraction(1), Fraction(2)):
        try:
            at = mp({**point, symbol: value})
            gaps.append(number(relation.lhs, at, apply) - number(relation.rhs, at, apply))
        except (ArithmeticError, ValueError, Undecided):
            return fresh
    slope = gaps[1] - gaps[0]
    if not slope or not mpmath.isfinite(slope) or abs(gaps[2] - gaps[1] - slope) > abs(slope) * 1e-20:
        return fresh
    root = Fraction(str(mpmath.nstr(-gaps[0] / slope, 25))).limit_denominator(10**6)
    up = (slope > 0) == (relation.rel_op in (">", ">="))
    slack = Fraction(0) if relation.rel_op == "==" else _random(rng) / (1 + Fraction(turn, 4))
    value = root + (slack if up else -slack)
    return (
        Fraction(-(-value.numerator // value.denominator) if up else value.numerator // value.denominator) if integer else value
    )


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
