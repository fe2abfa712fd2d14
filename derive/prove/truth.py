"""Truth of relations at exact rational points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from flint import ctx, fmpq
from sympy import Abs, And, Basic, Derivative, Function, LambertW, Or, Rational, Symbol, erf, exp, false, log, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.evaluate import Undefined, ball, number_at
from derive.prove.relations import NotARelation, operator
from derive.prove.space import Fraction, NotRational, Space, TooLarge, rational
from derive.prove.theory import holds

Values = tuple[fmpq, ...]
PRECISIONS = (64, 192)


def true_at(claim: Boolean, space: Space, values: Values) -> bool | None:
    """Truth of `claim` where the symbols of `space` have these values; None where it is undefined or not rational."""
    if isinstance(claim, And | Or):
        found = [true_at(part, space, values) for part in claim.args]
        decisive = isinstance(claim, Or)
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if not isinstance(claim, Relational):
        return bool(claim == true) if claim in (true, false) else None
    try:
        difference = space.difference(claim.lhs, claim.rhs)
    except (NotRational, TooLarge):
        return _exactly(claim, space, values)
    except ZeroDivisionError:
        return None
    value = _value(space, difference, values)
    return None if value is None else holds(value, operator(claim))


def _value(space: Space, fraction: Fraction, values: Values) -> fmpq | None:
    above = space.value(fraction.numerator, values)
    if not fraction.divisors and fraction.denominator.is_one():
        return above
    if any(space.value(divisor, values) == 0 for divisor in fraction.divisors):
        return None
    below = space.value(fraction.denominator, values)
    return None if below == 0 else above / below


def _exactly(claim: Relational, space: Space, values: Values) -> bool | None:
    """Of powers and constants: exactly where they are rational numbers, and else in balls that do not touch zero."""
    point = dict(zip(space.symbols, values, strict=True))
    try:
        difference = number_at(claim.lhs, point) - number_at(claim.rhs, point)
    except ZeroDivisionError:
        return None
    except Undefined:
        at = {symbol: rational(value) for symbol, value in point.items()}
        found = claim.lhs.xreplace(at) - claim.rhs.xreplace(at)
        if not found.is_finite:
            return None
        sign = fmpq(int(found.p), int(found.q)) if isinstance(found, Rational) else _apart(claim, point)
        if sign is None:
            return None
        difference = sign
    try:
        return holds(difference, operator(claim))
    except NotARelation:
        return None


def _apart(claim: Relational, point: Mapping[Symbol, fmpq]) -> fmpq | None:
    """The sign of the difference of the sides; None where the balls of both touch, or one is undefined."""
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            try:
                difference = ball(claim.lhs, point) - ball(claim.rhs, point)
            except Undefined:
                return None
            if not difference.contains(0):
                return fmpq(1) if difference > 0 else fmpq(-1)
    return None


@lru_cache(maxsize=1 << 14)
def unknowable(fact: Boolean) -> bool:
    """Whether the fact is seen to hold at no point whatever: it compares a value of an unknown function with a number."""
    if not isinstance(fact, Relational):
        return False
    return any(isinstance(number, Rational) and of_unknown(value) for value, number in (fact.args, fact.args[::-1]))


def of_unknown(node: Basic) -> bool:
    """Whether an expression is the value, or a derivative, of a function that is known by its properties only."""
    return isinstance(node, Function | Derivative) and not isinstance(node, exp | log | LambertW | erf | Abs)


def all_true(given: Sequence[Boolean], space: Space, values: Values) -> bool:
    """Whether all relations are defined and hold."""
    return all(true_at(fact, space, values) is True for fact in given)


def values_of(point: Mapping[Symbol, Rational], space: Space) -> Values:
    """The coordinates in the order of the space's symbols."""
    return tuple(fmpq(int(point[s].p), int(point[s].q)) for s in space.symbols)
