"""The verifier of steps that say that regions are disjoint and leave nothing out."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.check.certificates import check
from derive.check.context import Context, denials, follows
from derive.check.registry import need, verifies
from derive.check.sample import flat


@verifies(steps.Coverage)
def _coverage(step: steps.Coverage, context: Context) -> None:
    for certificate in step.certificates:
        check(certificate)
        need(certificate.claim == sympy.false, f"{certificate.claim} is no refutation")
    regions = [flat(region) for region in step.regions]

    def refuted(relations: Sequence[Boolean]) -> bool:
        here = flat((*context.known, *relations))
        if sympy.false in here or any(follows(sympy.Not(relation), here) for relation in relations):
            return True
        return any(all(follows(r, here) for r in certificate.given) for certificate in step.certificates)

    for i, first in enumerate(regions):
        for j, second in enumerate(regions[i + 1 :], i + 1):
            need(refuted((*first, *second)), f"regions {i + 1} and {j + 1} are not shown to be disjoint")

    def uncovered(position: int, chosen: tuple[Boolean, ...]) -> None:
        if position and refuted(chosen):
            return
        need(position < len(regions), f"nothing covers {chosen}")
        for relation in regions[position]:
            for denial in denials(relation):
                uncovered(position + 1, (*chosen, denial))

    uncovered(0, ())
