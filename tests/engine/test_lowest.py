"""Simultaneous choices where a slope or a payoff is not defined if all are at their lower bounds."""

from __future__ import annotations

from sympy import Eq, log, sqrt

from derive.check.solution import check_solution
from derive.field import is_zero
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime, Solution
from tests.engine.statements import decide, model, protocol

v_1, v_2, a, b, x, y, U, V = symbols("v_1 v_2 a b x y U V")


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 12)
    assert report.accepted, report.failures
    return solution


def only_at(solution: Solution, **parameters: int) -> Regime:
    """The one regime that holds at these parameters."""
    at = {symbol: value for symbol in (v_1, v_2, a, b) for name, value in parameters.items() if symbol.name == name}
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(at) == True for relation in r.region)]  # noqa: E712
    return regime


def test_only_the_keenest_gives_to_a_public_good_of_quasilinear_value() -> None:
    """Bergstrom, Blume and Varian 1986, section 5: with no effects of income, who values the good most provides all of it."""
    statement = model(
        "gifts",
        (v_1, v_2),
        (v_1 > 0, v_2 > 0),
        {x: (x >= 0,), y: (y >= 0,)},
        (Player("one", 2 * v_1 * sqrt(x + y) - x, U), Player("two", 2 * v_2 * sqrt(x + y) - y, V)),
        protocol("N", (decide("one", x), decide("two", y))),
    )
    solution = solved(statement)
    keen, other = only_at(solution, v_1=3, v_2=2), only_at(solution, v_1=2, v_2=3)
    assert (keen.resolved()[x], keen.resolved()[y]) == (v_1**2, 0)
    assert (other.resolved()[x], other.resolved()[y]) == (0, v_2**2)
    (gap,) = solution.gaps
    assert gap.region == (Eq(v_1 - v_2, 0),)
    assert not solution.warnings


def test_gifts_from_wealth_stop_where_the_other_is_rich_enough() -> None:
    """Bergstrom, Blume and Varian 1986, for logarithmic utilities: the reply to a gift y is (v a - y)/(1 + v), if that is positive."""
    statement = model(
        "wealth",
        (v_1, v_2, a, b),
        (v_1 > 0, v_2 > 0, a > 0, b > 0),
        {x: (x >= 0, x < a), y: (y >= 0, y < b)},
        (Player("one", v_1 * log(x + y) + log(a - x), U), Player("two", v_2 * log(x + y) + log(b - y), V)),
        protocol("N", (decide("one", x), decide("two", y))),
    )
    solution = solved(statement)
    assert not solution.gaps
    rich = only_at(solution, v_1=1, v_2=1, a=9, b=2)
    assert is_zero(rich.resolved()[x] - a * v_1 / (1 + v_1))
    assert rich.resolved()[y] == 0
    both = only_at(solution, v_1=1, v_2=1, a=9, b=8).resolved()
    assert is_zero(both[x] - (v_1 * a - both[y]) / (1 + v_1))
    assert is_zero(both[y] - (v_2 * b - both[x]) / (1 + v_2))
