"""What is found out about a claim."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate

Witness = tuple[tuple[Symbol, Rational], ...]


@dataclass(frozen=True)
class Proved:
    """The claim holds wherever the given relations do."""

    certificate: Certificate


@dataclass(frozen=True)
class Refuted:
    """At `witness` all given relations hold and the claim does not (exact substitution)."""

    witness: Witness


@dataclass(frozen=True)
class Threshold:
    """The root of `polynomial` in `symbol`, the only one with ``low < root < high`` (rational; equal when the root is rational)."""

    symbol: Symbol
    polynomial: Expr
    low: Rational
    high: Rational


@dataclass(frozen=True)
class HoldsIff:
    """Under the given relations the claim holds exactly where `condition` does.

    `sufficient` proves the claim from the given relations and the condition; `necessary` the condition from the given relations
    and the claim. At `witness` the claim fails. `thresholds` locate the roots of a condition on one symbol.
    """

    condition: Boolean
    sufficient: Certificate
    necessary: Certificate
    witness: Witness
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class Vacuous:
    """No real point satisfies the given relations."""

    certificate: Certificate


@dataclass(frozen=True)
class Undecided:
    """Neither proved nor refuted: `obligation` stalled after what `tried` names; `smt` is what an SMT solver says of the claim
    (supports, opposes, unknown), which is an opinion and no proof."""

    obligation: Boolean
    tried: tuple[str, ...]
    smt: str


Verdict = Proved | Refuted | HoldsIff | Vacuous | Undecided
