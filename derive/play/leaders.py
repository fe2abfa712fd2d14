"""One stage before responses that change form with what is chosen in it: a leader, or several who move at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, false

from derive.algebra.shape import said
from derive.decision.choices import Chosen, choose_over_pieces, in_smooth_pieces, jumps
from derive.decision.piece import Piece, Settlement
from derive.decision.pieces import maximise_pieces
from derive.decision.problem import Decided, Journal, Nothing, Optimum, relation_at, restriction, unique, with_ties
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.ir import Acceptance, Decision
from derive.law.lower import substitute_definitions
from derive.play.groups import Group, group_of, seen_sums
from derive.play.limits import limits, tie_told, unsettled_reason
from derive.play.setting import Continuation, Setting, decided, domains, followed, known_before, rivals, with_sums
from derive.play.symmetric import alike
from derive.play.together import Led, at_once, smooth
from derive.prove import refute
from derive.solution import Without


def lead(
    setting: Setting, decisions: Sequence[Decision], number: int, continuations: Sequence[Continuation], journal: Journal
) -> Led:
    """Every equilibrium of the stage, each decision best over all pieces. Raises Refusal naming the player that is not settled."""
    continuations = [c for c in continuations if not _ruled_out(setting, decisions, c)] or continuations
    pieces = [pieces_of(setting, decision, number, continuations, journal) for decision in decisions]
    if len(decisions) == 1:
        return _alone(setting, decisions[0], number, continuations, pieces[0], journal)
    for decision in decisions:
        if group_of(decision, setting.groups) is not None:
            reason = "a group before responses that change form with its choices is not settled"
            raise Refusal(reason).located(player=" and ".join(decision.by))
    return at_once(setting, decisions, number, continuations, pieces, journal)


def _ruled_out(setting: Setting, decisions: Sequence[Decision], continuation: Continuation) -> bool:
    """Whether a strict demand on a decision, as that somebody gains from an agreement, plainly fails where the game goes on so."""
    stated = [c.relation for d in decisions for c in d.subject_to if isinstance(c, Acceptance)]
    later = dict(continuation.values)
    return any(relation_at(substitute_definitions(r, setting.model.definitions), later) == false for r in stated)


def _alone(
    setting: Setting,
    decision: Decision,
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Piece],
    journal: Journal,
) -> Led:
    given = unique((*known_before(setting, number), *rivals(setting, decision, number)))
    group, start = group_of(decision, setting.groups), len(journal.steps)
    try:
        several = group is None and len(pieces[0].problem.variables) > 1 and not smooth(pieces)
        chosen = _with_jumps(pieces, decision, given, journal) if group is None and not several else None
        parts = in_smooth_pieces(pieces, journal) if several else list(enumerate(pieces))
        settled = Settlement((), chosen.nothing) if chosen is not None else _maximised(pieces, parts, given, journal)
        if group is None and any(item.kind is Without.UNSETTLED for item in settled.nothing):
            chosen = _with_flats(pieces, decision, given, journal) or chosen
        nothing = settled.nothing if chosen is None else chosen.nothing
        if group is None and any(item.kind is Without.NOT_ATTAINED for item in nothing):
            at_first = chosen or Chosen(tuple((one.piece, one.optimum) for one in settled.placed), settled.nothing)
            chosen = _with_limits(setting, decision, number, continuations, pieces, given, at_first, start, journal)
        if chosen is not None:
            optima = [(n, with_ties(o, pieces[n].ties)) for n, o in chosen.optima]
            missed = tuple(_followed_to_the_end(item, pieces, continuations) for item in chosen.nothing)
            return Led(tuple(followed(continuations[n], optimum) for n, optimum in optima), missed)
    except Refusal as refusal:
        raise refusal.located(player=" and ".join(decision.by)) from None
    placed = settled.placed
    if group is not None:
        reason = "a continuum of choices is best"
        loose = tuple(Nothing(one.optimum.region, Without.UNSETTLED, reason) for one in placed if one.optimum.free)
        placed = tuple(one for one in placed if not one.optimum.free)
        settled = replace(settled, nothing=(*settled.nothing, *loose))
        given = tuple(relation for relation in given if not set(group.alike) & relation.free_symbols)
        members = [Decided(group.name, pieces[one.piece].problem, pieces[one.piece].ties, group.others) for one in placed]
        placed = tuple(
            replace(one, optimum=same)
            for one, member in zip(placed, members, strict=True)
            for same in alike((one.optimum,), (member,), given, journal)
        )
        settled = replace(settled, nothing=_where_all_do(settled.nothing, group, (*given, *domains(setting, set(group.chooses)))))
    else:
        placed = tuple(replace(one, optimum=with_ties(one.optimum, pieces[one.piece].ties)) for one in placed)
    found = tuple(followed(continuations[one.piece], with_sums(setting, number, one.optimum)) for one in placed)
    return Led(found, (*settled.nothing, *journal.nothing))


def _where_all_do(nothing: Sequence[Nothing], group: Group, given: Region) -> tuple[Nothing, ...]:
    """Where there is nothing to report whatever the others choose. Where a member has no best choice, not all choose as the others do
    there. Raises Refusal where its best choices are not settled and all may choose as the others do."""
    found = []
    for item in nothing:
        if not any(relation.free_symbols & set(group.alike) for relation in item.region):
            found.append(item)
            continue
        same = unique(relation.xreplace(group.alike) for relation in item.region)
        if item.kind is Without.UNSETTLED and false not in same and refute((*given, *same)) is None:
            where = " and ".join(said(relation) for relation in same)
            raise Refusal(f"where all choose alike with {where} what is best is not settled: {item.reason}; a bound may exclude it")
    return tuple(found)


def _followed_to_the_end(item: Nothing, pieces: Sequence[Piece], continuations: Sequence[Continuation]) -> Nothing:
    """What is approached together with what follows there."""
    if not item.approached:
        return item
    own = with_ties(Optimum((), item.approached), pieces[item.piece].ties)
    return replace(item, approached=followed(replace(continuations[item.piece], region=()), own).values)


def _maximised(pieces: Sequence[Piece], smooth: Sequence[tuple[int, Piece]], given: Region, journal: Journal) -> Settlement:
    """The best choices over parts of pieces, told by the pieces they belong to."""
    settled = maximise_pieces([piece for _, piece in smooth], given, journal)
    placed = []
    for one in settled.placed:
        number, own = smooth[one.piece][0], pieces[smooth[one.piece][0]].problem.restrictions
        names = {item.name for item in own} | set(one.optimum.active)
        names -= {*smooth[one.piece][1].seams, *pieces[number].seams}
        active = tuple(name for name in one.optimum.active if name in names)
        placed.append(replace(one, piece=number, optimum=replace(one.optimum, active=active)))
    nothing = tuple(replace(item, piece=smooth[item.piece][0]) for item in settled.nothing)
    return replace(settled, placed=tuple(placed), nothing=nothing)


def _with_limits(
    setting: Setting,
    decision: Decision,
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Piece],
    given: Region,
    at_first: Chosen,
    start: int,
    journal: Journal,
) -> Chosen:
    """The choice where whoever moves later, finding several choices equally good, follows its stated rule, or else takes the one
    that this decision likes best: pieces are taken with those of their edges on which what follows may go on as inside them.

    Where that is not settled for an edge, nothing is said of suprema that are not attained. The steps from `start` on are those of
    `at_first`, and go with it.
    """
    known = limits(setting, number, continuations, pieces, given)
    chosen = None
    if known.closing:
        before = journal.steps[start:]
        del journal.steps[start:]
        chosen = _chosen_again(known.pieces, decision, given, journal)
        if chosen is None:
            journal.steps += before
    later = [after for stage in setting.protocol.stages[number:] for after in stage.decisions]
    if chosen is not None and not any(after.indifferent for after in later):
        players = tuple(dict.fromkeys(" and ".join(after.by) for after in _switching(later, continuations)))
        journal.warnings.append(f"{tie_told(players, decision.by)}; otherwise the same payoff is approached but not attained")
    settled = not known.unsettled and (chosen is not None or not known.closing)
    chosen = chosen or at_first
    if settled:
        return chosen
    reason = unsettled_reason(known.unsettled) if known.unsettled else "whether the supremum is attained is not settled"
    open_ = Without.UNSETTLED
    nothing = (Nothing(n.region, open_, reason) if n.kind is Without.NOT_ATTAINED else n for n in chosen.nothing)
    return Chosen(chosen.optima, tuple(nothing))


def _switching(later: Sequence[Decision], continuations: Sequence[Continuation]) -> Sequence[Decision]:
    """The later decisions that are not the same function of earlier choices throughout: no other can be torn between two choices."""
    ways = [dict(continuation.values) for continuation in continuations]
    return [d for d in later if any(len({way.get(symbol) for way in ways}) > 1 for symbol in d.chooses)] or later


def _chosen_again(pieces: Sequence[Piece], decision: Decision, given: Region, journal: Journal) -> Chosen | None:
    """The best choices over pieces that contain more of their edges; None where these are not found."""
    mark, warned = len(journal.steps), len(journal.warnings)
    if len(pieces[0].problem.variables) == 1:
        try:
            return choose_over_pieces(pieces, decision.indifferent, given, journal)
        except Refusal:
            del journal.steps[mark:], journal.warnings[warned:]
    try:
        settled = _maximised(pieces, in_smooth_pieces(pieces, journal), given, journal)
        return Chosen(tuple((one.piece, one.optimum) for one in settled.placed), settled.nothing)
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        return None


def _with_flats(pieces: Sequence[Piece], decision: Decision, given: Region, journal: Journal) -> Chosen | None:
    """Case by case where a choice makes no difference on some pieces, so that all of it is equally good; None where there is none."""
    if len(pieces[0].problem.variables) != 1 or not any(piece.is_flat() for piece in pieces):
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return choose_over_pieces(pieces, decision.indifferent, given, journal)
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        return None


def _with_jumps(pieces: Sequence[Piece], decision: Decision, given: Region, journal: Journal) -> Chosen | None:
    """Case by case where the payoff may jump; None where it does not, or where the pieces compared as a whole may do better."""
    if not jumps(pieces, given):
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return choose_over_pieces(pieces, decision.indifferent, given, journal)
    except Refusal:
        if not smooth(pieces):
            raise
        del journal.steps[mark:], journal.warnings[warned:]
        return None


def pieces_of(
    setting: Setting, decision: Decision, number: int, continuations: Sequence[Continuation], journal: Journal
) -> list[Piece]:
    """The decision's problem on each piece; how the game goes on is continuous or not where pieces meet."""
    pieces = []
    view = seen_sums(setting.deciding(number), decision)
    for index, continuation in enumerate(continuations):
        continuation = replace(continuation, region=tuple(relation_at(r, view) if view else r for r in continuation.region))
        known = unique((*continuation.among, *continuation.region)) if continuation.free else ()
        found = decided(setting, decision, number, replace(continuation, region=(), among=known), journal)
        ties = dict(found.ties)
        region = [relation_at(r, ties) if ties else r for r in continuation.region]
        mine = set(found.problem.variables)
        seams = [r for r in region if mine & r.free_symbols]
        if any(isinstance(r, Eq) for r in seams):
            where = " and ".join(said(r) for r in seams)
            raise Refusal(f"where {where} the game goes on in a way of its own: what an earlier choice leads to is not determined")
        named = tuple(replace(restriction(f"seam {index}.{i}", r), strict=False) for i, r in enumerate(seams))
        others = tuple(r for r in unique(region) if not mine & r.free_symbols)
        problem = replace(
            found.problem,
            restrictions=(*found.problem.restrictions, *named),
            given=unique((*found.problem.given, *others)),
        )
        pieces.append(Piece(problem, tuple(item.name for item in named), tuple(seams), others, found.ties))
    return pieces
