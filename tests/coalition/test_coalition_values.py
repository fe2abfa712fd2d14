"""Shapley, Banzhaf and tau values against orders of arrival and the literature."""

import random
import time
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from sympy import Rational

from derive.check.coalition import verify_solutions
from derive.coalition import derive_coalition
from derive.coalition.ir import LEAST_EXCESS
from derive.coalition.table import table
from derive.coalition.values import banzhaf, contributions, shapley, shapley_fractions, tau
from derive.ir import Parameter, symbols
from derive.pipeline import work_through
from tests.coalition.coalition_games import numeric, shapley_by_arrival, stated, talmud, voting

GLOVES = {"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 0, "123": 1}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_shapley_is_the_average_over_orders_of_arrival(n: int) -> None:
    source = random.Random(n)
    values = [Fraction(0), *(Fraction(source.randint(-50, 50), source.randint(1, 7)) for _ in range((1 << n) - 1))]
    assert list(shapley_fractions(tuple(values))) == shapley_by_arrival(values)
    assert [Fraction(int(v.p), int(v.q)) for v in shapley(numeric(values))] == shapley_by_arrival(values)


def test_glove_game() -> None:
    assert shapley(table(stated("gloves", GLOVES, 3))) == (Rational(2, 3), Rational(1, 6), Rational(1, 6))


def test_security_council_of_fifteen() -> None:
    """Five permanent members with a veto, ten elected ones, quota 39 of (7 x 5, 1 x 10): Shapley and Shubik's index."""
    council = table(voting("council", 39, (7,) * 5 + (1,) * 10))
    assert shapley(council) == (Rational(421, 2145),) * 5 + (Rational(4, 2145),) * 10
    assert banzhaf(council) == (Rational(848, 2**14),) * 5 + (Rational(84, 2**14),) * 10


def test_council_of_ministers_1958() -> None:
    """Quota 12 of (4, 4, 4, 2, 2, 1): Luxembourg never counts."""
    council = table(voting("ministers", 12, (4, 4, 4, 2, 2, 1)))
    assert shapley(council) == (Rational(14, 60),) * 3 + (Rational(9, 60),) * 2 + (0,)
    assert banzhaf(council) == (Rational(10, 32),) * 3 + (Rational(6, 32),) * 2 + (0,)


def test_large_numbers_leave_machine_integers() -> None:
    values = [Fraction(0), *(Fraction(10**25 * k + 1, 3) for k in range(1, 16))]
    assert list(shapley_fractions(tuple(values))) == shapley_by_arrival(values)


def test_fifteen_players_take_no_time() -> None:
    source = random.Random(0)
    values = (Fraction(0), *(Fraction(source.randint(0, 10**6)) for _ in range(2**15 - 1)))
    begin = time.process_time()
    found = shapley_fractions(values)
    assert time.process_time() - begin < 5
    assert sum(found) == values[-1]


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(200, (40, 80, 80)), (400, (60, 120, 220))],
)
def test_tau_of_a_bankruptcy_game_is_the_adjusted_proportional_division(estate: int, shares: tuple[int, ...]) -> None:
    """Curiel, Maschler and Tijs 1987; both divisions worked out by their rule."""
    (symbol,) = (parameter.symbol for parameter in talmud().parameters)
    game = table(talmud())
    at = type(game)(game.players, tuple(worth.xreplace({symbol: Rational(estate)}) for worth in game.worths))
    found = tau(at)
    assert found is not None
    assert found.shares == shares


def test_tau_needs_a_quasi_balanced_game() -> None:
    assert tau(table(stated("majority", {"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 1, "123": 1}, 3))) is None


def test_contribution_table_of_the_glove_owner() -> None:
    rows = contributions(table(stated("gloves", GLOVES, 3)), 0)
    assert [(row.coalition, row.weight, row.marginal) for row in rows] == [
        (0, Rational(1, 3), 0), (2, Rational(1, 6), 1), (4, Rational(1, 6), 1), (6, Rational(1, 3), 1),
    ]  # fmt: skip


def test_prenucleolus_and_least_core() -> None:
    """Three players and a majority (Maschler, Peleg, Shapley 1979): the core is empty by a third, everybody gets a third."""
    majority = {"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 1, "123": 1}
    game = stated("majority", majority, 3, concepts=("shapley", "nucleolus", "prenucleolus", "least_core"))
    found = {one.protocol: dict(one.regimes[0].values) for one in derive_coalition(game)}
    assert set(found["prenucleolus"].values()) == {Rational(1, 3)}
    assert found["least_core"] == {LEAST_EXCESS: Rational(1, 3)}
    assert verify_solutions(game, derive_coalition(game)) == ()


def test_the_prenucleolus_may_give_less_than_a_player_has_alone() -> None:
    """Player 3 alone is worth more than it adds to the others, who must not be left below what they earn as a pair."""
    game = stated(
        "alone", {"1": 0, "2": 0, "3": 1, "12": 4, "13": 0, "23": 0, "123": 4}, 3, concepts=("nucleolus", "prenucleolus")
    )
    found = {one.protocol: [value for _, value in one.regimes[0].values] for one in derive_coalition(game)}
    assert found["nucleolus"] == [Rational(3, 2), Rational(3, 2), 1]
    assert found["prenucleolus"] == [Rational(7, 4), Rational(7, 4), Rational(1, 2)]
    assert verify_solutions(game, derive_coalition(game)) == ()


def test_where_nobody_can_be_given_what_it_has_alone_there_is_no_nucleolus() -> None:
    a, b = symbols("a b")
    game = stated(
        "pair", {"1": a, "2": b, "12": 1}, 2, parameters=(Parameter(a, "alone"), Parameter(b, "alone")),
        assumptions=(a >= 0, b >= 0), concepts=("shapley", "nucleolus", "prenucleolus", "least_core"),
    )  # fmt: skip
    solutions = derive_coalition(game)
    found = {one.protocol: one for one in solutions}
    (gap,) = found["nucleolus"].gaps
    assert gap.region == (a + b > 1,)
    assert found["nucleolus"].regimes[0].region == (a + b <= 1,)
    assert found["prenucleolus"].regimes[0].region == ()
    assert sympy.expand(found["least_core"].regimes[0].resolved()[LEAST_EXCESS] - (a + b - 1) / 2) == 0
    assert verify_solutions(game, solutions) == ()


def test_a_game_of_fifteen_is_verified_and_not_printed_in_full() -> None:
    """Whoever has a veto in the Security Council may have everything: the core is not empty."""
    game = replace(voting("council", 39, (7,) * 5 + (1,) * 10), concepts=("shapley", "banzhaf", "core"))
    solutions = derive_coalition(game)
    found = {one.protocol: [value for _, value in one.regimes[0].values] for one in solutions}
    assert found["core"] == [1]
    assert verify_solutions(game, solutions, 4) == ()
    forged = replace(solutions[0].argument[1].proof[0], value=Rational(420, 2145))
    argument = (solutions[0].argument[0], replace(solutions[0].argument[1], proof=(forged,)))
    assert verify_solutions(game, (replace(solutions[0], argument=argument),), 4) != ()


def test_the_document_of_a_large_game_names_few_coalitions() -> None:
    work = work_through(replace(voting("board", 6, (3, 2, 1, 1, 1, 1, 1, 1)), concepts=("shapley",)), 4)
    proof = dict(work.files)["proof.tex"]
    assert "the other 246 coalitions" in proof
    assert len(proof) < 20000
