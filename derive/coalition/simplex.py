"""An exact simplex method for linear programs with few rows and many columns. Rational arithmetic throughout.

Floats only suggest which column enters; every pivot, every ratio and the final optimality test are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq

__all__ = ["Outcome", "maximise"]

_STALL = 40


@dataclass(frozen=True)
class Outcome:
    """`status` is ``optimal``, ``unbounded`` or ``infeasible``.

    `weights` are the nonzero variables of the optimum (of the improving ray when unbounded); `prices` the dual values of the
    rows (a Farkas vector when infeasible).
    """

    status: str
    value: Fraction
    weights: dict[int, Fraction]
    prices: tuple[Fraction, ...]


def maximise(
    columns: Sequence[Sequence[Fraction | int]], profit: Sequence[Fraction | int], rhs: Sequence[Fraction | int]
) -> Outcome:
    """Maximise ``profit . y`` subject to ``sum_j columns[j] * y_j = rhs`` and ``y >= 0``.

    ``columns[j]`` has one entry per row. Returns the exact optimum, an improving ray, or a vector of prices ``p`` with
    ``p . columns[j] >= 0`` for all j and ``p . rhs < 0``.
    """
    rows = len(rhs)
    flip = [-1 if value < 0 else 1 for value in rhs]
    exact = [[_fmpq(entry) * sign for entry, sign in zip(column, flip, strict=True)] for column in columns]
    level = [_fmpq(value) * sign for value, sign in zip(rhs, flip, strict=True)]
    state = _State(exact, level)
    state.run([fmpq(0)] * len(exact), fmpq(-1))
    if sum((state.level[r] for r, j in enumerate(state.basis) if j < 0), fmpq(0)) != 0:
        prices = state.prices([fmpq(0)] * len(exact), fmpq(-1))
        return Outcome("infeasible", Fraction(0), {}, tuple(_fraction(p) * s for p, s in zip(prices, flip, strict=True)))
    gains = [_fmpq(value) for value in profit]
    ray = state.run(gains, fmpq(0))
    prices = state.prices(gains, fmpq(0))
    signed = tuple(_fraction(p) * s for p, s in zip(prices, flip, strict=True))
    if ray is not None:
        return Outcome("unbounded", Fraction(0), ray, signed)
    weights = {j: _fraction(state.level[r]) for r, j in enumerate(state.basis) if j >= 0 and state.level[r] != 0}
    value = (
        sum((_fraction(price * right) for price, right in zip(prices, level, strict=True)), Fraction(0))
        if rows
        else Fraction(0)
    )
    return Outcome("optimal", value, weights, signed)


class _State:
    """The current basis, its inverse and the levels of the basic variables; artificial column r is numbered ``-1 - r``."""

    def __init__(self, columns: list[list[fmpq]], level: list[fmpq]) -> None:
        self.columns = columns
        self.level = list(level)
        self.rows = len(level)
        self.basis = [-1 - r for r in range(self.rows)]
        self.inverse = [[fmpq(int(i == k)) for k in range(self.rows)] for i in range(self.rows)]
        try:
            self.rough = np.array([[_float(entry) for entry in column] for column in columns]).reshape(-1, self.rows)
        except OverflowError:
            self.rough = np.zeros((len(columns), 0))

    def prices(self, gains: list[fmpq], artificial: fmpq) -> list[fmpq]:
        costs = [gains[j] if j >= 0 else artificial for j in self.basis]
        return [sum((costs[r] * self.inverse[r][k] for r in range(self.rows)), fmpq(0)) for k in range(self.rows)]

    def run(self, gains: list[fmpq], artificial: fmpq) -> dict[int, Fraction] | None:
        """Pivot until no column improves; the improving ray if the program is unbounded."""
        stalled = 0
        try:
            rough = np.array([_float(g) for g in gains])
        except OverflowError:
            rough = np.zeros(0)
        while True:
            prices = self.prices(gains, artificial)
            entering = self._entering(gains, rough, prices, careful=stalled > _STALL)
            if entering is None:
                return None
            column = self.columns[entering]
            moved = [sum((row[k] * column[k] for k in range(self.rows)), fmpq(0)) for row in self.inverse]
            leaving, step = self._leaving(moved)
            if leaving is None:
                ray = {entering: Fraction(1)}
                for r, j in enumerate(self.basis):
                    if moved[r] != 0 and j >= 0:
                        ray[j] = -_fraction(moved[r])
                return ray
            stalled = stalled + 1 if step == 0 else 0
            self._pivot(entering, leaving, moved, step)

    def _entering(self, gains: list[fmpq], rough: np.ndarray, prices: list[fmpq], *, careful: bool) -> int | None:
        basic = set(self.basis)

        def improves(j: int) -> bool:
            return gains[j] > sum((p * entry for p, entry in zip(prices, self.columns[j], strict=True) if p), fmpq(0))

        if not careful and self.rough.shape[1] and len(rough) == len(gains):
            try:
                guess = rough - self.rough @ np.array([_float(p) for p in prices])
            except OverflowError:
                guess = np.zeros(0)
            if guess.size:
                for j in np.argsort(-guess, kind="stable")[:3]:
                    if int(j) not in basic and improves(int(j)):
                        return int(j)
        return next((j for j in range(len(self.columns)) if j not in basic and improves(j)), None)

    def _leaving(self, moved: list[fmpq]) -> tuple[int | None, fmpq]:
        best: int | None = None
        step = fmpq(0)
        for r in range(self.rows):
            if self.basis[r] < 0 and self.level[r] == 0 and moved[r] != 0:
                return r, fmpq(0)
            if moved[r] > 0:
                ratio = self.level[r] / moved[r]
                if best is None or ratio < step or (ratio == step and self.basis[r] < self.basis[best]):
                    best, step = r, ratio
        return best, step

    def _pivot(self, entering: int, leaving: int, moved: list[fmpq], step: fmpq) -> None:
        pivot = moved[leaving]
        row = [entry / pivot for entry in self.inverse[leaving]]
        for r in range(self.rows):
            if r != leaving and moved[r] != 0:
                factor = moved[r]
                self.inverse[r] = [entry - factor * top for entry, top in zip(self.inverse[r], row, strict=True)]
                self.level[r] -= factor * step
        self.inverse[leaving] = row
        self.level[leaving] = step
        self.basis[leaving] = entering


def _fmpq(value: Fraction | int) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
