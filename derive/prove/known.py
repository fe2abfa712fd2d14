"""Bounds of known functions (tangents of the logarithm, the sign of Lambert's function, the range of the error function) and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice, pairwise

from sympy import E, Expr, Gt, Integer, LambertW, Rational, erf, log
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate, KnownBound
from derive.prove.atoms import kernels_of
from derive.prove.balls import sign_at
from derive.prove.evaluate import Undefined, ball
from derive.prove.relations import flatten, relation
from derive.tree import free_symbols

__all__ = ["known_bounds"]

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]
MOST = 4
CLOSE = 1000
ONE = Integer(1)


def known_bounds(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> tuple[tuple[Certificate, ...], ...]:
    """What is known of the logarithms, of the values of Lambert's and the error function and of the numbers in a question: the sign of
    Lambert's function first, then its other bounds, too."""
    kernels = dict.fromkeys(node for statement in (claim, *flatten(given)) for node in kernels_of(statement))
    told = (_bounds(node, given, prove) if free_symbols(node) or node.has(erf) else _between(node, given) for node in kernels)
    bounds = tuple(bound for found in islice(filter(None, map(tuple, told)), MOST) for bound in found)
    first = tuple(bound for bound in bounds if not isinstance(bound.node, LambertW) or isinstance(bound.claim, Gt))
    return tuple(dict.fromkeys(filter(None, (first, bounds))))


def _between(number: Expr, given: tuple[Boolean, ...]) -> Iterator[KnownBound]:
    """The fractions around a number, of the smallest denominators that tell it to a thousandth."""
    for op, end in zip("<>", sorted(_neighbours(number), reverse=True), strict=False):
        if sign_at(number - end, {}) == (1 if op == ">" else -1):
            yield KnownBound(claim=relation(number, op, end), given=given, node=number)


def _neighbours(number: Expr) -> tuple[Rational, ...]:
    """Two continued fractions, one on either side; none where nothing is known of the number."""
    try:
        value = Fraction(float(ball(number, {}).mid()))
    except (Undefined, ValueError, OverflowError):
        return ()
    return next(((Rational(a), Rational(b)) for a, b in pairwise(_convergents(value)) if abs(a - b) <= abs(a) / CLOSE), ())


def _convergents(value: Fraction) -> Iterator[Fraction]:
    """The continued fractions of a number, in turn below and above it."""
    (p, q), (before_p, before_q) = (1, 0), (0, 1)
    while True:
        whole = value.numerator // value.denominator
        (p, q), (before_p, before_q) = (whole * p + before_p, whole * q + before_q), (p, q)
        yield Fraction(p, q)
        if value == whole:
            return
        value = 1 / (value - whole)


def _bounds(node: Expr, given: tuple[Boolean, ...], prove: Prover) -> Iterator[KnownBound]:
    if not isinstance(node, log | LambertW | erf) or len(node.args) != 1:
        return
    argument = node.args[0]
    if isinstance(node, erf):
        for op, end in (("<", ONE), (">", -ONE)):
            yield KnownBound(claim=relation(node, op, end), given=given, node=node)
        return
    inside = set(kernels_of(argument))
    usable = tuple(fact for fact in flatten(given) if set(kernels_of(fact)) <= inside)
    premise = prove(relation(argument, ">"), usable)
    if premise is None:
        return
    apart = prove(relation(argument, "!=", ONE), usable) if isinstance(node, log) else None
    weak = "=" if apart is None else ""
    of_log = ((f"<{weak}", argument - 1), (f">{weak}", 1 - 1 / argument))
    of_lambert = ((">", Integer(0)), ("<=", (1 + argument / E) / 2), (">=", (3 - E / argument) / 2))
    for op, end in of_log if isinstance(node, log) else of_lambert:
        yield KnownBound(claim=relation(node, op, end), given=given, node=node, premise=premise, apart=apart)
