"""Concave problems in several variables: every set of active constraints, by the Karush-Kuhn-Tucker conditions.

With a strictly concave objective and linear constraints the conditions are necessary and sufficient and the maximum is unique,
so the regions of the active sets are disjoint and cover every parameter point that has a maximum.
"""

from __future__ import annotations

from itertools import combinations

import sympy
from sympy import Expr, Matrix
from sympy.logic.boolalg import Boolean

from derive.algebra.systems import solve_system
from derive.certificates import Certificate
from derive.decision.newvariable import unused
from derive.decision.problem import Journal, Optimum, Problem, Restriction, unique
from derive.decision.regions import covers
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.placed import normal_at
from derive.prove import prove, refute
from derive.prove.relations import compared
from derive.steps import Concavity, EmptyCase, Stationary


def concave(problem: Problem) -> tuple[tuple[Expr, Certificate | None], ...] | None:
    """The alternating leading minors of the Hessian with certificates of their sign; None if strict concavity is not proved."""
    variables = problem.variables
    if any(derivative(r.slack, x, y) != 0 for r in problem.restrictions for x in variables for y in variables):
        return None
    hessian = Matrix([[derivative(problem.objective, x, y) for y in variables] for x in variables])
    found = []
    for size in range(1, len(variables) + 1):
        minor = normal((-1) ** size * hessian[:size, :size].det(method="berkowitz"))
        certificate = prove(compared(minor, ">"), problem.domain) if not minor.is_Rational else None
        if certificate is None and not (minor.is_Rational and minor > 0):
            return None
        found.append((minor, certificate))
    return tuple(found)


def maximise_concave(
    problem: Problem, minors: tuple[tuple[Expr, Certificate | None], ...], journal: Journal
) -> tuple[Optimum, ...]:
    """Every regime of a strictly concave problem with linear constraints.

    There is at most one maximum, so that cases which cover the parameters are all there are. Raises Refusal where they do not and
    another case cannot be settled.
    """
    curvature = journal.add(
        Concavity,
        given=problem.domain,
        objective=problem.objective,
        variables=problem.variables,
        minors=tuple(minor for minor, _ in minors),
        certificates=tuple(certificate for _, certificate in minors if certificate is not None),
    )
    closed = [item for item in problem.restrictions if not item.strict]
    cases: dict[frozenset[str], Optimum] = {}
    relaxed: set[tuple[frozenset[str], str]] = set()
    open_: list[Refusal] = []
    for size in range(min(len(problem.variables), len(closed)), -1, -1):
        for active in combinations(closed, size):
            mark = len(journal.steps)
            try:
                _case(problem, active, cases, relaxed, journal, curvature.label)
            except Refusal as refusal:
                open_.append(refusal)
                del journal.steps[mark:]
        if cases and (open_ or size > 0) and covers([case.region for case in cases.values()], problem.given):
            return tuple(reversed(cases.values()))
    if open_:
        raise open_[0]
    return tuple(reversed(cases.values()))


def _case(
    problem: Problem,
    active: tuple[Restriction, ...],
    cases: dict[frozenset[str], Optimum],
    relaxed: set[tuple[frozenset[str], str]],
    journal: Journal,
    premise: str,
) -> None:
    names = frozenset(item.name for item in active)
    spoken = (problem.objective, *problem.domain, *problem.variables)
    multipliers = tuple(unused(f"lambda_{i + 1}", spoken) for i in range(len(active)))
    lagrangian = problem.objective + sum(m * item.slack for m, item in zip(multipliers, active, strict=True))
    equations = tuple(lagrangian.diff(x) for x in problem.variables) + tuple(item.slack for item in active)
    roots = solve_system(equations, (*multipliers, *problem.variables), problem.given)
    if not roots:
        return
    if len(roots) > 1:
        raise Refusal("several stationary points of a strictly concave objective: the conditions are degenerate")
    values = dict(roots[0].values)
    conditions: list[Boolean] = [normal(values[m]) >= 0 for m in multipliers]
    for item in problem.restrictions:
        if item not in active:
            weak = (names, item.name) in relaxed
            slack = normal_at(item.slack, values)
            conditions.append(slack >= 0 if weak else slack > 0)
    conditions = list(unique(conditions))
    if sympy.false in conditions:
        return
    empty = refute((*problem.given, *conditions))
    if empty is not None:
        journal.add(
            EmptyCase,
            uses=(premise,),
            given=problem.given,
            active=tuple(item.slack for item in active),
            conditions=tuple(conditions),
            certificate=empty,
            values=roots[0].values,
            trail=roots[0].trail,
        )
        return
    for multiplier, item in zip(multipliers, active, strict=True):
        strict = [c for c in conditions if c != (normal(values[multiplier]) >= 0)]
        if refute((*problem.given, *strict, values[multiplier] > 0)) is not None:
            relaxed.add((names - {item.name}, item.name))
            return
    step = journal.add(
        Stationary,
        uses=(premise,),
        given=(*problem.given, *conditions),
        equations=equations,
        values=roots[0].values,
        trail=roots[0].trail,
    )
    chosen = tuple((x, values[x]) for x in problem.variables)
    cases[names] = Optimum(tuple(conditions), chosen, tuple(item.name for item in active), (), (premise, step.label))
