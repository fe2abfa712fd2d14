"""Bounds that coincide, contradict one another, or leave a single choice: every case once, and the player named who cannot choose."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine.statements import decide, model, protocol

c, k, t, x, y, U, V = symbols("c k t x y U V")
Domains = dict[Symbol, tuple[Boolean, ...]]


def alone(given: tuple[Boolean, ...], domains: Domains, payoff: Expr) -> Model:
    return model("m", (c, t), given, domains, (Player("F", payoff, U),), protocol("P", (decide("F", x, y),)))


def two(given: tuple[Boolean, ...], domains: Domains, first: Expr, second: Expr, in_turn: bool = False) -> Model:
    parameters = tuple(s for s in (c, t, k) if any(s in r.free_symbols for r in given))
    moves = ((decide("A", x),), (decide("B", y),)) if in_turn else ((decide("A", x), decide("B", y)),)
    return model("m", parameters, given, domains, (Player("A", first, U), Player("B", second, V)), protocol("P", *moves))


def solved(stated: Model) -> Solution:
    solution = derive_protocol(stated, stated.protocols[0])
    assert check_solution(stated, solution, 6).failures == ()
    return solution


def chosen(solution: Solution, **at: Rational | int) -> set[tuple[Expr, ...]]:
    """What is chosen at a point of the parameters, region by region."""
    point = {s: Rational(at[s.name]) for s in (c, t, k) if s.name in at}
    here = [regime for regime in solution.regimes if all(relation.xreplace(point) is true for relation in regime.region)]
    assert len(here) <= 1
    return {tuple(regime.resolved()[s].xreplace(point) for s in (x, y)) for regime in here}


def test_a_bound_that_follows_from_another_gives_no_region_of_its_own() -> None:
    """x and y as near to t/2 as c <= x <= y allows: t/2 twice, or c twice."""
    solution = solved(alone((c >= 0, c < t), {x: (x >= 0, x >= c), y: (y >= 0, y >= x)}, -((x - t / 2) ** 2) - (y - t / 2) ** 2))
    assert len(solution.regimes) == 2
    for at, best in ((Rational(1, 4), Rational(1, 2)), (Rational(1, 2), Rational(1, 2)), (Rational(3, 4), Rational(3, 4))):
        assert chosen(solution, c=at, t=1) == {(best, best)}


def test_edges_that_take_in_one_another() -> None:
    """At t = 0 and at c = 2 t the bounds of x meet."""
    payoff = -x * y - (y - 2 * c) ** 2 - (x - c - t) ** 2
    solution = solved(alone((c >= 0, t >= 0), {x: (x <= c, x >= t - c, x >= c / 2), y: (y >= x, y <= c)}, payoff))
    assert chosen(solution, c=2, t=1) == {(2, 2)}
    assert chosen(solution, c=3, t=1) == {(Rational(5, 2), 3)}
    assert chosen(solution, c=2, t=0) == {(1, 2)}
    assert chosen(solution, c=1, t=3) == set()


def test_two_bounds_that_leave_one_choice_make_one_case() -> None:
    """x is c/2, be it for the upper bound or for the lower one."""
    stated = two(
        (c > 0, t > 0, k > 0),
        {x: (x >= c / 2, x <= k, x <= c / 2), y: (y >= t - c,)},
        -2 * x**2 + x * y - y**2,
        -(y**2),
        in_turn=True,
    )
    solution = solved(stated)
    assert len(solution.regimes) == 2
    assert chosen(solution, c=1, t=3, k=1) == {(Rational(1, 2), 2)}
    assert chosen(solution, c=2, t=1, k=1) == {(1, 0)}
    assert {gap.kind for gap in solution.gaps} == {Without.INFEASIBLE}


def test_who_cannot_choose_is_named() -> None:
    stated = two((c >= 0, c < t), {x: (x >= t,), y: (y >= t, y <= c)}, -(x**2), x * y - y**2)
    with pytest.raises(Refusal, match=r"player B, symbol y: infeasible: .*\(y: y >= t; y: y <= c\)"):
        derive_protocol(stated, stated.protocols[0])


def test_where_a_player_has_no_choice_there_is_no_equilibrium_for_that_reason() -> None:
    stated = two(
        (c >= 0, t >= 0),
        {x: (x >= c / 2, x >= 0, x <= t - c), y: (y <= c, y >= t - c, y >= c / 2)},
        -((x - c) ** 2),
        -(y**2),
    )
    solution = solved(stated)
    assert {(gap.region, gap.kind, gap.reason[:1]) for gap in solution.gaps} == {
        ((3 * c > 2 * t,), Without.INFEASIBLE, "A"),
        ((t > 2 * c,), Without.INFEASIBLE, "B"),
    }


def test_no_step_supposes_the_contrary_of_what_is_assumed() -> None:
    """At c = 0 both constraints hold with equality at the peak: beyond that border nothing binds."""
    solution = solved(alone((c >= 0, t > 0), {x: (x <= t / 2 + c,), y: (y >= x,)}, -((x - t / 2) ** 2) - (y - t / 2) ** 2))
    assert [regime.resolved()[y] for regime in solution.regimes] == [t / 2]
    supposed = {relation for proposition in solution.argument for step in proposition.proof for relation in step.given}
    assert (-c > 0) not in supposed


def test_who_moves_first_leaves_the_other_something_to_choose() -> None:
    """y is at most c and at least x, so that x is c however much more would pay."""
    solution = solved(two((c >= 0, c < t), {x: (x >= c,), y: (y >= x, y <= c)}, -((x + c - t) ** 2), x * y - y**2, in_turn=True))
    assert chosen(solution, c=1, t=5) == {(1, 1)}


def test_of_independent_choices_each_says_where_it_has_none() -> None:
    """x has none where c > 0, and neither has y: each would hide what the other lacks."""
    payoff = -2 * (x - 2 * c) ** 2 - (y - c) ** 2
    solution = solved(alone((c >= 0, t >= 0), {x: (x >= c / 2, x <= 0), y: (y >= t, y <= t - c)}, payoff))
    assert {(gap.region, gap.kind) for gap in solution.gaps} == {((c > 0,), Without.INFEASIBLE)}
    assert chosen(solution, c=0, t=1) == {(0, 1)}


def test_who_moves_first_may_have_no_choice_where_nothing_follows() -> None:
    """x has a choice for c = 0 alone; what y does is looked for there only."""
    stated = two(
        (c >= 0, t >= 0),
        {x: (x >= 0, x >= c, x <= c / 2), y: (y <= t - c, y >= c / 2, y <= c)},
        x * y / 2 - (y - c) ** 2 - 2 * (x - t / 2) ** 2,
        x * y / 2 - (y - c - t) ** 2,
        in_turn=True,
    )
    solution = solved(stated)
    assert {gap.kind for gap in solution.gaps} == {Without.INFEASIBLE}
    assert chosen(solution, c=0, t=1) == {(0, 0)}


def test_the_attack_looks_along_constraints_on_several_choices() -> None:
    """x = y stops neither alone: the supremum lies at y = t - c, which is excluded, and no smaller x = y is an equilibrium."""
    payoff = x * y - 2 * (y - k) ** 2 - (x - t) ** 2
    stated = model(
        "m",
        (c, t, k),
        (c >= 0, c < t, k > 0),
        {x: (x >= k, x >= c / 2, x >= 0), y: (y < t - c, y >= x)},
        (Player("F", payoff, U),),
        protocol("P", (decide("F", x, y),)),
    )
    assert {gap.kind for gap in solved(stated).gaps} == {Without.INFEASIBLE, Without.NOT_ATTAINED}


def test_a_reply_that_comes_near_an_excluded_bound_is_no_equilibrium() -> None:
    stated = two(
        (c >= 0, t >= 0, k > 0), {x: (x < c * k, x <= t), y: (y <= k, y < c / 2)}, -((x - t / 2) ** 2), -x * y - 2 * (y - c - t) ** 2,
        in_turn=True,
    )  # fmt: skip
    assert {gap.kind for gap in solved(stated).gaps} == {Without.NOT_ATTAINED}


def test_a_case_that_a_region_excludes_is_not_told_there() -> None:
    """y has no choice where c > t: of a reply that supposes t >= c nothing is said there."""
    stated = two(
        (c >= 0, t > 0, k > 0),
        {x: (x >= 0, x <= k), y: (y >= c, y <= t)},
        x * y,
        (k - x - y) * y,
        in_turn=True,
    )
    solution = derive_protocol(stated, stated.protocols[0])
    supposed = [step.given for proposition in solution.argument for step in proposition.proof]
    told = [{(relation.gts - relation.lts).expand() for relation in given} for given in supposed]
    assert any(c - t in slacks for slacks in told)
    assert not any({c - t, t - c} <= slacks for slacks in told)
