"""Caps and capacities of those who answer: where they bind, what is played side by side, and where nothing stops the leader."""

from __future__ import annotations

import pytest
import sympy
from sympy import Rational

from derive.check.solution import check_solution
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Without
from tests.engine import statements
from tests.engine.statements import decide, protocol

a, b, c, K, w, p, U, V = symbols("a b c K w p U V")


def test_two_leaders_before_a_follower_with_little_capacity() -> None:
    """Filling the follower's capacity and leaving it idle are both equilibria in between: a deviation pays in neither.

    Leaving it idle is one while the best deviation to less, (2/3 - K)**2/4, pays no more than 1/18; filling it is one while the best
    deviation to more, (2 + K)**2/72, pays no more than (1 - K)**2/9.
    """
    q1, q2, q3, W = symbols("q_1 q_2 q_3 W")
    price = 1 - q1 - q2 - q3
    statement = statements.model(
        "leaders",
        (K,),
        (K > 0,),
        {q1: (q1 >= 0,), q2: (q2 >= 0,), q3: (q3 >= 0, q3 <= K)},
        (Player("A", price * q1, U), Player("B", price * q2, V), Player("C", price * q3, W)),
        protocol("lead", (decide("A", q1), decide("B", q2)), (decide("C", q3),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.gaps
    assert not check_solution(statement, solution, 4).failures
    for k in (Rational(n, 200) for n in range(1, 80)):
        here = [r for r in solution.regimes if all(relation.xreplace({K: k}) == sympy.true for relation in r.region)]
        found = {r.resolved()[q1].xreplace({K: k}) for r in here}
        idle = {Rational(1, 3)} if k >= Rational(1, 6) and (Rational(2, 3) - k) ** 2 / 4 <= Rational(1, 18) else set()
        full = {(1 - k) / 3} if k <= Rational(1, 4) and (2 + k) ** 2 / 72 <= (1 - k) ** 2 / 9 else set()
        assert found == idle | full, k


@pytest.mark.parametrize(("cap", "bounded"), [(Rational(3), True), (Rational(5, 4), False)])
def test_a_price_cap_below_the_choke_price_leaves_the_wholesale_price_without_bound(cap: Rational, bounded: bool) -> None:
    """A retailer who may not ask more than the cap and must serve the demand there pays any wholesale price."""
    top = symbols("cap")[0]
    statement = statements.model(
        "cap",
        (a, b, c, top),
        (a > 0, b > 0, c >= 0, a > b * c, top > c),
        {w: (w >= 0,), p: (p >= 0, p <= top)},
        (Player("M", (w - c) * (a - b * p), U), Player("R", (p - w) * (a - b * p), V)),
        protocol("chain", (decide("M", w),), (decide("R", p),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    at = {a: Rational(2), b: Rational(1), c: Rational(1), top: cap}
    (gap,), (regime,) = solution.gaps, solution.regimes
    assert gap.kind is Without.UNBOUNDED
    assert all(relation.xreplace(at) == sympy.true for relation in gap.region) is not bounded
    assert all(relation.xreplace(at) == sympy.true for relation in regime.region) is bounded
    assert (regime.resolved()[w] - (a / b + c) / 2).expand() == 0
