"""A protocol as a numerical game: payoffs, bounds and brute-force responses for arrays of rows.

A row holds the parameters, then all choices. Responses of later stages are found by grid and zoom, then Newton on finite
differences; simultaneous moves by best replies, then Newton on all marginal payoffs together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Max, Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.moments import certain, ends, expected, overage
from derive.check.sample import flat
from derive.ir import CARA, Decision, Distribution, Model, Participation, Protocol

__all__ = ["Array", "Game"]

CHUNK = 40_000
Array = NDArray[np.float64]


class Game:
    """Payoffs, bounds and responses of one protocol, for arrays of rows: parameters first, then choices."""

    def __init__(
        self, model: Model, protocol: Protocol, laws: Mapping[Symbol, Distribution], parameters: Sequence[Symbol]
    ) -> None:
        self.players = [player.name for player in model.players]
        self.decisions = [stage.decisions for stage in protocol.stages]
        self.choices = tuple(s for stage in protocol.stages for d in stage.decisions for s in d.chooses)
        self.symbols = (*parameters, *self.choices)
        self.column = {symbol: i for i, symbol in enumerate(self.symbols)}
        self.notation = {d.symbol: d.value for d in model.definitions}

        def over(shock: Symbol, z: Expr) -> Expr:
            low, high = ends(laws[shock])
            inner = z if low == -sympy.oo else Max(z, low)
            if high == sympy.oo:
                return overage(laws[shock], inner)
            return overage(laws[shock], Min(inner, high)) + Max(z - high, 0)

        self.worth: dict[str, Expr] = {}
        for player in model.players:
            objective = self.plain(player.objective)
            if isinstance(player.risk, CARA):
                self.worth[player.name] = certain(objective, laws, player.risk.risk_aversion)
            else:
                self.worth[player.name] = expected(objective, laws, over, lambda _: 0)
        self.payoffs = self.numeric(tuple(self.worth[name] for name in self.players))
        domain = {v.symbol: v.domain for v in model.variables}
        self.limits = {d: self._limits(d, domain) for stage in self.decisions for d in stage}
        self.transfers = {d: self._transfers(d) for stage in self.decisions for d in stage}
        depth = len(self.decisions)
        self.grid, self.zooms = {1: (33, 5), 2: (17, 4), 3: (11, 3)}.get(depth, (9, 2))

    def plain(self, expr: Any) -> Any:
        for _ in self.notation:
            expr = expr.xreplace(self.notation)
        return expr

    def numeric(self, exprs: Sequence[Expr]) -> Any:
        """A function from rows to an array with one column per expression; not finite becomes nan."""
        function = sympy.lambdify(self.symbols, list(exprs), modules=["scipy", "numpy"], cse=True)

        def value(rows: Array) -> Array:
            with np.errstate(all="ignore"):
                columns = function(*rows.T)
                out = np.empty((len(rows), len(exprs)))
                for i, column in enumerate(columns):
                    out[:, i] = np.where(np.isreal(column), np.real(column), np.nan)
            return out

        return value

    def _limits(self, decision: Decision, domain: Mapping[Symbol, Sequence[Boolean]]) -> Any:
        """Bounds of single choices as ``slope * choice + level >= 0``, and the relations that tie several (as gaps >= 0)."""
        relations = [r for symbol in decision.chooses for r in domain.get(symbol, ())]
        relations += [c.relation for c in decision.subject_to if not isinstance(c, Participation)]
        bounds, gaps = [], []
        for relation in flat(relations):
            gap = self.plain(relation.gts - relation.lts)
            own = [s for s in decision.chooses if s in gap.free_symbols]
            slope = sympy.expand(gap.diff(own[0])) if len(own) == 1 else None
            later = gap.free_symbols & set(self.choices[self.choices.index(decision.chooses[-1]) + 1 :])
            if slope is not None and own[0] not in slope.free_symbols and not later:
                bounds.append((own[0], self.numeric((slope, gap.xreplace({own[0]: sympy.Integer(0)})))))
            else:
                gaps.append(gap)
        return bounds, self.numeric(tuple(gaps)) if gaps else None

    def _transfers(self, decision: Decision) -> list[tuple[Symbol, str, Any]]:
        """Unbounded payments, everybody's worth affine in them with constant slope, each with the participation it serves."""
        found: list[tuple[Symbol, str, Any]] = []
        bounded = {symbol for symbol, _ in self.limits[decision][0]}
        for symbol in decision.chooses:
            slopes = {name: sympy.expand(worth.diff(symbol)) for name, worth in self.worth.items()}
            constant = all(slope.is_Rational for slope in slopes.values())
            served = [c for c in decision.subject_to if isinstance(c, Participation) and slopes[c.player] != 0]
            own = sum((slopes[name] for name in decision.by), sympy.Integer(0))
            if constant and own and len(served) == 1 and symbol not in bounded and own * slopes[served[0].player] < 0:
                level = self.numeric((self.plain(sympy.sympify(served[0].reservation)),))
                found.append((symbol, served[0].player, (float(slopes[served[0].player]), level)))
        return found

    # --- evaluation

    def box(self, decision: Decision, symbol: Symbol, rows: Array) -> tuple[Array, Array]:
        low, high = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
        for name, line in self.limits[decision][0]:
            if name == symbol:
                slope, level = line(rows).T
                with np.errstate(all="ignore"):
                    low = np.where(slope > 0, np.maximum(low, -level / slope), low)
                    high = np.where(slope < 0, np.minimum(high, -level / slope), high)
        return low, high

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

    def paid(self, decisions: Sequence[Decision], rows: Array) -> Array:
        """The rows with the payments of those decisions set so that the participation they serve just binds."""
        for decision in decisions:
            for symbol, player, (slope, level) in self.transfers[decision]:
                rows = rows.copy()
                missing = level(rows)[:, 0] - self.payoffs(rows)[:, self.players.index(player)]
                rows[:, self.column[symbol]] += missing / slope
        return rows

    def total(self, decision: Decision, rows: Array) -> Array:
        payoffs = self.payoffs(rows)
        total = payoffs[:, [self.players.index(name) for name in decision.by]].sum(axis=1)
        allowed = np.isfinite(total)
        size = 1e-11 * (1 + np.nan_to_num(np.abs(payoffs)).max(axis=1))
        for constraint in decision.subject_to:
            if isinstance(constraint, Participation):
                level = self.reservations[constraint](rows)[:, 0]
                allowed &= payoffs[:, self.players.index(constraint.player)] >= level - size
        gaps = self.limits[decision][1]
        if gaps is not None:
            allowed &= (gaps(rows) >= -1e-11 * (1 + np.abs(rows).max(axis=1))[:, None]).all(axis=1)
        return np.where(allowed, total, -np.inf)

    @cached_property
    def reservations(self) -> dict[Participation, Any]:
        return {
            c: self.numeric((self.plain(sympy.sympify(c.reservation)),))
            for stage in self.decisions
            for d in stage
            for c in d.subject_to
            if isinstance(c, Participation)
        }

    def free(self, decision: Decision) -> list[Symbol]:
        """What the decision chooses, without the payments that its participation constraints fix."""
        paid = {symbol for symbol, _, _ in self.transfers[decision]}
        return [symbol for symbol in decision.chooses if symbol not in paid]

    # --- search

    def search(self, decision: Decision, stage: int, rows: Array, rounds: int = 4) -> tuple[Array, Array]:
        """The best own choices found globally: coordinates in turn over their whole range, from several starts."""
        symbols = self.free(decision)
        best, played = self.value(decision, stage, rows)
        best = np.where(np.isnan(best), -np.inf, best)
        if len(symbols) > 1:
            best, played = self._starts(decision, stage, played, best, symbols)
        for turn in range(rounds if len(symbols) > 1 else min(1, len(symbols))):
            before = best.copy()
            for symbol in symbols:
                best, played = self._line(decision, stage, played, best, symbol, self.zooms if turn == 0 or stage else 12)
            if np.all(best - before <= 1e-13 * np.abs(best)):
                break
        return best, played

    def _starts(self, decision: Decision, stage: int, rows: Array, best: Array, symbols: list[Symbol]) -> tuple[Array, Array]:
        rng = np.random.default_rng(12345)
        for _ in range(24):
            trial = rows.copy()
            for symbol in symbols:
                column, (low, high) = self.column[symbol], self.box(decision, symbol, rows)
                trial[:, column] = _spread(rng.uniform(0.02, 0.98, (len(rows), 1)), low, high, rows[:, column])[:, 0]
            best, rows = self._keep(decision, stage, trial, best, rows)
        return best, rows

    def _keep(self, decision: Decision, stage: int, trial: Array, best: Array, rows: Array) -> tuple[Array, Array]:
        value, played = self.value(decision, stage, trial)
        better = value > best
        return np.where(better, value, best), np.where(better[:, None], played, rows)

    def _line(
        self, decision: Decision, stage: int, rows: Array, best: Array, symbol: Symbol, zooms: int
    ) -> tuple[Array, Array]:
        """The best value of one choice: a grid over its whole range, then zooms around the best point."""
        column, n = self.column[symbol], len(rows)
        low, high = self.box(decision, symbol, rows)
        x = rows[:, column]
        share = np.broadcast_to(np.linspace(0.0, 1.0, self.grid), (n, self.grid))
        near = np.clip(x[:, None] * np.array([0.5, 0.9, 1.0, 1.1, 2.0]), low[:, None], high[:, None])
        grid = np.sort(np.concatenate([_spread(share, low, high, x), near], axis=1), axis=1)
        index = np.arange(n)
        for _ in range(zooms + 1):
            k = grid.shape[1]
            trial = np.repeat(rows, k, axis=0)
            trial[:, column] = grid.ravel()
            value, played = self.value(decision, stage, trial)
            value, played = value.reshape(n, k), played.reshape(n, k, -1)
            place = np.argmax(value, axis=1)
            better = value[index, place] > best
            best = np.where(better, value[index, place], best)
            rows = np.where(better[:, None], played[index, place], rows)
            left, right = grid[index, np.maximum(place - 1, 0)], grid[index, np.minimum(place + 1, k - 1)]
            inner = left[:, None] + (right - left)[:, None] * np.linspace(0.0, 1.0, 6)
            grid = np.sort(np.concatenate([inner, grid[index, place][:, None]], axis=1), axis=1)
        return best, rows

    # --- responses

    def solve(self, stage: int, rows: Array) -> Array:
        """The choices of one stage and later ones by brute force; rows without a found equilibrium become nan."""
        decisions = self.decisions[stage]
        if len(decisions) == 1:
            _, rows = self.search(decisions[0], stage, rows)
            rows, _, residual = self.newton(stage, rows)
            rough = np.isinf(residual)
            if rough.any():
                _, fine = self.search_fine(decisions[0], stage, rows[rough])
                rows[rough] = fine
            return rows
        for _ in range(30):
            old = rows.copy()
            for decision in decisions:
                rows = self.search(decision, stage, rows, rounds=2)[1]
            if np.nanmax(np.abs(rows - old) / (1e-9 + np.abs(rows)), initial=0.0) < 1e-3:
                break
        rows, _, residual = self.newton(stage, rows)
        rows = rows.copy()
        rows[~(residual < 1e-6)] = np.nan
        return rows

    def search_fine(self, decision: Decision, stage: int, rows: Array) -> tuple[Array, Array]:
        """Zooms down to rounding, for payoffs that are not smooth at their maximum."""
        best, rows = self.value(decision, stage, rows)
        for symbol in self.free(decision):
            best, rows = self._line(decision, stage, rows, best, symbol, 25)
        return best, rows

    def newton(self, stage: int, rows: Array) -> tuple[Array, Array, Array]:
        """All marginal payoffs of a stage set to zero together, within bounds; the rows, what each decision gets, the residual.

        Where a single decision would lose by it, its row stays as it was and the residual is infinite.
        """
        decisions = self.decisions[stage]
        unknowns = [(symbol, i) for i, decision in enumerate(decisions) for symbol in self.free(decision)]
        totals = self._totals(stage, rows)
        residual = np.zeros(len(rows))
        if not unknowns:
            return self.paid(decisions, self.outcome(stage + 1, rows)), totals, residual
        x = rows.copy()
        residual = np.full(len(rows), np.inf)
        active = np.arange(len(rows))
        for _ in range(12):
            here = x[active]
            gradient, jacobian, scale, fixed = self._derivatives(stage, here, unknowns, 0.1)
            undefined = ~np.isfinite(jacobian).all(axis=(1, 2))
            if undefined.any():
                inner = self._derivatives(stage, here[undefined], unknowns, 0.0)
                gradient[undefined], jacobian[undefined], scale[undefined], fixed[undefined] = inner
            jacobian = np.where(fixed[:, :, None] | fixed[:, None, :], np.eye(len(unknowns)), jacobian)
            gradient = np.where(fixed, 0.0, gradient)
            usable: Any = np.isfinite(jacobian).all(axis=(1, 2)) & np.isfinite(gradient).all(axis=1)
            usable = np.where(usable, np.abs(np.linalg.det(np.where(usable[:, None, None], jacobian, 0.0))) > 0, False)
            step = np.zeros_like(gradient)
            step[usable] = -np.linalg.solve(jacobian[usable], gradient[usable][:, :, None])[:, :, 0]
            for j, (symbol, i) in enumerate(unknowns):
                low, high = self.box(decisions[i], symbol, here)
                move = np.clip(step[:, j], -0.5 * scale[:, j], 0.5 * scale[:, j])
                x[active, self.column[symbol]] = np.clip(here[:, self.column[symbol]] + move, low, high)
                step[:, j] = x[active, self.column[symbol]] - here[:, self.column[symbol]]
            residual[active] = np.where(usable, np.max(np.abs(step) / scale, axis=1), np.inf)
            active = active[(residual[active] > 1e-7) & usable]
            if not len(active):
                break
        after = self._totals(stage, x)
        if len(decisions) == 1:
            worse = np.logical_not(after[:, 0] >= totals[:, 0] - 1e-11 * np.abs(totals[:, 0]))
            x, after = np.where(worse[:, None], rows, x), np.where(worse[:, None], totals, after)
            residual = np.where(worse, np.inf, residual)
        return self.paid(decisions, self.outcome(stage + 1, x)), after, residual

    def _totals(self, stage: int, rows: Array) -> Array:
        played = self.paid(self.decisions[stage], self.outcome(stage + 1, rows))
        return np.stack([self.total(decision, played) for decision in self.decisions[stage]], axis=1)

    def _derivatives(
        self, stage: int, rows: Array, unknowns: list[tuple[Symbol, int]], least: float
    ) -> tuple[Array, Array, Array, Any]:
        """Own marginal payoffs and their derivatives in all choices, by central differences of order six.

        Near a bound the step shrinks to stay inside, but not below the share `least`: then it reaches over the bound.
        """
        n, d = len(rows), len(unknowns)
        scale, at_end = np.empty((n, d)), np.zeros((n, d))
        h = np.empty((n, d))
        for j, (symbol, i) in enumerate(unknowns):
            x = rows[:, self.column[symbol]]
            low, high = self.box(self.decisions[stage][i], symbol, rows)
            width = np.where(np.isfinite(high - low), high - low, np.inf)
            scale[:, j] = np.maximum(np.abs(x), 1e-2 * np.minimum(width, 1.0))
            room = np.minimum(x - low, high - x)
            h[:, j] = 1e-2 * scale[:, j]
            h[:, j] = np.where((room > 0) & (room / 3.2 > least * h[:, j]), np.minimum(h[:, j], room / 3.2), h[:, j])
            at_end[:, j] = np.where(x <= low, -1, np.where(x >= high, 1, 0))
        shifts = [(j, m) for j in range(d) for m in (-3, -2, -1, 1, 2, 3)]
        pairs = [(j, k, a, b) for j in range(d) for k in range(j) for a in (-1, 1) for b in (-1, 1)]
        blocks = [rows]
        for j, m in shifts:
            blocks.append(_moved(rows, [(self.column[unknowns[j][0]], m * h[:, j])]))
        for j, k, a, b in pairs:
            blocks.append(
                _moved(rows, [(self.column[unknowns[j][0]], a * h[:, j]), (self.column[unknowns[k][0]], b * h[:, k])])
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
        fixed = (at_end != 0) & ~(gradient * at_end < 0)
        return gradient, jacobian, scale, fixed


def _moved(rows: Array, by: list[tuple[int, Array]]) -> Array:
    rows = rows.copy()
    for column, shift in by:
        rows[:, column] += shift
    return rows


def _spread(share: Array, low: Array, high: Array, around: Array) -> Array:
    """Points of the ranges at those shares: linear between two bounds, rational towards infinity."""
    low, high, around = low[:, None], high[:, None], around[:, None]
    share = np.clip(share, 0.0, 1.0)
    scale = np.maximum(np.abs(around - np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))), 0.1)
    inner = np.clip(share, 1e-3, 1 - 1e-3)
    with np.errstate(all="ignore"):
        both = low + (high - low) * share
        above = np.where(share == 0, low, low + scale * inner / (1 - inner))
        below = np.where(share == 1, high, high - scale * (1 - inner) / inner)
        line = around + scale * (2 * inner - 1) / (1 - (2 * inner - 1) ** 2)
    return np.where(np.isfinite(low), np.where(np.isfinite(high), both, above), np.where(np.isfinite(high), below, line))
