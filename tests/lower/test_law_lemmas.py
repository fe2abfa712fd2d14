"""The lemmas attacked with laws they may be used on, and their use on first-order conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import scipy.stats
from scipy.integrate import cumulative_trapezoid
from sympy import Expr, Rational, oo
from sympy.logic.boolalg import Boolean

from derive import field
from derive.ir import GeneralDistribution, Uniform, symbols
from derive.law.lemmas import LEMMAS, Lemma, ends, gap, implicit_slope, lemma, level, quantity, single_peak
from derive.shocks import Cdf, Density, Overage, replace_law
from derive.solution import Implicit
from tests.lower.numeric import number

z, z2, a, b, gamma, r, p, c, w, A, B, mu = symbols("z z_2 a b gamma r p c w A B mu")
F, LEFT = Cdf("F", z), Overage("F", z)
SALES = z - LEFT
LAW = GeneralDistribution("F", A, B, mu, igfr=True)
GIVEN: tuple[Boolean, ...] = (a > 0, b > 1, b - gamma > 1, gamma >= 0, r >= 0, r < 1, p > 0, c > 0, c < p, A >= 0, B > A)


# --- the lemmas, by numbers ------------------------------------------------------------------------------------------

REFERENCES = {
    "uniform": scipy.stats.uniform(0, 2),
    "shifted uniform": scipy.stats.uniform(0.7, 1.1),
    "exponential": scipy.stats.expon(scale=1.5),
    "steep power": scipy.stats.powerlaw(6),
    "flat power": scipy.stats.powerlaw(0.2),
    "weibull, decreasing hazard": scipy.stats.weibull_min(0.6),
    "gamma": scipy.stats.gamma(0.5),
    "lognormal": scipy.stats.lognorm(0.8),
    "pareto": scipy.stats.pareto(2.5),
}
# Two clusters: the generalised failure rate falls between them.
CLUSTERS = (scipy.stats.uniform(0, 1), scipy.stats.uniform(9, 1))


@dataclass(frozen=True)
class Curves:
    """cdf, expected sales and generalised failure rate over a grid inside the support."""

    z: np.ndarray
    cdf: np.ndarray
    sales: np.ndarray
    rate: np.ndarray

    def of(self, key: str) -> np.ndarray:
        elasticity = self.z * (1 - self.cdf) / self.sales
        return {
            "cdf-increasing": self.cdf,
            "elasticity-decreasing": elasticity,
            "sales-per-unit-decreasing": self.sales / self.z,
            "sales-increasing": self.sales,
        }[key]


def curves(cdf, pdf, low: float, high: float) -> Curves:
    fine = np.linspace(0, high, 2_000_001)
    sales = cumulative_trapezoid(1 - cdf(fine), fine, initial=0)
    margin = 1e-3 * (high - low)
    inside = np.flatnonzero((cdf(fine) > 1e-4) & (fine > low + margin) & (fine < high - margin))[::997]
    points = fine[inside]
    return Curves(points, cdf(points), sales[inside], points * pdf(points) / (1 - cdf(points)))


def reference_curves(name: str) -> Curves:
    law = REFERENCES[name]
    return curves(law.cdf, law.pdf, float(law.support()[0]), float(law.ppf(0.9999)))


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("entry", LEMMAS, ids=lambda entry: entry.key)
def test_each_lemma_holds_for_each_law_that_meets_its_hypotheses(name: str, entry: Lemma) -> None:
    found = reference_curves(name)
    assert np.all(np.diff(found.rate) >= -1e-9 * found.rate[1:]), "the reference law is meant to have an increasing rate"
    steps = entry.direction * np.diff(found.of(entry.key))
    assert np.all(steps > 0)


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("entry", LEMMAS, ids=lambda entry: entry.key)
def test_the_stated_limits_at_the_ends_of_the_support(name: str, entry: Lemma) -> None:
    law = REFERENCES[name]
    low, high = (float(end) for end in law.support())
    near = low + 1e-7 * (1 if low == 0 else low)
    far = high * (1 - 1e-9) if np.isfinite(high) else float(law.isf(1e-9))

    def at(point: float) -> float:
        sales = point * law.sf(point) + law.expect(lambda x: x, lb=low, ub=point, limit=200)
        return {
            "cdf-increasing": law.cdf(point),
            "elasticity-decreasing": point * law.sf(point) / sales,
            "sales-per-unit-decreasing": sales / point,
            "sales-increasing": sales,
        }[entry.key]

    general = GeneralDistribution("F", Rational(str(low)), B if np.isfinite(high) else oo, mu, igfr=True)
    first, last = (number(end, {mu: law.mean(), B: high}) for end in ends(entry.key, general))
    assert at(near) == pytest.approx(first, abs=0.07 if "flat" in name or "gamma" in name else 1e-3)
    assert at(far) == pytest.approx(last, abs=2e-3 + (0 if np.isfinite(high) else law.mean() / far))


def test_without_igfr_the_elasticity_need_not_be_monotone() -> None:
    def cdf(x: np.ndarray) -> np.ndarray:
        return sum(part.cdf(x) for part in CLUSTERS) / 2

    def pdf(x: np.ndarray) -> np.ndarray:
        return sum(part.pdf(x) for part in CLUSTERS) / 2

    found = curves(cdf, pdf, 0, 10)
    assert np.any(np.diff(found.rate) < 0)
    assert np.any(np.diff(found.of("elasticity-decreasing")) > 0)


def test_every_lemma_is_written_out() -> None:
    for entry in LEMMAS:
        assert lemma(entry.key) is entry
        assert all(text.count("$") % 2 == 0 for text in (entry.statement, entry.hypotheses, entry.limits, *entry.proof))
    with pytest.raises(KeyError):
        lemma("unheard-of")


# --- conditions ------------------------------------------------------------------------------------------------------

MARKUP = p * SALES - c * z
CONDITIONS = {
    "newsvendor": (p * (1 - F) - c, "cdf-increasing", (p - c) / p, -1),
    "newsvendor upside down": (c - p * (1 - F), "cdf-increasing", (p - c) / p, 1),
    "price substituted": (
        a * (b * c * z / ((b - 1) * (1 - r) * SALES)) ** (gamma - b) * ((1 - F) * b * c * z / ((b - 1) * SALES) - c),
        "elasticity-decreasing",
        (b - 1) / b,
        -1,
    ),
    "joint price": (
        (b - gamma) * (1 - F) * z - (b - gamma - 1) * SALES,
        "elasticity-decreasing",
        (b - gamma - 1) / (b - gamma),
        -1,
    ),
    "break even": (MARKUP, "sales-per-unit-decreasing", c / p, -1),
    "quota": (p * SALES - c, "sales-increasing", c / p, 1),
    "with another stock in it": (p * (1 - F) - c * Cdf("F", z2), "cdf-increasing", (p - c * Cdf("F", z2)) / p, -1),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_a_positive_factor_times_a_monotone_core(name: str) -> None:
    condition, key, expected, sign = CONDITIONS[name]
    peak = single_peak(condition, z, LAW, GIVEN)
    assert peak is not None
    assert (peak.lemma, peak.sign) == (key, sign)
    assert field.is_zero(peak.positive * peak.core - condition)
    assert field.is_zero(peak.level - expected)
    start, end = ends(key, LAW)
    direction = sign * lemma(key).direction
    assert field.is_zero(peak.limits[0] - direction * (start - peak.level))
    assert field.is_zero(peak.limits[1] - direction * (end - peak.level))


@pytest.mark.parametrize("name", [name for name in CONDITIONS if name != "with another stock in it"])
def test_the_positive_factor_is_positive_and_the_core_monotone_under_a_law(name: str) -> None:
    peak = single_peak(CONDITIONS[name][0], z, LAW, GIVEN)
    assert peak is not None
    parameters = {a: 10.0, b: 3.5, gamma: 1.25, r: 0.3, p: 2.0, c: 0.75, A: 0.0, B: 2.0, mu: 1.0}
    law = Uniform(Rational(0), Rational(2))
    points = [{**parameters, z: stock} for stock in np.linspace(0.02, 1.98, 25)]
    assert all(number(replace_law(peak.positive, "F", law), point) > 0 for point in points)
    cores = [number(replace_law(peak.core, "F", law), point) for point in points]
    assert np.all(peak.sign * np.diff(cores) > 0)


def condition_of(expression: Expr, **changes: object) -> object:
    return single_peak(expression, z, replace(LAW, **changes), GIVEN)


def test_hypotheses_are_asked_for() -> None:
    elasticity = CONDITIONS["joint price"][0]
    assert condition_of(elasticity) is not None
    assert condition_of(elasticity, igfr=False) is None
    assert condition_of(elasticity, low=-A - 1) is None
    assert condition_of(MARKUP, igfr=False) is not None
    assert condition_of(p * (1 - F) - c, igfr=False, low=mu - 1) is not None


@pytest.mark.parametrize(
    "condition",
    [
        p - c,
        p * (1 - F) - c * z,
        (p - w) * (1 - F) - c,
        (1 - F) * (F - c / p),
        p * (1 - F) * SALES - c,
        p * Density("F", z) - c,
        p * (1 - Cdf("G", z)) - c,
        p * (1 - Cdf("F", 2 * z)) - c,
    ],
)
def test_other_conditions_are_left_alone(condition: Expr) -> None:
    assert single_peak(condition, z, LAW, GIVEN) is None


def test_a_level_is_read_off_a_condition() -> None:
    reading = level(b * (1 - F) * z - (b - 1) * SALES, z, "F")
    assert reading is not None
    assert reading.lemma == "elasticity-decreasing"
    assert field.is_zero(reading.level - (b - 1) / b)


# --- comparative statics ---------------------------------------------------------------------------------------------


def elasticity_at(rate: Expr) -> Implicit:
    return Implicit(z, quantity("elasticity-decreasing", "F", z) - rate, A, B, -1)


def test_slope_of_an_implicit_quantity_against_differences() -> None:
    slope = implicit_slope(elasticity_at((b - 1) / b), b)
    law = Uniform(Rational(0), Rational(2))

    def stock(value: float) -> float:
        return 4 / (value + 1)

    for value in (1.5, 2.5, 6.0):
        step = 1e-5
        difference = (stock(value + step) - stock(value - step)) / (2 * step)
        point = {b: value, z: stock(value)}
        assert number(replace_law(slope.value, "F", law), point) == pytest.approx(difference, rel=1e-7)
    assert field.is_zero(slope.same_sign + 1 / b**2)


def test_slope_against_a_parameter_that_does_not_matter_is_zero() -> None:
    slope = implicit_slope(elasticity_at((b - 1) / b), gamma)
    assert slope.value == 0
    assert slope.same_sign == 0


def test_two_implicit_quantities_are_ordered_by_their_levels() -> None:
    alone, together = elasticity_at((b - 1) / b), elasticity_at((b - gamma - 1) / (b - gamma))
    difference = gap(together, alone, "F")
    assert difference is not None
    assert field.is_zero(difference - gamma / (b * (b - gamma)))
    assert gap(together, Implicit(z, F - c / p, A, B, 1), "F") is None
