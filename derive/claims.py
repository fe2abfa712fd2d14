"""The audit: every claim, printed formula and printed number of a paper, judged against what was derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import And, Expr, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, false

from derive.assertions import Obligation, left_open, obligations
from derive.certificates import Certificate
from derive.coalition.ir import CoalitionGame
from derive.coalition.slips import misprint
from derive.errors import Refusal
from derive.ir import Claim, Model, PrintedFormula, PrintedNumber, PrintedRelation
from derive.printed import Comparison, compare_formula, compare_number, compare_relation
from derive.prove import decide, prove, refute, witness
from derive.prove.atoms import has_atoms
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


WORK_EACH = 15_000
WORK_WITH_POWERS = 2_000  # the rational engines settle these at once or not at all
PROVED, REFUTED, CONDITIONAL, VACUOUS, UNDECIDED, LOST = "proved", "refuted", "holds iff", "vacuous", "undecided", "data lost"


def audit(statement: Any, solutions: Sequence[Solution]) -> Audit:
    """Judge all claims and compare everything printed."""
    definitions = {d.symbol: d.value for d in getattr(statement, "definitions", ())}
    domains = {v.symbol: v.domain for v in getattr(statement, "variables", ())}
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
    claim: Claim, solutions: Sequence[Solution], definitions: dict[Symbol, Expr], domains: dict[Symbol, tuple[Boolean, ...]]
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
    domains: dict[Symbol, tuple[Boolean, ...]],
) -> Judgement:
    """Under the general law first; under the claim's named one where that leaves it undecided."""
    laws = ("", claim.instance) if claim.instance and not extra else (claim.instance,)
    judgement = Judgement(scope, "", UNDECIDED, ())
    for law in laws:
        try:
            parts = obligations(claim, solutions, definitions, domains, law)
            decided = _decide_all(parts, extra)
            judgement = Judgement(scope, law, _summary(decided, extra), decided)
            unknown = left_open(claim, solutions, extra) if judgement.status != REFUTED else ""
            if unknown:
                judgement = replace(judgement, status=UNDECIDED, reason=unknown)
        except Refusal as refusal:
            judgement = Judgement(scope, law, UNDECIDED, (), refusal.message)
        if judgement.status != UNDECIDED:
            break
    return judgement


def _decide_all(parts: Sequence[Obligation], extra: tuple[Boolean, ...]) -> tuple[tuple[Obligation, Verdict], ...]:
    """Decide the obligations in turn, as far as they can still change the verdict on the claim.

    One undecided obligation leaves only a counterexample elsewhere worth looking for. A regime in which the claim is false at
    one point and not throughout refutes it: no condition on regimes can save it.
    """
    found: list[tuple[Obligation, Verdict]] = []
    undecided = refuted = False
    for part in parts:
        given = (*part.given, *extra)
        empty = _contradiction(given)
        if empty is not None:
            found.append((part, Vacuous(certificate=empty)))
            continue
        verdict = _counterexample(part, given) if undecided else _decide(part, given)
        if verdict is None:
            continue
        found.append((part, verdict))
        undecided, refuted = undecided or isinstance(verdict, Undecided), refuted or isinstance(verdict, Refuted)
        if refuted and (undecided or (isinstance(verdict, Refuted) and not _never(part, extra))):
            break
    return tuple(found)


def _decide(part: Obligation, given: tuple[Boolean, ...]) -> Verdict:
    if speaks_of_switching(part.asserts):
        return decide_switch(part.asserts, given)
    return decide(part.asserts, given, work=WORK_WITH_POWERS if has_atoms(part.asserts) else WORK_EACH, depth=1)


@lru_cache(maxsize=1024)
def _contradiction(given: tuple[Boolean, ...]) -> Certificate | None:
    """Claims about the same protocols share their regimes' regions, so the empty combinations are found once."""
    return refute(given) if satisfiable(given) is False else None


def _counterexample(part: Obligation, given: tuple[Boolean, ...]) -> Refuted | None:
    for claim in part.asserts.args if isinstance(part.asserts, And) else (part.asserts,):
        point = witness((*given, claim.negated)) if isinstance(claim, Relational) else None
        if point is not None:
            return Refuted(tuple(sorted(point.items(), key=lambda item: str(item[0]))))
    return None


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
    """Whether the claim fails throughout the regime: one of the relations that it conjoins does."""
    conjoined = obligation.asserts.args if isinstance(obligation.asserts, And) else (obligation.asserts,)
    given = (*obligation.given, *extra)
    return any(
        claim is false or (isinstance(claim, Relational) and prove(claim.negated, given) is not None) for claim in conjoined
    )


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
