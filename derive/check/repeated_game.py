"""A repeated game read for the checker: automata run on the stated stage game, values by the linear system, finite plans.

Independent of the engine: discounted values come from ``(I - delta A) V = u`` over a field of rational functions, payoffs of finite
plans from a simulation of both types, kinds of automata from a comparison on every short history.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.polys.matrices import DomainMatrix

from derive.check.certificates import Rejected
from derive.repeated.ir import Automaton, Play, RepeatedGame, Reputation

__all__ = [
    "Joint",
    "kind_of_automaton",
    "next_state",
    "plan_payoff",
    "play_values",
    "played",
    "reachable",
    "roles",
    "stage_payoff",
    "symbols_of",
]

Joint = tuple[str, ...]


def played(play: Play, state: Joint) -> tuple[str, str]:
    """What is played in a joint state: both actions, or the one firm's and the others'."""
    actions = [automaton.plays(own) for automaton, own in zip(play.strategies, state, strict=True)]
    return (actions[0], actions[-1])


def next_state(play: Play, state: Joint, profile: tuple[str, str]) -> Joint:
    """Where a profile leads; in a game of identical firms the state is common."""
    seen = (profile, profile[::-1])
    return tuple(play.strategies[i].after(state[i], seen[i]) for i in range(len(state)))


def stage_payoff(game: RepeatedGame, profile: tuple[str, ...], player: int) -> Expr:
    """The stated payoff. Raises Rejected for a profile that is not stated."""
    for stated, row in game.stage.payoffs:
        if stated == profile:
            return sympify(row[player])
    raise Rejected(f"no payoff is stated for {profile}")


def reachable(game: RepeatedGame, play: Play) -> set[Joint]:
    """The joint states that some history leads to."""
    states = {tuple(automaton.initial for automaton in play.strategies)}
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if game.stage.number is None:
            profiles = list(product(*game.stage.actions))
        else:
            profiles = [(own, played(play, state)[1]) for own in game.stage.actions[0]]
        for profile in profiles:
            target = next_state(play, state, (profile[0], profile[1]))
            if target not in states:
                states.add(target)
                waiting.append(target)
    return states


@lru_cache(maxsize=256)
def play_values(game: RepeatedGame, play: Play, player: int) -> dict[Joint, Expr]:
    """The player's discounted payoff from every reachable joint state: the solution of the linear system."""
    discount = game.discount
    if discount is None:
        raise Rejected("no discount factor is stated")
    states = sorted(reachable(game, play))
    symbols = sorted(
        {symbol for _, row in game.stage.payoffs for payoff in row for symbol in sympify(payoff).free_symbols} | {discount},
        key=str,
    )
    field = sympy.QQ.frac_field(*symbols)
    size = len(states)
    rows = [[field.zero] * size for _ in range(size)]
    right = []
    for index, state in enumerate(states):
        profile = played(play, state)
        rows[index][index] += field.one
        rows[index][states.index(next_state(play, state, profile))] -= field.from_sympy(discount)
        right.append([field.from_sympy(stage_payoff(game, profile, player))])
    solved = DomainMatrix(rows, (size, size), field).lu_solve(DomainMatrix(right, (size, 1), field))
    return {state: field.to_sympy(solved.to_list()[index][0]) for index, state in enumerate(states)}


def roles(game: RepeatedGame, protocol: Reputation, number: int = 0) -> tuple[int, int, tuple[str, str], tuple[str, str]]:
    """(informed, uninformed, their cooperative actions, their other actions) for one commitment."""
    informed = game.stage.players.index(protocol.committed[number].player)
    order = (informed, 1 - informed)
    for player in order:
        if len(game.stage.actions[player]) != 2:
            raise Rejected("not two actions per player")
    cooperate = tuple(protocol.cooperate[player] for player in order)
    refuse = tuple(next(a for a in game.stage.actions[player] if a != protocol.cooperate[player]) for player in order)
    return informed, 1 - informed, (cooperate[0], cooperate[1]), (refuse[0], refuse[1])


def kind_of_automaton(automaton: Automaton, own: tuple[str, str], other: tuple[str, str]) -> str:
    """``reciprocal`` or ``trigger`` (else empty), from what it plays after every history of the rival's actions.

    `own` and `other` are the (cooperative, refusing) actions. Histories longer than twice the number of states show nothing new:
    the pair of the automaton and a two-state model has at most that many joint states.
    """
    possible = {"reciprocal", "trigger"}
    for length in range(2 * len(automaton.states) + 1):
        if 2**length > 4096:
            break
        for history in product(other, repeat=length):
            state = automaton.initial
            for seen in history:
                state = automaton.after(state, (automaton.plays(state), seen))
            action = automaton.plays(state)
            copied = own[1] if history and history[-1] == other[1] else own[0]
            grim = own[1] if other[1] in history else own[0]
            possible -= {"reciprocal"} if action != copied else set()
            possible -= {"trigger"} if action != grim else set()
    return possible.pop() if len(possible) == 1 else ""


@lru_cache(maxsize=256)
def plan_payoff(game: RepeatedGame, protocol: Reputation, player: str, plan: tuple[str, ...]) -> Expr:
    """The payoff of a plan of `player` in the candidate equilibrium of a short game with one committed type.

    The candidate: the uncommitted informed player behaves as its type while more than two stages are left, refuses afterwards and
    wherever its type would; the uninformed player cooperates in all stages but the last; once the informed player has departed from
    its type, both refuse.
    """
    informed, uninformed, cooperate, refuse = roles(game, protocol)
    values = dict(protocol.at)
    automaton = protocol.committed[0].automaton
    prior = sympify(protocol.committed[0].prior).xreplace(values)
    stages = len(plan)
    mine_is_informed = game.stage.players[informed] == player

    def run(committed: bool) -> Expr:
        state, revealed, total = automaton.initial, False, Integer(0)
        for t in range(stages):
            typical = automaton.plays(state)
            if committed:
                first = typical
            elif mine_is_informed:
                first = plan[t]
            elif revealed or typical != cooperate[0]:
                first = refuse[0]
            else:
                first = cooperate[0] if stages - t > 2 else refuse[0]
            second = cooperate[1] if t < stages - 1 else refuse[1]
            if not mine_is_informed:
                second = plan[t]
            if revealed:
                second = refuse[1]
            profile = (first, second) if informed == 0 else (second, first)
            total += stage_payoff(game, profile, informed if mine_is_informed else uninformed).xreplace(values)
            revealed = revealed or first != typical
            state = automaton.after(state, (typical, second))
        return total

    if mine_is_informed:
        return run(False)
    return prior * run(True) + (1 - prior) * run(False)


def symbols_of(game: RepeatedGame) -> tuple[Symbol, ...]:
    """The declared parameters, sorted by name."""
    return tuple(sorted((parameter.symbol for parameter in game.parameters), key=str))
