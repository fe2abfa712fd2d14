"""Certificates as arguments in words.

`certificate_text` may be extended for a further class of certificate with ``certificate_text.register``; a class without a text
of its own gets a plain sentence that claims no more than what is known.
"""

from __future__ import annotations

from functools import singledispatch

from sympy import Add, Expr, Mul, Symbol
from sympy.logic.boolalg import Boolean

from derive import certificates as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer

__all__ = ["certificate_text", "reason"]

_LONG = 40


@singledispatch
def certificate_text(certificate: Certificate, writer: Writer) -> Tex:
    """Sentences that prove ``certificate.claim``; the reader has just been told the claim."""
    return Tex("This has been verified exactly.")


def reason(certificate: Certificate | None, writer: Writer) -> Tex:
    """The text of a certificate that may be missing, in which case there is nothing to prove beyond what is displayed."""
    return certificate_text(certificate, writer) if certificate is not None else Tex("")


def _negated(relation: Boolean) -> Boolean:
    return relation.negated if hasattr(relation, "negated") else ~relation


# --- the kinds of certificate ----------------------------------------------------------------------------------------


@certificate_text.register
def _(certificate: kinds.Assumed, writer: Writer) -> Tex:
    if certificate.fact == certificate.claim:
        return Tex("This is one of the assumptions.")
    return Tex(f"This follows from {writer.relation(certificate.fact)}.")


@certificate_text.register
def _(certificate: kinds.Denominator, writer: Writer) -> Tex:
    return Tex("It is a denominator of a quantity that is defined, hence not zero.")


@certificate_text.register
def _(certificate: kinds.Factors, writer: Writer) -> Tex:
    if not certificate.factors:
        return Tex("This is a comparison of numbers.")
    claim = certificate.claim
    product = Mul(certificate.coefficient, *[factor.base**factor.exponent for factor in certificate.factors])
    plain = [factor.sign for factor in certificate.factors if isinstance(factor.sign, kinds.Assumed)]
    deep = [factor.sign for factor in certificate.factors if factor.sign and not isinstance(factor.sign, kinds.Assumed)]
    signs = [sign.claim for sign in (*plain, *deep)]
    text = ""
    if hasattr(claim, "lhs") and claim.lhs - claim.rhs != product and len(certificate.factors) > 1 and claim.rhs != 0:
        text += "The difference of the two sides is" + writer.display("", product, relation="").stop
    if len(certificate.factors) == 1 and deep and deep[0].claim == claim:
        return certificate_text(deep[0], writer)
    text += f"Here {writer.relations(signs)}." if signs else "Every factor is a square."
    for sign in deep:
        if len(certificate.factors) > 1:
            text += f" As to {writer.relation(sign.claim)}:"
        text += " " + certificate_text(sign, writer)
    return Tex(text)


@certificate_text.register
def _(certificate: kinds.Slack, writer: Writer) -> Tex:
    writes = words_list([math(f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}") for symbol, value in certificate.substitution])
    slacks = {slack.symbol: slack for slack in certificate.slacks}
    positive = [symbol for symbol in slacks if slacks[symbol].strict]
    weak = [symbol for symbol in slacks if not slacks[symbol].strict]
    signs = [math(f"{_symbols(positive, writer)} > 0")] if positive else []
    signs += [math(rf"{_symbols(weak, writer)} \geq 0")] if weak else []
    difference = certificate.numerator / certificate.denominator
    parts = Add.make_args(certificate.numerator)
    text = f"Write {writes} with {words_list(signs)}. The difference of the two sides becomes "
    if len(parts) > _LONG:
        label = writer.put_aside(writer.relation(certificate.claim), writer.display("", certificate.numerator, relation=""))
        text += f"a fraction whose numerator, printed in \\cref{{{label}}}, has {len(parts)} terms"
        if certificate.denominator != 1:
            text += f" and whose denominator is {writer.math(certificate.denominator)}"
        return Tex(text + ", and all coefficients are positive.")
    return Tex(text + writer.display("", difference, relation="").comma + "in which every coefficient is positive.")


def _symbols(symbols: list[Symbol], writer: Writer) -> str:
    return ", ".join(writer.shape.tex(symbol) for symbol in symbols)


@certificate_text.register
def _(certificate: kinds.Products, writer: Writer) -> Tex:
    total: list[Expr] = []
    facts: list[Boolean] = []
    for product in certificate.products:
        lefts = [fact.lhs - fact.rhs if fact.rel_op in (">", ">=") else fact.rhs - fact.lhs for fact in product.facts]
        total.append(Mul(product.coefficient, product.square**2, *lefts, evaluate=False))
        facts += product.facts
    for equation, multiplier in certificate.equations:
        total.append(Mul(multiplier, equation.lhs - equation.rhs, evaluate=False))
        facts.append(equation)
    known = list(dict.fromkeys(facts))
    lead = writer.condition(known, "We are given") if known else Tex("Consider")
    glue = " Then" if known else ""
    shown = writer.display("0", Add(*total, evaluate=False)) if len(total) <= _LONG else None
    if shown is None:
        return Tex(f"{lead}.{glue} a sum of {len(total)} products of these, each nonnegative and one positive, vanishes identically; impossible.")
    stop = "" if "\\begin{align*}" in lead else "."
    return Tex(
        f"{lead}{stop}{glue} identically" + shown.comma + "although no term on the right is negative and one is positive: a contradiction."
    )


@certificate_text.register
def _(certificate: kinds.Contradiction, writer: Writer) -> Tex:
    return Tex(f"Suppose on the contrary that {writer.relation(_negated(certificate.claim))}. {certificate_text(certificate.refutation, writer)}")


@certificate_text.register
def _(certificate: kinds.Opposed, writer: Writer) -> Tex:
    return Tex(
        f"It would require {writer.relation(certificate.fact)}, but in fact {writer.relation(certificate.denial.claim)}. "
        f"{certificate_text(certificate.denial, writer)}"
    )


@certificate_text.register
def _(certificate: kinds.Cases, writer: Writer) -> Tex:
    text = "We distinguish cases."
    for condition, branch in certificate.branches:
        text += f" If {writer.relations([condition])}: {_lowered(certificate_text(branch, writer))}"
    return Tex(text)


@certificate_text.register
def _(certificate: kinds.Using, writer: Writer) -> Tex:
    text = ""
    for place, lemma in enumerate(certificate.lemmas):
        text += f"{'First' if not place else 'Moreover'}, {writer.relation(lemma.claim)}. {certificate_text(lemma, writer)} "
    return Tex(text + ("Therefore: " if certificate.lemmas else "") + certificate_text(certificate.proof, writer))


@certificate_text.register
def _(certificate: kinds.Conjunction, writer: Writer) -> Tex:
    texts = []
    for part in certificate.parts:
        texts.append(f"For {writer.relation(part.claim)}: {_lowered(certificate_text(part, writer))}")
    return Tex(" ".join(texts))


@certificate_text.register
def _(certificate: kinds.Eliminated, writer: Writer) -> Tex:
    shown = writer.display(writer.shape.tex(certificate.symbol), certificate.value)
    return Tex(
        f"The equation {writer.relation(certificate.equation)} gives"
        + shown.stop
        + f"Substitute it. {certificate_text(certificate.proof, writer)}"
    )


@certificate_text.register
def _(certificate: kinds.Abstracted, writer: Writer) -> Tex:
    names = words_list([math(f"{writer.shape.tex(atom.symbol)} = {writer.shape.inline(atom.expression)}") for atom in certificate.atoms])
    facts = [fact for atom in certificate.atoms for fact in atom.facts]
    known = f", so that {writer.relations(facts)}" if facts else ""
    return Tex(f"Write {names}{known}. {certificate_text(certificate.proof, writer)}")


def _lowered(text: str) -> str:
    """A sentence continued after a colon."""
    return text[0].lower() + text[1:] if text[:2].isalpha() or text[1:2] == " " else text


