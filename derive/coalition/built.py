"""A characteristic function built from the solved protocols of a model: what the members earn together when they act so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import And

from derive.coalition.ir import CoalitionGame
from derive.errors import Refusal, StatementError
from derive.ir import Model
from derive.solution import Regime, Solution

__all__ = ["built", "worths_from_solutions"]

Coalition = tuple[str, ...]


def worths_from_solutions(
    payoffs: Mapping[str, Symbol], plays: Iterable[tuple[Coalition, Solution]], earned: Mapping[str, Expr] | None = None
) -> tuple[tuple[Coalition, Expr], ...]:
    """The worth of each coalition: the sum of its members' payoffs (`payoffs` by player name) in the solution it plays.

    `earned` gives, by player name, what each earns as a function of all choices: payments between members that nobody chooses
    cancel from the sum, though no member's own payoff is reported then. One regime gives an expression, several a
    ``Piecewise`` over their regions. Raises `Refusal` for a solution that leaves part of its domain out, knows a payoff only
    implicitly, or does not report a member's payoff.
    """
    return tuple((coalition, _worth(coalition, payoffs, solution, earned or {})) for coalition, solution in plays)


def _worth(coalition: Coalition, payoffs: Mapping[str, Symbol], solution: Solution, earned: Mapping[str, Expr]) -> Expr:
    if not solution.regimes or solution.gaps:
        raise Refusal("the solution leaves part of its domain out, so no worth can be built on it", protocol=solution.protocol)
    totals = [(_total(coalition, payoffs, regime, solution, earned), And(*regime.region)) for regime in solution.regimes]
    if len(totals) == 1:
        return totals[0][0]
    return sympy.Piecewise(*totals, evaluate=False)


def _total(
    coalition: Coalition, payoffs: Mapping[str, Symbol], regime: Regime, solution: Solution, earned: Mapping[str, Expr]
) -> Expr:
    if regime.implicit:
        unknown = regime.implicit[0].symbol.name
        raise Refusal("a payoff is known only implicitly, so no exact worth", protocol=solution.protocol, symbol=unknown)
    values = regime.resolved()
    total: Expr = sympy.S.Zero
    if all(name in payoffs and name in earned for name in coalition) and any(payoffs[name] not in values for name in coalition):
        total = sympy.expand(sympy.Add(*(earned[name] for name in coalition)).xreplace(values))
        known = {symbol for relation in (*solution.assumptions, *regime.region) for symbol in relation.free_symbols}
        known |= {symbol for value in values.values() for symbol in value.free_symbols}
        if total.free_symbols <= known:
            return total
        total = sympy.S.Zero
    for name in coalition:
        if name not in payoffs:
            raise StatementError("is not a player of the model whose protocols are played", player=name)
        if payoffs[name] not in values:
            raise Refusal("the solution does not report the payoff", protocol=solution.protocol, player=name)
        total += values[payoffs[name]]
    return total


def built(game: CoalitionGame, model: Model | None, solutions: tuple[Solution, ...]) -> CoalitionGame:
    """The game with its worths stated, its parameters and assumptions those of the model beside its own.

    Raises `StatementError` if the model or the solution of a protocol that is played is missing.
    """
    if model is None:
        raise StatementError("the worths are built from protocols: their model is needed", model=game.key)
    solved = {solution.protocol: solution for solution in solutions if not solution.instance}
    plays = []
    for coalition, key in game.plays:
        if key not in solved:
            raise StatementError("no solution of the protocol that a coalition plays", model=game.key, protocol=key)
        plays.append((coalition, solved[key]))
    payoffs = {player.name: player.payoff for player in model.players}
    worths = worths_from_solutions(payoffs, plays, {} if model.shocks else _earned(model))
    used = set().union(*(worth.free_symbols for _, worth in worths), *(one.free_symbols for one in model.assumptions))
    parameters = tuple(parameter for parameter in model.parameters if parameter.symbol in used)
    return replace(
        game,
        plays=(),
        worths=worths,
        parameters=(*parameters, *game.parameters),
        assumptions=(*model.assumptions, *game.assumptions),
        abstract=" ".join(part for part in (game.abstract, _provenance(game, model)) if part),
    )


def _earned(model: Model) -> dict[str, Expr]:
    """What each player earns as a function of all choices, definitions put in."""
    found = {}
    for player in model.players:
        value = player.objective
        for _ in model.definitions:
            value = value.xreplace({item.symbol: item.value for item in model.definitions})
        found[player.name] = value
    return found


def _provenance(game: CoalitionGame, model: Model) -> str:
    """Where the worths come from, in words."""
    titles = {protocol.key: protocol.title or protocol.key for protocol in model.protocols}
    told = "; ".join(f"{', '.join(group)} under \u201c{titles.get(key, key)}\u201d" for group, key in game.plays)
    return f"The worth of a coalition is what its members earn together in the solved protocol that it plays: {told}."
