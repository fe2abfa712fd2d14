"""Points at which a solution is attacked."""

from __future__ import annotations

import random

from sympy import Rational, oo

from derive.check.play import inside, laws_in_play, left_out
from derive.ir import GeneralDistribution, Model, Player, Shock, symbols
from derive.shocks import Cdf
from derive.solution import Gap, Regime, Solution, Without
from tests.engine.statements import decide, model, protocol

c, m, p, q, Q, X, Pi = symbols("c m p q Q X Pi")


def stock() -> Model:
    """A newsvendor under a law of which only the mean is known; without instances it is exponential for whoever takes samples."""
    return model(
        "stock", (c, m, p, Q), (p > c, c > 0, m > 0, Q > 0), {q: (q >= 0, q <= Q)}, (Player("N", (p - c) * q, Pi),),
        protocol("P", (decide("N", q),)), shocks=(Shock(X, GeneralDistribution("F", 0 * m, oo, m), "demand"),),
    )  # fmt: skip


def test_points_of_a_region_that_speaks_of_a_law_lie_in_it() -> None:
    (play,) = laws_in_play(stock(), "")
    low = Regime("1", (Cdf("F", Q) < Rational(1, 3),), ((q, Q),))
    points = play.points_in(low, random.Random(1), 6)
    assert len(points) == 6
    # F(Q) = 1 - exp(-Q/m) < 1/3 where Q/m < log(3/2) = 0.405...
    assert all(float(point[Q] / point[m]) < 0.40547 and inside(low, point, play) for point in points)


def test_a_gap_may_speak_of_a_law() -> None:
    (play,) = laws_in_play(stock(), "")
    gap = Gap((Cdf("F", Q) < Rational(1, 3),), Without.UNSETTLED, "")
    solution = Solution("stock", "P", "", (), (), (), (gap,))
    at = {c: Rational(1), m: Rational(1), p: Rational(2)}
    assert left_out(solution, {**at, Q: Rational(2, 5)}, play)
    assert not left_out(solution, {**at, Q: Rational(1, 2)}, play)
