"""Accepted solutions with one thing changed, systematically: what a checker is worth shows in how many of them it refuses.

A mutant has other decisions somewhere in a regime's region, or other regions. Payoffs and notation are left out, so that no
mutant is betrayed by a payoff that does not belong to its decisions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.sample import flat, sample
from derive.check.solution import check_solution
from derive.ir import Model
from derive.solution import Case, Regime, Solution

POINTS = 40


@dataclass(frozen=True)
class Mutant:
    """A changed solution and what was changed."""

    what: str
    solution: Solution


def mutants(model: Model, solution: Solution) -> list[Mutant]:
    """All mutants whose decisions or regions differ from the solution's at some admissible point."""
    bare = _bare(model, solution)
    return [mutant for mutant in (*_values(bare, model), *_regions(bare, model)) if mutant is not None]


def _bare(model: Model, solution: Solution) -> Solution:
    told = {player.payoff for player in model.players} | {d.symbol for d in model.definitions}
    told |= {one.symbol for one in model.aggregates}
    regimes = tuple(
        replace(r, values=tuple((s, v) for s, v in r.resolved().items() if s not in told or r.outside))
        for r in solution.regimes
    )
    return replace(solution, regimes=regimes)


# --- values ----------------------------------------------------------------------------------------------------------------


def _values(solution: Solution, model: Model) -> Iterator[Mutant]:
    for place, regime in enumerate(solution.regimes):
        if regime.outside:
            continue
        points = _points((*solution.assumptions, *regime.region), model)
        for symbol, value in regime.values:
            for name, other in _changed(value, model):
                if _differ(value, other, points):
                    what = f"{regime.name}: {symbol} {name}"
                    yield Mutant(what, _with(solution, place, {symbol: other}))
                    answered = _answered(solution, model, regime, symbol, other, points)
                    if answered:
                        yield Mutant(f"{what}, answered", _with(solution, place, {symbol: other, **answered}))


def _changed(value: Expr, model: Model) -> Iterator[tuple[str, Expr]]:
    top, bottom = sympy.fraction(sympy.together(value))
    terms = sympy.Add.make_args(sympy.expand(top))
    used = sorted((p.symbol for p in model.parameters if p.symbol in value.free_symbols), key=str)
    yield "with its sign flipped", -value
    yield "doubled", 2 * value
    yield "one per cent off", value * Rational(101, 100)
    if len(terms) > 1:
        yield "with a term dropped", sympy.Add(*terms[1:]) / bottom
        yield "with the sign of a term flipped", sympy.Add(-terms[-1], *terms[:-1]) / bottom
    if len(used) > 1:
        first, second = used[:2]
        yield "with two parameters exchanged", value.xreplace({first: second, second: first})
    if used:
        yield "with a parameter doubled", value.xreplace({used[-1]: 2 * used[-1]})


def _with(solution: Solution, place: int, values: dict[Symbol, Expr]) -> Solution:
    old = solution.regimes[place]
    new = replace(old, values=tuple((s, values.get(s, v)) for s, v in old.values))
    return replace(solution, regimes=(*solution.regimes[:place], new, *solution.regimes[place + 1 :]))


def _answered(
    solution: Solution, model: Model, regime: Regime, symbol: Symbol, value: Expr, points: list[dict[Symbol, Rational]]
) -> dict[Symbol, Expr]:
    """What later stages answer to a changed choice, where one case of the recorded responses holds at all points."""
    stages = model.protocol(solution.protocol).stages
    stage = next(i for i, one in enumerate(stages, 1) if any(symbol in d.chooses for d in one.decisions))
    here = {**regime.resolved(), symbol: value}
    later = [r for r in solution.responses if r.complete and r.stage == stage + 1 and not r.implicit]
    for case in (case for response in later for case in response.cases):
        if points and all(_holds(case, here, point) for point in points):
            return {s: v.xreplace(here) for s, v in case.values}
    return {}


def _holds(case: Case, here: dict[Symbol, Expr], point: dict[Symbol, Rational]) -> bool:
    return all(relation.xreplace(here).xreplace(point) == sympy.true for relation in case.region)


def _points(relations: tuple[Boolean, ...], model: Model) -> list[dict[Symbol, Rational]]:
    integers = frozenset(p.symbol for p in model.parameters if p.integer)
    found = sample(flat(relations), [p.symbol for p in model.parameters], random.Random(5), POINTS, integers)
    return [{s: Rational(v.numerator, v.denominator) for s, v in point.items()} for point in found]


def _differ(first: Expr, second: Expr, points: list[dict[Symbol, Rational]]) -> bool:
    """Whether two values differ at one of the points, by more than a grain."""
    gap = first - second
    sizes = [abs(sympy.N(gap.xreplace(point))) for point in points]
    return any(size.is_number and size.is_finite and size > Rational(1, 1000) for size in sizes)


# --- regions ---------------------------------------------------------------------------------------------------------------


def _regions(solution: Solution, model: Model) -> Iterator[Mutant]:
    regimes = solution.regimes
    if len(regimes) > 1 and regimes[0].region != regimes[1].region:
        swapped = (replace(regimes[0], region=regimes[1].region), replace(regimes[1], region=regimes[0].region), *regimes[2:])
        yield Mutant("the first two regions exchanged", replace(solution, regimes=swapped))
    for place, regime in enumerate(regimes):
        for k, relation in enumerate(flat(regime.region)):
            if not isinstance(relation, Relational) or relation.rel_op in ("==", "!="):
                continue
            rest = tuple(r for i, r in enumerate(flat(regime.region)) if i != k)
            for name, changed in _bounds(relation):
                other = (*rest, *changed)
                if _apart(flat(regime.region), other, solution, model):
                    new = (*regimes[:place], replace(regime, region=other), *regimes[place + 1 :])
                    yield Mutant(f"{regime.name}: {relation} {name}", replace(solution, regimes=new))
    for first, second, boundary in _shared(regimes):
        margin = _margin(boundary)
        new = tuple(
            replace(r, region=tuple(_shifted(x, boundary, margin) for x in flat(r.region))) if r in (first, second) else r
            for r in regimes
        )
        if _apart(flat(first.region), flat(new[regimes.index(first)].region), solution, model):
            yield Mutant(f"the boundary {boundary} of {first.name} and {second.name} moved", replace(solution, regimes=new))


def _bounds(relation: Relational) -> Iterator[tuple[str, tuple[Boolean, ...]]]:
    gap = relation.gts - relation.lts
    yield "left out", ()
    yield "tightened", (relation.func(*_sides(relation, -_margin(gap))),)
    yield "loosened", (relation.func(*_sides(relation, _margin(gap))),)


def _sides(relation: Relational, more: Expr) -> tuple[Expr, Expr]:
    gap = relation.gts - relation.lts + more
    return (gap, Integer(0)) if relation.rel_op in (">", ">=") else (Integer(0), gap)


def _margin(gap: Expr) -> Expr:
    """A twentieth of the size of the terms of which a gap consists."""
    return sympy.Add(*(abs(term) for term in sympy.Add.make_args(sympy.expand(gap)))) / 20


def _shared(regimes: tuple[Regime, ...]) -> Iterator[tuple[Regime, Regime, Expr]]:
    """Pairs of regimes on the two sides of a boundary, with the gap that changes its sign there."""
    for i, first in enumerate(regimes):
        for second in regimes[i + 1 :]:
            for a in (r for r in flat(first.region) if isinstance(r, Relational) and r.rel_op not in ("==", "!=")):
                for b in (r for r in flat(second.region) if isinstance(r, Relational) and r.rel_op not in ("==", "!=")):
                    if sympy.expand(a.gts - a.lts + b.gts - b.lts) == 0:
                        yield first, second, sympy.expand(a.gts - a.lts)


def _shifted(relation: Boolean, boundary: Expr, margin: Expr) -> Boolean:
    if isinstance(relation, Relational) and relation.rel_op not in ("==", "!="):
        gap = sympy.expand(relation.gts - relation.lts)
        if sympy.expand(gap - boundary) == 0:
            return relation.func(*_sides(relation, margin))
        if sympy.expand(gap + boundary) == 0:
            return relation.func(*_sides(relation, -margin))
    return relation


def _apart(first: tuple[Boolean, ...], second: tuple[Boolean, ...], solution: Solution, model: Model) -> bool:
    """Whether an admissible point that no declared gap holds lies well in one of two regions and not in the other."""
    tried = _points((*solution.assumptions, *first), model) + _points((*solution.assumptions, *second), model)
    left = [p for p in tried if not any(all(r.xreplace(p) == sympy.true for r in gap.region) for gap in solution.gaps)]
    return sum(_in(first, point) != _in(second, point) for point in left) * 20 >= len(left) > 0


def _in(region: tuple[Boolean, ...], point: dict[Symbol, Rational]) -> bool:
    return all(relation.xreplace(point) == sympy.true for relation in region)


# --- what the checker makes of them ------------------------------------------------------------------------------------------


def survivors(model: Model, solution: Solution, most: int, points: int = 4) -> tuple[int, list[str]]:
    """How many of the mutants (at most so many, of all kinds) were put to the checker, and those that it accepts.

    The argument is left out: it is that of the true solution. The attack is called where all else accepts.
    """
    found = mutants(model, replace(solution, argument=()))
    chosen = found[:: -(-len(found) // most)] if found else []  # values and regions in turn
    accepted = [
        one.what
        for one in chosen
        if check_solution(model, one.solution, 0).accepted and check_solution(model, one.solution, points).accepted
    ]
    return len(chosen), accepted
