"""Regimes that are nothing but a common border of others, and what many regimes leave out."""

from __future__ import annotations

from sympy import Expr, Integer
from sympy.logic.boolalg import Boolean

from derive.decision.regions import told_outside
from derive.ir import symbols
from derive.play.edges import without_edges
from derive.play.setting import Continuation

a, b, x = symbols("a b x")


def case(value: Expr, *region: Boolean) -> Continuation:
    return Continuation(region, ((x, value),), ())


def test_a_border_of_two_that_agree_there_is_left_to_one_that_is_closed() -> None:
    low, high = case(a, a < 1, b >= 1), case(2 - a, a > 1, b >= 1)
    beyond, corner = case(Integer(1), b < 1), case(2 * a - 1, a >= 1, b >= a, b <= 1)
    rest = case(Integer(1), a >= 1, a <= 1, b > 1)
    kept = without_edges((low, high, beyond, corner, rest), (a > 0, b > 0))
    assert corner not in kept
    assert rest not in kept
    assert any(one.values == low.values and (a <= 1) in one.region for one in kept)


def test_a_border_on_which_neighbours_choose_otherwise_stays() -> None:
    low, high = case(a, a < 1), case(a + 1, a > 1)
    edge = case(Integer(5), a >= 1, a <= 1)
    assert set(without_edges((low, high, edge), (a > 0,))) == {low, high, edge}


def test_what_many_regimes_leave_out_is_told_by_one_relation() -> None:
    regions = [(a >= b, b > n, b <= n + 1) for n in range(40)] + [(a >= b, b > 40), (a >= b, b <= 0)]
    told, everything = told_outside(regions, (a > 0,), lambda region: region if region == (a < b,) else None)
    assert told == [(a < b,)]
    assert everything
