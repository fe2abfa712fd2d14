"""Whether one who chooses among values before others move would do as well with another of them, later moves searched by brute force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sympy import Symbol

from derive.check.game import Game
from derive.ir import Decision

__all__ = ["as_good_otherwise"]

# What a search finds of a payoff is right to about this share of it.
SEARCHED = 1e-7


def as_good_otherwise(game: Game, decision: Decision, stage: int, symbol: Symbol, points: Sequence[Mapping[Symbol, Any]]) -> bool:
    """Whether some other value of `symbol`, chosen in `stage` (counted from 1), pays as much at all of the points."""
    if symbol not in game.finite or any(s not in at for at in points for s in game.symbols):
        return False
    rows = np.array([[float(at[s]) for s in game.symbols] for at in points])
    own, _ = game.value(decision, stage - 1, rows)
    for value in game.finite[symbol]:
        other = rows.copy()
        other[:, game.column[symbol]] = value
        if np.array_equal(other, rows):
            continue
        found, _ = game.value(decision, stage - 1, other)
        if np.all(np.abs(found - own) <= SEARCHED * (1 + np.abs(own))):
            return True
    return False
