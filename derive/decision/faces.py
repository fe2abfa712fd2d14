"""Best choices of a concave quadratic payoff that are a continuum throughout: a face of what the constraints leave.

Where some choice has the multipliers, every admissible choice is best at which the constraints with positive ones bind and the
payoff does not bend away from it. These are equations and inequalities, linear in the choices: some are solved for, others free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from derive.decision.families import Family, families
from derive.decision.quadratic import Quadratic, Solved
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import normal

__all__ = ["Face", "face"]


@dataclass(frozen=True)
class Face:
    """The constraints (by number) that carry multipliers, with these, and all choices that are best with them."""

    carriers: tuple[int, ...]
    multipliers: tuple[Expr, ...]
    families: tuple[Family, ...]


def face(form: Quadratic, solved: Solved, given: Region) -> Face | None:
    """Everything that is best with the multipliers of one choice; None where it is not told."""
    carrying = [(j, m) for j, m in zip(solved.active, solved.multipliers, strict=True) if m != 0]
    problem = form.problem
    if any(problem.restrictions[j].strict for j, _ in carrying):
        return None
    carriers = tuple(j for j, _ in carrying)
    moves = [normal(x - value) for x, value in zip(problem.variables, solved.values, strict=True)]
    bends = (sympy.Add(*(h * move for h, move in zip(row, moves, strict=True))) for row in form.hessian)
    equations = [e for e in (*(problem.restrictions[j].slack for j in carriers), *map(normal, bends)) if e != 0]
    others: Sequence[Boolean] = [r.relation for j, r in enumerate(problem.restrictions) if j not in carriers]
    try:
        found = families(equations, others, problem.variables, given)
    except Refusal:
        return None
    return Face(carriers, tuple(m for _, m in carrying), found)
