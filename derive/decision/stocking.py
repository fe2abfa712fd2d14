"""Where a law's functions depend on several choices through one quantity, that quantity takes the place of a choice.

Expected sales of a stock ``q`` when demand is ``y * eps`` (or ``y + eps``) depend on the stocking factor ``z = q/y`` (or
``z = q - y``). For every value of the other choices ``q`` and ``z`` determine each other, so the problem may be solved in ``z``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol, oo
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import signed_product
from derive.certificates import Certificate
from derive.decision.newvariable import Replaced, fresh, record
from derive.decision.problem import Journal, Problem, Restriction, unique
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.prove import prove
from derive.shocks import LawFunction

__all__ = ["Stocking", "stockings"]


@dataclass(frozen=True)
class Stocking:
    """`problem` with a stocking factor in place of a choice."""

    change: Replaced
    problem: Problem


def stockings(problem: Problem, journal: Journal) -> Iterator[Stocking]:
    """The problem with a stocking factor in place of a choice, for each choice that can make room for it.

    One that only moves the room from one of the law's functions to another is passed over.
    """
    nodes = _nodes(problem)
    composite = _composite(problem)
    for argument in composite:
        slopes = [(old, derivative(argument, old)) for old in problem.variables]
        for old, slope in sorted(slopes, key=lambda entry: entry[1] != 1):
            if slope == 0 or old in slope.free_symbols:
                continue
            certificate = prove(slope > 0, problem.domain)
            if certificate is not None or (slope.is_Rational and slope > 0):
                mark = len(journal.steps)
                changed = _changed(problem, old, argument, slope, certificate, nodes, journal)
                if len(_composite(changed.problem)) < len(composite):
                    yield changed
                else:
                    del journal.steps[mark:]


def _nodes(problem: Problem) -> list[LawFunction]:
    return sorted((n for n in problem.objective.atoms(LawFunction) if n.free_symbols & set(problem.variables)), key=str)


def _composite(problem: Problem) -> list[Expr]:
    """What the law's functions are taken at, where that is no single choice."""
    found = dict.fromkeys(normal(node.argument) for node in _nodes(problem))
    return [argument for argument in found if argument not in problem.variables]


def _changed(
    problem: Problem,
    old: Symbol,
    argument: Expr,
    slope: Expr,
    certificate: Certificate | None,
    nodes: list[LawFunction],
    journal: Journal,
) -> Stocking:
    new = fresh(old, problem, "z")
    value = normal((new - argument.xreplace({old: Integer(0)})) / slope)
    change = Replaced(old, new, value, argument, slope, certificate)
    own = {node: type(node)(node.law, new) for node in nodes if normal(node.argument - argument) == 0}

    def put(expr: Expr) -> Expr:
        return normal(expr.xreplace(own).xreplace({old: value}))

    after = put(problem.objective)
    record(change, problem.domain, problem.objective, after, journal)
    bounded = (r for r in problem.given if not {oo, -oo} & {r.lhs, r.rhs})
    given = unique(r.func(put(r.lhs - r.rhs), 0) if old in r.free_symbols else r for r in bounded)
    kept: list[Restriction] = []
    for item in problem.restrictions:
        others = (*given, *(r.relation for r in problem.restrictions if old not in r.slack.free_symbols))
        kept.append(replace(item, slack=_plain(put(item.slack), others)) if old in item.slack.free_symbols else item)
    changed = replace(
        problem,
        objective=after,
        variables=tuple(new if v == old else v for v in problem.variables),
        restrictions=tuple(kept),
        given=given,
    )
    return Stocking(change, changed)


def _plain(slack: Expr, given: tuple[Boolean, ...]) -> Expr:
    """A slack without its positive factors, where no denominator stands in the way."""
    try:
        return signed_product(slack, given).core
    except Refusal:
        return slack
