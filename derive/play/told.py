"""What the stages of a protocol add up to, and protocols in which some choices are made among values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import said, simplest
from derive.decision.problem import Journal, Nothing, needed
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.ir import Decision
from derive.play.equilibrium import response
from derive.play.finite import Assignment, Course, assignments, finite_choices, fixed, named_as_stated, pick, pick_together
from derive.play.setting import Continuation, Setting, known_before
from derive.prove import refute
from derive.solution import Gap, Proposition, Response, Without


@dataclass(frozen=True)
class Told:
    """What the stages of a protocol add up to: how it is played, the argument, and where there is no equilibrium."""

    continuations: tuple[Continuation, ...]
    argument: tuple[Proposition, ...]
    responses: tuple[Response, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()


OneStage = Callable[[Setting, int, tuple[Continuation, ...]], Told]


def gaps_of(setting: Setting, nothing: Sequence[Nothing]) -> list[Gap]:
    """Where the game has no equilibrium because one of its stages has none. Raises Refusal where that depends on earlier choices,
    unless these leave those who follow no choice at all: then they are not made."""
    found = []
    variables = {v.symbol for v in setting.model.variables} | {a.symbol for a in setting.model.aggregates}
    for item in nothing:
        if any(relation.free_symbols & variables for relation in item.region):
            if item.kind is Without.INFEASIBLE:
                continue
            where = ", ".join(map(str, item.region))
            raise Refusal(f"after choices with {where} the game that follows has no equilibrium: {item.reason}")
        if refute((*setting.given, *item.region)) is None:
            region = needed(simplest(item.region, setting.given), setting.given)
            found.append(Gap(region, item.kind, item.reason, item.approached))
    return found


def without_hopeless_parameters(
    setting: Setting, nothing: Sequence[Nothing], continuations: Sequence[Continuation], given: Region
) -> tuple[tuple[Nothing, ...], tuple[Continuation, ...]]:
    """Parameters at which some earlier choices leave a game without equilibrium are set aside as not settled, where one relation
    tells them from the others; the game goes on at the others only."""
    variables = {v.symbol for v in setting.model.variables} | {a.symbol for a in setting.model.aggregates}
    aside: list[Boolean] = []
    found: list[Nothing] = []
    for item in nothing:
        ours = [relation for relation in item.region if not relation.free_symbols & variables]
        if item.kind is Without.INFEASIBLE or len(ours) != 1 or len(item.region) == 1 or not isinstance(ours[0], Relational):
            found.append(item)
            continue
        where = " and ".join(said(relation) for relation in item.region if relation not in ours)
        reason = f"after choices with {where} the game that follows has no equilibrium: {item.reason}"
        found.append(Nothing((ours[0],), Without.UNSETTLED, reason))
        aside.append(ours[0].negated)
    narrowed = (replace(c, region=needed((*c.region, *aside), given)) for c in continuations)
    return tuple(found), tuple(c for c in narrowed if not aside or refute((*given, *c.region)) is None)


def told_by_values(setting: Setting, one_stage: OneStage) -> Told:
    """All stages where some choices are made among values: the rest is solved for each of them, and they are compared."""
    stages = setting.protocol.stages
    among = [finite_choices(setting.model, stage) for stage in stages]
    start: tuple[Continuation, ...] = (Continuation((), ()),)
    every = assignments(setting.model, tuple(s for own in among for s in own))
    branches: dict[Assignment, tuple[Continuation, ...]] = dict.fromkeys(every, start)
    argument: list[Proposition] = []
    gaps: list[Gap] = []
    warnings: list[str] = []
    for number in range(len(stages), 0, -1):
        own = among[number - 1]
        _refuse_both_kinds(stages[number - 1].decisions, own, number)
        courses: list[Course] = []
        for made, later in branches.items():
            view = fixed(setting, made)
            if not view.protocol.stages[number - 1].decisions:
                courses.append(Course(made, later, later))
                continue
            found = one_stage(view, number, later)
            closed = next((gap for gap in found.gaps if gap.kind is not Without.INFEASIBLE), None)
            if closed is not None and made:
                raise Refusal(f"where {_made(made)} the game has no equilibrium: {closed.reason}", stage=str(number))
            continuations = tuple(named_as_stated(setting, made, continuation) for continuation in found.continuations)
            courses.append(Course(made, continuations, later, tuple(Nothing(g.region, g.kind, g.reason) for g in found.gaps)))
            lead = f"Suppose that {_made(made)}. In what follows the choices are" if made else ""
            argument += [replace(one, text=lead or one.text) for one in found.argument]
            gaps += () if made else found.gaps  # where a choice leaves others nothing to choose it is not to be had
            warnings += found.warnings
        branches = {course.made: course.continuations for course in courses}
        if own:
            branches, proved = _picked(setting, number, own, courses)
            argument += proved.argument
            gaps += proved.gaps
            warnings += proved.warnings
    (continuations,) = branches.values()
    return Told(continuations, tuple(argument), (), tuple(gaps), tuple(warnings))


def _made(made: Assignment) -> str:
    return " and ".join(f"{symbol} = {value}" for symbol, value in made)


def _refuse_both_kinds(decisions: Sequence[Decision], among_values: Sequence[Symbol], number: int) -> None:
    for decision in decisions if len(decisions) > 1 else ():
        if set(decision.chooses) & set(among_values) and set(decision.chooses) - set(among_values):
            reason = "one who chooses among values and from a range while others choose is not settled"
            raise Refusal(reason, stage=str(number)).located(player=" and ".join(decision.by))


def _picked(
    setting: Setting, number: int, own: Sequence[Symbol], every: Sequence[Course]
) -> tuple[dict[Assignment, tuple[Continuation, ...]], Told]:
    """The choices among values of one stage, for each way in which earlier ones were made."""
    decisions = setting.protocol.stages[number - 1].decisions
    after: dict[Assignment, tuple[Continuation, ...]] = {}
    argument: list[Proposition] = []
    gaps: list[Gap] = []
    warnings: list[str] = []
    by_earlier: dict[Assignment, list[Course]] = {}
    for course in every:
        mine = tuple(pair for pair in course.made if pair[0] in own)
        before = tuple(pair for pair in course.made if pair[0] not in own)
        by_earlier.setdefault(before, []).append(replace(course, made=mine))
    for before, courses in by_earlier.items():
        view = fixed(setting, before)
        journal = Journal(f"{view.protocol.key}.{number}.values")
        given = known_before(view, number)
        try:
            if len(decisions) == 1:
                found = pick(view, decisions[0], courses, given, journal)
            else:
                found = pick_together(view, decisions, courses, given, journal)
            gaps += gaps_of(setting, found.nothing)
        except Refusal as refusal:
            raise refusal.located(model=setting.model.key, protocol=setting.protocol.key, stage=str(number)) from None
        after[before] = found.continuations
        told = response(view, number, found.continuations, journal.taken(), "; ".join(n.reason for n in found.nothing))
        argument.append(replace(told, label=journal.prefix))
        warnings += journal.warnings
    return after, Told((), tuple(argument), (), tuple(gaps), tuple(warnings))
