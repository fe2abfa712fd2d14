"""Standard strategies of repeated two-action games as automata. `cooperate` and `defect` are the names of the two actions."""

from __future__ import annotations

from itertools import product

from derive.repeated.ir import Automaton, Profile

__all__ = ["always", "grim_trigger", "limited_punishment", "tit_for_tat", "win_stay_lose_shift"]


def always(action: str, actions: Profile) -> Automaton:
    """Plays `action` whatever happened."""
    moves = tuple(("only", profile, "only") for profile in product(actions, repeat=2))
    return Automaton(f"always {action}", ("only",), "only", (("only", action),), moves)


def grim_trigger(cooperate: str, defect: str) -> Automaton:
    """Cooperates until anyone defects, then defects for ever."""
    moves = []
    for profile in product((cooperate, defect), repeat=2):
        moves.append(("friendly", profile, "friendly" if profile == (cooperate, cooperate) else "hostile"))
        moves.append(("hostile", profile, "hostile"))
    output = (("friendly", cooperate), ("hostile", defect))
    return Automaton("grim trigger", ("friendly", "hostile"), "friendly", output, tuple(moves))


def tit_for_tat(cooperate: str, defect: str) -> Automaton:
    """Cooperates first, then does what the other did last."""
    state = {cooperate: "friendly", defect: "hostile"}
    moves = tuple((source, (own, other), state[other]) for source in state.values() for own, other in product(state, repeat=2))
    output = (("friendly", cooperate), ("hostile", defect))
    return Automaton("tit-for-tat", ("friendly", "hostile"), "friendly", output, moves)


def limited_punishment(cooperate: str, defect: str, length: int) -> Automaton:
    """Cooperates until anyone defects, then defects `length` times whatever happens, then starts anew. ``length >= 1``."""
    punish = tuple(f"punish {length - left}" for left in range(length))
    states = ("friendly", *punish)
    moves = []
    for profile in product((cooperate, defect), repeat=2):
        moves.append(("friendly", profile, "friendly" if profile == (cooperate, cooperate) else punish[0]))
        moves += [(source, profile, target) for source, target in zip(punish, (*punish[1:], "friendly"), strict=True)]
    output = (("friendly", cooperate), *((state, defect) for state in punish))
    name = f"punishment of {length} period" + ("s" if length > 1 else "")
    return Automaton(name, states, "friendly", output, tuple(moves))


def win_stay_lose_shift(cooperate: str, defect: str) -> Automaton:
    """Cooperates first and after both did the same, defects after they did not."""
    moves = tuple(
        (source, profile, "friendly" if profile[0] == profile[1] else "hostile")
        for source in ("friendly", "hostile")
        for profile in product((cooperate, defect), repeat=2)
    )
    output = (("friendly", cooperate), ("hostile", defect))
    return Automaton("win-stay-lose-shift", ("friendly", "hostile"), "friendly", output, moves)
