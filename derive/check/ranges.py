"""Ranges of choices, row by row: whether they leave anything to choose, points spread over them, the best of those tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

__all__ = ["Array", "Ends", "best_of", "held", "possible", "spread"]

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
        both = low + (high - low) * share
        above = np.where(share == 0, low, low + scale * inner / (1 - inner))
        below = np.where(share == 1, high, high - scale * (1 - inner) / inner)
        line = around + scale * (2 * inner - 1) / (1 - (2 * inner - 1) ** 2)
    return np.where(np.isfinite(low), np.where(np.isfinite(high), both, above), np.where(np.isfinite(high), below, line))


def best_of(best: Array, rows: Array, value: Array, played: Array) -> tuple[Array, Array, Any]:
    """The best values and rows, where several more of each row were tried, and which of these was best."""
    index = np.arange(len(rows))
    place = np.argmax(value, axis=1)
    more = value[index, place] > best
    best = np.where(more, value[index, place], best)
    return best, np.where(more[:, None], played[index, place], rows), place


def held(gradient: Array, at_end: Array) -> Array:
    """Which choices lie on a bound from which their marginal payoff does not lead away."""
    with np.errstate(invalid="ignore"):  # an infinite marginal payoff inside
        return (at_end != 0) & ~(gradient * at_end < 0)
