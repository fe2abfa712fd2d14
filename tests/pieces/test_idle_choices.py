"""Choices that make no difference where they are made, in stages before which somebody else still decides."""

from __future__ import annotations

from sympy import Expr, Max, Min, Rational, Symbol

from derive.check.solution import check_solution
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime
from tests.engine import statements
from tests.engine.statements import decide, protocol

a, b, c, h, k, r = symbols("a b c h k r")
p, w, q1, q2, I, w1, w2, K = symbols("p w q1 q2 I w1 w2 K")
U, V = symbols("U V")


def solved(statement: Model, points: int = 4, **at: Expr) -> dict[Symbol, Expr]:
    """The values in the one regime that holds at a point, once the whole solution is accepted."""
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.gaps
    assert not check_solution(statement, solution, points).failures
    where = {symbols(name)[0]: value for name, value in at.items()}
    (regime,) = [regime for regime in solution.regimes if holds(regime, where)]
    return regime.resolved()


def holds(regime: Regime, where: dict[Symbol, Expr]) -> bool:
    return all(relation.subs(where) == True for relation in regime.region)  # noqa: E712


def same(found: Expr, expected: Expr) -> bool:
    return bool((found - expected).together().expand().equals(0))


def test_demand_that_stops_at_zero_changes_nothing_in_a_chain() -> None:
    """At a wholesale price that leaves no margin every price without sales is as good as any other; the maker gets nothing then."""
    sales = Max(0, a - b * p)
    values = solved(
        statements.model(
            "chain",
            (a, b, c),
            (a > 0, b > 0, c >= 0, a > b * c),
            {w: (w >= 0,), p: (p >= 0,)},
            (Player("M", (w - c) * sales, V), Player("R", (p - w) * sales, U)),
            protocol("chain", (decide("M", w),), (decide("R", p),)),
        )
    )
    assert same(values[w], (a / b + c) / 2)
    assert same(values[p], (3 * a / b + c) / 4)


def test_strategic_inventory_of_anand_anupindi_and_bassok() -> None:
    """With a large inventory nothing is bought in the second period, whatever the price; inventory is held for h < a/4."""
    statement = statements.model(
        "inventory",
        (a, b, h),
        (a > 0, b > 0, h >= 0),
        {w1: (w1 >= 0,), q1: (q1 >= 0,), I: (I >= 0,), w2: (w2 >= 0,), q2: (q2 >= 0,)},
        (
            Player("S", w1 * (q1 + I) + w2 * q2, U),
            Player("B", (a - b * q1) * q1 - w1 * (q1 + I) - h * I + (a - b * (q2 + I)) * (q2 + I) - w2 * q2, V),
        ),
        protocol("dynamic", (decide("S", w1),), (decide("B", q1, I),), (decide("S", w2),), (decide("B", q2),)),
    )
    values = solved(statement, a=Rational(8), b=Rational(1), h=Rational(1))
    assert same(values[w1], (9 * a - 2 * h) / 17)
    assert same(values[q1], (4 * a + h) / (17 * b))
    assert same(values[I], 5 * (a - 4 * h) / (34 * b))
    assert same(values[w2], 2 * (3 * a + 5 * h) / 17)
    solution = derive_protocol(statement, statement.protocols[0])
    assert {tuple(map(str, regime.region)) for regime in solution.regimes} == {("4*h >= a",), ("a > 4*h",)}


def test_without_capacity_every_price_is_as_good_as_any_other() -> None:
    values = solved(
        statements.model(
            "capacity",
            (a, b, c, k),
            (a > 0, b > 0, c >= 0, k > 0, a > b * (c + k)),
            {K: (K >= 0,), p: (p >= 0,)},
            (Player("F", (p - c) * Min(K, a - b * p) - k * K, U),),
            protocol("capacity", (decide("F", K),), (decide("F", p),)),
        )
    )
    assert same(values[K], (a - b * (c + k)) / 2)


def test_capacity_before_quantities_as_in_dixit() -> None:
    """A capacity beyond what the entrant's presence leaves is idle: only where nobody enters is the monopoly quantity produced."""
    statement = statements.model(
        "capacity",
        (a, c, r),
        (a > c + r, c >= 0, r > 0),
        {K: (K >= 0,), q1: (q1 >= 0,), q2: (q2 >= 0,)},
        (Player("I", (a - q1 - q2 - c) * q1 - r * Max(q1, K), U), Player("E", (a - q1 - q2 - c - r) * q2, V)),
        protocol("entry", (decide("I", K),), (decide("I", q1), decide("E", q2))),
    )
    few = solved(statement, a=Rational(4), c=Rational(1), r=Rational(1))
    assert same(few[K], (a - c - r) / 2)
    many = solved(statement, a=Rational(9), c=Rational(1), r=Rational(1))
    assert same(many[K], (a - c + r) / 3)
    assert same(many[q2], (a - c - 2 * r) / 3)


def test_margins_before_margins_with_demand_that_stops_at_zero() -> None:
    """Three tiers: each later one has nothing to gain at high prices, whatever it asks."""
    sales = Max(0, a - p)
    values = solved(
        statements.model(
            "tiers",
            (a, c),
            (a > c, c >= 0),
            {w1: (w1 >= 0,), w2: (w2 >= 0,), p: (p >= 0,)},
            (
                Player("S", (w1 - c) * sales, U),
                Player("M", (w2 - w1) * sales, V),
                Player("R", (p - w2) * sales, symbols("W")[0]),
            ),
            protocol("tiers", (decide("S", w1),), (decide("M", w2),), (decide("R", p),)),
        ),
        points=1,
    )
    assert same(values[p], (7 * a + c) / 8)
