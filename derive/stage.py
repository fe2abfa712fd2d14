"""One stage: every decision's best response, and the choices at which all of them are best responses at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra import solve_system
from derive.branches import is_smooth
from derive.choices import choose
from derive.errors import Refusal
from derive.field import normal
from derive.hill import summit
from derive.marginal import oriented
from derive.problem import Decided, Journal, Nothing, Optimum, Outcome, Problem, needed, relation_at, unique, with_ties
from derive.profiles import all_equilibria
from derive.prove import refute
from derive.several import only, settle
from derive.solution import Implicit
from derive.steps import Stationary
from derive.symmetric import alike


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
    outcomes = [_best_response(decision, journal) for decision in decisions]
    if not grouped and any(_partial(outcome, decision) for outcome, decision in zip(outcomes, decisions, strict=True)):
        mark, warned = len(journal.steps), len(journal.warnings)
        try:
            return _with_cases(decisions, journal)
        except Refusal:
            del journal.steps[mark:], journal.warnings[warned:]
    responses = tuple(_always(outcome, decision) for outcome, decision in zip(outcomes, decisions, strict=True))
    given = unique(
        relation for decision in decisions for relation in decision.problem.given if not _mentions(relation, decisions)
    )
    found, mark = [], len(journal.nothing)
    for combination in product(*responses):
        meet = alike if grouped else _intersection
        found += meet(combination, decisions, given, journal)
    nothing = tuple(journal.nothing[mark:])
    if not found and not nothing:
        symmetric = "symmetric " if grouped else ""
        raise Refusal(f"no {symmetric}equilibrium in pure strategies: the best responses do not intersect")
    _refuse_several(found, given)
    return Settled(tuple(found), responses, nothing)


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


def _mentions(relation: Boolean, decisions: Sequence[Decided]) -> bool:
    return any(
        {*decision.problem.variables, *(theirs for _, theirs in decision.others)} & relation.free_symbols
        for decision in decisions
    )


def _best_response(decision: Decided, journal: Journal) -> Outcome:
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        found = settle(decision.problem, journal) if decision.problem.variables else _nothing_to_choose(decision.problem)
        if not found.optima:
            only(found, decision.problem)
            raise Refusal("no admissible choice is optimal for any parameters")
    except Refusal as refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        reply = _summit(decision, journal)
        if reply is None:
            raise refusal.located(player=decision.player) from None
        found = Outcome((reply,))
    return replace(found, optima=tuple(with_ties(optimum, decision.ties) for optimum in found.optima))


def _partial(outcome: Outcome, decision: Decided) -> bool:
    """Whether there are choices of others to which there is no best reply, or several."""
    partial = (*outcome.ties, *(n.region for n in outcome.nothing), *(o.region for o in outcome.optima if not o.unique))
    return any(refute((*decision.problem.given, *region)) is None for region in partial)


def _always(outcome: Outcome, decision: Decided) -> tuple[Optimum, ...]:
    """The optima of a decision that must have one, and no more, for all that others may choose. Raises Refusal naming whose."""
    try:
        refuse_ties(outcome.ties, decision.problem.given)
        return only(outcome, decision.problem)
    except Refusal as refusal:
        raise refusal.located(player=decision.player) from None


def refuse_ties(ties: Sequence[tuple[Boolean, ...]], given: tuple[Boolean, ...]) -> None:
    """Where several choices are equally good, what others make of it depends on which is taken. Raises Refusal."""
    for tie in ties:
        if refute((*given, *tie)) is None:
            where = " and ".join(map(str, tie))
            raise Refusal(f"where {where} several choices are equally good, and nothing says which is taken")


def _summit(decision: Decided, journal: Journal) -> Optimum | None:
    """The interior reply of a member of a group, where none can reply in kind to others at the lower bound."""
    if not decision.others or not decision.open:
        return None
    return summit(decision.problem, journal)


def _nothing_to_choose(problem: Problem) -> Outcome:
    return Outcome((Optimum(needed((item.relation for item in problem.restrictions), problem.given), ()),))


def _intersection(
    combination: tuple[Optimum, ...], decisions: Sequence[Decided], given: tuple[Boolean, ...], journal: Journal
) -> list[Optimum]:
    """The equilibria at which each decision plays the given piece of its best response."""
    chosen = dict(value for optimum in combination for value in optimum.values)
    implicit = tuple(item for optimum in combination for item in optimum.implicit)
    region = unique(relation for optimum in combination for relation in optimum.region)
    domain = unique((*given, *region, *(r for d in decisions for r in d.problem.domain)))
    interacting = any(set(value.free_symbols) & set(chosen) for value in chosen.values())
    labels = tuple(label for optimum in combination for label in optimum.labels)
    if interacting:
        equations = tuple(normal(symbol - value) for symbol, value in chosen.items())
        roots = solve_system(equations, tuple(chosen), domain)
        if not roots:
            return []
        if len(roots) > 1:
            raise Refusal("the best responses intersect more than once")
        step = journal.add(
            Stationary, uses=labels, given=domain, equations=equations, values=roots[0].values, trail=roots[0].trail
        )
        labels = (*labels, step.label)
        chosen = {symbol: oriented(value, given) for symbol, value in roots[0].values}
    conditions = unique(relation_at(relation, chosen) for relation in region)
    if False in conditions or refute((*given, *conditions)) is not None:
        return []
    active = tuple(name for optimum in combination for name in optimum.active)
    return [_merged(Optimum(needed(conditions, given), tuple(chosen.items()), active, implicit, labels))]


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
    values = tuple((symbol, normal(value.xreplace(same))) for symbol, value in optimum.values)
    return replace(optimum, implicit=tuple(kept), values=(*values, *same.items()))


def _twins(first: Implicit, second: Implicit) -> bool:
    renamed = second.equation.xreplace({second.symbol: first.symbol})
    return first.low == second.low and first.high == second.high and normal(renamed - first.equation) == 0


def _refuse_several(found: Sequence[Optimum], given: tuple[Boolean, ...]) -> None:
    for first, second in combinations(found, 2):
        if refute((*given, *first.region, *second.region)) is None:
            raise Refusal(
                "several equilibria are not excluded: "
                + " and ".join("; ".join(f"{s} = {v}" for s, v in optimum.values) for optimum in (first, second))
            )
