"""Joint states of automata, the paths they lead along, and discounted payoffs of eventually periodic paths, exactly."""

from __future__ import annotations

from itertools import product

from sympy import Expr, Integer, Symbol, sympify

from derive.repeated.ir import Automaton, Play, Profile, StageGame

__all__ = ["actions_of", "discounted", "joint_states", "move", "payoff_at", "replies", "start", "views"]

Joint = tuple[str, ...]


def start(play: Play) -> Joint:
    """The joint state in which the automata begin."""
    return tuple(automaton.initial for automaton in play.strategies)


def actions_of(play: Play, state: Joint) -> Profile:
    """What the automata play in a joint state; identical firms: the one firm's action and the others'."""
    played = tuple(automaton.plays(own) for automaton, own in zip(play.strategies, state, strict=True))
    return played if len(played) == 2 else (played[0], played[0])


def views(profile: Profile) -> tuple[Profile, Profile]:
    """A profile as each of two players sees it: own action first."""
    return profile, (profile[1], profile[0])


def move(play: Play, state: Joint, profile: Profile) -> Joint:
    """The next joint state after the profile was played."""
    pairs = zip(play.strategies, state, views(profile), strict=False)
    return tuple(automaton.after(own, seen) for automaton, own, seen in pairs)


def payoff_at(stage: StageGame, profile: Profile, player: int) -> Expr:
    """The stage payoff of that player."""
    return sympify(stage.payoff(profile, player))


def joint_states(stage: StageGame, play: Play) -> tuple[Joint, ...]:
    """Every joint state that some history of play leads to, in order of discovery; the start first.

    In a game of identical firms histories differ from the common path by one firm's action only.
    """
    found = [start(play)]
    for state in found:
        if stage.number is None:
            profiles = list(product(*stage.actions))
        else:
            common = actions_of(play, state)[1]
            profiles = [(own, common) for own in stage.actions[0]]
        for profile in profiles:
            following = move(play, state, profile)
            if following not in found:
                found.append(following)
    return tuple(found)


def discounted(flows: tuple[Expr, ...], period: int, factor: Symbol) -> Expr:
    """``sum flow_t factor**t`` when the last `period` flows repeat for ever."""
    once = flows[: len(flows) - period]
    cycle = flows[len(flows) - period :]
    total: Expr = Integer(0)
    for t, flow in enumerate(once):
        total += flow * factor**t
    repeated: Expr = Integer(0)
    for t, flow in enumerate(cycle):
        repeated += flow * factor**t
    return total + factor ** len(once) * repeated / (1 - factor**period)


def replies(automaton: Automaton, actions: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...]:
    """Every path of play of a stationary reply to an automaton: (own actions, length of the cycle at the end, its states).

    A stationary reply chooses one action per state of the automaton; only the states that its path visits matter. By Blackwell's
    theorem for finite Markov decision problems one of these paths is a best reply.
    """
    found: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = []

    def extend(played: tuple[str, ...], visited: tuple[str, ...], state: str) -> None:
        if state in visited:
            found.append((played, len(visited) - visited.index(state), visited))
            return
        for own in actions:
            extend((*played, own), (*visited, state), automaton.after(state, (automaton.plays(state), own)))

    extend((), (), automaton.initial)
    return tuple(found)
