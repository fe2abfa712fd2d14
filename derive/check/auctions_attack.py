"""Auctions played out at random parameters, from the statement and the reported formulas alone.

The best rival's type is averaged over by quadrature; every one of many types tries the bids of all others, bids beyond them all, and
to stay away. What it earns by its own bid is compared with what is reported, and so is what all together pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Symbol, sympify

from derive.auctions.ir import Auction
from derive.check.continuum import attacked, cdf, plain
from derive.check.sample import Point, mp, satisfied
from derive.check.zero import number
from derive.solution import Solution

__all__ = ["attack_auction"]

TYPES, NODES = 13, 600
CLOSE = 1e-6
At = Mapping[Symbol, Any]


def attack_auction(auction: Auction, solution: Solution, points: int) -> list[str]:
    """What the statement contradicts."""
    return attacked(auction, solution, points, lambda _, point: _Room(auction, solution, point).wrong())


class _Room:
    """The auction at one point of the parameters."""

    def __init__(self, auction: Auction, solution: Solution, point: Point) -> None:
        self.auction, self.solution, self.theta = auction, solution, auction.type.symbol
        self.at = {symbol: value for symbol, value in mp(point).items() if symbol != self.theta}
        self.low, self.high = (float(number(sympify(end), self.at)) for end in auction.support)
        self.bidders = float(number(sympify(auction.bidders), self.at))
        fixed = {symbol: sympy.Float(str(value), 20) for symbol, value in self.at.items()}
        theta = self.theta
        self.share = sympy.lambdify(theta, cdf(auction.type.law, theta).xreplace(fixed), "numpy")
        one = auction.format(solution.protocol)
        names = (theta, auction.bid.symbol, auction.rival)
        self.win, self.lose = (sympy.lambdify(names, plain(auction, v).xreplace(fixed), "numpy") for v in (one.win, one.lose))
        self.reserve = None if auction.reserve is None else float(number(sympify(auction.reserve), self.at))

    def values(self, kinds: Any) -> dict[Symbol, Any] | None:
        """What is reported of many types, no bid as NaN; None where not exactly one regime holds for one of them."""
        symbols = (self.auction.bid.symbol, self.auction.bidder.payoff, self.auction.seller.payoff)
        found = {symbol: np.full(len(kinds), np.nan) for symbol in symbols}
        held = np.zeros(len(kinds), dtype=int)
        for regime in self.solution.regimes:
            here = np.ones(len(kinds), dtype=bool)
            for relation in regime.region:
                if self.theta in relation.free_symbols:
                    gap = self.numeric(relation.gts - relation.lts, kinds)
                    here &= gap >= 0 if relation.rel_op in (">=", "<=") else gap > 0
                else:
                    here &= satisfied(relation, self.at)
            held += here
            for symbol, value in regime.values:
                if symbol in found and here.any():
                    found[symbol][here] = self.numeric(value, kinds)[here]
        return found if np.all(held == 1) else None

    def numeric(self, value: Expr, kinds: Any) -> Any:
        """An expression at each type."""
        fixed = {symbol: sympy.Float(str(number_), 20) for symbol, number_ in self.at.items()}
        with np.errstate(all="ignore"):
            return sympy.lambdify(self.theta, value.xreplace(fixed), "numpy")(kinds) + 0 * kinds

    def wrong(self) -> str:
        """What is wrong, in words; empty when nothing is."""
        # Types in equal steps of the chance that the best rival is worse.
        levels = (np.arange(NODES) + 0.5) / NODES
        told = self.values(self.quantile(levels ** (1 / (self.bidders - 1))))
        kinds = self.low + (self.high - self.low) * (np.arange(TYPES) + 0.5) / TYPES
        own = self.values(kinds)
        if told is None or own is None:
            return "not exactly one regime holds for some type"
        bids, chosen = told[self.auction.bid.symbol], own[self.auction.bid.symbol]
        if self.reserve is not None and np.any(self.keener(self.reserve, bids[~np.isnan(bids)])):
            return "a bid is beyond the reserve"
        offers = [float(bid) for bid in chosen if not np.isnan(bid)]
        offers += [] if not offers else [offers[-1] * 1.3 + 0.1, offers[0] * 1.3 + 0.1, offers[0] * 0.7]
        offers += [] if self.reserve is None else [self.reserve]
        allowed = [offer for offer in offers if self.reserve is None or not self.keener(self.reserve, offer)]
        scale = 1 + max(abs(self.low), abs(self.high))
        for kind, bid, stated in zip(kinds, chosen, own[self.auction.bidder.payoff], strict=True):
            earned = 0.0 if np.isnan(bid) else self.earned(kind, bid, bids)
            if not abs(earned - stated) <= 4 * scale / NODES:
                return f"a type earns {earned:.6g}, not {stated:.6g}"
            best = max([0.0, *(self.earned(kind, offer, bids) for offer in allowed)])
            if best > stated + 6 * scale / NODES:
                return f"a type earns up to {best:.6g} by another bid, not {stated:.6g}"
        return self.paid(scale)

    def quantile(self, levels: Any) -> Any:
        """The types that shares `levels` of the types are worse than."""
        ends = (self.high, self.low) if self.auction.lowest_wins else (self.low, self.high)
        near, far = (np.full(len(levels), end) for end in ends)
        for _ in range(60):
            middle = (near + far) / 2
            share = self.share(middle)
            below = (1 - share if self.auction.lowest_wins else share) < levels
            near, far = np.where(below, middle, near), np.where(below, far, middle)
        return (near + far) / 2

    def keener(self, one: Any, other: Any) -> Any:
        """Whether one bid beats the other."""
        return one < other - CLOSE if self.auction.lowest_wins else one > other + CLOSE

    def earned(self, kind: float, bid: float, rivals: Any) -> float:
        """What a type expects to earn by a bid against these best rival bids, each as likely (NaN: none)."""
        best = rivals if self.reserve is None else np.where(np.isnan(rivals), self.reserve, rivals)
        wins = np.isnan(rivals) | (bid < best if self.auction.lowest_wins else bid > best)
        ties = (~wins) & (bid == best)
        won = self.win(kind, bid, best) + 0 * best
        lost = self.lose(kind, bid, best) + 0 * best
        return float(np.mean(np.where(wins, won, np.where(ties, (won + lost) / 2, lost))))

    def paid(self, scale: float) -> str:
        """What all together pay: the worth of winning less what is earned, averaged over the types."""
        levels = (np.arange(NODES) + 0.5) / NODES
        kinds = self.quantile(levels)
        told = self.values(kinds)
        if told is None:
            return "not exactly one regime holds for some type"
        stated = told[self.auction.seller.payoff]
        pays = levels ** (self.bidders - 1) * self.win(kinds, 0.0, 0.0) - told[self.auction.bidder.payoff]
        total = float(np.mean(np.where(np.isnan(told[self.auction.bid.symbol]), 0.0, pays)))
        total *= self.bidders * (-1 if self.auction.lowest_wins else 1)
        if not np.all(abs(total - stated) <= 1.5 * self.bidders * scale / NODES):
            return f"the bidders pay {total:.6g}, not {stated[0]:.6g} or {stated[-1]:.6g}"
        return ""
