"""Several candidates for one maximum: who pays most where.

Whoever proves that a maximum exists and is among finitely many candidates leaves the rest to `best`: the region of each is where
it exists and pays no less than every other that exists there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import combinations, product

import sympy
from sympy import Expr, Ge, fraction

from derive.algebra.exponentials import without_lambert_inside
from derive.algebra.marginal import signed_product
from derive.algebra.shape import said
from derive.certificates import Certificate, Contradiction
from derive.decision.problem import Journal, Optimum, needed, unique
from derive.decision.regions import Region, beyond, emptiness, joined
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove, refute
from derive.steps import Dominance

_READABLE = 100  # characters of a remark


@dataclass(frozen=True)
class Candidate:
    """`optimum` can be had where its region holds and pays `value` there (free of the choices it makes).

    `source` is for the caller: which piece of a problem it comes from. Without `attained` the value is a supremum that no
    choice reaches; where it is best, there is no maximum.
    """

    optimum: Optimum
    value: Expr
    source: int = 0
    attained: bool = True


def best(candidates: Sequence[Candidate], given: Region, journal: Journal) -> tuple[Candidate, ...]:
    """The candidates on the regions where they are best, each region a conjunction; one candidate may come back several times.

    To be used where, at every point of `given`, the supremum is the largest value among the candidates whose region holds there:
    the caller's argument. Then the regions returned are disjoint and cover what the candidates' regions cover. Only where two
    different choices pay the same throughout (identical values) both are returned, with ``unique=False``. Where two pay the same
    on a boundary only, the boundary goes to the earlier of the two (attained ones come first) and a warning in the journal
    says so. Each comparison needed is a `Dominance` step in the journal.

    Raises Refusal when the sign of a difference of values is not settled by a polynomial relation.
    """
    live = [c for c in sorted(candidates, key=lambda c: not c.attained) if emptiness(c.optimum.region, given) is None]
    whole = [_Standing(candidate, number) for number, candidate in enumerate(live)]
    behind: set[tuple[int, int]] = set()
    undecided: list[tuple[_Standing, _Standing]] = []
    tied = False
    for first, second in combinations(whole, 2):
        both = first.meets(second)
        if emptiness(both, given) is not None:
            continue
        order = _order(first.candidate, second.candidate, both, given)
        tied = tied or order is Order.SAME_VALUE
        if order is Order.DEPENDS:
            undecided.append((first, second))
        else:
            _enter(order, first, second, both, given, behind)
    parts = [_parts(standing, given, journal) if _is_in(standing, undecided) else (standing,) for standing in whole]
    for one, other in undecided:
        for first, second in product(parts[one.number], parts[other.number]):
            both = first.meets(second)
            if (first, second) == (one, other) or emptiness(both, given) is None:
                order = Order.DEPENDS
                if (first, second) != (one, other):
                    order = _order(first.candidate, second.candidate, both, given)
                if order is Order.DEPENDS:
                    _warn_of_tie(first.candidate, second.candidate, both, given, journal)
                _enter(order, first, second, both, given, behind)
    found: list[Candidate] = []
    for standing in (part for own in parts for part in own):
        for cell in standing.left(given):
            _justify(standing.candidate, cell, whole, parts, given, journal)
            found.append(_placed(standing.candidate, cell))
    return _several(found, given) if tied else tuple(found)


# --- who is left where -----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Standing:
    """A candidate by its number, or what is left of it: `lost` are the regions on which another is taken in its place, those
    `ahead` where it pays at least as much wherever both are to be had."""

    candidate: Candidate
    number: int
    lost: list[Region] = field(default_factory=list)
    ahead: list[Candidate] = field(default_factory=list)

    def meets(self, other: _Standing) -> Region:
        """Where both are to be had."""
        return unique((*self.candidate.optimum.region, *other.candidate.optimum.region))

    def left(self, given: Region) -> tuple[Region, ...]:
        """What is left of the candidate's region."""
        return _left(self.candidate.optimum.region, self.lost, given)


def _parts(standing: _Standing, given: Region, journal: Journal) -> tuple[_Standing, ...]:
    """The candidate on each of the regions that are left to it, with the steps that say why the others are not."""
    if not standing.lost:
        return (standing,)
    for better in standing.ahead:
        _dominates(
            better, standing.candidate, unique((*given, *better.optimum.region, *standing.candidate.optimum.region)), journal
        )
    return tuple(_Standing(_placed(standing.candidate, cell), standing.number) for cell in standing.left(given))


def _is_in(standing: _Standing, pairs: Sequence[tuple[_Standing, _Standing]]) -> bool:
    return any(standing in pair for pair in pairs)


def _enter(
    order: Order, first: _Standing, second: _Standing, both: Region, given: Region, behind: set[tuple[int, int]]
) -> None:
    """Take from either what the other is to have. A tie goes to the first (or to the one that pays at least as much) unless that
    one stands back behind the other in ties already."""
    if order is Order.SAME_VALUE:
        return
    if order is Order.DEPENDS:
        core = _core(first.candidate, second.candidate, both, given)
        leads = _leads(first.number, second.number, behind)
        first.lost.append(unique((*second.candidate.optimum.region, core <= 0 if leads else core < 0)))
        second.lost.append(unique((*first.candidate.optimum.region, core > 0 if leads else core >= 0)))
        behind.add((first.number, second.number) if leads else (second.number, first.number))
        return
    loser, winner = (first, second) if order is Order.SECOND else (second, first)
    region = winner.candidate.optimum.region
    if _leads(winner.number, loser.number, behind):
        region = unique((*region, _gap(loser.candidate.value, winner.candidate.value, given) < 0))
    else:
        behind.add((loser.number, winner.number))
    loser.lost.append(region)
    loser.ahead.append(winner.candidate)


def _leads(start: int, end: int, behind: set[tuple[int, int]]) -> bool:
    """Whether `start` stands back behind `end` in ties, directly or through others: a tie among all of them needs one winner."""
    reached, frontier = {start}, [start]
    while frontier:
        here = frontier.pop()
        for loser, winner in behind:
            if loser == here and winner not in reached:
                reached.add(winner)
                frontier.append(winner)
    return end in reached


# --- one against another ---------------------------------------------------------------------------------------------------


class Order(Enum):
    """How two candidates compare where both exist."""

    FIRST = "the first pays at least as much"
    SECOND = "the second pays at least as much"
    SAME_CHOICE = "they are the same choice"
    SAME_VALUE = "different choices pay the same"
    DEPENDS = "it depends on the parameters"


def _gap(one: Expr, other: Expr, given: Region) -> Expr:
    """How much more one value is than another."""
    return without_lambert_inside(normal(one - other), given)


def _order(first: Candidate, second: Candidate, both: Region, given: Region) -> Order:
    gap = _gap(first.value, second.value, (*given, *both))
    known = (*given, *both)
    if gap == 0:
        if first.attained != second.attained:
            return Order.FIRST
        return Order.SAME_CHOICE if same_choice(first.optimum, second.optimum) else Order.SAME_VALUE
    if prove(gap >= 0, known) is not None:
        return Order.FIRST
    if prove(gap <= 0, known) is not None:
        return Order.SECOND
    return Order.DEPENDS


def same_choice(first: Optimum, second: Optimum) -> bool:
    """Whether two optima choose identical values."""
    values = dict(second.values)
    if (first.free, first.among) != (second.free, second.among):
        return False
    return len(first.values) == len(values) and all(s in values and normal(v - values[s]) == 0 for s, v in first.values)


def _core(first: Candidate, second: Candidate, both: Region, given: Region) -> Expr:
    """What decides the sign of the difference of the two values."""
    gap = _gap(first.value, second.value, (*given, *both))
    try:
        return signed_product(gap, (*given, *both)).core
    except Refusal as refusal:
        raise Refusal(f"two candidates for the maximum are not compared: {refusal.message}") from None


def differ(first: Optimum, second: Optimum, known: Region) -> bool:
    """Whether two optima may choose different values somewhere under `known`."""
    values = dict(second.values)
    return any(emptiness((sympy.Ne(v, values[s]),), known) is None for s, v in first.values if s in values)


def _warn_of_tie(first: Candidate, second: Candidate, both: Region, given: Region, journal: Journal) -> None:
    core = _core(first, second, both, given)
    if differ(first.optimum, second.optimum, (*given, *both, sympy.Eq(core, 0))):
        journal.warnings.append(_tie(said(sympy.Eq(core, 0)), first.optimum, second.optimum))


def named_choices(first: Optimum, second: Optimum) -> str:
    """Two choices by their values."""
    told = [" with ".join(f"{s} = {v}" for s, v in one.values) for one in (first, second)]
    return (" and " if len(first.values) == len(second.values) == 1 else ", and ").join(told)


def _tie(where: str, first: Optimum, second: Optimum) -> str:
    """That two choices pay the same, without formulas that nobody would read in a remark."""
    place = f"where {where}" if len(where) <= _READABLE else "on the border between their regimes"
    named = named_choices(first, second)
    if len(named) > _READABLE:
        return f"{place} two choices of {', '.join(str(s) for s, _ in first.values)} pay the same"
    return f"{place} two choices pay the same: {named}"


# --- regions ---------------------------------------------------------------------------------------------------------------


def _left(region: Region, lost: Sequence[Region], given: Region) -> tuple[Region, ...]:
    """What is left of a candidate's region, as disjoint conjunctions."""
    cells: list[Region] = [region]
    for other in lost:
        cells = [part for cell in cells for part in beyond(cell, other, given)]
    return tuple(needed(cell, given) for cell in joined([needed(cell, given) for cell in cells], given))


def _justify(
    winner: Candidate,
    cell: Region,
    whole: Sequence[_Standing],
    parts: Sequence[Sequence[_Standing]],
    given: Region,
    journal: Journal,
) -> None:
    """What else is to be had on the cell pays no more, or no more than something that pays no more."""
    for standing, left in zip(whole, parts, strict=True):
        if standing.candidate.value == winner.value or _gap(winner.value, standing.candidate.value, given) == 0:
            continue
        for other in left:
            known = unique((*given, *cell, *other.candidate.optimum.region))
            if emptiness((), known) is not None:
                continue
            if not _dominates(winner, other.candidate, known, journal):
                raise Refusal(
                    f"two candidates for the maximum are not compared: {winner.value} against {other.candidate.value}"
                )


def _dominates(better: Candidate, worse: Candidate, known: Region, journal: Journal) -> bool:
    """Whether the one is proved to pay at least as much; then a step says so."""
    if _gap(better.value, worse.value, known) == 0:
        return True
    claim = Ge(_gap(better.value, worse.value, known), 0, evaluate=False)
    certificate = prove(claim, known) or _not_less(claim, known)
    if certificate is not None:
        journal.add(Dominance, given=known, better=better.value, worse=worse.value, certificate=certificate)
    return certificate is not None


def _not_less(claim: Ge, known: Region) -> Certificate | None:
    """A certificate of a claim without denominators by refuting that it fails: how the regions were told apart."""
    if fraction(claim.lhs)[1].free_symbols:
        return None
    refutation = refute((*known, claim.lhs < 0))
    return None if refutation is None else Contradiction(claim=claim, given=known, refutation=refutation)


def _placed(candidate: Candidate, cell: Region) -> Candidate:
    return replace(candidate, optimum=replace(candidate.optimum, region=cell))


def _several(found: Sequence[Candidate], given: Region) -> tuple[Candidate, ...]:
    """Candidates that pay the same at common points are marked as not unique there; regions are split to say where."""
    done: list[Candidate] = []
    for candidate in found:
        rest: list[Region] = [candidate.optimum.region]
        for other in found:
            if _gap(candidate.value, other.value, given) != 0 or same_choice(candidate.optimum, other.optimum):
                continue
            for cell in rest:
                common = unique((*cell, *other.optimum.region))
                if emptiness(common, given) is None:
                    optimum = replace(candidate.optimum, region=needed(common, given), unique=False)
                    done.append(replace(candidate, optimum=optimum))
            rest = [part for cell in rest for part in beyond(cell, other.optimum.region, given)]
        done += [_placed(candidate, cell) for cell in rest]
    return tuple(done)
