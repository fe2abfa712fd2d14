"""A leader whose followers respond in pieces: solved piece by piece, then put together.

On each piece the leader's problem is an ordinary one with the piece's region as further constraints. Where two pieces meet the
payoff is continuous but has a kink. If every piece has a decreasing marginal payoff and no kink raises it, the payoff is
concave overall, so a choice that is best on every piece that contains it is the best of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.bounds import interval
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.problem import Journal, Optimum, Problem, needed, restriction, unique
from derive.prove import prove, refute
from derive.several import maximise, with_transfers, without_transfers
from derive.shape import closed, open_
from derive.steps import Absorption, Dominance, Kink


@dataclass(frozen=True)
class Piece:
    """The leader's problem where its followers respond in one way.

    `seams` names the restrictions of the problem that delimit the piece, closed; `region` states them as they are.
    """

    problem: Problem
    seams: tuple[str, ...]
    region: tuple[Boolean, ...]
    ties: tuple[tuple[Symbol, Expr], ...] = ()


@dataclass(frozen=True)
class Placed:
    """An optimum together with the piece (by number) whose followers' response goes with it."""

    piece: int
    optimum: Optimum


@dataclass(frozen=True)
class _Local:
    pieces: tuple[int, ...]
    optimum: Optimum


def maximise_pieces(pieces: Sequence[Piece], given: tuple[Boolean, ...], journal: Journal) -> tuple[Placed, ...]:
    """The leader's regimes over all pieces. Raises Refusal when two local optima cannot be compared."""
    live = _without_absorbed(pieces, journal)
    reduced, transfers = [], []
    for piece in pieces:
        problem, eliminated = without_transfers(piece.problem, journal)
        reduced.append(replace(piece, problem=problem))
        transfers.append(eliminated)
    flat = [reduced[i] for i in live if _is_flat(reduced[i])]
    solved = [
        maximise(p, journal) if i in live and not _is_flat(reduced[i]) else () for i, p in enumerate(r.problem for r in reduced)
    ]
    candidates = _candidates(reduced, solved, _at_absorbed(reduced, live), given)
    kept = [reduced[i] for i in live]
    if flat or len(live) < len(reduced) or not _concave_overall(kept, given, journal):
        _beat_flat(candidates, flat, reduced, given, journal)
        candidates = _compared(candidates, reduced, given, journal)
    placed = [Placed(c.pieces[0], with_transfers(c.optimum, transfers[c.pieces[0]])) for c in _closures(candidates, given)]
    return tuple(placed)


def _without_absorbed(pieces: Sequence[Piece], journal: Journal) -> list[int]:
    """The pieces that need solving: one whose payoff ignores a choice up to its seam is no better than its neighbour there."""
    kept = list(range(len(pieces)))
    for number, piece in enumerate(pieces):
        for other, neighbour in enumerate(pieces):
            if other == number or other not in kept or number not in kept:
                continue
            found = _absorbed(piece, neighbour)
            if found is not None:
                variable, value = found
                journal.add(
                    Absorption,
                    given=piece.problem.domain,
                    variable=variable,
                    value=value,
                    ignored=piece.problem.objective,
                    neighbour=neighbour.problem.objective,
                )
                kept.remove(number)
    return kept


def _absorbed(piece: Piece, neighbour: Piece) -> tuple[Symbol, Expr] | None:
    """A choice the payoff ignores, and its value on the seam to the neighbour, if the payoffs agree there."""
    ignored = [v for v in piece.problem.variables if v not in piece.problem.objective.free_symbols]
    for variable in ignored:
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
            there = all(prove(r.at(at).relation, here) is not None for r in neighbour.problem.restrictions if r not in facing)
            if own and there and normal((piece.problem.objective - neighbour.problem.objective).xreplace(at)) == 0:
                return variable, value
    return None


def _closures(candidates: Sequence[_Local], given: tuple[Boolean, ...]) -> list[_Local]:
    """Regimes with their boundaries, without those that are nothing but part of a boundary.

    The maximum of a strictly concave (or strictly single-peaked) payoff is unique and so continuous in the parameters: formulas
    that hold inside a region hold on its boundary, and regimes agree where they touch.
    """
    found = []
    for local in candidates:
        if refute((*given, *(open_(r) for r in local.optimum.region))) is not None:
            continue
        region = needed((closed(r) for r in local.optimum.region), given)
        found.append(_Local(local.pieces, replace(local.optimum, region=region)))
    return found


def _is_flat(piece: Piece) -> bool:
    return not normal(piece.problem.objective).free_symbols & set(piece.problem.variables)


def _beat_flat(
    candidates: Sequence[_Local], flat: Sequence[Piece], pieces: Sequence[Piece], given: tuple[Boolean, ...], journal: Journal
) -> None:
    """Every candidate pays strictly more than any choice in a piece on which the leader's payoff is constant."""
    for piece in flat:
        worse = normal(piece.problem.objective)
        for local in candidates:
            better = _value(local, pieces)
            where = (*given, *local.optimum.region)
            certificate = prove(normal(better - worse) > 0, where)
            if certificate is None:
                raise Refusal(f"a piece on which the payoff is constantly {worse} is not shown to be worse than {better}")
            journal.add(Dominance, given=where, better=better, worse=worse, certificate=certificate)


def _at_absorbed(pieces: Sequence[Piece], live: Sequence[int]) -> set[str]:
    """The seams at which a piece that need not be solved begins: a choice there is as good as any beyond."""
    gone = [r.slack for i, piece in enumerate(pieces) if i not in live for r in piece.problem.restrictions if r.name in piece.seams]
    return {
        r.name
        for i in live
        for r in pieces[i].problem.restrictions
        if r.name in pieces[i].seams and any(normal(r.slack + slack) == 0 for slack in gone)
    }


def _candidates(
    pieces: Sequence[Piece], solved: Sequence[tuple[Optimum, ...]], ends: set[str], given: tuple[Boolean, ...]
) -> list[_Local]:
    """Optima inside a piece, and choices on a seam that are optimal in both pieces that meet there."""
    inside, on_seam = [], []
    for number, (piece, optima) in enumerate(zip(pieces, solved, strict=True)):
        for optimum in optima:
            if set(optimum.active) & set(piece.seams) - ends:
                on_seam.append(_Local((number,), optimum))
            else:
                inside.append(_Local((number,), optimum))
    for first, second in combinations(on_seam, 2):
        if first.pieces == second.pieces or not _same_choice(first.optimum, second.optimum):
            continue
        region = unique((*first.optimum.region, *second.optimum.region))
        if refute((*given, *region)) is None:
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
        curvature = normal(piece.problem.objective.diff(variable, 2))
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
        if normal(gap.xreplace(at)) != 0:
            return None
        drop = normal(gap.diff(variable).xreplace(at))
        certificate = prove(drop >= 0, where) if drop != 0 else None
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
    return tuple(item.at(at).relation for item in items if normal(item.slack.xreplace(at)) != 0)


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


# --- compared one with another ---------------------------------------------------------------------------------------------


def _compared(
    candidates: Sequence[_Local], pieces: Sequence[Piece], given: tuple[Boolean, ...], journal: Journal
) -> list[_Local]:
    """Where two local optima exist for the same parameters, keep the one that pays more; split the region if that depends."""
    regimes = list(candidates)
    for first, second in combinations(candidates, 2):
        both = (*given, *first.optimum.region, *second.optimum.region)
        if refute(both) is not None:
            continue
        a, b = (_value(local, pieces) for local in (first, second))
        gap = normal(a - b)
        for winner, loser, better, worse, claim in ((first, second, a, b, gap >= 0), (second, first, b, a, gap <= 0)):
            certificate = prove(claim, both)
            if certificate is not None:
                journal.add(Dominance, given=both, better=better, worse=worse, certificate=certificate)
                regimes = [_outside(local, winner) if local is loser else local for local in regimes]
                break
        else:
            raise Refusal(f"two local optima are not compared: the sign of {gap} depends on the parameters")
    return [local for local in regimes if refute((*given, *local.optimum.region)) is None]


def _outside(loser: _Local, winner: _Local) -> _Local:
    """The loser, kept where the winner's region (a single further relation) does not hold."""
    extra = [r for r in winner.optimum.region if r not in loser.optimum.region]
    if not extra:
        return _Local(loser.pieces, replace(loser.optimum, region=(sympy.false,)))
    if len(extra) != 1:
        raise Refusal("the region left to a dominated local optimum is not a conjunction of relations")
    region = unique((*loser.optimum.region, extra[0].negated))
    return _Local(loser.pieces, replace(loser.optimum, region=region))


def _value(local: _Local, pieces: Sequence[Piece]) -> Expr:
    return normal(pieces[local.pieces[0]].problem.objective.xreplace(dict(local.optimum.values)))
