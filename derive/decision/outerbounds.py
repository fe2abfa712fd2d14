"""One choice under constraints that are convex and quadratic in it: beyond their roots, on the side that the other constraints leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Ge, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of, signed_product
from derive.certificates import Certificate
from derive.decision.problem import Journal, Problem, Restriction
from derive.decision.seams import square_root
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal
from derive.programs import OuterBound
from derive.prove import prove


@dataclass(frozen=True)
class Outer:
    """A constraint whose slack is ``lead * ((variable - centre)**2 - level)`` with a positive lead.

    The choice is at most (``upper``) or at least the centre, by the certificate.
    """

    item: Restriction
    lead: Expr
    centre: Expr
    level: Expr
    upper: bool
    side: Certificate


def outer(problem: Problem) -> tuple[Outer, ...]:
    """The convex quadratic constraints on the one choice that leave one side of their centre; others are left out."""
    (variable,) = problem.variables
    if not any(_degree(item, variable) == 2 for item in problem.restrictions):
        return ()
    domain = (*problem.given, *_plain(problem))
    found = (_outer(item, variable, problem.given, domain) for item in problem.restrictions if _degree(item, variable) == 2)
    return tuple(one for one in found if one is not None)


def beyond_roots(problem: Problem, journal: Journal) -> Problem:
    """The problem in one choice with such constraints as bounds, where their roots are proved to exist."""
    for one in outer(problem):
        if one.level == 0:  # a square: it holds whatever is chosen
            problem = without_constraint(one.item, problem)
            continue
        exists = prove(one.level >= 0, problem.given) if not one.level.is_Rational else None
        if exists is not None or (one.level.is_Rational and one.level >= 0):
            problem = with_outer_bound(one, exists, problem, journal)
    return problem


def sign_of_level(problem: Problem) -> tuple[Outer, Boolean] | None:
    """A constraint of this kind for which it is open whether there are roots, and the condition that there are."""
    for one in outer(problem):
        if not one.level.is_Rational and prove(one.level >= 0, problem.given) is None:
            return one, signed_product(one.level, problem.given).core >= 0
    return None


def without_constraint(item: Restriction, problem: Problem) -> Problem:
    """The problem without one of its restrictions."""
    return replace(problem, restrictions=tuple(r for r in problem.restrictions if r is not item))


def with_outer_bound(one: Outer, exists: Certificate | None, problem: Problem, journal: Journal) -> Problem:
    """The problem with the constraint as a bound. As it is where the root is not had in closed form."""
    (variable,) = problem.variables
    try:
        root = square_root(one.level, problem.given)
    except Refusal:
        return problem
    nonnegative = None if root.is_Rational else prove(root >= 0, problem.given)
    if nonnegative is None and not (root.is_Rational and root >= 0):
        return problem
    journal.add(
        OuterBound,
        given=(*problem.given, *_plain(problem)),
        constraint=one.item.relation,
        variable=variable,
        lead=one.lead,
        centre=one.centre,
        level=one.level,
        root=root,
        upper=one.upper,
        certificate=None if one.lead.is_Rational else prove(one.lead > 0, problem.given),
        exists=exists,
        nonnegative=nonnegative,
        side=one.side,
    )
    slack = one.centre - root - variable if one.upper else variable - one.centre - root
    bound = replace(one.item, slack=normal(slack))
    return replace(problem, restrictions=tuple(bound if r is one.item else r for r in problem.restrictions))


def _outer(item: Restriction, variable: Symbol, given: Sequence[Boolean], domain: Sequence[Boolean]) -> Outer | None:
    slack = normal(item.slack)
    lead = normal(derivative(slack, variable, variable) / 2)
    if sign_of(lead, given) != 1:
        return None
    centre = normal(-derivative(slack, variable).xreplace({variable: Integer(0)}) / (2 * lead))
    level = normal(-slack.xreplace({variable: centre}) / lead)
    for upper, gap in ((True, centre - variable), (False, variable - centre)):
        side = prove(Ge(normal(gap), 0, evaluate=False), domain)
        if side is not None:
            return Outer(item, lead, centre, level, upper, side)
    return None


def _plain(problem: Problem) -> tuple[Boolean, ...]:
    """The restrictions that bound the choice as they stand."""
    (variable,) = problem.variables
    return tuple(item.relation for item in problem.restrictions if _degree(item, variable) == 1)


def _degree(item: Restriction, variable: Symbol) -> int | None:
    """The degree of a restriction that is a polynomial in the choice; None for any other."""
    if variable not in item.slack.free_symbols:
        return 0
    parts = coefficients(item.slack, variable)
    return None if parts is None else len(parts) - 1
