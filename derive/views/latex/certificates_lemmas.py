"""Proofs by way of lemmas as arguments in words: what is told first, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Eq, Ne, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import certificates as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.certificates import certificate_text, facts_in_passing, is_given, reason, telling
from derive.views.latex.evident import facts_of, is_short, used_in
from derive.views.latex.writer import Writer, normal_form, scaled, sharpest

__all__ = ["needed"]


@certificate_text.register
def _(certificate: kinds.Using, writer: Writer) -> Tex:
    lemmas, proof = _opened(certificate)
    surprise = _against_what_was_said(certificate, writer)
    if surprise is not None:
        return Tex(f"But {writer.relation(surprise.claim)}. {reason(surprise, writer)}".strip())
    told = [lemma for lemma in needed(lemmas, proof) if _is_news(lemma, writer)]
    if told and scaled(writer.plain(told[-1].claim)) == scaled(writer.plain(certificate.claim)):
        *told, proof = told
    inner = writer.having_told(lemma.claim for lemma in told)
    follows = proof.claim != false and is_short(proof)
    others = telling(proof, inner) if follows else []
    if len(told) == 1 and follows and all(_sides(fact) == _sides(told[0].claim) for fact in others):
        return Tex(f"Indeed, {_beside(told[0], proof, writer)}{_with_proof(told[0], writer)}")
    text = " ".join(f"{'Moreover' if place else 'First'}, {_with_proof(lemma, writer)}" for place, lemma in enumerate(told))
    if not told or not follows:
        return Tex(f"{text} {reason(proof, inner)}".strip())
    if _says_no_more(certificate.claim, told, proof):
        return Tex(f"{text} Hence {writer.relation(certificate.claim)}.")
    return Tex(f"{text} {f'With {inner.facts(others)} this gives' if others else 'Hence'} the claim.")


def _opened(certificate: kinds.Using) -> tuple[tuple[Certificate, ...], Certificate]:
    """The lemmas of proofs within one another, in order, and what is shown with all of them."""
    lemmas, proof = certificate.lemmas, certificate.proof
    while isinstance(proof, kinds.Using) and not is_short(proof):
        lemmas, proof = (*lemmas, *proof.lemmas), proof.proof
    return lemmas, proof


def needed(lemmas: Sequence[Certificate], proof: Certificate) -> list[Certificate]:
    """The lemmas that the proof or a later one of them uses, as far as that can be told."""
    kept: list[Certificate] = []
    used: set[object] = set()
    for one in (proof, *reversed(lemmas)):
        if one is not proof and normal_form(one.claim) not in used and one.claim != false:
            continue
        facts = used_in(one)
        if facts is None:
            return list(lemmas)
        used.update(map(normal_form, facts))
        kept.insert(0, one)
    return kept[:-1]


def _is_news(lemma: Certificate, writer: Writer) -> bool:
    """Whether it says more than what is given, a sign that a reader knows, or a comparison of numbers."""
    if is_given(lemma, writer):
        return False
    if isinstance(lemma.claim, Ne) and lemma.claim not in sharpest((*lemma.given, lemma.claim)):
        return False
    return lemma.claim == false or bool(lemma.claim.free_symbols and not writer.evident(lemma.claim))


def _beside(lemma: Certificate, proof: Certificate, writer: Writer) -> str:
    """What is known of the two sides that a lemma says to be different."""
    if not isinstance(lemma.claim, Ne):
        return ""
    known = [fact for fact in facts_of(proof) if not isinstance(fact, Ne) and _sides(fact) == _sides(lemma.claim)]
    return f"{writer.facts(known)} and " if known else ""


def _with_proof(lemma: Certificate, writer: Writer) -> str:
    facts = facts_in_passing(lemma, writer)
    because = f" by {facts}." if facts else f". {reason(lemma, writer)}"
    return f"{writer.relation(lemma.claim)}{because}".strip()


def _says_no_more(claim: Boolean, lemmas: Sequence[Certificate], proof: Certificate) -> bool:
    """Whether what remains only draws together lemmas that compare the same two sides: ``x >= y`` and ``x != y``."""
    told = {normal_form(lemma.claim) for lemma in lemmas}
    facts = facts_of(proof)
    if len(facts) < 2 or not told.issuperset(map(normal_form, facts)):
        return False
    return len({_sides(relation) for relation in (claim, *facts)}) == 1


def _sides(relation: Boolean) -> object:
    """Equal for relations that compare the same two sides."""
    return normal_form(Eq(relation.lhs, relation.rhs, evaluate=False)) if isinstance(relation, Relational) else relation


def _against_what_was_said(certificate: kinds.Using, writer: Writer) -> Certificate | None:
    """Of two lemmas that contradict each other, the one that the reader has not just been told."""
    proof, lemmas = certificate.proof, certificate.lemmas
    if not isinstance(proof, kinds.Opposed) or not isinstance(proof.denial, kinds.Assumed) or len(lemmas) != 2:
        return None
    clashing = {normal_form(proof.fact), normal_form(proof.denial.fact)}
    if {normal_form(lemma.claim) for lemma in lemmas} != clashing:
        return None
    fresh = [lemma for lemma in lemmas if normal_form(lemma.claim) not in writer.stated]
    return fresh[0] if len(fresh) == 1 else None
