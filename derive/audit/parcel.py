"""Judgements as bytes, from one process of a run to another: relations and sums come out as they went in, unevaluated ones too."""

from __future__ import annotations

import io
import pickle
from typing import Any

from sympy import Add, And, Function, Max, Min, Mul, Not, Or, Pow
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies

_UNEVALUATED = (Relational, And, Or, Not, Implies, Add, Mul, Pow, Max, Min)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, _UNEVALUATED):
            return _built, (type(value), value.args)
        if isinstance(value, AppliedUndef):
            return _applied, (value.func.__name__, value.args)
        return NotImplemented


def _built(kind: Any, parts: tuple[Any, ...]) -> Any:
    return kind(*parts, evaluate=False)


def _applied(name: str, parts: tuple[Any, ...]) -> Any:
    return Function(name)(*parts)


def pack(value: object) -> bytes:
    """The bytes; for `unpack` in a process that this one started, or was started by."""
    stream = io.BytesIO()
    _Pickler(stream, protocol=5).dump(value)
    return stream.getvalue()


def unpack(content: bytes) -> Any:
    """The value that `pack` was given."""
    return pickle.loads(content)
