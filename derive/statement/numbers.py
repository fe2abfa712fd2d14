"""Python's whole numbers in a statement, as a model file may write them where an expression is due, become SymPy's."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, get_args

from sympy import Expr, Integer, Symbol

__all__ = ["with_exact_numbers"]

Stated = TypeVar("Stated")


def with_exact_numbers(statement: Stated) -> Stated:
    """The statement with every ``0`` that stands where an expression is due as ``Integer(0)``; what is ill-formed is left as it is."""
    return typing.cast("Stated", _exact(statement, False))


def _exact(value: Any, due: bool) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Integer(value) if due else value
    if type(value) is tuple:
        entries = tuple(_exact(entry, due) for entry in value)
        return entries if any(new is not old for new, old in zip(entries, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        stated = {name: getattr(value, name) for name in _expressions(type(value))}
        changes = {name: _exact(old, _expressions(type(value))[name]) for name, old in stated.items()}
        changes = {name: new for name, new in changes.items() if new is not stated[name]}
        return replace(value, **changes) if changes else value
    return value


@cache
def _expressions(kind: type) -> dict[str, bool]:
    """The fields of a kind of value, and whether expressions are due there."""
    known = typing.get_type_hints(kind)
    return {field.name: _due(known[field.name]) for field in fields(kind)}


def _due(hint: Any) -> bool:
    if isinstance(hint, type) and issubclass(hint, Expr):
        return not issubclass(hint, Symbol)
    return any(_due(part) for part in get_args(hint))
