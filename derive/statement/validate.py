"""Ill-posed statements are refused here, in the paper's own words, before anything is computed.

`validate` raises `StatementError` with the first thing that is wrong. Coalition games and
repeated games have their own lists of what can be wrong; all kinds of statement enter through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import sympy
from sympy import Eq, Symbol

from derive.auctions.validate import Auction, DoubleAuction, validate_auction, validate_double_auction
from derive.bargaining.ir import BargainingProblem
from derive.bargaining.product import played
from derive.bargaining.validate import validate_bargaining
from derive.coalition.ir import CoalitionGame
from derive.coalition.validate import validate as validate_coalition
from derive.contracts.validate import Screening, validate_screening
from derive.errors import StatementError
from derive.exact import near, require_exact
from derive.ir import CARA, Decision, Distribution, Feasibility, GeneralDistribution, Model, Participation, Protocol
from derive.law.lower import substitute_definitions
from derive.repeated.ir import RepeatedGame
from derive.repeated.validate import validate_repeated
from derive.statement.about_claims import validate_claims
from derive.statement.about_domains import check_inequality, validate_domains, validate_use
from derive.statement.about_groups import validate_groups
from derive.statement.stakes import fixed_choices, joint_payoff, matters
from derive.statement.wellformed import well_formed
from derive.system.catalogue import NAME
from derive.views.latex.names import symbol_tex

_UNSAFE_LATEX = re.compile(r"\\(?:input|include|openin|openout|read|write|immediate|special|catcode|csname|def|let|loop)")


@singledispatch
def validate(statement: object) -> None:
    """Raises StatementError when a statement is ill-posed."""
    raise StatementError(f"a {type(statement).__name__} is not a statement")


@validate.register
def _(game: CoalitionGame) -> None:
    well_formed(game)
    validate_coalition(game)


@validate.register
def _(game: RepeatedGame) -> None:
    well_formed(game)
    validate_repeated(game)


@validate.register
def _(problem: BargainingProblem | Screening) -> None:
    well_formed(problem)
    if isinstance(problem, Screening):
        validate_screening(problem)
    else:
        validate_bargaining(problem)


@validate.register
def _(auction: Auction | DoubleAuction) -> None:
    well_formed(auction)
    if isinstance(auction, Auction):
        validate_auction(auction)
    else:
        validate_double_auction(auction)


@validate.register
def _(model: Model) -> None:
    well_formed(model)
    try:
        declared = _declarations(model)
        _printing(model)
        _expressions(model, declared)
        for protocol in model.protocols:
            _protocol(model, protocol)
        validate_groups(model)
        _everything_is_chosen(model)
        validate_claims(model, declared)
        validate_domains(model)
        validate_use(model, (*(value for _, value, _ in _parts(model)), *(claim.asserts for claim in model.claims)))
    except StatementError as error:
        raise error.located(model=model.key) from None


# --- names -----------------------------------------------------------------------------------------------------------


def _declarations(model: Model) -> frozenset[Symbol]:
    """Every symbol of the model, each declared once under a usable name."""
    groups: list[tuple[str, Any]] = [
        *(("parameter", item) for item in model.parameters),
        *(("variable", item) for item in model.variables),
        *(("definition", item) for item in model.definitions),
        *(("aggregate", item) for item in model.aggregates),
        *(("shock", item) for item in model.shocks),
    ]
    named = [(role, item.symbol) for role, item in groups]
    named += [("payoff", player.payoff) for player in model.players]
    own = {s: i for i in model.instances for s in (p.symbol for p in i.parameters)}
    named += [("instance parameter", symbol) for symbol in own]
    seen: dict[str, str] = {}
    for role, symbol in named:
        if not isinstance(symbol, Symbol):
            raise StatementError(f"a {role} is named by {symbol!r}, which is not a symbol made by derive.ir.symbols")
        if not NAME.fullmatch(symbol.name):
            raise StatementError("a name is a letter, then letters, digits or _, at most 64", symbol=symbol.name)
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError(
                "was not made by derive.ir.symbols: it carries other assumptions and would be another symbol",
                symbol=symbol.name,
            )
        if symbol.name in seen:
            roles = f" as {role}" if seen[symbol.name] == role else f", as {seen[symbol.name]} and as {role}"
            raise StatementError(f"is declared twice{roles}", symbol=symbol.name)
        seen[symbol.name] = role
    for kind, keys in (
        ("protocol", [protocol.key for protocol in model.protocols]),
        ("player", [player.name for player in model.players]),
        ("claim", [claim.key for claim in model.claims]),
        ("instance", [instance.key for instance in model.instances]),
    ):
        for key in keys:
            if not key:
                raise StatementError(f"a {kind} has an empty name")
            if keys.count(key) > 1:
                raise StatementError(f"two {kind}s are called {key!r}")
    for key in (*(protocol.key for protocol in model.protocols), *(instance.key for instance in model.instances)):
        if not NAME.fullmatch(key):
            raise StatementError(f"{key!r} is not a key: a letter, then letters, digits or _, at most 64")
    if not model.players:
        raise StatementError("has no players")
    if not model.protocols:
        raise StatementError("has no protocols: nobody moves")
    return frozenset(symbol for _, symbol in named)


def _printing(model: Model) -> None:
    """No two symbols may look alike in print."""
    shown: dict[str, str] = {}
    items: list[tuple[Symbol, str]] = [
        (item.symbol, item.latex)
        for group in (model.parameters, model.variables, model.definitions, model.aggregates, model.shocks)
        for item in group
    ]
    items += [(player.payoff, player.latex) for player in model.players]
    for symbol, latex in items:
        if _UNSAFE_LATEX.search(latex):
            raise StatementError(f"its latex {latex!r} is a command, not a symbol", symbol=symbol.name)
        plain = re.sub(r"[{}\s]", "", latex or symbol_tex(symbol.name))
        if plain in shown:
            raise StatementError(f"prints exactly as {shown[plain]} does; give one of them another `latex`", symbol=symbol.name)
        shown[plain] = symbol.name


# --- expressions -----------------------------------------------------------------------------------------------------


def _expressions(model: Model, declared: frozenset[Symbol]) -> None:
    for where, value, place in _parts(model):
        try:
            require_exact(value, declared, where)
        except StatementError as error:
            raise error.located(**place) from None
    chosen = {variable.symbol for variable in model.variables}
    for relation in model.assumptions:
        for symbol in sorted(relation.free_symbols & chosen, key=str):
            raise StatementError(
                f"the assumption {relation} restricts a choice: state it in the variable's domain", symbol=symbol.name
            )
    _acyclic(model)
    _payoffs_apart(model)


def _payoffs_apart(model: Model) -> None:
    """Objectives say what is earned; the symbols under which that is reported are no part of them."""
    payoffs = {player.payoff for player in model.players}
    for player in model.players:
        objective = substitute_definitions(sympy.sympify(player.objective), model.definitions)
        for symbol in sorted(objective.free_symbols & payoffs, key=str):
            fault = "is a payoff's name and stands in an objective: write what is earned"
            raise StatementError(fault, player=player.name, symbol=symbol.name)


def _parts(model: Model) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Everything a model says, with where it says it."""
    for relation in model.assumptions:
        yield "the assumptions", relation, {}
    for definition in model.definitions:
        yield f"the definition of {definition.symbol}", definition.value, {"symbol": definition.symbol.name}
    for aggregate in model.aggregates:
        yield f"the aggregate {aggregate.symbol}", aggregate.of, {"symbol": aggregate.symbol.name}
    for variable in model.variables:
        for relation in variable.domain:
            yield f"the domain of {variable.symbol}", relation, {}
        for value in variable.values:
            yield f"the values of {variable.symbol}", value, {}
    for shock in model.shocks:
        yield from (("the law of " + shock.symbol.name, value, {}) for value in _law(shock.distribution))
    for instance in model.instances:
        for relation in instance.assumptions:
            yield f"the assumptions of instance {instance.key}", relation, {}
        for _, law in instance.laws:
            yield from ((f"a law of instance {instance.key}", value, {}) for value in _law(law))
    for player in model.players:
        place = {"player": player.name}
        if player.objective is None or (isinstance(player.objective, str) and not player.objective.strip()):
            raise StatementError("has no objective", player=player.name)
        yield "the objective", player.objective, place
        yield "the number of players", player.count, place
        if isinstance(player.risk, CARA):
            yield "the risk aversion", player.risk.risk_aversion, place
    for protocol in model.protocols:
        for name, value in protocol.objectives:
            yield "the objective", value, {"protocol": protocol.key, "player": name}
        for name, value in protocol.outside:
            yield "what is earned outside", value, {"protocol": protocol.key, "player": name}
        if protocol.coordinates is not None and protocol.coordinates.share is not None:
            yield "the share", protocol.coordinates.share, {"protocol": protocol.key}
        for number, decision in _decisions(protocol):
            place = {"protocol": protocol.key, "stage": str(number)}
            for constraint in decision.subject_to:
                stated = constraint.reservation if isinstance(constraint, Participation) else constraint.relation
                yield f"the constraint {constraint.name}", stated, place
            for value in (*decision.bargain.weights, *decision.bargain.disagreement) if decision.bargain else ():
                yield "the terms of a bargain", value, place


def _law(law: Distribution) -> Iterator[Any]:
    """What describes a law; a support may be endless, nothing else may."""
    ends = (law.low, law.high) if isinstance(law, GeneralDistribution) else ()
    values = (*ends, law.mean) if isinstance(law, GeneralDistribution) else tuple(vars(law).values())
    return (value for value in values if not (value in ends and value in (sympy.oo, -sympy.oo)))


def _acyclic(model: Model) -> None:
    uses = {item.symbol: sympy.sympify(item.value).free_symbols for item in model.definitions}
    settled: set[Symbol] = set()
    while uses:
        ready = [symbol for symbol, needed in uses.items() if not (needed & uses.keys())]
        if not ready:
            raise StatementError("is defined in terms of itself", symbol=min(symbol.name for symbol in uses))
        settled |= set(ready)
        for symbol in ready:
            del uses[symbol]


# --- protocols -------------------------------------------------------------------------------------------------------


def _decisions(protocol: Protocol) -> Iterator[tuple[int, Decision]]:
    for number, stage in enumerate(protocol.stages, start=1):
        for decision in stage.decisions:
            yield number, decision


def _protocol(model: Model, protocol: Protocol) -> None:
    players = {player.name for player in model.players}
    variables = {variable.symbol for variable in model.variables}
    place = {"protocol": protocol.key}
    if not protocol.stages:
        raise StatementError("has no stages", **place)
    chosen: dict[Symbol, int] = {}
    for number, stage in enumerate(protocol.stages, start=1):
        if not stage.decisions:
            raise StatementError("no decision is taken here", stage=str(number), **place)
    for number, decision in _decisions(protocol):
        at = {**place, "stage": str(number)}
        if not decision.by:
            raise StatementError("nobody takes this decision", symbol=", ".join(map(str, decision.chooses)), **at)
        if isinstance(decision.by, str):
            raise StatementError(f'`by` is a tuple of players: write ("{decision.by}",)', **at)
        for name in decision.by:
            if name not in players:
                raise StatementError(f"is not a player of the model{near(name, players)}", player=name, **at)
            if decision.by.count(name) > 1:
                raise StatementError("is named twice in one decision", player=name, **at)
        if not decision.chooses:
            raise StatementError("chooses nothing", player=" and ".join(decision.by), **at)
        for symbol in decision.chooses:
            if symbol not in variables:
                raise StatementError("is chosen and is not declared as a variable", symbol=str(symbol), **at)
            if symbol in chosen:
                where = f" in stage {number}" if chosen[symbol] == number else f", in stage {chosen[symbol]} and in stage {number}"
                raise StatementError(f"is chosen twice{where}", symbol=symbol.name, **at)
            chosen[symbol] = number
        for constraint in decision.subject_to:
            if isinstance(constraint, Feasibility) and not isinstance(constraint.relation, Eq):
                check_inequality(constraint.relation, f"the constraint {constraint.name}", at)
            if isinstance(constraint, Participation) and constraint.player not in players:
                raise StatementError(
                    f"is not a player of the model{near(constraint.player, players)}", player=constraint.player, **at
                )
    _bounds(model, chosen, place)
    for name, _ in (*protocol.outside, *protocol.objectives):
        if name not in players:
            raise StatementError(f"is not a player of the model{near(name, players)}", player=name, **place)
    _outside(protocol, place)
    asked = _asked(model, protocol, place)
    played(model.under(protocol), protocol.key)
    fixed = fixed_choices(protocol)
    for number, decision in _decisions(protocol):
        for symbol in sorted(variables - chosen.keys() - asked, key=str):
            if matters(joint_payoff(model.under(protocol), decision).xreplace(fixed), symbol):
                raise StatementError(
                    "is in the objective and nobody chooses it",
                    stage=str(number), player=" and ".join(decision.by), symbol=symbol.name, **place,
                )  # fmt: skip


def _bounds(model: Model, chosen: dict[Symbol, int], place: dict[str, str]) -> None:
    """A choice is bounded by what is known when it is made."""
    for variable in (variable for variable in model.variables if variable.symbol in chosen):
        made = chosen[variable.symbol]
        for relation in variable.domain:
            for symbol in sorted(relation.free_symbols & chosen.keys(), key=str):
                if chosen[symbol] > made:
                    fault = f"its bound {relation} speaks of {symbol}, which is chosen later: state it as a bound of {symbol}"
                    raise StatementError(fault, symbol=variable.symbol.name, stage=str(made), **place)


def _asked(model: Model, protocol: Protocol, place: dict[str, str]) -> set[Symbol]:
    """The contract's terms that a protocol asks for: variables, and a benchmark that is another protocol."""
    if protocol.coordinates is None:
        return set()
    terms, benchmark, share = protocol.coordinates.terms, protocol.coordinates.benchmark, protocol.coordinates.share
    for term in (term for term in terms if term not in {variable.symbol for variable in model.variables}):
        raise StatementError("is to coordinate and is not declared as a variable", symbol=term.name, **place)
    if share not in {None, *(parameter.symbol for parameter in model.parameters)}:
        raise StatementError("is the share to be had and is not declared as a parameter", symbol=str(share), **place)
    if benchmark == protocol.key or benchmark not in {other.key for other in model.protocols}:
        raise StatementError(f"is to be coordinated with '{benchmark}', which is no other protocol", **place)
    return set(terms)


def _outside(protocol: Protocol, place: dict[str, str]) -> None:
    """An outside option is open to whoever takes the first decision, and says what they earn."""
    if not protocol.outside:
        return
    first = protocol.stages[0].decisions
    if len(first) > 1:
        raise StatementError(
            "several decisions are taken first: it is not clear who chooses the outside option", stage="1", **place
        )
    stated = [name for name, _ in protocol.outside]
    for name in first[0].by:
        if name not in stated:
            raise StatementError("moves first, and `outside` does not say what it earns there", player=name, **place)
    for name in stated:
        if stated.count(name) > 1:
            raise StatementError("is named twice in `outside`", player=name, **place)


def _everything_is_chosen(model: Model) -> None:
    chosen = {symbol for protocol in model.protocols for _, decision in _decisions(protocol) for symbol in decision.chooses}
    chosen |= {term for one in model.protocols if one.coordinates is not None for term in one.coordinates.terms}
    for variable in model.variables:
        if variable.symbol not in chosen:
            raise StatementError("is declared as a variable and nobody ever chooses it", symbol=variable.symbol.name)
