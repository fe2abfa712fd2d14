"""Claims with long denominators, proved with a name for a ratio; sums whose terms all have one sign."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from sympy import Rational, sqrt
from sympy.logic.boolalg import Boolean

from derive.certificates import Named
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove import prove, witness

a, c, k, m, r, v, w = symbols("a c k m r v w")
POSITIVE: tuple[Boolean, ...] = (a > 0, c > 0, k > 0, w > 0, r > 0, v > 0, m > w)

# An agent's share of what the principal earns, by the variance v of one task (r is the aversion to risk, m - w a margin).
TOP = k**2 * a**2 - c * r * w * (m - w)
BOTTOM = c * r * (a**2 * v + w**2) + k**2 * a**2
SHARE = TOP / BOTTOM


def _kinds(value: object) -> set[type]:
    if isinstance(value, tuple):
        return {kind for part in value for kind in _kinds(part)}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value)}.union(*(_kinds(getattr(value, field.name)) for field in fields(value)))
    return set()


GIVEN = (*POSITIVE, TOP >= 0, c * BOTTOM >= k * a * TOP, k * a >= c)
LOSS = c**2 - 2 * c * k * a + SHARE * TOP


def test_a_claim_that_is_short_in_terms_of_a_share() -> None:
    """With ``k a x <= c`` for the share x, ``c**2 - 2 c k a + x TOP <= c**2 - c k a <= 0``."""
    proof = prove(LOSS < 0, GIVEN, work=7500)
    assert proof is not None
    check(proof)
    assert Named in _kinds(proof)


@pytest.mark.parametrize("false", [c * k * a / 2 + LOSS < 0, -(c**2) > LOSS, LOSS * (m - 2 * w) < 0])
def test_false_claims_of_that_form_are_not_proved(false: Boolean) -> None:
    assert prove(false, GIVEN, work=3000) is None
    assert witness((*GIVEN, ~false)) is not None


def test_coefficients_of_one_sign() -> None:
    """A long polynomial whose coefficients in r and v are short products of what is known."""
    first = (c - w) * (k - a) + c * (c - w) ** 2
    claim = r * (m - w) * (first + 3 * v**2 * w * (k - a) ** 2) + v * (c - w) * (a * m - w**2 + k * a) * Rational(1, 7) > 0
    proof = prove(claim, (*POSITIVE, c > w, k >= a, a > w))
    assert proof is not None
    check(proof)


def test_a_coefficient_that_is_a_number_has_the_sign_as_well() -> None:
    """``a**2 < 2 h**2`` with ``h = sqrt(v k)``: one coefficient in a is 1, and no point of the roots is known that would show it."""
    proof = prove(-(2 * v * k - a**2) / (2 * k) < 0, (a > 0, k > 0, v >= 0, k > a, sqrt(2) * sqrt(v * k) > a))
    assert proof is not None
    check(proof)
