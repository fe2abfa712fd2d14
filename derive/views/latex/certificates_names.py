"""Certificates that put a name or a value in place of something, as arguments in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, Expr, Pow, Rational, Symbol

from derive import certificates as kinds
from derive.render import Tex
from derive.views.latex.certificates import certificate_text, reason
from derive.views.latex.evident import is_short, nodes_of
from derive.views.latex.width import width
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer, scaled

_SHORT_VALUE = 18.0
_WIDE_ATOM = 5.0


@certificate_text.register
def _(certificate: kinds.Eliminated, writer: Writer) -> Tex:
    value = Eq(certificate.symbol, certificate.value, evaluate=False)
    if width(writer.shape.inline(value)) < _SHORT_VALUE:
        told = "" if scaled(certificate.equation) == scaled(value) else f", from {writer.relation(certificate.equation)}"
        because = reason(certificate.proof, writer)
        return Tex(f"Substitute {math(writer.shape.inline(value))}{told}{f'. {because}' if because else '; then the claim is evident.'}")
    shown = writer.display(writer.shape.tex(certificate.symbol), certificate.value)
    return Tex(
        f"The equation {writer.relation(certificate.equation)} gives"
        + shown.stop
        + f"Substitute it. {reason(certificate.proof, writer)}"
    )


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
