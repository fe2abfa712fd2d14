"""Several who move at once, with payoffs that have kinks where what follows changes form: held to grids."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import pytest
from sympy import Expr, Rational, Symbol

from derive.check.solution import check_solution
from derive.decision.piece import Piece
from derive.decision.pieces import maximise_pieces
from derive.decision.problem import Journal, Problem, restriction
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime
from tests.engine.statements import decide, model, protocol

a, b, c, d, k, q_1, q_2, r_1, r_2, s, x_1, x_2, U, V, W = symbols("a b c d k q_1 q_2 r_1 r_2 s x_1 x_2 U V W")


def learning(*, capacity: bool) -> Model:
    """Two periods of Cournot competition. What A produces in the first lowers its cost in the second, in which it has a capacity,
    or in which a rival of higher cost may leave."""
    first, second, rate = a - q_1 - q_2, a - r_1 - r_2, Rational(1, 4)
    cost, bounds = (0, (r_1 >= 0, r_1 <= k)) if capacity else (d, (r_1 >= 0,))
    players = (
        Player("A", first * q_1 + (second + rate * q_1) * r_1, U),
        Player("B", (first - cost) * q_2 + (second - cost) * r_2, V),
    )
    played = protocol("P", (decide("A", q_1), decide("B", q_2)), (decide("A", r_1), decide("B", r_2)))
    given = ((a, k), (a > 0, k > 0)) if capacity else ((a, d), (d >= 0, a > d))
    return model("learning", *given, {q_1: (q_1 >= 0,), q_2: (q_2 >= 0,), r_1: bounds, r_2: (r_2 >= 0,)}, players, played)


def deterrence() -> Model:
    """Two who move first may together leave nothing to a follower: how they share that is not determined."""
    price = a - q_1 - q_2 - r_1
    players = (Player("A", price * q_1, U), Player("B", price * q_2, V), Player("F", (price - c) * r_1, W))
    played = protocol("P", (decide("A", q_1), decide("B", q_2)), (decide("F", r_1),))
    domains = {q_1: (q_1 >= 0,), q_2: (q_2 >= 0,), r_1: (r_1 >= 0,)}
    return model("deterrence", (a, c), (a > c, c > 0), domains, players, played)


def research() -> Model:
    """Efforts that lower the own cost and, in part, raise or lower the rival's; then quantities, which may be zero."""
    price, rate = a - r_1 - r_2, Rational(7, 4)
    players = (
        Player("A", (price - c + x_1 + b * x_2) * r_1 - rate * x_1**2, U),
        Player("B", (price - c + x_2 + b * x_1) * r_2 - rate * x_2**2, V),
    )
    played = protocol("P", (decide("A", x_1), decide("B", x_2)), (decide("A", r_1), decide("B", r_2)))
    domains = {symbol: (symbol >= 0,) for symbol in (x_1, x_2, r_1, r_2)}
    return model("research", (a, b, c), (a > c, c > 0, b >= -1, b <= 1), domains, players, played)


def researching(own: Fraction, rival: Fraction, spill: Fraction) -> Fraction:
    """What an effort earns against another where the market exceeds the cost by one."""
    mine, theirs = 1 + own + spill * rival, 1 + rival + spill * own
    quantity = (2 * mine - theirs) / 3
    quantity = max(mine / 2, Fraction(0)) if 2 * theirs < mine else max(quantity, Fraction(0))
    return quantity**2 - Fraction(7, 4) * own**2


def at(regimes: tuple[Regime, ...], point: dict[Symbol, Rational]) -> list[Regime]:
    return [regime for regime in regimes if all(r.xreplace(point) == True for r in regime.region)]  # noqa: E712


def exact(value: Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


@dataclass(frozen=True)
class Learning:
    """Both periods' payoffs at the outputs of the first, the second played again: no cost and A's capacity `most`, or B's cost."""

    size: Fraction
    cost: Fraction
    most: Fraction

    def earned(self, own: Fraction, rival: Fraction) -> tuple[Fraction, Fraction]:
        mine, theirs = (self.size + self.cost + own / 2) / 3, (self.size - 2 * self.cost - own / 4) / 3
        if theirs < 0:
            mine, theirs = (self.size + own / 4) / 2, Fraction(0)
        if mine > self.most:
            mine, theirs = self.most, max((self.size - self.most) / 2, Fraction(0))
        later, first = self.size - mine - theirs, self.size - own - rival
        return first * own + (later + own / 4) * mine, (first - self.cost) * rival + (later - self.cost) * theirs


@pytest.mark.parametrize("capacity", [True, False])
def test_a_kink_at_a_rivals_exit_and_at_a_capacity_against_grids(capacity: bool) -> None:
    statement = learning(capacity=capacity)
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.gaps
    assert not check_solution(statement, solution, 3).failures
    draw, met = random.Random(5), set()
    for percent in (20, 35, 39, "40.1", "40.3", 41, 42, "42.6", "42.8", 44, 60, 90):
        size = Fraction(draw.randint(10, 60), 10)
        share = Fraction(percent) / 100 * size
        played = Learning(size, Fraction(0), share) if capacity else Learning(size, share, 10 * size)
        point = {a: rational(size), (k if capacity else d): rational(share)}
        (regime,) = at(solution.regimes, point)
        met.add(regime.name)
        told = {symbol: exact(value.xreplace(point)) for symbol, value in regime.resolved().items()}
        one, two = told[q_1], told[q_2]
        assert played.earned(one, two) == (told[U], told[V])
        grid = [2 * size * step / 240 for step in range(241)]
        assert max(played.earned(other, two)[0] for other in grid) <= told[U]
        assert max(played.earned(one, other)[1] for other in grid) <= told[V]
    assert len(met) == len(solution.regimes)


def deterring(own: Fraction, rival: Fraction, size: Fraction) -> Fraction:
    """What one of two leaders earns before a follower whose unit cost is one."""
    return (size - own - rival - max((size - 1 - own - rival) / 2, Fraction(0))) * own


def best_reply(own: Fraction, rival: Fraction, size: Fraction, grid: list[Fraction]) -> bool:
    nearby = (own + Fraction(1, 500), own - Fraction(1, 500))
    return all(deterring(other, rival, size) <= deterring(own, rival, size) for other in (*nearby, *grid))


def test_every_boundary_belongs_to_a_regime() -> None:
    solution = derive_protocol(learning(capacity=False), learning(capacity=False).protocols[0])
    for share in (Rational(15, 37), Rational(20, 47), Rational(3, 7)):
        assert len(at(solution.regimes, {a: Rational(1), d: share})) == 1


def test_a_continuum_of_ways_to_deter_is_one_regime_beside_unique_ones() -> None:
    statement = deterrence()
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.gaps
    assert not check_solution(statement, solution, 3).failures

    for ratio in (Fraction(2), Fraction(3), Fraction(7, 2), Fraction(4), Fraction(9, 2), Fraction(5), Fraction(6)):
        point = {a: Rational(str(ratio)), c: Rational(1)}
        (regime,) = at(solution.regimes, point)
        assert bool(regime.free) == (3 <= ratio <= 5)
        grid = [ratio * step / 120 for step in range(121)]
        for share in grid if regime.free else [exact(regime.resolved()[q_2].xreplace(point))]:
            there = {**point, q_2: rational(share)}
            other = exact(regime.resolved()[q_1].xreplace(there))
            told = all(r.xreplace(there) == True for r in regime.among)  # noqa: E712
            mutual = other >= 0 and best_reply(share, other, ratio, grid) and best_reply(other, share, ratio, grid)
            assert told == mutual


def test_one_of_two_who_research_may_drive_the_other_out_against_a_grid() -> None:
    """d'Aspremont and Jacquemin with spillovers of either sign: where efforts hurt rivals much, there are corners beside the middle."""
    statement = research()
    solution = derive_protocol(statement, statement.protocols[0])
    assert not check_solution(statement, solution, 3).failures
    grid = [Fraction(step, 60) for step in range(121)]
    for b_ in (Fraction(-1), Fraction(-9, 10), Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1)):
        point = {a: Rational(2), c: Rational(1), b: rational(b_)}
        regimes = at(solution.regimes, point)
        told = {tuple(exact(r.resolved()[x].xreplace(point)) for x in (x_1, x_2)) for r in regimes}
        assert all(regime.unique == (len(told) == 1) for regime in regimes)
        corner = (1 / (1 - 2 * b_), Fraction(0)) if 2 * b_ < 1 else (Fraction(0), Fraction(0))
        replies = [max(grid, key=lambda own, rival=rival: researching(own, rival, b_)) for rival in (corner[0], Fraction(0))]
        mutual = researching(*corner, b_) >= researching(replies[1], Fraction(0), b_) and replies[0] == 0
        assert (corner in told) == mutual
        assert len(told) == (3 if mutual else 1)
        for one, two in told:
            assert all(researching(other, two, b_) <= researching(one, two, b_) for other in grid)
            assert all(researching(other, one, b_) <= researching(two, one, b_) for other in grid)


def test_a_piece_that_is_there_only_for_some_parameters_settles_nothing_for_the_others() -> None:
    one = Problem(-s * x_2**2, (x_2,), (restriction("low", x_2 >= 0),), (s > 0, a > c, a > 0))
    other = Problem(a * x_2 - s * x_2**2, (x_2,), (restriction("low", x_2 >= 0),), (s > 0, a <= c, a > 0))
    pieces = (Piece(one, (), (), (a > c,)), Piece(other, (), (), (a <= c,)))
    settled = maximise_pieces(pieces, (s > 0, a > 0), Journal("t"), compare=False)
    values = {placed.piece: dict(placed.optimum.values)[x_2] for placed in settled.placed}
    assert values == {0: 0, 1: a / (2 * s)}
