"""A case that is said to be empty is held to the conditions of its own problem; what is said of no bound is missed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.certificates import Certificate
from derive.check.accounted import unaccounted
from derive.check.argument import replay
from derive.check.solution import check_solution
from derive.check.steps import Rejected, check_step
from derive.decision.kkt import concave, maximise_concave
from derive.decision.problem import Journal, Problem, restriction
from derive.ir import Decision, Model, Player, Stage, Variable, symbols
from derive.prove import refute
from derive.solution import Solution
from derive.steps import Step
from tests.check.test_active_sets import with_steps
from tests.check.test_forgeries import derived
from tests.check.test_mutants import game
from tests.check.test_replies import chain, entry
from tests.check.test_steps import EMPTY, PROBLEM

a, b, c, k, x, y, u = symbols("a b c k x y u")


def refuted(*relations: Boolean) -> Certificate:
    found = refute(relations)
    assert found is not None
    return found


# --- one choice ------------------------------------------------------------------------------------------------------------

BOUNDED = (
    replace(PROBLEM[0], given=(a > 0, x >= 0, x <= 2 * a)),
    replace(PROBLEM[1], given=(a > 0, x >= 0, x <= 2 * a)),
)
FORGED: tuple[tuple[dict[str, Any], str], ...] = (
    # Conditions that contradict one another, of another case or of none.
    ({"conditions": (a < -1,), "certificate": refuted(a > 0, a < -1)}, "no condition of that case"),
    ({"conditions": (x < 0, x > 0), "certificate": refuted(x < 0, x > 0)}, "no condition of that case"),
    # The upper bound's condition told of the lower one, and the other way round.
    ({"active": (2 * a - x,)}, "no condition of that case"),
    (
        {"active": (2 * a - x,), "conditions": (-a > 0, a > 0), "certificate": refuted(-a > 0, a > 0)},
        "no condition of that case",
    ),
    ({"active": (3 * a - x,)}, "is no bound"),
    ({"active": (x - 2 * a,)}, "no distance"),
    # It is asserted for some parameters only.
    ({"given": (a > 0, a > 10)}, "not given in the problem"),
)


def test_both_bounds_are_shown_never_to_bind() -> None:
    upper = replace(EMPTY, active=(2 * a - x,), conditions=(-a >= 0,))
    for step in (EMPTY, upper):
        check_step(step, None, (), BOUNDED)


@pytest.mark.parametrize(("changed", "reason"), FORGED)
def test_an_empty_case_names_the_conditions_of_its_bound(changed: dict[str, Any], reason: str) -> None:
    """At the upper bound the marginal payoff is ``-a`` as well, but it would have to be positive there, not negative."""
    problem = (replace(BOUNDED[0], objective=a * x, core=a), replace(BOUNDED[1], core=a)) if changed.get("active") else BOUNDED
    with pytest.raises(Rejected, match=reason):
        check_step(replace(EMPTY, **changed), None, (), problem)


def test_an_empty_case_has_a_problem() -> None:
    with pytest.raises(Rejected, match="no premise states the problem"):
        check_step(EMPTY, None, ())
    with pytest.raises(Rejected, match="builds on no marginal"):
        check_step(EMPTY, None, (), PROBLEM[1:])


# --- several choices -------------------------------------------------------------------------------------------------------


def argument() -> tuple[Step, ...]:
    """Two efforts of which the second costs more than it earns, by the conditions of all four sets of constraints."""
    relations = (x >= 0, y >= 0)
    problem = Problem(
        a * x - b * y - x**2 - y**2 - c * x * y, (x, y), tuple(restriction(f"r{i}", r) for i, r in enumerate(relations)),
        (a > 0, b > 0, c > 0, c < 1),
    )  # fmt: skip
    journal, minors = Journal("t"), concave(problem)
    assert minors is not None
    maximise_concave(problem, minors, journal)
    return journal.taken()


STEPS = argument()
CONCAVITY = next(step for step in STEPS if isinstance(step, steps.Concavity))
NOTHING = [step for step in STEPS if isinstance(step, steps.EmptyCase)]
SOLVED = [step for step in STEPS if isinstance(step, steps.Stationary)]


def test_sets_of_constraints_are_solved_and_refuted() -> None:
    assert NOTHING
    assert SOLVED
    for step in (*NOTHING, *SOLVED):
        check_step(step, None, (), (CONCAVITY,))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"conditions": (a < -1,), "certificate": refuted(a > 0, a < -1)}, "no condition of that case"),
        ({"values": ()}, "a multiplier is missing"),
        ({"trail": ()}, "do not determine every unknown"),
        ({"active": (x - 1,)}, "no constraint|missing"),
    ],
)
@pytest.mark.parametrize("place", range(len(NOTHING)))
def test_a_set_of_constraints_is_refuted_by_its_own_conditions(place: int, changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_step(replace(NOTHING[place], **changed), None, (), (CONCAVITY,))


def test_a_case_solves_the_problem_it_is_a_case_of() -> None:
    another = replace(CONCAVITY, objective=CONCAVITY.objective + x)
    with pytest.raises(Rejected, match="stationarity"):
        check_step(SOLVED[0], None, (), (another,))
    with pytest.raises(Rejected, match="may be negative"):
        check_step(replace(SOLVED[0], given=CONCAVITY.given), None, (), (CONCAVITY,))


# --- whole arguments -------------------------------------------------------------------------------------------------------


def effort() -> Model:
    """Effort that pays at first, and never so much that all of it is given."""
    player = Player("E", a * x - x**2 / 2, u)
    return game("a k", (a > 0, k > a), (Variable(x, "", (x >= 0, x <= k)),), (player,), Stage((Decision(("E",), (x,)),)))


def leaders() -> Model:
    """Two leaders before a follower: where it stays out, an output of nothing binds only where nothing else is left."""
    outputs = x, y, b
    price = a - c - x - y - b
    players = tuple(Player(name, price * q, worth) for name, q, worth in zip("ABC", outputs, symbols("u v w"), strict=True))
    first, second, last = (Decision((name,), (q,)) for name, q in zip("ABC", outputs, strict=True))
    return game(
        "a c",
        (a > c, c >= 0),
        tuple(Variable(q, "", (q >= 0,)) for q in outputs),
        players,
        Stage((first, second)),
        Stage((last,)),
    )


def emptied(solution: Solution) -> list[steps.EmptyCase]:
    return [step for one in solution.argument for step in one.proof if isinstance(step, steps.EmptyCase)]


@pytest.mark.parametrize("make", [effort, chain, entry, leaders])
def test_every_bound_of_a_true_argument_is_accounted_for(make: Any) -> None:
    model, solution = derived(make)
    bounds, faults = unaccounted(model, solution)
    assert bounds > 0
    assert not faults
    assert check_solution(model, solution, 0).accepted


@pytest.mark.parametrize("place", [0, 1])
def test_a_bound_of_which_nothing_is_said_is_missed(place: int) -> None:
    model, solution = derived(effort)
    assert len(emptied(solution)) == 2
    gone = emptied(solution)[place]
    failures = check_solution(model, with_steps(solution, lambda step: None if step is gone else step), 0).failures
    assert any("nothing says why" in failure for failure in failures)


@pytest.mark.parametrize("place", [0, 1])
def test_a_bound_refuted_by_something_else_is_refused(place: int) -> None:
    model, solution = derived(effort)
    true = emptied(solution)[place]
    forged = replace(true, conditions=(a < -1,), certificate=refuted(a > 0, a < -1))
    _, faults = replay(model, with_steps(solution, lambda step: forged if step is true else step))
    assert any("no condition of that case" in fault for fault in faults)


def test_a_peak_of_another_payoff_is_refused() -> None:
    """A single peak of a function that is not the marginal payoff shows nothing of the payoff."""
    model, solution = derived(effort)

    def moved(step: Step) -> Step:
        return replace(step, core=step.core - 1) if isinstance(step, steps.SinglePeak) else step

    failures = check_solution(model, with_steps(solution, moved), 0).failures
    assert any("has not the sign of the marginal payoff" in failure for failure in failures)
