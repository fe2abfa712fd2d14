"""Every gallery model, derived from its statement alone, says what the literature prints: regimes, numbers, claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pytest
from sympy import Rational, Symbol

from derive.audit import claims
from derive.pipeline import derive_statement, verify_statement
from derive.solution import Solution
from derive.statement.validate import validate
from derive.system import catalogue, load
from tests.gallery.answers import answers
from tests.gallery.conditioned import misjudged
from tests.gallery.published import at_numbers, differences, holds, keys, missing_gaps, read

ENTRIES = {entry.key: entry for entry in catalogue.entries(catalogue.home()) if entry.path.parent.parent.name == "gallery"}
TRUTH = {"true": {"proved"}, "false": {"refuted"}, "conditional": {"holds iff"}}
POINTS_ATTACKED = 3


@lru_cache(maxsize=1)
def solved(key: str) -> tuple[object, tuple[Solution, ...]]:
    (statement, *_) = load.statements(ENTRIES[key])
    validate(statement)
    return statement, derive_statement(statement)


def agrees(finding: claims.Finding, claim: Mapping[str, Any]) -> bool:
    """Whether the verdict is the published one; finer than "false" is an exact condition that the counterexample violates."""
    if finding.status in TRUTH[claim["verdict"]]:
        return True
    if finding.status != "holds iff" or claim["verdict"] != "false" or "counterexample" not in claim:
        return False
    at = {Symbol(name, real=True): Rational(text) for name, text in claim["counterexample"].items()}
    parts = [part for part, _ in finding.judgements[0].parts if all(holds(relation, at) for relation in part.given)]
    return any(not holds(part.asserts, at) for part in parts)


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_a_derived_model_agrees_with_the_literature(key: str) -> None:
    published = read(key)
    statement, solutions = solved(key)
    derived = answers(statement, solutions, [variant["name"] for variant in published.data["variants"]])
    wrong = list(verify_statement(statement, solutions, POINTS_ATTACKED))
    for variant, regime in published.regimes():
        if variant not in derived:
            wrong.append(f"nothing derived for {variant or 'the model'}")
        else:
            wrong += [f"{variant} {line}" for line in differences(published, derived[variant], regime)]
    wrong += at_numbers(published, derived)
    wrong += missing_gaps(published, derived)
    findings = {finding.claim.key: finding for finding in claims.audit(statement, solutions).findings}
    for claim in published.data["claims"]:
        found = findings.get(claim["id"])
        if claim.get("checked_by") != "custom" and not (found and agrees(found, claim)):
            wrong.append(f"claim {claim['id']} is {claim['verdict']} in the literature, {found and found.status} here")
        elif found:
            wrong += misjudged(published, claim, found, solutions)
    assert not wrong, "\n".join(wrong)


def test_every_gallery_model_has_published_results() -> None:
    assert set(ENTRIES) <= set(keys())
