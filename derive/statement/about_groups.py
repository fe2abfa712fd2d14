"""What can be wrong with a statement about groups of identical players."""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol

from derive.errors import StatementError
from derive.exact import near
from derive.ir import Model, Protocol, other
from derive.law.lower import substitute_definitions
from derive.prove import prove

__all__ = ["validate_groups"]


def validate_groups(model: Model) -> None:
    """Raises StatementError unless counts are whole and at least one, and others' choices enter through aggregates only."""
    names = {player.name for player in model.players}
    for one in model.aggregates:
        if one.over not in names:
            raise StatementError(
                f"is a sum over {one.over}, which is not a player{near(one.over, names)}", symbol=one.symbol.name
            )
    groups = {p.name for p in model.players if p.count != 1} | {one.over for one in model.aggregates}
    for player in model.players:
        if player.name in groups:
            _count(model, player.name, sympy.sympify(player.count))
    if not groups:
        return
    for protocol in model.protocols:
        _decided_alone(protocol, groups)
        for name in groups:
            _number_comes_first(model, protocol, name)
        chosen = {name: _chosen(protocol, name) for name in groups}
        for one in model.aggregates:
            _of_a_member(model, protocol, one.symbol, substitute_definitions(sympy.sympify(one.of), model.definitions), chosen, one.over)
        for player in model.players:
            _through_sums(protocol, player.name, substitute_definitions(player.objective, model.definitions), chosen)
    taken = {item.symbol.name for group in (model.parameters, model.variables, model.definitions) for item in group}
    for variable in model.variables:
        if other(variable.symbol).name in taken:
            raise StatementError("is the name of what the others choose: call it otherwise", symbol=other(variable.symbol).name)


def _chosen(protocol: Protocol, name: str) -> set[Symbol]:
    return {s for stage in protocol.stages for d in stage.decisions if name in d.by for s in d.chooses}


def _count(model: Model, name: str, count: Expr) -> None:
    chosen = {variable.symbol: variable.domain for variable in model.variables}
    whole = {parameter.symbol for parameter in model.parameters if parameter.integer} | set(chosen)
    for symbol in sorted(count.free_symbols - whole, key=str):
        raise StatementError(
            f"is in the number of players, {count}, and is not declared with integer=True", player=name, symbol=symbol.name
        )
    if count.is_Rational and not (count.is_Integer and count >= 1):
        raise StatementError(f"there cannot be {count} of them", player=name)
    known = (*model.assumptions, *(r for s in sorted(count.free_symbols & set(chosen), key=str) for r in chosen[s]))
    if not count.is_Rational and (count >= 1) not in known and prove(count >= 1, known) is None:
        raise StatementError(f"the assumptions do not say that there is at least one: {count} >= 1", player=name)


def _number_comes_first(model: Model, protocol: Protocol, name: str) -> None:
    """A number of members that is chosen is known to all of them when they decide."""
    numbers = sympy.sympify(model.player(name).count).free_symbols & {v.symbol for v in model.variables}
    settled: set[Symbol] = set()
    for number, stage in enumerate(protocol.stages, 1):
        if any(name in decision.by for decision in stage.decisions):
            for symbol in sorted(numbers - settled, key=str):
                raise StatementError(
                    "is how many of them there are, and is not chosen before they decide",
                    protocol=protocol.key, stage=str(number), player=name, symbol=symbol.name,
                )  # fmt: skip
        settled |= {s for decision in stage.decisions for s in decision.chooses}


def _decided_alone(protocol: Protocol, groups: set[str]) -> None:
    for number, stage in enumerate(protocol.stages, 1):
        for decision in stage.decisions:
            mixed = sorted(groups & set(decision.by))
            if mixed and len(decision.by) > 1:
                raise StatementError(
                    "stands for several players, each of whom decides for itself: it cannot decide jointly with others",
                    protocol=protocol.key, stage=str(number), player=mixed[0],
                )  # fmt: skip


def _of_a_member(model: Model, protocol: Protocol, symbol: Symbol, of: Expr, chosen: dict[str, set[Symbol]], over: str) -> None:
    sums = {one.symbol for one in model.aggregates}
    for inner in sorted(of.free_symbols & sums, key=str):
        raise StatementError(f"sums over {inner}, which is itself a sum", symbol=symbol.name)
    variables = {variable.symbol for variable in model.variables}
    everybody = {s for stage in protocol.stages for d in stage.decisions for s in d.chooses}
    for choice in sorted((of.free_symbols & variables & everybody) - chosen[over], key=str):
        raise StatementError(
            f"adds up {of} over {over}, who does not choose {choice}", protocol=protocol.key, symbol=symbol.name
        )


def _through_sums(protocol: Protocol, name: str, objective: Expr, chosen: dict[str, set[Symbol]]) -> None:
    for group in sorted(chosen):
        if group == name:
            continue
        for symbol in sorted(objective.free_symbols & chosen[group], key=str):
            raise StatementError(
                f"earns something that depends on the choice of a single one of the players called {group}: "
                "state a sum over them as an Aggregate",
                protocol=protocol.key, player=name, symbol=symbol.name,
            )  # fmt: skip
