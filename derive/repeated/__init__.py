"""Repeated games: strategies as automata, one-shot deviations, reputation with a committed type, divisions.

The vocabulary is imported here; the engine (`derive_repeated`, `validate_repeated`) on first use, so that whoever needs the
statement alone does not load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.repeated.automata import always, grim_trigger, limited_punishment, tit_for_tat, win_stay_lose_shift
from derive.repeated.ir import Automaton, Commitment, Division, Factor, OneShot, Play, RepeatedGame, Reputation, StageGame

if TYPE_CHECKING:
    from derive.repeated.derive import derive_repeated
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


def __getattr__(name: str) -> object:
    if name == "derive_repeated":
        from derive.repeated.derive import derive_repeated

        return derive_repeated
    if name == "validate_repeated":
        from derive.repeated.validate import validate_repeated

        return validate_repeated
    raise AttributeError(name)
