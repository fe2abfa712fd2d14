"""How choices answer to earlier ones, in numbers at points: where the solution of their linear conditions is too long to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
from sympy import Matrix

from derive.check.exactly import size
from derive.check.values import numbers

__all__ = ["slopes_at", "written_out"]

TINY = mpmath.mpf(10) ** -15
At = tuple[Mapping[Any, Any], Any]


def written_out(matrix: Matrix) -> int:
    """About how many parts the solution of linear equations with this matrix has: elimination triples what it reads, row by row."""
    known: dict[Any, int] = {}
    return int(sum(size(entry, known) for entry in matrix) * 3 ** (matrix.rows - 1))


def slopes_at(matrix: Matrix, right: Matrix, points: Sequence[At]) -> list[list[Any]] | None:
    """The solution of ``matrix * x = right`` at every point; None where the matrix is singular at one of them."""
    found = []
    with mpmath.workdps(40):
        for at, apply in points:
            values = numbers((*matrix, *right), at, apply)
            rows = mpmath.matrix([values[i * matrix.cols : (i + 1) * matrix.cols] for i in range(matrix.rows)])
            try:
                if abs(mpmath.det(rows)) < TINY:
                    return None
                found.append(list(mpmath.lu_solve(rows, mpmath.matrix(values[len(matrix) :]))))
            except ZeroDivisionError:
                return None
    return found
