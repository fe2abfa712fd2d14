"""Steps about bargaining problems as flat views; importing this module registers them."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Ge, Gt, Le, Lt

from derive.bargaining import steps as kinds
from derive.field import normal
from derive.render import Tex
from derive.views.latex.breaking import NOTHING, Display, Row
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer

_RULES = {
    "nash": "the product of the gains, each raised to the player's weight, rises exactly where",
    "kalai_smorodinsky": "the gains are in proportion to the greatest possible ones, as the solution demands, exactly at the zero of",
    "egalitarian": "the gains are equal, as the solution demands, exactly at the zero of",
    "utilitarian": "the sum of the payoffs rises exactly where",
    "alternating_offers": "an offer, and the answer that it must match, leave both indifferent exactly at the zero of",
}


@dataclass(frozen=True)
class Shape:
    """The slopes along the frontier and the curvature, with the reasons for their signs."""

    variable: Tex
    rising: Tex
    falling: Tex
    bend: Tex
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Ends:
    """The agreements acceptable to both."""

    variable: Tex
    low: Tex
    high: Tex
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Rule:
    """What the solution balances."""

    rule: str
    maximised: bool
    offers: bool
    display: Display
    factored: bool
    reason: Tex
    falls: Tex


@dataclass(frozen=True)
class Found:
    """The agreement, with the signs at the ends."""

    variable: Tex
    low: Tex
    high: Tex
    display: Display
    implicit: bool
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Corner:
    """The agreement at an end."""

    variable: Tex
    end: Tex
    sign: Tex
    upper: bool
    reason: Tex


@dataclass(frozen=True)
class Shared:
    """Two gains and the payment that shares them, at a rate that is told unless it is one."""

    gains: Display
    transfer: Tex
    rate: Tex | None
    value: Display
    weights: Tex


@dataclass(frozen=True)
class Payoffs:
    """What both earn."""

    rows: Display
    thrown_away: bool


def _signed(value: Expr, relation: type, writer: Writer) -> Tex:
    claim = relation(value, 0, evaluate=False)
    symbol = {Gt: ">", Lt: "<", Ge: r"\geq", Le: r"\leq"}[relation]
    return math(f"{writer.shape.inline(claim.lhs)} {symbol} 0") if not value.is_number or value else Tex("")


@step_view.register
def _(step: kinds.Frontier, writer: Writer) -> Shape:
    return Shape(
        writer.math(step.variable),
        _signed(step.rising, Gt, writer),
        _signed(step.falling, Lt, writer),
        _signed(step.bend, Le, writer),
        reasons(step.certificates, writer),
    )


@step_view.register
def _(step: kinds.RationalPart, writer: Writer) -> Ends:
    because = reasons((*step.ends, *step.gains), writer)
    return Ends(writer.math(step.variable), writer.math(step.low), writer.math(step.high), because)


@step_view.register
def _(step: kinds.Balance, writer: Writer) -> Rule:
    return Rule(
        _RULES[step.solution],
        step.solution in ("nash", "utilitarian"),
        step.solution == "alternating_offers",
        writer.display("B", step.core, label=writer.label(step)),
        step.positive != 1,
        reason(step.positivity, writer),
        reason(step.certificate, writer),
    )


@step_view.register
def _(step: kinds.BalanceRoot, writer: Writer) -> Found:
    implicit = step.root == step.variable
    shown = step.core if implicit else step.root
    left = "0" if implicit else writer.shape.tex(step.variable)
    return Found(
        writer.math(step.variable),
        _signed(step.at_low, Gt, writer),
        _signed(step.at_high, Lt, writer),
        writer.display(left, shown, label=writer.label(step)),
        implicit,
        reasons(step.certificates, writer),
    )


@step_view.register
def _(step: kinds.BalanceCorner, writer: Writer) -> Corner:
    return Corner(
        writer.math(step.variable),
        writer.math(step.end),
        _signed(step.value, Ge if step.upper else Le, writer),
        step.upper,
        reason(step.certificate, writer),
    )


@step_view.register
def _(step: kinds.BargainedPayoffs, writer: Writer) -> Payoffs:
    return Payoffs(writer.equations(step.payoffs, label=writer.label(step)), False)


@dataclass(frozen=True)
class RoundView:
    """An offer of one round, or of the first of a number of rounds."""

    round: str
    proposer: str
    other: str
    last: bool
    display: Display
    count: Tex = NOTHING
    rounds: Tex = NOTHING
    start: Tex = NOTHING
    single: bool = False
    reason: Tex = NOTHING


@step_view.register
def _(step: kinds.RoundOffer, writer: Writer) -> RoundView:
    names = ("first", "second")
    return RoundView(
        str(step.round),
        names[step.proposer],
        names[1 - step.proposer],
        step.round == step.rounds,
        writer.display(writer.shape.tex(step.variable), step.offer, label=writer.label(step)),
    )


@step_view.register
def _(step: kinds.OffersByInduction, writer: Writer) -> RoundView:
    return RoundView(
        "",
        "first",
        "second",
        False,
        writer.display(writer.shape.tex(step.variable), step.offer, label=writer.label(step)),
        writer.math(step.count),
        writer.math(step.rounds),
        writer.math(step.start),
        bool(step.rounds.xreplace({step.count: step.start}) == 1),
        reason(step.certificate, writer),
    )


@step_view.register
def _(step: kinds.SharedGains, writer: Writer) -> Shared:
    rows = [Row(f"G_{number}", (writer.form(gain),)) for number, gain in enumerate(step.gains, 1)]
    weights = words_list([writer.math(weight) for weight in step.weights])
    symbol = writer.shape.tex(step.transfer)
    rate = next(size for size in (normal(gain.diff(step.transfer)) for gain in step.gains) if not size.could_extract_minus_sign())
    return Shared(
        writer.setter.rows(rows, shape=writer.shape),
        writer.math(step.transfer),
        writer.math(rate) if rate != 1 else None,
        writer.display(symbol, step.value, label=writer.label(step)),
        weights,
    )
