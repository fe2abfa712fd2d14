"""Contests: closed forms of the literature, choices at bounds that are excluded, and what has no equilibrium in pure strategies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Eq, Expr, Integer, Piecewise

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.field import is_zero
from derive.ir import Aggregate, Bargain, Decision, Model, Parameter, Player, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from derive.steps import Stationary
from tests.engine.statements import decide, model, protocol

v_1, v_2, c_1, c_2, a, c, n, b, x, y, X, U, V = symbols("v_1 v_2 c_1 c_2 a c n b x y X U V")


def contest(first: Expr, second: Expr, *, open_: bool = True) -> Model:
    parameters = tuple(sorted((first.free_symbols | second.free_symbols) - {x, y}, key=str))
    domain = {x: (x > 0,) if open_ else (x >= 0,), y: (y > 0,) if open_ else (y >= 0,)}
    players = (Player("one", first, U), Player("two", second, V))
    moves = protocol("N", (decide("one", x), decide("two", y)))
    return model("contest", parameters, tuple(p > 0 for p in parameters), domain, players, moves)


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 12)
    assert report.accepted, report.failures
    return solution


def agree(solution: Solution, **published: Expr) -> None:
    (regime,) = solution.regimes
    values = {symbol.name: value for symbol, value in regime.resolved().items()}
    for name, value in published.items():
        assert is_zero(values[name] - value), (name, values[name])


@pytest.mark.parametrize("open_", [True, False])
def test_lottery_contest_between_unequal_prizes(open_: bool) -> None:
    """Nti 1999: efforts v_1^2 v_2/(v_1+v_2)^2 and v_1 v_2^2/(v_1+v_2)^2. At (0, 0) the payoffs are not defined."""
    solution = solved(contest(v_1 * x / (x + y) - x, v_2 * y / (x + y) - y, open_=open_))
    total = (v_1 + v_2) ** 2
    agree(solution, x=v_1**2 * v_2 / total, y=v_1 * v_2**2 / total, U=v_1**3 / total, V=v_2**3 / total)
    assert bool(solution.warnings) is not open_


def test_lottery_contest_with_unequal_costs_and_with_a_head_start() -> None:
    solution = solved(contest(v_1 * x / (x + y) - c_1 * x, v_1 * y / (x + y) - c_2 * y))
    agree(solution, x=c_2 * v_1 / (c_1 + c_2) ** 2, y=c_1 * v_1 / (c_1 + c_2) ** 2)
    solution = solved(contest(v_1 * a * x / (a * x + y) - x, v_1 * y / (a * x + y) - y))
    agree(solution, x=a * v_1 / (a + 1) ** 2, y=a * v_1 / (a + 1) ** 2)


def test_the_combination_that_solves_the_conditions_must_be_one_of_them() -> None:
    """A relation that does not follow from the conditions is no reason for anything."""
    statement = contest(v_1 * x / (x + y) - x, v_2 * y / (x + y) - y)
    solution = solved(statement)
    steps = [step for part in solution.argument for step in part.proof]
    (found,) = [step for step in steps if isinstance(step, Stationary)]
    assert any(part.combined for part in found.trail)
    wrong = replace(found, trail=tuple(replace(p, combined=p.combined[::-1]) if p.combined else p for p in found.trail))
    argument = tuple(replace(p, proof=tuple(wrong if s is found else s for s in p.proof)) for p in solution.argument)
    assert not check_solution(statement, replace(solution, argument=argument), 0).accepted


def test_rent_seeking_by_any_number_with_an_open_bound() -> None:
    statement = Model(
        key="rent", title="Rent seeking", source="Tullock 1980",
        parameters=(Parameter(v_1, "rent"), Parameter(n, "number", integer=True)), assumptions=(v_1 > 0, n >= 2),
        variables=(Variable(x, "outlay", (x > 0,)),),
        aggregates=(Aggregate(X, x, "seekers", "all outlays"),),
        players=(Player("seekers", v_1 * x / X - x, U, count=n),),
        protocols=(protocol("N", (decide("seekers", x),)),),
    )  # fmt: skip
    agree(solved(statement), x=v_1 * (n - 1) / n**2, U=v_1 / n**2)


def test_all_pay_auction_has_no_equilibrium_in_pure_strategies() -> None:
    """Whoever bids more wins, a tie is decided by a coin: also where one of them bids nothing somebody gains by moving."""
    first = Piecewise((v_1 - x, x > y), (v_1 / 2 - x, Eq(x, y)), (-x, True))
    second = Piecewise((v_1 - y, y > x), (v_1 / 2 - y, Eq(x, y)), (-y, True))
    solution = solved(contest(first, second, open_=False))
    assert not solution.regimes
    assert {gap.kind for gap in solution.gaps} == {Without.NO_PURE_EQUILIBRIUM}


def test_replies_known_only_as_roots_that_move_with_each_other_are_refused() -> None:
    statement = contest(v_1 * x / (x + y) - c_1 * x**2 / 2, v_1 * y / (x + y) - c_2 * y**2 / 2)
    with pytest.raises(Refusal, match="moves with y, and that with it"):
        derive_protocol(statement, statement.protocols[0])


# --- bargains whose gains are products, and several at once ----------------------------------------------------------------


def test_right_to_manage() -> None:
    """Nickell and Andrews 1983: the wage is bargained over, then the firm employs as many as it likes."""
    w, L, be = x, y, b
    bargain = Decision(("union", "firm"), (w,), bargain=Bargain((be, 1 - be)))
    statement = Model(
        key="wage", title="Right to manage", source="",
        parameters=(Parameter(a, "productivity"), Parameter(c, "outside wage"), Parameter(be, "power")),
        assumptions=(a > c, c > 0, be > 0, be < 1),
        variables=(Variable(w, "wage", (w >= c,)), Variable(L, "employment", (L >= 0,))),
        players=(Player("union", (w - c) * L, U), Player("firm", (a - L / 2) * L - w * L, V)),
        protocols=(replace(protocol("rtm"), stages=(Stage((bargain,)), Stage((decide("firm", L),)))),),
    )  # fmt: skip
    agree(solved(statement), x=c + be * (a - c) / 2, y=(2 - be) * (a - c) / 2)


def test_two_bargains_at_once_each_given_the_other() -> None:
    """Nash-in-Nash over quantity and fee with two buyers who compete: Cournot quantities, fees by the weights."""
    T_1, T_2, q_1, q_2 = symbols("T_1 T_2 q_1 q_2")
    first = Decision(("M", "R1"), (q_1, T_1), bargain=Bargain((b, 1 - b), (T_2 - c * q_2, Integer(0))))
    second = Decision(("M", "R2"), (q_2, T_2), bargain=Bargain((b, 1 - b), (T_1 - c * q_1, Integer(0))))
    statement = model(
        "nash_in_nash", (a, b, c), (a > c, c >= 0, b > 0, b < 1),
        {T_1: (), T_2: (), q_1: (q_1 >= 0,), q_2: (q_2 >= 0,)},
        (
            Player("M", T_1 + T_2 - c * (q_1 + q_2), X),
            Player("R1", (a - q_1 - q_2) * q_1 - T_1, U),
            Player("R2", (a - q_1 - q_2) * q_2 - T_2, V),
        ),
        protocol("NN", (first, second)),
    )  # fmt: skip
    gain = (a - c) ** 2 / 9
    agree(solved(statement), q_1=(a - c) / 3, q_2=(a - c) / 3, U=(1 - b) * gain, X=2 * b * gain)
