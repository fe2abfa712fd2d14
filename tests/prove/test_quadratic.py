"""Completing the square: what its parts would have to be is seen before they are proved."""

from __future__ import annotations

from flint import fmpq_mpoly

from derive.certificates import Certificate
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove.effort import allowance
from derive.prove.portfolio import prove_polynomial
from derive.prove.quadratic import complete_square
from derive.prove.saturate import saturated
from derive.prove.theory import Theory

a, b, x = symbols("a b x")


def test_nothing_is_proved_where_the_discriminant_has_the_wrong_sign_somewhere() -> None:
    """``a x**2 + b x + a`` with ``a, b > 0`` has roots where ``b > 2 a``; with ``b < 2 a`` it has none."""
    for given, found in (((a > 0, b > 0), False), ((a > 0, b > 0, b < 2 * a), True)):
        proof, asked = _completed(saturated(given, (a, b, x)))
        assert (proof is not None) is bool(asked) is found
        if proof is not None:
            check(proof)


def _completed(known: Theory) -> tuple[Certificate | None, list[str]]:
    """What is found, and what was to be proved for it."""
    asked: list[str] = []

    def prove(part: fmpq_mpoly, op: str) -> Certificate | None:
        asked.append(f"{part} {op} 0")
        return prove_polynomial(known, part, op, allowance(1000, 0))

    return complete_square(known, known.space.fraction(a * x**2 + b * x + a).numerator, ">", prove), asked
