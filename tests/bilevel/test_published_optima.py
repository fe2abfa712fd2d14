"""Bilevel programs from the literature, in numbers: the published optimum; beyond reach a refusal, never another answer.

A program is a game without parameters: the leader moves first, the follower knows its choice; both minimise, so payoffs are negated.
"""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, exp, simplify

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Decision, Feasibility, Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.bilevel.programs import CURVED, LINEAR, QUADRATIC, TIED, Program, x, y
from tests.engine import statements
from tests.engine.statements import protocol

leads, follows = symbols("U V")


def stated(program: Program) -> Model:
    names = ("leader's", "follower's")
    first, second = program.choices
    outer = tuple(Feasibility(f"upper {k}", r) for k, r in enumerate(program.on_x))
    inner = tuple(Feasibility(f"lower {k}", r) for k, r in enumerate(program.on_y))
    return statements.model(
        "program",
        (),
        (),
        dict.fromkeys((*first, *second), ()),
        (Player(names[0], -program.upper, leads), Player(names[1], -program.lower, follows)),
        protocol("bilevel", (Decision((names[0],), first, outer),), (Decision((names[1],), second, inner),)),
    )


def solved(program: Program) -> Solution:
    statement = stated(program)
    return derive_protocol(statement, statement.protocols[0])


def check(program: Program, solution: Solution) -> None:
    assert not solution.gaps
    assert solution.regimes
    for regime in solution.regimes:
        found = regime.resolved()
        assert simplify(-found[leads] - program.best) == 0
        if program.at is not None:
            assert all(simplify(found[s] - value) == 0 for s, value in program.at.items())


@pytest.mark.parametrize("program", [*LINEAR, *QUADRATIC, *CURVED], ids=lambda program: program.source)
def test_the_published_optimum_is_found(program: Program) -> None:
    solution = solved(program)
    check(program, solution)
    assert not any("hinges on a tie" in warning for warning in solution.warnings)


@pytest.mark.parametrize("program", TIED, ids=lambda program: program.source)
def test_an_optimum_that_hinges_on_a_tie_says_so(program: Program) -> None:
    solution = solved(program)
    check(program, solution)
    assert any("hinges on a tie" in warning for warning in solution.warnings)
    assert not check_solution(stated(program), solution, 2).failures


# The follower has two local minima and jumps from one to the other at x = 0. Following the stationary point alone, the leader would
# go on past the jump; the optimum is at the jump, where the follower is indifferent.
TWO_WELLS = Program(
    "two wells",
    (x - Rational(1, 2)) ** 2 + (y + 1) ** 2,
    y**4 / 4 - y**2 / 2 - x * y,
    (x >= -1, x <= 1),
    (y >= -2, y <= 2),
    Rational(1, 4),
    {x: Integer(0), y: Integer(-1)},
)

# Mirrlees (1999): of the follower's three stationary points at x = 1 only the outer two are minima, and the optimum of the program
# with the first-order condition in place of the follower, x = 0.895, y = 0.99, is not admissible in the program itself.
MIRRLEES = Program(
    "Mirrlees (1999)",
    (x - 2) ** 2 + (y - 1) ** 2,
    -x * exp(-((y + 1) ** 2)) - exp(-((y - 1) ** 2)),
    (),
    (y >= -2, y <= 2),
    Integer(1),
)


def test_a_follower_with_two_local_optima_is_not_replaced_by_its_stationary_point() -> None:
    try:
        solution = solved(TWO_WELLS)
    except Refusal:
        return
    check(TWO_WELLS, solution)


def test_mirrlees_program_is_refused_as_its_optimum_has_no_closed_form() -> None:
    with pytest.raises(Refusal, match="not proved to change sign only once"):
        solved(MIRRLEES)
