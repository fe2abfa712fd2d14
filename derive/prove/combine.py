"""Positivstellensatz by linear programming: zero as a nonnegative combination of products of what is known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

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
    space = theory.space
    premises = (*extra, *premises_of(theory))
    columns = _columns(space, premises, len(extra), degree, limit, squares)
    effort.charge(PRICE + sum(len(column.polynomial) for column in columns) // TERMS)
    weights = weights_of(columns)
    if weights is None:
        return None
    return certificate_of(theory, premises, tuple(p.stated for p in extra if p.stated is not None), columns, weights)


def _columns(space: Space, premises: tuple[Premise, ...], first: int, degree: int, limit: int, squares: bool) -> list[Column]:
    degrees = [premise.degree for premise in premises]
    signed = [i for i, p in enumerate(premises) if p.op in (">", ">=") and degrees[i] > 0]
    unequal = [i for i, p in enumerate(premises) if p.op == "!=" and 0 < 2 * degrees[i] <= degree]
    found = [Column(space.one, (), space.one, True)]
    for size in range(1, 5):
        longer = list(islice(_products(space, premises, signed, first, size, degree), limit - len(found)))
        found += longer
        if not longer or len(found) >= limit:
            break
    for i in unequal:
        found.append(Column(premises[i].polynomial ** 2, (i,), space.one, True))
    used = [v for v in range(space.size) if any(p.polynomial.degrees()[v] for p in premises)]
    if squares:
        found += _squares(space, premises, signed, degrees, used, degree)
    for i, premise in enumerate(premises):
        if premise.op == "=" and not premise.polynomial.is_zero():
            for monomial in _monomials(space, used, min(degree - degrees[i], 2 if len(used) > 5 else 3)):
                found.append(Column(premise.polynomial * monomial, (), monomial, False, i))
    return found


def _products(
    space: Space, premises: tuple[Premise, ...], factors: list[int], first: int, size: int, degree: int
) -> Iterator[Column]:
    """Products of `size` premises, of total degree up to `degree`, with at most one of the `first` ones."""
    if size == 0:
        yield Column(space.one, (), space.one, True)
        return
    for place, i in enumerate(factors):
        left = degree - premises[i].degree
        if left < size - 1:
            continue  # none is of degree 0
        others = factors[place:] if i >= first else [j for j in factors[place:] if j >= first]
        for rest in _products(space, premises, others, first, size - 1, left):
            polynomial = premises[i].polynomial * rest.polynomial
            yield Column(polynomial, (i, *rest.premises), space.one, premises[i].op == ">" and rest.strict)


def _squares(
    space: Space, premises: tuple[Premise, ...], signed: list[int], degrees: list[int], used: list[int], degree: int
) -> list[Column]:
    variables = [space.variables[v] for v in used]
    roots = list(variables)
    for a, b in itertools.combinations(variables, 2):
        roots += [a - b, a + b]
    roots += [a - 1 for a in variables] + [a + 1 for a in variables]
    if degree >= 4 and len(variables) <= 3:
        pairs = [a * b for a, b in itertools.combinations_with_replacement(variables, 2)]
        roots += pairs + [a - b for a, b in itertools.combinations(pairs, 2)] + [a - b for a in pairs for b in variables]
    found = [Column(root**2, (), root, False) for root in roots if degree >= 2]
    for i in signed:
        if degrees[i] + 2 <= degree:
            found += [Column(root**2 * premises[i].polynomial, (i,), root, False) for root in roots]
    return found[:400]


def _monomials(space: Space, used: list[int], degree: int) -> list[fmpq_mpoly]:
    found = []
    for size in range(degree + 1):
        for chosen in itertools.combinations_with_replacement(used, size):
            monomial = space.one
            for v in chosen:
                monomial = monomial * space.variables[v]
            found.append(monomial)
    return found[:150]


Entries = tuple[list[int], list[int], list[fmpq]]
"""Term by term the numbers of its monomial and of its column, and the coefficient."""


def _entries(columns: list[Column]) -> Entries:
    rows: dict[tuple[int, ...], int] = {}
    ups = [rows.setdefault(monomial, len(rows)) for column in columns for monomial in column.polynomial.monoms()]
    acrosses = [j for j, column in enumerate(columns) for _ in range(len(column.polynomial))]
    return ups, acrosses, [coefficient for column in columns for coefficient in column.polynomial.coeffs()]


def weights_on(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """The exact weights of a combination as in `weights_of`, for columns that determine them; None where they do not."""
    return _exact(columns, _entries(columns), list(range(len(columns))))


def weights_of(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """Exact weights (column, value) of a combination that is zero with strict weights summing to one."""
    entries = _entries(columns)
    up, across = (numpy.array(places, dtype=int) for places in entries[:2])
    sizes = numpy.array(list(map(float, entries[2])))
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
    return _exact(columns, entries, support)


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


def _exact(columns: list[Column], entries: Entries, support: list[int]) -> list[tuple[int, fmpq]] | None:
    place = {j: k for k, j in enumerate(support)}
    here = [(i, place[j], c) for i, j, c in zip(*entries, strict=True) if j in place]
    used = sorted({i for i, _, _ in here})
    line = {i: k for k, i in enumerate(used)}
    width = len(support) + 1
    table = [[fmpq(0)] * width for _ in range(len(used) + 1)]
    for i, k, c in here:
        table[line[i]][k] = c
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
