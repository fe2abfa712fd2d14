"""What the checker keeps from one question to the next changes no answer."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from sympy import Eq, Expr, Ge, Gt, Le, Lt, Ne, Rational, exp, sqrt
from sympy.logic.boolalg import Boolean

from derive.check import searched, zero
from derive.check.rough import doubles, told
from derive.check.searched import searched as search_again
from derive.check.values import holds
from derive.check.zero import is_zero
from derive.ir import symbols

x, y, a, b = symbols("x y a b")
POSITIVE = (x, y)
#: Roots of the same bases, some finer than others, and whether the difference is zero.
QUESTIONS: tuple[tuple[Expr, bool], ...] = (
    (sqrt(x) * sqrt(y) - sqrt(x * y), True),
    (x ** Rational(1, 3) * x ** Rational(2, 3) - x, True),
    (x ** Rational(1, 6) * sqrt(x) - x ** Rational(2, 3), True),
    (x ** Rational(1, 6) * sqrt(x) - x ** Rational(3, 4), False),
    ((x + y) ** (a - b) * (x + y) ** b - (x + y) ** a, True),
    ((x + y) ** (a - b) * (x + y) ** b - (x + y) ** (a + b), False),
    (exp(a / 2) ** 2 * exp(b) - exp(a + b), True),
    (sqrt(x + y) / (x + y) - 1 / sqrt(x + y), True),
    (sqrt((x - y) ** 2) * (x - y) - (x - y) ** 2, False),
)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_questions_changes_no_verdict(seed: int) -> None:
    order = list(QUESTIONS)
    random.Random(seed).shuffle(order)
    for cache in (zero._is_zero, zero._forms):
        cache.cache_clear()
    for expr, vanishes in order:
        assert is_zero(expr, POSITIVE) == vanishes, expr


RELATIONS = [kind(x * y - a**b, 1 - x) for kind in (Lt, Le, Gt, Ge, Eq, Ne)]


@pytest.mark.parametrize("relation", RELATIONS, ids=str)
def test_what_is_told_in_double_precision_is_so_exactly(relation: Boolean) -> None:
    rng = random.Random(5)
    for _ in range(50):
        at = {s: Fraction(rng.randint(1, 40), rng.randint(1, 20)) for s in (x, y, a)} | {b: Fraction(rng.randint(-2, 3))}
        truth = bool(relation.xreplace({s: Rational(v.numerator, v.denominator) for s, v in at.items()}))
        assert told(relation, doubles(at)) in (truth, None)
        assert holds(relation, at) == holds(relation, at, near=doubles(at)) == truth


def test_at_an_edge_nothing_is_told_in_double_precision() -> None:
    at = {x: Fraction(1, 3), y: Fraction(2)}
    relation = Ge(x * y, Rational(2, 3))
    assert told(relation, doubles(at)) is None
    assert holds(relation, at, near=doubles(at))


def test_values_without_a_double_are_left_out() -> None:
    huge = Fraction(10**400)
    assert doubles({x: huge, y: Fraction(1, 2)}) == {y: 0.5}
    assert holds(Gt(x, y), {x: huge, y: Fraction(1, 2)}, near={y: 0.5})


class _Counting:
    """Stands for a game: says which rows it was asked to search."""

    def __init__(self) -> None:
        self.rows: list[list[float]] = []

    def search(self, _decision: Any, _stage: int, rows: Any) -> tuple[Any, Any]:
        self.rows += rows.tolist()
        return rows.sum(axis=1), rows + 1


def test_a_row_is_searched_once_for_each_decision_and_stage() -> None:
    np: Any = searched.np
    game: Any = _Counting()
    decision: Any = "one who decides"
    first, more = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[3.0, 4.0], [5.0, 6.0], [1.0, 2.0]])
    search_again(game, decision, 0, first)
    best, played = search_again(game, decision, 0, more)
    assert game.rows == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    assert best.tolist() == [7.0, 11.0, 3.0]
    assert played.tolist() == (more + 1).tolist()
    search_again(game, decision, 1, first)
    assert len(game.rows) == 5
