"""Leaders before followers who may leave or are held at a capacity: accepted by the checker, which plays the game again."""

from __future__ import annotations

import pytest

from derive.check.solution import check_solution
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from tests.engine import statements
from tests.engine.statements import decide, protocol

a, c1, c2, k, q0, q1, q2, u, v, w = symbols("a c1 c2 k q0 q1 q2 U V W")


def two_followers() -> Model:
    price = a - q0 - q1 - q2
    players = (Player("L", price * q0, u), Player("F1", (price - c1) * q1, v), Player("F2", (price - c2) * q2, w))
    stages = protocol("one", (decide("L", q0),), (decide("F1", q1), decide("F2", q2)))
    bounds = {q0: (q0 >= 0,), q1: (q1 >= 0,), q2: (q2 >= 0,)}
    return statements.model("two", (a, c1, c2), (a > 0, c1 > 0, c2 > c1, a > 2 * c1), bounds, players, stages)


def capacity() -> Model:
    players = (Player("F1", (a - q1 - q2) * q1, u), Player("F2", (a - q1 - q2 - c1) * q2, v))
    stages = protocol("one", (decide("F1", q1),), (decide("F2", q2),))
    bounds = {q1: (q1 >= 0, q1 <= k), q2: (q2 >= 0,)}
    return statements.model("capacity", (a, c1, k), (a > 0, c1 >= 0, a > c1, k > 0), bounds, players, stages)


@pytest.mark.parametrize(("statement", "regimes"), [(two_followers, 4), (capacity, 5)])
def test_regimes_are_disjoint_and_no_deviation_pays(statement, regimes):
    model = statement()
    solution = derive_protocol(model, model.protocols[0])
    assert len(solution.regimes) == regimes
    assert not check_solution(model, solution, 4).failures
