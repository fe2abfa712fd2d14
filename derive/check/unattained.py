"""Suprema that a solution says are not attained, attacked: is what is approached an equilibrium of the statement after all?

At random points of the region the choices towards which the supremum is approached are taken as they stand. They attain it if they
are admissible, nobody who moves later gains by choosing otherwise, stated rules for ties pick them, and whoever is said to have no
best choice finds nothing better. Where one player moves after that choice, its other best replies to it are tried as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.check.board import Array
from derive.check.credible import TOLERANCE
from derive.check.game import Game, game_of
from derive.check.play import Play, equilibrium, laws_in_play
from derive.check.sample import flat
from derive.check.steps import definitions_out
from derive.check.zero import Undecided, number
from derive.ir import Decision, Model, Participation
from derive.solution import Gap, Regime, Solution, Without

__all__ = ["suprema_faults"]

REPLIES = 65  # replies to what is approached that are tried
CLOSE = mpmath.mpf(10) ** -15


def suprema_faults(statement: Model, solution: Solution, points: int = 3) -> tuple[list[str], list[str]]:
    """What is wrong with the suprema that are said not to be attained, and which of them were not attacked."""
    gaps = [gap for gap in solution.gaps if gap.kind is Without.NOT_ATTAINED]
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)] if gaps else []
    faults: list[str] = []
    notes: list[str] = []
    for gap in gaps:
        where = " and ".join(map(str, gap.region)) or "everywhere"
        try:
            tried = [fault for play in plays[:1] for fault in _attacked(play, solution, gap, points)]
        except (Undecided, ArithmeticError, ValueError) as reason:
            tried = []
            notes.append(f"the supremum said not to be attained ({where}) was not attacked: {reason}")
        faults += [f"the supremum said not to be attained ({where}) {fault}" for fault in tried[:1]]
    return faults, notes


def _attacked(play: Play, solution: Solution, gap: Gap, points: int) -> Iterator[str]:
    protocol = play.model.protocol(solution.protocol)
    game = game_of(play, protocol.key)
    approached = Regime("the supremum", gap.region, gap.approached)
    found = play.points_in(approached, random.Random(5), points)
    if not set(game.choices) <= {symbol for symbol, _ in gap.approached}:
        raise Undecided("not all choices towards which it is approached are given")
    if len(protocol.stages[0].decisions) > 1:
        raise Undecided("several choose at once")
    if not found:
        raise Undecided("no admissible point was found")
    for point in found:
        at = equilibrium(approached, point, play)
        row = np.array([[float(at[symbol]) for symbol in game.symbols]])
        (first,) = protocol.stages[0].decisions
        if not _admissible(play.model, first, at):
            continue
        best = game.search(first, 0, row)[0][0]
        text = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
        for played, values in _replies(game, row, at):
            size = TOLERANCE * max(np.abs(np.nan_to_num(game.payoffs(played))).max(), 1e-12)
            level = max(best, game.total(first, row)[0])
            if game.total(first, played)[0] >= level - size and _is_answer(play.model, game, played, values):
                choices = ", ".join(f"{symbol} = {mpmath.nstr(values[symbol], 8)}" for symbol in game.choices)
                yield f"is attained at {text} by {choices}"
                break


def _replies(game: Game, row: Array, at: dict[Symbol, Any]) -> Iterator[tuple[Array, dict[Symbol, Any]]]:
    """What is approached, and then other replies to it of a single player who moves next and last."""
    yield row, at
    if len(game.decisions) != 2 or len(game.decisions[1]) > 1:
        return
    (decision,) = game.decisions[1]
    for symbol in game.free(decision):
        low, high = (end[0] for end in game.box(decision, symbol, row))
        if not np.isfinite(low) or not np.isfinite(high):
            continue
        for x in np.linspace(low, high, REPLIES):
            other = row.copy()
            other[:, game.column[symbol]] = x
            yield other, {**at, symbol: mpmath.mpf(float(x))}


def _is_answer(model: Model, game: Game, row: Array, at: dict[Symbol, Any]) -> bool:
    """Whether everybody who moves later may do as the row says."""
    size = TOLERANCE * max(np.abs(np.nan_to_num(game.payoffs(row))).max(), 1e-12)
    for stage, decisions in enumerate(game.decisions):
        for decision in decisions if stage else ():
            if not _admissible(model, decision, at) or not _holds(decision.indifferent, model, at):
                return False
            best, _ = game.search(decision, stage, row)
            if not best[0] <= game.total(decision, row)[0] + size:
                return False
    return True


def _admissible(model: Model, decision: Decision, at: dict[Symbol, Any]) -> bool:
    """Whether the choices satisfy what bounds them, strict bounds included."""
    stated = [r for v in model.variables if v.symbol in decision.chooses for r in v.domain]
    stated += [c.relation for c in decision.subject_to if not isinstance(c, Participation)]
    return _holds(tuple(stated), model, at)


def _holds(relations: tuple[Boolean, ...], model: Model, at: dict[Symbol, Any]) -> bool:
    with mpmath.workdps(30):
        for relation in flat(relations):
            gap = number(definitions_out(relation.lhs - relation.rhs, model), at)
            match relation.rel_op:
                case "==":
                    kept = abs(gap) < CLOSE
                case ">=" | "<=":
                    kept = (gap if relation.rel_op == ">=" else -gap) > -CLOSE
                case _:
                    kept = (gap if relation.rel_op == ">" else -gap) > CLOSE
            if not kept:
                return False
    return True
