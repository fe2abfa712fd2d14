"""What any expression of a statement must be: exact, finite, real, and about declared symbols only."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import sympy
from sympy import Basic, Expr, Float, Rational, Symbol
from sympy.core.function import AppliedUndef

from derive.errors import StatementError


def require_exact(value: Any, declared: frozenset[Symbol], where: str) -> None:
    """Raise StatementError, beginning with `where`, unless `value` is exact, real, finite and about `declared` symbols only."""
    if isinstance(value, float):
        raise StatementError(f"{where}: {_exact_instead(value)}")
    if isinstance(value, bool) or value in (sympy.true, sympy.false):
        _truth(bool(value), where)
        return
    if isinstance(value, int):
        return
    if not isinstance(value, Basic):
        raise StatementError(f"{where}: {value!r} is a {type(value).__name__}, not an expression")
    for number in sorted(value.atoms(Float), key=str):
        raise StatementError(f"{where}: {_exact_instead(abs(float(number)))}")
    if value.has(sympy.nan, sympy.zoo):
        raise StatementError(f"{where}: {value} is not defined")
    if isinstance(value, Expr) and value.has(sympy.oo, -sympy.oo):
        raise StatementError(f"{where}: {value} is not finite")
    if value.has(sympy.I):
        raise StatementError(f"{where}: {value} is not real")
    for unknown in sorted(value.atoms(AppliedUndef), key=str):
        raise StatementError(f"{where}: {unknown} is a function that is not stated: write its formula, or a Shock with a law")
    names = {symbol.name for symbol in declared}
    for symbol in sorted(value.free_symbols - declared, key=str):
        if symbol.name in names:
            raise StatementError(f"has other assumptions in {where} than where it is declared", symbol=symbol.name)
        raise StatementError(f"is used in {where} and not declared{near(symbol.name, names)}", symbol=symbol.name)


def _truth(value: bool, where: str) -> None:
    if not value:
        raise StatementError(f"{where}: a relation there is false whatever the values are")


def _exact_instead(number: float) -> str:
    try:
        exact = Rational(repr(number))
    except (TypeError, ValueError):
        return f"the number {number} is not finite"
    simple = exact.limit_denominator(1000)
    if simple != exact and float(simple) == number:
        return f"the float {number!r} stands where an exact number is needed: write Rational({simple.p}, {simple.q})"
    return f'the float {number!r} stands where an exact number is needed: write exact("{number!r}"), that is {exact}'


def near(name: str, known: Iterable[str]) -> str:
    """The words that suggest the closest of the known names, or nothing."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
