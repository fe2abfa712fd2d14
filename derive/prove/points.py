"""Exact rational points that satisfy relations: counterexamples and proofs that assumptions are not empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import cycle, islice, product

from flint import fmpq
from sympy import Or, Pow, Rational, Symbol, false
from sympy.logic.boolalg import Boolean

from derive.prove.atoms import kernels_of
from derive.prove.effort import Effort, allowance
from derive.prove.extrema import unfolded
from derive.prove.goals import components, elimination, names
from derive.prove.oracle import model
from derive.prove.relations import flatten
from derive.prove.saturate import points, saturated
from derive.prove.space import Space, rational, space
from derive.prove.truth import Values, all_true, unknowable, values_of
from derive.tree import free_symbols

WORK = 2000
PRICE = 20  # of a set of relations searched for points
MOST = 48
STRIDES = (1, 5, 7, 11, 13, 17, 19, 23)  # without common factors with MOST
NEAR = (1, 2, 3, 4, 5, 10, 20, 100, 1000)
SHORT = tuple(fmpq(n) for n in (1, 2, 0, 3, 4, 5, -1))


def witness(given: Sequence[Boolean], *, prefer_small: bool = True) -> dict[Symbol, Rational] | None:
    """A rational point at which all of `given` hold (verified by exact substitution); None if none is found.

    With `prefer_small` the one with the shortest numbers among those found.
    """
    stated = flatten(given)
    flat = flatten(unfolded(fact) for fact in stated)
    values = _witness(flat)
    if values is None:
        return None
    ring = space(names(flat))
    if prefer_small:
        values = smaller(values, flat, ring)
    if flat != stated and not all_true(stated, ring, values):
        return None
    return {symbol: rational(value) for symbol, value in zip(ring.symbols, values, strict=True)}


@lru_cache(maxsize=4096)
def _witness(given: tuple[Boolean, ...]) -> Values | None:
    if any(map(unknowable, given)):
        return None
    found = admissible(given)
    if found:
        return found[0]
    ring = space(names(given))
    hardest_first = sorted(given, key=lambda fact: not kernels_of(fact))
    for values in dict.fromkeys(_with_integer_exponents(given, ring)):
        if all_true(hardest_first, ring, values):
            return values
    guess = model(given, ring.symbols)
    if guess is not None and all_true(given, ring, values_of(guess, ring)):
        return values_of(guess, ring)
    return None


@lru_cache(maxsize=4096)
def admissible(given: tuple[Boolean, ...]) -> tuple[Values, ...]:
    """Points at which all of `given` (flattened) hold, the shortest numbers first; coordinates in the order of `names`."""
    if any(map(unknowable, given)):
        return ()
    ring = space(names(given))
    groups = components(given)
    if len(groups) > 1:
        found = _together([(names(group), admissible(group)) for group in groups], ring)
    else:
        found = (values for values in _candidates(given, allowance(WORK, 0)) if all_true(given, ring, values))
    return tuple(sorted(dict.fromkeys(islice(found, MOST)), key=size))


def _together(parts: Sequence[tuple[tuple[Symbol, ...], tuple[Values, ...]]], ring: Space) -> Iterator[Values]:
    """Points of relations without common symbols, from those of each; how far one goes along its list is unlike the others."""
    if not all(values for _, values in parts):
        return
    for k in range(max(len(values) for _, values in parts)):
        point: dict[Symbol, fmpq] = {}
        for stride, (symbols, values) in zip(cycle(STRIDES), parts, strict=False):
            point |= zip(symbols, values[k * stride % len(values)], strict=True)
        yield tuple(point[symbol] for symbol in ring.symbols)


def size(values: Values) -> tuple[int, str]:
    """Orders points by the length of their numbers."""
    texts = [str(value) for value in values]
    return sum(len(text) + text.startswith("-") for text in texts), " ".join(texts)


def smaller(values: Values, given: Sequence[Boolean], ring: Space) -> Values:
    """A point satisfying `given` with shorter numbers, each coordinate in turn replaced by a simpler one where that is allowed."""
    best = list(values)
    for k, symbol in enumerate(ring.symbols):
        touched = [fact for fact in given if symbol in free_symbols(fact)]
        length = len(str(best[k]))
        for candidate in simple(best[k]):
            if len(str(candidate)) >= length:
                continue
            trial = (*best[:k], candidate, *best[k + 1 :])
            if all_true(touched, ring, trial):
                best[k] = candidate
                break
    return tuple(best)


def simple(value: fmpq) -> list[fmpq]:
    """Numbers of few digits: the shortest ones, then those next to `value`."""
    near = [fmpq((value * d).floor() + step, d) for d in NEAR for step in (0, 1)]
    return [*SHORT, *near]


def _candidates(given: tuple[Boolean, ...], effort: Effort) -> Iterator[Values]:
    """Points to be verified, in the order of the names of all symbols of `given`."""
    if false in given or effort.spent():
        return
    ring = space(names(given))
    choice = next((fact for fact in given if isinstance(fact, Or)), None)
    if choice is not None:
        remaining = tuple(fact for fact in given if fact != choice)
        for case in choice.args:
            narrowed = flatten((*remaining, case))
            for values in _candidates(narrowed, effort):
                yield _spread(values, names(narrowed), ring)
        return
    step = elimination(given, effort)
    if step is None:
        effort.charge(PRICE)
        yield from points(saturated(given, ring.symbols))
        return
    inner, value = flatten(step.inner), ring.fraction(step.value)
    place = ring.symbols.index(step.symbol)
    for values in _candidates(inner, effort):
        full = _spread(values, names(inner), ring)
        below = ring.value(value.denominator, full)
        if below != 0:
            yield (*full[:place], ring.value(value.numerator, full) / below, *full[place + 1 :])


def _spread(values: Values, symbols: tuple[Symbol, ...], ring: Space, other: int = 1) -> Values:
    known = dict(zip(symbols, values, strict=True))
    return tuple(known.get(symbol, fmpq(other)) for symbol in ring.symbols)


def _with_integer_exponents(given: tuple[Boolean, ...], ring: Space) -> Iterator[Values]:
    """Points of the rational relations with the symbols that occur in exponents moved to integers nearby."""
    kernels = [kernel for fact in given for kernel in kernels_of(fact) if isinstance(kernel, Pow)]
    moved = {symbol for kernel in kernels for symbol in free_symbols(kernel.exp)}
    places = [k for k, symbol in enumerate(ring.symbols) if symbol in moved]
    if not places or len(places) > 3:
        return
    plain = tuple(fact for fact in given if not kernels_of(fact))
    for values in admissible(plain):
        full = _spread(values, names(plain), ring, 2)
        for steps in product((0, 1, 2, 3), repeat=len(places)):
            moved_to = dict(zip(places, steps, strict=True))
            yield tuple(fmpq(v.floor() + moved_to[k]) if k in moved_to else v for k, v in enumerate(full))
