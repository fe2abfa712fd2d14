"""Recorded choices held against all others along lines, exactly: on the path of play and off it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from sympy import Abs, Expr, Integer, Max, Min, Piecewise, Rational, Symbol, sqrt

from derive.check.attack import attack
from derive.check.line import Branch, Condition, NotRational, Reader, cases_of, element, search
from derive.check.ratios import STEP
from derive.check.replies import verified
from derive.check.solution import check_solution
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Case, Solution
from tests.engine.statements import decide, model, protocol

a, c, F, q, Q, y, u, v = symbols("a c F q Q y u v")
x = Symbol("x", real=True)


# --- a line ----------------------------------------------------------------------------------------------------------------


def best_exceeds(payoff: Expr, domain: tuple[object, ...], level: Expr) -> bool:
    read = Reader({x: STEP})
    branches = [
        Branch(tuple(Condition(op, read(gap)) for op, gap in region), read(value)) for region, value in cases_of(payoff)
    ]
    bounds = tuple(
        Condition(op, read(gap))
        for region, _ in cases_of(Integer(0), domain)
        for op, gap in region  # type: ignore[arg-type]
    )
    return search(branches, bounds, element(Rational(level))).better is not None


@pytest.mark.parametrize(
    ("payoff", "domain", "top"),
    [
        (x * (1 - x), (x >= 0,), Rational(1, 4)),
        (x**3 - x, (x >= -2, x <= 1), Rational(3849001794597505097, 10**19)),  # 2/(3 sqrt 3), from above
        (Min(x, 2 - x) + Max(0, x - 3), (x >= 0, x <= 4), Integer(1)),
        (Abs(x) - x**2, (x >= -5,), Rational(1, 4)),
        (Piecewise((x, x < 1), (Rational(1, 2), True)), (x >= 0,), Integer(1)),  # not attained, and not exceeded
        (Piecewise((3 * x, x <= 1), (x, True)), (x >= 0, x <= 2), Integer(3)),  # attained at a jump alone
        (-1 / x, (x > 0,), Integer(0)),
    ],
)
def test_the_top_of_a_payoff_is_not_exceeded_and_less_than_it_is(
    payoff: Expr, domain: tuple[object, ...], top: Rational
) -> None:
    assert not best_exceeds(payoff, domain, top)
    assert best_exceeds(payoff, domain, top - Rational(1, 10**12))


def test_what_grows_without_bound_exceeds_everything_and_roots_close_together_are_told_apart() -> None:
    assert best_exceeds(x - 1000, (x >= 0,), Integer(10**9))
    grain = Rational(1, 10**9)
    assert best_exceeds((x - 1) * (1 + grain - x), (), Integer(0))
    assert not best_exceeds(-((x - 1) ** 2) * (x - 1 - grain) ** 2, (), Integer(0))


def test_a_payoff_that_is_not_rational_is_left_alone() -> None:
    with pytest.raises(NotRational):
        best_exceeds(sqrt(x), (x >= 0,), Integer(1))


# --- games -----------------------------------------------------------------------------------------------------------------


def entry() -> Model:
    """An incumbent sets output Q, an entrant pays F or stays out: deterred, blockaded or accommodated."""
    payoff = (a - Q - q) * q - Piecewise((F, q > 0), (0, True))
    return Model(
        "entry", "", "", (Parameter(a, ""), Parameter(F, "")), (a > 0, F > 0),
        (Variable(Q, "", (Q >= 0,)), Variable(q, "", (q >= 0,))),
        (Player("I", (a - Q - q) * Q, u), Player("E", payoff, v)),
        (Protocol("P", "", (Stage((Decision(("I",), (Q,)),)), Stage((Decision(("E",), (q,), indifferent=(q <= 0,)),)))),),
    )  # fmt: skip


def chain() -> Model:
    """A manufacturer sets Q as its price, a retailer orders q."""
    return Model(
        "chain", "", "", (Parameter(a, ""), Parameter(c, "")), (a > c, c > 0),
        (Variable(Q, "", (Q >= 0,)), Variable(q, "", (q >= 0,))),
        (Player("M", (Q - c) * q, u), Player("R", (a - Q - q) * q, v)),
        (Protocol("P", "", (Stage((Decision(("M",), (Q,)),)), Stage((Decision(("R",), (q,)),)))),),
    )  # fmt: skip


@cache
def solved(model: Model) -> Solution:
    return derive_protocol(model, model.protocols[0])


def with_response(solution: Solution, change: Callable[[Case], Case]) -> Solution:
    """The solution with the cases of the later stage's response changed."""
    responses = tuple(
        replace(r, cases=tuple(map(change, r.cases))) if r.complete and r.stage == 2 else r for r in solution.responses
    )
    return replace(solution, responses=responses)


def test_what_is_derived_is_accepted_with_every_stage_verified() -> None:
    for statement in (entry(), chain()):
        found = verified(statement, solved(statement), 2)
        assert not found.findings
        assert found.choices >= found.points >= 6
        assert not found.sampled


def test_a_response_that_is_wrong_off_the_path_of_play_alone_is_refused() -> None:
    """Too high a price is never charged; that the retailer would order there is no less false."""
    model = chain()
    solution = solved(model)
    path = solution.regimes[0].resolved()
    forged = with_response(
        solution, lambda case: replace(case, values=tuple((s, e if e != 0 else Integer(1)) for s, e in case.values))
    )
    assert forged != solution
    assert not attack(model, forged, 12).findings, "an attack on the path of play alone does not see it"
    assert path == forged.regimes[0].resolved()
    assert verified(model, forged, 1).findings
    assert not check_solution(model, replace(forged, argument=()), 0).accepted


def test_a_boundary_between_responses_that_is_moved_is_refused() -> None:
    model = chain()
    forged = with_response(
        solved(model), lambda case: replace(case, region=tuple(r.xreplace({Q: Q + a / 50}) for r in case.region))
    )
    assert verified(model, forged, 2).findings


def test_a_regime_that_random_points_hardly_ever_hit_is_attacked_all_the_same() -> None:
    model = entry()
    solution = solved(model)
    for place, regime in enumerate(solution.regimes):
        values = tuple((s, e * Rational(101, 100) if s == Q else e) for s, e in regime.values if s in (Q, q))
        forged = replace(
            solution, regimes=tuple(replace(r, values=values) if i == place else r for i, r in enumerate(solution.regimes))
        )
        assert attack(model, forged, 5).findings, regime.name
        assert verified(model, forged, 1).findings, regime.name


def test_a_leader_stops_where_a_follower_with_several_choices_is_about_to_jump() -> None:
    """To w <= 1 the follower answers with y = 1, beyond with y = 0: w = 1 is best though the leader's payoff is not stationary."""
    w, x, y, one, other = symbols("w x y U V")
    statement = model(
        "edge",
        (),
        (),
        {w: (w >= 0, w <= 2), x: (x >= 0,), y: (y >= 0, y <= 1)},
        (Player("L", w + 3 * y, one), Player("F", y**2 - w * y - (x - w) ** 2, other)),
        protocol("P", (decide("L", w),), (decide("F", x, y),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    (regime,) = solution.regimes
    assert (regime.resolved()[w], regime.resolved()[y], regime.resolved()[one]) == (1, 1, 4)
    assert check_solution(statement, solution, 6).accepted
