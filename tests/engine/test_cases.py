"""Payoffs with cases: kinks, jumps, discrete entry, continua of equilibria, and games without any in pure strategies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, And, Eq, Expr, Max, Min, Piecewise, Rational, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.decision.branches import branch_at, branches
from derive.decision.seams import solved
from derive.errors import Refusal
from derive.ir import Model, Player, Protocol, Stage, symbols
from derive.play.induction import derive_model
from derive.solution import Regime, Solution, Without
from tests.engine.statements import decide, model

a, b, c, k, K, F, m, t, p, q, x, y, u, v = symbols("a b c k K F m t p q x y u v")
half = Rational(1, 2)


def one(
    objective: Expr, parameters: tuple[Symbol, ...], assumptions: tuple[Boolean, ...], domain: tuple[Boolean, ...]
) -> Model:
    stage = Protocol("play", "play", (Stage((decide("A", x),)),))
    return model("one", parameters, assumptions, {x: domain}, (Player("A", objective, u),), stage)


def two(
    first: Expr,
    second: Expr,
    parameters: tuple[Symbol, ...],
    assumptions: tuple[Boolean, ...],
    domains: dict[Symbol, tuple[Boolean, ...]],
) -> Model:
    stage = Protocol("play", "play", (Stage((decide("A", x), decide("B", y))),))
    return model("two", parameters, assumptions, domains, (Player("A", first, u), Player("B", second, v)), stage)


def at(solution: Solution, **point: object) -> list[Regime]:
    values = {Symbol(name, real=True): Rational(str(value)) for name, value in point.items()}
    found = [r for r in solution.regimes if all(relation.xreplace(values) == True for relation in r.region)]  # noqa: E712
    return [replace(r, values=tuple((s, w.xreplace(values)) for s, w in r.values)) for r in found]


def checked(statement: Model, points: int = 12) -> Solution:
    (solution,) = derive_model(statement)
    report = check_solution(statement, solution, points)
    assert report.accepted, report.failures
    return solution


def test_cases_are_disjoint_and_complete() -> None:
    found = branches(Max(0, Min(1, x - y)) * k + Abs(x), (k > 0,))
    for point in ({x: 3, y: 1, k: 2}, {x: 1, y: half, k: 1}, {x: -1, y: 1, k: 3}, {x: 0, y: 0, k: 1}, {x: 1, y: 0, k: 1}):
        here = [branch for branch in found if all(r.xreplace(point) == True for r in branch.region)]  # noqa: E712
        assert len(here) == 1
        assert here[0].value.xreplace(point) == (Max(0, Min(1, x - y)) * k + Abs(x)).xreplace(point)


def test_a_payoff_without_a_last_case_is_refused() -> None:
    with pytest.raises(Refusal, match="no value everywhere"):
        branches(Piecewise((x, x > 0), (0, x < 0)), ())


def test_quadratic_bounds_are_solved_by_their_roots() -> None:
    point = {a: 10, F: 4}
    ((upper,),) = solved((a - x) ** 2 > 4 * F, x, (a > 0, F > 0, x >= 0, x <= a))
    assert [upper.xreplace({**point, x: value}) == True for value in (5, 6, 7)] == [True, False, False]  # noqa: E712
    ((low, high),) = solved(F - (x - a) ** 2 >= 0, x, (F > 0,))
    inside = [And(low, high).xreplace({**point, x: value}) == True for value in (7, 8, 12, 13)]  # noqa: E712
    assert inside == [False, True, True, False]
    apart = solved((x - a) ** 2 >= F, x, (F > 0,))
    assert [sum(r.xreplace({**point, x: value}) == True for (r,) in apart) for value in (7, 9, 13)] == [1, 0, 1]  # noqa: E712


def test_a_quotient_bounds_a_choice_as_its_numerator_does_where_the_denominator_has_a_sign() -> None:
    ((upper,),) = solved((F - x**2) / (x + k) >= 0, x, (F > 0, k > 0, x > 0))
    assert upper == (sqrt(F) - x >= 0)
    ((upper,),) = solved((x**2 - F) / (x - k) >= 0, x, (F > 0, k > 0, x > 0, x < k))
    assert upper == (sqrt(F) - x >= 0)
    with pytest.raises(Refusal, match="not proved to be nonzero"):
        solved((x**2 - F) / (x - k) >= 0, x, (F > 0, k > 0, x > 0))


def test_pieces_that_meet_without_a_jump_have_one_value_where_they_meet() -> None:
    payoff = Piecewise((1 - x**2 / 2, x <= 1), ((2 - x) ** 2 / 2, True))
    assert branch_at(payoff, {x: 2 * half + k}, (k >= 0,)).equals((2 - x) ** 2 / 2)
    with pytest.raises(Refusal, match="no single case"):
        branch_at(Piecewise((1 - x**2 / 2, x <= 1), ((2 - x) ** 2, True)), {x: 1 + k}, (k >= 0,))
    with pytest.raises(Refusal, match="no single case"):
        branch_at(payoff, {x: k}, (k >= 0,))


def test_a_price_for_two_goods_together() -> None:
    """Values of the goods are independent and uniform: the demand for both at x is 1 - x**2/2 up to 1, (2 - x)**2/2 beyond."""
    demand = Piecewise((1 - x**2 / 2, x <= 1), ((2 - x) ** 2 / 2, True))
    solution = checked(one((x - 2 * c) * demand, (c,), (c >= 0, c < half), (x >= 0, x <= 2)))
    for cost in (Rational(1, 10), Rational(1, 5), Rational(1, 4), Rational(2, 5)):
        (regime,) = at(solution, c=cost)
        best = (4 * cost + 2) / 3 if cost >= Rational(1, 4) else (2 * cost + sqrt(4 * cost**2 + 6)) / 3
        assert (dict(regime.values)[x] - best).equals(0)
        assert regime.active == ()
    assert not solution.gaps
    assert not solution.warnings


def test_a_kink_stops_a_monopolist() -> None:
    solution = checked(one((a - x) * x - k * Max(x - K, 0), (a, k, K), (a > 0, k > 0, K > 0), (x >= 0,)))
    assert dict(at(solution, a=10, k=2, K=6)[0].values)[x] == 5
    assert dict(at(solution, a=10, k=2, K=Rational(9, 2))[0].values)[x] == Rational(9, 2)
    assert dict(at(solution, a=10, k=2, K=1)[0].values)[x] == 4


def test_a_jump_that_is_reached_and_one_that_is_not() -> None:
    bonus = Piecewise((b, x >= k), (0, True))
    assumptions = (b > 0, k > 0)
    solution = checked(one(bonus - x**2, (b, k), assumptions, (x >= 0,)))
    assert dict(at(solution, b=5, k=2)[0].values)[x] == 2
    assert dict(at(solution, b=3, k=2)[0].values)[x] == 0
    late = Piecewise((b, x > k), (0, True))
    (open_,) = derive_model(one(late - x**2, (b, k), assumptions, (x >= 0,)))
    (gap,) = open_.gaps
    assert gap.kind is Without.NOT_ATTAINED
    assert gap.region[0].xreplace({b: 5, k: 2}) == True  # noqa: E712
    assert gap.region[0].xreplace({b: 3, k: 2}) == False  # noqa: E712


def test_entry_with_unit_costs_is_accommodated_deterred_or_blockaded() -> None:
    players = (
        Player("L", (a - c - x - y) * x, u),
        Player("E", Piecewise(((a - c - x - y) * y - F, y > 0), (0, True)), v),
    )
    protocol = Protocol("play", "", (Stage((decide("L", x),)), Stage((replace(decide("E", y), indifferent=(Eq(y, 0),)),))))
    domain = {x: (x >= 0, x <= a - c), y: (y >= 0, y <= a - c)}
    solution = checked(model("entry", (a, c, F), (a > c, c > 0, F > 0), domain, players, protocol), 8)
    for cost, expected in ((Rational(3, 10), (5, Rational(5, 2))), (2, (10 - 2 * sqrt(2), 0)), (8, (5, 0))):
        (regime,) = at(solution, a=12, c=2, F=cost)
        assert (dict(regime.values)[x], dict(regime.values)[y]) == expected


def test_without_a_rule_for_ties_deterrence_is_not_attained() -> None:
    players = (Player("L", (a - x - y) * x, u), Player("E", Piecewise(((a - x - y) * y - F, y > 0), (0, True)), v))
    enters = replace(decide("E", y), indifferent=(y > 0,))
    protocol = Protocol("play", "", (Stage((decide("L", x),)), Stage((enters,))))
    domain = {x: (x >= 0, x <= a), y: (y >= 0, y <= a)}
    (solution,) = derive_model(model("entry", (a, F), (a > 0, F > 0), domain, players, protocol))
    assert {gap.kind for gap in solution.gaps} == {Without.NOT_ATTAINED}
    assert any(all(r.xreplace({a: 10, F: 2}) == True for r in gap.region) for gap in solution.gaps)  # noqa: E712
    assert not at(solution, a=10, F=2)


def test_the_demand_game_has_a_continuum_and_one_more_equilibrium() -> None:
    fits = x + y <= m
    solution = checked(
        two(
            Piecewise((x, fits), (0, True)), Piecewise((y, fits), (0, True)), (m,), (m > 0,),
            {x: (x >= 0, x <= m), y: (y >= 0, y <= m)},
        )
    )  # fmt: skip
    line, point = sorted(solution.regimes, key=lambda r: not r.free)
    assert not line.unique
    assert not point.unique
    assert line.resolved()[x] == m - y
    assert set(line.among) == {y >= 0, m >= y}
    assert (point.resolved()[x], point.resolved()[y]) == (m, m)


def undercutting(first_wins: Boolean, tie: Expr) -> Model:
    share = Piecewise((1, x < y), (tie, Eq(x, y)), (0, True))
    other = Piecewise((1, y < x), (1 - tie, Eq(x, y)), (0, True))
    assumptions = (b >= 0, b < c, 2 * c < a + b, first_wins)
    return two((x - b) * (a - x) * share, (y - c) * (a - y) * other, (a, b, c), assumptions, {x: (x >= 0,), y: (y >= 0,)})


def test_equal_sharing_leaves_unequal_bertrand_rivals_without_equilibrium() -> None:
    (solution,) = derive_model(undercutting(c < a, half))
    assert solution.regimes == ()
    assert [gap.kind for gap in solution.gaps] == [Without.NO_PURE_EQUILIBRIUM]
    assert solution.gaps[0].region == ()


def test_ties_for_the_efficient_rival_give_a_continuum() -> None:
    solution = checked(undercutting(c < a, half * 2))
    (regime,) = solution.regimes
    assert regime.resolved()[x] == y
    assert set(regime.among) == {y >= b, c >= y}


def test_forged_families_are_found_out() -> None:
    statement = undercutting(c < a, half * 2)
    (solution,) = derive_model(statement)
    (regime,) = solution.regimes
    forged = replace(regime, among=(y >= c, y <= a / 2 + b / 2))
    assert not check_solution(statement, replace(solution, regimes=(forged,), argument=()), 12).accepted
    forged = replace(regime, values=tuple((s, w + 1 if s == x else w) for s, w in regime.values))
    assert not check_solution(statement, replace(solution, regimes=(forged,), argument=()), 12).accepted
