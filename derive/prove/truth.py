"""Truth of relations at exact rational points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from flint import fmpq
from sympy import Add, And, Expr, Mul, Or, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.relations import NotARelation, operator
from derive.prove.space import Fraction, NotRational, Space, TooLarge, rational
from derive.prove.theory import holds

Values = tuple[fmpq, ...]


def true_at(claim: Boolean, space: Space, values: Values) -> bool | None:
    """Truth of `claim` where the symbols of `space` have these values; None where it is undefined or not rational."""
    if isinstance(claim, And | Or):
        found = [true_at(part, space, values) for part in claim.args]
        decisive = isinstance(claim, Or)
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if claim in (true, false):
        return bool(claim == true)
    if not isinstance(claim, Relational):
        return None
    try:
        difference = space.difference(claim.lhs, claim.rhs)
    except (NotRational, TooLarge):
        return _exactly(claim, space, values)
    except ZeroDivisionError:
        return None
    value = _value(space, difference, values)
    return None if value is None else holds(value, operator(claim))


def _value(space: Space, fraction: Fraction, values: Values) -> fmpq | None:
    if any(space.value(divisor, values) == 0 for divisor in fraction.divisors):
        return None
    below = fmpq(1) if fraction.denominator.is_one() else space.value(fraction.denominator, values)
    return None if below == 0 else space.value(fraction.numerator, values) / below


def _exactly(claim: Relational, space: Space, values: Values) -> bool | None:
    """Of powers that happen to be rational numbers: by SymPy's arithmetic where exponents are no whole numbers."""
    try:
        point = dict(zip(space.symbols, values, strict=True))
        difference = _number(claim.lhs, point) - _number(claim.rhs, point)
    except ZeroDivisionError:
        return None
    except NotRational:
        at = {symbol: rational(value) for symbol, value in zip(space.symbols, values, strict=True)}
        found = claim.lhs.xreplace(at) - claim.rhs.xreplace(at)
        if not isinstance(found, Rational) or not found.is_finite:
            return None
        difference = fmpq(int(found.p), int(found.q))
    try:
        return holds(difference, operator(claim))
    except NotARelation:
        return None


def _number(expr: Expr, point: Mapping[Symbol, fmpq]) -> fmpq:
    """The value of an expression with powers. Raises ZeroDivisionError, and NotRational unless all exponents are whole numbers."""
    if isinstance(expr, Symbol) and expr in point:
        return point[expr]
    if isinstance(expr, Rational) and expr.is_finite:
        return fmpq(int(expr.p), int(expr.q))
    if isinstance(expr, Add):
        return sum((_number(part, point) for part in expr.args), start=fmpq(0))
    if isinstance(expr, Mul):
        return prod((_number(part, point) for part in expr.args), start=fmpq(1))
    if isinstance(expr, Pow):
        exponent = _number(expr.exp, point)
        if exponent.q == 1:
            return _number(expr.base, point) ** int(exponent.p)
    raise NotRational(expr)


def all_true(given: Sequence[Boolean], space: Space, values: Values) -> bool:
    """Whether all relations are defined and hold."""
    return all(true_at(fact, space, values) is True for fact in given)


def values_of(point: Mapping[Symbol, Rational], space: Space) -> Values:
    """The coordinates in the order of the space's symbols."""
    return tuple(fmpq(int(point[s].p), int(point[s].q)) for s in space.symbols)
