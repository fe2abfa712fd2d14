"""An argument speaks of the game that is stated: of its payoffs, of choices that are made, of the parameters that it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from sympy import Ge, Gt, Integer, false

from derive import steps
from derive.check.certificates import Rejected
from derive.check.context import Context
from derive.check.solution import check_solution
from derive.ir import Model, Participation, Player, Protocol, Stage, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine.statements import decide, model

a, b, c, F, K, p, q, w, Pi_M, Pi_R = symbols("a b c F K p q w Pi_M Pi_R")
Change = Callable[[steps.Step], steps.Step]


@cache
def tariff() -> tuple[Model, Solution]:
    """A price and a fee, which the retailer accepts if it earns K; the manufacturer may stay away."""
    offer = decide("M", w, F, subject_to=(Participation("R", K),))
    stated = model(
        "tariff",
        (a, b, c, K),
        (a > b * c, b > 0, c > 0, K > 0),
        {w: (w >= 0,), F: (), p: (p >= 0,)},
        (Player("M", (w - c) * (a - b * p) + F, Pi_M), Player("R", (p - w) * (a - b * p) - F, Pi_R)),
        Protocol("P", "P", (Stage((offer,)), Stage((decide("R", p),))), outside=(("M", Integer(0)), ("R", K))),
    )
    return stated, derive_protocol(stated, stated.protocols[0])


def forged(kind: type[steps.Step], change: Change, last: bool = False) -> tuple[str, ...]:
    """What is found wrong where the first (or last) step of a kind is another one."""
    stated, solution = tariff()
    labels = [step.label for proposition in solution.argument for step in proposition.proof if isinstance(step, kind)]
    chosen = labels[-1 if last else 0]
    argument = tuple(
        replace(one, proof=tuple(change(step) if step.label == chosen else step for step in one.proof))
        for one in solution.argument
    )
    return check_solution(stated, replace(solution, argument=argument), 0).failures


def test_the_argument_itself_is_accepted() -> None:
    stated, solution = tariff()
    assert check_solution(stated, solution, 0).accepted


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        # the derivative is as it was: another payoff has the same
        (steps.Marginal, lambda step: replace(step, objective=step.objective + a), "gives the objective"),
        (
            steps.Marginal,
            lambda step: replace(step, objective=2 * step.objective, positive=2 * step.positive),
            "gives the objective",
        ),
        (steps.OutsideOption, lambda step: replace(step, inside=2 * step.inside), "gives the objective"),
        (
            steps.Marginal,
            lambda step: replace(step, given=(*step.given, Gt(a, 9 * b * c))),
            "is used where a > 9*b*c need not hold",
        ),
        (steps.Marginal, lambda step: replace(step, given=(*step.given, Ge(K, 7))), "is used where K >= 7 need not hold"),
        # a payoff that is made on a part of the parameters is taken up beyond it
        (steps.Transfer, lambda step: replace(step, given=(*step.given, Gt(a, 9 * b * c))), "gives the objective"),
        # of no parameters at all nothing is said
        (steps.EmptyCase, lambda step: replace(step, given=(*step.given, Gt(0, b))), "against what is assumed"),
    ],
)
def test_a_step_about_another_game_is_rejected(kind: type[steps.Step], change: Change, reason: str) -> None:
    assert any(reason in fault for fault in forged(kind, change))


def test_nobody_makes_another_choice_than_what_is_found() -> None:
    """The demand depends on the price alone, so that its value is right whatever is said of the wholesale price."""
    stated, solution = tariff()
    sales = steps.Anticipation(
        label="sales", payoff=q, before=a - b * p, replace=((w, 2 * c), *_price(solution)), after=a - b * _price(solution)[0][1]
    )
    told = replace(sales, replace=((w, c), *_price(solution)))
    for step, accepted in ((told, True), (sales, False)):
        *others, last = solution.argument
        argument = (*others, replace(last, proof=(*last.proof, step)))
        faults = check_solution(stated, replace(solution, argument=argument), 0).failures
        assert accepted == (not faults)
        assert accepted or faults == ("sales: nobody chooses w = 2*c",)


def _price(solution: Solution) -> tuple[tuple[object, object], ...]:
    (regime,) = [one for one in solution.regimes if not one.outside]
    return tuple(pair for pair in regime.resolved().items() if pair[0] == p)


def test_nothing_is_compared_where_nothing_is() -> None:
    """A piece of a payoff may be empty; where there are points, one of them tells two payoffs apart."""
    assert Context(None, (a > 0, false), ()).agree(a, [2 * a])
    assert not Context(None, (a > 0,), ()).agree(a, [2 * a, a + 1])
    assert Context(None, (a > 0, a < b), ()).agree(abs(a - b), [a, b - a])


def test_what_is_at_least_and_at_most_the_same_is_that() -> None:
    """At the border k = 0 of its range a capacity k may be written into what is zero there."""
    Context(None, (K >= 0, K <= 0), ()).equal(K * p - K**2 / b, Integer(0), "the payoff")
    Context(None, (b <= K, b >= K, b >= c, b <= c), ()).equal(K + b, 2 * c, "the same thrice")
    with pytest.raises(Rejected):
        Context(None, (K >= 0,), ()).equal(K * p - K**2 / b, Integer(0), "the payoff")
