"""One stage: every decision's best response, and the choices at which all of them are best responses at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from sympy import Eq, Expr, Gt, Lt, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.powers import nested
from derive.algebra.shape import open_, readable_together, said
from derive.algebra.spread import powers_apart
from derive.cases import NotMutual
from derive.certificates import Certificate
from derive.decision.branches import is_smooth
from derive.decision.choices import choose
from derive.decision.compare import same_choice
from derive.decision.hill import summit
from derive.decision.problem import Decided, Journal, Nothing, Optimum, Outcome, Problem, needed, relation_at, unique, with_ties
from derive.decision.regions import Region, emptiness, without
from derive.decision.several import only, settle
from derive.errors import Degenerate, Refusal
from derive.field import NotRational, normal
from derive.placed import normal_at
from derive.play.lowest import replies_by_bounds
from derive.play.meeting import meetings
from derive.play.nobody import contradictory, holes, mentions, nobody_can_choose
from derive.play.profiles import all_equilibria
from derive.play.symmetric import alike
from derive.prove import refute
from derive.solution import Implicit, Without


@dataclass(frozen=True)
class Settled:
    """The equilibria of a stage, each decision's best reply to the others, where there is no equilibrium, and where several
    choices are equally good."""

    equilibria: tuple[Optimum, ...]
    replies: tuple[tuple[Optimum, ...], ...]
    nothing: tuple[Nothing, ...] = ()
    ties: tuple[tuple[Boolean, ...], ...] = ()


def solve_stage(decisions: Sequence[Decided], journal: Journal) -> Settled:
    """Every equilibrium regime of simultaneous decisions. Raises Refusal naming the player whose problem is not settled."""
    if any(not is_smooth(decision.problem.objective) for decision in decisions):
        return _with_cases(decisions, journal)
    grouped = any(decision.others for decision in decisions)
    if len(decisions) == 1 and not grouped:
        alone = _best_response(decisions[0], journal)
        several = tuple(optimum.region for optimum in alone.optima if not optimum.unique)
        return Settled(alone.optima, (alone.optima,), alone.nothing, (*alone.ties, *several))
    decisions, outcomes = _best_responses(decisions, journal)
    if not grouped and any(_partial(outcome, decision) for outcome, decision in zip(outcomes, decisions, strict=True)):
        mark, warned = len(journal.steps), len(journal.warnings)
        try:
            return _with_cases(decisions, journal)
        except Refusal:
            del journal.steps[mark:], journal.warnings[warned:]
    responses = tuple(_always(outcome, decision) for outcome, decision in zip(outcomes, decisions, strict=True))
    given = unique(
        relation for decision in decisions for relation in decision.problem.given if not mentions(relation, decisions)
    )
    found, mark = [], len(journal.nothing)
    for combination in product(*responses):
        meet = alike if grouped else intersection
        found += meet(combination, decisions, given, journal)
    nothing = tuple(journal.nothing[mark:])
    if found and not grouped:
        nothing = (*nothing, *holes(outcomes, decisions, [*(o.region for o in found), *(n.region for n in nothing)], given))
    if not found and not nothing:
        sought = f"no {'symmetric ' if grouped else ''}equilibrium in pure strategies"
        because = next((item.reason for outcome in outcomes for item in outcome.nothing), None)
        if because is not None:
            raise Refusal(f"{sought} was found: the best responses that are known do not intersect ({because})")
        raise Refusal(f"{sought}: the best responses do not intersect")
    found = off_levels(found, nothing, given)
    return Settled(tuple(optimum for _, optimum in several_marked(found, given)), responses, nothing)


def _best_responses(decisions: Sequence[Decided], journal: Journal) -> tuple[Sequence[Decided], list[Outcome]]:
    """Everybody's best response to the others; where these are not settled at once, by whether others are at lower bounds."""
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return decisions, [_best_response(decision, journal) for decision in decisions]
    except Refusal as refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        answers = (lambda decision: _best_response(decision, journal)), (lambda decision: _response_if_any(decision, journal))
        found = replies_by_bounds(decisions, *answers, journal)
        if found is None:
            raise nobody_can_choose(decisions) or refusal from None
        return found


def _with_cases(decisions: Sequence[Decided], journal: Journal) -> Settled:
    """Payoffs with cases, which may jump: all cases looked at, for several decisions all combinations of best replies."""
    if any(decision.others for decision in decisions):
        raise Refusal("a payoff with cases in a group of identical players is not settled")
    if len(decisions) == 1:
        (decision,) = decisions
        try:
            found = choose(decision.problem, decision.indifferent, journal)
        except Refusal as refusal:
            raise refusal.located(player=decision.player) from None
        optima = tuple(with_ties(optimum, decision.ties) for _, optimum in found.optima)
        return Settled(optima, (optima,), found.nothing)
    problems = [decision.problem for decision in decisions]
    outcome, replies = all_equilibria([decision.player for decision in decisions], problems, journal)
    ties = tuple(tie for decision in decisions for tie in decision.ties)
    return Settled(
        tuple(with_ties(optimum, ties) for optimum in outcome.optima), tuple(r.optima for r in replies), outcome.nothing
    )


def _best_response(decision: Decided, journal: Journal) -> Outcome:
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        found = settle(decision.problem, journal) if decision.problem.variables else _nothing_to_choose(decision.problem)
        if not found.optima:
            only(found, decision.problem)
            raise Refusal("no choice was found to be best")
        chosen = decision.problem.variables
        if chosen and not decision.problem.objective.free_symbols & set(chosen):
            raise Refusal("every admissible value is optimal: the payoff does not depend on it", symbol=", ".join(map(str, chosen)))
    except Refusal as refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        reply = _summit(decision, journal)
        if reply is None:
            raise (contradictory(decision.problem) or refusal).located(player=decision.player) from None
        found = Outcome((reply,))
    return replace(found, optima=tuple(with_ties(optimum, decision.ties) for optimum in found.optima))


def _response_if_any(decision: Decided, journal: Journal) -> Outcome:
    """The best response, or only what shows that there is none. Raises Refusal where neither is settled."""
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return _best_response(decision, journal)
    except Refusal as refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        found = settle(decision.problem, journal)
        if found.optima or any(item.kind is Without.UNSETTLED for item in found.nothing):
            raise refusal from None
        return found


def _partial(outcome: Outcome, decision: Decided) -> bool:
    """Whether there are choices of others to which there are several best replies."""
    partial = (*outcome.ties, *(o.region for o in outcome.optima if not o.unique))
    return any(refute((*decision.problem.given, *region)) is None for region in partial)


def _always(outcome: Outcome, decision: Decided) -> tuple[Optimum, ...]:
    """The one best reply to whatever others choose. Raises Refusal naming whose it is when there are several.

    Choices of others to which there is none are in no equilibrium; only where that is not settled is it refused.
    """
    try:
        refuse_ties(outcome.ties, decision.problem.given)
        open_ = tuple(item for item in outcome.nothing if item.kind is Without.UNSETTLED)
        return only(replace(outcome, nothing=open_), decision.problem)
    except Refusal as refusal:
        raise refusal.located(player=decision.player) from None


def refuse_ties(ties: Sequence[tuple[Boolean, ...]], given: tuple[Boolean, ...]) -> None:
    """Where several choices are equally good, what others make of it depends on which is taken. Raises Refusal."""
    for tie in ties:
        if refute((*given, *tie)) is None:
            where = " and ".join(said(relation) for relation in tie)
            raise Refusal(f"where {where} several choices are equally good, and nothing says which is taken")


def _summit(decision: Decided, journal: Journal) -> Optimum | None:
    """The interior reply of a member of a group, where none can reply in kind to others at the lower bound."""
    if not decision.others or not decision.open:
        return None
    return summit(decision.problem, journal)


def _nothing_to_choose(problem: Problem) -> Outcome:
    return Outcome((Optimum(needed((item.relation for item in problem.restrictions), problem.given), ()),))


def intersection(
    combination: tuple[Optimum, ...], decisions: Sequence[Decided], given: tuple[Boolean, ...], journal: Journal
) -> list[Optimum]:
    """The equilibria at which each decision plays the given piece of its best response."""
    region = unique(relation for optimum in combination for relation in optimum.region)
    domain = unique((*given, *region, *(r for d in decisions for r in d.problem.domain)))
    try:
        profiles = meetings(combination, decisions, domain, given, journal)
    except Degenerate as degenerate:
        return _either_side(degenerate, combination, decisions, given, journal)
    found = []
    for profile in profiles:
        values, reasons = dict(profile.values), profile.labels
        asked, conditions = _asked(profile.asked(region), values, given)
        empty = emptiness(conditions, given)
        if empty is not None:
            _set_aside(values, asked, conditions, empty, given, reasons, journal)
            continue
        found.append(
            _merged(
                Optimum(
                    needed(conditions, given),
                    tuple(values.items()),
                    tuple(name for optimum in combination for name in optimum.active),
                    tuple(item for optimum in combination for item in optimum.implicit if item.symbol not in values),
                    reasons,
                    unique=all(optimum.unique for optimum in combination),
                )
            )
        )
    return found


def _asked(relations: Region, values: dict[Symbol, Expr], given: Region) -> tuple[Region, Region]:
    """The relations with what they say of these values; one that is false, where others have no meaning there."""
    try:
        return relations, unique(readable_together((_placed(relation, values, given) for relation in relations), given))
    except (NotRational, ZeroDivisionError):
        broken = next((relation for relation in relations if _fails(relation, values)), None)
        if broken is None:
            raise Refusal(f"what is asked of {', '.join(f'{s} = {v}' for s, v in values.items())} has no meaning there") from None
        return (broken,), (false,)


def _fails(relation: Boolean, values: dict[Symbol, Expr]) -> bool:
    try:
        return bool(relation_at(relation, values) == false)
    except (NotRational, ZeroDivisionError):
        return False


def _placed(relation: Boolean, values: dict[Symbol, Expr], given: Region) -> Boolean:
    """What a relation says of these values, powers of powers told apart."""
    placed = relation_at(relation, values)
    if not isinstance(placed, Relational) or not any(map(nested, placed.args)):
        return placed
    return placed.func(normal(powers_apart(placed.lhs - placed.rhs, given)), 0)


def _set_aside(
    values: dict[Symbol, Expr],
    region: Region,
    conditions: Region,
    empty: Certificate,
    given: Region,
    reasons: tuple[str, ...],
    journal: Journal,
) -> None:
    """Say why mutual best replies that were solved for are none: they are not where those replies are best."""
    replies = tuple(Eq(symbol, value) for symbol, value in values.items())
    certificate: Certificate | None = empty
    if false in conditions:
        stated = readable_together((relation_at(relation, values) for relation in region), given)
        broken = next(relation for relation, found in zip(region, stated, strict=True) if found == false)
        placed = relation_at(broken, values)
        conditions = (broken,) if placed == false else (placed,)
        ties = tuple(tie for tie in replies if tie.lhs in broken.free_symbols) if placed == false else ()
        certificate = refute((*given, *conditions, *ties))
    if certificate is not None:
        journal.add(NotMutual, uses=reasons, given=given, replies=replies, conditions=conditions, certificate=certificate)


def _either_side(
    degenerate: Degenerate, combination: tuple[Optimum, ...], decisions: Sequence[Decided], given: Region, journal: Journal
) -> list[Optimum]:
    """The equilibria where the equations have one solution; where they degenerate nothing is said. Raises what it was given where
    the quantity that decides is not one of parameters, or has been told apart already."""
    quantity = degenerate.quantity
    unknowns = {s for optimum in combination for s, _ in optimum.values}
    if not isinstance(quantity, Expr) or quantity.free_symbols & unknowns or any(quantity in r.args for r in given):
        raise degenerate
    found: list[Optimum] = []
    for side in (Gt(quantity, 0), Lt(quantity, 0)):
        if refute((*given, side)) is None:
            narrowed = [replace(d, problem=replace(d.problem, given=unique((*d.problem.given, side)))) for d in decisions]
            sided = intersection(combination, narrowed, unique((*given, side)), journal)
            found += [replace(optimum, region=needed((*optimum.region, side), given)) for optimum in sided]
    level = Eq(quantity, 0)
    if emptiness((level, *(r for optimum in combination for r in optimum.region)), given) is None:
        journal.nothing.append(Nothing((level,), Without.UNSETTLED, degenerate.message))
    return found


def _merged(optimum: Optimum) -> Optimum:
    """Implicit quantities defined by the same equation on the same interval are equal: keep the first of them."""
    kept: list[Implicit] = []
    same: dict[Symbol, Expr] = {}
    for item in optimum.implicit:
        twin = next((other for other in kept if _twins(other, item)), None)
        if twin is None:
            kept.append(item)
        else:
            same[item.symbol] = twin.symbol
    if not same:
        return optimum
    values = tuple((symbol, normal_at(value, same)) for symbol, value in optimum.values)
    return replace(optimum, implicit=tuple(kept), values=(*values, *same.items()))


def _twins(first: Implicit, second: Implicit) -> bool:
    renamed = second.equation.xreplace({second.symbol: first.symbol})
    return first.low == second.low and first.high == second.high and normal(renamed - first.equation) == 0


def off_levels(found: Sequence[Optimum], nothing: Sequence[Nothing], given: Region) -> list[Optimum]:
    """Equilibria on their regions without the levels on which nothing is said of the whole."""
    levels = [item.region[0] for item in nothing if len(item.region) == 1 and isinstance(item.region[0], Eq)]
    gaps = [normal(level.lhs - level.rhs) for level in levels]

    def opened(relation: Boolean) -> Boolean:
        side = normal(relation.lhs - relation.rhs)
        return open_(relation) if any(normal(side - gap) == 0 or normal(side + gap) == 0 for gap in gaps) else relation

    if not gaps:
        return list(found)
    off = [replace(optimum, region=tuple(opened(relation) for relation in optimum.region)) for optimum in found]
    return [optimum for optimum in off if emptiness(optimum.region, given) is None]


def several_marked(found: Sequence[Optimum], given: tuple[Boolean, ...]) -> list[tuple[int, Optimum]]:
    """Equilibria with their numbers; those that share parameters with a different one are not unique there.

    Two that are the same choice are one: the later keeps only what the earlier does not have.
    """
    kept: list[tuple[int, Optimum]] = []
    for number, optimum in enumerate(found):
        twin = next((k for k, other in kept if same_choice(other, optimum)), None)
        cells = [optimum.region] if twin is None else list(without(optimum.region, found[twin].region, given))
        kept += [(number, replace(optimum, region=cell)) for cell in cells]
    marked: list[tuple[int, Optimum]] = []
    for number, optimum in kept:
        rest: list[Region] = [optimum.region]
        for other_number, other in kept:
            if other_number == number or same_choice(other, optimum):
                continue
            common = unique((*optimum.region, *other.region))
            if refute((*given, *(open_(relation) for relation in common))) is not None:
                continue
            shared = [unique((*cell, *other.region)) for cell in rest]
            marked += [
                (number, replace(optimum, region=needed(cell, given), unique=False))
                for cell in shared
                if emptiness(cell, given) is None
            ]
            rest = [part for cell in rest for part in without(cell, other.region, given)]
        marked += [(number, replace(optimum, region=cell)) for cell in rest]
    return marked
