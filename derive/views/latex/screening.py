"""Steps about a continuum of types as flat views; importing this module registers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.contracts import steps as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class Envelope:
    """How what a type earns changes with the type, and at the margin."""

    type: Tex
    quantity: Tex
    slope: Tex
    crossing: Tex
    falling: bool
    down: bool
    worst: Tex
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Virtual:
    """The principal's objective without the transfer, and what is maximised type by type."""

    surplus: Display
    weight: Tex
    reason: Tex
    ratio: Tex
    virtual: Display
    observed: bool


@dataclass(frozen=True)
class Quantities:
    """The best quantity stretch by stretch, with its derivatives."""

    display: Display
    down: bool
    observed: bool
    several: bool
    slopes: Tex
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Earned:
    """Rents and transfers stretch by stretch."""

    rents: Display
    transfers: Display
    observed: bool


@dataclass(frozen=True)
class Expected:
    """What the principal expects to earn."""

    display: Display
    reservation: Tex


@step_view.register
def _(step: kinds.InformationRent, writer: Writer) -> Envelope:
    return Envelope(
        writer.math(step.type),
        writer.math(step.quantity),
        writer.math(step.slope),
        writer.math(step.crossing),
        step.falling,
        step.down,
        writer.math(step.worst),
        reasons(step.certificates, writer),
    )


@step_view.register
def _(step: kinds.VirtualSurplus, writer: Writer) -> Virtual:
    symbol = "S" if step.observed else "J"
    writer.introduce(step.virtual, symbol)
    return Virtual(
        writer.display("", step.surplus - step.weight * Symbol("u", real=True), relation=""),
        writer.math(step.weight),
        reason(step.certificate, writer),
        writer.math(step.ratio),
        writer.display(symbol, step.virtual, label=writer.label(step)),
        step.observed,
    )


@step_view.register
def _(step: kinds.Schedule, writer: Writer) -> Quantities:
    slopes = tuple(dict.fromkeys(step.slopes))
    return Quantities(
        _stretches(step.quantity, step.quantities, step.type, step.ends, writer),
        step.down,
        step.observed,
        len(slopes) > 1,
        words_list([writer.math(slope) for slope in slopes]),
        reasons((*step.order, *step.signs), writer),
    )


def _stretches(
    symbol: Expr, values: Sequence[Expr], theta: Symbol, ends: Sequence[Expr], writer: Writer, label: str = ""
) -> Display:
    """One row for each stretch, with the types it is for where there are several."""
    tex = writer.shape.tex
    rows = []
    for value, low, high in zip(values, ends, ends[1:], strict=False):
        where = rf" \quad ({tex(low)} \leq {tex(theta)} \leq {tex(high)})" if len(values) > 1 else ""
        rows.append(Row(tex(symbol), (writer.form(value),), tail=where))
    return writer.setter.rows(rows, label=label, shape=writer.shape)


@step_view.register
def _(step: kinds.Rents, writer: Writer) -> Earned:
    u = Symbol("u", real=True)
    return Earned(
        _stretches(u, step.rents, step.type, step.ends, writer),
        _stretches(step.transfer, step.transfers, step.type, step.ends, writer),
        step.observed,
    )


@step_view.register
def _(step: kinds.ExpectedSurplus, writer: Writer) -> Expected:
    paid = step.weight * step.reservation
    return Expected(
        writer.display(writer.shape.tex(step.payoff), step.value, label=writer.label(step)),
        writer.math(paid) if paid != 0 else Tex(""),
    )
