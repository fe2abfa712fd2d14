"""The step that names the root of a cubic, as a flat view; importing this module registers it."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Integer, Symbol, oo

from derive.algebra.cubic import discriminant
from derive.cubic import CubicRoot, Form
from derive.render import Tex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reasons
from derive.views.latex.steps import step_view
from derive.views.latex.writer import Writer

_TURNS = {Form.LARGEST: r"\varphi", Form.MIDDLE: r"\varphi - \tfrac{2\pi}{3}", Form.SMALLEST: r"\varphi - \tfrac{4\pi}{3}"}
_WHICH = {Form.LARGEST: "largest", Form.MIDDLE: "middle", Form.SMALLEST: "smallest"}


@dataclass(frozen=True)
class Reduced:
    """A cubic without its square term, how many real roots it has, and which of them is meant.

    `unit` is empty where the equation is a cubic in the quantity itself; `outermost` says that the bracket has no end on that side.
    """

    symbol: Tex
    unit: Tex
    equation: Display
    moved: Tex
    cubic: Display
    measure: Tex
    rises: bool
    cube: bool
    three: bool
    which: str
    turned: Tex
    falls: bool
    outermost: bool
    positive: bool
    value: Display
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: CubicRoot, writer: Writer) -> Reduced:
    p, r = (Symbol(name, real=True) for name in "pr")
    tex = writer.shape.tex
    rows = [
        Row("t^3 + pt + r", (Integer(0),)),
        Row("p", (writer.form(step.slope),)),
        Row("r", (writer.form(step.constant),)),
    ]
    unit = f"${tex(step.unit)} = {tex(step.root.symbol**step.power)}$" if step.power != 1 else ""
    root = step.root
    outer = (step.form is Form.LARGEST and root.high == oo) or (step.form is Form.SMALLEST and root.low == -oo)
    return Reduced(
        writer.math(root.symbol),
        Tex(unit),
        writer.display("", root.equation, relation="", tail=" = 0"),
        Tex(f"$t = {tex(step.unit - step.shift)}$"),
        writer.setter.rows(rows, shape=writer.shape),
        writer.math(discriminant(p, r)),
        step.form is Form.RISING,
        step.form is Form.CUBE_ROOT,
        step.form.trigonometric,
        _WHICH.get(step.form, ""),
        Tex(f"${_TURNS.get(step.form, '')}$"),
        root.sign < 0,
        outer,
        step.form is Form.POSITIVE,
        writer.display(tex(root.symbol), step.value, label=writer.label(step)),
        reasons(step.certificates, writer),
    )
