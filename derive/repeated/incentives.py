"""Incentive conditions of a profile of automata: one deviation in every joint state, or all stationary replies on the path."""

from __future__ import annotations

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.field import is_zero
from derive.repeated.ir import Play, StageGame
from derive.repeated.paths import actions_of, discounted, joint_states, move, payoff_at, replies, start
from derive.repeated.signs import split, tidy
from derive.repeated.steps import DiscountedValues, OneShotDeviation, ReplyComparison

__all__ = ["deviations", "reply_comparisons", "values"]


def values(stage: StageGame, play: Play, discount: Symbol, player: int, given: tuple[Boolean, ...]) -> DiscountedValues:
    """The discounted payoff of the player from every joint state."""
    states = joint_states(stage, play)
    flows = tuple(payoff_at(stage, actions_of(play, state), player) for state in states)
    successors = tuple(states.index(move(play, state, actions_of(play, state))) for state in states)
    found: list[Expr] = []
    for origin in range(len(states)):
        path = [origin]
        while successors[path[-1]] not in path:
            path.append(successors[path[-1]])
        period = len(path) - path.index(successors[path[-1]])
        worth = discounted(tuple(flows[index] for index in path), period, discount)
        found.append(tidy(worth, given))
    return DiscountedValues(
        label=f"{play.key}.values.{stage.players[player]}",
        protocol=play.key,
        player=stage.players[player],
        states=states,
        flows=flows,
        successors=successors,
        values=tuple(found),
    )


def deviations(
    stage: StageGame, play: Play, discount: Symbol, table: DiscountedValues, player: int, given: tuple[Boolean, ...]
) -> tuple[OneShotDeviation, ...]:
    """One step per joint state and per action the automaton does not take there."""
    made: list[OneShotDeviation] = []
    for state, follow in zip(table.states, table.values, strict=True):
        played = actions_of(play, state)
        for action in stage.actions[player]:
            if action == played[player]:
                continue
            profile = (action, played[1]) if player == 0 else (played[0], action)
            then = table.values[table.states.index(move(play, state, profile))]
            deviate = payoff_at(stage, profile, player) + discount * then
            parts = split(follow - deviate, given)
            made.append(
                OneShotDeviation(
                    label=f"{play.key}.deviation.{stage.players[player]}.{len(made) + 1}",
                    uses=(table.label,),
                    protocol=play.key,
                    player=table.player,
                    state=state,
                    action=action,
                    follow=follow,
                    deviate=deviate,
                    positive=parts.positive,
                    core=parts.core,
                    certificate=parts.certificate,
                )
            )
    return tuple(made)


def reply_comparisons(
    stage: StageGame, play: Play, discount: Symbol, table: DiscountedValues, player: int, given: tuple[Boolean, ...]
) -> tuple[ReplyComparison, ...]:
    """One step per path of a stationary reply to the rival's automaton that differs from the path of the profile."""
    rival = play.strategies[1 - player]
    follow = table.values[table.states.index(start(play))]
    made: list[ReplyComparison] = []
    for played, period, visited in replies(rival, stage.actions[player]):
        profiles = [
            (own, rival.plays(state)) if player == 0 else (rival.plays(state), own)
            for own, state in zip(played, visited, strict=True)
        ]
        flows = tuple(payoff_at(stage, profile, player) for profile in profiles)
        reply = discounted(flows, period, discount)
        if is_zero(follow - reply):
            continue
        parts = split(follow - reply, given)
        made.append(
            ReplyComparison(
                label=f"{play.key}.reply.{stage.players[player]}.{len(made) + 1}",
                uses=(table.label,),
                protocol=play.key,
                player=table.player,
                prefix=played[: len(played) - period],
                cycle=played[len(played) - period :],
                follow=follow,
                reply=reply,
                positive=parts.positive,
                core=parts.core,
                certificate=parts.certificate,
            )
        )
    return tuple(made)
