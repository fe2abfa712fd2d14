"""Positivstellensatz by linear programming: zero as a nonnegative combination of products of what is known."""

from __future__ import annotations

import numpy
from flint import fmpq, fmpq_mat, fmpq_mpoly
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix
from sympy import Integer, false
from sympy.core.relational import Relational

from derive.certificates import Certificate, Product, Products, Using
from derive.prove.effort import Effort
from derive.prove.products import Column, Places, Premise, Terms, terms_of
from derive.prove.products import table as products_of
from derive.prove.relations import relation
from derive.prove.space import Space, rational
from derive.prove.theory import Theory

PIVOTS = 4000
PRICE, TERMS = 4, 200  # of a linear program: a share of its own and one for so many terms


def refute_by_products(
    theory: Theory, extra: tuple[Premise, ...], degree: int, limit: int, squares: bool, effort: Effort
) -> Certificate | None:
    """Certificate of ``false`` from the theory's facts and `extra` ones (relations that its caller adds to ``given``).

    Products have total degree up to `degree`; at most `limit` of them.
    """
    table = products_of(theory)
    premises = (*table.premises, *extra)
    columns, terms, size = table.columns(extra, degree, limit, squares)
    effort.charge(PRICE + size // TERMS)
    weights = _weights(columns, terms) if columns else None
    if weights is None:
        return None
    return certificate_of(theory, premises, tuple(p.stated for p in extra if p.stated is not None), columns, weights)


def weights_on(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """The exact weights of a combination as in `weights_of`, for columns that determine them; None where they do not."""
    return _exact(columns, list(range(len(columns))))


def weights_of(columns: list[Column]) -> list[tuple[int, fmpq]] | None:
    """Exact weights (column, value) of a combination that is zero with strict weights summing to one."""
    numbers: dict[tuple[int, ...], int] = {}
    return _weights(columns, [terms_of(column, numbers) for column in columns])


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
