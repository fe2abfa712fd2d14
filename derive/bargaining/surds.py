"""Roots of quadratics as ``p + q sqrt(D)``, and polynomials at such roots in the same form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, sign_of
from derive.field import coefficients, denominator, factored, normal

__all__ = ["Surd", "root_of"]


@dataclass(frozen=True)
class Surd:
    """``plain + factor * sqrt(radicand)``."""

    plain: Expr
    factor: Expr
    radicand: Expr

    def expression(self, given: Sequence[Boolean]) -> Expr:
        """The number as an author writes it."""
        if self.factor == 0:
            return oriented(self.plain, given)
        root = sympy.sqrt(self.radicand)
        share = oriented(self.factor, given) * root
        return share if self.plain == 0 else oriented(self.plain, given) + share

    def into(self, expression: Expr, x: Symbol) -> Surd | None:
        """The value at this number of an expression that is a polynomial in `x`; None for any other."""
        below = denominator(expression)
        parts = coefficients(expression, x)
        if parts is None or x in below.free_symbols:
            return None
        plain, factor = Integer(0), Integer(0)
        for part in reversed(parts):
            plain, factor = (
                normal(plain * self.plain + factor * self.factor * self.radicand + part),
                normal(plain * self.factor + factor * self.plain),
            )
        return Surd(normal(plain / below), normal(factor / below), self.radicand)


def root_of(expression: Expr, x: Symbol, given: Sequence[Boolean], *, falling: bool = True) -> Surd | None:
    """The root of a linear or quadratic expression at which its numerator falls (rises, unless `falling`); None beyond that.

    Where the denominator's sign is not known this may be another root than the one wanted: callers pass expressions without one.
    """
    parts = coefficients(expression, x)
    if parts is None or len(parts) not in (2, 3):
        return None
    if len(parts) == 2:
        return Surd(normal(-parts[0] / parts[1]), Integer(0), Integer(0))
    constant, linear, square = parts
    turn = -1 if falling else 1
    outside, inside = _squares_out(linear**2 - 4 * square * constant, given)
    return Surd(normal(-linear / (2 * square)), normal(turn * outside / (2 * square)), inside)


def _squares_out(radicand: Expr, given: Sequence[Boolean]) -> tuple[Expr, Expr]:
    """``radicand = outside**2 * inside`` with ``outside > 0``; only factors whose sign is proved are taken out."""
    form = factored(radicand)
    outside, inside = Integer(1), form.coefficient
    for base, exponent in form.factors:
        half, rest = divmod(exponent, 2)
        sign = sign_of(base, given) if half else 1
        if half and sign is None:
            half, rest = 0, exponent
        outside *= (base * (sign or 1)) ** half
        inside *= oriented(base, given) ** rest
    square = sympy.sqrt(abs(form.coefficient))
    if square.is_Rational:
        outside, inside = outside * square, inside / abs(form.coefficient)
    return outside, inside
