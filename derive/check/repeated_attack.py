"""Solutions of repeated games against brute force at exact rational points.

A profile of automata is tested by policy iteration against the rivals' automata, which uses neither the one-shot deviation principle
nor the list of stationary replies; short games by all plans; reported values by what the verified steps say.
"""

from __future__ import annotations

import random
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from typing import Any

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.check.certificates import Rejected
from derive.check.repeated_game import Joint, next_state, plan_payoff, played, reachable, stage_payoff, symbols_of
from derive.check.repeated_point import rational, true_at
from derive.check.repeated_supports import unlisted
from derive.check.sample import Point, sample
from derive.repeated import steps as kinds
from derive.repeated.ir import Division, OneShot, Play, RepeatedGame, Reputation
from derive.solution import Implicit, Regime, Solution
from derive.steps import Step

__all__ = ["attack_solution", "is_equilibrium"]

MOST = 3
HALVINGS = 70  # of the interval in which an implicit quantity is looked for


def attack_solution(game: RepeatedGame, solution: Solution, steps: tuple[Step, ...], points: int) -> list[str]:
    """What brute force contradicts, at most `MOST` findings."""
    protocol = game.protocol(solution.protocol)
    try:
        faults = _unstated(solution) + _reported(protocol, solution, steps)
    except (Rejected, KeyError) as reason:
        return [f"{solution.protocol}: {reason}"]
    for point in _points(game, solution, points) if points else ():
        try:
            faults += _at(game, protocol, solution, point)
        except (Rejected, ZeroDivisionError) as reason:
            faults.append(f"{solution.protocol}: {reason}")
        if len(faults) >= MOST:
            break
    return faults[:MOST]


def _points(game: RepeatedGame, solution: Solution, count: int) -> list[Point]:
    """Admissible points at large and, so that thin regions are met, in the region of every regime."""
    stated = {symbol for _, row in game.stage.payoffs for payoff in row for symbol in sympify(payoff).free_symbols}
    spoken = stated | {symbol for relation in solution.assumptions for symbol in relation.free_symbols}
    spoken |= {symbol for regime in solution.regimes for _, value in regime.values for symbol in value.free_symbols}
    symbols = tuple(symbol for symbol in symbols_of(game) if symbol in spoken)
    whole = frozenset(parameter.symbol for parameter in game.parameters if parameter.integer)
    found: list[Point] = []
    hidden = {one.symbol for regime in solution.regimes for one in regime.implicit}
    regions = [(), *(regime.region for regime in solution.regimes if regime.region)]
    for number, region in enumerate(regions):
        relations = (*solution.assumptions, *(part for part in region if not part.free_symbols & hidden))
        found += _sampled(relations, symbols, number, max(count // len(regions), 4), whole)
    return list({tuple(point.values()): point for point in found}.values())


@lru_cache(maxsize=16)
def _sampled(
    relations: tuple[Boolean, ...], symbols: tuple[Symbol, ...], number: int, count: int, whole: frozenset[Symbol]
) -> tuple[Point, ...]:
    """The points of a region, the same ones for all arrangements that have it."""
    return tuple(sample(relations, symbols, random.Random(number), count, whole))


def _root(implicit: Implicit, point: Point) -> Fraction:
    """The implicit quantity by bisection, to about 20 digits."""
    coefficients = [rational(one, point) for one in _coefficients(implicit.equation, implicit.symbol)]
    low, high = Fraction(0), Fraction(1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = reduce(lambda found, coefficient: found * middle + coefficient, coefficients)
        low, high = (middle, high) if value * implicit.sign < 0 else (low, middle)
    return low


@lru_cache(maxsize=64)
def _coefficients(equation: Expr, symbol: Symbol) -> tuple[Expr, ...]:
    """The coefficients of a polynomial equation, the leading one first."""
    return tuple(sympy.Poly(equation, symbol).all_coeffs())


def _holding(solution: Solution, point: Point) -> list[tuple[Regime, Point]]:
    found = []
    for regime in solution.regimes:
        here = dict(point)
        for implicit in regime.implicit:
            here[implicit.symbol] = _root(implicit, point)
        if all(true_at(relation, here) for relation in regime.region):
            found.append((regime, here))
    return found


def _at(game: RepeatedGame, protocol: object, solution: Solution, point: Point) -> list[str]:
    where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    if isinstance(protocol, OneShot) and protocol.probabilities:
        return unlisted(game, protocol, solution, point)
    holding = _holding(solution, point)
    if len(holding) != 1:
        return [f"{solution.protocol}: {len(holding)} regimes at {where}"]
    regime, here = holding[0]
    stated = not regime.name.startswith("not")
    if isinstance(protocol, Play):
        found = is_equilibrium(game, protocol, point)
        values = dict(regime.values)
        if protocol.holds is not None and values.get(protocol.holds) != int(found):
            return [f"{solution.protocol}: it says {'no ' * (not stated)}equilibrium, brute force the contrary, at {where}"]
        if found != stated:
            return [f"{solution.protocol}: the regime {regime.name} is contradicted by brute force at {where}"]
        if found and not _is_threshold(game, protocol, values, here):
            return [f"{solution.protocol}: {protocol.threshold} is not where the equilibrium begins at {where}"]
        return [] if not found else _path_payoffs(game, protocol, values, here, solution.protocol)
    if (
        isinstance(protocol, Reputation)
        and protocol.stages in (2, 3)
        and any(r.name.startswith("not") for r in solution.regimes)
    ):
        if _plans_are_best(game, protocol, point) != stated:
            return [f"{solution.protocol}: the regime {regime.name} is contradicted by the enumeration of plans at {where}"]
    elif isinstance(protocol, OneShot):
        return _one_shot(game, protocol, regime, point)
    elif isinstance(protocol, Division):
        total = sum((rational(value, point) for _, value in regime.values), Fraction(0))
        if total != rational(protocol.benefit, point):
            return [f"{solution.protocol}: the shares do not sum to the benefit at {where}"]
    return []


# --- profiles of automata ---------------------------------------------------------------------------------------------------


def _followed(game: RepeatedGame, play: Play, player: int, point: Point, states: list[Joint]) -> dict[Joint, Fraction]:
    """Values of following, by Gaussian elimination in rational numbers."""
    discount = rational(game.discount or Integer(0), point)
    rows = []
    for index, state in enumerate(states):
        row = [Fraction(0)] * (len(states) + 1)
        row[index] += 1
        row[states.index(next_state(play, state, played(play, state)))] -= discount
        row[-1] = rational(stage_payoff(game, played(play, state), player), point)
        rows.append(row)
    for pivot in range(len(rows)):
        best = next(k for k in range(pivot, len(rows)) if rows[k][pivot])
        rows[pivot], rows[best] = rows[best], rows[pivot]
        rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for k in range(len(rows)):
            if k != pivot and rows[k][pivot]:
                factor = rows[k][pivot]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[pivot], strict=True)]
    return {state: rows[index][-1] for index, state in enumerate(states)}


def _best(game: RepeatedGame, play: Play, player: int, point: Point) -> dict[str, Fraction]:
    """The most that the player can earn from each state of the rival's automaton, by policy iteration."""
    common = game.stage.number is not None
    rival = play.strategies[0] if common else play.strategies[1 - player]
    discount = rational(game.discount or Integer(0), point)

    def reward(state: str, own: str) -> Fraction:
        profile = (own, rival.plays(state)) if player == 0 else (rival.plays(state), own)
        return rational(stage_payoff(game, profile, player), point)

    def target(state: str, own: str) -> str:
        seen = (own, rival.plays(state)) if common else (rival.plays(state), own)
        return rival.after(state, seen)

    actions = game.stage.actions[player]
    rewards = {(state, own): reward(state, own) for state in rival.states for own in actions}
    policy = dict.fromkeys(rival.states, actions[0])
    while True:
        value: dict[str, Fraction] = {}
        for origin in rival.states:
            path: list[str] = [origin]
            while (following := target(path[-1], policy[path[-1]])) not in path:
                path.append(following)
            start = path.index(following)
            cycle = sum((rewards[s, policy[s]] * discount**k for k, s in enumerate(path[start:])), Fraction(0))
            worth = cycle / (1 - discount ** (len(path) - start))
            for state in reversed(path[:start]):
                worth = rewards[state, policy[state]] + discount * worth
            value[origin] = worth
        better = dict(policy)
        for state in rival.states:
            for own in actions:
                if rewards[state, own] + discount * value[target(state, own)] > value[state]:
                    better[state] = own
                    break
        if better == policy:
            return value
        policy = better


def is_equilibrium(game: RepeatedGame, play: Play, point: Point) -> bool:
    """Whether the profile is an equilibrium of its concept at an exact point."""
    states = sorted(reachable(game, play))
    start = tuple(automaton.initial for automaton in play.strategies)
    for player in range(len(game.stage.players)):
        follow = _followed(game, play, player, point, states)
        best = _best(game, play, player, point)
        for state in states if play.concept == "subgame_perfect" else [start]:
            rival = state[0] if game.stage.number is not None else state[1 - player]
            if best[rival] > follow[state]:
                return False
    return True


def _is_threshold(game: RepeatedGame, play: Play, values: dict[Symbol, Expr], point: Point) -> bool:
    """Whether at the reported threshold there is an equilibrium and just below it none (an inner threshold, if any is reported)."""
    if play.threshold is None or play.threshold not in {**values, **point} or game.discount is None:
        return True
    plain = _declared(game, point)
    told = values.get(play.threshold, play.threshold)
    if told in point and told not in plain:
        root, little = point[told], Fraction(1, 10**12)  # implicit: known to about 20 digits
        sides = [is_equilibrium(game, play, {**plain, game.discount: root * scale}) for scale in (1 - little, 1 + little)]
        return sides == [False, True]
    value = rational(told, point)
    if value <= 0:
        return is_equilibrium(game, play, {**point, game.discount: Fraction(1, 10**9)})
    below = value - value / 10**12
    return is_equilibrium(game, play, {**plain, game.discount: value}) and not is_equilibrium(
        game, play, {**plain, game.discount: below}
    )


def _declared(game: RepeatedGame, point: Point) -> Point:
    """The point without the quantities that are known by an equation alone."""
    return {symbol: point[symbol] for symbol in symbols_of(game) if symbol in point}


def _unstated(solution: Solution) -> list[str]:
    """Regimes and cases of the theorem, which must be the same: everybody reads one of them."""
    cases = [(case.region, case.values) for one in solution.argument if one.kind == "proposition" for case in one.cases]
    regimes = [(regime.region, regime.values) for regime in solution.regimes]
    return [] if not cases or cases == regimes else [f"{solution.protocol}: the regimes are not the cases of the theorem"]


def _path_payoffs(game: RepeatedGame, play: Play, values: dict[Symbol, Expr], point: Point, name: str) -> list[str]:
    plain = _declared(game, point)
    states = sorted(reachable(game, play))
    start = tuple(automaton.initial for automaton in play.strategies)
    for player, symbol in enumerate(play.payoffs):
        if rational(values[symbol], plain) != _followed(game, play, player, plain, states)[start]:
            return [f"{name}: {symbol} is not the payoff on the path"]
    return []


# --- short games and reported values -----------------------------------------------------------------------------------------


def _plans_are_best(game: RepeatedGame, protocol: Reputation, point: Point) -> bool:
    stages = int(protocol.stages)
    informed = game.stage.players.index(protocol.committed[0].player)
    for player, name in enumerate(game.stage.players):
        good = protocol.cooperate[player]
        bad = next(action for action in game.stage.actions[player] if action != good)
        plan = (good,) * (stages - 2) + (bad, bad) if player == informed else (good,) * (stages - 1) + (bad,)
        most = rational(plan_payoff(game, protocol, name, plan), point)
        if any(
            rational(plan_payoff(game, protocol, name, other), point) > most for other in product((good, bad), repeat=stages)
        ):
            return False
    return True


def _one_shot(game: RepeatedGame, protocol: OneShot, regime: Regime, point: Point) -> list[str]:
    """Every pure equilibrium by enumeration: exactly one, with the stated payoffs."""
    stage = game.stage
    if stage.number is not None:
        return []
    pure = []
    for profile, row in stage.payoffs:
        stays = True
        for player, own in enumerate(stage.actions):
            for action in own:
                other = (*profile[:player], action, *profile[player + 1 :])
                stays = stays and rational(stage_payoff(game, other, player), point) <= rational(row[player], point)
        if stays:
            pure.append(row)
    if len(pure) != 1:
        return [f"{protocol.key}: {len(pure)} pure equilibria instead of one"]
    values = dict(regime.values)
    wrong = [s for s, pay in zip(protocol.payoffs, pure[0], strict=False) if rational(values[s], point) != rational(pay, point)]
    return [f"{protocol.key}: {symbol} is not the equilibrium payoff" for symbol in wrong]


def _reported(protocol: Any, solution: Solution, steps: tuple[Step, ...]) -> list[str]:
    """Values of a reputation game or a division are those of its verified step."""
    wanted: dict[Symbol, Expr] = {}
    for step in steps:
        if isinstance(step, kinds.RevisedShares):
            wanted.update(step.shares)
        count = (
            sympify(protocol.stages) - step.cooperative
            if isinstance(step, kinds.Assessment)
            else step.bound
            if isinstance(step, kinds.NoncooperationBound)
            else None
        )
        if count is not None:
            wanted.update({protocol.noncooperative: count} if protocol.noncooperative is not None else {})
            left = sympify(protocol.stages) - count
            wanted.update({protocol.cooperative: left} if protocol.cooperative is not None else {})
    found = dict(solution.regimes[0].values)
    if not all(isinstance(step, Step) for step in steps):
        return []
    return [
        f"{solution.protocol}: {symbol} is not the value that was shown"
        for symbol, value in wanted.items()
        if sympy.cancel(sympy.together(found[symbol] - value)) != 0
    ]
