"""The choice not to start the game: where it is made, what is then earned, and what the checker refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, Symbol

from derive.check.solution import check_solution
from derive.errors import StatementError
from derive.ir import Model, Participation, Player, Protocol, Stage, symbols
from derive.play.induction import derive_model
from derive.solution import Regime, Solution
from derive.statement.validate import validate
from tests.engine.statements import decide, model, serial_chain

a, c, K, s, q, w, t, e, k, u = symbols("a c K s q w t e k u")
Pi, Pi_A = symbols("Pi Pi_A")


def monopolist(*, entry: Expr) -> Model:
    """A monopolist with demand a - q that must first pay an entry cost."""
    return with_outside(
        model(
            "entrant", (a, c, K), (a > c, c > 0, K > 0), {q: (q >= 0,)}, (Player("firm", (a - c - q) * q - entry, Pi),),
            Protocol("play", "play", (Stage((decide("firm", q),)),)),
        ),
        (("firm", Integer(0)),),
    )  # fmt: skip


def bounded(reservation: Expr) -> Model:
    """A principal pays a wage t >= 0 for an effort e that it observes; the agent has something else to do."""
    return with_outside(
        model(
            "agency", (a, k, u), (a > 0, k > 0, u >= 0), {e: (e >= 0, e <= 1), t: ()},
            (Player("P", a * e - t, Pi), Player("A", t - k * e**2 / 2, Pi_A)),
            Protocol("play", "play", (Stage((decide("P", e, t, subject_to=(Participation("A", reservation),)),)),)),
        ),
        (("P", Integer(0)), ("A", reservation)),
    )  # fmt: skip


def with_outside(statement: Model, outside: tuple[tuple[str, Expr], ...]) -> Model:
    return replace(statement, protocols=tuple(replace(p, outside=outside) for p in statement.protocols))


def at(solution: Solution, **point: int | Rational) -> Regime:
    values = {Symbol(name, real=True): Rational(value) for name, value in point.items()}
    (found,) = [r for r in solution.regimes if all(relation.xreplace(values) == True for relation in r.region)]  # noqa: E712
    return replace(found, values=tuple((symbol, value.xreplace(values)) for symbol, value in found.values))


def test_the_game_is_started_where_it_pays_and_a_tie_starts_it() -> None:
    statement = monopolist(entry=K)
    (solution,) = derive_model(statement)
    assert check_solution(statement, solution, 20).accepted
    assert dict(at(solution, a=6, c=2, K=3).values) == {q: 2, Pi: 1}
    assert not at(solution, a=6, c=2, K=4).outside
    apart = at(solution, a=6, c=2, K=5)
    assert apart.outside
    assert apart.values == ((Pi, Integer(0)),)


def test_an_option_that_never_pays_leaves_the_game_alone() -> None:
    (solution,) = derive_model(monopolist(entry=Integer(0)))
    assert [r.outside for r in solution.regimes] == [False]


def test_an_option_that_always_pays_leaves_no_game() -> None:
    statement = monopolist(entry=(a - c) ** 2 + K)
    (solution,) = derive_model(statement)
    assert [r.outside for r in solution.regimes] == [True]
    assert check_solution(statement, solution, 10).accepted


def test_regimes_of_the_game_are_divided_one_by_one() -> None:
    statement = bounded(u)
    (solution,) = derive_model(statement)
    assert check_solution(statement, solution, 20).accepted
    inner, corner = at(solution, a=2, k=4, u=0), at(solution, a=5, k=4, u=1)
    assert (dict(inner.values)[e], dict(inner.values)[Pi]) == (Rational(1, 2), Rational(1, 2))
    assert (dict(corner.values)[e], dict(corner.values)[Pi]) == (1, 2)
    assert at(solution, a=2, k=4, u=1).outside
    assert at(solution, a=5, k=4, u=4).outside


def test_where_nothing_can_be_offered_the_game_is_not_started() -> None:
    """A wage up to a cap cannot keep an agent that earns more elsewhere."""
    cap = (a * e - w - w**2 / a, w - k * e)
    statement = model(
        "capped", (a, k, u, K), (a > 0, k > 0, u >= 0, K > 0), {w: (w >= 0, w <= K), e: (e >= 0, e <= 1)},
        (Player("P", cap[0], Pi), Player("A", cap[1], Pi_A)),
        Protocol("play", "play", (Stage((decide("P", w, e, subject_to=(Participation("A", u),)),)),)),
    )  # fmt: skip
    statement = with_outside(statement, (("P", -2 * a - 2 * K - 2 * K**2 / a), ("A", u)))
    (solution,) = derive_model(statement)
    report = check_solution(statement, solution, 12)
    assert report.accepted, report.failures
    assert at(solution, a=1, k=1, u=3, K=2).outside
    assert not at(solution, a=1, k=1, u=1, K=2).outside


def test_a_coalition_that_moves_first_weighs_its_joint_payoff() -> None:
    chain = serial_chain()
    m = chain.parameters[0].symbol
    protocol = replace(chain.protocol("integrated"), outside=(("M", m), ("R", -m)))
    (solution,) = derive_model(replace(chain, protocols=(protocol,)))
    assert [r.outside for r in solution.regimes] == [False]


def test_the_checker_refuses_a_wrong_outcome_outside() -> None:
    statement = monopolist(entry=K)
    (solution,) = derive_model(statement)
    apart = next(r for r in solution.regimes if r.outside)
    others = tuple(r for r in solution.regimes if not r.outside)
    for forged, reason in (
        (replace(apart, values=((Pi, K),)), "as stated for the outside option"),
        (
            replace(
                apart,
                values=((Pi, Integer(0)), (q, a)),
            ),
            "though the game is not started",
        ),
    ):
        report = check_solution(statement, replace(solution, regimes=(*others, forged)), 0)
        assert any(reason in line for line in report.rejections)


def test_the_attack_finds_a_game_that_should_be_started_and_one_that_should_not() -> None:
    statement = monopolist(entry=K)
    (solution,) = derive_model(statement)
    apart = next(r for r in solution.regimes if r.outside)
    started = next(r for r in solution.regimes if not r.outside)
    lazy = replace(solution, regimes=(replace(apart, region=()),), argument=())
    assert any("starting the game pays" in line for line in check_solution(statement, lazy, 20).failures)
    eager = replace(solution, regimes=(replace(started, region=()),), argument=())
    assert any("rather not start" in line for line in check_solution(statement, eager, 20).failures)


def test_an_ill_posed_outside_option_is_refused() -> None:
    statement = bounded(u)
    with pytest.raises(StatementError, match="does not say what it earns"):
        validate(with_outside(statement, (("A", u),)))
    with pytest.raises(StatementError, match="named twice"):
        validate(with_outside(statement, (("P", u), ("P", u))))
    both = replace(
        statement, protocols=(Protocol("play", "", (Stage((decide("P", e), decide("A", t))),), outside=(("P", u),)),)
    )
    with pytest.raises(StatementError, match="not clear who"):
        validate(both)
