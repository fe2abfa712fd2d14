"""Quantities that are defined as the root of an equation, as flat views; importing this module registers them."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derive import steps as kinds
from derive.field import NotRational, factored
from derive.render import Tex
from derive.views.latex.breaking import Display
from derive.views.latex.certificates import reason
from derive.views.latex.steps import step_view
from derive.views.latex.writer import Writer, is_law_fact


@dataclass(frozen=True)
class Root:
    """An implicitly defined quantity: existence by the values at the ends, uniqueness by monotonicity."""

    symbol: Tex
    equation: Display
    low: Tex
    high: Tex
    limits: tuple[Tex, Tex]
    reason: Tex
    lemma: Tex
    marginal: bool


def _is_marginal(core: Expr, writer: Writer) -> bool:
    """Whether a condition is that the factor vanishes that carries the sign of the marginal payoff last spoken of."""
    if writer.sign_carrier is None:
        return False
    try:
        ratio = factored(writer.sign_carrier / core)
        defined = {base for base, exponent in factored(core).factors if exponent < 0}
    except (NotRational, ZeroDivisionError):
        return False
    return all(base in defined or writer.tidy.sign(base) or is_law_fact(base > 0) or is_law_fact(base < 0) for base, _ in ratio.factors)


@step_view.register
def _(step: kinds.ImplicitRoot, writer: Writer) -> Root:
    return Root(
        writer.math(step.symbol),
        writer.equation(step.core, writer.label(step), step.symbol),
        writer.math(step.low),
        writer.math(step.high),
        (writer.math(step.limits[0]), writer.math(step.limits[1])),
        reason(step.certificate, writer),
        writer.lemma(step.lemma) if step.lemma else Tex(""),
        _is_marginal(step.core, writer),
    )
