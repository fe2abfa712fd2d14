"""Exact rational points that satisfy relations: counterexamples and proofs that assumptions are not empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from sympy import And, Or, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.atoms import kernels_of
from derive.prove.effort import Effort, allowance
from derive.prove.goals import eliminations, names
from derive.prove.oracle import model
from derive.prove.portfolio import points, saturated
from derive.prove.relations import flatten, operator, substitute
from derive.prove.space import rational

WORK = 2000
PRICE = 20  # of a set of relations searched for points
_HOLDS = {
    ">": lambda d: d > 0,
    ">=": lambda d: d >= 0,
    "<": lambda d: d < 0,
    "<=": lambda d: d <= 0,
    "=": lambda d: d == 0,
    "!=": lambda d: d != 0,
}


def true_at(claim: Boolean, point: dict[Symbol, Rational]) -> bool | None:
    """Truth of `claim` at an exact point; None where it is undefined or not decided by rational arithmetic."""
    if isinstance(claim, And | Or):
        values = [true_at(part, point) for part in claim.args]
        decisive = isinstance(claim, Or)
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    if claim in (true, false):
        return claim == true
    if not isinstance(claim, Relational):
        return None
    difference = claim.lhs.xreplace(point) - claim.rhs.xreplace(point)
    if not isinstance(difference, Rational) or not difference.is_finite:
        return None
    return bool(_HOLDS[operator(claim)](difference))


def witness(
    given: Sequence[Boolean], *, work: int = WORK, prefer_small: bool = True
) -> dict[Symbol, Rational] | None:
    """A rational point at which all of `given` hold (verified by exact substitution); None if none is found.

    With `prefer_small` the one with the shortest numbers among those found.
    """
    within = allowance(work, 0)
    flat = flatten(given)
    symbols = names(flat)
    for candidate in _candidates(flat, symbols, within, prefer_small):
        point = {symbol: candidate.get(symbol, Rational(1)) for symbol in symbols}
        if all(true_at(fact, point) is True for fact in flat):
            return smaller(point, flat) if prefer_small else point
    for candidate in _with_integer_exponents(flat, symbols, within):
        if all(true_at(fact, candidate) is True for fact in flat):
            return smaller(candidate, flat) if prefer_small else candidate
    guess = model(flat, symbols)
    if guess is not None and all(true_at(fact, guess) is True for fact in flat):
        return smaller(guess, flat) if prefer_small else guess
    return None


def _with_integer_exponents(
    given: tuple[Boolean, ...], symbols: tuple[Symbol, ...], effort: Effort
) -> Iterator[dict[Symbol, Rational]]:
    """Points of the rational relations with the symbols that occur in exponents moved to integers nearby."""
    kernels = [kernel for fact in given for kernel in kernels_of(fact) if isinstance(kernel, Pow)]
    moved = sorted({symbol for kernel in kernels for symbol in kernel.exp.free_symbols}, key=lambda s: s.name)
    if not moved or len(moved) > 3:
        return
    plain = tuple(fact for fact in given if not kernels_of(fact))
    for point in _candidates(plain, names(plain), effort, False):
        full = {symbol: point.get(symbol, Rational(2)) for symbol in symbols}
        for steps in product((0, 1, 2, 3), repeat=len(moved)):
            yield {**full, **{s: Rational(full[s].floor() + k) for s, k in zip(moved, steps, strict=True)}}


def smaller(point: dict[Symbol, Rational], given: Sequence[Boolean]) -> dict[Symbol, Rational]:
    """A point satisfying `given` with shorter numbers, each coordinate in turn replaced by a simpler one where that is allowed."""
    best = dict(point)
    for symbol in sorted(best, key=lambda s: s.name):
        value = best[symbol]
        for candidate in _simple(value):
            if len(str(candidate)) >= len(str(value)):
                continue
            trial = {**best, symbol: candidate}
            if all(true_at(fact, trial) is True for fact in given if symbol in fact.free_symbols):
                best = trial
                break
    return best


def _simple(value: Rational) -> list[Rational]:
    near = []
    for denominator in (1, 2, 3, 4, 5, 10, 20, 100, 1000):
        low = (value * denominator).floor()
        near += [Rational(low, denominator), Rational(low + 1, denominator)]
    return [Rational(n) for n in (1, 2, 0, 3, 4, 5, -1)] + near


def size(point: dict[Symbol, Rational]) -> tuple[int, str]:
    """Orders points by the length of their numbers."""
    length = sum(len(str(value)) + int(value.is_negative is True) for value in point.values())
    return length, str(sorted(point.items(), key=lambda item: item[0].name))


def _candidates(
    given: tuple[Boolean, ...], symbols: tuple[Symbol, ...], effort: Effort, small: bool
) -> Iterator[dict[Symbol, Rational]]:
    if false in given or effort.spent():
        return
    choice = next((fact for fact in given if isinstance(fact, Or)), None)
    if choice is not None:
        remaining = tuple(fact for fact in given if fact != choice)
        for case in sorted(choice.args, key=str):
            yield from _candidates(flatten((*remaining, case)), symbols, effort, small)
        return
    effort.charge(PRICE)
    known = saturated(given, names(given))
    if known.clash is not None:
        return
    step = next(eliminations(known, effort), None)
    if step is not None:
        statement, v, lead, rest, _ = step
        symbol = known.space.symbols[v]
        value = known.space.expression(-rest) / known.space.expression(lead)
        inner = flatten(substitute(fact, {symbol: value}) for fact in given if fact != statement)
        for point in _candidates(inner, symbols, effort, small):
            filled = {other: point.get(other, Rational(1)) for other in symbols if other != symbol}
            yield {**filled, symbol: value.xreplace(filled)}
        return
    found = [
        {symbol: rational(x) for symbol, x in zip(known.space.symbols, point, strict=True)} for point in points(known)
    ]
    yield from sorted(found, key=size) if small else found
