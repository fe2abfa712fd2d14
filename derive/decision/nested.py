"""Two choices of one decision, the best first of them by cases of the second.

For every value of the second choice the first has a best value, by cases; put into the payoff it leaves a payoff of the second
choice with cases, each of which is maximised on its own (`derive.decision.replies`). Nothing is asked of the payoff in both
choices together. Where the payoff and the constraints are linear in some direction, the first choice is taken along it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, Rational, Symbol

from derive.algebra.shape import without_moduli
from derive.decision.branches import Branch
from derive.decision.compare import Candidate, best
from derive.decision.newvariable import fresh
from derive.decision.problem import Journal, Optimum, Problem, Restriction, unique
from derive.decision.regions import emptiness
from derive.decision.replies import Local, on_case
from derive.decision.single import maximise_single
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.placed import normal_at
from derive.steps import Concentration


def maximise_nested(problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    """Every regime of a problem in two variables. Raises Refusal when neither order of the two is settled."""
    if len(problem.variables) != 2:
        raise Refusal("more than two choices that are not settled together")
    reasons = []
    for view in _views(problem):
        for first in (view.problem.variables[1], view.problem.variables[0]):
            mark, warned = len(journal.steps), len(journal.warnings)
            try:
                found = _ordered(view, first, journal)
            except Refusal as refusal:
                reasons.append(f"{first} first: {refusal.message}")
                del journal.steps[mark:], journal.warnings[warned:]
                continue
            return found
    raise Refusal("; ".join(reasons))


# --- coordinates -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    """A problem in other coordinates: `replaced` is what one of the choices is in terms of `distance`, which takes its place."""

    problem: Problem
    replaced: tuple[tuple[Symbol, Expr], ...] = ()
    distance: Symbol | None = None
    before: Expr | None = None


def _views(problem: Problem) -> list[_View]:
    """The problem as it stands, and, where everything is linear along a line of choices, with the distance from it as a choice."""
    found = [_View(problem)]
    slope = _common_slope(problem)
    if slope is not None:
        moved, kept = problem.variables
        distance = fresh(kept, problem, str(moved))
        value = distance + slope * kept
        at = {moved: value}
        turned = replace(
            problem,
            objective=normal_at(problem.objective, at),
            variables=(distance, kept),
            restrictions=tuple(_turned(item, at) for item in problem.restrictions),
        )
        found.insert(0, _View(turned, ((moved, value),), distance, problem.objective))
    return found


def _turned(item: Restriction, at: dict[Symbol, Expr]) -> Restriction:
    return replace(item, slack=normal_at(item.slack, at))


def _common_slope(problem: Problem) -> Rational | None:
    """``r`` such that nothing bends where the first choice moves by ``r`` for each unit of the second; None if there is none."""
    x, y = problem.variables
    slopes: set[Expr] = set()
    for expr in (problem.objective, *(item.slack for item in problem.restrictions)):
        xx, xy, yy = (derivative(expr, *pair) for pair in ((x, x), (x, y), (y, y)))
        if xx == xy == yy == 0:
            continue
        if xx == 0 or normal(xx * yy - xy**2) != 0:
            return None
        slopes.add(normal(-xy / xx))
    slope = slopes.pop() if len(slopes) == 1 else None
    return slope if slope is not None and slope.is_Rational and slope != 0 else None


# --- one after the other ---------------------------------------------------------------------------------------------------


def _ordered(view: _View, first: Symbol, journal: Journal) -> tuple[Optimum, ...]:
    problem = view.problem
    (second,) = (v for v in problem.variables if v != first)
    if view.before is not None:
        journal.add(Concentration, given=problem.given, before=view.before, replace=view.replaced, after=problem.objective)
    touching = tuple(r for r in problem.restrictions if first in r.slack.free_symbols)
    rest = tuple(r for r in problem.restrictions if first not in r.slack.free_symbols)
    known = unique((*problem.given, *(r.relation for r in rest)))
    inner = maximise_single(replace(problem, variables=(first,), restrictions=touching, given=known), journal)
    locals_: list[tuple[Optimum, Local]] = []
    outer = replace(problem, variables=(second,), restrictions=rest)
    for optimum in inner:
        if optimum.implicit:
            raise Refusal(f"the best {first} has no closed form in {second}")
        where = unique((*problem.given, *(r.relation for r in rest), *optimum.region))
        payoff = normal(without_moduli(normal_at(problem.objective, dict(optimum.values)), where))
        journal.add(
            Concentration, uses=optimum.labels, given=where, before=problem.objective, replace=optimum.values, after=payoff
        )
        locals_ += [(optimum, local) for local in on_case(outer, Branch(optimum.region, payoff), journal)]
    live = [(o, local) for o, local in locals_ if emptiness(local.optimum.region, problem.given) is None]
    candidates = [Candidate(_both(o, local, view), local.value, i, local.attained) for i, (o, local) in enumerate(live)]
    found = best(candidates, problem.given, journal)
    if any(not winner.attained for winner in found):
        raise Refusal(f"a supremum is not attained: {next(w.value for w in found if not w.attained)}")
    if any(winner.optimum.free for winner in found):
        raise Refusal(f"a continuum of choices is optimal: {', '.join(map(str, problem.variables))}")
    return tuple(winner.optimum for winner in found)


def _both(inner: Optimum, local: Local, view: _View) -> Optimum:
    """Both choices, in the coordinates of the statement."""
    outer = dict(local.optimum.values)
    chosen = {**outer, **{symbol: normal_at(value, outer) for symbol, value in inner.values}}
    for symbol, value in view.replaced:
        chosen[symbol] = normal_at(value, chosen)
    kept = [s for s in chosen if s != view.distance]
    return replace(
        local.optimum,
        values=tuple((s, chosen[s]) for s in sorted(kept, key=str)),
        active=tuple(dict.fromkeys((*inner.active, *local.optimum.active))),
        labels=tuple(dict.fromkeys((*inner.labels, *local.optimum.labels))),
    )
