"""Payoffs with kinks before bounds that tie, and leaders whose regimes meet on borders: small games drawn at random, kept as found."""

from __future__ import annotations

import pytest
from sympy import Expr, Max, Min, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine.statements import decide, model, protocol

c, t, x, y, z, u, v, w = symbols("c t x y z U V W")
Domains = dict[Symbol, tuple[Boolean, ...]]


def in_turn(assumptions: tuple[Boolean, ...], domains: Domains, *objectives: Expr) -> Model:
    """Each player makes the choice of its place, after those before it."""
    players = tuple(Player(name, one, payoff) for name, one, payoff in zip("ABC", objectives, (u, v, w), strict=False))
    order = tuple((decide(player.name, choice),) for player, choice in zip(players, domains, strict=True))
    return model("drawn", (c, t), assumptions, domains, players, protocol("play", *order))


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    assert not check_solution(statement, solution, 8).failures
    return solution


def at(solution: Solution, **point: str) -> list[dict[Symbol, Expr]]:
    """What every regime at a point says there."""
    values = {Symbol(name, real=True): Rational(value) for name, value in point.items()}
    here = [regime for regime in solution.regimes if all(relation.xreplace(values) == True for relation in regime.region)]  # noqa: E712
    return [{symbol: value.xreplace(values) for symbol, value in regime.resolved().items()} for regime in here]


def test_bounds_that_contradict_one_another_are_named_before_a_later_kink() -> None:
    statement = in_turn((c >= 0, c < t), {x: (x >= t, x <= c), y: (y >= 0,)}, -(x**2), x * y - y**2 - Max(0, y - c))
    with pytest.raises(Refusal, match=r"stage 1, player A, symbol x: infeasible.*x: x >= t; x: x <= c"):
        derive_protocol(statement, statement.protocols[0])


def test_where_a_kinked_payoff_has_no_choice_is_a_gap() -> None:
    solution = solved(in_turn((c >= 0, t >= 0), {y: (y >= t, y <= c)}, -((y - t) ** 2) + Max(y, c)))
    (gap,) = solution.gaps
    assert gap.kind is Without.INFEASIBLE
    assert gap.region == (t > c,)


def test_the_same_choices_may_earn_one_case_of_a_payoff_or_another() -> None:
    first, second = c * Min(0, x - t / 2) - 2 * x**2, x * y / 2 - (y + x / 2 - t / 2) ** 2
    solution = solved(in_turn((c > 0, t > 0), {x: (x >= c,), y: (y >= x,)}, first, second))
    (below,), (above,) = at(solution, c="1", t="11/5"), at(solution, c="1", t="9/5")
    assert (below[x], below[u]) == (1, Rational(-21, 10))
    assert (above[x], above[u]) == (1, -2)


def test_a_kink_that_bounds_keep_on_one_side_is_no_case_even_on_its_border() -> None:
    second = x * y / 2 - (y - t / 2) ** 2 + 2 * Min(c, y - x)
    solution = solved(in_turn((c >= 0, t >= 0), {x: (x >= c / 2, x <= 1), y: (y <= x,)}, -((x - c - t) ** 2), second))
    assert [gap.kind for gap in solution.gaps] == [Without.INFEASIBLE]
    (found,) = at(solution, c="0", t="1/2")
    assert (found[x], found[y]) == (Rational(1, 2), Rational(1, 2))


def test_regimes_of_parameters_that_meet_leave_no_border_out() -> None:
    objectives = -x * z - (x - t / 2) ** 2, (x + z) * y / 2 - (c - t + y) ** 2, -2 * (z - t / 2) ** 2
    solution = solved(in_turn((c >= 0, c < t), {x: (x >= c / 2,), y: (y >= c,), z: (z >= c,)}, *objectives))
    assert not solution.gaps
    (found,) = at(solution, c="1", t="2")
    assert (found[x], found[y], found[z]) == (Rational(1, 2), Rational(11, 8), 1)


def test_an_edge_that_two_regimes_share_is_told_once() -> None:
    objectives = -x * z - (x - c - t) ** 2, -y * z - (y - x) ** 2, -y * z / 2 - (z - c) ** 2
    solution = solved(in_turn((c >= 0, c < t), {x: (), y: (y >= 0,), z: (z >= c / 2, z <= 2 * t)}, *objectives))
    (found,) = at(solution, c="2", t="3")
    assert (found[x], found[y], found[z]) == (Rational(9, 2), 4, 1)


def test_a_seam_reached_in_one_point_only_is_accounted_for() -> None:
    objectives = x * y / 2 - x * z - (x - t / 2) ** 2, x * y / 2 - y * z - (y - c) ** 2, -y * z - 2 * (z - c) ** 2
    solution = solved(in_turn((c >= 0, c < t, t < 1), {x: (x >= 0,), y: (y >= c,), z: (z <= t, z >= x)}, *objectives))
    (found,) = at(solution, c="1/2", t="3/4")
    assert (found[x], found[y], found[z]) == (Rational(5, 16), Rational(1, 2), Rational(3, 8))


def test_a_bound_that_moves_with_a_choice_made_at_once_is_no_bound_on_that_choice() -> None:
    """Where B must choose y >= x, A may still choose x > y, after which C responds otherwise. By hand: A would go to x = 5/2 t, which
    pays 21/4 t**2 - 3 t y against 0 at x = t."""
    players = (Player("A", 3 * t * z - (x - t) ** 2, u), Player("B", -((y - c) ** 2), v), Player("C", -((z - x + y) ** 2), w))
    order = protocol("play", (decide("A", x), decide("B", y)), (decide("C", z),))
    domains = {x: (x >= 0,), y: (y >= x,), z: (z >= 0,)}
    solution = solved(model("drawn", (c, t), (c > 0, t > 0), domains, players, order))
    (held,) = at(solution, c="7/4", t="1")
    assert (held[x], held[y], held[z]) == (1, Rational(7, 4), 0)
    assert not at(solution, c="3/2", t="1")
    assert [gap.kind for gap in solution.gaps] == [Without.NO_PURE_EQUILIBRIUM]


@pytest.mark.parametrize("together", [False, True])
def test_bounds_that_leave_one_value_are_checked_there(together: bool) -> None:
    """x = c by its bounds; B follows up to its bound t."""
    players = (Player("A", x * y - (x - 2 * c) ** 2 + Max(0, x - t), u), Player("B", -((y - x) ** 2) - c * Max(0, y - x), v))
    decisions = (decide("A", x),), (decide("B", y),)
    stages = ((*decisions[0], *decisions[1]),) if together else decisions
    domains = {x: (x >= c, x <= c), y: (y >= 0, y <= t)}
    solution = solved(model("drawn", (c, t), (c > 0, t > 0), domains, players, protocol("play", *stages)))
    (wide,), (narrow,) = at(solution, c="1", t="2"), at(solution, c="2", t="1")
    assert (wide[x], wide[y], wide[u]) == (1, 1, 0)
    assert (narrow[x], narrow[y], narrow[u]) == (2, 1, -1)


def test_a_case_whose_conditions_are_plainly_false_is_one_that_contradicts_itself() -> None:
    both = x * y - (x - 2 * c) ** 2 + Max(0, x - t) - (y - x) ** 2
    domains = {x: (x >= c, x <= c), y: (y >= 0, y <= t)}
    alone = protocol("play", (decide("A", x, y),))
    solution = solved(model("drawn", (c, t), (c > 0, t > 0), domains, (Player("A", both, u),), alone))
    assert [set(regime.region) for regime in solution.regimes] == [{2 * t >= 3 * c}, {3 * c > 2 * t, t >= c}, {c > t}]
