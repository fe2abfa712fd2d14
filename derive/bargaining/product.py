"""What a decision reached by bargaining means.

Where a payment between two who bargain moves their payoffs against each other one for one, also a price for a quantity that they
agree on with it, they choose what they earn most with together, and the payment shares it: an equality. Else the bargain is a player
of its own, whose payoff is the product of the gains.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.relational import GreaterThan, LessThan
from sympy.logic.boolalg import Boolean

from derive.errors import StatementError
from derive.ir import Acceptance, Bargain, Decision, Definition, Feasibility, Model, Neutral, Player, Protocol, Sharing, Stage

__all__ = ["ProductOfGains", "bargains", "played", "unreported"]


class ProductOfGains(Player):
    """The player that a bargain amounts to; what it earns is of no interest in itself."""


def bargains(model: Model) -> tuple[Decision, ...]:
    """The decisions of the model that are reached by bargaining and not yet rewritten, each once."""
    decisions = (decision for protocol in model.protocols for stage in protocol.stages for decision in stage.decisions)
    return tuple(dict.fromkeys(one for one in decisions if one.bargain is not None and not _rewritten_before(one)))


def _rewritten_before(decision: Decision) -> bool:
    return any(isinstance(one, Sharing) for one in decision.subject_to)


def unreported(model: Model) -> frozenset[Symbol]:
    """The payoffs that stand for products of gains."""
    return frozenset(player.payoff for player in model.players if isinstance(player, ProductOfGains))


@lru_cache(maxsize=16)
def played(model: Model, key: str) -> Model:
    """The model as its protocol `key` plays it: every bargain a decision of one more player, who earns the product of the gains.

    All gains must be positive. Weights that are numbers are brought to integers without a common factor, which changes no
    maximum. Raises StatementError for a bargain that is ill-posed.
    """
    protocol = model.protocol(key)
    found = bargains(replace(model, protocols=(protocol,)))
    if not found:
        return model
    players: dict[str, Player] = {}
    for decision in found:
        if _transfer(model, protocol, decision) is not None:
            continue
        player = _product(model, decision)
        if players.setdefault(player.name, player) != player:
            raise StatementError("the same players bargain on different terms", model=model.key, player=player.name)
    protocols = tuple(_rewritten(model, one) if one is protocol else one for one in model.protocols)
    paid = {_transfer(model, protocol, decision) for decision in found}
    variables = tuple(replace(v, domain=()) if v.symbol in paid else v for v in model.variables)
    return replace(model, variables=variables, players=(*model.players, *players.values()), protocols=protocols)


def _rewritten(model: Model, protocol: Protocol) -> Protocol:
    stages = tuple(
        Stage(tuple(_decided(model, protocol, one) if one.bargain is not None else one for one in stage.decisions))
        for stage in protocol.stages
    )
    return replace(protocol, stages=stages)


def _decided(model: Model, protocol: Protocol, decision: Decision) -> Decision:
    transfer = _transfer(model, protocol, decision)
    if transfer is not None:
        return _shared(model, decision, transfer)
    gains = tuple(
        Acceptance(f"{name} gains", gain > 0) for name, gain in zip(decision.by, _gains(model, decision), strict=True)
    )
    return Decision((_name(decision),), decision.chooses, (*decision.subject_to, *gains), decision.indifferent)


def _transfer(model: Model, protocol: Protocol, decision: Decision) -> Symbol | None:
    """A choice of two who bargain that only moves money between them, at a rate on which nothing has a say but what they agree on
    with it: no other choice depends on it, and nothing bounds it but closed bounds of its own that may be asked in the end."""
    if len(decision.by) != 2:
        return None
    _valid(model, decision)
    chosen = {symbol for stage in protocol.stages for one in stage.decisions for symbol in one.chooses}
    stated = [one for stage in protocol.stages for other in stage.decisions for one in other.subject_to]
    constraints = [one for one in stated if isinstance(one, Feasibility)]
    if len(constraints) < len(stated):
        return None
    first = decision in protocol.stages[0].decisions
    gains = _gains(model, decision)
    for symbol in reversed(decision.chooses):
        free = [v.symbol for v in model.variables if v.symbol == symbol and first and all(map(_is_closed, v.domain))]
        bounds = [relation for v in model.variables if v.symbol not in free for relation in v.domain]
        spoken = set().union(*(r.free_symbols for r in (*bounds, *(one.relation for one in constraints))))
        slopes = {player.name: _slope(model, player, symbol) for player in model.players}
        own = [slopes[name] for name in decision.by]
        beside = chosen - (set(decision.chooses) - {symbol})
        moves = symbol not in spoken and not any(slope.free_symbols & beside for slope in slopes.values())
        if moves and own[0] != 0 and sympy.expand(own[0] + own[1]) == 0 and all(symbol in gain.free_symbols for gain in gains):
            return symbol
    return None


def _is_closed(relation: Boolean) -> bool:
    return isinstance(relation, GreaterThan | LessThan)


def _slope(model: Model, player: Player, symbol: Symbol) -> Expr:
    return sympy.expand(_written_out(model.definitions, player.objective).diff(symbol))


def _shared(model: Model, decision: Decision, transfer: Symbol) -> Decision:
    """The decision to earn as much as possible together, with the payment that shares the gains by the weights."""
    bargain = _valid(model, decision)
    first, second = (sympy.sympify(weight) for weight in bargain.weights)
    one, two = _gains(model, decision)
    rate = sympy.expand(one.diff(transfer))
    start = {transfer: Integer(0)}
    payment = (first * two.xreplace(start) - second * one.xreplace(start)) / (rate * (first + second))
    surplus = one.xreplace(start) + two.xreplace(start)
    order = (*(symbol for symbol in decision.chooses if symbol != transfer), transfer)
    shared = Sharing("the gains are shared", sympy.Eq(transfer, payment, evaluate=False))
    terms = (shared, Acceptance("there is anything to bargain over", surplus >= 0))
    bounds = (relation for variable in model.variables if variable.symbol == transfer for relation in variable.domain)
    asked = (Acceptance(f"the payment respects {bound}", sympy.Ge(bound.gts - bound.lts, 0, evaluate=False)) for bound in bounds)
    return replace(decision, chooses=order, subject_to=(*decision.subject_to, *terms, *asked))


def _name(decision: Decision) -> str:
    return " with ".join(decision.by)


def _gains(model: Model, decision: Decision) -> tuple[Expr, ...]:
    bargain = _valid(model, decision)
    none = bargain.disagreement or (Integer(0),) * len(decision.by)
    return tuple(
        _written_out(model.definitions, model.player(name).objective - sympy.sympify(value))
        for name, value in zip(decision.by, none, strict=True)
    )


def _product(model: Model, decision: Decision) -> Player:
    powers = _powers(_valid(model, decision).weights)
    gains = _gains(model, decision)
    value = sympy.Mul(*(gain**power for gain, power in zip(gains, powers, strict=True)))
    symbol = Symbol("N_" + "_".join(decision.by).replace(" ", "_"), real=True)
    return ProductOfGains(_name(decision), value, symbol, "the product of the gains")


def _powers(weights: tuple[Expr, ...]) -> tuple[Expr, ...]:
    exact = tuple(sympy.sympify(weight) for weight in weights)
    if not all(isinstance(weight, Rational) for weight in exact):
        return exact
    scale = Rational(sympy.ilcm(1, *(weight.q for weight in exact)))
    whole = [weight * scale for weight in exact]
    return tuple(weight / sympy.igcd(*whole) for weight in whole)


def _valid(model: Model, decision: Decision) -> Bargain:
    bargain = decision.bargain
    assert bargain is not None
    who = " and ".join(decision.by)
    if len(decision.by) < 2:
        raise StatementError("nobody bargains alone", model=model.key, player=who)
    if len(bargain.weights) != len(decision.by) or len(bargain.disagreement) not in (0, len(decision.by)):
        raise StatementError("a bargain needs one weight per player, and as many disagreement payoffs or none", player=who)
    if any(weight.is_number and not weight > 0 for weight in map(sympy.sympify, bargain.weights)):
        raise StatementError("a weight in a bargain is not positive", model=model.key, player=who)
    shocks = {shock.symbol for shock in model.shocks}
    for name in decision.by:
        player = model.player(name)
        if shocks & _written_out(model.definitions, player.objective).free_symbols or not isinstance(player.risk, Neutral):
            raise StatementError("bargains over a payoff that is random or about which it is not neutral", player=name)
    return bargain


def _written_out(definitions: tuple[Definition, ...], expression: Expr) -> Expr:
    for _ in definitions:
        expression = expression.xreplace({item.symbol: item.value for item in definitions})
    return expression
