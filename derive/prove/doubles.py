"""Polynomials at many points at once in double precision, with what rounding is to be measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq, fmpq_mpoly
from numpy.typing import NDArray

Rows = NDArray[np.float64]  # a row for each symbol, a column for each point
Monomial = tuple[tuple[int, int], ...]  # the variables in it by their places, with their exponents
Terms = dict[Monomial, float]

BLOCK = 512  # columns: products of matrices so narrow are not worth several threads


def terms(polynomial: fmpq_mpoly, size: int) -> Terms:
    """A polynomial in the first `size` variables of its ring."""
    return {
        tuple((place, int(power)) for place, power in enumerate(monomial[:size]) if power): _double(number)
        for monomial, number in zip(polynomial.monoms(), polynomial.coeffs(), strict=True)
    }


def _double(number: fmpq) -> float:
    try:
        return int(number.p) / int(number.q)
    except OverflowError:
        return float("nan")


class Doubles:
    """Polynomials ready to be evaluated together: a monomial that several have is computed once."""

    def __init__(self, polynomials: Sequence[Terms]) -> None:
        self._monomials = tuple(dict.fromkeys(monomial for one in polynomials for monomial in one))
        numbers = [[one.get(monomial, 0.0) for monomial in self._monomials] for one in polynomials]
        self._coefficients = np.array(numbers).reshape(len(polynomials), len(self._monomials))

    def at(self, rows: Rows) -> tuple[Rows, Rows]:
        """A row for each polynomial: the values, and the sums of the absolute values of the terms."""
        values, sizes = (np.empty((len(self._coefficients), rows.shape[1])) for _ in range(2))
        with np.errstate(all="ignore"):
            for start in range(0, rows.shape[1], BLOCK):
                block = slice(start, start + BLOCK)
                monomials = self._table(rows[:, block])
                np.matmul(self._coefficients, monomials, out=values[:, block])
                np.matmul(np.abs(self._coefficients), np.abs(monomials), out=sizes[:, block])
        return values, sizes

    def _table(self, rows: Rows) -> Rows:
        powers = {(place, 1): row for place, row in enumerate(rows)}
        table = np.ones((len(self._monomials), rows.shape[1]))
        for line, monomial in zip(table, self._monomials, strict=True):
            for factor in monomial:
                line *= _power(powers, *factor)
        return table


def _power(powers: dict[tuple[int, int], NDArray[np.float64]], place: int, exponent: int) -> NDArray[np.float64]:
    if (place, exponent) not in powers:
        powers[place, exponent] = _power(powers, place, exponent - 1) * powers[place, 1]
    return powers[place, exponent]
