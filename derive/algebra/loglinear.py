"""Equations between two products of powers: for positive unknowns linear in their logarithms, solved by the inverse of the exponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, Mul, Pow, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import solve_linear
from derive.algebra.marginal import oriented, sign_of
from derive.algebra.monomials import Exponents, terms_in
from derive.algebra.systems import nonzero
from derive.certificates import Certificate
from derive.errors import Degenerate
from derive.field import normal
from derive.loglinear import PowerEquation, Powers, Side
from derive.prove import prove

__all__ = ["LogSolution", "all_or_none", "log_linear"]


@dataclass(frozen=True)
class LogSolution:
    """The only positive solution of equations between products of powers, with what shows it."""

    equations: tuple[PowerEquation, ...]
    determinant: Expr
    nonzero: Certificate | None
    weights: tuple[tuple[Expr, ...], ...]
    values: tuple[tuple[Symbol, Expr], ...]


def log_linear(conditions: Sequence[Expr], unknowns: Sequence[Symbol], given: Sequence[Boolean]) -> LogSolution | None:
    """The only solution of ``conditions = 0`` in the unknowns, which are positive; None where that is not a system of this form.

    Raises Degenerate where the determinant of the exponents may vanish.
    """
    if len(conditions) != len(unknowns):
        return None
    equations = []
    for place, condition in enumerate(conditions):
        equation = _equation(condition, place, unknowns, given)
        if equation is None:
            return None
        equations.append(equation)
    inverse = _inverse([equation.exponents for equation in equations])
    if inverse is None:
        return None
    weights, determinant = inverse
    certificate = None
    if not determinant.is_Rational:
        certificate = nonzero(determinant, given)
        if certificate is None:
            raise Degenerate(f"the equations degenerate where {determinant} = 0", quantity=determinant)
    levels = [equation.level for equation in equations]
    values = tuple(Mul(*(Pow(level, weight) for level, weight in zip(levels, row, strict=True))) for row in weights)
    return LogSolution(tuple(equations), determinant, certificate, weights, tuple(zip(unknowns, values, strict=True)))


def all_or_none(
    conditions: Sequence[Expr], unknowns: Sequence[Symbol], given: Sequence[Boolean]
) -> tuple[tuple[Side, Side], ...] | None:
    """The two sides of each condition, if no unknown can vanish without all others; None where that is not seen."""
    found = []
    for condition in conditions:
        sides = _sides(condition, unknowns, given)
        if sides is None:
            return None
        found.append(sides)
    balances = [tuple(_risen(side, unknowns) for side in sides) for sides in found]
    if any(len(_vanishing_with(unknown, balances)) < len(unknowns) for unknown in unknowns):
        return None
    return tuple(found)


# --- reading equations -----------------------------------------------------------------------------------------------------


def _equation(condition: Expr, place: int, unknowns: Sequence[Symbol], given: Sequence[Boolean]) -> PowerEquation | None:
    """A condition as an equation between powers in which the unknown at that place, whose own condition it is, has a positive exponent."""
    found = _two_terms(condition, unknowns)
    if found is None:
        return None
    (first, own), (second, other) = found
    if sign_of(normal(second[place] - first[place]), given) == -1:
        first, own, second, other = second, other, first, own
    level = oriented(normal(-own / other), given)
    positive = None if level.is_Rational else prove(level > 0, given)
    apart = None if other.is_Rational else nonzero(other, given)
    if not (level.is_positive if level.is_Rational else positive) or not (other.is_Rational or apart):
        return None
    gap = tuple(normal(b - a) for a, b in zip(first, second, strict=True))
    return PowerEquation(Powers(other, first), gap, level, apart, positive)


def _sides(condition: Expr, unknowns: Sequence[Symbol], given: Sequence[Boolean]) -> tuple[Side, Side] | None:
    found = _two_terms(condition, unknowns)
    if found is None:
        return None
    signs = [sign_of(coefficient, given) for _, coefficient in found]
    if sorted(sign or 0 for sign in signs) != [-1, 1]:
        return None
    sides = []
    for sign, (exponents, coefficient) in sorted(zip(signs, found, strict=True), key=lambda item: -(item[0] or 0)):
        size = oriented(normal((sign or 1) * coefficient), given)
        rises = []
        for exponent in exponents:
            if exponent.is_Rational:
                if exponent < 0:
                    return None
                continue
            certificate = prove(exponent > 0, given)
            if certificate is None:
                return None
            rises.append(certificate)
        sides.append(Side(Powers(size, exponents), None if size.is_Rational else prove(size > 0, given), tuple(rises)))
    return sides[0], sides[1]


def _two_terms(condition: Expr, unknowns: Sequence[Symbol]) -> list[tuple[Exponents, Expr]] | None:
    """The two products of powers of the unknowns of which a condition is the sum, with what multiplies them."""
    terms = terms_in(condition, unknowns)
    return terms if terms is not None and len(terms) == 2 else None


# --- the linear system in logarithms, and what vanishes together -----------------------------------------------------------


def _inverse(matrix: Sequence[Sequence[Expr]]) -> tuple[tuple[tuple[Expr, ...], ...], Expr] | None:
    """The inverse of a square matrix and its determinant; None where that vanishes identically."""
    size = len(matrix)
    columns, determinant = [], Integer(1)
    for i in range(size):
        solved = solve_linear(matrix, [Integer(int(i == j)) for j in range(size)])
        if solved is None:
            return None
        column, determinant = solved
        columns.append(column)
    return tuple(zip(*columns, strict=True)), determinant


def _risen(side: Side, unknowns: Sequence[Symbol]) -> frozenset[Symbol]:
    """The unknowns that stand in a side."""
    return frozenset(u for u, exponent in zip(unknowns, side.powers.exponents, strict=True) if exponent != 0)


def _vanishing_with(unknown: Symbol, balances: Sequence[Sequence[frozenset[Symbol]]]) -> frozenset[Symbol]:
    """What vanishes where one unknown does: the only unknown of a side of which the other side vanishes."""
    gone = frozenset({unknown})
    while True:
        new = {
            only
            for first, second in balances
            for one, other in ((first, second), (second, first))
            if one & gone and len(other) == 1
            for only in other
        }
        if new <= gone:
            return gone
        gone |= new
