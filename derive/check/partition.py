"""The verifier of steps that say that regions leave nothing out and are disjoint, or share borders on which they agree.

Each certificate refutes some relations. With these refutations it is a matter of signs alone that no point lies outside all regions or
in two of them.
"""

from __future__ import annotations

from sympy import Eq, false
from sympy.core.relational import Relational

from derive import steps
from derive.check.certificates import check_all
from derive.check.context import Context, follows
from derive.check.registry import need, verifies
from derive.check.sample import flat
from derive.check.signs import Reader, satisfiable


@verifies(steps.Coverage)
def _coverage(step: steps.Coverage, context: Context) -> None:
    check_all(step.certificates)
    for certificate in step.certificates:
        need(certificate.claim == false, f"{certificate.claim} is no refutation")
    regions, known = [flat(region) for region in step.regions], flat(context.known)
    compared = [relation for relation in known if isinstance(relation, Relational)]
    refuted = [
        [relation for relation in flat(certificate.given) if relation in compared or relation not in known]
        for certificate in step.certificates
    ]
    spoken = (*compared, *(r for region in (*regions, *refuted) for r in region), *(e for one in step.shared for e in one.equations))
    reader = Reader({symbol for relation in spoken for symbol in relation.free_symbols})
    facts = [*reader.each(compared), *(reader.fails(relations) for relations in refuted)]

    places = [place for place, region in enumerate(regions) if false not in region]
    within = {place: reader.each(regions[place]) for place in places}
    outside = [reader.fails(regions[place]) for place in places]
    need(not satisfiable([*facts, *outside]), "nothing covers some choice of signs")
    shared = {one.regions: one for one in step.shared}
    for i in places:
        for j in (j for j in places if j > i):
            both = [*facts, *within[i], *within[j]]
            border = shared.pop((i, j), None)
            if border is None:
                need(not satisfiable(both), f"regions {i + 1} and {j + 1} are not shown to be disjoint")
                continue
            for equation in border.equations:
                need(isinstance(equation, Eq), f"{equation} is no equation")
                need(not satisfiable([*both, reader.fails((equation,))]), f"{equation} is not shown on the border")
            check_all(border.alike)
            here = (*known, *regions[i], *regions[j], *border.equations)
            for certificate in border.alike:
                stranger = [relation for relation in certificate.given if not follows(relation, here)]
                need(not stranger, f"{stranger[:1]} does not hold on the border")
    need(not shared, f"there are no regions {sorted(shared)}")
