"""Several who move at once before responses that change form with what they choose: where their best choices meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from sympy import Eq, false, fraction

from derive.algebra.shape import open_
from derive.decision.branches import is_smooth
from derive.decision.compare import same_choice
from derive.decision.piece import Piece, Placed
from derive.decision.pieces import maximise_pieces
from derive.decision.problem import Decided, Journal, Nothing, Optimum, relation_at, unique, with_ties
from derive.decision.regions import Region, outside_of, uncovered, with_edge
from derive.errors import Refusal
from derive.ir import Decision
from derive.play.bycases import equilibria_by_cases, leads_to
from derive.play.setting import Continuation, Setting, followed, known_before, rivals
from derive.play.stage import intersection, off_levels, several_marked
from derive.prove import prove, refute
from derive.solution import Without


@dataclass(frozen=True)
class Led:
    """The game from a stage on, and the regions of what came before where nothing is reported."""

    continuations: tuple[Continuation, ...]
    nothing: tuple[Nothing, ...] = ()


def at_once(
    setting: Setting,
    decisions: Sequence[Decision],
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Sequence[Piece]],
    journal: Journal,
) -> Led:
    """The equilibria of several who move at once: where their best choices over all pieces meet, and where that leaves parameters
    out or a continuum, by all best replies."""
    given = known_before(setting, number)
    start, warned, missed = len(journal.steps), len(journal.warnings), len(journal.nothing)
    refused: Refusal | None = None
    found: tuple[Continuation, ...] = ()
    holes: tuple[Region, ...] = ()
    try:
        placed = _best_choices(setting, decisions, number, pieces, journal)
        found = _equilibria(setting, decisions, number, continuations, pieces, placed, journal)
        holes = uncovered([*(c.region for c in found), *(n.region for n in journal.nothing[missed:])], given)
        if not holes:
            return Led(found, tuple(journal.nothing))
    except Refusal as refusal:
        refused = refusal
    steps, warnings, nothing = journal.steps[start:], journal.warnings[warned:], journal.nothing[missed:]
    del journal.steps[start:], journal.warnings[warned:], journal.nothing[missed:]
    try:
        return _by_all_replies(setting, decisions, number, continuations, pieces, journal)
    except Refusal:
        del journal.steps[start:], journal.warnings[warned:], journal.nothing[missed:]
    if refused is not None:
        raise refused
    journal.steps += steps
    journal.warnings += warnings
    journal.nothing += nothing
    left = tuple(
        Nothing(hole, Without.UNSETTLED, "no choices that are best replies to one another were found there") for hole in holes
    )
    return Led(found, (*journal.nothing, *left))


def _best_choices(
    setting: Setting, decisions: Sequence[Decision], number: int, pieces: Sequence[Sequence[Piece]], journal: Journal
) -> list[tuple[Placed, ...]]:
    """Everybody's best choices over all pieces, given the others. Raises Refusal where they are not settled everywhere."""
    found = []
    for decision, own in zip(decisions, pieces, strict=True):
        given = unique((*known_before(setting, number), *rivals(setting, decision, number)))
        try:
            if not smooth(own):
                raise Refusal("payoffs with cases before responses that change form with them are not settled")
            settled = maximise_pieces(own, given, journal, compare=False)
            if settled.nothing:
                raise Refusal(
                    f"a best response among simultaneous decisions is not settled everywhere: {settled.nothing[0].reason}"
                )
            found.append(_without_edges(settled.placed, given))
        except Refusal as refusal:
            raise refusal.located(player=" and ".join(decision.by)) from None
    return found


def _without_edges(placed: Sequence[Placed], given: Region) -> tuple[Placed, ...]:
    """The best choices in fewer cases: one on a boundary that a neighbour's formula gives, too, is left to the neighbour."""
    kept = list(placed)
    for edge in placed:
        if not _on_a_boundary(edge.optimum.region, given):
            continue
        for place, other in enumerate(kept):
            if (
                other is edge
                or other.sure != edge.sure
                or not _same_on_an_edge(edge.optimum, other.optimum, edge.optimum.region, given)
            ):
                continue
            wider = with_edge(other.optimum.region, edge.optimum.region, given)
            if wider is not None:
                kept[place] = replace(other, optimum=replace(other.optimum, region=wider))
                kept.remove(edge)
                break
    return tuple(kept)


def _by_all_replies(
    setting: Setting,
    decisions: Sequence[Decision],
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Sequence[Piece]],
    journal: Journal,
) -> Led:
    """The equilibria where best replies are told one by one, also where a continuum of choices is best or is in equilibrium."""
    given = known_before(setting, number)
    known = [unique((*given, *rivals(setting, decision, number))) for decision in decisions]
    players = [" and ".join(decision.by) for decision in decisions]
    return Led(*equilibria_by_cases(players, pieces, known, given, continuations, journal))


def smooth(pieces: Sequence[Piece]) -> bool:
    """Whether no payoff has cases of its own."""
    return all(is_smooth(piece.problem.objective) for piece in pieces)


def _equilibria(
    setting: Setting,
    decisions: Sequence[Decision],
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Sequence[Piece]],
    placed: Sequence[Sequence[Placed]],
    journal: Journal,
) -> tuple[Continuation, ...]:
    """The profiles at which every decision is a best response over all pieces, given the others."""
    given = known_before(setting, number)
    found: list[tuple[Optimum, Continuation]] = []
    edges: list[tuple[Optimum, Continuation]] = []
    for combination in product(*placed):
        problems = [
            Decided(" and ".join(d.by), own[p.piece].with_edges(), own[p.piece].ties)
            for d, own, p in zip(decisions, pieces, combination, strict=True)
        ]
        optima = tuple(with_ties(p.optimum, own[p.piece].ties) for own, p in zip(pieces, combination, strict=True))
        try:
            profiles = intersection(optima, problems, given, journal)
        except Refusal:
            if _beaten(decisions, pieces, combination, optima, given, journal):
                continue
            raise
        for optimum in profiles:
            continuation = _goes_on(optimum, continuations[combination[0].piece], continuations, given)
            regions: list[Region] = [optimum.region]
            for decision, own, p in zip(decisions, pieces, combination, strict=True):
                if not p.sure:
                    regions = [
                        part for r in regions for part in _still_best(decision, own, replace(optimum, region=r), given, journal)
                    ]
            mixed = len({p.piece for p in combination}) > 1 and _on_a_boundary(optimum.region, given)
            (edges if mixed else found).extend((replace(optimum, region=region), continuation) for region in regions)
    for optimum, continuation in edges:
        cells = outside_of(optimum.region, [other.region for other, _ in found], given)
        found += [(replace(optimum, region=cell), continuation) for cell in cells]
    if not found:
        raise Refusal("no equilibrium in pure strategies was found: the best responses that are known do not intersect")
    found = [(optimum, after) for one, after in found for optimum in off_levels([one], journal.nothing, given)]
    marked = several_marked([optimum for optimum, _ in found], given)
    return tuple(followed(found[i][1], optimum) for i, optimum in marked)


def _beaten(
    decisions: Sequence[Decision],
    pieces: Sequence[Sequence[Piece]],
    combination: Sequence[Placed],
    optima: Sequence[Optimum],
    given: Region,
    journal: Journal,
) -> bool:
    """Whether one of these best replies within a piece is none over all pieces, wherever all of them may be played."""
    held = (r for own, p in zip(pieces, combination, strict=True) for r in own[p.piece].problem.domain)
    region = unique((*(relation for optimum in optima for relation in optimum.region), *held))
    bottoms = dict.fromkeys(fraction(value)[1] for optimum in optima for _, value in optimum.values)
    signs = (side for bottom in bottoms if bottom.free_symbols for side in (bottom > 0, bottom < 0))
    region = (*region, *(side for side in signs if refute((*given, *region, side.negated)) is not None))
    for decision, own, p, optimum in zip(decisions, pieces, combination, optima, strict=True):
        if p.sure:
            continue
        mark, warned = len(journal.steps), len(journal.warnings)
        try:
            if not _still_best(decision, own, replace(optimum, region=region), given, journal):
                return True
        except Refusal:
            del journal.steps[mark:], journal.warnings[warned:]
    return False


def _still_best(decision: Decision, pieces: Sequence[Piece], profile: Optimum, given: Region, journal: Journal) -> list[Region]:
    """Where the decision's part of the profile is best over all pieces, the others' parts held fixed."""
    rivals = {symbol: value for symbol, value in profile.values if symbol not in decision.chooses}
    known = unique((*given, *profile.region))
    settled = maximise_pieces([piece.at(rivals) for piece in pieces], known, journal)
    if settled.nothing:
        raise Refusal(f"whether a deviation pays is not settled: {settled.nothing[0].reason}")
    own = Optimum((), tuple((symbol, value) for symbol, value in profile.values if symbol in decision.chooses))
    best = [with_ties(p.optimum, pieces[p.piece].ties) for p in settled.placed]
    cells = ((optimum, unique((*profile.region, *optimum.region))) for optimum in best)
    return [cell for optimum, cell in cells if same_choice(optimum, own) or _same_on_an_edge(optimum, own, cell, given)]


def _same_on_an_edge(first: Optimum, second: Optimum, cell: Region, given: Region) -> bool:
    """Whether two formulas are one choice on a region that is nothing but a boundary."""
    if first.implicit or first.free or not _on_a_boundary(cell, given):
        return False
    values, here = dict(second.values), (*given, *cell)
    return all(symbol in values and prove(Eq(value - values[symbol], 0), here) is not None for symbol, value in first.values)


def _goes_on(optimum: Optimum, after: Continuation, continuations: Sequence[Continuation], given: Region) -> Continuation:
    """How the game goes on from a profile found for one piece; on a seam that the piece does not contain, what holds on the seam."""
    values = dict(optimum.values)
    if not any(relation_at(relation, values) == false for relation in after.region):
        return after
    return leads_to(optimum, continuations, given)


def _on_a_boundary(region: Region, given: Region) -> bool:
    return refute((*given, *(open_(relation) for relation in region))) is not None
