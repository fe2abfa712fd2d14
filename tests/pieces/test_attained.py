"""Suprema at points at which whoever moves next is indifferent or jumps: attained or not, and never said to be so without a reason.

Expected values are by hand: on the follower's indifference the leader's payoff is maximised over all that is best for the follower.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sympy import Expr, Integer, Min, Piecewise, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.check.unattained import suprema_faults
from derive.ir import Feasibility, Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Gap, Solution, Without
from tests.engine import statements
from tests.engine.statements import decide, protocol

b, c, k, d, e, s, t, x, y, z, g, v = symbols("b c k d e s t x y z g v")
u, w, a, q, p, r = symbols("u w a q p r")
U, V = symbols("U V")
HALF = Rational(1, 2)
Bounds = dict[Symbol, tuple[Boolean, ...]]


def game(
    leader: Expr,
    follower: Expr,
    bounds: Bounds,
    assumptions: tuple[Boolean, ...],
    first: int = 1,
    rule: tuple[Boolean, ...] = (),
) -> Model:
    """A leader with the `first` of the choices and a follower with the others; `rule` is the follower's when indifferent."""
    parameters = sorted({s for r in assumptions for s in r.free_symbols}, key=str)
    chosen = tuple(bounds)
    return statements.model(
        "ties", tuple(parameters), assumptions, bounds, (Player("L", leader, U), Player("F", follower, V)),
        protocol("play", (decide("L", *chosen[:first]),), (replace(decide("F", *chosen[first:]), indifferent=rule),)),
    )  # fmt: skip


def derived(statement: Model, points: int = 4) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, points)
    assert report.accepted, report.failures
    return solution


def at(solution: Solution, *chosen: Symbol, **values: int | Rational) -> tuple[Expr, ...]:
    """The choices of the one regime at a point."""
    point = {symbols(name)[0]: Integer(value) if isinstance(value, int) else value for name, value in values.items()}
    (regime,) = [one for one in solution.regimes if all(relation.xreplace(point) == True for relation in one.region)]  # noqa: E712
    return tuple(regime.resolved()[symbol].xreplace(point) for symbol in chosen)


UNIT = (y >= 0, y <= 1)


def test_a_subsidy_makes_the_firm_indifferent_and_the_regulator_chooses_how_much() -> None:
    """At s = c the firm is willing to make anything up to k, of which the regulator likes b - c best."""
    bounds = {s: (s >= 0,), x: (x >= 0, x <= k)}
    solution = derived(game(b * x - x**2 / 2 - s * x, (s - c) * x, bounds, (b > 0, c > 0, k > 0)))
    assert not solution.gaps
    assert at(solution, s, x, b=5, c=1, k=2) == (1, 2)
    assert at(solution, s, x, b=2, c=1, k=2) == (1, 1)
    assert at(solution, x, b=1, c=2, k=2) == (0,)


def test_a_price_and_a_quality_before_a_buyer_who_is_indifferent() -> None:
    """All of the value is taken: p = v s, and v s - k s^2/2 is largest at s = v/k."""
    bounds = {p: (p >= 0,), s: (s >= 0,), y: UNIT}
    solution = derived(game((p - k * s**2 / 2) * y, (v * s - p) * y, bounds, (v > 0, k > 0), first=2))
    assert not solution.gaps
    assert at(solution, p, s, y, v=3, k=2) == (Rational(9, 2), Rational(3, 2), 1)


def test_which_of_two_replies_the_leader_prefers_depends_on_the_parameters() -> None:
    """The defender makes the attacker indifferent between two targets, and is attacked where it costs less."""
    stakes = (1 - x) * u * y + x * v * (1 - y)
    statement = game(-(1 - x) * d * y - x * (1 - y), stakes, {x: (x >= 0, x <= 1), y: UNIT}, (u > v, v > 0, d > 0))
    solution = derived(statement)
    assert not solution.gaps
    assert at(solution, x, y, u=3, v=1, d=5) == (Rational(3, 4), 0)
    assert at(solution, x, y, u=3, v=1, d=2) == (Rational(3, 4), 1)


def test_a_royalty_up_to_what_the_licence_saves() -> None:
    """Kamien and Tauman (1986), one licensee: the royalty is the saving e unless the innovation is drastic."""
    bounds = {r: (r >= 0,), y: UNIT, q: (q >= 0,)}
    solution = derived(game(r * y * q, (a - q - c + e * y - r * y) * q, bounds, (a > c, c > e, e > 0)))
    assert not solution.gaps
    assert at(solution, r, y, q, a=10, c=4, e=2) == (2, 1, 3)
    assert at(solution, r, y, q, a=5, c=4, e=3) == (2, 1, 1)


def test_two_rewards_of_which_one_is_taken() -> None:
    """A follower with one unit to divide: indifferent at x = 1 + c, where the leader's gain is largest."""
    fits = Feasibility("fits", y + z <= 1)
    statement = statements.model(
        "divide", (c,), (c > 0, c < 1), {x: (x >= 0, x <= 3), y: UNIT, z: (z >= 0, z <= 1)},
        (Player("L", x * y + c * z, U), Player("F", (2 - x) * y + (1 - c) * z, V)),
        protocol("play", (decide("L", x),), (decide("F", y, z, subject_to=(fits,)),)),
    )  # fmt: skip
    solution = derived(statement)
    assert not solution.gaps
    assert at(solution, x, y, z, c=HALF) == (Rational(3, 2), 1, 0)


def test_a_follower_with_two_bounds_on_its_gain() -> None:
    """The smaller of two gains has a kink and no jump: at p = b the buyer is indifferent and buys."""
    statement = game((p - c) * y, Min(v - p, b - p) * y, {p: (p >= 0,), y: UNIT}, (v > b, b > c, c >= 0))
    solution = derived(statement)
    assert not solution.gaps
    assert at(solution, p, y, v=5, b=4, c=1) == (4, 1)


def test_where_the_followers_payoff_jumps_the_supremum_is_not_attained() -> None:
    """The follower is not indifferent at x = 1: from there on it loses by y = 1, its only best reply before."""
    follower = Piecewise((b * y, x < 1), (-b * y, True))
    solution = derived(game(x * y, follower, {x: (x >= 0, x <= 3), y: UNIT}, (b > 0,)))
    assert not solution.regimes
    (gap,) = solution.gaps
    assert gap.kind is Without.NOT_ATTAINED
    assert dict(gap.approached) == {x: 1, y: 1}


def groups(resale: bool) -> Model:
    """A seller's price before two groups of buyers, who value what they buy differently; with a supplier before the seller."""
    values = {w: (w >= 0,)} if resale else {}
    players = (Player("A", (v - p) * y, symbols("P_A")[0]), Player("B", (b - p) * z, symbols("P_B")[0]))
    stages = ((decide("R", p),), (decide("A", y), decide("B", z)))
    return statements.model(
        "groups", (v, b), (v > b, b > 0), {**values, p: (p >= 0,), y: UNIT, z: (z >= 0, z <= 1)},
        (*((Player("M", w * (y + z), U),) if resale else ()), Player("R", (p - (w if resale else 0)) * (y + z), V), *players),
        protocol("play", *(((decide("M", w),),) if resale else ()), *stages),
    )  # fmt: skip


def test_two_groups_of_buyers_of_which_one_is_indifferent_at_either_price() -> None:
    solution = derived(groups(resale=False))
    assert not solution.gaps
    assert at(solution, p, y, z, v=3, b=2) == (2, 1, 1)
    assert at(solution, p, y, z, v=5, b=2) == (5, 1, 0)


def test_a_supplier_before_a_seller_to_two_groups() -> None:
    """The seller serves both groups up to w = 2 b - v, where it is indifferent itself; the supplier compares 2 w there with v."""
    solution = derived(groups(resale=True), 1)
    assert not solution.gaps
    assert at(solution, w, p, y, z, v=5, b=4) == (3, 4, 1, 1)
    assert at(solution, w, p, y, z, v=5, b=3) == (5, 5, 1, 0)


def test_two_followers_who_jump_at_different_points() -> None:
    """Each takes all or nothing; at x = 1/a, and at x = 1, one of them is indifferent and does what the leader prefers."""
    m = symbols("m")[0]
    players = (
        Player("L", x * (y + z + 1) - x**2, U),
        Player("F", y**2 - a * x * y, V),
        Player("G", z**2 - x * z, m),
    )
    bounds = {x: (x >= 0, x <= 2), y: UNIT, z: (z >= 0, z <= 1)}
    play = protocol("play", (decide("L", x),), (decide("F", y), decide("G", z)))
    solution = derived(statements.model("jumps", (a,), (a > 0, a < 2), bounds, players, play))
    assert not solution.gaps
    assert at(solution, x, y, z, a=Rational(3, 2)) == (Rational(2, 3), 1, 1)
    assert at(solution, x, y, z, a=HALF) == (1, 1, 1)


@pytest.mark.parametrize("rule", [y <= 0, y >= HALF], ids=["against the leader", "at least a half"])
def test_a_stated_rule_decides_what_is_attained(rule: Boolean) -> None:
    """A toll t on a road with a detour that costs c: at t = c the rule leaves the leader nothing, or all."""
    solution = derived(game(t * y, -(t * y + c * (1 - y)), {t: (t >= 0,), y: UNIT}, (c > 0,), rule=(rule,)))
    assert bool(solution.gaps) == (rule == (y <= 0))
    if not solution.gaps:
        assert at(solution, t, y, c=2) == (2, 1)


def test_an_entrant_with_a_fixed_cost_before_another_mover() -> None:
    """The entrant's payoff jumps at entry; what comes after it does not: deterrence is had at the edge."""
    m = symbols("m")[0]
    players = (
        Player("I", (a - x - y) * x, U),
        Player("E", Piecewise(((a - x - y) * y - k, y > 0), (0, True)), V),
        Player("R", -((z - y) ** 2), m),
    )
    bounds = {x: (x >= 0, x <= a), y: (y >= 0, y <= a), z: (z >= 0,)}
    play = protocol("play", (decide("I", x),), (decide("E", y),), (decide("R", z),))
    solution = derived(statements.model("entry", (a, k), (a > 0, k > 0), bounds, players, play), 1)
    assert not solution.gaps
    assert at(solution, x, y, z, a=12, k=1) == (10, 0, 0)
    assert at(solution, x, y, z, a=12, k=4) == (8, 0, 0)
    assert at(solution, x, y, z, a=12, k=Rational(1, 25)) == (6, 3, 3)
    assert at(solution, x, y, z, a=12, k=16) == (6, 0, 0)


def test_an_attained_supremum_said_not_to_be_is_refused() -> None:
    """Every regime in turn is replaced by the assertion that its payoff is only approached."""
    statement = game(b * x - x**2 / 2 - s * x, (s - c) * x, {s: (s >= 0,), x: (x >= 0, x <= k)}, (b > c, c > 0, k > 0))
    solution = derived(statement)
    assert not suprema_faults(statement, solution)[0]
    for regime, approached in product(solution.regimes, (True, False)):
        values = regime.resolved()
        limits = tuple((symbol, values[symbol] if approached else values[s] if symbol == s else k) for symbol in (s, x))
        gap = Gap(regime.region, Without.NOT_ATTAINED, "", limits)
        others = tuple(one for one in solution.regimes if one is not regime)
        faults, notes = suprema_faults(statement, replace(solution, regimes=others, gaps=(gap,)))
        assert faults
        assert "is attained at" in faults[0]
        assert not notes


def test_a_supremum_of_which_nothing_is_told_is_noted() -> None:
    statement = game(t * y, (c - t) * y, {t: (t >= 0,), y: UNIT}, (c > 0,))
    solution = derived(statement)
    told_nothing = replace(solution, regimes=(), gaps=(Gap((), Without.NOT_ATTAINED, ""),))
    assert suprema_faults(statement, told_nothing)[1]


def test_a_strict_bound_is_no_choice() -> None:
    """What is approached lies outside the bounds: there is nothing to object to."""
    statement = statements.model(
        "open",
        (a, b),
        (a > 0, b > 0),
        {x: (x >= 0, x < b)},
        (Player("L", (a - x) * x, U),),
        protocol("play", (decide("L", x),)),
    )
    solution = derived(statement)
    (gap,) = solution.gaps
    assert gap.kind is Without.NOT_ATTAINED
    assert dict(gap.approached) == {x: b}
    assert at(solution, x, a=2, b=3) == (1,)
