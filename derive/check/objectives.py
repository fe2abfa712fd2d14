"""Verifiers of the steps from a statement to deterministic objectives, and of substitutions into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import sympy
from sympy import Eq, Expr, Integer, Symbol

from derive import members, steps
from derive.check.certificates import Rejected
from derive.check.context import Context, follows, proved, same
from derive.check.moments import certain, ends, expected, moment, overage
from derive.check.registry import need, settle, verifies
from derive.check.zero import Undecided, is_zero
from derive.ir import CARA, Distribution, GeneralDistribution, Model, Normal, Participation, Protocol
from derive.shocks import Overage
from derive.solution import Regime, Solution


def _stated(step: steps.Expectation | steps.CertaintyEquivalent, context: Context) -> None:
    """The objective is the player's own, the laws those of the statement or of one of its instances."""
    if context.statement is None:
        return
    model = context.statement
    owners = [player for player in model.players if player.payoff == step.payoff]
    need(len(owners) == 1, f"{step.payoff} is not a player's payoff")
    context.equal(definitions_out(owners[0].objective, model), step.objective, "the player's objective")
    instances = [dict(instance.laws) for instance in model.instances] or [{}]
    stated = {
        shock.symbol: [shock.distribution, *[i[shock.symbol] for i in instances if shock.symbol in i]] for shock in model.shocks
    }
    for shock, law in step.laws:
        need(law in stated.get(shock, []), f"{shock} does not have that law in the statement")
    risky = {shock.symbol for shock in model.shocks} & step.objective.free_symbols
    need(risky <= {shock for shock, _ in step.laws}, "a shock of the objective is left out")
    aversion = getattr(owners[0].risk, "risk_aversion", None)
    need(isinstance(owners[0].risk, CARA) == isinstance(step, steps.CertaintyEquivalent), "another attitude to risk is stated")
    if isinstance(step, steps.CertaintyEquivalent):
        context.equal(sympy.sympify(aversion), step.risk_aversion, "the risk aversion")


def definitions_out(expr: Expr, model: Model) -> Expr:
    """`expr` with the model's definitions written out."""
    return _written_out(expr, tuple((definition.symbol, definition.value) for definition in model.definitions))


@lru_cache(maxsize=1024)
def _written_out(expr: Expr, definitions: tuple[tuple[Symbol, Expr], ...]) -> Expr:
    values = dict(definitions)
    for _ in values:
        expr = expr.xreplace(values)
    return expr


def outside_worth(model: Model, protocol: Protocol, payoffs: tuple[Symbol, ...]) -> Expr | None:
    """What the first movers of a protocol earn together outside; None where they do not have those payoffs or no such option."""
    stated, movers = dict(protocol.outside), protocol.stages[0].decisions[0].by
    if {model.player(name).payoff for name in movers} != set(payoffs) or not set(movers) <= set(stated):
        return None
    return sympy.Add(*(stated[name] for name in movers))


def outside_faults(statement: Model, solution: Solution, regime: Regime) -> list[str]:
    """What is wrong with a regime in which the game is not started: it gives what the outside option gives, and nothing else."""
    stated = dict(statement.protocol(solution.protocol).outside)
    wanted = {p.payoff: definitions_out(stated[p.name], statement) for p in statement.players if p.name in stated}
    wrong = [f"{symbol} has a value though the game is not started" for symbol, _ in regime.values if symbol not in wanted]
    given = dict(regime.values)
    for payoff, worth in wanted.items():
        if payoff not in given or not same(given[payoff], worth):
            wrong.append(f"{payoff} is not {worth}, as stated for the outside option")
    if not wanted:
        wrong.append("the protocol has no outside option")
    return [f"{regime.name}: {what}" for what in wrong]


@verifies(steps.Expectation)
def _expectation(step: steps.Expectation, context: Context) -> None:
    _stated(step, context)
    laws = dict(step.laws)
    cuts: dict[Symbol, tuple[Symbol, Expr]] = {}

    def over(shock: Symbol, z: Expr) -> Expr:
        law = laws[shock]
        name = law.cdf if isinstance(law, GeneralDistribution) else f"F_{shock}"
        if isinstance(law, GeneralDistribution | Normal) or step.result.has(Overage):
            return Overage(name, z) if not isinstance(law, Normal) or step.result.has(Overage) else overage(law, z)
        return cuts.setdefault(Symbol(f"_cut{len(cuts)}", real=True), (shock, z)) and list(cuts)[-1]

    value = expected(step.objective, laws, over, context.sampled_sign)
    for choice in _choices(cuts, laws, context):
        try:
            if is_zero(value.xreplace(choice) - step.result, context.positive):
                return
        except Undecided:
            continue
    raise Rejected(f"E[{step.objective}] is not {step.result}")


def _choices(
    cuts: Mapping[Symbol, tuple[Symbol, Expr]], laws: Mapping[Symbol, Distribution], context: Context
) -> list[dict[Symbol, Expr]]:
    """The closed forms of the overages: of the piece in which each cut lies at every sampled admissible point."""
    found: list[dict[Symbol, Expr]] = [{}]
    for name, (shock, z) in cuts.items():
        low, high = ends(laws[shock])
        z = z.xreplace(context.pinned)
        below = -1 if low == -sympy.oo else context.sampled_sign(low - z)
        above = -1 if high == sympy.oo else context.sampled_sign(z - high)
        options = [overage(laws[shock], z)] if below <= 0 and above <= 0 else []
        options += [Integer(0)] if below > 0 else [z - moment(laws[shock], 1)] if above > 0 else []
        found = [{**choice, name: option} for choice in found for option in options]
    return found


@verifies(steps.CertaintyEquivalent)
def _certainty(step: steps.CertaintyEquivalent, context: Context) -> None:
    _stated(step, context)
    need(context.sign(step.risk_aversion) > 0, f"the risk aversion {step.risk_aversion} is not known to be positive")
    context.equal(certain(step.objective, dict(step.laws), step.risk_aversion), step.result, "the certainty equivalent")
    context.equal(step.mean - step.risk_aversion / 2 * step.variance, step.result, "mean and variance")
    context.equal(step.mean, step.objective.xreplace({shock: moment(law, 1) for shock, law in step.laws}), "the mean")


@verifies(steps.JointObjective)
def _joint(step: steps.JointObjective, context: Context) -> None:
    known: dict[Symbol, list[Expr]] = {}
    for premise in (*context.premises, *context.earlier):
        if isinstance(premise, steps.Expectation | steps.CertaintyEquivalent):
            known.setdefault(premise.payoff, []).append(premise.result)
        if isinstance(premise, steps.Anticipation | members.Member):
            known.setdefault(premise.payoff, []).append(premise.after)
    if context.statement is not None:
        for player in context.statement.players:
            known.setdefault(player.payoff, []).append(definitions_out(player.objective, context.statement))
    for payoff, value in step.members:
        if payoff in known and not any(value == other or same(value, other) for other in known[payoff]):
            raise Rejected(f"{value} is not the payoff {payoff}")
    replace = settle(step.eliminated)
    protocols = context.statement.protocols if context.statement is not None else ()
    decisions = [decision for protocol in protocols for stage in protocol.stages for decision in stage.decisions]
    stated = [c.relation for decision in decisions for c in decision.subject_to if not isinstance(c, Participation)]
    later = _anticipated(step, context)
    stated += [relation.xreplace(values) for values in later for relation in stated if isinstance(relation, Eq)]
    for symbol, value in step.eliminated:
        need(follows(Eq(symbol, value), (*context.known, *stated)), f"nothing says that {symbol} = {value}")
    total = sympy.Add(*[value for _, value in step.members])
    context.equal(total.xreplace(replace), step.result, "the joint objective")


def _anticipated(step: steps.JointObjective, context: Context) -> list[dict[Symbol, Expr]]:
    """What is chosen later where the joint objective has the payoffs of its members with later choices anticipated."""
    earlier = (one for one in (*context.premises, *context.earlier) if isinstance(one, steps.Anticipation))
    return [settle(one.replace) for one in earlier if (one.payoff, one.after) in step.members]


@verifies(steps.Anticipation)
def _anticipation(step: steps.Anticipation, context: Context) -> None:
    values = settle(step.replace)
    signs = [premise for premise in context.premises if isinstance(premise, steps.Sign)]
    own = tuple(sign.relation for sign in signs if all(follows(relation, context.known) for relation in sign.given))
    context = replace(context, known=(*context.known, *own))
    before = _named_overages_out(step.before.xreplace(values), context)
    context.equal(before, _named_overages_out(step.after.xreplace(values), context), "the anticipated payoff")


def _named_overages_out(expr: Expr, context: Context) -> Expr:
    """`expr` with the overages of named laws in the closed form of the piece in which they lie at every sampled point."""
    shocks = context.statement.shocks if context.statement is not None else ()
    laws = {f"F_{shock.symbol}": shock for shock in shocks if not isinstance(shock.distribution, GeneralDistribution)}
    nodes = sorted((node for node in expr.atoms(Overage) if node.law in laws), key=str)
    cuts = {Symbol(f"_cut{i}", real=True): (laws[node.law].symbol, node.argument) for i, node in enumerate(nodes)}
    choices = _choices(cuts, {shock.symbol: shock.distribution for shock in laws.values()}, context)
    if not choices:
        raise Rejected(f"no piece of the law holds {expr}")
    return expr.xreplace({node: choices[0][name] for node, name in zip(nodes, cuts, strict=True)})


@verifies(steps.NewVariable)
def _new_variable(step: steps.NewVariable, context: Context) -> None:
    context.equal(step.meaning.diff(step.old), step.slope, f"the rate at which {step.new} rises")
    need(step.old not in step.slope.free_symbols, f"{step.meaning} is not linear in {step.old}")
    proved(step.slope > 0, step.certificate, context.known, "the rate")
    context.equal(step.meaning.xreplace({step.old: step.value}), step.new, f"{step.old} in terms of {step.new}")
    need(step.new not in step.objective.free_symbols | step.meaning.free_symbols, f"{step.new} is not new")
    context.equal(step.objective.xreplace({step.old: step.value}), step.after, f"the objective in {step.new}")


@verifies(steps.Concentration)
def _concentration(step: steps.Concentration, context: Context) -> None:
    context.equal(step.before.xreplace(settle(step.replace)), step.after, "the concentrated objective")
