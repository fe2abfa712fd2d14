"""Games of three stages and of three leaders: a middle mover that is indifferent, a bound that is only approached, choices that share
what is left over. Accepted by the checker, and no region without an equilibrium is told that does not exist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Min, Rational, S, log, sqrt

from derive.check.solution import check_solution
from derive.decision import regions
from derive.ir import Exponential, Model, Player, Shock, symbols
from derive.play.induction import derive_protocol
from tests.engine import statements
from tests.engine.statements import decide, protocol

a, c, k, p, w, v, e, z, D = symbols("a c k p w v e z D")
q1, q2, q3, y = symbols("q1 q2 q3 y")
U, V, W, X = symbols("U V W X")


def distributor() -> Model:
    """A maker, a distributor, and two retailers of whom one has a unit cost of 1: the distributor may give that one up."""
    price = a - q1 - q2
    players = (
        Player("M", w * (q1 + q2), U),
        Player("D", (v - w) * (q1 + q2), V),
        Player("R1", (price - v) * q1, W),
        Player("R2", (price - v - 1) * q2, X),
    )
    stages = protocol("chain", (decide("M", w),), (decide("D", v),), (decide("R1", q1), decide("R2", q2)))
    return statements.model("distributor", (a,), (a > 1,), {s: (s >= 0,) for s in (w, v, q1, q2)}, players, stages)


def test_a_maker_stops_where_the_distributor_is_indifferent_to_giving_up_a_retailer() -> None:
    """The distributor earns ``(2a - 2w - 1)**2/24`` with both retailers and ``(a - w)**2/8`` with one: the same at w = a - 2 - sqrt(3)."""
    statement = distributor()
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    values = [dict(r.values)[w] for r in solution.regimes if all(r_.xreplace({a: Integer(6)}) == True for r_ in r.region)]  # noqa: E712
    assert [(value - (a - 2 - sqrt(3))).expand() for value in values] == [0]


def test_an_excluded_bound_that_the_payoff_is_best_towards_is_accounted_for() -> None:
    """Effort e > 0 multiplies exponential demand: the order is e log(p/c), as for a newsvendor."""
    players = (Player("F", e * (p * Min(z, D) - c * z) - k * e**2 / 2, U),)
    stages = protocol("first", (decide("F", e),), (decide("F", z),))
    statement = statements.model("effort", (p, c, k), (p > c, c > 0, k > 0), {e: (e > 0,), z: (z >= 0,)}, players, stages)
    statement = replace(statement, shocks=(Shock(D, Exponential(S.One), "demand"),))
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    (regime,) = solution.regimes
    values = dict(regime.values)
    assert values[z] == log(p / c)
    assert (values[e] * k - (p - c - c * log(p / c))).expand() == 0


def leaders(least: Expr = S.Zero) -> Model:
    """Three leaders before a follower with a unit cost of c, which may stay out; one leader has a cost, the others none."""
    price = a - q1 - q2 - q3 - y
    players = (
        Player("1", price * q1, U),
        Player("2", price * q2, V),
        Player("3", (price - least) * q3, W),
        Player("F", (price - c) * y, X),
    )
    stages = protocol("lead", (decide("1", q1), decide("2", q2), decide("3", q3)), (decide("F", y),))
    parameters = tuple(sorted({a, c} | least.free_symbols, key=str))
    known = (a > c, c > 0, *((least >= 0, least < a) if least.free_symbols else ()))
    return statements.model("leaders", parameters, known, {s: (s >= 0,) for s in (q1, q2, q3, y)}, players, stages)


def test_leaders_share_what_keeps_a_follower_out_in_many_ways() -> None:
    """All together produce a - c where 4c <= a <= 7c: what each gains by a unit more is c/2 - q/2, or less than nothing beyond."""
    statement = leaders()
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 6)
    assert report.accepted, report.failures
    shared = [r for r in solution.regimes if r.free]
    assert [r.free for r in shared] == [(q2, q3)]
    assert not solution.gaps
    assert all(r.xreplace({a: Integer(5), c: Integer(1), q2: Rational(4, 3), q3: Rational(4, 3)}) for r in shared[0].among)


def test_a_region_without_an_equilibrium_has_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that are too many to be refuted one by one are no regions without an equilibrium."""
    monkeypatch.setattr(regions, "CELLS", 30)
    statement = leaders(k)
    assert not derive_protocol(statement, statement.protocols[0]).gaps
