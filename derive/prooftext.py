"""Certificates as JSON text, and back by a reader that only builds what it knows: no evaluation of text, no pickle.

Every term, and every tuple or certificate, is written once, as a row of ``terms`` or of ``proofs`` (a tuple's row has no kind).
Where one stands in another its number stands: ``n`` for the n-th term, ``-1 - n`` for the n-th row of ``proofs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
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
        self._term_index: dict[Any, int] = {}
        self._proof_index: dict[str, int] = {}
        self._written: dict[int, tuple[Any, int]] = {}

    def value(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return ["i", value]
        if isinstance(value, Expr | Boolean):
            return self.term(value)
        if isinstance(value, tuple):
            return -1 - self._once(value, self._members)
        if is_dataclass(value):
            return -1 - self.proof(value)
        raise Unreadable(f"no text for {value!r}")

    def proof(self, value: Any) -> int:
        return self._once(value, self._proof)

    def term(self, value: Expr | Boolean) -> int:
        return self._once(value, self._term)

    def _once(self, value: Any, write: Callable[[Any], int]) -> int:
        if id(value) not in self._written:
            self._written[id(value)] = value, write(value)
        return self._written[id(value)][1]

    def _proof(self, value: Any) -> int:
        return self._place([type(value).__name__, *(self.value(getattr(value, each.name)) for each in fields(value))])

    def _members(self, value: tuple[Any, ...]) -> int:
        """By what is written of them: tuples may be equal whose members are of different types."""
        return self._place(["", *map(self.value, value)])

    def _place(self, row: list[Any]) -> int:
        key = repr(row)
        if key not in self._proof_index:
            self._proof_index[key] = len(self.proofs)
            self.proofs.append(row)
        return self._proof_index[key]

    def _term(self, value: Expr | Boolean) -> int:
        key = (type(value), value)
        if key not in self._term_index:
            row = self._row(value)
            self._term_index[key] = len(self.terms)
            self.terms.append(row)
        return self._term_index[key]

    def _row(self, value: Expr | Boolean) -> list[Any]:
        if value in (true, false):
            return ["true" if value == true else "false"]
        if isinstance(value, Symbol):
            return ["symbol", value.name]
        if isinstance(value, Rational):
            return ["number", str(value.p), str(value.q)]
        if isinstance(value, LawFunction):
            return ["law", type(value).__name__, value.law, self.term(value.argument)]
        parts = [self.term(part) for part in value.args] if not isinstance(value, Derivative) else []
        if type(value) in _OPS:
            return [_OPS[type(value)], *parts]
        if type(value) in _FUNCTIONS.values():
            return [type(value).__name__, *parts]
        if value in _CONSTANTS.values():
            return [next(name for name, constant in _CONSTANTS.items() if constant == value)]
        if isinstance(value, AppliedUndef):
            return ["function", value.func.__name__, *parts]
        if isinstance(value, Derivative):
            return ["derivative", self.term(value.expr), *((self.term(v), int(n)) for v, n in value.variable_count)]
        raise Unreadable(f"no text for {value}")


def to_text(certificate: certificates.Certificate) -> str:
    """JSON of `certificate`; equal certificates have the same text. Raises `Unreadable`."""
    writer = _Writer()
    root = writer.proof(certificate)
    return json.dumps({"terms": writer.terms, "proofs": writer.proofs, "root": root}, separators=(",", ":"))


def texts(values: Sequence[certificates.Certificate | Expr | Boolean]) -> str:
    """JSON of several certificates, expressions and statements, which share what they have in common. Raises `Unreadable`."""
    writer = _Writer()
    roots = [writer.value(value) for value in values]
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
