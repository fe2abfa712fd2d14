"""A relation that bounds one choice, solved for it: linear ones as they stand, quadratic ones by their roots."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of, signed_product, weak_sign
from derive.algebra.shape import said, without_moduli
from derive.decision.problem import Restriction, restriction
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import coefficients, denominator, derivative, factored, normal
from derive.prove import prove, refute


def solved(relation: Boolean, variable: Symbol, given: Region) -> tuple[Region, ...]:
    """The relation as a disjunction of bounds on `variable` (each a conjunction), wherever `given` holds.

    Where it is open which of the two roots of a quadratic is the larger one, the choice is on the same side of both or between them,
    in either order. Where it is open to which side a quadratic bends, each case says which it is. Raises Refusal for one that is neither
    linear in it nor a quadratic whose roots are settled.
    """
    if not isinstance(relation, Relational) or variable not in relation.free_symbols or isinstance(relation, sympy.Eq):
        return ((relation,),)
    item = restriction("", relation)
    slack = normal(without_moduli(normal(item.slack), given))
    if variable in denominator(slack).free_symbols:
        slack = normal(signed_product(slack, given).core)
    parts = coefficients(slack, variable)
    if parts is None or len(parts) > 3:
        raise Refusal(f"the relation {relation} is not solved for it", symbol=str(variable))
    if len(parts) < 3:
        return ((relation,),)
    bend = derivative(slack, variable, variable)
    curvature = sign_of(bend, given)
    centre = normal(-derivative(slack, variable).xreplace({variable: Integer(0)}) / bend)
    level = normal(-slack.xreplace({variable: centre}) * 2 / bend)  # (variable - centre)**2 against this
    if curvature is None:
        return _by_curvature(item, slack, bend, variable, given)
    if prove(level < 0, given) is not None or (level != 0 and prove(level <= 0, given) is not None):
        return _without_roots(normal(slack.xreplace({variable: centre})), centre, variable, item.strict) if curvature > 0 else ()
    if level != 0 and prove(level >= 0, given) is None:
        reason = f"whether any choice reaches {said(sympy.Eq(slack, 0))} depends on the parameters, which is not settled"
        raise Refusal(reason, symbol=str(variable))
    root, known = _root(level, given)
    beyond = normal(variable - centre - root), normal(centre - root - variable)
    within = normal(centre + root - variable), normal(variable - centre + root)
    if curvature < 0:
        ways = (within,) if known else (within, beyond)
        return tuple(tuple(b for b in _bounds(way, item.strict) if prove(b, given) is None) for way in ways)
    apart = ((beyond[0],), (beyond[1],)) if known else ((beyond[0], within[1]), (within[0], beyond[1]))
    live = (way for way in apart if all(prove(_opposite(gap, item.strict), given) is None for gap in way))
    return tuple(_bounds(way, item.strict) for way in live)


def _without_roots(least: Expr, centre: Expr, variable: Symbol, strict: bool) -> tuple[Region, ...]:
    """A convex quadratic, of which `least` is the value at its centre, holds everywhere; a strict one leaves out a root there."""
    if not strict or least.is_Rational:
        return ((),)
    touching = sympy.Eq(least, 0)
    return (least > 0,), *((touching, side) for side in (variable > centre, variable < centre))


def _by_curvature(item: Restriction, slack: Expr, bend: Expr, variable: Symbol, given: Region) -> tuple[Region, ...]:
    """The bounds where the quadratic is convex, where it is concave, and where it is none."""
    straight = normal(slack - bend * variable**2 / 2)
    sides = ((bend > 0, slack), (bend < 0, slack), (sympy.Eq(bend, 0), straight))
    return tuple(
        (side, *bounds)
        for side, told in sides
        if side != sympy.false and refute((*given, side)) is None
        for bounds in solved(_apart(told, item.strict), variable, (*given, side))
    )


def square_root(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """The root of an expression that is nonnegative under `given`, with the squares in it taken out."""
    root, known = _root(expr, given)
    if not known:
        raise Refusal(f"the root of {expr} depends on the sign of a factor")
    return root


def _root(expr: Expr, given: Sequence[Boolean]) -> tuple[Expr, bool]:
    """The root of an expression that is nonnegative under `given`, and whether it is known to be the one that is not negative."""
    form = factored(expr)
    outside: Expr = Integer(1)
    inside: Expr = form.coefficient
    known = True
    for base, exponent in form.factors:
        half, rest = divmod(exponent, 2)
        if half:
            sign = weak_sign(base, given)
            known = known and (sign is not None or half % 2 == 0)
            outside *= (-base if sign == -1 else base) ** half
        inside *= base**rest
    return (normal(outside * sympy.sqrt(inside)) if inside != 1 else normal(outside)), known


def _bounds(gaps: Sequence[Expr], strict: bool) -> Region:
    return tuple(_apart(gap, strict) for gap in gaps)


def _apart(gap: Expr, strict: bool) -> Boolean:
    return gap > 0 if strict else gap >= 0


def _opposite(gap: Expr, strict: bool) -> Boolean:
    return gap <= 0 if strict else gap < 0
