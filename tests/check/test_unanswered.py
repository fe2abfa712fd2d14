"""A response with a case left out is refused, also off the path of play; what has no answer needs none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.check.solution import check_solution
from derive.check.unanswered import unanswered
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution

a, c, K, w, q, u, v = symbols("a c K w q u v")
MODEL = Model(
    "limited", "", "", (Parameter(a, ""), Parameter(c, ""), Parameter(K, "")), (a > 0, c >= 0, a > c, K > 0, a > K),
    (Variable(w, "price", (w >= 0,)), Variable(q, "quantity", (q >= 0, q <= K))),
    (Player("M", (w - c) * q, u), Player("R", (a - q - w) * q, v)),
    (Protocol("P", "", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (q,)),)))),),
)  # fmt: skip


@pytest.fixture(scope="module")
def solution() -> Solution:
    return derive_protocol(MODEL, MODEL.protocols[0])


def without(solution: Solution, number: int) -> Solution:
    """The solution with one case of how the second stage answers left out."""

    def less(response):
        cases = response.cases
        return (
            replace(response, cases=cases[:number] + cases[number + 1 :])
            if response.complete and response.stage == 2
            else response
        )

    return replace(solution, responses=tuple(map(less, solution.responses)))


def test_every_answer_is_recorded(solution: Solution) -> None:
    assert check_solution(MODEL, solution).accepted


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_case_of_a_response_that_is_left_out_is_missed(solution: Solution, number: int) -> None:
    """Two of the three are off the path of play wherever the third is on it; no regime has the retailer buying nothing."""
    failures = check_solution(MODEL, without(solution, number)).failures
    assert any("nothing is recorded after" in failure for failure in failures)


def test_nothing_has_to_be_recorded_where_there_is_no_best_choice(solution: Solution) -> None:
    """With a quantity below the limit, what is best after a low price is only approached."""
    variables = (MODEL.variables[0], Variable(q, "quantity", (q >= 0, q < K)))
    cases = next(r for r in solution.responses if r.complete and r.stage == 2).cases
    (bound,) = (number for number, case in enumerate(cases) if dict(case.values)[q] == K)
    assert not unanswered(replace(MODEL, variables=variables), without(solution, bound))


def test_nothing_has_to_be_recorded_where_nothing_can_be_chosen() -> None:
    """After a low price the retailer would have to buy more than it may: its bounds leave nothing."""
    least = Variable(q, "quantity", (q >= a - w, q <= K))
    model = replace(MODEL, variables=(MODEL.variables[0], least), assumptions=(*MODEL.assumptions, a > 2 * K))
    solution = derive_protocol(model, model.protocols[0])
    assert solution.regimes
    assert not unanswered(model, solution)
