"""A leader whose followers respond in pieces: solved piece by piece, then put together.

On each piece the leader's problem is an ordinary one with the piece's region as further constraints. The payoff may be one concave
curve (`derive.decision.concave`). Else a piece may pay at its own maximum at least as much as anything on the others
(`derive.decision.anchor`); and else the maxima of all pieces are compared (`derive.decision.maxima`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.decision.anchor import anchored, cleared
from derive.decision.concave import as_one_curve
from derive.decision.maxima import compared, uncompared
from derive.decision.outerbounds import beyond_roots
from derive.decision.piece import Piece, Placed, Settlement
from derive.decision.problem import Journal, Nothing, Optimum, needed, unique
from derive.decision.regions import Region, emptiness, without
from derive.decision.several import approached_with_transfers, with_transfers, without_transfers
from derive.decision.vacant import vacancies
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.prove import prove
from derive.solution import Without
from derive.steps import Absorption


def maximise_pieces(
    pieces: Sequence[Piece], given: tuple[Boolean, ...], journal: Journal, *, compare: bool = True
) -> Settlement:
    """The leader's best choices over all pieces. Raises Refusal when nothing of them is settled.

    Without `compare` the maxima of different pieces are not compared where that would be needed: not all placed are sure.
    """
    within = [n for n, piece in enumerate(pieces) if not (_ignoring(piece) and emptiness((), piece.domain()) is not None)]
    absorbed = _absorbed_pieces(pieces, within, journal)
    live = [number for number in within if number not in absorbed]
    reduced, transfers = [], []
    for piece in pieces:
        problem, eliminated = without_transfers(piece.problem, journal)
        problem = beyond_roots(problem, journal) if len(problem.variables) == 1 else problem
        reduced.append(cleared(replace(piece, problem=problem)))
        transfers.append(eliminated)
    settled = as_one_curve(reduced, live, given, journal) or _piece_against_piece(
        reduced, live, given, journal, compared if compare else uncompared
    )
    placed = tuple(replace(p, optimum=with_transfers(p.optimum, transfers[p.piece])) for p in settled.placed)
    for found in placed:
        _level_beyond(found, absorbed, journal)
    placed = tuple(_without_names(found, pieces[found.piece].seams) for found in placed)
    nothing = tuple(approached_with_transfers(item, transfers[item.piece]) for item in settled.nothing)
    empty = vacancies(settled, reduced, given, journal) if compare else ()
    return replace(settled, placed=placed, nothing=(*nothing, *empty))


def _without_names(placed: Placed, seams: Sequence[str]) -> Placed:
    """The seams are the solver's: the statement has no constraint of such a name."""
    active = tuple(name for name in placed.optimum.active if name not in seams)
    return replace(placed, optimum=replace(placed.optimum, active=active))


# --- piece against piece ---------------------------------------------------------------------------------------------------


def _piece_against_piece(
    pieces: Sequence[Piece],
    live: Sequence[int],
    given: tuple[Boolean, ...],
    journal: Journal,
    finish: Callable[[Sequence[Piece], Sequence[int], Region, Journal], Settlement],
) -> Settlement:
    """A piece whose own maximum nothing on the others exceeds; where there is none, the maxima of all pieces compared."""
    placed: list[Placed] = []
    nothing: list[Nothing] = []
    regions: list[Region] = [()]
    for number in live:
        if pieces[number].is_flat() or not regions:
            continue
        left: list[Region] = []
        for region in regions:
            found = anchored(number, pieces, live, (*given, *region), journal)
            if found is None:
                left.append(region)
                continue
            placed += [Placed(number, _within(c.optimum, region, given)) for c in found.best]
            left += [unique((*region, *rest)) for rest in found.rest]
            left += without(region, pieces[number].others, given)
        regions = left
    for region in regions:
        known = (*given, *region)
        if placed and all(emptiness((), (*known, *pieces[number].domain())) is not None for number in live):
            continue
        try:
            settled = finish(pieces, live, known, journal)
        except Refusal as refusal:
            if not placed:
                raise
            settled = Settlement((), (Nothing((), Without.UNSETTLED, refusal.message),))
        placed += [replace(p, optimum=_within(p.optimum, region, given)) for p in settled.placed]
        nothing += [replace(n, region=unique((*region, *n.region))) for n in settled.nothing]
    return Settlement(tuple(placed), tuple(nothing))


def _within(optimum: Optimum, region: Region, given: Region) -> Optimum:
    return replace(optimum, region=needed((*region, *optimum.region), given)) if region else optimum


# --- pieces that need no solving -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Level:
    """A piece on which the payoff ignores a choice, so that all of it pays what the neighbour does at that value of the choice."""

    neighbour: int
    variable: Symbol
    value: Expr


def _absorbed_pieces(pieces: Sequence[Piece], within: Sequence[int], journal: Journal) -> dict[int, _Level]:
    """Which of some pieces need no solving: one whose payoff ignores a choice up to its seam is no better than its neighbour there."""
    absorbed: dict[int, _Level] = {}
    for number in within:
        piece = pieces[number]
        for other in within:
            if other == number or other in absorbed or number in absorbed:
                continue
            found = _absorbed(piece, pieces[other])
            if found is not None:
                variable, value = found
                journal.add(
                    Absorption,
                    given=piece.problem.domain,
                    variable=variable,
                    value=value,
                    ignored=piece.problem.objective,
                    neighbour=pieces[other].problem.objective,
                )
                absorbed[number] = _Level(other, variable, value)
    return absorbed


def _level_beyond(placed: Placed, absorbed: dict[int, _Level], journal: Journal) -> None:
    """A warning where the best choice lies on the seam to a piece on which everything pays the same."""
    for level in absorbed.values():
        chosen = dict(placed.optimum.values).get(level.variable)
        if placed.piece == level.neighbour and chosen is not None and normal(chosen - level.value) == 0:
            text = f"beyond {level.variable} = {level.value} every choice pays as much as this one"
            if text not in journal.warnings:
                journal.warnings.append(text)


def _ignoring(piece: Piece) -> list[Symbol]:
    """The choices that the payoff does not depend on."""
    return [v for v in piece.problem.variables if v not in piece.problem.objective.free_symbols]


def _absorbed(piece: Piece, neighbour: Piece) -> tuple[Symbol, Expr] | None:
    """A choice the payoff ignores, and its value on the seam to the neighbour, if the payoffs agree there."""
    for variable in _ignoring(piece):
        touched = [r for r in piece.problem.restrictions if variable in r.slack.free_symbols]
        seams = [r for r in touched if r.name in piece.seams]
        for seam in seams:
            facing = [
                r for r in neighbour.problem.restrictions if r.name in neighbour.seams and normal(r.slack + seam.slack) == 0
            ]
            parts = coefficients(seam.slack, variable)
            if not facing or parts is None or len(parts) != 2:
                continue
            value = normal(-parts[0] / parts[1])
            at = {variable: value}
            rest = [r.relation for r in piece.problem.restrictions if variable not in r.slack.free_symbols]
            domain = (*piece.problem.given, *rest)
            here = (*domain, *(t.relation for t in touched))
            own = all(prove(r.at(at).relation, here) is not None for r in touched if r is not seam)
            there = all(prove(r.at(at).relation, domain) is not None for r in neighbour.problem.restrictions if r not in facing)
            if own and there and normal((piece.problem.objective - neighbour.problem.objective).xreplace(at)) == 0:
                return variable, value
    return None
