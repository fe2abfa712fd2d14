"""Replays certificates that were written to files: what is accepted here needs no trust in whoever wrote the text."""

from __future__ import annotations

from dataclasses import dataclass

from sympy.logic.boolalg import Boolean

from derive.check.certificates import check
from derive.check.fractions import Rejected
from derive.prooftext import Unreadable, from_text


@dataclass(frozen=True)
class Replayed:
    """Whether a text proves its `claim` wherever all of `given` hold, and if not, why not."""

    accepted: bool
    claim: Boolean | None = None
    given: tuple[Boolean, ...] = ()
    reason: str = ""


def replay(text: str) -> Replayed:
    """Read a certificate from its JSON text and check it."""
    try:
        certificate = from_text(text)
    except Unreadable as fault:
        return Replayed(False, reason=str(fault))
    try:
        check(certificate)
    except (Rejected, AttributeError, TypeError, ValueError, KeyError, IndexError, ArithmeticError, RecursionError) as fault:
        return Replayed(False, certificate.claim, certificate.given, str(fault) or type(fault).__name__)
    return Replayed(True, certificate.claim, certificate.given)
