"""What can be wrong with domains: contradictions among assumptions, empty ones, parameters that nothing depends on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.errors import StatementError
from derive.ir import Distribution, Exponential, Model, Normal, PowerDistribution, Uniform, Variable
from derive.prove import prove, refute
from derive.shocks import conditions


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
    for shock in model.shocks:
        _law(shock.symbol, shock.distribution, model.assumptions)
    for instance in model.instances:
        known = (*model.assumptions, *instance.assumptions)
        if refute(known) is not None:
            raise StatementError(f"the assumptions of instance {instance.key} contradict the model's")
        for symbol, law in instance.laws:
            _law(symbol, law, known)


def _law(shock: Symbol, law: Distribution, known: tuple[Boolean, ...]) -> None:
    """The assumptions must say that a law is one: that a variance is positive, a support not empty."""
    for condition in conditions(law):
        if prove(condition, known) is None:
            told = "contradict" if refute((*known, condition)) is not None else "do not say"
            raise StatementError(f"its law needs {_needed(law)}, which the assumptions {told}", symbol=shock.name)


def _needed(law: Distribution) -> str:
    """What makes a law one, in the words of the statement."""
    match law:
        case Normal():
            return f"a positive variance, {law.variance} > 0"
        case Uniform():
            return f"{law.low} < {law.high}"
        case Exponential():
            return f"a positive mean, {law.mean} > 0"
        case PowerDistribution():
            return f"{law.high} > 0 and {law.exponent} > 0"
    return f"{law.low} < {law.mean} < {law.high}"


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
    for role, symbols in (("parameter", [p.symbol for p in model.parameters]), ("shock", [s.symbol for s in model.shocks])):
        for symbol in symbols:
            if symbol not in used:
                raise StatementError(f"is declared as a {role} and never used", symbol=symbol.name)
