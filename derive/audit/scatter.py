"""Many points of a region at once: what the signs of expressions are there, in double precision with a bound of the rounding.

Points show that a sign is not the same everywhere, before anybody looks for a proof of it. What rests on a point is verified exactly
by whoever uses it: every point has rational coordinates. Values of laws that are known by their properties alone, ``F(z)``, are
coordinates like the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from zlib import crc32

import numpy as np
from flint import fmpq
from numpy.typing import NDArray
from sympy import Add, Eq, Expr, Mul, Pow, Rational, Symbol, exp, log
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.effort import allowance
from derive.prove.goals import elimination, names
from derive.prove.masks import Mask, Seen, compared, seen
from derive.prove.oracle import satisfiable
from derive.prove.points import admissible
from derive.prove.relations import flatten, operator
from derive.prove.space import rational, space
from derive.prove.truth import Values, all_true
from derive.shocks import LawFunction
from derive.tree import free_symbols

Column = NDArray[np.float64]
Signs = NDArray[np.int8]
Ties = tuple[tuple[Symbol, Expr], ...]

ROWS = 320  # points that are moved about
ROUNDS = 6
WORK = 200  # on what an equation gives
STEPS = (0.3, 1.2)  # of the logarithm of a coordinate, round by round
SHIFT = 1.0  # of some coordinates together, in units of the largest
ENOUGH = 24  # points known from elsewhere that spare the search for others
CLEAR = 1e-9  # of the size of what was added up: a smaller value has no sign here
_DIGITS = 1  # after the first one, of a coordinate


@dataclass
class _Columns:
    """The values of expressions over columns of coordinates, with bounds of what was added up; powers of symbols are kept, and
    values of unknown laws, which are coordinates."""

    known: dict[Expr, tuple[Column, Column]]
    length: int

    def signs(self, expression: Expr) -> Signs:
        """1 or -1 where the sign is clear, else 0."""
        with np.errstate(all="ignore"):
            value, size = self.value(expression)
            clear = np.abs(value) > CLEAR * size
            return np.broadcast_to(np.where(clear, np.sign(value), 0), (self.length,)).astype(np.int8)

    def value(self, expression: Expr) -> tuple[Column, Column]:
        """The values, with the bounds."""
        return self._of(expression, {})

    def _of(self, node: Expr, here: dict[Expr, tuple[Column, Column]]) -> tuple[Column, Column]:
        """The value of a part of an expression, `here` with the parts that were evaluated before."""
        kept = isinstance(node, Symbol | LawFunction) or (isinstance(node, Pow) and isinstance(node.base, Symbol))
        memory = self.known if kept else here
        found = memory.get(node)
        if found is None:
            found = memory[node] = self._evaluated(node, here)
        return found

    def _evaluated(self, node: Expr, here: dict[Expr, tuple[Column, Column]]) -> tuple[Column, Column]:
        if isinstance(node, Rational) and node.is_finite:
            return _number(node)
        if isinstance(node, Symbol):
            return self._unbound(node)
        if isinstance(node, Add | Mul):
            join = np.add if isinstance(node, Add) else np.multiply
            values, sizes = zip(*(self._of(part, here) for part in node.args), strict=True)
            return reduce(join, values), reduce(join, sizes)
        if isinstance(node, Pow):
            (base, size), (exponent, _) = self._of(node.base, here), self._of(node.exp, here)
            value = np.power(base, exponent)
            return value, np.abs(value) * (1 + np.abs(exponent)) * size / np.abs(base)
        if isinstance(node, exp | log):
            inner, size = self._of(node.args[0], here)
            value = np.exp(inner) if isinstance(node, exp) else np.log(inner)
            return value, np.abs(value) * (1 + size) if isinstance(node, exp) else np.abs(value) + size / np.abs(inner)
        return np.full(1, np.nan), np.full(1, np.nan)

    def put(self, symbol: Symbol, expression: Expr) -> None:
        """Let a symbol have the values of an expression."""
        with np.errstate(all="ignore"):
            value = np.broadcast_to(self.value(expression)[0], (self.length,))
        self.known = {node: column for node, column in self.known.items() if symbol not in free_symbols(node)}
        self.known[symbol] = (value, np.abs(value))

    def _unbound(self, symbol: Symbol) -> tuple[Column, Column]:
        """A symbol of which nothing is given: any values."""
        chance = np.random.default_rng(crc32(symbol.name.encode()))
        column = np.round(chance.normal(0, 2, self.length), _DIGITS)
        return column, np.abs(column)

    def seen(self, fact: Boolean) -> Seen:
        """Where the fact clearly holds, and where it clearly does not."""
        return seen(fact, self.length, self._compared)

    def _compared(self, fact: Relational) -> Seen:
        signs = self.signs(Add(fact.lhs, Mul(-1, fact.rhs, evaluate=False), evaluate=False))
        return compared(operator(fact), signs > 0, signs < 0)


def _number(value: Rational) -> tuple[Column, Column]:
    try:
        column = np.full(1, float(value))
    except OverflowError:
        column = np.full(1, np.nan)
    return column, np.abs(column)


@dataclass(frozen=True)
class Places:
    """Points of a region, the same at every run: exact ones, the shortest first, then others near them; coordinates by `symbols`.

    Of the latter the coordinates `tied` by equations are found from the others, in this order.
    """

    symbols: tuple[Symbol, ...]
    facts: tuple[Boolean, ...]
    exact: tuple[Values, ...]
    scattered: NDArray[np.float64]
    tied: Ties
    unknown: Mapping[Expr, Symbol]
    columns: _Columns = field(compare=False)

    def __len__(self) -> int:
        return len(self.exact) + len(self.scattered)

    def signs(self, expression: Expr) -> Signs:
        """At each point 1 or -1; 0 where the sign is not clear."""
        return self.columns.signs(expression)

    def shown(self, expression: Expr) -> dict[int, tuple[int, ...]]:
        """The signs of the expression with the first points that show them; zero only where it is exactly that."""
        signs = self.signs(expression)
        found = {sign: tuple(map(int, np.flatnonzero(signs == sign)[:4])) for sign in (1, -1)}
        vague = np.flatnonzero(signs[: len(self.exact)] == 0)[:12] if not self.unknown else ()
        zeros = tuple(int(row) for row in vague if expression.xreplace(self.point(int(row))) == 0)
        return {sign: rows for sign, rows in (*found.items(), (0, zeros)) if rows}

    def point(self, row: int) -> dict[Symbol, Rational]:
        """The rational coordinates of a point."""
        if row < len(self.exact):
            return {symbol: rational(value) for symbol, value in zip(self.symbols, self.exact[row], strict=True)}
        numbers = self.scattered[row - len(self.exact)]
        point = {symbol: Rational(f"{number:.{_DIGITS}e}") for symbol, number in zip(self.symbols, numbers, strict=True)}
        for symbol, value in self.tied:
            point[symbol] = value.xreplace(point)
        return point

    def inside(self, row: int) -> bool:
        """Whether everything given holds there, exactly."""
        if row < len(self.exact):
            return True
        point = self.point(row)
        values = tuple(fmpq(int(point[symbol].p), int(point[symbol].q)) for symbol in self.symbols)
        return all_true(self.facts, space(self.symbols), values)


def places(given: tuple[Boolean, ...]) -> Places:
    """Points where all of `given` hold."""
    unknown, facts = _read(given)
    return _around(unknown, facts, admissible(facts), _table((), names(facts)))


def common_places(given: tuple[Boolean, ...], others: Sequence[Places]) -> Places | None:
    """Points where all of `given` hold, which the regions of `others` have in common; None where they have none at all.

    Points of `others` with the same symbols serve as far as they go.
    """
    unknown, facts = _read(given)
    symbols = names(facts)
    exact, scattered = _shared(facts, symbols, [other for other in others if other.symbols == symbols])
    if not exact and not len(scattered) and satisfiable(given) is False:
        return None
    return _around(unknown, facts, exact or admissible(facts), scattered)


def _read(given: tuple[Boolean, ...]) -> tuple[dict[Expr, Symbol], tuple[Boolean, ...]]:
    """Symbols for the values of unknown laws, and the facts with these."""
    unknown = {node: Symbol(str(node), real=True) for node in sorted(_values_of_laws(given), key=str)}
    return unknown, flatten(fact.xreplace(unknown) for fact in given) if unknown else flatten(given)


def _around(
    unknown: Mapping[Expr, Symbol], facts: tuple[Boolean, ...], exact: tuple[Values, ...], scattered: NDArray[np.float64]
) -> Places:
    """The exact points with others near them, unless enough of these are known."""
    symbols, ties = names(facts), _ties(facts)
    if exact and len(scattered) < ENOUGH and ties is not None:
        scattered = _moved(*ties, symbols, _table(exact, symbols))
    columns = _over(symbols, np.concatenate([_table(exact, symbols), scattered]))
    columns.known |= {node: columns.value(symbol) for node, symbol in unknown.items()}
    return Places(symbols, facts, exact, scattered, ties[1] if ties else (), unknown, columns)


def _ties(facts: tuple[Boolean, ...]) -> tuple[tuple[Boolean, ...], Ties] | None:
    """The facts with symbols that equations give replaced, and these with their values; None where an equation gives none."""
    tied: list[tuple[Symbol, Expr]] = []
    while any(isinstance(fact, Eq) for fact in facts):
        step = elimination(facts, allowance(WORK, 0))
        if step is None:
            return None
        tied.append((step.symbol, step.value))
        facts = flatten(step.inner)
    return facts, tuple(reversed(tied))


def _values_of_laws(given: Iterable[Boolean]) -> set[Expr]:
    return {node for fact in given for node in fact.atoms(LawFunction)}


def _table(points: Sequence[Values], symbols: Sequence[Symbol]) -> NDArray[np.float64]:
    rows = [[float(rational(value)) for value in point] for point in points]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(symbols))


def _over(symbols: Sequence[Symbol], table: NDArray[np.float64]) -> _Columns:
    return _Columns({s: (table[:, k], np.abs(table[:, k])) for k, s in enumerate(symbols)}, len(table))


def _shared(
    facts: tuple[Boolean, ...], symbols: tuple[Symbol, ...], others: Sequence[Places]
) -> tuple[tuple[Values, ...], NDArray[np.float64]]:
    """The points of other regions at which these facts hold as well."""
    exact: dict[Values, None] = {}
    scattered = [np.zeros((0, len(symbols)))]
    for other in others:
        more = [fact for fact in facts if fact not in other.facts]
        holds, fails = np.ones(len(other), dtype=bool), np.zeros(len(other), dtype=bool)
        for fact in more:
            here, there = other.columns.seen(fact)
            holds, fails = holds & here, fails | there
        count = len(other.exact)
        open_ones = (other.exact[row] for row in np.flatnonzero(~fails[:count]))
        exact |= dict.fromkeys(values for values in open_ones if all_true(more, space(symbols), values))
        scattered.append(other.scattered[holds[count:]])
    return tuple(exact), np.concatenate(scattered)


def _moved(
    facts: tuple[Boolean, ...], tied: Ties, symbols: tuple[Symbol, ...], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points reached from `start` by steps at random that leave no fact behind: factors, and shifts, which may change signs."""
    if not symbols:
        return np.zeros((ROWS, 0))
    chance = np.random.default_rng(0)
    now = np.resize(start, (ROWS, len(symbols)))
    reached = np.zeros(ROWS, dtype=bool)
    for turn in range(ROUNDS):
        if turn % 3:
            moved = now * np.exp(chance.normal(0, STEPS[turn % len(STEPS)], now.shape))
        else:
            moved = now + chance.normal(0, SHIFT, (ROWS, 1)) * np.abs(now).max(axis=1, keepdims=True)
        tried = _short(np.where(chance.random(now.shape) < 0.5, moved, now))
        columns = _over(symbols, tried)
        for symbol, value in tied:
            columns.put(symbol, value)
            tried[:, symbols.index(symbol)] = columns.known[symbol][0]
        holds: Mask = np.logical_and.reduce([np.isfinite(tried).all(axis=1), *(columns.seen(fact)[0] for fact in facts)])
        now, reached = np.where(holds[:, None], tried, now), reached | holds
    return np.unique(now[reached], axis=0)


def _short(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Few digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (_DIGITS - np.floor(np.log10(np.abs(numbers))))
        return np.where(numbers == 0, 0.0, np.round(numbers * scale) / scale)
