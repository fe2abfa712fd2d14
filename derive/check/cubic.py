"""The verifier of closed roots of cubics, and the check that they belong to quantities that a solution defines by an equation.

By ``4 cos(f)**3 - 3 cos(f) = cos(3 f)`` each ``2 s cos(f)`` with ``s = sqrt(-slope/3)`` and ``2 s**3 cos(3 f) = -constant`` is a root of
``t**3 + slope t + constant``; for angles in ``[0, pi/3]`` the cosine falls when a third of a turn is taken off, once and again.
Where there is a single root, its two cube roots ``u`` and ``v`` satisfy ``u**3 + v**3 = -constant`` and ``3 u v = -slope``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import mpmath
import sympy
from sympy import Expr, Integer, Rational, oo
from sympy.logic.boolalg import Boolean

from derive import cubic
from derive.check.context import Context, follows, proved
from derive.check.registry import need
from derive.check.zero import number
from derive.solution import Implicit, Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "belongs_nowhere"]

_ORDER = (cubic.Form.LARGEST, cubic.Form.MIDDLE, cubic.Form.SMALLEST)
CLOSE = mpmath.mpf(10) ** -20


def belongs_nowhere(solution: Solution, steps: Iterable[Step]) -> list[str]:
    """Closed forms of quantities that no regime defines so, on a region within its own."""
    return [
        f"{step.label}: no regime defines {step.root.symbol} by that equation"
        for step in steps
        if isinstance(step, cubic.CubicRoot)
        and not any(
            step.root in regime.implicit and all(follows(relation, step.given) for relation in regime.region)
            for regime in solution.regimes
        )
    ]


def _cubic_root(step: cubic.CubicRoot, context: Context) -> None:
    need(len(step.conditions) == len(step.certificates), "a condition has no certificate")
    for relation, certificate in zip(step.conditions, step.certificates, strict=True):
        proved(relation, certificate, context.known, "a condition")
    _reduced(step, context)
    _value(step, context)
    _which(step)
    _at_points(step.root, step.value, context)


def _reduced(step: cubic.CubicRoot, context: Context) -> None:
    """The equation is the reduced cubic in the unit."""
    root, power = step.root, step.power
    need(power > 0 and (1 / power).is_Integer, "the unit is no root of the quantity")
    known = context if power == 1 else Context(context.statement, (*context.known, root.symbol > 0), context.premises)
    if power != 1:
        need(root.low == 0 or follows(sympy.sympify(root.low) >= 0, context.known), "the quantity may be negative")
    part = root.symbol**power - step.shift
    known.equal(root.equation, step.lead * (part**3 + step.slope * part + step.constant), "the equation as a reduced cubic")
    for value in (step.lead, step.shift, step.slope, step.constant):
        need(root.symbol not in value.free_symbols, f"{root.symbol} is in a coefficient")


def _value(step: cubic.CubicRoot, context: Context) -> None:
    """The value is the unit's power of the shift and a root of the reduced cubic, written in the form that is named."""
    slope, constant = step.slope, step.constant
    measure = 4 * slope**3 + 27 * constant**2
    whole, exponent = (step.value, 1) if step.power == 1 else step.value.as_base_exp()
    need(exponent == 1 / step.power, "the power of the unit")
    part = sympy.Add(*(term for term in sympy.Add.make_args(whole) if _rooted(term)))
    context.equal(whole - part, step.shift, "the shift")
    if step.form.trigonometric:
        need(_among(slope < 0, step) and _among(measure <= 0, step), "three real roots are not shown")
        waves = sorted(part.atoms(sympy.cos), key=str)
        need(len(waves) == 1, "one cosine")
        (wave,) = waves
        angles = sorted(wave.args[0].atoms(sympy.acos), key=str)
        need(len(angles) == 1, "one angle")
        turned = -(wave.args[0] - angles[0] / 3) / sympy.pi * Rational(3, 2)
        need(sympy.expand(turned - _ORDER.index(step.form)) == 0, "the cosine of another root")
        scale = part.xreplace({wave: Integer(1)}) / 2
        need(context.sampled_sign(scale) > 0, "the scale of the roots is not positive")
        context.equal(scale**2, -slope / 3, "the scale of the roots")
        context.equal(2 * scale**3 * angles[0].args[0], -constant, "the cosine of thrice the angle")
        return
    if step.form is cubic.Form.CUBE_ROOT:
        need(_among(sympy.Le(constant, 0), step), "the sign of the cube is not shown")
        context.equal(slope, Integer(0), "the cubic is a cube and a constant")
        context.equal(part**3, -constant, "the cube")
        return
    inner = sympy.sqrt(measure / 108)
    first, second = {
        cubic.Form.RISING: (inner - constant / 2, -inner - constant / 2),
        cubic.Form.POSITIVE: (inner - constant / 2, -inner - constant / 2),
        cubic.Form.NEGATIVE: (inner + constant / 2, constant / 2 - inner),
    }[step.form]
    if step.form is cubic.Form.RISING:
        need(_among(slope >= 0, step), "the cubic is not shown to rise")
    else:
        sign = constant < 0 if step.form is cubic.Form.POSITIVE else constant > 0
        need(_among(slope < 0, step) and _among(measure > 0, step) and _among(sign, step), "a single root is not shown")
    context.equal(
        first * second * (1 if step.form is not cubic.Form.NEGATIVE else -1), _product(step), "the product of the cubes"
    )
    with mpmath.workdps(40):
        for at in context.points:
            wanted = _real_cube_root(number(first, at)) + _real_cube_root(number(second, at))
            wanted *= -1 if step.form is cubic.Form.NEGATIVE else 1
            need(abs(wanted - number(part, at)) <= CLOSE * (1 + abs(wanted)), "the two cube roots")


def _product(step: cubic.CubicRoot) -> Expr:
    product = -(step.slope**3) / 27
    return product if step.form is not cubic.Form.NEGATIVE else -product


def _real_cube_root(value: Any) -> Any:
    return mpmath.sign(value) * mpmath.cbrt(abs(value))


def _rooted(term: Expr) -> bool:
    return bool(term.atoms(sympy.cos)) or any(p.exp == Rational(1, 3) for p in term.atoms(sympy.Pow))


def _among(relation: Boolean, step: cubic.CubicRoot) -> bool:
    return relation == sympy.true or follows(relation, step.conditions)


def _which(step: cubic.CubicRoot) -> None:
    """The equation changes sign at the largest and the smallest of three roots as its leading term does, at the middle one against it;
    a bracket without end on one side holds the outermost root there, and the middle of the three roots' mean is the shift."""
    if not step.form.trigonometric:
        return
    root = step.root
    rises, falls = (_among(claim, step) for claim in (step.lead > 0, step.lead < 0))
    need(rises or falls, "the sign of the leading coefficient is not shown")
    along = root.sign == (1 if rises else -1)
    need(along == (step.form is not cubic.Form.MIDDLE), "the equation changes sign the other way at that root")
    if step.form is cubic.Form.LARGEST:
        above = _among(sympy.Ge(root.low**step.power - step.shift, 0), step) if root.low != -oo else False
        need(root.high == oo or above, "that it is the largest root is not shown")
    if step.form is cubic.Form.SMALLEST:
        below = _among(sympy.Ge(step.shift - root.high**step.power, 0), step) if root.high != oo else False
        need(root.low == -oo or below, "that it is the smallest root is not shown")


def _at_points(root: Implicit, value: Expr, context: Context) -> None:
    """At random points the value lies in the bracket, and the equation changes sign there in the direction that is said."""
    with mpmath.workdps(40):
        for at in context.points:
            here = number(value, at)
            small = mpmath.mpf(10) ** -12 * (1 + abs(here))
            ends = [number(end, at) if end not in (oo, -oo) else None for end in (root.low, root.high)]
            need(
                all(end is None or side * (end - here) >= -small for end, side in zip(ends, (-1, 1), strict=True)),
                "the bracket",
            )
            sides = [number(root.equation, {**at, root.symbol: here + side * small}) for side in (-1, 1)]
            need(sides[0] * root.sign <= 0 <= sides[1] * root.sign, "the equation does not change sign there")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {cubic.CubicRoot: _cubic_root}
"""The verifier of each kind of step."""
