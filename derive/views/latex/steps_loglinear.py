"""The steps about conditions between products of powers, as flat views; importing this module registers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Mul, Pow, Symbol

from derive import loglinear as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason
from derive.views.latex.steps import step_view
from derive.views.latex.words import math, numeral, words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class InLogarithms:
    """Conditions that are linear in the logarithms of the unknowns, and their only solution."""

    number: str
    unknowns: Tex
    logarithms: Tex
    equations: Display
    determinant: Tex
    reason: Tex
    values: Display
    several: bool


@dataclass(frozen=True)
class Together:
    """Conditions by which unknowns vanish all or none."""

    number: str
    unknowns: Tex
    conditions: Display
    several: bool


@step_view.register
def _(step: kinds.LogLinear, writer: Writer) -> InLogarithms:
    rows = [
        Row(writer.shape.tex(_powers(step.unknowns, one.exponents)), (writer.form(one.level),)) for one in step.equations
    ]
    names = [writer.shape.tex(symbol) for symbol in step.unknowns]
    return InLogarithms(
        numeral(len(step.equations)),
        words_list([math(name) for name in names]),
        words_list([math(rf"\ln {name}") for name in names]),
        writer.setter.rows(rows, shape=writer.shape),
        writer.math(step.determinant),
        reason(step.nonzero, writer) if step.nonzero is not None else Tex(""),
        writer.equations(step.values, label=writer.label(step)),
        len(step.unknowns) > 1,
    )


@step_view.register
def _(step: kinds.AllOrNone, writer: Writer) -> Together:
    rows = [
        Row(writer.shape.tex(writer.form(_term(step.unknowns, left.powers))), (writer.form(_term(step.unknowns, right.powers)),))
        for left, right in step.sides
    ]
    return Together(
        numeral(len(step.conditions)),
        words_list([math(writer.shape.tex(symbol)) for symbol in step.unknowns], "or"),
        writer.setter.rows(rows, shape=writer.shape),
        len(step.conditions) > 1,
    )


def _powers(unknowns: Sequence[Symbol], exponents: Sequence[Expr]) -> Expr:
    return Mul(*(Pow(unknown, exponent) for unknown, exponent in zip(unknowns, exponents, strict=True)))


def _term(unknowns: Sequence[Symbol], powers: kinds.Powers) -> Expr:
    return powers.coefficient * _powers(unknowns, powers.exponents)
