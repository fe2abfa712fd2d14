"""Which of several binding constraints carry the multipliers: where their gradients depend on one another, not all of them can.

The choice is made in numbers at the points of a regime; what follows from it is then checked exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import mpmath
from mpmath import matrix

__all__ = ["Gradients", "carried_apart", "carriers"]

TINY = mpmath.mpf(10) ** -14
Rows = Sequence[Sequence[Any]]
#: At each point the derivatives of the binding constraints and of the payoff, and those of both inwards from each bound.
Gradients = tuple[Sequence[Rows], Rows, Sequence[tuple[Rows, Sequence[Any]]]]


def carriers(
    slopes: Sequence[Rows], pulls: Rows, free: Sequence[bool], bounds: Sequence[tuple[Rows, Sequence[Any]]]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Numbers of the constraints that carry multipliers and of the choices they are solved for; None if no set of them will do.

    At each point, ``slopes[point][constraint][choice]`` and ``pulls[point][choice]`` are the derivatives of constraints and payoff;
    `free` marks equalities, whose multipliers may be negative. ``bounds`` are choices held at a bound: at each point the
    derivatives of the constraints inwards, and of the payoff inwards, which must not be positive together.
    """
    count, width = (len(slopes[0]), len(pulls[0])) if slopes else (0, 0)
    for size in range(min(count, width), -1, -1):
        for chosen in combinations(range(count), size):
            for pivots in combinations(range(width - 1, -1, -1), size):
                if all(_holds(s, p, chosen, pivots, free, [(b[k], g[k]) for b, g in bounds])
                       for k, (s, p) in enumerate(zip(slopes, pulls, strict=True))):  # fmt: skip
                    return chosen, pivots
    return None


def carried_apart(
    slopes: Sequence[Rows], pulls: Rows, bounds: Sequence[tuple[Rows, Sequence[Any]]], free: Sequence[bool]
) -> bool:
    """Whether at every point some of the constraints carry multipliers, though not the same ones at all points."""
    if not slopes or carriers(slopes, pulls, free, bounds) is not None:
        return False
    return all(_carried(slopes[k], pulls[k], [(along[k], gain[k]) for along, gain in bounds], free) for k in range(len(slopes)))


def _carried(slopes: Rows, pull: Sequence[Any], bounds: Sequence[tuple[Sequence[Any], Any]], free: Sequence[bool]) -> bool:
    """Whether some constraints carry multipliers at one point, bounds having one or none."""
    numbers = range(len(bounds))
    for size in range(len(bounds) + 1):
        for without in combinations(numbers, size):
            rows = [[*row, *(bounds[b][0][c] for b in without)] for c, row in enumerate(slopes)]
            pulls = [*pull, *(bounds[b][1] for b in without)]
            rest = [([bounds[b][0]], [bounds[b][1]]) for b in numbers if b not in without]
            if carriers([rows], [pulls], free, rest) is not None:
                return True
    return False


def _holds(
    slopes: Rows,
    pull: Sequence[Any],
    chosen: Sequence[int],
    pivots: Sequence[int],
    free: Sequence[bool],
    bounds: Sequence[tuple[Sequence[Any], Any]],
) -> bool:
    multipliers: list[Any] = []
    if chosen:
        system = [[slopes[c][p] for c in chosen] for p in pivots]
        if abs(_determinant(system)) < TINY:
            return False
        multipliers = list(mpmath.lu_solve(matrix(system), matrix([-pull[p] for p in pivots])))
    if any(value < -TINY and not free[c] for c, value in zip(chosen, multipliers, strict=True)):
        return False
    for choice, own in enumerate(pull):
        parts = [own, *(value * slopes[c][choice] for c, value in zip(chosen, multipliers, strict=True))]
        if abs(mpmath.fsum(parts)) > TINY * (1 + max(map(abs, parts))):
            return False
    for along, gain in bounds:
        inwards = mpmath.fsum([gain, *(value * along[c] for c, value in zip(chosen, multipliers, strict=True))])
        if inwards > TINY * (1 + abs(gain)):
            return False
    return True


def _determinant(rows: Rows) -> Any:
    """By expansion along the first row: few rows, and a singular matrix is an answer (a numerical factorisation may give up)."""
    if not rows:
        return mpmath.mpf(1)
    minors = ([[*row[:k], *row[k + 1 :]] for row in rows[1:]] for k in range(len(rows)))
    return mpmath.fsum(
        (-1) ** k * entry * _determinant(minor) for k, (entry, minor) in enumerate(zip(rows[0], minors, strict=True))
    )
