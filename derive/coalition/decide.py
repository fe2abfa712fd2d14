"""Which of the relations that a property asks for hold throughout a region: by linear reasoning first, then by the prover."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from sympy import S
from sympy.logic.boolalg import Boolean, Or

from derive.coalition.cases import possible, prune
from derive.coalition.certify import combination
from derive.coalition.linear import forms, read
from derive.coalition.named import Values, in_ratios, written_out
from derive.coalition.steps import Comparison, LinearCombination
from derive.prove import prove, witness
from derive.steps import Sign, Step

__all__ = ["Shown", "compared", "decide", "follows", "met", "relations"]

#: A relation that the argument has shown.
Shown = Comparison | Sign

_PRUNED = 30
_WORK = 5000
_WORK_OF_FEW = (
    1500  # what a comparison of named quantities may take: there are several, and most are proved at once or not at all
)


def compared(candidates: tuple[Boolean, ...], assumptions: tuple[Boolean, ...], values: Values) -> tuple[Comparison, ...]:
    """Those of the relations between named quantities that are proved of their values, without those that follow from others."""
    found: tuple[Comparison, ...] = ()
    for relation in dict.fromkeys(candidates):
        stated = written_out(relation, values)
        if stated == relation or combination("", relation, (*assumptions, *relations(found))) is not None:
            continue
        one = _compared(relation, stated, assumptions)
        if one is not None:
            found += (replace(one, label=f"known-{len(found) + 1}"),)
    return found


def _compared(relation: Boolean, stated: Boolean, assumptions: tuple[Boolean, ...]) -> Comparison | None:
    claim, scale = in_ratios(stated)
    positivity = prove(scale > 0, assumptions, work=_WORK_OF_FEW) if scale != 1 else None
    if scale != 1 and positivity is None:
        claim, scale = stated, S.One
    certificate = prove(claim, assumptions, work=_WORK_OF_FEW)
    if certificate is None:
        return None
    return Comparison(label="", relation=relation, certificate=certificate, scale=scale, positivity=positivity)


def met(region: tuple[Boolean, ...], values: Values) -> bool:
    """Whether a point is known at which all of the region holds; where everything is linear, whether there is one."""
    alternatives = [one.args if isinstance(one, Or) else (one,) for one in region]
    return any(_met(choice, values) for choice in product(*alternatives))


def _met(region: tuple[Boolean, ...], values: Values) -> bool:
    found = forms(region)
    if found is not None and all(one.linear for one in found) and not values:
        return possible(region)
    return possible(region) and witness(tuple(written_out(one, values) for one in region), prefer_small=False) is not None


def relations(known: tuple[Shown, ...]) -> tuple[Boolean, ...]:
    """What is shown by them."""
    return tuple(one.relation for one in known)


def follows(label: str, relation: Boolean, given: tuple[Boolean, ...], known: tuple[Shown, ...]) -> LinearCombination | None:
    """The relation as a nonnegative combination of what is given and known; None if there is none."""
    proof = combination(label, relation, (*given, *relations(known)))
    if proof is None:
        return None
    return replace(
        proof, uses=tuple(one.label for one in known if one.relation in proof.premises and one.relation not in given)
    )


def decide(
    label: str,
    needed: tuple[Boolean, ...],
    assumptions: tuple[Boolean, ...],
    region: tuple[Boolean, ...],
    known: tuple[Shown, ...] = (),
) -> tuple[tuple[Step, ...], tuple[Boolean, ...]]:
    """The relations shown to follow on the region, as steps, and the others (without redundant ones if few).

    What is assumed word for word needs no step, what is `known` of named quantities is a premise. What is left open need not be
    false anywhere; a property stated by it is true all the same.
    """
    given = (*assumptions, *region)
    proofs: list[Step] = []
    open_ones = []
    for relation in needed:
        if relation in given:
            continue
        proof = _shown(f"{label}-{len(proofs) + 1}", relation, given, known)
        if proof is None:
            open_ones.append(relation)
        else:
            proofs.append(replace(proof, given=region))
    facts = relations(known)
    kept = prune(tuple(open_ones), (*given, *facts)) if len(open_ones) <= _PRUNED else tuple(open_ones)
    for relation in open_ones:
        if relation not in kept:
            combined = follows(f"{label}-{len(proofs) + 1}", relation, (*given, *kept), known)
            if combined is not None:
                proofs.append(replace(combined, given=(*region, *kept)))
    return tuple(proofs), kept


def _shown(label: str, relation: Boolean, given: tuple[Boolean, ...], known: tuple[Shown, ...]) -> Step | None:
    """Linear reasoning settles what is linear; the prover is asked about the rest unless some point speaks against it."""
    proof = follows(label, relation, given, known)
    if proof is not None or (relation.is_Boolean and not relation.free_symbols):
        return proof
    form = read(relation)
    if form is not None and form.linear:
        return None
    if witness((*given, relation.negated), prefer_small=False) is not None:
        return None
    certificate = prove(relation, given, work=_WORK)
    return Sign(label=label, relation=relation, certificate=certificate) if certificate is not None else None
