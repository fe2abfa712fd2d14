"""Why a quadratic payoff has no maximum on a region: the constraints contradict one another, or it grows without bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

import sympy
from sympy import Expr

from derive.algebra.elimination import kernel, solve_linear
from derive.algebra.marginal import sign_of
from derive.algebra.shape import simplest
from derive.certificates import Certificate
from derive.decision.problem import Journal, Nothing, Problem, unique
from derive.decision.quadratic import Quadratic
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import normal
from derive.programs import Infeasible, Recession
from derive.prove import prove, refute
from derive.solution import Without

# Points tried in the search for an admissible one.
TRIES = 64
Vector = tuple[Expr, ...]
ZERO = sympy.Integer(0)


def no_maximum(form: Quadratic, region: Region, journal: Journal) -> tuple[Nothing, ...]:
    """The region with the proved reason why there is no maximum on it, or as not settled."""
    found = impossible(form.problem, region, journal) or recession(form, region, journal)
    reason = "neither a maximum nor a reason why there is none was proved"
    return (found or Nothing(region, Without.UNSETTLED, reason),)


def impossible(problem: Problem, region: Region, journal: Journal) -> Nothing | None:
    """The region as one on which the constraints contradict one another; None where that is not proved."""
    known = unique((*problem.given, *_cleared(region, problem.given)))
    constraints = tuple(r.relation for r in problem.restrictions)
    certificate = refute((*known, *constraints))
    if certificate is None:
        return None
    journal.add(Infeasible, given=known, variables=problem.variables, constraints=constraints, certificate=certificate)
    return Nothing(region, Without.INFEASIBLE, "no choice satisfies all constraints")


def _cleared(region: Region, given: Region) -> Region:
    """The region with quotients cleared where the signs of their denominators are known."""
    try:
        return simplest(region, given)
    except Refusal:
        return region


def without_choice(problem: Problem, region: Region, journal: Journal) -> tuple[Nothing, ...]:
    """The region as one on which the constraints contradict one another, or as not settled."""
    found = impossible(problem, region, journal)
    return (found or Nothing(region, Without.UNSETTLED, "no best choice was found there"),)


# --- growth without bound --------------------------------------------------------------------------------------------------


def recession(form: Quadratic, region: Region, journal: Journal) -> Nothing | None:
    """Shown by a direction in which one may go on forever and which pays ever more."""
    problem = form.problem
    known = unique((*problem.given, *region))
    start: tuple[Vector, tuple[Certificate | None, ...]] | None = None
    for direction in _directions(form, known):
        open_ended = _all_nonnegative([_along(form, j, direction) for j in range(len(form.offsets))], known)
        growth = _growth(form, direction, known) if open_ended is not None else None
        if open_ended is None or growth is None:
            continue
        start = start or _admissible(form, known)
        if start is None:
            return None
        journal.add(
            Recession,
            given=known,
            objective=problem.objective,
            variables=problem.variables,
            constraints=tuple(r.relation for r in problem.restrictions),
            point=start[0],
            feasible=start[1],
            direction=direction,
            open_ended=open_ended,
            curvature=growth[0],
            accelerating=growth[1],
            growth=growth[2],
        )
        named = ", ".join(f"{x}: {d}" for x, d in zip(problem.variables, direction, strict=True) if d != 0)
        return Nothing(region, Without.UNBOUNDED, f"the payoff grows without bound in the direction {named}")
    return None


def _along(form: Quadratic, number: int, direction: Vector) -> Expr:
    return normal(sympy.Add(*(a * d for a, d in zip(form.gradients[number], direction, strict=True))))


def curvature(form: Quadratic, direction: Vector) -> Expr:
    """The second derivative of the payoff along a direction."""
    terms = (form.hessian[i][j] * direction[i] * direction[j] for i in range(form.size) for j in range(form.size))
    return normal(sympy.Add(*terms))


def _growth(form: Quadratic, direction: Vector, known: Region) -> tuple[Certificate | None, bool, Certificate | None] | None:
    """Certificates that the second derivative along the direction is nonnegative, and that it (true) or the first is positive."""
    bend = curvature(form, direction)
    weak = None
    if bend.is_Rational:
        if bend != 0:
            return (None, True, None) if bend > 0 else None
    else:
        strictly = prove(bend > 0, known)
        if strictly is not None:
            return strictly, True, strictly
        weak = prove(bend >= 0, known)
        if weak is None:
            return None
    slope = normal(
        sympy.Add(*(d * form.problem.objective.diff(x) for d, x in zip(direction, form.problem.variables, strict=True)))
    )
    if slope.is_Rational:
        return (weak, False, None) if slope > 0 else None
    rising = prove(slope > 0, (*known, *(r.relation for r in form.problem.restrictions)))
    return None if rising is None else (weak, False, rising)


def _directions(form: Quadratic, known: Region) -> Iterator[Vector]:
    """Directions worth trying: single choices, single choices with the others following them optimally, edges of the constraints."""
    size = form.size
    unit = [tuple(sympy.Integer(int(i == k)) for i in range(size)) for k in range(size)]
    found: list[Vector] = list(unit)
    for count in range(1, size):
        for others in combinations(range(size), count):
            for k in (k for k in range(size) if k not in others):
                solution = solve_linear(
                    [[form.hessian[i][j] for j in others] for i in others], [-form.hessian[i][k] for i in others]
                )
                if solution is not None and (solution[1].is_Rational or sign_of(solution[1], known) is not None):
                    follow = dict(zip(others, solution[0], strict=True))
                    found.append(tuple(follow.get(i, unit[k][i]) for i in range(size)))
    for count in range(1, size):
        for active in combinations(range(len(form.offsets)), count):
            basis = kernel([form.gradients[j] for j in active], size)
            found += [basis[0]] if len(basis) == 1 else []
    if size == 2:
        found += [tuple(sympy.Integer(e) for e in pair) for pair in ((1, 1), (1, -1))]
    for direction in dict.fromkeys(found):
        yield direction
        yield tuple(normal(-d) for d in direction)


def _all_nonnegative(quantities: Sequence[Expr], known: Region) -> tuple[Certificate | None, ...] | None:
    certificates = []
    for quantity in quantities:
        certificate = None if quantity.is_Rational else prove(quantity >= 0, known)
        if certificate is None and not (quantity.is_Rational and quantity >= 0):
            return None
        certificates.append(certificate)
    return tuple(certificates)


def _admissible(form: Quadratic, known: Region) -> tuple[Vector, tuple[Certificate | None, ...]] | None:
    """A choice proved to satisfy every constraint: each component zero or at one of its own bounds, or beyond all of them."""
    options: list[list[Expr]] = []
    for i in range(form.size):
        own: list[Expr] = [ZERO]
        for gradient, offset, restriction in zip(form.gradients, form.offsets, form.problem.restrictions, strict=True):
            if gradient[i] != 0 and all(g == 0 for k, g in enumerate(gradient) if k != i):
                bound = normal(-offset / gradient[i])
                own.append(bound)
                if restriction.strict:
                    own += [normal(bound + 1), normal(bound - 1)]
        options.append(list(dict.fromkeys((*own, *_beyond(own, known)))))
    for number, point in enumerate(product(*options)):
        if number >= TRIES:
            break
        certificates = []
        for j, restriction in enumerate(form.problem.restrictions):
            claim = replace(restriction, slack=form.slack(j, point)).relation
            certificate = prove(claim, known) if claim not in (sympy.true, sympy.false) else None
            if certificate is None and claim != sympy.true:
                break
            certificates.append(certificate)
        else:
            return point, tuple(certificates)
    return None


def _beyond(bounds: Sequence[Expr], known: Region) -> tuple[Expr, ...]:
    """What is above all bounds, as far as the signs of their terms are seen: the sum of those that are positive."""
    terms = {term for bound in bounds if not bound.is_Rational for term in sympy.Add.make_args(sympy.expand(bound))}
    if len(bounds) < 2 or not any(bound.is_Add or sympy.expand(bound).is_Add for bound in bounds):
        return ()
    positive = [term for term in sorted(terms, key=sympy.default_sort_key) if sign_of(term, known, splits=0) == 1]
    return (normal(sympy.Add(*positive)),) if positive else ()
