"""Several equilibria are all listed and marked; what the checker says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy
from sympy import Rational

from derive.check.solution import check_solution
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Without
from tests.engine import statements
from tests.engine.statements import decide, protocol

m, x, y, u, v = symbols("m x y U V")


def squares() -> Model:
    """x follows y, y follows the square of x: (0, 0), (1, 1) and (2, 4)."""
    return statements.model(
        "squares",
        (m,),
        (m > 0,),
        {x: (x >= 0, x <= 2), y: (y >= 0, y <= 4)},
        (Player("A", -m * (x - y) ** 2, u), Player("B", -((y - x**2) ** 2), v)),
        protocol("one", (decide("A", x), decide("B", y))),
    )


def hawks() -> Model:
    """Strategic substitutes with slopes above one: two corner equilibria beside the one in the middle, while m is neither
    small nor large."""
    return statements.model(
        "hawks",
        (m,),
        (m > 0, m < 4),
        {x: (x >= 0, x <= 1), y: (y >= 0, y <= 1)},
        (Player("A", x * (m - 2 * y) - x**2 / 2, u), Player("B", y * (m - 2 * x) - y**2 / 2, v)),
        protocol("one", (decide("A", x), decide("B", y))),
    )


def test_all_intersections_of_the_best_responses_are_listed() -> None:
    solution = derive_protocol(squares(), squares().protocols[0])
    assert {(r.resolved()[x], r.resolved()[y]) for r in solution.regimes} == {(0, 0), (1, 1), (2, 4)}
    assert not any(r.unique for r in solution.regimes)
    assert not check_solution(squares(), solution, 4).failures


def brute(value: Rational) -> set[tuple[Rational, Rational]]:
    def reply(other: Rational) -> Rational:
        return min(max(value - 2 * other, Rational(0)), Rational(1))

    grid = {Rational(k, 120) for k in range(121)} | {value / 3, value, value - 2}
    return {(one, two) for one in grid for two in grid if 0 <= one <= 1 and reply(one) == two and reply(two) == one}


@pytest.mark.parametrize("value", [Rational(1, 2), Rational(3, 2), Rational(9, 4), Rational(5, 2), Rational(7, 2)])
def test_corner_and_interior_equilibria_agree_with_a_search_on_a_grid(value: Rational) -> None:
    solution = derive_protocol(hawks(), hawks().protocols[0])
    here = [r for r in solution.regimes if all(relation.xreplace({m: value}) == sympy.true for relation in r.region)]
    assert {(r.resolved()[x].xreplace({m: value}), r.resolved()[y].xreplace({m: value})) for r in here} == brute(value)
    assert all(r.unique == (len(here) == 1) for r in here)


def test_the_checker_rejects_several_that_claim_to_be_unique() -> None:
    solution = derive_protocol(squares(), squares().protocols[0])
    forged = replace(solution, regimes=tuple(replace(r, unique=True) for r in solution.regimes))
    assert any("overlap" in failure for failure in check_solution(squares(), forged, 0).failures)


def test_an_equilibrium_at_which_both_are_indifferent_is_listed() -> None:
    """Both earn from matching: each is indifferent where the other is in the middle, and only there."""
    game = statements.matching(x * y - x / 2, x * y - y / 2)
    solution = derive_protocol(game, game.protocols[0])
    half = Rational(1, 2)
    assert {(r.resolved()[x], r.resolved()[y]) for r in solution.regimes} == {(0, 0), (half, half), (1, 1)}


def test_a_payoff_that_is_flat_for_one_choice_of_the_rival_leaves_a_continuum_there() -> None:
    """At y = 0 every x is as good, and y = 0 is the best reply to every x up to 1/4."""
    game = statements.matching(y * (x - x**2), -((y - x + Rational(1, 4)) ** 2))
    first, second = derive_protocol(game, game.protocols[0]).regimes
    assert (first.resolved()[x], first.resolved()[y], first.free) == (Rational(1, 2), Rational(1, 4), ())
    assert second.free == (x,)
    assert second.resolved()[y] == 0
    assert [sympy.And(*second.among).xreplace({x: Rational(k, 8)}) == sympy.true for k in range(5)] == [True] * 3 + [False] * 2


def test_where_one_chases_and_the_other_flees_there_is_no_equilibrium() -> None:
    game = statements.matching(-((x - y) ** 2), (x - y) ** 2)
    solution = derive_protocol(game, game.protocols[0])
    assert not solution.regimes
    assert [gap.kind for gap in solution.gaps] == [Without.NO_PURE_EQUILIBRIUM]


def test_bounds_that_leave_one_choice_are_no_fault_of_the_derivation() -> None:
    pinned = statements.one_choice(x * (m - x), x >= 1, x <= 1, assumptions=(m > 0,))
    solution = derive_protocol(pinned, pinned.protocols[0])
    assert {r.resolved()[x] for r in solution.regimes} == {1}
    assert not check_solution(pinned, solution, 4).failures


def research(k: Rational) -> tuple[set[tuple[Rational, Rational]], set[tuple[Rational, Rational]]]:
    """Research before quantities: the equilibria found for a cost parameter, and those of a search on a grid."""
    b, x1, x2, q1, q2 = symbols("b x_1 x_2 q_1 q_2")
    statement = statements.model(
        "research",
        (b,),
        (b > Rational(8, 9),),
        {x1: (x1 >= 0,), x2: (x2 >= 0,), q1: (), q2: ()},
        (
            Player("A", (3 - q1 - q2 + x1) * q1 - b * x1**2 / 2, u),
            Player("B", (3 - q1 - q2 + x2) * q2 - b * x2**2 / 2, v),
        ),
        protocol("both", (decide("A", x1), decide("B", x2)), (decide("A", q1), decide("B", q2))),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert [gap.region for gap in solution.gaps] == [(sympy.Eq(3 * b - 4, 0),)]
    assert not check_solution(statement, solution, 4).failures
    here = [r for r in solution.regimes if all(relation.xreplace({b: k}) == sympy.true for relation in r.region)]
    found = {(r.resolved()[x1].xreplace({b: k}), r.resolved()[x2].xreplace({b: k})) for r in here}

    def reply(other: Rational) -> Rational:
        return max(4 * (3 - other) / (9 * k - 8), Rational(0))

    candidates = {Rational(n, 60) for n in range(1200)} | {one for pair in found for one in pair}
    return found, {(one, reply(one)) for one in candidates if reply(reply(one)) == one}


@pytest.mark.parametrize("k", [Rational(10, 9), Rational(2)])
def test_where_the_conditions_degenerate_the_equilibria_on_either_side_are_found(k: Rational) -> None:
    found, expected = research(k)
    assert found == expected
