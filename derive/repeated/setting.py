"""What the reputation passes need to know of a statement: who is informed, the two actions, the kind of committed automaton."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, sympify
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.repeated.automata import grim_trigger, tit_for_tat
from derive.repeated.ir import Automaton, Commitment, RepeatedGame, Reputation, StageGame
from derive.repeated.signs import sign_of
from derive.steps import Sign

__all__ = ["Setting", "dilemma", "kind_of", "setting_of"]


@dataclass(frozen=True)
class Setting:
    """The two players with the informed one first; actions and names in that order."""

    stage: StageGame
    players: tuple[str, str]
    informed: int
    cooperate: tuple[str, str]
    refuse: tuple[str, str]
    commitment: Commitment
    values: tuple[tuple[sympy.Symbol, Expr], ...]

    def payoff(self, player: int, informed: str, uninformed: str) -> Expr:
        """The stage payoff of the informed (0) or uninformed (1) player."""
        profile = (informed, uninformed) if self.informed == 0 else (uninformed, informed)
        index = self.informed if player == 0 else 1 - self.informed
        return sympify(self.stage.payoff(profile, index)).xreplace(dict(self.values))

    def payoffs(self, player: int) -> tuple[Expr, Expr, Expr, Expr]:
        """(mutual cooperation, exploited, temptation, mutual refusal) for that player."""
        c, d = self.cooperate, self.refuse
        both, none = self.payoff(player, c[0], c[1]), self.payoff(player, d[0], d[1])
        alone = (self.payoff(player, c[0], d[1]), self.payoff(player, d[0], c[1]))
        return (both, *alone, none) if player == 0 else (both, alone[1], alone[0], none)


def setting_of(game: RepeatedGame, protocol: Reputation, number: int = 0) -> Setting:
    """The setting in which the committed player `number` is informed. Raises Refusal unless there are two actions each."""
    stage = game.stage
    if any(len(own) != 2 for own in stage.actions):
        raise Refusal("reputation is derived for two actions per player")
    commitment = protocol.committed[number]
    informed = stage.players.index(commitment.player)
    order = (informed, 1 - informed)
    cooperate = tuple(protocol.cooperate[player] for player in order)
    refuse = tuple(next(action for action in stage.actions[player] if action != protocol.cooperate[player]) for player in order)
    players = tuple(stage.players[player] for player in order)
    return Setting(stage, players, informed, cooperate, refuse, commitment, tuple(protocol.at))  # type: ignore[arg-type]


def kind_of(automaton: Automaton, cooperate: str, refuse: str, other_cooperates: str, other_refuses: str) -> str:
    """``"reciprocal"`` or ``"trigger"`` if the automaton behaves as tit-for-tat or as grim trigger on every history, else ``""``."""
    named = {cooperate: other_cooperates, refuse: other_refuses}
    for kind, model in (("reciprocal", tit_for_tat(cooperate, refuse)), ("trigger", grim_trigger(cooperate, refuse))):
        pairs = [(automaton.initial, model.initial)]
        alike = True
        for mine, theirs in pairs:
            own = automaton.plays(mine)
            alike = alike and own == model.plays(theirs)
            for seen, actual in named.items():
                following = (automaton.after(mine, (own, actual)), model.after(theirs, (model.plays(theirs), seen)))
                if following not in pairs:
                    pairs.append(following)
        if alike:
            return kind
    return ""


def dilemma(setting: Setting, given: tuple[Boolean, ...], label: str) -> tuple[Sign, ...]:
    """The proof that the stage game is a prisoner's dilemma in which alternating exploitation pays less than cooperation.

    Raises Refusal naming the inequality that the assumptions do not settle.
    """
    made: list[Sign] = []
    for player in (0, 1):
        both, exploited, temptation, none = setting.payoffs(player)
        for name, difference in (
            ("temptation", temptation - both),
            ("reward", both - none),
            ("exploited", none - exploited),
            ("alternating", 2 * both - temptation - exploited),
        ):
            known = sign_of(difference, given)
            if known is None or known[0] <= 0:
                raise Refusal(f"the assumptions do not settle {difference} > 0, which a prisoner's dilemma needs")
            if known[1] is not None and all(sign.relation != known[1].claim for sign in made):
                made.append(Sign(label=f"{label}.{name}.{player + 1}", relation=known[1].claim, certificate=known[1]))
    return tuple(made)
