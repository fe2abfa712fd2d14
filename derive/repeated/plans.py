"""Two and three stages with one committed type: every plan of either player compared with the candidate equilibrium."""

from __future__ import annotations

from itertools import product

from sympy import Expr, Integer, sympify
from sympy.logic.boolalg import Boolean

from derive.repeated.ir import RepeatedGame, Reputation
from derive.repeated.setting import Setting
from derive.repeated.signs import split
from derive.repeated.steps import PlanComparison

__all__ = ["compared_plans", "planned"]


def planned(setting: Setting, stages: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The candidate: the informed player behaves as its type while more than two stages are left, then refuses; the uninformed
    player cooperates in all stages but the last, as long as the other has behaved as the committed type."""
    mimics = max(stages - 2, 0)
    informed = (setting.cooperate[0],) * mimics + (setting.refuse[0],) * (stages - mimics)
    return informed, (setting.cooperate[1],) * (stages - 1) + (setting.refuse[1],)


def _informed_payoff(setting: Setting, own: tuple[str, ...], other: tuple[str, ...]) -> Expr:
    """Payoff of the uncommitted informed player against the uninformed plan."""
    state, revealed, total = setting.commitment.automaton.initial, False, Integer(0)
    for mine, wanted in zip(own, other, strict=True):
        theirs = setting.refuse[1] if revealed else wanted
        total += setting.payoff(0, mine, theirs)
        revealed = revealed or mine != setting.commitment.automaton.plays(state)
        state = setting.commitment.automaton.after(state, (mine, theirs))
    return total


def _uninformed_payoff(setting: Setting, own: tuple[str, ...], informed: tuple[str, ...]) -> Expr:
    """Expected payoff of the uninformed player's plan against the committed type and the informed player's plan.

    The uncommitted informed player refuses wherever its type would refuse.
    """
    prior = sympify(setting.commitment.prior)
    automaton = setting.commitment.automaton
    state, faced = automaton.initial, Integer(0)
    for mine in own:
        faced += setting.payoff(1, automaton.plays(state), mine)
        state = automaton.after(state, (automaton.plays(state), mine))
    state, met, revealed = automaton.initial, Integer(0), False
    for mine, wanted in zip(own, informed, strict=True):
        typical = automaton.plays(state)
        theirs = wanted if typical == setting.cooperate[0] and not revealed else setting.refuse[0]
        mine_now = setting.refuse[1] if revealed else mine
        met += setting.payoff(1, theirs, mine_now)
        revealed = revealed or theirs != typical
        state = automaton.after(state, (typical, mine_now))
    return prior * faced + (1 - prior) * met


def compared_plans(
    game: RepeatedGame, protocol: Reputation, setting: Setting, stages: int, given: tuple[Boolean, ...]
) -> tuple[PlanComparison, ...]:
    """One step per alternative plan of each player that leads to another payoff expression."""
    del game
    informed, uninformed = planned(setting, stages)
    made: list[PlanComparison] = []
    for player, plan in ((0, informed), (1, uninformed)):
        seen: list[Expr] = []
        actions = (setting.cooperate[player], setting.refuse[player])

        def worth(mine: tuple[str, ...], player: int = player) -> Expr:
            if player == 0:
                return _informed_payoff(setting, mine, uninformed)
            return _uninformed_payoff(setting, mine, informed)

        for alternative in product(actions, repeat=stages):
            if alternative == plan:
                continue
            parts = split(worth(plan) - worth(alternative), given)
            if parts.core in seen:
                continue
            seen.append(parts.core)
            made.append(
                PlanComparison(
                    label=f"{protocol.key}.plan.{setting.players[player]}.{len(seen)}",
                    protocol=protocol.key,
                    player=setting.players[player],
                    plan=plan,
                    alternative=alternative,
                    planned=worth(plan),
                    other=worth(alternative),
                    positive=parts.positive,
                    core=parts.core,
                    certificate=parts.certificate,
                )
            )
    return tuple(made)
