"""Certificates that put a name or a value in place of something, as arguments in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, Expr, Pow, Rational, Symbol, false

from derive import certificates as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.certificates import certificate_text, reason
from derive.views.latex.evident import is_short, nodes_of
from derive.views.latex.width import width
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer, normal_form, scaled

_SHORT_VALUE = 18.0
_WIDE_ATOM = 5.0


@certificate_text.register
def _(certificate: kinds.Eliminated, writer: Writer) -> Tex:
    value = Eq(certificate.symbol, certificate.value, evaluate=False)
    if width(writer.shape.inline(value)) < _SHORT_VALUE:
        steps, proof = _in_turn(certificate, writer)
        values = [Eq(step.symbol, step.value, evaluate=False) for step in steps]
        apart = len(steps) == 1 and scaled(certificate.equation) != scaled(value)
        told = f", from {writer.relation(certificate.equation)}" if apart else ""
        because = reason(proof, writer)
        put_in = words_list([math(writer.shape.inline(one)) for one in values])
        return Tex(f"Substitute {put_in}{told}{_become(certificate, proof, because, writer)}")
    shown = writer.display(writer.shape.tex(certificate.symbol), certificate.value)
    return Tex(
        f"The equation {writer.relation(certificate.equation)} gives"
        + shown.stop
        + f"Substitute it. {reason(certificate.proof, writer)}"
    )


def _in_turn(certificate: kinds.Eliminated, writer: Writer) -> tuple[list[kinds.Eliminated], Certificate]:
    """Short values that are put in one after another, each given by an equation that says just that, and what is shown then."""
    steps, proof = [certificate], certificate.proof
    while isinstance(proof, kinds.Eliminated) and width(writer.shape.inline(proof.value)) < _SHORT_VALUE:
        steps.append(proof)
        proof = proof.proof
    return steps, proof


def _become(certificate: kinds.Eliminated, proof: Certificate, because: str, writer: Writer) -> str:
    """What is claimed after values are put in, with the reason; not said where nothing is changed, or much is."""
    if not because:
        return "; then the claim is evident."
    claim = proof.claim
    same = claim == false or normal_form(claim) == normal_form(certificate.claim)
    if same or isinstance(proof, kinds.Contradiction) or writer.too_wide([claim]):
        return f". {because}"
    return f"; the claim becomes {writer.relation(claim)}. {because}"


@certificate_text.register
def _(certificate: kinds.Named, writer: Writer) -> Tex:
    shown = writer.display(writer.shape.tex(certificate.symbol), certificate.value)
    return Tex("Write" + shown.stop + reason(certificate.proof, writer))


@certificate_text.register
def _(certificate: kinds.Abstracted, writer: Writer) -> Tex:
    values = [node.value for node in nodes_of(certificate.proof) if isinstance(node, kinds.Eliminated)]
    squared = {power.base for value in values for power in value.atoms(Pow) if power.exp.is_Integer}
    wide = {atom.symbol for atom in certificate.atoms if width(writer.shape.inline(atom.expression)) > _WIDE_ATOM}
    if is_short(certificate.proof):
        wide = set()
    letters = _letters([atom for atom in certificate.atoms if atom.symbol in squared or atom.symbol in wide], writer)
    spelled = {atom.symbol.name: letters.get(atom.symbol) or writer.shape.inline(atom.expression) for atom in certificate.atoms}
    roots = [atom.symbol for atom in certificate.atoms if _is_positive_root(atom.expression, writer)]
    inner = writer.using(replace(writer.shape, names=writer.shape.names.extended(spelled))).knowing(roots)
    numbers = {atom.symbol for atom in certificate.atoms if not atom.expression.free_symbols}
    plain = [fact for fact in certificate.proof.given if fact.free_symbols and fact.free_symbols <= numbers]
    text = reason(certificate.proof, inner.having_told(plain))
    named = [atom for atom in certificate.atoms if atom.symbol in letters and _occurs(letters[atom.symbol], text)]
    told = words_list([math(f"{letters[atom.symbol]} = {writer.shape.inline(atom.expression)}") for atom in named])
    return Tex(f"Write {told}. {text}") if told and text else text


def _occurs(letter: str, text: str) -> bool:
    """Whether a letter stands in a text as a name of its own."""
    return re.search(rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z_])", text) is not None


def _letters(atoms: Sequence[kinds.Atom], writer: Writer) -> dict[Symbol, str]:
    """A letter for each atom, which may then be squared and solved for."""
    letter = writer.fresh("u", "v", "x", "y")
    return {atom.symbol: letter if len(atoms) == 1 else f"{letter}_{{{place}}}" for place, atom in enumerate(atoms, 1)}


def _is_positive_root(expression: Expr, writer: Writer) -> bool:
    return isinstance(expression, Pow) and expression.exp == Rational(1, 2) and writer.tidy.sign(expression.base) == 1
