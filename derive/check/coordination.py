"""A contract's coordinating term put into the statement, and the benchmark attacked at the choices it leads to."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr

from derive.check.attack import attack
from derive.ir import Definition, Model
from derive.solution import Solution

__all__ = ["not_coordinated", "with_term"]


def with_term(statement: Model, solution: Solution) -> Model:
    """The statement in which the term that a protocol asks for is defined as the value the solution gives it, if it gives one."""
    protocol = statement.protocol(solution.protocol)
    value = _value(statement, solution)
    if protocol.coordinates is None or value is None:
        return statement
    term = protocol.coordinates.term
    meaning = next(variable.meaning for variable in statement.variables if variable.symbol == term)
    return replace(
        statement,
        variables=tuple(variable for variable in statement.variables if variable.symbol != term),
        definitions=(Definition(term, value, meaning), *statement.definitions),
        protocols=tuple(replace(p, coordinates=None) if p.key == protocol.key else p for p in statement.protocols),
    )


def _value(statement: Model, solution: Solution) -> Expr | None:
    """The one value, free of choices, that every regime gives to the term; None where there is no such value."""
    coordination = statement.protocol(solution.protocol).coordinates
    if coordination is None or not all(coordination.term in dict(regime.values) for regime in solution.regimes):
        return None
    values = {dict(regime.values)[coordination.term] for regime in solution.regimes}
    value = values.pop() if len(values) == 1 else None
    chosen = {variable.symbol for variable in statement.variables}
    return None if value is None or value.free_symbols & chosen else value


def not_coordinated(statement: Model, solution: Solution, points: int) -> tuple[str, ...]:
    """What the benchmark's decision makers would rather choose than what the term leads to, and bounds that the term breaks."""
    coordination = statement.protocol(solution.protocol).coordinates
    if coordination is None:
        return ()
    if _value(statement, solution) is None:
        return (f"the solution does not give {coordination.term} one value",)
    if not points:
        return ()
    plain = with_term(statement, solution)
    stages = plain.protocol(coordination.benchmark).stages
    chosen = {symbol for stage in stages for decision in stage.decisions for symbol in decision.chooses}
    regimes = tuple(
        replace(regime, values=tuple((symbol, value) for symbol, value in regime.values if symbol in chosen))
        for regime in solution.regimes
    )
    benchmark = replace(solution, protocol=coordination.benchmark, regimes=regimes, argument=(), responses=())
    return tuple(f"as a choice of {coordination.benchmark}: {finding}" for finding in attack(plain, benchmark, points).findings)
