"""Menus for a continuum of types put to the test at random parameters, from the statement and the reported formulas alone.

Every one of many types is offered all contracts of the others. What the principal is said to earn is integrated over all types. That
no menu earns more is seen with finitely many types in small steps: the best menu, found by dynamic programming over all quantities in
the order that truth-telling asks for, is compared with the stated quantities under the same steps, which both miss by as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import Symbol, sympify

from derive.check.continuum import attacked, cdf, plain, quantile
from derive.check.sample import Point, mp, satisfied
from derive.check.zero import number
from derive.contracts.ir import Screening
from derive.solution import Solution

__all__ = ["attack_menu"]

TYPES = 9
COMPARED = 6
HALVINGS = 60
INTEGRATED = mpmath.mpf(10) ** -7  # error of an integral
STEPS = 3e-4  # what the stated quantities may lose by being made for types between the steps
FINE, QUANTITIES = 240, 900
CLOSE = mpmath.mpf(10) ** -15
At = Mapping[Symbol, Any]


def attack_menu(problem: Screening, solution: Solution, points: int) -> list[str]:
    """What the statement contradicts."""

    def wrong(number: int, point: Point) -> str:
        with mpmath.workdps(30):
            return _Menu(problem, solution, point).wrong(compared=number < COMPARED)

    return attacked(problem, solution, points, wrong)


class _Menu:
    """The menu at one point of the parameters."""

    def __init__(self, problem: Screening, solution: Solution, point: Point) -> None:
        self.problem, self.solution, self.theta = problem, solution, problem.type.symbol
        self.at = {symbol: value for symbol, value in mp(point).items() if symbol != self.theta}
        self.ends = tuple(number(sympify(end), self.at) for end in problem.support)
        self.low, self.high = self.ends
        self.principal, self.agent = (plain(problem, player.objective) for player in problem.players)
        self.symbols = (problem.quantity.symbol, problem.transfer.symbol)

    def contract(self, kind: Any) -> dict[Symbol, Any] | None:
        """The values that hold for a type; None where not exactly one regime does."""
        at = {**self.at, self.theta: kind}
        holding = [r for r in self.solution.regimes if all(satisfied(relation, at) for relation in r.region)]
        if len(holding) != 1:
            return None
        found = dict(at)
        for symbol, value in holding[0].values:
            found[symbol] = number(value, found)
        return found

    def wrong(self, *, compared: bool) -> str:
        kinds = [self.low + (self.high - self.low) * mpmath.mpf(2 * i + 1) / (2 * TYPES) for i in range(TYPES)]
        menu = [self.contract(kind) for kind in kinds]
        offered = [contract for contract in menu if contract is not None]
        if len(offered) < len(menu):
            return "not exactly one regime holds for some type"
        reservation = number(sympify(self.problem.reservation), self.at)
        for kind, own in zip(kinds, offered, strict=True):
            scale = 1 + max(abs(own[s]) for s in self.symbols)
            earned = self.earned(kind, own)
            if abs(earned - own[self.problem.agent.payoff]) > CLOSE * scale:
                return f"a type earns {mpmath.nstr(earned, 8)}, not what is reported"
            if earned < reservation - CLOSE * scale:
                return "a type would rather stay away"
            if any(not satisfied(r, own) for r in self.problem.quantity.domain):
                return "a quantity is out of bounds"
            if self.solution.protocol == "hidden" and any(self.earned(kind, o) > earned + CLOSE * scale for o in offered):
                return "a type would rather have another's contract"
        if not compared:
            return ""
        stated, whole = offered[0][self.problem.principal.payoff], self.whole(kinds)
        if mpmath.fabs(stated - whole) > INTEGRATED * (1 + mpmath.fabs(whole)):
            return f"the menu earns {mpmath.nstr(whole, 8)}, not {mpmath.nstr(stated, 8)}"
        best, kept = self.best(max(float(abs(contract[self.symbols[0]])) for contract in offered))
        if best - kept > STEPS * (abs(kept) + abs(best)) + 1e-9:
            return f"menus for {FINE} types earn up to {best:.8g}, the stated quantities {kept:.8g}"
        return ""

    def whole(self, kinds: Sequence[Any]) -> Any:
        """What the principal earns from all types together, integrated between the types at which the regime changes."""
        hair = (self.high - self.low) * mpmath.mpf(10) ** -15
        cuts = [self.low]
        for left, right in pairwise([self.low + hair, *kinds, self.high - hair]):
            for _ in self.solution.regimes:  # a narrow one may lie between two neighbours
                first, low, high = self.place(left), left, right
                if first == self.place(right):
                    break
                for _ in range(HALVINGS):
                    middle = (low + high) / 2
                    low, high = (middle, high) if self.place(middle) == first else (low, middle)
                cuts.append((low + high) / 2)
                left = high
        below, share = cdf(self.problem.type.law, self.theta), Symbol("_share", real=True)
        kind = quantile(self.problem.type.law, share)

        def profit(part: Any) -> Any:
            """What is earned from the type below which that share lies."""
            contract = self.contract(number(kind, {**self.at, share: part}))
            if contract is None:
                raise ArithmeticError("not exactly one regime holds")
            return number(self.principal, contract)

        with mpmath.workdps(15):
            return mpmath.quad(profit, [number(below, {**self.at, self.theta: cut}) for cut in (*cuts, self.high)], maxdegree=4)

    def place(self, kind: Any) -> int:
        """The number of the regime that holds for a type; -1 where there is not just one."""
        at = {**self.at, self.theta: kind}
        holding = [i for i, r in enumerate(self.solution.regimes) if all(satisfied(relation, at) for relation in r.region)]
        return holding[0] if len(holding) == 1 else -1

    def earned(self, kind: Any, contract: Mapping[Symbol, Any]) -> Any:
        at = {**self.at, self.theta: kind} | {s: contract[s] for s in self.symbols}
        return number(self.agent, at)

    def best(self, top: float) -> tuple[float, float]:
        """The most that a menu for many types in small steps earns, by dynamic programming over ordered quantities, and what the
        stated quantities earn with these types."""
        observed = self.solution.protocol == "observed"
        theta, (q, t), left = self.theta, self.symbols, Symbol("_left", real=True)
        fixed = {symbol: sympy.Float(str(value)) for symbol, value in self.at.items()}
        rate = self.agent.diff(t)
        alone = self.agent.xreplace({t: sympy.Integer(0)})
        objective = self.principal.xreplace({self.problem.agent.payoff: left}).xreplace({t: (left - alone) / rate})
        cost = float(-sympy.expand(objective.diff(left)).xreplace(fixed))
        surplus = sympy.lambdify((q, theta), objective.xreplace({left: sympy.Integer(0)}).xreplace(fixed), "numpy")
        worth = sympy.lambdify((q, theta), alone.xreplace(fixed), "numpy")
        share = sympy.lambdify(theta, cdf(self.problem.type.law, theta).xreplace(fixed), "numpy")
        edges = np.linspace(float(self.low), float(self.high), FINE + 1)
        kinds, mass = (edges[1:] + edges[:-1]) / 2, np.diff(share(edges))
        grid = np.linspace(-1.5 * top - 1e-6, 1.5 * top + 1e-6, QUANTITIES)
        stated = [self.contract(mpmath.mpf(float(kind))) for kind in kinds]
        own = np.array([float(contract[q]) if contract is not None else np.nan for contract in stated])
        grid = np.unique(np.concatenate([grid, [0.0], own[np.isfinite(own)]]))
        with np.errstate(all="ignore"):
            gains = np.array([m * (surplus(grid, k) + 0 * grid) for m, k in zip(mass, kinds, strict=True)])
            rise = np.array([worth(grid, k) + 0 * grid for k in kinds])
            for relation in self.problem.quantity.domain:
                gap = sympy.lambdify((q, theta), (relation.gts - relation.lts).xreplace(fixed), "numpy")
                allowed = np.array([gap(grid, k) + 0 * grid >= -1e-12 for k in kinds])
                gains, rise = np.where(allowed, gains, np.nan), np.where(allowed.any(axis=0), rise, np.nan)
        reservation = cost * float(number(sympify(self.problem.reservation), self.at))
        chosen = np.searchsorted(grid, np.nan_to_num(own))
        if observed:
            return float(np.nanmax(gains, axis=1).sum()) - reservation, self._sum(gains, chosen) - reservation
        falling = bool(np.nanmean(rise[0] - rise[-1]) >= 0)
        if not falling:
            gains, rise, mass, chosen = gains[::-1], rise[::-1], mass[::-1], chosen[::-1]
        better = np.cumsum(mass)
        if np.nanmean(np.diff(rise[0] - rise[-1])) < 0:  # better types value more of the quantity less
            gains, rise, chosen = gains[:, ::-1].copy(), rise[:, ::-1], len(grid) - 1 - chosen
        gains[1:] -= cost * better[:-1, None] * (rise[:-1] - rise[1:])
        total = np.zeros(len(grid))
        for row in gains[::-1]:
            total = np.maximum.accumulate(np.nan_to_num(row, nan=-np.inf) + total)
        return float(total[-1]) - reservation, self._sum(gains, chosen) - reservation

    @staticmethod
    def _sum(gains: Any, chosen: Any) -> float:
        return float(np.nansum(gains[np.arange(len(chosen)), chosen]))
