"""Whether one who chooses before others move would do as well with quite another choice, later moves searched by brute force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np
from sympy import Symbol

from derive.check.board import Array
from derive.check.game import Game, game_of
from derive.check.play import Play
from derive.check.values import number
from derive.ir import Decision
from derive.solution import Case

__all__ = ["as_good_as_recorded", "as_good_otherwise"]

# What a search finds of a payoff is right to about this share of it.
SEARCHED = 1e-7
# Choices that differ by less than this share are one choice.
APART = 1e-3


def as_good_otherwise(game: Game, decision: Decision, stage: int, symbol: Symbol, points: Sequence[Mapping[Symbol, Any]]) -> bool:
    """Whether some other value of `symbol`, chosen in `stage` (counted from 1), pays as much at all of the points."""
    rows = _rows(game, points)
    if symbol not in game.finite or rows is None:
        return False
    return _pays(game, decision, stage, rows, ([{symbol: value}] * len(rows) for value in game.finite[symbol]))


def as_good_as_recorded(
    play: Play, key: str, decision: Decision, stage: int, cases: Iterable[Case], points: Sequence[Mapping[Symbol, Any]]
) -> bool:
    """Whether what one of the cases says to be chosen in `stage` of protocol `key` is quite another choice, and pays as much at all
    of the points. It is not looked for where payoffs depend on sums over a group, which are nobody's choice."""
    if play.model.aggregates:
        return False
    game = game_of(play, key)
    rows, own = _rows(game, points), set(decision.chooses)
    if rows is None:
        return False
    replies = [{s: value for s, value in case.values if s in own} for case in cases if not case.free]
    return _pays(game, decision, stage, rows, (_at(reply, points) for reply in replies if set(reply) == own))


def _rows(game: Game, points: Sequence[Mapping[Symbol, Any]]) -> Array | None:
    """The points as rows of the game; None where a choice has no value."""
    if any(s not in at for at in points for s in game.symbols):
        return None
    return np.array([[float(at[s]) for s in game.symbols] for at in points])


def _at(reply: Mapping[Symbol, Any], points: Sequence[Mapping[Symbol, Any]]) -> list[dict[Symbol, float]]:
    """The values of a reply at the points, NaN where it has none."""

    def value(expr: Any, at: Mapping[Symbol, Any]) -> float:
        try:
            found = number(expr, at)
        except (ArithmeticError, ValueError, TypeError):
            return np.nan
        return float(found) if mpmath.im(found) == 0 else np.nan

    return [{s: value(expr, at) for s, expr in reply.items()} for at in points]


def _pays(game: Game, decision: Decision, stage: int, rows: Array, replies: Iterable[Sequence[Mapping[Symbol, Any]]]) -> bool:
    """Whether one of the replies, a choice at each row, is quite another one and pays as much at all rows."""
    own, _ = game.value(decision, stage - 1, rows)
    for reply in replies:
        other = rows.copy()
        for row, choice in zip(other, reply, strict=True):
            row[[game.column[s] for s in choice]] = [float(value) for value in choice.values()]
        moved = np.abs(other - rows).max(axis=1) > APART * (1 + np.abs(rows).max(axis=1))
        if not moved.all():
            continue
        found, _ = game.value(decision, stage - 1, other)
        if np.all(np.abs(found - own) <= SEARCHED * (1 + np.abs(own))):
            return True
    return False
