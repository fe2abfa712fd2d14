"""Choices after which nothing is recorded though there is an answer: looked for outside all cases of a complete response.

Recorded answers need not be everywhere: after some choices there is no best one. So what is found counts only if one decision
answers, a search of its whole range ends away from every strict bound and from infinity, and nothing near by pays more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from sympy import Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.board import Array
from derive.check.cover import EFFORT, cells
from derive.check.credible import TOLERANCE
from derive.check.game import Game, game_of
from derive.check.groups import written_out
from derive.check.play import Play, laws_in_play, left_out
from derive.check.ranges import possible
from derive.check.sample import Point, flat, sample, satisfied
from derive.ir import Decision, Model, Participation
from derive.solution import Response, Solution

__all__ = ["unanswered"]

INSIDE = 1e-4  # relative distance from a strict bound at which a choice is not on the way to it
FAR = 1e4  # times everything else: a choice on the way to infinity
NEAR = tuple(side * size for size in (1e-5, 1e-4, 1e-3, 1e-2, 0.1) for side in (1, -1))


def unanswered(statement: Model, solution: Solution) -> list[str]:
    """What is wrong with the responses that say how the game goes on."""
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    if not plays or written_out(statement, solution):
        return []
    protocol = plays[0].model.protocol(solution.protocol)
    found = []
    for response in solution.responses:
        decisions = protocol.stages[response.stage - 1].decisions
        if response.complete and not response.implicit and response.stage > 1 and len(decisions) == 1:
            found += list(_left_out(solution, response, plays[0], decisions[0]))[:1]
    return found


def _left_out(solution: Solution, response: Response, play: Play, decision: Decision) -> Iterator[str]:
    game = game_of(play, solution.protocol)
    before = [d for decisions in game.decisions[: response.stage - 1] for d in decisions]
    symbols = (*play.symbols, *(s for d in before for s in d.chooses if s in game.column))
    regions = [flat(game.plain(relation.xreplace(dict(play.derived))) for relation in case.region) for case in response.cases]
    if not all(_readable(region, symbols) for region in regions):
        return
    known = [r for d in before for r in _bounds(play.model, d)]
    known = [r for r in flat(game.plain(relation) for relation in known) if r.free_symbols <= set(symbols)]
    whole = frozenset(p.symbol for p in play.model.parameters if p.integer)
    for cell in cells(regions, EFFORT // max(1, len(regions))):
        for point in sample((*play.assumptions, *known, *cell), symbols, random.Random(5), 1, whole):
            told = any(all(satisfied(r, point) for r in region) for region in regions)
            told = told or left_out(solution, play.complete(point), play)
            if not told and (answer := _answer(game, decision, response.stage - 1, point)):
                where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
                yield f"stage {response.stage}: nothing is recorded after {where}, where {answer} is best"
                return


def _readable(region: Sequence[Boolean], symbols: Sequence[Symbol]) -> bool:
    return all(isinstance(r, Relational) and r.free_symbols <= set(symbols) for r in region)


def _bounds(model: Model, decision: Decision) -> list[Boolean]:
    stated = [r for v in model.variables if v.symbol in decision.chooses for r in v.domain]
    return [*stated, *(c.relation for c in decision.subject_to if not isinstance(c, Participation))]


def _answer(game: Game, decision: Decision, stage: int, point: Point) -> str:
    """What is best at a point, in words; nothing where there may be no best choice."""
    row = np.array([[float(point.get(symbol, 1)) for symbol in game.symbols]])
    played = game.solve(stage, row)
    best = game.total(decision, played)
    free = game.free(decision)
    if not np.isfinite(played).all() or not np.isfinite(best[0]) or not free:
        return ""
    if not possible({symbol: game.box(decision, symbol, played) for symbol in free}, 1).all():
        return ""  # no choice is allowed there at all
    own = [game.column[symbol] for symbol in free]
    if (np.abs(played[0, own]) > FAR * (1 + np.abs(row).max())).any() or not _away(game, decision, played):
        return ""
    size = np.abs(game.payoffs(played)).max() + np.finfo(float).tiny
    for column, symbol in zip(own, free, strict=True):
        moved = np.repeat(played, len(NEAR), axis=0)
        x = moved[:, column]
        moved[:, column] = np.clip(x + np.array(NEAR) * (1 + np.abs(x)), *game.box(decision, symbol, moved))
        if (game.value(decision, stage, moved)[0] > best[0] + TOLERANCE * size).any():
            return ""
    return ", ".join(f"{symbol} = {played[0, column]:.6g}" for column, symbol in zip(own, free, strict=True))


def _away(game: Game, decision: Decision, played: Array) -> bool:
    """Whether a choice is away from the bounds that are strict."""
    strict = [r for r in flat(_bounds(game.model, decision)) if r.rel_op in ("<", ">", "!=")]
    gaps = [gap for r in strict if (gap := game.plain(r.gts - r.lts if r.rel_op != "!=" else r.lhs - r.rhs)) != 0]
    gaps = [gap for gap in gaps if gap.free_symbols <= set(game.symbols)]
    slack = np.abs(game.numeric(tuple(gaps))(played)) if gaps else np.ones((1, 1))
    return bool((slack > INSIDE * (1 + np.abs(played).max())).all())
