"""One choice under constraints that are concave and quadratic in it: each says that the choice lies between two roots, if there are."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr
from sympy.logic.boolalg import Boolean, Not

from derive.algebra.marginal import sign_of, signed_product
from derive.decision.problem import Journal, Nothing, Problem, Restriction
from derive.decision.seams import square_root
from derive.decision.unbounded import impossible
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal
from derive.programs import RootBounds
from derive.prove import prove


def between_roots(problem: Problem, journal: Journal) -> tuple[Problem, tuple[Boolean, ...], tuple[Nothing, ...]]:
    """The problem in one choice with each concave quadratic constraint as two bounds, what has to hold for roots to exist, which is
    then given, and that nothing is admissible where they do not.

    Raises Refusal where a root is not had in closed form. Constraints of other forms are left as they are.
    """
    exist: list[Boolean] = []
    nothing: list[Nothing] = []
    for item in problem.restrictions:
        step = _roots(item, problem, journal)
        if step is None:
            continue
        if prove(_apart(step.level, item), problem.given) is None:
            core = signed_product(step.level, problem.given).core
            nothing.append(_contradiction(item, (*exist, Not(_apart(core, item))), problem, journal))
            exist.append(_apart(core, item))
            problem = replace(problem, given=(*problem.given, exist[-1]))
        slacks = (step.variable - step.centre + step.root, step.centre + step.root - step.variable)
        bounds = tuple(replace(item, slack=normal(slack)) for slack in slacks)
        problem = replace(problem, restrictions=tuple(b for r in problem.restrictions for b in (bounds if r is item else (r,))))
    return problem, tuple(exist), tuple(nothing)


def _roots(item: Restriction, problem: Problem, journal: Journal) -> RootBounds | None:
    (variable,) = problem.variables
    parts = coefficients(item.slack, variable)
    if parts is None or len(parts) != 3:
        return None
    lead, centre = normal(derivative(item.slack, variable, variable) / 2), normal(-parts[1] / (2 * parts[2]))
    if sign_of(lead, problem.given) != -1:
        return None
    level = normal(centre**2 - parts[0] / parts[2])
    possible = (*problem.given, _apart(level, item))
    root = square_root(level, possible)
    nonnegative = None if root.is_Rational else prove(root >= 0, possible)
    if nonnegative is None and not (root.is_Rational and root >= 0):
        raise Refusal(f"which root of {level} is not negative is not settled", symbol=str(variable))
    return journal.add(
        RootBounds,
        given=problem.given,
        constraint=item.relation,
        variable=variable,
        lead=lead,
        centre=centre,
        level=level,
        root=root,
        certificate=None if lead.is_Rational else prove(lead < 0, problem.given),
        nonnegative=nonnegative,
    )


def _apart(level: Expr, item: Restriction) -> Boolean:
    """That the roots of a constraint leave room between them: a point will do unless the constraint is strict."""
    return level > 0 if item.strict else level >= 0


def _contradiction(item: Restriction, region: tuple[Boolean, ...], problem: Problem, journal: Journal) -> Nothing:
    """Where there are no roots, no choice satisfies the constraint."""
    found = impossible(replace(problem, restrictions=(item,)), region, journal)
    if found is None:
        raise Refusal(f"that {item.name} cannot hold where {region[-1]} is not proved", symbol=str(problem.variables[0]))
    return replace(found, reason=f"no choice satisfies {item.name}")
