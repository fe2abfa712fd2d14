"""Every gallery model, derived from its statement alone, says what the literature prints: regimes, numbers, claims."""

from __future__ import annotations

from functools import lru_cache

import pytest

from derive import catalogue, claims, load
from derive.pipeline import derive_statement, verify_statement
from derive.solution import Solution
from tests.gallery.published import at_numbers, differences, keys, read

ENTRIES = {entry.key: entry for entry in catalogue.entries(catalogue.home()) if entry.path.parent.parent.name == "gallery"}
TRUTH = {"true": {"proved"}, "false": {"refuted"}, "conditional": {"holds iff", "refuted"}}
POINTS_ATTACKED = 3


@lru_cache(maxsize=1)
def solved(key: str) -> tuple[object, tuple[Solution, ...]]:
    (statement, *_) = load.statements(ENTRIES[key])
    return statement, derive_statement(statement)


def by_variant(key: str, solutions: tuple[Solution, ...]) -> dict[str, Solution]:
    """Published variants are protocols of the same name; the model without a variant is the protocol that is none of them."""
    variants = {variant["name"] for variant in read(key).data["variants"]}
    return {s.protocol if s.protocol in variants else "": s for s in solutions if not s.instance}


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_a_derived_model_agrees_with_the_literature(key: str) -> None:
    published = read(key)
    statement, solutions = solved(key)
    derived = by_variant(key, solutions)
    wrong = list(verify_statement(statement, solutions, POINTS_ATTACKED))
    for variant, regime in published.regimes():
        if variant not in derived:
            wrong.append(f"nothing derived for {variant or 'the model'}")
        else:
            wrong += [f"{variant} {line}" for line in differences(published, derived[variant], regime)]
    wrong += at_numbers(published, derived)
    found = {finding.claim.key: finding.status for finding in claims.audit(statement, solutions).findings}
    for claim in published.data["claims"]:
        if claim.get("checked_by") != "custom" and found.get(claim["id"]) not in TRUTH[claim["verdict"]]:
            wrong.append(f"claim {claim['id']} is {claim['verdict']} in the literature, {found.get(claim['id'])} here")
    assert not wrong, "\n".join(wrong)


def test_every_gallery_model_has_published_results() -> None:
    assert set(ENTRIES) <= set(keys())
