"""Steps of games between identical players: what one member sees, symmetry imposed, asymmetric equilibria excluded."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Mul

from derive import members as kinds
from derive.render import Tex
from derive.steps import Hill
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import equalities, math, words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class OneOfMany:
    """The payoff of one member: how many there are, the own choices and the others', the sums, the payoff."""

    count: Tex
    own: Tex
    others: Tex
    sums: Tex
    after: Display
    variant: int


@step_view.register
def _(step: kinds.Member, writer: Writer) -> OneOfMany:
    symbol = writer.shape.tex(step.payoff)
    writer.introduce(step.after, symbol)
    return OneOfMany(
        writer.math(step.count),
        words_list([math(writer.shape.tex(own)) for own, _ in step.others]),
        words_list([math(writer.shape.tex(theirs)) for _, theirs in step.others]),
        equalities(tuple(pair for pair in step.sums if pair[0] in step.before.free_symbols), writer.shape),
        writer.display(symbol, step.after, label=writer.label(step)),
        writer.count("Member"),
    )


@dataclass(frozen=True)
class Imposed:
    """Symmetry: which choices are equal, and the conditions with that put in."""

    alike: Tex
    equations: Display


@step_view.register
def _(step: kinds.Symmetry, writer: Writer) -> Imposed:
    rows = [Row("", (writer.form(equation),), "", " = 0") for equation in step.equations]
    return Imposed(
        equalities(tuple((theirs, own) for own, theirs in step.others), writer.shape),
        writer.setter.rows(rows, label=writer.label(step), shape=writer.shape),
    )


@dataclass(frozen=True)
class SameForAll:
    """Why all members choose alike: the payoff in the own choice and the sums, its marginal value, and how that falls."""

    choice: Tex
    sums: Tex
    objective: Display
    rate: Display
    slope: Display
    reason: Tex
    again: bool


@step_view.register
def _(step: kinds.Alike, writer: Writer) -> SameForAll:
    def shown(expression: Expr, tail: str = "") -> Display:
        return writer.display("", expression, relation="", tail=tail)

    return SameForAll(
        writer.math(step.choice),
        words_list([math(writer.shape.tex(symbol)) for symbol, _ in step.sums]),
        shown(step.objective),
        writer.display("", step.rate, relation="", label=writer.label(step)),
        shown(step.slope, " < 0"),
        reason(step.certificate, writer),
        bool(writer.count(f"Alike {step.group} {step.label.rsplit('.', 1)[0]}")),
    )


@dataclass(frozen=True)
class Summit:
    """A marginal payoff that rises and falls: its derivative as a product, the factor that decides, the lower bound."""

    variable: Tex
    introduced: Display | None
    marginal: Display
    bend: Display
    positive: Tex
    inner: Tex
    slope: Display
    reasons: tuple[Tex, ...]
    low: Tex
    at_low: Tex


@step_view.register
def _(step: Hill, writer: Writer) -> Summit:
    symbol, introduced = writer.objective(step.objective)
    variable = writer.shape.tex(step.variable)
    product = Mul(step.positive, writer.form(step.inner), evaluate=False)
    return Summit(
        math(variable),
        introduced,
        writer.display(rf"\frac{{\partial {symbol}}}{{\partial {variable}}}", step.marginal, label=writer.label(step)),
        writer.display(rf"\frac{{\partial^2 {symbol}}}{{\partial {variable}^2}}", product, as_given=True),
        writer.math(step.positive) if step.positive != 1 else Tex(""),
        writer.setter.named(writer.form(step.inner)) or writer.math(step.inner),
        writer.display("", step.slope, relation="", tail=" < 0"),
        reasons(step.certificates, writer),
        math(f"{variable} = {writer.shape.inline(step.low)}"),
        writer.math(step.at_low),
    )
