"""Where best replies meet: the choices at which each is the reply to the others, in closed form and with the proof that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.loglinear import all_or_none, log_linear
from derive.algebra.marginal import oriented
from derive.algebra.powers import told_in_powers
from derive.algebra.systems import Root, solve_system
from derive.decision.problem import Journal, Optimum, unique
from derive.errors import Refusal
from derive.field import normal
from derive.loglinear import AllOrNone, LogLinear
from derive.placed import normal_at
from derive.prove import prove
from derive.steps import Stationary

__all__ = ["Meeting", "meetings"]


@dataclass(frozen=True)
class Meeting:
    """Choices that are replies to one another, and the labels of what shows that."""

    values: tuple[tuple[Symbol, Expr], ...]
    labels: tuple[str, ...]


def meetings(
    combination: Sequence[Optimum], domain: tuple[Boolean, ...], given: tuple[Boolean, ...], journal: Journal
) -> tuple[Meeting, ...]:
    """Every profile at which all of these replies are best at once. Raises Refusal where the equations that say so are not solved."""
    chosen = dict(value for optimum in combination for value in optimum.values)
    labels = tuple(label for optimum in combination for label in optimum.labels)
    if not any(set(value.free_symbols) & set(chosen) for value in chosen.values()):
        return (Meeting(tuple(chosen.items()), labels),)
    try:
        equations, roots = _solved(combination, chosen, domain)
    except Refusal:
        found = _of_powers(combination, domain, labels, journal)
        if found is None:
            raise
        return found
    meeting = []
    for root in roots:
        here = (*domain, *root.apart)
        step = journal.add(Stationary, uses=labels, given=here, equations=equations, values=root.values, trail=root.trail)
        placed = tuple((symbol, oriented(value, given)) for symbol, value in root.values)
        meeting.append(Meeting(placed, (*labels, step.label)))
    return tuple(meeting)


def _solved(
    combination: Sequence[Optimum], chosen: dict[Symbol, Expr], domain: tuple[Boolean, ...]
) -> tuple[tuple[Expr, ...], tuple[Root, ...]]:
    """The equations that say that all replies are best at once, with their solutions: each choice is the reply to the others, or,
    where these equations are not solved, the conditions from which the replies come vanish."""
    equations = tuple(normal(symbol - value) for symbol, value in chosen.items())
    try:
        return equations, solve_system(equations, tuple(chosen), domain)
    except Refusal:
        given = tuple(
            entry
            for optimum in combination
            for entry in (optimum.conditions or (normal(symbol - value) for symbol, value in optimum.values))
        )
        if given == equations or len(given) != len(chosen):
            raise
        try:
            return given, solve_system(given, tuple(chosen), domain)
        except Refusal:
            pass
        raise


def _of_powers(
    combination: Sequence[Optimum], domain: tuple[Boolean, ...], labels: tuple[str, ...], journal: Journal
) -> tuple[Meeting, ...] | None:
    """The profiles where the conditions of the replies are equations between two products of powers, apart from those that say what a
    choice is whatever the others do; None where they are not, or what becomes of choices that may vanish is not seen."""
    own = [optimum for optimum in combination if _moves(optimum, combination)]
    fixed = tuple(value for optimum in combination if optimum not in own for value in optimum.values)
    unknowns = tuple(symbol for optimum in own for symbol, _ in optimum.values)
    if not all(optimum.conditions for optimum in own):
        return None
    conditions = tuple(normal_at(entry, dict(fixed)) for optimum in own for entry in optimum.conditions)
    uses = tuple(label for optimum in own for label in optimum.labels)
    found: list[Meeting] = []
    maybe = [unknown for unknown in unknowns if prove(unknown > 0, domain) is None]
    if maybe:
        sides = all_or_none(conditions, unknowns, domain)
        if sides is None or any(prove(unknown >= 0, domain) is None for unknown in unknowns):
            return None
        none = journal.add(
            AllOrNone, uses=uses, given=domain, conditions=conditions, fixed=fixed, unknowns=unknowns, sides=sides
        )
        found.append(Meeting((*fixed, *((unknown, Integer(0)) for unknown in unknowns)), (*labels, none.label)))
    here = unique((*domain, *(unknown > 0 for unknown in unknowns)))
    root = log_linear(conditions, unknowns, here)
    if root is None:
        return None
    step = journal.add(
        LogLinear,
        uses=uses,
        given=here,
        conditions=conditions,
        fixed=fixed,
        unknowns=unknowns,
        equations=root.equations,
        determinant=root.determinant,
        nonzero=root.nonzero,
        weights=root.weights,
        values=root.values,
    )
    values = tuple((unknown, told_in_powers(oriented(value, here), here)) for unknown, value in root.values)
    return (Meeting((*fixed, *values), (*labels, step.label)), *found)


def _moves(optimum: Optimum, combination: Sequence[Optimum]) -> bool:
    """Whether a reply depends on what others choose."""
    choices = {symbol for one in combination for symbol, _ in one.values}
    return any(value.free_symbols & choices for _, value in optimum.values)
