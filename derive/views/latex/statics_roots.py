"""How quantities that equations define respond to parameters: the formula of the implicit function theorem, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Symbol, exp

from derive.audit.explore import Table
from derive.audit.signs import Sign
from derive.audit.slopes import steepness
from derive.render import Tex
from derive.solution import Implicit
from derive.views.latex.breaking import Row
from derive.views.latex.width import width
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer

__all__ = ["slopes_of_roots"]

_MARKS = {Sign.POSITIVE: " > 0", Sign.NEGATIVE: " < 0", Sign.NOT_NEGATIVE: r" \geq 0", Sign.NOT_POSITIVE: r" \leq 0"}
_WIDEST = 40.0
_INLINE = 26.0


def slopes_of_roots(moved: Sequence[Implicit], table: Table, others: bool, writer: Writer) -> tuple[Tex, ...]:
    """One paragraph for the roots whose slopes are used; `others` where signs were told before that do not need these."""
    if not moved:
        return ()
    letters = [writer.fresh("G", "H", "K"), writer.fresh("D", r"\Delta", "M"), writer.fresh("x", r"\theta", "s")]
    told = [_of_root(item, f"_{{{k}}}" if len(moved) > 1 else "", letters, table, moved, writer) for k, item in enumerate(moved, 1)]
    steep = {steepness(item.symbol) for item in moved}
    roots = {item.symbol for item in moved}
    if any(one.quantity not in roots and one.slope.expression.free_symbols & steep for one in table.effects):
        told.append("The slopes of the other values follow by the chain rule.")
    names = words_list([math(writer.shape.tex(item.symbol)) for item in moved])
    rest = f"The {'other ' if others else ''}signs involve the slope{'s' if len(moved) > 1 else ''} of {names}. "
    return (Tex(rest + "".join(told)),)


def _of_root(
    item: Implicit, place: str, letters: Sequence[str], table: Table, moved: Sequence[Implicit], writer: Writer
) -> str:
    """The equation, its steepness at the root, the formula for any parameter, and the slopes that are short."""
    name, parameter = writer.shape.tex(item.symbol), letters[2]
    equation, steep = (f"{letter}{place}" for letter in letters[:2])
    rate = rf"{steep} = \lvert \partial {equation} / \partial {name} \rvert"
    text = f"Let {math(equation)} be the difference of the two sides of the equation that defines {math(name)}"
    inline = writer.shape.inline(item.equation)
    text += f", {math(f'{equation} = {inline}')}" if width(inline) < _INLINE else ""
    text += f". It {'rises' if item.sign > 0 else 'falls'} in {math(name)} at the root; write {math(rate)}. "
    stands = Symbol("D_steepness", real=True)
    there = writer.using(replace(writer.shape, names=writer.shape.names.extended({stands.name: steep}))).knowing([stands])
    rows = []
    for effect in table.effects:
        if effect.quantity == item.symbol and effect.slope.sign in _MARKS:
            left = rf"\frac{{\partial {name}}}{{\partial {writer.shape.tex(effect.parameter)}}}"
            value = there.form(effect.slope.expression.subs(exp(-steepness(item.symbol)), 1 / stands))
            if steepness(item.symbol) not in value.free_symbols and width(left) + width(there.shape.tex(value)) < _WIDEST:
                rows.append(Row(left, (value,), tail=_MARKS[effect.slope.sign]))
    slope = rf"\partial {name} / \partial {parameter} = {_minus(item)}(\partial {equation} / \partial {parameter}) / {steep}"
    text += f"For a parameter {math(parameter)} the implicit function theorem gives {math(slope)}"
    others = [math(writer.shape.tex(one.symbol)) for one in moved if one != item and one.symbol in item.equation.free_symbols]
    text += f", where {words_list(others)} in {math(equation)} move{'s' if len(others) == 1 else ''} too" if others else ""
    return text + (f"; here{writer.setter.rows(rows, shape=there.shape).stop}" if rows else ". ")


def _minus(item: Implicit) -> str:
    return "-" if item.sign > 0 else ""
