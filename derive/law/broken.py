"""Expected values of products whose factors bend at one and the same point of a shock's support: powers of sales, a price that falls
with what is delivered, quadratic penalties.

Such a product is one polynomial in the shock below the point and another above it. With the partial moments ``E[eps**j; eps <= z]``
its expectation is that of the polynomial above, and what the one below has over it up to the point.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Abs, Expr, Integer, Max, Min, Poly, Symbol, exp, expand
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import PolynomialError

from derive import ir
from derive.algebra.signs import sign
from derive.field import normal
from derive.prove import prove
from derive.shocks import moment, support

__all__ = ["Untold", "broken", "partial_moment"]


class Untold(Exception):
    """Why there is no rule for a product."""


def broken(product: Expr, shock: Symbol, law: ir.Distribution, given: tuple[Boolean, ...]) -> Expr:
    """The expectation of a product of powers of a shock and of its kinks, which all lie at one point. Raises Untold."""
    if isinstance(law, ir.Normal | ir.GeneralDistribution):
        raise Untold("its factors depend on the same shock: a rule is known for uniform, exponential and power laws")
    kinks = sorted((node for node in product.atoms(Min, Max, Abs) if shock in node.free_symbols), key=str)
    parts = [_sides(kink, shock, given) for kink in kinks]
    (place, *others) = [cut for cut, _, _ in parts]
    if any(normal(place - other) != 0 for other in others):
        raise Untold("its factors bend at different points")
    below, above = (
        _polynomial(product.xreplace(dict(zip(kinks, (part[side] for part in parts), strict=True))), shock) for side in (1, 2)
    )
    low, high = support(law)
    for end, whole, relation in ((low, above, place <= low), (high, below, place >= high)):
        if end.is_finite is not False and prove(relation, given) is not None:
            return _mean(whole, lambda order: _known(moment(law, order)))
    for end, relation in ((low, place >= low), (high, place <= high)):
        if end.is_finite is not False and prove(relation, given) is None:
            raise Untold(f"it bends at {place}, which is not known to lie in the support; a bound on the choice may say so")
    total = _mean(above, lambda order: _known(moment(law, order)))
    return total + _mean(below - above, lambda order: partial_moment(law, order, place))


def partial_moment(law: ir.Uniform | ir.Exponential | ir.PowerDistribution, order: int, z: Expr) -> Expr:
    """``E[eps**order; eps <= z]`` for `z` in the support."""
    match law:
        case ir.Uniform():
            return (z ** (order + 1) - law.low ** (order + 1)) / ((order + 1) * (law.high - law.low))
        case ir.Exponential():
            lower = order * law.mean * partial_moment(law, order - 1, z) if order else Integer(1)
            return lower - z**order * exp(-z / law.mean)
        case ir.PowerDistribution():
            return law.exponent * z ** (law.exponent + order) / ((law.exponent + order) * law.high**law.exponent)


def _sides(kink: Expr, shock: Symbol, given: tuple[Boolean, ...]) -> tuple[Expr, Expr, Expr]:
    """Where a kink lies, and what it is below and above that."""
    first, *rest = (kink.args[0], -kink.args[0]) if isinstance(kink, Abs) else kink.args
    second = rest[0] if len(rest) == 1 else type(kink)(*rest)
    if any(side.has(Min, Max, Abs) and shock in side.free_symbols for side in (first, second)):
        raise Untold("its factors bend at several points")
    gap = expand(first - second)
    slope = gap.diff(shock)
    if shock in slope.free_symbols:
        raise Untold(f"the sides of {kink} are not affine in {shock}")
    direction = sign(slope, given, prove)
    if direction is None:
        raise Untold(f"the sign of {slope}, the slope in {shock}, is not proved")
    ahead, behind = (first, second) if direction > 0 else (second, first)
    place = normal(-gap.xreplace({shock: Integer(0)}) / slope)
    return (place, ahead, behind) if isinstance(kink, Min) else (place, behind, ahead)


def _polynomial(expr: Expr, shock: Symbol) -> Poly:
    try:
        return Poly(expand(expr), shock)
    except PolynomialError:
        raise Untold(f"it is no polynomial in {shock} on either side") from None


def _mean(polynomial: Poly, of_power: Callable[[int], Expr]) -> Expr:
    return sum((value * of_power(order) for (order,), value in polynomial.terms()), Integer(0))


def _known(value: Expr | None) -> Expr:
    assert value is not None  # these laws have every moment
    return value
