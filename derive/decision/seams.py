"""A relation that bounds one choice, solved for it: linear ones as they stand, quadratic ones by their roots."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of, signed_product
from derive.decision.problem import restriction
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import coefficients, denominator, derivative, factored, normal
from derive.prove import prove


def solved(relation: Boolean, variable: Symbol, given: Region) -> tuple[Region, ...]:
    """The relation as a disjunction of bounds on `variable` (each a conjunction), wherever `given` holds.

    Raises Refusal for one that is neither linear in it nor a quadratic whose shape and roots are settled.
    """
    if not isinstance(relation, Relational) or variable not in relation.free_symbols or isinstance(relation, sympy.Eq):
        return ((relation,),)
    item = restriction("", relation)
    slack = normal(item.slack)
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
        raise Refusal(f"the relation {relation} bends to a side that depends on the parameters", symbol=str(variable))
    if prove(level < 0, given) is not None or (level != 0 and prove(level <= 0, given) is not None and not item.strict):
        return ((),) if curvature > 0 else ()
    if level != 0 and prove(level >= 0, given) is None:
        raise Refusal(f"whether {relation} binds at all depends on the parameters", symbol=str(variable))
    root = square_root(level, given)
    sides = normal(variable - centre - root), normal(centre - root - variable)  # beyond the upper root, below the lower one
    if curvature < 0:
        ends = normal(centre + root - variable), normal(variable - centre + root)
        inside = tuple(_apart(end, item.strict) for end in ends)
        kept = tuple(bound for bound in inside if prove(bound, given) is None)
        return (kept,)
    found = [(_apart(side, item.strict),) for side in sides if prove(_opposite(side, item.strict), given) is None]
    return tuple(found)


def square_root(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """The root of an expression that is nonnegative under `given`, with the squares in it taken out."""
    form = factored(expr)
    outside: Expr = Integer(1)
    inside: Expr = form.coefficient
    for base, exponent in form.factors:
        half, rest = divmod(exponent, 2)
        if half:
            sign = sign_of(base, given)
            weak = sign is None and prove(base >= 0, given) is not None
            outside *= (base if sign == 1 or weak else -base if sign == -1 else sympy.Abs(base)) ** half
        inside *= base**rest
    if outside.has(sympy.Abs):
        raise Refusal(f"the root of {expr} depends on the sign of a factor")
    return normal(outside * sympy.sqrt(inside)) if inside != 1 else normal(outside)


def _apart(gap: Expr, strict: bool) -> Boolean:
    return gap > 0 if strict else gap >= 0


def _opposite(gap: Expr, strict: bool) -> Boolean:
    return gap <= 0 if strict else gap < 0
