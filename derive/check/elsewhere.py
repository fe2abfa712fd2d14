"""Equilibria that a solution leaves out: looked for where it says that there is none, or none but those it lists.

By brute force from the statement alone: simultaneous choices are brought to mutual best replies from several starts, a single
decision is searched over its whole range. What is found counts only if nobody gains by another choice, no strict relation is at
its edge, and no payoff jumps there. So this is evidence: what is found refutes, what is not found is not proved to be absent.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy.core.relational import StrictGreaterThan, StrictLessThan

from derive.check.board import Array
from derive.check.credible import TOLERANCE
from derive.check.game import game_of
from derive.check.groups import written_out
from derive.check.play import Play, equilibrium, laws_in_play, regimes_at
from derive.check.sample import Point, flat, mp, sample, satisfied
from derive.ir import Model, Protocol
from derive.solution import Gap, Solution, Without

__all__ = ["Elsewhere", "elsewhere"]

POINTS = 4  # of each gap, and of the parameters at large
STARTS = 6  # from which simultaneous choices are played
NESTED = 2  # points and starts where a stage follows that has to be solved for every row
DEEPEST = 2  # stages of a protocol that is looked into
APART = 1e-4  # relative difference between choices that are not the same
EDGE = 1e-6  # relative distance within which a strict relation is at its edge
JUMP = 1e-3  # relative change of a payoff that is a jump where a choice moves by as little as that distance
SHIFTS = tuple(side * size for size in (EDGE, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1) for side in (1, -1))
#: Kinds of gap that say that there is no equilibrium; the others say less, or speak of symmetric ones.
DENIED = (Without.UNBOUNDED, Without.NOT_ATTAINED, Without.NO_PURE_EQUILIBRIUM, Without.INFEASIBLE)
#: A point with the equilibria listed there.
Placed = tuple[Point, list[dict[Any, Any]]]


@dataclass(frozen=True)
class Elsewhere:
    """At how many points other equilibria were looked for, what was found, and where nothing was looked for."""

    points: int
    findings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def elsewhere(statement: Model, solution: Solution) -> Elsewhere:
    """Look for equilibria in the gaps of a solution, and beside those it lists where several decide at once."""
    protocol = statement.protocol(solution.protocol)
    denied = [gap for gap in solution.gaps if gap.kind in DENIED]
    alone = len(protocol.stages[0].decisions) == 1 or any(regime.free or regime.outside for regime in solution.regimes)
    if not denied and alone:
        return Elsewhere(0)
    if len(protocol.stages) > DEEPEST:
        return Elsewhere(0, skipped=(f"other equilibria of {len(protocol.stages)} stages",))
    if written_out(statement, solution):
        return Elsewhere(0, skipped=("other equilibria of groups",))
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    if not plays:
        return Elsewhere(0, skipped=("other equilibria: no law to look for them under",))
    return _Search(solution, plays[0], protocol).run(denied, alone)


class _Search:
    """A protocol in which equilibria are looked for."""

    def __init__(self, solution: Solution, play: Play, protocol: Protocol) -> None:
        self.solution, self.play, self.protocol = solution, play, protocol
        self.game = game_of(play, protocol.key)
        decisions = self.game.decisions[0]
        chosen = {s for d in decisions for s in d.chooses}
        relations = [r for v in play.model.variables if v.symbol in chosen for r in v.domain]
        relations += [c.relation for d in decisions for c in d.subject_to if hasattr(c, "relation")]
        strict = [r for r in flat(relations) if isinstance(r, StrictGreaterThan | StrictLessThan)]
        gaps = [self.game.plain(r.gts - r.lts) for r in strict]
        self.open = self.game.numeric(tuple(g for g in gaps if g.free_symbols <= set(self.game.symbols)))

    def run(self, denied: Sequence[Gap], alone: bool) -> Elsewhere:
        points = NESTED if len(self.protocol.stages) > 1 else POINTS
        findings: list[str] = []
        tried = 0
        for gap in denied:
            there: list[Placed] = [(point, []) for point in self._points(gap, points)]
            tried += len(there)
            findings += self._other(there, f"{gap.kind.value}, it is said, and yet")
        if not alone:
            listed = [(point, self._listed(point)) for point in self.play.settled(11, 120)[:points]]
            here = [(point, values) for point, values in listed if values]
            tried += len(here)
            findings += self._other(here, "beside what is listed,")
        return Elsewhere(tried, tuple(findings))

    def _points(self, gap: Gap, count: int) -> list[Point]:
        region = flat(relation.xreplace(dict(self.play.derived)) for relation in gap.region)
        if any(not relation.free_symbols <= set(self.play.symbols) for relation in region):
            return []
        whole = frozenset(p.symbol for p in self.play.model.parameters if p.integer)
        found = sample((*self.play.assumptions, *region), self.play.symbols, random.Random(31), count, whole)
        return [self.play.complete(point) for point in found]

    def _listed(self, point: Point) -> list[dict[Any, Any]]:
        """The values of all regimes at a point; nothing where it lies in a gap or one of them has no value."""
        if any(all(satisfied(relation, point) for relation in gap.region) for gap in self.solution.gaps):
            return []
        try:
            return [equilibrium(regime, point, self.play) for regime in regimes_at(self.solution, point, self.play)]
        except (ArithmeticError, ValueError):
            return []

    # --- playing

    def _other(self, here: Sequence[Placed], told: str) -> list[str]:
        """A finding for the first point at which an equilibrium is found that is none of those listed there."""
        rows, owner = self._starts([point for point, _ in here])
        if not len(rows):
            return []
        own = [self.game.column[s] for d in self.game.decisions[0] for s in d.chooses if s in self.game.column]
        for row, place in zip(*self._stable(rows, owner), strict=True):
            point, listed = here[place]
            others = [[float(values.get(self.game.symbols[k], np.nan)) for k in own] for values in listed]
            size = 1 + np.abs(row[own])
            if not any(np.all(np.abs(row[own] - np.array(other)) <= APART * size) for other in others):
                chosen = ", ".join(f"{self.game.symbols[k]} = {row[k]:.9g}" for k in own)
                where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
                return [f"{told} {chosen} is an equilibrium at {where}"]
        return []

    def _starts(self, points: Sequence[Point]) -> tuple[Array, list[int]]:
        """Rows to start from, and the point each belongs to."""
        rng = np.random.default_rng(7)
        several = len(self.game.decisions[0]) > 1
        count = (NESTED if len(self.protocol.stages) > 1 else STARTS) if several else 1
        rows, owner = [], []
        for place, point in enumerate(points):
            at = mp(point)
            for start in range(count):
                row = np.array([float(at.get(symbol, 1)) for symbol in self.game.symbols])
                if start:
                    chosen = [self.game.column[s] for s in self.game.choices]
                    row[chosen] *= 10 ** rng.uniform(-2, 1, len(chosen))
                rows.append(row)
                owner.append(place)
        return np.array(rows), owner

    def _stable(self, rows: Array, owner: list[int]) -> tuple[Array, list[int]]:
        """What the rows lead to where nobody gains by another choice."""
        game, decisions = self.game, self.game.decisions[0]
        found = game.solve(0, rows)
        if len(decisions) > 1:
            begun = rows.copy()
            for symbol, decision in ((s, d) for d in decisions for s in game.free(d)):
                low, high = game.box(decision, symbol, begun)
                begun[:, game.column[symbol]] = np.clip(begun[:, game.column[symbol]], low, high)
            level = game.newton(0, begun, np.full((len(rows), len(decisions)), -np.inf))[0]
            found, owner = np.concatenate([found, level]), [*owner, *owner]
        kept = np.flatnonzero(np.isfinite(found).all(axis=1))
        found = found[kept]
        fine = np.full(len(found), True)
        for decision in decisions:
            total = game.total(decision, found)
            best = game.search(decision, 0, found)[0]
            size = np.nan_to_num(np.abs(game.payoffs(found))).max(axis=1, initial=0.0) + np.finfo(float).tiny
            fine &= np.isfinite(total) & (best <= np.where(np.isfinite(total), total, 0.0) + TOLERANCE * size)
        for k in np.flatnonzero(fine):
            fine[k] = self._holds(found[k])
        return found[fine], [owner[k] for k in kept[fine]]

    def _holds(self, row: Array) -> bool:
        """Whether no strict relation is at its edge, and near by nothing pays more and no payoff jumps: a search with nested
        searches looks at a coarse grid."""
        game = self.game
        if not (self.open(row[None, :]) > EDGE * (1 + np.abs(row).max())).all():
            return False
        before = game.payoffs(row[None, :])
        size = np.abs(before).max() + np.finfo(float).tiny
        for decision in game.decisions[0]:
            own = game.total(decision, row[None, :])[0]
            for symbol in game.free(decision):
                low, high = game.box(decision, symbol, row[None, :])
                moved = np.repeat(row[None, :], len(SHIFTS), axis=0)
                x = moved[:, game.column[symbol]]
                moved[:, game.column[symbol]] = np.clip(x + np.array(SHIFTS) * (1 + np.abs(x)), low, high)
                value, after = game.value(decision, 0, moved)
                if (value > own + TOLERANCE * size).any():
                    return False
                if not (np.abs(game.payoffs(after[:2]) - before) <= JUMP * (1 + np.abs(before))).all():
                    return False
        return True
