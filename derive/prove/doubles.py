"""A polynomial at many points at once in double precision, with what rounding is to be measured against."""

from __future__ import annotations

import numpy as np
from flint import fmpq_mpoly
from numpy.typing import NDArray

Rows = NDArray[np.float64]  # a row for each symbol, a column for each point


class Doubles:
    """A polynomial in the first `size` variables of its ring, ready to be evaluated."""

    def __init__(self, polynomial: fmpq_mpoly, size: int) -> None:
        monomials = [[int(power) for power in monomial[:size]] for monomial in polynomial.monoms()]
        self._exponents = np.array(monomials, dtype=np.intp).reshape(len(monomials), size)
        try:
            numbers = [int(c.p) / int(c.q) for c in polynomial.coeffs()]
        except OverflowError:
            numbers = [np.nan] * len(monomials)
        self._coefficients = np.array(numbers).reshape(-1, 1)

    def __len__(self) -> int:
        return len(self._coefficients)

    def at(self, rows: Rows) -> tuple[Rows, Rows]:
        """The values, and the sums of the absolute values of the terms."""
        terms = np.repeat(self._coefficients, rows.shape[1], axis=1)
        with np.errstate(all="ignore"):
            for row, powers in zip(rows, self._exponents.T, strict=True):
                if powers.any():
                    terms *= _powers(row, int(powers.max()))[powers]
            return terms.sum(axis=0), np.abs(terms).sum(axis=0)


def _powers(row: Rows, highest: int) -> Rows:
    powers: Rows = np.multiply.accumulate(np.vstack([np.ones_like(row), *[row] * highest]), axis=0)
    return powers
