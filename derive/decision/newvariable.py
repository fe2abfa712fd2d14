"""A quantity that takes the place of a choice: its name, the step that says so, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sympy import Basic, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.decision.problem import Journal, Optimum, Problem
from derive.errors import Refusal
from derive.placed import normal_at
from derive.steps import NewVariable

__all__ = ["Replaced", "fresh", "record", "restored", "unused"]


@dataclass(frozen=True)
class Replaced:
    """`new`, which equals `meaning`, in place of `old`, which equals `value`; `meaning` rises in `old` at the rate `slope`."""

    old: Symbol
    new: Symbol
    value: Expr
    meaning: Expr
    slope: Expr
    certificate: Certificate | None


def unused(name: str, spoken: Iterable[Basic]) -> Symbol:
    """A symbol of that name, with underscores added until none of `spoken` has one of its name."""
    taken = {symbol.name for one in spoken for symbol in one.free_symbols if isinstance(symbol, Symbol)}
    while name in taken:
        name += "_"
    return Symbol(name, real=True)


def fresh(old: Symbol, problem: Problem, letter: str) -> Symbol:
    """A name for what takes the place of `old`, which nothing in the problem has."""
    return unused(f"{letter}_{old}", (problem.objective, *problem.domain, *problem.variables))


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
    """The optimum with the choices that were replaced, the last one first. Raises Refusal where what replaced one is left free."""
    if any(change.new in optimum.free for change in changes):
        raise Refusal("a continuum of best choices is not told in the choices of the statement")
    values = dict(optimum.values)
    for change in reversed(changes):
        own = values.pop(change.new, change.new)
        values[change.old] = normal_at(change.value, {**values, change.new: own})
    return replace(optimum, values=tuple(values.items()))
