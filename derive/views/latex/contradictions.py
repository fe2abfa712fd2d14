"""What cannot hold together, in words: which of the conditions clash, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.certificates import contradictory, negated, reason
from derive.views.latex.evident import facts_of, is_short, is_single_sign, used_in
from derive.views.latex.writer import Writer, normal_form

__all__ = ["against", "clash", "decisive", "denied", "is_denial"]

_FEW = 3


def clash(certificate: Certificate, writer: Writer) -> Tex:
    """Why nothing satisfies what a certificate refutes, said of the conditions themselves."""
    facts = contradictory(certificate, writer)
    supposed = [fact for fact in facts if normal_form(fact) not in writer.known]
    if not is_short(certificate) or not supposed or len(facts) < 2:
        return reason(certificate, writer)
    known = [fact for fact in facts if fact not in supposed]
    return Tex(f"It cannot be that {writer.facts(supposed)}{f', since {writer.facts(known)}' if known else ''}.")


def decisive(conditions: Sequence[Boolean], certificate: Certificate, writer: Writer) -> list[Boolean]:
    """The conditions that the certificate of their contradiction uses; all of them where that cannot be told."""
    used = {normal_form(form) for fact in used_in(certificate) or () for form in (fact, writer.plain(fact))}
    return [one for one in conditions if used.intersection(map(normal_form, (one, writer.plain(one))))] or list(conditions)


def denied(conditions: Iterable[Boolean], certificate: Certificate, writer: Writer) -> tuple[Boolean, Tex] | None:
    """One of the conditions that signs of symbols deny at once, and these signs: those that are only supposed, or a few others."""
    for condition in conditions:
        plain = writer.plain(condition)
        if condition.free_symbols and writer.evident(negated(plain), certificate.given):
            facts = [one for one in facts_of(certificate) if one.free_symbols <= plain.free_symbols and one != condition]
            supposed = [one for one in facts if is_single_sign(one) and not writer.obvious(one)]
            seen = plain.free_symbols <= {symbol for fact in facts for symbol in fact.free_symbols}
            told = supposed or (facts if seen else contradictory(certificate, writer))
            told = told if len(told) <= _FEW else []
            return condition, Tex(f"This contradicts {writer.facts(told)}." if told else "This is impossible.")
    return None


def against(certificate: Certificate, writer: Writer) -> Tex:
    """The end of a sentence that denies what the reader has been told, with the reason."""
    facts = contradictory(certificate, writer)
    if is_short(certificate) and not writer.too_wide(facts):
        return Tex(f", since {writer.facts(facts)}." if facts else ".")
    return Tex(f". {reason(certificate, writer)}")


def is_denial(certificate: Certificate) -> bool:
    """Whether what is refuted contains a relation and its denial."""
    facts = facts_of(certificate)
    known = {normal_form(fact) for fact in facts}
    return is_short(certificate) and any(normal_form(negated(fact)) in known for fact in facts)
