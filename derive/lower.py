"""From random objectives to deterministic ones: expectation for the risk neutral, certainty equivalent under CARA.

Rules, each sound for independent shocks: expectation is linear; powers of a shock have the moments of its law;
``E[min(u, m eps + n)] = n + m (z - Lambda(z))`` with ``z = (u - n)/m`` where ``m > 0`` is proved, and its mirror images;
``E[exp(m eps)]`` of a normal shock. Under CARA an income affine in normal shocks is worth ``mean - rho/2 * variance``.
For a bounded named law the overage has three pieces; pieces that cannot occur are proved empty and left out. Everything else
is refused, naming player and term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Protocol as Interface

from sympy import Abs, Add, Expr, Integer, Max, Min, Mul, Pow, S, Symbol, exp, expand, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import ir, steps
from derive.errors import Refusal
from derive.prove import prove
from derive.shocks import Overage, conditions, mean, moment, overage, support
from derive.signs import sign

__all__ = ["Lowered", "LoweredCase", "lower", "with_instance"]

MAX_CASES = 27


class Prover(Interface):
    """Proves a relation from others, or gives up."""

    def __call__(self, claim: Boolean, given: tuple[Boolean, ...]) -> object | None: ...


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
    named law stay symbols too when there are several cases. `cases` have closed forms for the named laws, and cover all
    admissible choices; there is a single one, without `given`, if no piecewise law is truncated inside the admissible range.
    `definitions` are the notation free of shocks, in terms of parameters and decisions.
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


@dataclass(frozen=True)
class _Context:
    """What a refusal names, and what a proof may use."""

    model: str
    protocol: str
    player: str
    shocks: Mapping[Symbol, ir.Distribution]
    given: tuple[Boolean, ...]

    def refuse(self, term: Expr, why: str) -> Refusal:
        return Refusal(
            f"cannot take the expectation of {term}: {why}", model=self.model, protocol=self.protocol, player=self.player
        )

    def random(self, expression: Expr) -> list[Symbol]:
        return sorted(expression.free_symbols & set(self.shocks), key=str)


def with_instance(model: ir.Model, key: str) -> ir.Model:
    """The model with the laws, parameters and assumptions of that instance put in place. Raises KeyError."""
    instance = {instance.key: instance for instance in model.instances}[key]
    laws = dict(instance.laws)
    shocks = tuple(replace(shock, distribution=laws.get(shock.symbol, shock.distribution)) for shock in model.shocks)
    return replace(
        model,
        shocks=shocks,
        parameters=(*model.parameters, *instance.parameters),
        assumptions=(*model.assumptions, *instance.assumptions),
        instances=(),
    )


def lower(model: ir.Model, protocol: ir.Protocol) -> Lowered:
    """Deterministic objectives of all players, with the steps that justify them. Raises `Refusal`."""
    laws = {shock.symbol: shock.distribution for shock in model.shocks}
    names = {shock: _law_name(shock, law) for shock, law in laws.items()}
    given = _known(model, protocol)
    objectives, recorded = [], []
    for player in model.players:
        context = _Context(model.key, protocol.key, player.name, laws, given)
        income = substitute_definitions(player.objective, model.definitions)
        value, make = _lower_player(player, income, context, names)
        objectives.append((player.payoff, value))
        recorded.append((player.payoff, income, make))
    named = {names[shock]: law for shock, law in laws.items() if not isinstance(law, ir.GeneralDistribution)}
    cases = _cases(tuple(objectives), named, given, model, protocol)
    proof = _record(recorded, cases, model, protocol)
    definitions = []
    for definition in model.definitions:
        value = substitute_definitions(definition.value, model.definitions)
        if not value.free_symbols & set(laws):
            definitions.append((definition.symbol, value))
    final = cases[0].objectives if len(cases) == 1 else tuple(objectives)
    return Lowered(
        model.key, protocol.key, final, cases, tuple(definitions), tuple((names[shock], laws[shock]) for shock in laws), proof
    )


def substitute_definitions(expression: Expr, definitions: tuple[ir.Definition, ...]) -> Expr:
    """`expression` without notation: definitions replaced by their values until none is left."""
    values = {definition.symbol: definition.value for definition in definitions}
    for _ in range(len(definitions) + 1):
        if not expression.free_symbols & set(values):
            return expression
        expression = expression.xreplace(values)
    raise Refusal(f"the definitions of {', '.join(sorted(str(s) for s in values))} refer to each other in a circle")


def _law_name(shock: Symbol, law: ir.Distribution) -> str:
    return law.cdf if isinstance(law, ir.GeneralDistribution) else f"F_{shock}"


def _known(model: ir.Model, protocol: ir.Protocol) -> tuple[Boolean, ...]:
    """Relations that hold at every admissible choice: assumptions, laws, domains of the choices, feasibility."""
    chosen = {symbol for stage in protocol.stages for decision in stage.decisions for symbol in decision.chooses}
    return (
        *model.assumptions,
        *(relation for shock in model.shocks for relation in conditions(shock.distribution)),
        *_choice_domain(model, protocol, chosen),
    )


def _choice_domain(model: ir.Model, protocol: ir.Protocol, chosen: set[Symbol]) -> tuple[Boolean, ...]:
    domains = [relation for variable in model.variables if variable.symbol in chosen for relation in variable.domain]
    limits = [
        constraint.relation
        for stage in protocol.stages
        for decision in stage.decisions
        for constraint in decision.subject_to
        if isinstance(constraint, ir.Feasibility)
    ]
    return tuple(substitute_definitions(relation, model.definitions) for relation in (*domains, *limits))


# --- expectation and certainty equivalent ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Evidence:
    """What the step of one player needs, besides the result."""

    laws: tuple[tuple[Symbol, ir.Distribution], ...]
    risk_aversion: Expr | None = None
    mean: Expr = S.Zero
    variance: Expr = S.Zero


def _lower_player(player: ir.Player, income: Expr, context: _Context, names: Mapping[Symbol, str]) -> tuple[Expr, _Evidence]:
    shocks = context.random(income)
    laws = tuple((shock, context.shocks[shock]) for shock in shocks)
    if isinstance(player.risk, ir.Neutral):
        return _expect(income, context, names), _Evidence(laws)
    aversion = player.risk.risk_aversion
    if sign(aversion, context.given, prove) != 1:
        raise context.refuse(income, f"its risk aversion {aversion} is not proved positive")
    slopes = []
    for shock in shocks:
        law = context.shocks[shock]
        if not isinstance(law, ir.Normal):
            raise context.refuse(income, f"under constant absolute risk aversion {shock} must be normal")
        slope = _affine(income, shock)
        if slope is None or context.random(slope[0]):
            raise context.refuse(income, f"under constant absolute risk aversion the income must be affine in {shock}")
        slopes.append((slope[0], law))
    middle = income.xreplace({shock: context.shocks[shock].mean for shock in shocks})
    spread = Add(*[slope**2 * law.variance for slope, law in slopes])
    return middle - aversion / 2 * spread, _Evidence(laws, aversion, middle, spread)


def _affine(expression: Expr, shock: Symbol) -> tuple[Expr, Expr] | None:
    """``(m, n)`` with ``expression = m * shock + n`` and both free of `shock`, or None."""
    if any(shock in node.free_symbols for node in expression.atoms(Min, Max, Abs)):
        return None
    slope = expression.diff(shock)
    if shock in slope.free_symbols:
        slope = expand(slope)
        if shock in slope.free_symbols:
            return None
    return slope, expression.xreplace({shock: Integer(0)})


def _expect(term: Expr, context: _Context, names: Mapping[Symbol, str]) -> Expr:
    """``E[term]``. Raises `Refusal` naming the term."""
    shocks = context.random(term)
    if not shocks:
        return term
    if isinstance(term, Add):
        return Add(*[_expect(part, context, names) for part in term.args])
    if isinstance(term, Mul):
        return _expect_product(term, context, names)
    if isinstance(term, Symbol):
        return mean(context.shocks[term])
    if isinstance(term, Pow):
        return _expect_power(term, context, names)
    if isinstance(term, Min | Max | Abs):
        return _expect_kink(term, context, names)
    if isinstance(term, exp):
        return _expect_exponential(term, context)
    raise context.refuse(term, "there is no rule for it")


def _expect_product(term: Mul, context: _Context, names: Mapping[Symbol, str]) -> Expr:
    sure = [factor for factor in term.args if not context.random(factor)]
    risky = [factor for factor in term.args if context.random(factor)]
    if len(risky) == 1:
        return Mul(*sure, _expect(risky[0], context, names))
    opened = expand(Mul(*risky))
    if isinstance(opened, Add):
        return Mul(*sure, _expect(opened, context, names))
    groups = [set(context.random(factor)) for factor in risky]
    if len(set.union(*groups)) != sum(len(group) for group in groups):
        raise context.refuse(Mul(*risky), "its factors depend on the same shock")
    return Mul(*sure, *[_expect(factor, context, names) for factor in risky])


def _expect_power(term: Pow, context: _Context, names: Mapping[Symbol, str]) -> Expr:
    base, exponent = term.args
    if not (exponent.is_Integer and exponent > 0):
        raise context.refuse(term, "only powers with a positive whole exponent have a rule")
    if isinstance(base, Symbol):
        value = moment(context.shocks[base], int(exponent))
        if value is None:
            raise context.refuse(term, f"the law of {base} is stated without its moment of order {exponent}")
        return value
    opened = expand(term)
    if not isinstance(opened, Add | Mul):
        raise context.refuse(term, "there is no rule for it")
    return _expect(opened, context, names)


def _expect_exponential(term: exp, context: _Context) -> Expr:
    exponent = term.args[0]
    for shock in context.random(exponent):
        law = context.shocks[shock]
        line = _affine(exponent, shock)
        if not isinstance(law, ir.Normal) or line is None or context.random(line[0]):
            raise context.refuse(term, "an exponential needs an exponent affine in normal shocks")
        exponent = line[1] + line[0] * law.mean + line[0] ** 2 * law.variance / 2
    return exp(exponent)


def _expect_kink(term: Expr, context: _Context, names: Mapping[Symbol, str]) -> Expr:
    """``E`` of a minimum, maximum or absolute value of expressions affine in one shock."""
    if isinstance(term, Abs):
        inner = term.args[0]
        return 2 * _expect_kink(Max(0, inner, evaluate=False), context, names) - _expect(inner, context, names)
    sure = [part for part in term.args if not context.random(part)]
    risky = [part for part in term.args if context.random(part)]
    shocks = context.random(term)
    if len(shocks) != 1 or len(risky) + bool(sure) != 2:
        raise context.refuse(term, "only two sides and a single shock have a rule")
    shock = shocks[0]
    lines = [_affine(part, shock) for part in risky]
    if None in lines:
        raise context.refuse(term, f"its sides must be affine in {shock}")
    slope, level = lines[0]
    other = type(term)(*sure) if sure else risky[1]
    if not sure:
        slope, level = slope - lines[1][0], level - lines[1][1]
        cut = -level / slope
    else:
        cut = (other - level) / slope
    direction = sign(slope, context.given, prove)
    if direction is None:
        raise context.refuse(term, f"the sign of {slope}, the slope in {shock}, is not proved")
    law = context.shocks[shock]
    leftover = Overage(names[shock], cut)
    shortage = mean(law) - cut + leftover
    base = other if sure else _expect(other, context, names)
    if isinstance(term, Max):
        return base + slope * (shortage if direction > 0 else -leftover)
    if direction > 0 and sure:
        return level + slope * (cut - leftover)
    return base - slope * (leftover if direction > 0 else -shortage)


# --- cases of named laws ---------------------------------------------------------------------------------------------


def _cases(
    objectives: tuple[tuple[Symbol, Expr], ...],
    named: Mapping[str, ir.Distribution],
    given: tuple[Boolean, ...],
    model: ir.Model,
    protocol: ir.Protocol,
) -> tuple[LoweredCase, ...]:
    """The objectives with closed forms, one case for every way in which the cuts lie in, below or above their supports."""
    nodes = sorted({node for _, value in objectives for node in value.atoms(Overage) if node.law in named}, key=str)
    pieces = [_pieces(node, named[node.law], given) for node in nodes]
    count = 1
    for options in pieces:
        count *= len(options)
    if count > MAX_CASES:
        raise Refusal(f"the truncated shocks give {count} cases, more than {MAX_CASES}", model=model.key, protocol=protocol.key)
    found = []
    for choice in product(*pieces):
        where = tuple(dict.fromkeys(relation for relations, _ in choice for relation in relations))
        if len(choice) > 1 and where and prove(false, (*given, *where)) is not None:
            continue
        closed = {node: value for node, (_, value) in zip(nodes, choice, strict=True)}
        found.append(LoweredCase(where, tuple((payoff, value.xreplace(closed)) for payoff, value in objectives)))
    return tuple(found)


def _pieces(node: Overage, law: ir.Distribution, given: tuple[Boolean, ...]) -> list[tuple[tuple[Boolean, ...], Expr]]:
    """The pieces of one overage that can occur: where, and the closed form there."""
    low, high = support(law)
    cut = node.argument
    below = _ordered(cut, low, given) if low.is_finite is not False else None
    above = _ordered(cut, high, given) if high.is_finite is not False else None
    inside: list[Boolean] = []
    found = []
    if below is not None and prove(below[1], given) is None:
        inside.append(below[1])
        found.append(((below[0],), Integer(0)))
    if above is not None and prove(above[0], given) is None:
        inside.append(above[0])
        found.append(((above[1],), cut - mean(law)))
    return [(tuple(inside), overage(law, cut)), *_strict(found, below, above)]


def _strict(
    found: list[tuple[tuple[Boolean, ...], Expr]],
    below: tuple[Boolean, Boolean] | None,
    above: tuple[Boolean, Boolean] | None,
) -> list[tuple[tuple[Boolean, ...], Expr]]:
    """Make the outer pieces open, so that each choice lies in one piece."""
    opened = {}
    for pair, weak in ((below, 0), (above, 1)):
        if pair is not None and isinstance(pair[weak], Relational):
            opened[pair[weak]] = ~pair[1 - weak]
    return [(tuple(opened.get(relation, relation) for relation in where), value) for where, value in found]


def _ordered(cut: Expr, end: Expr, given: tuple[Boolean, ...]) -> tuple[Boolean, Boolean]:
    """``(cut <= end, cut >= end)``, cleared of a denominator whose sign is proved."""
    top, bottom = cut.as_numer_denom()
    direction = sign(bottom, given, prove)
    if direction == 1:
        return top <= end * bottom, top >= end * bottom
    if direction == -1:
        return top >= end * bottom, top <= end * bottom
    return cut <= end, cut >= end


# --- the record ------------------------------------------------------------------------------------------------------


def _record(
    recorded: list[tuple[Symbol, Expr, _Evidence]],
    cases: tuple[LoweredCase, ...],
    model: ir.Model,
    protocol: ir.Protocol,
) -> tuple[steps.Step, ...]:
    chosen = {symbol for stage in protocol.stages for decision in stage.decisions for symbol in decision.chooses}
    domain = _choice_domain(model, protocol, chosen)
    found: list[steps.Step] = []
    for number, case in enumerate(cases, 1):
        suffix = f":{number}" if len(cases) > 1 else ""
        for payoff, income, evidence in recorded:
            result = case.objective(payoff)
            common = {"payoff": payoff, "objective": income, "laws": evidence.laws, "result": result}
            where = (*domain, *case.given)
            if evidence.risk_aversion is not None:
                found.append(
                    steps.CertaintyEquivalent(
                        label=f"certainty-equivalent:{payoff}{suffix}",
                        given=where,
                        risk_aversion=evidence.risk_aversion,
                        mean=evidence.mean,
                        variance=evidence.variance,
                        **common,
                    )
                )
            elif evidence.laws:
                found.append(steps.Expectation(label=f"expectation:{payoff}{suffix}", given=where, **common))
    return tuple(found)
