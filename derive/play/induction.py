"""Backward induction: the last stage first, its best responses put into the stage before, regime by regime.

The order of the passes for one protocol stands in `derive_protocol`; what one stage does is in `derive.play.stage`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Symbol

from derive.bargaining.product import played
from derive.cubic import CubicRoot
from derive.decision.growth import unbounded_ray
from derive.decision.problem import Journal, Nothing, unique
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import normal
from derive.ir import Decision, Feasibility, Model, Protocol, Sharing
from derive.law.instances import specialise_solution
from derive.law.lower import Lowered, lower
from derive.placed import normal_at
from derive.play.asymmetric import Stretch, exclude_asymmetric
from derive.play.byresponse import better_than_elsewhere, by_response, moved_by, rooted
from derive.play.closedforms import closed_forms
from derive.play.coordination import coordinated, reached
from derive.play.covering import with_covering
from derive.play.edges import without_edges
from derive.play.equilibrium import equilibria, equilibrium, gain_something, once_started, or_outside, payoffs, response
from derive.play.finite import finite_choices
from derive.play.idle import solve_around_idle
from derive.play.indifference import apart_at_edges, edges, edges_together, with_edges
from derive.play.leaders import lead
from derive.play.leftover import nobody_ever_can, with_what_is_left
from derive.play.named import in_closed_form
from derive.play.order import in_stage_order
from derive.play.setting import Continuation, Setting, decided, domains, followed, known_before, prepared, with_sums
from derive.play.stage import Settled, refuse_ties, solve_stage
from derive.play.tied import opened, without_tied_parameters
from derive.play.told import Told, gaps_of, told_by_values, without_hopeless_parameters
from derive.solution import Case, Gap, Proposition, Response, Solution, Without
from derive.steps import Step, Unbounded


def derive_model(model: Model, known: Mapping[tuple[str, str], Solution] | None = None) -> tuple[Solution, ...]:
    """Every protocol of the model, for the general law of its shocks and then for each named instance.

    Solutions that are `known` already, by protocol and instance, are taken as they are. A protocol that is refused is a solution
    without regimes whose gap says why. Raises Refusal when all are.
    """
    known = known or {}
    general = tuple(known.get((protocol.key, "")) or _derived(model, protocol) for protocol in model.protocols)
    refused = [solution for solution in general if isinstance(solution, Refusal)]
    if len(refused) == len(general):
        raise refused[0]
    solutions = tuple(
        _unsettled(model, p, s) if isinstance(s, Refusal) else s for p, s in zip(model.protocols, general, strict=True)
    )
    named = tuple(
        known.get((solution.protocol, item.key)) or _under_law(model, solution, item.key)
        for item in model.instances
        for solution in solutions
        if solution.regimes
    )
    return (*solutions, *named)


def _under_law(model: Model, solution: Solution, instance: str) -> Solution:
    """A solution under the named laws of an instance."""
    protocol = model.protocol(solution.protocol)
    return _with_closed_forms(in_stage_order(specialise_solution(solution, model.under(protocol), instance), protocol))


def _with_closed_forms(solution: Solution) -> Solution:
    """A solution under a named law, with the closed forms that this law allows."""
    kept = tuple(one for one in solution.argument if not any(isinstance(step, CubicRoot) for step in one.proof))
    found = closed_forms(f"{solution.protocol}.{solution.instance}", solution.assumptions, solution.regimes)
    return with_covering(replace(solution, argument=(*kept, *found)))


def _derived(model: Model, protocol: Protocol) -> Solution | Refusal:
    try:
        return derive_protocol(model, protocol)
    except Refusal as refusal:
        return refusal


def _unsettled(model: Model, protocol: Protocol, refusal: Refusal) -> Solution:
    """A protocol of which nothing is derived, with the reason."""
    gap = Gap((), Without.UNSETTLED, str(refusal.located(model=model.key, protocol=protocol.key)))
    return Solution(model.key, protocol.key, "", model.assumptions, (), (), (gap,))


def derive_protocol(model: Model, protocol: Protocol) -> Solution:
    """All regimes of one protocol and the argument that leads to them. Raises Refusal naming where it stops."""
    if protocol.coordinates is not None:
        found = coordinated(model, protocol, derive_protocol)
        plain = replace(protocol, coordinates=None)
        kept = tuple(plain if p.key == plain.key else p for p in found.model.protocols)
        solution = derive_protocol(replace(found.model, protocols=kept), plain)
        reached(solution, found.expected)
        return replace(solution, argument=(found.proposition, *solution.argument))
    model = played(model.under(protocol), protocol.key)
    protocol = model.protocol(protocol.key)
    lowered = lower(model, protocol)
    setting = prepared(model, protocol, lowered)
    chosen_among_values = any(finite_choices(model, stage) for stage in protocol.stages)
    try:
        told = told_by_values(setting, _one_stage) if chosen_among_values else _told(setting)
    except Refusal as refusal:
        raise nobody_ever_can(setting) or refusal from None
    reported = _reported(setting, lowered, with_what_is_left(setting, told))
    return with_covering(in_stage_order(reported, protocol))


def _told(setting: Setting) -> Told:
    """All stages, the last one first."""
    continuations: tuple[Continuation, ...] = (Continuation((), ()),)
    argument: list[Proposition] = []
    responses: list[Response] = []
    warnings: list[str] = []
    gaps: list[Gap] = []
    for number in range(len(setting.protocol.stages), 0, -1):
        found = _one_stage(setting, number, continuations)
        continuations = found.continuations
        argument += found.argument
        responses += found.responses
        warnings += found.warnings
        gaps += [gap for gap in found.gaps if gap not in gaps]
    return Told(continuations, tuple(argument), tuple(responses), tuple(gaps), tuple(warnings))


def _one_stage(setting: Setting, number: int, continuations: tuple[Continuation, ...]) -> Told:
    try:
        plain = tuple(c for c in continuations if c.tie is None)
        symmetric, told = _asymmetric(setting, number, plain)
        staged = _stage(setting, number, plain)
        staged = _with_edges(setting, number, tuple(c for c in continuations if c.tie is not None), staged)
        given = known_before(setting, number)
        nothing, goes_on = without_hopeless_parameters(setting, staged.nothing, staged.continuations, given)
        staged = replace(staged, nothing=nothing, continuations=goes_on)
        gaps = gaps_of(setting, nothing)
    except Refusal as refusal:
        raise refusal.located(model=setting.model.key, protocol=setting.protocol.key, stage=str(number)) from None
    without = "; ".join(dict.fromkeys(item.reason for item in staged.nothing))
    argument = [response(setting, number, staged.continuations, (*staged.proof, *symmetric), without)]
    argument += _without_equalities(setting, number)
    replies = (*staged.replies, _complete(number, staged.continuations))
    return Told((*staged.continuations, *staged.edges), tuple(argument), replies, tuple(gaps), (*told, *staged.warnings))


def _reported(setting: Setting, lowered: Lowered, told: Told) -> Solution:
    model, protocol, continuations = setting.model, setting.protocol, told.continuations
    argument, gaps, warnings, responses = list(told.argument), list(told.gaps), told.warnings, told.responses
    regimes, proof = equilibria(setting, lowered, continuations) if continuations else ((), ())
    gain_something(setting, regimes)
    if not regimes and not gaps:
        raise Refusal("no equilibrium for any admissible parameters", model=model.key, protocol=protocol.key)
    if protocol.outside:
        argument += [once_started(setting, regimes, proof)] if regimes else []
        regimes, gaps, proof = or_outside(setting, regimes, gaps)
    if regimes:
        argument.append(equilibrium(setting, regimes, proof))
        argument += closed_forms(protocol.key, setting.given, regimes)
    if lowered.steps:
        argument.insert(0, payoffs(setting, lowered))
    return Solution(
        model.key,
        protocol.key,
        "",
        setting.given,
        regimes,
        tuple(argument),
        tuple(gaps),
        tuple(dict.fromkeys(warnings)),
        tuple(responses),
    )


# --- one stage -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Staged:
    """What one stage adds: how the game goes on from it, the best replies, their proof, and where there is no equilibrium.

    `edges` are choices made before at which this stage's player is indifferent."""

    continuations: tuple[Continuation, ...]
    replies: tuple[Response, ...]
    proof: tuple[Step, ...]
    nothing: tuple[Nothing, ...]
    warnings: tuple[str, ...]
    edges: tuple[Continuation, ...] = ()


def _with_edges(setting: Setting, number: int, ties: Sequence[Continuation], staged: _Staged) -> _Staged:
    """A stage with the knife-edges on which the next player is indifferent taken into account."""
    if not ties:
        return staged
    journal = Journal(f"{setting.protocol.key}.{number}.edge")
    found, nothing = with_edges(setting, number, ties, staged.continuations, staged.nothing, journal)
    return replace(
        staged,
        continuations=found,
        nothing=nothing,
        proof=(*staged.proof, *journal.taken()),
        warnings=(*staged.warnings, *journal.warnings),
    )


def _stage(setting: Setting, number: int, continuations: tuple[Continuation, ...]) -> _Staged:
    """One stage, with responses in closed form; where that does not lead on, with those that have an awkward one as roots."""
    try:
        return _with_responses(setting, number, continuations)
    except Refusal:
        stage, journal = setting.protocol.stages[number - 1], Journal(f"{setting.protocol.key}.{number}")
        as_roots = tuple(map(rooted, continuations))
        if as_roots == continuations or len(stage.decisions) > 1 or setting.deciding(number):
            raise
        try:
            return _through_the_response(setting, stage.decisions[0], number, as_roots, journal)
        except Refusal:
            pass
        raise


def _with_responses(setting: Setting, number: int, continuations: tuple[Continuation, ...]) -> _Staged:
    stage = setting.protocol.stages[number - 1]
    journal = Journal(f"{setting.protocol.key}.{number}")
    chosen = {symbol for decision in stage.decisions for symbol in decision.chooses}
    chosen |= {symbol for group in setting.deciding(number) for symbol, _ in group.sums}
    if len(stage.decisions) == 1 and not setting.deciding(number) and any(moved_by(chosen, c) for c in continuations):
        return _through_the_response(setting, stage.decisions[0], number, continuations, journal)
    _refuse_hidden(chosen, continuations)
    if any(chosen & relation.free_symbols for c in continuations for relation in c.region):
        led = lead(setting, stage.decisions, number, continuations, journal)
        known = known_before(setting, number)
        told = [one for after in led.continuations for one in in_closed_form(setting, after, known, journal)]
        kept = without_edges(told, known)
        return _Staged(kept, (), journal.taken(), led.nothing, tuple(journal.warnings))
    none: list[Nothing] = []
    found: list[Continuation] = []
    replies: list[Response] = []
    loose: list[Continuation] = []
    for continuation in continuations:
        decisions = [decided(setting, d, number, continuation, journal) for d in stage.decisions]
        between = number > 1 or len(decisions) > 1
        every = solve_around_idle(decisions, journal) if between else solve_stage(decisions, journal)
        given = (*known_before(setting, number), *continuation.region)
        settled = _without_knife_edges(every, _chosen_before(setting, number), given)
        if number > 1:
            settled = without_tied_parameters(settled, setting, given)
        left_out = without_tied_parameters(every, setting, given) if number > 1 else every
        ties = [tie for tie in left_out.ties if tie not in settled.ties]
        ties += [o.region for o in every.equilibria if o.free and o not in settled.equilibria]
        if len(decisions) > 1:
            left = [o for o in every.equilibria if o.free and o not in settled.equilibria]
            loose += edges_together(setting, number, decisions, continuation, left)
        elif ties:
            loose += edges(setting, number, decisions[0], continuation, every.equilibria, ties)
        for optimum in settled.equilibria:
            after = followed(continuation, with_sums(setting, number, optimum))
            found += in_closed_form(setting, after, known_before(setting, number), journal)
        none += [replace(item, region=unique((*continuation.region, *item.region))) for item in settled.nothing]
        for decision, optima in zip(stage.decisions, settled.replies, strict=True):
            if any(optimum.needs for optimum in optima):
                continue
            cases = tuple(Case((*continuation.region, *o.region), o.values, o.free, o.among) for o in optima)
            implicit = tuple(item for o in optima for item in o.implicit)
            replies.append(Response(number, decision.chooses, False, cases, implicit))
        if number > 1:
            refuse_ties(settled.ties, given)
    kept = without_edges(found, known_before(setting, number))
    warnings = tuple(dict.fromkeys(journal.warnings))
    return _Staged(kept, tuple(replies), journal.taken(), tuple(none), warnings, tuple(loose))


def _through_the_response(
    setting: Setting, decision: Decision, number: int, continuations: tuple[Continuation, ...], journal: Journal
) -> _Staged:
    """A single decision before a response known only as a root, which takes the place of the choice."""
    moving = [c for c in continuations if moved_by(set(decision.chooses), c)]
    if len(moving) != 1:
        _refuse_hidden(set(decision.chooses), continuations)
    try:
        if not moving:
            raise Refusal("no response is known only as a root")
        turned = by_response(setting, decision, number, moving[0], journal)
        others = tuple(c for c in continuations if c is not moving[0])
        better_than_elsewhere(setting, decision, number, others, turned, journal)
    except Refusal as refusal:
        raise refusal.located(player=" and ".join(decision.by)) from None
    found = [
        after
        for optimum in turned.optima
        for after in in_closed_form(setting, followed(turned.continuation, optimum), known_before(setting, number), journal)
    ]
    return _Staged(tuple(found), (), journal.taken(), (), tuple(dict.fromkeys(journal.warnings)))


def _chosen_before(setting: Setting, number: int) -> set[Symbol]:
    return {s for stage in setting.protocol.stages[: number - 1] for d in stage.decisions for s in d.chooses}


def _without_knife_edges(settled: Settled, earlier: set[Symbol], given: Region) -> Settled:
    """Where several choices are equally good only for knife-edge earlier choices, these are left to whoever made them: the
    regions on either side are open there, and the earlier mover's problem settles what the tie is worth."""
    if len(settled.replies) > 1:
        return replace(settled, equilibria=apart_at_edges(settled.equilibria, earlier, given))
    edges = [tie for tie in settled.ties if any(isinstance(r, Eq) and r.free_symbols & earlier for r in tie)]
    free = [o for o in settled.equilibria if o.free and any(isinstance(r, Eq) and r.free_symbols & earlier for r in o.region)]
    if free:
        optima = tuple(optimum for optimum in settled.equilibria if optimum not in free)
        settled = replace(settled, equilibria=optima, replies=(optima,))
    if not edges:
        return settled
    levels = [normal(r.lhs - r.rhs) for tie in edges for r in tie if isinstance(r, Eq) and r.free_symbols & earlier]
    optima = tuple(replace(o, region=tuple(opened(r, levels) for r in o.region)) for o in settled.equilibria)
    return replace(settled, equilibria=optima, replies=(optima,), ties=tuple(t for t in settled.ties if t not in edges))


def _refuse_hidden(chosen: set[Symbol], continuations: Sequence[Continuation]) -> None:
    """A later choice known only as a root that moves with this stage's choices cannot be held fixed while they vary."""
    for item in (item for continuation in continuations for item in continuation.implicit):
        moving = chosen & (item.equation.free_symbols | item.low.free_symbols | item.high.free_symbols)
        for symbol in sorted(moving, key=str):
            raise Refusal(
                f"the response {item.symbol} is known only as the root of {item.equation} = 0, which moves with {symbol}"
            )


def _complete(number: int, continuations: Sequence[Continuation]) -> Response:
    cases = tuple(Case(c.region, c.values, c.free, c.among) for c in continuations)
    chosen = tuple(dict.fromkeys(symbol for c in continuations for symbol, _ in c.values))
    return Response(number, chosen, True, cases, tuple(item for c in continuations for item in c.implicit))


def _asymmetric(
    setting: Setting, number: int, continuations: Sequence[Continuation]
) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Why the members of each group that decides at this stage choose alike; a warning where that is not proved."""
    journal = Journal(f"{setting.protocol.key}.{number}.alike")
    chosen = {s for d in setting.protocol.stages[number - 1].decisions for s in d.chooses}
    sums = [r for one in setting.deciding(number) for r in one.facts(domains(setting, set(one.chooses)), setting.given)]
    for group in setting.deciding(number):
        objective = setting.objectives[setting.model.player(group.name).payoff]
        stretches = [Stretch(normal_at(objective, dict(c.values)), c.region) for c in continuations]
        given = unique((*known_before(setting, number), *domains(setting, chosen - set(group.chooses)), *sums))
        exclude_asymmetric(group, stretches, domains(setting, set(group.chooses)), given, journal)
    return journal.taken(), tuple(journal.warnings)


# --- constraints that a model imposes --------------------------------------------------------------------------------------


def _without_equalities(setting: Setting, number: int) -> list[Proposition]:
    """What becomes of each decision of the stage when its equality constraints are dropped, as far as that is settled."""
    found = []
    later = {s for stage in setting.protocol.stages[number:] for d in stage.decisions for s in d.chooses}
    for decision in setting.protocol.stages[number - 1].decisions:
        stated = [c for c in decision.subject_to if isinstance(c, Feasibility) and not isinstance(c, Sharing)]
        names = [c.name for c in stated if isinstance(c.relation, Eq)]
        if not names or later:
            continue
        journal = Journal(f"{setting.protocol.key}.{number}.{'-'.join(decision.by)}.free")
        kept = tuple(c for c in decision.subject_to if c.name not in names)
        free = decided(setting, replace(decision, subject_to=kept), number, Continuation((), ()), journal)
        ray = unbounded_ray(free.problem)
        if ray is None:
            continue
        journal.add(
            Unbounded,
            given=(*free.problem.domain, *ray.condition),
            objective=free.problem.objective,
            along=ray.along,
            fixed=ray.fixed,
            exponent=ray.exponent,
            coefficient=ray.coefficient,
            lower=ray.lower,
            certificates=ray.certificates,
        )
        when = " and ".join(str(c) for c in ray.condition)
        who = " and ".join(filter(None, (", ".join(decision.by[:-1]), decision.by[-1])))
        found.append(
            Proposition(
                label=journal.prefix,
                kind="remark",
                title=f"Without {' and '.join(names)}",
                text=f"If {' and '.join(names)} were not imposed, the decision of {who} would have no "
                f"solution{' where ' + when if when else ''}: the joint payoff is unbounded.",
                cases=(),
                proof=journal.taken(),
            )
        )
    return found
