"""Positivstellensatz by linear programming: zero as a nonnegative combination of products of what is known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import islice
from operator import mul

import numpy
from flint import fmpq, fmpq_mat, fmpq_mpoly
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix
from sympy import Integer, false
from sympy.core.relational import Relational

from derive.certificates import Certificate, Product, Products, Using
from derive.prove.effort import Effort
from derive.prove.relations import relation
from derive.prove.space import Space, rational
from derive.prove.theory import Sign, Theory

Places = NDArray[numpy.int_]

PIVOTS = 4000
PRICE, TERMS = 4, 200  # of a linear program: a share of its own and one for so many terms
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


def refute_by_products(
    theory: Theory, extra: tuple[Premise, ...], degree: int, limit: int, squares: bool, effort: Effort
) -> Certificate | None:
    """Certificate of ``false`` from the theory's facts and `extra` ones (relations that its caller adds to ``given``).

    Products have total degree up to `degree`; at most `limit` of them.
    """
    table = _table(theory)
    premises = (*table.premises, *extra)
    columns, terms = table.columns(extra, degree, limit, squares)
    effort.charge(PRICE + sum(len(column.polynomial) for column in columns) // TERMS)
    weights = _weights(columns, terms)
    if weights is None:
        return None
    return certificate_of(theory, premises, tuple(p.stated for p in extra if p.stated is not None), columns, weights)


Terms = tuple[Places, NDArray[numpy.float64]]
"""The terms of a polynomial: the numbers of their monomials, and the coefficients."""


def _terms(column: Column, numbers: dict[tuple[int, ...], int]) -> Terms:
    ups = [numbers.setdefault(monomial, len(numbers)) for monomial in column.polynomial.monoms()]
    return numpy.array(ups, dtype=int), numpy.array(list(map(float, column.polynomial.coeffs())), dtype=float)


class _Table:
    """Products of the premises of a theory, each made once: the linear programs about it have most of them in common."""

    def __init__(self, space: Space, premises: tuple[Premise, ...]) -> None:
        self._space = space
        self.premises = premises
        self._signed = _signed(premises)
        self._numbers: dict[tuple[int, ...], int] = {}
        self._made: dict[tuple[int, ...], tuple[Column, Terms]] = {}
        self._squared: dict[tuple[tuple[int, ...], tuple[int, ...], bool], list[tuple[Column, Terms]]] = {}

    def columns(self, extra: tuple[Premise, ...], degree: int, limit: int, squares: bool) -> tuple[list[Column], list[Terms]]:
        """Products with at most one of the `extra` premises, which are numbered after the others and come first."""
        if len(self._numbers) > NUMBERED:
            for memory in (self._numbers, self._made, self._squared):
                memory.clear()
        premises = (*self.premises, *extra)
        first = [i + len(self.premises) for i in _signed(extra)]
        found = [self._product(premises, ())]
        for size in range(1, 5):
            chosen = self._chosen(premises, [*first, *self._signed], size, degree)
            longer = [self._product(premises, one) for one in islice(chosen, limit - len(found))]
            found += longer
            if not longer or len(found) >= limit:
                break
        for i, premise in enumerate(premises):
            if premise.op == "!=" and 0 < 2 * premise.degree <= degree:
                found.append(self._with_terms(Column(premise.polynomial**2, (i,), self._space.one, True)))
        used = tuple(v for v in range(self._space.size) if any(p.polynomial.degrees()[v] for p in premises))
        if squares:
            found += islice(self._squares(premises, [*first, *self._signed], used, degree), SQUARES)
        for i, premise in enumerate(premises):
            if premise.op == "=" and not premise.polynomial.is_zero():
                for monomial in _monomials(self._space, used, min(degree - premise.degree, 2 if len(used) > 5 else 3)):
                    found.append(self._with_terms(Column(premise.polynomial * monomial, (), monomial, False, i)))
        return [column for column, _ in found], [terms for _, terms in found]

    def _with_terms(self, column: Column) -> tuple[Column, Terms]:
        return column, _terms(column, self._numbers)

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

    def _product(self, premises: tuple[Premise, ...], chosen: tuple[int, ...]) -> tuple[Column, Terms]:
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

    def _squares(
        self, premises: tuple[Premise, ...], signed: list[int], used: tuple[int, ...], degree: int
    ) -> Iterator[tuple[Column, Terms]]:
        """Squares, alone and times one premise."""
        high = degree >= 4 and len(used) <= 3
        if degree >= 2:
            yield from self._times_squares(premises, (), used, high)
        for i in signed:
            if premises[i].degree + 2 <= degree:
                yield from self._times_squares(premises, (i,), used, high)

    def _times_squares(
        self, premises: tuple[Premise, ...], chosen: tuple[int, ...], used: tuple[int, ...], high: bool
    ) -> list[tuple[Column, Terms]]:
        key = chosen, used, high
        found = self._squared.get(key)
        if found is None:
            by = reduce(mul, (premises[i].polynomial for i in chosen), self._space.one)
            roots = _roots(self._space, used, high)
            found = [self._with_terms(Column(root**2 * by, chosen, root, False)) for root in roots]
            if all(i < len(self.premises) for i in chosen):
                self._squared[key] = found
        return found


def _signed(premises: Sequence[Premise]) -> list[int]:
    return [i for i, premise in enumerate(premises) if premise.op in (">", ">=") and premise.degree > 0]


@lru_cache(maxsize=TABLES)
def _table(theory: Theory) -> _Table:
    return _Table(theory.space, premises_of(theory))


def _roots(space: Space, used: tuple[int, ...], high: bool) -> list[fmpq_mpoly]:
    variables = [space.variables[v] for v in used]
    roots = list(variables)
    for a, b in itertools.combinations(variables, 2):
        roots += [a - b, a + b]
    roots += [a - 1 for a in variables] + [a + 1 for a in variables]
    if high:
        pairs = [a * b for a, b in itertools.combinations_with_replacement(variables, 2)]
        roots += pairs + [a - b for a, b in itertools.combinations(pairs, 2)] + [a - b for a in pairs for b in variables]
    return roots


def _monomials(space: Space, used: Sequence[int], degree: int) -> list[fmpq_mpoly]:
    found = []
    for size in range(degree + 1):
        for chosen in itertools.combinations_with_replacement(used, size):
            monomial = space.one
            for v in chosen:
                monomial = monomial * space.variables[v]
            found.append(monomial)
    return found[:150]


def weights_on(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """The exact weights of a combination as in `weights_of`, for columns that determine them; None where they do not."""
    return _exact(columns, list(range(len(columns))))


def weights_of(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """Exact weights (column, value) of a combination that is zero with strict weights summing to one."""
    numbers: dict[tuple[int, ...], int] = {}
    return _weights(columns, [_terms(column, numbers) for column in columns])


def _weights(columns: list[Column], terms: list[Terms]) -> list[tuple[int, fmpq]] | None:
    up = _in_order(numpy.concatenate([places for places, _ in terms]))
    sizes = numpy.concatenate([coefficients for _, coefficients in terms])
    across = numpy.repeat(numpy.arange(len(columns)), [len(places) for places, _ in terms])
    strict = numpy.array([column.strict for column in columns])
    free = numpy.array([column.equation is not None for column in columns])
    if not _conceivable(strict, free, up, across, sizes):
        return None
    last = int(up.max(initial=-1)) + 1
    scales = numpy.zeros(len(columns))
    numpy.maximum.at(scales, across, numpy.abs(sizes))
    data = numpy.concatenate([sizes / scales[across], numpy.ones(int(strict.sum()))])
    places = numpy.append(up, numpy.full(int(strict.sum()), last)), numpy.append(across, numpy.flatnonzero(strict))
    matrix = csc_matrix((data, places), shape=(last + 1, len(columns)))
    target = numpy.zeros(last + 1)
    target[last] = 1.0
    bounds = [(None, None) if unbounded else (0, None) for unbounded in free]
    cost = [_price(column) for column in columns]
    try:
        answer = linprog(cost, A_eq=matrix, b_eq=target, bounds=bounds, method="highs-ds", options={"maxiter": PIVOTS})
    except ValueError:
        return None
    if answer.status != 0:
        return None
    support = [j for j in range(len(columns)) if abs(answer.x[j]) > 1e-9]
    return _exact(columns, support)


def _in_order(numbers: Places) -> Places:
    """Other numbers for the same things: 0, 1, 2, ... in the order in which they occur first."""
    _, first, places = numpy.unique(numbers, return_index=True, return_inverse=True)
    ranks = numpy.empty(len(first), dtype=int)
    ranks[numpy.argsort(first)] = numpy.arange(len(first))
    return ranks[places]


def _conceivable(
    strict: NDArray[numpy.bool_], free: NDArray[numpy.bool_], up: Places, across: Places, sizes: NDArray[numpy.float64]
) -> bool:
    """Whether some strict column is left when those are dropped that nothing could cancel.

    What occurs with one sign only, in all columns that are left, cannot sum to zero.
    """
    if not len(sizes):
        return True
    left, positive, either = numpy.ones(len(strict), dtype=bool), sizes > 0, free[across]
    while True:
        here = left[across]
        above = numpy.bincount(up, here & (positive | either), minlength=int(up.max()) + 1) > 0
        below = numpy.bincount(up, here & (~positive | either), minlength=int(up.max()) + 1) > 0
        lonely = across[here & (above != below)[up]]
        if not len(lonely):
            return bool((strict & left).any())
        left[lonely] = False


def _price(column: Column) -> float:
    """Short products first, multiples of equations for nothing."""
    return 0.0 if column.equation is not None else 1.0 + len(column.premises) + int(column.polynomial.total_degree())


def _exact(columns: list[Column], support: list[int]) -> list[tuple[int, fmpq]] | None:
    lines: dict[tuple[int, ...], dict[int, fmpq]] = {}
    for k, j in enumerate(support):
        for monomial, coefficient in zip(columns[j].polynomial.monoms(), columns[j].polynomial.coeffs(), strict=True):
            lines.setdefault(monomial, {})[k] = coefficient
    width = len(support) + 1
    table = [[line.get(k, fmpq(0)) for k in range(width)] for line in (*lines.values(), {})]
    for k, j in enumerate(support):
        if columns[j].strict:
            table[-1][k] = fmpq(1)
    table[-1][-1] = fmpq(1)
    reduced, rank = fmpq_mat(table).rref()
    weights = [fmpq(0)] * len(support)
    for i in range(rank):
        pivot = next(k for k in range(width) if reduced[i, k] != 0)
        if pivot == len(support):
            return None
        weights[pivot] = reduced[i, width - 1]
    if any(w < 0 and columns[j].equation is None for j, w in zip(support, weights, strict=True)):
        return None
    return [(j, w) for j, w in zip(support, weights, strict=True) if w != 0]


def certificate_of(
    theory: Theory,
    premises: tuple[Premise, ...],
    added: tuple[Relational, ...],
    columns: list[Column],
    weights: list[tuple[int, fmpq]],
) -> Certificate:
    space = theory.space
    lemmas: dict[int, Certificate] = {}

    def fact(i: int) -> Relational:
        stated = premises[i].stated
        if stated is not None:
            return stated
        if i not in lemmas:
            prove = premises[i].prove
            assert prove is not None
            lemmas[i] = prove()
        claim = lemmas[i].claim
        assert isinstance(claim, Relational)
        return claim

    products = []
    multipliers: dict[int, fmpq_mpoly] = {}
    for j, weight in weights:
        column = columns[j]
        if column.equation is not None:
            multipliers[column.equation] = multipliers.get(column.equation, space.zero) + weight * column.square
        else:
            facts = tuple(fact(i) for i in column.premises)
            root = space.expression(column.square) if not column.square.is_one() else Integer(1)
            products.append(Product(rational(weight), facts, root))
    equations = []
    for i, multiplier in multipliers.items():
        statement = fact(i)
        sign = 1 if space.difference(statement.lhs, statement.rhs).numerator == premises[i].polynomial else -1
        equations.append((statement, space.expression(sign * multiplier)))
    given = (*theory.given, *added)
    shown = tuple(dict.fromkeys(lemmas.values()))
    extended = (*given, *(lemma.claim for lemma in shown))
    proof = Products(claim=false, given=extended, products=tuple(products), equations=tuple(equations))
    if not shown:
        return proof
    return Using(claim=false, given=given, lemmas=shown, proof=proof)


def negated(space: Space, polynomial: fmpq_mpoly, op: str) -> Premise:
    """The premise that ``polynomial op 0`` (op one of ``> >= < <=``) fails, as its relation."""
    opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}[op]
    stated = relation(space.expression(polynomial), opposite)
    positive = polynomial if opposite in (">", ">=") else -polynomial
    return Premise(positive, opposite.replace("<", ">"), stated, None)
