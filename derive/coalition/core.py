"""What a coalition game's properties amount to: lists of slacks that must all be nonnegative.

In every row the slack is oriented so that "at least zero" is the property, for value and cost games alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from sympy import Expr, Rational, S

from derive.coalition.nucleolus import Nucleolus, least_core, nucleolus
from derive.coalition.table import Table, by_size, members, plain
from derive.coalition.whole import least_convex, least_kept, least_superadditive

__all__ = [
    "Row",
    "balanced_collections",
    "balancedness",
    "convexity",
    "core_point",
    "core_slacks",
    "empty_core",
    "least",
    "nucleolus_of",
    "superadditivity",
]


@dataclass(frozen=True)
class Row:
    """One requirement ``slack >= 0`` on the coalitions with these masks (and weights, where the property has weights)."""

    coalitions: tuple[int, ...]
    slack: Expr
    weights: tuple[Rational, ...] = ()


def superadditivity(game: Table) -> Iterator[Row]:
    """``v(S u T) - v(S) - v(T)`` for disjoint nonempty S, T (for a cost game, with the opposite sign)."""
    gains = _entries(game)
    order = by_size(game.n)
    rank = {mask: place for place, mask in enumerate(order)}
    for first in order:
        others = game.grand ^ first
        second = others
        found = []
        while second:
            if rank[first] < rank[second]:
                found.append(second)
            second = (second - 1) & others
        for second in sorted(found, key=rank.__getitem__):
            yield Row((first, second), _expr(gains[first | second] - gains[first] - gains[second]))


def convexity(game: Table) -> Iterator[Row]:
    """``v(S+i+j) - v(S+i) - v(S+j) + v(S)`` for all pairs i, j and all S without them; rows are ``(S+i, S+j)``."""
    gains = _entries(game)
    for i, j in combinations(range(game.n), 2):
        for mask in (0, *by_size(game.n)):
            if not (mask >> i & 1 or mask >> j & 1):
                one, two = mask | 1 << i, mask | 1 << j
                yield Row((one, two), _expr(gains[one | two] - gains[one] - gains[two] + gains[mask]))


def core_slacks(game: Table, shares: tuple[Expr, ...]) -> Iterator[Row]:
    """``x(S) - v(S)`` for every proper nonempty coalition (a cost game: ``c(S) - x(S)``)."""
    for mask in by_size(game.n)[:-1]:
        total = sum((shares[i] for i in members(mask)), S.Zero)
        yield Row((mask,), plain(game.sign * (total - game.worths[mask])))


def least(concept: str, game: Table, shares: tuple[Expr, ...]) -> Row | None:
    """The row of least slack of a numeric game, the first of several. ``None`` without rows."""
    if concept == "superadditivity":
        found = least_superadditive(game)
    elif concept == "convexity":
        found = least_convex(game)
    else:
        found = least_kept(game, [game.sign * Fraction(int(share.p), int(share.q)) for share in shares])
    return None if found is None else Row(found.coalitions, _expr(found.slack))


def balancedness(game: Table) -> Iterator[Row]:
    """``v(N) - sum w_S v(S)`` for every minimal balanced collection but the grand coalition alone.

    The core is nonempty if and only if all are nonnegative (Bondareva 1963, Shapley 1967), each collection being needed.
    """
    gains = game.gains()
    for collection, weights in balanced_collections(game.n):
        if collection != (game.grand,):
            total = sum((weight * gains[mask] for mask, weight in zip(collection, weights, strict=True)), S.Zero)
            yield Row(collection, plain(gains[game.grand] - total), weights)


@lru_cache(maxsize=8)
def balanced_collections(n: int) -> tuple[tuple[tuple[int, ...], tuple[Rational, ...]], ...]:
    """The minimal balanced collections on n players with their unique weights. Meant for n up to 4 (41 proper ones).

    They are the supports of the vertices of ``{w >= 0 : sum w_S 1_S = 1_N}``: independent indicators, positive weights.
    """
    found: dict[tuple[int, ...], tuple[Rational, ...]] = {}
    order = by_size(n)
    for size in range(1, n + 1):
        for collection in combinations(order, size):
            covered = 0
            for mask in collection:
                covered |= mask
            if covered == (1 << n) - 1:
                weights = _weights(collection, n)
                if weights is not None:
                    found[collection] = weights
    return tuple(found.items())


def _weights(collection: tuple[int, ...], n: int) -> tuple[Rational, ...] | None:
    """The unique positive weights balancing a collection; ``None`` if there are none or they are not unique."""
    rows = [[Fraction(mask >> i & 1) for mask in collection] + [Fraction(1)] for i in range(n)]
    rank = 0
    for column in range(len(collection)):
        pivot = next((r for r in range(rank, n) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        lead = rows[rank][column]
        rows[rank] = [entry / lead for entry in rows[rank]]
        for r in range(n):
            if r != rank and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [entry - factor * top for entry, top in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    if any(rows[r][-1] for r in range(rank, n)) or any(rows[r][-1] <= 0 for r in range(rank)):
        return None
    return tuple(Rational(row[-1].numerator, row[-1].denominator) for row in rows[:rank])


def core_point(game: Table) -> tuple[Expr, ...] | None:
    """The nucleolus of a numeric game if it lies in the core, which it does exactly when the core is not empty."""
    found = nucleolus_of(game)
    if found is None or (found.levels and found.levels[0].excess > 0):
        return None
    return tuple(Rational(game.sign * share.numerator, share.denominator) for share in found.shares)


@lru_cache(maxsize=2)
def nucleolus_of(game: Table) -> Nucleolus | None:
    """The nucleolus of a numeric game as what is gained."""
    return nucleolus([game.sign * worth for worth in game.fractions()], individually_rational=True)


def empty_core(game: Table) -> Row | None:
    """Balanced weights of a numeric game with ``sum w_S v(S) > v(N)``, which no allocation can satisfy; else ``None``."""
    gains = [game.sign * worth for worth in game.fractions()]
    excess, weights = least_core(gains)
    if excess <= 0:
        return None
    pairs = tuple(weights)
    total = sum((weight * gains[mask] for mask, weight in pairs), Fraction(0))
    return Row(
        tuple(mask for mask, _ in pairs),
        _expr(gains[game.grand] - total),
        tuple(Rational(weight.numerator, weight.denominator) for _, weight in pairs),
    )


def _entries(game: Table) -> tuple[Expr, ...] | tuple[Fraction, ...]:
    """Fractions for numeric games, where these are an order of magnitude faster."""
    if game.numeric:
        return tuple(game.sign * worth for worth in game.fractions())
    return game.gains()


def _expr(value: Expr | Fraction) -> Expr:
    return Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else plain(value)
