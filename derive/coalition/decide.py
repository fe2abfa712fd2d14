"""Which of the relations that a property asks for hold throughout a region: by linear reasoning first, then by the prover."""

from __future__ import annotations

from dataclasses import replace

from sympy.logic.boolalg import Boolean

from derive.coalition.cases import prune
from derive.coalition.certify import combination
from derive.coalition.linear import read
from derive.prove import prove, witness
from derive.steps import Sign, Step

__all__ = ["decide"]

_PRUNED = 30
_WORK = 5000


def decide(
    label: str, needed: tuple[Boolean, ...], assumptions: tuple[Boolean, ...], region: tuple[Boolean, ...]
) -> tuple[tuple[Step, ...], tuple[Boolean, ...]]:
    """The relations shown to follow on the region, as steps, and the others (without redundant ones if few).

    What is assumed word for word needs no step. What is left open need not be false anywhere; a property stated by it is true all the same.
    """
    given = (*assumptions, *region)
    proofs: list[Step] = []
    open_ones = []
    for relation in needed:
        if relation in given:
            continue
        proof = _shown(f"{label}-{len(proofs) + 1}", relation, given)
        if proof is None:
            open_ones.append(relation)
        else:
            proofs.append(replace(proof, given=region))
    kept = prune(tuple(open_ones), given) if len(open_ones) <= _PRUNED else tuple(open_ones)
    for relation in open_ones:
        if relation not in kept:
            proof = combination(f"{label}-{len(proofs) + 1}", relation, (*given, *kept))
            if proof is not None:
                proofs.append(replace(proof, given=(*region, *kept)))
    return tuple(proofs), kept


def _shown(label: str, relation: Boolean, given: tuple[Boolean, ...]) -> Step | None:
    """Linear reasoning settles what is linear; the prover is asked about the rest unless some point speaks against it."""
    proof = combination(label, relation, given)
    if proof is not None or (relation.is_Boolean and not relation.free_symbols):
        return proof
    form = read(relation)
    if form is not None and form.linear:
        return None
    if witness((*given, relation.negated), prefer_small=False) is not None:
        return None
    certificate = prove(relation, given, work=_WORK)
    return Sign(label=label, relation=relation, certificate=certificate) if certificate is not None else None
