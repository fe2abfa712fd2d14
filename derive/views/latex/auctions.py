"""Steps about auctions as flat views; importing this module registers them."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.auctions import steps as kinds
from derive.auctions.ir import Auction, DoubleAuction
from derive.ir import PowerDistribution
from derive.render import Tex
from derive.views.latex.breaking import Display
from derive.views.latex.certificates import reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import law_text
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class Chance:
    """The probability that all others are worse."""

    type: Tex
    law: Tex
    others: Tex
    worth: Tex
    falling: bool
    power: bool
    display: Display


@dataclass(frozen=True)
class Bidding:
    """Who bids: all, nobody, or the types beyond the one that the least bid leaves nothing."""

    type: Tex
    reserve: Tex
    worst: Tex
    level: Tex
    cutoff: Tex
    everybody: bool
    nobody: bool
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Earned:
    """What a type earns, by the envelope theorem."""

    cutoff: Tex
    rate: Tex
    display: Display


@dataclass(frozen=True)
class Bid:
    """The bid, and what shows that it moves with the type as it must."""

    bid: Display
    margin: Display
    rate: Tex
    power: Tex
    own: bool
    keener: str
    cutoff: Tex


@dataclass(frozen=True)
class OfAll:
    """The bid where losers pay, too."""

    bid: Display
    worth: Tex
    least: Tex
    payment: Display
    keener: str
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Truthful:
    """The rival bid at which winning is worth nothing."""

    rival: Tex
    win: Tex
    bid: Display


@dataclass(frozen=True)
class Paid:
    """What all pay in expectation."""

    worth: Tex
    paid: bool
    value: Display


@step_view.register
def _(step: kinds.WinningChance, writer: Writer) -> Chance:
    writer.introduce(step.chance, "G")
    return Chance(
        writer.math(step.type),
        Tex(law_text(step.type, step.law, writer.shape)),
        writer.math(step.bidders - 1),
        writer.math(step.worth),
        step.lowest_wins,
        isinstance(step.law, PowerDistribution),
        writer.display("G", step.chance, label=writer.label(step)),
    )


@step_view.register
def _(step: kinds.BiddingTypes, writer: Writer) -> Bidding:
    nobody, everybody = step.cutoff is None, step.cutoff == step.worst
    level = step.levels[0 if everybody else 1]
    return Bidding(
        writer.math(step.type),
        writer.math(step.reserve),
        writer.math(step.worst),
        writer.math(level),
        writer.math(step.cutoff) if step.cutoff is not None else Tex(""),
        everybody,
        nobody,
        reasons((certificate for _, certificate in step.order), writer),
    )


@step_view.register
def _(step: kinds.EnvelopePayoff, writer: Writer) -> Earned:
    return Earned(
        writer.math(step.cutoff), writer.math(step.slope * _g()), writer.display("U", step.earned, label=writer.label(step))
    )


def _g() -> Expr:
    return Symbol("G", real=True)


@step_view.register
def _(step: kinds.WinnerPays, writer: Writer) -> Bid:
    return Bid(
        writer.display(writer.shape.tex(step.own), step.bid, label=writer.label(step)),
        writer.display("m", step.margin),
        writer.math(step.slope * _g() ** step.power),
        writer.math(_g() ** step.power),
        step.power == 1,
        "falls" if step.slope < 0 else "rises",
        writer.math(step.cutoff),
    )


@step_view.register
def _(step: kinds.AllPay, writer: Writer) -> OfAll:
    payment = (step.worth * _g() - Symbol("U", real=True)) if step.slope > 0 else Symbol("U", real=True) - step.worth * _g()
    return OfAll(
        writer.display(writer.shape.tex(step.own), step.bid, label=writer.label(step)),
        writer.math(step.worth),
        writer.math(step.least),
        writer.display("", payment, relation=""),
        "falls" if step.slope < 0 else "rises",
        reasons((step.certificate,), writer),
    )


@step_view.register
def _(step: kinds.TruthfulBid, writer: Writer) -> Truthful:
    return Truthful(
        writer.math(step.rival),
        writer.math(step.win),
        writer.display(writer.shape.tex(step.own), step.bid, label=writer.label(step)),
    )


@step_view.register
def _(step: kinds.ExpectedPayments, writer: Writer) -> Paid:
    difference = step.worth * _g() - Symbol("U", real=True)
    return Paid(
        writer.math(-difference if step.lowest_wins else difference),
        step.lowest_wins,
        writer.display(writer.shape.tex(step.payoff), step.value, label=writer.label(step)),
    )


@dataclass(frozen=True)
class Linear:
    """Ask and offer, as best replies to each other."""

    weight: Tex
    lowest: Tex
    highest: Tex
    buyer: Display
    seller: Display
    ask: Display
    offer: Display
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.LinearOffers, writer: Writer) -> Linear:
    s, b, k = Symbol("s", real=True), Symbol("b", real=True), step.weight
    return Linear(
        writer.math(k),
        writer.math(step.lowest),
        writer.math(step.highest),
        writer.display("", step.value - b - k * (b - step.lowest), relation="", tail=" = 0"),
        writer.display("", (1 - k) * (step.highest - s) - (s - step.cost), relation="", tail=" = 0"),
        writer.display("s", step.ask),
        writer.display("b", step.offer),
        reasons((certificate for _, certificate in step.order), writer),
    )


@dataclass(frozen=True)
class Gains:
    """What both expect where they may trade."""

    sold: Display
    bought: Display


@step_view.register
def _(step: kinds.ExpectedTrade, writer: Writer) -> Gains:
    return Gains(writer.display("", step.sold, relation=""), writer.display("", step.bought, relation=""))


# --- the statement in words --------------------------------------------------------------------------------------------------


def auction_paragraphs(auction: Auction, writer: Writer) -> list[str]:
    """Who bids, what each knows, who wins, and which bids are admitted."""
    what = "The lowest bid wins" if auction.lowest_wins else "The highest bid wins"
    bound = ""
    if auction.reserve is not None:
        bound = (
            f", and none {'above' if auction.lowest_wins else 'below'} the reserve {writer.math(auction.reserve)} is admitted"
        )
    best = f"{writer.math(auction.rival)} stands for the best bid among the others'"
    best += ", or the reserve where that is no better" if auction.reserve is not None else ""
    return [
        f"There are {writer.math(auction.bidders)} bidders. Each knows its own type {writer.math(auction.type.symbol)} only; types are "
        f"drawn independently, and {law_text(auction.type.symbol, auction.type.law, writer.shape)}. All bid at once. {what}{bound}; {best}."
    ]


def double_auction_paragraphs(auction: DoubleAuction, writer: Writer) -> list[str]:
    """Who knows what, when they trade and at which price."""
    s, b, k = auction.ask.symbol, auction.offer.symbol, auction.weight
    laws = " and ".join(law_text(t.symbol, t.law, writer.shape) for t in (auction.cost, auction.value))
    return [
        f"A seller with the cost {writer.math(auction.cost.symbol)} asks for {writer.math(s)}, and at the same time a buyer with the value "
        f"{writer.math(auction.value.symbol)} offers {writer.math(b)}. Each knows its own type only; {laws}, independently. They trade if "
        f"{writer.math(b)} is at least {writer.math(s)}, at the price {writer.math(k * b + (1 - k) * s)}."
    ]


def rules_text(auction: Auction, key: str, writer: Writer) -> Tex:
    """What the winner and the losers earn."""
    one = auction.format(key)
    return Tex(f"The winner earns {writer.math(one.win)}, and a loser {writer.math(one.lose) if one.lose != 0 else 'nothing'}.")
