"""Firms enter as long as it pays: numbers of firms and profits as textbooks have them, the same game for whole numbers, refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, Symbol, cancel, sqrt
from sympy.logic.boolalg import Boolean

from derive import inverse
from derive.check.certificates import Rejected
from derive.check.solution import check_solution
from derive.check.steps import check_step
from derive.decision.problem import Journal, Problem, restriction
from derive.decision.turned import with_bounds
from derive.errors import StatementError
from derive.ir import Aggregate, Decision, Model, Parameter, Participation, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime, Solution, Without
from derive.statement.validate import validate

a, b, c, K, v, n, q, Q, Pi, N = symbols("a b c K v n q Q Pi N")


def entry(profit: Expr, *given: Boolean, least: int = 1) -> Model:
    """As many firms as possible enter that do not lose by it; then each chooses its quantity."""
    used = sorted(profit.free_symbols - {q, Q}, key=str)
    enter = Decision(("entry",), (n,), (Participation("firm", Integer(0)),))
    return Model(
        key="entry",
        title="Free entry",
        source="test",
        parameters=tuple(Parameter(symbol, str(symbol)) for symbol in used),
        assumptions=given,
        variables=(Variable(n, "number of firms", (n >= least,)), Variable(q, "quantity", (q >= 0,))),
        aggregates=(Aggregate(Q, q, "firm", "total"),),
        players=(Player("firm", profit, Pi, count=n), Player("entry", n, N)),
        protocols=(Protocol("free", "Free entry", (Stage((enter,)), Stage((Decision(("firm",), (q,)),)))),),
    )


COURNOT = entry((a - b * Q - c) * q - K, a > c, b > 0, c >= 0, K > 0)
CONTEST = entry(v * q / Q - q - K, v > 0, K > 0, least=2)


def solved(statement: Model) -> Solution:
    validate(statement)
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 12)
    assert report.accepted, report.failures
    assert report.attack is not None
    assert report.attack.deviations
    return solution


def only(solution: Solution) -> Regime:
    (regime,) = solution.regimes
    return regime


def same(left: Expr, right: Expr, **point: int) -> bool:
    at = {Symbol(name, real=True): Integer(value) for name, value in point.items()}
    return bool(abs((left - right).xreplace(at).evalf(30)) < Rational(1, 10**25))


def test_the_number_of_cournot_firms() -> None:
    """Mankiw and Whinston 1986: (a - c)/sqrt(b K) - 1 firms of size sqrt(K/b) enter, if there is room for one."""
    solution = solved(COURNOT)
    values = only(solution).resolved()
    point = {"a": 19, "b": 2, "c": 3, "K": 5}
    assert same(values[n], (a - c) / sqrt(b * K) - 1, **point)
    assert same(values[q], sqrt(K / b), **point)
    assert values[Pi] == 0
    (gap,) = solution.gaps
    assert gap.kind is Without.INFEASIBLE
    inside, outside = {a: 5, b: 1, c: 1, K: 3}, {a: 4, b: 1, c: 1, K: 3}
    assert [all(r.xreplace(at) for r in only(solution).region) for at in (inside, outside)] == [True, False]


def test_the_number_of_contestants() -> None:
    """In Tullock's contest each earns v/n**2 - K, so sqrt(v/K) enter."""
    values = only(solved(CONTEST)).resolved()
    assert same(values[n], sqrt(v / K), v=20, K=3)
    assert cancel(values[Pi]) == 0


def test_entry_must_come_before_what_the_firms_do() -> None:
    late = replace(COURNOT.protocols[0], stages=COURNOT.protocols[0].stages[::-1])
    with pytest.raises(StatementError, match="not chosen before they decide"):
        validate(replace(COURNOT, protocols=(late,)))
    none = replace(COURNOT, variables=(replace(COURNOT.variables[0], domain=(n >= 0,)), COURNOT.variables[1]))
    with pytest.raises(StatementError, match="at least one"):
        validate(none)


FORGED: list[Callable[[inverse.TurnedBound], inverse.TurnedBound]] = [
    lambda s: replace(s, bound=2 * s.bound),
    lambda s: replace(s, upper=not s.upper),
    lambda s: replace(s, core=-s.core),
    lambda s: replace(s, slope=-s.slope),
    lambda s: replace(s, slack=s.slack + 1),
    lambda s: replace(s, certificate=None),
    lambda s: replace(s, given=()),
]


def test_restrictions_turned_into_bounds_are_checked() -> None:
    solution = derive_protocol(COURNOT, COURNOT.protocols[0])
    (step,) = [s for one in solution.argument for s in one.proof if isinstance(s, inverse.TurnedBound)]
    check_step(step, COURNOT, solution.assumptions)
    for forge in FORGED:
        with pytest.raises(Rejected):
            check_step(forge(step), COURNOT, solution.assumptions)


def test_the_other_root_of_a_turned_restriction_is_rejected() -> None:
    """Below its vertex (q - a)**2 >= K says that q <= a - sqrt(K); there the slack falls up to the vertex only."""
    journal = Journal("t")
    rows = (restriction("far", (q - a) ** 2 >= K), restriction("below", q < a))
    with_bounds(Problem(q, (q,), rows, (a > 0, K > 0)), journal)
    (step,) = journal.steps
    assert isinstance(step, inverse.TurnedBound)
    assert step.bound == a - sqrt(K)
    check_step(step, None, ())
    with pytest.raises(Rejected, match="another sign"):
        check_step(replace(step, bound=a + sqrt(K)), None, ())
    with pytest.raises(Rejected):
        check_step(replace(step, given=tuple(r for r in step.given if K not in r.free_symbols)), None, ())
