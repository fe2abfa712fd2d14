"""The audit as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from derive.claims import VACUOUS, Audit, Finding, Judgement, point_text
from derive.printed import Comparison
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous, Verdict
from derive.render import render_text


def audit_markdown(audit: Audit) -> str:
    """A report a referee can read: claims with verdicts and evidence, printed formulas, printed numbers."""
    numbers = [c for c in audit.comparisons if c.holds_in == () and c.printed.replace(".", "", 1).replace("-", "", 1).isdigit()]
    formulas = [c for c in audit.comparisons if c not in numbers]
    view = {
        "model": audit.model,
        "summary": _summary(audit, numbers, formulas),
        "claims": [_claim(finding) for finding in audit.findings],
        "formulas": [_comparison(c) for c in formulas],
        "numbers": [_comparison(c) for c in numbers],
    }
    return render_text("audit.md.j2", view)


def audit_json(audit: Audit) -> str:
    """The same facts for programs."""
    data = {
        "model": audit.model,
        "claims": [_claim(finding) for finding in audit.findings],
        "printed": [_comparison(c) for c in audit.comparisons],
        "errata": list(audit.errata),
    }
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _summary(audit: Audit, numbers: Sequence[Comparison], formulas: Sequence[Comparison]) -> list[str]:
    counts: dict[str, int] = {}
    for finding in audit.findings:
        counts[finding.status] = counts.get(finding.status, 0) + 1
    claims = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    lines = [f"{len(audit.findings)} claims: {claims}."] if audit.findings else []
    for name, items in (("printed formulas", formulas), ("printed numbers", numbers)):
        if items:
            good = sum(1 for c in items if c.verdict == "reproduced")
            lines.append(f"{len(items)} {name}: {good} reproduced, {len(items) - good} not.")
    return lines


def _claim(finding: Finding) -> dict[str, object]:
    claim = finding.claim
    return {
        "key": claim.key,
        "text": claim.text,
        "source": claim.source,
        "verdict": finding.status,
        "judgements": [_judgement(j) for j in finding.judgements],
    }


def _judgement(judgement: Judgement) -> dict[str, object]:
    law = f" under the {judgement.law} law" if judgement.law else ""
    evidence = [judgement.reason] if judgement.reason else []
    places: dict[str, list[str]] = {}
    for obligation, verdict in judgement.parts:
        if isinstance(verdict, Vacuous) and judgement.status != VACUOUS:
            continue
        where = ", ".join(f"{protocol} regime {name}" for protocol, name in obligation.regimes)
        places.setdefault(_verdict(verdict), []).append(where)
    for text, regimes in places.items():
        named = "; ".join(w for w in regimes if w)
        evidence.append(f"{text} ({named})" if named else text)
    return {"scope": judgement.scope + law, "verdict": judgement.status, "evidence": evidence}


def _verdict(verdict: Verdict) -> str:
    match verdict:
        case Proved():
            return f"proved ({type(verdict.certificate).__name__})"
        case Refuted():
            return f"refuted at {point_text(verdict.witness)}"
        case HoldsIff():
            return f"holds if and only if {verdict.condition}"
        case Undecided():
            return f"undecided: {verdict.obligation}"
        case _:
            return "no admissible point"


def _comparison(comparison: Comparison) -> dict[str, object]:
    return {
        "where": comparison.where,
        "quantity": comparison.quantity,
        "printed": comparison.printed,
        "derived": comparison.derived,
        "verdict": comparison.verdict,
        "regimes": ", ".join(comparison.holds_in),
        "evidence": comparison.evidence,
    }
