"""Contracts for a hidden effort drawn at random, and what they come to by linear programs: nothing here uses the engine."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction

from scipy.optimize import linprog
from sympy import Integer, Rational
from sympy.logic.boolalg import Boolean

from derive.ir import Feasibility, Model, Participation, Player, symbols
from tests.engine.statements import decide, model, protocol

V, k, u, s, t, e, U, A = symbols("V k u s t e U A")


@dataclass(frozen=True)
class Contract:
    """Effort 0 or 1 makes success as likely as `idle` or `diligent`; `floors` are the least wages after success and failure, if any.
    Where the agent's outside option is `known` it is worth u, and `rising` wages are not lower after success."""

    idle: Fraction
    diligent: Fraction
    floors: tuple[int | None, int | None]
    known: bool
    rising: bool

    def statement(self) -> Model:
        """The contract as a model; the agent costs k by its effort."""
        low, high = (Rational(share.numerator, share.denominator) for share in (self.idle, self.diligent))
        likely = low + (high - low) * e
        pay = likely * s + (1 - likely) * t
        domains: dict[object, tuple[Boolean, ...]] = {
            wage: () if floor is None else (wage >= floor,) for wage, floor in zip((s, t), self.floors, strict=True)
        }
        asked = (Participation("A", u if self.known else Integer(0)),)
        rule = (Feasibility("rising", s >= t),) if self.rising else ()
        stated = model(
            "drawn", (V, k, u) if self.known else (V, k), (V > 0, k > 0, u >= 0) if self.known else (V > 0, k > 0),
            {**domains, e: ()}, (Player("P", likely * V - pay, U), Player("A", pay - k * e, A)),
            protocol("hidden", (decide("P", s, t, subject_to=(*asked, *rule)),), (decide("A", e),)),
        )  # fmt: skip
        efforts = (Integer(0), Integer(1))
        return replace(stated, variables=tuple(replace(v, values=efforts) if v.symbol is e else v for v in stated.variables))

    def best(self, value: float, cost: float, outside: float) -> float | None:
        """The most the principal can have; None where no wages are allowed."""
        found = [self._best(effort, value, cost, outside) for effort in (0, 1)]
        return max((worth for worth in found if worth is not None), default=None)

    def _best(self, effort: int, value: float, cost: float, outside: float) -> float | None:
        """The same with an effort that the agent is willing to make, by a linear program in the wages."""
        low, high = float(self.idle), float(self.diligent)
        own = high if effort else low
        willing = [(low - high), (high - low)] if effort else [(high - low), (low - high)]
        rows = [willing, [-own, own - 1], *([[-1.0, 1.0]] if self.rising else [])]
        right = [-cost if effort else cost, -(outside if self.known else 0.0) - cost * effort, *([0.0] if self.rising else [])]
        solved = linprog([own, 1 - own], A_ub=rows, b_ub=right, bounds=[(floor, None) for floor in self.floors])
        return own * value - float(solved.fun) if solved.status == 0 else None


def drawn(seed: int) -> Contract:
    """A contract; the same for the same seed."""
    source = random.Random(seed)
    idle, diligent = sorted(source.sample([Fraction(i, 6) for i in range(7)], 2))
    floors = source.choice(((None, None), (0, 0), (0, 0), (None, 0), (0, None)))
    return Contract(idle, diligent, floors, source.random() < 0.6, source.random() < 0.3)
