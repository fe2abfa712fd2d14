"""Ranges of choices, row by row: whether they leave anything to choose, points spread over them, the best of those tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

__all__ = ["Array", "Ends", "best_of", "held", "nearer", "possible", "shifted", "spread"]

STEPS = np.linspace(0.0, 1.0, 6)  # where a zoom looks between two neighbours

Array = NDArray[np.float64]
#: The least and the largest admissible value of a choice, row by row.
Ends = tuple[Array, Array]


def possible(boxes: Mapping[Symbol, Ends], count: int) -> NDArray[np.bool_]:
    """Whether the bounds of single choices leave anything to choose, row by row."""
    left = np.full(count, True)
    for low, high in boxes.values():
        with np.errstate(all="ignore"):
            left &= ~(low - high > 1e-9 * (1 + np.abs(low)))
    return left


def spread(share: Array, low: Array, high: Array, around: Array) -> Array:
    """Points of the ranges at those shares: linear between two bounds, rational towards infinity."""
    low, high, around = low[:, None], high[:, None], around[:, None]
    share = np.clip(share, 0.0, 1.0)
    if np.isfinite(low).all() and np.isfinite(high).all():
        return low + (high - low) * share
    scale = np.maximum(np.abs(around - np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))), 0.1)
    inner = np.clip(share, 1e-3, 1 - 1e-3)
    with np.errstate(all="ignore"):
        above = np.where(share == 0, low, low + scale * inner / (1 - inner))
        if np.isfinite(low).all() and not np.isfinite(high).any():
            return above
        both = low + (high - low) * share
        below = np.where(share == 1, high, high - scale * (1 - inner) / inner)
        line = around + scale * (2 * inner - 1) / (1 - (2 * inner - 1) ** 2)
    return np.where(np.isfinite(low), np.where(np.isfinite(high), both, above), np.where(np.isfinite(high), below, line))


def best_of(best: Array, rows: Array, value: Array, played: Callable[[Any], Array]) -> tuple[Array, Array, Any]:
    """The best values and rows, where several more of each row were tried, and which of these was best.

    `played` gives of each row the one of a place among those tried.
    """
    place = np.argmax(value, axis=1)
    most = value[np.arange(len(rows)), place]
    more = most > best
    return np.where(more, most, best), np.where(more[:, None], played(place), rows), place


def held(gradient: Array, at_end: Array) -> Array:
    """Which choices lie on a bound from which their marginal payoff does not lead away."""
    with np.errstate(invalid="ignore"):  # an infinite marginal payoff inside
        return (at_end != 0) & ~(gradient * at_end < 0)


def nearer(grid: Array, place: Any) -> Array:
    """A grid between the neighbours of one of its places, that place included."""
    index = np.arange(len(grid))
    left, right = grid[index, np.maximum(place - 1, 0)], grid[index, np.minimum(place + 1, grid.shape[1] - 1)]
    found = np.empty((len(grid), len(STEPS) + 1))
    np.multiply((right - left)[:, None], STEPS, out=found[:, :-1])
    found[:, :-1] += left[:, None]
    found[:, -1] = grid[index, place]
    found.sort(axis=1)
    return found


def shifted(rows: Array, by: list[tuple[int, Array]]) -> Array:
    """The rows with some columns moved."""
    rows = rows.copy()
    for column, shift in by:
        rows[:, column] += shift
    return rows
