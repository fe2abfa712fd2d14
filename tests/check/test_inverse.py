"""Steps about choices made through their response and about conditions on a quantity inside the support: true and forged ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from sympy import Expr, Integer, Min, Rational, oo, sqrt
from sympy.logic.boolalg import Boolean

from derive import inverse, steps
from derive.certificates import Certificate
from derive.check.certificates import Rejected
from derive.check.steps import check_step
from derive.inverse import LawTerm
from derive.ir import Decision, GeneralDistribution, Model, Parameter, Player, Protocol, Shock, Stage, Variable, symbols
from derive.law.lawsums import expression, falls_by_law
from derive.prove import prove
from derive.shocks import Cdf, Density, Overage

p, c, B, mu, q, w, k, eps, Pi = symbols("p c B mu q w k epsilon Pi")
LAW = GeneralDistribution("F", Integer(0), B, mu, igfr=True)
KNOWN: tuple[Boolean, ...] = (c > 0, p > c, k > 0, k < 1, B > 0, mu > 0, mu < B)
INSIDE: tuple[Boolean, ...] = (q > 0, q < B, Cdf("F", q) < 1)
F, f, S = Cdf("F", q), Density("F", q), q - Overage("F", q)


def model(law: GeneralDistribution = LAW) -> Model:
    return Model(
        "shop", "A shop", "made up", tuple(Parameter(s, "given") for s in (p, c, k, B, mu)), KNOWN,
        (Variable(q, "order", (q >= 0,)),), (Player("shop", p * Min(q, eps) - c * q, Pi),),
        (Protocol("alone", "It orders", (Stage((Decision(("shop",), (q,)),)),)),), shocks=(Shock(eps, law, "demand"),),
    )  # fmt: skip


def certificate(claim: Boolean) -> Certificate:
    found = prove(claim, (*KNOWN, *INSIDE))
    assert found is not None
    return found


TERMS = (LawTerm(p, 0, 0, 0, 0), LawTerm(-p * k, 0, 0, 0, 1), LawTerm(-c, -1, 0, 0, 0))
FALLING = inverse.FallingByLaw(
    label="fall", given=(*KNOWN, *INSIDE), variable=q, law="F", core=p - p * k * q * f / (1 - F) - c / (1 - F), terms=TERMS,
    low=Integer(0), high=B, limits=(p - c, -oo), certificates=(certificate(-p * k < 0), certificate(-c < 0)),
)  # fmt: skip
ROOT = steps.ImplicitRoot(
    label="root", given=KNOWN, symbol=q, core=(p - w) / p - F, low=Integer(0), high=B, limits=((p - w) / p, -w / p),
    lemma="cdf-increasing",
)  # fmt: skip
TURN = inverse.ByResponse(
    label="turn", given=(*KNOWN, *INSIDE), before=(w - c) * q, choice=w, response=q, equation=(p - w) / p - F, factor=p,
    lead=Integer(-1), value=p * (1 - F), certificate=None, after=(p * (1 - F) - c) * q,
)  # fmt: skip


HUMP = inverse.RiseThenFall(
    label="hump", given=(*KNOWN, *INSIDE), variable=q, law="F", core=(1 - F) * (p + k * S) - c, base=p, rate=k, constant=c,
    low=Integer(0), high=B, limits=(p - c, -c),
    certificates=(certificate(k > 0), certificate(c > 0), certificate(p - c >= 0)),
)  # fmt: skip
STEADY = replace(LAW, ifr=True)
HALF = Cdf("F", q / 2)
CDFS = inverse.FallingCdfs(
    label="cdfs", given=(*KNOWN, *INSIDE), variable=q, core=p - c - p * F - c * HALF, constant=p - c,
    terms=(inverse.CdfTerm(-p, "F", q), inverse.CdfTerm(-c, "F", q / 2)), low=Integer(0), high=B,
    limits=(p - c, -c - c * Cdf("F", B / 2)), certificates=(certificate(-p < 0), certificate(-c <= 0), None),
)  # fmt: skip


RANGE: tuple[Boolean, ...] = (*KNOWN, q > 0, q < 1)
BEND = inverse.Bend(
    label="bend", given=RANGE, variable=q, core=c - p * q**3 + k * q, curvature=-6 * p * q,
    certificate=prove(-6 * p * q < 0, RANGE), end=Integer(0), at_end=c, end_certificate=prove(c >= 0, RANGE),
)  # fmt: skip
PEAKS = inverse.FewPeaks(
    label="peaks", given=RANGE, variable=q, core=c - 2 * p * q + q**2, order=2, derivative=Integer(2), certificate=None,
    root=p - sqrt(p**2 - c),
)  # fmt: skip
RISING = inverse.FewPeaks(
    label="rising", given=RANGE, variable=q, core=p * q - c, order=1, derivative=p, certificate=prove(p > 0, RANGE), root=None,
)  # fmt: skip


def test_true_steps_are_accepted() -> None:
    for step in (BEND, PEAKS, RISING):
        check_step(step, model(), KNOWN)
    check_step(FALLING, model(), KNOWN)
    check_step(TURN, model(), KNOWN, earlier=(ROOT,))


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (replace(FALLING, core=FALLING.core + 1), "sum of the terms"),
        (replace(FALLING, limits=(p, -oo)), "value at an end"),
        (replace(FALLING, limits=(p - c, -c)), "value at an end"),
        (replace(FALLING, high=2 * B), "ends of the support"),
        (replace(FALLING, law="G"), "no law"),
        (replace(FALLING, certificates=FALLING.certificates[:1]), "missing"),
        (replace(FALLING, certificates=FALLING.certificates[::-1]), "proves"),
        (
            replace(
                FALLING, terms=(TERMS[0], LawTerm(-c, 0, 1, -1, 0)), core=p - c * q / S, certificates=(certificate(-c < 0),)
            ),
            "value at an end",
        ),
        (
            replace(
                FALLING,
                terms=(TERMS[0], LawTerm(-c, 1, 2, 0, 0)),
                core=p - c * (1 - F) * q**2,
                certificates=(certificate(-c < 0),),
            ),
            "rise and fall",
        ),
        (
            replace(FALLING, terms=TERMS[:2], core=p - p * k * q * f / (1 - F), certificates=FALLING.certificates[:1]),
            "no term falls",
        ),
        (replace(TURN, value=p * F), "so chosen"),
        (replace(TURN, lead=Integer(1)), "coefficient of w"),
        (replace(TURN, after=(p * (1 - F) - c) * q + c), "objective in q"),
        (replace(TURN, equation=(p - w) / p - F / 2, value=p * (1 - F / 2), after=(p * (1 - F / 2) - c) * q), "no response"),
        (replace(TURN, value=w), "its own value"),
        (replace(BEND, curvature=-3 * p * q), "curvature of the core"),
        (
            replace(BEND, core=-BEND.core, curvature=6 * p * q, certificate=prove(6 * p * q > 0, RANGE)),
            "no bound|core at the end",
        ),
        (replace(BEND, end=Integer(-1), at_end=c + p - k), "no bound"),
        (replace(BEND, at_end=c + 1), "core at the end"),
        (replace(BEND, core=BEND.core - 2 * c, at_end=-c, end_certificate=prove(-c <= 0, RANGE)), "proves"),
        (replace(BEND, given=(*RANGE, q**2 > Rational(1, 2))), "interval"),
        (replace(PEAKS, root=p + sqrt(p**2 - c)), "rises through"),
        (replace(PEAKS, root=p), "the root"),
        (replace(PEAKS, root=None), "missing"),
        (replace(PEAKS, derivative=Integer(1)), "derivative of the core"),
        (replace(RISING, core=-RISING.core, derivative=-p, certificate=prove(-p < 0, RANGE)), "has a peak"),
        (replace(RISING, order=3), "order"),
    ],
)
def test_forged_steps_are_rejected(step: steps.Step, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_step(step, model(), KNOWN, earlier=(ROOT,))


def test_a_product_that_rises_and_falls_is_accepted() -> None:
    check_step(HUMP, model(STEADY), KNOWN)


def test_a_sum_of_distribution_functions_is_accepted() -> None:
    check_step(CDFS, model(), KNOWN)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (replace(CDFS, core=CDFS.core + 1), "sum of the terms"),
        (replace(CDFS, constant=p * q, core=CDFS.core + p * q - p + c), "in a coefficient"),
        (replace(CDFS, high=2 * B), "ends of the support"),
        (replace(CDFS, limits=(p, CDFS.limits[1])), "value at an end"),
        (replace(CDFS, limits=(p - c, -c)), "value at an end"),
        (replace(CDFS, certificates=CDFS.certificates[:2]), "missing"),
        (replace(CDFS, terms=CDFS.terms[::-1]), "ends of the support"),
        (
            replace(CDFS, terms=(CDFS.terms[0], inverse.CdfTerm(c, "F", q / 2)), core=p - c - p * F + c * HALF),
            "proves",
        ),
        (
            replace(CDFS, terms=(CDFS.terms[0], inverse.CdfTerm(-c, "F", -q)), core=p - c - p * F - c * Cdf("F", -q)),
            "certificate|proves|sign",
        ),
    ],
)
def test_forged_sums_are_rejected(step: steps.Step, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_step(step, model(), KNOWN)


@pytest.mark.parametrize(
    ("step", "law", "reason"),
    [
        (HUMP, LAW, "not known not to fall"),
        (replace(HUMP, core=HUMP.core + 1), STEADY, "product"),
        (replace(HUMP, base=p * q, core=(1 - F) * (p * q + k * S) - c), STEADY, "in a coefficient"),
        (replace(HUMP, limits=(p, -c)), STEADY, "value at an end"),
        (replace(HUMP, limits=(p - c, Integer(0))), STEADY, "value at an end"),
        (replace(HUMP, low=c), STEADY, "ends of the support"),
        (replace(HUMP, certificates=HUMP.certificates[:2]), STEADY, "missing"),
        (replace(HUMP, rate=-k, core=(1 - F) * (p - k * S) - c), STEADY, "proves"),
        (replace(HUMP, base=c / 2, core=(1 - F) * (c / 2 + k * S) - c, limits=(-c / 2, -c)), STEADY, "proves"),
    ],
)
def test_forged_products_are_rejected(step: steps.Step, law: GeneralDistribution, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_step(step, model(law), KNOWN)


def test_without_an_increasing_failure_rate_the_step_is_rejected() -> None:
    with pytest.raises(Rejected, match="not known to rise"):
        check_step(FALLING, model(replace(LAW, igfr=False)), KNOWN)


def test_a_response_needs_its_condition() -> None:
    with pytest.raises(Rejected, match="no response"):
        check_step(TURN, model(), KNOWN)


@pytest.mark.parametrize(
    "core",
    [
        p * (1 - F) - p * k * q * f - c,
        p - c / (1 - F) - c * S * f / (1 - F) ** 3,
        q * (1 - F) - k * S,
        p * S / q - c,
        p - c - p * F,
    ],
)
def test_conditions_that_fall_under_every_law(core: Expr) -> None:
    """Each is positive times a sum that falls, numerically so for laws of three shapes with increasing generalised failure rate."""
    found = falls_by_law(core, q, LAW, KNOWN)
    assert found is not None
    total = sum((expression(term, q, "F") for term in found.terms), start=Integer(0))
    at = {p: Rational(7), c: Rational(2), k: Rational(1, 3)}
    for cdf in (q, q**3, 1 - (1 - q) ** 2):
        over = cdf.integrate((q, 0, q))
        values = {F: cdf, f: cdf.diff(q), Overage("F", q): over}
        positive = found.split.positive.xreplace(values).xreplace(at)
        shown = [total.xreplace(values).xreplace({**at, q: Rational(i, 20)}) for i in range(1, 20)]
        assert all(after < before for before, after in pairwise(shown))
        assert all(positive.xreplace({q: Rational(i, 20)}) > 0 for i in range(1, 20))
        whole = core.xreplace(values).xreplace(at)
        for i in (3, 11):
            point = {q: Rational(i, 20)}
            assert (positive * total.xreplace(values).xreplace(at) - whole).xreplace(point) == 0


def test_conditions_that_need_not_fall() -> None:
    assert falls_by_law(p * q * (1 - F) - c, q, LAW, KNOWN) is None
    assert falls_by_law(p * (1 - F) - p * k * q * f - c, q, replace(LAW, igfr=False), KNOWN) is None
    assert falls_by_law(p * (1 - F) - p * k * q * f - c, q, replace(LAW, low=mu / 2), KNOWN) is None
