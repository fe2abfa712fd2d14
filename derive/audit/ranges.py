"""A condition on one parameter as ranges of it, read off a chart of signs: between neighbouring roots nothing changes.

Roots are isolated exactly, so the ranges are exact; an end that is no rational number is told by the sign of the polynomial that
vanishes there.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod

from sympy import Expr, Poly, Rational, Symbol, intervals, sign
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.conditions import ALWAYS, NEVER, Condition, Conjunct
from derive.field import NotRational, factored
from derive.prove.relations import TURN, NotARelation, flatten, operator, relation
from derive.prove.theory import ALLOWS
from derive.tree import free_symbols

FINENESS = Rational(1, 1000)


def ranges(condition: Condition, given: Sequence[Boolean]) -> Condition | None:
    """The same condition under `given` as ranges of the only parameter that it speaks of.

    None where it speaks of several, or of other than rational functions.
    """
    stated = [one for part in condition for one in part]
    symbols = frozenset(symbol for one in stated for symbol in free_symbols(one))
    if len(symbols) != 1:
        return None
    (symbol,) = symbols
    facts = [fact for fact in flatten(given) if free_symbols(fact) == symbols and isinstance(fact, Relational)]
    try:
        chart = _Chart(symbol, [*stated, *facts])
    except (NotRational, NotARelation, ZeroDivisionError):
        return None
    admitted = [all(chart.holds(fact, cell) for fact in facts) for cell in chart.cells]
    inside = [any(all(chart.holds(one, cell) for one in part) for part in condition) for cell in chart.cells]
    wanted = [state if allowed else None for state, allowed in zip(inside, admitted, strict=True)]
    parts = tuple(part for first, last in _runs(wanted) for part in chart.described(first, last, wanted))
    return ALWAYS if () in parts else parts or NEVER


def _runs(wanted: Sequence[bool | None]) -> Iterator[tuple[int, int]]:
    """The first and last places of neighbouring cells of which none is outside and one inside."""
    for outside, group in groupby(enumerate(wanted), key=lambda pair: pair[1] is False):
        places = [place for place, _ in group]
        if not outside and any(wanted[place] for place in places):
            yield places[0], places[-1]


@dataclass(frozen=True)
class _Reading:
    """A relation as the sign of a product of irreducible polynomials: their places in the chart, with their exponents."""

    sign: int
    factors: tuple[tuple[int, int], ...]
    op: str

    def holds(self, signs: Sequence[int]) -> bool:
        """Whether it holds where the polynomials have these signs; at a pole it does not."""
        if any(exponent < 0 and signs[place] == 0 for place, exponent in self.factors):
            return False
        return self.sign * prod(signs[place] ** abs(exponent) for place, exponent in self.factors) in ALLOWS[self.op]


@dataclass(frozen=True)
class _Root:
    """The only root of an irreducible polynomial, and of all others in the chart, from `low` to `high`; these are equal if it is
    rational."""

    low: Rational
    high: Rational
    base: int


@dataclass(frozen=True)
class _Cell:
    """A root, or all that lies between two neighbouring ones, with the signs of the polynomials there."""

    signs: tuple[int, ...]
    root: _Root | None = None


class _Chart:
    """The signs of all irreducible factors of relations in one symbol, between their roots and at them, from left to right."""

    def __init__(self, symbol: Symbol, relations: Sequence[Relational]) -> None:
        self._symbol = symbol
        self._bases: list[Expr] = []
        self._read = {one: self._reading(one) for one in dict.fromkeys(relations)}
        self.cells = tuple(self._cells())

    def holds(self, stated: Relational, cell: _Cell) -> bool:
        """Whether one of the relations holds throughout a cell."""
        return self._read[stated].holds(cell.signs)

    def _reading(self, stated: Relational) -> _Reading:
        split = factored(stated.lhs - stated.rhs)
        for base, _ in split.factors:
            if not base.is_polynomial(self._symbol) or not all(c.is_Rational for c in Poly(base, self._symbol).coeffs()):
                raise NotRational(str(base))
            if base not in self._bases:
                self._bases.append(base)
        factors = tuple((self._bases.index(base), exponent) for base, exponent in split.factors)
        return _Reading(int(sign(split.coefficient)), factors, operator(stated))

    def _cells(self) -> Iterator[_Cell]:
        polynomials = [Poly(base, self._symbol, domain="QQ") for base in self._bases]

        def signs(at: Rational, vanishing: Container[int] = ()) -> tuple[int, ...]:
            values = [0 if place in vanishing else one.eval(at) for place, one in enumerate(polynomials)]
            return tuple(int(sign(value)) for value in values)

        before: Rational | None = None
        for (low, high), vanishing in intervals(polynomials, strict=True, eps=FINENESS) if polynomials else []:
            yield _Cell(signs(low - 1 if before is None else (before + low) / 2))
            yield _Cell(signs(low, vanishing), _Root(low, high, min(vanishing)))
            before = high
        yield _Cell(signs(Rational(0) if before is None else before + 1))

    def described(self, first: int, last: int, wanted: Sequence[bool | None]) -> Condition:
        """Relations that hold in these cells and in none that is outside; more than one range where signs change in between."""
        root = self.cells[first].root
        if first == last and root is not None:
            plain, bounds = self._at(root)
        else:
            ends = [self._end(first, first - 1, ">")] if first > 0 else []
            ends += [self._end(last, last + 1, "<")] if last < len(self.cells) - 1 else []
            plain = tuple(dict.fromkeys(end for end, _ in ends))
            bounds = tuple(bound for _, beside in ends for bound in beside)
        if self._exact(plain, range(len(self.cells)), first, last, wanted):
            return (plain,)
        inner = [place for place in range(first + 1, last) if self.cells[place].root is not None]
        if not inner or self._exact(plain, range(first, last + 1), first, last, wanted):
            return ((*plain, *bounds),)
        cut = inner[len(inner) // 2]
        return (*self.described(first, cut, wanted), *self.described(cut + 1, last, wanted))

    def _exact(self, part: Conjunct, places: Sequence[int], first: int, last: int, wanted: Sequence[bool | None]) -> bool:
        """Whether at these places the relations hold from `first` to `last` and nowhere else."""
        read = [self._reading(one) for one in part]
        held = {place: all(one.holds(self.cells[place].signs) for one in read) for place in places}
        return all(wanted[place] is None or state == (first <= place <= last) for place, state in held.items())

    def _at(self, root: _Root) -> tuple[Conjunct, Conjunct]:
        """At a root: what holds there, and bounds that leave no other root of its polynomial."""
        if root.low == root.high:
            return (relation(self._symbol, "=", root.low),), ()
        return (self._signed(root.base, "="),), self._beside(root, "><")

    def _end(self, inner: int, outer: int, op: str) -> tuple[Relational, Conjunct]:
        """What ends a range at the root between two cells, one of which it is, and a bound beside it where it is irrational."""
        within, beyond = self.cells[inner], self.cells[outer]
        weak = "=" if within.root is not None else ""
        root = within.root or beyond.root
        assert root is not None
        if root.low == root.high:
            return relation(self._symbol, op + weak, root.low), ()
        between = inner if not weak else 2 * inner - outer
        side = self.cells[between].signs[root.base]
        return self._signed(root.base, (">" if side > 0 else "<") + weak), self._beside(root, op)

    def _signed(self, place: int, op: str) -> Relational:
        """The sign of a polynomial, written with a positive leading coefficient."""
        base = self._bases[place]
        turned = Poly(base, self._symbol).LC() < 0
        return relation(-base, TURN[op]) if turned else relation(base, op)

    def _beside(self, root: _Root, ops: str) -> Conjunct:
        return tuple(relation(self._symbol, op, root.low if op == ">" else root.high) for op in ops)
