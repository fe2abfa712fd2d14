"""Transfers in several constraints: how far a constraint is from binding takes the place of the transfer.

A payment enters payoff and constraints linearly, beside curved utilities. Measured by the slack of one constraint it takes these
utilities along, and the other constraints may become linear in the choices that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from sympy import Expr, Integer, Symbol

from derive.decision.newvariable import Replaced, fresh, record, restored
from derive.decision.problem import Journal, Optimum, Problem, Restriction
from derive.field import derivative, normal
from derive.prove import prove

__all__ = ["Level", "levelled", "with_levels"]

# Choices of one constraint for each transfer that are looked into.
MOST = 500


@dataclass(frozen=True)
class Level:
    """A slack in place of a transfer, and the payoff before and after."""

    change: Replaced
    before: Expr
    after: Expr


def levelled(problem: Problem, journal: Journal) -> tuple[Problem, tuple[Level, ...]] | None:
    """The problem with all restrictions linear, by slacks in place of transfers; None where it needs or has no such change."""
    if _linear(problem):
        return None
    transfers = [x for x in problem.variables if _transfer(x, problem)]
    touched = [[i for i, r in enumerate(problem.restrictions) if x in r.slack.free_symbols] for x in transfers]
    for choice in islice(product(*touched), MOST):
        if len(set(choice)) < len(choice):
            continue
        found = _changed(problem, transfers, choice)
        if found is not None and _linear(found[0]):
            for level in found[1]:
                record(level.change, problem.given, level.before, level.after, journal)
            return found
    return None


def with_levels(optimum: Optimum, levels: Sequence[Level]) -> Optimum:
    """The optimum with the transfers that the slacks stand for."""
    return replace(restored(optimum, [level.change for level in levels]), conditions=(), between=())


def _linear(problem: Problem) -> bool:
    """Whether every restriction is linear in the choices."""
    variables = problem.variables
    return all(
        derivative(r.slack, x, y) == 0 for r in problem.restrictions for i, x in enumerate(variables) for y in variables[i:]
    )


def _transfer(variable: Symbol, problem: Problem) -> bool:
    """Whether payoff and restrictions are linear in the choice, at rates that no choice changes, and some rate is not zero."""
    rates = [derivative(e, variable) for e in (problem.objective, *(r.slack for r in problem.restrictions))]
    return any(rate != 0 for rate in rates[1:]) and not any(rate.free_symbols & set(problem.variables) for rate in rates)


def _changed(problem: Problem, transfers: Sequence[Symbol], choice: Sequence[int]) -> tuple[Problem, tuple[Level, ...]] | None:
    levels = []
    for old, number in zip(transfers, choice, strict=True):
        level = _level(problem, old, problem.restrictions[number])
        if level is None:
            return None
        levels.append(level)
        put = {old: level.change.value}
        problem = replace(
            problem,
            objective=level.after,
            variables=tuple(level.change.new if v == old else v for v in problem.variables),
            restrictions=tuple(r.at(put) if old in r.slack.free_symbols else r for r in problem.restrictions),
        )
    return problem, tuple(levels)


def _level(problem: Problem, old: Symbol, item: Restriction) -> Level | None:
    """The slack, or what is missing from it, as a variable that rises with the transfer."""
    if any(old in relation.free_symbols for relation in problem.given):
        return None
    rate = derivative(item.slack, old)
    if rate == 0:
        return None
    for meaning, slope in ((item.slack, rate), (-item.slack, normal(-rate))):
        certificate = None if slope.is_Rational else prove(slope > 0, problem.given)
        if certificate is None and not (slope.is_Rational and slope > 0):
            continue
        new = fresh(old, problem, "z")
        value = normal((new - meaning.xreplace({old: Integer(0)})) / slope)
        after = normal(problem.objective.xreplace({old: value}))
        return Level(Replaced(old, new, value, normal(meaning), slope, certificate), problem.objective, after)
    return None
