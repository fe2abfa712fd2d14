"""Certificates as arguments in words.

`certificate_text` may be extended for a further class of certificate with ``certificate_text.register``; a class without a text
of its own gets a plain sentence that claims no more than what is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from sympy import Add, Expr, Mul, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import certificates as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.evident import added_to_others, facts_of, is_short, is_single_sign
from derive.views.latex.fewest import fewest
from derive.views.latex.words import math, neat, words_list
from derive.views.latex.writer import Writer, normal_form, sharpest, weaker

__all__ = [
    "certificate_text",
    "contradictory",
    "facts_in_passing",
    "is_given",
    "negated",
    "reason",
    "reasons",
    "seen_from_few",
    "since",
    "telling",
]

_LONG = 40
_SEVERAL = 2
_SHORT_VALUE = 18.0
_THESE = "These signs follow from"
_HERE = ("This follows from", "Here we use", "This holds since")


@singledispatch
def certificate_text(certificate: Certificate, writer: Writer) -> Tex:  # noqa: ARG001 (for the registered functions)
    """Sentences that prove ``certificate.claim``; the reader has just been told the claim."""
    return Tex("This has been verified exactly.")


def reason(certificate: Certificate | None, writer: Writer) -> Tex:
    """Why the claim of a certificate holds: the facts it rests on where they show it at once, else the whole argument.

    Nothing for a missing certificate: there is nothing to prove beyond what is displayed.
    """
    if certificate is None or writer.evident(certificate.claim, certificate.given):
        return Tex("")
    if not is_short(certificate) and seen_from_few(certificate, writer) is None:
        return certificate_text(certificate, writer)
    if certificate.claim == false:
        facts = contradictory(certificate, writer)
        return Tex(f"This contradicts {writer.facts(facts)}." if facts else "This is a contradiction.")
    named = telling(certificate, writer)
    return Tex(f"{_HERE[writer.count('here') % len(_HERE)]} {writer.facts(named)}.") if named else Tex("")


def since(certificate: Certificate | None, writer: Writer) -> Tex:
    """The facts that show a claim at once; nothing where the argument is longer or needs none."""
    if certificate is None or certificate.claim == false or writer.evident(certificate.claim, certificate.given):
        return Tex("")
    named = telling(certificate, writer) if is_short(certificate) else []
    return writer.facts(named) if named and not writer.too_wide(named) else Tex("")


def reasons(certificates: Iterable[Certificate | None], writer: Writer) -> tuple[Tex, ...]:
    """Why several claims hold: the facts that show them at once in one sentence, then every longer argument."""
    wanted = [one for one in certificates if one is not None and not writer.evident(one.claim, one.given)]
    short = [one for one in wanted if one.claim != false and (is_short(one) or seen_from_few(one, writer) is not None)]
    facts = dict.fromkeys(fact for one in short for fact in telling(one, writer))
    opening = _THESE if len(short) > 1 else _HERE[writer.count("here") % len(_HERE)]
    first = [Tex(f"{opening} {writer.facts(facts)}.")] if facts else []
    told = {_unopened(text): text for text in first}
    for one in wanted:
        if one not in short and (text := reason(one, writer)):
            told.setdefault(_unopened(text), text)
    return tuple(told.values())


def _unopened(text: str) -> str:
    """A reason without the words that open it, which vary."""
    return next((text.removeprefix(here) for here in (*_HERE, _THESE) if text.startswith(here)), text)


def _unstated(certificate: Certificate, writer: Writer) -> list[Boolean]:
    told = (fact for fact in facts_of(certificate) if fact != false and normal_form(fact) not in writer.stated)
    return [fact for fact in told if is_single_sign(fact) or not writer.evident(fact)]


def contradictory(certificate: Certificate, writer: Writer) -> list[Boolean]:
    """The facts worth naming of those that a certificate refutes."""
    facts, needed = list(sharpest(_unstated(certificate, writer))), added_to_others(certificate, writer.choices)
    return [fact for fact in facts if not is_single_sign(fact) or fact in needed] or facts


def seen_from_few(certificate: Certificate, writer: Writer) -> tuple[Boolean, ...] | None:
    """The one fact that shows a claim at once though its certificate is longer, where there is one, or none where none is needed."""
    found = fewest(certificate.claim, certificate.given, writer.tidy, writer.choices)
    return found if found is not None and len(found) < _SEVERAL else None


def telling(certificate: Certificate, writer: Writer) -> list[Boolean]:
    """The facts worth naming: none where the claim is one of them itself or follows from the signs of symbols."""
    named = _named(certificate, writer)
    few = fewest(certificate.claim, certificate.given, writer.tidy, writer.choices) if named or not is_short(certificate) else None
    unsaid = [one for one in few if normal_form(one) not in writer.stated] if few is not None else named
    return unsaid if few is not None and (len(unsaid) < len(named) or not is_short(certificate)) else named


def _named(certificate: Certificate, writer: Writer) -> list[Boolean]:
    """The facts worth naming of those on which the certificate rests."""
    added = [fact for fact in added_to_others(certificate, writer.choices) if not writer.obvious(fact)]
    named = [f for f in _unstated(certificate, writer) if f.free_symbols and (not is_single_sign(f) or f in added)]
    said = {normal_form(form(writer.plain(fact))) for fact in named for form in (_itself, weaker)}
    same = len(named) == 1 and normal_form(writer.plain(certificate.claim)) in said
    return [] if same or all(map(is_single_sign, named)) else named


def _itself(relation: Boolean) -> Boolean:
    return relation


def negated(relation: Boolean) -> Boolean:
    """The denial of a relation."""
    return relation.negated if hasattr(relation, "negated") else ~relation


# --- the kinds of certificate ----------------------------------------------------------------------------------------


@certificate_text.register
def _(certificate: kinds.Assumed, writer: Writer) -> Tex:
    if is_single_sign(certificate.fact):
        return Tex("")
    if certificate.fact == certificate.claim:
        return Tex("")
    return Tex(f"This follows from {writer.relation(certificate.fact)}.")


@certificate_text.register
def _(_certificate: kinds.Denominator, _writer: Writer) -> Tex:
    return Tex("It is a denominator of a quantity that is defined, hence not zero.")


def _signs(certificate: kinds.Factors) -> tuple[list[Boolean], list[Certificate]]:
    """The signs of factors worth mentioning, and the certificates of those that are not among what is given."""
    mentioned: list[Boolean] = []
    deep: list[Certificate] = []
    for factor in certificate.factors:
        sign = factor.sign
        if sign is None:
            continue
        if isinstance(sign, kinds.Assumed):
            if not is_single_sign(sign.fact):
                mentioned.append(sign.fact)
        else:
            mentioned.append(sign.claim)
            deep.append(sign)
    return list(dict.fromkeys(mentioned)), deep


@certificate_text.register
def _(certificate: kinds.Factors, writer: Writer) -> Tex:
    if not certificate.factors:
        return Tex("")
    claim = certificate.claim
    mentioned, deep = _signs(certificate)
    mentioned = [sign for sign in mentioned if not writer.obvious(sign)]
    deep = [sign for sign in deep if sign.claim in mentioned and not is_given(sign, writer)]
    plain = [sign for sign in mentioned if normal_form(sign) == normal_form(writer.plain(claim))]
    if plain:  # what else the claim is a product of is positive to the eye, and left out where it is told
        mentioned, deep, claim = plain, [sign for sign in deep if sign.claim in plain], plain[0]
    text = ""
    if isinstance(claim, Relational) and claim.rhs != 0:
        product = Mul(certificate.coefficient, *[factor.base**factor.exponent for factor in certificate.factors])
        if claim.lhs - claim.rhs != product and len(certificate.factors) > 1:
            text += "The difference of the two sides is" + writer.display("", product, relation="").stop
    if len(deep) == 1 and (mentioned == [claim] or _trivially_same(mentioned, claim)):
        return Tex(text + reason(deep[0], writer))
    if mentioned:
        short = {sign.claim: facts for sign in deep if (facts := facts_in_passing(sign, writer))}
        text += f"Here {words_list([_with_reason(fact, short.get(fact), writer) for fact in mentioned])}."
        deep = [sign for sign in deep if sign.claim not in short]
    for sign in deep:
        because = reason(sign, writer)
        if len(because) > _LONG and writer.again((sign.claim, because)):
            text += f" As before, {writer.relation(sign.claim)}." if len(mentioned) > 1 else " The reason is the same as before."
        elif because:
            text += f" To see that {writer.relation(sign.claim)}: {_lowered(because)}" if len(mentioned) > 1 else f" {because}"
    return Tex(text.strip())


def facts_in_passing(certificate: Certificate, writer: Writer) -> Tex:
    """The facts that show a claim at once, to be named beside it; nothing where the argument is longer or there is none."""
    return Tex("") if is_given(certificate, writer) else since(certificate, writer)


def is_given(certificate: Certificate, writer: Writer) -> bool:
    """Whether a reader sees that it claims no more than a relation that is given."""
    return normal_form(writer.plain(certificate.claim)) in {normal_form(writer.plain(fact)) for fact in certificate.given}


def _with_reason(fact: Boolean, facts: Tex | None, writer: Writer) -> str:
    return f"{writer.relation(fact)} (by {facts})" if facts else str(writer.relation(fact))


def _trivially_same(mentioned: list[Boolean], claim: Boolean) -> bool:
    return len(mentioned) == 1 and isinstance(claim, Relational) and neat(mentioned[0]) == neat(claim)


@certificate_text.register
def _(certificate: kinds.Slack, writer: Writer) -> Tex:
    writes = words_list(
        [math(f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}") for symbol, value in certificate.substitution]
    )
    slacks = {slack.symbol: slack for slack in certificate.slacks}
    positive = [symbol for symbol in slacks if slacks[symbol].strict]
    weak = [symbol for symbol in slacks if not slacks[symbol].strict]
    signs = [math(f"{_symbols(positive, writer)} > 0")] if positive else []
    signs += [math(rf"{_symbols(weak, writer)} \geq 0")] if weak else []
    downward = isinstance(certificate.claim, Relational) and certificate.claim.rel_op in ("<", "<=")
    numerator = certificate.numerator
    if (numerator.is_Add and all(_negative(term) for term in numerator.args)) or (
        not numerator.is_Add and _negative(numerator)
    ):
        numerator = -numerator
    difference = numerator / certificate.denominator
    sides = "right side minus the left" if downward else "left side minus the right"
    parts = Add.make_args(certificate.numerator)
    text = f"Write {writes} with {words_list(signs)}. The {sides} becomes "
    if len(parts) > _LONG:
        label = writer.put_aside(writer.relation(certificate.claim), writer.display("", certificate.numerator, relation=""))
        text += f"a fraction whose numerator, printed in \\cref{{{label}}}, has {len(parts)} terms"
        if certificate.denominator != 1:
            text += f" and whose denominator is {writer.math(certificate.denominator)}"
        return Tex(text + ", and all coefficients are positive.")
    return Tex(text + writer.display("", difference, relation="").comma + "in which every coefficient is positive.")


def _negative(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0] < 0)


def _symbols(symbols: list[Symbol], writer: Writer) -> str:
    return ", ".join(writer.shape.tex(symbol) for symbol in symbols)


@certificate_text.register
def _(certificate: kinds.Products, writer: Writer) -> Tex:
    if any(not isinstance(fact, Relational) for product in certificate.products for fact in product.facts):
        return Tex("But this states that a number is less than a smaller one, a contradiction.")
    pivot = _pivot(certificate)
    if pivot is not None:
        others = [fact for product in certificate.products for fact in product.facts if fact != pivot]
        return Tex(f"But {writer.relations(dict.fromkeys(others))} give {writer.relation(negated(pivot))}, a contradiction.")
    total: list[Expr] = []
    facts: list[Boolean] = []
    for product in certificate.products:
        lefts = [fact.lhs - fact.rhs if fact.rel_op in (">", ">=") else fact.rhs - fact.lhs for fact in product.facts]
        total.append(Mul(product.coefficient, product.square**2, *lefts, evaluate=False))
        facts += product.facts
    for equation, multiplier in certificate.equations:
        total.append(Mul(multiplier, equation.lhs - equation.rhs, evaluate=False))
        facts.append(equation)
    known = [fact for fact in dict.fromkeys(facts) if not is_single_sign(fact)]
    lead = writer.condition(known, "But from", ",") if known else "But"
    if len(total) > _LONG:
        return Tex(
            f"{lead} a sum of {len(total)} products of these, each nonnegative and one positive, vanishes identically: impossible."
        )
    shown = writer.display("0", Add(*total, evaluate=False), as_given=True)
    return Tex(
        f"{lead} we have identically"
        + shown.comma
        + "where no term on the right is negative and one is positive: a contradiction."
    )


@certificate_text.register
def _(certificate: kinds.Squares, writer: Writer) -> Tex:
    claim = certificate.claim
    assert isinstance(claim, Relational)
    downward = claim.rel_op in ("<", "<=")
    difference = claim.rhs - claim.lhs if downward else claim.lhs - claim.rhs
    weight = Add(*(Mul(k, root**2) for k, root in certificate.weight))
    total = Add(*(Mul(k, root**2, evaluate=False) for k, root in certificate.squares), evaluate=False)
    shown = difference if weight == 1 else Mul(weight, difference, evaluate=False)
    lead = (
        "The difference of the two sides is a sum of squares"
        if weight == 1
        else "Times a positive factor it is a sum of squares"
    )
    if len(certificate.squares) > _LONG:
        label = writer.put_aside(writer.relation(claim), writer.display("", total, relation="", as_given=True))
        return Tex(f"{lead}, printed in \\cref{{{label}}}.")
    ends = ", one of them of a number." if claim.rel_op in (">", "<") else "."
    return Tex(f"{lead}{ends[:-1]}:" + writer.display(writer.shape.tex(shown), total, as_given=True).stop)


def _pivot(certificate: kinds.Products) -> Boolean | None:
    """The one relation that plainly contradicts the signs of the others: they alone make its other side positive."""
    if (
        certificate.equations
        or any(product.square**2 != 1 for product in certificate.products)
        or len(certificate.products) > 4
    ):
        return None
    signs = [fact for product in certificate.products for fact in product.facts]
    compound = [fact for fact in dict.fromkeys(signs) if not is_single_sign(fact)]
    if (
        len(compound) == 1
        and any(product.facts == (compound[0],) for product in certificate.products)
        and signs.count(compound[0]) == 1
    ):
        return compound[0]
    return None


@certificate_text.register
def _(certificate: kinds.Contradiction, writer: Writer) -> Tex:
    contrary = negated(certificate.claim)
    because = reason(certificate.refutation, writer.having_told([contrary]))
    return Tex(f"Suppose on the contrary that {writer.relation(contrary)}. {because}")


@certificate_text.register
def _(certificate: kinds.Opposed, writer: Writer) -> Tex:
    because = reason(certificate.denial, writer)
    if isinstance(certificate.denial, kinds.Factors):
        mentioned, deep = _signs(certificate.denial)
        if not deep and mentioned and len(certificate.denial.factors) == 1:
            return Tex(f"But {writer.relations(mentioned)}, a contradiction.")
    told = writer.has_stated(certificate.fact) or writer.too_wide([certificate.fact])
    contrary = "" if told else f", contrary to {writer.relation(certificate.fact)}"
    return Tex(f"But {writer.relation(certificate.denial.claim)}{contrary}. {because}".strip())


@certificate_text.register
def _(certificate: kinds.Cases, writer: Writer) -> Tex:
    text = "We distinguish cases."
    for condition, branch in certificate.branches:
        text += f" If {writer.relations([condition])}: {_lowered(reason(branch, writer) or 'this is immediate.')}"
    return Tex(text)


@certificate_text.register
def _(certificate: kinds.Conjunction, writer: Writer) -> Tex:
    texts = []
    for part in certificate.parts:
        texts.append(f"For {writer.relation(part.claim)}: {_lowered(reason(part, writer) or 'this is immediate.')}")
    return Tex(" ".join(texts))


@certificate_text.register
def _(certificate: kinds.Member, writer: Writer) -> Tex:
    return Tex(f"Then {writer.relation(certificate.part.claim)}. {reason(certificate.part, writer)}".strip())


def _lowered(text: str) -> str:
    """A sentence continued after a colon."""
    return text[0].lower() + text[1:] if text[:2].isalpha() or text[1:2] == " " else text


@certificate_text.register
def _(certificate: kinds.Alternatives, writer: Writer) -> Tex:
    return Tex(f"Suppose that none of these holds. {reason(certificate.refutation, writer)}")
