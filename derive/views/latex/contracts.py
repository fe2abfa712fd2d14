"""Steps about hidden types as flat views; importing this module registers them."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer

from derive.contracts import steps as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.steps import step_view
from derive.views.latex.words import equalities, math, words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class Menu:
    """The constraints that bind with their multipliers, the transfers they leave, and what the other constraints say then."""

    transfers: Tex
    introduced: Display | None
    binding: Display
    multipliers: Tex
    solved: Display
    others: Display | None
    symbol: Tex
    reduced: Display
    reasons: tuple[Tex, ...]


@dataclass(frozen=True)
class Order:
    """A constraint that says which of two choices is the larger one."""

    slack: Display
    order: Tex
    high: Tex
    slope: Tex
    reason: Tex


def _at_least_zero(slacks: tuple[Expr, ...], writer: Writer) -> Display:
    rows = [Row(writer.shape.inline(slack), (writer.form(Integer(0)),), r"\geq") for slack in slacks]
    return writer.setter.rows(rows, shape=writer.shape)


@step_view.register
def _(step: kinds.BindingTransfers, writer: Writer) -> Menu:
    symbol, introduced = writer.objective(step.objective)
    writer.introduce(step.reduced, symbol)
    others = tuple(dict.fromkeys(slack for slack in step.others if not slack.is_number))
    return Menu(
        words_list([writer.math(transfer) for transfer, _ in step.solved]),
        introduced,
        _at_least_zero(step.binding, writer),
        words_list([writer.math(value) for value in step.multipliers]),
        writer.equations(step.solved, label=writer.label(step)),
        _at_least_zero(others, writer) if others else None,
        math(symbol),
        writer.display(symbol, step.reduced),
        reasons((*step.certificates, *step.held), writer),
    )


@step_view.register
def _(step: kinds.Ordered, writer: Writer) -> Order:
    return Order(
        _at_least_zero((step.slack,), writer),
        math(rf"{writer.shape.tex(step.high)} \geq {writer.shape.tex(step.low)}"),
        writer.math(step.high),
        writer.math(step.slope),
        reason(step.certificate, writer),
    )


@dataclass(frozen=True)
class Curved:
    """A choice replaced by what constraints see of it, and the objective in that."""

    old: Tex
    definition: Tex
    slope: Tex
    range: Tex
    display: Display


@step_view.register
def _(step: kinds.CurvedVariable, writer: Writer) -> Curved:
    symbol = writer.objective(step.objective)[0]
    writer.introduce(step.after, symbol)
    return Curved(
        writer.math(step.old),
        equalities(((step.new, step.meaning),), writer.shape),
        writer.math(step.slope),
        writer.relations(step.range) if step.range else Tex(""),
        writer.display(symbol, step.after, label=writer.label(step)),
    )
