"""One choice under a restriction that bounds it from above or from below, depending on the sign of its slope: both cases apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sympy import Eq, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.algebra.shape import readable_together
from derive.decision.problem import Journal, Nothing, Outcome, Problem, Restriction, unique
from derive.decision.regions import Region
from derive.decision.unbounded import impossible
from derive.field import coefficients
from derive.prove import prove, refute
from derive.prove.relations import compared
from derive.solution import Without

Settle = Callable[[Problem, Journal], Outcome]


def by_sides(problem: Problem, journal: Journal, settle: Settle) -> Outcome:
    """The outcomes for either sign of such a slope side by side; that of the problem itself where every slope has its sign.

    Where the slope vanishes the restriction does not bind the choice. That belongs to the side on which the restriction follows from
    the others; where there is none it is left unsettled.
    """
    (variable,) = problem.variables
    turning = next(((item, slope) for item in problem.restrictions if (slope := _slope_of_any_sign(item, variable, problem))), None)
    if turning is None:
        return settle(problem, journal)
    item, slope = turning
    parts: list[Outcome] = []
    edge: Boolean | None = Eq(slope, 0, evaluate=False)
    for op, closed in ((">", ">="), ("<", "<=")):
        idle = _not_binding(compared(slope, closed), item, problem, journal, settle) if edge is not None else None
        edge = edge if idle is None else None
        parts.append(idle or _where(compared(slope, op), problem, journal, settle))
    if edge is not None and refute((*problem.given, edge)) is None:
        reason = f"the restriction {item.relation} does not depend on {variable} there"
        parts.append(Outcome((), (Nothing((edge,), Without.UNSETTLED, reason),)))
    return Outcome(
        tuple(optimum for part in parts for optimum in part.optima),
        tuple(missing for part in parts for missing in part.nothing),
        tuple(tie for part in parts for tie in part.ties),
    )


def _not_binding(side: Boolean, item: Restriction, problem: Problem, journal: Journal, settle: Settle) -> Outcome | None:
    """The outcome on a side, slope zero included, on which the restriction follows from the others or contradicts them; else None."""
    nothing = impossible(problem, (side,), journal)
    if nothing is not None:
        return Outcome((), (nothing,))
    without = replace(problem, restrictions=tuple(r for r in problem.restrictions if r is not item))
    return _where(side, without, journal, settle) if prove(item.relation, (*without.domain, side)) is not None else None


def _slope_of_any_sign(item: Restriction, variable: Symbol, problem: Problem) -> Expr | None:
    """The slope of a restriction that is linear in the choice, if neither sign of it is proved."""
    parts = coefficients(item.slack, variable) if variable in item.slack.free_symbols else None
    if parts is None or len(parts) != 2 or sign_of(parts[1], problem.given) is not None:
        return None
    return parts[1]


def _where(side: Boolean, problem: Problem, journal: Journal, settle: Settle) -> Outcome:
    """The outcome where one more condition on what is given holds, which the regions then state."""
    if refute((*problem.given, side)) is not None:
        return Outcome(())
    given = unique((*problem.given, side))
    found = by_sides(replace(problem, given=given), journal, settle)

    def there(region: Region) -> Region:
        return unique((side, *readable_together(region, given)))

    return Outcome(
        tuple(replace(o, region=there(o.region)) for o in found.optima),
        tuple(replace(n, region=there(n.region)) for n in found.nothing),
        tuple(map(there, found.ties)),
    )
