"""Games of textbooks on industrial organisation and on contests, against their published solutions."""

from __future__ import annotations

import pytest
from sympy import Expr, Min, Rational, Symbol, sqrt

from derive.check.solution import check_solution
from derive.field import normal
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine.statements import decide, model, protocol

a, c, d, k, m, t, u, v, w, x, y = symbols("a c d k m t u v w x y")
p, p1, p2, q1, q2, s1, s2 = symbols("p p1 p2 q1 q2 s1 s2")
U, V, W = symbols("U V W")


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    assert not check_solution(statement, solution, 4).failures
    return solution


def at(solution: Solution, point: dict[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The values in the one regime that holds at a point."""
    (regime,) = [one for one in solution.regimes if all(relation.xreplace(point) == True for relation in one.region)]  # noqa: E712
    return regime.resolved()


def positive(*choices: Symbol) -> dict[Symbol, tuple]:
    return {one: (one >= 0,) for one in choices}


def same(found: Expr, expected: Expr) -> bool:
    return normal(found - expected) == 0


price = a - q1 - q2
hotelling = (p2 - p1) / (2 * t * (1 - x - y)) + (1 - y + x) / 2
GAMES: dict[str, tuple[Model, dict[Symbol, Expr]]] = {
    # Tirole 1988, 2.1 and 7.5: qualities given, the market not covered.
    "vertical": (
        model("vertical", (s1, s2), (s1 > 0, s2 > s1), positive(p1, p2),
              (Player("L", p1 * ((p2 - p1) / (s2 - s1) - p1 / s1), U), Player("H", p2 * (1 - (p2 - p1) / (s2 - s1)), V)),
              protocol("P", (decide("L", p1), decide("H", p2)))),
        {p1: s1 * (s2 - s1) / (4 * s2 - s1), p2: 2 * s2 * (s2 - s1) / (4 * s2 - s1)},
    ),
    # Gibbons 1992, 2.2.C: a tariff against the rival of the home firm.
    "tariff": (
        model("tariff", (a, c), (a > c, c >= 0), positive(t, q1, q2),
              (Player("G", (q1 + q2) ** 2 / 2 + (price - c) * q1 + t * q2, W), Player("H", (price - c) * q1, U),
               Player("F", (price - c - t) * q2, V)),
              protocol("P", (decide("G", t),), (decide("H", q1), decide("F", q2)))),
        {t: (a - c) / 3, q1: 4 * (a - c) / 9, q2: (a - c) / 9},
    ),
    # d'Aspremont, Gabszewicz and Thisse 1979: with quadratic costs of transport firms move apart.
    "apart": (
        model("apart", (t,), (t > 0,), {x: (x >= 0, x <= Rational(1, 4)), y: (y >= 0, y <= Rational(1, 4)), **positive(p1, p2)},
              (Player("A", p1 * hotelling, U), Player("B", p2 * (1 - hotelling), V)),
              protocol("P", (decide("A", x), decide("B", y)), (decide("A", p1), decide("B", p2)))),
        {x: Rational(0), y: Rational(0), p1: t, p2: t},
    ),
    # Vives 1999: the leader in prices.
    "price leader": (
        model("leader", (a, d), (a > 0, d > 0, d < 1), positive(p1, p2),
              (Player("A", p1 * (a - p1 + d * p2), U), Player("B", p2 * (a - p2 + d * p1), V)),
              protocol("P", (decide("A", p1),), (decide("B", p2),))),
        {p1: a * (2 + d) / (2 * (2 - d**2))},
    ),
    # De Fraja and Delbono 1989: a public firm that maximises welfare beside a private one.
    "mixed duopoly": (
        model("mixed", (a, k), (a > 0, k > 0), positive(q1, q2),
              (Player("P", a * (q1 + q2) - (q1 + q2) ** 2 / 2 - k * (q1**2 + q2**2) / 2, W),
               Player("F", price * q2 - k * q2**2 / 2, V)),
              protocol("P", (decide("P", q1), decide("F", q2)))),
        {q1: a * (1 + k) / (k**2 + 3 * k + 1), q2: a * k / (k**2 + 3 * k + 1)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(GAMES))
def test_published_closed_forms(key: str) -> None:
    statement, expected = GAMES[key]
    solution = solved(statement)
    assert not solution.gaps
    (regime,) = solution.regimes
    assert all(same(regime.resolved()[symbol], value) for symbol, value in expected.items())


def test_a_leader_in_a_contest_deters_a_rival_who_values_the_prize_half_as_much() -> None:
    """Leininger 1993, Konrad 2009: effort v**2/(4u) against a reply, and u where the rival stays out."""
    effort = {x: (x > 0,), y: (y >= 0,)}
    statement = model(
        "contest", (v, u), (v > 0, u > 0), effort,
        (Player("A", v * x / (x + y) - x, U), Player("B", u * y / (x + y) - y, V)),
        protocol("P", (decide("A", x),), (decide("B", y),)),
    )  # fmt: skip
    solution = solved(statement)
    inside, out = at(solution, {u: Rational(3), v: Rational(4)}), at(solution, {u: Rational(1), v: Rational(3)})
    assert same(inside[x], v**2 / (4 * u))
    assert same(inside[y], v / 2 - v**2 / (4 * u))
    assert (out[x], out[y]) == (u, 0)


def test_a_contestant_who_cannot_spend_what_the_prize_is_worth_spends_all() -> None:
    statement = model(
        "budget", (v, m), (v > 0, m > 0), {x: (x > 0, x <= m), y: (y > 0,)},
        (Player("A", v * x / (x + y) - x, U), Player("B", v * y / (x + y) - y, V)),
        protocol("P", (decide("A", x), decide("B", y))),
    )  # fmt: skip
    solution = solved(statement)
    rich, poor = at(solution, {v: Rational(4), m: Rational(3)}), at(solution, {v: Rational(16), m: Rational(1)})
    assert same(rich[x], v / 4)
    assert same(rich[y], v / 4)
    assert poor[x] == m
    assert (poor[y] - (sqrt(m * v) - m)).equals(0)


def test_a_seller_at_the_end_of_the_street_covers_it_where_the_good_is_worth_twice_the_way() -> None:
    sales = Min(1, (v - p) / t)
    statement = model(
        "street", (v, t), (v > 0, t > 0), {p: (p >= 0, p <= v)}, (Player("F", p * sales, U),), protocol("P", (decide("F", p),))
    )
    solution = solved(statement)
    assert at(solution, {v: Rational(3), t: Rational(1)})[p] == v - t
    assert at(solution, {v: Rational(1), t: Rational(1)})[p] == v / 2


def test_an_access_price_that_keeps_the_rival_out_may_as_well_be_higher() -> None:
    """The incumbent is best off alone, at the lowest access price that achieves it as at any higher one."""
    statement = model(
        "access", (a, c), (a > c, c >= 0), positive(w, q1, q2),
        (Player("I", (price - c) * q1 + w * q2, U), Player("E", (price - c - w) * q2, V)),
        protocol("P", (decide("I", w),), (decide("I", q1), decide("E", q2))),
    )  # fmt: skip
    solution = solved(statement)
    (regime,) = solution.regimes
    assert same(regime.resolved()[w], (a - c) / 2)
    assert regime.resolved()[q2] == 0
    assert not any("seam" in name for name in regime.active)
    assert any(warning.startswith("beyond w") for warning in solution.warnings)


def test_capacities_before_quantities_are_those_of_a_market_with_the_cost_of_capacity() -> None:
    """Capacities at a cost k, then quantities within them: the outcome of Cournot competition at that cost, (a - k)/3 each."""
    a, k, x, y, q, r, u, v = symbols("a k K_1 K_2 q_1 q_2 Pi_1 Pi_2")
    price = a - q - r
    statement = model(
        "capacities", (a, k), (k > 0, a > k), {x: (x >= 0,), y: (y >= 0,), q: (q >= 0, q <= x), r: (r >= 0, r <= y)},
        (Player("1", price * q - k * x, u), Player("2", price * r - k * y, v)),
        protocol("P", (decide("1", x), decide("2", y)), (decide("1", q), decide("2", r))),
    )  # fmt: skip
    (regime,) = solved(statement).regimes
    values = dict(regime.values)
    assert all(normal(values[chosen] - (a - k) / 3) == 0 for chosen in (x, y, q, r))
