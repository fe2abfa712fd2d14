"""Worths built from solved protocols, derived anew: what the members earn by the model's own objectives at the choices solved for.

The payoffs that a solution reports are not read. At random admissible points its choices are put into the objectives of the
statement, the expectation is taken under the law in play, and the members' sum must be the worth there. That nobody gains by
choosing otherwise is what the attack on the solution itself establishes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol

from derive.bargaining.product import played
from derive.check.coalition_base import written_out
from derive.check.coordination import with_term
from derive.check.groups import others_of, told_apart
from derive.check.moments import certain, expected
from derive.check.objectives import definitions_out
from derive.check.play import Play, equilibrium, in_play, laws_in_play, regimes_at
from derive.check.sample import Point, mp
from derive.check.zero import Undecided, number
from derive.coalition.ir import CoalitionGame
from derive.ir import CARA, Model, Player
from derive.shocks import Overage
from derive.solution import Solution

__all__ = ["verify_worths"]

MOST = 3
POINTS = 8
CLOSE = mpmath.mpf(10) ** -15
Coalition = tuple[str, ...]


def verify_worths(
    stated: CoalitionGame, built: CoalitionGame, model: Model, solutions: tuple[Solution, ...]
) -> tuple[str, ...]:
    """What is wrong with a game built from protocols, at most `MOST` findings."""
    solved = {one.protocol: one for one in solutions if one.instance == stated.instance}
    worths = {frozenset(coalition): worth for coalition, worth in built.worths}
    if [frozenset(coalition) for coalition, _ in built.worths] != [frozenset(coalition) for coalition, _ in stated.plays]:
        return ("not exactly the coalitions that play a protocol have a worth",)
    if (stated.players, stated.kind) != (built.players, built.kind):
        return ("other players, or costs in place of worths",)
    assumed = {fact for _, key in stated.plays for fact in solved[key].assumptions}
    if not set(built.assumptions) <= assumed | set(stated.assumptions):
        return ("more is assumed than the solutions assume",)
    faults: list[str] = []
    for coalition, key in stated.plays:
        if len(faults) < MOST:
            faults += _faults(built, worths[frozenset(coalition)], coalition, model, solved[key])
    return tuple(faults)


def _faults(built: CoalitionGame, worth: Expr, coalition: Coalition, model: Model, solution: Solution) -> Iterator[str]:
    name = "{" + ", ".join(coalition) + "}"
    met = False
    try:
        with mpmath.workdps(30):
            for point, total in _earned(coalition, model, solution):
                met = True
                value = number(written_out(worth, built), mp(point))
                if abs(value - total) > CLOSE * max(abs(total), abs(value)):
                    where = ", ".join(f"{symbol} = {at}" for symbol, at in point.items())
                    yield f"the worth of {name} is {mpmath.nstr(value, 12)}, its members earn {mpmath.nstr(total, 12)} at {where}"
                    return
    except (ArithmeticError, Undecided) as reason:
        yield f"the worth of {name} could not be verified: {reason}"
        return
    if not met:
        yield f"no admissible point was found at which to verify the worth of {name}"


def _earned(coalition: Coalition, model: Model, solution: Solution) -> Iterator[tuple[Point, Any]]:
    """Admissible points with what the members earn together there."""
    statement = with_term(model, solution)
    statement = played(statement.under(statement.protocol(solution.protocol)), solution.protocol)
    statement = in_play(statement, solution)
    play = next(iter(laws_in_play(statement, solution.instance)))
    together = _Together(coalition, play, solution)
    for point in play.settled(11, POINTS):
        for regime in regimes_at(solution, point, play):
            yield point, together.total(equilibrium(regime, point, play))


class _Together:
    """What the members of a coalition earn together, written out once for all points at which slopes have the same signs."""

    def __init__(self, coalition: Coalition, play: Play, solution: Solution) -> None:
        self.play = play
        self.model = told_apart(play.model, play.model.protocol(solution.protocol))
        self.protocol = self.model.protocol(solution.protocol)
        self.members = [self.model.player(name) for name in coalition]
        self.written: list[tuple[dict[Expr, int], Expr]] = []

    def total(self, at: dict[Symbol, Any]) -> Any:
        """The sum at one point."""
        for stage in self.protocol.stages:
            mirror = others_of(self.play.model, self.protocol, stage.decisions)
            at |= {theirs: at[own] for theirs, own in mirror.items() if own in at}
        apply = self.play.apply(at)

        def sign(expression: Expr) -> int:
            return int(sympy.sign(number(expression, at, apply)))

        for signs, total in self.written:
            if all(sign(expression) == one for expression, one in signs.items()):
                return number(total, at, apply)
        asked: dict[Expr, int] = {}
        members = [self._payoff(member, lambda one: asked.setdefault(one, sign(one))) for member in self.members]
        self.written.append((asked, sympy.expand(sympy.Add(*members))))
        return number(self.written[-1][1], at, apply)

    def _payoff(self, player: Player, sign: Callable[[Expr], int]) -> Expr:
        """What a player earns in expectation (as a certainty equivalent), as a function of all choices."""
        objective = definitions_out(player.objective, self.model)
        laws = {shock.symbol: shock.distribution for shock in self.model.shocks}
        if isinstance(player.risk, CARA):
            return certain(objective, laws, player.risk.risk_aversion)
        heads = {shock.symbol: name for shock, (name, _) in zip(self.model.shocks, self.play.heads, strict=True)}
        return expected(objective, laws, lambda shock, level: Overage(heads[shock], level), sign)
