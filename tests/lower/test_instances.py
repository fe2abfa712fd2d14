"""Stocking factors under named laws: closed forms and brackets against a root finder; whole solutions against the paper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from sympy import Expr, Integer, Rational, Symbol, lambdify

from derive.errors import Refusal
from derive.ir import Distribution, Exponential, PowerDistribution, Uniform, symbols
from derive.law.instances import specialise, specialise_solution
from derive.law.lemmas import LEMMAS, quantity
from derive.shocks import Cdf, Density, replace_law
from derive.solution import Implicit, Regime, Solution
from derive.steps import Identity, Sign
from models.consignment.model import model as consignment
from tests.lower.numeric import number

z, b, k, A, B, mu, share = symbols("z_1 b k A B mu kappa")
a, gamma, c, alpha, p, q, r = symbols("a gamma c alpha p_1 q r")
Pi_R = Symbol("Pi_R", real=True)
NAMED: dict[str, Distribution] = {
    "uniform": Uniform(Integer(0), B),
    "shifted uniform": Uniform(A, B),
    "exponential": Exponential(mu),
    "power": PowerDistribution(B, k),
}
GIVEN = (b > 1, A >= 0, A < B, mu > 0, k > 0, B > 0)
POINTS = tuple({b: value, A: 0.5, B: 2.0, mu: 1.3, k: exponent} for value, exponent in ((1.2, 0.4), (2.5, 1.0), (6.0, 3.0)))


def root(core: Expr, law: Distribution, point: dict) -> float | None:
    """The root of the condition inside the support by bisection, or None."""
    function = lambdify(z, replace_law(core, "F", law).xreplace({s: Rational(str(v)) for s, v in point.items()}))
    low = point[A] if law == NAMED["shifted uniform"] else 0.0
    high = 200.0 if isinstance(law, Exponential) else point[B]
    ends = low + 1e-9 * (high - low), high - 1e-9 * (high - low)
    return brentq(function, *ends, xtol=1e-14) if function(ends[0]) * function(ends[1]) < 0 else None


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("key", [entry.key for entry in LEMMAS])
def test_closed_forms_and_brackets_against_bisection(name: str, key: str) -> None:
    law = NAMED[name]
    level = (b - 1) / b
    core = quantity(key, "F", z) - level
    special = specialise(core, z, "F", law, GIVEN)
    for point in POINTS:
        expected = root(core, law, point)
        if expected is None:
            # The condition has no root in the support here: a closed form valid for all b > 1 would be wrong.
            assert special.closed is None or isinstance(law, Exponential)
            continue
        if special.closed is not None:
            assert number(special.closed, point) == pytest.approx(expected, rel=1e-9)
        high = np.inf if not special.high.is_finite and special.high.is_number else number(special.high, point)
        assert number(special.low, point) <= expected <= high


def test_which_closed_forms_are_found() -> None:
    def closed(key: str, name: str) -> Expr | None:
        return specialise(quantity(key, "F", z) - (b - 1) / b, z, "F", NAMED[name], GIVEN).closed

    assert closed("elasticity-decreasing", "uniform") == 2 * B / (b + 1)
    assert closed("elasticity-decreasing", "exponential") is None
    assert closed("elasticity-decreasing", "shifted uniform") is not None
    assert closed("elasticity-decreasing", "power") is not None
    assert all(closed("cdf-increasing", name) is not None for name in NAMED)
    assert closed("sales-per-unit-decreasing", "uniform") is None


def test_a_level_without_known_range_gives_no_closed_form() -> None:
    core = quantity("elasticity-decreasing", "F", z) - share
    assert specialise(core, z, "F", NAMED["uniform"], (B > 0,)).closed is None
    assert specialise(core, z, "F", NAMED["uniform"], (B > 0, share > 0, share < 1)).closed is not None


def test_a_closed_form_comes_with_its_proof() -> None:
    special = specialise(quantity("elasticity-decreasing", "F", z) - (b - 1) / b, z, "F", NAMED["power"], GIVEN)
    kinds = [type(step) for step in special.proof]
    assert kinds.count(Identity) == 1
    assert kinds.count(Sign) == 2
    power, value = special.power
    assert power == (z / B) ** k
    assert number(value, POINTS[1]) == pytest.approx(number(special.closed / B, POINTS[1]) ** POINTS[1][k])


def test_a_condition_that_no_lemma_names_is_solved_as_it_is() -> None:
    special = specialise(1 - Cdf("F", z) - z * Density("F", z) - 1 / b, z, "F", NAMED["uniform"], GIVEN)
    assert special.closed is not None
    assert number(special.closed, POINTS[1]) == pytest.approx(number(B * (1 - 1 / b) / 2, POINTS[1]))


# --- a solution written out by hand from the paper's Table 2 -----------------------------------------------------------

SALES = quantity("sales-increasing", "F", z)
TDC = Solution(
    model="consignment",
    protocol="TDC",
    instance="",
    assumptions=consignment.assumptions,
    regimes=(
        Regime(
            name="interior",
            region=(z > A,),
            values=(
                (p, (b - gamma) * c / (b - gamma - 1) * (b + 2 * alpha - b * alpha - 1) / (b - 1) * z / SALES),
                (q, 2 * a * p ** (gamma - b) * z),
                (Pi_R, c * (b + 2 * alpha - b * alpha - 1) / ((b - gamma - 1) * (b - 1)) * q),
            ),
            implicit=(Implicit(z, quantity("elasticity-decreasing", "F", z) - (b - 1) / b, A, B, -1),),
        ),
    ),
    argument=(),
)
POINT = {a: 10.0, b: 4.0, gamma: 1.4, c: 1.625, alpha: 0.75 / 1.625, B: 2.0}


def evaluated(solution: Solution, point: dict) -> dict:
    (regime,) = solution.regimes
    known = dict(point)
    for unknown in regime.implicit:
        low, high = number(unknown.low, known), number(unknown.high, known)
        equation = lambdify(unknown.symbol, unknown.equation.xreplace({s: Rational(str(v)) for s, v in known.items()}))
        assert unknown.sign * (equation(high) - equation(low)) > 0
        known[unknown.symbol] = brentq(equation, low, high, xtol=1e-15)
    for symbol, value in regime.values:
        known[symbol] = number(value, known)
    return known


def test_the_uniform_instance_reproduces_printed_digits() -> None:
    found = evaluated(specialise_solution(TDC, consignment, "uniform"), POINT)
    assert (round(found[p], 4), round(found[q], 4), round(found[Pi_R], 4)) == (2.2852, 1.8661, 1.3121)


def test_the_uniform_instance_is_free_of_the_stocking_factor_in_its_price() -> None:
    solution = specialise_solution(TDC, consignment, "uniform")
    (regime,) = solution.regimes
    assert regime.implicit == ()
    assert dict(regime.values)[z] == 2 * B / (b + 1)
    assert dict(regime.values)[p].free_symbols <= {b, gamma, c, alpha}
    assert not any(A in relation.free_symbols or mu in relation.free_symbols for relation in solution.assumptions)
    assert solution.instance == "uniform"
    assert solution.argument[-1].kind == "corollary"


@pytest.mark.parametrize(("key", "law"), [("exponential", NAMED["exponential"]), ("power", NAMED["power"])])
def test_other_instances_against_the_general_formulas(key: str, law: Distribution) -> None:
    point = {**POINT, mu: 1.3, k: 2.5} if key == "power" else {**POINT, mu: 1.3}
    found = evaluated(specialise_solution(TDC, consignment, key), point)
    stock = root(TDC.regimes[0].implicit[0].equation, law, {A: 0.0, **point})
    assert found[z] == pytest.approx(stock, rel=1e-9)
    price = number(replace_law(dict(TDC.regimes[0].values)[p], "F", law), {**point, z: stock})
    assert found[p] == pytest.approx(price, rel=1e-9)


def test_an_instance_that_contradicts_the_assumptions_is_refused() -> None:
    strict = Solution(**{**TDC.__dict__, "assumptions": (*TDC.assumptions, A > 0)})
    with pytest.raises(Refusal, match="contradicts"):
        specialise_solution(strict, consignment, "uniform")


def test_an_unknown_instance_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        specialise_solution(TDC, consignment, "cauchy")


def test_the_law_is_gone_from_every_formula() -> None:
    for instance in consignment.instances:
        solution = specialise_solution(TDC, consignment, instance.key)
        for regime in solution.regimes:
            assert not any(value.has(Cdf) for _, value in regime.values)
            assert not any(unknown.equation.has(Cdf) for unknown in regime.implicit)
