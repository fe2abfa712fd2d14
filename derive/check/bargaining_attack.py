"""Solutions of bargaining problems against their definitions at random parameters, by search along the frontier.

The Nash product and the sum of payoffs are compared with their values on a fine grid; equal and proportional gains and the
indifference of whoever is made an offer are tested as they stand. Only the statement and the reported payoffs are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from sympy import Expr, Symbol, sympify

from derive.bargaining.ir import BargainingProblem
from derive.check.sample import Point, mp, sample_regions, satisfied
from derive.check.zero import number
from derive.solution import Implicit, Solution

__all__ = ["attack_solution"]

MOST = 3
GRID = 200
CLOSE = mpmath.mpf(10) ** -18
# Ends of the frontier are known to a root of the accuracy where a payoff is flat there, and ideal payoffs are values at them.
NEAR = mpmath.mpf(10) ** -8
At = Mapping[Symbol, Any]


def attack_solution(problem: BargainingProblem, solution: Solution, points: int) -> list[str]:
    """What the definitions contradict, at most `MOST` findings."""
    faults: list[str] = []
    for point in _points(problem, solution, points):
        if len(faults) >= MOST:
            break
        with mpmath.workdps(40):
            wrong = _at(problem, solution, mp(point))
        if wrong:
            where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
            faults.append(f"{solution.protocol}: {wrong} at {where}")
    return faults


def _points(problem: BargainingProblem, solution: Solution, count: int) -> list[Point]:
    symbols = tuple(sorted((parameter.symbol for parameter in problem.parameters), key=str))
    whole = frozenset(parameter.symbol for parameter in problem.parameters if parameter.integer)
    return sample_regions(solution.assumptions, (regime.region for regime in solution.regimes), symbols, count, whole)


def _at(problem: BargainingProblem, solution: Solution, at: At) -> str:
    holding = [regime for regime in solution.regimes if all(satisfied(relation, at) for relation in regime.region)]
    if len(holding) != 1:
        return f"{len(holding)} regimes"
    (regime,) = holding
    here = dict(at)
    for implicit in regime.implicit:
        here[implicit.symbol] = _bisected(implicit, here)
    values = {symbol: number(value, here) for symbol, value in regime.values}
    payoffs = [values[player.payoff] for player in problem.players]
    x = problem.along.symbol
    return _Frontier(problem, at).wrong(solution.protocol, values.get(x, here.get(x)), payoffs[0], payoffs[1])


def _bisected(implicit: Implicit, at: At) -> Any:
    low, high = number(implicit.low, at), number(implicit.high, at)
    for _ in range(140):
        middle = (low + high) / 2
        above = number(implicit.equation, {**at, implicit.symbol: middle}) * implicit.sign > 0
        low, high = (low, middle) if above else (middle, high)
    return (low + high) / 2


class _Frontier:
    """The frontier at one parameter point."""

    def __init__(self, problem: BargainingProblem, at: At) -> None:
        self.problem, self.at, self.x = problem, at, problem.along.symbol
        self.none = [self.value(player.disagreement) for player in problem.players]

    def value(self, expression: Any) -> Any:
        expression = sympify(expression)
        for item in reversed(self.problem.definitions):
            expression = expression.xreplace({item.symbol: item.value})
        return number(expression, self.at)

    def earned(self, player: int) -> Callable[[Any], Any]:
        expression: Expr = sympify(self.problem.players[player].objective)
        for item in reversed(self.problem.definitions):
            expression = expression.xreplace({item.symbol: item.value})
        return lambda value: number(expression, {**self.at, self.x: value})

    def acceptable(self, point: Any) -> bool:
        inside = all(satisfied(relation, {**self.at, self.x: point}) for relation in self._domain())
        try:
            return inside and all(self.earned(player)(point) >= self.none[player] - CLOSE for player in (0, 1))
        except ArithmeticError:  # just beyond an end that is known up to rounding
            return False

    def _domain(self) -> list[Any]:
        found = []
        for relation in self.problem.along.domain:
            for item in reversed(self.problem.definitions):
                relation = relation.xreplace({item.symbol: item.value})
            found.append(relation)
        return found

    def ends(self, inside: Any) -> tuple[Any, Any]:
        """The acceptable agreements, by bisection outwards from one of them."""
        found = []
        for direction in (-1, 1):
            near, step = inside, mpmath.mpf(1)
            while self.acceptable(inside + direction * step):
                near, step = inside + direction * step, 2 * step
            far = inside + direction * step
            for _ in range(120):
                middle = (near + far) / 2
                near, far = (middle, far) if self.acceptable(middle) else (near, middle)
            found.append(near)
        return found[0], found[1]

    def wrong(self, solution: str, where: Any, one: Any, two: Any) -> str:
        """What is wrong with the agreement, in words; empty when nothing is."""
        earn = [self.earned(0), self.earned(1)]
        gains = [one - self.none[0], two - self.none[1]]
        size = max(1, abs(one), abs(two))
        if not self.acceptable(where):
            return "the agreement is not acceptable to both"
        on_it = abs(earn[0](where) - one) <= CLOSE * size and abs(earn[1](where) - two) <= CLOSE * size
        low, high = self.ends(where)
        if solution == "egalitarian":
            below = one <= earn[0](where) + CLOSE * size and two <= earn[1](where) + CLOSE * size
            corner = any(abs(where - end) <= CLOSE * size for end in (low, high))
            fine = abs(gains[0] - gains[1]) <= CLOSE * size and below and (on_it or corner)
            return "" if fine else "the gains are not equal, or more equal gains are feasible"
        if not on_it:
            return "the payoffs are not those of the agreement"
        if solution == "kalai_smorodinsky":
            most = [earn[0](high) - self.none[0], earn[1](low) - self.none[1]]
            scale = max(1, abs(most[0] * gains[1]))
            return "" if abs(gains[0] * most[1] - gains[1] * most[0]) <= NEAR * scale else "the gains are not in proportion"
        if solution == "alternating_offers":
            return self._offers(earn, where)
        power = [self.value(player.weight) for player in self.problem.players]
        grid = [low + (high - low) * mpmath.mpf(k) / GRID for k in range(GRID + 1)]

        def aim(first: Any, second: Any) -> Any:
            if solution == "utilitarian":
                return first + second
            return max(first - self.none[0], 0) ** power[0] * max(second - self.none[1], 0) ** power[1]

        best = max(aim(earn[0](point), earn[1](point)) for point in grid)
        return "" if aim(one, two) >= best - mpmath.mpf(10) ** -14 * max(1, abs(best)) else "another agreement does better"

    def _finite(self, earn: list[Callable[[Any], Any]], first: Any, second: Any) -> Any:
        """The first of finitely many offers, by bisection along the frontier, the last one first."""
        rounds = int(self.value(self.problem.rounds))
        low, high = self.ends(mpmath.mpf(0))
        offer = high if rounds % 2 else low
        for turn in range(rounds - 1, 0, -1):
            if turn % 2 == 0:
                offer = first * offer
                continue
            level, (near, far) = second * earn[1](offer), (low, high)
            for _ in range(140):
                middle = (near + far) / 2
                near, far = (middle, far) if earn[1](middle) > level else (near, middle)
            offer = (near + far) / 2
        return offer

    def _offers(self, earn: list[Callable[[Any], Any]], where: Any) -> str:
        """Each offer leaves the other indifferent to making the next one."""
        first, second = (self.value(player.discount) for player in self.problem.players)
        if self.problem.rounds is not None:
            return (
                ""
                if abs(where - self._finite(earn, first, second)) <= NEAR
                else "the offer is not that of finitely many rounds"
            )
        answer = first * where
        fine = abs(earn[1](where) - second * earn[1](answer)) <= CLOSE * max(1, abs(earn[1](answer)))
        return "" if fine else "the offer does not leave the other player indifferent"
