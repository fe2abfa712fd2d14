"""What a proof of one relation looks like. Each certificate is data that `derive.check.certificates` can replay.

A certificate establishes ``claim`` at every real point where all of ``given`` hold. ``claim`` is a SymPy relation, or ``false``
when the certificate shows that ``given`` has no solution.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy.logic.boolalg import Boolean


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Base of all certificates: what is established, and under which relations."""

    claim: Boolean
    given: tuple[Boolean, ...]
