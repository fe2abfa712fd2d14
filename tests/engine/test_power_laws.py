"""Several inputs under power laws: effort and price, Cobb-Douglas production, a leader whose follower answers by a power.

The expected values are derived by hand from the first-order conditions, which are linear in the logarithms of the choices.
"""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, Symbol, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.decision.problem import Journal, Problem, restriction
from derive.decision.single import settle_single
from derive.errors import Refusal
from derive.field import normal
from derive.ir import Decision, Model, Player, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, b, c, g, k, w, p, x, y, U, V = symbols("a b c g k w p x y U V")
Point = dict[Symbol, Expr]


def stated(
    given: tuple[Boolean, ...], choices: tuple[Symbol, ...], payoffs: tuple[Expr, ...], *stages: tuple[Decision, ...]
) -> Model:
    parameters = tuple(sorted({s for relation in given for s in relation.free_symbols}, key=str))
    players = tuple(Player(*one) for one in zip("FG", payoffs, (U, V), strict=False))
    return model("power", parameters, given, {s: (s > 0,) for s in choices}, players, protocol("P", *stages))


def solved(statement: Model) -> dict[Symbol, Expr]:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    (regime,) = solution.regimes
    assert regime.region == ()
    return regime.resolved()


def at(values: dict[Symbol, Expr], point: Point, *symbols_: Symbol) -> list[float]:
    return [float(values[symbol].xreplace(point)) for symbol in symbols_]


def test_effort_beside_a_complement_that_is_given() -> None:
    """A share of the root of a product: a sqrt(c)/(4 sqrt(x)) = k x. At x = 0 the marginal payoff is infinite, and not zero."""
    values = solved(stated((a > 0, c > 0, k > 0), (x,), (a * sqrt(x * c) / 2 - k * x**2 / 2,), (decide("F", x),)))
    assert at(values, {a: Rational(8), c: Rational(4), k: Rational(1, 2)}, x) == pytest.approx([4.0])  # (8 * 2/2) ** (2/3)


def test_a_leader_whose_follower_answers_by_a_power() -> None:
    """The follower's k y = a sqrt(x/y)/4 gives y = (a**2 x/(16 k**2))**(1/3), so that x = a**4/(108 k**4): all powers are whole."""
    payoffs = (a * sqrt(x * y) / 2 - k * x, a * sqrt(x * y) / 2 - k * y**2 / 2)
    values = solved(stated((a > 0, k > 0), (x, y), payoffs, (decide("F", x),), (decide("G", y),)))
    assert [values[s] for s in (x, y, U, V)] == [
        a**4 / (108 * k**4),
        a**2 / (12 * k**2),
        a**4 / (216 * k**3),
        a**4 / (96 * k**3),
    ]


def test_a_cobb_douglas_firm() -> None:
    """x = (a (b/w)**(1 - g) (g/c)**g)**(1/(1 - b - g)), and the other way round."""
    given = (a > 0, b > 0, g > 0, b + g < 1, w > 0, c > 0)
    values = solved(stated(given, (x, y), (a * x**b * y**g - w * x - c * y,), (decide("F", x, y),)))
    point = {a: Rational(3), b: Rational(1, 4), g: Rational(1, 2), w: Rational(2), c: Rational(5)}
    first = (3 * (0.25 / 2) ** 0.5 * (0.5 / 5) ** 0.5) ** 4
    second = (3 * (0.5 / 5) ** 0.75 * (0.25 / 2) ** 0.25) ** 4
    assert at(values, point, x, y) == pytest.approx([first, second])
    assert "b**2" not in str(values[x])  # exponents of one base are added up


def test_price_and_effort_under_a_demand_of_powers() -> None:
    """p = b c/(b - 1), and g (p - c) p**(-b) x**(g - 1) = k."""
    given = (b > 1, c > 0, k > 0, g > 0, g < 1)
    values = solved(stated(given, (p, x), ((p - c) * p ** (-b) * x**g - k * x,), (decide("F", p, x),)))
    point = {b: Rational(2), c: Rational(1), k: Rational(1, 64), g: Rational(1, 2)}
    assert at(values, point, p, x) == pytest.approx([2.0, 64.0])


def test_the_side_of_a_bound_at_which_the_marginal_payoff_vanishes_is_not_guessed() -> None:
    """log(1 + x) - a x**2 rises from 0 before it falls: x = 0 is the worst choice near by, not the best."""
    payoff = (1 + x) * log(1 + x) - x - a * x**3 / 3
    statement = model("log", (a,), (a > 0,), {x: (x >= 0,)}, (Player("F", payoff, U),), protocol("P", (decide("F", x),)))
    with pytest.raises(Refusal, match="beside x = 0, where it vanishes, is not settled"):
        derive_protocol(statement, statement.protocols[0])


def test_a_payoff_that_is_a_product_has_positive_factors() -> None:
    """A union names the wage before the firm hires: w = u/g, and both payoffs are products of positive factors."""
    u, g, A, w, L, U, Pi = symbols("u g A w L U Pi")
    statement = model(
        "union",
        (A, u, g),
        (A > 0, u > 0, g > 0, g < 1),
        {w: (w > 0,), L: (L >= 0,)},
        (Player("union", (w - u) * L, U), Player("firm", A * L**g - w * L, Pi)),
        protocol("P", (decide("union", w),), (decide("firm", L),)),
    )
    (regime,) = derive_protocol(statement, statement.protocols[0]).regimes
    values = dict(regime.values)
    assert values[w] == u / g
    for payoff in (U, Pi):
        assert 1 - g in values[payoff].as_ordered_factors()
        assert not values[payoff].could_extract_minus_sign()


def test_advertising_with_a_square_root_response_and_a_price_may_both_be_zero() -> None:
    """Profit (p - c)(a - b p) sqrt(A) - k A, chosen together on A >= 0 and 0 <= p <= a/b: the monopoly price, and by hand
    sqrt(A) = (a - b c)**2/(8 b k). Where the margin is negative nothing is spent; beside both ends of the profitable prices the marginal
    profit of the price vanishes."""
    a, b, c, k, A, p, pay = symbols("a b c k A p Pi")
    statement = model(
        "advertising", (a, b, c, k), (a > 0, b > 0, c >= 0, a > b * c, k > 0), {A: (A >= 0,), p: (p >= 0, p <= a / b)},
        (Player("M", (p - c) * (a - b * p) * sqrt(A) - k * A, pay),), protocol("P", (decide("M", A, p),)),
    )  # fmt: skip
    values = solved(statement)
    assert normal(values[p] - (a + b * c) / (2 * b)) == 0
    assert normal(values[A] - (a - b * c) ** 4 / (64 * b**2 * k**2)) == 0


def test_a_bound_behind_another_one_says_nothing_of_the_peak() -> None:
    """(p - c)**2 (a - b p)**2 on c <= p <= a/b with p >= 0 beside it: the marginal payoff vanishes at both ends and is negative at
    p = 0, where no choice may be. The best price is half-way between the ends."""
    a, b, c, p = symbols("a b c p")
    bounds = tuple(restriction(str(i), r) for i, r in enumerate((p >= 0, p >= c, p <= a / b)))
    problem = Problem((p - c) ** 2 * (a - b * p) ** 2, (p,), bounds, (a > 0, b > 0, c >= 0, a > b * c))
    (best,) = settle_single(problem, Journal("t")).optima
    assert best.region == ()
    assert normal(dict(best.values)[p] - (c + a / b) / 2) == 0
