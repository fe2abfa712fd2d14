"""Ill-posed screening problems are refused here, in one line that names the model and the symbol."""

from __future__ import annotations

import sympy
from sympy import Symbol

from derive.contracts.ir import SOLUTIONS, Screening
from derive.errors import StatementError
from derive.exact import require_exact
from derive.ir import At, Neutral, PowerDistribution, Uniform
from derive.prove import prove, refute

__all__ = ["Screening", "validate_screening"]


def validate_screening(problem: Screening) -> None:
    """Raises `StatementError` unless the statement is complete and exact."""
    try:
        _symbols(problem)
        _players(problem)
        _law(problem)
        for claim in problem.claims:
            for term in sorted(claim.asserts.atoms(At), key=str) if claim.asserts is not None else ():
                if str(term.args[1]) not in SOLUTIONS:
                    raise StatementError(f"claim {claim.key} speaks of an unknown solution", protocol=str(term.args[1]))
    except StatementError as error:
        raise error.located(model=problem.key) from None


def _symbols(problem: Screening) -> None:
    chosen = [variable.symbol for variable in problem.variables]
    declared = [p.symbol for p in problem.parameters]
    reported = [*chosen, *(d.symbol for d in problem.definitions), *(player.payoff for player in problem.players)]
    seen: set[str] = set()
    for symbol in (*declared, *reported):
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError("make symbols with derive.ir.symbols", symbol=symbol.name)
        if symbol.name in seen:
            raise StatementError("is declared twice", symbol=symbol.name)
        seen.add(symbol.name)
    theta = problem.type.symbol
    if theta not in declared:
        raise StatementError("is the hidden type and not declared as a parameter", symbol=theta.name)
    known = frozenset(declared)
    for relation in problem.assumptions:
        require_exact(relation, known - {theta}, "the assumptions")
    for variable in problem.variables:
        for relation in variable.domain:
            require_exact(relation, known | {variable.symbol}, f"the domain of {variable.symbol}")
    if problem.transfer.domain or problem.transfer.values or problem.quantity.values:
        raise StatementError("the transfer is not bounded, and neither is chosen from values", symbol=chosen[1].name)
    for player in problem.players:
        rents = {problem.agent.payoff} if player is problem.principal else set()
        require_exact(player.objective, known | {*chosen} | {d.symbol for d in problem.definitions} | rents, "the objective")
    require_exact(problem.reservation, known - {theta}, "the reservation payoff")
    allowed = known | {*chosen} | {player.payoff for player in problem.players}
    for item in problem.definitions:
        require_exact(item.value, allowed, f"the definition of {item.symbol}")
        allowed |= {item.symbol}


def _players(problem: Screening) -> None:
    if problem.principal.name == problem.agent.name:
        raise StatementError("principal and agent have the same name", player=problem.agent.name)
    for player in problem.players:
        if player.risk != Neutral() or player.count != 1:
            raise StatementError("principal and agent are one each and risk neutral", player=player.name)


def _law(problem: Screening) -> None:
    law, theta = problem.type.law, problem.type.symbol
    if not isinstance(law, Uniform | PowerDistribution):
        raise StatementError("the type is drawn from Uniform or PowerDistribution", symbol=theta.name)
    known = frozenset(p.symbol for p in problem.parameters) - {theta}
    for value in vars(law).values():
        require_exact(value, known, f"the law of {theta}")
    if refute(problem.assumptions) is not None:
        raise StatementError("the assumptions contradict each other")
    low, high = problem.support
    needed = [sympy.sympify(low) < high]
    if isinstance(law, PowerDistribution):
        needed.append(sympy.sympify(law.exponent) > 0)
    for relation in needed:
        if relation != sympy.true and prove(relation, problem.assumptions) is None:
            raise StatementError(f"the assumptions do not say that {relation}", symbol=theta.name)
