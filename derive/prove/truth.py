"""Truth of relations at exact rational points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import fmpq
from sympy import And, Or, Rational, Symbol, false, true
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
    """By SymPy's arithmetic: powers that happen to be rational numbers."""
    point = {symbol: rational(value) for symbol, value in zip(space.symbols, values, strict=True)}
    difference = claim.lhs.xreplace(point) - claim.rhs.xreplace(point)
    if not isinstance(difference, Rational) or not difference.is_finite:
        return None
    try:
        return holds(fmpq(int(difference.p), int(difference.q)), operator(claim))
    except NotARelation:
        return None


def all_true(given: Sequence[Boolean], space: Space, values: Values) -> bool:
    """Whether all relations are defined and hold."""
    return all(true_at(fact, space, values) is True for fact in given)


def values_of(point: Mapping[Symbol, Rational], space: Space) -> Values:
    """The coordinates in the order of the space's symbols."""
    return tuple(fmpq(int(point[s].p), int(point[s].q)) for s in space.symbols)
