"""A contract's coordinating term put into the statement, and the benchmark attacked at the choices it leads to."""

from __future__ import annotations

from dataclasses import replace

from derive.check.attack import attack
from derive.check.certificates import Rejected
from derive.ir import Definition, Model
from derive.solution import Solution

__all__ = ["not_coordinated", "with_term"]


def with_term(statement: Model, solution: Solution) -> Model:
    """The statement in which the term that a protocol asks for is notation for the value the solution gives it."""
    protocol = statement.protocol(solution.protocol)
    if protocol.coordinates is None:
        return statement
    term = protocol.coordinates.term
    values = {value for regime in solution.regimes for symbol, value in regime.values if symbol == term}
    if len(values) != 1 or not all(term in dict(regime.values) for regime in solution.regimes):
        raise Rejected(f"the solution gives {term} no value, or several")
    (value,) = values
    chosen = {variable.symbol for variable in statement.variables}
    if value.free_symbols & chosen:
        raise Rejected(f"the value of {term} depends on choices")
    meaning = next(variable.meaning for variable in statement.variables if variable.symbol == term)
    return replace(
        statement,
        variables=tuple(variable for variable in statement.variables if variable.symbol != term),
        definitions=(Definition(term, value, meaning), *statement.definitions),
        protocols=tuple(replace(p, coordinates=None) if p.key == protocol.key else p for p in statement.protocols),
    )


def not_coordinated(statement: Model, solution: Solution, points: int) -> tuple[str, ...]:
    """What the benchmark's decision makers would rather choose than what the term leads to, and bounds that the term breaks."""
    coordination = statement.protocol(solution.protocol).coordinates
    if coordination is None or not points:
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
