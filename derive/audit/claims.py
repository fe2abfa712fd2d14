"""The audit: every claim, printed formula and printed number of a paper, judged against what was derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.audit.judge import Setting, judge
from derive.audit.judgements import REFUTED, UNDECIDED, Audit, Finding, Judgement
from derive.audit.printed import Comparison, compare_formula, compare_number, compare_relation
from derive.coalition.ir import CoalitionGame
from derive.coalition.slips import misprint
from derive.field import NotRational
from derive.ir import Claim, PrintedFormula, PrintedNumber, PrintedRelation
from derive.prove.relations import NotARelation
from derive.prove.space import TooLarge
from derive.solution import Solution


def audit(statement: Any, solutions: Sequence[Solution]) -> Audit:
    """Judge all claims and compare everything printed."""
    setting = Setting(
        solutions=tuple(solutions),
        definitions=tuple((d.symbol, d.value) for d in getattr(statement, "definitions", ())),
        domains=tuple((v.symbol, v.domain) for v in getattr(statement, "variables", ())),
        integers=frozenset(p.symbol for p in getattr(statement, "parameters", ()) if p.integer),
    )
    findings = tuple(Finding(claim, _judged(claim, setting)) for claim in getattr(statement, "claims", ()))
    return Audit(statement.key, findings, _comparisons(statement, solutions), tuple(getattr(statement, "errata", ())))


def _judged(claim: Claim, setting: Setting) -> tuple[Judgement, ...]:
    """The judgements; a claim on which the arithmetic gives up is undecided, and the others are judged all the same."""
    try:
        return judge(claim, setting)
    except (ArithmeticError, NotRational, NotARelation, TooLarge, RecursionError) as problem:
        return (Judgement("in general", "", UNDECIDED, (), f"{type(problem).__name__}: {problem}"),)


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


__all__ = ["Audit", "Finding", "Judgement", "audit", "unexplained"]
