"""The maxima of all pieces of a payoff, compared by value: the greatest of them is the maximum where it is attained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Gt, true

from derive.decision.anchor import dominated, stated, value_of
from derive.decision.compare import Candidate, best
from derive.decision.families import Family, contains, families
from derive.decision.piece import Piece, Placed, Settlement
from derive.decision.problem import Journal, Nothing, Optimum, unique
from derive.decision.regions import Region, emptiness, outside_of, uncovered, without
from derive.decision.several import settle
from derive.decision.unattained import not_attained
from derive.errors import Refusal
from derive.field import NotRational, derivative, factored, normal
from derive.prove import prove
from derive.solution import Without
from derive.steps import Sign


@dataclass(frozen=True)
class Maxima:
    """What is known of each piece by itself: its maxima, where it is unbounded, and pieces whose maximum is not found, and why."""

    candidates: tuple[Candidate, ...]
    unbounded: tuple[Nothing, ...]
    unsolved: tuple[tuple[Piece, str], ...]


def maxima(pieces: Sequence[Piece], live: Sequence[int], given: Region, journal: Journal) -> Maxima:
    """Every piece maximised by itself."""
    candidates: list[Candidate] = []
    unbounded: list[Nothing] = []
    unsolved: list[tuple[Piece, str]] = []
    for number in live:
        piece = pieces[number]
        if emptiness((), (*given, *piece.domain())) is not None:
            continue
        mark, warned = len(journal.steps), len(journal.warnings)
        try:
            outcome = settle(replace(piece.problem, given=unique((*piece.problem.given, *given))), journal)
            candidates += _candidates(number, pieces, outcome.optima, given)
        except Refusal as refusal:
            del journal.steps[mark:], journal.warnings[warned:]
            unsolved.append((piece, refusal.message))
            continue
        for item in outcome.nothing:
            if item.kind is Without.UNBOUNDED:
                unbounded.append(replace(item, region=unique((*item.region, *piece.others))))
            elif item.kind is not Without.INFEASIBLE:
                unsolved.append((piece.within(item.region), f"{item.kind.value}: {item.reason}"))
    return Maxima(_without_members(candidates, given), tuple(unbounded), tuple(unsolved))


def _without_members(candidates: Sequence[Candidate], given: Region) -> tuple[Candidate, ...]:
    """The candidates without choices that belong to a continuum of choices that is a candidate too."""
    kept: list[Candidate] = []
    loose = [one for one in candidates if one.optimum.free and one.attained]
    for place, one in enumerate(candidates):
        own = one.optimum
        regions: list[Region] = [own.region]
        for other in (c.optimum for c in loose if c is not one and normal(c.value - one.value) == 0):
            both = unique((*own.region, *other.region))
            if (own in [c.optimum for c in loose[:place]] and own.free) or emptiness(both, given) is not None:
                continue
            outer = Family(other.region, other.values, other.free, other.among)
            alike = {*dict(own.values), *own.free} == {*dict(other.values), *other.free}
            if alike and contains(outer, Family(both, own.values, own.free, own.among), given):
                regions = [part for region in regions for part in without(region, other.region, given)]
        kept += [replace(one, optimum=replace(own, region=region)) for region in regions]
    return tuple(kept)


def compared(pieces: Sequence[Piece], live: Sequence[int], given: Region, journal: Journal) -> Settlement:
    """The best of the pieces' maxima by region.

    A piece whose maximum is not found does no harm where nothing on it pays more than the best of the others; elsewhere the region
    is left unsettled. Raises Refusal when no piece's maximum is found.
    """
    known = maxima(pieces, live, given, journal)
    unsolved = known.unsolved
    if not known.candidates and not known.unbounded:
        raise Refusal(unsolved[0][1] if unsolved else "no choice was found to be best")
    placed: list[Placed] = []
    nothing: list[Nothing] = list(known.unbounded)
    for winner in best(known.candidates, given, journal):
        for region in outside_of(winner.optimum.region, [item.region for item in known.unbounded], given):
            stalled = [reason for piece, reason in unsolved if not dominated(piece, winner.value, (*given, *region), journal)]
            if stalled:
                nothing.append(Nothing(region, Without.UNSETTLED, stalled[0]))
            elif not winner.attained:
                nothing.append(_approached(pieces, winner, region, known, given, journal))
            else:
                placed.append(Placed(winner.source, replace(winner.optimum, region=region)))
                _warn_of_rivals([piece for piece, _ in unsolved], winner, region, given, journal)
    if unsolved:
        holes = uncovered([*(c.optimum.region for c in known.candidates), *(n.region for n in known.unbounded)], given)
        nothing += [Nothing(hole, Without.UNSETTLED, unsolved[0][1]) for hole in holes]
    return Settlement(tuple(placed), tuple(nothing))


def _warn_of_rivals(pieces: Sequence[Piece], winner: Candidate, region: Region, given: Region, journal: Journal) -> None:
    """A warning where a piece whose maxima are not known may pay as much as the best choice, other than where it ends."""
    for piece in pieces:
        ends = [Gt(item.slack, 0, evaluate=False) for item in piece.problem.restrictions if item.name in piece.seams]
        inside = unique((*given, *region, *piece.domain(), *ends))
        less = Gt(normal(winner.value - piece.problem.objective), 0, evaluate=False)
        if emptiness((), inside) is None and prove(less, inside) is None:
            where = f"where {' and '.join(map(str, region))} " if region else ""
            text = f"{where}the best choice need not be unique: choices in another case may pay as much"
            if text not in journal.warnings:
                journal.warnings.append(text)


def _approached(
    pieces: Sequence[Piece], winner: Candidate, region: Region, known: Maxima, given: Region, journal: Journal
) -> Nothing:
    """Where a supremum that is only approached is the largest value."""
    had = [(c.optimum.region, c.value) for c in known.candidates if c.attained]
    problem = replace(pieces[winner.source].problem, given=given)
    try:
        for piece, reason in known.unsolved:
            here = unique((*given, *region, *piece.domain()))
            below = Gt(normal(winner.value - piece.problem.objective), 0, evaluate=False)
            if emptiness((), here) is None and prove(below, here) is None:
                raise Refusal(f"whether the supremum {winner.value} is attained is not settled: {reason}")
        found = not_attained(problem, winner.optimum.values, winner.value, region, had, journal)
    except Refusal as refusal:
        return Nothing(region, Without.UNSETTLED, refusal.message)
    return replace(found, piece=winner.source)


def uncompared(pieces: Sequence[Piece], live: Sequence[int], given: Region, journal: Journal) -> Settlement:
    """The pieces' maxima as they are, none of them sure to be the best: what a best choice is must be one of these."""
    known = maxima(pieces, live, given, journal)
    if any(candidate.optimum.free for candidate in known.candidates):
        raise Refusal("a continuum of choices may be best")
    kept = (c for c in known.candidates if c.attained and not _rises_beyond(c, pieces, live, given, journal))
    placed = tuple(Placed(c.source, c.optimum, sure=False) for c in kept)
    unsettled = (Nothing((), Without.UNSETTLED, reason) for _, reason in known.unsolved)
    return Settlement(placed, (*known.unbounded, *unsettled))


def _rises_beyond(candidate: Candidate, pieces: Sequence[Piece], live: Sequence[int], given: Region, journal: Journal) -> bool:
    """Whether the candidate lies on a seam beyond which, in the piece that begins there, the payoff goes on rising."""
    piece, values = pieces[candidate.source], dict(candidate.optimum.values)
    if len(piece.problem.variables) != 1:
        return False
    (variable,) = piece.problem.variables
    known = unique((*given, *candidate.optimum.region))
    for seam in (r for r in piece.problem.restrictions if r.name in piece.seams and r.name in candidate.optimum.active):
        outward = normal(-derivative(seam.slack, variable))
        for other in (pieces[number] for number in live if number != candidate.source):
            rest = [r for r in other.problem.restrictions if normal(r.slack + seam.slack) != 0]
            here = value_of(other.problem.objective, candidate.optimum)
            if len(rest) == len(other.problem.restrictions) or normal(here - candidate.value) != 0 or not outward.is_Rational:
                continue
            rate = normal((derivative(other.problem.objective, variable) * outward).xreplace(values))
            certificate = prove(Gt(rate, 0, evaluate=False), known)
            if certificate is not None and all(prove(r.at(values).slack > 0, known) is not None for r in rest):
                journal.add(Sign, given=known, relation=Gt(rate, 0, evaluate=False), certificate=certificate)
                return True
    return False


def _candidates(number: int, pieces: Sequence[Piece], optima: Sequence[Optimum], given: Region) -> list[Candidate]:
    """A piece's maxima by region. On a seam that belongs to no piece that pays the same there, the value is only approached."""
    found = []
    for optimum in optima:
        if optimum.implicit:
            raise Refusal("the best choice on a piece has no closed form to compare with those on others")
        region = stated(unique((*optimum.region, *pieces[number].others)), given)
        if emptiness(region, given) is None:
            found += _by_attainment(number, pieces, replace(optimum, region=region), given)
    return found


def _by_attainment(number: int, pieces: Sequence[Piece], optimum: Optimum, given: Region) -> list[Candidate]:
    value = value_of(pieces[number].problem.objective, optimum)
    known = (*given, *optimum.region, *optimum.among)
    slacks = [seam.at(dict(optimum.values)).slack for seam in pieces[number].seams_as_stated() if seam.strict]
    missed = [
        slack
        for slack in slacks
        if emptiness((Eq(slack, 0),), known) is None
        and not any(_shares(other, optimum, value, slack, known) for i, other in enumerate(pieces) if i != number)
    ]
    if not missed:
        return [Candidate(optimum, value, number)]
    if optimum.free:
        return _by_members(number, optimum, value, missed, given)
    inner = replace(optimum, region=unique((*optimum.region, *(slack > 0 for slack in missed))))
    outer = [replace(optimum, region=unique((*optimum.region, slack <= 0))) for slack in missed]
    found = [Candidate(inner, value, number), *(Candidate(o, value, number, attained=False) for o in outer)]
    return [c for c in found if emptiness(c.optimum.region, given) is None]


def _by_members(number: int, optimum: Optimum, value: Expr, missed: Sequence[Expr], given: Region) -> list[Candidate]:
    """A continuum of best choices without those on a seam; the value is only approached where all of them lie there."""
    known, chosen = (*given, *optimum.region), dict(optimum.values)
    found: list[Candidate] = []
    for family in families((), (*optimum.among, *(slack > 0 for slack in missed)), optimum.free, known):
        pinned = dict(family.values)
        values = (*((s, normal(v.xreplace(pinned))) for s, v in chosen.items()), *family.values)
        region = unique((*optimum.region, *family.region))
        inner = replace(optimum, region=region, values=values, free=family.free, among=family.among)
        found.append(Candidate(inner, value, number))
    outer = outside_of(optimum.region, [one.optimum.region for one in found], given)
    return found + [Candidate(replace(optimum, region=region), value, number, attained=False) for region in outer]


def vanishes(gap: Expr, slack: Expr, known: Region) -> bool:
    """Whether `gap` is zero wherever `slack` is."""
    if gap == 0:
        return True
    own = {base for base, exponent in factored(slack).factors if exponent > 0}
    if own and own <= {base for base, exponent in factored(gap).factors if exponent > 0}:
        return True
    return slack != 0 and prove(Eq(gap, 0), (*known, Eq(slack, 0))) is not None


def _shares(other: Piece, optimum: Optimum, value: Expr, slack: Expr, known: Region) -> bool:
    """Whether the other piece contains the choice where `slack` vanishes, and pays the same there."""
    try:
        gap = normal(value_of(other.problem.objective, optimum) - value)
    except NotRational:  # it has no value there
        return False
    here = known if slack == 0 else (*known, Eq(slack, 0))
    if not vanishes(gap, slack, known):
        return False
    seams = [seam.at(dict(optimum.values)).relation for seam in other.seams_as_stated()]
    return all(r == true or prove(r, here) is not None for r in seams)
