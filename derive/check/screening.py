"""Verifiers of the steps about a continuum of types, and the checks of whole solutions: every menu is put to every type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.check.context import Context, follows, proved
from derive.check.continuum import at_type, between, cdf, plain, verified
from derive.check.registry import need
from derive.check.screening_attack import attack_menu
from derive.contracts import steps
from derive.contracts.ir import Screening
from derive.solution import Regime, Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "verify_solutions"]


def verify_solutions(problem: Screening, solutions: Iterable[Solution], points: int = 50) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, menus that some type would not follow."""
    return verified(
        problem, solutions, lambda one, known: _unshown(problem, one, known), lambda one: attack_menu(problem, one, points)
    )


def _unshown(problem: Screening, solution: Solution, known: Mapping[str, Step]) -> list[str]:
    """Regimes that report what no step shows."""
    made = tuple(known.values())
    shown = [shown for step in made if isinstance(step, steps.ExpectedSurplus) for shown in _shown(step, made)]
    return [
        f"the regime {regime.name} reports what no step shows"
        for regime in solution.regimes
        if not any(_reports(problem, regime, solution, given, values) for given, values in shown)
    ]


def _shown(step: steps.ExpectedSurplus, known: Sequence[Step]) -> list[tuple[tuple[Boolean, ...], tuple[Expr, ...]]]:
    """What the steps of one case of the parameters show of each stretch of types."""
    premises = [one for one in known if one.label in step.uses]
    schedule = next(one for one in premises if isinstance(one, steps.Schedule))
    rents = next(one for one in premises if isinstance(one, steps.Rents))
    found = []
    for i, (q, t, u) in enumerate(zip(schedule.quantities, rents.transfers, rents.rents, strict=True)):
        bounds = () if i == 0 else (step.type >= schedule.ends[i],)
        bounds += () if i + 2 == len(schedule.ends) else (step.type < schedule.ends[i + 1],)
        found.append(((*step.given, *bounds), (q, t, step.value, u)))
    return found


def _reports(
    problem: Screening, regime: Regime, solution: Solution, given: tuple[Boolean, ...], values: tuple[Expr, ...]
) -> bool:
    symbols = (*(v.symbol for v in problem.variables), *(player.payoff for player in problem.players))
    here = (*solution.assumptions, *regime.region)
    return tuple((s, v) for s, v in regime.values[:4]) == tuple(zip(symbols, values, strict=True)) and all(
        follows(relation, here) for relation in given
    )


# --- the steps ---------------------------------------------------------------------------------------------------------------


def _problem(context: Context) -> Screening:
    need(isinstance(context.statement, Screening), "the statement is not a screening problem")
    return context.statement  # type: ignore[return-value]


def _rate(agent: Expr, transfer: Symbol) -> Expr:
    rate = sympy.expand(agent.diff(transfer))
    need(bool(rate.is_Rational and rate != 0), "the agent's objective is not linear in the transfer")
    return rate


def _information_rent(step: steps.InformationRent, context: Context) -> None:
    problem = _problem(context)
    theta, q, t = problem.type.symbol, problem.quantity.symbol, problem.transfer.symbol
    need((step.type, step.quantity, step.transfer) == (theta, q, t), "the step is about other symbols")
    context.equal(step.objective, plain(problem, problem.agent.objective), "the agent's objective")
    _rate(step.objective, t)
    context.equal(step.slope, step.objective.diff(theta), "the slope in the type")
    context.equal(step.crossing, step.slope.diff(q), "the slope at the margin")
    need(t not in step.slope.free_symbols, "the slope depends on the transfer")
    low, high = (sympify(end) for end in problem.support)
    inner = [sympy.Gt(r.gts, r.lts) for r in problem.quantity.domain]
    allowed = (*problem.assumptions, *inner, theta >= low, theta <= high, low < high)
    if low == 0:
        allowed = (*allowed, theta > 0)
    need(all(follows(relation, allowed) for relation in step.given), "the step supposes more than the statement does")
    signs = ((step.slope, step.falling), (step.crossing, step.down))
    for (value, negative), certificate in zip(signs, step.certificates, strict=True):
        proved(value <= 0 if negative else value >= 0, certificate, context.known, "the sign of a slope")
    context.equal(step.worst, high if step.falling else low, "the worst type")
    context.equal(step.reservation, sympify(problem.reservation), "the reservation payoff")


def _virtual_surplus(step: steps.VirtualSurplus, context: Context) -> None:
    problem = _problem(context)
    q, t = problem.quantity.symbol, problem.transfer.symbol
    context.equal(step.agent, plain(problem, problem.agent.objective), "the agent's objective")
    stated = plain(problem, problem.principal.objective).xreplace({problem.agent.payoff: step.rent})
    context.equal(step.objective, stated, "the principal's objective")
    transfer = (step.rent - step.agent.xreplace({t: Integer(0)})) / _rate(step.agent, t)
    context.equal(step.objective.xreplace({t: transfer}), step.surplus - step.weight * step.rent, "the surplus and the rent")
    need(not step.surplus.has(step.rent), "the surplus depends on the rent")
    need(not step.weight.free_symbols & {step.rent, q, step.type}, "the weight of the rent is no number")
    proved(step.weight > 0, step.certificate, context.known, "the weight of the rent")
    context.equal(step.slope, step.agent.diff(step.type), "the slope in the type")
    need(step.law == problem.type.law, "another law")
    share = cdf(step.law, step.type)
    better = share if step.falling else 1 - share
    context.equal(step.ratio * share.diff(step.type), better, "the share of better types over the density")
    loss = step.weight * step.ratio * (-step.slope if step.falling else step.slope)
    context.equal(step.virtual, step.surplus if step.observed else step.surplus - loss, "the virtual surplus")
    rent = next((one for one in context.premises if isinstance(one, steps.InformationRent)), None)
    need(step.observed or (rent is not None and rent.falling == step.falling), "it is not shown which types earn more")


def _schedule(step: steps.Schedule, context: Context) -> None:
    problem = _problem(context)
    low, high = (sympify(end) for end in problem.support)
    need((step.type, step.quantity) == (problem.type.symbol, problem.quantity.symbol), "the step is about other symbols")
    context.equal(step.ends[0], low, "the lowest type")
    context.equal(step.ends[-1], high, "the highest type")
    need(len(step.order) == len(step.ends) - 1 == len(step.quantities) == len(step.slopes), "a stretch is missing")
    need(not any(end.has(step.type) for end in step.ends), "an end depends on the type")
    pairs = list(zip(step.ends, step.ends[1:], strict=False))
    for (left, right), certificate in zip(pairs, step.order, strict=True):
        proved(left <= right, certificate, context.known, "the order of the ends")
    surplus = next((one for one in context.earlier if isinstance(one, steps.VirtualSurplus)), None)
    rent = next((one for one in context.earlier if isinstance(one, steps.InformationRent)), None)
    need(step.observed or (rent is not None and rent.down == step.down), "it is not shown which types value more of it more")
    need(step.observed or len(step.signs) == len(step.slopes), "the direction of a stretch is missing")
    need(surplus is not None and surplus.observed == step.observed, "whether types are observed has changed")
    for i, (left, right) in enumerate(pairs):
        inside = (*context.known, step.type > left, step.type < right)
        need(len(step.conditions[i]) == len(step.holds[i]), "a condition has no certificate")
        for relation, certificate in zip(step.conditions[i], step.holds[i], strict=True):
            proved(relation, certificate, inside, "a condition of the best quantity")
        context.equal(step.slopes[i], step.quantities[i].diff(step.type), "the slope of the quantity")
        if not step.observed:
            slope = step.slopes[i]
            proved(slope <= 0 if step.down else slope >= 0, step.signs[i], inside, "the slope of the quantity")
        if i:
            sides = [at_type(step.quantities[k], step.type, left, context) for k in (i - 1, i)]
            context.equal(sides[0], sides[1], f"the quantity at {left}")


def _along(context: Context) -> steps.Schedule:
    found = next((one for one in context.premises if isinstance(one, steps.Schedule)), None)
    need(found is not None, "no schedule is named")
    assert found is not None
    return found


def _rents(step: steps.Rents, context: Context) -> None:
    problem, schedule = _problem(context), _along(context)
    need(step.given == schedule.given and step.observed == schedule.observed, "the schedule is another case")
    need(step.ends == schedule.ends, "the stretches are not those of the schedule")
    context.equal(step.objective, plain(problem, problem.agent.objective), "the agent's objective")
    context.equal(step.reservation, sympify(problem.reservation), "the reservation payoff")
    need(len(step.rents) == len(step.transfers) == len(schedule.quantities), "a stretch is missing")
    falling = any(one.falling for one in context.earlier if isinstance(one, steps.InformationRent))
    worst = schedule.ends[-1] if falling else schedule.ends[0]
    for i, (rent, transfer, q) in enumerate(zip(step.rents, step.transfers, schedule.quantities, strict=True)):
        here = between(context, step.type, schedule.ends[i], schedule.ends[i + 1])
        here.equal(step.objective.xreplace({step.quantity: q, step.transfer: transfer}), rent, "what the agent earns")
        if step.observed:
            context.equal(rent, step.reservation, "the rent of an observed type")
            continue
        here.equal(rent.diff(step.type), step.objective.diff(step.type).xreplace({step.quantity: q}), "the slope of the rent")
        if i:
            sides = [at_type(one, step.type, schedule.ends[i], context) for one in (step.rents[i - 1], rent)]
            context.equal(sides[0], sides[1], "the rent at a cut-off")
    last = step.rents[-1 if falling else 0]
    context.equal(at_type(last, step.type, worst, context), step.reservation, "the rent of the worst type")


def _expected_surplus(step: steps.ExpectedSurplus, context: Context) -> None:
    problem, schedule = _problem(context), _along(context)
    need(step.given == schedule.given and step.law == problem.type.law, "the schedule is another case")
    surplus = next((one for one in context.earlier if isinstance(one, steps.VirtualSurplus)), None)
    need(surplus is not None and (surplus.virtual, surplus.weight) == (step.virtual, step.weight), "another surplus")
    need(step.payoff == problem.principal.payoff, "the payoff is not the principal's")
    context.equal(step.reservation, sympify(problem.reservation), "the reservation payoff")
    density = cdf(step.law, step.type).diff(step.type)
    need(len(step.integrals) == len(schedule.quantities), "a stretch is missing")
    total = -step.weight * step.reservation
    for i, (integral, q) in enumerate(zip(step.integrals, schedule.quantities, strict=True)):
        low, high = schedule.ends[i], schedule.ends[i + 1]
        here = between(context, step.type, low, high)
        here.equal(integral.diff(step.type), step.virtual.xreplace({step.quantity: q}) * density, "the antiderivative")
        total += at_type(integral, step.type, high, context) - at_type(integral, step.type, low, context)
    context.equal(step.value, total, "the expected surplus")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    steps.ExpectedSurplus: _expected_surplus,
    steps.InformationRent: _information_rent,
    steps.Rents: _rents,
    steps.Schedule: _schedule,
    steps.VirtualSurplus: _virtual_surplus,
}
