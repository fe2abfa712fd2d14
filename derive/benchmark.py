"""A question to a contract: which value of one of its terms makes a decision the one that another protocol takes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Symbol


@dataclass(frozen=True)
class Coordination:
    """`term` (a variable that nobody chooses) is to be what makes a protocol's decision that of the protocol `benchmark`."""

    term: Symbol
    benchmark: str
