"""Reasons not to look for a proof: a point at which everything given holds and the claim does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import flint
import numpy as np
from flint import arb, fmpq
from sympy import And, Expr, Or, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.kernels import kernels
from derive.prove.atoms import kernels_of
from derive.prove.balls import Undefined, ball
from derive.prove.extrema import unfolded
from derive.prove.goals import names
from derive.prove.points import admissible
from derive.prove.population import drawn, population
from derive.prove.relations import NotARelation, flatten, operator, substitute, text
from derive.prove.space import Space, space
from derive.prove.theory import ALLOWS
from derive.prove.truth import Values, of_unknown, true_at

BITS = 64
MOST = 16
TRIES = 48
ANY = tuple(
    fmpq(n, d) for n, d in ((1, 1), (-1, 1), (2, 1), (0, 1), (-3, 1), (1, 3), (-1, 4), (7, 1), (-11, 1), (40, 1), (-1, 50))
)


def plainly_false(claim: Boolean, given: Sequence[Boolean]) -> bool:
    """Whether the claim plainly fails at one of many points at which everything given plainly holds."""
    claim, facts = unfolded(claim), flatten(map(unfolded, given))
    symbols = names((claim, *facts))
    return any(points(facts, symbols).fails(claim).any() for points in (drawn, population))


def independent(relations: Sequence[Boolean], given: Sequence[Boolean]) -> list[Boolean]:
    """Those of the relations that plainly fail at a point at which all others, and everything given, plainly hold."""
    facts = flatten(map(unfolded, given))
    many = population(facts, names((*relations, *facts)))
    if not len(many):
        return []
    alone = sum((~many.holds(one) for one in relations), start=np.zeros(len(many), dtype=int)) == 1
    return [one for one in relations if (many.fails(one) & alone).any()]


def doubtful(claim: Boolean, given: Sequence[Boolean]) -> bool:
    """Whether the claim certainly is not shown to hold: it is false, or not defined, at one of a few admissible points."""
    claim, facts = unfolded(claim), flatten(map(unfolded, given))
    if any(kernels_of(statement) for statement in (claim, *facts)):
        parts = claim.args if isinstance(claim, And) else (claim,)
        return any(part != false and _doubtful(part, facts) for part in parts)
    if plainly_false(claim, facts):
        return True
    ring, symbols = space(names((claim, *facts))), names(facts)
    return any(true_at(claim, ring, values) is not True for values in _spread(admissible(facts), symbols, ring))


def _spread(found: Sequence[Values], symbols: tuple[Symbol, ...], ring: Space) -> Iterator[Values]:
    """The points with some values for the symbols on which nothing is given."""
    places = {symbol: k for k, symbol in enumerate(symbols)}
    unknown = sum(symbol not in places for symbol in ring.symbols)
    if not unknown:
        yield from found
        return
    for k in range(TRIES):
        values = found[k % len(found)] if found else ()
        others = iter(ANY[(k * (n + 2) + n) % len(ANY)] for n in range(unknown))
        if values or not symbols:
            yield tuple(values[places[symbol]] if symbol in places else next(others) for symbol in ring.symbols)


@lru_cache(maxsize=1024)
def _doubtful(claim: Boolean, given: tuple[Boolean, ...]) -> bool:
    """By balls. The prover knows nothing of the values of unknown functions but what is given, so here they are free."""
    free: dict[Expr, Expr] = {kernel: Symbol(f"value{i}") for i, kernel in enumerate(_unknown((claim, *given)))}
    try:
        claim, facts = substitute(claim, free), [substitute(fact, free) for fact in given]
    except NotARelation:
        return False
    plain = tuple(fact for fact in facts if not kernels_of(fact))
    rest = [fact for fact in facts if kernels_of(fact)]
    ring = space(names((claim, *facts)))
    with flint.ctx.workprec(BITS):
        for values in islice(_spread(admissible(plain), names(plain), ring), MOST):
            point = dict(zip(ring.symbols, map(arb, values), strict=True))
            if _truth(claim, point) is False and all(_truth(fact, point) for fact in rest):
                return True
    return False


def _unknown(statements: Sequence[Boolean]) -> list[Expr]:
    return sorted({node for statement in statements for node in kernels(statement) if of_unknown(node)}, key=text)


def _truth(claim: Boolean, point: dict[Symbol, arb]) -> bool | None:
    if isinstance(claim, And | Or):
        found = [_truth(part, point) for part in claim.args]
        decisive = isinstance(claim, Or)
        return decisive if decisive in found else None if None in found else not decisive
    if not isinstance(claim, Relational):
        return None
    try:
        value = ball(claim.lhs, point) - ball(claim.rhs, point)
    except Undefined:
        return None
    sign = 1 if value > 0 else -1 if value < 0 else 0
    return None if sign == 0 else sign in ALLOWS[operator(claim)]
