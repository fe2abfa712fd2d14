"""Lowered objectives against the mean of the stated random objective over a fine grid of probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import scipy.integrate
from sympy import Abs, Expr, Integer, Max, Min, Rational, exp, log
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.ir import (
    CARA,
    Decision,
    Definition,
    Distribution,
    Exponential,
    GeneralDistribution,
    Instance,
    Model,
    Neutral,
    Normal,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.law.lower import Lowered, lower, with_instance
from derive.shocks import Overage
from derive.steps import CertaintyEquivalent, Expectation
from tests.lower.numeric import LAWS, at, number, sample

a, k, rho, s, m, p, q, D, W, Pi, y = symbols("a k rho s m p q D W Pi y")
A, B, mu = symbols("A B mu")
GENERAL = GeneralDistribution("F", A, B, mu, igfr=True)
DEMAND = a * p ** (-k)


def lowered(
    objective: Expr,
    laws: Sequence[tuple[Expr, Distribution]],
    risk: Neutral | CARA = Neutral(),  # noqa: B008 (a frozen value)
    domain: Sequence[Boolean] = (),
    definitions: Sequence[Definition] = (),
) -> Lowered:
    model = Model(
        key="m",
        title="",
        source="",
        parameters=(),
        assumptions=(a > 0, k > 1, rho > 0, s > 0, m > 0),
        variables=(Variable(p, "", (p > 0,)), Variable(q, "", (q >= 0, *domain))),
        players=(Player("P", objective, Pi, risk=risk),),
        protocols=(Protocol("one", "", (Stage((Decision(("P",), (p, q)),)),)),),
        definitions=tuple(definitions),
        shocks=tuple(Shock(symbol, law, "") for symbol, law in laws),
    )
    return lower(model, model.protocols[0])


def value_at(found: Lowered, point: dict) -> float:
    """The objective at a point, in the one case that holds there."""
    exact = {symbol: Rational(str(value)) for symbol, value in point.items()}
    cases = [case for case in found.cases if all(relation.xreplace(exact) == True for relation in case.given)]  # noqa: E712
    assert len(cases) == 1
    return number(cases[0].objective(Pi), point)


OBJECTIVES = {
    "multiplicative": p * Min(q, DEMAND * D) - q,
    "additive": p * Min(q, a - p + D) - q + p * Max(a - p + D - q, 0),
    "salvage": p * Min(q, D) + (q - Min(q, D)) / 3,
    "falling in the shock": Min(q, a - 2 * D) + Max(q, a - 3 * D),
    "two random sides": Min(D, 3 * D - q) + Max(D, q - D),
    "a bonus above a target": p * Min(q, D) + k * Max(0, Min(q, D) - a / 8),
    "a call on reserved units": p * Min(q + k, D) - 2 * Max(0, Min(q + k, D) - q),
    "a bounded gain": Min(a, Max(D, q) - k),
    "a bounded loss": -Max(p, -2 * Max(D, k) + q),
    "distance": -Abs(q - D) - Abs(2 * D + q - a),
    "quadratic": -((q - D) ** 2) + p * D**3 + (a + p * D) * (q - D),
}
POINTS = ((2.0, 1.2), (2.0, 0.3), (1.0, 0.0), (1.5, 7.0), (0.7, 2.6))


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_expectation_is_the_mean_of_the_stated_objective(law: str, objective: str) -> None:
    distribution, reference = LAWS[law]
    found = lowered(OBJECTIVES[objective], [(D, distribution)])
    values, weights = sample(reference)
    for price, stock in POINTS:
        point = {a: 4.0, k: 1.5, p: price, q: stock}
        stated = at(OBJECTIVES[objective], point, D=values)
        assert value_at(found, point) == pytest.approx(float(np.sum(weights * stated)), rel=1e-5, abs=1e-5)


def test_independent_shocks_multiply_and_add() -> None:
    objective = (D + q) * (W + p) * W + Min(q, D) * Min(p, W)
    laws = [(D, LAWS["uniform"][0]), (W, LAWS["exponential"][0])]
    found = lowered(objective, laws)
    first, first_weights = sample(LAWS["uniform"][1], 1500)
    second, second_weights = sample(LAWS["exponential"][1], 1500)
    grid_d, grid_w = np.meshgrid(first, second, indexing="ij")
    point = {p: 0.8, q: 1.1}
    average = first_weights @ at(objective, point, D=grid_d, W=grid_w) @ second_weights
    assert value_at(found, point) == pytest.approx(float(average), rel=1e-4)


def test_a_general_law_keeps_its_overage_and_needs_no_cases() -> None:
    found = lowered(p * Min(q, DEMAND * D) - q, [(D, GENERAL)])
    (case,) = found.cases
    cut = q / DEMAND
    assert case.given == ()
    assert (found.objective(Pi) - (p * DEMAND * (cut - Overage("F", cut)) - q)).expand() == 0


def test_cases_that_cannot_occur_are_left_out() -> None:
    law = Uniform(Integer(0), m)
    assert len(lowered(Min(q, D), [(D, law)], domain=(q <= m,)).cases) == 1
    assert len(lowered(Min(q, D), [(D, law)]).cases) == 2
    assert len(lowered(Min(q, D), [(D, Exponential(m))]).cases) == 1


def test_cases_are_disjoint_and_cover_what_is_admissible() -> None:
    found = lowered(Min(q, D) + Max(p, 2 * D), [(D, Uniform(Integer(1), Integer(3)))])
    for price in range(1, 9):
        for stock in range(6):
            value_at(found, {p: price, q: stock})


def test_definitions_are_substituted_and_random_ones_are_not_reported() -> None:
    found = lowered(p * y, [(D, GENERAL)], definitions=[Definition(y, Min(q, s), ""), Definition(s, q + D, "")])
    assert found.definitions == ()
    assert found.objective(Pi) == p * (q - Overage("F", 0))


def test_definitions_in_a_circle_are_refused() -> None:
    with pytest.raises(Refusal, match="circle"):
        lowered(y, [], definitions=[Definition(y, s + 1, ""), Definition(s, y, "")])


@pytest.mark.parametrize(
    ("objective", "laws", "reason"),
    [
        (log(D), [(D, GENERAL)], "no rule"),
        (1 / D, [(D, Exponential(m))], "positive whole exponent"),
        (D**2, [(D, GENERAL)], "moment of order 2"),
        (D * Min(q, D), [(D, GENERAL)], "same shock"),
        (Min(q, (k - 2) * D), [(D, GENERAL)], "sign of k - 2"),
        (Min(W, D), [(D, GENERAL), (W, Exponential(m))], "single shock"),
        (Min(q, D**2), [(D, Exponential(m))], "affine in D"),
        (exp(D), [(D, Exponential(m))], "affine in normal shocks"),
        (Min(q, D, 2 * D - 1), [(D, GENERAL)], "two sides"),
    ],
)
def test_what_has_no_rule_is_refused_by_player_and_term(objective: Expr, laws: list, reason: str) -> None:
    with pytest.raises(Refusal, match=reason) as caught:
        lowered(objective, laws)
    assert caught.value.player == "P"


def test_two_laws_with_one_name_are_refused() -> None:
    with pytest.raises(Refusal, match="two laws have the cdf F"):
        lowered(Min(q, D) + Min(p, W), [(D, GENERAL), (W, GeneralDistribution("F", A, B, s))])


def test_a_limit_on_a_choice_cannot_be_random() -> None:
    with pytest.raises(Refusal, match="depends on a shock"):
        lowered(p - q, [(D, GENERAL)], domain=(q <= D,))


# --- constant absolute risk aversion ---------------------------------------------------------------------------------


def test_certainty_equivalent_against_expected_utility() -> None:
    laws = [(D, Normal(Integer(0), s)), (W, Normal(m, 2 * s))]
    objective = a + p * (q + D) - q**2 + p * q * W
    found = lowered(objective, laws, CARA(rho))
    point = {a: 1.0, rho: 0.7, s: 0.8, m: 0.3, p: 0.9, q: 0.6}
    spread_d, spread_w = np.sqrt(point[s]), np.sqrt(2 * point[s])

    def utility(x: float, w: float) -> float:
        income = point[a] + point[p] * (point[q] + x * spread_d) - point[q] ** 2
        income += point[p] * point[q] * (point[m] + w * spread_w)
        return -np.exp(-point[rho] * income) * np.exp(-(x**2 + w**2) / 2) / (2 * np.pi)

    expected = scipy.integrate.dblquad(utility, -9, 9, -9, 9, epsabs=1e-10)[0]
    assert number(found.objective(Pi), point) == pytest.approx(-np.log(-expected) / point[rho], rel=1e-7)
    (step,) = found.steps
    assert isinstance(step, CertaintyEquivalent)
    assert step.variance == p**2 * s + 2 * p**2 * q**2 * s


@pytest.mark.parametrize(
    ("objective", "law", "risk", "reason"),
    [
        (q * D, Uniform(Integer(0), m), CARA(rho), "must be normal"),
        (q * D**2, Normal(Integer(0), s), CARA(rho), "affine in D"),
        (Min(q, D), Normal(Integer(0), s), CARA(rho), "affine in D"),
        (q * D, Normal(Integer(0), s), CARA(rho - 1), "not proved positive"),
    ],
)
def test_other_incomes_under_cara_are_refused(objective: Expr, law: Distribution, risk: CARA, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        lowered(objective, [(D, law)], risk)


def test_moment_generating_function_of_a_normal_shock() -> None:
    found = lowered(exp(q * D - p), [(D, Normal(m, s))])
    values, weights = sample(LAWS["normal"][1])
    point = {p: 0.4, q: 0.5, m: 1.0, s: 2.25}
    assert number(found.objective(Pi), point) == pytest.approx(float(weights @ np.exp(0.5 * values - 0.4)), rel=1e-6)


# --- the record, and instances ---------------------------------------------------------------------------------------


def test_a_random_payoff_leaves_a_step_that_holds_in_every_case() -> None:
    found = lowered(Min(q, D), [(D, Uniform(Integer(0), m))])
    assert len(found.cases) == 2
    (step,) = found.steps
    assert isinstance(step, Expectation)
    assert step.result == found.objective(Pi) == q - Overage("F_D", q)
    assert (q >= 0) in step.given
    assert lowered(p - q, []).steps == ()


def test_an_instance_replaces_the_law_and_what_describes_it() -> None:
    model = Model(
        key="m",
        title="",
        source="",
        parameters=(),
        assumptions=(A >= 0, mu > A, mu < B, p > A),
        variables=(Variable(q, "", (q >= A, q <= B)),),
        players=(Player("P", p * Min(q, D) - mu * q, Pi),),
        protocols=(Protocol("one", "", (Stage((Decision(("P",), (q,)),)),)),),
        shocks=(Shock(D, GENERAL, ""),),
        instances=(Instance("u", ((D, Uniform(Integer(0), B)),), assumptions=(B > 1,)), Instance("e", ((D, Exponential(mu)),))),
    )
    uniform = with_instance(model, "u")
    assert uniform.assumptions == (B / 2 > 0, B / 2 < B, p > 0, B > 1)
    assert uniform.variables[0].domain == (q >= 0, q <= B)
    (case,) = lower(uniform, uniform.protocols[0]).cases
    assert (case.objective(Pi) - (p * (q - q**2 / (2 * B)) - B * q / 2)).expand() == 0
    exponential = with_instance(model, "e")
    assert exponential.variables[0].domain == (q >= 0,)
    assert exponential.assumptions == (mu > 0, p > 0)
    with pytest.raises(Refusal, match="contradicts"):
        with_instance(Model(**{**model.__dict__, "assumptions": (A > 0,)}), "u")
