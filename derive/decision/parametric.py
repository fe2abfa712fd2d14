"""Concave quadratic payoffs under linear constraints: every regime of the parameters, found point by point and proved region by region.

Where the Karush-Kuhn-Tucker conditions hold, there is the maximum, as the payoff is concave; no constraint qualification is needed,
and constraints may be redundant or say the same twice. Which constraints bind is read off sample points; the regions on which
the conditions then hold are subtracted from the domain until nothing is left, each remainder giving a new point. A remainder
without a maximum is proved infeasible or unbounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import kernel
from derive.algebra.marginal import signed_product
from derive.algebra.shape import said
from derive.decision.faces import face
from derive.decision.placing import Found, apart, beside
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Restriction, needed, unique
from derive.decision.quadratic import Active, Numbers, Point, Quadratic
from derive.decision.regions import Region, emptiness, joined, without
from derive.decision.unbounded import no_maximum
from derive.errors import Refusal
from derive.field import normal
from derive.placed import normal_at
from derive.programs import GlobalMaximum
from derive.prove import prove, witness
from derive.prove.partition import Partition
from derive.solution import Without
from derive.steps import Coverage

# Sets of binding constraints that are looked into before giving up.
MOST = 40


def maximise_quadratic(form: Quadratic, premise: str, journal: Journal, strictly: bool) -> Outcome:
    """Every regime of a problem whose payoff a premise shows to be concave (`strictly` or not), and the regions without a maximum."""
    given = form.problem.given
    found, holes = _explore(form, strictly)
    cells = apart(found, given, strictly)
    level = [] if strictly else [(item, cell) for item, cell in cells if _is_level(form, item, cell)]
    cells = [entry for entry in cells if entry not in level]
    optima, nothing = _regimes(form, cells, premise, journal, strictly)
    ties = () if strictly else tuple(tie for item, cell in cells for tie in _ties(form, item, cell, journal))
    continua = _continua(form, level, [cell for _, cell in cells], premise, journal)
    gaps = tuple(gap for hole in holes for gap in no_maximum(form, hole, journal))
    outcome = Outcome((*optima, *continua), (*nothing, *gaps), (*ties, *(optimum.region for optimum in continua if optimum.free)))
    _covered(outcome, given, journal)
    return outcome


# --- which constraints bind where ------------------------------------------------------------------------------------------


def _explore(form: Quadratic, strictly: bool) -> tuple[list[Found], list[Region]]:
    """Sets of binding constraints whose regions cover every point that has a maximum, and what is left."""
    given = form.problem.given
    found: dict[Active, Found] = {}
    clashes: dict[Active, Region] = {}
    barren: list[Region] = []
    waiting: list[Region] = [()]
    while waiting:
        cell = waiting.pop(0)
        for region in (*(item.region for item in found.values()), *clashes.values()):
            parts = _subtracted(cell, region, given)
            if parts != (cell,):
                waiting = [*parts, *waiting]
                break
        else:
            point = witness((*given, *cell))
            fresh = [] if point is None else _binding_at(form, point, found, strictly)
            clash = None if point is None or fresh else _clash_at(form, point, clashes)
            if clash is not None:
                clashes[clash[0]] = clash[1]
            elif not fresh:
                barren += [cell] if point is not None else []
                continue
            if len(found) + len(fresh) > MOST:
                raise Refusal(f"more than {MOST} sets of constraints bind somewhere")
            for item in fresh:
                found[item.solved.active] = item
            waiting.insert(0, cell)
    holes = [*_disjoint(clashes.values(), given), *(needed(cell, given) for cell in joined(barren, given))]
    return list(found.values()), holes


def _disjoint(regions: Iterable[Region], given: Region) -> list[Region]:
    placed: list[Region] = []
    for region in regions:
        cells: list[Region] = [region]
        for taken in placed:
            cells = [part for cell in cells for part in beside(cell, taken, given)]
        placed += [cell for cell in cells if emptiness(cell, given) is None]
    return placed


def _clash_at(form: Quadratic, point: Point, known: Mapping[Active, Region]) -> tuple[Active, Region] | None:
    """Constraints that contradict one another at a point, a nonnegative combination of them being negative, and where they do."""
    numbers = _numbers(form, point)
    count = len(form.offsets)
    for size in range(2, min(form.size + 1, count) + 1):
        for active in combinations(range(count), size):
            if active in known or numbers is None or not numbers.clashes(active, _strict(form, active)):
                continue
            region = _clash(form, active)
            if region is not None:
                return active, region
    return None


def _strict(form: Quadratic, active: Active) -> bool:
    return any(form.problem.restrictions[j].strict for j in active)


def _clash(form: Quadratic, active: Active) -> Region | None:
    given = form.problem.given
    basis = kernel([[form.gradients[j][i] for j in active] for i in range(form.size)], len(active))
    if len(basis) != 1:
        return None
    (weights,) = basis
    total = normal(sympy.Add(*(w * form.offsets[j] for w, j in zip(weights, active, strict=True))))
    conditions = [_sign_carrier(weight, given) > 0 for weight in weights]
    core = _sign_carrier(total, given)
    region = unique((*conditions, core <= 0 if _strict(form, active) else core < 0))
    return None if emptiness(region, given) is not None else needed(region, given)


def _numbers(form: Quadratic, point: Point) -> Numbers | None:
    try:
        return form.at({symbol: point.get(symbol, sympy.Integer(1)) for symbol in form.symbols})
    except ZeroDivisionError:
        return None


def _subtracted(cell: Region, region: Region, given: Region) -> tuple[Region, ...]:
    if emptiness(unique((*cell, *region)), given) is not None:
        return (cell,)
    return without(cell, region, given)


def _binding_at(form: Quadratic, point: Point, known: Mapping[Active, Found], strictly: bool) -> list[Found]:
    """Sets of constraints, not known yet, whose conditions hold at a point and in a region around or beside it."""
    numbers = _numbers(form, point)
    actives = [] if numbers is None else [active for active in _holding(numbers, form) if active not in known]
    return [item for active in actives if (item := _region(form, active, strictly)) is not None]


def _holding(numbers: Numbers, form: Quadratic) -> Iterator[Active]:
    count = len(form.offsets)
    for size in range(min(form.size, count) + 1):
        for active in combinations(range(count), size):
            if numbers.satisfies(active):
                yield active


def _region(form: Quadratic, active: Active, strictly: bool) -> Found | None:
    """The relations under which the conditions hold with these constraints binding; None when they never do."""
    given = form.problem.given
    solved = form.solved(active)
    if solved is None:
        return None
    conditions: list[Boolean] = []
    determinant = _sign_carrier(normal((-1) ** form.size * solved.determinant), given)
    if not determinant.is_Rational and prove(determinant > 0, given) is None:
        conditions.append(determinant > 0)
    known = (*given, *conditions)
    slacks: list[tuple[int, Boolean, Boolean]] = []
    for number, restriction in enumerate(form.problem.restrictions):
        binding = number in active
        quantity = solved.multipliers[active.index(number)] if binding else form.slack(number, solved.values)
        core = _sign_carrier(quantity, known)
        relation = core > 0 if _positive(restriction, binding, strictly) else core >= 0
        if binding:
            conditions.append(relation)
        else:
            slacks.append((number, relation, core > 0))
    region = unique((*conditions, *(relation for _, relation, _ in slacks)))
    if emptiness(region, given) is not None:
        return None
    return Found(solved, needed(region, given), unique(conditions), tuple(slacks))


def _positive(restriction: Restriction, binding: bool, strictly: bool) -> bool:
    """Whether a multiplier or slack must be positive: a strict constraint holds strictly, or is the reason why nothing is best.

    It is the reason also with a zero multiplier where the limit is the only best choice, by strict concavity.
    """
    return restriction.strict and not (binding and strictly)


def _sign_carrier(expr: Expr, given: Region) -> Expr:
    return signed_product(expr, given).core if not expr.is_Rational else expr


# --- results ---------------------------------------------------------------------------------------------------------------


def _regimes(
    form: Quadratic, cells: Sequence[tuple[Found, Region]], premise: str, journal: Journal, strictly: bool
) -> tuple[tuple[Optimum, ...], tuple[Nothing, ...]]:
    optima: list[Optimum] = []
    nothing: list[Nothing] = []
    restrictions = form.problem.restrictions
    for item, cell in cells:
        strict = [j for j in item.solved.active if restrictions[j].strict]
        values = tuple(zip(form.problem.variables, item.solved.values, strict=True))
        multipliers = dict(zip(item.solved.active, item.solved.multipliers, strict=True))
        step = _proved(form, dict(values), multipliers, (*form.problem.given, *cell), premise, journal, strictly)
        if strict:
            bounds = " and ".join(restrictions[j].name for j in strict)
            reason = f"the supremum lies at the bound {bounds}, which is excluded"
            supremum = normal_at(form.problem.objective, dict(values))
            nothing.append(Nothing(cell, Without.NOT_ATTAINED, reason, supremum, values))
            continue
        names = tuple(restrictions[j].name for j in item.solved.active)
        optima.append(Optimum(cell, values, names, (), (premise, step.label)))
    return tuple(optima), tuple(nothing)


def _proved(
    form: Quadratic,
    values: Mapping[Symbol, Expr],
    multipliers: Mapping[int, Expr],
    known: Region,
    premise: str,
    journal: Journal,
    strictly: bool,
) -> GlobalMaximum:
    problem = form.problem
    chosen = tuple(values[x] for x in problem.variables)
    certificates = []
    for number, restriction in enumerate(problem.restrictions):
        binding = number in multipliers
        quantity = multipliers[number] if binding else form.slack(number, chosen)
        claim = quantity > 0 if _positive(restriction, binding, strictly) else quantity >= 0
        certificate = None if quantity.is_Rational else prove(claim, known)
        if certificate is None and not (quantity.is_Rational and claim):
            raise Refusal(f"{claim} is not proved on the region on which it should hold")
        certificates.append(certificate)
    return journal.add(
        GlobalMaximum,
        uses=(premise,),
        given=known,
        objective=problem.objective,
        variables=problem.variables,
        constraints=tuple(r.relation for r in problem.restrictions),
        values=tuple(zip(problem.variables, chosen, strict=True)),
        multipliers=tuple(multipliers.get(j, sympy.Integer(0)) for j in range(len(problem.restrictions))),
        certificates=tuple(certificates),
        attained=not any(problem.restrictions[j].strict for j in multipliers),
    )


def _ties(form: Quadratic, item: Found, cell: Region, journal: Journal) -> Iterator[Region]:
    """Where multipliers vanish without whose constraints the payoff is not strictly concave: other choices may be as good."""
    for idle, relations in _idle(form, item, cell):
        names = " and ".join(said(form.problem.restrictions[j].relation) for j in idle)
        where = " and ".join(said(relation) for relation in relations)
        journal.warnings.append(f"where {where} other choices may be as good: nothing is gained there by moving away from {names}")
        yield unique((*cell, *relations))


def _is_level(form: Quadratic, item: Found, cell: Region) -> bool:
    """Whether that is so everywhere on a region."""
    return any(not relations for _, relations in _idle(form, item, cell))


def _idle(form: Quadratic, item: Found, cell: Region) -> Iterator[tuple[Active, Region]]:
    """Constraints that may bind with multipliers of zero, and where, without which the payoff is not strictly concave."""
    known = (*form.problem.given, *cell)
    multipliers = dict(zip(item.solved.active, item.solved.multipliers, strict=True))
    for size in range(1, len(multipliers) + 1):
        for idle in combinations(multipliers, size):
            rest = form.solved(tuple(j for j in multipliers if j not in idle))
            vanishing = [multipliers[j] for j in idle] + ([] if rest is None else [rest.determinant])
            relations = _all_zero(_sign_carrier(quantity, known) for quantity in vanishing)
            if emptiness(relations, known) is None:
                yield idle, relations


def _continua(
    form: Quadratic, level: Sequence[tuple[Found, Region]], taken: Sequence[Region], premise: str, journal: Journal
) -> tuple[Optimum, ...]:
    """All best choices where there is a continuum of them on all of some regions, these put together as far as the formulas hold."""
    given, restrictions = form.problem.given, form.problem.restrictions
    optima: list[Optimum] = []
    for one in dict.fromkeys(face(form, item.solved, given) for item, _ in level):
        if one is None:
            idle = next(idle for item, cell in level for idle, relations in _idle(form, item, cell) if not relations)
            names = " and ".join(said(restrictions[j].relation) for j in idle)
            raise Refusal(f"a continuum of best choices: {names} may bind or not, the payoff is the same")
        signs = [_sign_carrier(multiplier, given) >= 0 for multiplier in one.multipliers]
        for family in one.families:
            cells: list[Region] = [unique((*signs, *family.region))]
            for other in (*taken, *(optimum.region for optimum in optima)):
                cells = [part for cell in cells for part in beside(cell, other, given)]
            for cell in (needed(part, given) for part in cells if emptiness(part, given) is None):
                known = unique((*given, *cell, *family.among))
                values = {x: family.at(x) for x in form.problem.variables}
                multipliers = dict(zip(one.carriers, one.multipliers, strict=True))
                step = _proved(form, values, multipliers, known, premise, journal, strictly=False)
                binding = tuple(restrictions[j].name for j in one.carriers)
                labels = (premise, step.label)
                optima.append(Optimum(cell, family.values, binding, labels=labels, free=family.free, among=family.among))
    return tuple(optima)


def _all_zero(quantities: Iterable[Expr]) -> tuple[Boolean, ...]:
    """That all of them vanish; of a quantity and its negative it is said once."""
    kept: list[Expr] = []
    for quantity in quantities:
        if -quantity not in kept:
            kept.append(quantity)
    return unique(sympy.Eq(quantity, 0) for quantity in kept)


def _covered(outcome: Outcome, given: Region, journal: Journal) -> None:
    """A `Coverage` step, where the prover settles that the regions are disjoint and leave nothing out."""
    regions = (*(item.region for item in outcome.optima), *(item.region for item in outcome.nothing))
    if len(regions) < 2:
        return
    partition = Partition(given, regions)
    if partition.covered((), regions) and all(partition.disjoint(*pair) for pair in combinations(regions, 2)):
        journal.add(Coverage, given=given, regions=regions, certificates=tuple(partition.certificates))
