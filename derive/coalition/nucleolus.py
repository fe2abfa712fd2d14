"""The prenucleolus and the nucleolus of a numeric game, exactly, with the chain of dual weights that proves them.

Stage k of the successive linear programs minimises the largest excess of the coalitions not yet settled. The positive dual
weights name coalitions whose excess equals the optimum in every solution; these are settled, and whatever they span with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from derive.coalition.simplex import maximise
from derive.coalition.whole import FITS, Numbers, added_up, whole

__all__ = ["Level", "Nucleolus", "least_core", "nucleolus"]


@dataclass(frozen=True)
class Level:
    """One stage: on no solution of the earlier stages is the largest open excess below `excess`.

    `weights` (positive, summing to one, by coalition mask), `floors` (positive, by player, where ``x_i = v(i)`` is forced) and
    `settled` (any sign, by a mask settled before, the grand coalition included) satisfy
    ``sum weights 1_S + sum floors 1_i + sum settled 1_F = 0``.
    """

    excess: Fraction
    weights: tuple[tuple[int, Fraction], ...]
    floors: tuple[tuple[int, Fraction], ...]
    settled: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Nucleolus:
    """The payoff vector and the stages that single it out."""

    shares: tuple[Fraction, ...]
    levels: tuple[Level, ...]


class _Span:
    """Coalitions settled so far, as an echelon basis of their indicator vectors with their payoffs."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.rows: list[tuple[int, list[Fraction], Fraction, dict[int, Fraction]]] = []

    def reduce(self, vector: list[Fraction], payoff: Fraction) -> tuple[list[Fraction], Fraction, dict[int, Fraction]]:
        """The remainder of a vector modulo the basis, the payoff left, and the combination of settled masks subtracted."""
        used: dict[int, Fraction] = {}
        for pivot, row, level, origin in self.rows:
            factor = vector[pivot]
            if factor:
                vector = [entry - factor * other for entry, other in zip(vector, row, strict=True)]
                payoff -= factor * level
                for mask, share in origin.items():
                    used[mask] = used.get(mask, Fraction(0)) + factor * share
        return vector, payoff, used

    def add(self, mask: int, payoff: Fraction) -> bool:
        """Settle ``x(mask) = payoff``; whether this was not already implied."""
        vector, rest, used = self.reduce(indicator(mask, self.n), payoff)
        pivot = next((k for k, entry in enumerate(vector) if entry), None)
        if pivot is None:
            return False
        lead = vector[pivot]
        origin = {key: -share / lead for key, share in used.items()}
        origin[mask] = origin.get(mask, Fraction(0)) + 1 / lead
        row, level = [entry / lead for entry in vector], rest / lead
        for index, (at, other, payoff_at, before) in enumerate(self.rows):
            factor = other[pivot]
            if factor:
                reduced = [entry - factor * new for entry, new in zip(other, row, strict=True)]
                combined = dict(before)
                for key, share in origin.items():
                    combined[key] = combined.get(key, Fraction(0)) - factor * share
                self.rows[index] = (at, reduced, payoff_at - factor * level, combined)
        self.rows.append((pivot, row, level, origin))
        return True

    @property
    def full(self) -> bool:
        return len(self.rows) == self.n


def indicator(mask: int, n: int) -> list[Fraction]:
    """The 0/1 vector of a coalition."""
    return [Fraction(mask >> i & 1) for i in range(n)]


def nucleolus(gains: Sequence[Fraction], *, individually_rational: bool = False) -> Nucleolus | None:
    """The prenucleolus of a value game given by ``gains[mask]``; the nucleolus when individual rationality is imposed.

    ``None`` when no imputation exists (the singletons' worths exceed V(N)).
    """
    grand = len(gains) - 1
    n = grand.bit_length()
    if individually_rational and sum((gains[1 << i] for i in range(n)), Fraction(0)) > gains[grand]:
        return None
    span = _Span(n)
    span.add(grand, gains[grand])
    levels = []
    while not span.full:
        level, forced = _stage(gains, span, individually_rational)
        levels.append(level)
        for mask, payoff in forced:
            span.add(mask, payoff)
    shares = [Fraction(0)] * n
    for pivot, _, payoff, _ in span.rows:
        shares[pivot] = payoff
    return Nucleolus(tuple(shares), tuple(levels))


def _stage(gains: Sequence[Fraction], span: _Span, rational: bool) -> tuple[Level, list[tuple[int, Fraction]]]:
    n = span.n
    axes, scale, profit_scale, masks, vectors, profit = _open(gains, span)
    columns = np.concatenate([vectors, np.ones((len(masks), 1), dtype=vectors.dtype)], axis=1)
    bound = len(masks)
    for i in range(n) if rational else ():
        vector, rest, _ = span.reduce(indicator(1 << i, n), gains[1 << i])
        if any(vector):
            masks.append(1 << i)
            row = [*(int(vector[k] * scale) for k in axes), 0]
            columns = np.concatenate([columns, np.array([row], dtype=columns.dtype)])
            profit.append(int(rest * profit_scale))
    outcome = maximise(columns, profit, [*(0 for _ in axes), 1])
    if outcome.status != "optimal":
        raise ArithmeticError("the successive linear programs of the nucleolus lost their optimum")
    total = [Fraction(0)] * n
    for index, weight in outcome.weights.items():
        for i in range(n):
            if masks[index] >> i & 1:
                total[i] -= weight
    _, _, used = span.reduce(total, Fraction(0))
    weights = tuple(sorted((masks[j], w) for j, w in outcome.weights.items() if j < bound))
    floors = tuple(sorted((masks[j].bit_length() - 1, w) for j, w in outcome.weights.items() if j >= bound))
    settled = tuple(sorted((mask, share) for mask, share in used.items() if share))
    excess = outcome.value / profit_scale
    forced = [(mask, gains[mask] - excess) for mask, _ in weights]
    forced += [(1 << i, gains[1 << i]) for i, _ in floors]
    return Level(excess, weights, floors, settled), forced


def _open(gains: Sequence[Fraction], span: _Span) -> tuple[list[int], int, int, list[int], Numbers, list[int]]:
    """The coalitions not settled yet, each with its vector and its payoff modulo what is settled, over common denominators.

    Returns the axes of the vectors, the two denominators, masks, vectors and payoffs. Of coalitions with the same vector only one of
    largest payoff can have an excess at the optimum; the others are left out.
    """
    n = span.n
    settled = {pivot: (row, payoff) for pivot, row, payoff, _ in span.rows}
    axes = [k for k in range(n) if k not in settled]
    scale = lcm(*(row[k].denominator for row, _ in settled.values() for k in axes))
    game = whole(gains, [payoff for _, payoff in settled.values()])
    vectors = np.zeros((1, len(axes)), dtype=object)
    for i in range(n):
        step = [-int(settled[i][0][k] * scale) if i in settled else scale * int(i == k) for k in axes]
        vectors = np.concatenate([vectors, vectors + np.array(step, dtype=object)])
    fits = int(np.abs(vectors).max(initial=0)) < FITS
    vectors = vectors.astype(np.int64) if fits else vectors
    taken = [int(settled[i][1] * game.scale) if i in settled else 0 for i in range(n)]
    rests = game.values - added_up(taken, game.values)
    masks = np.flatnonzero((vectors != 0).any(axis=1))
    masks = masks[masks != len(gains) - 1]
    chosen = np.sort(masks[_largest(vectors[masks], rests[masks])])
    return axes, scale, game.scale, chosen.tolist(), vectors[chosen], rests[chosen].tolist()


def _largest(vectors: Numbers, rests: Numbers) -> list[int]:
    """Of the rows with the same vector the first with the largest payoff."""
    if vectors.dtype != object:
        order = np.lexsort((-rests, *vectors.T)) if rests.dtype != object else None
        if order is not None:
            new = np.ones(len(order), dtype=bool)
            new[1:] = (vectors[order[1:]] != vectors[order[:-1]]).any(axis=1)
            return [int(place) for place in order[new]]
    best: dict[tuple[int, ...], int] = {}
    for place, key in enumerate(map(tuple, vectors.tolist())):
        if key not in best or rests[place] > rests[best[key]]:
            best[key] = place
    return list(best.values())


def least_core(gains: Sequence[Fraction]) -> tuple[Fraction, Iterator[tuple[int, Fraction]]]:
    """The least excess that some efficient payoff vector holds every proper coalition to, and balanced weights proving it.

    The weights (by mask) sum to ``1_N`` over the coalitions that contain each player; the core is not empty exactly when the
    excess is at most zero. A single player's excess is zero by convention, with the grand coalition as the balanced collection.
    """
    grand = len(gains) - 1
    n = grand.bit_length()
    if n == 1:
        return Fraction(0), iter(((grand, Fraction(1)),))
    span = _Span(n)
    span.add(grand, gains[grand])
    level, _ = _stage(gains, span, False)
    scale = -dict(level.settled)[grand]
    return level.excess, iter(tuple((mask, weight / scale) for mask, weight in level.weights))
