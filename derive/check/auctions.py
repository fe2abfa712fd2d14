"""Verifiers of the steps about auctions, and the checks of whole solutions: every type tries every bid.

That the bids are an equilibrium follows from what the steps show: the gain of a type from the bid of a type ``t``, ``V G(t)`` less what
``t`` pays, changes with ``t`` at the rate ``(V - V(t)) G'(t)``, because what ``t`` earns changes at the rate ``V' G``. So it is largest at
the own bid. A keener bid than the best type's wins no more and costs more; types beyond the cut-off would lose by any admissible bid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Integer, sympify
from sympy.logic.boolalg import Boolean

from derive.auctions import steps
from derive.auctions.ir import Auction, Format
from derive.check.auctions_attack import attack_auction
from derive.check.context import Context, follows, proved
from derive.check.continuum import at_type, between, cdf, plain, verified
from derive.check.registry import need
from derive.solution import Regime, Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "verify_solutions"]


def verify_solutions(auction: Auction, solutions: Iterable[Solution], points: int = 50) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, bids that some type would not make."""
    return verified(
        auction, solutions, lambda one, known: _unshown(auction, one, known), lambda one: attack_auction(auction, one, points)
    )


def _unshown(auction: Auction, solution: Solution, known: Mapping[str, Step]) -> list[str]:
    """Regimes that report what no step shows."""
    made = tuple(known.values())
    return [
        f"the regime {regime.name} reports what no step shows"
        for regime in solution.regimes
        if not _shown(auction, regime, made)
    ]


def _shown(auction: Auction, regime: Regime, known: Sequence[Step]) -> bool:
    values = dict(regime.values)
    bid, earned, paid = (values.get(s) for s in (auction.bid.symbol, auction.bidder.payoff, auction.seller.payoff))
    here = [step for step in known if all(relation in regime.region for relation in step.given)]
    if any(isinstance(step, steps.BiddingTypes) and step.cutoff is None for step in here):
        return bid is None and earned == 0 and paid == 0
    payments = [step for step in here if isinstance(step, steps.ExpectedPayments) and step.value == paid]
    for payment in payments:
        theta, high = auction.type.symbol, not auction.lowest_wins
        inside = theta >= payment.cutoff if high else theta <= payment.cutoff
        beyond = theta < payment.cutoff if high else theta > payment.cutoff
        if beyond in regime.region:
            return bid is None and earned == 0
        whole = payment.cutoff == auction.support[0 if high else 1]
        bids = [s for s in here if isinstance(s, steps.WinnerPays | steps.AllPay | steps.TruthfulBid) and s.bid == bid]
        if (whole or inside in regime.region) and earned == payment.earned and bids:
            return True
    return False


# --- the steps -----------------------------------------------------------------------------------------------------------------


def _auction(context: Context) -> Auction:
    need(isinstance(context.statement, Auction), "the statement is not an auction")
    return context.statement  # type: ignore[return-value]


def _format(step: Any, auction: Auction) -> Format:
    """The format with the rules of a step. Where a step names no payoff of losers, they pay nothing."""
    lose = plain(auction, getattr(step, "lose", Integer(0)))
    found = [one for one in auction.formats if one.win == step.win and sympy.expand(plain(auction, one.lose) - lose) == 0]
    need(bool(found), "no format has these rules")
    return found[0]


def _worst_and_best(auction: Auction) -> tuple[Expr, Expr]:
    low, high = (sympify(end) for end in auction.support)
    return (high, low) if auction.lowest_wins else (low, high)


def _winning_chance(step: steps.WinningChance, context: Context) -> None:
    auction = _auction(context)
    need((step.type, step.law) == (auction.type.symbol, auction.type.law), "another type")
    need(step.lowest_wins == auction.lowest_wins, "who wins")
    context.equal(step.bidders, sympify(auction.bidders), "the number of bidders")
    need(follows(sympy.Ge(step.bidders, 2), context.known), "one bidder")
    need(not step.given, "it holds for some parameters only")
    blank = {auction.bid.symbol: Integer(0), auction.rival: Integer(0)}
    worths = [plain(auction, one.win).xreplace(blank) for one in auction.formats]
    need(any(sympy.expand(worth - step.worth) == 0 for worth in worths), "no format has that worth")
    need(bool(step.slope.is_Rational), "the slope is no number")
    context.equal(step.worth.diff(step.type), step.slope, "the slope of the worth")
    need(step.slope != 0 and (step.slope < 0) == step.lowest_wins, "the keenest type is not the one that wins")
    need(step.worst == _worst_and_best(auction)[0], "the worst type")
    worse = cdf(step.law, step.type)
    worse = 1 - worse if step.lowest_wins else worse
    _inside(auction, context).equal(step.chance, worse ** (step.bidders - 1), "the chance to win")


def _inside(auction: Auction, context: Context, *more: Boolean) -> Context:
    """For a type strictly inside the support."""
    low, high = (sympify(end) for end in auction.support)
    return between(context, auction.type.symbol, low, high, high > low, *more)


def _chance(step: Any, context: Context) -> steps.WinningChance:
    found = [one for one in context.earlier if isinstance(one, steps.WinningChance)]
    need(len(found) == 1, "the chance to win is not shown before")
    for name in ("type", "worth", "slope", "chance", "law", "bidders", "lowest_wins"):
        need(getattr(step, name, None) in (None, getattr(found[0], name)), f"another {name}")
    return found[0]


def _cutoff(cutoff: Expr, step: Step, context: Context) -> None:
    """The cut-off is the one that is shown for these parameters; without a reserve it is the worst type."""
    auction = _auction(context)
    if auction.reserve is None:
        need(cutoff == _worst_and_best(auction)[0], "without a reserve all bid")
        return
    found = [one for one in context.earlier if isinstance(one, steps.BiddingTypes) and one.given == step.given]
    need(len(found) == 1 and found[0].cutoff == cutoff, "who bids is not shown")


def _bidding_types(step: steps.BiddingTypes, context: Context) -> None:
    auction, chance = _auction(context), _chance(step, context)
    one, reserve = _format(step, auction), sympify(auction.reserve)
    need(auction.reserve is not None and step.reserve == reserve, "another reserve")
    need((step.worst, step.best) == _worst_and_best(auction), "the ends of the types")
    win, lose = (
        plain(auction, value).xreplace({auction.bid.symbol: reserve, auction.rival: reserve}) for value in (one.win, one.lose)
    )
    theta = step.type
    losing = sympy.expand(lose) != 0
    # By the least bid a type wins with the chance that nobody else bids, that all others are worse.
    if losing:
        context.equal(
            sympy.expand(win - lose).xreplace({theta: step.worst}), Integer(0), "winning is worth something to the worst"
        )
        levels = (lose, win.xreplace({theta: step.best}))
        need(context.sampled_sign(lose) < 0, "the least bid does not cost a loser anything")
    else:
        levels = (win.xreplace({theta: step.worst}), win.xreplace({theta: step.best}))
    for stated, own in zip(step.levels, levels, strict=True):
        context.equal(stated, own, "what the least bid earns")
    first, second = step.levels
    claims: tuple[Boolean, ...] = (first < 0, second > 0)
    if step.cutoff is None:
        claims = (sympy.Le(second, 0),)
    elif step.cutoff == step.worst:
        claims = (sympy.Ge(first, 0),)
    need(len(claims) == len(step.order), "a sign is missing")
    for claim, (stated, certificate) in zip(claims, step.order, strict=True):
        need(claim == stated, "another sign")
        proved(sympify(stated), certificate, context.known, "who bids")
    if step.cutoff is not None and step.cutoff != step.worst:
        share = chance.chance.xreplace({theta: step.cutoff}) if losing else Integer(1)
        worth = (win - lose).xreplace({theta: step.cutoff})
        context.equal(worth * share + lose, Integer(0), "the marginal type earns nothing")


def _envelope(step: steps.EnvelopePayoff, context: Context) -> None:
    auction = _auction(context)
    _chance(step, context)
    _cutoff(step.cutoff, step, context)
    _inside(auction, context).equal(step.earned.diff(step.type), step.slope * step.chance, "what a type earns")
    context.equal(at_type(step.earned, step.type, step.cutoff, context), Integer(0), "the marginal type earns nothing")


def _earned(step: Any, context: Context) -> steps.EnvelopePayoff:
    found = [one for one in context.earlier if isinstance(one, steps.EnvelopePayoff) and one.given == step.given]
    need(len(found) == 1 and found[0].earned == step.earned, "what a type earns is not shown")
    return found[0]


def _rates(step: Any, context: Context) -> tuple[Expr, Expr, Expr]:
    """What the winner's payoff changes by with its own and the best rival bid, a loser's with its own: none is paid for a bid."""
    auction = _auction(context)
    one = _format(step, auction)
    need((step.own, step.rival) == (auction.bid.symbol, auction.rival), "the step is about other symbols")
    win, lose = plain(auction, one.win), plain(auction, one.lose)
    rates = (sympy.expand(win.diff(step.own)), sympy.expand(win.diff(step.rival)), sympy.expand(lose.diff(step.own)))
    for rate in rates:
        need(not rate.free_symbols & {step.own, step.rival, step.type}, "payments are not proportional to bids")
        side = context.sampled_sign(rate) if rate != 0 else 0
        need(rate == 0 or side == (1 if auction.lowest_wins else -1), "a keener bid does not cost more")
    context.equal(lose, rates[2] * step.own, "what a loser earns")
    return rates


def _winner_pays(step: steps.WinnerPays, context: Context) -> None:
    auction = _auction(context)
    _chance(step, context)
    _earned(step, context)
    _cutoff(step.cutoff, step, context)
    own, rival, loses = _rates(step, context)
    need(loses == 0 and own != 0, "not only the winner pays")
    inside = _inside(auction, context, *_beyond(step.cutoff, auction))
    inside.equal(step.worth + (own + rival) * step.bid, step.margin, "what winning leaves")
    context.equal(step.power * own, own + rival, "the share of the own bid")
    weight = step.chance**step.power
    inside.equal((step.margin * weight).diff(step.type), step.slope * weight, "how that changes with the type")
    context.equal(at_type(step.margin, step.type, step.cutoff, context), Integer(0), "what winning leaves the marginal type")
    # What a type expects to pay makes up the difference between what winning is worth to it and what it earns.
    paid = (own * step.bid * step.chance).diff(step.type) + rival * step.bid * step.chance.diff(step.type)
    inside.equal(paid, (step.earned - step.worth * step.chance).diff(step.type), "the payments")


def _all_pay(step: steps.AllPay, context: Context) -> None:
    auction = _auction(context)
    _chance(step, context)
    envelope = _earned(step, context)
    own, rival, loses = _rates(step, context)
    need(rival == 0 and own != 0 and loses != 0, "not all pay by their own bids")
    inside = _inside(auction, context, *_beyond(envelope.cutoff, auction))
    paid = step.bid * (own * step.chance + loses * (1 - step.chance))
    inside.equal(paid, step.earned - step.worth * step.chance, "the payments")
    context.equal(step.least, step.worth.xreplace({step.type: _worst_and_best(auction)[0]}), "the worth to the worst type")
    proved(sympify(sympy.Ge(step.least, 0)), step.certificate, context.known, "winning is worth something to all")


def _truthful(step: steps.TruthfulBid, context: Context) -> None:
    auction = _auction(context)
    own, rival, loses = _rates(step, context)
    need(own == 0 and loses == 0 and rival != 0, "the own bid is paid")
    context.equal(
        plain(auction, step.win).xreplace({step.rival: step.bid}), Integer(0), "what winning against such a bid earns"
    )
    need(step.own not in step.bid.free_symbols | step.win.free_symbols, "the winner pays its bid")


def _beyond(cutoff: Expr, auction: Auction) -> tuple[Boolean, ...]:
    theta = auction.type.symbol
    if cutoff in auction.support:
        return ()
    return (theta > cutoff,) if not auction.lowest_wins else (theta < cutoff,)


def _payments(step: steps.ExpectedPayments, context: Context) -> None:
    auction = _auction(context)
    _chance(step, context)
    _earned(step, context)
    _cutoff(step.cutoff, step, context)
    need(step.payoff == auction.seller.payoff, "the payoff is not the seller's")
    need(step.best == _worst_and_best(auction)[1], "the best type")
    density = cdf(step.law, step.type).diff(step.type)
    pays = step.worth * step.chance - step.earned
    side = 1 if not auction.lowest_wins else -1
    _inside(auction, context).equal(step.integral.diff(step.type), side * pays * density, "the antiderivative")
    ends = [at_type(step.integral, step.type, end, context) for end in (step.best, step.cutoff)]
    # In a tender, better types are lower ones, and what the bidders pay is what they are paid, negative.
    context.equal(step.value, side * step.bidders * (ends[0] - ends[1]), "the expected payments")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    steps.AllPay: _all_pay,
    steps.BiddingTypes: _bidding_types,
    steps.EnvelopePayoff: _envelope,
    steps.ExpectedPayments: _payments,
    steps.TruthfulBid: _truthful,
    steps.WinnerPays: _winner_pays,
    steps.WinningChance: _winning_chance,
}
"""The verifier of each kind of step."""
