"""The stage game played once, solved where every player has a strictly dominant action."""

from __future__ import annotations

from sympy import Expr, sympify
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.errors import Refusal
from derive.repeated.ir import OneShot, RepeatedGame, StageGame
from derive.repeated.signs import sign_of
from derive.repeated.steps import DominantAction
from derive.repeated.supports import derive_supports
from derive.solution import Case, Proposition, Regime, Solution

__all__ = ["derive_one_shot", "dominance"]


def dominance(stage: StageGame, player: int, given: tuple[Boolean, ...], label: str) -> tuple[str, tuple[DominantAction, ...]]:
    """The player's strictly dominant action, with one step per action it dominates. Raises Refusal if there is none."""
    own = 0 if stage.number is not None else player
    rivals = sorted({profile[:own] + profile[own + 1 :] for profile, _ in stage.payoffs})
    for action in stage.actions[own]:
        steps: list[DominantAction] = []
        for other in stage.actions[own]:
            gains: list[tuple[tuple[str, ...], Expr]] = []
            certificates: list[Certificate] = []
            for rival in rivals if other != action else ():
                better, worse = ((*rival[:own], choice, *rival[own:]) for choice in (action, other))
                gain = sympify(stage.payoff(better, player)) - sympify(stage.payoff(worse, player))
                known = sign_of(gain, given)
                if known is None or known[0] <= 0:
                    break
                gains.append((rival, gain))
                if known[1] is not None:
                    certificates.append(known[1])
            else:
                if other != action:
                    steps.append(
                        DominantAction(
                            label=f"{label}.dominant.{stage.players[player]}.{len(steps) + 1}",
                            player=stage.players[player],
                            action=action,
                            other=other,
                            gains=tuple(gains),
                            certificates=tuple(certificates),
                        )
                    )
                continue
            break
        else:
            return action, tuple(steps)
    raise Refusal(
        "no action is proved strictly dominant in the stage game; with `probabilities` all equilibria are listed",
        player=stage.players[player],
    )


def derive_one_shot(game: RepeatedGame, play: OneShot) -> Solution:
    """The equilibrium in strictly dominant actions. Raises Refusal if a player has none."""
    if play.probabilities:
        return derive_supports(game, play)
    stage = game.stage
    found = [dominance(stage, player, game.assumptions, play.key) for player in range(len(stage.players))]
    chosen = tuple(action for action, _ in found)
    profile = chosen if stage.number is None else (chosen[0], chosen[0])
    values = tuple((symbol, sympify(stage.payoff(profile, player))) for player, symbol in enumerate(play.payoffs))
    named = ", ".join(f"{player} plays {action}" for player, action in zip(stage.players, chosen, strict=True))
    regime = Regime("dominant actions", (), values)
    proposition = Proposition(
        f"{play.key}.theorem",
        "proposition",
        play.title,
        f"Every player has a strictly dominant action, so the only equilibrium is: {named}.",
        (Case((), values),),
        tuple(step for _, steps in found for step in steps),
    )
    return Solution(game.key, play.key, "", game.assumptions, (regime,), (proposition,))
