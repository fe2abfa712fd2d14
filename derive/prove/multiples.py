"""Refutation by multiples: zero as a sum of facts, each times monomials in what is positive, and of such monomials.

The facts that follow from slacks being positive are written in these slacks, where a product of positive things is a monomial. Only
those multiples take part all of whose positive terms can be cancelled by others; what is left is a linear program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache, reduce
from math import comb
from operator import mul

import numpy as np
from flint import fmpq_mpoly
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.prove.bounds import Move, definite
from derive.prove.combine import certificate_of, weights_of, weights_on
from derive.prove.products import Column, Premise, premises_of
from derive.prove.relations import flatten
from derive.prove.slack import Parametrisation as Moves
from derive.prove.slack import apply, parametrise
from derive.prove.space import TooLarge, space
from derive.prove.theory import Theory, theory

Numbers = NDArray[np.int64]
Key = tuple[str, str]
Factors = dict[int, int]

MULTIPLES = 8000  # of one fact
COLUMNS = 2500  # of one linear program
PIVOTS = 4000
TINY = 1e-9
WIDEST = 1 << 62  # of the numbers that stand for monomials


class Multiples:
    """Refutations of facts beside what is `given`; what failed once is not tried again."""

    def __init__(self, given: Sequence[Boolean], symbols: tuple[Symbol, ...]) -> None:
        self.given = flatten(given)
        self._symbols = symbols
        self._space = space(symbols)
        self._frame = _frame(self.given, symbols)
        self._base = {_key(premise): premise for premise in premises_of(theory(self.given, symbols))}
        self._heard: dict[Boolean, dict[Key, Premise] | Certificate] = {}
        self._moved: dict[Key, fmpq_mpoly | None] = {}
        self._hopeless: set[object] = set()

    def refute(self, facts: Sequence[Boolean], above: int = 1) -> Certificate | None:
        """A certificate that the facts contradict each other under what is given, which states those of them that it needs alone.

        The degree of the multiples is at most that of the facts and so much `above`.
        """
        premises, owners = dict(self._base), dict[Key, Boolean]()
        for fact in flatten(facts):
            told = self._told(fact)
            if isinstance(told, Certificate):
                return told
            for key, premise in told.items():
                if key not in premises:
                    premises[key], owners[key] = premise, fact
        columns = self._needed(premises, above)
        weights = (weights_on(columns) or weights_of(columns)) if columns else None
        if weights is None:
            return None
        places = {place for j, _ in weights for place in (*columns[j].premises, columns[j].equation)}
        needed = (owners.get(key) for place, key in enumerate(premises) if place in places)
        whole = theory(flatten((*self.given, *(fact for fact in needed if fact is not None))), self._symbols)
        return certificate_of(whole, tuple(premises.values()), (), columns, weights)

    def _told(self, fact: Boolean) -> dict[Key, Premise] | Certificate:
        """What a fact says beside what is given, or how it contradicts that."""
        if fact not in self._heard:
            own = theory(flatten((*self.given, fact)), self._symbols)
            said = {_key(premise): premise for premise in premises_of(own)} if own.clash is None else {}
            self._heard[fact] = own.clash or {key: premise for key, premise in said.items() if key not in self._base}
        return self._heard[fact]

    def _needed(self, premises: Mapping[Key, Premise], above: int) -> list[Column]:
        """The multiples, and the monomials that are not negative, of which some combination seems to be zero; none where none is."""
        known, places = tuple(premises.values()), _places(self._frame, tuple(premises.values()))
        told = {i: moved for i, premise in enumerate(known) if (moved := self._written(premise)) is not None}
        if places is None or not told:
            return []
        slacks = self._frame.slacks
        degree = max(int(polynomial.total_degree()) for polynomial in told.values()) + above
        occurring = {i for polynomial in told.values() for i, d in enumerate(polynomial.degrees()) if d > 0}
        code = _Code(tuple(sorted(occurring | slacks)), degree + 1)
        if not code.fits:
            return []
        keys = tuple(premises)
        parts = [_part(code, slacks, i, polynomial, known[i].op, degree) for i, polynomial in told.items()]
        fresh: dict[object, Taking] = {}
        for kept, remainders in _cancelling(parts, code, slacks):
            key = code, frozenset((keys[part.place], number) for part, number in kept)
            if len(kept) + len(remainders) <= COLUMNS and key not in self._hopeless:
                fresh[key] = kept, remainders
        multiples = [one for kept, _ in fresh.values() for one in kept]
        alone = [number for _, remainders in fresh.values() for number in remainders]
        chosen = _combined(multiples, alone, code, self._frame.strict)
        if not chosen:
            self._hopeless.update(fresh)
        return [
            *(self._multiple(known, *multiples[j], places, code) for j in chosen if j < len(multiples)),
            *(self._monomial(alone[j - len(multiples)], places, code) for j in chosen if j >= len(multiples)),
        ]

    def _written(self, premise: Premise) -> fmpq_mpoly | None:
        """A premise in slacks; None where it says nothing that these being positive does not."""
        key = _key(premise)
        if key not in self._moved:
            self._moved[key] = None
            try:
                moved = apply(self._space, self._frame, premise.polynomial)[0]
            except TooLarge:
                return None
            evident = definite(moved, self._frame.slacks, self._frame.strict)[0] > 0
            if premise.op == "=" or (premise.op != "!=" and not evident):
                self._moved[key] = moved
        return self._moved[key]

    def _multiple(
        self, premises: Sequence[Premise], part: _Part, number: int, places: Mapping[int, int], code: _Code
    ) -> Column:
        factors = code.factors(number)
        polynomial, chosen = part.polynomial * self._product(factors), _chosen(places, factors)
        if part.op == "=":
            by = reduce(mul, (premises[place].polynomial for place in chosen), self._space.one)
            return Column(polynomial, (), by, False, part.place)
        strict = part.op == ">" and self._frame.strict >= set(factors)
        return Column(polynomial, (part.place, *chosen), self._space.one, strict)

    def _monomial(self, number: int, places: Mapping[int, int], code: _Code) -> Column:
        factors = code.factors(number)
        return Column(self._product(factors), _chosen(places, factors), self._space.one, self._frame.strict >= set(factors))

    def _product(self, factors: Factors) -> fmpq_mpoly:
        return self._space.context.from_dict({tuple(factors.get(i, 0) for i in range(self._space.width)): 1})


def _key(premise: Premise) -> Key:
    return premise.op, str(premise.polynomial)


def _chosen(places: Mapping[int, int], factors: Factors) -> tuple[int, ...]:
    return tuple(places[slack] for slack, times in factors.items() for _ in range(times))


def spoken(value: object) -> Iterator[Boolean]:
    """The relations of which a certificate speaks, but for those it says are given."""
    if isinstance(value, Boolean):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from spoken(part)
    elif is_dataclass(value):
        for entry in fields(value):
            if entry.name != "given":
                yield from spoken(getattr(value, entry.name))


# --- what is positive --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _frame(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Moves:
    """Symbols as sums of a slack and of other symbols, by relations of `given` that are linear, at most one for each symbol."""
    linear = [f for f in theory(given, symbols).facts if f.stated is not None and int(f.polynomial.total_degree()) == 1]
    stated = [fact.stated for fact in linear if fact.op in (">", ">=")]
    while True:
        chosen = parametrise(Theory(tuple(fact for fact in stated if fact is not None), symbols))
        between = next((move for move in chosen.moves if not _plain(move)), None)
        if between is None:
            return chosen
        upper = between.second or between.first
        left = [fact.stated for fact in linear if fact.stated in stated and not _says(fact.polynomial, upper.polynomial)]
        stated = left if len(left) < len(stated) else []


def _plain(move: Move) -> bool:
    return move.second is None and move.bottom.is_one()


def _says(polynomial: fmpq_mpoly, bound: fmpq_mpoly) -> bool:
    return bool(polynomial.leading_coefficient() * bound == bound.leading_coefficient() * polynomial)


# --- what takes part ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Code:
    """Monomials of bounded degree as numbers whose sums stand for products: the exponents are their digits."""

    generators: tuple[int, ...]
    radix: int

    @property
    def fits(self) -> bool:
        return self.radix ** len(self.generators) < WIDEST

    def of(self, exponents: Numbers) -> Numbers:
        """The numbers of monomials, given by their exponents in all generators, row by row."""
        return exponents[:, self.generators] @ self._weights

    @cached_property
    def _weights(self) -> Numbers:
        return self.radix ** np.arange(len(self.generators), dtype=np.int64)

    def exponents(self, numbers: Numbers) -> Numbers:
        """The exponents in the generators, row by row."""
        return numbers[:, None] // self._weights % self.radix

    def free_of(self, numbers: Numbers, which: Sequence[bool]) -> NDArray[np.bool_]:
        """Which of the monomials have none of these generators."""
        digits: Numbers = numbers[:, None] // self._weights[list(which)] % self.radix
        return np.asarray(~digits.any(axis=1))

    def factors(self, number: int) -> Factors:
        """Generators with their exponents, without those that do not occur."""
        exponents = self.exponents(np.array([number]))[0].tolist()
        return {generator: exponent for generator, exponent in zip(self.generators, exponents, strict=True) if exponent}


@dataclass(frozen=True)
class _Part:
    """A premise written in slacks: its terms, their signs, and the monomials that it is multiplied by."""

    place: int
    polynomial: fmpq_mpoly
    op: str
    terms: Numbers
    coefficients: NDArray[np.float64]
    by: Numbers

    @property
    def free(self) -> bool:
        """Whether the multiples may have either sign."""
        return self.op == "="


def _places(frame: Moves, premises: Sequence[Premise]) -> dict[int, int] | None:
    """For each slack the premise that says it is positive; None where one is not among them."""
    found = {}
    for move in frame.moves:
        same = (i for i, p in enumerate(premises) if p.op in (">", ">=") and p.polynomial == move.first.polynomial)
        place = next(same, None)
        if place is None or (move.strict and premises[place].op != ">"):
            return None
        found[move.slack] = place
    return found


def _part(code: _Code, slacks: frozenset[int], place: int, polynomial: fmpq_mpoly, op: str, degree: int) -> _Part:
    terms = code.of(np.array([[int(e) for e in monomial] for monomial in polynomial.monoms()], dtype=np.int64))
    coefficients = np.array([int(coefficient.p) / int(coefficient.q) for coefficient in polynomial.coeffs()])
    by = _products(code, tuple(sorted(slacks)), degree - int(polynomial.total_degree()))
    return _Part(place, polynomial, op, terms, coefficients / np.abs(coefficients).max(), by)


@lru_cache(maxsize=256)
def _products(code: _Code, generators: tuple[int, ...], degree: int) -> Numbers:
    """The numbers of the monomials in some generators up to a degree, or up to a lower one where these are too many."""
    weights = code.of(np.eye(max(code.generators) + 1, dtype=np.int64)[list(generators)]).tolist()
    found = latest = [(0, 0)]
    for size in range(1, degree + 1):
        if comb(len(weights) + size, size) > MULTIPLES:
            break
        latest = [(number + weights[k], k) for number, last in latest for k in range(last, len(weights))]
        found = found + latest
    return np.array([number for number, _ in found], dtype=np.int64)


Taking = tuple[list[tuple[_Part, int]], list[int]]


def _cancelling(parts: Sequence[_Part], code: _Code, slacks: frozenset[int]) -> list[Taking]:
    """The multiples whose terms others, and monomials that are not negative, may cancel, and these monomials; without common terms
    apart.

    What is positive in one multiple has to be negative in another. What is negative may be made up for by the monomial itself.
    """
    counts = [len(part.by) for part in parts]
    whose, by = np.repeat(np.arange(len(parts)), counts), np.concatenate([part.by for part in parts])
    entries = np.concatenate([(part.by[:, None] + part.terms).reshape(-1) for part in parts])
    across = np.repeat(np.arange(len(by)), np.array([len(part.terms) for part in parts])[whose])
    rising, falling = (
        np.concatenate([np.tile(part.free | (sign * part.coefficients > 0), len(part.by)) for part in parts]) for sign in (1, -1)
    )
    numbers, rows = np.unique(entries, return_inverse=True)
    alone = code.free_of(numbers, [generator not in slacks for generator in code.generators])
    left = np.ones(len(by), dtype=bool)
    while True:
        above, below = np.zeros(len(numbers), dtype=bool), np.zeros(len(numbers), dtype=bool)
        above[rows[rising]] = True
        below[rows[falling]] = True
        lonely = np.where(above, ~below, below & ~alone)[rows]
        if not lonely.any():
            break
        left[across[lonely]] = False
        here = left[across]
        rows, across, rising, falling = rows[here], across[here], rising[here], falling[here]
    shape = (len(numbers), len(by))
    links = coo_matrix((np.ones(len(rows)), (rows, across + shape[0])), shape=(sum(shape), sum(shape)))
    label = connected_components(links, directed=False)[1]
    taken = np.flatnonzero(left)
    taken = taken[np.argsort(label[shape[0] + taken], kind="stable")]
    if not len(taken):
        return []
    own = label[shape[0] + taken]
    starts = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
    ends = np.append(starts[1:], len(own))
    common = np.minimum.reduceat(code.exponents(by[taken]), starts, axis=0).any(axis=1)
    takings: dict[int, Taking] = {}
    for place in np.flatnonzero(~common):  # else the same is there without the common factor
        group = taken[starts[place] : ends[place]]
        takings[int(own[starts[place]])] = [(parts[whose[one]], int(by[one])) for one in group], []
    remainders = np.flatnonzero(below & alone)
    for place in remainders[np.isin(label[remainders], list(takings))]:
        takings[int(label[place])][1].append(int(numbers[place]))
    return sorted(takings.values(), key=lambda taking: len(taking[0]))


def _combined(multiples: Sequence[tuple[_Part, int]], alone: Sequence[int], code: _Code, strict: frozenset[int]) -> list[int]:
    """The numbers of the multiples and then of the monomials of which a linear program makes zero."""
    if not multiples:
        return []
    by = np.array([number for _, number in multiples] + list(alone), dtype=np.int64)
    sizes = np.array([len(part.terms) for part, _ in multiples] + [1] * len(alone))
    terms = np.concatenate([*(part.terms for part, _ in multiples), np.zeros(len(alone), dtype=np.int64)])
    data = np.concatenate([*(part.coefficients for part, _ in multiples), np.ones(len(alone))])
    across = np.repeat(np.arange(len(by)), sizes)
    numbers, rows = np.unique(terms + by[across], return_inverse=True)
    exponents = code.exponents(by)
    sure = ~exponents[:, [generator not in strict for generator in code.generators]].any(axis=1)
    sure &= np.array([part.op == ">" for part, _ in multiples] + [True] * len(alone))
    last = np.flatnonzero(sure)
    shape = len(numbers) + 1, len(by)
    matrix = coo_matrix(
        (np.append(data, np.ones(len(last))), (np.append(rows, np.full(len(last), len(numbers))), np.append(across, last))),
        shape,
    )
    target = np.append(np.zeros(len(numbers)), 1.0)
    bounds = [(None, None) if part.free else (0, None) for part, _ in multiples] + [(0, None)] * len(alone)
    cost = np.where([part.free for part, _ in multiples] + [False] * len(alone), 0.0, 1.0 + exponents.sum(axis=1))
    answer = linprog(cost, A_eq=matrix.tocsc(), b_eq=target, bounds=bounds, method="highs-ds", options={"maxiter": PIVOTS})
    return [] if answer.status != 0 else [int(j) for j in np.flatnonzero(np.abs(answer.x) > TINY)]
