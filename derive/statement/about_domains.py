"""What can be wrong with domains: contradictions among assumptions, empty ones, parameters that nothing depends on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.errors import StatementError
from derive.ir import Model, Variable
from derive.prove import refute


def validate_domains(model: Model) -> None:
    """The assumptions, and with them the domain of each protocol's choices, must be satisfiable."""
    if refute(model.assumptions) is not None:
        raise StatementError(f"the assumptions contradict each other: {_listed(model.assumptions)}")
    for variable in model.variables:
        _values(variable)
        for relation in variable.domain:
            check_inequality(relation, "its domain", {"symbol": variable.symbol.name})
        if refute((*model.assumptions, *variable.domain)) is not None:
            raise StatementError(
                f"its domain is empty under the assumptions: {_listed(variable.domain)}", symbol=variable.symbol.name
            )
    for instance in model.instances:
        if refute((*model.assumptions, *instance.assumptions)) is not None:
            raise StatementError(f"the assumptions of instance {instance.key} contradict the model's")


def check_inequality(relation: Boolean, where: str, place: dict[str, str]) -> None:
    """Choices are bounded by inequalities that say something."""
    if relation == true:
        raise StatementError(f"{where}: a relation there holds whatever the values are: leave it out", **place)
    if not isinstance(relation, Relational) or relation.rel_op in ("==", "!="):
        raise StatementError(f"{where}: '{relation}' is not an inequality", **place)


def _values(variable: Variable) -> None:
    """Values to choose from are at least two different numbers, and all there is to say."""
    if not variable.values:
        return
    name = variable.symbol.name
    if variable.domain:
        raise StatementError("is chosen from given values and from a range", symbol=name)
    if not all(sympify(value).is_Rational for value in variable.values):
        raise StatementError("is chosen from values that are not all numbers", symbol=name)
    if len(set(variable.values)) < max(2, len(variable.values)):
        raise StatementError("is chosen from fewer than two values, or one is named twice", symbol=name)


def _listed(relations: Iterable[Boolean]) -> str:
    return ", ".join(str(relation) for relation in relations)


def validate_use(model: Model, stated: Iterable[Any]) -> None:
    """A parameter that nothing `stated` mentions but a bound of its own can change no result: it was forgotten, or misspelt."""
    used: set[Symbol] = set()
    for value in stated:
        if isinstance(value, Basic) and not (isinstance(value, Relational) and value in model.assumptions):
            used |= value.free_symbols
    bounds = [relation.free_symbols for relation in model.assumptions if isinstance(relation, Basic)]
    while more := set[Symbol]().union(*(symbols for symbols in bounds if symbols & used)) - used:
        used |= more
    for parameter in model.parameters:
        if parameter.symbol not in used:
            raise StatementError("is declared as a parameter and never used", symbol=parameter.symbol.name)
