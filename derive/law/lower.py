"""From random objectives to deterministic ones, with the steps that justify it.

The risk neutral maximise the expectation, under CARA the certainty equivalent (`derive.law.expect`). Named laws with a bounded
support give cases (`derive.law.truncate`); cases that cannot occur are proved empty and left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Expr, Symbol, false, true
from sympy.logic.boolalg import Boolean

from derive import ir, steps
from derive.errors import Refusal
from derive.law.expect import Certainty, Context, certainty_equivalent, expected
from derive.law.truncate import truncated
from derive.shocks import Overage, conditions, law_values, properties

__all__ = ["Lowered", "LoweredCase", "lower", "substitute_definitions", "with_instance"]


@dataclass(frozen=True)
class LoweredCase:
    """Deterministic objectives by payoff symbol, valid where all of `given` hold (`given` is empty: everywhere)."""

    given: tuple[Boolean, ...]
    objectives: tuple[tuple[Symbol, Expr], ...]

    def objective(self, payoff: Symbol) -> Expr:
        """The objective reported under that symbol. Raises KeyError."""
        return dict(self.objectives)[payoff]


@dataclass(frozen=True)
class Lowered:
    """Every player's deterministic objective, definitions substituted.

    `objectives` hold wherever the choices are admissible: their overage functions of a general law stay symbols, and those of a
    named law stay symbols too when there are several cases, or where the law is better treated by its properties. `cases` have
    closed forms for the named laws, and cover all admissible choices; there is a single one, without `given`, if no piecewise
    law is truncated inside the admissible range. `definitions` are the abbreviations free of shocks, in terms of parameters and
    decisions.
    """

    model: str
    protocol: str
    objectives: tuple[tuple[Symbol, Expr], ...]
    cases: tuple[LoweredCase, ...]
    definitions: tuple[tuple[Symbol, Expr], ...]
    laws: tuple[tuple[str, ir.Distribution], ...]
    steps: tuple[steps.Step, ...]

    def objective(self, payoff: Symbol) -> Expr:
        """The objective reported under that symbol. Raises KeyError."""
        return dict(self.objectives)[payoff]


def with_instance(model: ir.Model, key: str) -> ir.Model:
    """The model with the laws, parameters and assumptions of that instance put in place. Raises KeyError.

    Symbols that describe a general law (its ends and its mean) take the values that the named law gives them, everywhere in the
    statement. Raises `Refusal` if the named law contradicts an assumption, or has not the failure rate that the general one has.
    """
    instance = {instance.key: instance for instance in model.instances}[key]
    laws = dict(instance.laws)
    shocks = tuple(replace(shock, distribution=laws.get(shock.symbol, shock.distribution)) for shock in model.shocks)
    values = {
        symbol: value
        for shock in model.shocks
        if isinstance(shock.distribution, ir.GeneralDistribution) and shock.symbol in laws
        for symbol, value in law_values(shock.distribution, laws[shock.symbol])
    }

    for shock in model.shocks:
        general = shock.distribution
        if isinstance(general, ir.GeneralDistribution) and shock.symbol in laws:
            known = properties(laws[shock.symbol], general.cdf)
            if (general.ifr and not known.ifr) or (general.igfr and not known.igfr):
                raise Refusal(
                    f"the law of instance {key} is not known to have the failure rate assumed of {general.cdf}",
                    model=model.key,
                    symbol=str(shock.symbol),
                )

    def special(relations: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
        found = tuple(relation.xreplace(values) for relation in relations)
        if false in found:
            raise Refusal(f"the law of instance {key} contradicts {relations[found.index(false)]}", model=model.key)
        return tuple(relation for relation in found if relation != true)

    def at_stage(stage: ir.Stage) -> ir.Stage:
        return ir.Stage(tuple(replace(d, subject_to=tuple(map(constraint, d.subject_to))) for d in stage.decisions))

    def constraint(entry: ir.Constraint) -> ir.Constraint:
        if isinstance(entry, ir.Feasibility):
            return replace(entry, relation=entry.relation.xreplace(values))
        return replace(entry, reservation=entry.reservation.xreplace(values))

    return replace(
        model,
        shocks=shocks,
        parameters=(*(p for p in model.parameters if p.symbol not in values), *instance.parameters),
        assumptions=(*special(model.assumptions), *instance.assumptions),
        variables=tuple(replace(variable, domain=special(variable.domain)) for variable in model.variables),
        players=tuple(replace(player, objective=player.objective.xreplace(values)) for player in model.players),
        definitions=tuple(replace(item, value=item.value.xreplace(values)) for item in model.definitions),
        protocols=tuple(replace(p, stages=tuple(map(at_stage, p.stages))) for p in model.protocols),
        instances=(),
        claims=(),
        printed=(),
    )


@dataclass(frozen=True)
class _Player:
    """One player's part of the record: the random income, the laws in it, and its certainty equivalent under CARA."""

    player: ir.Player
    income: Expr
    laws: tuple[tuple[Symbol, ir.Distribution], ...]
    value: Expr
    certainty: Certainty | None


def lower(model: ir.Model, protocol: ir.Protocol) -> Lowered:
    """Deterministic objectives of all players, with the steps that justify them. Raises `Refusal`."""
    laws = {shock.symbol: shock.distribution for shock in model.shocks}
    names = {shock: _law_name(shock, law) for shock, law in laws.items()}
    domain = _choice_domain(model, protocol)
    _settle(model, protocol, laws, names, domain)
    given = (*model.assumptions, *(relation for law in laws.values() for relation in conditions(law)), *domain)
    players = [
        _player(model, player, Context(model.key, protocol.key, player.name, laws, names, given)) for player in model.players
    ]
    objectives = tuple((entry.player.payoff, entry.value) for entry in players)
    named = {names[shock]: law for shock, law in laws.items() if not isinstance(law, ir.GeneralDistribution)}
    try:
        cases = tuple(LoweredCase(where, forms) for where, forms in truncated(objectives, named, given))
    except Refusal as refusal:
        raise refusal.located(model=model.key, protocol=protocol.key) from None
    closed = len(cases) == 1 and not _better_by_properties(objectives, named)
    values = [(item.symbol, substitute_definitions(item.value, model.definitions)) for item in model.definitions]
    return Lowered(
        model=model.key,
        protocol=protocol.key,
        objectives=cases[0].objectives if closed else objectives,
        cases=cases,
        definitions=tuple((symbol, value) for symbol, value in values if not value.free_symbols & set(laws)),
        laws=tuple((names[shock], laws[shock]) for shock in laws),
        steps=_record(players, cases if closed else (LoweredCase((), objectives),), domain),
    )


def _better_by_properties(objectives: tuple[tuple[Symbol, Expr], ...], named: Mapping[str, ir.Distribution]) -> bool:
    """Whether the closed form of an overage hides what is known of its law.

    That of a normal law does, and that of any but a uniform law where the argument is not a choice by itself.
    """
    nodes = {node for _, value in objectives for node in value.atoms(Overage) if node.law in named}
    return any(
        isinstance(named[node.law], ir.Normal) or not (node.argument.is_Symbol or isinstance(named[node.law], ir.Uniform))
        for node in nodes
    )


def _player(model: ir.Model, player: ir.Player, context: Context) -> _Player:
    income = substitute_definitions(player.objective, model.definitions)
    laws = tuple((shock, context.shocks[shock]) for shock in context.random(income))
    if isinstance(player.risk, ir.Neutral):
        return _Player(player, income, laws, expected(income, context), None)
    certainty = certainty_equivalent(income, player.risk.risk_aversion, context)
    return _Player(player, income, laws, certainty.value, certainty)


@lru_cache(maxsize=4096)
def substitute_definitions(expression: Expr, definitions: tuple[ir.Definition, ...]) -> Expr:
    """`expression` with its definitions replaced by their values until none is left."""
    values = {definition.symbol: definition.value for definition in definitions}
    for _ in range(len(definitions) + 1):
        if not expression.free_symbols & set(values):
            return expression
        expression = expression.xreplace(values)
    raise Refusal(f"the definitions of {', '.join(sorted(str(s) for s in values))} refer to each other in a circle")


def _settle(
    model: ir.Model,
    protocol: ir.Protocol,
    laws: dict[Symbol, ir.Distribution],
    names: dict[Symbol, str],
    domain: tuple[Boolean, ...],
) -> None:
    """Refuse two laws under one name, and limits on choices that depend on what nobody knows when choosing."""
    known: dict[str, ir.Distribution] = {}
    for shock, law in laws.items():
        if known.setdefault(names[shock], law) != law:
            raise Refusal(f"two laws have the cdf {names[shock]}", model=model.key, protocol=protocol.key, symbol=str(shock))
    for relation in (*model.assumptions, *domain):
        for shock in sorted(relation.free_symbols & set(laws), key=str):
            raise Refusal(f"{relation} depends on a shock", model=model.key, protocol=protocol.key, symbol=str(shock))


def _law_name(shock: Symbol, law: ir.Distribution) -> str:
    return law.cdf if isinstance(law, ir.GeneralDistribution) else f"F_{shock}"


def _choice_domain(model: ir.Model, protocol: ir.Protocol) -> tuple[Boolean, ...]:
    """What holds at every admissible choice: the domains of the symbols that are chosen, and feasibility."""
    decisions = [decision for stage in protocol.stages for decision in stage.decisions]
    chosen = {symbol for decision in decisions for symbol in decision.chooses}
    domains = [relation for variable in model.variables if variable.symbol in chosen for relation in variable.domain]
    limits = [
        constraint.relation
        for decision in decisions
        for constraint in decision.subject_to
        if isinstance(constraint, ir.Feasibility)
    ]
    return tuple(substitute_definitions(relation, model.definitions) for relation in (*domains, *limits))


def _record(players: list[_Player], cases: tuple[LoweredCase, ...], domain: tuple[Boolean, ...]) -> tuple[steps.Step, ...]:
    found: list[steps.Step] = []
    for number, case in enumerate(cases, 1):
        suffix = f":{number}" if len(cases) > 1 else ""
        given = (*domain, *case.given)
        for entry in players:
            payoff = entry.player.payoff
            result = case.objective(payoff)
            if entry.certainty is not None and isinstance(entry.player.risk, ir.CARA):
                found.append(
                    steps.CertaintyEquivalent(
                        label=f"certainty-equivalent:{payoff}{suffix}",
                        given=given,
                        payoff=payoff,
                        objective=entry.income,
                        laws=entry.laws,
                        risk_aversion=entry.player.risk.risk_aversion,
                        mean=entry.certainty.mean,
                        variance=entry.certainty.variance,
                        result=result,
                    )
                )
            elif entry.laws:
                found.append(
                    steps.Expectation(
                        label=f"expectation:{payoff}{suffix}",
                        given=given,
                        payoff=payoff,
                        objective=entry.income,
                        laws=entry.laws,
                        result=result,
                    )
                )
    return tuple(found)
