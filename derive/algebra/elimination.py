"""Linear systems whose coefficients are expressions in parameters, solved in their field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from derive.field import normal, ring_for

Row = Sequence[Expr]


def solve_linear(rows: Sequence[Row], right: Row) -> tuple[tuple[Expr, ...], Expr] | None:
    """The solution of a square system and its determinant; None when the determinant vanishes identically."""
    size = len(rows)
    if size == 0:
        return (), sympy.Integer(1)
    ring = ring_for([*(entry for row in rows for entry in row), *right])
    table = [[ring.convert(entry) for entry in (*row, value)] for row, value in zip(rows, right, strict=True)]
    top, bottom = ring.one, ring.one
    for column in range(size):
        pivot = _pivot(table, column)
        if pivot is None:
            return None
        if pivot != column:
            table[column], table[pivot] = table[pivot], table[column]
            top = -top
        n, d = table[column][column]
        top, bottom = ring.reduce(top * n, bottom * d)
        table[column] = [ring.reduce(p * d, q * n) for p, q in table[column]]
        for other in range(size):
            factor = table[other][column]
            if other != column and not factor[0].is_zero():
                table[other] = [
                    _minus(ring, entry, factor, own) for entry, own in zip(table[other], table[column], strict=True)
                ]
    solution = tuple(normal(ring.expression(row[-1][0]) / ring.expression(row[-1][1])) for row in table)
    return solution, normal(ring.expression(top) / ring.expression(bottom))


def _pivot(table: list[list[Any]], column: int) -> int | None:
    """The row below with the simplest entry that is not zero."""
    options = [
        (len(table[row][column][0]) + len(table[row][column][1]), row)
        for row in range(column, len(table))
        if not table[row][column][0].is_zero()
    ]
    return min(options)[1] if options else None


def _minus(ring: Any, entry: Any, factor: Any, own: Any) -> Any:
    """``entry - factor * own``."""
    (a, b), (c, d), (e, f) = entry, factor, own
    return ring.reduce(a * d * f - c * e * b, b * d * f)


def kernel(rows: Sequence[Row], width: int) -> tuple[tuple[Expr, ...], ...]:
    """A basis of the vectors that every row maps to zero, for generic parameters."""
    ring = ring_for([entry for row in rows for entry in row])
    table = [[ring.convert(entry) for entry in row] for row in rows]
    pivots: list[int] = []
    done: list[list[Any]] = []
    for column in range(width):
        place = next((i for i, row in enumerate(table) if not row[column][0].is_zero()), None)
        if place is None:
            continue
        row = table.pop(place)
        n, d = row[column]
        row = [ring.reduce(p * d, q * n) for p, q in row]
        table = [[_minus(ring, e, other[column], own) for e, own in zip(other, row, strict=True)] for other in table]
        done = [[_minus(ring, e, other[column], own) for e, own in zip(other, row, strict=True)] for other in done]
        done.append(row)
        pivots.append(column)
    basis = []
    for free in (c for c in range(width) if c not in pivots):
        vector: list[Expr] = [sympy.Integer(0)] * width
        vector[free] = sympy.Integer(1)
        for pivot, row in zip(pivots, done, strict=True):
            vector[pivot] = normal(-ring.expression(row[free][0]) / ring.expression(row[free][1]))
        basis.append(tuple(vector))
    return tuple(basis)
