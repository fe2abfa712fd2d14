"""Newsvendors and chains drawn at random, and what they come to by quadrature and search: nothing here uses the engine."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from sympy import Expr, Integer, Max, Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Distribution, Exponential, Model, Player, PowerDistribution, Shock, Uniform, symbols
from tests.engine.statements import decide, model, protocol

b, c, d, k, m, p, s, t = symbols("b c d k m p s t")
q, w, X, Pi, V = symbols("q w X Pi V")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
Values = Mapping[Symbol, float]


@dataclass(frozen=True)
class Stock:
    """An order under a random demand: salvage and a shortage penalty, or neither, a capacity or none; a supplier's price before it,
    or a given cost."""

    law: Distribution
    known: tuple[Boolean, ...]
    salvage: Expr
    penalty: Expr
    most: Expr | None
    chain: bool

    def earned(self) -> Expr:
        """What the shop earns ex post."""
        sold = p * Min(q, X) + self.salvage * Max(q - X, 0) - self.penalty * Max(X - q, 0)
        return sold - (w if self.chain else c) * q

    def statement(self) -> Model:
        """The newsvendor, or the chain, as a model."""
        domains: dict[Symbol, tuple[Boolean, ...]] = {w: (w >= c, w <= p)} if self.chain else {}
        domains[q] = (q >= 0,) if self.most is None else (q >= 0, q <= self.most)
        told = [*self.known, *(r for domain in domains.values() for r in domain)]
        used = {x for r in told for x in r.free_symbols} | self.earned().free_symbols
        parameters = tuple(sorted(used - {q, w, X}, key=str))
        shop, supplier = Player("N", self.earned(), Pi), Player("M", (w - c) * q, V)
        moves = ((decide("M", w),), (decide("N", q),)) if self.chain else ((decide("N", q),),)
        players = (supplier, shop) if self.chain else (shop,)
        return model("drawn", parameters, self.known, domains, players, protocol("play", *moves), shocks=(Shock(X, self.law, "demand"),))

    def profit(self, at: Values, order: float, price: float) -> float:
        """What the shop expects to earn: by quadrature on either side of the order."""
        low, high = 0.0, 0.0
        match self.law:
            case Uniform():
                low, high = _value(self.law.low, at), at[b]
                density = lambda x: np.full_like(x, 1 / (high - low))  # noqa: E731
            case Exponential():
                high = 36 * at[m]
                density = lambda x: np.exp(-x / at[m]) / at[m]  # noqa: E731
            case _:
                high = at[b]
                density = lambda x: 2 * x / high**2  # noqa: E731
        cuts = np.unique(np.clip([low, order, *np.linspace(low, high, 10)], low, high))
        halves = np.diff(cuts) / 2
        x = (cuts[:-1] + halves)[:, None] + halves[:, None] * NODES
        left, short = np.maximum(order - x, 0), np.maximum(x - order, 0)
        earned = at[p] * np.minimum(order, x) + _value(self.salvage, at) * left - _value(self.penalty, at) * short
        return float((earned * density(x) * halves[:, None] * WEIGHTS).sum()) - price * order

    def order(self, at: Values, price: float) -> float:
        """The best order, by search."""
        top = self.reach(at)
        tried = np.linspace(0, top, 41)
        best = max(tried, key=lambda order: self.profit(at, order, price))
        ends = (max(best - top / 40, 0.0), min(best + top / 40, top))
        found = minimize_scalar(lambda order: -self.profit(at, order, price), bounds=ends, method="bounded", options={"xatol": 1e-10})
        return float(max(best, found.x, key=lambda order: self.profit(at, order, price)))

    def reach(self, at: Values) -> float:
        """No best order is larger."""
        demand = 20 * at[m] if isinstance(self.law, Exponential) else at[b]
        return min(demand, at[k]) if self.most is not None else demand


def _value(expr: Expr, at: Values) -> float:
    return float(expr.xreplace(at))


def drawn(seed: int) -> Stock:
    """A newsvendor or a chain; the same for the same seed. Lower ends, capacities and margins may be zero or coincide."""
    source = random.Random(seed)
    zero = Integer(0)
    law, known = source.choice(
        (
            (Uniform(zero, b), (b > 0,)),
            (Uniform(d, b), (d >= 0, d < b)),
            (Exponential(m), (m > 0,)),
            (PowerDistribution(b, Integer(2)), (b > 0,)),
        )
    )
    chain = source.random() < 0.3 and not isinstance(law, Exponential)
    salvage = source.choice((zero, s)) if not chain else zero
    penalty = source.choice((zero, t)) if not chain else zero
    known += source.choice(((c > 0, p > c), (c > 0, p >= c), (c > 0, p >= c if chain else p > 0)))
    known += (s >= 0, s < c) if salvage == s else ()
    known += (t >= 0,) if penalty == t else ()
    most = source.choice((None, k)) if not chain else None
    known += (k >= 0,) if most is not None else ()
    return Stock(law, known, salvage, penalty, most, chain)
