"""The audit as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sympy import false
from sympy.logic.boolalg import Boolean

from derive.audit.brackets import Turn, switches, turns
from derive.audit.conditions import Never, from_boolean
from derive.audit.explore import NOTHING, Exploration
from derive.audit.judgements import VACUOUS, Audit, Finding, Judgement, Piece, point_text
from derive.audit.printed import Comparison
from derive.certificates import Assumed, Certificate
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous, Witness
from derive.render import render_text
from derive.solution import Solution
from derive.views.evidence import AT_SIGHT, Regimes, joined, named_ways, reading, spoken, way, where
from derive.views.explore import exploration_data
from derive.views.latex.compared import normal_form
from derive.views.latex.evident import used_in
from derive.views.lines import comparisons, left_text, listed, order_text, sign_rows
from derive.views.relations import decimal, relation_text
from derive.views.spelling import spelled

LONGEST_OBLIGATION = 160
_OPINIONS = {
    "supports": "finds no counterexample, which is an opinion and no proof",
    "opposes": "proposes a counterexample that was not confirmed",
}


def audit_texts(audit: Audit, found: Exploration = NOTHING, solutions: Sequence[Solution] = ()) -> tuple[str, str]:
    """A report a referee can read, in Markdown, and the same facts for programs, as JSON."""
    single = _single(solutions)
    told = [_claim(finding, single) for finding in audit.findings]
    explored = exploration_data(found)
    return _report(audit, told, explored, found.refused, solutions), _data(audit, told, explored)


def _single(solutions: Sequence[Solution]) -> frozenset[str]:
    """The protocols that have one regime for all parameters, under every law."""
    return frozenset(one.protocol for one in solutions) - {one.protocol for one in solutions if len(one.regimes) != 1}


def _report(
    audit: Audit, told: list[dict[str, object]], explored: dict[str, Any], refused: Sequence[str], solutions: Sequence[Solution]
) -> str:
    """Where which regime holds, claims with verdicts and evidence, printed formulas, printed numbers."""
    numbers = [c for c in audit.comparisons if c.holds_in == () and c.printed.replace(".", "", 1).replace("-", "", 1).isdigit()]
    formulas = [c for c in audit.comparisons if c not in numbers]
    view = {
        "model": audit.model,
        "summary": _summary(audit, numbers, formulas),
        "regimes": _regimes(solutions),
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


def _regimes(solutions: Sequence[Solution]) -> list[dict[str, Any]]:
    """The protocols that have several regimes, with the conditions of each; under a named law only where they are others."""
    general = {one.protocol: [regime.region for regime in one.regimes] for one in solutions if not one.instance}
    told = []
    for one in solutions:
        regions = [regime.region for regime in one.regimes]
        if len(regions) > 1 and not (one.instance and regions == general.get(one.protocol)):
            law = f" under the {one.instance} law" if one.instance else ""
            rows = [(regime.name, joined(regime.region) or "elsewhere") for regime in one.regimes]
            told.append({"protocol": one.protocol + law, "rows": rows})
    return told


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
    return {**table, "where": listed(table["region"], "and"), "rows": sign_rows(table)[1:], "notes": notes, "ways": named_ways(used)}


def _ordered(order: dict[str, Any]) -> dict[str, Any]:
    ways = named_ways(order.get("certificates", ()))
    told = [part for part in (order.get("text", ""), f"proved {ways}" if ways else "") if part]
    return {"text": order_text(order), "evidence": "; ".join(told)}


def _claim(finding: Finding, single: frozenset[str]) -> dict[str, object]:
    claim = finding.claim
    return {
        "key": claim.key,
        "text": claim.text,
        "source": claim.source,
        "verdict": finding.status,
        "judgements": [_judgement(j, single) for j in finding.judgements],
    }


def _judgement(judgement: Judgement, single: frozenset[str]) -> dict[str, object]:
    law = f" under the {judgement.law} law" if judgement.law else ""
    evidence = [judgement.reason] if judgement.reason else []
    if judgement.condition is not None:
        evidence += _thresholds(judgement)
    spoken = [(ob, verdict) for ob, verdict in judgement.parts if not (isinstance(verdict, Vacuous) and judgement.status != VACUOUS)]
    stalled = [relation_text(verdict.obligation) for _, verdict in spoken if isinstance(verdict, Undecided)]
    alone = len(spoken) == 1 and judgement.condition is not None
    places: dict[str, list[Regimes]] = {}
    for obligation, verdict in spoken:
        places.setdefault(_verdict(verdict, obligation.asserts, alone), []).append(obligation.regimes)
    evidence += [*_crossings(judgement), *_joint(judgement)]
    for text, regimes in places.items():
        named = where(regimes, single)
        evidence.append(f"{named}: {text}" if named else text)
    found: dict[str, object] = {
        "scope": judgement.scope + law,
        "verdict": judgement.status,
        "evidence": evidence,
        "condition": [],
        "stalled": list(dict.fromkeys(stalled)),
    }
    if judgement.condition is not None:
        found["condition"] = [[relation_text(one) for one in part] for part in judgement.condition]
        found["told"] = [joined(part) for part in judgement.condition]
    return found


def _crossings(judgement: Judgement) -> list[str]:
    """Which comparisons of roots are told by the equations of these."""
    found = dict.fromkeys(crossing for obligation, _ in judgement.parts for crossing in obligation.crossings)
    return [
        f"{relation_text(one.stated)} exactly where {spoken(one.instead)}: the left side of the equation of {one.root} changes its"
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


def _verdict(verdict: Piece, asserts: Boolean, alone: bool) -> str:
    """What was found about a claim in some regimes; `alone` where its exact condition is told already, as that of all regimes."""
    match verdict:
        case Proved():
            return f"proved {way(verdict.certificate)}{_turns(verdict.certificate)}"
        case Never():
            at_sight = isinstance(verdict.certificate, Assumed) and verdict.certificate.fact == false
            how = AT_SIGHT if at_sight else f"proved {way(verdict.certificate)}"
            example = f"; for example at {point_text(verdict.witness)}" if verdict.witness else ""
            return f"false throughout, {how}{example}"
        case Refuted():
            return f"refuted at {_point(verdict.witness, asserts)}"
        case HoldsIff():
            told = "; or ".join(map(joined, from_boolean(verdict.condition)))
            begun = "the condition is proved to suffice and to be needed" if alone else f"holds if and only if {told}"
            return f"{begun}; false at {_point(verdict.witness, asserts)}"
        case Undecided():
            return _stalled(verdict)
        case _:
            return "no admissible point"


def _point(witness: Witness, asserts: Boolean) -> str:
    """A counterexample, with what the claim comes to there."""
    read = reading(asserts, witness)
    return f"{point_text(witness)}" + (f", where it reads {read}" if read else "")


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
