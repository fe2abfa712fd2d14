"""Ill-posed coalition games are refused here, in one line that names the model, the player or coalition, and the symbol."""

from __future__ import annotations

import re
from itertools import combinations

import sympy
from sympy import Expr, Symbol

from derive.coalition.ir import CONCEPTS, PROPERTIES, CoalitionGame
from derive.errors import StatementError
from derive.prove import refute

__all__ = ["validate"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_FUNCTIONS = (sympy.Max, sympy.Min, sympy.Piecewise)


def validate(game: CoalitionGame) -> None:
    """Raise `StatementError` unless the statement is complete and exact, and something satisfies its assumptions."""
    _players(game)
    _symbols(game)
    if game.plays:
        raise StatementError("the worths are built from protocols: their solutions are needed", model=game.key)
    if (game.rule is None) == (not game.worths):
        raise StatementError("state the characteristic function either by worths or by a rule, and only once", model=game.key)
    if game.kind not in ("value", "cost"):
        raise StatementError(f"kind is {game.kind!r}; it must be 'value' or 'cost'", model=game.key)
    if game.rule is not None:
        _rule(game)
    else:
        _worths(game)
    for relation in game.assumptions:
        _exact(game, relation, "an assumption", "")
        if relation == sympy.false:
            raise StatementError("an assumption is false for all parameters", model=game.key)
    more = game.revision.assumptions if game.revision else ()
    for stated in (game.assumptions, (*game.assumptions, *more)):
        if refute(stated) is not None:
            raise StatementError(f"the assumptions contradict each other: {', '.join(map(str, stated))}", model=game.key)
    unknown = [concept for concept in game.concepts if concept not in CONCEPTS]
    if unknown:
        raise StatementError(f"unknown concept {unknown[0]!r}; known are {', '.join(CONCEPTS)}", model=game.key)
    _revision(game)


def _players(game: CoalitionGame) -> None:
    names = [member.name for member in game.players]
    if not names:
        raise StatementError("a coalition game needs at least one player", model=game.key)
    for name in names:
        if not name or names.count(name) > 1:
            raise StatementError("player names must be distinct and not empty", model=game.key, player=name)
    shares = [member.share for member in game.players]
    for member in game.players:
        if shares.count(member.share) > 1:
            raise StatementError(
                "two players report their share under one symbol",
                model=game.key,
                player=member.name,
                symbol=member.share.name,
            )


def _declared(game: CoalitionGame) -> set[Symbol]:
    return {parameter.symbol for parameter in game.parameters} | {item.symbol for item in game.definitions}


def _symbols(game: CoalitionGame) -> None:
    groups = [
        [parameter.symbol for parameter in game.parameters],
        [item.symbol for item in game.definitions],
        [member.share for member in game.players],
        [member.indicator for member in game.players if member.indicator is not None],
        [parameter.symbol for parameter in game.revision.parameters] if game.revision else [],
        list(PROPERTIES.values()),
    ]
    seen: dict[str, Symbol] = {}
    for symbol in (symbol for group in groups for symbol in group):
        if not _NAME.match(symbol.name):
            raise StatementError("a symbol's name must be letters, digits and _", model=game.key, symbol=symbol.name)
        if symbol.name in seen:
            raise StatementError("the symbol is declared twice", model=game.key, symbol=symbol.name)
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError("make symbols with derive.ir.symbols", model=game.key, symbol=symbol.name)
        seen[symbol.name] = symbol
    for symbol in game.named:
        if symbol not in {item.symbol for item in game.definitions}:
            raise StatementError("is to stay a name and is not defined", model=game.key, symbol=symbol.name)
    used = set().union(*(_free(game, worth) for _, worth in game.worths)) if game.worths else set()
    used |= game.rule.free_symbols if game.rule is not None else set()
    used |= {symbol for member in game.players for symbol in sympy.sympify(member.count).free_symbols}
    for relation in game.assumptions:
        used |= relation.free_symbols
    earlier = {parameter.symbol for parameter in game.parameters}
    for item in game.definitions:
        _exact(game, item.value, "a definition", "")
        for symbol in sorted(item.value.free_symbols - earlier, key=str):
            raise StatementError(
                f"the definition of {item.symbol} uses an undeclared symbol", model=game.key, symbol=symbol.name
            )
        earlier.add(item.symbol)
        used |= item.value.free_symbols
    for parameter in game.parameters:
        if parameter.symbol not in used:
            raise StatementError("the parameter is declared and never used", model=game.key, symbol=parameter.symbol.name)


def _free(game: CoalitionGame, worth: object) -> set[Symbol]:
    if isinstance(worth, float):
        raise StatementError(f"the float {worth!r} stands where an exact number is needed; write exact('...')", model=game.key)
    return set(sympy.sympify(worth).free_symbols)


def _exact(game: CoalitionGame, expression: object, what: str, player: str) -> None:
    if isinstance(expression, float) or (isinstance(expression, sympy.Basic) and expression.has(sympy.Float)):
        floats = [expression] if isinstance(expression, float) else sorted(expression.atoms(sympy.Float), key=str)
        raise StatementError(
            f"{what} contains the float {floats[0]}; exact numbers only, write exact('...')", model=game.key, player=player
        )
    if isinstance(expression, sympy.Basic) and expression.has(sympy.oo, -sympy.oo, sympy.nan, sympy.zoo, sympy.I):
        raise StatementError(f"{what} is not a finite real number", model=game.key, player=player)


def _worths(game: CoalitionGame) -> None:
    names = [member.name for member in game.players]
    declared = _declared(game)
    stated: set[frozenset[str]] = set()
    for coalition, worth in game.worths:
        label = "{" + ", ".join(coalition) + "}"
        for name in coalition:
            if name not in names:
                raise StatementError(f"coalition {label} has a member who is not a player", model=game.key, player=name)
        group = frozenset(coalition)
        if group in stated or len(group) != len(coalition):
            raise StatementError(f"coalition {label} is stated twice, or one of its members is", model=game.key)
        stated.add(group)
        if not isinstance(worth, Expr | int):
            _exact(game, worth, f"the worth of {label}", "")
            raise StatementError(f"the worth of {label} is not an expression", model=game.key)
        _exact(game, worth, f"the worth of {label}", "")
        for symbol in sorted(sympy.sympify(worth).free_symbols - declared, key=str):
            raise StatementError(f"the worth of {label} uses an undeclared symbol", model=game.key, symbol=symbol.name)
        if not group and sympy.expand(worth) != 0:
            raise StatementError(f"the empty coalition has worth {worth}; it must be 0", model=game.key)
    if len(stated | {frozenset()}) < 1 << len(names):
        for size in range(1, len(names) + 1):
            for chosen in combinations(names, size):
                if frozenset(chosen) not in stated:
                    raise StatementError("coalition {" + ", ".join(chosen) + "} has no worth", model=game.key)


def _rule(game: CoalitionGame) -> None:
    rule = game.rule
    assert rule is not None
    _exact(game, rule, "the rule", "")
    indicators = set()
    for member in game.players:
        if member.indicator is None:
            raise StatementError("a rule needs an indicator for every player", model=game.key, player=member.name)
        indicators.add(member.indicator)
    for symbol in sorted(rule.free_symbols - indicators - _declared(game), key=str):
        raise StatementError("the rule uses an undeclared symbol", model=game.key, symbol=symbol.name)
    unknown = rule.atoms(sympy.Function) - rule.atoms(*_FUNCTIONS)
    for function in sorted(unknown, key=str):
        if not isinstance(function, sympy.exp | sympy.log):
            raise StatementError(f"the rule uses {function.func.__name__}, which is not known here", model=game.key)
    if any(member.count != 1 for member in game.players):
        return
    empty = rule
    for item in reversed(game.definitions):
        empty = empty.xreplace({item.symbol: item.value})
    empty = empty.xreplace(dict.fromkeys(indicators, sympy.S.Zero))
    if sympy.expand(empty) != 0 and not _vanishes(game, empty):
        raise StatementError(f"the rule gives the empty coalition {empty}; it must be 0", model=game.key)


def _vanishes(game: CoalitionGame, expression: Expr) -> bool:
    """Whether every branch that the assumptions leave open gives the empty coalition nothing."""
    from derive.coalition.cases import resolve

    return all(sympy.expand(branch.values[0]) == 0 for branch in resolve((expression,), game.assumptions))


def _revision(game: CoalitionGame) -> None:
    revision = game.revision
    if revision is None:
        return
    if len(revision.weights) != len(game.players):
        raise StatementError("a revision needs one weight per player", model=game.key, protocol="revision")
    declared = _declared(game) | {parameter.symbol for parameter in revision.parameters}
    for member, weight in zip(game.players, revision.weights, strict=True):
        _exact(game, weight, "a weight", member.name)
        for symbol in sorted(sympy.sympify(weight).free_symbols - declared, key=str):
            raise StatementError("a weight uses an undeclared symbol", model=game.key, player=member.name, symbol=symbol.name)
    total = sympy.cancel(sympy.together(sum(revision.weights, sympy.S.Zero)))
    if total != 1:
        raise StatementError(f"the weights sum to {total}; they must sum to 1", model=game.key, protocol="revision")
