"""The step about conditions solved one after the other, as a flat view; importing this module registers it."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Eq

from derive import triangular as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reasons
from derive.views.latex.steps import step_view
from derive.views.latex.steps_stationary import Elimination, elimination
from derive.views.latex.words import math, numeral, words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class InTurn:
    """Conditions, in terms of an aggregate if there is one, the eliminations, and the equation that is left with its roots.

    ``core`` has no lines where the equation stands among the conditions already; it is None where the eliminations leave nothing.
    """

    number: str
    several: bool
    fixed: Tex
    aggregate: Tex
    equations: Display
    trail: tuple[Elimination, ...]
    unknown: Tex
    core: Display | None
    excluded: tuple[Tex, ...]
    discriminant: Tex
    crossing: bool
    reasons: tuple[Tex, ...]
    solutions: tuple[Display, ...]


@step_view.register
def _(step: kinds.Triangular, writer: Writer) -> InTurn:
    aggregate, last = step.aggregate, step.last
    stated = step.conditions if aggregate is None else aggregate.restated
    rows = [Row("", (writer.form(one.as_content_primitive()[1]),), "", " = 0") for one in stated]
    count = len(step.conditions)
    told = () if last is not None else step.solutions[0]
    shown = last is not None and any(last.core in (one, -one) for one in stated)
    core = None if last is None else Display(()) if shown else writer.display("", last.core, relation="", tail=" = 0")
    labelled = [tuple(item for item in solution if item[0] in step.unknowns) for solution in step.solutions]
    first = labelled[:1]
    return InTurn(
        f"{numeral(count)} first-order conditions" if count > 1 else "first-order condition",
        count > 1,
        words_list(
            [math(rf"{writer.shape.tex(symbol)} = {writer.shape.tex(writer.form(value))}") for symbol, value in _fixed(step)]
        ),
        Tex("") if aggregate is None else writer.relation(Eq(aggregate.symbol, aggregate.meaning, evaluate=False)),
        writer.setter.rows(rows, shape=writer.shape),
        tuple(elimination(entry, told, stated, writer) for entry in step.trail),
        Tex("") if last is None else math(writer.shape.tex(last.unknown)),
        core,
        () if last is None or shown else tuple(writer.relation(one.claim) for one in last.excluded),
        writer.math(last.shape.discriminant) if last is not None and isinstance(last.shape, kinds.Quadratic) else Tex(""),
        _crosses(last),
        _proofs(last, writer),
        tuple(writer.equations(one, label=writer.label(step) if one in first else "") for one in labelled),
    )


def _fixed(step: kinds.Triangular) -> list[tuple]:
    """The choices put in that the conditions would speak of."""
    return [item for item in step.fixed if not item[1].free_symbols]


def _crosses(last: kinds.LastEquation | None) -> bool:
    """Whether the core is only shown to fall where it vanishes."""
    return last is not None and isinstance(last.shape, kinds.Falls) and Eq(last.core, 0) in last.shape.certificate.given


def _proofs(last: kinds.LastEquation | None, writer: Writer) -> tuple[Tex, ...]:
    if last is None:
        return ()
    if isinstance(last.shape, kinds.Falls):
        return reasons((last.shape.certificate,), writer)
    return reasons(() if last.shape.nonzero is None else (last.shape.nonzero,), writer)
