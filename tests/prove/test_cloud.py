"""Counterexamples in regions that no coordinate line through a simple point meets."""

from __future__ import annotations

import itertools

from flint import fmpq
from sympy import And, Eq, Or, Pow, Rational

from derive.ir import symbols
from derive.prove import decide
from derive.prove.balls import truth
from derive.prove.cloud import counterexamples
from derive.prove.verdicts import Refuted

x, y, z = symbols("x y z")
BOX = (x > 0, x < 4, y > x, y < 5, z > 0, z < 1)
SMALL = Or((x - Rational(17, 8)) ** 2 + (y - Rational(31, 8)) ** 2 + (z - Rational(3, 5)) ** 2 >= Rational(1, 40), Pow(y, z) < 1)


def test_a_small_ball_off_all_simple_lines_is_found() -> None:
    verdict = decide(SMALL, BOX)
    assert isinstance(verdict, Refuted)
    point = dict(verdict.witness)
    assert truth(SMALL, point) is False
    assert all(truth(fact, point) is True for fact in BOX)
    assert max(value.q for value in point.values()) <= 10


def test_candidates_are_short_and_the_same_every_time() -> None:
    first, again = (list(itertools.islice(counterexamples(SMALL, BOX, {}), 5)) for _ in range(2))
    assert first
    assert first == again


def test_nothing_is_offered_against_what_holds_or_where_equations_tie() -> None:
    assert not list(counterexamples(Pow(y, z) > 0, BOX, {}))
    assert not list(counterexamples(Pow(y, z) > 2, (*BOX, Eq(x, z)), {}))
    assert not list(counterexamples(And(x > 0, y > x), BOX, {}))


def test_fixed_symbols_keep_their_values() -> None:
    (point, *_) = counterexamples(Pow(y, x) < 10, BOX, {z: fmpq(1, 3)})
    assert point[z] == fmpq(1, 3)
