"""The root at which a decreasing condition vanishes, in closed form: radicals, powers, exponentials, logarithms, Lambert's W."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer, LambertW, Rational, Symbol, exp, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.algebra.exponentials import joined
from derive.algebra.marginal import oriented, power, sign_of
from derive.algebra.shape import without_moduli
from derive.algebra.terms import UNIT, Sum, Term
from derive.field import coefficients, normal

__all__ = ["decreasing_root"]


def decreasing_root(core: Expr, variable: Symbol, total: Sum | None, given: Sequence[Boolean]) -> Expr | None:
    """The root of a core that decreases in the variable wherever that root exists; None when no closed form is known."""
    parts = coefficients(core, variable)
    if parts is not None:
        return _polynomial_root(parts, given)
    if total is None:
        return None
    terms = _over_the_power_of_the_logarithm(total.terms, given)
    constant = normal(sum((t.coefficient for t in terms if t.carrier == 1), start=Integer(0)))
    moving = tuple(t for t in terms if t.carrier != 1)
    value = None
    if len(moving) == 1:
        value = _inverse(moving[0], constant, total, given)
    elif len(moving) == 2:
        value = _quadratic_in_power(moving, constant, total, given) or _by_lambert(moving, constant, total, given)
    return None if value is None else total.at(value)


def _over_the_power_of_the_logarithm(terms: tuple[Term, ...], given: Sequence[Boolean]) -> tuple[Term, ...]:
    """The terms divided by the power of the unit, which is positive, beside the only logarithm: ``u log(u) + u - 1`` vanishes where
    ``log(u) + 1 - 1/u`` does."""
    curved = [term for term in terms if term.logs]
    if len(curved) != 1 or len(curved[0].logs) != 1 or curved[0].power == 0:
        return terms
    scale = _scale(curved[0])
    if scale is None or sign_of(scale, given) != 1:
        return terms
    return tuple(replace(term, power=normal(term.power - curved[0].power)) for term in terms)


def _polynomial_root(parts: tuple[Expr, ...], given: Sequence[Boolean]) -> Expr | None:
    if len(parts) == 2:
        return oriented(normal(-parts[0] / parts[1]), given)
    if len(parts) == 3:
        constant, linear, square = parts
        discriminant = normal(linear**2 - 4 * square * constant)
        if sign_of(square, given) is None:
            return None
        return (-linear - without_moduli(sqrt(discriminant), given)) / (2 * square) * Rational(1)
    return None


def _inverse(term: Term, constant: Expr, total: Sum, given: Sequence[Boolean]) -> Expr | None:
    """The unit at which ``term = -constant``."""
    level = oriented(normal(-constant / term.coefficient), given)
    if not term.logs and term.rate == 0:
        return power(level, normal(1 / term.power), given)
    if not term.logs and term.power == 0:
        rate = _proportional(term.rate)
        return None if rate is None else normal(1 / rate) * log(level)
    if term.rate == 0 and term.power == 0 and len(term.logs) == 1 and term.logs[0][1] == 1:
        scale = _scale(term)
        return None if scale is None else exp(level) / scale
    rate = None if term.logs or term.rate == 0 else _proportional(term.rate)
    return None if rate is None else _turned_exponential(term, rate, level, total, given)


def _turned_exponential(term: Term, rate: Expr, level: Expr, total: Sum, given: Sequence[Boolean]) -> Expr | None:
    """``u**p * exp(rate u) = level``: then ``w exp(w) = (rate/p) level**(1/p)`` for ``w = rate u/p``, and the term has the slope of
    ``p (1 + w)``."""
    if term.power.is_Integer and abs(term.power) != 1:  # the unit may have either sign
        return None
    factor = normal(rate / term.power)
    branch = _branch(normal(-term.coefficient * total.slope * term.power), given)
    if branch is None or sign_of(factor, given) is None:
        return None
    return LambertW(normal(factor * power(level, normal(1 / term.power), given)), branch) / factor


def _proportional(rate: Expr) -> Expr | None:
    """The factor of an exponent that is a multiple of the unit."""
    factor = normal(rate / UNIT)
    return None if UNIT in factor.free_symbols else factor


def _scale(term: Term) -> Expr | None:
    """The factor of the unit inside the term's only logarithm."""
    factor = normal(term.logs[0][0].args[0] / UNIT)
    return None if UNIT in factor.free_symbols else factor


def _quadratic_in_power(moving: tuple[Term, ...], constant: Expr, total: Sum, given: Sequence[Boolean]) -> Expr | None:
    """``constant + b * unit**e + a * unit**(2 e)``: the root at which this decreases in the variable."""
    if any(t.rate != 0 or t.logs for t in moving):
        return None
    for first, second in (moving, moving[::-1]):
        if normal(second.power - 2 * first.power) != 0:
            continue
        turn = sign_of(normal(first.power * total.slope), given)
        if turn is None or sign_of(second.coefficient, given) is None:
            return None
        discriminant = normal(first.coefficient**2 - 4 * second.coefficient * constant)
        root = (-first.coefficient - turn * sqrt(discriminant)) / (2 * second.coefficient)
        return power(root, normal(1 / first.power), given)
    return None


def _by_lambert(moving: tuple[Term, ...], constant: Expr, total: Sum, given: Sequence[Boolean]) -> Expr | None:
    """``constant + b * u + g * exp(d u)`` or ``constant + b * u + g * log(s u)``, with the unit or its inverse as ``u``."""
    for line, other in (moving, moving[::-1]):
        if line.rate != 0 or line.logs or line.power not in (1, -1):
            continue
        if line.power == 1 and not other.logs and other.power == 0:
            rate = _proportional(other.rate)
            if rate is None:
                continue
            b, g = line.coefficient, other.coefficient
            branch = _branch(normal(-b * total.slope), given)
            if branch is None or sign_of(rate, given) is None:
                continue
            return normal(-constant / b) - LambertW(joined(normal(rate * g / b) * exp(normal(-rate * constant / b))), branch) / rate
        if other.power == 0 and other.rate == 0 and len(other.logs) == 1 and other.logs[0][1] == 1:
            scale = _scale(other)
            b, g = line.coefficient, other.coefficient * line.power
            branch = _branch(normal(-g * total.slope * line.power), given)
            if scale is None or branch is None:
                continue
            raised = normal(-constant / g)
            inner = LambertW(joined(normal(b / (g * scale**line.power)) * exp(raised)), branch)
            if sign_of(b, given) is None:  # where b = 0, too
                return exp(line.power * (raised - inner)) / scale
            return normal(inner * g / b) ** line.power
    return None


def _branch(side: Expr, given: Sequence[Boolean]) -> int | None:
    """The real branch of Lambert's W on which ``1 + W`` has the sign of `side`."""
    found = sign_of(side, given)
    return None if found is None else 0 if found > 0 else -1
