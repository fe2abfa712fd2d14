"""Scalings: symbols multiplied by powers of a positive number so that each of some polynomials is multiplied by one.

Where all premises are homogeneous in this sense so are their products, and a combination of these that is zero is zero degree by
degree: products of other degrees than those with the negated claim among them do not help to prove it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import numpy as np
from flint import fmpq_mpoly, fmpz_mat
from numpy.typing import NDArray

Powers = NDArray[np.int64]
HIGHEST = 16  # bits of a degree in a scaling with small weights


def powers_of(polynomial: fmpq_mpoly, size: int) -> Powers:
    """A row for each term: the powers of the first `size` variables."""
    rows = [[int(power) for power in monomial[:size]] for monomial in polynomial.monoms()]
    return np.array(rows, dtype=np.int64).reshape(len(rows), size)


def spread(powers: Powers) -> Powers:
    """A matrix whose kernel are the scalings in which all these terms have one degree."""
    apart = powers[1:] - powers[:1]
    found: Powers = apart.T @ apart
    return found


def grading(spreads: Iterable[Powers], size: int) -> tuple[int, ...]:
    """A weight for each variable: terms have the same degree in it where they have that in every scaling that `spreads` allow."""
    whole = reduce(add, spreads, np.zeros((size, size), dtype=np.int64))
    basis, rank = fmpz_mat(whole.tolist()).nullspace()
    rows = [list(map(int, row[:rank])) for row in basis.tolist()]
    width = HIGHEST + max((abs(entry).bit_length() for row in rows for entry in row), default=0)
    return tuple(sum(entry << place * width for place, entry in enumerate(row)) for row in rows)


def first(powers: Powers, weights: tuple[int, ...]) -> int:
    """The degree of the first term, 0 of no term."""
    return _degree(powers[0].tolist(), weights) if len(powers) else 0


def common(powers: Powers, weights: tuple[int, ...]) -> int | None:
    """The degree of all terms; None where they have several."""
    found = {_degree(row, weights) for row in powers.tolist()}
    return found.pop() if len(found) == 1 else None


def _degree(row: list[int], weights: tuple[int, ...]) -> int:
    return sum(power * weight for power, weight in zip(row, weights, strict=True) if power)
