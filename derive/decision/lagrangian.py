"""Quadratic payoffs of several choices under constraints some of which are quadratic as well: a resource, a budget in utilities.

Where the conditions of Karush, Kuhn and Tucker hold with multipliers that make the Lagrangian strictly concave, there is the only
maximum, whatever the shape of each constraint. The conditions are solved for every set of binding constraints with at most one
curved one among them, along the line on which the others bind where they leave one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy
from sympy import Expr, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import kernel, solve_linear
from derive.algebra.marginal import signed_product
from derive.certificates import Certificate
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Problem, needed, unique
from derive.decision.regions import Region, emptiness, uncovered, without
from derive.decision.seams import square_root
from derive.decision.unbounded import impossible
from derive.errors import Refusal
from derive.field import NotRational, coefficients, derivative, normal
from derive.placed import normal_at
from derive.programs import LagrangianMaximum
from derive.prove import prove
from derive.solution import Without

Vector = tuple[Expr, ...]
# Sets of constraints looked into.
MOST = 60


@dataclass(frozen=True)
class _Stationary:
    """A choice at which the conditions hold with the constraints `active` (by number) binding, where it is defined."""

    active: tuple[int, ...]
    values: Vector
    multipliers: Vector
    exists: tuple[Boolean, ...] = ()


def by_lagrangian(problem: Problem, journal: Journal) -> Outcome | None:
    """Every regime of a problem with curved constraints; None where it is not of this kind. Raises Refusal where it is not settled."""
    if not _is_curved(problem):
        return None
    optima: list[Optimum] = []
    sets = [a for size in range(len(problem.variables) + 1) for a in combinations(range(len(problem.restrictions)), size)]
    if len(sets) > MOST:
        raise Refusal(f"{len(sets)} sets of constraints may bind, more than are looked into")
    for active in sets:
        for point in _stationary(problem, active):
            optima += _where_best(problem, point, [o.region for o in optima], journal)
    reason = "no choice at which the conditions of a maximum hold was found there"
    holes = uncovered([o.region for o in optima], problem.given)
    nothing = tuple(impossible(problem, hole, journal) or Nothing(hole, Without.UNSETTLED, reason) for hole in holes)
    if not optima:
        raise Refusal("no choice at which the conditions hold was found", symbol=", ".join(map(str, problem.variables)))
    return Outcome(tuple(optima), nothing)


def _is_curved(problem: Problem) -> bool:
    """Whether everything is quadratic in the choices, a restriction too, and none is strict."""
    variables = problem.variables
    if any(r.strict for r in problem.restrictions):
        return False
    try:
        bends = [[_bend(expr, variables)] for expr in (problem.objective, *(r.slack for r in problem.restrictions))]
    except (NotRational, ZeroDivisionError):
        return False
    entries = [entry for bend in bends for rows in bend for row in rows for entry in row]
    constant = not any(entry.free_symbols & set(variables) or entry.has(sympy.nan, sympy.zoo) for entry in entries)
    return constant and any(entry != 0 for bend in bends[1:] for rows in bend for row in rows for entry in row)


def _bend(expr: Expr, variables: Sequence[Symbol]) -> tuple[Vector, ...]:
    return tuple(tuple(derivative(expr, x, y) for y in variables) for x in variables)


def _gradient(expr: Expr, variables: Sequence[Symbol]) -> Vector:
    return tuple(derivative(expr, x) for x in variables)


def _dot(left: Sequence[Expr], right: Sequence[Expr]) -> Expr:
    return sympy.Add(*(a * b for a, b in zip(left, right, strict=True)))


# --- where the conditions hold ---------------------------------------------------------------------------------------------


def _stationary(problem: Problem, active: tuple[int, ...]) -> Iterator[_Stationary]:
    variables = problem.variables
    slacks = [problem.restrictions[j].slack for j in active]
    curved = [j for j, s in zip(active, slacks, strict=True) if any(entry != 0 for row in _bend(s, variables) for entry in row)]
    straight = tuple(j for j in active if j not in curved)
    if not curved:
        yield from _straight(problem, active)
    elif len(curved) == 1 and len(straight) == len(variables) - 1:
        yield from _on_a_line(problem, straight, curved[0])
    elif len(curved) == 1:
        yield from _by_scale(problem, straight, curved[0])


def _origin(problem: Problem) -> dict[Symbol, Expr]:
    return dict.fromkeys(problem.variables, sympy.Integer(0))


def _conditions(problem: Problem, straight: Sequence[int], payoff: Expr) -> tuple[Vector, Vector] | None:
    """Choices and multipliers of linear constraints where these bind and a quadratic payoff is stationary along them."""
    variables, at = problem.variables, _origin(problem)
    rows = [_gradient(problem.restrictions[j].slack, variables) for j in straight]
    bend = _bend(payoff, variables)
    zero = sympy.Integer(0)
    system = [[*bend[i], *(row[i] for row in rows)] for i in range(len(variables))] + [
        [*row, *(zero for _ in rows)] for row in rows
    ]
    right = [normal(-slope.xreplace(at)) for slope in _gradient(payoff, variables)]
    right += [normal(-problem.restrictions[j].slack.xreplace(at)) for j in straight]
    found = solve_linear(system, right)
    return None if found is None else (found[0][: len(variables)], found[0][len(variables) :])


def _straight(problem: Problem, active: tuple[int, ...]) -> Iterator[_Stationary]:
    found = _conditions(problem, active, problem.objective)
    if found is not None:
        yield _Stationary(active, *found)


def _on_a_line(problem: Problem, straight: tuple[int, ...], curved: int) -> Iterator[_Stationary]:
    """Linear constraints leave a line, which the curved one cuts in two points."""
    variables, at = problem.variables, _origin(problem)
    rows = [_gradient(problem.restrictions[j].slack, variables) for j in straight]
    basis = kernel(rows, len(variables)) if rows else ((sympy.Integer(1),),)
    if len(basis) != 1:
        return
    right = [normal(-problem.restrictions[j].slack.xreplace(at)) for j in straight]
    free = basis[0].index(sympy.Integer(1))
    alone = [sympy.Integer(int(i == free)) for i in range(len(variables))]
    start = solve_linear([*rows, alone], [*right, sympy.Integer(0)])
    if start is None:
        return
    step = Symbol("t", real=True)
    line = {x: p + step * d for x, p, d in zip(variables, start[0], basis[0], strict=True)}
    along = problem.restrictions[curved].slack.xreplace(line)
    lead, first = normal(derivative(along, step, step) / 2), normal(derivative(along, step).xreplace({step: sympy.Integer(0)}))
    if lead == 0:
        return
    centre = normal(-first / (2 * lead))
    level = normal(centre**2 - along.xreplace({step: sympy.Integer(0)}) / lead)
    core = signed_product(level, problem.given).core
    if core.is_Rational and core <= 0:
        return  # the line touches the curve at most, where no multiplier need exist
    exists = () if core.is_Rational else (core > 0,)
    root = square_root(level, (*problem.given, *exists))
    for side in (root, -root):
        values = tuple(normal_at(value, {step: centre + side}) for value in line.values())
        pull = _slope(problem.objective, basis[0], values, variables)
        multiplier = normal(-pull / (2 * lead * side))
        others = _balancing(problem, straight, problem.objective + multiplier * problem.restrictions[curved].slack, values)
        if others is not None:
            yield _Stationary((*straight, curved), values, (*others, multiplier), exists)


def _slope(expr: Expr, direction: Vector, values: Vector, variables: Sequence[Symbol]) -> Expr:
    at = dict(zip(variables, values, strict=True))
    return normal(_dot(_gradient(expr, variables), direction).xreplace(at))


def _balancing(problem: Problem, straight: Sequence[int], payoff: Expr, values: Vector) -> Vector | None:
    """The multipliers of linear constraints with which a payoff is stationary at a choice at which it is along them."""
    variables = problem.variables
    at = dict(zip(variables, values, strict=True))
    rows = [_gradient(problem.restrictions[j].slack, variables) for j in straight]
    pull = [normal_at(slope, at) for slope in _gradient(payoff, variables)]
    for chosen in combinations(range(len(variables)), len(rows)):
        found = solve_linear([[row[i] for row in rows] for i in chosen], [-pull[i] for i in chosen])
        if found is not None:
            return found[0]
    return None


def _by_scale(problem: Problem, straight: tuple[int, ...], curved: int) -> Iterator[_Stationary]:
    """The choice as a function of the curved constraint's multiplier, which is then found from that constraint."""
    scale = Symbol("m", real=True)
    slack = problem.restrictions[curved].slack
    found = _conditions(problem, straight, problem.objective + scale * slack)
    if found is None:
        return
    level = sympy.fraction(normal_at(slack, dict(zip(problem.variables, found[0], strict=True))))[0]
    parts = coefficients(level, scale)
    if parts is None or len(parts) != 3 or parts[1] != 0:
        return
    square = normal(-parts[0] / parts[2])
    core = signed_product(square, problem.given).core
    exists = () if core.is_Rational and core > 0 else (core > 0,)
    at = {scale: square_root(square, (*problem.given, *exists))}
    values, others = (tuple(normal_at(value, at) for value in part) for part in found)
    yield _Stationary((*straight, curved), values, (*others, at[scale]), exists)


# --- where that is the maximum ---------------------------------------------------------------------------------------------


def _where_best(problem: Problem, point: _Stationary, taken: Sequence[Region], journal: Journal) -> list[Optimum]:
    """The point on the regions, apart from those taken, where its multipliers are nonnegative and it is admissible."""
    at = dict(zip(problem.variables, point.values, strict=True))
    slacks = {j: normal_at(r.slack, at) for j, r in enumerate(problem.restrictions) if j not in point.active}
    known = (*problem.given, *point.exists)
    quantities = (*point.multipliers, *slacks.values())
    conditions = unique((*point.exists, *(_core(q, known) >= 0 for q in quantities)))
    if sympy.false in conditions or emptiness(conditions, problem.given) is not None:
        return []
    cells: list[Region] = [(*point.exists, *needed(conditions, known))]
    for region in taken:
        cells = [part for cell in cells for part in without(cell, region, problem.given)]
    return [_proved(problem, point, unique(cell), slacks, journal) for cell in cells]


def _core(quantity: Expr, known: Region) -> Expr:
    return quantity if quantity.is_Rational else signed_product(quantity, known).core


def _proved(problem: Problem, point: _Stationary, cell: Region, slacks: dict[int, Expr], journal: Journal) -> Optimum:
    known = unique((*problem.given, *cell))
    multipliers = dict(zip(point.active, point.multipliers, strict=True))
    claims = [multipliers.get(j, slacks.get(j, sympy.Integer(0))) for j in range(len(problem.restrictions))]
    weights = [multipliers.get(j, sympy.Integer(0)) for j in range(len(problem.restrictions))]
    lagrangian = problem.objective + _dot(weights, [r.slack for r in problem.restrictions])
    hessian = Matrix(_bend(lagrangian, problem.variables))
    minors = tuple(
        normal((-1) ** order * hessian[:order, :order].det(method="berkowitz"))
        for order in range(1, len(problem.variables) + 1)
    )
    step = journal.add(
        LagrangianMaximum,
        given=known,
        objective=problem.objective,
        variables=problem.variables,
        constraints=tuple(r.relation for r in problem.restrictions),
        values=tuple(zip(problem.variables, point.values, strict=True)),
        multipliers=tuple(weights),
        certificates=tuple(_certified(claim, False, known) for claim in claims),
        minors=minors,
        concave=tuple(_certified(minor, True, known) for minor in minors),
    )
    names = tuple(problem.restrictions[j].name for j in sorted(point.active))
    return Optimum(cell, tuple(zip(problem.variables, point.values, strict=True)), names, (), (step.label,))


def _certified(quantity: Expr, strictly: bool, known: Region) -> Certificate | None:
    claim = sympy.Gt(quantity, 0, evaluate=False) if strictly else sympy.Ge(quantity, 0, evaluate=False)
    certificate = None if quantity.is_Rational else prove(claim, known)
    if certificate is None and not (quantity.is_Rational and claim.doit()):
        if strictly:
            raise Refusal("that the payoff with the constraints, each with its multiplier, is strictly concave is not proved")
        raise Refusal(f"that {claim} where the conditions hold is not proved")
    return certificate
