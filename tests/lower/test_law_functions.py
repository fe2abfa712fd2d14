"""Closed forms, moments and derivative rules of laws, against scipy."""

from __future__ import annotations

import pytest
import scipy.integrate
import sympy
from sympy import Integer, Symbol

from derive.ir import GeneralDistribution, Uniform, symbols
from derive.shocks import (
    Cdf,
    Density,
    Overage,
    cdf,
    conditions,
    density,
    law_values,
    mean,
    moment,
    overage,
    replace_law,
)
from tests.lower.numeric import LAWS, number

z, x, A, B, mu = symbols("z x A B mu")
GENERAL = GeneralDistribution("F", A, B, mu, igfr=True)


def test_overage_differentiates_to_cdf_and_cdf_to_density() -> None:
    assert Overage("F", z).diff(z) == Cdf("F", z)
    assert Cdf("F", z).diff(z) == Density("F", z)
    assert Overage("F", x * z**2).diff(z) == 2 * x * z * Cdf("F", x * z**2)
    assert Overage("F", z).diff(x) == 0
    assert (z - Overage("F", z)).diff(z, 2) == -Density("F", z)


def test_a_density_of_something_composite_is_not_differentiated() -> None:
    with pytest.raises(ValueError, match="not assumed differentiable"):
        Density("F", z**2).diff(z)


def test_names_do_not_count_as_symbols_and_keep_laws_apart() -> None:
    assert Overage("F", z * x).free_symbols == {z, x}
    assert Cdf("F", z) != Cdf("G", z)
    assert Cdf("F", z).xreplace({Symbol("F"): x}) == Cdf("F", z)


@pytest.mark.parametrize(
    ("node", "text", "latex"),
    [
        (Cdf("F", z), "F(z)", r"F\left(z\right)"),
        (Density("F", z), "f(z)", r"f\left(z\right)"),
        (Overage("F", z) ** 2, "Lambda(z)**2", r"\Lambda^{2}\left(z\right)"),
        (Overage("F_D", z), "Lambda_D(z)", r"\Lambda_{D}\left(z\right)"),
    ],
)
def test_printing(node: sympy.Expr, text: str, latex: str) -> None:
    assert str(node) == text
    assert sympy.latex(node) == latex


@pytest.mark.parametrize("name", LAWS)
def test_closed_forms_against_scipy(name: str) -> None:
    law, reference = LAWS[name]
    for probability in (0.03, 0.2, 0.5, 0.8, 0.97):
        point = float(reference.ppf(probability))
        low = float(reference.support()[0])
        leftover = scipy.integrate.quad(reference.cdf, low, point, epsabs=0, limit=200)[0]
        assert number(cdf(law, z), {z: point}) == pytest.approx(probability, rel=1e-12)
        assert number(density(law, z), {z: point}) == pytest.approx(float(reference.pdf(point)), rel=1e-12)
        assert number(overage(law, z), {z: point}) == pytest.approx(leftover, rel=1e-6)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_moments_against_scipy(name: str, order: int) -> None:
    law, reference = LAWS[name]
    assert float(moment(law, order)) == pytest.approx(float(reference.moment(order)), rel=1e-10)


@pytest.mark.parametrize("name", LAWS)
def test_mean_against_scipy(name: str) -> None:
    law, reference = LAWS[name]
    assert float(mean(law)) == pytest.approx(reference.mean(), rel=1e-12)


def test_a_general_law_has_its_mean_and_no_other_moment() -> None:
    assert mean(GENERAL) == mu
    assert moment(GENERAL, 2) is None


def test_a_named_law_replaces_a_general_one_also_inside_an_argument() -> None:
    law = Uniform(Integer(0), Integer(2))
    nested = Cdf("F", z + Overage("F", z))
    assert replace_law(nested, "F", law) == (z + z**2 / 4) / 2
    assert replace_law(nested, "G", law) == nested
    assert dict(law_values(GENERAL, law)) == {A: 0, B: 2, mu: 1}


def test_conditions_of_a_law_leave_out_what_is_plainly_true() -> None:
    assert conditions(Uniform(Integer(0), Integer(2))) == ()
    assert conditions(Uniform(Integer(0), B)) == (B > 0,)
    assert conditions(GENERAL) == (B > A, mu > A, mu < B)
