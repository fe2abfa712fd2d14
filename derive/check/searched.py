"""Searches of deviations, remembered by game: solutions for a general law and for a named one are attacked at the same rows."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from derive.check.board import Array
from derive.check.game import Game
from derive.ir import Decision

__all__ = ["searched"]

#: By what is decided where, and the row: the best payoff found and the row played.
Memory = dict[tuple[Decision, int, bytes], tuple[float, Array]]


@lru_cache(maxsize=16)
def _memory(_game: Game) -> Memory:
    return {}


def searched(game: Game, decision: Decision, stage: int, rows: Array) -> tuple[Array, Array]:
    """`Game.search`, a row that was searched before not being searched again."""
    known = _memory(game)
    keys = [(decision, stage, row.tobytes()) for row in rows]
    fresh = [place for place, key in enumerate(keys) if key not in known]
    if fresh:
        best, played = game.search(decision, stage, rows[fresh])
        known |= zip((keys[place] for place in fresh), zip(map(float, best), played, strict=True), strict=True)
    return np.array([known[key][0] for key in keys]), np.array([known[key][1] for key in keys])
