"""Many points at once in double precision, to see where an exact counterexample is worth looking for.

Nothing is concluded here: what is found is rounded to short rational numbers, and whoever asks holds these against the claim in
exact or ball arithmetic. The points are drawn symbol by symbol between the bounds that relations linear in the symbol leave it;
relations of other forms are met by chance or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import lru_cache, partial
from operator import attrgetter

import numpy as np
from flint import fmpq
from sympy import Eq, Expr, Poly, PolynomialError, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.evaluate import Column, Undefined, column
from derive.prove.masks import Mask, Seen, compared, seen
from derive.prove.relations import operator
from derive.prove.space import rational
from derive.tree import free_symbols

Draws = Mapping[Symbol, Column | fmpq]
"""Symbols with their values at many points, or with the one value that they have at all."""

DRAWS = 1 << 15
SPREAD = 1.2  # of the logarithm of a distance from a bound
ROUGH = 1e-7  # of the larger side: what is nearer than that is left open
FEWEST = (1, 2, 3, 4, 5, 10, 20, 50, 100, 1000)  # denominators, the readable ones first
TOLD = 8


def counterexamples(claim: Boolean, facts: Sequence[Boolean], values: Mapping[Symbol, fmpq]) -> Iterator[dict[Symbol, fmpq]]:
    """Candidates with short numbers, the shortest first, at which all facts seem to hold and the claim seems not to.

    `values` are the symbols that are fixed. Nothing where equations tie the others.
    """
    facts = tuple(fact for fact in facts if not free_symbols(fact) <= values.keys())
    symbols = tuple(sorted(free_symbols(claim).union(*map(free_symbols, facts)) - values.keys(), key=attrgetter("name")))
    if not symbols or any(isinstance(fact, Eq) for fact in facts):
        return
    found = _inside(symbols, facts, tuple(values.items()))
    found = _kept(found, _fails(claim, found))
    for denominator in FEWEST:
        rounded = {s: c if isinstance(c, fmpq) else np.round(c * denominator) / denominator for s, c in found.items()}
        kept = _kept(rounded, _hold(facts, rounded) & _fails(claim, rounded))
        points = {tuple(round(number * denominator) for number in row) for row in zip(*(kept[s] for s in symbols), strict=True)}
        for point in sorted(points, key=lambda numbers: (sum(len(str(n)) for n in numbers), numbers))[:TOLD]:
            yield {**values, **{s: fmpq(n, denominator) for s, n in zip(symbols, point, strict=True)}}


@lru_cache(maxsize=8)
def _inside(symbols: tuple[Symbol, ...], facts: tuple[Boolean, ...], values: tuple[tuple[Symbol, fmpq], ...]) -> Draws:
    """Points at which all facts seem to hold, a column of them for each symbol that is not fixed."""
    draws = _drawn(symbols, facts, dict(values))
    return _kept(draws, _hold(facts, draws))


def _drawn(symbols: Sequence[Symbol], facts: Sequence[Boolean], values: dict[Symbol, fmpq]) -> Draws:
    """A column of values for each symbol, each between its bounds in the symbols before it."""
    chance = np.random.default_rng(0)
    draws: dict[Symbol, Column | fmpq] = {**values}
    for symbol in symbols:
        low, high = np.full(DRAWS, -np.inf), np.full(DRAWS, np.inf)
        for lower, value in _bounds(symbol, facts, {*draws, symbol}, values):
            with suppress(Undefined):
                ends = column(value, draws)
                low, high = (np.maximum(low, ends), high) if lower else (low, np.minimum(high, ends))
        share, distance = chance.beta(0.7, 0.7, DRAWS), np.exp(chance.normal(0, SPREAD, DRAWS))
        either, below, above = chance.choice([-1, 1], DRAWS), np.isfinite(low), np.isfinite(high)
        turn = np.where(below, 1.0, -1.0) * np.where(below | above, 1.0, either)
        anchor = np.where(below, low, np.where(above, high, 0.0))
        with np.errstate(invalid="ignore"):
            draws[symbol] = np.where(below & above, low + (high - low) * share, anchor + turn * distance)
    return draws


def _bounds(
    symbol: Symbol, facts: Sequence[Boolean], known: Set[Symbol], values: dict[Symbol, fmpq]
) -> Iterator[tuple[bool, Expr]]:
    for fact in facts:
        if symbol in free_symbols(fact) and free_symbols(fact) <= known:
            bound = _bound(fact, symbol, tuple(item for item in values.items() if item[0] in free_symbols(fact)))
            if bound is not None:
                yield bound


@lru_cache(maxsize=1024)
def _bound(fact: Boolean, symbol: Symbol, values: tuple[tuple[Symbol, fmpq], ...]) -> tuple[bool, Expr] | None:
    """Whether a relation bounds the symbol from below, and by what, where it is linear in it with a number as coefficient."""
    if not isinstance(fact, Relational) or operator(fact) not in ("<", "<=", ">", ">="):
        return None
    try:
        polynomial = Poly((fact.lhs - fact.rhs).xreplace({s: rational(value) for s, value in values}), symbol)
    except PolynomialError:
        return None
    if polynomial.degree() != 1 or not polynomial.LC().is_Rational:
        return None
    slope, rest = polynomial.all_coeffs()
    return bool((slope > 0) == (operator(fact) in (">", ">="))), -rest / slope


def _kept(draws: Draws, where: Mask) -> Draws:
    return {symbol: values if isinstance(values, fmpq) else values[where] for symbol, values in draws.items()}


def _count(draws: Draws) -> int:
    return next(len(values) for values in draws.values() if not isinstance(values, fmpq))


def _hold(facts: Sequence[Boolean], draws: Draws) -> Mask:
    return np.logical_and.reduce([np.ones(_count(draws), dtype=bool), *(holding(fact, draws) for fact in facts)])


def holding(claim: Boolean, draws: Draws) -> Mask:
    """Where the claim holds, as far as double precision tells."""
    return seen(claim, _count(draws), partial(_compared, draws))[0]


def _fails(claim: Boolean, draws: Draws) -> Mask:
    """Where the claim does not hold, as far as double precision tells."""
    return seen(claim, _count(draws), partial(_compared, draws))[1]


def _compared(draws: Draws, claim: Relational) -> Seen:
    count = _count(draws)
    try:
        with np.errstate(all="ignore"):
            left, right = (column(side, draws) for side in claim.args)
            gap, size = np.broadcast_to(left - right, (count,)), np.abs(left) + np.abs(right)
            return compared(operator(claim), gap > ROUGH * size, gap < -ROUGH * size)
    except Undefined:
        return np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
