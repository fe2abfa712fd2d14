"""The kind of step that names the root of a cubic: a quantity defined as the only root in a bracket, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.solution import Implicit
from derive.steps import Step

__all__ = ["CubicRoot", "Form"]


class Form(Enum):
    """How the root of ``t**3 + slope*t + constant`` is written; the text says which of the roots it is.

    The first three are for three real roots, the others for a single one.
    """

    LARGEST = "the largest of three"
    MIDDLE = "the middle one of three"
    SMALLEST = "the smallest of three"
    RISING = "the only one, as the cubic rises"
    POSITIVE = "the only one, and positive"
    NEGATIVE = "the only one, and negative"
    CUBE_ROOT = "the only one, as the cubic is a cube and a constant"

    @property
    def trigonometric(self) -> bool:
        """Whether there are three real roots, so that radicals do not give them."""
        return self in (Form.LARGEST, Form.MIDDLE, Form.SMALLEST)


@dataclass(frozen=True, kw_only=True)
class CubicRoot(Step):
    """``root``, known as the only root of its equation in its bracket, is ``value``.

    With ``unit = symbol**power`` the equation is, up to a factor without the symbol, a cubic in the unit, ``lead`` times
    ``t**3 + slope*t + constant`` with ``t = unit - shift``. Which of its roots is meant is ``form``: the sign of the discriminant
    tells how many there are, the direction in which the equation changes sign and the bracket tell which. The ``conditions``
    that this needs are proved by ``certificates``, in their order.
    """

    root: Implicit
    power: Rational
    lead: Expr
    shift: Expr
    slope: Expr
    constant: Expr
    form: Form
    value: Expr
    conditions: tuple[Boolean, ...]
    certificates: tuple[Certificate | None, ...]

    @property
    def unit(self) -> Symbol:
        """The power of the quantity in which the equation is a cubic."""
        return self.root.symbol if self.power == 1 else Symbol("u", real=True)
