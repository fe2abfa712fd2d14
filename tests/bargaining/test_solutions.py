"""Solutions against the literature's closed forms, and against a search along the frontier."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from scipy.optimize import brentq, minimize_scalar
from sympy import Expr, Integer, Rational, Symbol, cancel, lambdify, sqrt, together

from derive.bargaining import derive_bargaining
from derive.check.bargaining import verify_solutions
from derive.errors import Refusal, StatementError
from derive.solution import Regime, Solution
from tests.bargaining.problems import (
    CURVED_ROUNDS,
    EVERY,
    RUBINSTEIN,
    a,
    b,
    d,
    delta_1,
    delta_2,
    k,
    log,
    m,
    p,
    problem,
    u_1,
    u_2,
    w,
    x,
)


@cache
def solved(name: str) -> dict[str, Solution]:
    return {solution.protocol: solution for solution in derive_bargaining(EVERY[name])}


def only(solution: Solution) -> Regime:
    (regime,) = solution.regimes
    assert regime.region == ()
    return regime


def same(left: Expr, right: Expr) -> bool:
    return bool(cancel(together(left - right)) == 0)


@pytest.mark.parametrize("name", EVERY)
def test_the_checker_accepts(name: str) -> None:
    assert verify_solutions(EVERY[name], tuple(solved(name).values()), 12) == ()


def test_the_split_of_a_pie_with_disagreement_payoffs() -> None:
    """Nash 1950: each gets what it has without an agreement and its weight's share of what is left."""
    values = only(solved("outside")["nash"]).resolved()
    assert same(values[u_1], b + w * (a - b - d))
    assert same(values[u_2], d + (1 - w) * (a - b - d))
    for key in ("kalai_smorodinsky", "egalitarian"):
        assert same(only(solved("outside")[key]).resolved()[u_1], b + (a - b - d) / 2)


def test_the_less_risk_averse_gets_more() -> None:
    """Roth 1979: with powers as utilities of shares the pie is split in proportion to the exponents."""
    values = only(solved("powers")["nash"]).resolved()
    assert same(values[x], a / (a + b))
    values = only(solved("root")["nash"]).resolved()
    assert values[x] == Rational(2, 3)


def test_a_sloped_frontier_with_disagreement_payoffs() -> None:
    """Along a line both the Nash and the Kalai-Smorodinsky solution are the middle of what is acceptable to both."""
    for key in ("nash", "kalai_smorodinsky"):
        assert same(only(solved("sloped")[key]).resolved()[u_1], (a + (b - d) / k) / 2)
    assert same(only(solved("sloped")["egalitarian"]).resolved()[u_1], a + (b - d - k * a) / (k + 1))


def test_a_solution_that_does_not_choose_says_so() -> None:
    (first, *_) = derive_bargaining(EVERY["pie"])
    assert any("every agreement is as good as any other" in warning for warning in first.warnings)


def test_alternating_offers_on_a_pie() -> None:
    """Rubinstein 1982: the first offer is (1 - delta_2)/(1 - delta_1 delta_2) of the pie."""
    values = only(solved("rubinstein")["alternating_offers"]).resolved()
    assert same(values[u_1], a * (1 - delta_2) / (1 - delta_1 * delta_2))
    assert same(values[u_2], a * delta_2 * (1 - delta_1) / (1 - delta_1 * delta_2))


def test_finitely_many_alternating_offers() -> None:
    """Stahl 1972: with three rounds the first player has 1 - delta_2 + delta_1 delta_2 of the pie; the second one's offer is the last of an
    even number, and with more rounds the share comes close to Rubinstein's."""
    three = only(solved("three rounds")["alternating_offers"]).resolved()
    assert same(three[u_1], a * (1 - delta_2 + delta_1 * delta_2))
    even, odd = (only(solved(f"any {parity} number")["alternating_offers"]).resolved()[u_1] for parity in ("even", "odd"))
    assert same(odd.subs(m, 1), three[u_1])
    assert same(even.subs(m, 1), a * (1 - delta_2))
    at = {a: 1, delta_1: Rational(3, 4), delta_2: Rational(2, 3), m: 60}
    assert abs(even.subs(at) - Rational(2, 3)) < 1e-15
    assert abs(odd.subs(at) - Rational(2, 3)) < 1e-15


def test_two_rounds_along_a_curve() -> None:
    """The second player would take everything in the second round: b - x**2/b = delta_2 b."""
    assert same(only(solved("curved rounds")["alternating_offers"]).resolved()[x], b * sqrt(1 - delta_2))


def test_alternating_offers_approach_the_nash_solution() -> None:
    """Binmore 1987: as offers follow each other faster, with equal patience, they come close to the symmetric Nash solution."""
    values = only(solved("curved offers")["alternating_offers"]).resolved()
    close = float(values[u_1].subs({b: 1, delta_1: Rational(9999, 10000), delta_2: Rational(9999, 10000)}))
    assert close == pytest.approx(float(1 / sqrt(3)), abs=1e-4)


def test_a_cap_binds_beyond_half_of_the_pie() -> None:
    """The first player can receive at most b: nobody gains more than that when gains are equal, and the rest is thrown away."""
    inside, corner = solved("capped")["egalitarian"].regimes
    assert inside.resolved()[u_1] == a / 2
    assert (corner.resolved()[u_1], corner.resolved()[u_2]) == (b, b)
    inside, corner = solved("capped")["nash"].regimes
    assert (corner.resolved()[u_1], corner.resolved()[u_2]) == (b, a - b)
    assert same(only(solved("capped")["kalai_smorodinsky"]).resolved()[u_1], a * b / (a + b))


@pytest.mark.parametrize("weight", [Rational(1, 5), Rational(1, 2), Rational(6, 7)])
def test_implicit_solutions_are_where_a_search_finds_them(weight: Rational) -> None:
    regime = only(solved("cubic")["nash"])
    (implicit,) = regime.implicit
    root = brentq(lambdify(x, implicit.equation.subs(w, weight)), 0, 1, xtol=1e-14)
    share = float(weight)
    found = minimize_scalar(
        lambda t: -(t**share) * (1 - t**3) ** (1 - share), bounds=(0, 1), method="bounded", options={"xatol": 1e-10}
    )
    assert root == pytest.approx(found.x, abs=1e-6)


def test_a_risk_averse_player_receives_less() -> None:
    """Roth 1979: with utility log(1 + y) for what it receives, less than half."""
    (nash,) = derive_bargaining(problem(x, log(2 - x), (x >= 0, x <= 1), solutions=("nash",)))
    (regime,) = nash.regimes
    (implicit,) = regime.implicit
    root = brentq(lambdify(x, implicit.equation), 1e-9, 1 - 1e-9)
    assert root == pytest.approx(minimize_scalar(lambda t: -t * float(log(2 - t)), bounds=(0, 1), method="bounded").x, abs=1e-4)
    assert root > 0.5


REFUSED = [
    (problem(x, x**2 - a, (x >= 0, x <= 1), (a > 0,)), "rise|settled|gain|concave"),
    (problem(x, 1 - (1 - x) ** 2, (x >= 0, x <= 2)), "fall"),
    (problem(x, (1 - x) ** 2, (x >= 0, x <= 1)), "concave"),
    (problem(x, a - x, (x >= 0, x <= a), (a > 0,), none=(b, d)), "settled|gain"),
    (problem(x, 1 - x, (x >= 0, x <= 1), solutions=("utilitarian",)), "as good as any other"),
    (problem(x, 1 - x, (x >= 0, x <= 1), solutions=("alternating_offers",)), "discount"),
    (problem(x, 1 - x, (x >= 0, x <= 1), none=(Rational(3, 4), Rational(1, 2))), "gain"),
    (replace(RUBINSTEIN, solutions=("alternating_offers",), rounds=a), "who makes the last offer"),
    (replace(CURVED_ROUNDS, rounds=Integer(99)), "more than 12 rounds"),
    (problem(x, 1 - x, (x >= 0, x <= 1), (w >= 0, w <= 1), weights=(w, 1 - w)), "weight of 1 is not shown to be positive"),
    (
        problem(x, 1 - x, (x >= 0, x <= 1), (k >= 0, k < 1), patience=(k, k), solutions=("alternating_offers",)),
        "discount factor of 1 is not shown",
    ),
]


@pytest.mark.parametrize(("stated", "reason"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_settled_is_refused_with_the_reason(stated: object, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        derive_bargaining(stated)  # type: ignore[arg-type]


ILL_POSED = [
    (problem(x, 1 - x, (x >= 0, x <= 1), solutions=("fair",)), "unknown solution"),
    (problem(x, 1 - x, (x >= 0, 2 * x <= 1)), "coordinate alone"),
    (problem(x, 1 - x, (x >= 0, x <= 1), (k > 1, k < 0)), "contradict"),
    (problem(x, 1 - 0.5 * x, (x >= 0, x <= 1)), "float"),
    (problem(x, 1 - x, (x >= 0, x <= 1), (p > Symbol("p"),)), "derive.ir.symbols|twice"),
]


@pytest.mark.parametrize(("stated", "reason"), ILL_POSED, ids=lambda value: value if isinstance(value, str) else "")
def test_ill_posed_problems_are_refused_in_one_line(stated: object, reason: str) -> None:
    with pytest.raises(StatementError, match=reason) as caught:
        derive_bargaining(stated)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
