"""Signs by the coefficients in one positive symbol: a coefficient that is a number of the wrong sign ends the attempt."""

from __future__ import annotations

from derive.check.certificates import check
from derive.ir import symbols
from derive.prove.api import prove_any
from derive.prove.effort import allowance

p_d, p_r, w, k, eta, rho, s_d, s_r = symbols("p_d p_r w k eta rho s_d s_r")
GIVEN = (
    p_d > 0, w > 0, w < p_r, k > 0, eta > 0, rho > 0, s_d > 0, s_r > 0,
    eta * k * p_d**2 * p_r * rho * s_d + k**3 * p_r * w**2
    > eta * (p_d**2 * rho * s_d * (eta + k * w) + w**2 * (eta * rho * s_r + k**2)),
    eta * p_d + k * p_d * w > eta * w + k * p_d * p_r,
)  # fmt: skip


def test_a_number_of_the_wrong_sign_is_no_summand_of_a_proof() -> None:
    """Where no point is known, nothing else has excluded the attempt."""
    for claim in (eta - k * p_r < 0, (k * p_r - eta) / (k * w**2) > 0):
        proof = prove_any(claim, GIVEN, allowance(60, 0))
        if proof is not None:
            check(proof)
