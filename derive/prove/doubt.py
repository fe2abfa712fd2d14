"""Reasons not to look for a proof: a point at which everything given holds and the claim does not."""

from __future__ import annotations

from collections.abc import Sequence

import flint
from flint import arb
from sympy import And, Derivative, Expr, Function, Or, Symbol, exp, log
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.atoms import kernels_of
from derive.prove.balls import Undefined, ball
from derive.prove.goals import names
from derive.prove.points import admissible
from derive.prove.relations import NotARelation, flatten, operator, substitute

BITS = 64
MOST = 16
_WHERE_TRUE = {">": {1}, ">=": {0, 1}, "<": {-1}, "<=": {-1, 0}, "=": {0}, "!=": {-1, 1}}


def doubtful(claim: Boolean, given: Sequence[Boolean]) -> bool:
    """Whether the claim, which has powers or unknown functions, is certainly false at one of a few admissible points.

    The prover knows nothing of the values of unknown functions but what is given, so here they are free.
    """
    flat = flatten(given)
    free: dict[Expr, Expr] = {kernel: Symbol(f"value{i}") for i, kernel in enumerate(_unknown((claim, *flat)))}
    try:
        claim, facts = substitute(claim, free), [substitute(fact, free) for fact in flat]
    except NotARelation:
        return False
    plain = tuple(fact for fact in facts if not kernels_of(fact))
    rest = [fact for fact in facts if kernels_of(fact)]
    symbols = names(plain)
    if not claim.free_symbols.union(*(fact.free_symbols for fact in rest)) <= set(symbols):
        return False
    with flint.ctx.workprec(BITS):
        for values in admissible(plain)[:MOST]:
            point = dict(zip(symbols, map(arb, values), strict=True))
            if _truth(claim, point) is False and all(_truth(fact, point) for fact in rest):
                return True
    return False


def _unknown(statements: Sequence[Boolean]) -> list[Expr]:
    found = {node for statement in statements for node in statement.atoms(Function, Derivative) if not isinstance(node, exp | log)}
    return sorted(found, key=str)


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
    return None if sign == 0 else sign in _WHERE_TRUE[operator(claim)]
