"""A statement's values have the types that its vocabulary declares: tuples where tuples are due, relations, values of the right kind.

Python builds a frozen value from whatever it is given. What is wrong with it is said here, by the name of the field, before anything
reads it. Names, symbols and expressions are judged by `derive.statement.validate` in the words of the statement.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom, BooleanFunction

from derive.errors import StatementError

_PLACES = {
    "Player": ("player", "name"),
    "Protocol": ("protocol", "key"),
    "Play": ("protocol", "key"),
    "Member": ("player", "name"),
}


def well_formed(statement: Any) -> None:
    """Raise StatementError, naming field and place, for a value that is not of the kind its field holds."""
    _fields(statement, {"model": str(getattr(statement, "key", ""))})


def _fields(value: Any, place: Mapping[str, str]) -> None:
    kind: type = type(value)
    name = kind.__name__
    if name in _PLACES:
        role, attribute = _PLACES[name]
        place = {**place, role: str(getattr(value, attribute))}
    elif isinstance(getattr(value, "symbol", None), sympy.Symbol):
        place = {**place, "symbol": value.symbol.name}
    for field, hint in _hints(kind).items():
        inner = {**place, "symbol": ""} if field in ("claims", "printed") else place
        _value(getattr(value, field), hint, f"`{field}` of {_article(name)}", inner)


@cache
def _hints(kind: type) -> dict[str, Any]:
    known = typing.get_type_hints(kind)
    return {field.name: known[field.name] for field in fields(kind)}


def _value(value: Any, hint: Any, where: str, place: Mapping[str, str]) -> None:
    if get_origin(hint) in (types.UnionType, typing.Union):
        options = get_args(hint)
        if value is None and type(None) in options:
            return
        kinds = [option for option in options if option is not type(None)]
        if all(is_dataclass(kind) for kind in kinds):
            _instance(value, tuple(kinds), where, place)
        elif len(kinds) == 1 and value is not None:
            _value(value, kinds[0], where, place)
        return
    if get_origin(hint) is tuple:
        _tuple(value, get_args(hint), where, place)
    elif hint is Boolean:
        _relation(value, where, place)
    elif isinstance(hint, type) and is_dataclass(hint):
        _instance(value, (hint,), where, place)


def _tuple(value: Any, items: tuple[Any, ...], where: str, place: Mapping[str, str]) -> None:
    endless = len(items) == 2 and items[1] is Ellipsis
    if not isinstance(value, tuple):
        if isinstance(value, str) and items[0] is str:
            raise StatementError(f'{where} is a tuple of names: write ("{value}",)', **place)
        hint = "write it in round brackets" if isinstance(value, list | set | dict) else "write (..., ) around it"
        raise StatementError(f"{where} is a tuple, and is given {_article(type(value).__name__)}: {hint}", **place)
    if not endless and len(value) != len(items):
        raise StatementError(
            f"{where} holds groups of {len(items)}, and one has {len(value)} entries: {_short(value)}", **place
        )
    for index, entry in enumerate(value):
        numbered = type(entry).__name__ == "Stage" or where.startswith("`stages`")
        _value(entry, items[0] if endless else items[index], where, {**place, "stage": str(index + 1)} if numbered else place)


def _instance(value: Any, kinds: tuple[type, ...], where: str, place: Mapping[str, str]) -> None:
    if not isinstance(value, kinds):
        wanted = " or ".join(_article(kind.__name__) for kind in kinds)
        raise StatementError(f"{where}: {wanted} belongs there, and is given {_shown(value)}", **place)
    _fields(value, place)


def _relation(value: Any, where: str, place: Mapping[str, str]) -> None:
    if isinstance(value, bool):
        raise StatementError(
            f"{where}: a relation there is {value}: Python compared its two sides at once. For an equality write Eq(a, b) in place of "
            "a == b; an inequality must have a symbol on one side",
            **place,
        )
    if value is not None and not isinstance(value, Relational | BooleanFunction | BooleanAtom):
        raise StatementError(f"{where}: a relation (such as x >= 0) belongs there, and is given {_shown(value)}", **place)


def _shown(value: Any) -> str:
    kind = type(value).__name__
    return f"{_article(kind)}" if is_dataclass(value) else f"{_short(value)} ({_article(kind)})"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _article(name: str) -> str:
    return f"an {name}" if name[:1] in "AEIOaeio" else f"a {name}"
