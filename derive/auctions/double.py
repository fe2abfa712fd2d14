"""From the statement of a double auction to its equilibrium in linear strategies."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.algebra.shape import readable
from derive.auctions.ir import DoubleAuction
from derive.auctions.steps import ExpectedTrade, LinearOffers
from derive.auctions.validate import validate_double_auction
from derive.certificates import Certificate
from derive.decision.problem import Journal, unique
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove, refute
from derive.solution import Case, Gap, Proposition, Regime, Solution, Without

__all__ = ["derive_double_auction"]

KEY = "linear"


def derive_double_auction(auction: DoubleAuction) -> tuple[Solution, ...]:
    """The equilibrium in linear strategies. Raises StatementError and Refusal."""
    validate_double_auction(auction)
    try:
        return (_solution(auction),)
    except Refusal as refusal:
        raise refusal.located(model=auction.key, protocol=KEY) from None


def _solution(auction: DoubleAuction) -> Solution:
    c, v = auction.cost.symbol, auction.value.symbol
    ends = [(sympy.sympify(t.law.low), sympy.sympify(t.law.high)) for t in (auction.cost, auction.value)]  # type: ignore[union-attr]
    (cheapest, dearest), (least, most) = ends
    k = sympy.sympify(auction.weight)
    given = unique((*auction.assumptions, cheapest < dearest, least < most))
    support = (c >= cheapest, c <= dearest, v >= least, v <= most)

    def tidy(value: Expr) -> Expr:
        return oriented(normal(value), given)

    # The lowest ask and the highest offer determine each other through the two best replies.
    lowest, highest = tidy((cheapest * (1 + k) + (1 - k) * most) / 2), tidy((most * (2 - k) + k * cheapest) / 2)
    ask, offer = tidy((c + (1 - k) * highest) / (2 - k)), tidy((v + k * lowest) / (1 + k))
    sold = tidy((1 + k) * (highest - c) ** 2 / (2 * (2 - k) * (most - least)))
    bought = tidy((2 - k) * (v - lowest) ** 2 / (2 * (1 + k) * (dearest - cheapest)))
    needed = (k >= 0, k <= 1, highest <= dearest, lowest >= least, lowest < highest)
    region = _region(needed, given)
    journal = Journal(KEY)
    order = tuple((claim, _certificate(claim, (*given, *region))) for claim in needed if claim != sympy.true)
    journal.add(
        LinearOffers, given=region, cost=c, value=v, costs=auction.cost.law, values=auction.value.law, weight=k, ask=ask,
        offer=offer, lowest=lowest, highest=highest, order=order,
    )  # fmt: skip
    journal.add(ExpectedTrade, uses=(f"{KEY}.1",), given=region, cost=c, value=v, weight=k, sold=sold, bought=bought)
    regimes = _regimes(auction, region, (lowest, highest), (ask, offer), (sold, bought))
    cases = tuple(Case(one.region, one.values) for one in regimes)
    told = f"Costs are uniform between {cheapest} and {dearest}, values between {least} and {most}."
    theorem = Proposition(f"{KEY}.equilibrium", "theorem", "Linear strategies", "In equilibrium", cases, journal.taken())
    lemma = Proposition(f"{KEY}.types", "remark", "The types", told, (), ())
    reason = "some offers would be better than all asks, or nobody would trade: linear strategies are no equilibrium"
    gaps = tuple(Gap((sympy.Not(relation),), Without.UNSETTLED, reason) for relation in region)
    return Solution(auction.key, KEY, "", (*given, *support), regimes, (lemma, theorem), gaps)


def _region(needed: tuple[Boolean, ...], given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """What is not known of it beforehand. Raises Refusal where it never holds."""
    left = [r for r in needed if r != sympy.true and (r == sympy.false or prove(r, given) is None)]
    if sympy.false in left or (left and refute((*given, *left)) is not None):
        raise Refusal("the types do not overlap as linear strategies need it")
    return tuple(readable(relation, given) for relation in left)


def _certificate(claim: Boolean, given: tuple[Boolean, ...]) -> Certificate | None:
    if claim in given:
        return None
    found = prove(claim, given)
    if found is None:
        raise Refusal(f"{claim} is not proved")
    return found


def _regimes(
    auction: DoubleAuction,
    region: tuple[Boolean, ...],
    ends: tuple[Expr, Expr],
    bids: tuple[Expr, Expr],
    gains: tuple[Expr, Expr],
) -> tuple[Regime, ...]:
    """Who may trade: the seller with a cost below the highest offer, the buyer with a value above the lowest ask."""
    c, v = auction.cost.symbol, auction.value.symbol
    found: list[Regime] = []
    for sells in (True, False):
        for buys in (True, False):
            where = (c <= ends[1] if sells else c > ends[1], v >= ends[0] if buys else v < ends[0])
            values: list[tuple[Symbol, Expr]] = [(auction.ask.symbol, bids[0])] if sells else []
            values += [(auction.offer.symbol, bids[1])] if buys else []
            values += [(auction.seller.payoff, gains[0] if sells else Integer(0))]
            values += [(auction.buyer.payoff, gains[1] if buys else Integer(0))]
            active = (*(() if sells else ("the seller stays away",)), *(() if buys else ("the buyer stays away",)))
            found.append(Regime(str(len(found) + 1), (*region, *where), tuple(values), active=active))
    return tuple(found)
