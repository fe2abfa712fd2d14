"""Core, convexity and nucleolus of numeric games against definitions, Kohlberg's criterion and the literature."""

import random
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog
from sympy import Rational

from derive.coalition import core
from derive.coalition.nucleolus import least_core, nucleolus
from derive.coalition.table import table
from derive.coalition.values import shapley
from tests.coalition.coalition_games import disjoint_pairs, excesses, numeric, stated, voting


def balanced(masks: list[int], n: int) -> bool:
    """Whether positive weights on all of the coalitions add up to a multiple of the grand one (floating point)."""
    rows = np.array([[mask >> i & 1 for mask in masks] for i in range(n)], dtype=float)
    count = len(masks)
    answer = linprog(
        np.r_[np.zeros(count), -1.0], A_ub=np.c_[-np.eye(count), np.ones(count)], b_ub=np.zeros(count),
        A_eq=np.c_[rows, np.zeros(n)], b_eq=np.ones(n), bounds=[(0, None)] * count + [(None, 1)],
    )  # fmt: skip
    return bool(answer.status == 0 and -answer.fun > 1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_prenucleolus_meets_kohlbergs_criterion(seed: int) -> None:
    source = random.Random(seed)
    n = source.choice([2, 3, 4, 5])
    values = [Fraction(0), *(Fraction(source.randint(-9, 20)) for _ in range((1 << n) - 1))]
    found = nucleolus(values)
    assert found is not None
    assert sum(found.shares) == values[-1]
    gaps = excesses(values, list(found.shares))
    for level in sorted(set(gaps.values()), reverse=True):
        assert balanced([mask for mask, gap in gaps.items() if gap >= level], n)


@pytest.mark.parametrize(
    ("estate", "shares"),
    [
        (100, ("100/3", "100/3", "100/3")),
        (200, ("50", "75", "75")),
        (300, ("50", "100", "150")),
        (520, ("220/3", "520/3", "820/3")),
    ],
)
def test_talmud_divisions(estate: int, shares: tuple[str, ...]) -> None:
    """Aumann and Maschler 1985."""
    claims = (100, 200, 300)
    values = [Fraction(max(0, estate - sum(c for i, c in enumerate(claims) if not mask >> i & 1))) for mask in range(8)]
    for rational in (False, True):
        found = nucleolus(values, individually_rational=rational)
        assert found is not None
        assert found.shares == tuple(map(Fraction, shares))


def test_nucleolus_and_prenucleolus_differ_without_individual_rationality() -> None:
    """A player whose single worth lies above what the prenucleolus would give is held at it by the nucleolus."""
    values = [Fraction(v) for v in (0, 0, 0, 10, 9, 0, 0, 10)]
    free, kept = nucleolus(values), nucleolus(values, individually_rational=True)
    assert free is not None
    assert kept is not None
    assert free.shares[2] < 9 <= kept.shares[2]


def test_glove_core_is_one_point() -> None:
    game = table(stated("gloves", {"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 0, "123": 1}, 3))
    assert core.core_point(game) == (1, 0, 0)
    assert core.empty_core(game) is None
    assert min(row.slack for row in core.core_slacks(game, shapley(game))) < 0


def test_simple_majority_has_an_empty_core() -> None:
    game = table(voting("majority", 2, (1, 1, 1)))
    assert core.core_point(game) is None
    row = core.empty_core(game)
    assert row is not None
    assert {game.names(mask) for mask in row.coalitions} == {("1", "2"), ("1", "3"), ("2", "3")}
    assert row.slack == -Rational(1, 2)
    assert least_core([Fraction(0), *(Fraction(int(mask.bit_count() > 1)) for mask in range(1, 8))])[0] == Fraction(1, 3)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_core_verdict_agrees_with_floating_point(n: int) -> None:
    source = random.Random(17 * n)
    for _ in range(25):
        values = [0, *(source.randint(0, 6) + 3 * (mask.bit_count() - 1) for mask in range(1, 1 << n))]
        masks = range(1, (1 << n) - 1)
        rows = [[-float(mask >> i & 1) for i in range(n)] + [-1.0] for mask in masks]
        bounds = [-float(values[mask]) for mask in masks]
        total = [[1.0] * n + [0.0]]
        best = linprog(
            [0.0] * n + [1.0], A_ub=rows, b_ub=bounds, A_eq=total, b_eq=[float(values[-1])], bounds=[(None, None)] * (n + 1)
        )
        game = numeric(list(values))
        assert (core.core_point(game) is None) == (best.fun > 1e-9)
        assert (core.empty_core(game) is not None) == (best.fun > 1e-9)
        symbolic = [row.slack for row in core.balancedness(game)]
        assert (min(symbolic) < 0) == (best.fun > 1e-9)


def test_minimal_balanced_collections_are_as_many_as_published() -> None:
    """Peleg 1965: 1, 2, 6, 42 (the grand coalition alone included)."""
    assert [len(core.balanced_collections(n)) for n in (1, 2, 3, 4)] == [1, 2, 6, 42]


@pytest.mark.parametrize("n", [2, 3, 4])
def test_superadditivity_and_convexity_rows_are_the_definitions(n: int) -> None:
    source = random.Random(n)
    values = [0, *(source.randint(0, 99) for _ in range((1 << n) - 1))]
    game = numeric(list(values))
    pairs = {frozenset(row.coalitions): row.slack for row in core.superadditivity(game)}
    assert pairs == {frozenset((a, b)): values[a | b] - values[a] - values[b] for a, b in disjoint_pairs(n)}
    every = [values[a | b] + values[a & b] - values[a] - values[b] for a, b in combinations(range(1 << n), 2)]
    assert (min(row.slack for row in core.convexity(game)) >= 0) == (min(every) >= 0)


def test_shapley_value_of_a_convex_game_is_in_the_core() -> None:
    """Shapley 1971."""
    for n in (2, 3, 4, 5):
        game = numeric([(sum(i + 1 for i in range(n) if mask >> i & 1)) ** 2 for mask in range(1 << n)])
        assert min(row.slack for row in core.convexity(game)) >= 0
        assert min(row.slack for row in core.core_slacks(game, shapley(game))) >= 0


def test_ten_players() -> None:
    source = random.Random(5)
    values = [Fraction(0), *(Fraction(10 * mask.bit_count() ** 2 + source.randint(0, 30)) for mask in range(1, 1024))]
    found = nucleolus(values)
    assert found is not None
    worst = max(excesses(values, list(found.shares)).values())
    assert worst == found.levels[0].excess
