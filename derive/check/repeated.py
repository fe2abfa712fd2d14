"""Verifiers for the steps of repeated games: each fact is computed again from the statement, never from the engine.

`VERIFIERS` maps a kind of step to its verifier, which raises `Rejected`. `verify_solutions` replays whole solutions and attacks
them (`derive.check.repeated_attack`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise, product
from typing import Any

import sympy
from sympy import Expr, Ge, Integer, Le, Not, Rational, sympify
from sympy.logic.boolalg import Boolean

from derive.check.argument import replay
from derive.check.certificates import Rejected
from derive.check.repeated_assessment import assessment
from derive.check.repeated_attack import attack_solution
from derive.check.repeated_game import (
    kind_of_automaton,
    next_state,
    plan_payoff,
    play_values,
    played,
    reachable,
    roles,
    stage_payoff,
)
from derive.check.repeated_supports import support_equilibrium
from derive.check.steps import Context, proved
from derive.repeated import steps as kinds
from derive.repeated.ir import Division, Play, RepeatedGame, Reputation
from derive.solution import Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "verify_solutions"]


def verify_solutions(game: RepeatedGame, solutions: Iterable[Solution], points: int = 50) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, regimes that a brute-force check contradicts."""
    faults: list[str] = []
    for solution in solutions:
        known, wrong = replay(game, solution)
        faults += wrong
        faults += attack_solution(game, solution, tuple(known.values()), points)
    return tuple(faults)


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


def _game(context: Context) -> RepeatedGame:
    _need(isinstance(context.statement, RepeatedGame), "the statement is not a repeated game")
    return context.statement  # type: ignore[return-value]


def _arrangement(context: Context, key: str, kind: type) -> Any:
    found = [item for item in _game(context).protocols if item.key == key]
    _need(len(found) == 1 and isinstance(found[0], kind), f"{key} is not an arrangement of that kind")
    return found[0]


def _player(context: Context, name: str) -> int:
    players = _game(context).stage.players
    _need(name in players, f"{name} is not a player")
    return players.index(name)


def _difference(step: Any, first: Expr, second: Expr, context: Context) -> None:
    context.equal(first - second, step.positive * step.core, "the difference as a positive factor times the core")
    proved(sympify(step.positive > 0), step.certificate, context.known, "the positive factor")


def _dominant(step: kinds.DominantAction, context: Context) -> None:
    game = _game(context)
    player = _player(context, step.player)
    _need(step.action != step.other, "an action compared with itself")
    rivals = {profile[:player] + profile[player + 1 :] for profile, _ in game.stage.payoffs}
    _need(
        {rival for rival, _ in step.gains} == rivals and len(step.gains) == len(rivals), "not every action of the rivals once"
    )
    certificates = list(step.certificates)
    for rival, gain in step.gains:
        better, worse = ((*rival[:player], choice, *rival[player:]) for choice in (step.action, step.other))
        context.equal(stage_payoff(game, better, player) - stage_payoff(game, worse, player), gain, "the gain")
        certificate = None if gain.is_number or not certificates else certificates.pop(0)
        proved(sympify(gain > 0), certificate, context.known, "the gain")


def _values(step: kinds.DiscountedValues, context: Context) -> None:
    game = _game(context)
    play = _arrangement(context, step.protocol, Play)
    player = _player(context, step.player)
    _need(set(step.states) == reachable(game, play) and len(set(step.states)) == len(step.states), "not every joint state once")
    for index, state in enumerate(step.states):
        profile = played(play, state)
        context.equal(step.flows[index], stage_payoff(game, profile, player), "the payoff now")
        _need(step.states[step.successors[index]] == next_state(play, state, profile), "another joint state follows")
        then = step.values[step.successors[index]]
        context.equal(step.values[index], step.flows[index] + game.discount * then, "value = payoff now + discount * next")


def _deviation(step: kinds.OneShotDeviation, context: Context) -> None:
    game = _game(context)
    play = _arrangement(context, step.protocol, Play)
    player = _player(context, step.player)
    values = play_values(game, play, player)
    _need(step.state in values, "not a joint state that a history leads to")
    actions = played(play, step.state)
    _need(step.action in game.stage.actions[player] and step.action != actions[player], "not a deviation")
    profile = (step.action, actions[1]) if player == 0 else (actions[0], step.action)
    deviate = stage_payoff(game, profile, player) + game.discount * values[next_state(play, step.state, profile)]
    context.equal(step.follow, values[step.state], "the value of following")
    context.equal(step.deviate, deviate, "the value of deviating once")
    _difference(step, step.follow, step.deviate, context)


def _reply(step: kinds.ReplyComparison, context: Context) -> None:
    game = _game(context)
    play = _arrangement(context, step.protocol, Play)
    player = _player(context, step.player)
    rival = play.strategies[1 - player]
    _need(len(step.cycle) > 0 and game.discount is not None, "a reply repeats at least one action for ever")
    discount = sympify(game.discount)
    state, flows, entered = rival.initial, [], ""
    for t, own in enumerate((*step.prefix, *step.cycle)):
        entered = state if t == len(step.prefix) else entered
        profile = (own, rival.plays(state)) if player == 0 else (rival.plays(state), own)
        flows.append(stage_payoff(game, profile, player))
        state = rival.after(state, (rival.plays(state), own))
    _need(state == entered, "the cycle does not return to the state it started from")
    n, period = len(step.prefix), len(step.cycle)
    once: Expr = Integer(0)
    for t in reversed(range(n)):
        once = flows[t] + discount * once
    cycle: Expr = Integer(0)
    for t in reversed(range(n, n + period)):
        cycle = flows[t] + discount * cycle
    context.equal((step.reply - once) * (1 - discount**period), discount**n * cycle, "the payoff of the reply")
    start = tuple(automaton.initial for automaton in play.strategies)
    context.equal(step.follow, play_values(game, play, player)[start], "the value of following")
    _difference(step, step.follow, step.reply, context)


def _threshold(step: kinds.LinearThreshold, context: Context) -> None:
    rest = step.core - step.slope * step.variable
    _need(step.variable not in step.slope.free_symbols, "the slope depends on the variable")
    context.equal(sympy.diff(rest, step.variable), Integer(0), "the core is linear")
    context.equal(step.slope * step.bound + rest.xreplace({step.variable: Integer(0)}), Integer(0), "the bound is the root")
    _need(step.condition == Ge(step.core, 0), "another condition")
    if step.relation == Ge(step.variable, step.bound):
        proved(sympify(step.slope > 0), step.certificate, context.known, "the slope")
    elif step.relation == Le(step.variable, step.bound):
        proved(sympify(step.slope < 0), step.certificate, context.known, "the slope")
    else:
        raise Rejected("another relation than the bound gives")


def _sign_change(step: kinds.SignChangeRoot, context: Context) -> None:
    total: Expr = Integer(0)
    for power, coefficient in enumerate(step.coefficients):
        _need(step.variable not in coefficient.free_symbols, "a coefficient depends on the variable")
        total += coefficient * step.variable**power
    context.equal(total, step.core, "the coefficients are those of the core")
    context.equal(step.core.subs(step.variable, 1), step.at_one, "the value at one")
    proofs = list(step.certificates)
    signs = []
    for coefficient in step.coefficients:
        if coefficient == 0:
            continue
        _need(bool(proofs), "a coefficient without proof of its sign")
        certificate = proofs.pop(0)
        positive = coefficient > 0 if certificate is None else _claims_positive(coefficient, certificate.claim)
        proved(sympify(coefficient > 0 if positive else coefficient < 0), certificate, context.known, "a coefficient")
        signs.append(1 if positive else -1)
    changes = sum(one != two for one, two in pairwise(signs))
    _need(changes == 1 and signs[-1] == step.sign, "the coefficients do not change sign exactly once, to the stated sign")


def _claims_positive(coefficient: Expr, claim: Boolean) -> bool:
    """Whether the claim, a strict relation, is about a positive or a negative multiple of the coefficient being positive."""
    _need(isinstance(claim, sympy.StrictGreaterThan | sympy.StrictLessThan), "not a strict sign")
    multiple = sympy.cancel((claim.gts - claim.lts) / coefficient)
    _need(bool(multiple.is_number), "a certificate about something else")
    return bool(multiple > 0)


def _chain(step: kinds.CaseChain, _: Context) -> None:
    wanted: list[tuple[Boolean, ...]] = [step.conditions]
    wanted += [(*step.conditions[:index], Not(failed)) for index, failed in enumerate(step.conditions)]
    _need(list(step.regions) == wanted, "the regions are not the chain of first failures")


def _bayes(step: kinds.BayesUpdate, context: Context) -> None:
    likely = step.prior + (1 - step.prior) * step.mimics
    context.equal(step.posterior * likely, step.prior, "Bayes' rule")
    for value in (step.prior, step.mimics):
        _need(bool(value.is_Rational and 0 <= value <= 1) or not value.is_number, "a probability outside [0, 1]")
    _need(step.prior != 0, "no belief to revise")


def _plan(step: kinds.PlanComparison, context: Context) -> None:
    game = _game(context)
    protocol = _arrangement(context, step.protocol, Reputation)
    player = _player(context, step.player)
    stages = protocol.stages
    _need(stages in (2, 3) and len(protocol.committed) == 1, "plans are compared in games of two or three stages with one type")
    informed, _, cooperate, refuse = roles(game, protocol)
    mimics = int(stages) - 2
    candidate = (
        (cooperate[0],) * mimics + (refuse[0],) * 2
        if player == informed
        else (cooperate[1],) * (int(stages) - 1) + (refuse[1],)
    )
    _need(step.plan == candidate, "not the candidate's plan")
    _need(len(step.alternative) == stages and set(step.alternative) <= set(game.stage.actions[player]), "not a plan")
    context.equal(step.planned, plan_payoff(game, protocol, step.player, step.plan), "the payoff of the plan")
    context.equal(step.other, plan_payoff(game, protocol, step.player, step.alternative), "the payoff of the alternative")
    _difference(step, step.planned, step.other, context)


def _assessed(step: kinds.Assessment, context: Context) -> None:
    assessment(_game(context), _arrangement(context, step.protocol, Reputation), step)


def _committed(context: Context, protocol: Reputation) -> tuple[str, Expr]:
    """The one kind of all committed automata, and their one prior."""
    game = _game(context)
    found = set()
    for number, item in enumerate(protocol.committed):
        _, _, cooperate, refuse = roles(game, protocol, number)
        own, other = (cooperate[0], refuse[0]), (cooperate[1], refuse[1])
        found.add((kind_of_automaton(item.automaton, own, other), sympify(item.prior).xreplace(dict(protocol.at))))
    _need(len(found) == 1, "the committed types differ")
    return found.pop()


def _stakes(context: Context, protocol: Reputation, player: int) -> tuple[Expr, Expr, Expr, Expr]:
    """(mutual cooperation, exploited, temptation, mutual refusal) of a player."""
    game = _game(context)
    values = dict(protocol.at)
    good = protocol.cooperate
    bad = tuple(next(a for a in own if a != c) for own, c in zip(game.stage.actions, good, strict=True))
    kept = (good[0], bad[1]) if player == 0 else (bad[0], good[1])
    left = (bad[0], good[1]) if player == 0 else (good[0], bad[1])
    both, exploited, temptation, none = (stage_payoff(game, p, player).xreplace(values) for p in (good, kept, left, bad))
    return both, exploited, temptation, none


def _floor(step: kinds.PayoffFloor, context: Context) -> None:
    protocol = _arrangement(context, step.protocol, Reputation)
    both, exploited, temptation, none = _stakes(context, protocol, _player(context, step.player))
    n, q = step.stages, step.belief
    _need(n not in set().union(*(x.free_symbols for x in (both, exploited, temptation, none, q))), "the counter is a parameter")
    worst = exploited + (n - 1) * none
    context.equal(step.floor, q * n * both + (1 - q) * worst, "the floor")
    for positive in (both - none, temptation - both):
        proved(sympify(positive > 0), None, context.known, "a premise of the floor")
    for later in (ways for stages in range(1, 6) for ways in product((True, False), repeat=stages)):
        _need(min(_above_worst(later)) >= 0, "a lower payoff")
    proved(sympify(none - exploited > 0), None, context.known, "a premise of the floor")
    _need(step.strategy == "cooperate until refused", "another strategy")


def _above_worst(later: tuple[bool, ...]) -> tuple[int, int, int, int]:
    """What cooperating until refused earns above one exploitation with refusal else, where the rival cooperates in these stages.

    In units of what refusal earns, of what cooperation adds to it, of what temptation adds to that, and of what exploitation takes
    from refusal: all of them positive.
    """
    stages = len(later)
    first = later.index(False) if False in later else stages
    tempted = sum(later[first + 1 :])
    exploited = int(first < stages)
    return first + len(later[first + 1 :]) + exploited - stages, first + tempted, tempted, 1 - exploited


def _bound(step: kinds.NoncooperationBound, context: Context) -> None:
    protocol = _arrangement(context, step.protocol, Reputation)
    kind, prior = _committed(context, protocol)
    _need(kind == step.automaton and kind != "" and len(protocol.committed) == step.sides, "another kind of committed type")
    _need(step.expected == (kind == "reciprocal" and step.sides == 2), "the bound holds on paths, or in expectation only")
    both, exploited, temptation, none = _stakes(context, protocol, 0)
    for one, two in zip((both, exploited, temptation, none), _stakes(context, protocol, 1), strict=True):
        context.equal(one, two, "both players' payoffs")
    for positive in (temptation - both, both - none, none - exploited, 2 * both - temptation - exploited, prior, 1 - prior):
        proved(sympify(positive > 0), None, context.known, "a premise of the bound")
    a, b = (temptation - none) / (both - none), (exploited - none) / (both - none)
    rho = (2 - a - b) / (2 - b)
    last = (a - b + prior * b) / prior if kind == "trigger" else 2 + b + (2 * a - 3 * b) / prior
    if kind == "trigger":
        total = last + (2 - step.sides)
    elif step.sides == 1:
        total = last + ((1 - prior) * (last - b) - 1 + 2 * a) / rho
    else:
        informed_loss = (1 - prior) * (last - b) + (1 - b)
        total = (informed_loss + (1 - b) + prior * (a - 1)) / (1 - prior) / rho
    known = {"a": a, "b": b, "M": last, "rho": rho}
    for symbol, value in step.parts:
        _need(symbol.name in known, f"{symbol} is not part of the bound")
        context.equal(value, known[symbol.name], f"the part {symbol}")
    context.equal(step.bound, total, "the bound")


def _shares(step: kinds.RevisedShares, context: Context) -> None:
    division = _arrangement(context, step.protocol, Division)
    players = len(_game(context).stage.players)
    context.equal(step.equal, Rational(1, players), "an equal share")
    _need(len(step.weights) == len(division.factors) == len(step.ratios), "not every factor once")
    _need(tuple(symbol for symbol, _ in step.shares) == division.shares, "not every share once")
    for factor, weight, ratio in zip(division.factors, step.weights, step.ratios, strict=True):
        context.equal(sympify(factor.weight), weight, f"the weight of {factor.name}")
        total = sum((sympify(value) for value in factor.contributions), Integer(0))
        for value, part in zip(factor.contributions, ratio, strict=True):
            context.equal(part * total, sympify(value), f"a part of {factor.name}")
    for player, (_, share) in enumerate(step.shares):
        weighted = sum((w * (r[player] - step.equal) for w, r in zip(step.weights, step.ratios, strict=True)), step.equal)
        context.equal(share, sympify(division.benefit) * weighted, "a share")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    kinds.SupportEquilibrium: support_equilibrium,
    kinds.Assessment: _assessed,
    kinds.BayesUpdate: _bayes,
    kinds.CaseChain: _chain,
    kinds.DiscountedValues: _values,
    kinds.DominantAction: _dominant,
    kinds.LinearThreshold: _threshold,
    kinds.NoncooperationBound: _bound,
    kinds.OneShotDeviation: _deviation,
    kinds.PayoffFloor: _floor,
    kinds.PlanComparison: _plan,
    kinds.ReplyComparison: _reply,
    kinds.RevisedShares: _shares,
    kinds.SignChangeRoot: _sign_change,
}
"""The verifier of each kind of step."""
