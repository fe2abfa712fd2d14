"""Admissible parameter points, to know which way round a difference is positive when it is printed.

Nothing is concluded from them: they only decide whether ``a - c`` or ``c - a`` is written.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import prod
from typing import Any

from flint import fmpq
from sympy import Abs, Add, Expr, Max, Min, Mul, NumberSymbol, Pow, Rational, Symbol, erf, exp, log, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.space import NotRational, TooLarge, rational, space
from derive.prove.truth import true_at
from derive.views.latex.shape import Shape

__all__ = ["admissible_points", "seen_under"]

_TRIES = 300
_COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
_FUNCTIONS: dict[type, Callable[..., float]] = {log: math.log, exp: math.exp, erf: math.erf, Abs: abs, Max: max, Min: min}


def admissible_points(
    symbols: Sequence[Symbol], assumptions: Sequence[Boolean], count: int = 8
) -> tuple[dict[Symbol, Rational], ...]:
    """Rational values of the symbols that satisfy all assumptions which speak of them alone: up to `count` such points."""
    own = set(symbols)
    relations = [one for one in assumptions if isinstance(one, Relational) and one.free_symbols <= own]
    names = [sorted(symbol.name for symbol in one.free_symbols) for one in relations]
    speaking = {symbol.name: {place for place, own in enumerate(names) if symbol.name in own} for symbol in symbols}
    tests = [_test(tuple(symbols), one) for one in relations]
    chance = random.Random(0)
    found = []
    for _ in range(count):
        point = {symbol.name: fmpq(chance.randint(1, 30), 7) for symbol in symbols}
        held: set[int] = set()  # relations that hold at the point; those of a symbol that changes are told anew
        for _ in range(_TRIES):
            broken = _first_broken(tests, point, held)
            if broken is None:
                found.append({symbol: rational(point[symbol.name]) for symbol in symbols})
                break
            scale = chance.choice((1, 1, 2, 5))
            value = fmpq(chance.randint(-2, 40) * scale, chance.choice((5, 7, 11, 40)))
            changed = chance.choice(names[broken])
            point[changed] = value
            held -= speaking[changed]
    return tuple(found)


def seen_under(shape: Shape, given: Sequence[Boolean]) -> Shape:
    """The shape that goes by those of its points at which those relations hold that speak of parameters alone, if there are any."""
    own = set(shape.points[0]) if shape.points else set()
    tests = [one for one in given if isinstance(one, Relational) and one.free_symbols <= own]
    kept = tuple(point for point in shape.points if all(one.xreplace(dict(point)) == true for one in tests))
    return replace(shape, points=kept) if 0 < len(kept) < len(shape.points) else shape


def _first_broken(tests: Sequence[Callable[..., bool]], point: dict[str, fmpq], held: set[int]) -> int | None:
    """The place of the first relation that does not hold; those before it join the ones that are known to have `held`."""
    for place, test in enumerate(tests):
        if place not in held:
            if not _holds(test, point):
                return place
            held.add(place)
    return None


@lru_cache(maxsize=256)
def _test(symbols: tuple[Symbol, ...], relation: Relational) -> Callable[..., bool]:
    ring = space(symbols)
    try:
        ring.difference(relation.lhs, relation.rhs)
    except (NotRational, TooLarge, ZeroDivisionError):
        compare = _COMPARED[relation.rel_op]
        return lambda *values: compare(*(_double(side, _doubles(symbols, values)) for side in relation.args))
    return lambda *values: true_at(relation, ring, values) is True


def _doubles(symbols: Sequence[Symbol], values: Sequence[fmpq]) -> dict[Symbol, float]:
    return {symbol: int(value.p) / int(value.q) for symbol, value in zip(symbols, values, strict=True)}


def _double(expr: Expr, point: Mapping[Symbol, float]) -> Any:
    """The value in double precision, a complex one for a root of a negative number. Raises TypeError where there is none."""
    if isinstance(expr, Symbol):
        return point[expr]
    if isinstance(expr, Rational):
        return expr.p / expr.q
    if isinstance(expr, NumberSymbol):
        return float(expr)
    parts = [_double(part, point) for part in expr.args]
    if isinstance(expr, Add):
        return sum(parts)
    if isinstance(expr, Mul):
        return prod(parts)
    if isinstance(expr, Pow):
        return parts[0] ** parts[1]
    if type(expr) not in _FUNCTIONS:
        raise TypeError(f"no value of {type(expr).__name__}")
    return _FUNCTIONS[type(expr)](*parts)


def _holds(test: Callable[..., bool], point: dict[str, fmpq]) -> bool:
    """Whether a relation holds; where it has no value it does not."""
    try:
        return bool(test(*point.values()))
    except (ArithmeticError, ValueError, TypeError):
        return False
