"""Conditions of several choices solved one after the other: restated, eliminated and put back term by term, the last equation by its
slope or its discriminant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Eq, Expr, Integer, Mul, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import steps, triangular
from derive.check.context import Context, proved, same
from derive.check.derivatives import derivative
from derive.check.elimination import eliminated, nonzero, only_vanishes_with, relation_at, side_of
from derive.check.registry import need, settle
from derive.check.sample import flat
from derive.check.zero import Undecided, is_zero
from derive.steps import Step

__all__ = ["VERIFIERS"]


def _triangular(step: triangular.Triangular, context: Context) -> None:
    unknowns = step.unknowns
    need(len(set(unknowns)) == len(unknowns) == len(step.conditions), "not as many conditions as unknowns")
    _of_the_replies(step, context)
    equations, symbols, inner = list(step.conditions), set(unknowns), context
    if step.aggregate is not None:
        equations, inner = _restated(step.aggregate, step, context)
        symbols.add(step.aggregate.symbol)
    done, left = eliminated(equations, step.trail, inner)
    known = flat(relation_at(relation, done) for relation in inner.known)
    if step.last is not None:
        _last(step.last, [equation.xreplace(settle(done.items())) for equation in left], symbols - set(done), known, context)
    need(
        set(done) == symbols - ({step.last.unknown} if step.last else set()), "the eliminations do not determine every unknown"
    )
    _put_back(equations, done, step, inner)
    need(bool(step.solutions), "no solution")
    for solution in step.solutions:
        stated = settle(solution)
        need(set(stated) == symbols, "a value is missing")
        need(not any(value.free_symbols & symbols for value in stated.values()), "a value moves with an unknown")
        for symbol, value in settle(done.items()).items():
            context.equal(value.xreplace(stated), stated[symbol], f"the value of {symbol}")
    _all_roots(step, known, context)


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {triangular.Triangular: _triangular}


def _of_the_replies(step: triangular.Triangular, context: Context) -> None:
    """Each condition is what a marginal payoff among the premises has the sign of, with what is fixed put in, or says what a reply is."""
    fixed = settle(step.fixed)
    need(not set(fixed) & set(step.unknowns), "a choice is both fixed and unknown")
    need(not any(value.free_symbols & set(step.unknowns) for value in fixed.values()), "what is fixed moves with an unknown")
    own = [p for p in context.premises if isinstance(p, steps.SinglePeak | steps.Crossing)]
    for unknown, condition in zip(step.unknowns, step.conditions, strict=True):
        told = same(condition.diff(unknown), Integer(1))
        cores = (p.core.xreplace(fixed) for p in own if p.variable == unknown)
        need(told or any(same(core, condition) for core in cores), "a condition is not that of the reply")


def _restated(aggregate: triangular.Aggregate, step: triangular.Triangular, context: Context) -> tuple[list[Expr], Context]:
    """The conditions in terms of the aggregate with its equation, and what is known with that it is positive."""
    symbol, meaning = aggregate.symbol, aggregate.meaning
    named = {s for part in (*step.conditions, meaning, *context.known) for s in part.free_symbols}
    need(symbol not in named, f"{symbol} has a meaning already")
    need(len(aggregate.restated) == len(step.conditions), "a condition is not restated")
    for restated, condition in zip(aggregate.restated, step.conditions, strict=True):
        context.equal(restated.xreplace({symbol: meaning}), condition, "the condition restated")
    proved(meaning > 0, aggregate.positive, context.known, f"{symbol} is positive")
    return [*aggregate.restated, symbol - meaning], Context(context.statement, (*context.known, symbol > 0), context.premises)


def _last(
    last: triangular.LastEquation, left: Sequence[Expr], open_: set[Symbol], known: tuple[Boolean, ...], context: Context
) -> None:
    """The equation that is left is one in the last unknown, and has no other roots than its core."""
    need(open_ == {last.unknown}, "more than one unknown is left")
    units = [side_of(certificate, known) for certificate in last.excluded]
    whole = Mul(*units) * last.core
    told = any(_same(equation, whole, context) or only_vanishes_with(equation, last.core, units, context) for equation in left)
    need(told, f"{last.core} = 0 is none of the conditions")


def _put_back(equations: Sequence[Expr], done: dict[Symbol, Expr], step: triangular.Triangular, context: Context) -> None:
    """With the eliminations put in, every equation vanishes, or does where the core of the last one does."""
    for equation in equations:
        there = equation.xreplace(settle(done.items()))
        if step.last is None:
            context.equal(there, Integer(0), "put back")
        elif not any(_same(there, multiple, context) for multiple in _multiples(step.last)):
            for solution in step.solutions:
                context.equal(there.xreplace(settle(solution)), Integer(0), "put back")


def _multiples(last: triangular.LastEquation) -> tuple[Expr, ...]:
    """What vanishes with the core: zero, and the core times what is excluded."""
    whole = Mul(*(certificate.claim.lhs - certificate.claim.rhs for certificate in last.excluded), last.core)
    return Integer(0), whole


def _same(left: Expr, right: Expr, context: Context) -> bool:
    """Whether one is the other, or that with the other sign."""
    try:
        return is_zero(left - right, context.positive) or is_zero(left + right, context.positive)
    except Undecided:
        return False


def _all_roots(step: triangular.Triangular, known: tuple[Boolean, ...], context: Context) -> None:
    """The solutions have all roots of the last equation; without one there is a single solution."""
    last = step.last
    if last is None:
        need(len(step.solutions) == 1, "linear equations have one solution")
        return
    roots = [dict(solution)[last.unknown] for solution in step.solutions]
    if isinstance(last.shape, triangular.Falls):
        need(len(roots) == 1, "a core that falls has one root")
        _falls(last.shape, last, roots[0], known, context)
    else:
        _quadratic(last.shape, last, roots, known, context)


def _falls(
    shape: triangular.Falls, last: triangular.LastEquation, root: Expr, known: tuple[Boolean, ...], context: Context
) -> None:
    """The core falls wherever it vanishes between bounds of the last unknown, within which the root is."""
    unknown, core = last.unknown, last.core
    vanishes = Eq(core, 0)
    context.equal(derivative(core, unknown), shape.slope, f"the slope in {unknown}")
    proved(shape.slope < 0, shape.certificate, (*known, vanishes), "the slope of the core")
    bounds = [r for r in shape.certificate.given if unknown in r.free_symbols and r != vanishes]
    need(len(bounds) == len(shape.inside), "a bound of the root is not proved")
    outside = tuple(relation for relation in known if unknown not in relation.free_symbols)
    for relation, certificate in zip(bounds, shape.inside, strict=True):
        need(isinstance(relation, Relational) and relation.rel_op not in ("!=", "=="), f"{relation} is no bound")
        context.equal((relation.lhs - relation.rhs).diff(unknown, 2), Integer(0), f"{relation} need not leave an interval")
        proved(relation_at(relation, {unknown: root}), certificate, outside, "the root within its bounds")
    context.equal(core.xreplace({unknown: root}), Integer(0), f"the root {unknown}")


def _quadratic(
    shape: triangular.Quadratic,
    last: triangular.LastEquation,
    roots: Sequence[Expr],
    known: tuple[Boolean, ...],
    context: Context,
) -> None:
    """Both roots of a quadratic core: their sum and their product are those of the coefficients."""
    constant, linear, square = shape.coefficients
    unknown = last.unknown
    need(not any(unknown in part.free_symbols for part in shape.coefficients), "a coefficient moves with the unknown")
    context.equal(constant + linear * unknown + square * unknown**2, last.core, "the core as a quadratic one")
    if not (square.is_Rational and square):
        nonzero(square, shape.nonzero, known)
    context.equal(linear**2 - 4 * square * constant, shape.discriminant, "the discriminant")
    need(len(roots) == 2, "a root is missing")
    context.equal(square * sum(roots, Integer(0)), -linear, "the sum of the roots")
    context.equal(square * roots[0] * roots[1], constant, "the product of the roots")
