"""Quadratic payoffs that are not concave: all choices that can be best, compared.

A maximum exists where the payoff falls in every direction in which the admissible set is unbounded. One of the maximisers has as
many independent constraints binding as possible; along them the payoff is strictly concave, and the Karush-Kuhn-Tucker conditions
hold. So finitely many candidates are left, each a formula with the region on which it is admissible.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import sympy
from sympy import Expr, Symbol

from derive.algebra.elimination import kernel, solve_linear
from derive.algebra.marginal import signed_product
from derive.certificates import Certificate
from derive.decision.compare import Candidate, best, differ, same_choice
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, needed, unique
from derive.decision.quadratic import Active, Quadratic, Solved
from derive.decision.regions import Region, emptiness, uncovered
from derive.decision.unbounded import Vector, curvature, no_maximum
from derive.errors import Refusal
from derive.field import normal
from derive.placed import normal_at
from derive.programs import BindingCase, Existence, OnlyCandidates
from derive.prove import prove, refute
from derive.prove.oracle import satisfiable

# Sets of constraints looked into.
MOST = 300


def best_candidates(form: Quadratic, journal: Journal) -> Outcome | None:
    """Every regime, by comparison of all candidates; None where the existence of a maximum is not proved."""
    candidates = all_candidates(form, journal)
    if candidates is None:
        return None
    chosen = best(candidates, form.problem.given, journal)
    optima = tuple(item.optimum for item in chosen)
    nothing = _rest(form, optima, journal)
    return Outcome(optima, nothing, tuple(_ties(chosen, candidates, form.problem.given)))


def all_candidates(form: Quadratic, journal: Journal) -> list[Candidate] | None:
    """All choices that can be best, each where it is admissible; None where the existence of a maximum is not proved."""
    if any(restriction.strict for restriction in form.problem.restrictions):
        return None
    existence = _existence(form, journal)
    return None if existence is None else _candidates(form, existence.label, journal)


def _rest(form: Quadratic, optima: Sequence[Optimum], journal: Journal) -> tuple[Nothing, ...]:
    """What no candidate covers is infeasible: a maximum exists wherever a choice does."""
    missing = uncovered([optimum.region for optimum in optima], form.problem.given)
    return tuple(gap for cell in missing for gap in no_maximum(form, cell, journal))


# --- a maximum exists ------------------------------------------------------------------------------------------------------


def _existence(form: Quadratic, journal: Journal) -> Existence | None:
    problem = form.problem
    taken = {s.name for s in (*form.symbols, *problem.variables)}
    directions = tuple(Symbol(_fresh(f"d_{x.name}", taken), real=True) for x in problem.variables)
    cone = tuple(
        normal(sympy.Add(*(a * d for a, d in zip(row, directions, strict=True)))) >= 0 for row in form.gradients if any(row)
    )
    bend = curvature(form, directions)
    certificates: list[Certificate] = []
    for direction in directions:
        for side in (direction > 0, direction < 0):
            known = unique((*problem.given, *cone, side))
            certificate = emptiness((), known) or prove(bend < 0, known)
            if certificate is None:
                return None
            certificates.append(certificate)
    return journal.add(
        Existence,
        given=problem.given,
        objective=problem.objective,
        variables=problem.variables,
        constraints=tuple(r.relation for r in problem.restrictions),
        directions=directions,
        certificates=tuple(certificates),
    )


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


# --- all candidates --------------------------------------------------------------------------------------------------------


def _candidates(form: Quadratic, premise: str, journal: Journal) -> list[Candidate]:
    problem, count = form.problem, len(form.offsets)
    sets = [active for size in range(min(form.size, count) + 1) for active in combinations(range(count), size)]
    if len(sets) > MOST:
        raise Refusal(f"{len(sets)} sets of constraints may bind, more than are looked into")
    cases: list[BindingCase] = []
    kept: list[tuple[Solved, Region]] = []
    for active in sets:
        case, found = _case(form, active)
        cases.append(case)
        kept += [] if found is None else [found]
    step = journal.add(
        OnlyCandidates,
        uses=(premise,),
        given=problem.given,
        objective=problem.objective,
        variables=problem.variables,
        constraints=tuple(r.relation for r in problem.restrictions),
        cases=tuple(cases),
    )
    return [_candidate(form, solved, region, (premise, step.label)) for solved, region in kept]


def _case(form: Quadratic, active: Active) -> tuple[BindingCase, tuple[Solved, Region] | None]:
    given = form.problem.given
    rows = [form.gradients[j] for j in active]
    combination = kernel([[row[i] for row in rows] for i in range(form.size)], len(active)) if rows else ()
    if combination:
        return BindingCase(active=active, dependent=combination[0]), None
    flat = _flat(form, kernel(rows, form.size), given)
    if flat is not None:
        return BindingCase(active=active, flat=flat[0], certificate=flat[1]), None
    solved = form.solved(active)
    if solved is None:
        raise Refusal(f"the conditions with {_named(form, active)} binding have no single solution")
    slacks = [form.slack(j, solved.values) for j in range(len(form.offsets)) if j not in active]
    sign = normal((-1) ** form.size * solved.determinant)
    conditions = unique((sign > 0, *(m >= 0 for m in solved.multipliers), *(s >= 0 for s in slacks)))
    case = BindingCase(active=active, values=solved.values, multipliers=solved.multipliers)
    certificate = emptiness(conditions, given)
    if certificate is not None:
        return BindingCase(active=active, values=solved.values, multipliers=solved.multipliers, certificate=certificate), None
    core = _core(sign, given)
    positive = (core > 0,) if not core.is_Rational and prove(core > 0, given) is None else ()
    known = (*given, *positive)
    region = unique((*positive, *(_core(q, known) >= 0 for q in (*solved.multipliers, *slacks))))
    return case, (solved, needed(region, given))


def _core(expr: Expr, given: Region) -> Expr:
    return expr if expr.is_Rational else signed_product(expr, given).core


def _named(form: Quadratic, active: Active) -> str:
    return " and ".join(form.problem.restrictions[j].name for j in active) or "nothing"


def _flat(form: Quadratic, basis: Sequence[Vector], given: Region) -> tuple[Vector, Certificate | None] | None:
    """A direction along the constraints in which the payoff is proved not to be strictly concave; None when none is found.

    The directions tried are those of the basis with the ones before it following optimally: the payoff is strictly concave along
    the constraints exactly where all their curvatures are negative.
    """
    for order, last in enumerate(basis):
        before = basis[:order]
        follow = solve_linear([[_mixed(form, p, q) for q in before] for p in before], [-_mixed(form, p, last) for p in before])
        if follow is None:
            return None
        parts = [tuple(weight * e for e in vector) for weight, vector in zip(follow[0], before, strict=True)]
        direction = tuple(normal(sympy.Add(*column)) for column in zip(last, *parts, strict=True))
        bend = curvature(form, direction)
        if bend.is_Rational:
            if bend >= 0:
                return direction, None
        else:
            claim = bend >= 0
            certificate = None if satisfiable((*given, bend < 0)) is True else prove(claim, given)
            if certificate is not None:
                return direction, certificate
            if refute((*given, bend < 0)) is not None:
                return None
    return None


def _mixed(form: Quadratic, first: Vector, second: Vector) -> Expr:
    terms = (form.hessian[i][j] * first[i] * second[j] for i in range(form.size) for j in range(form.size))
    return normal(sympy.Add(*terms))


def _candidate(form: Quadratic, solved: Solved, region: Region, labels: tuple[str, ...]) -> Candidate:
    problem = form.problem
    values = tuple(zip(problem.variables, solved.values, strict=True))
    names = tuple(problem.restrictions[j].name for j in solved.active)
    return Candidate(Optimum(region, values, names, (), labels), normal_at(problem.objective, dict(values)))


def _ties(chosen: Sequence[Candidate], candidates: Sequence[Candidate], given: Region) -> list[Region]:
    """Where another candidate is as good as the one listed, at a different choice."""
    found: list[Region] = []
    for first in chosen:
        for second in candidates:
            gap = normal(first.value - second.value)
            if gap == 0 or same_choice(first.optimum, second.optimum):
                continue
            tie = unique((*first.optimum.region, *second.optimum.region, sympy.Eq(gap, 0)))
            if emptiness(tie, given) is None and differ(first.optimum, second.optimum, (*given, *tie)):
                found.append(unique((*first.optimum.region, sympy.Eq(gap, 0))))
    return list(dict.fromkeys(found))
