"""A payoff in one variable with a single peak, shown step by step: its marginal payoff, why that changes sign once, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol, log
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct, sign_of
from derive.algebra.terms import Sum
from derive.decision.bends import OneWay, bent
from derive.decision.bounds import Interval
from derive.decision.peak import end_of, falling, falling_root, inside
from derive.decision.problem import Journal, Problem, unique
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.inverse import Bend, FallingByLaw, FallingCdfs, RiseThenFall
from derive.ir import GeneralDistribution
from derive.law.cdfsums import falling_sum
from derive.law.failurerate import rises_then_falls
from derive.law.lawsums import Falls, falls_by_law
from derive.law.lemmas import single_peak
from derive.placed import normal_at
from derive.prove import prove
from derive.prove.relations import compared, relation
from derive.shocks import Density, LawFunction, Overage, support
from derive.solution import Implicit
from derive.steps import Crossing, ImplicitRoot, Marginal, SinglePeak

__all__ = ["Peak", "marginal_step", "moves", "peak_by_law", "peak_of"]


@dataclass(frozen=True)
class Peak:
    """A core that changes sign once at most, from plus to minus, with its root.

    `beyond` has its signs below and above the support of the law that it was shown by. Unless it `falls` throughout, it may have either
    sign beside a bound at which it vanishes.
    """

    core: Expr
    root: Expr
    implicit: tuple[Implicit, ...]
    labels: tuple[str, ...]
    limits: tuple[tuple[Expr, Expr], ...] = ()
    beyond: tuple[Expr, Expr] | None = None
    falls: bool = True

    def at(self, variable: Symbol, value: Expr) -> Expr:
        """What has the sign of the core at a bound: of its limit there where that is known, else of its value."""
        for end, limit in self.limits:
            if end == value or (end not in (sympy.oo, -sympy.oo) and normal(end - value) == 0):
                return limit if limit in (sympy.oo, -sympy.oo) else _like(normal(limit))
        return _like(normal_at(self.core, {variable: value}))


def _like(value: Expr) -> Expr:
    """An expression with the same sign: for a multiple of a logarithm one without it."""
    coefficient, rest = value.as_coeff_Mul()
    return normal(coefficient * (rest.args[0] - 1)) if isinstance(rest, log) else value


def marginal_step(problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], journal: Journal) -> Marginal:
    """The step that states the marginal payoff."""
    return journal.add(
        Marginal,
        given=domain,
        objective=problem.objective,
        variable=problem.variables[0],
        positive=split.positive,
        core=split.core,
        certificate=split.certificate,
    )


def peak_of(problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal) -> Peak:
    """The peak of a payoff whose marginal is proved to change sign once. Raises Refusal where it is not."""
    (variable,) = problem.variables
    form = falling(split, variable, domain)
    if form is None and (one_way := bent(split, variable, domain, bounds)) is not None:
        return _bent_peak(problem, one_way, domain, bounds, journal)
    if form is None:
        raise Refusal(
            f"the marginal payoff is not proved to change sign only once: its core {split.core} is not shown to be decreasing",
            symbol=str(variable),
        )
    premise = marginal_step(problem, form.split, domain if form.split is split else inside(domain, variable), journal)
    core = form.split.core
    at_root = relation(core, "=")
    peak_step = journal.add(
        Crossing if form.at_root else SinglePeak,
        uses=(premise.label,),
        given=tuple(r for r in form.certificate.given if r != at_root),
        variable=variable,
        core=core,
        slope=form.slope,
        certificate=form.certificate,
    )
    limits = _limits(form.split.core, form.total, variable, bounds, inside(domain, variable), problem.given)
    falls = not form.at_root
    if form.root is not None:
        return Peak(core, form.root, (), (peak_step.label,), limits, falls=falls)
    low = bounds.lower[0].value if bounds.lower else -sympy.oo
    high = bounds.upper[0].value if bounds.upper else sympy.oo
    return Peak(core, variable, (Implicit(variable, core, low, high, -1),), (peak_step.label,), limits, falls=falls)


def _bent_peak(problem: Problem, one_way: OneWay, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal) -> Peak:
    (variable,) = problem.variables
    core, interior = one_way.split.core, inside(domain, variable)
    premise = marginal_step(problem, one_way.split, domain, journal)
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
        return Peak(core, root, (), (step.label,), limits, falls=False)
    low = bounds.lower[0].value if bounds.lower else -sympy.oo
    high = bounds.upper[0].value if bounds.upper else sympy.oo
    return Peak(core, variable, (Implicit(variable, core, low, high, -1),), (step.label,), limits, falls=False)


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
                    f"the sign of the marginal payoff as {variable} tends to {end} is not settled: it is that of {core}",
                    symbol=str(variable),
                )
            if not sides and value != sign * sympy.oo and sign_of(value, given) != sign:
                raise Refusal(
                    f"the payoff may rise without end: its marginal tends to {value} as {variable} tends to {end}",
                    symbol=str(variable),
                )
            found.append((end, value))
    return tuple(found)


def peak_by_law(
    problem: Problem, split: SignedProduct, domain: tuple[Boolean, ...], bounds: Interval, journal: Journal
) -> Peak:
    """The peak of a payoff with functions of a law of its variable. Raises Refusal where nothing on the law shows that there is one."""
    (variable,) = problem.variables
    premise = marginal_step(problem, split, domain, journal)
    for law in problem.laws:
        if not isinstance(law, GeneralDistribution):
            continue
        peak = single_peak(split.core, variable, law, problem.domain)
        if peak is None or peak.sign > 0 or not _crosses(peak.limits, problem.given):
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
        ends = _ends(peak.core, variable, (low, high), peak.limits, bounds, problem.given)
        return Peak(peak.core, variable, (implicit,), (step.label,), ends, peak.limits)
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
        other = _hump_by_law(problem, premise, split, bounds, journal) or _sum_of_cdfs(problem, premise, split, bounds, journal)
        if other is None:
            raise Refusal(f"no lemma on the law shows that {split.core} changes sign only once", symbol=str(variable))
        return other
    return _falling_by_law(problem, premise, split, *falls, bounds, journal)


def _crosses(limits: tuple[Expr, Expr], given: tuple[Boolean, ...]) -> bool:
    """Whether the values at the two ends leave room for a root between them whatever the parameters."""
    first, last = compared(limits[0], ">="), compared(limits[1], "<=")
    return all(claim == sympy.true or (claim != sympy.false and prove(claim, given) is not None) for claim in (first, last))


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
        premise = marginal_step(
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
    ends = _ends(found.split.core, variable, (low, high), found.limits, bounds, problem.given)
    return Peak(condition, variable, (implicit,), (step.label,), ends, found.limits)


def _hump_by_law(problem: Problem, premise: Marginal, split: SignedProduct, bounds: Interval, journal: Journal) -> Peak | None:
    """The peak where the core rises, then falls, because the failure rate of the law does not fall."""
    (variable,) = problem.variables
    for law in problem.laws:
        if not isinstance(law, GeneralDistribution):
            continue
        found = rises_then_falls(split.core, variable, law, problem.domain)
        if found is None:
            continue
        low, high = support(law)
        step = journal.add(
            RiseThenFall,
            uses=(premise.label,),
            given=problem.domain,
            variable=variable,
            law=law.cdf,
            core=found.core,
            base=found.base,
            rate=found.rate,
            constant=found.constant,
            low=low,
            high=high,
            limits=found.limits,
            certificates=found.certificates,
        )
        implicit = Implicit(variable, found.core, low, high, -1)
        ends = _ends(found.core, variable, (low, high), found.limits, bounds, problem.given)
        return Peak(found.core, variable, (implicit,), (step.label,), ends, found.limits, falls=False)
    return None


def _sum_of_cdfs(problem: Problem, premise: Marginal, split: SignedProduct, bounds: Interval, journal: Journal) -> Peak | None:
    """The peak where the core is a sum of cdfs at several arguments, none of which lets it rise."""
    (variable,) = problem.variables
    laws = [law for law in problem.laws if isinstance(law, GeneralDistribution)]
    found = falling_sum(split.core, variable, laws, problem.domain)
    if found is None:
        return None
    low, high = support(found.law)
    step = journal.add(
        FallingCdfs,
        uses=(premise.label,),
        given=problem.domain,
        variable=variable,
        core=found.core,
        constant=found.constant,
        terms=found.terms,
        low=low,
        high=high,
        limits=found.limits,
        certificates=found.certificates,
    )
    implicit = Implicit(variable, split.core, low, high, -1)
    ends = _ends(split.core, variable, (low, high), found.limits, bounds, problem.given)
    return Peak(split.core, variable, (implicit,), (step.label,), ends, (found.limits[0], found.ceiling))


def _ends(
    core: Expr,
    variable: Symbol,
    support_: tuple[Expr, Expr],
    limits: tuple[Expr, Expr],
    bounds: Interval,
    given: tuple[Boolean, ...],
) -> tuple[tuple[Expr, Expr], ...]:
    """The limits at the ends of the support, which are those at bounds beyond them, too.

    Raises Refusal where the core changes beyond an end, and may change its sign there.
    """
    low, high = support_
    ends = [(low, limits[0]), (high, limits[1])]
    beyond = ((low, "<=", limits[0], ">=", 0), (high, ">=", limits[1], "<=", 1))
    for bound in (*bounds.lower, *bounds.upper):
        for end, outside, limit, inwards, level in beyond:
            if bound.value == end or prove(compared(bound.value, outside, end), given) is None:
                continue
            if moves(core, variable, level) and prove(compared(limit, inwards), given) is None:
                beyond_it = f"beyond {variable} = {end}, an end of the support"
                raise Refusal(f"the marginal payoff may change its sign {beyond_it}", symbol=str(variable))
            ends.append((bound.value, limit))
    return tuple(ends)


def moves(core: Expr, variable: Symbol, level: int) -> bool:
    """Whether a core is not constant where the cdf is 0 or 1, as `level` says; there is no density there, and no overage below."""
    placed: dict[Expr, Expr] = {}
    for node in core.atoms(LawFunction):
        if variable in node.free_symbols:
            beyond = sympy.Integer(0) if isinstance(node, Density) else sympy.Integer(level)
            placed[node] = node.argument * level if isinstance(node, Overage) else beyond
    try:
        return variable in normal(core.xreplace(placed)).free_symbols
    except NotRational:  # it has no value there
        return True
    except ZeroDivisionError:
        return False
