"""Populations: many points at which relations plainly hold, drawn once, in double precision.

A claim that plainly fails at one of them is not worth a proof, and relations that plainly hold at one of them do not exclude each
other. Nothing else is concluded: "plainly" leaves a margin far above what rounding does, and no verdict rests on it. A population
is drawn from a wide spread of positive numbers, or where few of these satisfy the relations from exact points that do, and then
grows by a walk: members are moved in some coordinates, by small and by large steps, and what still satisfies everything stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import accumulate, groupby

import numpy as np
from flint import fmpq_mpoly
from sympy import Eq, Or, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.doubles import Doubles, Rows, terms
from derive.prove.effort import allowance
from derive.prove.extrema import unfolded
from derive.prove.goals import elimination, names
from derive.prove.masks import Mask, Seen, seen
from derive.prove.points import admissible
from derive.prove.relations import NotARelation, fixed, flatten, operator, substitute
from derive.prove.space import NotRational, Space, TooLarge, space
from derive.prove.theory import ALLOWS

DRAWS, FIRST, ENOUGH = 8192, 1024, 32
SPREAD = 1.2  # of the logarithms of what is drawn
MEMBERS = 512
ROUNDS = 4
STEPS = (0.02, 0.1, 0.3, 0.6, 1.2)
SHARES = (0.15, 0.4, 1.0)  # of the coordinates that one step moves
ACROSS = 0.1  # of the moves are by a difference and not by a factor: they reach zero and what lies beyond
BITS = 12  # of the numbers drawn: machines that round differently draw the same
ROUGH = 1e-9  # of the sum of the absolute terms: what is nearer to zero is left open,
NOTHING = 1e-12  # but for what only rounding keeps from zero
TERMS = 24  # of the facts that are looked at together
WORK_ON_EQUATIONS = 200


@dataclass(frozen=True)
class Population:
    """Points in the order of `symbols`; none where none was found."""

    symbols: tuple[Symbol, ...]
    values: Rows
    _seen: dict[Boolean, Seen] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return int(self.values.shape[1])

    def seen(self, claim: Boolean) -> Seen:
        """Where the claim plainly holds and where it plainly fails; nowhere either for what is not read."""
        if claim not in self._seen:
            self._seen[claim] = seen(claim, len(self), partial(_compared, self.symbols, self.values))
        return self._seen[claim]

    def holds(self, claim: Boolean) -> Mask:
        """Where the claim plainly holds."""
        return self.seen(claim)[0]

    def fails(self, claim: Boolean) -> Mask:
        """Where the claim plainly fails."""
        return self.seen(claim)[1]


def together(populations: Sequence[Population]) -> Population:
    """All points of populations of the same symbols."""
    return Population(populations[0].symbols, np.concatenate([one.values for one in populations], axis=1))


def population(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Population:
    """Points at which all of `given` plainly hold, in the order of `symbols`, which are those of `given` and perhaps others.

    Where none of those drawn is one, they are found from exact points.
    """
    return _population(flatten(map(unfolded, given)), symbols)


@lru_cache(maxsize=1024)
def _population(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Population:
    return Population(symbols, _points(given, symbols, _many))


def drawn(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Population:
    """Those of the points drawn at which all of `given` plainly hold, perhaps none: quicker, and often enough."""
    return _drawn(flatten(map(unfolded, given)), symbols)


@lru_cache(maxsize=1024)
def _drawn(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Population:
    return Population(symbols, _points(given, symbols, _few))


def inhabited(given: tuple[Boolean, ...]) -> bool:
    """Whether all of `given` plainly hold at one of the points drawn; none is sought beside them."""
    facts = flatten(map(unfolded, given))
    return bool(_points(facts, names(facts), _few).shape[1])


Draw = Callable[[tuple[Boolean, ...], tuple[Symbol, ...]], Rows]
"""Points at which inequalities plainly hold."""


def _points(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...], draw: Draw) -> Rows:
    if false in given:
        return np.empty((len(symbols), 0))
    choice = next((fact for fact in given if isinstance(fact, Or)), None)
    if choice is not None:
        rest = tuple(fact for fact in given if fact != choice)
        return np.concatenate([_points(flatten((*rest, case)), symbols, draw) for case in choice.args], axis=1)
    numbers = fixed(given)
    if numbers:
        return _at_numbers(given, numbers, symbols, draw)
    if any(isinstance(fact, Eq) for fact in given):
        return _on_equation(given, symbols, draw)
    return draw(given, symbols)


def _at_numbers(given: tuple[Boolean, ...], numbers: dict[Symbol, Rational], symbols: tuple[Symbol, ...], draw: Draw) -> Rows:
    """The points of what is left when the numbers that equations give are put in, with these numbers."""
    put_in = (substitute(fact, numbers) for fact in given)
    left = flatten(fact for fact in put_in if not (isinstance(fact, Eq) and fact.lhs == fact.rhs))
    open_ones = tuple(symbol for symbol in symbols if symbol not in numbers)
    found = _points(left, open_ones, draw)
    values = np.empty((len(symbols), found.shape[1]))
    for place, symbol in enumerate(symbols):
        known = numbers.get(symbol)
        values[place] = found[open_ones.index(symbol)] if known is None else int(known.p) / int(known.q)
    return values


def _on_equation(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...], draw: Draw) -> Rows:
    """The points of what is left when an equation is solved, with the values of the symbol that it gives."""
    step = elimination(given, allowance(WORK_ON_EQUATIONS, 0))
    if step is None:
        return np.empty((len(symbols), 0))
    values = _points(flatten(step.inner), symbols, draw)
    ring = space(symbols)
    try:
        value = ring.fraction(step.value)
    except (NotRational, TooLarge, ZeroDivisionError):
        return values[:, :0]
    (top, bottom), (_, size) = Doubles([terms(one, ring.size) for one in (value.numerator, value.denominator)]).at(values)
    plain = np.abs(bottom) > ROUGH * size
    values = values[:, plain].copy()
    values[symbols.index(step.symbol)] = top[plain] / bottom[plain]
    return values


# --- what is read ------------------------------------------------------------------------------------------------------------


class Row:
    """A polynomial with the sign that it is to have, seen from the signs of its factors.

    A product of small factors would look like nothing beside the terms of the product.
    """

    def __init__(self, polynomial: fmpq_mpoly, op: str, ring: Space) -> None:
        constant, factors = ring.factor(polynomial)
        self._width = ring.size
        self.allowed = ALLOWS[op]
        self.constant = (constant > 0) - (constant < 0)
        self.factors = tuple((terms(base, ring.size), bool(times % 2)) for base, times in factors) or (({(): 1.0}, True),)
        self.length = sum(len(base) for base, _ in self.factors)

    @cached_property
    def among_first(self) -> Mask:
        """Where it plainly has the sign among the first points drawn: regions share their facts, and so what was seen of these."""
        mask: Mask = Sheet([self]).seen(_positive(self._width)[:, :FIRST])[0][0]
        return mask


class Sheet:
    """Rows that are read together."""

    def __init__(self, rows: Sequence[Row]) -> None:
        factors = [factor for row in rows for factor in row.factors]
        self._bases = Doubles([base for base, _ in factors])
        self._even = np.flatnonzero([not odd for _, odd in factors])
        self._starts = np.cumsum([0, *(len(row.factors) for row in rows[:-1])])
        self._constants = np.array([[row.constant] for row in rows], dtype=np.int8)
        self._allowed = [(sign, np.array([[sign in row.allowed] for row in rows])) for sign in (-1, 0, 1)]

    def seen(self, points: Rows) -> Seen:
        """A line for each row: where its polynomial plainly has the sign, and where it plainly has not."""
        found, size = self._bases.at(points)
        margin = ROUGH * size
        signs = (found > margin).astype(np.int8) - (found < -margin)
        told = np.logical_and.reduceat((signs != 0) | (np.abs(found) <= NOTHING * size), self._starts, axis=0)
        signs[self._even] **= 2
        signs = np.multiply.reduceat(signs, self._starts, axis=0) * self._constants
        holds = np.logical_or.reduce([(signs == sign) & allowed for sign, allowed in self._allowed])
        return told & holds, told & ~holds


@lru_cache(maxsize=1 << 13)
def _rows(fact: Boolean, symbols: tuple[Symbol, ...]) -> tuple[Row, ...] | None:
    """A relation as a polynomial and its sign, and denominators that are not zero; None for what is not read."""
    if fact == true:
        return ()
    if not isinstance(fact, Relational):
        return None
    ring = space(symbols)
    try:
        difference, op = ring.difference(fact.lhs, fact.rhs), operator(fact)
    except (NotARelation, NotRational, TooLarge, ZeroDivisionError):
        return None
    divisors = tuple(Row(divisor, "!=", ring) for divisor in difference.divisors)
    if difference.numerator.is_zero() and 0 in ALLOWS[op]:
        return divisors
    whole = difference.numerator if difference.denominator.is_one() else difference.numerator * difference.denominator
    return Row(whole, op, ring), *divisors


def _compared(symbols: tuple[Symbol, ...], values: Rows, claim: Relational) -> Seen:
    nowhere = np.zeros(values.shape[1], dtype=bool)
    rows = _rows(claim, symbols)
    if rows is None or not values.shape[1]:
        return nowhere, nowhere
    if not rows:
        return ~nowhere, nowhere
    holds, fails = Sheet(rows).seen(values)
    return np.logical_and.reduce(holds, axis=0), np.logical_and(fails[0], np.logical_and.reduce(holds[1:], axis=0))


# --- drawing -----------------------------------------------------------------------------------------------------------------


def _sheets(facts: Sequence[Row]) -> list[Sheet]:
    """The shortest facts first: they leave few points for the long ones."""
    ordered = sorted(facts, key=lambda row: row.length)
    measured = zip(ordered, accumulate(row.length for row in ordered), strict=True)
    return [Sheet([row for row, _ in group]) for _, group in groupby(measured, lambda pair: pair[1] // TERMS)]


def _satisfying(facts: Sequence[Sheet], values: Rows) -> Rows:
    """Those of the points at which all facts plainly hold."""
    for sheet in facts:
        values = values[:, sheet.seen(values)[0].all(axis=0)]
    return values


@lru_cache(maxsize=1024)
def _few(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Rows:
    """Those of the points drawn at which all facts plainly hold; most are looked at only where the first have few such."""
    facts, drawn = _read(given, symbols), _positive(len(symbols))
    if facts is None:
        return drawn[:, :0]
    if not symbols:
        return _satisfying(_sheets(facts), drawn[:, :1])
    found = drawn[:, :FIRST][:, np.logical_and.reduce([np.ones(FIRST, dtype=bool), *(fact.among_first for fact in facts)])]
    rest = drawn[:, FIRST:]
    return found if found.shape[1] >= ENOUGH else np.concatenate([found, _satisfying(_sheets(facts), rest)], axis=1)


@lru_cache(maxsize=1024)
def _many(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Rows:
    """More points, found by a walk from those drawn or from exact ones."""
    facts, found = _read(given, symbols), _few(given, symbols)
    if facts is None or not symbols:
        return found
    return _grown(found if found.shape[1] else _exact(given, symbols), _sheets(facts))


def _read(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> list[Row] | None:
    """Inequalities as rows; None where one is not read."""
    read = [_rows(fact, symbols) for fact in given]
    return None if None in read else [row for rows in read for row in rows or ()]


def _grown(seeds: Rows, facts: Sequence[Sheet]) -> Rows:
    """Points at which the facts hold, found by a walk from the seeds, at which they may hold with equality only."""
    chance = np.random.default_rng(0)
    found = _satisfying(facts, seeds)
    for _ in range(ROUNDS if seeds.shape[1] else 0):
        moved = _moved(found if found.shape[1] else seeds, chance)
        found = np.concatenate([found, _satisfying(facts, moved)], axis=1)
        found = found[:, chance.permutation(found.shape[1])[:MEMBERS]]
    return found


@lru_cache(maxsize=16)
def _positive(width: int) -> Rows:
    """Points with positive coordinates, the same for all relations in so many symbols."""
    return _short(np.exp(np.random.default_rng(0).normal(0, SPREAD, (width, DRAWS))))


def _exact(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Rows:
    """The exact points that are known, on the bounds of the relations too, with numbers drawn for symbols of which nothing is said."""
    points = admissible(given)
    found = _positive(len(symbols))[:, : len(points)].copy()
    for place, symbol in enumerate(names(given)):
        found[symbols.index(symbol)] = [int(point[place].p) / int(point[place].q) for point in points]
    return found


def _moved(found: Rows, chance: np.random.Generator) -> Rows:
    chosen = found[:, chance.integers(0, found.shape[1], MEMBERS)]
    shape = chosen.shape
    steps = chance.normal(0, 1, shape) * chance.choice(STEPS, (1, MEMBERS))
    steps *= chance.random(shape) < chance.choice(SHARES, (1, MEMBERS))
    across = chance.random(shape) < ACROSS
    return _short(np.where(across, chosen + steps * (np.abs(chosen) + 0.1), chosen * np.exp(steps)))


def _short(values: Rows) -> Rows:
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.round(np.ldexp(mantissa, BITS)), exponent - BITS)
