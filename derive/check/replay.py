"""Replays certificates that were written to files: what is accepted here needs no trust in whoever wrote the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sympy.logic.boolalg import Boolean

from derive.check.certificates import check
from derive.check.fractions import Rejected
from derive.prooftext import Unreadable, from_text, values_of

_FAULTS = (Rejected, AttributeError, TypeError, ValueError, KeyError, IndexError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Replayed:
    """Whether a text proves its `claim` wherever all of `given` hold, and if not, why not."""

    accepted: bool
    claim: Boolean | None = None
    given: tuple[Boolean, ...] = ()
    reason: str = ""


def replay_all(_report: Callable[[str], None], folder: str) -> tuple[int, tuple[str, ...]]:
    """How many of the certificates that were written beside a model's proofs are accepted, and what is wrong with the others."""
    accepted, wrong = 0, []
    paths = sorted(Path(folder).glob("**/certificates.json"))
    for path in paths:
        try:
            found = values_of(path.read_text("utf-8"))
        except (OSError, Unreadable) as fault:
            wrong.append(f"{path.name}: {fault}")
            continue
        for number, certificate in enumerate(found, 1):
            try:
                check(certificate)
                accepted += 1
            except _FAULTS as fault:
                wrong.append(f"{path.name}, certificate {number}: {fault or type(fault).__name__}")
    return accepted, (*wrong, *(() if paths else (f"{folder} has no certificates.json: derive the model first",)))


def replay(text: str) -> Replayed:
    """Read a certificate from its JSON text and check it."""
    try:
        certificate = from_text(text)
    except Unreadable as fault:
        return Replayed(False, reason=str(fault))
    try:
        check(certificate)
    except _FAULTS as fault:
        return Replayed(False, certificate.claim, certificate.given, str(fault) or type(fault).__name__)
    return Replayed(True, certificate.claim, certificate.given)
