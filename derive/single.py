"""One variable: where the marginal payoff changes sign, and which bound binds where it does not.

The argument is always the same. The marginal payoff is a positive factor times a core. If the core is strictly decreasing, the
payoff is strictly pseudo-concave: it rises, then falls. The best choice is the root of the core where the core is positive at
every lower bound and negative at every upper one, and else the bound towards which the payoff rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.bends import OneWay, bent, few_peaks
from derive.bounds import Bound, Interval, interval
from derive.cases import NotAttained
from derive.errors import Refusal
from derive.field import normal
from derive.hill import value_at
from derive.inverse import Bend, FallingByLaw
from derive.ir import GeneralDistribution
from derive.lawsums import Falls, falls_by_law
from derive.lemmas import single_peak
from derive.marginal import SignedProduct, sign_of
from derive.peak import defined_bounds, end_of, falling, falling_root, inside, split_marginal
from derive.problem import Journal, Nothing, Optimum, Outcome, Problem, unique
from derive.prove import prove, refute
from derive.shocks import LawFunction, support
from derive.solution import Implicit, Without
from derive.steps import Crossing, EmptyCase, ImplicitRoot, Marginal, SinglePeak
from derive.terms import Sum


@dataclass(frozen=True)
class Peak:
    """A strictly decreasing core with its root."""

    core: Expr
    root: Expr
    implicit: tuple[Implicit, ...]
    labels: tuple[str, ...]
    limits: tuple[tuple[Expr, Expr], ...] = ()

    def at(self, variable: Symbol, value: Expr) -> Expr:
        """The core at a bound: its limit there where that is known, else by substitution."""
        for end, limit in self.limits:
            if end == value or (end.is_finite is not False and normal(end - value) == 0):
                return limit if limit.is_infinite else normal(limit)
        return normal(self.core.xreplace({variable: value}))


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
    bounds = interval(variable, problem.restrictions, problem.given)
    split, domain = split_marginal(problem, variable)
    given = (*problem.given, *(item.relation for item in bounds.free))
    free = tuple(item.relation for item in bounds.free)
    stated = bounds
    if domain != problem.domain:
        bounds = defined_bounds(problem.objective, variable, bounds, given)
    if variable not in split.core.free_symbols:
        step = _marginal(problem, split, domain, journal)
        return Outcome(_monotone(variable, split.core, bounds, given, free, journal, (step.label,)))
    by_law = any(variable in node.free_symbols for node in split.core.atoms(LawFunction))
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        peak = (_peak_by_law if by_law else _peak)(problem, split, domain, bounds, journal)
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        premise = _marginal(problem, split, domain, journal)
        peaks = (
            None if by_law else few_peaks(problem, split, domain, bounds, premise.label, journal)
        )
        if peaks is None:
            raise
        return Outcome(peaks)
    found = _cases(problem.objective, variable, peak, bounds, given, free, journal)
    if found.nothing and bounds != stated:
        raise Refusal(f"the payoff is not proved to be defined at every bound: {found.nothing[0].reason}", symbol=str(variable))
    return found


def _marginal(problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], journal: Journal) -> Marginal:
    return journal.add(
        Marginal,
        given=domain,
        objective=problem.objective,
        variable=problem.variables[0],
        positive=split.positive,
        core=split.core,
        certificate=split.certificate,
    )


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
            where = "" if condition == sympy.true else f" where {condition}"
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
    """The relations that make `bound` the tightest of its side; ties go to the first."""
    relations = []
    for other_index, other in enumerate(sides):
        if other is bound:
            continue
        gap = _toward(normal(other.value - bound.value), sign)
        relations.append(gap > 0 if other_index < index or other.strict else gap >= 0)
    return tuple(relations)


# --- strictly pseudo-concave ---------------------------------------------------------------------------------------------


def _peak(problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal) -> Peak:
    (variable,) = problem.variables
    form = falling(split, variable, domain)
    if form is None and (one_way := bent(split, variable, domain, bounds)) is not None:
        return _bent_peak(problem, one_way, domain, bounds, journal)
    if form is None:
        raise Refusal(
            f"the marginal payoff is not proved to change sign only once: its core {split.core} is not shown to be decreasing",
            symbol=str(variable),
        )
    premise = _marginal(problem, form.split, domain if form.split is split else inside(domain, variable), journal)
    core = form.split.core
    peak_step = journal.add(
        Crossing if form.at_root else SinglePeak,
        uses=(premise.label,),
        given=tuple(r for r in form.certificate.given if r != sympy.Eq(core, 0)),
        variable=variable,
        core=core,
        slope=form.slope,
        certificate=form.certificate,
    )
    limits = _limits(form.split.core, form.total, variable, bounds, inside(domain, variable), problem.given)
    if form.root is not None:
        return Peak(core, form.root, (), (peak_step.label,), limits)
    low = bounds.lower[0].value if bounds.lower else -sympy.oo
    high = bounds.upper[0].value if bounds.upper else sympy.oo
    return Peak(core, variable, (Implicit(variable, core, low, high, -1),), (peak_step.label,), limits)


def _bent_peak(problem: Problem, one_way: OneWay, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal) -> Peak:
    (variable,) = problem.variables
    core, interior = one_way.split.core, inside(domain, variable)
    premise = _marginal(problem, one_way.split, domain, journal)
    step = journal.add(
        Bend,
        uses=(premise.label,),
        given=interior,
        variable=variable,
        core=core,
        curvature=one_way.curvature,
        certificate=one_way.certificate,
        end=one_way.end,
        at_end=one_way.at_end,
        end_certificate=one_way.end_certificate,
    )
    root, total = falling_root(core, variable, interior)
    limits = _limits(core, total, variable, bounds, interior, problem.given)
    if root is not None:
        return Peak(core, root, (), (step.label,), limits)
    low = bounds.lower[0].value if bounds.lower else -sympy.oo
    high = bounds.upper[0].value if bounds.upper else sympy.oo
    return Peak(core, variable, (Implicit(variable, core, low, high, -1),), (step.label,), limits)


def _limits(
    core: Expr, total: Sum | None, variable: Symbol, bounds: Interval, interior: tuple[Boolean, ...], given: tuple[Boolean, ...]
) -> tuple[tuple[Expr, Expr], ...]:
    """The core at each end of the range. An end at infinity must lie beyond the change of sign."""
    found: list[tuple[Expr, Expr]] = []
    for sides, far, sign in ((bounds.lower, -sympy.oo, 1), (bounds.upper, sympy.oo, -1)):
        for end in [bound.value for bound in sides] or [far]:
            value = end_of(core, variable, total, end, given if sides else interior)
            if value is None:
                raise Refusal(
                    f"the sign of the marginal payoff as {variable} tends to {end} is not settled", symbol=str(variable)
                )
            if not sides and value != sign * sympy.oo and sign_of(value, given) != sign:
                raise Refusal(
                    f"the payoff may rise without end: its marginal tends to {value} as {variable} tends to {end}",
                    symbol=str(variable),
                )
            found.append((end, value))
    return tuple(found)


def _peak_by_law(
    problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal
) -> Peak:
    (variable,) = problem.variables
    premise = _marginal(problem, split, domain, journal)
    for law in problem.laws:
        if not isinstance(law, GeneralDistribution):
            continue
        peak = single_peak(split.core, variable, law, problem.domain)
        if peak is None or peak.sign > 0:
            continue
        low, high = support(law)
        step = journal.add(
            ImplicitRoot,
            uses=(premise.label,),
            given=problem.domain,
            symbol=variable,
            core=peak.core,
            low=low,
            high=high,
            limits=peak.limits,
            lemma=peak.lemma,
        )
        implicit = Implicit(variable, peak.core, low, high, -1)
        ends = _ends((low, high), peak.limits, bounds, problem.given)
        return Peak(peak.core, variable, (implicit,), (step.label,), ends)
    falls = next(
        (
            (law, found)
            for law in problem.laws
            if isinstance(law, GeneralDistribution)
            and (found := falls_by_law(split.core, variable, law, problem.domain)) is not None
        ),
        None,
    )
    if falls is None:
        raise Refusal(f"no lemma on the law shows that {split.core} changes sign only once", symbol=str(variable))
    return _falling_by_law(problem, premise, split, *falls, bounds, journal)


def _falling_by_law(
    problem: Problem,
    premise: Marginal,
    split: SignedProduct,
    law: GeneralDistribution,
    found: Falls,
    bounds: Interval,
    journal: Journal,
) -> Peak:
    (variable,) = problem.variables
    low, high = support(law)
    if found.split.positive != 1:
        whole = normal(split.positive * found.split.positive)
        certificate = prove(whole > 0, found.given) if not whole.is_Rational else None
        premise = _marginal(
            problem, replace(found.split, positive=whole, certificate=certificate), unique(found.given), journal
        )
    step = journal.add(
        FallingByLaw,
        uses=(premise.label,),
        given=unique(found.given),
        variable=variable,
        law=law.cdf,
        core=found.split.core,
        terms=found.terms,
        low=low,
        high=high,
        limits=found.limits,
        certificates=found.certificates,
    )
    condition = min((split.core, found.split.core), key=sympy.count_ops)
    implicit = Implicit(variable, condition, low, high, -1)
    ends = _ends((low, high), found.limits, bounds, problem.given)
    return Peak(condition, variable, (implicit,), (step.label,), ends)


def _ends(
    support_: tuple[Expr, Expr], limits: tuple[Expr, Expr], bounds: Interval, given: tuple[Boolean, ...]
) -> tuple[tuple[Expr, Expr], ...]:
    """The limits at the ends of the support, which are those at bounds beyond them, too."""
    low, high = support_
    ends = [(low, limits[0]), (high, limits[1])]
    for bound in (*bounds.lower, *bounds.upper):
        for end, outside, limit in ((low, bound.value <= low, 0), (high, bound.value >= high, 1)):
            if bound.value != end and prove(outside, given) is not None:
                ends.append((bound.value, limits[limit]))
    return tuple(ends)


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
    for sign, sides in ((-1, bounds.lower), (1, bounds.upper)):
        for index, bound in enumerate(sides):
            at_bound = peak.at(variable, bound.value)
            if at_bound == -sign * sympy.oo:
                continue
            if at_bound == sign * sympy.oo:
                raise Refusal(
                    f"the payoff rises towards {variable} = {bound.value}, where it is not smooth", symbol=str(variable)
                )
            outward = sympy.Ge if bound.strict else sympy.Gt
            beyond = outward(_toward(at_bound, sign), 0, evaluate=False)
            empty = refute((*given, beyond)) if bound.strict else refute((*given, *interior, beyond))
            if empty is not None:
                journal.add(
                    EmptyCase,
                    uses=peak.labels,
                    given=given,
                    active=(bound.value - variable,),
                    conditions=(*interior, beyond),
                    certificate=empty,
                )
                if at_bound == 0:
                    touching.append(bound.name)
                continue
            interior.append(_toward(at_bound, sign) < 0)
            others = bounds.upper if sign < 0 else bounds.lower
            feasible = tuple(_toward(normal(other.value - bound.value), -sign) >= 0 for other in others)
            region = unique((*free, _toward(at_bound, sign) >= 0, *_among(bound, sides, index, sign), *feasible))
            if bound.strict:
                nothing.append(_excluded(objective, variable, bound, unique((*given, *region)), region, peak.labels, journal))
                continue
            corners.append(Optimum(region, ((variable, bound.value),), (bound.name,), (), peak.labels))
    between = tuple(relation for relation in interior if relation not in free)
    root = () if peak.implicit else ((variable, peak.root),)
    optima = [
        Optimum(unique(interior), root, tuple(touching), peak.implicit, peak.labels, conditions=(peak.core,), between=between)
    ]
    return Outcome(
        tuple(optimum for optimum in (*optima, *corners) if refute((*given, *optimum.region)) is None), tuple(nothing)
    )


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
        variable=variable,
        limit=bound.value,
        supremum=normal(supremum),
        others=(),
        certificates=(),
    )
    return Nothing(region, Without.NOT_ATTAINED, f"the payoff is best towards the excluded bound {variable} = {bound.value}")


def _apart(gap: Expr, strict: bool) -> Boolean:
    return gap > 0 if strict else gap >= 0


def _toward(expr: Expr, sign: int) -> Expr:
    return expr if sign > 0 else normal(-expr)
