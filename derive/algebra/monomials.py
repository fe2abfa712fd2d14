"""Expressions as sums of products of powers of some unknowns, which are positive."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Symbol

from derive.field import NotRational, factored, normal

__all__ = ["Exponents", "terms_in"]

Exponents = tuple[Expr, ...]


def terms_in(expr: Expr, unknowns: Sequence[Symbol]) -> list[tuple[Exponents, Expr]] | None:
    """The products of powers of the unknowns of which an expression is the sum, each with what multiplies it; None where it is not."""
    try:
        form = factored(expr)
    except NotRational:
        return None
    whole = Mul(form.coefficient, *(base**times for base, times in form.factors))
    found: dict[Exponents, Expr] = {}
    for term in Add.make_args(sympy.expand_mul(whole)):
        read = _monomial(term, unknowns)
        if read is None:
            return None
        exponents, coefficient = read
        found[exponents] = normal(found.get(exponents, Integer(0)) + coefficient)
    return [(exponents, coefficient) for exponents, coefficient in found.items() if coefficient != 0]


def _monomial(term: Expr, unknowns: Sequence[Symbol]) -> tuple[Exponents, Expr] | None:
    """A term as powers of the unknowns and what multiplies them."""
    exponents: dict[Symbol, Expr] = dict.fromkeys(unknowns, Integer(0))
    rest: list[Expr] = []
    if not _gather(term, Integer(1), exponents, rest):
        return None
    return tuple(normal(exponents[unknown]) for unknown in unknowns), Mul(*rest)


def _gather(part: Expr, power: Expr, exponents: dict[Symbol, Expr], rest: list[Expr]) -> bool:
    """Whether ``part**power`` is powers of unknowns times something without them, which are then added to what is known."""
    if not part.free_symbols & set(exponents):
        rest.append(Pow(part, power))
        return True
    if part in exponents:
        exponents[part] += power
        return not power.free_symbols & set(exponents)
    if isinstance(part, Mul):
        return all(_gather(factor, power, exponents, rest) for factor in part.args)
    if isinstance(part, Pow):
        return not part.exp.free_symbols & set(exponents) and _gather(part.base, part.exp * power, exponents, rest)
    return False
