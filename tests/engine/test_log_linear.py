"""Simultaneous choices whose conditions equate products of powers: partners in a team, several equilibria, forged steps.

The expected values are derived by hand: the first-order conditions are linear in the logarithms of the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import pytest
from sympy import Expr, Integer, Rational, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.loglinear import VERIFIERS
from derive.check.solution import check_solution
from derive.check.steps import Rejected, check_step
from derive.errors import Refusal
from derive.ir import Decision, Model, Player, symbols
from derive.loglinear import AllOrNone, LogLinear
from derive.play.induction import derive_protocol
from derive.render import TEMPLATES
from derive.solution import Solution, Without
from derive.steps import Step, kinds
from derive.views.latex.steps import macro_name
from tests.engine.statements import decide, model, protocol

A, a, b, c, k, m, s, v, w, x, y, z, U, V, W = symbols("A a b c k m s v w x y z U V W")
Point = dict[Symbol, Expr]
THIRD = Rational(1, 3)
COSTS: tuple[Boolean, ...] = (A > 0, c > 0, k > 0)
SHARED: tuple[Boolean, ...] = (*COSTS, s > 0, s < 1)
ELASTIC: tuple[Boolean, ...] = (a > 0, b > 0, a + b < 1)


def stated(given: Sequence[Boolean], domain: dict[Symbol, tuple[Boolean, ...]], *payoffs: Expr, joint: bool = False) -> Model:
    parameters = tuple(sorted({symbol for relation in given for symbol in relation.free_symbols}, key=str))
    players = tuple(Player(*one) for one in zip("FGH", payoffs, (U, V, W), strict=False))
    choices = tuple(domain)
    each: tuple[Decision, ...] = tuple(decide(player.name, choice) for player, choice in zip(players, choices, strict=False))
    stage = (decide("F", *choices),) if joint else each
    return model("power", parameters, tuple(given), domain, players, protocol("P", stage))


def team(output: Expr, given: Sequence[Boolean], *, closed: bool = False, costs: tuple[Expr, Expr] = (c * x, k * y)) -> Model:
    domain = {choice: (choice >= 0 if closed else choice > 0,) for choice in (x, y)}
    return stated(given, domain, s * output - costs[0], (1 - s) * output - costs[1])


PARTNERS = team(A * x**a * y**b, (*SHARED, *ELASTIC))
IDLE = team(A * x**a * y**b, (*SHARED, *ELASTIC), closed=True)
THIRDS = team(A * x**THIRD * y**THIRD, SHARED, closed=True)
POINT: Point = {A: Integer(3), s: Rational(2, 5), c: Rational(3, 2), k: Integer(2), a: Rational(1, 4), b: Rational(1, 2)}


@lru_cache(maxsize=8)
def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    assert not solution.gaps
    return solution


def at(values: dict[Symbol, Expr], point: Point, *names: Symbol) -> list[float]:
    return [float(values[name].xreplace(point).evalf()) for name in names]


def by_replies(point: Point) -> list[float]:
    """Best replies one after the other from a point inside; they contract in logarithms."""
    A_, s_, c_, k_, a_, b_ = (float(point[symbol]) for symbol in (A, s, c, k, a, b))
    one = two = 1.0
    for _ in range(400):
        one = (s_ * A_ * a_ * two**b_ / c_) ** (1 / (1 - a_))
        two = ((1 - s_) * A_ * b_ * one**a_ / k_) ** (1 / (1 - b_))
    return [one, two]


def test_partners_with_symbolic_elasticities() -> None:
    """x = A**(1/D) (a s/c)**((1 - b)/D) (b (1 - s)/k)**(b/D) with D = 1 - a - b; each earns what the other factors leave."""
    (regime,) = solved(PARTNERS).regimes
    values = regime.resolved()
    assert regime.region == ()
    assert regime.unique
    assert at(values, POINT, x, y) == pytest.approx(by_replies(POINT))
    first, second = by_replies(POINT)
    output = 3 * first**0.25 * second**0.5
    assert at(values, POINT, U, V) == pytest.approx([0.4 * output * (1 - 0.25), 0.6 * output * (1 - 0.5)])


def test_partners_who_may_be_idle_have_two_equilibria() -> None:
    """Nothing is produced by one alone: that nobody works is an equilibrium, too, and both are told."""
    inside, nothing = solved(IDLE).regimes
    assert not inside.unique
    assert not nothing.unique
    assert at(inside.resolved(), POINT, x, y) == pytest.approx(by_replies(POINT))
    assert [nothing.resolved()[name] for name in (x, y, U, V)] == [0, 0, 0, 0]


def test_whole_powers_are_told_without_roots() -> None:
    """x = A**3 s**2 (1 - s)/(27 c**2 k), and one's own effort costs half of what is left of the share."""
    inside, nothing = solved(THIRDS).regimes
    assert inside.resolved() == {
        x: A**3 * s**2 * (1 - s) / (27 * c**2 * k),
        y: A**3 * s * (1 - s) ** 2 / (27 * c * k**2),
        U: 2 * A**3 * s**2 * (1 - s) / (27 * c * k),
        V: 2 * A**3 * s * (1 - s) ** 2 / (27 * c * k),
    }
    assert [nothing.resolved()[name] for name in (x, y)] == [0, 0]


def test_partners_with_rising_costs() -> None:
    """x**2 = s q/(2 c) and y**2 = (1 - s) q/(2 k) for the output q = A sqrt(x y) give q = A**2 (s (1 - s)/(c k))**(1/4)/2."""
    statement = team(A * sqrt(x * y), SHARED, costs=(c * x**2 / 2, k * y**2 / 2))
    values = solved(statement).regimes[0].resolved()
    q = 3**2 * (0.4 * 0.6 / (1.5 * 2)) ** 0.5 / 2
    assert at(values, POINT, x, y) == pytest.approx([(0.4 * q / 3) ** 0.5, (0.6 * q / 4) ** 0.5])


def test_three_partners() -> None:
    """Equal thirds of the output A (x y z)**(1/5) at a unit cost of one: all work x = (A/15)**(5/2)."""
    output = A * (x * y * z) ** Rational(1, 5)
    statement = stated((A > 0,), {one: (one > 0,) for one in (x, y, z)}, *(output / 3 - one for one in (x, y, z)))
    values = solved(statement).regimes[0].resolved()
    assert at(values, {A: Integer(7)}, x, y, z) == pytest.approx([(7 / 15) ** 2.5] * 3)


def test_where_the_exponents_may_degenerate_both_sides_are_told_apart() -> None:
    """Without a bound on a + b the system has one solution on either side of a + b = 1, and nothing is said on it."""
    statement = team(A * x**a * y**b, (*SHARED, a > 0, a < 1, b > 0, b < 1))
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 0).accepted  # near a + b = 1 efforts are beyond all floating-point numbers
    assert {gap.kind for gap in solution.gaps} == {Without.UNSETTLED}
    point = {**POINT, a: Rational(2, 3)}
    for regime in solution.regimes:
        here = dict(regime.resolved())
        where = point if all(relation.xreplace(point) == True for relation in regime.region) else POINT  # noqa: E712
        one, two = at(here, where, x, y)
        own, other = (float(where[e]) for e in (a, b))
        assert 0.4 * 3 * own * one ** (own - 1) * two**other == pytest.approx(1.5)
        assert 0.6 * 3 * other * one**own * two ** (other - 1) == pytest.approx(2)
    assert len(solution.regimes) == 2


def test_one_owner_of_both_inputs_who_may_stop() -> None:
    """x = A**(1/D) (a/c)**((1 - b)/D) (b/k)**(b/D), also where inputs of zero are allowed."""
    statement = stated((*COSTS, *ELASTIC), {x: (x >= 0,), y: (y >= 0,)}, A * x**a * y**b - c * x - k * y, joint=True)
    (regime,) = solved(statement).regimes
    expected = [(3 * (0.25 / 1.5) ** 0.5 * 0.25**0.5) ** 4, (3 * (0.25 / 1.5) ** 0.25 * 0.25**0.75) ** 4]
    assert at(regime.resolved(), POINT, x, y) == pytest.approx(expected)
    assert regime.unique


def test_an_earlier_mover_before_several_equilibria_is_refused() -> None:
    """What a subsidy leads to is not determined where nobody may work after any."""
    payoffs = (w * sqrt(sqrt(x * y)) - x, w * sqrt(sqrt(x * y)) - y, sqrt(sqrt(x * y)) - w)
    players = tuple(Player(*one) for one in zip("FGH", payoffs, (U, V, W), strict=True))
    stages = ((decide("H", w),), (decide("F", x), decide("G", y)))
    statement = model(
        "power", (A,), (A > 0,), {w: (w >= 0, w <= A), x: (x >= 0,), y: (y >= 0,)}, players, protocol("P", *stages)
    )
    with pytest.raises(Refusal):
        derive_protocol(statement, statement.protocols[0])


def test_a_manufacturer_who_pays_a_share_of_local_advertising() -> None:
    """Sales q = k x**a y**b, margins v and w, a share m of the retailer's y paid. The reply has (1 - m) y = b w q, so that the
    manufacturer earns (v - b w m/(1 - m)) q - x with q rising as x**(a/(1 - b)) and (1 - m)**(-b/(1 - b)): best is
    m = (v - (1 - b) w)/(v + b w) where that is positive, and x = a/(1 - b) of the first term."""
    sales = k * x**a * y**b
    players = (Player("F", v * sales - x - m * y, V), Player("G", w * sales - (1 - m) * y, U))
    domain = {x: (x > 0,), y: (y > 0,), m: (m >= 0, m < 1)}
    given = (k > 0, v > 0, w > 0, *ELASTIC)
    stages = ((decide("F", x, m),), (decide("G", y),))
    statement = model("power", (k, v, w, a, b), given, domain, players, protocol("P", *stages))
    paid, unpaid = solved(statement).regimes
    assert paid.resolved()[m].equals((v - (1 - b) * w) / (v + b * w))
    assert unpaid.resolved()[m] == 0
    for regime, margin in ((paid, 2), (unpaid, Rational(1, 4))):
        point = {k: Integer(3), v: Integer(margin), w: Rational(1, 2), a: Rational(1, 3), b: Rational(1, 4)}
        assert all(relation.xreplace(point) for relation in regime.region)
        first, second, share, theirs, mine = at(regime.resolved(), point, x, y, m, V, U)
        q = 3 * first ** (1 / 3) * second**0.25
        assert (1 - share) * second == pytest.approx(0.125 * q)
        worth = (float(margin) - 0.125 * share / (1 - share)) * q
        assert [first, theirs, mine] == pytest.approx([4 / 9 * worth, 5 / 9 * worth, 0.375 * q])


def test_a_chain_under_a_demand_of_powers_in_price_and_effort() -> None:
    """The retailer's price is b w/(b - 1); the manufacturer's sales fall in w as w**(-(b - s)/(1 - s)): w = c (b - s)/(b - 1)."""
    demand = A * x ** (-b) * y**s
    players = (Player("F", (w - c) * demand, V), Player("G", (x - w) * demand - k * y, U))
    domain = {w: (w >= c,), x: (x >= w,), y: (y >= 0,)}
    stages = ((decide("F", w),), (decide("G", x, y),))
    statement = model("power", (A, b, c, k, s), (*SHARED, b > 1), domain, players, protocol("P", *stages))
    values = solved(statement).regimes[0].resolved()
    assert values[w].equals(c * (b - s) / (b - 1))
    point = {A: Integer(40), b: Integer(2), c: Integer(1), k: Rational(1, 2), s: Rational(1, 2)}
    price, effort, theirs, mine = at(values, point, x, y, V, U)
    sold = 40 * price**-2 * effort**0.5
    assert [price, effort] == pytest.approx([3.0, 0.5 * 1.5 * sold / 0.5])
    assert [theirs, mine] == pytest.approx([0.5 * sold, 0.5 * 1.5 * sold])


# --- forged steps ----------------------------------------------------------------------------------------------------------


def forged(step: Step, statement: Model, forge: Callable[[Step], Step], solution: Solution) -> None:
    proof = [one for proposition in solution.argument for one in proposition.proof]
    wrong = forge(step)
    assert wrong != step
    premises = tuple(one for one in proof if one.label in wrong.uses)
    with pytest.raises(Rejected):
        check_step(wrong, statement, solution.assumptions, premises, tuple(proof[: proof.index(step)]))


def of_kind(solution: Solution, kind: type[Step]) -> Step:
    return next(one for proposition in solution.argument for one in proposition.proof if isinstance(one, kind))


def swapped(pairs: tuple[tuple[Symbol, Expr], ...]) -> tuple[tuple[Symbol, Expr], ...]:
    (first, one), (second, two) = pairs
    return (first, two), (second, one)


LOG_FORGERIES: tuple[Callable[[LogLinear], Step], ...] = (
    lambda step: replace(step, values=swapped(step.values)),
    lambda step: replace(step, values=((x, 2 * step.values[0][1]), step.values[1])),
    lambda step: replace(step, values=step.values[:1]),
    lambda step: replace(step, weights=step.weights[::-1]),
    lambda step: replace(step, determinant=1 + step.determinant),
    lambda step: replace(step, nonzero=None),
    lambda step: replace(step, given=tuple(one for one in step.given if one not in (x > 0, y > 0))),
    lambda step: replace(step, conditions=step.conditions[::-1]),
    lambda step: replace(step, conditions=tuple(2 * one + x for one in step.conditions)),
    lambda step: replace(step, equations=(replace(step.equations[0], level=2 * step.equations[0].level), step.equations[1])),
    lambda step: replace(step, equations=(replace(step.equations[0], positive=None), step.equations[1])),
    lambda step: replace(step, equations=(replace(step.equations[0], nonzero=None), step.equations[1])),
    lambda step: replace(step, uses=()),
    lambda step: replace(step, fixed=((y, Integer(1)),)),
)
NONE_FORGERIES: tuple[Callable[[AllOrNone], Step], ...] = (
    lambda step: replace(step, sides=tuple((right, left) for left, right in step.sides)),
    lambda step: replace(step, sides=step.sides[:1], conditions=step.conditions[:1]),
    lambda step: replace(step, unknowns=(x,)),
    lambda step: replace(step, given=tuple(one for one in step.given if one not in (x >= 0, y >= 0))),
    lambda step: replace(step, sides=tuple((left, replace(right, rises=())) for left, right in step.sides)),
    lambda step: replace(step, sides=tuple((replace(left, positive=None), right) for left, right in step.sides)),
    lambda step: replace(step, uses=()),
)


@pytest.mark.parametrize("forge", LOG_FORGERIES)
def test_forged_solutions_in_logarithms_are_rejected(forge: Callable[[Step], Step]) -> None:
    solution = solved(IDLE)
    forged(of_kind(solution, LogLinear), IDLE, forge, solution)


@pytest.mark.parametrize("forge", NONE_FORGERIES)
def test_forged_claims_that_all_or_none_vanish_are_rejected(forge: Callable[[Step], Step]) -> None:
    solution = solved(IDLE)
    forged(of_kind(solution, AllOrNone), IDLE, forge, solution)


def test_each_kind_has_a_verifier_and_a_macro() -> None:
    assert set(VERIFIERS) == {kind for kind in kinds() if kind.__module__ == "derive.loglinear"} == {AllOrNone, LogLinear}
    macros = (TEMPLATES / "steps.tex.j2").read_text("utf-8")
    assert all(f"macro {macro_name(kind)}(" in macros for kind in VERIFIERS)
