"""Concave quadratic payoffs under linear constraints: every regime of the parameters, found point by point and proved region by region.

Where the Karush-Kuhn-Tucker conditions hold, there is the maximum, as the payoff is concave; no constraint qualification is needed,
and constraints may be redundant or say the same twice. Which constraints bind is read off sample points; the regions on which
the conditions then hold are subtracted from the domain until nothing is left, each remainder giving a new point. A remainder
without a maximum is proved infeasible or unbounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import kernel
from derive.algebra.marginal import signed_product
from derive.algebra.shape import open_, said
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Restriction, needed, unique
from derive.decision.quadratic import Active, Numbers, Point, Quadratic, Solved
from derive.decision.regions import Region, covers, emptiness, joined, without
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


@dataclass(frozen=True)
class Found:
    """A set of binding constraints with the relations under which its conditions hold: those of `slacks` say that a constraint
    (by number) does, and that it does not bind."""

    solved: Solved
    region: Region
    others: Region
    slacks: tuple[tuple[int, Boolean, Boolean], ...]


def maximise_quadratic(form: Quadratic, premise: str, journal: Journal, strictly: bool) -> Outcome:
    """Every regime of a problem whose payoff a premise shows to be concave (`strictly` or not), and the regions without a maximum."""
    given = form.problem.given
    found, holes = _explore(form, strictly)
    cells = _apart(found, given, strictly)
    optima, nothing = _regimes(form, cells, premise, journal, strictly)
    ties = () if strictly else tuple(tie for item, cell in cells for tie in _ties(form, item, cell, journal))
    gaps = tuple(gap for hole in holes for gap in no_maximum(form, hole, journal))
    outcome = Outcome(optima, (*nothing, *gaps), ties)
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
            cells = [part for cell in cells for part in _beside(cell, taken, given)]
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


# --- regions that do not overlap -------------------------------------------------------------------------------------------


def _apart(found: Sequence[Found], given: Region, strictly: bool) -> list[tuple[Found, Region]]:
    """The same sets on disjoint regions; a boundary goes to the set with more binding constraints.

    Where a constraint may bind as well, it is asked not to. Of a strictly concave payoff there is one best choice, so that this
    alone sets apart any two sets one of which was asked not to have what the other has. Elsewhere it is mostly enough to make one
    relation strict; where that leaves a boundary to nobody, regions are cut more carefully.
    """
    ordered = sorted(found, key=lambda f: (-len(f.solved.active), f.solved.active))
    names = {frozenset(item.solved.active) for item in ordered}
    regions = [_not_binding(item, names, given) for item in ordered]
    for cut in (_beside, _exactly_beside):
        placed: list[tuple[Found, Region]] = []
        for item, region in zip(ordered, regions, strict=True):
            cells: list[Region] = [region]
            for other, taken in placed:
                if not (strictly and _set_apart(item, other, names)):
                    cells = [part for cell in cells for part in cut(cell, taken, given)]
            placed += [(item, cell) for cell in cells]
        after = [cell for _, cell in placed]
        if cut is _exactly_beside or after == regions or _same_union(regions, after, given):
            break
    return _merged([(item, cell) for item, cell in placed if emptiness(cell, given) is None], given)


def _not_binding(item: Found, names: set[frozenset[int]], given: Region) -> Region:
    """The region of a set without the boundaries on which one more of the sets' constraints binds."""
    own = frozenset(item.solved.active)
    slacks = tuple(apart if own | {number} in names else relation for number, relation, apart in item.slacks)
    return needed((*item.others, *slacks), given)


def _set_apart(first: Found, second: Found, names: set[frozenset[int]]) -> bool:
    """Whether one of two sets is asked not to bind a constraint that the other binds."""
    a, b = frozenset(first.solved.active), frozenset(second.solved.active)
    return any(a | {j} in names for j in b - a) or any(b | {j} in names for j in a - b)


def _same_union(before: Sequence[Region], after: Sequence[Region], given: Region) -> bool:
    """Whether every point of the regions before is in one after."""
    return all(covers(after, (*given, *region)) for region in before if region not in after)


def _beside(cell: Region, taken: Region, given: Region) -> tuple[Region, ...]:
    """A region without the boundary it has in common with another; cut exactly where they overlap otherwise."""
    if emptiness(unique((*cell, *taken)), given) is not None:
        return (cell,)
    for relation in cell:
        strict = open_(relation)
        smaller = tuple(strict if r == relation else r for r in cell)
        if strict != relation and emptiness(unique((*smaller, *taken)), given) is not None:
            return (smaller,)
    return without(cell, taken, given)


def _exactly_beside(cell: Region, taken: Region, given: Region) -> tuple[Region, ...]:
    if emptiness(unique((*cell, *taken)), given) is not None:
        return (cell,)
    return without(cell, taken, given)


def _merged(placed: Sequence[tuple[Found, Region]], given: Region) -> list[tuple[Found, Region]]:
    """Sets that give the same choices are one on the union of their regions, where the multipliers of one of them serve there."""
    groups: dict[tuple[Expr, ...], list[tuple[Found, Region]]] = {}
    for item, cell in placed:
        groups.setdefault(item.solved.values, []).append((item, cell))
    merged = []
    for members in groups.values():
        owned: list[tuple[Found, Region]] = []
        for cell in joined([cell for _, cell in members]):
            owners = [item for item, part in members if part == cell or _serves(item, part, cell, given)]
            if not owners:
                owned = list(members)
                break
            owned.append((owners[0], cell))
        merged += owned
    return merged


def _serves(item: Found, part: Region, cell: Region, given: Region) -> bool:
    """Whether a set's conditions hold on a cell that is more than its own part."""
    return set(cell) <= set(part) and all(prove(relation, (*given, *cell)) is not None for relation in item.region)


# --- results ---------------------------------------------------------------------------------------------------------------


def _regimes(
    form: Quadratic, cells: Sequence[tuple[Found, Region]], premise: str, journal: Journal, strictly: bool
) -> tuple[tuple[Optimum, ...], tuple[Nothing, ...]]:
    optima: list[Optimum] = []
    nothing: list[Nothing] = []
    restrictions = form.problem.restrictions
    for item, cell in cells:
        strict = [j for j in item.solved.active if restrictions[j].strict]
        step = _proved(form, item, cell, premise, journal, strictly)
        values = tuple(zip(form.problem.variables, item.solved.values, strict=True))
        if strict:
            bounds = " and ".join(restrictions[j].name for j in strict)
            reason = f"the supremum lies at the bound {bounds}, which is excluded"
            supremum = normal_at(form.problem.objective, dict(values))
            nothing.append(Nothing(cell, Without.NOT_ATTAINED, reason, supremum, values))
            continue
        names = tuple(restrictions[j].name for j in item.solved.active)
        optima.append(Optimum(cell, values, names, (), (premise, step.label)))
    return tuple(optima), tuple(nothing)


def _proved(form: Quadratic, item: Found, cell: Region, premise: str, journal: Journal, strictly: bool) -> GlobalMaximum:
    problem = form.problem
    known = (*problem.given, *cell)
    multipliers = dict(zip(item.solved.active, item.solved.multipliers, strict=True))
    certificates = []
    for number, restriction in enumerate(problem.restrictions):
        binding = number in multipliers
        quantity = multipliers[number] if binding else form.slack(number, item.solved.values)
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
        values=tuple(zip(problem.variables, item.solved.values, strict=True)),
        multipliers=tuple(multipliers.get(j, sympy.Integer(0)) for j in range(len(problem.restrictions))),
        certificates=tuple(certificates),
        attained=not any(problem.restrictions[j].strict for j in multipliers),
    )


def _ties(form: Quadratic, item: Found, cell: Region, journal: Journal) -> Iterator[Region]:
    """Where multipliers vanish without whose constraints the payoff is not strictly concave: other choices may be as good."""
    known = (*form.problem.given, *cell)
    multipliers = dict(zip(item.solved.active, item.solved.multipliers, strict=True))
    for size in range(1, len(multipliers) + 1):
        for idle in combinations(multipliers, size):
            rest = form.solved(tuple(j for j in multipliers if j not in idle))
            vanishing = [multipliers[j] for j in idle] + ([] if rest is None else [rest.determinant])
            relations = _all_zero(_sign_carrier(quantity, known) for quantity in vanishing)
            if emptiness(relations, known) is not None:
                continue
            names = " and ".join(said(form.problem.restrictions[j].relation) for j in idle)
            if not relations:
                raise Refusal(f"a continuum of best choices: {names} may bind or not, the payoff is the same")
            where = " and ".join(said(relation) for relation in relations)
            journal.warnings.append(f"where {where} the best choice need not be unique: {names} may hold without binding")
            yield unique((*cell, *relations))


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
