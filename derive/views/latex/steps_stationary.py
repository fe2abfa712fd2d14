"""First-order conditions and their only solution: by a determinant where they are linear, otherwise one elimination at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Matrix, Symbol, factor

from derive import steps as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.expanded import expanded
from derive.views.latex.steps import step_view
from derive.views.latex.width import width
from derive.views.latex.words import math, numeral, words_list
from derive.views.latex.writer import Writer

_SHORT_DETERMINANT = 24.0


@dataclass(frozen=True)
class Elimination:
    """One equation solved for one unknown; ``sources`` are the multiples of the conditions whose sum it is, if it is none of them."""

    unknown: Tex
    sources: Tex
    factor: Display | None
    lead: Tex
    reason: Tex
    excluded: tuple[Tex, ...]
    display: Display


@dataclass(frozen=True)
class Solved:
    """First-order conditions and their only solution; with a ``determinant`` they are linear and need no ``trail``.

    At a ``corner`` one of them only says which value of a choice is one of its bounds, or they determine more than choices.
    """

    number: str
    unknowns: Tex
    equations: Display
    determinant: Tex
    reasons: tuple[Tex, ...]
    trail: tuple[Elimination, ...]
    values: Display
    several: bool
    corner: bool
    variant: int


@step_view.register
def _(step: kinds.Stationary, writer: Writer) -> Solved:
    unknowns = [symbol for symbol, _ in step.values]
    rows = [Row("", (writer.form(_condition(equation, unknowns)),), "", " = 0") for equation in step.equations]
    determinant = _determinant(step, unknowns)
    shown = writer.math(determinant) if determinant is not None else Tex("")
    if width(shown) > _SHORT_DETERMINANT:
        shown = Tex("")
    leads = [entry.nonzero for entry in step.trail if entry.nonzero is not None and not entry.lead.is_number]
    proofs = [*(certificate for entry in step.trail for certificate in entry.excluded), *leads]
    return Solved(
        numeral(len(step.equations)),
        words_list([math(writer.shape.tex(symbol)) for symbol in unknowns]),
        writer.setter.rows(rows, shape=writer.shape),
        shown,
        reasons(proofs, writer) if shown else (),
        () if shown or _is_solved(step) else tuple(elimination(entry, step.values, step.equations, writer) for entry in step.trail),
        writer.equations(step.values, label=writer.label(step)),
        len(step.equations) > 1,
        any(_is_value(_without_number(equation), unknowns) for equation in step.equations) or _beyond(unknowns, writer),
        writer.count("Stationary"),
    )


def _beyond(unknowns: Sequence[Symbol], writer: Writer) -> bool:
    """Whether some of the unknowns are not chosen in the game that is spoken of."""
    return bool(writer.choices) and not writer.choices.issuperset(unknowns)


def _is_solved(step: kinds.Stationary) -> bool:
    """Whether the only condition is linear in its unknown, with a number as its coefficient."""
    entry = step.trail[0] if len(step.trail) == 1 and len(step.equations) == 1 else None
    return entry is not None and entry.lead.is_number and not (entry.combined or entry.excluded) and _is_told(entry, step.equations)


def _is_told(entry: kinds.Elimination, equations: Sequence[Expr]) -> bool:
    """Whether its equation is one of the conditions, up to a number."""
    own = _without_number(expanded(entry.factor))
    told = [_without_number(expanded(equation)) for equation in equations]
    return entry.factor in equations or own in told or -own in told


def _without_number(equation: Expr) -> Expr:
    """What is to vanish, freed of a number that all its terms share."""
    return equation.as_content_primitive()[1]


def _condition(equation: Expr, unknowns: Sequence[Symbol]) -> Expr:
    """What is to vanish, freed of a number and of a denominator without unknowns that all its terms share."""
    above, below = equation.as_numer_denom()
    return _without_number(equation if below.free_symbols & set(unknowns) else above)


def _is_value(equation: Expr, unknowns: Sequence[Symbol]) -> bool:
    """Whether it only says what one of the unknowns is, up to its sign: so does a bound that binds."""
    concerned = equation.free_symbols & set(unknowns)
    return len(concerned) == 1 and equation.diff(*concerned) in (1, -1)


def _determinant(step: kinds.Stationary, unknowns: Sequence[Symbol]) -> Expr | None:
    """The determinant of conditions that are linear in all unknowns at once, as far as the eliminations are those of Gauss."""
    if len(unknowns) < 2 or len(step.equations) != len(unknowns):
        return None
    if not step.trail or any(entry.combined or _left_out(entry, unknowns) for entry in step.trail):
        return None
    slopes = Matrix([[_condition(equation, unknowns).diff(symbol) for symbol in unknowns] for equation in step.equations])
    if slopes.free_symbols & set(unknowns):
        return None
    found = factor(slopes.det(method="berkowitz"))
    return found if found != 0 else None


def _left_out(entry: kinds.Elimination, unknowns: Sequence[Symbol]) -> bool:
    """Whether the elimination divided by a factor in which an unknown stands, so that more than Gauss was done."""
    return any(certificate.claim.free_symbols & set(unknowns) for certificate in entry.excluded)


def elimination(
    entry: kinds.Elimination, values: Sequence[tuple[Symbol, Expr]], equations: Sequence[Expr], writer: Writer
) -> Elimination:
    """An elimination on the way to `values`; what it says of an equation that was shown, or of a value that will be, is not said."""
    last = dict(values).get(entry.unknown) == entry.value
    return Elimination(
        math(writer.shape.tex(entry.unknown)),
        words_list([writer.math(multiple) for multiple in entry.combined], "and"),
        writer.display("", entry.factor, relation="", tail=" = 0") if not _is_told(entry, equations) else None,
        writer.math(writer.form(entry.lead)),
        reason(entry.nonzero, writer) if not entry.lead.is_number else Tex(""),
        tuple(writer.relation(certificate.claim) for certificate in entry.excluded),
        writer.display(writer.shape.tex(entry.unknown), entry.value) if not last else Display(()),
    )
