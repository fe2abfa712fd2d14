"""A payoff over several pieces that is one concave curve: with one choice, the marginal payoff falls on every piece and does not rise
where two of them meet. Then a choice that is best on every piece that contains it is the best of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy import Expr, Ge, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import closed, open_
from derive.cases import ConcaveAcross
from derive.decision.bounds import interval
from derive.decision.piece import Piece, Placed, Settlement
from derive.decision.problem import Journal, Optimum, needed, restriction, unique
from derive.decision.regions import Region, emptiness
from derive.decision.several import maximise
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.placed import normal_at
from derive.programs import GlobalMaximum
from derive.prove import plausible, prove, refute
from derive.prove.relations import relation as as_relation
from derive.shocks import nonnegative_densities
from derive.steps import EmptyCase, Kink


@dataclass(frozen=True)
class _Local:
    pieces: tuple[int, ...]
    optimum: Optimum


def as_one_curve(
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
    curved = []
    for piece in pieces:
        curvature = derivative(piece.problem.objective, variable, variable)
        certificate = prove(as_relation(curvature, "<="), (*piece.problem.domain, *nonnegative_densities(curvature)))
        if certificate is None:
            return False
        curved.append(certificate)
    found = []
    for left, right in combinations(pieces, 2):
        kinks = _kinks(left, right, variable, given)
        if kinks is None:
            return False
        found += kinks
    for kink in found:
        journal.add(Kink, **kink)
    formulas = tuple((piece.problem.objective, piece.problem.domain) for piece in pieces)
    journal.add(ConcaveAcross, given=given, variable=variable, pieces=formulas, certificates=tuple(curved))
    return True


def _kinks(left: Piece, right: Piece, variable: Symbol, given: tuple[Boolean, ...]) -> list[dict[str, object]] | None:
    """Where two pieces meet, each with its proof that the marginal payoff does not rise; None when that is not proved."""
    found = []
    fixed = [relation for relation in given if variable not in relation.free_symbols]
    for value, order in meetings(left, right, variable):
        first, second = (left, right) if order > 0 else (right, left)
        at = {variable: value}
        where = unique((*fixed, *_conditions_at(left, at), *_conditions_at(right, at)))
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
