"""One stage before responses that change form with what is chosen in it: a leader, or several who move at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from sympy import false, fraction

from derive.algebra.shape import open_
from derive.decision.branches import is_smooth
from derive.decision.choices import Chosen, choose_over_pieces, in_smooth_pieces, jumps
from derive.decision.compare import same_choice
from derive.decision.piece import Piece, Placed, Settlement
from derive.decision.pieces import maximise_pieces
from derive.decision.problem import Decided, Journal, Nothing, Optimum, relation_at, restriction, unique, with_ties
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.ir import Acceptance, Decision
from derive.law.lower import substitute_definitions
from derive.play.bycases import equilibria_by_cases
from derive.play.groups import group_of, seen_sums
from derive.play.limits import limits, unsettled_reason
from derive.play.setting import Continuation, Setting, decided, followed, known_before, rivals, with_sums
from derive.play.stage import intersection, several_marked
from derive.play.symmetric import alike
from derive.prove import refute
from derive.solution import Without


@dataclass(frozen=True)
class Led:
    """The game from a stage on, and the regions of what came before where nothing is reported."""

    continuations: tuple[Continuation, ...]
    nothing: tuple[Nothing, ...] = ()


def lead(
    setting: Setting, decisions: Sequence[Decision], number: int, continuations: Sequence[Continuation], journal: Journal
) -> Led:
    """Every equilibrium of the stage, each decision best over all pieces. Raises Refusal naming the player that is not settled."""
    continuations = [c for c in continuations if not _ruled_out(setting, decisions, c)] or continuations
    pieces = [pieces_of(setting, decision, number, continuations, journal) for decision in decisions]
    if len(decisions) == 1:
        return _alone(setting, decisions[0], number, continuations, pieces[0], journal)
    settled = []
    for decision, own in zip(decisions, pieces, strict=True):
        given = unique((*known_before(setting, number), *rivals(setting, decision, number)))
        try:
            if group_of(decision, setting.groups) is not None or not _smooth(own):
                raise Refusal("a group, or payoffs with cases, before responses that change form with them is not settled")
            settled.append(maximise_pieces(own, given, journal, compare=False))
        except Refusal as refusal:
            raise refusal.located(player=" and ".join(decision.by)) from None
    if any(one.nothing for one in settled):
        reason = next(nothing.reason for one in settled for nothing in one.nothing)
        if any(piece.is_flat() for own in pieces for piece in own):
            return _with_idle_choices(setting, decisions, number, continuations, pieces, journal)
        raise Refusal(f"a best response among simultaneous decisions is not settled everywhere: {reason}")
    found = _equilibria(setting, decisions, number, continuations, pieces, [s.placed for s in settled], journal)
    return Led(found, tuple(journal.nothing))


def _with_idle_choices(
    setting: Setting,
    decisions: Sequence[Decision],
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Sequence[Piece]],
    journal: Journal,
) -> Led:
    """The equilibria where choices make no difference on some pieces: all best replies there count."""
    given = known_before(setting, number)
    known = [unique((*given, *rivals(setting, decision, number))) for decision in decisions]
    players = [" and ".join(decision.by) for decision in decisions]
    return Led(*equilibria_by_cases(players, pieces, known, given, continuations, journal))


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
        several = group is None and len(pieces[0].problem.variables) > 1 and not _smooth(pieces)
        chosen = _with_jumps(pieces, decision, given, journal) if group is None and not several else None
        smooth = in_smooth_pieces(pieces, journal) if several else list(enumerate(pieces))
        settled = Settlement((), chosen.nothing) if chosen is not None else _maximised(pieces, smooth, given, journal)
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
        given = tuple(relation for relation in given if not set(group.alike) & relation.free_symbols)
        members = [Decided(group.name, pieces[one.piece].problem, pieces[one.piece].ties, group.others) for one in placed]
        placed = tuple(
            replace(one, optimum=same)
            for one, member in zip(placed, members, strict=True)
            for same in alike((one.optimum,), (member,), given, journal)
        )
    else:
        placed = tuple(replace(one, optimum=with_ties(one.optimum, pieces[one.piece].ties)) for one in placed)
    found = tuple(followed(continuations[one.piece], with_sums(setting, number, one.optimum)) for one in placed)
    return Led(found, (*settled.nothing, *journal.nothing))


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
        names = " or ".join(" and ".join(after.by) for after in later)
        journal.warnings.append(
            f"the answer hinges on a tie: where {names} find several choices equally good, they are taken to make the one that "
            f"{' and '.join(decision.by)} prefer; if they do not, the same payoff is approached but not attained"
        )
    settled = not known.unsettled and (chosen is not None or not known.closing)
    chosen = chosen or at_first
    if settled:
        return chosen
    reason = unsettled_reason(known.unsettled) if known.unsettled else "whether the supremum is attained is not settled"
    open_ = Without.UNSETTLED
    nothing = (Nothing(n.region, open_, reason) if n.kind is Without.NOT_ATTAINED else n for n in chosen.nothing)
    return Chosen(chosen.optima, tuple(nothing))


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


def _smooth(pieces: Sequence[Piece]) -> bool:
    return all(is_smooth(piece.problem.objective) for piece in pieces)


def _with_jumps(pieces: Sequence[Piece], decision: Decision, given: Region, journal: Journal) -> Chosen | None:
    """Case by case where the payoff may jump; None where it does not, or where the pieces compared as a whole may do better."""
    if not jumps(pieces, given):
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return choose_over_pieces(pieces, decision.indifferent, given, journal)
    except Refusal:
        if not _smooth(pieces):
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
        named = tuple(replace(restriction(f"seam {index}.{i}", r), strict=False) for i, r in enumerate(seams))
        others = tuple(r for r in unique(region) if not mine & r.free_symbols)
        problem = replace(
            found.problem,
            restrictions=(*found.problem.restrictions, *named),
            given=unique((*found.problem.given, *others)),
        )
        pieces.append(Piece(problem, tuple(item.name for item in named), tuple(seams), others, found.ties))
    return pieces


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
    found = []
    for combination in product(*placed):
        problems = [
            Decided(" and ".join(d.by), own[p.piece].problem, own[p.piece].ties)
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
            continuation = continuations[combination[0].piece]
            if len({p.piece for p in combination}) > 1 and _on_a_boundary(optimum.region, given):
                continue
            regions: list[Region] = [optimum.region]
            for decision, own, p in zip(decisions, pieces, combination, strict=True):
                if not p.sure:
                    regions = [
                        part for r in regions for part in _still_best(decision, own, replace(optimum, region=r), given, journal)
                    ]
            found += [(replace(optimum, region=region), continuation) for region in regions]
    if not found:
        raise Refusal("no equilibrium in pure strategies: the best responses do not intersect")
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
    same = [p for p in settled.placed if same_choice(with_ties(p.optimum, pieces[p.piece].ties), own)]
    return [unique((*profile.region, *p.optimum.region)) for p in same]


def _on_a_boundary(region: Region, given: Region) -> bool:
    return refute((*given, *(open_(relation) for relation in region))) is not None
