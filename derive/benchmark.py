"""A question to a contract: which values of its terms make a decision the one that another protocol takes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Symbol


@dataclass(frozen=True)
class Coordination:
    """`term` (one or several variables that nobody chooses) is to be what makes a protocol's decision that of the protocol `benchmark`.

    Several terms leave a family: `share`, a parameter, is then the multiple of the benchmark's marginal payoff that whoever decides
    is to have.
    """

    term: Symbol | tuple[Symbol, ...]
    benchmark: str
    share: Symbol | None = None

    @property
    def terms(self) -> tuple[Symbol, ...]:
        """All terms that are asked for."""
        return self.term if isinstance(self.term, tuple) else (self.term,)
