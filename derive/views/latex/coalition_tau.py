"""The tau value as a flat view: the bounds, the point between them, and the division."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.coalition import steps as kinds
from derive.render import Tex
from derive.views.latex.breaking import Display
from derive.views.latex.coalition import number, shares, table
from derive.views.latex.steps import step_view
from derive.views.latex.words import math
from derive.views.latex.writer import Writer

__all__: list[str] = []


@dataclass(frozen=True)
class TauView:
    """Utopia payoffs and minimal rights, how far the division is on the way between them, and the division.

    ``tight`` says that the bounds agree, ``compared`` that comparisons of expressions are behind the minimal rights.
    """

    bounds: Display
    place: Tex
    position: Display | None
    division: Display
    compared: bool
    tight: bool
    cost: bool


@step_view.register
def _(step: kinds.TauValue, writer: Writer) -> TauView:
    names = _indices([writer.shape.tex(symbol) for symbol, _ in step.shares])
    pairs = [*zip((f"M{_script(one)}" for one in names), step.upper, strict=True)]
    pairs += [*zip((f"m{_script(one)}" for one in names), step.lower, strict=True)]
    plain = bool(step.position.is_Rational)
    return TauView(
        table(writer, ((left, value, "") for left, value in pairs)),
        math(number(writer, step.position)) if plain else Tex(""),
        None if plain else writer.display("", step.position, relation=""),
        shares(writer, step.shares),
        bool(step.proofs),
        plain and bool(step.proofs) and step.position == 1,
        step.cost,
    )


def _script(index: str) -> str:
    """A subscript."""
    return f"_{index}" if len(index) == 1 else f"_{{{index}}}"


def _indices(shares: Sequence[str]) -> list[str]:
    """What tells the symbols of the shares apart: their subscripts where they have the same letter, else they themselves."""
    heads, _, tails = zip(*(share.partition("_") for share in shares), strict=True)
    if len(set(heads)) > 1 or len(set(tails)) < len(tails):
        return list(shares)
    return [tail.removeprefix("{").removesuffix("}") for tail in tails]
