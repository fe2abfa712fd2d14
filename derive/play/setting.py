"""What every stage of one protocol needs to know, and a decision of it as an optimisation problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Abs, Eq, Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import without_moduli
from derive.bargaining.steps import SharedGains
from derive.cases import Branching
from derive.decision.branches import branch_at, plain
from derive.decision.problem import Decided, Journal, Optimum, Problem, Restriction, Tie, relation_at, restriction, unique
from derive.errors import Refusal
from derive.field import normal
from derive.ir import (
    Acceptance,
    Decision,
    Distribution,
    Feasibility,
    GeneralDistribution,
    Model,
    Protocol,
    Sharing,
)
from derive.kernels import kernels
from derive.law.lower import Lowered, substitute_definitions
from derive.law.truncate import pieces
from derive.placed import normal_at
from derive.play.groups import Group, group_of, groups_of, seen
from derive.prove import prove, refute
from derive.prove.relations import compared
from derive.shocks import Cdf, LawFunction, Overage, properties, replace_law
from derive.solution import Implicit
from derive.steps import Anticipation, JointObjective


@dataclass(frozen=True)
class Continuation:
    """What follows the stages still to be solved: later choices in terms of earlier ones, on a region.

    `within` are quantities that lie in the support of the law behind them. With a `tie`, the region is a knife-edge on which the
    next player is indifferent, and the values are those of what comes after its choice.
    """

    region: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    implicit: tuple[Implicit, ...] = ()
    active: tuple[str, ...] = ()
    through: tuple[tuple[Symbol, Expr], ...] = ()
    free: tuple[Symbol, ...] = ()
    among: tuple[Boolean, ...] = ()
    unique: bool = True
    within: tuple[Expr, ...] = ()
    tie: Tie | None = None
    rooted: tuple[Implicit, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What every stage of one protocol needs to know.

    `laws` are those behind the overages in the objectives; of these, `named` have closed forms on their supports.
    """

    model: Model
    protocol: Protocol
    objectives: dict[Symbol, Expr]
    given: tuple[Boolean, ...]
    laws: tuple[GeneralDistribution, ...]
    groups: tuple[Group, ...] = ()
    named: tuple[tuple[str, Distribution], ...] = ()

    def deciding(self, number: int) -> tuple[Group, ...]:
        """The groups that decide at that stage."""
        return tuple(group for group in self.groups if group.stage == number)


def prepared(model: Model, protocol: Protocol, lowered: Lowered) -> Setting:
    objectives = dict(lowered.objectives)
    used = {node.law for value in objectives.values() for node in value.atoms(Overage)}
    named = tuple((name, law) for name, law in lowered.laws if name in used and not isinstance(law, GeneralDistribution))
    laws = tuple(properties(law, name) for name, law in lowered.laws if isinstance(law, GeneralDistribution) or name in used)
    given = unique((*model.assumptions, *(r for law in laws for r in (sympy.sympify(law.low) < law.high,))))
    return Setting(model, protocol, objectives, given, laws, groups_of(model, protocol), named)


def decided(setting: Setting, decision: Decision, number: int, continuation: Continuation, journal: Journal) -> Decided:
    later = dict(continuation.values)
    known = (*known_before(setting, number), *continuation.region, *inside(setting, continuation))
    members = [setting.model.player(name) for name in decision.by]
    parts = []
    for member in members:
        before = setting.objectives[member.payoff]
        after = plain(settled(setting, before.xreplace(later), known, continuation.within)) if later else before
        bounds = domains(setting, set(decision.chooses)) if after.has(Abs) else ()
        after = without_moduli(after, (*known, *bounds)) if bounds else after
        if before.free_symbols & set(later):
            journal.add(
                Anticipation,
                given=unique((*continuation.region, *bounds)),
                payoff=member.payoff,
                before=before,
                replace=continuation.values,
                after=after,
            )
        after = _whatever(after, continuation, known, journal)
        parts.append((member.payoff, seen(setting.deciding(number), decision, member, after, journal)))
    objective = sum((value for _, value in parts), start=Integer(0))
    ties = {symbol: value.xreplace(later) for symbol, value in tied(decision).items()}
    _share(setting, decision, journal)
    objective = plain(objective.xreplace(ties)) if ties or len(members) > 1 else objective
    if ties or len(members) > 1:
        journal.add(JointObjective, members=tuple(parts), eliminated=tuple(ties.items()), result=objective)
    variables = tuple(symbol for symbol in decision.chooses if symbol not in ties)
    given = unique(
        (*known_before(setting, number), *rivals(setting, decision, number), *continuation.region, *_facts(setting, objective))
    )
    name = " and ".join(decision.by)
    restrictions = _restrictions(setting, decision, later, ties, given)
    for item in restrictions:
        _refuse_open(item.slack, continuation)
    in_pieces = {one.name for one in decision.subject_to if not isinstance(one, Feasibility)} if setting.named else set()
    restrictions = tuple(
        replace(item, slack=normal(settled(setting, item.slack, known, continuation.within)))
        if item.name in in_pieces
        else item
        for item in restrictions
    )
    if variables and number == 1:
        left_to_the_end = {one.name for one in demands(decision)}
        restrictions = tuple(item for item in restrictions if item.name not in left_to_the_end)
    group = group_of(decision, setting.groups)
    others = group.others if group is not None else ()
    apart = group.apart(objective, rivals(setting, decision, number), given) if group is not None else ()
    if group is not None and apart:
        journal.warnings.append(
            f"payoffs are not defined where all {group.name} are at the lower bound of their choice; that is left out"
        )
    problem = Problem(
        objective, variables, restrictions, unique((*(r for r in given if not _weaker(r, apart)), *apart)), setting.laws
    )
    return Decided(name, problem, tuple(ties.items()), others, decision.indifferent, bool(apart))


def _whatever(payoff: Expr, continuation: Continuation, known: tuple[Boolean, ...], journal: Journal) -> Expr:
    """The payoff where later choices are left free, if it is the same whatever they are. Raises Refusal if it is not."""
    if not payoff.free_symbols & set(continuation.free):
        return payoff
    given = unique((*known, *continuation.among))
    try:
        value = plain(branch_at(payoff, {}, given))
    except Refusal:
        value = payoff
    _refuse_open(value, continuation)
    journal.add(Branching, given=given, objective=payoff, cases=(((), value),))
    return value


def _refuse_open(expr: Expr, continuation: Continuation) -> None:
    for symbol in sorted(expr.free_symbols & set(continuation.free), key=str):
        raise Refusal(
            f"what an earlier choice leads to is not determined: every {symbol} that satisfies "
            f"{' and '.join(map(str, continuation.among))} is as good as any other for whoever chooses it"
        )


def demands(decision: Decision) -> tuple[Acceptance, ...]:
    """That those who share what they gain together gain something.

    It restricts no choice: what earns most together satisfies it wherever anything does, so it may be asked at the optimum.
    """
    if not any(isinstance(one, Sharing) for one in decision.subject_to):
        return ()
    return tuple(one for one in decision.subject_to if isinstance(one, Acceptance))


def _share(setting: Setting, decision: Decision, journal: Journal) -> None:
    """The step that justifies an equality by which those who bargain share their gains."""
    sharing = next((one for one in decision.subject_to if isinstance(one, Sharing)), None)
    if sharing is None or decision.bargain is None:
        return
    payoffs = [setting.model.player(name).payoff for name in decision.by]
    none = decision.bargain.disagreement or (Integer(0), Integer(0))
    gains = [normal(setting.objectives[payoff] - value) for payoff, value in zip(payoffs, none, strict=True)]
    journal.add(
        SharedGains,
        payoffs=(payoffs[0], payoffs[1]),
        gains=(gains[0], gains[1]),
        weights=(decision.bargain.weights[0], decision.bargain.weights[1]),
        transfer=sharing.relation.lhs,
        value=normal(sharing.relation.rhs),
    )


def _weaker(relation: Boolean, strict: tuple[Boolean, ...]) -> bool:
    """Whether one of the strict bounds says the same and more."""
    return any(relation == sympy.Ge(bound.lhs, bound.rhs) for bound in strict)


def tied(decision: Decision) -> dict[Symbol, Expr]:
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
    setting: Setting, decision: Decision, later: dict[Symbol, Expr], ties: dict[Symbol, Expr], given: tuple[Boolean, ...]
) -> tuple[Restriction, ...]:
    """What the choices must satisfy. A bound on a choice tied to others is one on them, unless it says nothing new."""
    bounds = {variable.symbol: variable.domain for variable in setting.model.variables}
    found = [
        restriction(f"{symbol}: {relation}", substitute_definitions(relation, setting.model.definitions))
        for symbol in decision.chooses
        if symbol not in ties
        for relation in bounds.get(symbol, ())
    ]
    for constraint in decision.subject_to:
        if isinstance(constraint, Feasibility):
            if not isinstance(constraint.relation, Eq):
                found.append(
                    restriction(constraint.name, substitute_definitions(constraint.relation, setting.model.definitions))
                )
        else:
            payoff = setting.objectives[setting.model.player(constraint.player).payoff]
            slack = normal((payoff - constraint.reservation).xreplace(later).xreplace(ties))
            found.append(Restriction(f"{constraint.name}", slack))
    found = [replace(item, slack=item.slack.xreplace(later).xreplace(ties)) for item in found]
    implied = {one.name for one in decision.subject_to if isinstance(one, Acceptance)}
    for item in [item for item in found if item.name in implied]:
        others = [other for other in found if other is not item]
        if prove(item.slack >= 0, (*given, *(other.relation for other in others))) is not None:
            found = [_opened(other, item, (*given, *(one.relation for one in others))) for other in others]
    for symbol in ties:
        for relation in bounds.get(symbol, ()):
            item = restriction(f"{symbol}: {relation}", substitute_definitions(relation, setting.model.definitions))
            item = replace(item, slack=normal(item.slack.xreplace(later).xreplace(ties)))
            if prove(item.relation, (*given, *(other.relation for other in found)), splits=0) is None:
                found.append(item)
    return tuple(found)


def _opened(item: Restriction, needed: Restriction, given: tuple[Boolean, ...]) -> Restriction:
    """The restriction without its bound, where what must be positive is not at the bound."""
    if item.strict or not needed.strict or refute((*given, needed.relation, Eq(item.slack, 0))) is None:
        return item
    return replace(item, strict=True)


def known_before(setting: Setting, number: int) -> tuple[Boolean, ...]:
    """The model's assumptions, the domains of everything chosen in earlier stages, and what these choices had to satisfy."""
    earlier: tuple[Boolean, ...] = ()
    for stage in setting.protocol.stages[: number - 1]:
        for decision in stage.decisions:
            own = set(decision.chooses) - {s for group in setting.groups for s in group.chooses}
            at_once = {s for d in stage.decisions if d is not decision for s in d.chooses}
            earlier += _kept_alone((*domains(setting, own), *_satisfied(setting, decision, number)), at_once)
    sums: list[Boolean] = []
    for group in setting.groups:
        if group.stage < number:
            sums += group.facts(domains(setting, set(group.chooses)), setting.given)
    return unique((*setting.given, *earlier, *sums))


def _satisfied(setting: Setting, decision: Decision, number: int) -> tuple[Boolean, ...]:
    """The inequalities between choices made before a stage that those who made this one of them had to respect."""
    chosen = {s for stage in setting.protocol.stages[: number - 1] for d in stage.decisions for s in d.chooses}
    chosen -= {s for group in setting.groups for s in group.chooses}
    known = chosen | {parameter.symbol for parameter in setting.model.parameters}
    stated = (c for c in decision.subject_to if isinstance(c, Feasibility) and not isinstance(c, Acceptance))
    relations = (
        substitute_definitions(c.relation, setting.model.definitions) for c in stated if not isinstance(c.relation, Eq)
    )
    return tuple(r for r in relations if r.free_symbols <= known)


def _kept_alone(relations: Iterable[Boolean], at_once: set[Symbol]) -> tuple[Boolean, ...]:
    """Those that hold whatever others choose at the same time: one that moves with their choices they are free to break."""
    return tuple(relation for relation in relations if not relation.free_symbols & at_once)


def rivals(setting: Setting, decision: Decision, number: int) -> tuple[Boolean, ...]:
    """The domains of what is chosen at the same time by others, in the own group too, as far as they do not move with the own choice."""
    stage = setting.protocol.stages[number - 1]
    theirs_to_keep = domains(setting, {s for d in stage.decisions if d is not decision for s in d.chooses})
    found = _kept_alone(theirs_to_keep, set(decision.chooses))
    group = group_of(decision, setting.groups)
    if group is None:
        return found
    theirs = dict(group.others)
    return (*found, *(r.xreplace(theirs) for r in domains(setting, set(group.chooses))))


def domains(setting: Setting, chosen: set[Symbol]) -> tuple[Boolean, ...]:
    """The bounds on choices."""
    return unique(
        substitute_definitions(relation, setting.model.definitions)
        for variable in setting.model.variables
        if variable.symbol in chosen
        for relation in variable.domain
    )


def _facts(setting: Setting, objective: Expr) -> tuple[Boolean, ...]:
    """What the functions of a general law satisfy strictly inside its support.

    Where they are taken at several arguments these need not lie inside together: then only what holds everywhere is said of those
    that are no choice by themselves.
    """
    found: list[Boolean] = []
    for law in setting.laws:
        nodes = sorted((n for n in objective.atoms(Overage, Cdf) if n.law == law.cdf), key=str)
        arguments = dict.fromkeys(node.argument for node in nodes)
        for z in arguments:
            over, below = Overage(law.cdf, z), Cdf(law.cdf, z)
            if len(arguments) > 1 and not z.is_Symbol:
                found += [over >= 0, below >= 0, below <= 1]
                continue
            found += [compared(z, ">", law.low), compared(z, "<", law.high), over > 0, below > 0, below < 1]
            if prove(law.low >= 0, setting.given) is not None:
                found += [compared(z, ">"), compared(z - over, ">"), compared(z * below - over, ">")]
            elif law.low.is_finite is not False:
                found.append(compared(z - over, ">", law.low))
    return tuple(found)


def settled(setting: Setting, expr: Expr, given: Sequence[Boolean], within: Sequence[Expr] = ()) -> Expr:
    """`expr` with the functions of named laws in closed form where it is proved in which piece of the law their argument lies.

    Arguments in `within` are known to lie in the support.
    """
    if not setting.named:
        return expr
    named = dict(setting.named)
    nodes = sorted((node for node in kernels(expr) if isinstance(node, LawFunction) and node.law in named), key=str)
    found: dict[Expr, Expr] = {}
    for node in nodes:
        if any(normal(node.argument - argument) == 0 for argument in within):
            found[node] = without_moduli(replace_law(node, node.law, named[node.law]), given)
            continue
        options = pieces(node, named[node.law], tuple(given))
        if len(options) == 1:
            found[node] = without_moduli(options[0][1], given)
    return expr.xreplace(found)


def settled_at(
    setting: Setting, expr: Expr, values: Mapping[Symbol, Expr], given: Sequence[Boolean], within: Sequence[Expr] = ()
) -> Expr:
    """The normal form of `expr` at the values, settled."""
    return normal(settled(setting, expr.xreplace(dict(values)), given, within)) if setting.named else normal_at(expr, values)


def inside(setting: Setting, continuation: Continuation) -> tuple[Boolean, ...]:
    found: list[Boolean] = []
    for item in continuation.implicit:
        found += [compared(item.symbol, ">", item.low), compared(item.symbol, "<", item.high)]
        found += _facts(setting, item.equation)
    return unique(found)


def with_sums(setting: Setting, number: int, optimum: Optimum) -> Optimum:
    """The optimum of a stage with the sums over groups that decided."""
    values = dict(optimum.values)
    sums = tuple(total for group in setting.deciding(number) for total in group.totals(values))
    return replace(optimum, values=(*optimum.values, *sums)) if sums else optimum


def followed(continuation: Continuation, optimum: Optimum) -> Continuation:
    """How the game goes on when the stage before is at that optimum."""
    if not continuation.unique:
        raise Refusal("what follows has several equilibria: what an earlier choice leads to is not determined")
    chosen = dict(optimum.values)
    later = tuple((symbol, normal_at(value, chosen)) for symbol, value in continuation.values)
    made = {*chosen, *optimum.free, *(item.symbol for item in optimum.implicit)}
    region = unique((*optimum.region, *(r for r in continuation.region if not r.free_symbols & made)))
    implicit = tuple(
        replace(i, equation=i.equation.xreplace(chosen), low=i.low.xreplace(chosen), high=i.high.xreplace(chosen))
        for i in continuation.implicit
    )
    active = tuple(dict.fromkeys((*optimum.active, *continuation.active)))
    responses = tuple((symbol, value) for symbol, value in continuation.values if value.free_symbols & set(chosen))
    through = (*optimum.through, *(responses if not continuation.through else continuation.through))
    values = (*optimum.values, *later)
    among = (*optimum.among, *(relation_at(r, chosen) for r in continuation.among))
    kept = ((*optimum.free, *continuation.free), unique(among), optimum.unique)
    within = tuple(argument.xreplace(chosen) for argument in continuation.within)
    return Continuation(region, values, (*optimum.implicit, *implicit), active, through, *kept, within, rooted=optimum.rooted)
