"""The audit: every claim, printed formula and printed number of a paper, judged against what was derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Not, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.assertions import Obligation, obligations
from derive.coalition.ir import CoalitionGame
from derive.coalition.slips import misprint
from derive.errors import Refusal
from derive.ir import Claim, Model, PrintedFormula, PrintedNumber, PrintedRelation
from derive.printed import Comparison, compare_formula, compare_number, compare_relation
from derive.prove import decide, prove, refute
from derive.prove.oracle import satisfiable
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous, Verdict
from derive.solution import Solution
from derive.switching import decide_switch, speaks_of_switching


@dataclass(frozen=True)
class Judgement:
    """A verdict for one scope of a claim: in general, or on the paper's own window; `parts` are its obligations with theirs."""

    scope: str
    law: str
    status: str
    parts: tuple[tuple[Obligation, Verdict], ...]
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    """A claim with its judgements."""

    claim: Claim
    judgements: tuple[Judgement, ...]

    @property
    def status(self) -> str:
        """The verdict in one word, in general where that is settled."""
        return self.judgements[0].status if self.judgements else "undecided"


@dataclass(frozen=True)
class Audit:
    """Everything that was judged about a statement."""

    model: str
    findings: tuple[Finding, ...]
    comparisons: tuple[Comparison, ...]
    errata: tuple[str, ...]


SECONDS_EACH = 10.0
PROOFS_PER_CLAIM = 12
PROVED, REFUTED, CONDITIONAL, VACUOUS, UNDECIDED, LOST = "proved", "refuted", "holds iff", "vacuous", "undecided", "data lost"


def audit(statement: Any, solutions: Sequence[Solution]) -> Audit:
    """Judge all claims and compare everything printed."""
    definitions = {d.symbol: d.value for d in getattr(statement, "definitions", ())}
    domains = tuple(r for v in getattr(statement, "variables", ()) for r in v.domain)
    findings = tuple(Finding(c, _judge(c, solutions, definitions, domains)) for c in getattr(statement, "claims", ()))
    return Audit(statement.key, findings, _comparisons(statement, solutions), tuple(getattr(statement, "errata", ())))


def unexplained(found: Audit) -> tuple[str, ...]:
    """What a paper prints and the derivation contradicts, beyond the errata that the statement records."""
    wrong = [
        f"{c.where}: printed {c.printed}, derived {c.derived}"
        for c in found.comparisons
        if c.verdict == "contradicted" and c.where not in found.errata
    ]
    false = [
        f"claim {f.claim.key} is refuted" for f in found.findings if f.status == REFUTED and f.claim.key not in found.errata
    ]
    return (*wrong, *false)


# --- claims ----------------------------------------------------------------------------------------------------------------


def _judge(
    claim: Claim, solutions: Sequence[Solution], definitions: dict[Symbol, Expr], domains: tuple[Boolean, ...]
) -> tuple[Judgement, ...]:
    if claim.asserts is None:
        return (Judgement("in general", "", LOST, (), claim.needs),)
    scopes: list[tuple[str, tuple[Boolean, ...]]] = [("in general", ())]
    if claim.window:
        scopes.append(("on the paper's values", claim.window))
    return tuple(_in_scope(claim, name, extra, solutions, definitions, domains) for name, extra in scopes)


def _in_scope(
    claim: Claim,
    scope: str,
    extra: tuple[Boolean, ...],
    solutions: Sequence[Solution],
    definitions: dict[Symbol, Expr],
    domains: tuple[Boolean, ...],
) -> Judgement:
    """Under the general law first; under the claim's named one where that leaves it undecided."""
    laws = ("", claim.instance) if claim.instance and not extra else (claim.instance,)
    judgement = Judgement(scope, "", UNDECIDED, ())
    for law in laws:
        try:
            parts = obligations(claim, solutions, definitions, domains, law)
            decided = _decide_all(parts, extra)
            judgement = Judgement(scope, law, _summary(decided, extra), decided)
        except Refusal as refusal:
            judgement = Judgement(scope, law, UNDECIDED, (), refusal.message)
        if judgement.status != UNDECIDED:
            break
    return judgement


def _decide_all(parts: Sequence[Obligation], extra: tuple[Boolean, ...]) -> tuple[tuple[Obligation, Verdict], ...]:
    """Look for a counterexample everywhere first; search for proofs in as many places as the effort for one claim allows."""
    found: list[tuple[Obligation, Verdict]] = []
    proofs = 0
    for part in parts:
        given = (*part.given, *extra)
        empty = refute(given) if satisfiable(given) is not True else None
        if empty is not None:
            found.append((part, Vacuous(certificate=empty)))
        elif speaks_of_switching(part.asserts):
            found.append((part, decide_switch(part.asserts, given)))
        elif proofs >= PROOFS_PER_CLAIM:
            found.append(
                (part, Undecided(obligation=part.asserts, tried=("the effort for one claim is used up",), smt="unknown"))
            )
        else:
            verdict = decide(part.asserts, given, seconds=SECONDS_EACH)
            proofs += not isinstance(verdict, Refuted)
            found.append((part, verdict))
    return tuple(found)


def _summary(decided: Sequence[tuple[Obligation, Verdict]], extra: tuple[Boolean, ...]) -> str:
    """One word for all obligations: conditional when the claim is true in some regimes and false throughout the others."""
    real = [(o, v) for o, v in decided if not isinstance(v, Vacuous)]
    if not real:
        return VACUOUS
    refuted = [(o, v) for o, v in real if isinstance(v, Refuted)]
    if len(refuted) < len(real):
        if all(isinstance(v, Proved) for _, v in real):
            return PROVED
        settled = all(isinstance(v, Proved | HoldsIff) or (isinstance(v, Refuted) and _never(o, extra)) for o, v in real)
        if settled:
            return CONDITIONAL
    return REFUTED if refuted else UNDECIDED


def _never(obligation: Obligation, extra: tuple[Boolean, ...]) -> bool:
    return prove(Not(obligation.asserts), (*obligation.given, *extra)) is not None


# --- what is printed -------------------------------------------------------------------------------------------------------


def _comparisons(statement: Any, solutions: Sequence[Solution]) -> tuple[Comparison, ...]:
    found: list[Comparison] = []
    for printed in getattr(statement, "printed", ()):
        if isinstance(printed, PrintedNumber):
            found.append(_explained(compare_number(printed, solutions), printed, statement))
        elif isinstance(printed, PrintedFormula):
            found += compare_formula(printed, statement, solutions)
        elif isinstance(printed, PrintedRelation):
            found += compare_relation(printed, statement, solutions)
    return tuple(found)


def _explained(comparison: Comparison, printed: PrintedNumber, statement: Any) -> Comparison:
    """A contradicted share of a coalition game with the slip of the pen that accounts for it, where there is one."""
    if comparison.verdict != "contradicted" or not isinstance(statement, CoalitionGame):
        return comparison
    return replace(comparison, evidence=misprint(statement, printed) or comparison.evidence)


def point_text(point: Sequence[tuple[Symbol, Rational]]) -> str:
    """A counterexample as a reader would write it."""
    return ", ".join(f"{symbol} = {value}" for symbol, value in point)


__all__ = ["Audit", "Finding", "Judgement", "Model", "audit", "point_text", "unexplained"]
