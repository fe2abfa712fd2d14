"""Numerical attack on a solution: does anybody gain by deviating?

Works from the statement and the values of the regimes alone. At random admissible rational points, and on both sides of the
regions' boundaries, every decision is searched globally over its own choices; what moves later is solved again by brute force
(`derive.check.game`). A general law is attacked through the model's instances, or through a uniform or exponential law where
it has none.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy
from sympy import Symbol

from derive.check.credible import TOLERANCE, Deviation, is_gain, nearby
from derive.check.game import Game, game_of
from derive.check.groups import written_out
from derive.check.play import Play, agree_at, equilibrium, inside, laws_in_play, left_out, regimes_at
from derive.check.sample import Point, satisfied
from derive.check.searched import searched
from derive.ir import Model, Protocol
from derive.solution import Regime, Solution

__all__ = ["Attack", "attack", "borders"]

# Points at which a stage with three or more later ones is attacked: each of them solves all later stages for every row.
DEEP = 12
# Points at which every regime is attacked, also one in whose region random points hardly ever lie.
LEAST = 3


@dataclass(frozen=True)
class Attack:
    """What an attack did and found: `findings` are gains by deviation, infeasible choices and points with no or two regimes."""

    points: int
    boundary_points: int
    deviations: int
    findings: tuple[str, ...]
    skipped: tuple[str, ...] = ()


# --- the attack ------------------------------------------------------------------------------------------------------------


def attack(statement: Model, solution: Solution, points: int = 50, seed: int = 20240229) -> Attack:
    """Attack a solution at `points` random admissible points and on both sides of the boundaries between its regimes.

    Groups of identical players are written out for several whole numbers of members; the points are shared among these games.
    """
    games = written_out(statement, solution)
    if games:
        share = -(-points // len(games))
        return _together([attack(game, solved, share, seed + i) for i, (game, solved) in enumerate(games)])
    rng = random.Random(seed)
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    findings: list[str] = []
    skipped: list[str] = []
    total = border_total = deviations = 0
    if not plays:
        skipped.append("no law to attack it under")
    for play in plays:
        share = -(-points // len(plays))
        chosen = play.settled(seed, share)
        if len(chosen) < share:
            skipped.append(f"only {len(chosen)} of {share} admissible points were found")
        chosen = play.among(solution.regimes, chosen, rng, LEAST)
        placed = [(point, *found) for point in chosen for found in _placed(solution, point, play, findings)]
        edges = borders([(p, r) for p, r, _ in placed if r is not None], play)
        border = [(point, *found) for point in edges for found in _placed(solution, point, play, findings)]
        total, border_total = total + len(placed), border_total + len(border)
        tests = [(point, regime, values) for point, regime, values in placed + border if regime is not None]
        if tests:
            protocol = play.model.protocol(solution.protocol)
            game = game_of(play, protocol.key)
            declined = [test for test in tests if test[1].outside]
            tests = [test for test in tests if not test[1].outside]
            deviations += _starts(game, protocol, declined, findings)
        if tests:
            if len(protocol.stages) > 3 and len(tests) > DEEP:
                skipped.append(f"stages with three or more later ones were attacked at {DEEP} of {len(tests)} points")
            deviations += _deviations(game, solution, tests, play, findings)
    return Attack(total, border_total, deviations, tuple(findings), tuple(skipped))


def _together(attacks: Sequence[Attack]) -> Attack:
    return Attack(
        sum(one.points for one in attacks),
        sum(one.boundary_points for one in attacks),
        sum(one.deviations for one in attacks),
        tuple(finding for one in attacks for finding in one.findings),
        tuple(dict.fromkeys(skipped for one in attacks for skipped in one.skipped)),
    )


def _text(point: Point) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())


def _placed(solution: Solution, point: Point, play: Play, findings: list[str]) -> list[tuple[Regime | None, dict[Symbol, Any]]]:
    """The regimes at a point and their values: one, or several that agree there or say that they are not the only equilibria.

    Finds fault with no regime, with several of other kinds, and with undefined values.
    """
    regimes = regimes_at(solution, point, play)
    if left_out(solution, point, play):
        return [(None, {})]
    apart = len(regimes) > 1 and any(regime.unique for regime in regimes) and not agree_at(regimes, point, play)
    if apart or not regimes:
        names = ", ".join(regime.name for regime in regimes) or "no regime"
        findings.append(f"{names} at {_text(point)}")
        return [(None, {})]
    found: list[tuple[Regime | None, dict[Symbol, Any]]] = []
    for regime in regimes:
        try:
            found.append((regime, equilibrium(regime, point, play)))
        except (ArithmeticError, ValueError) as reason:
            findings.append(f"{regime.name} has no value ({reason}) at {_text(point)}")
            found.append((None, {}))
    return found


def borders(placed: list[tuple[Point, Regime]], play: Play) -> list[Point]:
    """Points just left and right of the boundaries: bisection between points of different regimes."""
    found: list[Point] = []
    pairs: dict[tuple[str, str], int] = {}
    whole = [p.symbol for p in play.model.parameters if p.integer]
    for i, (start, first) in enumerate(placed):
        for stop, second in placed[i + 1 :]:
            key = (min(first.name, second.name), max(first.name, second.name))
            if first is second or pairs.get(key, 0) >= 2 or any(start[symbol] != stop[symbol] for symbol in whole):
                continue
            pairs[key] = pairs.get(key, 0) + 1
            low, high = Fraction(0), Fraction(1)
            for _ in range(20):
                middle = (low + high) / 2
                low, high = (middle, high) if inside(first, play.between(start, stop, middle), play) else (low, middle)
            for share in (low, high):
                point = play.between(start, stop, share)
                if all(satisfied(relation, point) for relation in play.assumptions if relation.rel_op != "=="):
                    found.append(point)
    return found


def _outside_worth(game: Game, protocol: Protocol, rows: np.ndarray[Any, Any]) -> Any:
    """What those who move first earn if they do not start the game, row by row."""
    stated = dict(protocol.outside)
    return game.numeric((game.plain(sympy.Add(*[stated[name] for name in protocol.stages[0].decisions[0].by])),))(rows)[:, 0]


def _starts(game: Game, protocol: Protocol, tests: list[tuple[Point, Regime, dict[Symbol, Any]]], findings: list[str]) -> int:
    """Where the game is said not to be started: whether those who move first would gain by starting it."""
    if not tests:
        return 0
    rows = np.array([[float(values.get(s, 1)) for s in game.symbols] for _, _, values in tests])
    outside = _outside_worth(game, protocol, rows)
    best, _ = game.search(game.decisions[0][0], 0, rows)
    for k in np.flatnonzero(best - outside > TOLERANCE * (1e-3 + np.abs(outside)))[:3]:
        findings.append(
            f"{tests[k][1].name}: starting the game pays {best[k]:.9g}, not {outside[k]:.9g}, at {_text(tests[k][0])}"
        )
    return len(tests)


def _deviations(
    game: Game, solution: Solution, tests: list[tuple[Point, Regime, dict[Symbol, Any]]], play: Play, findings: list[str]
) -> int:
    """Try every decision's deviations at all points at once; returns how many were tried."""
    protocol = play.model.protocol(solution.protocol)
    missing = {str(s) for _, regime, values in tests for s in game.choices if s not in values}
    if missing:
        findings.append(f"no value is given for {', '.join(sorted(missing))}")
        return 0
    rows = np.array([[float(values[s]) for s in game.symbols] for _, _, values in tests])
    payoffs = game.payoffs(rows)
    size = np.abs(payoffs).max(axis=1) + 1e-300
    for player in play.model.players:
        column = payoffs[:, game.players.index(player.name)]
        for k, (point, regime, values) in enumerate(tests):
            if (
                player.payoff in values
                and player.name in game.whole
                and abs(float(values[player.payoff]) - column[k]) > TOLERANCE * size[k]
                and abs(values[player.payoff] - game.precise((player.name,), values)) > TOLERANCE * size[k]
            ):
                stated = f"not {float(values[player.payoff]):.12g}"
                findings.append(f"{regime.name}: {player.payoff} is {column[k]:.12g}, {stated}, at {_text(point)}")
    count = 0
    for stage, decisions in enumerate(game.decisions):
        for decision in decisions:
            who = " and ".join(decision.by)
            own = payoffs[:, [game.players.index(name) for name in decision.by]].sum(axis=1)
            for symbol in (s for s in decision.chooses if s in game.column):
                low, high = game.box(decision, symbol, rows)
                x, slack = rows[:, game.column[symbol]], 1e-9 * (1 + np.abs(rows[:, game.column[symbol]]))
                for k in np.flatnonzero((x < low - slack) | (x > high + slack))[:3]:
                    findings.append(f"{tests[k][1].name}: {symbol} is out of bounds at {_text(tests[k][0])}")
            for k in np.flatnonzero(~np.isfinite(game.total(decision, rows)))[:3]:
                findings.append(f"{tests[k][1].name}: {who} break a constraint at {_text(tests[k][0])}")
            few = len(rows) if len(game.decisions) - stage < 4 else min(DEEP, len(rows))
            best, played = searched(game, decision, stage, rows[:few])
            count += len(best)
            by = Deviation(solution, play, game, decision, stage)
            gain = best - own[:few]
            seen = [int(i) for i in np.flatnonzero(gain > TOLERANCE * size[:few])]
            real = [(k, played[k], f"{gain[k] / size[k]:.2e}") for k in seen]
            if len(game.decisions) - stage > 2:
                close = ((k, nearby(by, rows[k])) for k in range(few) if k not in seen)
                real += [(k, row, "a little") for k, row in close if not np.array_equal(row, rows[k])]
            for k, _, much in [one for one in real if is_gain(by, one[1], rows[one[0]], size[one[0]])][:3]:
                what = f"gain {much} by deviating in stage {stage + 1}"
                findings.append(f"{tests[k][1].name}: {who} {what} at {_text(tests[k][0])}")
            if stage == 0 and protocol.outside:
                start = _outside_worth(game, protocol, rows)
                for k in np.flatnonzero(start - own > TOLERANCE * np.maximum(size, np.abs(start)))[:3]:
                    findings.append(f"{tests[k][1].name}: {who} would rather not start at {_text(tests[k][0])}")
    return count
