"""One admissible parameter point, to know which way round a difference is positive when it is printed.

Nothing is concluded from the point: it only decides whether ``a - c`` or ``c - a`` is written.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from sympy import Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

__all__ = ["admissible_point"]

_TRIES = 4000


def admissible_point(symbols: Sequence[Symbol], assumptions: Sequence[Boolean]) -> dict[Symbol, Rational]:
    """Rational values of the symbols that satisfy all assumptions which speak of them alone; empty when none was found."""
    own = set(symbols)
    relations = [one for one in assumptions if isinstance(one, Relational) and one.free_symbols <= own]
    chance = random.Random(0)
    point = {symbol: Rational(chance.randint(1, 12), 7) for symbol in symbols}
    for _ in range(_TRIES):
        broken = [one for one in relations if not _holds(one, point)]
        if not broken:
            return point
        names = sorted(chance.choice(broken).free_symbols, key=lambda symbol: symbol.name)
        scale = chance.choice((1, 1, 2, 5))
        point[chance.choice(names)] = Rational(chance.randint(-2, 40) * scale, chance.choice((5, 7, 11, 40)))
    return {}


def _holds(relation: Relational, point: dict[Symbol, Rational]) -> bool:
    value = relation.xreplace(point)
    return bool(value == True)  # noqa: E712 (SymPy's true)
