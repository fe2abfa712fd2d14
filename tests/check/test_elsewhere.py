"""Equilibria that a solution leaves out are found among copies of a player, in later stages and before several of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sympy import Expr, Integer, Max, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.elsewhere import elsewhere
from derive.check.game import game_of
from derive.check.play import laws_in_play
from derive.check.solution import check_solution
from derive.ir import Aggregate, Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_model, derive_protocol
from derive.solution import Case, Gap, Regime, Response, Solution, Without
from tests.check.test_forgeries import derived
from tests.engine.statements import decide, model, protocol

m, n, a, c, w, q, Q, x, y, z, t, u, v, one, other = symbols("m n a c w q Q x y z t u v L M")
ROOTS = ((0, 0), (1, 1), (2, 4))  # x follows y, y follows the square of x

Values = tuple[tuple[Symbol, Expr], ...]


def _decide(by: str, *chooses: Symbol) -> Decision:
    return Decision((by,), chooses)


def _game(stages: tuple[Stage, ...], players: tuple[Player, ...], domain: dict[Symbol, tuple[Boolean, ...]]) -> Model:
    variables = tuple(Variable(symbol, "", bounds) for symbol, bounds in domain.items())
    return Model("g", "", "", (Parameter(m, ""),), (m > 0,), variables, players, (Protocol("P", "", stages),))


PAIR = (Player("A", -m * (x - y) ** 2, u), Player("B", -((y - x**2) ** 2), v))
BOXES: dict[Symbol, tuple[Boolean, ...]] = {x: (x >= 0, x <= 2), y: (y >= 0, y <= 4)}


def led() -> tuple[Model, Callable[[tuple[int, int]], Solution]]:
    """A leader who cares for its own choice alone, and then two players with three equilibria."""
    model = _game(
        (Stage((_decide("L", w),)), Stage((_decide("A", x), _decide("B", y)))),
        (Player("L", -((w - m) ** 2), one), *PAIR),
        {w: (w >= 0,), **BOXES},
    )

    def solution(root: tuple[int, int]) -> Solution:
        played: Values = ((x, Integer(root[0])), (y, Integer(root[1])))
        regime = Regime("1", (), ((w, m), *played))
        return Solution("g", "P", "", (m > 0,), (regime,), (), responses=(Response(2, (x, y), True, (Case((), played),)),))

    return model, solution


def leading() -> tuple[Model, Callable[[tuple[int, int]], Solution]]:
    """The two players first, and two more stages after them."""
    model = _game(
        (Stage((_decide("A", x), _decide("B", y))), Stage((_decide("L", z),)), Stage((_decide("M", t),))),
        (*PAIR, Player("L", -((z - x) ** 2), one), Player("M", -((t - z) ** 2), other)),
        {**BOXES, z: (z >= 0,), t: (t >= 0,)},
    )

    def solution(root: tuple[int, int]) -> Solution:
        p, r = (Integer(k) for k in root)
        responses = (Response(2, (z,), True, (Case((), ((z, x), (t, x))),)), Response(3, (t,), True, (Case((), ((t, z),)),)))
        regime = Regime("1", (), ((x, p), (y, r), (z, p), (t, p)))
        return Solution("g", "P", "", (m > 0,), (regime,), (), responses=responses)

    return model, solution


@pytest.mark.parametrize("make", [led, leading])
@pytest.mark.parametrize("root", ROOTS)
def test_one_of_several_equilibria_of_a_stage_is_not_the_only_one(
    make: Callable[[], tuple[Model, Callable[[tuple[int, int]], Solution]]], root: tuple[int, int]
) -> None:
    model, solution = make()
    assert any("beside what is listed" in finding for finding in elsewhere(model, solution(root)).findings)
    assert not check_solution(model, solution(root), 0).accepted


def crowd() -> Model:
    """Identical firms that choose quantities."""
    return Model(
        "crowd", "", "", (Parameter(a, ""), Parameter(c, ""), Parameter(n, "", integer=True)), (a > c, c > 0, n >= 2),
        (Variable(q, "quantity", (q >= 0,)),), (Player("firm", (a - Q - c) * q, u, count=n),),
        (Protocol("P", "", (Stage((_decide("firm", q),)),)),), aggregates=(Aggregate(Q, q, "firm", "output"),),
    )  # fmt: skip


def test_an_equilibrium_of_a_group_that_is_denied_is_found() -> None:
    model, solution = derived(crowd)
    found = elsewhere(model, solution)
    assert found.points
    assert not found.findings
    denied = replace(
        solution,
        regimes=(),
        responses=(),
        argument=(),
        covering=None,
        gaps=(Gap((), Without.NO_PURE_EQUILIBRIUM, "so it is said"),),
    )
    assert any("is an equilibrium" in finding for finding in elsewhere(model, denied).findings)


def test_an_equilibrium_of_a_group_that_is_none_leaves_room_for_the_true_one() -> None:
    model, solution = derived(crowd)
    (regime,) = solution.regimes
    wrong = replace(regime, values=tuple((s, e / 2 if s == q else e) for s, e in regime.values if s in (q, Q)))
    assert any("beside what is listed" in finding for finding in elsewhere(model, replace(solution, regimes=(wrong,))).findings)


def test_right_solutions_have_no_other_equilibria_in_later_stages() -> None:
    """A supplier and two retailers, and the same with another supplier before them: deeper stages answer as recorded."""
    q_1, q_2, U_1, U_2, U_S, U_T, s = symbols("q_1 q_2 U_1 U_2 U_S U_T s")
    sellers = (Player("1", (a - q_1 - q_2 - w) * q_1, U_1), Player("2", (a - q_1 - q_2 - w) * q_2, U_2))
    model = Model(
        "two", "", "", (Parameter(a, ""), Parameter(c, "")), (a > c, c > 0),
        (Variable(w, "", (w >= 0,)), Variable(s, "", (s >= 0,)), Variable(q_1, "", (q_1 >= 0,)), Variable(q_2, "", (q_2 >= 0,))),
        (Player("S", (w - s) * (q_1 + q_2), U_S), Player("T", (s - c) * (q_1 + q_2), U_T), *sellers),
        (Protocol("P", "", tuple(Stage(ds) for ds in (
            (_decide("T", s),), (_decide("S", w),), (_decide("1", q_1), _decide("2", q_2))))),),
    )  # fmt: skip
    solution = derive_protocol(model, model.protocols[0])
    found = elsewhere(model, solution)
    assert found.points
    assert not found.findings


def chain(b: int) -> tuple[Model, Solution]:
    """A supplier and then a retailer whose demand is 4*m - b*p, of whom it is said that there is no equilibrium."""
    p = symbols("p")[0]
    model = _game(
        (Stage((_decide("S", w),)), Stage((_decide("R", p),))),
        (Player("S", (w - m) * (4 * m - b * p), u), Player("R", (p - w) * (4 * m - b * p), v)),
        {w: (w >= 0,), p: (p >= 0,)},
    )
    gap = Gap((), Without.UNBOUNDED, "the payoff grows without bound in the direction p: 1")
    return model, Solution("g", "P", "", (m > 0,), (), (), gaps=(gap,))


@pytest.mark.parametrize("b", [-1, 0])
def test_a_leader_has_no_equilibrium_before_a_follower_without_a_best_answer(b: int) -> None:
    """Where demand does not fall with the price the retailer's payoff grows without bound, whatever a search of it ends at."""
    found = elsewhere(*chain(b))
    assert found.points
    assert not found.findings


def test_an_equilibrium_before_a_follower_with_a_best_answer_is_found_where_it_is_denied() -> None:
    (finding,) = elsewhere(*chain(1)).findings
    assert "is an equilibrium" in finding


def test_every_round_of_best_replies_starts_from_other_points() -> None:
    """A narrow peak far from the choice made: the points at random of one round miss it, those of another do not."""
    peak = 2 / (1 + 40 * ((x - 7) ** 2 + (y - 3) ** 2)) - m * ((x - 1) ** 2 + (y - 8) ** 2) / 100
    model = _game(
        (Stage((Decision(("A",), (x, y)), _decide("B", z))),),
        (Player("A", peak, u), Player("B", -((z - m) ** 2), v)),
        {x: (x >= 0, x <= 10), y: (y >= 0, y <= 10), z: (z >= 0, z <= 1)},
    )
    game = game_of(laws_in_play(model, "")[0], "P")
    rows = np.array([[0.5, 1.0, 8.0, 0.5]])
    found = [game.search(game.decisions[0][0], 0, rows, rounds=1, draw=draw)[0][0] > 1 for draw in range(8)]
    assert not found[0]
    assert any(found)


def test_a_range_without_a_choice_holds_no_equilibrium() -> None:
    """Where demand rises with the price, no price lies between 0 and a/b: for whoever names it, and for those who move before."""
    a, b, c, w, p, Pi_M, Pi_R = symbols("a b c w p Pi_M Pi_R")
    q = a - b * p
    statement = model(
        "sign_left_open",
        (a, b, c),
        (a > 0, c >= 0, a > b * c),
        {w: (w >= 0,), p: (p >= 0, p <= a / b)},
        (Player("M", (w - c) * q, Pi_M), Player("R", (p - w) * q, Pi_R)),
        protocol("chain", (decide("M", w),), (decide("R", p),)),
        protocol("together", (decide(("M", "R"), p),)),
    )
    for solution in derive_model(statement):
        report = check_solution(statement, solution, 6)
        assert report.accepted, report.failures
        assert [gap.kind for gap in solution.gaps] == [Without.INFEASIBLE]


def test_a_choice_beyond_a_bound_that_moved_with_a_rival_is_no_equilibrium() -> None:
    """B may choose y <= x + 1 while A chooses x: by hand x = (m + 1)/3 and y = x + 1 from m = 5/7 on, and nothing else; a search that
    lets both answer in turn stops at a y that was admissible for the x before."""
    pays = (m * x - 2 * x**2 + x * y, 3 * m * y + 2 * x * y - 2 * y**2 + 2 * y + Max(0, x + y - m))
    statement = model(
        "moving", (m,), (m > 0, m < 4), {x: (x >= 0, x <= 2), y: (y >= 0, y <= x + 1)},
        (Player("A", pays[0], u), Player("B", pays[1], v)), protocol("p", (decide("A", x), decide("B", y))),
    )  # fmt: skip
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 8).failures == ()
    (values,) = [dict(one.values) for one in solution.regimes if one.region == (7 * m >= 5,)]
    assert [values[chosen].xreplace({m: Integer(2)}) for chosen in (x, y)] == [1, 2]
