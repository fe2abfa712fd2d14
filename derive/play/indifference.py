"""Knife-edges on which whoever moves next is indifferent: what the earlier mover could make of them.

Beside the edge there is one best reply on either side; on it there may be many. The choices that are best on the edge are found by
letting the earlier mover choose among all that the indifferent player finds equally good. Where that pays more than anything else,
the answer hinges on the tie: it is the one in which the indifferent player does what the earlier one prefers, or its stated rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy import Eq, Expr, Ge, Integer, Le, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import open_, said
from derive.decision.branches import is_smooth
from derive.decision.compare import Candidate, best
from derive.decision.problem import (
    Decided,
    Journal,
    Nothing,
    Optimum,
    Problem,
    Restriction,
    Tie,
    relation_at,
    restriction,
    unique,
)
from derive.decision.regions import Region, emptiness, without
from derive.decision.several import settle
from derive.errors import Refusal
from derive.field import coefficients, factored, normal
from derive.ir import Decision
from derive.placed import normal_at
from derive.play.groups import group_of
from derive.play.limits import tie_told
from derive.play.setting import Continuation, Setting, decided, followed, known_before
from derive.prove import prove
from derive.solution import Without


def edges(
    setting: Setting,
    number: int,
    decision: Decided,
    continuation: Continuation,
    optima: Sequence[Optimum],
    ties: Sequence[Region],
) -> list[Continuation]:
    """The knife-edges among `ties`, for the one who moves before `decision`; `optima` are its best replies."""
    before = setting.protocol.stages[number - 2].decisions if number > 1 else ()
    alone = len(before) == 1 and group_of(before[0], setting.groups) is None
    if not alone or decision.others or continuation.implicit or any(v.values for v in setting.model.variables):
        return []
    problem = decision.problem
    found = []
    for edge in dict.fromkeys(unique(_plain(r) for r in tie) for tie in ties):
        levels = dict(_solved(r, tuple(sorted(r.free_symbols, key=str))) for r in edge if isinstance(r, Eq))
        known = (*problem.given, *edge)
        here = (o for o in optima if not o.implicit and not o.free and all(prove(r, known) is not None for r in o.region))
        values = [normal(problem.objective.xreplace(dict(o.values)).xreplace(levels)) for o in here]
        kept = [Restriction("as good", normal(problem.objective.xreplace(levels) - value)) for value in values[:1]]
        rule = tuple(restriction("rule", r) for r in decision.indifferent if not isinstance(r, Eq))
        tie = Tie(decision.player, problem.variables, (*problem.restrictions, *kept, *rule))
        later = (*decision.ties, *continuation.values)
        found.append(Continuation(unique((*continuation.region, *edge)), later, active=continuation.active, tie=tie))
    return found


def edges_together(
    setting: Setting, number: int, decisions: Sequence[Decided], continuation: Continuation, several: Sequence[Optimum]
) -> list[Continuation]:
    """The knife-edges on which a continuum of choices of those who move at once are equilibria, for the one who moves before them."""
    before = setting.protocol.stages[number - 2].decisions if number > 1 else ()
    alone = len(before) == 1 and group_of(before[0], setting.groups) is None
    if not alone or continuation.implicit or any(d.others or d.indifferent for d in decisions):
        return []
    players = " and ".join(decision.player for decision in decisions)
    found = []
    for optimum in several:
        values = dict(optimum.values)
        later = tuple((symbol, normal_at(value, values)) for symbol, value in continuation.values)
        region = unique((*continuation.region, *(_plain(r) for r in optimum.region)))
        among = tuple(restriction("as good", r) for r in optimum.among)
        tie = Tie(players, optimum.free, among)
        found.append(Continuation(region, (*optimum.values, *later), active=continuation.active, tie=tie))
    return found


def apart_at_edges(equilibria: Sequence[Optimum], earlier: set[Symbol], given: Region) -> tuple[Optimum, ...]:
    """Equilibria of simultaneous moves without those that are a continuum on a knife-edge of earlier choices only, and the others
    on open regions where they share nothing but such edges."""
    kept = [o for o in equilibria if not (o.free and any(isinstance(r, Eq) and r.free_symbols & earlier for r in o.region))]
    if all(optimum.unique for optimum in kept):
        return tuple(kept)
    inner = [
        o if o.unique else replace(o, region=tuple(open_(r) if r.free_symbols & earlier else r for r in o.region), unique=True)
        for o in kept
    ]
    overlaps = (emptiness(unique((*a.region, *b.region)), given) is None for a, b in combinations(inner, 2))
    return tuple(kept) if any(overlaps) else tuple(inner)


def _plain(relation: Boolean) -> Boolean:
    """An equation without powers and numbers that do not matter to it."""
    if not isinstance(relation, Eq):
        return relation
    bases = [base for base, exponent in factored(normal(relation.lhs - relation.rhs)).factors if exponent > 0]
    return Eq(sympy.Mul(*bases), 0)


def _solved(relation: Boolean, candidates: Sequence[Symbol], given: Region = ()) -> tuple[Symbol, Expr]:
    """An equation as choice = expression, for the first candidate that it is linear in, with a number before it or something that
    is known not to vanish."""
    level = normal(relation.lhs - relation.rhs)
    for symbol in candidates:
        parts = coefficients(level, symbol)
        if parts is not None and len(parts) == 2 and _is_apart_from_zero(parts[1], given):
            return symbol, normal(-parts[0] / parts[1])
    return sympy.Dummy(), Integer(0)


def _is_apart_from_zero(expr: Expr, given: Region) -> bool:
    sides = (expr > 0, expr < 0) if given and expr.free_symbols else ()
    return bool(expr.is_Rational) or any(prove(side, given) is not None for side in sides)


@dataclass(frozen=True)
class _Offer:
    """What the earlier mover can have on an edge: a problem in its own and the indifferent player's choices, the choices that the
    edge fixes, and what it asks of everything before."""

    problem: Problem
    fixed: tuple[tuple[Symbol, Expr], ...]
    others: Region
    continuation: Continuation


def with_edges(
    setting: Setting,
    number: int,
    ties: Sequence[Continuation],
    found: Sequence[Continuation],
    nothing: Sequence[Nothing],
    journal: Journal,
) -> tuple[tuple[Continuation, ...], tuple[Nothing, ...]]:
    """How the game goes on from a stage, and where it does not, with the knife-edges it can lead to taken into account."""
    (decision,) = setting.protocol.stages[number - 1].decisions
    given = known_before(setting, number)
    objective = sympy.Add(*(setting.objectives[setting.model.player(name).payoff] for name in decision.by))
    offers = [offer for tie in ties for offer in _offers(setting, decision, number, tie, journal)]
    values = [normal_at(objective, dict(c.values)) for c in found]
    if any(c.implicit or set(c.free) & value.free_symbols for c, value in zip(found, values, strict=True)):
        journal.warnings += [_unsettled(offer) for offer in offers]
        return tuple(found), tuple(nothing)
    candidates = [Candidate(Optimum(c.region, c.values), v, i) for i, (c, v) in enumerate(zip(found, values, strict=True))]
    missed = [item for item in nothing if item.kind is Without.NOT_ATTAINED and item.supremum is not None]
    suprema = [
        Candidate(Optimum(n.region, n.approached), n.supremum, i, False) for i, n in enumerate(missed) if n.supremum is not None
    ]
    closed_to = [n.region for n in nothing if n.kind is not Without.INFEASIBLE and n not in missed]
    better: list[tuple[str, Continuation, Candidate]] = []
    for offer in offers:
        if not closed_to and all(_no_better(offer, c, given) for c in (*candidates, *suprema)):
            continue
        taken = _taken(offer, given, closed_to, len(found) + len(better), journal)
        better += taken or ()
        if taken is None:
            hopeless = [c.source for c in suprema if not _no_better(offer, c, given)]
            nothing = [_open(n, _unsettled(offer)) if n in [missed[i] for i in hopeless] else n for n in nothing]
            suprema = [c for c in suprema if c.source not in hopeless]
            closed_to += [missed[i].region for i in hopeless]
    if not better:
        return tuple(found), tuple(nothing)
    return _compared(decision, found, nothing, candidates, better, [(missed[c.source], c) for c in suprema], given, journal)


def _compared(
    decision: Decision,
    found: Sequence[Continuation],
    nothing: Sequence[Nothing],
    candidates: Sequence[Candidate],
    better: Sequence[tuple[str, Continuation, Candidate]],
    suprema: Sequence[tuple[Nothing, Candidate]],
    given: Region,
    journal: Journal,
) -> tuple[tuple[Continuation, ...], tuple[Nothing, ...]]:
    """What is best of what was found, of what knife-edges offer, and of what is only approached."""
    new = [part for _, _, one in better for part in _not_had_before(one, candidates, given)]
    chosen = best([*candidates, *new, *(one for _, one in suprema)], given, journal)
    attained = [c for c in chosen if c.attained]
    for names in dict.fromkeys(
        names for i, (names, _, _) in enumerate(better) if any(c.source == len(found) + i for c in attained)
    ):
        journal.warnings.append(tie_told((names,), decision.by))
    every = [*found, *(continuation for _, continuation, _ in better)]
    goes_on = (replace(every[c.source], region=c.optimum.region, unique=c.optimum.unique) for c in attained)
    left = [
        replace(item, region=c.optimum.region)
        for c in chosen
        if not c.attained
        for item, one in suprema
        if one.source == c.source
    ]
    others = [item for item in nothing if not any(item is one for one, _ in suprema)]
    return tuple(goes_on), (*others, *left)


def _not_had_before(one: Candidate, found: Sequence[Candidate], given: Region) -> list[Candidate]:
    """What an edge offers where no other choice pays the same: elsewhere nothing hinges on the tie."""
    cells: list[Region] = [one.optimum.region]
    for other in found:
        if normal(one.value - other.value) == 0:
            cells = [part for cell in cells for part in without(cell, other.optimum.region, given)]
    return [replace(one, optimum=replace(one.optimum, region=cell)) for cell in cells]


def _open(item: Nothing, reason: str) -> Nothing:
    return Nothing(item.region, Without.UNSETTLED, reason)


def _offers(setting: Setting, decision: Decision, number: int, edge: Continuation, journal: Journal) -> list[_Offer]:
    tie = edge.tie
    assert tie is not None
    mark = len(journal.steps)
    own = decided(setting, decision, number, replace(edge, region=(), tie=None), journal)
    del journal.steps[mark:]
    if not is_smooth(own.problem.objective):
        return []
    region = [relation_at(r, dict(own.ties)) if own.ties else r for r in edge.region]
    fixed: dict[Symbol, Expr] = {}
    others: list[Boolean] = []
    for relation in region:
        level = relation_at(relation, fixed) if fixed else relation
        if not isinstance(level, Eq) or not level.free_symbols & set(own.problem.variables):
            others.append(relation)
            continue
        symbol, value = _solved(level, own.problem.variables, own.problem.given)
        if symbol not in own.problem.variables:
            journal.warnings.append(f"what {tie.player} do where {said(relation)} may be a tie that is not looked into")
            return []
        fixed = {s: v.xreplace({symbol: value}) for s, v in fixed.items()} | {symbol: value}
    variables = tuple(v for v in (*own.problem.variables, *tie.variables) if v not in fixed)
    stated = [*own.problem.restrictions, *tie.restrictions]
    stated += [
        restriction("edge", r) for r in others if isinstance(r, sympy.core.relational.Relational) and not isinstance(r, Eq)
    ]
    items = [item.at(fixed) for item in stated]
    inner = tuple(item for item in items if item.slack.free_symbols & set(variables))
    outer = unique((*(item.relation for item in items if item not in inner), *(r for r in others if isinstance(r, Eq))))
    if sympy.false in outer:
        return []
    problem = Problem(normal_at(own.problem.objective, fixed), variables, inner, unique((*own.problem.given, *outer)))
    return [_Offer(problem, (*fixed.items(), *own.ties), outer, edge)]


def _no_better(offer: _Offer, candidate: Candidate, given: Region) -> bool:
    known = unique((*given, *candidate.optimum.region, *offer.problem.domain))
    gap = normal(candidate.value - offer.problem.objective)
    return prove(gap >= 0, known) is not None or emptiness((), known) is not None


def _taken(
    offer: _Offer, given: Region, without_best: Sequence[Region], place: int, journal: Journal
) -> list[tuple[str, Continuation, Candidate]] | None:
    """The best that the edge offers, by region, where there is a best choice to be had at all; None where that is not settled."""
    mark, warned = len(journal.steps), len(journal.warnings)
    tie = offer.continuation.tie
    assert tie is not None
    try:
        outcome = settle(offer.problem, journal)
        open_ = [n for n in outcome.nothing if n.kind is not Without.INFEASIBLE]
        if open_ or any(o.implicit or o.free for o in outcome.optima):
            raise Refusal("not settled")
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        journal.warnings.append(_unsettled(offer))
        return None
    found: list[tuple[str, Continuation, Candidate]] = []
    for optimum in outcome.optima:
        values = dict(optimum.values)
        own = tuple((symbol, normal_at(value, values)) for symbol, value in offer.fixed)
        ordered = sorted((*optimum.values, *own), key=lambda pair: pair[0] in tie.variables)
        full = replace(optimum, region=unique((*offer.others, *optimum.region)), values=tuple(ordered))
        if emptiness(full.region, given) is not None:
            continue
        after = followed(replace(offer.continuation, region=()), full)
        value = normal_at(offer.problem.objective, values)
        cells: list[Region] = [full.region]
        for missing in without_best:
            cells = [part for cell in cells for part in without(cell, missing, given)]
        for cell in cells:
            found.append((tie.player, after, Candidate(Optimum(cell, after.values), value, place + len(found))))
    return found


def _unsettled(offer: _Offer) -> str:
    region = offer.continuation.region
    level = {side for r in region if isinstance(r, Eq) for side in (r.lhs - r.rhs, r.rhs - r.lhs)}
    news = [r for r in region if isinstance(r, Eq) or not (isinstance(r, Ge | Le) and r.lhs - r.rhs in level)]
    where = " and ".join(said(r) for r in news)
    tie = offer.continuation.tie
    assert tie is not None
    finds = "find" if " and " in tie.player else "finds"
    return f"where {where}, {tie.player} {finds} several choices equally good: what that is worth is not settled"
