"""Products of what is known, as columns of linear programs: each is made once for all programs about a theory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import NamedTuple

import numpy
from flint import fmpq_mpoly
from numpy.typing import NDArray
from sympy.core.relational import Relational

from derive.certificates import Certificate
from derive.prove.grades import Powers, common, first, grading, powers_of, spread
from derive.prove.space import Space
from derive.prove.theory import Sign, Theory

Places = NDArray[numpy.int_]

SQUARES = 400  # in a linear program
TABLES, NUMBERED = 16, 20_000  # theories whose products are kept, and different terms of these


@dataclass(frozen=True)
class Premise:
    """``polynomial > 0``, ``>= 0``, ``= 0`` or ``!= 0``, stated by `stated` if that is among the relations given; else shown by
    `prove`."""

    polynomial: fmpq_mpoly
    op: str
    stated: Relational | None
    prove: Callable[[], Certificate] | None

    @cached_property
    def degree(self) -> int:
        """The total degree."""
        return int(self.polynomial.total_degree())


@dataclass(frozen=True)
class Column:
    """One product (indices of premises, a square) or, with `equation`, one monomial times an equation."""

    polynomial: fmpq_mpoly
    premises: tuple[int, ...]
    square: fmpq_mpoly
    strict: bool
    equation: int | None = None


def premises_of(theory: Theory) -> tuple[Premise, ...]:
    """The reduced facts of a theory: signs of irreducible factors, and facts that did not reduce to one factor."""
    space = theory.space
    found: list[Premise] = []
    stated: dict[tuple[str, str], Relational] = {}
    for fact in theory.facts:
        if fact.stated is not None:
            stated.setdefault((space.key(fact.polynomial), fact.op), fact.stated)

    def add(polynomial: fmpq_mpoly, op: str, sign: Sign) -> None:
        found.append(Premise(polynomial, op, stated.get((space.key(polynomial), op)), sign.prove))

    for sign in theory.signs.values():
        if sign.op in ("<", "<="):
            add(-sign.base, sign.op.replace("<", ">"), sign)
        else:
            add(sign.base, sign.op, sign)
    for fact in theory.facts:
        if theory.irreducible(fact):
            add(fact.polynomial, fact.op, Sign(fact.op, fact.prove, fact.polynomial))
    return tuple(found)


Terms = tuple[Places, NDArray[numpy.float64]]
"""The terms of a polynomial: the numbers of their monomials, and the coefficients."""


def terms_of(column: Column, numbers: dict[tuple[int, ...], int]) -> Terms:
    ups = [numbers.setdefault(monomial, len(numbers)) for monomial in column.polynomial.monoms()]
    return numpy.array(ups, dtype=int), numpy.array(list(map(float, column.polynomial.coeffs())), dtype=float)


Made = tuple[Column, Terms]


class _Pick(NamedTuple):
    """A column that is not made yet, with the degree of its terms in all scalings (None where they have several).

    `own`: whether a premise takes part that is not one of the table's. It has about as many terms as `longest`, or more.
    """

    degree: int | None
    own: bool
    longest: int
    make: Callable[[], Made]


class Table:
    """Products of the premises of a theory, each made once: the linear programs about it have most of them in common."""

    def __init__(self, space: Space, premises: tuple[Premise, ...]) -> None:
        self._space = space
        self.premises = premises
        self._signed = _signed(premises)
        self._powers = [powers_of(premise.polynomial, space.size) for premise in premises]
        self._spreads = tuple(map(spread, self._powers))
        self._numbers: dict[tuple[int, ...], int] = {}
        self._made: dict[tuple[int, ...], Made] = {}
        self._squared: dict[tuple[tuple[int, ...], str], Made] = {}

    def columns(
        self, extra: tuple[Premise, ...], degree: int, limit: int, squares: bool
    ) -> tuple[list[Column], list[Terms], int]:
        """Products with at most one of the `extra` premises, which are numbered after the others and come first.

        Those are left out that have no degree in common with a product of the other kind, with an `extra` premise or without. With
        them come their terms, and about how many terms there are in all that were looked at.
        """
        if len(self._numbers) > NUMBERED:
            for memory in (self._numbers, self._made, self._squared):
                memory.clear()
        picks = list(self._picks((*self.premises, *extra), degree, limit, squares))
        looked_at = sum(pick.longest for pick in picks)
        if extra:
            own, others = ({pick.degree for pick in picks if pick.own is kind} for kind in (True, False))
            picks = [pick for pick in picks if pick.degree in own & others - {None}]
        made = [pick.make() for pick in picks]
        return [column for column, _ in made], [terms for _, terms in made], looked_at

    def _picks(self, premises: tuple[Premise, ...], degree: int, limit: int, squares: bool) -> Iterator[_Pick]:
        size, start = self._space.size, len(self.premises)
        powers = [*self._powers, *(powers_of(premise.polynomial, size) for premise in premises[start:])]
        weights = grading((*self._spreads, *map(spread, powers[start:])), size)
        degrees, lengths = [first(rows, weights) for rows in powers], [len(rows) for rows in powers]
        signed = [*(i for i in _signed(premises) if i >= start), *self._signed]
        for chosen in self._products(premises, signed, degree, limit):
            own = bool(chosen) and chosen[0] >= start
            longest = max((lengths[i] for i in chosen), default=1)
            yield _Pick(sum(degrees[i] for i in chosen), own, longest, partial(self._product, premises, chosen))
        for i, premise in enumerate(premises):
            if premise.op == "!=" and 0 < 2 * premise.degree <= degree:
                yield _Pick(2 * degrees[i], i >= start, lengths[i], partial(self._unequal, premise, i))
        used = tuple(v for v in range(size) if any(rows[:, v].any() for rows in powers))
        if squares:
            roots = [(root, common(rows, weights)) for root, rows in _roots(self._space, used, degree >= 4 and len(used) <= 3)]
            factors = [one for one in ((), *((i,) for i in signed)) if sum(premises[i].degree for i in one) + 2 <= degree]
            for chosen, (root, half) in islice(itertools.product(factors, roots), SQUARES):
                whole = None if half is None else 2 * half + sum(degrees[i] for i in chosen)
                own = bool(chosen) and chosen[0] >= start
                longest = max((lengths[i] for i in chosen), default=1)
                yield _Pick(whole, own, longest, partial(self._square, premises, chosen, root))
        for i, premise in enumerate(premises):
            if premise.op == "=" and not premise.polynomial.is_zero():
                for monomial in _monomials(self._space, used, min(degree - premise.degree, 2 if len(used) > 5 else 3)):
                    whole = degrees[i] + first(powers_of(monomial, size), weights)
                    yield _Pick(whole, i >= start, lengths[i], partial(self._multiple, premise, i, monomial))

    def _products(
        self, premises: tuple[Premise, ...], signed: list[int], degree: int, limit: int
    ) -> Iterator[tuple[int, ...]]:
        """Up to `limit` products, those of few premises first."""
        yield ()
        left = limit - 1
        for size in range(1, 5):
            found = list(islice(self._chosen(premises, signed, size, degree), left))
            yield from found
            left -= len(found)
            if not found or left <= 0:
                return

    def _with_terms(self, column: Column) -> Made:
        return column, terms_of(column, self._numbers)

    def _chosen(self, premises: tuple[Premise, ...], factors: list[int], size: int, degree: int) -> Iterator[tuple[int, ...]]:
        """The numbers of `size` premises with a product of total degree up to `degree`."""
        if size == 0:
            yield ()
            return
        for place, i in enumerate(factors):
            left = degree - premises[i].degree
            if left < size - 1:
                continue  # none is of degree 0
            others = factors[place:] if i < len(self.premises) else self._signed
            for rest in self._chosen(premises, others, size - 1, left):
                yield i, *rest

    def _product(self, premises: tuple[Premise, ...], chosen: tuple[int, ...]) -> Made:
        found = self._made.get(chosen)
        if found is None:
            one = self._space.one
            column = Column(one, (), one, True)
            if chosen:
                premise, rest = premises[chosen[0]], self._product(premises, chosen[1:])[0]
                column = Column(premise.polynomial * rest.polynomial, chosen, one, premise.op == ">" and rest.strict)
            found = self._with_terms(column)
            if not chosen or chosen[0] < len(self.premises):
                self._made[chosen] = found
        return found

    def _unequal(self, premise: Premise, place: int) -> Made:
        return self._with_terms(Column(premise.polynomial**2, (place,), self._space.one, True))

    def _multiple(self, premise: Premise, place: int, monomial: fmpq_mpoly) -> Made:
        return self._with_terms(Column(premise.polynomial * monomial, (), monomial, False, place))

    def _square(self, premises: tuple[Premise, ...], chosen: tuple[int, ...], root: fmpq_mpoly) -> Made:
        """A square, alone or times one premise."""
        key = chosen, self._space.key(root)
        found = self._squared.get(key)
        if found is None:
            square = root**2 * premises[chosen[0]].polynomial if chosen else root**2
            found = self._with_terms(Column(square, chosen, root, False))
            if not chosen or chosen[0] < len(self.premises):
                self._squared[key] = found
        return found


def _signed(premises: Sequence[Premise]) -> list[int]:
    return [i for i, premise in enumerate(premises) if premise.op in (">", ">=") and premise.degree > 0]


@lru_cache(maxsize=TABLES)
def table(theory: Theory) -> Table:
    """The products of what a theory knows."""
    return Table(theory.space, premises_of(theory))


@lru_cache(maxsize=64)
def _roots(space: Space, used: tuple[int, ...], high: bool) -> tuple[tuple[fmpq_mpoly, Powers], ...]:
    variables = [space.variables[v] for v in used]
    roots = list(variables)
    for a, b in itertools.combinations(variables, 2):
        roots += [a - b, a + b]
    roots += [a - 1 for a in variables] + [a + 1 for a in variables]
    if high:
        pairs = [a * b for a, b in itertools.combinations_with_replacement(variables, 2)]
        roots += pairs + [a - b for a, b in itertools.combinations(pairs, 2)] + [a - b for a in pairs for b in variables]
    return tuple((root, powers_of(root, space.size)) for root in roots)


def _monomials(space: Space, used: Sequence[int], degree: int) -> list[fmpq_mpoly]:
    found = []
    for size in range(degree + 1):
        for chosen in itertools.combinations_with_replacement(used, size):
            monomial = space.one
            for v in chosen:
                monomial = monomial * space.variables[v]
            found.append(monomial)
    return found[:150]
