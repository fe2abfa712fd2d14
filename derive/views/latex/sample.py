"""Admissible parameter points, to know which way round a difference is positive when it is printed.

Nothing is concluded from them: they only decide whether ``a - c`` or ``c - a`` is written.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from sympy import Rational, Symbol, lambdify
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

__all__ = ["admissible_points"]

_TRIES = 300


def admissible_points(
    symbols: Sequence[Symbol], assumptions: Sequence[Boolean], count: int = 8
) -> tuple[dict[Symbol, Rational], ...]:
    """Rational values of the symbols that satisfy all assumptions which speak of them alone: up to `count` such points."""
    own = set(symbols)
    relations = [one for one in assumptions if isinstance(one, Relational) and one.free_symbols <= own]
    names = [sorted(map(str, one.free_symbols)) for one in relations]
    tests = [_test(tuple(symbols), one) for one in relations]
    chance = random.Random(0)
    found = []
    for _ in range(count):
        point = {symbol.name: Fraction(chance.randint(1, 30), 7) for symbol in symbols}
        for _ in range(_TRIES):
            broken = next((own for test, own in zip(tests, names, strict=True) if not _holds(test, point)), None)
            if broken is None:
                found.append({symbol: Rational(point[symbol.name]) for symbol in symbols})
                break
            scale = chance.choice((1, 1, 2, 5))
            point[chance.choice(broken)] = Fraction(chance.randint(-2, 40) * scale, chance.choice((5, 7, 11, 40)))
    return tuple(found)


@lru_cache(maxsize=256)
def _test(symbols: tuple[Symbol, ...], relation: Relational) -> Callable[..., bool]:
    test: Callable[..., bool] = lambdify(symbols, relation, modules="math", dummify=True)
    return test


def _holds(test: Callable[..., bool], point: dict[str, Fraction]) -> bool:
    """Whether a relation holds; where it has no value it does not."""
    try:
        return bool(test(*point.values()))
    except (ArithmeticError, ValueError, TypeError):
        return False
