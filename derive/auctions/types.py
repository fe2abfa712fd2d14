"""Types by their distance from the worst one, in which chances to win are powers; and the rules of a format read as payments."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Symbol

from derive.auctions.ir import Auction, Format
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.ir import Uniform

__all__ = ["Rules", "Types", "rules_of", "types_of"]


@dataclass(frozen=True)
class Types:
    """The share of types worse than one is ``(distance/length)**exponent``; better types are higher or lower ones (``side``)."""

    symbol: Symbol
    distance: Expr
    length: Expr
    exponent: Expr
    side: int
    worst: Expr
    best: Expr
    bidders: Expr

    @property
    def power(self) -> Expr:
        """The chance to win is this power of the distance from the worst type, as a share of the length."""
        return self.exponent * (self.bidders - 1)

    @property
    def chance(self) -> Expr:
        """The probability that all others are worse."""
        return self.distance**self.power / self.length**self.power

    def of(self, value: Expr, type_: Expr) -> Expr:
        """An expression in the type, at a type."""
        return sympy.sympify(value).xreplace({self.symbol: type_})

    def away(self, type_: Expr) -> Expr:
        """How far a type is from the worst."""
        return normal(self.of(self.distance, type_))

    def at(self, distance: Expr) -> Expr:
        """The type at a distance from the worst."""
        return normal(self.worst + self.side * distance)


def types_of(auction: Auction) -> Types:
    """The types of a valid statement. Raises Refusal where their shares are no powers of a distance."""
    law, theta = auction.type.law, auction.type.symbol
    low, high = (sympy.sympify(end) for end in auction.support)
    bidders = sympy.sympify(auction.bidders)
    exponent = Integer(1) if isinstance(law, Uniform) else sympy.sympify(law.exponent)
    if auction.lowest_wins:
        if exponent != 1:
            raise Refusal(
                "the chance that all others have higher types has no antiderivative under this law", symbol=theta.name
            )
        return Types(theta, high - theta, high - low, exponent, -1, high, low, bidders)
    return Types(theta, theta - low, high - low, exponent, 1, low, high, bidders)


@dataclass(frozen=True)
class Rules:
    """A format: the winner earns ``worth + own*bid + rival*best rival bid``, a loser ``loses*bid``."""

    worth: Expr
    slope: Expr
    own: Expr
    rival: Expr
    loses: Expr


def rules_of(auction: Auction, one: Format) -> Rules:
    """The rules of a format. Raises Refusal where payments are not proportional to bids, or the worth not linear in the type."""
    b, r, theta = auction.bid.symbol, auction.rival, auction.type.symbol
    win, lose = (_written_out(auction, value) for value in (one.win, one.lose))
    own, rival, loses = derivative(win, b), derivative(win, r), derivative(lose, b)
    worth = normal(win.xreplace({b: Integer(0), r: Integer(0)}))
    rest = normal(lose - loses * b)
    if rest != 0:
        raise Refusal(f"a loser earns {rest} beside what is paid for its bid", symbol=b.name)
    for value in (own, rival, loses):
        if value.free_symbols & {b, r, theta}:
            raise Refusal("payments are not proportional to the bids", symbol=b.name)
    slope = derivative(worth, theta)
    if not slope.is_Rational or slope == 0 or (slope > 0) == auction.lowest_wins:
        better = "falls" if auction.lowest_wins else "rises"
        raise Refusal(f"what winning is worth, {worth}, is no linear function of the type that {better}", symbol=theta.name)
    return Rules(worth, slope, own, rival, loses)


def _written_out(auction: Auction, value: Expr) -> Expr:
    value = sympy.sympify(value)
    for item in reversed(auction.definitions):
        value = value.xreplace({item.symbol: sympy.sympify(item.value)})
    return value
