"""Ill-posed bargaining problems are refused here, in one line that names the model, the player and the symbol."""

from __future__ import annotations

import sympy
from sympy import Basic, Expr, Symbol

from derive.bargaining.ir import SOLUTIONS, BargainingProblem
from derive.errors import StatementError
from derive.ir import At
from derive.prove import refute

__all__ = ["validate_bargaining"]


def validate_bargaining(problem: BargainingProblem) -> None:
    """Raises `StatementError` unless the statement is complete and exact."""
    try:
        _players(problem)
        _symbols(problem)
        _bounds(problem)
        _claims(problem)
        if refute(problem.assumptions) is not None:
            raise StatementError("the assumptions contradict each other")
    except StatementError as error:
        raise error.located(model=problem.key) from None


def _players(problem: BargainingProblem) -> None:
    names = [player.name for player in problem.players]
    if len(names) != 2 or len(set(names)) != 2 or not all(names):
        raise StatementError("bargaining needs two players with different names")
    for key in problem.solutions:
        if key not in SOLUTIONS:
            raise StatementError(f"unknown solution {key!r}; known are {', '.join(SOLUTIONS)}")


def _symbols(problem: BargainingProblem) -> None:
    declared = [parameter.symbol for parameter in problem.parameters]
    reported = [problem.along.symbol, *(player.payoff for player in problem.players)]
    seen: set[str] = set()
    for symbol in (*declared, *(item.symbol for item in problem.definitions), *reported):
        if symbol.name in seen:
            raise StatementError("the symbol is declared twice", symbol=symbol.name)
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError("make symbols with derive.ir.symbols", symbol=symbol.name)
        seen.add(symbol.name)
    known = set(declared)
    used: set[Symbol] = set()
    for item in problem.definitions:
        used |= _exact(item.value, known | {problem.along.symbol}, f"the definition of {item.symbol}", "")
        known.add(item.symbol)
    for player in problem.players:
        used |= _exact(player.objective, known | {problem.along.symbol}, "the payoff along the frontier", player.name)
        for value, what in ((player.disagreement, "the disagreement payoff"), (player.weight, "the weight")):
            used |= _exact(value, known, what, player.name)
        if player.discount is not None:
            used |= _exact(player.discount, known, "the discount factor", player.name)
    for relation in (*problem.assumptions, *problem.along.domain):
        used |= _exact(relation, known | {problem.along.symbol}, "a relation", "")
    if problem.rounds is not None:
        used |= _exact(problem.rounds, known, "the number of rounds", "")
        if sympy.sympify(problem.rounds).is_number and not sympy.sympify(problem.rounds).is_positive:
            raise StatementError("the number of rounds is not positive")
    for symbol in declared:
        if symbol not in used:
            raise StatementError("the parameter is declared and never used", symbol=symbol.name)


def _exact(value: object, known: set[Symbol], what: str, player: str) -> set[Symbol]:
    if isinstance(value, float) or (isinstance(value, Basic) and value.has(sympy.Float)):
        raise StatementError(f"{what} contains a float; exact numbers only, write exact('...')", player=player)
    if not isinstance(value, Expr | sympy.logic.boolalg.Boolean | int):
        raise StatementError(f"{what} is not an expression", player=player)
    found = set(sympy.sympify(value).free_symbols)
    for symbol in sorted(found - known, key=str):
        raise StatementError(f"{what} uses an undeclared symbol", player=player, symbol=str(symbol))
    return found


def _bounds(problem: BargainingProblem) -> None:
    x = problem.along.symbol
    for relation in problem.along.domain:
        sides = (getattr(relation, "lhs", None), getattr(relation, "rhs", None))
        if x not in sides or getattr(relation, "rel_op", "") not in (">=", "<="):
            raise StatementError("its bounds are relations `>=` or `<=` with the coordinate alone on one side", symbol=x.name)


def _claims(problem: BargainingProblem) -> None:
    for claim in problem.claims:
        terms = sorted(claim.asserts.atoms(At), key=str) if claim.asserts is not None else ()
        for term in terms:
            if str(term.args[1]) not in SOLUTIONS:
                raise StatementError(f"claim {claim.key} speaks of an unknown solution", protocol=str(term.args[1]))
