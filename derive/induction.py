"""Backward induction: the last stage first, its best responses put into the stage before, regime by regime.

The order of the passes for one protocol stands in `derive_protocol`; what one stage does is in `derive.stage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.field import normal
from derive.growth import unbounded_ray
from derive.instances import specialise_solution
from derive.ir import Decision, Feasibility, GeneralDistribution, Model, Protocol, Stage
from derive.lower import Lowered, lower, substitute_definitions
from derive.outside import alternative, with_outside_option
from derive.pieces import Piece, maximise_pieces
from derive.problem import Journal, Optimum, Problem, Restriction, restriction, unique
from derive.prove import prove, refute
from derive.shape import readable, shaped, shorter, with_named_bases
from derive.shocks import Cdf, Overage
from derive.solution import Case, Implicit, Proposition, Regime, Response, Solution
from derive.stage import Decided, solve_stage
from derive.steps import Anticipation, JointObjective, Step, Unbounded


@dataclass(frozen=True)
class Continuation:
    """What follows the stages still to be solved: later choices in terms of earlier ones, on a region."""

    region: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    implicit: tuple[Implicit, ...] = ()
    active: tuple[str, ...] = ()
    through: tuple[tuple[Symbol, Expr], ...] = ()


@dataclass(frozen=True)
class _Setting:
    """What every stage of one protocol needs to know."""

    model: Model
    protocol: Protocol
    objectives: dict[Symbol, Expr]
    given: tuple[Boolean, ...]
    laws: tuple[GeneralDistribution, ...]


def derive_model(model: Model) -> tuple[Solution, ...]:
    """Every protocol of the model, for the general law of its shocks and then for each named instance. Raises Refusal."""
    general = tuple(derive_protocol(model, protocol) for protocol in model.protocols)
    named = tuple(specialise_solution(solution, model, item.key) for item in model.instances for solution in general)
    return (*general, *named)


def derive_protocol(model: Model, protocol: Protocol) -> Solution:
    """All regimes of one protocol and the argument that leads to them. Raises Refusal naming where it stops."""
    lowered = lower(model, protocol)
    setting = _setting(model, protocol, lowered)
    continuations: tuple[Continuation, ...] = (Continuation((), ()),)
    argument: list[Proposition] = []
    responses: list[Response] = []
    for number in range(len(protocol.stages), 0, -1):
        try:
            continuations, replies, proof = _stage(setting, number, continuations)
        except Refusal as refusal:
            raise refusal.located(model=model.key, protocol=protocol.key, stage=str(number)) from None
        argument.append(_response(setting, number, continuations, proof))
        responses += [*replies, _complete(number, continuations)]
        argument += _without_equalities(setting, number)
    regimes, proof = _equilibria(setting, lowered, continuations)
    if protocol.outside:
        argument.append(_once_started(setting, regimes, proof))
        regimes, proof = _or_outside(setting, regimes)
    argument.append(_equilibrium(setting, regimes, proof))
    if lowered.steps:
        argument.insert(0, _payoffs(setting, lowered))
    return Solution(model.key, protocol.key, "", setting.given, regimes, tuple(argument), responses=tuple(responses))


def _setting(model: Model, protocol: Protocol, lowered: Lowered) -> _Setting:
    objectives = dict(lowered.objectives)
    laws = tuple(law for _, law in lowered.laws if isinstance(law, GeneralDistribution))
    given = unique((*model.assumptions, *(r for law in laws for r in (law.low < law.high,))))
    return _Setting(model, protocol, objectives, given, laws)


# --- one stage -------------------------------------------------------------------------------------------------------------


def _stage(
    setting: _Setting, number: int, continuations: tuple[Continuation, ...]
) -> tuple[tuple[Continuation, ...], tuple[Response, ...], tuple[Step, ...]]:
    stage = setting.protocol.stages[number - 1]
    journal = Journal(f"{setting.protocol.key}.{number}")
    chosen = {symbol for decision in stage.decisions for symbol in decision.chooses}
    if any(chosen & relation.free_symbols for c in continuations for relation in c.region):
        if len(stage.decisions) > 1:
            raise Refusal("simultaneous decisions before responses that change form with them are not settled")
        return tuple(_stage_over_pieces(setting, stage.decisions[0], number, continuations, journal)), (), journal.taken()
    found: list[Continuation] = []
    replies: list[Response] = []
    for continuation in continuations:
        settled = solve_stage([_decided(setting, d, number, continuation, journal) for d in stage.decisions], journal)
        found += [_followed(continuation, _with_equalities(stage, optimum)) for optimum in settled.equilibria]
        for decision, optima in zip(stage.decisions, settled.replies, strict=True):
            cases = tuple(Case((*continuation.region, *o.region), o.values) for o in optima)
            implicit = tuple(item for o in optima for item in o.implicit)
            replies.append(Response(number, decision.chooses, False, cases, implicit))
    return tuple(found), tuple(replies), journal.taken()


def _complete(number: int, continuations: Sequence[Continuation]) -> Response:
    cases = tuple(Case(c.region, c.values) for c in continuations)
    chosen = tuple(dict.fromkeys(symbol for c in continuations for symbol, _ in c.values))
    return Response(number, chosen, True, cases, tuple(item for c in continuations for item in c.implicit))


def _stage_over_pieces(
    setting: _Setting, decision: Decision, number: int, continuations: Sequence[Continuation], journal: Journal
) -> list[Continuation]:
    pieces = []
    for index, continuation in enumerate(continuations):
        decided = _decided(setting, decision, number, replace(continuation, region=()), journal)
        mine = set(decided.problem.variables)
        seams = [r for r in continuation.region if mine & r.free_symbols]
        named = tuple(replace(restriction(f"seam {index}.{i}", r), strict=False) for i, r in enumerate(seams))
        others = tuple(r for r in continuation.region if not mine & r.free_symbols)
        problem = replace(
            decided.problem,
            restrictions=(*decided.problem.restrictions, *named),
            given=unique((*decided.problem.given, *others)),
        )
        pieces.append(Piece(problem, tuple(item.name for item in named), tuple(seams)))
    given = _before(setting, number)
    stage = Stage((decision,))
    return [
        _followed(continuations[p.piece], _with_equalities(stage, p.optimum)) for p in maximise_pieces(pieces, given, journal)
    ]


def _with_equalities(stage: Stage, optimum: Optimum) -> Optimum:
    """The optimum together with the choices that equality constraints tie to the others."""
    tied = {s: v for decision in stage.decisions for s, v in _equalities(decision).items()}
    values = dict(optimum.values)
    return replace(optimum, values=(*optimum.values, *((s, v.xreplace(values)) for s, v in tied.items())))


def _followed(continuation: Continuation, optimum: Optimum) -> Continuation:
    chosen = dict(optimum.values)
    later = tuple((symbol, normal(value.xreplace(chosen))) for symbol, value in continuation.values)
    region = unique((*optimum.region, *(r for r in continuation.region if not r.free_symbols & set(chosen))))
    implicit = tuple(replace(item, equation=item.equation.xreplace(chosen)) for item in continuation.implicit)
    active = tuple(dict.fromkeys((*optimum.active, *continuation.active)))
    responses = tuple((symbol, value) for symbol, value in continuation.values if value.free_symbols & set(chosen))
    through = (*optimum.through, *(responses if not continuation.through else continuation.through))
    return Continuation(region, (*optimum.values, *later), (*optimum.implicit, *implicit), active, through)


def _decided(setting: _Setting, decision: Decision, number: int, continuation: Continuation, journal: Journal) -> Decided:
    later = dict(continuation.values)
    members = [setting.model.player(name) for name in decision.by]
    parts = []
    for member in members:
        before = setting.objectives[member.payoff]
        after = normal(before.xreplace(later)) if later else before
        if before.free_symbols & set(later):
            journal.add(
                Anticipation,
                given=continuation.region,
                payoff=member.payoff,
                before=before,
                replace=continuation.values,
                after=after,
            )
        parts.append((member.payoff, after))
    objective = sum((value for _, value in parts), start=parts[0][1] * 0)
    equalities = _equalities(decision)
    objective = normal(objective.xreplace(equalities)) if equalities or len(members) > 1 else objective
    if equalities or len(members) > 1:
        journal.add(JointObjective, members=tuple(parts), eliminated=tuple(equalities.items()), result=objective)
    variables = tuple(symbol for symbol in decision.chooses if symbol not in equalities)
    restrictions = _restrictions(setting, decision, later, equalities)
    given = unique(
        (*_before(setting, number), *_rivals(setting, decision, number), *continuation.region, *_facts(setting, objective))
    )
    name = " and ".join(decision.by)
    return Decided(name, Problem(objective, variables, restrictions, given, setting.laws))


def _equalities(decision: Decision) -> dict[Symbol, Expr]:
    """Equality constraints between choices, as replacements (the later symbol by the earlier one)."""
    found: dict[Symbol, Expr] = {}
    for constraint in decision.subject_to:
        if isinstance(constraint, Feasibility) and isinstance(constraint.relation, Eq):
            relation = constraint.relation
            target = next((s for s in reversed(decision.chooses) if s in relation.free_symbols and s not in found), None)
            if target is None or (relation.rhs != target and relation.lhs != target):
                raise Refusal(f"the equality '{constraint.name}' is not of the form choice = expression")
            other = relation.lhs if relation.rhs == target else relation.rhs
            found = {s: v.xreplace({target: other}) for s, v in found.items()}
            found[target] = other.xreplace(found)
    return found


def _restrictions(
    setting: _Setting, decision: Decision, later: dict[Symbol, Expr], equalities: dict[Symbol, Expr]
) -> tuple[Restriction, ...]:
    domains = {variable.symbol: variable.domain for variable in setting.model.variables}
    found = [
        restriction(f"{symbol}: {relation}", substitute_definitions(relation, setting.model.definitions))
        for symbol in decision.chooses
        if symbol not in equalities
        for relation in domains.get(symbol, ())
    ]
    for constraint in decision.subject_to:
        if isinstance(constraint, Feasibility):
            if not isinstance(constraint.relation, Eq):
                found.append(
                    restriction(constraint.name, substitute_definitions(constraint.relation, setting.model.definitions))
                )
        else:
            payoff = setting.objectives[setting.model.player(constraint.player).payoff]
            slack = normal((payoff - constraint.reservation).xreplace(later).xreplace(equalities))
            found.append(Restriction(f"{constraint.name}", slack))
    return tuple(replace(item, slack=item.slack.xreplace(later).xreplace(equalities)) for item in found)


def _before(setting: _Setting, number: int) -> tuple[Boolean, ...]:
    """The model's assumptions and the domains of everything chosen in earlier stages."""
    earlier = {s for stage in setting.protocol.stages[: number - 1] for d in stage.decisions for s in d.chooses}
    return unique((*setting.given, *_domains(setting, earlier)))


def _rivals(setting: _Setting, decision: Decision, number: int) -> tuple[Boolean, ...]:
    stage = setting.protocol.stages[number - 1]
    return _domains(setting, {s for d in stage.decisions if d is not decision for s in d.chooses})


def _domains(setting: _Setting, chosen: set[Symbol]) -> tuple[Boolean, ...]:
    return unique(
        substitute_definitions(relation, setting.model.definitions)
        for variable in setting.model.variables
        if variable.symbol in chosen
        for relation in variable.domain
    )


def _facts(setting: _Setting, objective: Expr) -> tuple[Boolean, ...]:
    """What the functions of a general law satisfy strictly inside its support."""
    found: list[Boolean] = []
    for law in setting.laws:
        nodes = sorted((n for n in objective.atoms(Overage, Cdf) if n.law == law.cdf), key=str)
        for z in dict.fromkeys(node.argument for node in nodes):
            over, below = Overage(law.cdf, z), Cdf(law.cdf, z)
            found += [z > law.low, z < law.high, over > 0, below > 0, below < 1]
            if prove(law.low >= 0, setting.given) is not None:
                found += [z > 0, z - over > 0]
    return tuple(found)


# --- constraints that a model imposes --------------------------------------------------------------------------------------


def _without_equalities(setting: _Setting, number: int) -> list[Proposition]:
    """What becomes of each decision of the stage when its equality constraints are dropped, as far as that is settled."""
    found = []
    later = {s for stage in setting.protocol.stages[number:] for d in stage.decisions for s in d.chooses}
    for decision in setting.protocol.stages[number - 1].decisions:
        names = [c.name for c in decision.subject_to if isinstance(c, Feasibility) and isinstance(c.relation, Eq)]
        if not names or later:
            continue
        journal = Journal(f"{setting.protocol.key}.{number}.{'-'.join(decision.by)}.free")
        kept = tuple(c for c in decision.subject_to if c.name not in names)
        free = _decided(setting, replace(decision, subject_to=kept), number, Continuation((), ()), journal)
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
        found.append(
            Proposition(
                label=journal.prefix,
                kind="remark",
                title=f"Without {' and '.join(names)}",
                text=f"If {' and '.join(names)} were not imposed, the decision of {' and '.join(decision.by)} would have no "
                f"solution{' where ' + when if when else ''}: the joint payoff is unbounded.",
                cases=(),
                proof=journal.taken(),
            )
        )
    return found


# --- results ---------------------------------------------------------------------------------------------------------------


def _equilibria(
    setting: _Setting, lowered: Lowered, continuations: Sequence[Continuation]
) -> tuple[tuple[Regime, ...], tuple[Step, ...]]:
    journal = Journal(f"{setting.protocol.key}.E")
    regimes = []
    for index, continuation in enumerate(continuations, start=1):
        given = (*setting.given, *continuation.region)
        if refute(given) is not None:
            continue
        known = (*given, *_inside(setting, continuation))
        table = _values(setting, lowered, continuation, known)
        for symbol, (before, after) in table.items():
            if before is not None:
                journal.add(
                    Anticipation,
                    given=continuation.region,
                    payoff=symbol,
                    before=before,
                    replace=continuation.values,
                    after=after,
                )
        region = unique(readable(r, setting.given) for r in continuation.region)
        regimes.append(
            Regime(
                f"{index}",
                region,
                tuple((symbol, after) for symbol, (_, after) in table.items()),
                continuation.implicit,
                continuation.active,
            )
        )
    if not regimes:
        raise Refusal("no equilibrium for any admissible parameters", model=setting.model.key, protocol=setting.protocol.key)
    return tuple(regimes), journal.taken()


def _values(
    setting: _Setting, lowered: Lowered, continuation: Continuation, known: tuple[Boolean, ...]
) -> dict[Symbol, tuple[Expr | None, Expr]]:
    """Decisions, payoffs and definitions at equilibrium: what each was before substitution (None for decisions), and is."""
    chosen = dict(continuation.values)
    detours = dict(continuation.through)
    table: dict[Symbol, tuple[Expr | None, Expr]] = {}
    for symbol, value in sorted(chosen.items(), key=lambda item: item[0] in detours):
        full = shaped(normal(value), known)
        alternative = detours.get(symbol)
        table[symbol] = (None, full if alternative is None else shorter(full, shaped(normal(alternative), known)))
    fixed = {symbol: value for symbol, value in chosen.items() if value.is_Rational}
    free = {variable.symbol for variable in setting.model.variables}
    free -= {*chosen, *(item.symbol for item in continuation.implicit)}
    named = {symbol: value for symbol, (_, value) in table.items() if not value.free_symbols & set(table)}
    for symbol, before in (*setting.objectives.items(), *lowered.definitions):
        before = before.xreplace(setting.objectives)
        after = normal(before.xreplace(chosen))
        if not after.free_symbols & free:
            full = shaped(with_named_bases(after, named), known)
            table[symbol] = (before, shorter(full, shaped(normal(before.xreplace(detours).xreplace(fixed)), known)))
    return table


def _inside(setting: _Setting, continuation: Continuation) -> tuple[Boolean, ...]:
    found: list[Boolean] = []
    for item in continuation.implicit:
        found += [item.symbol > item.low, item.symbol < item.high]
        found += _facts(setting, item.equation)
    return unique(found)


def _response(setting: _Setting, number: int, continuations: Sequence[Continuation], proof: tuple[Step, ...]) -> Proposition:
    stage = setting.protocol.stages[number - 1]
    own = [s for d in stage.decisions for s in d.chooses]
    cases = tuple(Case(c.region, _stated(c, own)) for c in continuations)
    return Proposition(
        label=f"{setting.protocol.key}.{number}",
        kind="lemma" if number > 1 else "proposition",
        title=f"Stage {number}",
        text="",
        cases=cases,
        proof=proof,
    )


def _stated(continuation: Continuation, own: Sequence[Symbol]) -> tuple[tuple[Symbol, Expr], ...]:
    """The choices of a stage, a transfer in terms of the other choices where that is shorter."""
    values = {symbol: value for symbol, value in continuation.values if symbol in own and symbol != value}
    detours = {s: v for s, v in continuation.through if s in values and not v.free_symbols - set(values) & set(own)}
    return tuple((symbol, shorter(value, detours.get(symbol, value))) for symbol, value in values.items())


def _equilibrium(setting: _Setting, regimes: tuple[Regime, ...], proof: tuple[Step, ...]) -> Proposition:
    return Proposition(
        label=f"{setting.protocol.key}.E",
        kind="theorem",
        title="Equilibrium",
        text="",
        cases=tuple(Case(r.region, r.values) for r in regimes),
        proof=proof,
    )


def _once_started(setting: _Setting, regimes: tuple[Regime, ...], proof: tuple[Step, ...]) -> Proposition:
    """What everybody earns in the game itself, before it is asked whether it is started."""
    return Proposition(
        label=f"{setting.protocol.key}.S",
        kind="proposition",
        title="Once the game is started",
        text="If the game is started, its outcome is",
        cases=tuple(Case(r.region, r.values) for r in regimes),
        proof=proof,
    )


def _or_outside(setting: _Setting, regimes: tuple[Regime, ...]) -> tuple[tuple[Regime, ...], tuple[Step, ...]]:
    journal = Journal(f"{setting.protocol.key}.O")
    option = alternative(setting.model, setting.protocol)
    objective = sum((setting.objectives[payoff] for payoff in option.deciding), start=Integer(0))
    found, _ = with_outside_option(regimes, (), option, objective, setting.given, journal)
    return found, journal.taken()


def _payoffs(setting: _Setting, lowered: Lowered) -> Proposition:
    return Proposition(
        label=f"{setting.protocol.key}.0",
        kind="lemma",
        title="Payoffs",
        text="",
        cases=(Case((), lowered.objectives),),
        proof=lowered.steps,
    )
