"""Marginal payoffs that bend one way: concave or convex in the choice, so that they change sign at most twice.

A concave core that is not negative at the lower end changes sign once only, from plus to minus; so does a convex one that is not
positive at the upper end. Elsewhere the payoff may have its maximum at a bound or at the one root at which the core falls, and these
are compared. A core that rises leaves the bounds alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol, oo, sqrt
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct, sign_of
from derive.algebra.shape import without_moduli
from derive.algebra.terms import in_terms
from derive.certificates import Certificate
from derive.decision.bounds import Bound, Interval
from derive.decision.compare import Candidate, best
from derive.decision.hill import value_at
from derive.decision.peak import end_of, inside
from derive.decision.problem import Journal, Optimum, Problem, unique
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal
from derive.inverse import FewPeaks
from derive.prove import prove

__all__ = ["OneWay", "bent", "few_peaks"]


@dataclass(frozen=True)
class OneWay:
    """A bent core and the end at which its sign shows that it changes sign once only."""

    split: SignedProduct
    curvature: Expr
    certificate: Certificate | None
    end: Expr
    at_end: Expr
    end_certificate: Certificate | None


def _signed(expr: Expr, given: tuple[Boolean, ...]) -> tuple[int, Certificate | None] | None:
    """The sign of an expression with its certificate."""
    if expr.is_Rational:
        return (1 if expr > 0 else -1, None) if expr != 0 else None
    for side, claim in ((1, expr > 0), (-1, expr < 0)):
        certificate = prove(claim, given)
        if certificate is not None:
            return side, certificate
    return None


def bent(split: SignedProduct, variable: Symbol, domain: tuple[Boolean, ...], bounds: Interval) -> OneWay | None:
    """The core as one that bends one way and starts (or ends) with the sign that leaves one change of sign."""
    interior = inside(domain, variable)
    curvature = derivative(split.core, variable, variable)
    found = _signed(curvature, interior)
    if found is None:
        return None
    side, certificate = found
    outside = tuple(relation for relation in domain if variable not in relation.free_symbols)
    total = in_terms(split.core, variable, interior)
    for bound in bounds.lower if side < 0 else bounds.upper:
        at_end = end_of(split.core, variable, total, bound.value, outside)
        if at_end is None or at_end in (oo, -oo):
            continue
        if at_end.is_Rational:
            if -side * at_end >= 0:
                return OneWay(split, curvature, certificate, bound.value, at_end, None)
            continue
        shown = prove(at_end >= 0 if side < 0 else at_end <= 0, outside)
        if shown is not None:
            return OneWay(split, curvature, certificate, bound.value, at_end, shown)
    return None


def few_peaks(
    problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], bounds: Interval, premise: str, journal: Journal
) -> tuple[Optimum, ...] | None:
    """The bounds and the root at which the core falls, compared; None where the core is not known to bend one way or to rise."""
    (variable,) = problem.variables
    if any(len(side) > 1 for side in (bounds.lower, bounds.upper)) or bounds.free:
        return None
    interior = inside(domain, variable)
    shape = _shape(split.core, variable, interior)
    if shape is None:
        return None
    order, derivative, certificate, root = shape
    step = journal.add(
        FewPeaks,
        uses=(premise,),
        given=interior,
        variable=variable,
        core=split.core,
        order=order,
        derivative=derivative,
        certificate=certificate,
        root=None if root is None else root[0],
    )
    given = problem.given
    found = [_at(bound, problem, step.label, number) for number, bound in enumerate((*bounds.lower, *bounds.upper))]
    if len(bounds.lower) + len(bounds.upper) < 2 and not _falls_outside(problem, split, bounds, interior):
        raise Refusal("the payoff may rise without end", symbol=str(variable))
    if root is not None:
        value, region = root
        limits = [value > b.value for b in bounds.lower] + [value < b.value for b in bounds.upper]
        optimum = Optimum(unique((*region, *limits)), ((variable, value),), (), (), (step.label,))
        found.append(Candidate(optimum, normal(problem.objective.xreplace({variable: value})), len(found)))
    winners = best(found, given, journal)
    if any(not one.attained for one in winners):
        raise Refusal(
            f"a supremum is approached but not attained towards an excluded bound of {variable}", symbol=str(variable)
        )
    return tuple(one.optimum for one in winners)


def _shape(
    core: Expr, variable: Symbol, interior: tuple[Boolean, ...]
) -> tuple[int, Expr, Certificate | None, tuple[Expr, tuple[Boolean, ...]] | None] | None:
    """``(order, derivative, certificate, falling root and where it exists)``."""
    slope = derivative(core, variable)
    rising = _signed(slope, interior)
    if rising is not None:
        return (1, slope, rising[1], None) if rising[0] > 0 else None
    curvature = derivative(slope, variable)
    found = _signed(curvature, interior)
    parts = coefficients(core, variable)
    if found is None or parts is None or len(parts) != 3:
        return None
    constant, linear, square = parts
    discriminant = normal(linear**2 - 4 * square * constant)
    root = without_moduli((-linear - without_moduli(sqrt(discriminant), interior)) / (2 * square), interior)
    return 2, curvature, found[1], (root, (discriminant > 0,))


def _at(bound: Bound, problem: Problem, label: str, number: int) -> Candidate:
    (variable,) = problem.variables
    value = value_at(problem.objective, {variable: bound.value}, problem.given)
    if value is None:
        raise Refusal(f"the payoff is not defined at {variable} = {bound.value}", symbol=str(variable))
    optimum = Optimum((), ((variable, bound.value),), (bound.name,), (), (label,))
    return Candidate(optimum, normal(value), number, attained=not bound.strict)


def _falls_outside(problem: Problem, split: SignedProduct, bounds: Interval, interior: tuple[Boolean, ...]) -> bool:
    """Whether the payoff falls towards each end of the range that is infinite."""
    (variable,) = problem.variables
    parts = coefficients(split.core, variable)
    lead = sign_of(parts[-1], interior) if parts else None
    if lead is None or parts is None:
        return False
    above = bool(bounds.upper) or lead < 0
    below = bool(bounds.lower) or (lead > 0) == (len(parts) % 2 == 1)
    return above and below
