"""The sets of constraints that may bind in a strictly concave problem, listed again, and the case of the argument that each falls to.

At rational points of the parameters the conditions of Karush, Kuhn and Tucker are solved exactly for every set of constraints. A
strictly concave payoff has one maximum, so at most one set passes; an argument that enumerates cases must have one that holds at
the point and chooses the same. So a forgotten case is refused, and one said to be empty that is not. Sets that pass nowhere are
those refuted, or left out because there is only one maximum.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy
from sympy import Expr, Matrix, Rational, Symbol
from sympy.core.relational import GreaterThan, LessThan, Relational
from sympy.logic.boolalg import Boolean

from derive import programs, steps
from derive.check.sample import Point, flat, mp, sample, satisfied
from derive.ir import Model
from derive.solution import Solution
from derive.steps import Step

__all__ = ["ActiveSets", "active_sets"]

POINTS = 4
MOST = 40  # sets of constraints of one problem
LARGE = 6  # choices of one problem
Case = steps.Stationary | programs.GlobalMaximum


@dataclass(frozen=True)
class ActiveSets:
    """How many sets of constraints of how many problems were looked at, at how many points, how many are cases, and what is wrong."""

    problems: int = 0
    sets: int = 0
    cases: int = 0
    refuted: int = 0
    points: int = 0
    findings: tuple[str, ...] = ()


def active_sets(statement: Model, solution: Solution) -> ActiveSets:
    """Every strictly concave problem of an argument that is solved case by case, its active sets listed again."""
    whole = frozenset(p.symbol for p in statement.parameters if p.integer)
    found = ActiveSets()
    for proposition in solution.argument:
        for problem in (step for step in proposition.proof if isinstance(step, steps.Concavity)):
            own = [step for step in proposition.proof if problem.label in step.uses]
            cases = [step for step in own if isinstance(step, Case) and set(problem.variables) <= {s for s, _ in step.values}]
            if cases and len(problem.variables) <= LARGE:
                found = _with(found, _Problem(problem, solution.assumptions), cases, own, whole)
    return found


def _with(
    so_far: ActiveSets, problem: _Problem, cases: Sequence[Case], own: Iterable[Step], whole: frozenset[Symbol]
) -> ActiveSets:
    if not problem.readable:
        return so_far
    points = problem.points(whole)
    findings = [finding for point in points for finding in problem.missed(point, cases)]
    return ActiveSets(
        so_far.problems + 1,
        so_far.sets + len(problem.sets),
        so_far.cases + len(cases),
        so_far.refuted + sum(isinstance(step, steps.EmptyCase) for step in own),
        so_far.points + len(points),
        (*so_far.findings, *findings[:1]),
    )


class _Problem:
    """A strictly concave problem whose conditions are linear once some constraints bind."""

    def __init__(self, step: steps.Concavity, assumptions: Sequence[Boolean]) -> None:
        self.step, self.variables = step, step.variables
        chosen = set(step.variables)
        relations = [r for r in flat((*assumptions, *step.given)) if isinstance(r, Relational)]
        self.given = tuple(dict.fromkeys(r for r in relations if not r.free_symbols & chosen))
        own = tuple(dict.fromkeys(r for r in relations if r.free_symbols & chosen))
        self.closed = [r.gts - r.lts for r in own if isinstance(r, GreaterThan | LessThan)]
        self.slacks = [r.gts - r.lts for r in own if r.rel_op not in ("==", "!=")]
        self.sets = [s for size in range(len(step.variables) + 1) for s in combinations(self.closed, size)]
        quadratic = all(step.objective.diff(x, y).free_symbols.isdisjoint(chosen) for x in chosen for y in chosen)
        self.readable = quadratic and len(self.slacks) == len(own) and len(self.sets) <= MOST

    def points(self, whole: frozenset[Symbol]) -> list[Point]:
        """Points of everything that the problem takes as given."""
        symbols = {s for e in (self.step.objective, *self.given, *self.slacks) for s in e.free_symbols} - set(self.variables)
        return sample(self.given, sorted(symbols, key=str), random.Random(13), POINTS, whole)

    def missed(self, point: Point, cases: Sequence[Case]) -> Iterator[str]:
        """The set of constraints that passes at a point, if no case has its choice there."""
        at = {symbol: Rational(value.numerator, value.denominator) for symbol, value in point.items()}
        best = self._maximum(at)
        if best is None or any(_holds(case, best, at) for case in cases):
            return
        active, chosen = best
        named = ", ".join(f"{slack} = 0" for slack in active) or "nothing binding"
        where = ", ".join(f"{symbol} = {value}" for symbol, value in at.items())
        told = ", ".join(f"{symbol} = {value}" for symbol, value in chosen.items())
        yield f"{self.step.label}: no case has {told} ({named}), which is best at {where}"

    def _maximum(self, at: dict[Symbol, Expr]) -> tuple[tuple[Expr, ...], dict[Symbol, Expr]] | None:
        """The set of constraints at which the conditions hold, none of them just so, with the choice; None if there is none."""
        for active in self.sets:
            multipliers = [sympy.Dummy(real=True) for _ in active]
            lagrangian = self.step.objective + sympy.Add(*(m * s for m, s in zip(multipliers, active, strict=True)))
            unknowns = (*self.variables, *multipliers)
            conditions = [lagrangian.diff(unknown).xreplace(at) for unknown in unknowns]
            zero = dict.fromkeys(unknowns, sympy.S.Zero)
            matrix = Matrix([[condition.diff(unknown) for unknown in unknowns] for condition in conditions])
            right = Matrix([-condition.xreplace(zero) for condition in conditions])
            if not all(entry.is_Rational for entry in (*matrix, *right)) or matrix.det() == 0:
                continue
            values = dict(zip(unknowns, matrix.LUsolve(right), strict=True))
            idle = [slack.xreplace(at).xreplace(values) for slack in self.slacks if slack not in active]
            if all(size > 0 for size in (*(values[m] for m in multipliers), *idle)):
                return active, {symbol: values[symbol] for symbol in self.variables}
        return None


def _holds(case: Case, best: tuple[tuple[Expr, ...], dict[Symbol, Expr]], at: dict[Symbol, Expr]) -> bool:
    """Whether a case holds at a point and chooses what is best there."""
    here = {**at, **best[1]}
    values = dict(case.values)
    if any(values[symbol].xreplace(values).xreplace(at) != value for symbol, value in best[1].items()):
        return False
    numbers = mp({symbol: value for symbol, value in here.items() if value.is_Rational})
    return all(satisfied(relation, numbers) for relation in flat(case.given))
