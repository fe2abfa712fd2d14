"""What cannot hold together, in words: which of the conditions clash, and with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sympy import Eq, false
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.certificates import contradictory, negated, reason
from derive.views.latex.evident import facts_of, is_short, is_single_sign, used_in
from derive.views.latex.writer import Writer, normal_form, scaled, sharpest, weaker

__all__ = ["against", "clash", "decisive", "denied", "is_denial", "refuted"]

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
            told = supposed or (facts if seen else _concerning(contradictory(certificate, writer), [plain]))
            if told and len(told) <= _FEW:
                return condition, Tex(f"This contradicts {writer.facts(_opposite(told, plain))}.")
            return condition, Tex("But no quantity in it is negative.")
    return None


def refuted(
    conditions: Sequence[Boolean], certificate: Certificate, writer: Writer, choices: Sequence[Boolean] = ()
) -> Tex:
    """Why conditions that the reader has just been told, at `choices` (equations), cannot hold."""
    at_choices = _is_plain(used_in(certificate) or ())
    if certificate.claim != false or not (at_choices or is_short(certificate)):
        return reason(certificate, writer)
    plain = list(map(writer.plain, conditions))
    told = {scaled(form) for one in (*conditions, *plain) for form in (one, weaker(one))}
    used = [one for one in used_in(certificate) or facts_of(certificate) if one.free_symbols and scaled(one) not in told]
    if any(isinstance(one, Eq) for one in used):
        named = {scaled(one): one for one in choices}
        facts = [named.get(scaled(one), one) for one in _without_obvious(_concerning(used, plain), writer)]
    else:
        fresh = [one for one in contradictory(certificate, writer) if scaled(one) not in told]
        facts = _concerning(fresh or _without_obvious(used, writer), plain)
    if not facts:
        return Tex("These contradict each other." if len(conditions) > 1 else "This is a contradiction.")
    if len(conditions) == 1:
        return Tex(f"This contradicts {writer.facts(_opposite(facts, plain[0]))}.")
    return Tex(f"{'Both' if len(conditions) == 2 else 'All'} together contradict {writer.facts(facts)}.")


def _is_plain(used: Sequence[Boolean]) -> bool:
    """Whether a reader sees the clash of a few relations once values are put in."""
    return len(used) <= _FEW + 1 and any(isinstance(one, Eq) for one in used)


def _without_obvious(facts: Sequence[Boolean], writer: Writer) -> list[Boolean]:
    """The facts without signs that go without saying, but for those that decide what some equation contradicts."""
    kept = [one for one in facts if not writer.obvious(one)]
    return list(facts) if kept and all(isinstance(one, Eq) for one in kept) and len(facts) <= _FEW else kept


def _concerning(facts: Sequence[Boolean], conditions: Sequence[Boolean]) -> list[Boolean]:
    """The facts that share a symbol with the conditions, or with other such facts, but for equations of symbols found nowhere else."""
    reached = {symbol for one in conditions for symbol in one.free_symbols}
    kept: list[Boolean] = []
    while more := [one for one in facts if one not in kept and reached & one.free_symbols]:
        kept += more
        reached.update(symbol for one in more for symbol in one.free_symbols)
    times = Counter(symbol for one in (*kept, *conditions) for symbol in one.free_symbols)
    told = [one for one in facts if one in kept and not (isinstance(one, Eq) and any(times[s] == 1 for s in one.free_symbols))]
    return told or list(facts)


def _opposite(facts: Sequence[Boolean], condition: Boolean) -> list[Boolean]:
    """The one fact that denies the condition by itself, where there is one; else all of them."""
    denial = negated(condition)
    sharper = [one for one in facts if len(sharpest((denial, one))) == 1 or normal_form(denial) == normal_form(one)]
    return sharper[:1] or list(facts)


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
