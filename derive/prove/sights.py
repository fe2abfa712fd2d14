"""Many points at once, found by slack substitution, and the signs of polynomials there: what is false at one has no proof.

The first points are exact, with short numbers; the others are doubles, which are rational numbers too. A sign is told where the
value is far larger than what rounding may have done to it; elsewhere exactly, or for the points that are doubles not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, reduce
from random import Random

import numpy as np
from flint import fmpq, fmpq_mpoly
from numpy.typing import NDArray

from derive.prove.doubles import Doubles, Rows, terms
from derive.prove.slack import Parametrisation
from derive.prove.space import Space
from derive.prove.theory import ALLOWS

Point = tuple[fmpq, ...]
Mask = NDArray[np.bool_]

TRIES, MORE = 60, 240
SURE = 1e-9  # of the sum of the absolute terms: far more than rounding does to it
UNTOLD = 2
EVERY = frozenset({-1, 0, 1})
KEPT = 2000
_POOL = tuple(
    fmpq(n, d) for n, d in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (5, 1), (1, 5), (10, 1), (1, 10), (50, 1), (1, 50))
)


class Sights:
    """The points that values of the slacks give: they satisfy what the moves were made from."""

    def __init__(self, space: Space, chosen: Parametrisation) -> None:
        self.space = space
        self.exact = tuple(_exact(space, chosen))
        rounded = [[int(x.p) / int(x.q) for x in point] for point in self.exact]
        self._rows = np.hstack([np.array(rounded).reshape(len(rounded), space.size).T, _doubles(space, chosen)])
        self.count = self._rows.shape[1]
        self._signs: dict[str, NDArray[np.int8]] = {}

    def hold(self, op: str, *factors: fmpq_mpoly) -> Mask:
        """Where ``product(factors) op 0`` is seen to hold."""
        return self._among(factors, ALLOWS[op])

    def fail(self, op: str, *factors: fmpq_mpoly) -> Mask:
        """Where ``product(factors) op 0`` is seen to be false."""
        return self._among(factors, EVERY - ALLOWS[op])

    def _among(self, factors: tuple[fmpq_mpoly, ...], allowed: frozenset[int]) -> Mask:
        product = reduce(np.multiply, map(self.signs, factors))
        return reduce(np.logical_or, [product == sign for sign in sorted(allowed)])

    def signs(self, polynomial: fmpq_mpoly) -> NDArray[np.int8]:
        """The sign at each point, or `UNTOLD`, which multiplied by a sign is none but zero by zero."""
        key = self.space.key(polynomial)
        if key not in self._signs:
            if len(self._signs) > KEPT:
                self._signs.clear()
            self._signs[key] = self._read(polynomial)
        return self._signs[key]

    def _read(self, polynomial: fmpq_mpoly) -> NDArray[np.int8]:
        if polynomial.is_zero():
            return np.zeros(self.count, dtype=np.int8)
        (total,), (size,) = Doubles([terms(polynomial, self.space.size)]).at(self._rows)
        with np.errstate(invalid="ignore"):
            signs = np.where(total > SURE * size, 1, np.where(total < -SURE * size, -1, UNTOLD)).astype(np.int8)
        for place in np.flatnonzero(signs[: len(self.exact)] == UNTOLD):
            value = self.space.value(polynomial, self.exact[place])
            signs[place] = (value > 0) - (value < 0)
        return signs


def _exact(space: Space, chosen: Parametrisation) -> Iterator[Point]:
    for drawn in _drawn(space.size, tuple(move.strict for move in chosen.moves)):
        values = [*drawn[: space.size], *[fmpq(0)] * (space.width - space.size)]
        for move, value in zip(chosen.moves, drawn[space.size :], strict=True):
            values[move.slack] = value
        for move in reversed(chosen.moves):
            values[move.variable] = move.top(*values)
            if not move.bottom.is_one():
                bottom = move.bottom(*values)
                if bottom == 0:
                    break
                values[move.variable] /= bottom
        else:
            yield tuple(values[: space.size])


@lru_cache(maxsize=256)
def _drawn(size: int, strict: tuple[bool, ...]) -> tuple[Point, ...]:
    """Values for `size` symbols and for slacks, always the same ones; slacks that may be zero sometimes are."""
    random = Random(1)
    found = []
    for attempt in range(TRIES):
        pool = _POOL[:1] if attempt == 0 else _POOL[:4] if attempt < TRIES // 3 else _POOL
        free = [random.choice(pool) * (1 if attempt % 2 == 0 else random.choice((-1, 1, 0))) for _ in range(size)]
        slacks = [random.choice(pool) if sure or random.random() < 0.8 else fmpq(0) for sure in strict]
        found.append((*free, *slacks))
    return tuple(found)


def _doubles(space: Space, chosen: Parametrisation) -> Rows:
    """As many more points, in columns. Quotients of whole numbers: the same on every machine."""
    chance = np.random.default_rng(1)
    rows = np.zeros((space.width, MORE))
    shape = (space.size + len(chosen.moves), MORE)
    drawn = chance.integers(1, 40, shape) / chance.integers(1, 40, shape)
    drawn[: space.size] *= chance.choice((-1, 1), (space.size, MORE))
    rows[: space.size] = drawn[: space.size]
    for move, row in zip(chosen.moves, drawn[space.size :], strict=True):
        rows[move.slack] = row
    with np.errstate(all="ignore"):
        for move in reversed(chosen.moves):
            top, bottom = Doubles([terms(part, space.width) for part in (move.top, move.bottom)]).at(rows)[0]
            rows[move.variable] = top / bottom
    return rows[: space.size]
