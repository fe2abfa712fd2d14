"""Verifiers of the steps about a payoff over a region of several choices.

Gradients, Hessians and minors are formed again from the objective and the constraints that the step states; what is asserted of
their signs has to be certified.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import sympy
from sympy import Expr, Integer, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from derive import programs, steps
from derive.certificates import Certificate
from derive.check.context import Context, proved, same
from derive.check.registry import need
from derive.check.sample import flat

__all__ = ["VERIFIERS"]

Vector = Sequence[Expr]


# --- what the steps are about ----------------------------------------------------------------------------------------------


def _gap(relation: Boolean) -> Expr:
    """The side of a constraint that is to be nonnegative."""
    need(relation.rel_op in (">", ">=", "<", "<="), f"{relation} is no inequality")
    return relation.gts - relation.lts


def _strict(relation: Boolean) -> bool:
    return relation.rel_op in (">", "<")


def _constant(expr: Expr, variables: Sequence[Symbol], what: str, context: Context) -> Expr:
    """An expression that does not depend on the variables, without them."""
    for x in variables:
        context.equal(expr.diff(x), Integer(0), f"{what} depends on {x}")
    return expr.xreplace(dict.fromkeys(variables, Integer(0)))


def _gradient(relation: Boolean, variables: Sequence[Symbol], context: Context) -> list[Expr]:
    return [_constant(_gap(relation).diff(x), variables, f"the slope of {relation} in {x}", context) for x in variables]


def _hessian(objective: Expr, variables: Sequence[Symbol], context: Context) -> list[list[Expr]]:
    return [[_constant(objective.diff(x, y), variables, "the curvature", context) for y in variables] for x in variables]


def _dot(left: Vector, right: Vector) -> Expr:
    return sympy.Add(*(a * b for a, b in zip(left, right, strict=True)))


def _bend(hessian: Sequence[Vector], direction: Vector) -> Expr:
    return _dot(direction, [_dot(row, direction) for row in hessian])


def _number(claim: Boolean, certificate: Certificate | None, known: Sequence[Boolean], what: str) -> None:
    """A claim on numbers, or one that the certificate proves."""
    claim = sympy.sympify(claim)
    need(claim != sympy.false, f"{what}: {claim}")
    if claim != sympy.true and certificate is None:
        gap = sympy.cancel(claim.lhs - claim.rhs)
        if gap.is_Rational:
            claim = claim.func(gap, 0)
            need(claim == sympy.true, f"{what}: {claim}")
    proved(claim, certificate, known, what)


# --- concave payoffs -------------------------------------------------------------------------------------------------------


def _weak_concavity(step: programs.WeakConcavity, context: Context) -> None:
    n = len(step.variables)
    hessian = Matrix([[step.objective.diff(x, y) for y in step.variables] for x in step.variables])
    rows = [chosen for order in range(1, n + 1) for chosen in combinations(range(n), order)]
    need(len(rows) == len(step.minors) == len(step.certificates), "a principal minor is missing")
    for chosen, minor, certificate in zip(rows, step.minors, step.certificates, strict=True):
        own = (-1) ** len(chosen) * hessian.extract(list(chosen), list(chosen)).det(method="berkowitz")
        context.equal(own, minor, f"the minor {chosen}")
        _number(minor >= 0, certificate, context.known, f"the minor {chosen}")
    for relation in context.known:
        for x in step.variables:
            for y in step.variables:
                if {x, y} <= relation.free_symbols:
                    context.equal(
                        (relation.lhs - relation.rhs).diff(x, y), Integer(0), f"{relation} need not leave a convex set"
                    )


def _global_maximum(step: programs.GlobalMaximum, context: Context) -> None:
    values = dict(step.values)
    need(set(values) == set(step.variables), "a value is missing")
    free = {s for s, v in values.items() if v == s}
    need(not any(v.free_symbols & (set(values) - free) for v in values.values()), "the values depend on the choices")
    strictly = _is_concave(step, context)
    count = len(step.constraints)
    need(count == len(step.multipliers) == len(step.certificates), "a multiplier is missing")
    gradients = [_gradient(relation, step.variables, context) for relation in step.constraints]
    for i, x in enumerate(step.variables):
        pull = _dot(step.multipliers, [gradient[i] for gradient in gradients]) if count else Integer(0)
        context.equal(step.objective.diff(x).xreplace(values) + pull, Integer(0), f"stationarity in {x}")
    attained, reached = True, False
    for relation, multiplier, certificate in zip(step.constraints, step.multipliers, step.certificates, strict=True):
        here = _gap(relation).xreplace(values)
        if multiplier == 0 and not same(here, Integer(0)):
            _number(here > 0 if _strict(relation) else here >= 0, certificate, context.known, f"{relation} holds")
            continue
        context.equal(here, Integer(0), f"{relation} binds")
        positive = _strict(relation) and not strictly
        attained = attained and not _strict(relation)
        reached = reached or _strict(relation)
        _number(multiplier > 0 if positive else multiplier >= 0, certificate, context.known, f"the multiplier of {relation}")
    need(attained == step.attained, "whether the maximum is attained is said wrongly")


def _is_concave(step: programs.GlobalMaximum, context: Context) -> bool:
    """Whether a premise shows strict concavity. Raises `Rejected` unless one shows concavity where this step speaks."""
    for premise in context.premises:
        if isinstance(premise, steps.Concavity | programs.WeakConcavity):
            same_problem = premise.objective == step.objective and set(premise.variables) == set(step.variables)
            known = flat((*context.known, *(_weaker(r) for r in step.constraints), *step.constraints))
            if same_problem and all(r in known for r in flat(premise.given)):
                return isinstance(premise, steps.Concavity)
    need(False, "no premise shows that the payoff is concave")
    return False


def _weaker(relation: Boolean) -> Boolean:
    return relation.gts >= relation.lts


def _root_bounds(step: programs.RootBounds, context: Context) -> None:
    variable, slack = step.variable, _gap(step.constraint)
    parts = (step.lead, step.centre, step.level, step.root)
    need(not any(variable in part.free_symbols for part in parts), "the bounds depend on the choice")
    context.equal(slack, step.lead * ((variable - step.centre) ** 2 - step.level), "the slack as a square")
    _number(step.lead < 0, step.certificate, context.known, "the constraint is concave")
    possible = flat((*context.known, step.level > 0 if _strict(step.constraint) else step.level >= 0))
    context.equal(step.root**2, step.level, "the root")
    _number(step.root >= 0, step.nonnegative, possible, "the root is the one that is not negative")


def _outer_bound(step: programs.OuterBound, context: Context) -> None:
    x, slack = step.variable, _gap(step.constraint)
    parts = (step.lead, step.centre, step.level, step.root)
    need(not any(x in part.free_symbols for part in parts), "the bound depends on the choice")
    context.equal(slack, step.lead * ((x - step.centre) ** 2 - step.level), "the slack as a square")
    apart = tuple(relation for relation in context.known if x not in relation.free_symbols)
    _number(step.lead > 0, step.certificate, apart, "the constraint is convex")
    _number(step.level >= 0, step.exists, apart, "there are roots")
    context.equal(step.root**2, step.level, "the root")
    _number(step.root >= 0, step.nonnegative, apart, "the root is the one that is not negative")
    gap = step.centre - x if step.upper else x - step.centre
    proved(sympy.Ge(gap, 0, evaluate=False), step.side, context.known, "the side of the centre on which the choice lies")


def _lagrangian_maximum(step: programs.LagrangianMaximum, context: Context) -> None:
    values = dict(step.values)
    need(set(values) == set(step.variables), "a value is missing")
    need(not any(v.free_symbols & set(values) for v in values.values()), "the values depend on the choices")
    need(len(step.constraints) == len(step.multipliers) == len(step.certificates), "a multiplier is missing")
    need(len(step.minors) == len(step.concave) == len(step.variables), "a minor is missing")
    need(not any(m.free_symbols & set(values) for m in step.multipliers), "a multiplier depends on the choices")
    need(not any(_strict(relation) for relation in step.constraints), "a constraint is strict")
    lagrangian = step.objective + _dot(step.multipliers, [_gap(relation) for relation in step.constraints])
    hessian = Matrix(_hessian(lagrangian, step.variables, context))
    for order, (minor, certificate) in enumerate(zip(step.minors, step.concave, strict=True), 1):
        context.equal((-1) ** order * hessian[:order, :order].det(method="berkowitz"), minor, f"the minor {order}")
        _number(minor > 0, certificate, context.known, f"the minor {order}")
    for x in step.variables:
        context.equal(lagrangian.diff(x).xreplace(values), Integer(0), f"stationarity in {x}")
    for relation, multiplier, certificate in zip(step.constraints, step.multipliers, step.certificates, strict=True):
        here = _gap(relation).xreplace(values)
        if multiplier == 0:
            _number(here >= 0, certificate, context.known, f"{relation} holds")
            continue
        context.equal(here, Integer(0), f"{relation} binds")
        _number(multiplier >= 0, certificate, context.known, f"the multiplier of {relation}")


# --- no maximum ------------------------------------------------------------------------------------------------------------


def _infeasible(step: programs.Infeasible, context: Context) -> None:
    proved(sympy.false, step.certificate, (*context.known, *step.constraints), "the contradiction")


def _recession(step: programs.Recession, context: Context) -> None:
    variables = step.variables
    need(len(step.point) == len(step.direction) == len(variables), "a component is missing")
    need(len(step.feasible) == len(step.open_ended) == len(step.constraints), "a certificate is missing")
    need(not any(e.free_symbols & set(variables) for e in (*step.point, *step.direction)), "the ray depends on the choices")
    at = dict(zip(variables, step.point, strict=True))
    for relation, holds, stays in zip(step.constraints, step.feasible, step.open_ended, strict=True):
        gap = _gap(relation).xreplace(at)
        _number(gap > 0 if _strict(relation) else gap >= 0, holds, context.known, f"the point satisfies {relation}")
        slope = _dot(_gradient(relation, variables, context), step.direction)
        _number(slope >= 0, stays, context.known, f"the direction keeps {relation}")
    bend = _bend(_hessian(step.objective, variables, context), step.direction)
    _number(bend >= 0, step.curvature, context.known, "the second derivative")
    slope = _dot(step.direction, [step.objective.diff(x) for x in variables])
    known = (*context.known, *step.constraints)
    if step.accelerating:
        _number(bend > 0, step.growth, context.known, "the second derivative")
    else:
        _number(slope > 0, step.growth, known, "the first derivative")


# --- not concave -----------------------------------------------------------------------------------------------------------


def _existence(step: programs.Existence, context: Context) -> None:
    variables, directions = step.variables, step.directions
    need(len(directions) == len(variables), "a direction is missing")
    used = {s for r in (*context.known, *step.constraints) for s in r.free_symbols} | step.objective.free_symbols
    need(not used & set(directions), "the names of the directions are taken")
    need(not any(_strict(relation) for relation in step.constraints), "the set is not closed")
    cone = [_dot(_gradient(relation, variables, context), directions) >= 0 for relation in step.constraints]
    bend = _bend(_hessian(step.objective, variables, context), directions)
    need(len(step.certificates) == 2 * len(variables), "a certificate is missing")
    left = iter(step.certificates)
    for d in directions:
        for side in (d > 0, d < 0):
            certificate = next(left)
            if certificate.claim == sympy.false:
                proved(sympy.false, certificate, flat((*context.known, *cone, side)), f"no direction with {side}")
            else:
                proved(bend < 0, certificate, flat((*context.known, *cone, side)), f"the second derivative where {side}")


def _only_candidates(step: programs.OnlyCandidates, context: Context) -> None:
    found = [p for p in context.premises if isinstance(p, programs.Existence)]
    need(
        any(
            p.objective == step.objective and p.variables == step.variables and p.constraints == step.constraints for p in found
        ),
        "no premise shows that there is a maximum",
    )
    n, count = len(step.variables), len(step.constraints)
    sets = {active for size in range(min(n, count) + 1) for active in combinations(range(count), size)}
    need({case.active for case in step.cases} == sets and len(step.cases) == len(sets), "a set of constraints is missing")
    gradients = [_gradient(relation, step.variables, context) for relation in step.constraints]
    hessian = _hessian(step.objective, step.variables, context)
    for case in step.cases:
        _binding_case(case, step, gradients, hessian, context)


def _binding_case(
    case: programs.BindingCase,
    step: programs.OnlyCandidates,
    gradients: Sequence[Vector],
    hessian: Sequence[Vector],
    context: Context,
) -> None:
    own, n = [gradients[j] for j in case.active], len(step.variables)
    if case.dependent:
        need(len(case.dependent) == len(own) and any(w.is_Rational and w != 0 for w in case.dependent), "no combination")
        for i in range(n):
            context.equal(_dot(case.dependent, [row[i] for row in own]), Integer(0), f"dependent constraints {case.active}")
        return
    if case.flat:
        need(len(case.flat) == n and any(d.is_Rational and d != 0 for d in case.flat), "no direction")
        for row in own:
            context.equal(_dot(row, case.flat), Integer(0), f"a direction along the constraints {case.active}")
        _number(_bend(hessian, case.flat) >= 0, case.certificate, context.known, f"the curvature along {case.active}")
        return
    need(len(case.values) == n and len(case.multipliers) == len(own), "a value is missing")
    at = dict(zip(step.variables, case.values, strict=True))
    for i, x in enumerate(step.variables):
        pull = _dot(case.multipliers, [row[i] for row in own]) if own else Integer(0)
        context.equal(step.objective.diff(x).xreplace(at) + pull, Integer(0), f"stationarity in {x} with {case.active}")
    gaps = [_gap(relation).xreplace(at) for relation in step.constraints]
    for j in case.active:
        context.equal(gaps[j], Integer(0), f"constraint {j} binds")
    zero = Integer(0)
    rows = [[*hessian[i], *(row[i] for row in own)] for i in range(n)] + [[*row, *(zero for _ in own)] for row in own]
    if case.certificate is not None:
        sign = (-1) ** n * Matrix(rows).det(method="berkowitz")
        others = [gap >= 0 for j, gap in enumerate(gaps) if j not in case.active]
        conditions = flat((*context.known, *(m >= 0 for m in case.multipliers), *others, sign > 0))
        proved(sympy.false, case.certificate, conditions, f"the conditions with {case.active} contradict each other")


VERIFIERS = {
    programs.WeakConcavity: _weak_concavity,
    programs.GlobalMaximum: _global_maximum,
    programs.Infeasible: _infeasible,
    programs.LagrangianMaximum: _lagrangian_maximum,
    programs.Recession: _recession,
    programs.OuterBound: _outer_bound,
    programs.RootBounds: _root_bounds,
    programs.Existence: _existence,
    programs.OnlyCandidates: _only_candidates,
}
