"""Numeric games as arrays of whole numbers, by bit mask: the least of very many slacks, exactly and at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.coalition.table import Table, by_size

__all__ = ["Least", "Whole", "added_up", "least_convex", "least_kept", "least_superadditive", "whole"]

Numbers = NDArray[Any]
# Sums of a few numbers up to this fit into 64 bits.
FITS = 2**59


@dataclass(frozen=True)
class Whole:
    """``values[mask] / scale`` is what the coalition has to gain."""

    n: int
    scale: int
    values: Numbers


@dataclass(frozen=True)
class Least:
    """The smallest slack with the coalitions it belongs to, the first of several."""

    coalitions: tuple[int, ...]
    slack: Fraction


def whole(gains: Sequence[Fraction], more: Sequence[Fraction] = ()) -> Whole:
    """The gains over one denominator, which `more` numbers have, too."""
    scale = lcm(*(value.denominator for value in (*gains, *more)))
    numbers = [value.numerator * (scale // value.denominator) for value in gains]
    sizes = [abs(value) for value in numbers] + [abs(value.numerator) * (scale // value.denominator) for value in more]
    kind = np.int64 if sum(sizes[-len(more) :] if more else (), max(sizes, default=0)) < FITS else object
    return Whole(len(gains).bit_length() - 1, scale, np.array(numbers, dtype=kind))


def added_up(parts: Sequence[int], like: Numbers) -> Numbers:
    """For every coalition the sum of its members' parts."""
    sums = np.zeros(1, dtype=like.dtype)
    for part in parts:
        sums = np.concatenate([sums, sums + part])
    return sums


def _ranks(n: int) -> NDArray[np.int64]:
    ranks = np.zeros(1 << n, dtype=np.int64)
    ranks[list(by_size(n))] = np.arange(1, 1 << n)
    return ranks


def _first(slacks: Numbers, ranks: NDArray[np.int64]) -> int:
    """The place of the smallest slack; of several the one of lowest rank."""
    places = np.flatnonzero(slacks == slacks.min())
    return int(places[np.argmin(ranks[places])])


def least_superadditive(game: Table) -> Least | None:
    """The least ``v(S u T) - v(S) - v(T)`` over disjoint coalitions."""
    w = whole([game.sign * worth for worth in game.fractions()])
    ranks, grand = _ranks(w.n), game.grand
    best: tuple[int, int, int] | None = None
    for first in by_size(w.n):
        if 2 * first.bit_count() > w.n:
            break
        second = np.zeros(1, dtype=np.int64)
        for i in range(w.n):
            if not first >> i & 1:
                second = np.concatenate([second, second | 1 << i])
        second = second[1:]
        if not second.size or first == grand:
            continue
        slacks = w.values[second | first] - w.values[second] - w.values[first]
        place = _first(slacks, ranks[second])
        if best is None or int(slacks[place]) < best[0]:
            best = (int(slacks[place]), first, int(second[place]))
    return None if best is None else Least(best[1:], Fraction(best[0], w.scale))


def least_convex(game: Table) -> Least | None:
    """The least ``v(S+i+j) - v(S+i) - v(S+j) + v(S)``."""
    w = whole([game.sign * worth for worth in game.fractions()])
    ranks = _ranks(w.n)
    masks = np.arange(1 << w.n)
    best: tuple[int, int, int] | None = None
    for i in range(w.n):
        for j in range(i + 1, w.n):
            base = masks[(masks >> i & 1 == 0) & (masks >> j & 1 == 0)]
            one, two = base | 1 << i, base | 1 << j
            slacks = w.values[one | two] - w.values[one] - w.values[two] + w.values[base]
            place = _first(slacks, ranks[base])
            if best is None or int(slacks[place]) < best[0]:
                best = (int(slacks[place]), int(one[place]), int(two[place]))
    return None if best is None else Least(best[1:], Fraction(best[0], w.scale))


def least_kept(game: Table, shares: Sequence[Fraction]) -> Least | None:
    """The least ``x(S) - v(S)`` over proper coalitions, for gains `shares`."""
    w = whole([game.sign * worth for worth in game.fractions()], shares)
    if w.n < 2:
        return None
    parts = [share.numerator * (w.scale // share.denominator) for share in shares]
    slacks = (added_up(parts, w.values) - w.values)[1:-1]
    place = _first(slacks, _ranks(w.n)[1:-1])
    return Least((place + 1,), Fraction(int(slacks[place]), w.scale))
