"""Products of kinks at one point, against means over a fine grid of probabilities; a newsvendor whose shortages cost ever more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Abs, Expr, Integer, Max, Min, Rational, exp, simplify

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Distribution, GeneralDistribution, Model, Normal, Player, Protocol, Shock, Stage, Uniform, symbols
from derive.play.induction import derive_model
from derive.steps import Expectation, Step
from tests.engine.statements import decide, model
from tests.lower.numeric import LAWS, at, number, sample
from tests.lower.test_lower_objectives import Pi, lowered

b, c, h, q, D, Y = symbols("b c h q D Y")
POINT = Rational(6, 5)
PRODUCTS = {
    "sales squared": Min(D, q) ** 2,
    "shortage squared": Max(D - q, 0) ** 2,
    "cubed and scaled": Max(2 * q - 2 * D, 0) ** 3,
    "price falls with sales": (5 - Min(D, q)) * Min(q, D) - Max(q - D, 0),
    "sales and demand": D * Min(D, q) + D**2 * Abs(D - q),
    "both sides": Max(D, q) * Min(D, q),
}


@pytest.mark.parametrize("law", [name for name in LAWS if name != "normal"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_the_expectation_is_the_mean(law: str, product: str) -> None:
    distribution, numeric = LAWS[law]
    found = lowered(PRODUCTS[product], [(D, distribution)], domain=(q >= 1, q <= Rational(3, 2)))
    (case,) = found.cases
    values, weights = sample(numeric)
    mean = np.sum(weights * at(PRODUCTS[product], {q: float(POINT)}, D=values))
    assert number(case.objective(Pi), {q: float(POINT)}) == pytest.approx(mean, rel=2e-4)


def test_other_shocks_are_independent() -> None:
    found = lowered(Y * Min(D, q) ** 2, [(D, Uniform(Integer(0), Integer(2))), (Y, Uniform(Integer(1), Integer(4)))], domain=(q <= 2,))
    assert simplify(found.cases[0].objective(Pi) - Rational(5, 2) * (q**2 - q**3 / 3)) == 0


REFUSED: list[tuple[Expr, Distribution, str]] = [
    (Min(D, q) * Min(D, q + 1), Uniform(Integer(0), Integer(9)), "different points"),
    (Min(D, q) ** 2, Uniform(Integer(0), Integer(2)), "a bound on the choice"),
    (Min(D, q) ** 2, Normal(Integer(3), Integer(1)), "uniform, exponential and power laws"),
    (Min(D, q) ** 2, GeneralDistribution("F", Integer(0), h, b), "uniform, exponential and power laws"),
    (exp(Min(D, q)) * Min(D, q), Uniform(Integer(0), Integer(9)), "no polynomial"),
    (Max(Min(D, q), 1) ** 2, Uniform(Integer(0), Integer(9)), "several points"),
]


@pytest.mark.parametrize(("objective", "law", "reason"), REFUSED, ids=str)
def test_what_has_no_rule_is_refused(objective: Expr, law: Distribution, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        lowered(objective, [(D, law)], domain=(q <= 4,))


def stocking(law: Distribution, *bounds: Expr) -> Model:
    """A unit of stock costs c, a shortage of x costs b*x**2/2."""
    firm = Player("firm", -c * q - b * Max(D - q, 0) ** 2 / 2, Pi)
    statement = model("stock", (b, c, h), (b > 0, c > 0, h > 0, b * h > 2 * c), {q: (q >= 0, *bounds)}, (firm,))
    protocol = Protocol("play", "play", (Stage((decide("firm", q),)),))
    return replace(statement, protocols=(protocol,), shocks=(Shock(D, law, "demand"),))


def test_a_stock_against_shortages_that_cost_ever_more() -> None:
    """The expected shortage is c/b: (h - q)**2/(2*h) under a uniform law."""
    statement = stocking(Uniform(Integer(0), h), q <= h)
    (solution,) = derive_model(statement)
    (regime,) = solution.regimes
    assert simplify((h - dict(regime.values)[q]) ** 2 - 2 * c * h / b) == 0
    assert check_solution(statement, solution, 6).accepted


def test_a_forged_expectation_is_rejected() -> None:
    statement = stocking(Uniform(Integer(0), h), q <= h)
    (solution,) = derive_model(statement)

    def forged(step: Step) -> Step:
        return replace(step, result=step.result + q**2 / h) if isinstance(step, Expectation) else step

    argument = tuple(replace(one, proof=tuple(map(forged, one.proof))) for one in solution.argument)
    assert argument != solution.argument
    assert not check_solution(statement, replace(solution, argument=argument), 0).accepted
