"""Whether a gain by deviating that a search found is real.

Recorded answers take the place of searched ones wherever those who answer are at least as well off with them. A search may miss
the best answer (a narrow peak, a kink, three stages deep): then a deviation seems to gain that does not. Nothing is taken on trust:
an answer is used only if at its own stage, and at every later one, nobody is found to do better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from sympy import Symbol

from derive.check.game import Game
from derive.check.play import Play
from derive.check.sample import flat, satisfied
from derive.check.zero import Undecided, number
from derive.ir import Decision
from derive.solution import Solution

__all__ = ["TOLERANCE", "Deviation", "is_gain", "nearby"]

TOLERANCE = 1e-9
ROUNDED = 2.0**-50  # error of a choice by rounding, relative to the choice
ADMITTED = 1e-11  # error of a choice by what its constraints are let off in floating point, relative to the choice
ANSWERED = 1e-6  # error of an answer that was found by differences through further answers, relative to the choice
NEAR = tuple(side * share for share in (0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4) for side in (1, -1))  # relative to the choice


@dataclass(frozen=True)
class Deviation:
    """Whose choice is changed, in a stage numbered from 0."""

    solution: Solution
    play: Play
    game: Game
    decision: Decision
    stage: int


def is_gain(by: Deviation, played: Any, row: Any, size: float) -> bool:
    """Whether the row `played`, with later answers as found by a search, pays more than `row`.

    Where credible answers are recorded these decide, to 40 digits; else the gain has to exceed what the errors of the search make up.
    It has to exceed what the rounding of the choices makes up, and how far constraints may be off, which is all of a payoff of nothing.
    """
    game, decision = by.game, by.decision
    answers = _answered(by, played)
    after = answers if answers is not None else _exact(game, played)
    try:
        gain = game.precise(decision.by, after) - game.precise(decision.by, _exact(game, row))
    except ArithmeticError:  # where the payoff is not defined there is no gain
        return False
    error = ADMITTED if decision.subject_to else ROUNDED
    least = TOLERANCE * size + sum(_moved(by, where, by.game.choices, error) for where in (played, row))
    if answers is not None:
        allowed = game.total(decision, np.array([[float(answers[symbol]) for symbol in game.symbols]]))
        return bool(gain > least and np.isfinite(allowed[0]))
    return bool(gain > least and gain > _noise(by, played))


def nearby(by: Deviation, row: Any) -> Any:
    """The best of a few choices near the one made, later ones as recorded; `row` itself where none is better.

    The grid of a search that is nested three deep is too wide to see a choice that is off by a few per cent.
    """
    game, best, found = by.game, by.game.precise(by.decision.by, _exact(by.game, row)), row
    for symbol in game.free(by.decision):
        low, high = (end[0] for end in game.box(by.decision, symbol, row[None, :]))
        for share in NEAR:
            tried = row.copy()
            tried[game.column[symbol]] = np.clip(row[game.column[symbol]] * (1 + share), low, high)
            with mpmath.workdps(30):
                answers = _recorded(by.solution, by.play, game, by.stage + 1, _exact(game, tried))
            worth = game.precise(by.decision.by, answers) if answers is not None else best
            if worth > best:
                best, found = worth, tried
    return found


def _exact(game: Game, row: Any) -> dict[Symbol, Any]:
    return {symbol: mpmath.mpf(float(x)) for symbol, x in zip(game.symbols, row, strict=True)}


def _noise(by: Deviation, played: Any) -> float:
    """How much of a payoff the small errors in later answers make up: these are found by differences two stages down and deeper."""
    game = by.game
    later = [s for decisions in game.decisions[by.stage + 1 :] for d in decisions for s in d.chooses]
    return 0.0 if len(game.decisions) - by.stage < 3 else _moved(by, played, later, ANSWERED)


def _moved(by: Deviation, played: Any, choices: Iterable[Symbol], error: float) -> float:
    """By how much a payoff moves with errors in these choices."""
    game = by.game
    erring = [symbol for symbol in choices if symbol in game.column]
    rows = np.repeat(played[None, :], len(erring) + 1, axis=0)
    for k, symbol in enumerate(erring):
        rows[k + 1, game.column[symbol]] += error * (1 + abs(played[game.column[symbol]]))
    payoffs = game.payoffs(rows)[:, [game.players.index(name) for name in by.decision.by]].sum(axis=1)
    return float(np.nan_to_num(np.abs(payoffs[1:] - payoffs[0])).sum())


def _answered(by: Deviation, row: Any) -> dict[Symbol, Any] | None:
    """All choices after a deviation, as recorded; None where these are unknown or somebody does better."""
    game, stage = by.game, by.stage
    with mpmath.workdps(30):
        found = _recorded(by.solution, by.play, game, stage + 1, _exact(game, row))
    if found is None:
        return None
    here = np.array([[float(found[symbol]) for symbol in game.symbols]])
    if not np.isfinite(here).all():
        return None
    for later in range(stage + 1, len(game.decisions)):
        for decision in game.decisions[later]:
            best, played = game.search(decision, later, here)
            own = game.total(decision, here)
            size = np.abs(np.nan_to_num(game.payoffs(here))).max() + np.finfo(float).tiny
            if not (best[0] <= own[0] + TOLERANCE * size or _by_rounding(game, decision, found, played[0], TOLERANCE * size)):
                return None
    return found


def _by_rounding(game: Game, decision: Decision, found: Mapping[Symbol, Any], played: Any, least: float) -> bool:
    """Whether a choice that seems better than the recorded one is not, to 40 digits: a difference of much larger terms."""
    try:
        gain = game.precise(decision.by, _exact(game, played)) - game.precise(decision.by, found)
    except ArithmeticError:
        return False
    return bool(gain <= least)


def _recorded(solution: Solution, play: Play, game: Game, stage: int, at: Mapping[Symbol, Any]) -> dict[Symbol, Any] | None:
    """The row with the recorded choices of a stage and all later ones, where exactly one recorded case holds."""
    found = dict(at)
    if stage >= len(game.decisions):
        return found
    records = [r for r in solution.responses if r.complete and r.stage == stage + 1 and not r.implicit]
    if len(records) != 1:
        return None
    try:
        apply = play.apply(found)
        holding = [c for c in records[0].cases if not c.free and all(satisfied(r, at, apply) for r in flat(c.region))]
        if len(holding) != 1:
            return None
        for symbol, value in holding[0].values:
            found[symbol] = number(value, found, apply)
    except (ArithmeticError, ValueError, Undecided, KeyError):
        return None
    chosen = {s for decisions in game.decisions[stage:] for d in decisions for s in d.chooses if s in game.column}
    return found if chosen <= {symbol for symbol, _ in holding[0].values} else None
