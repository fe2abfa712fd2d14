"""The audit: every claim, printed formula and printed number of a paper, judged against what was derived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from derive.audit.judge import judge
from derive.audit.judgements import REFUTED, UNDECIDED, Audit, Finding, Judgement
from derive.audit.parcel import pack, unpack
from derive.audit.printed import Comparison, compare_formula, compare_number, compare_relation
from derive.audit.recall import FORGETFUL, Recall
from derive.audit.setting import Setting, setting_of
from derive.coalition.ir import CoalitionGame
from derive.coalition.slips import misprint
from derive.content import NOTHING_ABOUT, About
from derive.field import NotRational
from derive.ir import Claim, PrintedFormula, PrintedNumber, PrintedRelation
from derive.prove.decide import ENGINES
from derive.prove.relations import NotARelation
from derive.prove.space import TooLarge
from derive.solution import Solution
from derive.system.forks import Failure, Question, shared
from derive.system.workers import cpu_workers

SECONDS_PER_CLAIM = 30.0  # a net below the search, whose effort is counted: every claim known so far takes far less


def audit(
    statement: Any,
    solutions: Sequence[Solution],
    seconds: float = SECONDS_PER_CLAIM,
    recall: Recall = FORGETFUL,
    kept: About = NOTHING_ABOUT,
) -> Audit:
    """Judge all claims, each within `seconds` of processor time, and compare everything printed.

    `kept` has judgements of earlier runs on the same solutions.
    """
    return audit_beside((), statement, solutions, seconds, recall, kept)[0]


def audit_beside(
    errands: Sequence[Callable[[], bytes]],
    statement: Any,
    solutions: Sequence[Solution],
    seconds: float = SECONDS_PER_CLAIM,
    recall: Recall = FORGETFUL,
    kept: About = NOTHING_ABOUT,
) -> tuple[Audit, tuple[bytes, ...]]:
    """An `audit`, and the answers to errands that its forks run first: what is long has company to its end."""
    setting, comparing = setting_of(statement, solutions, recall), lambda: pack(_comparisons(statement, solutions))
    findings, (*answers, compared) = _findings(claims_of(statement), setting, seconds, kept, (*errands, comparing))
    return Audit(statement.key, findings, unpack(compared), tuple(getattr(statement, "errata", ()))), tuple(answers)


def claims_of(statement: Any) -> tuple[Claim, ...]:
    """What a statement records as claimed."""
    return tuple(getattr(statement, "claims", ()))


def _findings(
    stated: tuple[Claim, ...], setting: Setting, seconds: float, kept: About, errands: Sequence[Callable[[], bytes]]
) -> tuple[tuple[Finding, ...], tuple[bytes, ...]]:
    """What forks of this process find on the claims, and their answers to the errands.

    A claim that is not settled within the budget is left undecided.
    """
    judged: dict[Claim, tuple[Judgement, ...]] = {claim: known for claim in stated if (known := kept.get("claim", claim))}
    asked = [claim for claim in stated if claim not in judged]
    answers: dict[int, bytes] = {}
    questions = [Question(errand) for errand in errands]
    questions += [Question(partial(_packed_judgements, claim, setting), seconds) for claim in asked]
    for place, answer in shared(questions, cpu_workers()):
        if place < len(errands):
            answers[place] = _expected(answer)
            continue
        claim = asked[place - len(errands)]
        judged[claim] = _received(answer)
        if not isinstance(answer, Failure):
            kept.put(judged[claim], "claim", claim)
    setting.recall.tidy()
    return tuple(Finding(claim, judged[claim]) for claim in stated), tuple(answers[place] for place in range(len(errands)))


def _packed_judgements(claim: Claim, setting: Setting) -> bytes:
    return pack(judgements_on(claim, setting))


def _received(answer: bytes | Failure) -> tuple[Judgement, ...]:
    if isinstance(answer, Failure) and answer.kind == "budget":
        return (Judgement("in general", "", UNDECIDED, (), f"{answer.message}; tried: {', '.join(ENGINES)}"),)
    judgements: tuple[Judgement, ...] = unpack(_expected(answer))
    return judgements


def _expected(answer: bytes | Failure) -> bytes:
    if isinstance(answer, Failure):
        raise RuntimeError(f"{answer.message}\n{answer.trace}")
    return answer


def judgements_on(claim: Claim, setting: Setting) -> tuple[Judgement, ...]:
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


__all__ = ["Audit", "Finding", "Judgement", "audit", "audit_beside", "claims_of", "judgements_on", "setting_of", "unexplained"]
