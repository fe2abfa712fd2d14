"""A root of a square has no sign of its own: normal forms keep it, and what is known of the sign resolves it."""

from __future__ import annotations

import pytest
import sympy
from sympy import sqrt

from derive.algebra.shape import shaped, without_moduli
from derive.check.solution import check_solution
from derive.field import is_zero, normal
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, c, h, x, y, Pi = symbols("a c h x y Pi")


@pytest.mark.parametrize(
    "square", [(a - 2 * c) ** 2, a**2 - 4 * a * c + 4 * c**2, h * (a - 2 * sqrt(c) * sqrt(h)) ** 2, c**2 * (a - c) ** 2]
)
def test_a_normal_form_keeps_the_value_of_a_root(square: sympy.Expr) -> None:
    form = normal(sqrt(square))
    for value in (1, 9):
        at = {a: value, c: 2, h: 3}
        assert sympy.N(form.subs(at) - sqrt(square).subs(at)) == pytest.approx(0, abs=1e-12)
    assert is_zero(sqrt(square) ** 2 - square)


def test_a_known_sign_takes_the_square_out() -> None:
    assert without_moduli(sqrt(h * (a - 2 * c) ** 2), (a < 2 * c, h > 0)) == (2 * c - a) * sqrt(h)
    assert shaped(sqrt((a - 2 * c) ** 2), (a > 2 * c,)) == a - 2 * c
    assert without_moduli(sqrt((a - 2 * c) ** 2), ()) == sqrt((a - 2 * c) ** 2)


def test_capacity_and_demand_of_a_queue() -> None:
    """x customers an hour are worth a sqrt(x), a wait costs h, a unit of capacity y costs c: y - x is a multiple of sqrt(x)."""
    earned = a * sqrt(x) - h * x / (y - x) - c * y
    given = (h > 0, c > 0, a > 2 * sqrt(c * h))
    statement = model(
        "queue", (a, c, h), given, {x: (x > 0,), y: (y > x,)}, (Player("F", earned, Pi),), protocol("P", (decide("F", x, y),))
    )
    solution = derive_protocol(statement, statement.protocol("P"))
    assert check_solution(statement, solution, 5).accepted
    (regime,) = solution.regimes
    gap = a - 2 * sqrt(c) * sqrt(h)
    found = regime.resolved()
    at = {a: 9, c: 2, h: 3}
    assert sympy.N((found[x] - gap**2 / (4 * c**2)).subs(at)) == pytest.approx(0, abs=1e-12)
    assert sympy.N((found[y] - a * gap / (4 * c**2)).subs(at)) == pytest.approx(0, abs=1e-12)
