"""The kinds of step that bargaining problems need beside the common ones.

``x`` is the coordinate of the frontier, ``G_i`` what player i gains over no agreement. Every solution is where a *balance*, a
function of ``x`` that falls strictly, changes sign; the balance of each solution is fixed by its definition:

* ``nash``: ``w_1 U_1' G_2 + w_2 U_2' G_1``, the slope of ``G_1**w_1 * G_2**w_2`` up to a positive factor;
* ``kalai_smorodinsky``: ``m_1 G_2 - m_2 G_1`` with the greatest possible gains ``m_i``;
* ``egalitarian``: ``G_2 - G_1``; ``utilitarian``: ``U_1' + U_2'``;
* ``alternating_offers``: ``U_2(x) - delta_2 U_2(delta_1 x)``, where ``U_1 = x``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Step

__all__ = [
    "Balance",
    "BalanceCorner",
    "BalanceRoot",
    "BargainedPayoffs",
    "Frontier",
    "OffersByInduction",
    "RationalPart",
    "RoundOffer",
    "SharedGains",
]


@dataclass(frozen=True, kw_only=True)
class Frontier(Step):
    """Along the frontier the first payoff rises, the second falls, and the frontier is concave.

    ``rising = U_1' > 0``, ``falling = U_2' < 0``, ``bend = U_2'' U_1' - U_2' U_1'' <= 0``; one certificate each (None for a
    number).
    """

    variable: Symbol
    rising: Expr
    falling: Expr
    bend: Expr
    certificates: tuple[Certificate | None, Certificate | None, Certificate | None]


@dataclass(frozen=True, kw_only=True)
class RationalPart(Step):
    """The agreements that give nobody less than no agreement are those between ``low`` and ``high``.

    Each end is the frontier's own, where the player concerned gains nothing or something (``ends`` proves it), or the point
    where it gains nothing, beyond which the frontier begins with losses (``ends`` again). There is something to gain:
    ``gains`` prove that the second player gains at ``low`` and the first at ``high``.
    """

    variable: Symbol
    low: Expr
    high: Expr
    ends: tuple[Certificate | None, Certificate | None]
    gains: tuple[Certificate | None, Certificate | None]


@dataclass(frozen=True, kw_only=True)
class Balance(Step):
    """The balance of ``solution`` is ``positive * core`` with ``positive > 0``, and ``core`` falls strictly: its slope is negative."""

    solution: str
    variable: Symbol
    positive: Expr
    core: Expr
    slope: Expr
    positivity: Certificate | None
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class BalanceRoot(Step):
    """``core`` is positive at the lower end and negative at the upper one, so it has exactly one root between them: ``root``.

    In closed form ``core`` is a quadratic (up to a factor that does not vanish) or linear in the coordinate, and of its roots
    ``root`` is the one at which it falls. Otherwise ``root`` is the coordinate itself: the solution is known implicitly.
    """

    solution: str
    variable: Symbol
    core: Expr
    at_low: Expr
    at_high: Expr
    root: Expr
    certificates: tuple[Certificate | None, Certificate | None]


@dataclass(frozen=True, kw_only=True)
class BalanceCorner(Step):
    """``core`` does not change sign: it is nowhere positive (``end`` is the lower one) or nowhere negative (the upper one)."""

    solution: str
    variable: Symbol
    core: Expr
    end: Expr
    value: Expr
    upper: bool
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class BargainedPayoffs(Step):
    """What the players earn at the agreement ``at``.

    At a corner of the egalitarian solution what one could get beyond the other's gain is thrown away.
    """

    solution: str
    variable: Symbol
    at: Expr
    payoffs: tuple[tuple[Symbol, Expr], ...]


@dataclass(frozen=True, kw_only=True)
class RoundOffer(Step):
    """In round ``round`` of ``rounds`` the ``proposer`` offers ``offer``, and the other accepts; 0 stands for the first player, whose
    payoff is the coordinate.

    In the last round the proposer takes everything. Before, the offer leaves the other as well off as its own offer a round later
    (a premise), discounted; the proposer has no more by waiting for that.
    """

    solution: str
    variable: Symbol
    round: int
    rounds: int
    proposer: int
    offer: Expr


@dataclass(frozen=True, kw_only=True)
class OffersByInduction(Step):
    """With ``rounds`` rounds, a number that rises by two with ``count``, the first player offers ``offer`` in the first.

    That is true for the least number, ``count = start``, which is one round or two; and two rounds more before a first offer ``x`` lead
    to the offer that leaves the second player ``delta_2`` times what it has at ``delta_1 * x``. ``certificate`` proves ``count >= start``.
    """

    solution: str
    variable: Symbol
    rounds: Expr
    count: Symbol
    start: Expr
    certificate: Certificate | None
    offer: Expr


@dataclass(frozen=True, kw_only=True)
class SharedGains(Step):
    """Two players bargain over a payment and other things: the product of their gains, each to the power of its weight, is
    largest where they gain most together and the payment gives each its weight's share of that.

    ``payoffs`` name them, ``gains`` are their gains over no agreement before later choices are anticipated. The payment
    ``transfer`` moves them against each other at a rate that depends on nothing but what they agree on with it, and at ``value`` the
    gains are in proportion to ``weights``.
    """

    payoffs: tuple[Symbol, Symbol]
    gains: tuple[Expr, Expr]
    weights: tuple[Expr, Expr]
    transfer: Symbol
    value: Expr
