"""One variable: where the marginal payoff changes sign, and which bound binds where it does not.

The argument is always the same. The marginal payoff is a positive factor times a core. If the core is strictly decreasing, the
payoff is strictly pseudo-concave: it rises, then falls. The best choice is the root of the core where the core is positive at
every lower bound and negative at every upper one, and else the bound towards which the payoff rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.algebra.shape import closed, said
from derive.cases import NotAttained
from derive.certificates import Opposed
from derive.decision.bends import few_peaks
from derive.decision.bounds import Bound, Interval, interval
from derive.decision.hill import value_at
from derive.decision.peak import defined_bounds, split_marginal
from derive.decision.peaks import Peak, marginal_step, moves, peak_by_law, peak_of
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Problem, unique
from derive.decision.regions import emptiness
from derive.decision.turned import with_bounds
from derive.errors import Refusal
from derive.field import NotRational, coefficients, derivative, normal
from derive.placed import normal_at
from derive.prove import prove, refute
from derive.prove.relations import compared
from derive.shocks import LawFunction
from derive.solution import Implicit, Without
from derive.steps import EmptyCase


def tied_peaks(objective: Expr, peaks: Sequence[Optimum], given: Sequence[Boolean]) -> tuple[tuple[Boolean, ...], ...]:
    """The boundaries between peaks on which the one not listed is as good."""
    found: list[tuple[Boolean, ...]] = []
    for first, second in combinations(peaks, 2):
        ends = [*first.values, *second.values]
        if first.implicit or second.implicit or any(not value.is_rational_function() for _, value in ends):
            continue
        gap = normal(objective.xreplace(dict(first.values)) - objective.xreplace(dict(second.values)))
        edge = unique((*map(closed, first.region), *map(closed, second.region), sympy.Eq(gap, 0)))
        if gap != 0 and emptiness(edge, tuple(given)) is None:
            found.append(unique((*map(closed, first.region), sympy.Eq(gap, 0))))
    return tuple(found)


def maximise_single(problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    """Every regime of a problem in one variable. Raises Refusal where the optimum cannot be justified, or is not had anywhere."""
    found = settle_single(problem, journal)
    if found.nothing:
        raise Refusal(found.nothing[0].reason, symbol=str(problem.variables[0]))
    return found.optima


def settle_single(problem: Problem, journal: Journal) -> Outcome:
    """Every regime of a problem in one variable, and where its payoff is best only towards an excluded bound.

    Raises Refusal where the optimum cannot be justified.
    """
    (variable,) = problem.variables
    problem = with_bounds(problem, journal)
    bounds = interval(variable, problem.restrictions, problem.given)
    split, domain = split_marginal(problem, variable)
    given = (*problem.given, *(item.relation for item in bounds.free))
    free = tuple(item.relation for item in bounds.free)
    stated = bounds
    if domain != problem.domain:
        bounds = defined_bounds(problem.objective, variable, bounds, given)
    if variable not in split.core.free_symbols:
        step = marginal_step(problem, split, domain, journal)
        return Outcome(_monotone(variable, split.core, bounds, given, free, journal, (step.label,)))
    by_law = any(variable in node.free_symbols for node in split.core.atoms(LawFunction))
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        peak = (peak_by_law if by_law else peak_of)(problem, split, domain, bounds, journal)
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        premise = marginal_step(problem, split, domain, journal)
        peaks = None if by_law else few_peaks(problem, split, domain, bounds, premise.label, journal)
        if peaks is None:
            raise
        return Outcome(peaks, ties=tied_peaks(problem.objective, peaks, given))
    found = _cases(problem.objective, variable, peak, bounds, given, free, journal)
    if found.nothing and bounds != stated:
        raise Refusal(f"the payoff is not proved to be defined at every bound: {found.nothing[0].reason}", symbol=str(variable))
    return found


# --- the payoff is monotone, in a direction that depends on the parameters ---------------------------------------------


def _monotone(
    variable: Symbol,
    core: Expr,
    bounds: Interval,
    given: tuple[Boolean, ...],
    free: tuple[Boolean, ...],
    journal: Journal,
    labels: tuple[str, ...],
) -> tuple[Optimum, ...]:
    if core == 0:
        raise Refusal("every admissible value is optimal: the payoff does not depend on it", symbol=str(variable))
    found: list[Optimum] = []
    for sign, sides, direction in ((1, bounds.upper, "above"), (-1, bounds.lower, "below")):
        condition = core > 0 if sign > 0 else core < 0
        if refute((*given, condition)) is not None:
            continue
        closed = [b for b in sides if not b.strict]
        if not sides or not closed:
            where = "" if condition == sympy.true else f" where {said(condition)}"
            raise Refusal(
                f"the payoff is unbounded or its supremum is not attained: nothing bounds the choice from {direction}{where}",
                symbol=str(variable),
            )
        implied = prove(condition, given) is not None
        region = free if implied else (*free, condition)
        for index, bound in enumerate(closed):
            order = _among(bound, sides, index, sign)
            others = bounds.lower if sign > 0 else bounds.upper
            feasible = tuple(_apart(_toward(normal(other.value - bound.value), -sign), other.strict) for other in others)
            found.append(Optimum(unique((*region, *order, *feasible)), ((variable, bound.value),), (bound.name,), (), labels))
    if not found:
        raise Refusal("every admissible value is optimal: the payoff does not depend on it", symbol=str(variable))
    if refute((*given, sympy.Eq(core, 0))) is None:
        journal.warnings.append(f"where {core} = 0 every admissible {variable} is optimal; that case is left out")
    return tuple(optimum for optimum in found if refute((*given, *optimum.region)) is None)


def _among(bound: Bound, sides: Sequence[Bound], index: int, sign: int) -> tuple[Boolean, ...]:
    """The relations that make `bound` the tightest of its side; ties go to excluded bounds, and among these or the others to the first."""
    relations = []
    for other_index, other in enumerate(sides):
        if other is bound:
            continue
        gap = _toward(normal(other.value - bound.value), sign)
        behind = other.strict if other.strict != bound.strict else other_index < index
        relations.append(compared(gap, ">" if behind else ">="))
    return tuple(relations)


# --- strictly pseudo-concave ---------------------------------------------------------------------------------------------


def _cases(
    objective: Expr,
    variable: Symbol,
    peak: Peak,
    bounds: Interval,
    given: tuple[Boolean, ...],
    free: tuple[Boolean, ...],
    journal: Journal,
) -> Outcome:
    interior: list[Boolean] = list(free)
    corners: list[Optimum] = []
    nothing: list[Nothing] = []
    touching: list[str] = []
    bent = not peak.falls or variable in derivative(peak.core, variable).free_symbols
    for sign, sides in ((-1, bounds.lower), (1, bounds.upper)):
        opposite = tuple(interior)  # a corner of this side may be where another bound of it would deny the peak
        turns = _turns_beyond(peak, sign, sides, given)
        if turns is not None:
            interior.append(turns)
            why = f"the payoff does not fall as {variable} {'rises' if sign > 0 else 'falls'} beyond the support"
            nothing.append(Nothing(unique((*free, turns.negated)), Without.UNSETTLED, why))
        for index, bound in enumerate(sides):
            at_bound = peak.at(variable, bound.value)
            twice = any((other.value, other.strict) == (bound.value, bound.strict) for other in sides[:index])
            if twice or at_bound == -sign * sympy.oo or (bent and _looser(bound, sides, index, sign, given)):
                continue
            order = _among(bound, sides, index, sign)
            denied = ((r, prove(r.negated, given)) for r in order) if bound.strict else ()
            looser = next(((r, proof) for r, proof in denied if proof is not None), None)
            if looser is not None:
                relation, proof = looser
                journal.add(
                    EmptyCase,
                    uses=peak.labels,
                    given=given,
                    active=(bound.value - variable,),
                    conditions=(relation,),
                    certificate=Opposed(claim=sympy.false, given=(*given, relation), fact=relation, denial=proof),
                )
                continue
            if at_bound == sign * sympy.oo:
                raise Refusal(
                    f"the payoff rises towards {variable} = {bound.value}, where it is not smooth", symbol=str(variable)
                )
            if at_bound == 0 and not peak.falls:
                _refuse_unknown_side(peak, variable, bound, sign, given)
            outward = sympy.Ge if bound.strict else sympy.Gt
            beyond = outward(_toward(at_bound, sign), 0, evaluate=False)
            empty = refute((*given, beyond)) if bound.strict else refute((*given, *opposite, beyond))
            if empty is not None:
                journal.add(
                    EmptyCase,
                    uses=peak.labels,
                    given=given,
                    active=(bound.value - variable,),
                    conditions=(*opposite, beyond),
                    certificate=empty,
                )
                if at_bound == 0 and (peak.falls if peak.implicit else normal(peak.root - bound.value) == 0):
                    touching.append(bound.name)
                continue
            interior.append(compared(_toward(at_bound, sign), "<"))
            others = bounds.upper if sign < 0 else bounds.lower
            feasible = tuple(compared(_toward(normal(other.value - bound.value), -sign), ">=") for other in others)
            region = unique((*free, compared(_toward(at_bound, sign), ">="), *order, *feasible))
            if bound.strict:
                nothing.append(_excluded(objective, variable, bound, unique((*given, *region)), region, peak.labels, journal))
                continue
            corners.append(Optimum(region, ((variable, bound.value),), (bound.name,), (), peak.labels))
    _warn_of_level(peak, variable, bounds, given, journal)
    between = tuple(relation for relation in interior if relation not in free)
    root = () if peak.implicit else ((variable, peak.root),)
    best = Optimum(
        unique(interior), root, tuple(touching), peak.implicit, peak.labels, conditions=(peak.core,), between=between
    )
    optima = [replace(best, rooted=_rooted(peak, variable, bounds))]
    optima = [optimum for optimum in optima if refute((*given, *optimum.region)) is None]
    for corner in corners:
        empty = refute((*given, *corner.region))
        if empty is None:
            optima.append(corner)
            continue
        active = tuple(value - variable for _, value in corner.values)
        conditions = tuple(relation for relation in corner.region if relation not in free)
        journal.add(EmptyCase, uses=peak.labels, given=given, active=active, conditions=conditions, certificate=empty)
    return Outcome(tuple(optima), tuple(nothing))


def _looser(bound: Bound, sides: Sequence[Bound], index: int, sign: int, given: tuple[Boolean, ...]) -> bool:
    """Whether another bound is always at least as tight: beyond that one, where nothing is known of it, the core need not have the sign
    of the marginal payoff, unless it is linear."""
    for place, other in enumerate(sides):
        gap = _toward(normal(bound.value - other.value), sign)
        if place != index and (gap != 0 or place < index) and not bound.strict and prove(compared(gap, ">="), given) is not None:
            return True
    return False


def _refuse_unknown_side(peak: Peak, variable: Symbol, bound: Bound, sign: int, given: tuple[Boolean, ...]) -> None:
    """Raise Refusal where the core vanishes at a bound and may fall from there: beside a lower bound it has to be positive, beside an
    upper one negative. So it is where its root is there or inside, and where what is left without the factor that vanishes says so."""
    gap = normal(peak.root - bound.value)
    inside = not peak.implicit and (gap == 0 or prove(compared(_toward(gap, sign), "<"), given) is not None)
    if bound.strict or not (inside or _side_of(peak.core, variable, bound.value, -sign, given) == -sign):
        beside = f"beside {variable} = {bound.value}, where it vanishes,"
        raise Refusal(f"the sign of the marginal payoff {beside} is not settled", symbol=str(variable))


def _side_of(core: Expr, variable: Symbol, end: Expr, side: int, given: tuple[Boolean, ...]) -> int | None:
    """The sign of a polynomial core just above (1) or below (-1) a value at which it vanishes."""
    factor = variable - end
    while core != 0 and (parts := coefficients(core, variable)) is not None:
        try:
            beside = normal_at(core, {variable: end})
        except (NotRational, ZeroDivisionError):  # it vanishes there for some parameters only
            return None
        if beside != 0:
            return sign_of(beside, given)
        core = normal(side * core / factor) if len(parts) > 1 else sympy.Integer(0)
    return None


def _turns_beyond(peak: Peak, sign: int, sides: Sequence[Bound], given: tuple[Boolean, ...]) -> Boolean | None:
    """What has to hold for the payoff to fall beyond that end of a law's support, where no bound ends the range; None if it does."""
    limit = None if sides or peak.beyond is None else peak.beyond[(sign + 1) // 2]
    if limit is None or limit.is_infinite or prove(_toward(limit, sign) <= 0, given) is not None:
        return None
    return _toward(limit, sign) < 0


def _warn_of_level(peak: Peak, variable: Symbol, bounds: Interval, given: tuple[Boolean, ...], journal: Journal) -> None:
    """A warning where the payoff may be constant beyond an end of the support, in reach of the bounds: all of that is as good."""
    if peak.beyond is None or not peak.implicit:
        return
    ends = ((peak.implicit[0].low, "<=", bounds.lower), (peak.implicit[0].high, ">=", bounds.upper))
    for level, (limit, (end, beyond, sides)) in enumerate(zip(peak.beyond, ends, strict=True)):
        inside = (compared(normal(side.value - end), ">=" if level == 0 else "<=") for side in sides)
        if end.is_infinite or moves(peak.core, variable, level) or any(prove(claim, given) is not None for claim in inside):
            continue
        vanishes = sympy.Eq(sympy.fraction(normal(limit))[0], 0)
        if vanishes != sympy.false and emptiness((vanishes,), given) is None:
            where = f"where {said(vanishes)} " if vanishes != sympy.true else ""
            every = said(compared(variable, beyond, end))
            journal.warnings.append(f"{where}every choice with {every} pays as much as {variable} = {end}")


def _rooted(peak: Peak, variable: Symbol, bounds: Interval) -> tuple[Implicit, ...]:
    """A peak whose closed form others can do little with, as a root."""
    if peak.implicit or not peak.root.has(sympy.LambertW) or max(len(bounds.lower), len(bounds.upper)) > 1:
        return ()
    low = bounds.lower[0].value if bounds.lower else -sympy.oo
    high = bounds.upper[0].value if bounds.upper else sympy.oo
    return (Implicit(variable, peak.core, low, high, -1),)


def _excluded(
    objective: Expr,
    variable: Symbol,
    bound: Bound,
    given: tuple[Boolean, ...],
    region: tuple[Boolean, ...],
    labels: tuple[str, ...],
    journal: Journal,
) -> Nothing:
    """The payoff rises all the way to a bound that may not be chosen. Raises Refusal where it has no value there."""
    reason = f"the payoff may be best at the excluded bound {variable} = {bound.value}"
    supremum = value_at(objective, {variable: bound.value}, given)
    if supremum is None:
        raise Refusal(reason, symbol=str(variable))
    journal.add(
        NotAttained,
        uses=labels,
        given=given,
        objective=objective,
        limits=((variable, bound.value),),
        supremum=normal(supremum),
        others=(),
        certificates=(),
    )
    reason = f"the payoff is best towards the excluded bound {variable} = {bound.value}"
    return Nothing(region, Without.NOT_ATTAINED, reason, normal(supremum), ((variable, bound.value),))


def _apart(gap: Expr, strict: bool) -> Boolean:
    return gap > 0 if strict else gap >= 0


def _toward(expr: Expr, sign: int) -> Expr:
    return expr if sign > 0 else normal(-expr)
