"""Repeated games: strategies as automata, one-shot deviations, reputation with a committed type, divisions."""

from __future__ import annotations

from derive.repeated.automata import always, grim_trigger, limited_punishment, tit_for_tat, win_stay_lose_shift
from derive.repeated.derive import derive_repeated
from derive.repeated.ir import Automaton, Commitment, Division, Factor, OneShot, Play, RepeatedGame, Reputation, StageGame
from derive.repeated.validate import validate_repeated

__all__ = [
    "Automaton",
    "Commitment",
    "Division",
    "Factor",
    "OneShot",
    "Play",
    "RepeatedGame",
    "Reputation",
    "StageGame",
    "always",
    "derive_repeated",
    "grim_trigger",
    "limited_punishment",
    "tit_for_tat",
    "validate_repeated",
    "win_stay_lose_shift",
]
