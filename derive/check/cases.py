"""Verifiers of steps about payoffs with cases: the cases themselves, and suprema that are not attained."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Expr, Integer, Rational, false
from sympy.core.relational import StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import Boolean

from derive import cases
from derive.check.context import Context, proved
from derive.check.line import Branch, Condition, NotRational, Reader, cases_of, element, search
from derive.check.ratios import STEP
from derive.check.registry import need, verifies
from derive.check.sample import Point, equated, flat, mp, sample, satisfied
from derive.check.zero import number, opaque
from derive.shocks import nonnegative_densities

# Points at which every case is compared with the payoff.
POINTS = 8


@verifies(cases.Branching)
def _branching(step: cases.Branching, context: Context) -> None:
    """At random points of what is known, and at points of every case, exactly one case holds and its value is the payoff's, whatever
    the functions of a law in it."""
    symbols = sorted({s for r in context.known for s in r.free_symbols} | step.objective.free_symbols, key=str)
    regions = [flat(region) for region, _ in step.cases]
    rng = random.Random(17)
    known = equated(context.known)
    tried = sample(known, symbols, rng, 3 * POINTS, apply=opaque)
    for region in regions:
        tried += sample((*known, *region), symbols, rng, POINTS, apply=opaque)
    need(bool(tried), "no admissible point was found")
    with mpmath.workdps(30):
        for point in tried:
            _at(point, step, regions)


def _at(point: Point, step: cases.Branching, regions: list[tuple[Boolean, ...]]) -> None:
    here = mp(point)
    holding = [i for i, region in enumerate(regions) if all(satisfied(r, here) for r in region)]
    where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    need(len(holding) == 1, f"{len(holding)} cases hold at {where}")
    value: Expr = step.cases[holding[0]][1]
    told = number(value, here, opaque)
    gap = number(step.objective, here, opaque) - told
    need(abs(gap) < mpmath.mpf(10) ** -18 * (1 + abs(told)), f"the payoff is not {value} at {where}")


@verifies(cases.ConcaveAcross)
def _concave_across(step: cases.ConcaveAcross, context: Context) -> None:
    need(len(step.certificates) == len(step.pieces), "a certificate is missing")
    for (formula, region), certificate in zip(step.pieces, step.certificates, strict=True):
        curvature = formula.diff(step.variable, 2)
        known = (*context.known, *flat(region), *nonnegative_densities(curvature))
        proved(curvature <= 0, certificate, known, "the curvature")


@verifies(cases.NotMutual)
def _not_mutual(step: cases.NotMutual, context: Context) -> None:
    proved(false, step.certificate, (*context.known, *step.replies, *step.conditions), "the replies")


@verifies(cases.NotAttained)
def _not_attained(step: cases.NotAttained, context: Context) -> None:
    limits = dict(step.limits)
    need(bool(limits), "nothing is approached")
    context.equal(step.objective.xreplace(limits), step.supremum, "the value approached")
    left = list(step.certificates)
    need(len(left) == len(step.others), "a certificate is missing")
    for (region, value), certificate in zip(step.others, left, strict=True):
        proved(step.supremum - value > 0, certificate, (*context.known, *flat(region)), "what can be had pays less")
    told = step.supremum.free_symbols.union(*(limit.free_symbols for limit in limits.values()))
    need(not told & set(limits), "the supremum depends on the choice")


@verifies(cases.BestReplies)
def _best_replies(step: cases.BestReplies, context: Context) -> None:
    """At random points, also of every region: no other choice pays more than the replies stated there, none at all where the
    payoff is rational in it, and none on a grid."""
    symbols = {s for r in (*context.known, *(r for region, _, _ in step.replies for r in region)) for s in r.free_symbols}
    symbols |= step.objective.free_symbols
    others = sorted(symbols - {step.variable}, key=str)
    need(not any(step.variable in r.free_symbols for r in context.known), f"{step.variable} is known already")
    rng = random.Random(23)
    known = equated(context.known)
    tried = sample(known, others, rng, POINTS)
    for region, _, _ in step.replies:
        tried += sample((*known, *flat(region)), others, rng, POINTS)
    need(bool(tried), "no admissible point was found")
    with mpmath.workdps(30):
        for point in tried:
            _no_better(point, step)


def _no_better(point: Point, step: cases.BestReplies) -> None:
    here = mp(point)
    holding = [entry for entry in step.replies if all(satisfied(r, here) for r in flat(entry[0]))]
    if not holding:
        return
    where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    grid = [x for x in _grid(step, here) if all(satisfied(r, {**here, step.variable: x}) for r in flat(step.domain))]
    top = max((number(step.objective, {**here, step.variable: x}) for x in grid), default=-mpmath.inf)
    for _, choice, among in holding:
        if choice is not None:
            stated = [number(choice, here)]
            for relation in flat(step.domain):
                need(satisfied(_weak(relation), {**here, step.variable: stated[0]}), f"{choice} is out of bounds at {where}")
        else:
            stated = [x for x in grid if all(satisfied(r, {**here, step.variable: x}) for r in flat(among))]
        if choice is not None:
            need(not _exceeded(step, choice, point), f"{step.variable} = {choice} is not best at {where}")
        for x in stated:
            worth = number(step.objective, {**here, step.variable: x})
            need(top <= worth + mpmath.mpf(10) ** -18 * (1 + abs(worth)), f"{step.variable} = {x} is not best at {where}")


def _exceeded(step: cases.BestReplies, choice: Expr, point: Point) -> bool:
    """Whether another choice pays more at a point, exactly; False where the payoff is not rational: then only the grid tells."""
    at = {symbol: element(Rational(value.numerator, value.denominator)) for symbol, value in point.items()}
    try:
        parts = cases_of(step.objective)
        here = Reader({**at, step.variable: Reader(dict(at))(choice)})
        levels = [
            here(value) for region, value in parts if all(Condition(op, here(gap)).holds(Fraction(0)) for op, gap in region)
        ]
        if not levels or not here.exact:
            return False
        along = Reader({**at, step.variable: STEP})
        branches = [Branch(tuple(Condition(op, along(gap)) for op, gap in region), along(value)) for region, value in parts]
        domain = cases_of(Integer(0), step.domain)
        bounds = tuple(Condition(op, along(gap)) for region, _ in domain for op, gap in region)
        return len(domain) == 1 and search(branches, bounds, levels[0]).better is not None
    except NotRational:
        return False


def _grid(step: cases.BestReplies, here: dict[Any, Any]) -> list[Any]:
    """Choices to be tried: around everything that a relation, a reply or a case of the payoff singles out, and far from it."""
    marks = [number(choice, here) for _, choice, _ in step.replies if choice is not None and _known(choice, here)]
    marks += [mpmath.mpf(0), *(value for value in here.values())]
    scale = max([mpmath.mpf(1), *map(abs, marks)])
    steps_around = [mpmath.mpf(k) / 16 * scale for k in range(-8, 9)] + [mpmath.mpf(10) ** -6, -(mpmath.mpf(10) ** -6)]
    return sorted({mark + shift for mark in marks for shift in steps_around} | {scale * k / 8 for k in range(-24, 25)})


def _known(expr: Expr, here: dict[Any, Any]) -> bool:
    return expr.free_symbols <= set(here)


def _weak(relation: Boolean) -> Boolean:
    if isinstance(relation, StrictGreaterThan):
        return relation.lhs >= relation.rhs
    if isinstance(relation, StrictLessThan):
        return relation.lhs <= relation.rhs
    return relation
