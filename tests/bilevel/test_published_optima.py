"""Bilevel programs from the literature, in numbers: the published optimum; beyond reach a refusal, never another answer.

A program is a game without parameters: the leader moves first, the follower knows its choice; both minimise, so payoffs are negated.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sympy import Expr, Integer, Rational
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.induction import derive_protocol
from derive.ir import Decision, Feasibility, Player, symbols
from derive.solution import Solution
from tests.engine import statements
from tests.engine.statements import protocol

x, y, leads, follows = symbols("x y U V")


@dataclass(frozen=True)
class Program:
    """``min upper`` over x, where y minimises ``lower``; `at` is the published optimum."""

    source: str
    upper: Expr
    lower: Expr
    on_x: tuple[Boolean, ...]
    on_y: tuple[Boolean, ...]
    at: tuple[Expr, Expr]
    coupled: tuple[Boolean, ...] = ()


PROGRAMS = [
    Program(
        "Bard (1988)",
        (x - 5) ** 2 + (2 * y + 1) ** 2,
        (y - 1) ** 2 - Rational(3, 2) * x * y,
        (x >= 0,),
        (y >= 0, 3 * x - y >= 3, 2 * x - y <= 8, x + y <= 7),
        (Integer(1), Integer(0)),
    ),
    Program(
        "Clark and Westerberg (1990)",
        (x - 3) ** 2 + (y - 2) ** 2,
        (y - 5) ** 2,
        (x >= 0, x <= 8),
        (y >= 0, -2 * x + y <= 1, x - 2 * y <= -2, x + 2 * y <= 14),
        (Integer(1), Integer(3)),
    ),
    Program(
        "Shimizu and Aiyoshi (1981)",
        x**2 + (y - 10) ** 2,
        (x + 2 * y - 30) ** 2,
        (x >= 0, x <= 15),
        (y >= 0, y <= 20, x + y <= 20),
        (Integer(10), Integer(10)),
        coupled=(y <= x,),
    ),
    Program(
        "Liu and Hart (1994)",
        -x - 3 * y,
        y,
        (x >= 0,),
        (y >= 0, -x + y <= 3, x + 2 * y <= 12, 4 * x - y <= 12),
        (Integer(4), Integer(4)),
    ),
    Program(
        "Dempe and Dutta (2012)",
        (x - 1) ** 2 + (y - 1) ** 2,
        -y,
        (),
        (x + y <= 1, y - x <= 1),
        (Rational(1, 2),) * 2,
    ),
    Program(
        "an unconstrained follower",
        (x - 1) ** 2 + y**2,
        (y - x) ** 2,
        (x >= -2, x <= 2),
        (y >= -5, y <= 5),
        (Rational(1, 2),) * 2,
    ),
    Program(
        "a follower at its bound", x**2 + (y - 4) ** 2, (y - x) ** 2, (x >= 0, x <= 5), (y >= 0, y <= 3), (Integer(2),) * 2
    ),
]


# The follower has two local minima and jumps from one to the other at x = 0. Following the stationary point alone, the leader would
# go on past the jump; the optimum is at the jump, where the follower is indifferent.
TWO_WELLS = Program(
    "two wells",
    (x - Rational(1, 2)) ** 2 + (y + 1) ** 2,
    y**4 / 4 - y**2 / 2 - x * y,
    (x >= -1, x <= 1),
    (y >= -2, y <= 2),
    (Integer(0), Integer(-1)),
)


def solved(program: Program) -> Solution:
    names = ("leader's", "follower's")
    coupled = tuple(Feasibility(f"coupling {k}", r) for k, r in enumerate(program.coupled))
    inner = tuple(Feasibility(f"bound {k}", r) for k, r in enumerate(program.on_y))
    statement = statements.model(
        "program",
        (),
        (),
        {x: program.on_x, y: ()},
        (Player(names[0], -program.upper, leads), Player(names[1], -program.lower, follows)),
        protocol("bilevel", (Decision((names[0],), (x,), coupled),), (Decision((names[1],), (y,), inner),)),
    )
    return derive_protocol(statement, statement.protocols[0])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.source)
def test_the_published_optimum_is_found(program: Program) -> None:
    solution = solved(program)
    assert not solution.gaps
    assert {(r.resolved()[x], r.resolved()[y]) for r in solution.regimes} == {program.at}


def test_a_follower_with_two_local_optima_is_not_replaced_by_its_stationary_point() -> None:
    try:
        found = {(r.resolved()[x], r.resolved()[y]) for r in solved(TWO_WELLS).regimes}
    except Refusal:
        found = set()
    assert found <= {TWO_WELLS.at}
