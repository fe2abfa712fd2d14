"""The sets of constraints that may bind are listed again by the checker: a case that an argument forgets is missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy

from derive import programs, steps
from derive.check.active_sets import active_sets
from derive.check.solution import check_solution
from derive.ir import Decision, Feasibility, Model, Player, Stage, Variable, symbols
from derive.solution import Gap, Solution, Without
from derive.steps import Step
from tests.check.test_forgeries import derived
from tests.check.test_mutants import efforts, game

a, c, K, x, y, u = symbols("a c K x y u")


def budget() -> Model:
    """Two efforts with a joint limit."""
    variables = (Variable(x, "", (x >= 0,)), Variable(y, "", (y >= 0,)))
    players = (Player("E", a * x + c * y - x**2 / 2 - y**2 / 2, u),)
    decision = Decision(("E",), (x, y), (Feasibility("budget", x + y <= K),))
    return game("a c K", (a > 0, c > 0, K > 0), variables, players, Stage((decision,)))


def with_steps(solution: Solution, change: Callable[[Step], Step | None]) -> Solution:
    argument = tuple(
        replace(one, proof=tuple(new for step in one.proof if (new := change(step)) is not None)) for one in solution.argument
    )
    return replace(solution, argument=argument)


@pytest.mark.parametrize("make", [efforts, budget])
def test_every_active_set_of_a_true_argument_falls_to_a_case(make: Callable[[], Model]) -> None:
    model, solution = derived(make)
    found = active_sets(model, solution)
    assert not found.findings
    assert found.sets == {efforts: 4, budget: 7}[make]
    assert found.cases >= len(solution.regimes)


@pytest.mark.parametrize("make", [efforts, budget])
def test_a_case_that_is_forgotten_is_missed(make: Callable[[], Model]) -> None:
    """The region of the forgotten case is declared not to be settled, so that nothing but the argument is wrong."""
    model, solution = derived(make)
    cases = [s for p in solution.argument for s in p.proof if isinstance(s, programs.GlobalMaximum)]
    missed = 0
    for case in cases:
        forgotten = with_steps(solution, lambda step, case=case: None if step is case else step)  # type: ignore[misc]
        missed += bool(active_sets(model, forgotten).findings)
    assert missed >= len(cases) - 1, "a case may be so narrow that no point lies in it"
    regime = solution.regimes[-1]
    left = replace(
        with_steps(solution, lambda step: None if isinstance(step, steps.Coverage) or step is cases[-1] else step),
        regimes=solution.regimes[:-1], gaps=(Gap(regime.region, Without.UNSETTLED, "a reason"),), covering=None,
    )  # fmt: skip
    assert any("no case has" in failure for failure in check_solution(model, left, 0).failures)


def test_a_case_on_another_region_is_missed() -> None:
    model, solution = derived(efforts)

    def narrowed(step: Step) -> Step:
        return replace(step, given=(*step.given, a > 10**6)) if isinstance(step, programs.GlobalMaximum) else step

    assert "no case has" in active_sets(model, with_steps(solution, narrowed)).findings[0]


def test_the_best_choice_is_that_of_the_conditions_by_hand() -> None:
    """Both efforts at half the budget and half the difference of what they earn, where that is all positive."""
    model, solution = derived(budget)
    both = next(r for r in solution.regimes if sympy.simplify(r.resolved()[x] - (a - c + K) / 2) == 0)
    shifted = replace(both, values=tuple((s, v + (1 if s == x else 0)) for s, v in both.values))
    assert shifted != both
    case = next(
        s for p in solution.argument for s in p.proof
        if isinstance(s, programs.GlobalMaximum) and sympy.simplify(dict(s.values)[x] - (a - c + K) / 2) == 0
    )  # fmt: skip
    wrong = replace(case, values=tuple((s, v + (1 if s == x else 0)) for s, v in case.values))
    assert active_sets(model, with_steps(solution, lambda step: wrong if step is case else step)).findings
