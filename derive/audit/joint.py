"""Nothing pays those more who choose everything together: a comparison of protocols that needs no formula.

Where the same players make all choices of a protocol jointly, and what they earn together depends on nothing else, any other protocol
leaves them at choices that they could have made, too. So their sum is no less than it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Add, Expr, Symbol

from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.ir import At, Model, Protocol
from derive.solution import Solution
from derive.tree import free_symbols

__all__ = ["Joint", "comparable", "joint_choices"]


@dataclass(frozen=True)
class Joint:
    """Under `protocol` the sum of `payoffs` is as large as any choices make it, those under `other` among them."""

    protocol: str
    other: str
    payoffs: tuple[Symbol, ...]

    def sums(self) -> tuple[Expr, Expr]:
        """What is earned together under the protocol, and under the other."""
        earned = Add(*self.payoffs)
        return At(earned, self.protocol), At(earned, self.other)


def joint_choices(statement: Any) -> tuple[Joint, ...]:
    """All pairs of protocols of which the first is a joint choice of everything that matters to its players together."""
    if not isinstance(statement, Model):
        return ()
    found: list[Joint] = []
    for protocol in statement.protocols:
        together = _together(protocol)
        if together is None:
            continue
        for other in statement.protocols:
            if other is not protocol and _same_function(statement, protocol, other, together):
                payoffs = tuple(player.payoff for player in statement.players if player.name in together)
                found.append(Joint(protocol.key, other.key, payoffs))
    return tuple(found)


def _together(protocol: Protocol) -> frozenset[str] | None:
    """Those who jointly make all decisions, none of them a bargain or restricted; None where there is no such group."""
    decisions = [decision for stage in protocol.stages for decision in stage.decisions]
    makers = {frozenset(decision.by) for decision in decisions}
    if len(makers) != 1 or protocol.outside or any(d.subject_to or d.bargain or d.indifferent for d in decisions):
        return None
    return makers.pop()


def _same_function(statement: Model, protocol: Protocol, other: Protocol, together: frozenset[str]) -> bool:
    """Whether their sum is one function of the choices under both, and of none but those that they make together."""
    from derive.law.lower import lower

    if other.outside or any(player.count != 1 for player in statement.players):
        return False
    chosen = {symbol for stage in protocol.stages for decision in stage.decisions for symbol in decision.chooses}
    free = {variable.symbol for variable in statement.variables} - chosen
    try:
        mine, theirs = (dict(lower(statement, one).objectives) for one in (protocol, other))
        members = [player.payoff for player in statement.players if player.name in together]
        earned = normal(Add(*(mine[payoff] for payoff in members)))
        return not free_symbols(earned) & free and normal(earned - Add(*(theirs[payoff] for payoff in members))) == 0
    except (Refusal, NotRational):
        return False


def comparable(
    joint: Sequence[Joint], asked: Sequence[tuple[Expr, str]], definitions: Mapping[Symbol, Expr], known: Mapping[str, Solution]
) -> Iterator[Joint]:
    """Those that compare payoffs and protocols which are `asked` for, with values in every regime and a root in one of them."""
    spoken = {protocol for _, protocol in asked}
    named = frozenset(symbol for quantity, _ in asked for symbol in _with_parts(quantity, definitions))
    for one in joint:
        if not {one.protocol, one.other} <= spoken & set(known) or not named & set(one.payoffs):
            continue
        regimes = [regime for key in (one.protocol, one.other) for regime in known[key].regimes]
        told = all(payoff in dict(regime.values) for payoff, regime in product(one.payoffs, regimes))
        if told and not any(regime.outside for regime in regimes) and any(regime.implicit for regime in regimes):
            yield one


def _with_parts(quantity: Expr, definitions: Mapping[Symbol, Expr]) -> set[Symbol]:
    """The symbols of a quantity and of what defines them."""
    found: set[Symbol] = set()
    ahead = set(free_symbols(quantity))
    while ahead:
        found |= ahead
        ahead = {s for symbol in ahead for s in free_symbols(definitions.get(symbol, symbol))} - found
    return found
