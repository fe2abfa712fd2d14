"""The information-sharing game: what the derivation says of each claim, and that printed data change nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from derive.audit import claims
from derive.repeated import derive_repeated
from derive.solution import Solution
from models.cluster_reputation.model import game

VERDICTS = {
    "000-1": "proved",
    "000-2": "proved",
    "000-3": "refuted",
    "000-4": "proved",
    "000-5": "proved",
    "textbook-1": "proved",
    "textbook-2": "proved",
    "textbook-3": "proved",
    "textbook-4": "holds iff",
}


@lru_cache(maxsize=1)
def solutions() -> tuple[Solution, ...]:
    return derive_repeated(game)


def test_every_claim_has_its_verdict() -> None:
    audit = claims.audit(game, solutions())
    assert {finding.claim.key: finding.status for finding in audit.findings} == VERDICTS
    assert {comparison.where: comparison.verdict for comparison in audit.comparisons} == {
        "two stages": "reproduced",
        "grim trigger": "reproduced",
    }


def test_what_goes_beyond_the_abstract_is_labelled() -> None:
    for protocol in game.protocols:
        note = getattr(protocol, "note", "")
        assert protocol.key == "one_shot" or "ours" in note or "Our reading" in note


def test_printed_data_and_claims_change_no_derived_formula() -> None:
    silent = replace(game, claims=(), printed=(), errata=())
    bare = replace(silent, protocols=game.protocols[1:3])
    assert derive_repeated(bare) == solutions()[1:3]
