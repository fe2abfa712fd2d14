"""Equilibria that a solution leaves out: looked for where it says that there is none, or none but those it lists.

By brute force from the statement alone: simultaneous choices are brought to mutual best replies from several starts, a single
decision is searched over its whole range. Groups are written out; a later stage is looked into after other choices than those on the
path of play; where two stages or more follow, these answer as recorded. What is found counts only if nobody gains by another choice, no
strict relation is at its edge, and no payoff jumps there. So this is evidence: what is found refutes, what is not found is not proved to
be absent.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Symbol
from sympy.core.relational import StrictGreaterThan, StrictLessThan

from derive import members
from derive.check.answered import Answered, answering
from derive.check.board import Array
from derive.check.credible import TOLERANCE
from derive.check.game import game_of
from derive.check.groups import written_out
from derive.check.play import Play, equilibrium, laws_in_play, left_out, regimes_at
from derive.check.ranges import possible
from derive.check.sample import Point, flat, mp, sample
from derive.ir import Decision, Model, Protocol
from derive.solution import Gap, Solution, Without

__all__ = ["Elsewhere", "elsewhere"]

POINTS = 4  # of each gap, and of the parameters at large
STARTS = 6  # from which simultaneous choices are played
NESTED = 2  # points and starts where a stage follows that has to be solved for every row
DRAW = 97  # of points at random that no round of best replies has drawn
OFF = 0.03  # relative distance of choices off the path of play
PLAYERS, GROUPS = 4, 2  # players of a game in which a group is written out, and how many such games are looked into
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
    """Look for equilibria in the gaps of a solution, and beside those it lists where several decide at once, in any stage."""
    games = written_out(statement, solution)
    if not games:
        return _looked_for(statement, solution, alike=False)
    alike = not any(isinstance(step, members.Alike) for one in solution.argument for step in one.proof)
    small = [
        (game, solved)
        for game, solved in games
        if len(game.players) <= PLAYERS and any(len(stage.decisions) > 1 for stage in game.protocols[0].stages)
    ]
    if not small:
        return Elsewhere(0, skipped=(f"other equilibria of more than {PLAYERS} players",))
    return _together([_looked_for(game, solved, alike) for game, solved in small[:GROUPS]])


def _together(found: Sequence[Elsewhere]) -> Elsewhere:
    skipped = dict.fromkeys(what for one in found for what in one.skipped)
    return Elsewhere(sum(one.points for one in found), tuple(f for one in found for f in one.findings), tuple(skipped))


def _looked_for(statement: Model, solution: Solution, alike: bool) -> Elsewhere:
    """Look in one game; with `alike` for equilibria in which all copies of a player choose alike, others not being excluded."""
    protocol = statement.protocol(solution.protocol)
    denied = [gap for gap in solution.gaps if gap.kind in DENIED]
    several = [stage for stage, one in enumerate(protocol.stages) if len(one.decisions) > 1]
    if any(regime.free or regime.outside for regime in solution.regimes):
        several = []
    if not denied and not several:
        return Elsewhere(0)
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    if not plays:
        return Elsewhere(0, skipped=("other equilibria: no law to look for them under",))
    first = _Search(solution, plays[0], protocol, 0, alike).run(denied, 0 in several)
    later = (_Search(solution, plays[0], protocol, stage, alike).run((), listed=True) for stage in several if stage)
    return _together([first, *later])


class _Search:
    """A stage of a protocol, numbered from 0, in which equilibria are looked for."""

    def __init__(self, solution: Solution, play: Play, protocol: Protocol, stage: int, alike: bool) -> None:
        self.solution, self.play, self.protocol, self.stage, self.alike = solution, play, protocol, stage, alike
        game = game_of(play, protocol.key)
        self.later = len(protocol.stages) - stage - 1
        self.answered = answering(game, solution, play) if self.later > 1 or stage else None
        self.game = self.answered if self.answered is not None and self.later > 1 else game
        decisions = [d for later in self.game.decisions[stage:] for d in later]
        chosen = {s for d in decisions for s in d.chooses}
        relations = [r for v in play.model.variables if v.symbol in chosen for r in v.domain]
        relations += [c.relation for d in decisions for c in d.subject_to if hasattr(c, "relation")]
        strict = [r for r in flat(relations) if isinstance(r, StrictGreaterThan | StrictLessThan)]
        gaps = [self.game.plain(r.gts - r.lts) for r in strict]
        self.open = self.game.numeric(tuple(g for g in gaps if g.free_symbols <= set(self.game.symbols)))

    def run(self, denied: Sequence[Gap], listed: bool) -> Elsewhere:
        """Look in gaps that deny that there is an equilibrium, and beside the equilibria that are `listed`."""
        if isinstance(self.game, Answered) and self.stage + 1 not in self.game.answers:
            return Elsewhere(0, skipped=(f"other equilibria of stage {self.stage + 1}: no answers in closed form",))
        points = NESTED if self.later else POINTS
        findings: list[str] = []
        tried = 0
        for gap in denied:
            there: list[Placed] = [(point, []) for point in self._points(gap, points)]
            tried += len(there)
            findings += self._other(there, f"{gap.kind.value}, it is said, and yet")
        if listed:
            every = [(point, self._listed(point)) for point in self.play.settled(11, 120)[:points]]
            here = [(point, values) for point, listed in every if listed and (values := self._off_the_path(listed))]
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
        if left_out(self.solution, point, self.play):
            return []
        try:
            return [equilibrium(regime, point, self.play) for regime in regimes_at(self.solution, point, self.play)]
        except (ArithmeticError, ValueError):
            return []

    def _off_the_path(self, listed: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
        """Other choices of earlier stages with what is recorded after them: on the path later movers may be indifferent. Where nothing
        is recorded in closed form, the listed values; none where nothing single is recorded after these choices."""
        if self.answered is None or self.stage not in self.answered.answers:
            return listed
        game = self.answered
        before = [(d, s) for stage in game.decisions[: self.stage] for d in stage for s in game.free(d) if s not in game.finite]
        for side in (1, -1):
            row = np.array([[float(listed[0].get(symbol, 1)) for symbol in game.symbols]])
            for place, (decision, symbol) in enumerate(before):
                low, high = game.box(decision, symbol, row)
                moved = row[:, game.column[symbol]] * (1 + side * OFF * (1 + place / 3))
                row[:, game.column[symbol]] = np.clip(moved, low, high)
            played = game.answers[self.stage](row)
            allowed = (np.isfinite(game.total(d, played)).all() for stage in game.decisions[: self.stage] for d in stage)
            if np.isfinite(played).all() and all(allowed):
                return [dict(zip(game.symbols, played[0], strict=True))]
        return []

    # --- playing

    def _other(self, here: Sequence[Placed], told: str) -> list[str]:
        """A finding for the first point at which an equilibrium is found that is none of those listed there."""
        rows, owner = self._starts(here)
        if not len(rows):
            return []
        own = [self.game.column[s] for d in self.game.decisions[self.stage] for s in d.chooses if s in self.game.column]
        for row, place in zip(*self._stable(rows, owner), strict=True):
            point, listed = here[place]
            if self.alike and np.ptp(row[own]) > APART * np.abs(row[own]).max():
                continue
            others = [[float(values.get(self.game.symbols[k], np.nan)) for k in own] for values in listed]
            size = 1 + np.abs(row[own])
            if not any(np.all(np.abs(row[own] - np.array(other)) <= APART * size) for other in others):
                chosen = ", ".join(f"{self.game.symbols[k]} = {row[k]:.9g}" for k in own)
                where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
                return [f"{told} {chosen} is an equilibrium at {where}"]
        return []

    def _starts(self, here: Sequence[Placed]) -> tuple[Array, list[int]]:
        """Rows to start from, and the point each belongs to: what earlier stages chose is as listed."""
        rng = np.random.default_rng(7)
        decisions = self.game.decisions
        count = (NESTED if self.later else STARTS) if len(decisions[self.stage]) > 1 else 1
        before = {s for stage in decisions[: self.stage] for d in stage for s in d.chooses}
        rows, owner = [], []
        for place, (point, listed) in enumerate(here):
            at = mp(point) | {symbol: listed[0][symbol] for symbol in before if listed and symbol in listed[0]}
            for start in range(count):
                row = np.array([float(at.get(symbol, 1)) for symbol in self.game.symbols])
                if start:
                    chosen = [self.game.column[s] for s in self.game.choices if s not in before]
                    row[chosen] *= 10 ** rng.uniform(-2, 1, len(chosen))
                    for symbol, values in ((s, v) for s, v in self.game.finite.items() if s not in before):
                        row[self.game.column[symbol]] = values[start % len(values)]
                rows.append(row)
                owner.append(place)
        return np.array(rows), owner

    def _stable(self, rows: Array, owner: list[int]) -> tuple[Array, list[int]]:
        """What the rows lead to where nobody gains by another choice."""
        game, stage, decisions = self.game, self.stage, self.game.decisions[self.stage]
        found = game.solve(stage, rows)
        if len(decisions) > 1:
            begun = rows.copy()
            for symbol, decision in ((s, d) for d in decisions for s in game.free(d)):
                low, high = game.box(decision, symbol, begun)
                begun[:, game.column[symbol]] = np.clip(begun[:, game.column[symbol]], low, high)
            level = game.newton(stage, begun, np.full((len(rows), len(decisions)), -np.inf))[0]
            found, owner = np.concatenate([found, level]), [*owner, *owner]
        kept = np.flatnonzero(np.isfinite(found).all(axis=1))
        found = found[kept]
        fine = np.full(len(found), True)
        for decision in (d for later in game.decisions[stage:] for d in later):
            fine &= possible({symbol: game.box(decision, symbol, found) for symbol in game.free(decision)}, len(found))
        for decision in decisions:
            fine &= self._within_bounds(decision, found)
            total = game.total(decision, found)
            best = game.search(decision, stage, found, draw=DRAW)[0]
            size = np.nan_to_num(np.abs(game.payoffs(found))).max(axis=1, initial=0.0) + np.finfo(float).tiny
            fine &= np.isfinite(total) & (best <= np.where(np.isfinite(total), total, 0.0) + TOLERANCE * size)
        for k in np.flatnonzero(fine):
            fine[k] = self._holds(found[k])
        return found[fine], [owner[k] for k in kept[fine]]

    def _within_bounds(self, decision: Decision, rows: Array) -> Array:
        """Where the choices are admissible: a bound that moves with what others choose at the same time may have moved on."""
        kept = np.full(len(rows), True)
        for symbol in self.game.free(decision):
            low, high = self.game.box(decision, symbol, rows)
            chosen = rows[:, self.game.column[symbol]]
            slack = EDGE * (1 + np.abs(chosen))
            kept &= (chosen >= low - slack) & (chosen <= high + slack)
        return kept

    def _holds(self, row: Array) -> bool:
        """Whether no strict relation is at its edge, near by no payoff jumps and nothing pays more: a search with nested searches
        looks at a coarse grid, and what it answers for those who move later need not be best where their payoffs have no bound."""
        game = self.game
        if not (self.open(row[None, :]) > EDGE * (1 + np.abs(row).max())).all():
            return False
        before = game.payoffs(row[None, :])
        for stage, decisions in enumerate(game.decisions[self.stage :], self.stage):
            for decision in decisions:
                with np.errstate(over="ignore"):  # of a choice on its way to infinity
                    own = game.total(decision, row[None, :])[0] + TOLERANCE * (np.abs(before).max() + np.finfo(float).tiny)
                for symbol in game.free(decision):
                    value, after = game.value(decision, stage, self._near(decision, symbol, row))
                    if not np.isfinite(own) or (value > own).any():
                        return False
                    moved = np.abs(game.payoffs(after[:2]) - before)
                    if stage == self.stage and not (moved <= JUMP * (1 + np.abs(before))).all():
                        return False
        return True

    def _near(self, decision: Decision, symbol: Symbol, row: Array) -> Array:
        """The row with a choice a little lower or higher, as far as its bounds allow."""
        moved, column = np.repeat(row[None, :], len(SHIFTS), axis=0), self.game.column[symbol]
        low, high = self.game.box(decision, symbol, row[None, :])
        moved[:, column] = np.clip(row[column] + np.array(SHIFTS) * (1 + np.abs(row[column])), low, high)
        return moved
