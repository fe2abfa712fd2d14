"""What an audit says: verdicts on claims with the conditions under which they hold, and comparisons of what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Rational, Symbol

from derive.audit.assertions import Obligation
from derive.audit.conditions import Condition, Never
from derive.audit.printed import Comparison
from derive.ir import Claim
from derive.prove.verdicts import Verdict

PROVED, REFUTED, CONDITIONAL, VACUOUS, UNDECIDED, LOST = "proved", "refuted", "holds iff", "vacuous", "undecided", "data lost"

Piece = Verdict | Never


@dataclass(frozen=True)
class Judgement:
    """A verdict for one scope of a claim: in general, or on the paper's own window; `parts` are its obligations with theirs.

    Of a claim that holds under a condition, `condition` says where, exactly, over all regimes.
    """

    scope: str
    law: str
    status: str
    parts: tuple[tuple[Obligation, Piece], ...]
    reason: str = ""
    condition: Condition | None = None


@dataclass(frozen=True)
class Finding:
    """A claim with its judgements."""

    claim: Claim
    judgements: tuple[Judgement, ...]

    @property
    def status(self) -> str:
        """The verdict in one word, in general where that is settled."""
        return self.judgements[0].status if self.judgements else UNDECIDED


@dataclass(frozen=True)
class Audit:
    """Everything that was judged about a statement."""

    model: str
    findings: tuple[Finding, ...]
    comparisons: tuple[Comparison, ...]
    errata: tuple[str, ...]


def point_text(point: Sequence[tuple[Symbol, Rational]]) -> str:
    """A counterexample as a reader would write it."""
    return ", ".join(f"{symbol} = {value}" for symbol, value in point)
