"""A quantity that takes the place of a choice: its name, the step that says so, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.decision.problem import Journal, Optimum, Problem
from derive.field import normal
from derive.steps import NewVariable

__all__ = ["Replaced", "fresh", "record", "restored"]


@dataclass(frozen=True)
class Replaced:
    """`new`, which equals `meaning`, in place of `old`, which equals `value`; `meaning` rises in `old` at the rate `slope`."""

    old: Symbol
    new: Symbol
    value: Expr
    meaning: Expr
    slope: Expr
    certificate: Certificate | None


def fresh(old: Symbol, problem: Problem, letter: str) -> Symbol:
    """A name for what takes the place of `old`, which nothing in the problem has."""
    taken = {symbol.name for expr in (problem.objective, *problem.domain) for symbol in expr.free_symbols}
    taken |= {symbol.name for symbol in problem.variables}
    name = f"{letter}_{old}"
    while name in taken:
        name += "_"
    return Symbol(name, real=True)


def record(change: Replaced, given: tuple[Boolean, ...], before: Expr, after: Expr, journal: Journal) -> None:
    """The step by which the payoff `before` becomes `after`."""
    journal.add(
        NewVariable,
        given=given,
        objective=before,
        old=change.old,
        new=change.new,
        value=change.value,
        meaning=change.meaning,
        slope=change.slope,
        certificate=change.certificate,
        after=after,
    )


def restored(optimum: Optimum, changes: Sequence[Replaced]) -> Optimum:
    """The optimum with the choices that were replaced, the last one first."""
    values = dict(optimum.values)
    for change in reversed(changes):
        own = values.pop(change.new, change.new)
        values[change.old] = normal(change.value.xreplace({**values, change.new: own}))
    return replace(optimum, values=tuple(values.items()))
