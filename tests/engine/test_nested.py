"""Two choices where neither the payoff nor the constraints are concave in both: one after the other, case by case."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, Rational, Symbol, sqrt

from derive.check.solution import check_solution
from derive.ir import Model, Participation, Player, Protocol, Stage, symbols
from derive.play.induction import derive_model
from derive.solution import Regime, Solution
from tests.engine.statements import decide, model

V, k, U, s, f, e, Pi, Pi_A = symbols("V k U s f e Pi Pi_A")


def agency(*, outside: bool = True) -> Model:
    """A bonus s and a wage f, neither negative; the agent succeeds with probability e and keeps half of the bonus."""
    players = (
        Player("P", e * (V - s) - f, Pi),
        Player("A", e * s / 2 + f - k * e**2 / 2, Pi_A),
    )
    offer = decide("P", s, f, subject_to=(Participation("A", U),))
    stages = (Stage((offer,)), Stage((decide("A", e),)))
    domain = {s: (s >= 0,), f: (f >= 0,), e: (e >= 0, e <= 1)}
    statement = model("agency", (V, k, U), (V > 0, k > 0, U >= 0, k > V), domain, players, Protocol("play", "", stages))
    (protocol,) = statement.protocols
    stated = (("P", Integer(0)), ("A", U)) if outside else ()
    return replace(statement, protocols=(replace(protocol, outside=stated),))


def at(solution: Solution, **point: object) -> Regime:
    values = {Symbol(name, real=True): Rational(str(value)) for name, value in point.items()}
    found = [r for r in solution.regimes if all(relation.xreplace(values) == True for relation in r.region)]  # noqa: E712
    assert len(found) == 1
    return replace(found[0], values=tuple((symbol, value.xreplace(values)) for symbol, value in found[0].values))


def test_a_bonus_leaves_a_rent_or_binds_or_comes_with_a_wage_or_is_not_offered() -> None:
    statement = agency()
    (solution,) = derive_model(statement)
    report = check_solution(statement, solution, 15)
    assert report.accepted, report.failures
    rent = dict(at(solution, V=2, k=4, U=0).values)
    assert (rent[s], rent[f], rent[e]) == (1, 0, Rational(1, 8))
    bound = dict(at(solution, V=2, k=4, U="1/20").values)
    assert (bound[s], bound[f], bound[Pi_A]) == (sqrt(Rational(8, 5)), 0, Rational(1, 20))
    paid = dict(at(solution, V=2, k=4, U="1/16").values)
    assert (paid[s], paid[f], paid[Pi_A]) == (Rational(4, 3), Rational(1, 144), Rational(1, 16))
    assert at(solution, V=2, k=4, U=1).outside


def test_without_an_outside_option_the_wage_makes_up_for_any_reservation() -> None:
    statement = agency(outside=False)
    (solution,) = derive_model(statement)
    report = check_solution(statement, solution, 15)
    assert report.accepted, report.failures
    paid = dict(at(solution, V=2, k=4, U=1).values)
    assert (paid[s], paid[f]) == (Rational(4, 3), 1 - Rational(1, 18))
