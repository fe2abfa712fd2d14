"""One piece of a payoff against all others: its best choice without seams, and bounds on what the others can pay.

If a piece's formula, maximised without regard to where the piece ends, has its maximum inside the piece, and no other piece pays
more than that formula (or than that maximum), then this is the best choice of all: nothing needs to be known of where the other
pieces have their own maxima.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Ge, Gt, true
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import signed_product
from derive.algebra.shape import simplest
from derive.decision.compare import Candidate
from derive.decision.piece import Piece
from derive.decision.problem import Journal, Optimum, Problem, Restriction, at_roots, needed, say_admissible, unique
from derive.decision.regions import Region, emptiness
from derive.decision.several import maximise
from derive.errors import Refusal
from derive.field import normal
from derive.placed import normal_at
from derive.prove import prove
from derive.steps import Dominance


@dataclass(frozen=True)
class Anchored:
    """What a piece settles: candidates that are best of all, and the regions on which it settles nothing."""

    best: tuple[Candidate, ...]
    rest: tuple[Region, ...]


def anchored(number: int, pieces: Sequence[Piece], rivals: Sequence[int], given: Region, journal: Journal) -> Anchored | None:
    """Where the maximum of piece `number` without its seams is best of all; None when that settles nothing."""
    mark, warned = len(journal.steps), len(journal.warnings)
    piece = pieces[number]
    relaxed = piece.without_seams()
    try:
        optima = maximise(relaxed, journal)
    except Refusal:
        optima = ()
    found: list[Candidate] = []
    rest: list[Region] = []
    for optimum in optima:
        region = stated(unique((*optimum.region, *piece.others)), given)
        if emptiness(region, given) is not None:
            continue
        optimum = replace(optimum, region=region)
        value = value_of(piece.problem.objective, optimum)
        known = (*given, *at_roots(optimum.implicit))
        settled = _inside(piece, optimum, known, journal)
        if settled and all(_bounded(pieces[j], relaxed, value, (*known, *region), journal) for j in rivals if j != number):
            found.append(Candidate(optimum, value, number))
        else:
            rest.append(region)
    if not found:
        del journal.steps[mark:], journal.warnings[warned:]
        return None
    return Anchored(tuple(found), tuple(rest))


def stated(region: Region, given: Region) -> Region:
    """A region as a reader would state it: factors of known sign off, nothing that follows from the rest."""
    return needed(simplest(region, given), given)


def value_of(objective: Expr, optimum: Optimum) -> Expr:
    """What the objective is at an optimum."""
    return normal_at(objective, dict(optimum.values))


def _inside(piece: Piece, optimum: Optimum, given: Region, journal: Journal) -> bool:
    """Whether the optimum satisfies the seams that were left out."""
    known = (*given, *optimum.region)
    steps = []
    for seam in piece.seams_as_stated():
        placed = seam.at(dict(optimum.values))
        if placed.relation == true:
            continue
        certificate = prove(placed.relation, known)
        if certificate is None:
            return False
        steps.append((seam, placed, certificate))
    for seam, placed, certificate in steps:
        say_admissible(optimum, seam, placed, known, certificate, journal)
    return True


def _bounded(other: Piece, relaxed: Problem, value: Expr, known: Region, journal: Journal) -> bool:
    """Whether the other piece pays no more than the relaxed formula at the same choice, or than its maximum at any choice."""
    here = unique((*known, *other.domain()))
    if emptiness((), here) is not None:
        return True
    flat = other.is_flat()
    majorants = [relaxed.objective] if not flat and _admits(relaxed, here) else []
    for better in (*majorants, value):
        gap = normal(better - other.problem.objective)
        if gap == 0 and better is not value:
            return True
        certificate = prove(_pays_more(gap, flat), here)
        if certificate is not None:
            journal.add(Dominance, given=here, better=better, worse=other.problem.objective, certificate=certificate)
            return True
    return False


def _admits(relaxed: Problem, here: Region) -> bool:
    """Whether every choice of the other piece is one at which the relaxed problem was maximised."""
    return all(item.relation in here or prove(item.relation, here) is not None for item in relaxed.restrictions)


def dominated(piece: Piece, value: Expr, known: Region, journal: Journal) -> bool:
    """Whether nothing on the piece pays more than `value`; on a piece with a constant payoff: as much."""
    here = unique((*known, *piece.domain()))
    if emptiness((), here) is not None:
        return True
    gap = normal(value - piece.problem.objective)
    certificate = prove(_pays_more(gap, piece.is_flat()), here)
    if certificate is None:
        return False
    journal.add(Dominance, given=here, better=value, worse=piece.problem.objective, certificate=certificate)
    return True


def _pays_more(gap: Expr, strictly: bool) -> Boolean:
    """The relation as it is to be proved: SymPy takes a square for nonnegative without saying why."""
    return Gt(gap, 0, evaluate=False) if strictly else Ge(gap, 0, evaluate=False)


def cleared(piece: Piece) -> Piece:
    """The piece with its seams as polynomials: factors whose sign is known taken off."""
    own = (*piece.problem.given, *(r.relation for r in piece.problem.restrictions if r.name not in piece.seams))
    return replace(
        piece,
        problem=replace(
            piece.problem,
            restrictions=tuple(_core(item, own) if item.name in piece.seams else item for item in piece.problem.restrictions),
        ),
    )


def _core(item: Restriction, known: Region) -> Restriction:
    try:
        return replace(item, slack=normal(signed_product(item.slack, known).core))
    except Refusal:
        return item
