"""Sums of squares: a polynomial that is nonnegative everywhere, written as one after multiplication by a positive polynomial.

A Gram matrix is found numerically on the face that the known zeros leave, rounded to short rational numbers and factored exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy
from flint import fmpq, fmpq_mat, fmpq_mpoly
from sympy import Expr, Integer

from derive.certificates import Certificate, Squares
from derive.prove.effort import Effort
from derive.prove.relations import relation
from derive.prove.space import Space, rational
from derive.prove.theory import Theory

Monomial = tuple[int, ...]
Terms = dict[Monomial, fmpq]
Matrix = list[list[fmpq]]

MOST_SYMBOLS, MOST_MONOMIALS, MOST_FREE, HIGHEST = 4, 20, 90, 10
PRICE = 40
GRID = tuple(fmpq(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)))
SHORT = (1, 2, 3, 4, 6, 12, 60, 1000, 10**6)
STEPS = 60


def prove_by_squares(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    """A certificate of ``polynomial op 0`` (op one of ``> >= < <=``) without use of what is given; None if none is found."""
    space = known.space
    turned = polynomial if op in (">", ">=") else -polynomial
    used = tuple(v for v, degree in enumerate(turned.degrees()[: space.size]) if degree)
    if not used or len(used) > MOST_SYMBOLS or any(int(turned.degrees()[v]) % 2 for v in used):
        return None
    terms = {tuple(int(m[v]) for v in used): c for m, c in zip(turned.monoms(), turned.coeffs(), strict=True)}
    if max(map(sum, terms)) > HIGHEST or any(any(e % 2 for e in m) and c < 0 for m, c in _extreme(terms).items()):
        return None
    zeros = _zeros(terms, len(used))
    if zeros is None or (zeros and op in (">", "<")):
        return None
    effort.charge(PRICE)
    for weight in _weights(len(used), homogeneous=len(set(map(sum, terms))) == 1):
        found = _sum_of_squares(_times(terms, weight), zeros, strict=op in (">", "<"))
        if found is not None:
            symbols = [space.variables[v] for v in used]
            return Squares(
                claim=relation(space.expression(polynomial), op),
                given=known.given,
                weight=tuple((rational(c), _expression(space, symbols, {m: fmpq(1)})) for m, c in _halved(weight)),
                squares=tuple((rational(c), _expression(space, symbols, row)) for c, row in found),
            )
    return None


def _expression(space: Space, symbols: list[fmpq_mpoly], terms: Terms) -> Expr:
    total = space.zero
    for monomial, coefficient in terms.items():
        part = space.one * coefficient
        for symbol, exponent in zip(symbols, monomial, strict=True):
            part = part * symbol**exponent
        total = total + part
    return Integer(1) if total.is_one() else space.expression(total)


def _weights(size: int, homogeneous: bool) -> Iterator[Terms]:
    """Multipliers: 1, then ``1 + x**2 + y**2 + ..`` (without the 1 for a polynomial whose terms have one degree)."""
    one = {(0,) * size: fmpq(1)}
    yield one
    if size > 1:
        yield ({} if homogeneous else one) | {tuple(2 if k == v else 0 for k in range(size)): fmpq(1) for v in range(size)}


def _halved(weight: Terms) -> list[tuple[Monomial, fmpq]]:
    return [(tuple(e // 2 for e in monomial), c) for monomial, c in weight.items()]


def _times(first: Terms, second: Terms) -> Terms:
    total: Terms = {}
    for m, c in first.items():
        for n, d in second.items():
            key = tuple(a + b for a, b in zip(m, n, strict=True))
            total[key] = total.get(key, fmpq(0)) + c * d
    return {m: c for m, c in total.items() if c != 0}


def _extreme(terms: Terms) -> Terms:
    """The terms that are alone of the highest or the lowest degree: each must be an even power with a positive coefficient."""
    found: Terms = {}
    for end in (max, min):
        degree = end(map(sum, terms))
        ends = [m for m in terms if sum(m) == degree]
        if len(ends) == 1:
            found[ends[0]] = terms[ends[0]]
    return found


def _value(terms: Terms, point: tuple[fmpq, ...]) -> fmpq:
    total = fmpq(0)
    for monomial, coefficient in terms.items():
        for x, e in zip(point, monomial, strict=True):
            coefficient = coefficient * x**e if e else coefficient
        total += coefficient
    return total


def _zeros(terms: Terms, size: int) -> list[tuple[fmpq, ...]] | None:
    """The zeros on a small grid; None where the polynomial is negative."""
    grid = GRID if size < 4 else GRID[:3]
    found = []
    for point in product(grid, repeat=size):
        value = _value(terms, point)
        if value < 0:
            return None
        if value == 0:
            found.append(point)
    return found


def _basis(terms: Terms) -> list[Monomial]:
    """Monomials whose squares a sum of squares may contain; the constant last."""
    size = len(next(iter(terms)))
    low, high = min(map(sum, terms)), max(map(sum, terms))
    most = [max(m[v] for m in terms) // 2 for v in range(size)]
    found = [m for m in product(*(range(top + 1) for top in most)) if low <= 2 * sum(m) <= high]
    changed = True
    while changed:
        changed = False
        for m in list(found):
            double = tuple(2 * e for e in m)
            others = set(found) - {m}
            if double not in terms and not any(tuple(d - e for d, e in zip(double, n, strict=True)) in others for n in others):
                found.remove(m)
                changed = True
    return sorted(found, key=lambda m: (-sum(m), tuple(-e for e in m)))


def _sum_of_squares(terms: Terms, zeros: list[tuple[fmpq, ...]], strict: bool) -> list[tuple[fmpq, Terms]] | None:
    basis = _basis(terms)
    if not basis or len(basis) > MOST_MONOMIALS or (strict and any(basis[-1])):
        return None
    face = _face(basis, zeros)
    gram = _gram(terms, basis, face)
    if gram is None:
        return None
    squares = _diagonal(gram)
    if squares is None:
        return None
    found = []
    for weight, row in squares:
        combined: Terms = {}
        for k, share in enumerate(row):
            for monomial, c in zip(basis, face[k], strict=True):
                combined[monomial] = combined.get(monomial, fmpq(0)) + share * c
        found.append((weight, {m: c for m, c in combined.items() if c != 0}))
    if strict and not any(not any(m) for _, row in found for m in row if len(row) == 1):
        return None
    return found


def _face(basis: list[Monomial], zeros: list[tuple[fmpq, ...]]) -> Matrix:
    """Combinations of the monomials that vanish at all zeros: every square in the sum is of one of these."""
    size = len(basis)
    if not zeros:
        return [[fmpq(int(i == k)) for k in range(size)] for i in range(size)]
    values = fmpq_mat([[_value({m: fmpq(1)}, zero) for m in basis] for zero in zeros])
    reduced, rank = values.rref()
    pivots = [next(k for k in range(size) if reduced[i, k] != 0) for i in range(rank)]
    found = []
    for free in (k for k in range(size) if k not in pivots):
        row = [fmpq(0)] * size
        row[free] = fmpq(1)
        for i, pivot in enumerate(pivots):
            row[pivot] = -reduced[i, free]
        found.append(row)
    return found


def _gram(terms: Terms, basis: list[Monomial], face: Matrix) -> Matrix | None:
    """An exact positive semidefinite matrix of the quadratic form in the combinations of `face` that is the polynomial."""
    rank = len(face)
    pairs = [(i, j) for i in range(rank) for j in range(i, rank)]
    if not pairs or len(pairs) > 250:
        return None
    rows: dict[Monomial, list[fmpq]] = {m: [fmpq(0)] * len(pairs) for m in terms}
    for k, (i, j) in enumerate(pairs):
        for m, c in zip(basis, face[i], strict=True):
            if c == 0:
                continue
            for n, d in zip(basis, face[j], strict=True):
                if d != 0:
                    key = tuple(a + b for a, b in zip(m, n, strict=True))
                    rows.setdefault(key, [fmpq(0)] * len(pairs))[k] += c * d * (1 if i == j else 2)
    table = fmpq_mat([[*row, terms.get(m, fmpq(0))] for m, row in rows.items()])
    reduced, depth = table.rref()
    pivots = []
    for r in range(depth):
        pivot = next(k for k in range(len(pairs) + 1) if reduced[r, k] != 0)
        if pivot == len(pairs):
            return None
        pivots.append(pivot)
    free = [k for k in range(len(pairs)) if k not in set(pivots)]
    if len(free) > MOST_FREE:
        return None

    def exactly(values: list[fmpq]) -> Matrix:
        solution = [fmpq(0)] * len(pairs)
        for k, value in zip(free, values, strict=True):
            solution[k] = value
        for r, pivot in enumerate(pivots):
            solution[pivot] = reduced[r, len(pairs)] - sum((reduced[r, k] * solution[k] for k in free), fmpq(0))
        matrix = [[fmpq(0)] * rank for _ in range(rank)]
        for k, (i, j) in enumerate(pairs):
            matrix[i][j] = matrix[j][i] = solution[k]
        return matrix

    base = _floats(exactly([fmpq(0)] * len(free)))
    moves = [_floats(exactly([fmpq(int(k == n)) for k in range(len(free))])) - base for n in range(len(free))]
    values = _centre(base, moves)
    for scale in SHORT if free else (1,):
        matrix = exactly([fmpq(int(numpy.rint(float(v) * scale)), scale) for v in values])
        if _diagonal(matrix) is not None:
            return matrix
    return None


def _floats(matrix: Matrix) -> numpy.ndarray:
    return numpy.array([[float(int(c.p)) / float(int(c.q)) for c in row] for row in matrix])


def _centre(base: numpy.ndarray, moves: list[numpy.ndarray]) -> numpy.ndarray:
    """Coordinates at which the least eigenvalue of ``base + sum(y * move)`` is about as large as it gets (Newton steps on a barrier)."""
    count, size = len(moves), len(base)
    if not count:
        return numpy.zeros(0)
    y = numpy.zeros(count)
    level = float(numpy.linalg.eigvalsh(base)[0]) - 1.0
    stack = numpy.array([*moves, -numpy.eye(size)])
    price = 1.0
    for _ in range(STEPS):
        inside = base + numpy.tensordot(y, stack[:-1], axes=1) - level * numpy.eye(size)
        try:
            turned = numpy.linalg.solve(inside, stack)
            gradient = numpy.trace(turned, axis1=1, axis2=2)
            gradient[-1] += 1.0 / price
            hessian = numpy.einsum("kij,lji->kl", turned, turned) + 1e-12 * numpy.eye(count + 1)
            step = numpy.linalg.solve(hessian, gradient)
        except numpy.linalg.LinAlgError:  # as near as floating point comes: what is found there is checked exactly
            break
        length = 1.0
        while length > 1e-12:
            trial, next_level = y + length * step[:-1], level + length * step[-1]
            matrix = base + numpy.tensordot(trial, stack[:-1], axes=1) - next_level * numpy.eye(size)
            if numpy.linalg.eigvalsh(matrix)[0] > 0:
                y, level = trial, next_level
                break
            length /= 2
        if float(gradient @ step) < 1e-3:
            price /= 4
            if price < 1e-3:
                break
    return y


def _diagonal(matrix: Matrix) -> list[tuple[fmpq, list[fmpq]]] | None:
    """``(d, row)`` with ``matrix = sum(d * row^T row)`` and every ``d > 0``; None where the matrix has a negative direction."""
    rest = [list(row) for row in matrix]
    size = len(rest)
    found = []
    for i in range(size):
        pivot = rest[i][i]
        if pivot < 0 or (pivot == 0 and any(rest[i][k] != 0 for k in range(i, size))):
            return None
        if pivot == 0:
            continue
        row = [fmpq(0)] * i + [rest[i][k] / pivot for k in range(i, size)]
        found.append((pivot, row))
        for j in range(i + 1, size):
            for k in range(i + 1, size):
                rest[j][k] -= pivot * row[j] * row[k]
    return found
