"""Admissible parameter points, to know which way round a difference is positive when it is printed.

Nothing is concluded from them: they only decide whether ``a - c`` or ``c - a`` is written.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from sympy import Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

__all__ = ["admissible_points"]

_TRIES = 600


def admissible_points(
    symbols: Sequence[Symbol], assumptions: Sequence[Boolean], count: int = 8
) -> tuple[dict[Symbol, Rational], ...]:
    """Rational values of the symbols that satisfy all assumptions which speak of them alone: up to `count` such points."""
    own = set(symbols)
    relations = [one for one in assumptions if isinstance(one, Relational) and one.free_symbols <= own]
    chance = random.Random(0)
    found = []
    for _ in range(count):
        point = {symbol: Rational(chance.randint(1, 30), 7) for symbol in symbols}
        for _ in range(_TRIES):
            broken = next((one for one in relations if not _holds(one, point)), None)
            if broken is None:
                found.append(point)
                break
            names = sorted(broken.free_symbols, key=lambda symbol: symbol.name)
            scale = chance.choice((1, 1, 2, 5))
            point[chance.choice(names)] = Rational(chance.randint(-2, 40) * scale, chance.choice((5, 7, 11, 40)))
    return tuple(found)


def _holds(relation: Relational, point: dict[Symbol, Rational]) -> bool:
    value = relation.xreplace(point)
    return bool(value == True)  # noqa: E712 (SymPy's true)
