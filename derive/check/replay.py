"""Replays certificates that were written to files: what is accepted here needs no trust in whoever wrote the text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
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
    """How many certificates of the verdicts kept below a folder are accepted, and what is wrong with the others."""
    accepted, wrong = 0, []
    known: set[str] = set()
    for path in sorted(Path(folder).glob("**/*.json")):
        try:
            parts = json.loads(path.read_text("utf-8"))["parts"]
            if parts in known:  # one argument behind several verdicts
                continue
            known.add(parts)
            found = [value for value in values_of(parts) if isinstance(value, Certificate)]
            for certificate in found:
                check(certificate)
            accepted += len(found)
        except (OSError, Unreadable, *_FAULTS) as fault:
            wrong.append(f"{path.name}: {fault or type(fault).__name__}")
    return accepted, tuple(wrong)


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
