"""Symmetric equilibria: best replies of one member of a group, at which all others of the group choose the same as it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sympy import Eq, Expr, Integer, Symbol, false
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, signed_product
from derive.algebra.systems import Root, solve_system
from derive.cases import NotMutual
from derive.decision.peak import Falling, falling, inside
from derive.decision.problem import Decided, Journal, Nothing, Optimum, needed, relation_at, restriction, unique, with_ties
from derive.errors import Refusal
from derive.field import normal, plain
from derive.members import Symmetry
from derive.prove import prove, refute
from derive.solution import Without
from derive.steps import Identity, Sign, SinglePeak, Stationary

__all__ = ["alike"]


def alike(
    replies: Sequence[Optimum], decisions: Sequence[Decided], given: tuple[Boolean, ...], journal: Journal
) -> list[Optimum]:
    """The equilibria of a stage in which every group plays the given piece of its members' best reply, all members alike."""
    mirror = {theirs: own for decision in decisions for own, theirs in decision.others}
    ties = {symbol: value for decision in decisions for symbol, value in decision.ties}
    mirror = {theirs: ties.get(own, own) for theirs, own in mirror.items()}
    equations: list[Expr] = []
    unknowns: list[Symbol] = []
    labels = tuple(label for reply in replies for label in reply.labels)
    shown: list[dict[str, Any]] = []
    for decision, reply in zip(decisions, replies, strict=True):
        conditions = _conditions(decision, reply)
        same = tuple(plain(condition.xreplace(mirror)) for condition in conditions)
        if decision.others and same != conditions:
            shown.append(
                {
                    "uses": reply.labels,
                    "group": decision.player,
                    "others": decision.others,
                    "conditions": conditions,
                    "equations": same,
                }
            )
        equations += same
        unknowns += decision.problem.variables
    region = [relation.xreplace(mirror) for reply in replies for relation in reply.region if relation not in reply.between]
    bounds = [
        relation.xreplace(mirror)
        for decision, reply in zip(decisions, replies, strict=True)
        for relation in _bounds(decision, reply)
    ]
    domain = unique((*given, *region, *bounds))
    fixed = {symbol: value for reply in replies if not reply.conditions for symbol, value in reply.values}
    if false in domain or any(r.xreplace(fixed) == false for r in domain if r.free_symbols <= set(fixed)):
        return []
    roots = _roots(tuple(equations), tuple(unknowns), domain)
    steps = [journal.add(Symmetry, **fields) for fields in shown] if roots else []
    labels = (*labels, *(step.label for step in steps))
    found = []
    for root in roots:
        optimum = _at(root, replies, (*region, *bounds), given, journal, tuple(equations), domain, labels)
        for decision, reply in zip(decisions, replies, strict=True):
            if optimum is not None and reply.needs:
                optimum = _best(optimum, decision, reply, mirror, given, journal)
        found += [with_ties(optimum, tuple(ties.items()))] if optimum is not None else []
    return found


def _bounds(decision: Decided, reply: Optimum) -> tuple[Boolean, ...]:
    """What holds of a choice: strictly between its bounds where the reply is. With a falling condition that is all there is to say."""
    found = decision.problem.domain
    for variable in decision.problem.variables if reply.between else ():
        found = inside(found, variable)
    return found


def _roots(equations: tuple[Expr, ...], unknowns: tuple[Symbol, ...], domain: tuple[Boolean, ...]) -> tuple[Root, ...]:
    """Every solution; of a single equation that is no polynomial the one root of a falling function. Raises Refusal."""
    try:
        return solve_system(equations, unknowns, domain)
    except Refusal:
        if len(unknowns) != 1 or len(equations) != 1:
            raise
        form = _falling(equations[0], unknowns[0], domain)
        if form is None or form.root is None or form.at_root:
            raise
        return (Root(((unknowns[0], form.root),), ()),)


def _falling(equation: Expr, unknown: Symbol, domain: tuple[Boolean, ...]) -> Falling | None:
    return falling(signed_product(equation, inside(domain, unknown)), unknown, domain)


def _only_root(equation: Expr, root: Root, domain: tuple[Boolean, ...], labels: tuple[str, ...], journal: Journal) -> str:
    """Record that a function which falls strictly vanishes at its root, and so nowhere else; the label of the last step."""
    ((unknown, _),) = root.values
    affine = tuple(r for r in domain if unknown not in r.free_symbols or (r.lhs - r.rhs).diff(unknown, 2) == 0)
    form = _falling(equation, unknown, affine)
    if form is None:
        raise Refusal(f"{equation} is not shown to fall", symbol=str(unknown))
    peak = journal.add(
        SinglePeak,
        uses=labels,
        given=form.certificate.given,
        variable=unknown,
        core=form.split.core,
        slope=form.slope,
        certificate=form.certificate,
    )
    zero = journal.add(Identity, uses=(peak.label,), given=domain, left=form.split.core, right=Integer(0), where=root.values)
    return zero.label


def _conditions(decision: Decided, reply: Optimum) -> tuple[Expr, ...]:
    """What vanishes at the best reply: its own condition in a symmetric game, where a closed form of the reply is not needed."""
    if decision.others and reply.conditions:
        return reply.conditions
    return tuple(normal(symbol - value) for symbol, value in reply.values if symbol in decision.problem.variables)


def _at(
    root: Root,
    replies: Sequence[Optimum],
    relations: Sequence[Boolean],
    given: tuple[Boolean, ...],
    journal: Journal,
    equations: tuple[Expr, ...],
    domain: tuple[Boolean, ...],
    labels: tuple[str, ...],
) -> Optimum | None:
    chosen: dict[Symbol, Expr] = {symbol: oriented(value, given) for symbol, value in root.values}
    raw = unique(relation_at(relation, chosen) for relation in relations)
    empty = None if false in raw else refute((*given, *raw))
    if empty is not None:
        found = tuple(Eq(symbol, value) for symbol, value in chosen.items())
        known = {relation_at(relation, {}) for relation in given}
        news = tuple(relation for relation in raw if relation not in known)
        journal.add(NotMutual, uses=labels, given=given, replies=found, conditions=news, certificate=empty)
    if empty is not None or false in raw:
        return None
    conditions = unique(_core(relation, given) for relation in raw)
    if not root.trail and root.values:
        labels = (*labels, _only_root(equations[0], root, domain, labels, journal))
    elif any(equation not in {symbol - value for symbol, value in root.values} for equation in equations):
        step = journal.add(Stationary, uses=labels, given=domain, equations=equations, values=root.values, trail=root.trail)
        labels = (*labels, step.label)
    active = tuple(name for reply in replies for name in reply.active)
    implicit = tuple(item for reply in replies for item in reply.implicit if item.symbol not in chosen)
    return Optimum(needed(conditions, given), tuple(chosen.items()), active, implicit, labels)


def _best(
    optimum: Optimum,
    decision: Decided,
    reply: Optimum,
    mirror: dict[Symbol, Expr],
    given: tuple[Boolean, ...],
    journal: Journal,
) -> Optimum | None:
    """The optimum where it is a best reply; nothing else can be one that all members give, so elsewhere there is none."""
    values = dict(optimum.values)
    known = (*given, *optimum.region)
    raw = {_core(found, known): found for found in (relation_at(need.xreplace(mirror), values) for need in reply.needs)}
    kept = needed(raw, known)
    for index, relation in enumerate(kept):
        where = unique((*optimum.region, *kept[:index], relation.negated))
        if refute((*given, *where)) is not None:
            continue
        certificate = prove(raw[relation].negated, (*given, *where))
        if certificate is None:
            raise Refusal(f"it is not settled whether {relation} decides that the first-order condition gives a best reply")
        journal.add(Sign, uses=optimum.labels, given=(*given, *where), relation=raw[relation].negated, certificate=certificate)
        journal.nothing.append(
            Nothing(
                where,
                Without.NO_SYMMETRIC_EQUILIBRIUM,
                f"there is no symmetric equilibrium in pure strategies: where all {decision.player} choose what the first-order "
                "condition asks for, one of them gains by deviating",
            )
        )
    region = unique((*optimum.region, *kept))
    if refute((*given, *region)) is not None:
        return None
    for relation in raw.values():
        certificate = prove(relation, (*given, *region))
        if certificate is not None:
            journal.add(Sign, uses=optimum.labels, given=(*given, *region), relation=relation, certificate=certificate)
    return replace(optimum, region=region)


def _core(relation: Boolean, given: tuple[Boolean, ...]) -> Boolean:
    """An inequality without the factors whose sign is proved."""
    if not relation.free_symbols or not hasattr(relation, "gts"):
        return relation
    bound = restriction("", relation)
    core = signed_product(bound.slack, given).core
    return core > 0 if bound.strict else core >= 0
