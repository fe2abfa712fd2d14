"""Random quadratic games against search: no formula is wrong at any exact point tried, no equilibrium of them is missing."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.play.induction import derive_protocol
from derive.solution import Regime, Solution, Without
from tests.engine.random_games import Game, Point, best_found, drawn, isolated, m, x, y

SEEDS = range(14)


def exact(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def fraction(value: Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def hold(relations: tuple[Boolean, ...], at: dict[Symbol, Rational]) -> bool:
    return all(relation.xreplace(at) == sympy.true for relation in relations)


def choices(regime: Regime, at: dict[Symbol, Rational]) -> Point:
    values = regime.resolved()
    return fraction(values[x].xreplace(at)), fraction(values[y].xreplace(at))


def check_sequential(game: Game, here: list[Regime], at: Fraction) -> None:
    assert here
    for a, b in (choices(regime, {m: exact(at)}) for regime in here):
        replies, every = game.replies(False, at, a)
        assert 0 <= a <= game.top
        assert b in replies or (every and 0 <= b <= game.top)
        assert game.payoff(True, at, a, b) >= best_found(game, at, 60)


def check_simultaneous(game: Game, here: list[Regime], at: Fraction) -> None:
    values = {m: exact(at)}
    settled = {choices(regime, values) for regime in here if not regime.free}
    for a, b in settled:
        for first, own, other in ((True, a, b), (False, b, a)):
            replies, every = game.replies(first, at, other)
            assert own in replies or (every and 0 <= own <= game.top)
    for a, b in set(isolated(game, at)) - settled:
        point = {x: exact(a), y: exact(b)}
        loose = (r for r in here if r.free and hold(r.among, {**values, **point}))
        assert any(all(r.resolved().get(s, s).xreplace({**values, **point}) == point[s] for s in (x, y)) for r in loose)


def covered(solution: Solution, at: Fraction) -> list[Regime]:
    """The regimes at a point, which are some unless a gap says why there is none."""
    values = {m: exact(at)}
    here = [regime for regime in solution.regimes if hold(regime.region, values)]
    gaps = [gap for gap in solution.gaps if hold(gap.region, values)]
    assert not any(gap.kind is Without.UNSETTLED for gap in gaps)
    assert here or gaps
    return here


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_derived_of_a_random_game_is_what_a_search_finds(seed: int) -> None:
    game = drawn(seed)
    statement = game.statement()
    solution = derive_protocol(statement, statement.protocols[0])
    source = random.Random(seed)
    for _ in range(6):
        at = Fraction(source.randint(1, 399), 100)
        here = covered(solution, at)
        if not game.sequential:
            check_simultaneous(game, here, at)
        elif here:
            check_sequential(game, here, at)
