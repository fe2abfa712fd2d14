"""Derived conditions of claims against published ones: the same truth at random admissible points, in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Abs

from derive.audit.judgements import Finding
from derive.solution import Solution
from tests.gallery.published import Point, Published, holds, points

WANTED = 40


def misjudged(published: Published, claim: Mapping[str, Any], finding: Finding, solutions: tuple[Solution, ...]) -> list[str]:
    """Where the derived condition of a claim and the published one differ, at points where everything it speaks of is derived."""
    condition = finding.judgements[0].condition
    if condition is None or "condition" not in claim:
        return []
    scope = tuple(published.parse(text) for text in claim.get("scope", ()))
    stated = tuple(published.parse(text) for text in claim["condition"])
    if any(relation.has(Abs) for relation in (*scope, *stated)):
        return []  # an equation in disguise, which no random point meets
    spoken = {protocol for part, _ in finding.judgements[0].parts for protocol, _ in part.regimes}
    derived = [s for s in solutions if s.protocol in spoken and not s.instance]
    wrong = []
    for at in points(published, scope, WANTED):
        if not all(_settled(solution, at) for solution in derived):
            continue
        theirs = all(holds(relation, at) for relation in stated)
        ours = any(all(holds(relation, at) for relation in part) for part in condition)
        if ours != theirs:
            wrong.append(f"claim {claim['id']} at {at}: {theirs} in the literature, {ours} by {condition}")
    return wrong[:2]


def _settled(solution: Solution, at: Point) -> bool:
    return any(all(holds(relation, at) for relation in regime.region) for regime in solution.regimes)
