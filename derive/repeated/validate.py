"""Ill-posed repeated games are refused here, in one line that names protocol, player and symbol."""

from __future__ import annotations

from itertools import product

import sympy
from sympy import Expr, Symbol

from derive.errors import StatementError
from derive.prove import refute
from derive.repeated.ir import Automaton, Commitment, Division, OneShot, Play, RepeatedGame, Reputation, domain

__all__ = ["validate_repeated"]


def validate_repeated(game: RepeatedGame) -> None:
    """Raises StatementError at the first thing that makes the statement ill-posed."""
    try:
        _symbols(game)
        if refute(domain(game)) is not None:
            raise StatementError(f"the assumptions contradict each other: {', '.join(map(str, domain(game)))}")
        _stage(game)
        keys = [protocol.key for protocol in game.protocols]
        for protocol in game.protocols:
            if not protocol.key or keys.count(protocol.key) > 1:
                raise StatementError("protocol keys must be distinct and not empty", protocol=protocol.key)
            try:
                _protocol(game, protocol)
            except StatementError as error:
                raise error.located(protocol=protocol.key) from None
    except StatementError as error:
        raise error.located(model=game.key) from None


def _exact(value: object, what: str) -> None:
    if isinstance(value, float) or (isinstance(value, sympy.Basic) and value.has(sympy.Float)):
        raise StatementError(f"{what} contains a float; exact numbers only, write exact('...')")
    if isinstance(value, sympy.Basic) and value.has(sympy.oo, -sympy.oo, sympy.nan, sympy.zoo, sympy.I):
        raise StatementError(f"{what} is not a finite real number")


def _declared(game: RepeatedGame) -> set[Symbol]:
    return {parameter.symbol for parameter in game.parameters}


def _known(game: RepeatedGame, value: object, what: str) -> None:
    _exact(value, what)
    for symbol in sorted(sympy.sympify(value).free_symbols - _declared(game), key=str):
        raise StatementError(f"{what} uses an undeclared symbol", symbol=symbol.name)


def _reported(game: RepeatedGame) -> list[Symbol]:
    found: list[Symbol | None] = []
    for protocol in game.protocols:
        if isinstance(protocol, OneShot):
            found += [*protocol.payoffs, *(symbol for row in protocol.probabilities for symbol in row)]
        elif isinstance(protocol, Play):
            found += [protocol.threshold, protocol.holds, *protocol.payoffs]
        elif isinstance(protocol, Reputation):
            found += [protocol.threshold, protocol.noncooperative, protocol.cooperative, protocol.holds]
        else:
            found += protocol.shares
    return [symbol for symbol in found if symbol is not None]


def _symbols(game: RepeatedGame) -> None:
    seen: set[str] = set()
    for parameter in game.parameters:
        symbol = parameter.symbol
        if symbol.name in seen:
            raise StatementError("the symbol is declared twice", symbol=symbol.name)
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError("make symbols with derive.ir.symbols", symbol=symbol.name)
        seen.add(symbol.name)
    for symbol in _reported(game):
        if symbol.name in seen:
            raise StatementError("a reported quantity has the name of a parameter", symbol=symbol.name)
    if game.discount is not None and game.discount not in _declared(game):
        raise StatementError("the discount factor is not declared as a parameter", symbol=game.discount.name)
    used: set[Symbol] = {game.discount} if game.discount is not None else set()
    for relation in game.assumptions:
        if relation == sympy.false:
            raise StatementError("an assumption is false for all parameters")
        _known(game, relation, f"the assumption {relation}")
        used |= relation.free_symbols
    used |= {symbol for _, row in game.stage.payoffs for payoff in row for symbol in sympy.sympify(payoff).free_symbols}
    used |= {symbol for protocol in game.protocols for value in _values(protocol) for symbol in value.free_symbols}
    for parameter in game.parameters:
        if parameter.symbol not in used:
            raise StatementError("the parameter is declared and never used", symbol=parameter.symbol.name)


def _values(protocol: object) -> list[Expr]:
    if isinstance(protocol, Reputation):
        return [sympy.sympify(value) for value in (protocol.stages, *(item.prior for item in protocol.committed))]
    if isinstance(protocol, Division):
        parts = [protocol.benefit, *(value for item in protocol.factors for value in (item.weight, *item.contributions))]
        return [sympy.sympify(value) for value in parts]
    return []


def _stage(game: RepeatedGame) -> None:
    stage = game.stage
    if not stage.players or len(set(stage.players)) < len(stage.players):
        raise StatementError("player names must be distinct and there must be at least one", stage="game")
    actions = stage.actions
    if stage.number is not None:
        _known(game, stage.number, "the number of firms")
        if len(stage.players) != 1 or len(actions) != 1:
            raise StatementError("identical firms are stated by one player and its actions", stage="game")
        actions = (actions[0], actions[0])
    elif len(actions) != len(stage.players):
        raise StatementError("every player needs a tuple of actions", stage="game")
    for player, own in zip(stage.players, actions, strict=False):
        if not own or len(set(own)) < len(own):
            raise StatementError("actions must be distinct and there must be at least one", stage="game", player=player)
    wanted = set(product(*actions))
    stated = [profile for profile, _ in stage.payoffs]
    for profile, row in stage.payoffs:
        if profile not in wanted or stated.count(profile) > 1:
            raise StatementError(f"the profile {profile} is not one of the game, or stated twice", stage="game")
        if len(row) != len(stage.players):
            raise StatementError(f"the profile {profile} needs one payoff per player", stage="game")
        for player, payoff in zip(stage.players, row, strict=True):
            try:
                _known(game, payoff, f"the payoff at {profile}")
            except StatementError as error:
                raise error.located(stage="game", player=player) from None
    for profile in sorted(wanted - set(stated)):
        raise StatementError(f"the profile {profile} has no payoffs", stage="game")


def _automaton(automaton: Automaton, own: tuple[str, ...], other: tuple[str, ...]) -> None:
    name = automaton.name
    states = set(automaton.states)
    if automaton.initial not in states or len(states) < len(automaton.states):
        raise StatementError(f"automaton {name}: the initial state must be one of its states, all distinct")
    if sorted(state for state, _ in automaton.output) != sorted(states):
        raise StatementError(f"automaton {name}: every state needs exactly one action")
    for state, action in automaton.output:
        if action not in own:
            raise StatementError(f"automaton {name}: state {state} plays {action!r}, which is not an action")
    wanted = set(product(automaton.states, product(own, other)))
    stated = [(state, profile) for state, profile, _ in automaton.transition]
    if len(stated) != len(set(stated)) or set(stated) != wanted:
        raise StatementError(f"automaton {name}: every state needs one transition for each observed pair of actions")
    for state, _, target in automaton.transition:
        if target not in states:
            raise StatementError(f"automaton {name}: state {state} leads to {target!r}, which is not a state")


def _protocol(game: RepeatedGame, protocol: object) -> None:
    stage = game.stage
    if isinstance(protocol, Play):
        if game.discount is None:
            raise StatementError("an infinitely repeated game needs a discount factor")
        if protocol.concept not in ("nash", "subgame_perfect"):
            raise StatementError(f"the concept {protocol.concept!r} is neither 'nash' nor 'subgame_perfect'")
        if len(protocol.strategies) != len(stage.players):
            raise StatementError("every player needs a strategy")
        if stage.number is None and len(stage.players) != 2:
            raise StatementError("automata observe one rival: state two players, or identical firms by their number")
        for player, automaton in enumerate(protocol.strategies):
            own = stage.actions[player]
            other = own if stage.number is not None else stage.actions[1 - player]
            try:
                _automaton(automaton, own, other)
            except StatementError as error:
                raise error.located(player=stage.players[player]) from None
        if protocol.payoffs and len(protocol.payoffs) != len(stage.players):
            raise StatementError("report one payoff per player or none")
    elif isinstance(protocol, OneShot):
        if protocol.payoffs and len(protocol.payoffs) != len(stage.players):
            raise StatementError("report one payoff per player or none")
        if protocol.probabilities and (stage.number is not None or len(stage.players) != 2):
            raise StatementError("equilibria in mixed strategies are listed for two named players")
        if protocol.probabilities and [len(row) for row in protocol.probabilities] != [len(row) for row in stage.actions]:
            raise StatementError("report one probability per action of each player")
    elif isinstance(protocol, Reputation):
        _reputation(game, protocol)
    elif isinstance(protocol, Division):
        _division(game, protocol)


def _reputation(game: RepeatedGame, protocol: Reputation) -> None:
    stage = game.stage
    if stage.number is not None or len(stage.players) != 2:
        raise StatementError("a committed type is stated for games of two named players")
    _known(game, protocol.stages, "the number of stages")
    stages = sympy.sympify(protocol.stages)
    if not isinstance(stages, Symbol) and not (stages.is_Integer and stages >= 1):
        raise StatementError("the number of stages is a symbol or an integer of at least 1")
    names = [item.player for item in protocol.committed]
    if not names or len(set(names)) < len(names):
        raise StatementError("state one commitment for one player or for both")
    given = dict(protocol.at)
    for symbol, value in protocol.at:
        if symbol not in _declared(game):
            raise StatementError("a value is given for an undeclared symbol", symbol=symbol.name)
        if not sympy.sympify(value).is_Rational:
            raise StatementError("the value given is not an exact rational number", symbol=symbol.name)
    if len(protocol.cooperate) != 2 or any(
        action not in own for action, own in zip(protocol.cooperate, stage.actions, strict=True)
    ):
        raise StatementError("`cooperate` must name one action per player")
    for item in protocol.committed:
        _committed(game, item, given)


def _committed(game: RepeatedGame, item: Commitment, given: dict[Symbol, Expr]) -> None:
    stage = game.stage
    if item.player not in stage.players:
        raise StatementError("a commitment is stated for someone who is not a player", player=item.player)
    index = stage.players.index(item.player)
    try:
        _automaton(item.automaton, stage.actions[index], stage.actions[1 - index])
        _known(game, item.prior, "the prior")
        prior = sympy.sympify(item.prior).xreplace(given)
        if prior.is_number and not 0 < prior < 1:
            raise StatementError(f"the prior is {prior}; it must lie strictly between 0 and 1")
    except StatementError as error:
        raise error.located(player=item.player) from None


def _division(game: RepeatedGame, protocol: Division) -> None:
    players = game.stage.players
    if len(protocol.shares) != len(players):
        raise StatementError("report one share per player")
    if not protocol.factors:
        raise StatementError("a division needs at least one factor")
    _known(game, protocol.benefit, "the benefit")
    for factor in protocol.factors:
        _known(game, factor.weight, f"the weight of {factor.name}")
        if len(factor.contributions) != len(players):
            raise StatementError(f"the factor {factor.name} needs one contribution per player")
        for player, value in zip(players, factor.contributions, strict=True):
            try:
                _known(game, value, f"the contribution to {factor.name}")
            except StatementError as error:
                raise error.located(player=player) from None
