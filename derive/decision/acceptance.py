"""Restrictions that are products, taken apart: what is to be positive is, factor by factor, where no even number can be negative.

A gain from an agreement is often a margin times a quantity. It is positive where both are; where both are negative it would be, too,
and that is shown to contradict what else must hold.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from math import prod

from sympy import Expr, Mul
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.decision.problem import Problem, Restriction
from derive.field import factored, normal
from derive.prove import refute

__all__ = ["without_products"]

# Factors of one restriction looked at.
MOST = 3


def without_products(problem: Problem) -> Problem:
    """The problem with every strict restriction that is a product replaced by its factors, where these must all be positive."""
    kept: list[Restriction] = []
    for place, item in enumerate(problem.restrictions):
        others = (*problem.given, *(r.relation for r in (*kept, *problem.restrictions[place + 1 :])))
        kept += _apart(item, problem, others)
    return replace(problem, restrictions=tuple(kept)) if tuple(kept) != problem.restrictions else problem


def _apart(item: Restriction, problem: Problem, others: tuple[Boolean, ...]) -> tuple[Restriction, ...]:
    if not item.strict or not item.slack.free_symbols & set(problem.variables):
        return (item,)
    split = factored(item.slack)
    moving = [(base, n) for base, n in split.factors if base.free_symbols & set(problem.variables)]
    rest = Mul(split.coefficient, *(base**n for base, n in split.factors if (base, n) not in moving))
    overall = sign_of(rest, problem.given)
    if overall is None or any(n != 1 for _, n in moving) or not 2 <= len(moving) <= MOST:
        return (item,)
    for signs in product((1, -1), repeat=len(moving)):
        turned = [base if sign > 0 else normal(-base) for sign, (base, _) in zip(signs, moving, strict=True)]
        if prod(signs) == overall and _all_positive(turned, others):
            return tuple(replace(item, slack=base) for base in turned)
    return (item,)


def _all_positive(factors: list[Expr], others: tuple[Boolean, ...]) -> bool:
    """Whether the product of the factors is positive only where each of them is."""
    for count in range(2, len(factors) + 1, 2):
        for negative in combinations(factors, count):
            if refute((*others, *(factor < 0 for factor in negative), *(f > 0 for f in factors if f not in negative))) is None:
                return False
    return True
