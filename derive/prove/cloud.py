"""Many points at once in double precision, to see where an exact counterexample is worth looking for.

Nothing is concluded here: what is found is rounded to short rational numbers, and whoever asks holds these against the claim in
exact or ball arithmetic. The points are drawn symbol by symbol between the bounds that relations linear in the symbol leave it;
relations of other forms are met by chance or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from sympy import Eq, Expr, Poly, PolynomialError, Rational, Symbol, false, lambdify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.masks import Mask, Seen, compared, seen
from derive.prove.relations import operator

Column = NDArray[np.float64]

DRAWS = 1 << 15
SPREAD = 1.2  # of the logarithm of a distance from a bound
ROUGH = 1e-7  # of the larger side: what is nearer than that is left open
FEWEST = (1, 2, 3, 4, 5, 10, 20, 50, 100, 1000)  # denominators, the readable ones first
TOLD = 8


def counterexamples(
    claim: Boolean, facts: Sequence[Boolean], values: dict[Symbol, Rational]
) -> Iterator[dict[Symbol, Rational]]:
    """Candidates with short numbers, the shortest first, at which all facts seem to hold and the claim seems not to.

    `values` are the symbols that are fixed. Nothing where equations tie the others.
    """
    facts = tuple(fact for fact in (fact.xreplace(values) for fact in facts) if fact != true)
    claim = claim.xreplace(values)
    symbols = tuple(sorted({s for one in (claim, *facts) for s in one.free_symbols}, key=str))
    if not symbols or any(isinstance(fact, Eq) or fact == false for fact in facts):
        return
    columns = _drawn(symbols, facts)
    found = _where(claim, facts, symbols, columns)
    columns = [column[found] for column in columns]
    for denominator in FEWEST:
        rounded = [np.round(column * denominator) / denominator for column in columns]
        kept = np.flatnonzero(_where(claim, facts, symbols, rounded))
        if kept.size:
            points = {tuple(round(float(column[place]) * denominator) for column in rounded) for place in kept}
            for point in sorted(points, key=lambda numbers: (sum(len(str(n)) for n in numbers), numbers))[:TOLD]:
                yield {**values, **{s: Rational(n, denominator) for s, n in zip(symbols, point, strict=True)}}


def _drawn(symbols: Sequence[Symbol], facts: Sequence[Boolean]) -> list[Column]:
    """A column of values for each symbol, each between its bounds in the symbols before it."""
    chance = np.random.default_rng(0)
    columns: list[Column] = []
    for place, symbol in enumerate(symbols):
        known = set(symbols[:place])
        low, high = np.full(DRAWS, -np.inf), np.full(DRAWS, np.inf)
        for fact in facts:
            if symbol in fact.free_symbols and fact.free_symbols <= {*known, symbol}:
                bound = _bound(fact, symbol)
                if bound is not None:
                    lower, value = bound
                    ends = np.broadcast_to(_function(tuple(symbols[:place]), value)(*columns), (DRAWS,))
                    low, high = (np.maximum(low, ends), high) if lower else (low, np.minimum(high, ends))
        share, distance = chance.beta(0.7, 0.7, DRAWS), np.exp(chance.normal(0, SPREAD, DRAWS))
        turn = np.where(np.isfinite(low), 1.0, -1.0) * np.where(np.isfinite(low) | np.isfinite(high), 1.0, chance.choice([-1, 1], DRAWS))
        anchor = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))
        with np.errstate(invalid="ignore"):
            columns.append(np.where(np.isfinite(low) & np.isfinite(high), low + (high - low) * share, anchor + turn * distance))
    return columns


def _bound(fact: Boolean, symbol: Symbol) -> tuple[bool, Expr] | None:
    """Whether a relation bounds the symbol from below, and by what, where it is linear in it with a number as coefficient."""
    if not isinstance(fact, Relational) or operator(fact) not in ("<", "<=", ">", ">="):
        return None
    try:
        polynomial = Poly(fact.lhs - fact.rhs, symbol)
    except PolynomialError:
        return None
    if polynomial.degree() != 1 or not polynomial.LC().is_Rational:
        return None
    slope, rest = polynomial.all_coeffs()
    return bool((slope > 0) == (operator(fact) in (">", ">="))), -rest / slope


def _where(claim: Boolean, facts: Sequence[Boolean], symbols: tuple[Symbol, ...], columns: Sequence[Column]) -> Mask:
    """The places at which all facts hold and the claim does not, as far as double precision tells."""
    count, relation = len(columns[0]), partial(_compared, symbols, columns)
    kept = np.ones(count, dtype=bool)
    for fact in facts:
        kept &= seen(fact, count, relation)[0]
    return kept & seen(claim, count, relation)[1]


def _compared(symbols: tuple[Symbol, ...], columns: Sequence[Column], claim: Relational) -> Seen:
    nowhere = np.zeros(columns[0].shape, dtype=bool)
    try:
        with np.errstate(all="ignore"):
            left, right = (np.broadcast_to(_function(symbols, side)(*columns), nowhere.shape) for side in claim.args)
            gap, size = left - right, np.abs(left) + np.abs(right)
            above, below = gap > ROUGH * size, gap < -ROUGH * size
    except (TypeError, ValueError, NameError, AttributeError):
        return nowhere, nowhere
    return compared(operator(claim), above, below)


@lru_cache(maxsize=512)
def _function(symbols: tuple[Symbol, ...], expression: Expr) -> Callable[..., Column]:
    function: Callable[..., Column] = lambdify(symbols, expression, modules=["scipy", "numpy"], cse=True)
    return function
