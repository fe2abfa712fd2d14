"""One player's best replies where its payoff has cases and may jump: all of them, as pieces of a correspondence.

In each case the payoff is smooth and is maximised with the case's boundaries included; a maximum on a boundary that does not belong
to the case is a supremum. Nothing pays more than the largest of these values, so a choice is a best reply exactly where it is had
and pays no less than any of them; where only suprema are largest, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Eq, Expr, Ge, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import marginal
from derive.algebra.shape import open_
from derive.cases import BestReplies, Branching
from derive.decision.bounds import interval
from derive.decision.branches import Branch, branch_at, branches
from derive.decision.candidates import all_candidates
from derive.decision.problem import Journal, Nothing, Optimum, Problem, Restriction, relation_at, restriction, unique
from derive.decision.quadratic import quadratic
from derive.decision.regions import Region, beyond, emptiness, joined, uncovered
from derive.decision.seams import solved
from derive.decision.single import settle_single
from derive.decision.unattained import not_attained
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.placed import normal_at
from derive.prove import prove, witness
from derive.steps import Dominance


@dataclass(frozen=True)
class Local:
    """The best of one case: `optimum` on its region, or every choice ``among`` its relations where the payoff is constant.

    It pays `value`. Without `attained` that is a supremum of the case, in which the payoff is `payoff`.
    """

    optimum: Optimum
    value: Expr
    attained: bool
    payoff: Expr


@dataclass(frozen=True)
class Replies:
    """The best replies, by region, and the regions without any."""

    optima: tuple[Optimum, ...]
    nothing: tuple[Nothing, ...]


def replies(problem: Problem, journal: Journal) -> Replies:
    """Every best reply of a problem in one variable. Raises Refusal where a case is not settled."""
    locals_ = case_optima(problem, journal)
    given = problem.given
    found: list[Optimum] = []
    for local in locals_:
        if not local.attained:
            continue
        for cell in _undominated(local, locals_, given):
            _justify(local, cell, locals_, given, journal)
            found.append(replace(local.optimum, region=cell))
    nothing = tuple(_none(problem, locals_, journal))
    (variable,) = problem.variables
    told = tuple((o.region, dict(o.values).get(variable), o.among) for o in found)
    bounds = tuple(r.relation for r in problem.restrictions)
    journal.add(BestReplies, given=given, objective=problem.objective, variable=variable, domain=bounds, replies=told)
    return Replies(tuple(found), nothing)


def case_optima(problem: Problem, journal: Journal) -> tuple[Local, ...]:
    """The optima of all cases of the objective."""
    if len(problem.variables) != 1:
        raise Refusal("a payoff with cases is maximised over one choice at a time only", symbol=str(problem.variables))
    found = [local for case in opened(problem, journal) for local in on_case(problem, case, journal)]
    live = [local for local in found if emptiness(local.optimum.region, problem.given) is None]
    return tuple(local for local in live if local.attained or not _had_next_door(problem, local))


def opened(problem: Problem, journal: Journal, compared: bool = True) -> tuple[Branch, ...]:
    """The cases of the objective on its domain, told if there are several: what is best in each is `compared` next, or is shown to lie
    on one concave curve. Raises Refusal where no choice is allowed."""
    cases = branches(problem.objective, problem.domain)
    if not cases:
        raise Refusal("infeasible: no choice satisfies all constraints", symbol=", ".join(map(str, problem.variables)))
    if len(cases) > 1 or cases[0].region:
        told = tuple((case.region, case.value) for case in cases)
        journal.add(Branching, given=problem.domain, objective=problem.objective, cases=told, compared=compared)
    return cases


def _had_next_door(problem: Problem, local: Local) -> bool:
    """Whether a supremum of one case is the payoff at its boundary, which belongs to another: the best of that one is no less."""
    values, given = dict(local.optimum.values), unique((*problem.given, *local.optimum.region))
    placed = [relation_at(item.relation, values) for item in problem.restrictions]
    if not values or any(r != sympy.true and prove(r, given) is None for r in placed):
        return False
    try:
        there = branch_at(problem.objective, values, given)
    except Refusal:
        return False
    return normal(normal_at(there, values) - local.value) == 0


# --- one case --------------------------------------------------------------------------------------------------------------


def on_case(problem: Problem, case: Branch, journal: Journal) -> list[Local]:
    """The best of one case of a payoff in one variable: one for every part of an interval that its relations leave."""
    (variable,) = problem.variables
    point = next((r for r in case.region if isinstance(r, Eq) and variable in r.free_symbols), None)
    if point is not None:
        return [_at_point(problem, case, point)]
    ways: list[Region] = [()]
    for relation in case.region:
        ways = [unique((*way, *bounds)) for way in ways for bounds in solved(relation, variable, problem.domain)]
    return [local for way in ways for local in _on_interval(problem, Branch(way, case.value), journal)]


def _at_point(problem: Problem, case: Branch, point: Boolean) -> Local:
    """A case that leaves one choice."""
    (variable,) = problem.variables
    parts = coefficients(point.lhs - point.rhs, variable)
    if parts is None or len(parts) != 2 or not parts[1].is_Rational:
        raise Refusal(f"the relation {point} is not solved for it", symbol=str(variable))
    value = normal(-parts[0] / parts[1])
    at = {variable: value}
    rest = [r for r in case.region if r != point] + [r.relation for r in problem.restrictions]
    region = unique(relation_at(relation, at) for relation in rest)
    return Local(Optimum(region, ((variable, value),)), normal_at(case.value, at), True, case.value)


def _on_interval(problem: Problem, case: Branch, journal: Journal) -> list[Local]:
    (variable,) = problem.variables
    own = tuple(
        restriction(f"case {index}", relation)
        for index, relation in enumerate(case.region)
        if isinstance(relation, sympy.core.relational.Relational) and not isinstance(relation, Eq)
    )
    knife = tuple(r for r in case.region if isinstance(r, Eq))
    # Of two bounds at the same point the first is taken to bind: the excluded one, so that the point counts as excluded.
    exact = tuple(sorted((*problem.restrictions, *own), key=lambda r: not r.strict))
    nonempty = unique((*knife, *_nonempty(variable, exact, problem.given)))
    given = unique((*problem.given, *nonempty))
    if emptiness((), given) is not None:
        return []
    if variable not in case.value.free_symbols:
        among = unique(r.relation for r in exact if variable in r.slack.free_symbols)
        alone = _only_choice(variable, among, given)
        if alone is not None:
            return [Local(Optimum(nonempty, ((variable, alone),)), case.value, True, case.value)]
        return [Local(Optimum(nonempty, (), free=(variable,), among=among), case.value, True, case.value)]
    closed = tuple(replace(r, strict=False) if variable in r.slack.free_symbols else r for r in exact)
    optima = _best_on_interval(replace(problem, objective=case.value, restrictions=closed, given=given), journal)
    strict = {r.name for r in exact if r.strict}
    found = [_local(optimum, case, nonempty, strict, problem.restrictions) for optimum in optima]
    flat = level_where(case.value, variable, exact, given)
    if flat is not None:
        among = unique(r.relation for r in exact if variable in r.slack.free_symbols)
        everything = Optimum(unique((*nonempty, *flat[0])), (), free=(variable,), among=among)
        found.append(Local(everything, flat[1], True, case.value))
    missed = uncovered([local.optimum.region for local in found], given)
    if any(witness((*given, *map(open_, cell))) is not None for cell in missed):
        raise Refusal(f"where the payoff is {case.value} a best choice is not found everywhere", symbol=str(variable))
    return found


def level_where(payoff: Expr, variable: Symbol, exact: Sequence[Restriction], given: Region) -> tuple[Region, Expr] | None:
    """Where a payoff does not depend on the choice although it mostly does, and what it is then; None if it never is."""
    parts = coefficients(payoff, variable)
    if parts is not None:
        cores = list(parts[1:])
    else:
        core = marginal(payoff, variable, unique((*given, *(r.relation for r in exact)))).core
        cores = [-core if core.could_extract_minus_sign() else core]
    where = unique(Eq(core, 0) for core in cores)
    if sympy.false in where or any(variable in core.free_symbols for core in cores) or emptiness(where, given) is not None:
        return None
    bounds = interval(variable, exact, given)
    ends = [bound.value for bound in (*bounds.lower, *bounds.upper)] or [sympy.Integer(0)]
    return where, normal(parts[0] if parts is not None else payoff.xreplace({variable: ends[0]}))


def _best_on_interval(problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    """By the sign of the marginal payoff; else, of a quadratic payoff, all that can be best."""
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        found = settle_single(problem, journal)
        if found.ties or found.nothing:
            raise Refusal("several choices may be best at once", symbol=str(problem.variables[0]))
        del journal.warnings[warned:]
        return found.optima
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        form = quadratic(problem)
        candidates = None if form is None else all_candidates(form, journal)
        if candidates is None:
            raise
        return tuple(candidate.optimum for candidate in candidates)


def _local(optimum: Optimum, case: Branch, nonempty: Region, strict: set[str], stated: Sequence[Restriction]) -> Local:
    if optimum.implicit:
        raise Refusal(
            f"the best choice where the payoff is {case.value} is told by its first-order condition only, so it is not compared with"
            " those of other cases"
        )
    names = {r.name for r in stated}
    placed = replace(
        optimum,
        region=unique((*nonempty, *optimum.region)),
        active=tuple(name for name in optimum.active if name in names),
    )
    value = normal_at(case.value, dict(optimum.values))
    return Local(placed, value, not strict & set(optimum.active), case.value)


def _nonempty(variable: Symbol, restrictions: Sequence[Restriction], given: Region) -> Region:
    """When the interval that the restrictions leave has a point."""
    bounds = interval(variable, restrictions, given)
    found = [item.relation for item in bounds.free]
    for low in bounds.lower:
        for high in bounds.upper:
            gap = normal(high.value - low.value)
            found.append(gap > 0 if low.strict or high.strict else gap >= 0)
    return unique(r for r in found if r == sympy.false or prove(r, given) is None)


def _only_choice(variable: Symbol, among: Region, given: Region) -> Expr | None:
    """The choice, where the relations leave one at every point of `given`."""
    bounds = interval(variable, tuple(restriction("", r) for r in among), given)
    for low in bounds.lower:
        for high in bounds.upper:
            if normal(high.value - low.value) == 0:
                return low.value
    return None


# --- the cases against one another -----------------------------------------------------------------------------------------


def _undominated(local: Local, others: Sequence[Local], given: Region) -> list[Region]:
    """Where nothing pays more: disjoint regions."""
    cells: list[Region] = [local.optimum.region]
    for other in others:
        gain = normal(other.value - local.value)
        if other is local or gain == 0:
            continue
        better = unique((*other.optimum.region, gain > 0))
        if sympy.false in better:
            continue
        cells = [part for cell in cells for part in beyond(cell, better, given)]
    return list(joined(cells))


def _justify(local: Local, cell: Region, others: Sequence[Local], given: Region, journal: Journal) -> None:
    for other in others:
        gap = normal(local.value - other.value)
        known = unique((*given, *cell, *other.optimum.region))
        if other is local or gap == 0 or emptiness((), known) is not None:
            continue
        certificate = prove(Ge(gap, 0, evaluate=False), known)
        if certificate is None:
            raise Refusal(f"two choices are not compared: one pays {local.value}, the other {other.value}")
        if not gap.is_Rational:
            journal.add(Dominance, given=known, better=local.value, worse=other.value, certificate=certificate)


def _none(problem: Problem, others: Sequence[Local], journal: Journal) -> list[Nothing]:
    """Where a supremum that is not attained is above everything that is."""
    given = problem.given
    found: list[Nothing] = []
    had = [local for local in others if local.attained]
    for local in others:
        if local.attained:
            continue
        cells: list[Region] = [local.optimum.region]
        for other in had:
            gain = normal(other.value - local.value)
            as_good = unique((*other.optimum.region, gain >= 0))
            if sympy.false not in as_good:
                cells = [part for cell in cells for part in beyond(cell, as_good, given)]
        found += [unreached(problem, local, cell, had, journal) for cell in cells]
    return found


def unreached(problem: Problem, local: Local, cell: Region, had: Sequence[Local], journal: Journal) -> Nothing:
    """A supremum above all that can be `had`, which leaves no maximum on `cell`."""
    rivals = [(other.optimum.region, other.value) for other in had]
    return not_attained(replace(problem, objective=local.payoff), local.optimum.values, local.value, cell, rivals, journal)
