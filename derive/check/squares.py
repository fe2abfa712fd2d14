"""Replays sums of squares (see `derive.check.certificates`)."""

from __future__ import annotations

from sympy import Expr, Rational
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement

from derive.certificates import Squares
from derive.check.fractions import SIGNS, Known, Rejected, Session


def squares(session: Session, c: Squares, _known: Known) -> None:
    """A polynomial that a positive one makes a sum of squares is nonnegative, and positive where one of the squares is of a number.
    A weight that is not zero throughout is positive at points as close to any as one likes: that is enough for a weak claim."""
    if type(c.claim) not in SIGNS:
        raise Rejected("not a relation")
    weight, positive = _total(session, c.weight)
    total, strict = _total(session, c.squares)
    strict = strict and positive
    if not weight:
        raise Rejected("a weight that vanishes")
    product = session.polynomial(c.claim) * weight
    for turn in (1, -1):
        if product == total * turn and ({turn} if strict else {0, turn}) <= SIGNS[type(c.claim)]:
            return
    raise Rejected("the squares do not give the claim")


def _total(session: Session, parts: tuple[tuple[Rational, Expr], ...]) -> tuple[PolyElement, bool]:
    """The sum of positive multiples of squares, and whether one of them is the square of a number other than zero."""
    total, strict = session.ring(0), False
    for coefficient, root in parts:
        value = session.fraction(root)
        if value.divisors or not coefficient > 0:
            raise Rejected("not a positive multiple of the square of a polynomial")
        total += value.top**2 * QQ(int(coefficient.p), int(coefficient.q))
        strict = strict or (value.top.is_ground and bool(value.top))
    return total, strict
