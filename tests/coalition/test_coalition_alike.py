"""Games of any number of players who are alike, against the literature and against the same games written out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Integer, Max, Piecewise, S, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.coalition import verify_solutions
from derive.coalition import derive_coalition
from derive.coalition.ir import CoalitionGame, Member
from derive.errors import Refusal, StatementError
from derive.field import is_zero
from derive.ir import symbols
from derive.pipeline import work_through
from derive.solution import Solution
from tests.coalition.coalition_games import alike

n, s, x, a, b, alpha, K, h = symbols("n s x_i a b alpha K h")


def solved(game: CoalitionGame) -> dict[str, Solution]:
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions, 8) == ()
    return {one.protocol: one for one in solutions}


def says(solution: Solution) -> dict[tuple[Boolean, ...], object]:
    return {regime.region: regime.values[0][1] for regime in solution.regimes}


ALL = ("superadditivity", "convexity", "core", "shapley_core")


def test_a_square_is_a_convex_game_and_all_receive_the_same() -> None:
    found = solved(alike(a * s**2 - b * s, a > 0, b > 0))
    assert all(says(found[key]) == {(): 1} for key in ALL)
    assert is_zero(found["shapley"].regimes[0].values[0][1] - (a * n - b))
    assert found["nucleolus"].regimes[0].values == found["shapley"].regimes[0].values


def test_returns_to_scale_decide() -> None:
    """A power of the size: convex, and with a core, exactly from constant returns on."""
    found = solved(alike(s**alpha, alpha > 0))
    assert all(says(found[key]) == {(alpha - 1 >= 0,): 1, (alpha - 1 < 0,): 0} for key in ALL)


def test_joint_ordering_and_joint_replenishment() -> None:
    """Meca, Timmer, Garcia-Jurado and Borm 2004: the cost of ordering together is the root of the sum of squares, and concave."""
    found = solved(alike(sqrt(2 * K * h * s), K > 0, h > 0, kind="cost"))
    assert all(says(found[key]) == {(): 1} for key in ALL)
    assert is_zero(found["shapley"].regimes[0].values[0][1] ** 2 - 2 * K * h / n)
    found = solved(alike(Piecewise((K + h * s, s > 0), (0, True)), K > 0, h > 0, kind="cost"))
    assert all(says(found[key]) == {(): 1} for key in ALL)


def test_a_prize_for_whoever_comes_first_empties_the_core_unless_growth_pays_for_it() -> None:
    found = solved(alike(Piecewise((a * s**2 + K, s >= 1), (0, True)), a > 0, K > 0))
    holds, fails = found["core"].regimes
    (condition,) = holds.region
    assert is_zero(condition.lhs - (a * n - K))
    assert (holds.values[0][1], fails.values[0][1]) == (1, 0)
    assert any("superadditivity" in warning for warning in found["shapley"].warnings)


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_the_same_game_written_out(number: int) -> None:
    """Numbers from the general argument against those of the game with that many players."""
    rule = Piecewise((s**2 + K, s >= 1), (0, True))
    general = solved(alike(rule, K > 0))
    shares, marks = symbols(" ".join(f"x_{i}" for i in range(number))), symbols(" ".join(f"in_{i}" for i in range(number)))
    for prize in (1, 3, 5):
        players = tuple(Member(str(i), shares[i], indicator=marks[i]) for i in range(number))
        worth = (sum(marks) ** 2 + prize * Max(*marks)) if number > 1 else S.One
        written = CoalitionGame("out", "out", "", players, rule=worth, concepts=("shapley", "core"))
        numeric = {one.protocol: one.regimes[0].values[0][1] for one in derive_coalition(written)}
        at = {n: Integer(number), K: Integer(prize)}
        (core,) = [r for r in general["core"].regimes if all(c.xreplace(at) == True for c in r.region)]  # noqa: E712
        assert core.values[0][1] == numeric["core"]
        assert general["shapley"].regimes[0].values[0][1].xreplace(at) == numeric["shapley"]


def test_without_a_division_that_all_accept_there_is_no_nucleolus() -> None:
    found = solved(alike(a * s - b * s**2, a > 0, b > 0))
    assert "nucleolus" not in found
    assert any("no division gives every player" in warning for warning in found["shapley"].warnings)
    (regime,) = solved(alike(a * s - b * s**2, a > 0, b > 0, concepts=("prenucleolus",)))["prenucleolus"].regimes
    assert is_zero(regime.values[0][1] - (a - b * n))


def test_what_is_reported_wrongly_is_found_out() -> None:
    game = alike(a * s**2, a > 0)
    (first, *rest) = derive_coalition(game)
    (regime,) = first.regimes
    forged = replace(first, regimes=(replace(regime, values=((x, a * n / 2),)),))
    assert verify_solutions(game, (forged, *rest), 8) != ()
    (core,) = [one for one in rest if one.protocol == "core"]
    forged = replace(core, regimes=(replace(core.regimes[0], values=((core.regimes[0].values[0][0], S.Zero),)),))
    assert verify_solutions(game, (first, forged), 8) != ()


def test_documents_and_evaluator_are_written() -> None:
    work = work_through(alike(Piecewise((a * s**2 + K, s >= 1), (0, True)), a > 0, K > 0), 4)
    proof = dict(work.files)["proof.tex"]
    assert "What is left rises with the size" in proof


def test_what_is_not_settled_is_refused() -> None:
    with pytest.raises(Refusal, match="cases in the size"):
        derive_coalition(alike(Piecewise((1, 2 * s > n), (0, True))))
    with pytest.raises(StatementError, match="at least two"):
        derive_coalition(replace(alike(a * s**2, a > 0), assumptions=(n >= 1, a > 0)))
    with pytest.raises(StatementError, match="empty coalition"):
        derive_coalition(alike(a * s**2 + K, a > 0, K > 0))
    two = replace(alike(a * s**2, a > 0), players=(Member("firm", x, indicator=s, count=n), Member("boss", h, indicator=b)))
    with pytest.raises(Refusal, match="beside others"):
        derive_coalition(two)
