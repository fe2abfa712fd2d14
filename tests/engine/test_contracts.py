"""Contracts between a principal and an agent: expected values are told by hand."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, Symbol, true

from derive.check.solution import check_solution
from derive.ir import CARA, Model, Normal, Participation, Player, Shock, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine.statements import decide, model, protocol

V, k, u, e, s, t, eps, U, A = symbols("V k u e s t eps U A")


def solved(stated: Model) -> Solution:
    solution = derive_protocol(stated, stated.protocols[0])
    assert check_solution(stated, solution, 8).failures == ()
    return solution


def at(solution: Solution, point: dict[Symbol, Rational]) -> dict[Symbol, Expr]:
    """The values at a point of the parameters."""
    (here,) = [r for r in solution.regimes if all(relation.xreplace(point) is true for relation in r.region)]
    return {symbol: value.xreplace(point) for symbol, value in here.resolved().items()}


def test_a_share_that_just_calls_forth_the_most_effort_there_is() -> None:
    """Effort min(t/k, 1/2). The risk premium 2 t**2 falls with the share, yet not beyond k/2, where effort would fall: a kink, at
    which participation is still worth to the principal what the fixed wage costs."""
    pay = s + t * (e + eps)
    game = model(
        "len", (k, u), (4 * k > 1, k < Rational(4, 5)), {s: (), t: (t >= 0,), e: (e >= 0, 2 * e <= 1)},
        (Player("P", 2 * e - pay, U), Player("A", pay - k * e**2 / 2, A, risk=CARA(Integer(4)))),
        protocol("hidden", (decide("P", s, t, subject_to=(Participation("A", u),)),), (decide("A", e),)),
        shocks=(Shock(eps, Normal(Integer(0), Integer(1)), "noise"),),
    )  # fmt: skip
    found = at(solved(game), {k: Rational(1, 2), u: Rational(0)})
    assert (found[t], found[e]) == (Rational(1, 4), Rational(1, 2))
    assert found[s] == 2 * found[t] ** 2 - found[t] / 2 + Rational(1, 16)
