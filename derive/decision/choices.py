"""One decision whose payoff comes in cases, its own or those of what later stages do, and may jump between them.

The best of every case is found with the case's boundaries included; these suprema are compared with each other. Where the largest is
one that no choice reaches, there is no maximum. Jumps need no continuity argument: each case is closed on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy

from derive.algebra.shape import said
from derive.cases import Branching
from derive.decision.anchor import cleared
from derive.decision.branches import Branch, branches, is_smooth
from derive.decision.compare import Candidate, best, same_choice
from derive.decision.concave import as_one_curve, meetings
from derive.decision.piece import Piece
from derive.decision.pieces import maximise_pieces
from derive.decision.problem import Journal, Nothing, Optimum, Problem, needed, relation_at, restriction, unique
from derive.decision.regions import Region, closed, emptiness, joined, with_edge
from derive.decision.replies import Local, case_optima, level_where, on_case, opened, unreached
from derive.decision.single import settle_single
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove, refute
from derive.solution import Without


@dataclass(frozen=True)
class Chosen:
    """The best choices by region, each with the piece (by number) that it belongs to, and the regions without any."""

    optima: tuple[tuple[int, Optimum], ...]
    nothing: tuple[Nothing, ...]


def choose(problem: Problem, prefer: Region, journal: Journal) -> Chosen:
    """The maximum of a payoff with cases. Between choices that pay the same, one with the relations `prefer` is made."""
    if len(problem.variables) > 1:
        return _choose_several(problem, journal)
    cases = branches(problem.objective, problem.domain)
    if len(cases) > 1 and not any(set(problem.variables) & relation.free_symbols for case in cases for relation in case.region):
        return _by_parameters(problem, cases, journal)
    return _along_one_curve(problem, journal) or _compared(
        [(0, local) for local in case_optima(problem, journal)], problem, prefer, journal
    )


def _along_one_curve(problem: Problem, journal: Journal) -> Chosen | None:
    """The maximum of a concave payoff whose cases meet in kinks; None where it is not shown to be that, or may be level in a case."""
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        cases = opened(problem, journal, compared=False)
        parts = [cleared(_as_piece(problem, case, f"case {number}")) for number, case in enumerate(cases)]
        settled = None if any(map(_may_be_level, parts)) else as_one_curve(parts, range(len(parts)), problem.given, journal)
    except Refusal:
        settled = None
    if settled is None:
        del journal.steps[mark:], journal.warnings[warned:]
        return None
    return Chosen(tuple(_joined([(0, _as_stated(one.optimum, problem)) for one in settled.placed], problem.given)), ())


def _may_be_level(piece: Piece) -> bool:
    """Whether all choices of the piece pay the same for some parameters."""
    (variable,) = piece.problem.variables
    return piece.is_flat() or level_where(piece.problem.objective, variable, piece.problem.restrictions, piece.problem.given) is not None


def _as_stated(optimum: Optimum, problem: Problem) -> Optimum:
    """The optimum without the names of seams, which are the solver's."""
    stated = {item.name for item in problem.restrictions}
    return replace(optimum, active=tuple(name for name in optimum.active if name in stated))


def _by_parameters(problem: Problem, cases: Sequence[Branch], journal: Journal) -> Chosen:
    """The maximum of a payoff whose case the choice has no part in: in each case that of a payoff without cases."""
    told = tuple((case.region, case.value) for case in cases)
    journal.add(Branching, given=problem.domain, objective=problem.objective, cases=told)
    optima: list[tuple[int, Optimum]] = []
    nothing: list[Nothing] = []
    for number, case in enumerate(cases):
        found = settle_single(_as_piece(problem, case, f"case {number}").problem, journal)
        if found.ties:
            raise Refusal("several choices may be best at once", symbol=str(problem.variables[0]))
        optima += [(0, replace(optimum, region=unique((*case.region, *optimum.region)))) for optimum in found.optima]
        nothing += [replace(item, region=unique((*case.region, *item.region))) for item in found.nothing]
    return Chosen(tuple(optima), tuple(nothing))


def _choose_several(problem: Problem, journal: Journal) -> Chosen:
    """The maximum over several choices at once: every case of the payoff is a piece of them, and the pieces are put together."""
    parts = [_as_piece(problem, case, f"case {number}") for number, case in enumerate(opened(problem, journal))]
    settled = maximise_pieces(parts, problem.given, journal)
    for item in settled.nothing:
        if item.kind is Without.UNSETTLED:
            raise Refusal(item.reason, symbol=", ".join(map(str, problem.variables)))
    optima = [(0, _as_stated(one.optimum, problem)) for one in settled.placed]
    return Chosen(tuple(_joined(optima, problem.given)), settled.nothing)


def in_smooth_pieces(pieces: Sequence[Piece], journal: Journal) -> list[tuple[int, Piece]]:
    """The pieces, those with cases in their payoff taken apart, each with the number of the piece it belongs to."""
    found: list[tuple[int, Piece]] = []
    for number, piece in enumerate(pieces):
        if is_smooth(piece.problem.objective):
            found.append((number, piece))
            continue
        cases = branches(piece.problem.objective, piece.domain())
        told = tuple((case.region, case.value) for case in cases)
        journal.add(Branching, given=piece.domain(), objective=piece.problem.objective, cases=told)
        for place, case in enumerate(cases):
            part = _as_piece(piece.problem, case, f"case {number}.{place}")
            found.append(
                (
                    number,
                    replace(
                        part,
                        seams=(*piece.seams, *part.seams),
                        region=(*piece.region, *part.region),
                        others=unique((*piece.others, *part.others)),
                        ties=piece.ties,
                    ),
                )
            )
    return found


def _as_piece(problem: Problem, case: Branch, name: str) -> Piece:
    """The choices for which one case of the payoff applies. Raises Refusal for a case on a line."""
    mine = set(problem.variables)
    seams = tuple(relation for relation in case.region if mine & relation.free_symbols)
    if any(isinstance(relation, sympy.Eq) for relation in seams):
        raise Refusal(f"a case of the payoff holds only where {' and '.join(map(str, seams))}")
    named = tuple(replace(restriction(f"{name}.{i}", r), strict=False) for i, r in enumerate(seams))
    others = tuple(relation for relation in case.region if not mine & relation.free_symbols)
    whole = replace(
        problem,
        objective=case.value,
        restrictions=(*problem.restrictions, *named),
        given=unique((*problem.given, *others)),
    )
    return Piece(whole, tuple(item.name for item in named), seams, others)


def choose_over_pieces(pieces: Sequence[Piece], prefer: Region, given: Region, journal: Journal) -> Chosen:
    """The maximum of a payoff that what follows makes different from piece to piece."""
    if len(pieces[0].problem.variables) != 1:
        several = ", ".join(map(str, pieces[0].problem.variables))
        raise Refusal("a payoff that may jump with what follows is maximised over one choice at a time only", symbol=several)
    found: list[tuple[int, Local]] = []
    for number, piece in enumerate(pieces):
        own = tuple(r for r in piece.problem.restrictions if r.name not in piece.seams)
        base = replace(piece.problem, restrictions=own)
        inside = unique((*base.domain, *piece.region))
        for case in branches(base.objective, inside):
            whole = Branch(unique((*piece.others, *piece.region, *case.region)), case.value)
            found += [(number, local) for local in on_case(replace(base, given=given), whole, journal)]
    live = [(n, local) for n, local in found if emptiness(local.optimum.region, given) is None]
    return _compared(live, replace(pieces[0].problem, given=given), prefer, journal)


def jumps(pieces: Sequence[Piece], given: Region) -> bool:
    """Whether the payoff of one choice may jump where two pieces meet, or has cases of its own."""
    if any(not is_smooth(piece.problem.objective) for piece in pieces):
        return True
    if len(pieces[0].problem.variables) != 1:
        return False
    (variable,) = pieces[0].problem.variables
    try:
        for left, right in combinations(pieces, 2):
            for value, _ in meetings(left, right, variable):
                gap = normal((left.problem.objective - right.problem.objective).xreplace({variable: value}))
                here = tuple(relation_at(r, {variable: value}) for r in (*left.region, *right.region))
                if gap != 0 and refute((*given, *(closed(r) for r in here))) is None:
                    return True
    except Refusal:
        return True
    return False


def _compared(found: Sequence[tuple[int, Local]], problem: Problem, prefer: Region, journal: Journal) -> Chosen:
    given = problem.given
    ordered = sorted(found, key=lambda entry: not _preferred(entry[1].optimum, prefer, given))
    locals_ = [local for _, local in ordered]
    candidates = [Candidate(local.optimum, local.value, place, local.attained) for place, local in enumerate(locals_)]
    optima: list[tuple[int, Optimum]] = []
    nothing: list[Nothing] = []
    for winner in best(candidates, given, journal):
        if winner.attained:
            optima.append((ordered[winner.source][0], winner.optimum))
        else:
            had = [local for local in locals_ if local.attained]
            missed = unreached(problem, locals_[winner.source], winner.optimum.region, had, journal)
            nothing.append(replace(missed, piece=ordered[winner.source][0]))
        _warn_of_level(winner, [local for i, local in enumerate(locals_) if i != winner.source], prefer, given, journal)
    return Chosen(tuple(_joined(optima, given)), tuple(nothing))


def _warn_of_level(winner: Candidate, others: Sequence[Local], prefer: Region, given: Region, journal: Journal) -> None:
    """A warning where all of an interval pays as much as what is chosen, and no stated rule picks that."""
    for level in (local for local in others if local.optimum.free):
        common = unique((*winner.optimum.region, *level.optimum.region))
        known = (*given, *common)
        if emptiness(common, given) is not None or _preferred(replace(winner.optimum, region=common), prefer, given):
            continue
        if prove(normal(winner.value - level.value) <= 0, known) is None:
            continue
        where = " and ".join(map(said, needed(level.optimum.region, given)))
        every = " and ".join(map(said, level.optimum.among))
        text = f"{'where ' + where + ' ' if where else ''}every choice with {every} pays as much as the one given"
        if text not in journal.warnings:
            journal.warnings.append(text)


def _joined(optima: Sequence[tuple[int, Optimum]], given: Region) -> list[tuple[int, Optimum]]:
    """The same choice on the same piece, on two regions that make one or on a region and a part of its edge."""
    kept = list(optima)
    for entry in optima:
        for place, (number, optimum) in enumerate(kept):
            same = optimum is not entry[1] and number == entry[0] and same_choice(optimum, entry[1])
            same = same and optimum.unique == entry[1].unique
            region = _union(optimum.region, entry[1].region, given) if same else None
            if region is not None:
                kept[place] = (number, replace(optimum, region=region))
                kept = [other for other in kept if other[1] is not entry[1]]
                break
    return kept


def _union(region: Region, other: Region, given: Region) -> Region | None:
    together = joined((region, other), given)
    return together[0] if len(together) == 1 else with_edge(region, other, given)


def _preferred(optimum: Optimum, prefer: Region, given: Region) -> bool:
    """Whether an optimum is one that the stated rule for ties picks."""
    values = dict(optimum.values)
    known = (*given, *optimum.region, *optimum.among)
    placed = [relation_at(r, values) for r in prefer]
    return bool(prefer) and all(r == sympy.true or (r != sympy.false and prove(r, known) is not None) for r in placed)
