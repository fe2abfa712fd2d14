"""The audit as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sympy import And, Or
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.brackets import Turn, switches, turns
from derive.audit.conditions import Never, from_boolean
from derive.audit.explore import NOTHING, Exploration
from derive.audit.judgements import VACUOUS, Audit, Finding, Judgement, Piece, point_text
from derive.audit.printed import Comparison
from derive.certificates import Certificate
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous
from derive.render import render_text
from derive.views.explore import exploration_data
from derive.views.latex.compared import normal_form
from derive.views.latex.evident import used_in
from derive.views.lines import comparisons, left_text, order_text, sign_rows
from derive.views.relations import decimal, relation_text
from derive.views.spelling import spelled

LONGEST_OBLIGATION = 160
_OPINIONS = {
    "supports": "finds no counterexample, which is an opinion and no proof",
    "opposes": "proposes a counterexample that was not confirmed",
}


def audit_texts(audit: Audit, found: Exploration = NOTHING) -> tuple[str, str]:
    """A report a referee can read, in Markdown, and the same facts for programs, as JSON."""
    told = [_claim(finding) for finding in audit.findings]
    explored = exploration_data(found)
    return _report(audit, told, explored, found.refused), _data(audit, told, explored)


def _report(audit: Audit, told: list[dict[str, object]], explored: dict[str, Any], refused: Sequence[str]) -> str:
    """Claims with verdicts and evidence, printed formulas, printed numbers."""
    numbers = [c for c in audit.comparisons if c.holds_in == () and c.printed.replace(".", "", 1).replace("-", "", 1).isdigit()]
    formulas = [c for c in audit.comparisons if c not in numbers]
    view = {
        "model": audit.model,
        "summary": _summary(audit, numbers, formulas),
        "claims": told,
        "formulas": [_comparison(c) for c in formulas],
        "numbers": [_comparison(c) for c in numbers],
        "tables": [_statics(table) for table in explored["statics"]],
        "orders": [_ordered(order) for order in comparisons(explored)],
        "left": left_text(explored) if explored["left"] else "",
        "refused": list(refused),
    }
    return render_text("audit.md.j2", view)


def _data(audit: Audit, told: list[dict[str, object]], explored: dict[str, Any]) -> str:
    data = {
        "model": audit.model,
        "claims": told,
        "printed": [_comparison(c) for c in audit.comparisons],
        "errata": list(audit.errata),
        "exploration": explored,
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


def _statics(table: dict[str, Any]) -> dict[str, Any]:
    """A table of signs and what there is to say about single cells."""
    notes = [f"{one['quantity']} in {one['parameter']}: {one['text']}" for one in table["effects"] if "text" in one]
    used = sorted({kind for one in table["effects"] for kind in one.get("certificates", ())})
    where = ", ".join(table["region"])
    return {**table, "where": where, "rows": sign_rows(table)[1:], "notes": notes, "kinds": ", ".join(used)}


def _ordered(order: dict[str, Any]) -> dict[str, Any]:
    told = [order["text"], *order.get("certificates", ())] if "text" in order else list(order.get("certificates", ()))
    return {"text": order_text(order), "evidence": "; ".join(told)}


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
    if judgement.condition is not None:
        evidence += _thresholds(judgement)
    places: dict[str, list[str]] = {}
    stalled: list[str] = []
    for obligation, verdict in judgement.parts:
        if isinstance(verdict, Vacuous) and judgement.status != VACUOUS:
            continue
        if isinstance(verdict, Undecided):
            stalled.append(relation_text(verdict.obligation))
        where = ", ".join(f"{protocol} regime {name}" for protocol, name in obligation.regimes)
        places.setdefault(_verdict(verdict), []).append(where)
    evidence += [*_crossings(judgement), *_joint(judgement)]
    for text, regimes in places.items():
        named = "; ".join(w for w in regimes if w)
        evidence.append(f"{text} ({named})" if named else text)
    found: dict[str, object] = {
        "scope": judgement.scope + law,
        "verdict": judgement.status,
        "evidence": evidence,
        "condition": [],
        "stalled": list(dict.fromkeys(stalled)),
    }
    if judgement.condition is not None:
        found["condition"] = [[relation_text(one) for one in part] for part in judgement.condition]
    return found


def _crossings(judgement: Judgement) -> list[str]:
    """Which comparisons of roots are told by the equations of these."""
    found = dict.fromkeys(crossing for obligation, _ in judgement.parts for crossing in obligation.crossings)
    return [
        f"{relation_text(one.stated)} exactly where {_spelled(one.instead)}: the left side of the equation of {one.root} changes its"
        " sign at the root alone"
        for one in found
    ]


def _joint(judgement: Judgement) -> list[str]:
    """Which protocols are known to leave the most, because everything is chosen together under them, as far as a proof uses that."""
    proved = [(obligation, verdict.certificate) for obligation, verdict in judgement.parts if isinstance(verdict, Proved)]
    found = dict.fromkeys(one for obligation, proof in proved for one, fact in obligation.joint if _uses(proof, fact))
    return [
        f"{' + '.join(map(str, one.payoffs))} is no less under {one.protocol} than under {one.other}: all that it depends on is chosen"
        f" to maximise it under {one.protocol}"
        for one in found
    ]


def _uses(certificate: Certificate, fact: Boolean) -> bool:
    """Whether a proof uses a fact that it is given; so it is taken to where that cannot be told."""
    used = used_in(certificate)
    return used is None or normal_form(fact) in map(normal_form, used)


def _spelled(claim: Boolean) -> str:
    """A claim in words."""
    if isinstance(claim, And | Or):
        word = " and " if isinstance(claim, And) else " or "
        return word.join(f"({_spelled(part)})" if isinstance(part, And | Or) else _spelled(part) for part in claim.args)
    return relation_text(claim) if isinstance(claim, Relational) else str(claim).lower()


def _thresholds(judgement: Judgement) -> list[str]:
    """Where a polynomial in one parameter decides, between which numbers its roots are."""
    given = [fact for obligation, _ in judgement.parts for fact in obligation.given]
    return [turn_text(one) for one in turns(judgement.condition or (), given)]


def turn_text(turn: Turn) -> str:
    """A threshold with its bracket."""
    root = turn.root
    if turn.holds and root.low == root.high:
        return f"that is, for {root.symbol} {turn.holds} {root.low}"
    where = f"= {root.low}" if root.low == root.high else f"between {decimal(root.low)} and {decimal(root.high)}"
    if turn.holds:
        return f"that is, for {root.symbol} {turn.holds} the root of {spelled(root.polynomial)} {where}"
    return f"{spelled(root.polynomial)} vanishes at {root.symbol} {where}"


def _turns(certificate: Certificate) -> str:
    """The thresholds that a proof of single changes of sign brackets."""
    found = [f"{one.claim.args[1]} between {decimal(one.low)} and {decimal(one.high)}" for one in switches(certificate)]
    return f", turning at {'; '.join(found)}" if found else ""


def _verdict(verdict: Piece) -> str:
    match verdict:
        case Proved():
            return f"proved ({type(verdict.certificate).__name__}){_turns(verdict.certificate)}"
        case Never():
            example = f", for example at {point_text(verdict.witness)}" if verdict.witness else ""
            return f"false throughout ({type(verdict.certificate).__name__}){example}"
        case Refuted():
            return f"refuted at {point_text(verdict.witness)}"
        case HoldsIff():
            parts = from_boolean(verdict.condition)
            told = "; or ".join(", ".join(map(relation_text, part)) for part in parts)
            return f"holds if and only if {told}; false at {point_text(verdict.witness)}"
        case Undecided():
            return _stalled(verdict)
        case _:
            return "no admissible point"


def _stalled(verdict: Undecided) -> str:
    """What was left open and what was tried; a long relation stands in audit.json alone."""
    text = relation_text(verdict.obligation)
    what = text if len(text) <= LONGEST_OBLIGATION else "the relation is long and stands in audit.json"
    tried = f"; tried: {', '.join(verdict.tried)}" if verdict.tried else ""
    opinion = f"; an SMT solver {_OPINIONS[verdict.smt]}" if verdict.smt in _OPINIONS else ""
    return f"undecided: {what}{tried}{opinion}"


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
