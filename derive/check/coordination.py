"""A contract's coordinating terms put into the statement, and the benchmark attacked at the choices they lead to."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Symbol

from derive.check.attack import attack
from derive.ir import Definition, Model
from derive.solution import Solution

__all__ = ["not_coordinated", "with_term"]


def with_term(statement: Model, solution: Solution) -> Model:
    """The statement in which the terms that a protocol asks for are defined as the values the solution gives them, if it does."""
    protocol = statement.protocol(solution.protocol)
    values = _values(statement, solution)
    if protocol.coordinates is None or values is None:
        return statement
    meaning = {variable.symbol: variable.meaning for variable in statement.variables}
    return replace(
        statement,
        variables=tuple(variable for variable in statement.variables if variable.symbol not in values),
        definitions=(*(Definition(term, value, meaning[term]) for term, value in values.items()), *statement.definitions),
        protocols=tuple(replace(p, coordinates=None) if p.key == protocol.key else p for p in statement.protocols),
    )


def _values(statement: Model, solution: Solution) -> dict[Symbol, Expr] | None:
    """The one value, free of choices, that every regime gives to each term; None where there is no such value."""
    coordination = statement.protocol(solution.protocol).coordinates
    terms = () if coordination is None else coordination.terms
    if not terms or not all(set(terms) <= set(dict(regime.values)) for regime in solution.regimes):
        return None
    chosen = {variable.symbol for variable in statement.variables}
    found: dict[Symbol, Expr] = {}
    for term in terms:
        values = {dict(regime.values)[term] for regime in solution.regimes}
        if len(values) != 1 or (value := values.pop()).free_symbols & chosen:
            return None
        found[term] = value
    return found


def not_coordinated(statement: Model, solution: Solution, points: int) -> tuple[str, ...]:
    """What the benchmark's decision makers would rather choose than what the terms lead to, and bounds that the terms break."""
    coordination = statement.protocol(solution.protocol).coordinates
    if coordination is None:
        return ()
    if _values(statement, solution) is None:
        return (f"the solution does not give {', '.join(map(str, coordination.terms))} one value",)
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
