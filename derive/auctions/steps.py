"""The kinds of step that auctions need beside the common ones.

``G`` is the chance to win of a type, ``V`` what winning is worth to it before payments, ``U`` what it expects to earn.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.ir import Distribution
from derive.steps import Step

__all__ = [
    "AllPay",
    "BiddingTypes",
    "EnvelopePayoff",
    "ExpectedPayments",
    "ExpectedTrade",
    "LinearOffers",
    "TruthfulBid",
    "WinnerPays",
    "WinningChance",
]


@dataclass(frozen=True, kw_only=True)
class WinningChance(Step):
    """Where all bid by the same function of their type, and more keenly the more winning is worth, a type wins with the probability
    ``chance``: that each of the other ``bidders - 1`` types is worse than its own.

    ``worth`` is what winning is worth before payments; its derivative in the type is the number ``slope``, positive where the
    highest bid wins and negative where the lowest does. ``worst`` is the type to which it is worth least.
    """

    type: Symbol
    law: Distribution
    bidders: Expr
    lowest_wins: bool
    worth: Expr
    slope: Expr
    worst: Expr
    chance: Expr


@dataclass(frozen=True, kw_only=True)
class BiddingTypes(Step):
    """The types from ``cutoff`` to the ``best`` one bid; the others stay away. Where it is None nobody bids.

    ``levels`` have the signs of what the ``worst`` and the best type earn by the least admissible bid, the ``reserve``, if no other
    bids. What a type earns so rises with the worth of winning, so all bid where the first is not negative, nobody where the
    second is not positive, and otherwise the cut-off is the type that earns nothing so. ``order`` are the signs, with certificates.
    """

    type: Symbol
    win: Expr
    lose: Expr
    worst: Expr
    best: Expr
    reserve: Expr
    levels: tuple[Expr, Expr]
    cutoff: Expr | None
    order: tuple[tuple[Boolean, Certificate | None], ...]


@dataclass(frozen=True, kw_only=True)
class EnvelopePayoff(Step):
    """What a type expects to earn is ``earned``: nothing at the ``cutoff``, and by the envelope theorem it changes with the type at
    the rate ``slope * chance``."""

    type: Symbol
    cutoff: Expr
    slope: Expr
    chance: Expr
    earned: Expr


@dataclass(frozen=True, kw_only=True)
class WinnerPays(Step):
    """Only the winner pays, its own bid or a mean of that and the best rival bid: the bid that leaves each type ``earned`` is ``bid``.

    ``margin`` is what winning leaves against a rival who bids the same. It vanishes at the cut-off, and ``margin * chance**power`` has
    the derivative ``slope * chance**power``, where ``power`` is one over the share of the own bid in the price. So it is positive,
    bids become keener with the worth of winning, and the payoffs earned are those that the envelope theorem asks for.
    """

    type: Symbol
    cutoff: Expr
    win: Expr
    own: Symbol
    rival: Symbol
    worth: Expr
    slope: Expr
    chance: Expr
    earned: Expr
    power: Expr
    margin: Expr
    bid: Expr


@dataclass(frozen=True, kw_only=True)
class AllPay(Step):
    """All pay in proportion to their own bids, losers too: the bid that leaves each type ``earned`` is ``bid``.

    It becomes keener with the worth of winning, because that is worth something to all: ``least`` to the worst type, not negative by
    ``certificate``.
    """

    type: Symbol
    win: Expr
    lose: Expr
    own: Symbol
    rival: Symbol
    worth: Expr
    slope: Expr
    chance: Expr
    earned: Expr
    least: Expr
    certificate: Certificate | None
    bid: Expr


@dataclass(frozen=True, kw_only=True)
class TruthfulBid(Step):
    """Who wins pays by the best rival bid alone and losers pay nothing, so the own bid only decides when it wins: to bid ``bid``, at
    which a rival's bid makes winning worth nothing, is best whatever the others do."""

    type: Symbol
    win: Expr
    own: Symbol
    rival: Symbol
    bid: Expr


@dataclass(frozen=True, kw_only=True)
class ExpectedPayments(Step):
    """All bidders together pay ``value`` in expectation (are paid, where the lowest bid wins).

    A type pays ``worth * chance - earned``; ``integral`` is an antiderivative of that times the density, from the ``cutoff`` to the
    ``best`` type. ``earned`` depends on the format through the cut-off alone: formats with the same one yield the same.
    """

    type: Symbol
    law: Distribution
    bidders: Expr
    lowest_wins: bool
    worth: Expr
    chance: Expr
    earned: Expr
    cutoff: Expr
    best: Expr
    integral: Expr
    payoff: Symbol
    value: Expr


# --- one seller and one buyer ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LinearOffers(Step):
    """The ask and the offer are best replies to each other.

    Against asks that are uniform from ``lowest`` on, a buyer that offers more loses the ``weight`` of that on all trades and gains the
    marginal one: its expected payoff is concave in the offer and best at ``offer``. Against offers that are uniform up to ``highest``
    it is likewise best to ask for ``ask``. ``lowest`` is the ask of the lowest cost, ``highest`` the offer of the highest value;
    ``order`` proves that the weight lies between 0 and 1, that the types reach as far as the offers that are met, and that some trade.
    """

    cost: Symbol
    value: Symbol
    costs: Distribution
    values: Distribution
    weight: Expr
    ask: Expr
    offer: Expr
    lowest: Expr
    highest: Expr
    order: tuple[tuple[Boolean, Certificate | None], ...]


@dataclass(frozen=True, kw_only=True)
class ExpectedTrade(Step):
    """By these offers (a premise) a seller that may trade expects ``sold`` and a buyer ``bought``: what each gains, averaged over the
    offers that are met."""

    cost: Symbol
    value: Symbol
    weight: Expr
    sold: Expr
    bought: Expr
