"""Choices that constraints see through a curve alone: a wage through the utility it gives.

Where every constraint depends on a choice only by way of one increasing function of it (a root, a logarithm, an exponential), the value
of that function is taken as the choice. Constraints become linear, and what was a payment becomes its cost, which is convex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Pow, Symbol, exp, log
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.algebra.spread import put_together
from derive.certificates import Certificate
from derive.contracts.steps import CurvedVariable
from derive.decision.newvariable import fresh
from derive.decision.problem import Journal, Optimum, Outcome, Problem, Restriction
from derive.errors import Refusal
from derive.field import NotRational, coefficients, normal
from derive.placed import normal_at
from derive.prove import prove

__all__ = ["by_curves"]

Settle = Callable[[Problem, Journal], Outcome]


@dataclass(frozen=True)
class _Curve:
    """`new`, which equals `meaning`, in place of `old`, which equals `value`; `range` says where `new` lies."""

    old: Symbol
    new: Symbol
    value: Expr
    meaning: Expr
    slope: Expr
    certificate: Certificate | None
    range: tuple[Restriction, ...]


def by_curves(problem: Problem, journal: Journal, settle: Settle) -> Outcome | None:
    """The outcome with curves in place of choices; None where no choice is seen so or this does not lead to it."""
    mark, warned = len(journal.steps), len(journal.warnings)
    view, curves = problem, []
    for variable in problem.variables:
        curve = _curve(view, variable)
        if curve is not None:
            view = _changed(view, curve, journal)
            curves.append(curve)
    if not curves:
        return None
    try:
        found = settle(view, journal)
        optima = tuple(_in_order(_told(optimum, curves, problem.given), problem) for optimum in found.optima)
    except (Refusal, NotRational):
        optima = ()
    if not optima:
        del journal.steps[mark:], journal.warnings[warned:]
        return None
    return replace(found, optima=optima)


def _curve(problem: Problem, variable: Symbol) -> _Curve | None:
    own = [r for r in problem.restrictions if r.slack.free_symbols & set(problem.variables) == {variable}]
    shared = [r for r in problem.restrictions if variable in r.slack.free_symbols and r not in own]
    kernels = {node for r in shared for node in _kernels(r.slack, variable)}
    if len(kernels) != 1 or any(variable in relation.free_symbols for relation in problem.given):
        return None
    (kernel,) = kernels
    new = fresh(variable, problem, "u")
    if any(variable in r.slack.xreplace({kernel: new}).free_symbols for r in shared):
        return None
    return next(_inverted(kernel, variable, new, own, problem), None)


def _kernels(expr: Expr, variable: Symbol) -> list[Expr]:
    """The outermost roots, logarithms and exponentials of the variable alone."""
    if variable not in expr.free_symbols:
        return []
    if isinstance(expr, log | exp) or (isinstance(expr, Pow) and not expr.exp.is_Integer):
        return [expr]
    return [node for part in expr.args for node in _kernels(part, variable)]


def _inverted(kernel: Expr, old: Symbol, new: Symbol, own: Sequence[Restriction], problem: Problem) -> Iterator[_Curve]:
    """The kernel, or what is missing from it, as a variable that rises with the choice."""
    inner = kernel.base if isinstance(kernel, Pow) else kernel.args[0]
    parts = coefficients(inner, old)
    if parts is None or len(parts) != 2 or inner.free_symbols & (set(problem.variables) - {old}):
        return
    interior = (*problem.given, *(sympy.Gt(r.slack, 0) for r in own))
    for sign in (1, -1):
        meaning = sign * kernel
        slope = meaning.diff(old)
        certificate = prove(slope > 0, interior)
        back = None if certificate is None else _back(kernel, sign * new)
        if back is None:
            continue
        bounds = tuple(_bound(r, meaning, old, new, interior) for r in own)
        if any(bound is None for bound in bounds):
            continue
        ends = [Restriction(f"{old}: {meaning} > 0", sign * new, True)] if isinstance(kernel, exp) else []
        kept = [bound for bound in bounds if bound is not None and bound.slack != sympy.oo]
        value = normal((back - parts[0]) / parts[1])
        yield _Curve(old, new, value, meaning, slope, certificate, (*ends, *kept))


def _back(kernel: Expr, at: Expr) -> Expr | None:
    """What the kernel is taken of where its value is `at`."""
    if isinstance(kernel, log):
        return exp(at)
    if isinstance(kernel, exp):
        return log(at)
    if kernel.exp.is_Rational and kernel.exp.p == 1 and kernel.exp.q == 2:
        return at**2
    return None


def _bound(item: Restriction, meaning: Expr, old: Symbol, new: Symbol, given: Sequence[Boolean]) -> Restriction | None:
    """A bound of the choice as a bound of the curve: infinite where the curve is not bounded there; None if it is not settled."""
    parts = coefficients(item.slack, old)
    if parts is None or len(parts) != 2:
        return None
    side = sign_of(parts[1], given)
    if side not in (1, -1):
        return None
    at = normal(-parts[0] / parts[1])
    end = meaning.xreplace({old: at})
    if end in (-side * sympy.oo, sympy.zoo) and item.strict:
        return replace(item, slack=sympy.oo)
    if not end.is_finite and end.is_number:
        return None
    return replace(item, slack=side * (new - normal(end)))


def _changed(problem: Problem, curve: _Curve, journal: Journal) -> Problem:
    kernel = {curve.meaning: curve.new, -curve.meaning: -curve.new}
    put = {curve.old: curve.value}

    def through(item: Restriction) -> Restriction:
        return replace(item, slack=item.slack.xreplace(kernel))

    others = set(problem.variables) - {curve.old}
    touching = [r for r in problem.restrictions if curve.old in r.slack.free_symbols and r.slack.free_symbols & others]
    rest = [r for r in problem.restrictions if curve.old not in r.slack.free_symbols]
    after = normal_at(problem.objective, put)
    journal.add(
        CurvedVariable,
        given=(
            *problem.given,
            *(r.relation for r in problem.restrictions if r.slack.free_symbols & set(problem.variables) == {curve.old}),
        ),
        objective=problem.objective,
        old=curve.old,
        new=curve.new,
        value=curve.value,
        meaning=curve.meaning,
        slope=curve.slope,
        certificate=curve.certificate,
        range=tuple(r.relation for r in curve.range),
        after=after,
    )
    return replace(
        problem,
        objective=after,
        variables=tuple(curve.new if v == curve.old else v for v in problem.variables),
        restrictions=(*curve.range, *(through(r) for r in touching), *rest),
    )


def _told(optimum: Optimum, curves: Sequence[_Curve], given: Sequence[Boolean]) -> Optimum:
    """The optimum with the choices that the curves stand for."""
    if optimum.implicit or optimum.free:
        raise Refusal("the best value of a curve has no closed form")
    values, known = dict(optimum.values), (*given, *optimum.region)
    for curve in reversed(curves):
        own = values.pop(curve.new)
        values[curve.old] = normal(put_together(curve.value, {curve.new: own}, known))
    return replace(optimum, values=tuple(values.items()), conditions=(), between=())


def _in_order(optimum: Optimum, problem: Problem) -> Optimum:
    """The values in the order in which the problem names its choices."""
    values = dict(optimum.values)
    first = tuple((symbol, values.pop(symbol)) for symbol in problem.variables if symbol in values)
    return replace(optimum, values=(*first, *values.items()))
