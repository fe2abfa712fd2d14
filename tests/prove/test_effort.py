"""Effort is counted: no clock in the prover, and no answer that depends on the questions asked before."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sympy import And, Implies, Or
from sympy import symbols as plain
from sympy.logic.boolalg import Boolean

import derive.prove
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove import HoldsIff, Proved, Refuted, decide, prove, to_text, witness
from derive.prove.doubt import doubtful
from derive.prove.effort import allowance, remembered
from derive.prove.goals import elimination
from derive.prove.oracle import satisfiable
from derive.prove.verdicts import Verdict

a, b, c, x, y, z = symbols("a b c x y z")

QUESTIONS: list[tuple[Boolean, list[Boolean]]] = [
    (a * x**2 + b * x + c > 0, [a > 0, 4 * a * c > b**2]),
    (x / (y + z) + y / (x + z) + z / (x + y) >= 1, [x > 0, y > 0, z > 0]),
    ((x - y) * (x + y) > 0, [x > 0, y > 0]),
    (x**2 + y**2 + z**2 > x * y + y * z + z * x, [x > 0, y > 0, z > 0]),
    (x * y + 1 > x + y, [x > 1, y > 1]),
]


def _text(verdict: Verdict) -> str:
    if isinstance(verdict, Proved):
        return to_text(verdict.certificate)
    if isinstance(verdict, HoldsIff):
        return to_text(verdict.sufficient) + to_text(verdict.necessary) + str(verdict.witness)
    return str(verdict)


def _forget() -> None:
    """Empties every memory of the prover."""
    for path in sorted(Path(derive.prove.__file__).parent.glob("*.py")):
        module = __import__(f"derive.prove.{path.stem}", fromlist=["_"]) if path.stem != "__init__" else derive.prove
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def test_no_clock_in_the_prover() -> None:
    for path in sorted(Path(derive.prove.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"time", "timeit", "datetime", "signal"} & set(names), path.name
            assert not (isinstance(node, ast.Constant) and node.value in {"time_limit", "timeout"}), path.name


def test_answers_do_not_depend_on_earlier_questions() -> None:
    first = []
    for claim, given in QUESTIONS:
        _forget()
        first.append(_text(decide(claim, given)))
    _forget()
    backwards = [_text(decide(claim, given)) for claim, given in reversed(QUESTIONS)]
    assert backwards[::-1] == first


def test_a_smaller_budget_only_loses_answers() -> None:
    claim, given = QUESTIONS[0]
    _forget()
    assert prove(claim, given, work=0) is None
    again = prove(claim, given)
    assert again is not None
    check(again)
    assert prove(claim, given, work=0) is None, "a remembered answer is not free"


def test_what_is_remembered_costs_what_it_cost() -> None:
    memory: dict[object, tuple[str | None, int]] = {}
    spend = allowance(10, 0)

    def find() -> str:
        spend.charge(7)
        return "found"

    assert remembered(memory, "key", spend, find) == "found"
    assert remembered(memory, "key", spend, find) is None, "only 3 are left"
    assert remembered(memory, "key", allowance(7, 0), find) == "found"


def test_the_solvers_opinion_is_the_same_at_any_time() -> None:
    hard = [x * y * z > 1, x + y + z < 3, x > 0, y > 0, z > 0]
    before = satisfiable(hard)
    for k in range(5):
        satisfiable([x**2 + k * y > 1, y < x])
    _forget()
    assert satisfiable(hard) is before


@pytest.mark.parametrize(
    ("claim", "given"),
    [(x > 1, [x > 0]), (z > 0, [x > 0]), (1 / x > 0, [x >= 0]), (x ** (a - b) < 1, [x > 1, a > b + 1, b > 0])],
)
def test_false_claims_are_not_taken_to_the_engines(claim: Boolean, given: list[Boolean]) -> None:
    assert doubtful(claim, given)


def test_true_claims_are_not_doubted() -> None:
    for claim, given in ((x > 0, [x > 1]), (x**2 + z**2 >= 0, [y > 0]), (x ** (a - b) > 1, [x > 1, a > b, b > 0])):
        assert not doubtful(claim, given)


def test_equations_that_would_divide_by_zero_are_not_put_in_blindly() -> None:
    (t,) = plain(["t"], real=True)
    step = elimination((t > 0, x > 1), allowance(100, 0))
    assert step is None
    assert witness([1 / x > 0, x >= 0, x < 1]) is not None


CONDITIONS: list[tuple[Boolean, list[Boolean]]] = [
    (x**2 * (y - 1) >= 0, []),
    (x**2 * (y - 1) < 0, []),
    ((x - y) * (a - b) * (x + y) > 0, [x > 0, y > 0]),
    ((x**2 - a * y**2) * x / (1 + x) > 0, [x > 0, y > 0, a > 0]),
]


@pytest.mark.parametrize(("claim", "given"), CONDITIONS)
def test_conditions_are_proved_in_both_directions(claim: Boolean, given: list[Boolean]) -> None:
    verdict = decide(claim, given)
    assert isinstance(verdict, HoldsIff)
    check(verdict.sufficient)
    check(verdict.necessary)
    assert verdict.sufficient.claim == claim
    assert verdict.necessary.claim == verdict.condition


NESTED: list[tuple[Boolean, list[Boolean]]] = [
    (Or(And(x > 0, y > 0), And(x <= 0, y <= 0), x * y <= 0), []),
    (Implies(And(x > 1, y > 1), And(x * y > 1, x + y > 2)), []),
    (Or(And(x > 1, y > 1), x < 2, y < 2), []),
    (Or(And(1 / x > 0, y > 1), y <= 1), [x > 0]),
]


@pytest.mark.parametrize(("claim", "given"), NESTED)
def test_alternatives_of_conjunctions(claim: Boolean, given: list[Boolean]) -> None:
    verdict = decide(claim, given)
    assert isinstance(verdict, Proved)
    check(verdict.certificate)


def test_alternatives_that_leave_a_gap_are_refuted() -> None:
    assert isinstance(decide(Or(And(x > 1, y > 1), x < 1, y < 1), []), Refuted)
    assert prove(Or(And(1 / x > 0, y > 1), y <= 1), [x >= 0]) is None
