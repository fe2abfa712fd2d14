"""Numerical attack on a solution: does anybody gain by deviating?

Works from the statement and the values of the regimes alone. At random admissible rational points, and on both sides of the
regions' boundaries, every decision is searched globally over its own choices; what moves later is solved again by brute force
(`derive.check.game`). A general law is attacked through the model's instances, or through a uniform or exponential law where
it has none.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.game import Game
from derive.check.moments import cdf, ends, moment, overage
from derive.check.sample import Point, flat, mp, sample, satisfied
from derive.check.zero import Undecided, number
from derive.ir import Distribution, Exponential, GeneralDistribution, Model, Protocol, Uniform
from derive.solution import Regime, Solution

__all__ = ["Attack", "Play", "attack", "borders", "equilibrium", "laws_in_play", "regimes_at"]

TOLERANCE = 1e-9
# Points at which a stage with three or more later ones is attacked: each of them solves all later stages for every row.
DEEP = 12


@dataclass(frozen=True)
class Attack:
    """What an attack did and found: `findings` are gains by deviation, infeasible choices and points with no or two regimes."""

    points: int
    boundary_points: int
    deviations: int
    findings: tuple[str, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Play:
    """A statement with named laws in place of general ones, and the relations under which it is played."""

    model: Model
    laws: tuple[tuple[Symbol, Distribution], ...]
    assumptions: tuple[Boolean, ...]
    symbols: tuple[Symbol, ...]

    @cached_property
    def heads(self) -> dict[str, Distribution]:
        """The laws by the name of their cdf."""
        laws = dict(self.laws)
        return {
            s.distribution.cdf if isinstance(s.distribution, GeneralDistribution) else f"F_{s.symbol}": laws[s.symbol]
            for s in self.model.shocks
        }

    def apply(self, at: Mapping[Symbol, Any]) -> Any:
        """Values of the law functions (``Cdf:F``, ``Overage:F``, ``Density:F``) at a point, everywhere on the line."""
        heads = self.heads
        z = Symbol("_z", real=True)

        def value(name: str, args: tuple[Any, ...]) -> Any:
            kind, _, law_name = name.partition(":")
            if law_name not in heads:
                raise Undecided(f"no value for {name}")
            law = heads[law_name]
            low, high = (number(end, at) if end.is_finite else None for end in ends(law))
            inside = (low is None or args[0] > low) and (high is None or args[0] < high)
            past = high is not None and args[0] >= high
            if kind == "Cdf":
                return number(cdf(law, z), {**at, z: args[0]}) if inside else mpmath.mpf(past)
            if kind == "Overage":
                if past:
                    return args[0] - number(moment(law, 1), at)
                return number(overage(law, z), {**at, z: args[0]}) if inside else mpmath.mpf(0)
            return number(cdf(law, z).diff(z), {**at, z: args[0]}) if inside else mpmath.mpf(0)

        return value


def laws_in_play(model: Model, instance: str) -> list[Play]:
    """The statement with every named set of laws to attack it under."""
    general = {s.symbol: s.distribution for s in model.shocks if isinstance(s.distribution, GeneralDistribution)}
    chosen = [i for i in model.instances if i.key == instance or not instance]
    options = [(dict(i.laws), i.parameters, i.assumptions) for i in chosen]
    if general and not options:
        made: dict[Symbol, Distribution] = {
            s: Exponential(law.mean) if law.high == sympy.oo else Uniform(law.low, law.high) for s, law in general.items()
        }
        options = [(made, (), ())]
    plays = []
    for laws, parameters, assumptions in options or [({}, (), ())]:
        used = {s.symbol: laws.get(s.symbol, s.distribution) for s in model.shocks}
        ties: list[Boolean] = []
        for symbol, law in general.items():
            named = used[symbol]
            pairs = [(law.mean, moment(named, 1)), *zip((law.low, law.high), ends(named), strict=True)]
            ties += [sympy.Eq(a, b) for a, b in pairs if sympy.sympify(a).is_finite is not False]
        for law in used.values():
            if hasattr(law, "low"):
                ties.append(sympy.Lt(law.low, law.high))
            ties += [sympy.Gt(getattr(law, name), 0) for name in ("variance", "exponent") if hasattr(law, name)]
        relations = flat((*model.assumptions, *assumptions, *ties))
        symbols = tuple(p.symbol for p in (*model.parameters, *parameters))
        plays.append(Play(model, tuple(used.items()), relations, symbols))
    return plays


# --- the value of a solution at a point ------------------------------------------------------------------------------------


def equilibrium(regime: Regime, point: Point, play: Play) -> dict[Symbol, Any]:
    """The values of a regime at a point, to 30 digits; implicit quantities by bisection. Raises ArithmeticError, Undecided."""
    with mpmath.workdps(30):
        at: dict[Symbol, Any] = dict(mp(point))
        apply = play.apply(at)
        for implicit in regime.implicit:
            at[implicit.symbol] = _bisect(implicit.symbol, implicit.equation, implicit.low, implicit.high, at, apply)
        for symbol, expr in regime.values:
            at[symbol] = number(expr, at, apply)
    return at


def _bisect(symbol: Symbol, equation: Expr, low: Expr, high: Expr, at: dict[Symbol, Any], apply: Any) -> Any:
    def side(x: Any) -> Any:
        return number(equation, {**at, symbol: x}, apply)

    a = number(low, at, apply) if low.is_finite is not False else None
    b = number(high, at, apply) if high.is_finite is not False else None
    unit = mpmath.mpf(1)
    if a is not None and b is not None:
        unit = b - a
    tiny = unit * mpmath.mpf(10) ** -18
    left = a + tiny if a is not None else (b if b is not None else mpmath.mpf(0)) - unit
    right = b - tiny if b is not None else (a if a is not None else mpmath.mpf(0)) + unit
    for _ in range(80):
        if side(left) * side(right) <= 0:
            break
        left, right = (left - unit if a is None else left), (right + unit if b is None else right)
        unit *= 2
    else:
        raise ArithmeticError(f"no root of {equation}")
    rising = side(right) > side(left)
    for _ in range(120):
        middle = (left + right) / 2
        left, right = (left, middle) if (side(middle) > 0) == rising else (middle, right)
    return (left + right) / 2


def inside(regime: Regime, point: Point, play: Play) -> bool:
    """Whether a point lies in the region of a regime; relations on implicit quantities are judged at their values."""
    with mpmath.workdps(30):
        at: dict[Symbol, Any] = dict(mp(point))
        if any(not r.free_symbols <= set(at) for r in regime.region):
            try:
                at = equilibrium(regime, point, play)
            except (ArithmeticError, ValueError):
                return False
        return all(satisfied(relation, at, play.apply(at)) for relation in flat(regime.region))


def regimes_at(solution: Solution, point: Point, play: Play) -> list[Regime]:
    """The regimes whose region contains a point."""
    return [regime for regime in solution.regimes if inside(regime, point, play)]


# --- the attack ------------------------------------------------------------------------------------------------------------


def attack(statement: Model, solution: Solution, points: int = 50, seed: int = 20240229) -> Attack:
    """Attack a solution at `points` random admissible points and on both sides of the boundaries between its regimes."""
    rng = random.Random(seed)
    plays = laws_in_play(statement, solution.instance)
    integers = frozenset(p.symbol for p in statement.parameters if p.integer)
    findings: list[str] = []
    skipped: list[str] = []
    total = border_total = deviations = 0
    protocol = statement.protocol(solution.protocol)
    for play in plays:
        share = -(-points // len(plays))
        chosen = sample(play.assumptions, play.symbols, rng, share, integers)
        if len(chosen) < share:
            skipped.append(f"only {len(chosen)} of {share} admissible points were found")
        placed = [(point, *_placed(solution, point, play, findings)) for point in chosen]
        edges = borders([(p, r) for p, r, _ in placed if r is not None], play, integers)
        border = [(point, *_placed(solution, point, play, findings)) for point in edges]
        total, border_total = total + len(placed), border_total + len(border)
        tests = [(point, regime, values) for point, regime, values in placed + border if regime is not None]
        if tests:
            game = Game(play.model, protocol, dict(play.laws), play.symbols)
            if len(protocol.stages) > 3 and len(tests) > DEEP:
                skipped.append(f"stages with three or more later ones were attacked at {DEEP} of {len(tests)} points")
            deviations += _deviations(game, protocol, tests, play, findings)
    return Attack(total, border_total, deviations, tuple(findings), tuple(skipped))


def _text(point: Point) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())


def _placed(solution: Solution, point: Point, play: Play, findings: list[str]) -> tuple[Regime | None, dict[Symbol, Any]]:
    """The one regime at a point and its values; finds fault with no regime, several that differ, and undefined values."""
    regimes = regimes_at(solution, point, play)
    at = mp(point)
    if any(satisfied(relation, at) for relation in solution.uncovered):
        return None, {}
    if len(regimes) != 1:
        names = ", ".join(regime.name for regime in regimes) or "no regime"
        findings.append(f"{names} at {_text(point)}")
        return None, {}
    try:
        return regimes[0], equilibrium(regimes[0], point, play)
    except (ArithmeticError, ValueError) as reason:
        findings.append(f"{regimes[0].name} has no value ({reason}) at {_text(point)}")
        return None, {}


def borders(placed: list[tuple[Point, Regime]], play: Play, integers: frozenset[Symbol]) -> list[Point]:
    """Points just left and right of the boundaries: bisection between points of different regimes."""
    found: list[Point] = []
    pairs: dict[tuple[str, str], int] = {}
    for i, (start, first) in enumerate(placed):
        for stop, second in placed[i + 1 :]:
            key = (min(first.name, second.name), max(first.name, second.name))
            fixed = any(start[s] != stop[s] for s in integers if s in start)
            if first is second or pairs.get(key, 0) >= 2 or fixed:
                continue
            pairs[key] = pairs.get(key, 0) + 1
            low, high = Fraction(0), Fraction(1)
            for _ in range(20):
                middle = (low + high) / 2
                low, high = (middle, high) if inside(first, _between(start, stop, middle), play) else (low, middle)
            for share in (low, high):
                point = _between(start, stop, share)
                if all(satisfied(relation, mp(point)) for relation in play.assumptions if relation.rel_op != "=="):
                    found.append(point)
    return found


def _between(start: Point, stop: Point, share: Fraction) -> Point:
    return {symbol: start[symbol] + share * (stop[symbol] - start[symbol]) for symbol in start}


def _deviations(
    game: Game, protocol: Protocol, tests: list[tuple[Point, Regime, dict[Symbol, Any]]], play: Play, findings: list[str]
) -> int:
    """Try every decision's deviations at all points at once; returns how many were tried."""
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
            if player.payoff in values and abs(float(values[player.payoff]) - column[k]) > TOLERANCE * size[k]:
                stated = f"not {float(values[player.payoff]):.12g}"
                findings.append(f"{regime.name}: {player.payoff} is {column[k]:.12g}, {stated}, at {_text(point)}")
    count = 0
    for stage, decisions in enumerate(game.decisions):
        for decision in decisions:
            who = " and ".join(decision.by)
            own = payoffs[:, [game.players.index(name) for name in decision.by]].sum(axis=1)
            for symbol in decision.chooses:
                low, high = game.box(decision, symbol, rows)
                x, slack = rows[:, game.column[symbol]], 1e-9 * (1 + np.abs(rows[:, game.column[symbol]]))
                for k in np.flatnonzero((x < low - slack) | (x > high + slack))[:3]:
                    findings.append(f"{tests[k][1].name}: {symbol} is out of bounds at {_text(tests[k][0])}")
            for k in np.flatnonzero(~np.isfinite(game.total(decision, rows)))[:3]:
                findings.append(f"{tests[k][1].name}: {who} break a constraint at {_text(tests[k][0])}")
            few = len(rows) if len(game.decisions) - stage < 4 else DEEP
            best, _ = game.search(decision, stage, rows[:few])
            count += len(best)
            gain = best - own[:few]
            for k in np.flatnonzero(gain > TOLERANCE * size)[:3]:
                what = f"gain {gain[k] / size[k]:.2e} by deviating in stage {stage + 1}"
                findings.append(f"{tests[k][1].name}: {who} {what} at {_text(tests[k][0])}")
            outside = dict(protocol.outside)
            if stage == 0 and all(name in outside for name in decision.by):
                start = game.numeric((game.plain(sympy.Add(*[outside[name] for name in decision.by])),))(rows)[:, 0]
                for k in np.flatnonzero(start - own > TOLERANCE * size)[:3]:
                    findings.append(f"{tests[k][1].name}: {who} would rather not start at {_text(tests[k][0])}")
    return count
