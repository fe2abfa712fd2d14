"""Verification of equilibria in mixed strategies: each by its definition, all of them by enumeration at points."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import sympy
from sympy import Add, Expr, Integer, sympify

from derive.check.context import Context, proved
from derive.check.registry import need
from derive.check.repeated_point import rational, true_at
from derive.check.sample import Point
from derive.repeated import steps as kinds
from derive.repeated.ir import OneShot, RepeatedGame
from derive.solution import Solution

__all__ = ["support_equilibrium", "unlisted"]

Weights = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


def _tables(game: RepeatedGame) -> tuple[list[list[Expr]], list[list[Expr]]]:
    """What each player earns, by its own action and then the other's."""
    payoffs = dict(game.stage.payoffs)
    first, second = game.stage.actions
    return (
        [[sympify(payoffs[one, two][0]) for two in second] for one in first],
        [[sympify(payoffs[one, two][1]) for one in first] for two in second],
    )


def support_equilibrium(step: kinds.SupportEquilibrium, context: Context) -> None:
    game = context.statement
    need(isinstance(game, RepeatedGame), "the statement is not a repeated game")
    assert isinstance(game, RepeatedGame)
    named = [one for one in game.protocols if isinstance(one, OneShot) and one.key == step.protocol]
    need(len(named) == 1 and len(step.probabilities) == len(step.payoffs) == 2, "not a stage game of two played once")
    left = list(step.certificates)
    for player, table in enumerate(_tables(game)):
        own, other = step.probabilities[player], step.probabilities[1 - player]
        need(len(own) == len(table) and len(other) == len(table[0]), "not every action has a probability")
        context.equal(Add(*own), Integer(1), "the probabilities")
        for weight, row in zip(own, table, strict=True):
            need(bool(left), "a certificate is missing")
            earned = Add(*(entry * share for entry, share in zip(row, other, strict=True)))
            certificate = left.pop(0)
            if weight == 0:
                gap = sympy.cancel(step.payoffs[player] - earned)
                proved(sympify(gap >= 0), certificate, context.known, "what is not played earns no more")
            else:
                context.equal(earned, step.payoffs[player], "what is played earns the same")
                proved(sympify(weight > 0), certificate, context.known, "a probability")
    need(not left, "a certificate too many")


# --- all equilibria at a point ---------------------------------------------------------------------------------------------


def unlisted(game: RepeatedGame, play: OneShot, solution: Solution, point: Point) -> list[str]:
    """Which equilibria at a point are not reported there, and which that are reported are none. Ties are passed over."""
    tables = [[[rational(entry, point) for entry in row] for row in table] for table in _tables(game)]
    truth = _enumerated(tables)
    here = [r for r in solution.regimes if all(true_at(relation, point) for relation in r.region)]
    where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    if truth is None:
        return []
    stated: set[Weights] = set()
    for regime in here:
        values = dict(regime.values)
        first, second = (tuple(rational(values[symbol], point) for symbol in row) for row in play.probabilities)
        stated.add((first, second))
        for player, symbol in enumerate(play.payoffs):
            earned = sum(
                x * y * tables[player][i if player == 0 else j][j if player == 0 else i]
                for i, x in enumerate(first)
                for j, y in enumerate(second)
            )
            if earned != rational(values[symbol], point):
                return [f"{play.key}: {symbol} is not what is earned at {where}"]
    if stated != truth:
        return [f"{play.key}: {len(stated)} equilibria are listed, {len(truth)} found at {where}"]
    if len(here) > 1 and any(regime.unique for regime in here):
        return [f"{play.key}: one of several equilibria is called the only one at {where}"]
    return []


def _enumerated(tables: list[list[list[Fraction]]]) -> set[Weights] | None:
    """Every equilibrium by all pairs of supports of equal size; None where payoffs tie."""
    mine, yours = tables
    found: set[Weights] = set()
    for size in range(1, min(len(mine), len(yours)) + 1):
        for one in combinations(range(len(mine)), size):
            for two in combinations(range(len(yours)), size):
                first, second = _mix(mine, one, two), _mix(yours, two, one)
                if first is None or second is None:
                    continue
                (theirs, above), (own, beyond) = first, second
                weights, gaps = [*(theirs[j] for j in two), *(own[i] for i in one)], [*above, *beyond]
                if all(weight >= 0 for weight in weights) and all(gap >= 0 for gap in gaps):
                    if 0 in (*weights, *gaps):
                        return None
                    found.add((own, theirs))
    return found


def _mix(
    table: list[list[Fraction]], own: tuple[int, ...], other: tuple[int, ...]
) -> tuple[tuple[Fraction, ...], list[Fraction]] | None:
    """The mixture of `other` that makes `own` earn the same, and what the rest of the actions lack; None if not just one does."""
    matrix = sympy.Matrix([[_q(table[i][j] - table[own[0]][j]) for j in other] for i in own[1:]] + [[1] * len(other)])
    if matrix.det() == 0:
        return None
    solved = matrix.LUsolve(sympy.Matrix([0] * (len(own) - 1) + [1]))
    weights = [Fraction(0)] * len(table[0])
    for j, value in zip(other, solved, strict=True):
        weights[j] = Fraction(int(value.p), int(value.q))
    earned = [sum((entry * share for entry, share in zip(row, weights, strict=True)), Fraction(0)) for row in table]
    return tuple(weights), [earned[own[0]] - value for i, value in enumerate(earned) if i not in own]


def _q(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)
