"""What is refused does not sink what is solved; equalities among simultaneous decisions mean what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Eq, Integer, Rational, Symbol

from derive.audit.claims import audit
from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.field import is_zero
from derive.ir import At, Claim, Feasibility, Model, Player, symbols
from derive.play.induction import derive_model, derive_protocol
from derive.solution import Without
from tests.engine import statements
from tests.engine.statements import decide, protocol

m, x, y, u, v = symbols("m x y U V")


def half_solvable() -> Model:
    """One protocol with an answer, one with an unbounded payoff."""
    statement = statements.model(
        "half",
        (m,),
        (m > 0,),
        {x: (x >= 0,), y: (y >= 0,)},
        (Player("A", m * x - x**2 + m * y, u),),
        protocol("good", (decide("A", x, y, subject_to=(Feasibility("none", Eq(y, 0)),)),)),
        protocol("bad", (decide("A", x, y),)),
    )
    claims = (Claim("good", "", At(x, "good") > 0), Claim("bad", "", At(x, "bad") > 0))
    return replace(statement, claims=claims)


def test_a_refused_protocol_is_a_gap_with_the_reason_and_the_others_are_solved() -> None:
    good, bad = derive_model(half_solvable())
    assert good.regimes
    assert not good.refused
    assert dict(good.regimes[0].values)[x] == m / 2
    assert bad.refused
    assert bad.gaps[0].kind is Without.UNSETTLED
    assert "unbounded" in bad.gaps[0].reason


def test_claims_on_a_refused_protocol_are_undecided_with_its_reason() -> None:
    statement = half_solvable()
    good, bad = audit(statement, derive_model(statement)).findings
    assert (good.status, bad.status) == ("proved", "undecided")
    assert "unbounded" in bad.judgements[0].reason


def test_a_model_of_which_nothing_is_solved_is_refused() -> None:
    statement = half_solvable()
    with pytest.raises(Refusal, match="unbounded"):
        derive_model(replace(statement, protocols=statement.protocols[1:]))


def test_a_choice_fixed_by_an_equality_is_fixed_for_the_rivals_too() -> None:
    """Cournot with firm 3 held at zero is the duopoly; its output must not stay a symbol in the others' outputs."""
    triopoly = statements.cournot()
    q3 = Symbol("q3", real=True)
    stage = triopoly.protocols[0].stages[0]
    removed = replace(stage.decisions[2], subject_to=(Feasibility("removed", Eq(q3, 0)),))
    held = replace(triopoly.protocols[0], stages=(replace(stage, decisions=(*stage.decisions[:2], removed)),))
    solution = derive_protocol(replace(triopoly, protocols=(held,)), held)
    at = {Symbol(n, real=True): w for n, w in (("a", 10), ("c1", 1), ("c2", 2), ("c3", 3))}
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(at) == True for relation in r.region)]  # noqa: E712
    values = {s.name: w.xreplace(at) for s, w in regime.resolved().items()}
    assert (values["q1"], values["q2"], values["q3"]) == (Rational(10, 3), Rational(7, 3), 0)


def test_bounds_of_a_tied_choice_bind_what_it_is_tied_to() -> None:
    """y = x - 1 with y >= 0 keeps x at 1 although x alone would be m/2 below it."""
    statement = statements.model(
        "tied",
        (m,),
        (m > 0, m < 1),
        {x: (x >= 0,), y: (y >= 0,)},
        (Player("A", m * x - x**2, u),),
        protocol("one", (decide("A", x, y, subject_to=(Feasibility("tied", Eq(y, x - 1)),)),)),
    )
    (regime,) = derive_protocol(statement, statement.protocols[0]).regimes
    assert (regime.resolved()[x], regime.resolved()[y]) == (1, 0)


def test_parameters_at_which_rivals_escalate_are_set_aside() -> None:
    """Replies a - w + g y meet for g < 1 only: beyond, the race that a low price starts has no equilibrium."""
    a, g, w, x, y, L, U, V = symbols("a g w x y L U V")
    statement = statements.model(
        "race",
        (a, g),
        (a > 0, g > 0),
        {w: (w >= 0,), x: (x >= 0,), y: (y >= 0,)},
        (
            Player("S", w * (x + y), L),
            Player("one", x * (a - w + g * y) - x**2 / 2, U),
            Player("two", y * (a - w + g * x) - y**2 / 2, V),
        ),
        protocol("P", (decide("S", w),), (decide("one", x), decide("two", y))),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 12)
    assert report.accepted, report.failures
    (regime,) = solution.regimes
    assert [regime.region[0].xreplace({g: value}) for value in (Rational(1, 2), Integer(2))] == [True, False]
    assert is_zero(regime.resolved()[w] - a / 2)
    assert is_zero(regime.resolved()[x] - a / (2 * (1 - g)))
    beyond = {g: Integer(2), a: Integer(1)}
    (gap,) = [one for one in solution.gaps if all(relation.xreplace(beyond) == True for relation in one.region)]  # noqa: E712
    assert gap.kind is Without.UNSETTLED
    assert "has no equilibrium" in gap.reason
