"""Verifiers of the steps about double auctions, and the check of whole solutions: every type tries many asks and offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Integer, Symbol, sympify

from derive.auctions import steps
from derive.auctions.ir import DoubleAuction
from derive.check.context import Context, proved
from derive.check.continuum import attacked, verified
from derive.check.registry import need
from derive.check.sample import Point, mp, satisfied
from derive.check.zero import number
from derive.solution import Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "verify_solutions"]

NODES, TYPES = 4000, 9


def verify_solutions(auction: DoubleAuction, solutions: Iterable[Solution], points: int = 50) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, asks and offers that some type would not make."""
    return verified(auction, solutions, _unshown, lambda one: _attacked(auction, one, points))


def _unshown(solution: Solution, known: Mapping[str, Step]) -> list[str]:
    """What is reported and shown by no step."""
    shown = {value for step in known.values() for value in vars(step).values() if isinstance(value, Expr)}
    reported = {value for regime in solution.regimes for _, value in regime.values} - {Integer(0)}
    return [f"no step shows {value}" for value in sorted(reported - shown, key=str)]


# --- the steps -----------------------------------------------------------------------------------------------------------------


def _double(context: Context) -> DoubleAuction:
    need(isinstance(context.statement, DoubleAuction), "the statement is not a double auction")
    return context.statement  # type: ignore[return-value]


def _linear_offers(step: steps.LinearOffers, context: Context) -> None:
    auction = _double(context)
    c, v, k = step.cost, step.value, sympify(auction.weight)
    need((c, v) == (auction.cost.symbol, auction.value.symbol), "other types")
    need((step.costs, step.values) == (auction.cost.law, auction.value.law), "other laws")
    context.equal(step.weight, k, "the weight")
    context.equal(step.lowest, step.ask.xreplace({c: sympify(step.costs.low)}), "the lowest ask")  # type: ignore[union-attr]
    context.equal(step.highest, step.offer.xreplace({v: sympify(step.values.high)}), "the highest offer")  # type: ignore[union-attr]
    # Where offers rise at the margin, the buyer pays the weight more on all asks met, and meets the ask at its offer.
    context.equal(v - step.offer - k * (step.offer - step.lowest), Integer(0), "the buyer's condition")
    context.equal((1 - k) * (step.highest - step.ask) - (step.ask - c), Integer(0), "the seller's condition")
    need(not step.ask.has(v) and not step.offer.has(c), "an offer depends on what is not known")
    claims = (
        k >= 0, k <= 1, step.highest <= sympify(step.costs.high), step.lowest >= sympify(step.values.low),  # type: ignore[union-attr]
        step.lowest < step.highest,
    )  # fmt: skip
    wanted = [claim for claim in claims if claim != sympy.true]
    need([claim for claim, _ in step.order] == wanted, "a condition is missing")
    for claim, certificate in step.order:
        proved(sympify(claim), certificate, context.known, "a condition")


def _expected_trade(step: steps.ExpectedTrade, context: Context) -> None:
    auction = _double(context)
    found = [one for one in context.premises if isinstance(one, steps.LinearOffers) and one.given == step.given]
    need(len(found) == 1, "the offers are not shown before")
    (offers,) = found
    c, v, k = auction.cost.symbol, auction.value.symbol, sympify(auction.weight)
    need((step.cost, step.value, step.weight) == (c, v, k), "other types")
    x = sympy.Dummy(real=True)
    top = offers.ask.xreplace({c: sympify(auction.cost.law.high)})
    bottom = offers.offer.xreplace({v: sympify(auction.value.law.low)})  # type: ignore[union-attr]
    gained = (v - k * offers.offer) * x - (1 - k) * x**2 / 2
    earned = k * x**2 / 2 + ((1 - k) * offers.ask - c) * x
    bought = (gained.xreplace({x: offers.offer}) - gained.xreplace({x: offers.lowest})) / (top - offers.lowest)
    sold = (earned.xreplace({x: offers.highest}) - earned.xreplace({x: offers.ask})) / (offers.highest - bottom)
    context.equal(step.bought, bought, "what the buyer expects")
    context.equal(step.sold, sold, "what the seller expects")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    steps.ExpectedTrade: _expected_trade,
    steps.LinearOffers: _linear_offers,
}
"""The verifier of each kind of step."""


# --- the attack ----------------------------------------------------------------------------------------------------------------


def _attacked(auction: DoubleAuction, solution: Solution, points: int) -> list[str]:
    """What the statement contradicts at random parameters, outside the gaps."""

    def wrong(_: int, point: Point) -> str:
        at = mp(point)
        left_out = any(all(satisfied(r, at) for r in gap.region) for gap in solution.gaps)
        return "" if left_out else _at(auction, solution, at)

    return attacked(auction, solution, points, wrong)


def _at(auction: DoubleAuction, solution: Solution, at: Mapping[Symbol, Any]) -> str:
    """What is wrong at one point; empty when nothing is."""
    c, v = auction.cost.symbol, auction.value.symbol
    k = float(number(sympify(auction.weight), at))
    ends = [[float(number(sympify(x), at)) for x in (t.law.low, t.law.high)] for t in (auction.cost, auction.value)]  # type: ignore[union-attr]
    costs, values = (low + (high - low) * (np.arange(NODES) + 0.5) / NODES for low, high in ends)
    scale = 1 + max(abs(x) for pair in ends for x in pair)
    near = scale / 500
    told = _Told(solution, {s: x for s, x in at.items() if s not in (c, v)}, (c, v))
    asks = told.of(auction.ask.symbol, costs, np.full(NODES, values[-1]))
    offers = told.of(auction.offer.symbol, np.full(NODES, costs[0]), values)
    few = slice(NODES // 20, None, NODES // TYPES)
    for kinds, own, rivals, pays, payoff, name in (
        (values[few], offers[few], asks, lambda x, b, s: x - k * b - (1 - k) * s, auction.buyer.payoff, "buyer"),
        (costs[few], asks[few], offers, lambda x, s, b: k * b + (1 - k) * s - x, auction.seller.payoff, "seller"),
    ):
        buys = name == "buyer"
        others = np.full(len(kinds), costs[0] if buys else values[-1])
        expected = told.of(payoff, *((others, kinds) if buys else (kinds, others)))
        met = rivals[~np.isnan(rivals)]
        for x, mine, stated in zip(kinds, own, expected, strict=True):
            wrong = _tried(_Trader(x, buys, pays, met), mine, stated, near)
            if wrong:
                return f"the {name} {wrong}"
    return ""


@dataclass(frozen=True)
class _Trader:
    """One type of one side against all bids of the other, each as likely."""

    type: float
    buys: bool
    pays: Callable[[float, float, Any], Any]
    met: Any

    def gain(self, bid: float) -> float:
        """What it expects by a bid; bids that are not made never lead to trade."""
        trade = self.met <= bid if self.buys else self.met >= bid
        return float(np.sum(np.where(trade, self.pays(self.type, bid, self.met), 0.0))) / NODES


def _tried(trader: _Trader, mine: float, stated: float, near: float) -> str:
    earned = 0.0 if np.isnan(mine) else trader.gain(mine)
    if not abs(earned - stated) <= near:
        return f"earns {earned:.6g}, not {stated:.6g}"
    tries = np.linspace(trader.met.min(), trader.met.max(), 41) if len(trader.met) else ()
    best = max([0.0, *(trader.gain(bid) for bid in tries)])
    return f"earns up to {best:.6g} otherwise, not {stated:.6g}" if best > stated + near else ""


@dataclass(frozen=True)
class _Told:
    """What is reported, evaluated at many types at once."""

    solution: Solution
    at: Mapping[Symbol, Any]
    types: tuple[Symbol, Symbol]

    def of(self, symbol: Symbol, costs: Any, values: Any) -> Any:
        """A reported value at each pair of types; NaN where none is reported or not exactly one regime holds."""
        found, held = np.full(len(costs), np.nan), np.zeros(len(costs), dtype=int)
        for regime in self.solution.regimes:
            here = np.ones(len(costs), dtype=bool)
            for relation in regime.region:
                gap = self.numeric(relation.gts - relation.lts, costs, values)
                here &= gap >= 0 if relation.rel_op in (">=", "<=") else gap > 0
            held += here
            for name, value in regime.values:
                if name == symbol:
                    found[here] = self.numeric(value, costs, values)[here]
        return np.where(held == 1, found, np.nan)

    def numeric(self, value: Expr, costs: Any, values: Any) -> Any:
        """An expression at each pair of types."""
        fixed = {symbol: sympy.Float(str(x), 20) for symbol, x in self.at.items()}
        return sympy.lambdify(self.types, value.xreplace(fixed), "numpy")(costs, values) + 0.0 * costs
