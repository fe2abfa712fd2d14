"""A game in which later stages answer as a solution records it: what is recorded is held against all other choices elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derive.check.board import Array
from derive.check.game import Game
from derive.check.play import Play
from derive.check.sample import flat
from derive.solution import Case, Response, Solution

__all__ = ["Answered", "answering"]

EDGE = 1e-9  # relative distance within which a relation that is not strict is kept
Answer = Callable[[Array], Array]


class Answered(Game):
    """A game with the recorded answers of some stages, numbered from 0, in place of searched ones. Rows to which no single answer is
    recorded become nan."""

    def __init__(self, game: Game, answers: dict[int, Answer]) -> None:
        vars(self).update(vars(game))
        self.answers = answers

    @property
    def effort(self) -> tuple[int, int]:
        """That of a search without another one inside."""
        return 33, 5

    def outcome(self, stage: int, rows: Array) -> Array:
        """The rows with the choices of `stage` and all later ones as recorded, or by search where they are not."""
        return self.answers[stage](rows) if stage in self.answers else super().outcome(stage, rows)


def answering(game: Game, solution: Solution, play: Play) -> Answered:
    """The game with all answers of later stages that are recorded in closed form."""
    found: dict[int, Answer] = {}
    for stage in range(1, len(game.decisions)):
        records = [one for one in solution.responses if one.complete and one.stage == stage + 1]
        answer = _answer(game, records[0], play) if len(records) == 1 else None
        if answer is not None:
            found[stage] = answer
    return Answered(game, found)


def _answer(game: Game, response: Response, play: Play) -> Answer | None:
    if response.implicit or any(case.free for case in response.cases):
        return None
    derived = dict(play.derived)
    parts = []
    for case in response.cases:
        relations = flat(game.plain(relation.xreplace(derived)) for relation in case.region)
        values = _resolved(game, case, derived)
        spoken = (*relations, *values.values())
        if any(not e.free_symbols <= set(game.symbols) or e.atoms(AppliedUndef) for e in spoken):
            return None
        if not all(isinstance(relation, Relational) for relation in relations):
            return None
        chosen = {
            s for decisions in game.decisions[response.stage - 1 :] for d in decisions for s in d.chooses if s in game.column
        }
        if not chosen <= set(values):
            return None
        columns = [game.column[symbol] for symbol in values]
        parts.append((_inside(game, relations), columns, game.numeric(tuple(values.values()))))

    def answer(rows: Array) -> Array:
        played, held = rows.copy(), np.zeros(len(rows), dtype=int)
        for inside, columns, values in parts:
            here = inside(rows) & (held == 0)
            held += here
            played[np.ix_(here, columns)] = values(rows[here])
        played[held == 0] = np.nan
        return played

    return answer


def _resolved(game: Game, case: Case, derived: dict[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The values of a case in terms of what was chosen before, those of choices that equalities tie being left out."""
    found: dict[Symbol, Expr] = {}
    for symbol, value in case.values:
        found[symbol] = value.xreplace(derived).xreplace(found)
    return {symbol: value for symbol, value in found.items() if symbol in game.column}


def _inside(game: Game, relations: Sequence[Relational]) -> Callable[[Array], Array]:
    """Whether rows satisfy relations."""
    if not relations:
        return lambda rows: np.ones(len(rows), dtype=bool)
    gaps = game.numeric(tuple(r.lhs - r.rhs if r.rel_op in ("==", "!=") else r.gts - r.lts for r in relations))
    kinds = [relation.rel_op for relation in relations]

    def inside(rows: Array) -> Array:
        values, size = gaps(rows), EDGE * (1 + np.abs(rows).max(axis=1))
        kept = np.ones(len(rows), dtype=bool)
        for column, kind in zip(values.T, kinds, strict=True):
            near = np.abs(column) <= size
            kept &= {"==": near, "!=": ~near}.get(kind, column > 0 if kind in ("<", ">") else column >= -size)
        return kept

    return inside
