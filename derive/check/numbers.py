"""Numbers that are no fractions, held against fractions by the interval arithmetic of mpmath."""

from __future__ import annotations

from math import prod
from typing import Any

import mpmath
from sympy import Add, E, Expr, Gt, Integer, LambertW, Lt, Mul, Pow, Rational, exp, log, pi
from sympy.core.relational import Relational

from derive.check.fractions import Rejected

_MARGIN = mpmath.mpf(10) ** -12


def apart(claim: Relational, number: Expr) -> None:
    """Check that the number lies strictly on the side of a fraction that the claim says."""
    if not isinstance(claim, Gt | Lt) or claim.lhs != number or not isinstance(claim.rhs, Rational):
        raise Rejected("not a bound of a number")
    gap = _enclosure(number) - _enclosure(claim.rhs)
    if not (gap.a > 0 if isinstance(claim, Gt) else gap.b < 0):
        raise Rejected("the number may lie on the other side")


def _enclosure(number: Expr) -> Any:
    if isinstance(number, Rational):
        return mpmath.iv.mpf(int(number.p)) / int(number.q)
    if number == E:
        return mpmath.iv.e
    if number == pi:
        return mpmath.iv.pi
    parts = [_enclosure(part) for part in number.args]
    if isinstance(number, Add):
        return sum(parts[1:], parts[0])
    if isinstance(number, Mul):
        return prod(parts, start=mpmath.iv.mpf(1))
    if isinstance(number, exp):
        return mpmath.iv.exp(parts[0])
    if isinstance(number, log) and len(parts) == 1 and parts[0].a > 0:
        return mpmath.iv.log(parts[0])
    if isinstance(number, LambertW) and len(parts) == 1 and parts[0].a > 0:
        return _lambert(parts[0])
    if isinstance(number, Pow) and (isinstance(number.exp, Integer) or parts[0].a > 0) and 0 not in parts[0]:
        return parts[0] ** (int(number.exp) if isinstance(number.exp, Integer) else parts[1])
    raise Rejected(f"not a number that is known here: {number}")


def _lambert(inside: Any) -> Any:
    """``w e**w`` increases in ``w >= 0``: it is no greater at the lower end, and no smaller at the upper one, than all of `inside`."""
    low, high = (
        mpmath.iv.mpf(mpmath.lambertw(mpmath.mpf(end)).real * (1 + side * _MARGIN)) for end, side in ((inside.a, -1), (inside.b, 1))
    )
    if not ((low * mpmath.iv.exp(low)).b <= inside.a and (high * mpmath.iv.exp(high)).a >= inside.b):
        raise Rejected("Lambert's function is not enclosed")
    return mpmath.iv.mpf([low.a, high.b])
