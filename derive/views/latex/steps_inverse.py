"""Steps about choices made through their response and about conditions on a quantity inside the support of a law."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Mul, Symbol

from derive import inverse as kinds
from derive.certificates import Certificate
from derive.law.lawsums import way
from derive.render import Tex
from derive.shocks import Cdf, Density, Overage
from derive.views.latex.breaking import NOTHING, Display
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class Fall:
    """A sum of which no term rises inside the support of a law, and where it starts and ends.

    `products` says that its terms are not evident powers of ``1 - F``, `elastic` that the elasticity of sales decides.
    """

    variable: Tex
    core: Display
    moving: Tex
    quantities: Tex
    products: bool
    elastic: bool
    low: Tex
    high: Tex
    limits: tuple[Tex, Tex]
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.FallingByLaw, writer: Writer) -> Fall:
    z, name = step.variable, step.law
    moving = [term for term in step.terms if (term.survival, term.stock, term.sales, term.rate) != (0, 0, 0, 0)]
    products = any(t.stock or t.sales for t in moving)
    elastic = products and any(way(t, igfr=False) is None for t in moving)
    sales, rate = Symbol("S", real=True), Symbol("g", real=True)
    defined = [(sales, z - Overage(name, z))] if products else []
    defined += [(rate, z * Density(name, z) / (1 - Cdf(name, z)))] if products or any(t.rate for t in moving) else []
    return Fall(
        writer.math(z),
        writer.display("", step.core, relation="", label=writer.label(step)),
        words_list([Tex(f"{writer.math(_shown(t, step, sales, rate))} {_moves(t)}") for t in moving]),
        words_list([Tex(f"${left} = {writer.shape.inline(right)}$") for left, right in defined]) if defined else Tex(""),
        products,
        elastic,
        writer.math(step.low),
        writer.math(step.high),
        (writer.math(step.limits[0]), writer.math(step.limits[1])),
        reasons(step.certificates, writer),
    )


def _shown(term: kinds.LawTerm, step: kinds.FallingByLaw, sales: Symbol, rate: Symbol) -> Expr:
    survival = 1 - Cdf(step.law, step.variable)
    return survival**term.survival * step.variable**term.stock * sales**term.sales * rate**term.rate


def _moves(term: kinds.LawTerm) -> str:
    if not (term.survival or term.stock or term.sales):
        return "does not fall"
    return "rises" if way(term, igfr=True) == 1 else "falls"


@dataclass(frozen=True)
class Cdfs:
    """A sum of distribution functions with coefficients that let it fall, and its values at the ends of a support."""

    variable: Tex
    core: Display
    low: Tex
    high: Tex
    limits: tuple[Tex, Tex]
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.FallingCdfs, writer: Writer) -> Cdfs:
    return Cdfs(
        writer.math(step.variable),
        writer.display("", step.core, relation="", label=writer.label(step)),
        writer.math(step.low),
        writer.math(step.high),
        (writer.math(step.limits[0]), writer.math(step.limits[1])),
        reasons(step.certificates, writer),
    )


@dataclass(frozen=True)
class Hump:
    """A product with the survival function that rises and then falls, and the values at the ends of the support."""

    variable: Tex
    core: Display
    quantities: Tex
    slope: Display
    bracket: Tex
    low: Tex
    high: Tex
    limits: tuple[Tex, Tex]
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.RiseThenFall, writer: Writer) -> Hump:
    z, name = step.variable, step.law
    sales, rate = Symbol("S", real=True), Symbol("r", real=True)
    survival = 1 - Cdf(name, z)
    bracket = step.rate * survival - rate * (step.base + step.rate * sales)
    defined = ((sales, z - Overage(name, z)), (rate, Density(name, z) / survival))
    return Hump(
        writer.math(z),
        writer.display("", step.core, relation="", label=writer.label(step)),
        words_list([Tex(f"${left} = {writer.shape.inline(right)}$") for left, right in defined]),
        writer.display("", Mul(survival, bracket, evaluate=False), relation=""),
        writer.math(step.base + step.rate * sales),
        writer.math(step.low),
        writer.math(step.high),
        (writer.math(step.limits[0]), writer.math(step.limits[1])),
        reasons(step.certificates, writer),
    )


@dataclass(frozen=True)
class Inverted:
    """A response in place of the choice that moves it."""

    choice: Tex
    response: Tex
    equation: Display
    value: Display
    objective: Display
    reason: Tex


@step_view.register
def _(step: kinds.ByResponse, writer: Writer) -> Inverted:
    symbol = writer.objective(step.before)[0]
    writer.introduce(step.after, symbol)
    return Inverted(
        writer.math(step.choice),
        writer.math(step.response),
        writer.display("", step.equation, relation="", tail=" = 0"),
        writer.display(writer.shape.tex(step.choice), step.value),
        writer.display(symbol, step.after, label=writer.label(step)),
        reason(step.certificate, writer),
    )


@dataclass(frozen=True)
class Turned:
    """A restriction as a bound."""

    variable: Tex
    slack: Display
    core: Display
    factored: bool
    upper: bool
    bound: Display
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.TurnedBound, writer: Writer) -> Turned:
    return Turned(
        writer.math(step.variable),
        writer.display("", step.slack, relation="", tail=r" \geq 0"),
        writer.display("", step.core, relation=""),
        step.positive != 1,
        step.upper,
        writer.display("", step.bound, relation=""),
        reasons((step.positivity, step.certificate), writer),
    )


@dataclass(frozen=True)
class Bent:
    """A marginal payoff that bends one way, or rises: its derivative, and the end or the root that decides."""

    variable: Tex
    core: Tex
    concave: bool
    curvature: Display
    reason: Tex
    end: Tex = NOTHING
    at_end: Tex = NOTHING
    end_reason: Tex = NOTHING
    root: Tex = NOTHING


@step_view.register
def _(step: kinds.Bend, writer: Writer) -> Bent:
    concave, shown = _turning(step.curvature, step.certificate, writer)
    return Bent(
        writer.math(step.variable),
        writer.math(step.core),
        concave,
        shown,
        reason(step.certificate, writer),
        writer.math(step.end),
        writer.math(step.at_end),
        reason(step.end_certificate, writer),
    )


@step_view.register
def _(step: kinds.FewPeaks, writer: Writer) -> Bent:
    concave, shown = _turning(step.derivative, step.certificate, writer)
    root = NOTHING if step.root is None else writer.math(step.root)
    return Bent(writer.math(step.variable), writer.math(step.core), concave, shown, reason(step.certificate, writer), root=root)


def _turning(derivative: Expr, certificate: Certificate | None, writer: Writer) -> tuple[bool, Display]:
    """Whether a derivative is negative, and its display with that sign."""
    number = derivative < 0 if derivative.is_Rational else getattr(getattr(certificate, "claim", None), "rel_op", "") == "<"
    return bool(number), writer.display("", derivative, relation="", tail=" < 0" if number else " > 0")
