"""Certificates as JSON text, and back by a reader that only builds what it knows: no evaluation of text, no pickle.

Every term, and every tuple or certificate, is written once, as a row of ``terms`` or of ``proofs`` (a tuple's row has no kind).
Where one stands in another its number stands: ``n`` for the n-th term, ``-1 - n`` for the n-th row of ``proofs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Derivative,
    E,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Implies,
    LambertW,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Pow,
    Rational,
    Symbol,
    acos,
    cos,
    erf,
    exp,
    false,
    log,
    pi,
    true,
)
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive import certificates
from derive.ir import Switches
from derive.shocks import Cdf, Density, LawFunction, Overage

_BUILT: dict[str, type] = {
    "+": Add, "*": Mul, "^": Pow, ">": Gt, ">=": Ge, "<": Lt, "<=": Le, "=": Eq, "!=": Ne, "and": And, "or": Or,
    "switches": Switches, "not": Not, "implies": Implies,
}  # fmt: skip
_OPS = {kind: op for op, kind in _BUILT.items()}
_KINDS = {kind.__name__: kind for kind in vars(certificates).values() if isinstance(kind, type) and is_dataclass(kind)}
_FUNCTIONS = {kind.__name__: kind for kind in (exp, log, LambertW, erf, cos, acos, Abs, Max, Min)}
_CONSTANTS = {"e": E, "pi": pi}
_LAW = {kind.__name__: kind for kind in (Cdf, Density, Overage)}


class Unreadable(ValueError):
    """Text that is not a certificate, or a value that has no text."""


class _Writer:
    """Rows of terms and of proofs, each once: found by the object while the values live, else by what is written of them."""

    def __init__(self) -> None:
        self.terms: list[list[Any]] = []
        self.proofs: list[list[Any]] = []
        self._term_places: dict[str, int] = {}
        self._proof_places: dict[str, int] = {}
        self._written: dict[int, tuple[Any, int]] = {}

    def value(self, value: Any) -> Any:
        found = self._written.get(id(value))
        if found is not None:
            return found[1]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return ["i", value]
        place = self._fresh(value)
        self._written[id(value)] = value, place
        return place

    def _fresh(self, value: Any) -> int:
        if isinstance(value, Expr | Boolean):
            return _place(self._row(value), self.terms, self._term_places)
        if isinstance(value, tuple):
            return self._proof("", value)
        if is_dataclass(value):
            kind: Any = type(value)
            return self._proof(kind.__name__, (getattr(value, name) for name in _names(kind)))
        raise Unreadable(f"no text for {value!r}")

    def _proof(self, kind: str, members: Iterable[Any]) -> int:
        return -1 - _place([kind, *map(self.value, members)], self.proofs, self._proof_places)

    def _row(self, value: Expr | Boolean) -> list[Any]:
        if type(value) in _OPS:
            return [_OPS[type(value)], *map(self.value, value.args)]
        if value in (true, false):
            return ["true" if value == true else "false"]
        if isinstance(value, Symbol):
            return ["symbol", value.name]
        if isinstance(value, Rational):
            return ["number", str(value.p), str(value.q)]
        if isinstance(value, LawFunction):
            return ["law", type(value).__name__, value.law, self.value(value.argument)]
        if type(value) in _FUNCTIONS.values():
            return [type(value).__name__, *map(self.value, value.args)]
        if value in _CONSTANTS.values():
            return [next(name for name, constant in _CONSTANTS.items() if constant == value)]
        if isinstance(value, AppliedUndef):
            return ["function", value.func.__name__, *map(self.value, value.args)]
        if isinstance(value, Derivative):
            return ["derivative", self.value(value.expr), *((self.value(v), int(n)) for v, n in value.variable_count)]
        raise Unreadable(f"no text for {value}")


def _place(row: list[Any], rows: list[list[Any]], places: dict[str, int]) -> int:
    """By what is written of it: values may be equal whose members are of different types."""
    place = places.setdefault(repr(row), len(rows))
    if place == len(rows):
        rows.append(row)
    return place


@lru_cache(maxsize=256)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def to_text(certificate: certificates.Certificate) -> str:
    """JSON of `certificate`; equal certificates have the same text. Raises `Unreadable`."""
    writer = _Writer()
    root = -1 - writer.value(certificate)
    return json.dumps({"terms": writer.terms, "proofs": writer.proofs, "root": root}, separators=(",", ":"))


def texts(values: Sequence[certificates.Certificate | Expr | Boolean]) -> str:
    """JSON of several certificates, expressions and statements, which share what they have in common. Raises `Unreadable`."""
    return _shared(values, list)


def distinct_texts(values: Iterable[certificates.Certificate]) -> str:
    """The same, of equal ones only the first."""
    return _shared(values, lambda roots: list(dict.fromkeys(roots)))


def _shared(values: Iterable[Any], kept: Callable[[Iterable[Any]], list[Any]]) -> str:
    writer = _Writer()
    roots = kept(map(writer.value, values))
    return json.dumps({"terms": writer.terms, "proofs": writer.proofs, "roots": roots}, separators=(",", ":"))


def values_of(text: str) -> tuple[Any, ...]:
    """What `texts` wrote. Raises `Unreadable`."""
    try:
        document = json.loads(text)
        terms, proofs = _tables(document)
        return tuple(_value(root, terms, proofs) for root in document["roots"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"not certificates: {error}") from error


def from_text(text: str) -> certificates.Certificate:
    """The certificate that `to_text` wrote. Raises `Unreadable`."""
    try:
        document = json.loads(text)
        found = _tables(document)[1][document["root"]]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"not a certificate: {error}") from error
    if not isinstance(found, certificates.Certificate):
        raise Unreadable("not a certificate")
    return found


def _tables(document: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    terms: list[Any] = []
    for row in document["terms"]:
        terms.append(_term(row, terms))
    proofs: list[Any] = []
    for kind, *values in document["proofs"]:
        proofs.append(_proof(kind, values, terms, proofs))
    return terms, proofs


def _term(row: list[Any], terms: list[Any]) -> Any:
    op, *rest = row
    if op == "symbol":
        return Symbol(str(rest[0]), real=True)
    if op == "number":
        return Rational(int(rest[0]), int(rest[1]))
    if op in ("true", "false"):
        return true if op == "true" else false
    if op == "function":
        return Function(str(rest[0]))(*(_at(terms, i) for i in rest[1:]))
    if op == "law":
        return _LAW[rest[0]](str(rest[1]), _at(terms, rest[2]))
    if op == "derivative":
        return Derivative(_at(terms, rest[0]), *((_at(terms, v), int(n)) for v, n in rest[1:]))
    parts = [_at(terms, i) for i in rest]
    if op in _FUNCTIONS:
        return _FUNCTIONS[op](*parts)
    if op in _CONSTANTS:
        return _CONSTANTS[op]
    return _BUILT[op](*parts, evaluate=False)


def _proof(kind: str, values: list[Any], terms: list[Any], proofs: list[Any]) -> Any:
    if kind == "":
        return tuple(_value(value, terms, proofs) for value in values)
    built = _KINDS[kind]
    names = [each.name for each in fields(built)]
    if len(names) != len(values):
        raise Unreadable(f"wrong number of fields of {kind}")
    return built(**{name: _value(value, terms, proofs) for name, value in zip(names, values, strict=True)})


def _value(value: Any, terms: list[Any], proofs: list[Any]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _at(terms, value) if value >= 0 else _at(proofs, -1 - value)
    tag, number = value
    if tag == "i":
        return int(number)
    raise Unreadable(f"unknown tag {tag}")


def _at(rows: list[Any], index: Any) -> Any:
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(rows):
        raise Unreadable("a reference that leads nowhere")
    return rows[index]
