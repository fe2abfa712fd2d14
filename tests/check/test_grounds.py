"""A step that is right about a payoff that nobody has proves nothing of the game, and is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from derive import steps
from derive.check.argument import replay
from derive.check.grounds import groundless
from derive.check.solution import check_solution
from derive.ir import Decision, Model, Player, Stage, Variable, symbols
from derive.steps import Step
from tests.check.test_active_sets import budget, with_steps
from tests.check.test_forgeries import derived
from tests.check.test_mutants import efforts, game

a, c, w, p, u, v = symbols("a c w p u v")


def chain() -> Model:
    """A wholesale price, then a retail price."""
    players = (Player("M", (w - c) * (a - p), u), Player("R", (p - w) * (a - p), v))
    variables = (Variable(w, "", (w >= c,)), Variable(p, "", (p >= w,)))
    stages = (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))
    return game("a c", (c > 0, a > c), variables, players, *stages)


@pytest.mark.parametrize("make", [efforts, budget, chain])
def test_every_payoff_of_a_true_argument_comes_from_the_statement(make: Callable[[], Model]) -> None:
    model, solution = derived(make)
    assert groundless(model, solution) == []


@pytest.mark.parametrize("make", [efforts, budget, chain])
def test_a_true_argument_about_another_payoff_is_refused(make: Callable[[], Model]) -> None:
    """What is added does not depend on the choice: every step of the argument is as right as before."""
    model, solution = derived(make)
    own = {parameter.symbol for parameter in model.parameters}
    added = next(iter(sorted(own, key=str))) ** 3

    def other(step: Step) -> Step:
        return replace(step, objective=step.objective + added) if hasattr(step, "objective") else step  # type: ignore[call-arg]

    forged = with_steps(solution, other)
    assert forged != solution
    assert replay(model, forged)[1] == []
    assert any("gives the payoff" in failure for failure in check_solution(model, forged, 0).failures)


def test_what_anticipates_another_payoff_is_refused() -> None:
    model, solution = derived(chain)

    def other(step: Step) -> Step:
        if not isinstance(step, steps.Anticipation) or step.payoff != u:
            return step
        return replace(step, before=step.before + a**3, after=step.after + a**3)

    assert any("gives the payoff" in fault for fault in groundless(model, with_steps(solution, other)))
