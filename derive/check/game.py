"""A protocol played numerically: what later stages answer, found by brute force for many rows at once.

Each choice is searched over its whole range by a grid and zooms, then all marginal payoffs of a stage are brought to zero
together by Newton's method: exact ones in the last stage, finite differences through the later responses before it.
Simultaneous moves start from rounds of best replies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import Symbol

from derive.check.board import Array, Board
from derive.check.play import Play
from derive.check.ranges import Ends, best_of, held, nearer, possible, shifted, spread
from derive.check.ridges import Ridge
from derive.ir import Decision

__all__ = ["Game", "game_of"]

CHUNK = 40_000
STARTS = 24  # points at random from which several choices are searched
# Steps of the finite differences, as shares of the choice: the first that agrees with the next finer one is taken.
STEPS = (1e-2, 2.5e-3, 6e-4, 1.5e-4)
# Zooms in a later stage where payoffs jump: what is answered near a jump decides by more than its own small error (fewer three deep).
JUMPY, JUMPY_DEEP = 24, 8
NEAR = np.array([0.5, 0.8, 1.0, 1.25, 2.0])
Unknowns = list[tuple[Symbol, int]]


@lru_cache(maxsize=16)
def game_of(play: Play, protocol: str) -> Game:
    """The game to play: solutions for a general law and for a named one are held against the same games."""
    return Game(play.model, play.model.protocol(protocol), play.laws, play.symbols)


class Game(Board):
    """Search and responses on a `Board`."""

    @property
    def effort(self) -> tuple[int, int]:
        """Points of the grid and zooms of a search, fewer where searches are nested deeper."""
        return {1: (33, 5), 2: (17, 4), 3: (11, 3)}.get(len(self.decisions), (7, 0))

    @property
    def jumpy(self) -> int:
        """Zooms where payoffs jump."""
        return JUMPY if len(self.decisions) < 3 else JUMPY_DEEP

    def outcome(self, stage: int, rows: Array) -> Array:
        """The rows with the choices of `stage` and all later ones replaced by brute-force responses."""
        if stage >= len(self.decisions):
            return rows
        parts = [self.solve(stage, rows[i : i + CHUNK]) for i in range(0, len(rows), CHUNK)]
        return np.concatenate(parts) if parts else rows

    def value(self, decision: Decision, stage: int, rows: Array) -> tuple[Array, Array]:
        """What the deciding player or coalition gets after later responses (-inf where not allowed), and the rows played."""
        rows = self.paid((decision,), self.outcome(stage + 1, rows))
        return self.total(decision, rows), rows

    # --- search

    def search(self, decision: Decision, stage: int, rows: Array, rounds: int = 4, draw: int = 0) -> tuple[Array, Array]:
        """The best own choices found globally, for each way to choose among values where some are chosen so; every `draw` starts from
        other points at random."""
        if not any(symbol in self.finite for symbol in decision.chooses):
            return self._search(decision, stage, rows, rounds, draw)
        best, played = np.full(len(rows), -np.inf), rows
        for way, least in self.ways(decision):
            trial = rows.copy()
            for symbol, value in way.items():
                trial[:, self.column[symbol]] = value
            gained, reached = self._search(decision, stage, trial, rounds, draw)
            size = sum(np.nan_to_num(np.abs(self.payoffs(end))).max(axis=1) for end in (played, reached)) if least else 0.0
            better = gained > best + least * size
            best, played = np.where(better, gained, best), np.where(better[:, None], reached, played)
        return best, played

    def _search(self, decision: Decision, stage: int, rows: Array, rounds: int, draw: int) -> tuple[Array, Array]:
        """Coordinates in turn over their whole range, from several starts, as long as a row gains by it."""
        symbols, zooms, final = self.free(decision), self.effort[1], 12 if len(self.decisions) < 4 else 3
        boxes = {symbol: self.box(decision, symbol, rows) for symbol in symbols}
        best, played = self.value(decision, stage, self._admitted(rows, boxes))
        best = np.where(np.isnan(best), -np.inf, best)
        if len(symbols) > 1:
            best, played = self._starts(decision, stage, played, best, boxes, draw)
        rising = np.arange(len(rows))
        for turn in range(rounds if len(symbols) > 1 else min(1, len(symbols))):
            here, level = played[rising], best[rising]
            ends = {symbol: (low[rising], high[rising]) for symbol, (low, high) in boxes.items()}
            for symbol, ridge in (*((symbol, None) for symbol in symbols), *self.ridges[decision]):
                own = ends[symbol] if symbol in ends else self.box(decision, symbol, here)
                steps = zooms if turn == 0 or stage else final
                level, here = self._line(decision, stage, here, level, symbol, steps, own, ridge)
            with np.errstate(invalid="ignore"):  # a row without anything that is allowed
                gaining = level - best[rising] > 1e-13 * np.abs(level)
            best[rising], played[rising] = level, here
            rising = rising[gaining]
            if not len(rising):
                break
        return np.where(possible(boxes, len(rows)), best, -np.inf), played

    def _admitted(self, rows: Array, boxes: Mapping[Symbol, Ends]) -> Array:
        """The rows with choices moved into their bounds, which may depend on earlier choices."""
        rows = rows.copy()
        for symbol, (low, high) in boxes.items():
            rows[:, self.column[symbol]] = np.clip(rows[:, self.column[symbol]], low, high)
        return rows

    def _starts(
        self, decision: Decision, stage: int, rows: Array, best: Array, boxes: Mapping[Symbol, Ends], draw: int
    ) -> tuple[Array, Array]:
        """The best of points at random in the whole range."""
        rng, n = np.random.default_rng(12345 + draw), len(rows)
        at_once = min(STARTS, max(1, CHUNK // max(n, 1)))
        begun = rows
        for first in range(0, STARTS, at_once):
            k = min(at_once, STARTS - first)
            moved = {
                self.column[symbol]: spread(rng.uniform(0.02, 0.98, (n, k)), low, high, begun[:, self.column[symbol]])
                for symbol, (low, high) in boxes.items()
            }
            best, rows, _ = best_of(best, rows, *self._tried(decision, stage, begun, moved))
        return best, rows

    def _line(
        self,
        decision: Decision,
        stage: int,
        rows: Array,
        best: Array,
        symbol: Symbol,
        zooms: int,
        ends: Ends,
        ridge: Ridge | None = None,
    ) -> tuple[Array, Array]:
        """The best value of one choice: a grid over its range, then zooms around the best point; another choice may go along a ridge."""
        column, n = self.column[symbol], len(rows)
        (low, high), x = ends, rows[:, column]
        share = np.broadcast_to(np.linspace(0.0, 1.0, self.effort[0]), (n, self.effort[0]))
        near = np.concatenate([x[:, None] * (NEAR if zooms else NEAR[1::2]), self._between(stage, rows)], axis=1)
        near = np.clip(near, low[:, None], high[:, None])
        grid = np.sort(np.concatenate([spread(share, low, high, x), near], axis=1), axis=1)
        if self.jumps and ridge is None:
            best, rows = self._second(decision, stage, rows, best, symbol, grid)
            zooms = max(zooms, self.jumpy) if stage else zooms
        for _ in range(zooms + 1):
            best, rows, place = best_of(best, rows, *self._tried(decision, stage, rows, {column: grid}, ridge))
            grid = nearer(grid, place)
        return (best, rows) if ridge is None else self._vertex(decision, stage, rows, best, symbol, ridge)

    def _tried(
        self, decision: Decision, stage: int, rows: Array, moved: Mapping[int, Array], ridge: Ridge | None = None
    ) -> tuple[Array, Callable[[Any], Array]]:
        """What the decision gets where some columns take several values, and the rows played at one of these places for each."""
        shape, index = next(iter(moved.values())).shape, np.arange(len(rows))
        if ridge is None and stage + 1 == len(self.decisions) and self.alone(decision):

            def chosen(place: Any) -> Array:
                found = rows.copy()
                for column, values in moved.items():
                    found[:, column] = values[index, place]
                return found

            return self.totals_along(decision, rows, moved), chosen
        trial = np.repeat(rows, shape[1], axis=0)
        for column, values in moved.items():
            trial[:, column] = values.ravel()
        if ridge is not None:
            trial = self._on_ridge(decision, ridge, trial)
        value, played = self.value(decision, stage, trial)
        tried = played.reshape(*shape, played.shape[1])
        return value.reshape(shape), lambda place: tried[index, place]

    def _vertex(
        self, decision: Decision, stage: int, rows: Array, best: Array, symbol: Symbol, ridge: Ridge
    ) -> tuple[Array, Array]:
        """The top of a parabola through points on the ridge: values alone tell the best choice to half the digits only."""

        def at(x: Array) -> tuple[Array, Array]:
            trial = rows.copy()
            trial[:, self.column[symbol]] = np.clip(x, low, high)
            return self.value(decision, stage, self._on_ridge(decision, ridge, trial))

        def shift(step: Array) -> Array:
            (above, _), (below, _) = at(x + step), at(x - step)
            with np.errstate(all="ignore"):
                moved = step * (above - below) / (2 * (2 * best - above - below))
            return np.where(np.abs(moved) < step, moved, 0.0)

        (low, high), x = self.box(decision, symbol, rows), rows[:, self.column[symbol]]
        step = 1e-2 * np.abs(x) + 1e-7
        value, played = at(x + (4 * shift(step / 2) - shift(step)) / 3)
        better = value >= best - 1e-14 * np.abs(best)
        return np.where(better, value, best), np.where(better[:, None], played, rows)

    def _on_ridge(self, decision: Decision, ridge: Ridge, rows: Array) -> Array:
        """The rows with the ridge's choice on it, as far as its bounds allow."""
        symbol, level = ridge
        rows[:, self.column[symbol]] = np.clip(np.nan_to_num(level(rows)[:, 0]), *self.box(decision, symbol, rows))
        return rows

    def _second(
        self, decision: Decision, stage: int, rows: Array, best: Array, symbol: Symbol, grid: Array
    ) -> tuple[Array, Array]:
        """Zooms around the best local maximum on a grid apart from the best point: payoffs that jump have several."""
        column, n = self.column[symbol], len(rows)
        index = np.arange(n)
        apart = np.ones(n, dtype=bool)
        for turn in range(self.jumpy + 1):
            value, played = self._tried(decision, stage, rows, {column: grid})
            value = np.where(np.isnan(value), -np.inf, value)
            place = np.argmax(value, axis=1)
            if turn == 0:
                top = np.abs(np.arange(grid.shape[1])[None, :] - place[:, None]) > 1
                top &= np.abs(grid - grid[index, place][:, None]) > 1e-9 * (1 + np.abs(grid))
                top[:, 1:-1] &= (value[:, 1:-1] >= value[:, :-2]) & (value[:, 1:-1] >= value[:, 2:])
                top[:, [0, -1]] = False
                apart, place = top.any(axis=1), np.argmax(np.where(top, value, -np.inf), axis=1)
            better = apart & (value[index, place] > best)
            best = np.where(better, value[index, place], best)
            rows = np.where(better[:, None], played(place), rows)
            grid = nearer(grid, place)
        return best, rows

    def _between(self, stage: int, rows: Array) -> Array:
        """Half-way points between what the previous stage chose and each parameter: a range may be narrow between the two."""
        if stage == 0:
            return rows[:, :0]
        parameters = rows[:, : len(self.symbols) - len(self.choices)]
        before = [self.column[symbol] for decision in self.decisions[stage - 1] for symbol in self.free(decision)]
        if not before:
            return rows[:, :0]
        return np.concatenate([(parameters + rows[:, [column]]) / 2 for column in before[:2]], axis=1)

    # --- responses

    def solve(self, stage: int, rows: Array) -> Array:
        """The choices of one stage and later ones by brute force; rows without a found equilibrium become nan."""
        decisions = self.decisions[stage]
        if len(decisions) == 1:
            best, rows = self.search(decisions[0], stage, rows)
            rows, residual = self.newton(stage, rows, best[:, None])
            rows[np.isneginf(best)] = np.nan  # nothing is allowed there
            rough = np.isinf(residual)
            if rough.any():
                _, fine = self.search_fine(decisions[0], stage, rows[rough])
                rows[rough] = fine
            return rows
        rows, moving = rows.copy(), np.arange(len(rows))
        for turn in range(30):
            old = found = rows[moving]
            for decision in decisions:
                found = self.search(decision, stage, found, rounds=2 if turn == 0 else 1, draw=turn)[1]
            rows[moving] = found
            moving = moving[np.nan_to_num(np.abs(found - old) / (1e-9 + np.abs(found))).max(axis=1) >= 1e-3]
            if not len(moving):
                break
        rows, residual = self.newton(stage, rows, np.full((len(rows), len(decisions)), -np.inf))
        rows = rows.copy()
        rows[~(residual < 1e-6)] = np.nan
        return rows

    def search_fine(self, decision: Decision, stage: int, rows: Array) -> tuple[Array, Array]:
        """Zooms down to rounding, for payoffs that are not smooth at their maximum."""
        best, rows = self.value(decision, stage, rows)
        for symbol, ridge in (*((symbol, None) for symbol in self.free(decision)), *self.ridges[decision]):
            best, rows = self._line(decision, stage, rows, best, symbol, 25, self.box(decision, symbol, rows), ridge)
        return best, rows

    def newton(self, stage: int, rows: Array, before: Array) -> tuple[Array, Array]:
        """All marginal payoffs of a stage set to zero together, within bounds; the rows played and the residual.

        Where a single decision gets less by it than `before`, its row stays as it was and the residual is infinite.
        """
        decisions = self.decisions[stage]
        unknowns = [(symbol, i) for i, decision in enumerate(decisions) for symbol in self.free(decision)]
        if not unknowns:
            return self.paid(decisions, self.outcome(stage + 1, rows)), np.zeros(len(rows))
        x, residual = rows.copy(), np.full(len(rows), np.inf)
        exact = stage == len(self.decisions) - 1 and self.last_marginals is not None
        for share in STEPS[:1] if exact else STEPS:
            left = np.flatnonzero(~(residual < 1e-10))
            if not len(left):
                break
            tried, error = self._iterate(stage, rows[left], unknowns, share)
            if not exact:
                error = np.maximum(error * 1e-3, self._step(stage, tried, unknowns, share / 4)[1])
            better = error < residual[left]
            x[left[better]], residual[left[better]] = tried[better], error[better]
        played = self.paid(decisions, self.outcome(stage + 1, x))
        if len(decisions) == 1:
            after = self.total(decisions[0], played)
            size = np.fmax(np.abs(before[:, 0]), np.nan_to_num(np.abs(self.payoffs(played))).max(axis=1))
            worse = np.logical_not(after >= before[:, 0] - 1e-11 * size) | ~(residual < 1e-6)
            played, residual = np.where(worse[:, None], rows, played), np.where(worse, np.inf, residual)
        return played, residual

    def _iterate(self, stage: int, rows: Array, unknowns: Unknowns, share: float) -> tuple[Array, Array]:
        """Newton steps until they are small; the rows and the length of the last step (infinite where undefined)."""
        x, error = rows.copy(), np.full(len(rows), np.inf)
        active = np.arange(len(rows))
        for _ in range(12):
            x[active], error[active] = self._step(stage, x[active], unknowns, share)
            active = active[(error[active] > 1e-7) & np.isfinite(error[active])]
            if not len(active):
                break
        return x, error

    def _step(self, stage: int, rows: Array, unknowns: Unknowns, share: float) -> tuple[Array, Array]:
        """One Newton step within the bounds, and its length relative to the size of each choice."""
        if stage == len(self.decisions) - 1 and self.last_marginals is not None:
            gradient, jacobian, scale, fixed = self._exact(stage, rows, unknowns)
        else:
            gradient, jacobian, scale, fixed = self._differences(stage, rows, unknowns, share, 0.1)
            undefined = ~np.isfinite(jacobian).all(axis=(1, 2))
            if undefined.any():
                inner = self._differences(stage, rows[undefined], unknowns, share, 0.0)
                gradient[undefined], jacobian[undefined], scale[undefined], fixed[undefined] = inner
        jacobian = np.where(fixed[:, :, None] | fixed[:, None, :], np.eye(len(unknowns)), jacobian)
        gradient = np.where(fixed, 0.0, gradient)
        usable: Any = np.isfinite(jacobian).all(axis=(1, 2)) & np.isfinite(gradient).all(axis=1)
        usable = np.where(usable, np.abs(np.linalg.det(np.where(usable[:, None, None], jacobian, 0.0))) > 0, False)
        step = np.zeros_like(gradient)
        step[usable] = -np.linalg.solve(jacobian[usable], gradient[usable][:, :, None])[:, :, 0]
        x = rows.copy()
        for j, (symbol, i) in enumerate(unknowns):
            low, high = self.box(self.decisions[stage][i], symbol, rows)
            column = self.column[symbol]
            x[:, column] = np.clip(x[:, column] + np.clip(step[:, j], -0.5 * scale[:, j], 0.5 * scale[:, j]), low, high)
            step[:, j] = x[:, column] - rows[:, column]
        flat = (gradient == 0).all(axis=1)
        return x, np.where(usable | flat, np.max(np.abs(step) / scale, axis=1), np.inf)

    def _totals(self, stage: int, rows: Array) -> Array:
        played = self.paid(self.decisions[stage], self.outcome(stage + 1, rows))
        return np.stack([self.total(decision, played) for decision in self.decisions[stage]], axis=1)

    def _differences(
        self, stage: int, rows: Array, unknowns: Unknowns, share: float, least: float
    ) -> tuple[Array, Array, Array, Any]:
        """Own marginal payoffs and their derivatives in all choices, by central differences of order six.

        Near a bound the step shrinks to stay inside, but not below the share `least`: then it reaches over the bound.
        """
        n, d = len(rows), len(unknowns)
        scale, room, at_end = self._sizes(stage, rows, unknowns)
        h = share * scale
        h = np.where((room > 0) & (room / 3.2 > least * h), np.minimum(h, room / 3.2), h)
        shifts = [(j, m) for j in range(d) for m in (-3, -2, -1, 1, 2, 3)]
        pairs = [(j, k, a, b) for j in range(d) for k in range(j) for a in (-1, 1) for b in (-1, 1)]
        blocks = [rows]
        for j, m in shifts:
            blocks.append(shifted(rows, [(self.column[unknowns[j][0]], m * h[:, j])]))
        for j, k, a, b in pairs:
            blocks.append(
                shifted(rows, [(self.column[unknowns[j][0]], a * h[:, j]), (self.column[unknowns[k][0]], b * h[:, k])])
            )
        totals = self._totals(stage, np.concatenate(blocks)).reshape(len(blocks), n, -1)
        gradient, jacobian = np.zeros((n, d)), np.zeros((n, d, d))
        first = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
        second = {1: 3 / 2, 2: -3 / 20, 3: 1 / 90}
        with np.errstate(all="ignore"):
            for (j, m), block in zip(shifts, totals[1:], strict=False):
                i = unknowns[j][1]
                gradient[:, j] += np.sign(m) * first[abs(m)] * block[:, i] / h[:, j]
                jacobian[:, j, j] += second[abs(m)] * (block[:, i] - totals[0][:, i]) / h[:, j] ** 2
            for (j, k, a, b), block in zip(pairs, totals[1 + len(shifts) :], strict=True):
                cross = a * b / (4 * h[:, j] * h[:, k])
                jacobian[:, j, k] += cross * block[:, unknowns[j][1]]
                jacobian[:, k, j] += cross * block[:, unknowns[k][1]]
        return gradient, jacobian, scale, held(gradient, at_end)

    def _exact(self, stage: int, rows: Array, unknowns: Unknowns) -> tuple[Array, Array, Array, Any]:
        """The same in the last stage, from the derivatives of the payoffs."""
        assert self.last_marginals is not None
        n, d = len(rows), len(unknowns)
        values = self.last_marginals(rows)
        gradient, jacobian = values[:, :d], values[:, d:].reshape(n, d, d)
        scale, _, at_end = self._sizes(stage, rows, unknowns)
        return gradient, jacobian, scale, held(gradient, at_end)

    def _sizes(self, stage: int, rows: Array, unknowns: Unknowns) -> tuple[Array, Array, Array]:
        """Of each choice: a typical size, the distance to its nearer bound, and -1 or 1 where it lies on one."""
        scale, room, at_end = (np.empty((len(rows), len(unknowns))) for _ in range(3))
        for j, (symbol, i) in enumerate(unknowns):
            x = rows[:, self.column[symbol]]
            low, high = self.box(self.decisions[stage][i], symbol, rows)
            width = np.where(np.isfinite(high - low), high - low, np.inf)
            scale[:, j] = np.maximum(np.abs(x), 1e-2 * np.minimum(width, 1.0)) + 1e-300
            room[:, j] = np.minimum(x - low, high - x)
            at_end[:, j] = np.where(x <= low, -1, np.where(x >= high, 1, 0))
        return scale, room, at_end
