"""All equilibria of small games, in pure and mixed strategies, against the literature."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Rational, sympify
from sympy.logic.boolalg import Boolean

from derive.check.repeated import verify_solutions
from derive.errors import Refusal, StatementError
from derive.field import is_zero
from derive.ir import Parameter, symbols
from derive.pipeline import work_through
from derive.repeated import OneShot, RepeatedGame, StageGame, derive_repeated
from derive.solution import Solution

a, b, c, g, h, w, F = symbols("a b c g h w F")
p, q, U, V = symbols("p_1 p_2 p_3"), symbols("q_1 q_2 q_3"), *symbols("U V")
Table = list[list[object]]


def once(mine: Table, yours: Table, *assumptions: Boolean) -> RepeatedGame:
    """A game by two tables: rows are the first player's actions, columns the second's."""
    rows, columns = ("top", "middle", "low")[: len(mine)], ("left", "centre", "right")[: len(mine[0])]
    payoffs = tuple(
        ((one, two), (sympify(mine[i][j]), sympify(yours[i][j]))) for i, one in enumerate(rows) for j, two in enumerate(columns)
    )
    named = sorted({s for _, row in payoffs for value in row for s in value.free_symbols}, key=str)
    play = OneShot("once", "Played once", (U, V), probabilities=(p[: len(rows)], q[: len(columns)]))
    return RepeatedGame(
        "small", "Small", "", tuple(Parameter(symbol, "payoff") for symbol in named), assumptions,
        StageGame(("row", "column"), (rows, columns), payoffs), (play,),
    )  # fmt: skip


def solved(game: RepeatedGame) -> Solution:
    solutions = derive_repeated(game)
    assert verify_solutions(game, solutions, 12) == ()
    return solutions[0]


def mixtures(solution: Solution) -> list[dict[str, Expr]]:
    return [{symbol.name: value for symbol, value in regime.values} for regime in solution.regimes]


def test_matching_pennies() -> None:
    solution = solved(once([[a, -a], [-a, a]], [[-a, a], [a, -a]], a > 0))
    (only,) = mixtures(solution)
    assert all(only[name] == Rational(1, 2) for name in ("p_1", "p_2", "q_1", "q_2"))
    assert (only["U"], only["V"]) == (0, 0)
    assert solution.regimes[0].unique
    assert not solution.gaps


def test_battle_of_the_sexes_has_three_equilibria() -> None:
    """Luce and Raiffa 1957: two pure ones, and one mixed that pays both less."""
    found = mixtures(solved(once([[a, 0], [0, b]], [[b, 0], [0, a]], a > b, b > 0)))
    assert len(found) == 3
    assert is_zero(found[2]["p_1"] - a / (a + b))
    assert is_zero(found[2]["q_1"] - b / (a + b))
    assert is_zero(found[2]["U"] - a * b / (a + b))


def test_inspection() -> None:
    """Fudenberg and Tirole 1991, section 1.1: the agent shirks with probability h/w, the principal inspects with g/w."""
    shirk, work = [0, w], [w - g, w - g]
    solution = solved(once([shirk, work], [[-h, -w], [F - w - h, F - w]], w > g, g > h, h > 0, w < F))
    (only,) = mixtures(solution)
    assert is_zero(only["p_1"] - h / w)
    assert is_zero(only["q_1"] - g / w)


def test_hawk_and_dove() -> None:
    """Maynard Smith and Price 1973: where fights cost more than the prize, hawks appear with probability b/c."""
    solution = solved(once([[(b - c) / 2, b], [0, b / 2]], [[(b - c) / 2, 0], [b, b / 2]], b > 0, c > 0))
    mixed = [regime for regime in solution.regimes if regime.name.startswith("mixed")]
    (regime,) = mixed
    assert is_zero(dict(regime.values)[p[0]] - b / c)
    assert len(solution.regimes) == 4
    assert solution.gaps
    assert solution.warnings


def test_three_actions_by_numbers() -> None:
    """Von Stengel 2007 (Algorithmic Game Theory, chapter 3): a game of three by two with three equilibria."""
    found = mixtures(solved(once([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])))
    listed = {(m["p_1"], m["p_2"], m["p_3"], m["q_1"], m["q_2"]) for m in found}
    fifth, third = Rational(1, 5), Rational(1, 3)
    assert listed == {(1, 0, 0, 1, 0), (4 * fifth, fifth, 0, 2 * third, third), (0, third, 2 * third, third, 2 * third)}


def test_rock_paper_scissors() -> None:
    table: Table = [[0, -a, a], [a, 0, -a], [-a, a, 0]]
    (only,) = mixtures(solved(once(table, [[-sympify(x) for x in row] for row in table], a > 0)))
    assert all(only[f"{name}_{i}"] == Rational(1, 3) for name in "pq" for i in (1, 2, 3))


def test_a_threat_that_costs_nothing_is_listed() -> None:
    """Selten 1978, the stage game: to stay out of a market where a fight is threatened is an equilibrium, though not a strict one."""
    solution = solved(once([[-b, b], [0, 0]], [[-a, 0], [c, c]], a > 0, b > 0, c > 0))
    assert [regime.name[:4] for regime in solution.regimes] == ["pure", "pure"]
    assert {(m["p_2"], m["q_1"], m["V"]) for m in mixtures(solution)} == {(0, 0, 0), (1, 1, c)}
    assert solution.warnings


def test_a_tie_off_the_path_leaves_a_pure_equilibrium() -> None:
    found = mixtures(solved(once([[9, 3, -8], [-1, -2, -1]], [[7, 7, 4], [-8, 6, 1]])))
    assert {(m["p_1"], m["q_1"], m["q_2"]) for m in found} == {(1, 1, 0), (1, 0, 1)}


def test_what_is_wrong_is_found_out() -> None:
    game = once([[a, 0], [0, b]], [[b, 0], [0, a]], a > b, b > 0)
    (solution,) = derive_repeated(game)
    assert verify_solutions(game, (replace(solution, regimes=solution.regimes[:2]),), 12) != ()
    bent = replace(solution.regimes[2], values=((p[0], b / (a + b)), (p[1], a / (a + b)), *solution.regimes[2].values[2:]))
    assert verify_solutions(game, (replace(solution, regimes=(*solution.regimes[:2], bent)),), 12) != ()


def test_documents_are_written() -> None:
    work = work_through(once([[a, 0], [0, b]], [[b, 0], [0, a]], a > b, b > 0), 4)
    assert "every action that is played earns its player the same" in dict(work.files)["proof.tex"]


def test_what_cannot_be_listed_is_refused() -> None:
    game = once([[a, 0], [0, b]], [[b, 0], [0, a]], a > b, b > 0)
    short = replace(game, protocols=(replace(game.protocols[0], probabilities=(p[:1], q[:2])),))
    with pytest.raises(StatementError, match="one probability per action"):
        derive_repeated(short)
    with pytest.raises(Refusal, match="probabilities"):
        derive_repeated(replace(game, protocols=(OneShot("once", "Played once", (U, V)),)))
