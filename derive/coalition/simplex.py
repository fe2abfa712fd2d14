"""An exact simplex method for linear programs with few rows and many columns. Rational arithmetic throughout.

Floats only suggest which column enters; every pivot, every ratio and the final optimality test are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

__all__ = ["Outcome", "maximise"]

_STALL = 40
_FITS = 2**62
_ZERO = fmpq(0)
Numbers = NDArray[Any]
Sparse = tuple[tuple[int, fmpq], ...]


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
    columns: Sequence[Sequence[Fraction | int]] | Numbers, profit: Sequence[Fraction | int], rhs: Sequence[Fraction | int]
) -> Outcome:
    """Maximise ``profit . y`` subject to ``sum_j columns[j] * y_j = rhs`` and ``y >= 0``.

    ``columns[j]`` has one entry per row; many columns of whole numbers are best given as an array. Returns the exact optimum, an
    improving ray, or a vector of prices ``p`` with ``p . columns[j] >= 0`` for all j and ``p . rhs < 0``.
    """
    rows = len(rhs)
    flip = [-1 if value < 0 else 1 for value in rhs]
    table = _Columns(columns, flip)
    level = [_fmpq(value) * sign for value, sign in zip(rhs, flip, strict=True)]
    state = _State(table, level)
    state.run(_Gains([0] * len(columns)), fmpq(-1))
    if sum((state.level[r] for r, j in enumerate(state.basis) if j < 0), fmpq(0)) != 0:
        prices = state.prices(_Gains([0] * len(columns)), fmpq(-1))
        return Outcome("infeasible", Fraction(0), {}, tuple(_fraction(p) * s for p, s in zip(prices, flip, strict=True)))
    gains = _Gains(profit)
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


class _Columns:
    """The columns with the signs of their rows, as floats and, where they are whole numbers, as an array of integers."""

    def __init__(self, columns: Any, flip: list[int]) -> None:
        self.given, self.flip = columns, flip
        signs = np.array(flip, dtype=np.int64)
        array = isinstance(columns, np.ndarray)
        self.whole: Numbers | None = columns * signs if array and columns.dtype == np.int64 else None
        try:
            rough: Any = columns if array else [[float(entry) for entry in column] for column in columns]
            self.rough: Numbers = np.array(rough, dtype=float).reshape(-1, len(flip)) * signs
        except OverflowError:
            self.rough = np.zeros((len(columns), 0))
        self._read: dict[int, Sparse] = {}

    def __len__(self) -> int:
        return len(self.given)

    def at(self, j: int) -> Sparse:
        """One column, exactly: its rows with an entry, and the entries."""
        if j not in self._read:
            column = self.given[j]
            entries = column.tolist() if isinstance(column, np.ndarray) else column
            self._read[j] = tuple((r, _fmpq(entry) * self.flip[r]) for r, entry in enumerate(entries) if entry)
        return self._read[j]


class _Gains:
    """What each column earns, likewise."""

    def __init__(self, profit: Sequence[Fraction | int]) -> None:
        self.given = profit
        try:
            self.rough = np.array([float(value) for value in profit])
        except OverflowError:
            self.rough = np.zeros(0)

    def __getitem__(self, j: int) -> fmpq:
        return _fmpq(self.given[j])


class _State:
    """The current basis, its inverse and the levels of the basic variables; artificial column r is numbered ``-1 - r``."""

    def __init__(self, columns: _Columns, level: list[fmpq]) -> None:
        self.columns = columns
        self.level = list(level)
        self.rows = len(level)
        self.basis = [-1 - r for r in range(self.rows)]
        self.inverse = [[fmpq(int(i == k)) for k in range(self.rows)] for i in range(self.rows)]

    def prices(self, gains: _Gains, artificial: fmpq) -> list[fmpq]:
        costs = [gains[j] if j >= 0 else artificial for j in self.basis]
        dear = [(cost, row) for cost, row in zip(costs, self.inverse, strict=True) if cost]
        return [sum((cost * row[k] for cost, row in dear if row[k]), _ZERO) for k in range(self.rows)]

    def run(self, gains: _Gains, artificial: fmpq) -> dict[int, Fraction] | None:
        """Pivot until no column improves; the improving ray if the program is unbounded."""
        stalled = 0
        prices = self.prices(gains, artificial)
        while True:
            entering = self._entering(gains, prices, careful=stalled > _STALL)
            if entering is None:
                return None
            column = self.columns.at(entering)
            moved = [sum((row[k] * entry for k, entry in column if row[k]), _ZERO) for row in self.inverse]
            leaving, step = self._leaving(moved)
            if leaving is None:
                ray = {entering: Fraction(1)}
                for r, j in enumerate(self.basis):
                    if moved[r] != 0 and j >= 0:
                        ray[j] = -_fraction(moved[r])
                return ray
            stalled = stalled + 1 if step == 0 else 0
            self._pivot(entering, leaving, moved, step)
            gained = gains[entering] - _priced(prices, column)
            prices = [price + gained * entry if entry else price for price, entry in zip(prices, self.inverse[leaving], strict=True)]

    def _entering(self, gains: _Gains, prices: list[fmpq], *, careful: bool) -> int | None:
        """A column that improves; None only where exactly none does."""
        basic = set(self.basis)

        def improves(j: int) -> bool:
            return gains[j] > _priced(prices, self.columns.at(j))

        rough = self.columns.rough
        if not careful and rough.shape[1] and len(gains.rough) == len(self.columns):
            try:
                guess = gains.rough - rough @ np.array([_float(p) for p in prices])
            except OverflowError:
                guess = np.zeros(0)
            for j in np.argsort(-guess, kind="stable")[:3]:
                if int(j) not in basic and improves(int(j)):
                    return int(j)
        exact = self._reduced(gains, prices)
        if exact is not None:
            return next((j for j in np.flatnonzero(exact > 0).tolist() if j not in basic), None)
        return next((j for j in range(len(self.columns)) if j not in basic and improves(j)), None)

    def _reduced(self, gains: _Gains, prices: list[fmpq]) -> Numbers | None:
        """A positive multiple of what every column earns beyond the prices of its rows, in whole numbers."""
        table = self.columns.whole
        earned = [gain for gain in gains.given if isinstance(gain, int)]
        if table is None or not table.size or len(earned) < len(gains.given):
            return None
        scale = lcm(*(int(p.q) for p in prices))
        priced = [int(p.p) * (scale // int(p.q)) for p in prices]
        most = sum(map(abs, priced)) * int(np.abs(table).max()) + scale * max(map(abs, earned))
        kind: Any = np.int64 if most < _FITS else object
        return np.array(earned, dtype=kind) * scale - table.astype(kind) @ np.array(priced, dtype=kind)

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
        filled = [(k, entry) for k, entry in enumerate(row) if entry]
        for r in range(self.rows):
            if r != leaving and moved[r] != 0:
                factor = moved[r]
                for k, entry in filled:
                    self.inverse[r][k] -= factor * entry
                self.level[r] -= factor * step
        self.inverse[leaving] = row
        self.level[leaving] = step
        self.basis[leaving] = entering


def _priced(prices: list[fmpq], column: Sparse) -> fmpq:
    return sum((prices[r] * entry for r, entry in column if prices[r]), _ZERO)


def _fmpq(value: Fraction | int) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
