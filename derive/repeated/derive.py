"""From the statement of a repeated game to its solutions, one per arrangement."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Symbol, sympify

from derive.errors import Refusal, StatementError
from derive.repeated.discounted import derive_play
from derive.repeated.division import derive_division
from derive.repeated.ir import Arrangement, Division, OneShot, Play, RepeatedGame, Reputation
from derive.repeated.oneshot import derive_one_shot
from derive.repeated.reputation import derive_reputation
from derive.repeated.signs import relevant
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
    """The solution of one arrangement of a validated game, under the assumptions that bear on it. Raises Refusal."""
    game = replace(game, assumptions=relevant(_symbols(game, protocol), game.assumptions))
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


def _symbols(game: RepeatedGame, protocol: Arrangement) -> set[Symbol]:
    """The parameters that an arrangement speaks of."""
    values: list[Expr] = []
    if isinstance(protocol, Division):
        values = [protocol.benefit, *(value for one in protocol.factors for value in (one.weight, *one.contributions))]
    else:
        values = [payoff for _, row in game.stage.payoffs for payoff in row]
    if isinstance(protocol, Play):
        values.append(sympify(game.discount))
    elif isinstance(protocol, Reputation):
        values += [protocol.stages, *(one.prior for one in protocol.committed), *(symbol for symbol, _ in protocol.at)]
    return {symbol for value in values for symbol in sympify(value).free_symbols}
