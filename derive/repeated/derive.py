"""From the statement of a repeated game to its solutions, one per arrangement."""

from __future__ import annotations

from derive.errors import Refusal, StatementError
from derive.repeated.discounted import derive_play
from derive.repeated.division import derive_division
from derive.repeated.ir import Arrangement, Division, OneShot, Play, RepeatedGame
from derive.repeated.oneshot import derive_one_shot
from derive.repeated.reputation import derive_reputation
from derive.repeated.validate import validate_repeated
from derive.solution import Solution

__all__ = ["derive_arrangement", "derive_repeated"]


def derive_repeated(game: RepeatedGame) -> tuple[Solution, ...]:
    """The solution of every arrangement, in the order stated.

    Raises StatementError for an ill-posed statement and Refusal, naming the arrangement, for what the engine declines.
    """
    validate_repeated(game)
    return tuple(derive_arrangement(game, protocol) for protocol in game.protocols)


def derive_arrangement(game: RepeatedGame, protocol: Arrangement) -> Solution:
    """The solution of one arrangement of a validated game. Raises Refusal."""
    try:
        if isinstance(protocol, Play):
            return derive_play(game, protocol)
        if isinstance(protocol, OneShot):
            return derive_one_shot(game, protocol)
        if isinstance(protocol, Division):
            return derive_division(game, protocol)
        return derive_reputation(game, protocol)
    except (Refusal, StatementError) as error:
        raise error.located(model=game.key, protocol=protocol.key) from None
