"""Constraints that are quadratic in what is chosen: relational contracts, break-even prices, insurance; and what they leave out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.field import normal
from derive.ir import Feasibility, Model, Participation, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine.statements import decide, model, protocol

a, c, d, e, f, k, p, q, u, v, w, x, y, Pi, V = symbols("a c d e f k p q u v w x y Pi V")
w_H, w_L = symbols("w_H w_L")


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    return solution


def single(objective: Expr, choice: Expr, constraint: Boolean, given: tuple[Boolean, ...]) -> Model:
    parameters = tuple(sorted({s for r in given for s in r.free_symbols}, key=str))
    decision = decide("F", choice, subject_to=(Feasibility("constraint", constraint),))
    return model("one", parameters, given, {choice: (choice >= 0,)}, (Player("F", objective, Pi),), protocol("P", (decision,)))


def test_a_relational_contract_is_first_best_only_for_the_patient() -> None:
    """Levin (2003): effort is what the future is worth losing; with u = 0 the first best needs a discount factor of one half."""
    surplus = a * e - k * e**2 / 2 - u
    given = (a > 0, k > 0, d > 0, d < 1, u >= 0, a**2 > 2 * k * u)
    solution = solved(single(surplus, e, d * surplus >= (1 - d) * k * e**2 / 2, given))
    assert [gap.kind for gap in solution.gaps] == [Without.INFEASIBLE]
    efforts = {normal(dict(r.values)[e]) for r in solution.regimes}
    assert efforts == {a / k, normal((a * d + sqrt(d * (a**2 * d - 2 * k * u))) / k)}
    at = {a: Integer(1), k: Integer(1), u: Rational(1, 10)}
    for patience, effort in ((Rational(1, 4), 0.25 + (0.25 * 0.05) ** 0.5), (Rational(3, 4), 1.0)):
        here = {**at, d: patience}
        (regime,) = [r for r in solution.regimes if all(bool(t.xreplace(here)) for t in r.region)]
        assert float(dict(regime.values)[e].xreplace(here)) == pytest.approx(effort)


def test_the_ramsey_price_is_the_lower_root() -> None:
    welfare = (a - p) ** 2 / 2 + (p - c) * (a - p) - f
    solution = solved(single(welfare, p, (p - c) * (a - p) >= f, (a > c, c > 0, f >= 0)))
    (regime,) = solution.regimes
    assert normal(dict(regime.values)[p] - (a + c - sqrt((a - c) ** 2 - 4 * f)) / 2) == 0
    assert [gap.kind for gap in solution.gaps] == [Without.INFEASIBLE]


def test_the_low_risks_of_rothschild_and_stiglitz_are_underinsured() -> None:
    """Utilities as choices: zero profit and the high risks' incentive constraint bind; wealth w, a loss of 1, risks 1/4 and 1/2."""
    constraints = (
        Feasibility("zero profit", Rational(3, 4) * u**2 + Rational(1, 4) * v**2 <= w - Rational(1, 4)),
        Feasibility("incentive", u / 2 + v / 2 <= sqrt(w - Rational(1, 2))),
    )
    statement = model(
        "insurance", (w,), (w > 1,), {u: (u >= 0,), v: (v >= 0,)}, (Player("C", 3 * u / 4 + v / 4, Pi),),
        protocol("P", (decide("C", u, v, subject_to=constraints),)),
    )  # fmt: skip
    (regime,) = solved(statement).regimes
    values = {s: value.xreplace({w: Integer(2)}) for s, value in regime.values}
    assert float(values[u]) == pytest.approx(1.402942, abs=1e-5)
    assert float(values[v]) == pytest.approx(1.046548, abs=1e-5)


@pytest.mark.parametrize("names", ["U k u", "Vv kk r"])
def test_two_wages_and_an_outside_option_in_any_names(names: str) -> None:
    """Wages that cannot be negative, hidden effort: of six candidates three are left, whatever the parameters are called."""
    value, slope, outside = symbols(names)
    statement = model(
        "wages", (value, slope, outside), (value > 0, slope > value, outside >= 0),
        {w_H: (w_H >= 0,), w_L: (w_L >= 0,), e: (e >= 0, e <= 1)},
        (
            Player("P", e * value - e * w_H - (1 - e) * w_L, Pi),
            Player("A", e * w_H + (1 - e) * w_L - slope * e**2 / 2, V),
        ),
        protocol("P", (decide("P", w_H, w_L, subject_to=(Participation("A", outside),)),), (decide("A", e),)),
    )  # fmt: skip
    solution = solved(statement)
    efforts = {normal(r.resolved()[e] ** 2) for r in solution.regimes}
    assert efforts == {normal(value**2 / (4 * slope**2)), normal(2 * outside / slope), normal(value**2 / slope**2)}
    assert solution.gaps == ()
    assert len(solution.regimes) == 3


def test_a_convex_constraint_is_a_bound_where_one_side_is_left() -> None:
    solution = solved(single(-((x - a) ** 2), x, x**2 >= k, (a > 0, k > 0)))
    for at, best in (({a: Integer(3), k: Integer(4)}, 3), ({a: Integer(3), k: Integer(16)}, 4)):
        (regime,) = [r for r in solution.regimes if all(bool(t.xreplace(at)) for t in r.region)]
        assert dict(regime.values)[x].xreplace(at) == best


def test_a_convex_constraint_that_leaves_two_sides_is_refused() -> None:
    statement = single(-((x - a) ** 2), x, (x - 1) ** 2 >= k, (a > 0, k > 0))
    with pytest.raises(Refusal, match="which side of its roots"):
        derive_protocol(replace(statement, key="convex"), statement.protocols[0])


def test_a_line_that_only_touches_the_curve_leaves_one_choice() -> None:
    """At the one admissible choice the gradients of the constraints are opposite, so that not every pair of them has multipliers."""
    touching = (Feasibility("above", y >= x**2), Feasibility("below", y <= 2 * x - 1))
    decision = decide("F", x, y, subject_to=touching)
    players = (Player("F", a * x - y, Pi),)
    solution = solved(model("touch", (a,), (a > 0,), {x: (), y: ()}, players, protocol("P", (decision,))))
    assert solution.regimes
    assert all((regime.resolved()[x], regime.resolved()[y]) == (1, 1) for regime in solution.regimes)
    assert not solution.gaps
