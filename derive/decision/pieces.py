"""A leader whose followers respond in pieces: solved piece by piece, then put together.

On each piece the leader's problem is an ordinary one with the piece's region as further constraints. With one choice, a
decreasing marginal payoff on every piece and no kink that raises it, the payoff is concave overall, so a choice that is best on
every piece that contains it is the best of all. Else a piece may pay at its own maximum at least as much as anything on the
others (`derive.decision.anchor`); and else the maxima of all pieces are compared (`derive.decision.maxima`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy import Expr, Ge, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import closed, open_
from derive.decision.anchor import anchored, cleared
from derive.decision.bounds import interval
from derive.decision.maxima import compared, uncompared
from derive.decision.outerbounds import beyond_roots
from derive.decision.piece import Piece, Placed, Settlement
from derive.decision.problem import Journal, Nothing, Optimum, needed, restriction, unique
from derive.decision.regions import Region, emptiness, without
from derive.decision.several import approached_with_transfers, maximise, with_transfers, without_transfers
from derive.decision.vacant import vacancies
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal
from derive.placed import normal_at
from derive.programs import GlobalMaximum
from derive.prove import plausible, prove, refute
from derive.prove.relations import relation as as_relation
from derive.solution import Without
from derive.steps import Absorption, EmptyCase, Kink


@dataclass(frozen=True)
class _Local:
    pieces: tuple[int, ...]
    optimum: Optimum


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
    settled = _as_one_curve(reduced, live, given, journal) or _piece_against_piece(
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


# --- the whole payoff as one concave curve ---------------------------------------------------------------------------------


def _as_one_curve(
    pieces: Sequence[Piece], live: Sequence[int], given: tuple[Boolean, ...], journal: Journal
) -> Settlement | None:
    """One choice, and a payoff concave across all pieces; None when it is not proved to be that."""
    kept = [pieces[i] for i in live]
    if len(live) < len(pieces) or len(pieces[0].problem.variables) != 1 or any(piece.is_flat() for piece in kept):
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        solved = [maximise(piece.problem, journal) for piece in kept]
        if _unbroken(kept, solved, given) and _concave_overall(kept, given, journal):
            _touching_seams(kept, solved, journal)
            found = _closures(_candidates(kept, solved), kept, given)
            return Settlement(tuple(Placed(c.pieces[0], c.optimum) for c in found))
    except Refusal:
        pass
    del journal.steps[mark:], journal.warnings[warned:]
    return None


def _touching_seams(pieces: Sequence[Piece], solved: Sequence[tuple[Optimum, ...]], journal: Journal) -> None:
    """The steps that say which seams are a piece's best choice at most where its payoff is level there."""
    settled = {step.label for step in journal.steps if isinstance(step, GlobalMaximum)}
    for piece, optima in zip(pieces, solved, strict=True):
        for optimum in optima:
            conditions = unique(map(open_, optimum.region))
            told = len(optimum.values) != 1 or settled & set(optimum.labels)  # such a step says itself what becomes of every bound
            if told or not set(optimum.active) & set(piece.seams) or sympy.false in conditions:
                continue
            empty = emptiness(conditions, piece.problem.given)
            if empty is not None:
                ((variable, value),) = optimum.values
                where = {"given": piece.problem.given, "active": (value - variable,), "conditions": conditions, "certificate": empty}
                journal.add(EmptyCase, uses=optimum.labels, **where)


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


def _closures(candidates: Sequence[_Local], pieces: Sequence[Piece], given: tuple[Boolean, ...]) -> list[_Local]:
    """Regimes with their boundaries, without those that are nothing but part of a boundary.

    The maximum of a strictly single-peaked payoff is unique and so continuous in the parameters: formulas that hold inside a region
    hold on its boundary, and regimes agree where they touch. What parameters must satisfy for a piece to follow at all stays as it is.
    """
    found = []
    for local in candidates:
        if refute((*given, *(open_(r) for r in local.optimum.region))) is not None:
            continue
        others = pieces[local.pieces[0]].others
        region = needed((r if r in others else closed(r) for r in local.optimum.region), given)
        found.append(_Local(local.pieces, replace(local.optimum, region=region)))
    return [
        _Local(one.pieces, replace(one.optimum, region=_apart(one.optimum.region, found[:i], given)))
        for i, one in enumerate(found)
    ]


def _apart(region: Region, earlier: Sequence[_Local], given: tuple[Boolean, ...]) -> Region:
    """The region without those of its boundaries that an earlier one contains: regimes agree there, and one of them states it.

    Evidence that it does is enough: which of two regimes that agree on a common boundary states it is a matter of bookkeeping.
    """
    for relation in region:
        strict = open_(relation)
        if strict == relation:
            continue
        edge = unique((*region, closed(strict.negated)))
        on_edge = (*given, *(r for r in region if r != relation), as_relation(relation.lhs, "=", relation.rhs))
        shared = (plausible([r for r in local.optimum.region if r not in edge], on_edge) for local in earlier)
        if any(shared):
            region = tuple(strict if r == relation else r for r in region)
    return region


def _unbroken(pieces: Sequence[Piece], solved: Sequence[tuple[Optimum, ...]], given: Region) -> bool:
    """Whether the pieces make one interval, at whose ends no piece is best because of where it ends.

    What follows may have no admissible choice beyond a seam, or be kept from part of a piece by constraints of the leader's own.
    """
    (variable,) = pieces[0].problem.variables
    everywhere = {r.slack for r in pieces[0].problem.restrictions}.intersection(
        *({r.slack for r in piece.problem.restrictions} for piece in pieces)
    )
    lower: list[tuple[int, Expr, bool]] = []
    upper: list[tuple[int, Expr, bool]] = []
    inhabited: list[Region] = []
    for number, (piece, optima) in enumerate(zip(pieces, solved, strict=True)):
        met = {value for other in pieces if other is not piece for value, _ in meetings(piece, other, variable)}
        bounds = interval(variable, piece.problem.restrictions, piece.problem.given)
        common = {r.name for r in piece.problem.restrictions if r.slack in everywhere}
        ends = {b.name for b in (*bounds.lower, *bounds.upper) if b.name in piece.seams and b.value not in met}
        if ends & {name for optimum in optima for name in optimum.active}:
            return False
        lower += [(number, b.value, b.value in met) for b in bounds.lower if b.name not in common]
        upper += [(number, b.value, b.value in met) for b in bounds.upper if b.name not in common]
        inhabited.append(unique(low.value <= high.value for low in bounds.lower for high in bounds.upper))
    gaps = ((i, j, u < v) for i, u, seam in upper for j, v, other_seam in lower if i != j and not (seam and other_seam))
    return all(refute((*given, *inhabited[i], *inhabited[j], gap)) is not None for i, j, gap in gaps)


def _candidates(pieces: Sequence[Piece], solved: Sequence[tuple[Optimum, ...]]) -> list[_Local]:
    """Optima inside a piece, and choices on a seam that are optimal in both pieces that meet there, wherever that may be."""
    inside, on_seam = [], []
    for number, (piece, optima) in enumerate(zip(pieces, solved, strict=True)):
        for optimum in optima:
            optimum = replace(optimum, region=unique((*optimum.region, *piece.others)))
            if set(optimum.active) & set(piece.seams):
                on_seam.append(_Local((number,), optimum))
            else:
                inside.append(_Local((number,), optimum))
    for first, second in combinations(on_seam, 2):
        if first.pieces == second.pieces or not _same_choice(first.optimum, second.optimum):
            continue
        region = unique((*first.optimum.region, *second.optimum.region))
        region = unique((*region, *pieces[second.pieces[0]].others))
        a = first.optimum
        joined = Optimum(
            region,
            a.values,
            tuple(n for n in a.active if n not in pieces[first.pieces[0]].seams),
            a.implicit,
            (*a.labels, *second.optimum.labels),
        )
        inside.append(_Local((*first.pieces, *second.pieces), joined))
    return inside


def _same_choice(first: Optimum, second: Optimum) -> bool:
    values = dict(second.values)
    return all(symbol in values and normal(value - values[symbol]) == 0 for symbol, value in first.values)


# --- concave overall -------------------------------------------------------------------------------------------------------


def _concave_overall(pieces: Sequence[Piece], given: tuple[Boolean, ...], journal: Journal) -> bool:
    variables = set(pieces[0].problem.variables)
    if len(variables) != 1:
        return False
    (variable,) = variables
    for piece in pieces:
        curvature = derivative(piece.problem.objective, variable, variable)
        if prove(curvature <= 0, piece.problem.domain) is None:
            return False
    found = []
    for left, right in combinations(pieces, 2):
        kinks = _kinks(left, right, variable, given)
        if kinks is None:
            return False
        found += kinks
    for kink in found:
        journal.add(Kink, **kink)
    return True


def _kinks(left: Piece, right: Piece, variable: Symbol, given: tuple[Boolean, ...]) -> list[dict[str, object]] | None:
    """Where two pieces meet, each with its proof that the marginal payoff does not rise; None when that is not proved."""
    found = []
    for value, order in meetings(left, right, variable):
        first, second = (left, right) if order > 0 else (right, left)
        at = {variable: value}
        where = unique((*given, *_conditions_at(left, at), *_conditions_at(right, at)))
        if refute(where) is not None:
            continue
        gap = first.problem.objective - second.problem.objective
        if normal_at(gap, at) != 0:
            return None
        drop = normal(derivative(gap, variable).xreplace(at))
        certificate = prove(Ge(drop, 0, evaluate=False), where) if drop != 0 else None
        if drop != 0 and certificate is None:
            return None
        found.append(
            {
                "given": where,
                "variable": variable,
                "value": value,
                "left": first.problem.objective,
                "right": second.problem.objective,
                "certificate": certificate,
            }
        )
    return found


def _conditions_at(piece: Piece, at: dict[Symbol, Expr]) -> tuple[Boolean, ...]:
    """What the piece asks of the parameters at a choice on its seam, apart from the seam itself."""
    own = [r for r in piece.problem.restrictions if r.name not in piece.seams]
    items = [*own, *(restriction("", relation) for relation in piece.region)]
    return tuple(item.at(at).relation for item in items if normal_at(item.slack, at) != 0)


def meetings(left: Piece, right: Piece, variable: Symbol) -> list[tuple[Expr, int]]:
    """Common ends of the two pieces: the value, and +1 when `left` lies below it."""
    found = []
    for first, second, order in ((left, right, 1), (right, left, -1)):
        upper = interval(variable, [r for r in first.problem.restrictions if r.name in first.seams], first.problem.given).upper
        lower = interval(
            variable, [r for r in second.problem.restrictions if r.name in second.seams], second.problem.given
        ).lower
        found += [(a.value, order) for a in upper for b in lower if normal(a.value - b.value) == 0]
    return found
