"""The statement of an auction. Like `derive.ir`, nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.bargaining.ir import Arrangement
from derive.contracts.ir import HiddenType
from derive.ir import (
    Claim,
    Definition,
    Neutral,
    Parameter,
    PrintedFormula,
    PrintedNumber,
    PrintedRelation,
    Uniform,
    Variable,
)

__all__ = ["Auction", "DoubleAuction", "Earner", "Format"]


@dataclass(frozen=True)
class Earner:
    """Somebody whose expected payoff is reported under the symbol `payoff`: one bidder, or whoever holds the auction."""

    name: str
    payoff: Symbol
    meaning: str = ""
    unit: str = ""
    latex: str = ""

    @property
    def risk(self) -> Neutral:
        """All are risk neutral."""
        return Neutral()


@dataclass(frozen=True)
class Format:
    """Who pays what: what a bidder earns that wins (`win`) and one that does not (`lose`), in terms of its type, its own bid and the
    best rival bid. It plays the part of a protocol: claims say ``At(b, "first_price")``."""

    key: str
    title: str
    win: Expr
    lose: Expr = S.Zero


@dataclass(frozen=True)
class Auction:
    """One object, or one order, among `bidders` who each know their own type only; types are drawn independently from `type.law`.

    Each bids once, without seeing the others. The highest bid wins, or the lowest where `lowest_wins` (a tender). Bids beyond the
    `reserve` are not admitted: none below it is, or none above it in a tender. `rival` stands for the best bid among the others',
    or the reserve where that is no better. What is derived is the equilibrium in which all use the same bid as a function of their type.
    `bidder` is what one expects who knows its type; `seller` what all bidders together pay in expectation (are paid, in a tender).
    """

    key: str
    title: str
    source: str
    type: HiddenType
    bidders: Expr
    bid: Variable
    rival: Symbol
    bidder: Earner
    seller: Earner
    formats: tuple[Format, ...]
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Boolean, ...] = ()
    lowest_wins: bool = False
    reserve: Expr | None = None
    definitions: tuple[Definition, ...] = ()
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedRelation | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What each bidder chooses."""
        return (self.bid,)

    @property
    def players(self) -> tuple[Earner, Earner]:
        """Bidder and seller, under the name that players have in other statements."""
        return (self.bidder, self.seller)

    @property
    def protocols(self) -> tuple[Arrangement, ...]:
        """The formats with their titles, as a document names its sections."""
        return tuple(Arrangement(one.key, one.title) for one in self.formats)

    @property
    def support(self) -> tuple[Expr, Expr]:
        """The lowest and the highest type."""
        law = self.type.law
        return (law.low if isinstance(law, Uniform) else S.Zero, law.high)

    def format(self, key: str) -> Format:
        """The format of that key. Raises KeyError."""
        return {one.key: one for one in self.formats}[key]


@dataclass(frozen=True)
class DoubleAuction:
    """A seller asks and a buyer offers at once, each knowing its own type only; they trade if the offer is no less than the ask.

    The seller's `cost` and the buyer's `value` are drawn independently. The price is the mean of the two, with the `weight` on the
    offer. What is derived is the equilibrium in linear strategies: ask and offer are linear in the type wherever trade is possible.
    Each of `seller` and `buyer` expects its payoff knowing its own type.
    """

    key: str
    title: str
    source: str
    cost: HiddenType
    value: HiddenType
    ask: Variable
    offer: Variable
    weight: Expr
    seller: Earner
    buyer: Earner
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Boolean, ...] = ()
    definitions: tuple[Definition, ...] = ()
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedRelation | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Variable, Variable]:
        """What the two choose."""
        return (self.ask, self.offer)

    @property
    def players(self) -> tuple[Earner, Earner]:
        """Seller and buyer, under the name that players have in other statements."""
        return (self.seller, self.buyer)

    @property
    def protocols(self) -> tuple[Arrangement, ...]:
        """The one equilibrium that is derived."""
        return (Arrangement("linear", "Linear strategies"),)
