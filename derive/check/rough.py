"""The sign of a difference in double precision with a bound on its error: tells most relations apart without long numbers.

A bound never promises more than it may: where the sign is in doubt, or an expression is of another kind, the answer is None, and
whoever asked works with long numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Mul, Pow, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

__all__ = ["doubles", "told"]

UNIT = 2.0**-50  # the relative error of one operation, with plenty to spare
TINY = 1e-290  # what underflow may hide
Rough = tuple[float, float]
#: Symbols, and a difference with its error as a function of their values.
Program = tuple[tuple[Symbol, ...], Callable[..., Rough]]
#: Whether a relation holds where its left side is more than its right side, and where it is less.
VERDICTS = dict.fromkeys((">", ">="), (True, False)) | dict.fromkeys(("<", "<="), (False, True))
VERDICTS |= {"==": (False, False), "!=": (True, True)}


def told(relation: Boolean, at: Mapping[Any, Any]) -> bool | None:
    """Whether a relation holds where symbols have the values `at`, if that is certain."""
    test = _test(relation)
    if test is None:
        return None
    sign = _sign(test[0], at)
    return None if sign is None else test[1][sign < 0]


@lru_cache(maxsize=1 << 14)
def _test(relation: Boolean) -> tuple[Program, tuple[bool, bool]] | None:
    """How a single relation is told; None for one that is not read here."""
    program = _program(relation.lhs, relation.rhs) if isinstance(relation, Relational) else None
    return None if program is None else (program, VERDICTS[relation.rel_op])


def doubles(at: Mapping[Any, Any]) -> dict[Any, float]:
    """The values of symbols in double precision, to be used for several relations; values without one are left out."""
    found = {}
    for symbol, value in at.items():
        try:
            found[symbol] = _double(value)
        except (ArithmeticError, ValueError, TypeError):
            continue
    return found


def _sign(program: Program, at: Mapping[Any, Any]) -> int | None:
    """The sign of a difference, if it is certain."""
    symbols, gap = program
    try:
        value, error = gap(*[_double(at[symbol]) for symbol in symbols])
    except (KeyError, ArithmeticError, ValueError, TypeError):
        return None
    return (1 if value > error else -1 if value < -error else None) if math.isfinite(error) else None


def _double(value: Any) -> float:
    if type(value) is float:
        return value
    return value.numerator / value.denominator if isinstance(value, Fraction) else float(value)


def _power(base: float, base_error: float, exponent: float, exponent_error: float) -> Rough:
    """A power and its error: the greatest and the least one are at the corners of where base and exponent may lie."""
    low, high = base - base_error - UNIT * abs(base), base + base_error + UNIT * abs(base)
    if not low > 0:
        raise ValueError
    value = base**exponent
    ends = (exponent - exponent_error, exponent + exponent_error) if exponent_error else (exponent,)
    corners = [one**other for one in (low, high) for other in ends]
    most = max(corners)
    return value, max(most - value, value - min(corners)) + (8 + 4 * abs(exponent)) * UNIT * most + TINY


def _whole_power(base: float, base_error: float, exponent: int) -> Rough:
    """A whole power, of a base of either sign."""
    size = abs(base)
    high = size + base_error
    value = base**exponent
    if exponent > 0:
        return value, exponent * high ** (exponent - 1) * base_error + 8 * UNIT * high**exponent + TINY
    low = size - base_error
    if not low > 0:
        raise ValueError
    return value, -exponent * base_error * low ** (exponent - 1) + 8 * UNIT * low**exponent + TINY


class _Unknown(Exception):
    """An expression of a kind that is not read here."""


class _Writer:
    """Writes an expression as assignments: the value and the error of every part."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.symbols: dict[Symbol, str] = {}
        self.known: dict[Expr, str] = {}

    def name(self, expr: Expr) -> str:
        found = self.known.get(expr)
        if found is None:
            found = self.known[expr] = self._written(expr)
        return found

    def _written(self, expr: Expr) -> str:
        if expr.is_Symbol:
            name = self.symbols[expr] = f"_{len(self.symbols)}"
            self.lines.append(f"e{name} = {UNIT!r} * abs(v{name})")
            return name
        if expr.is_Rational:
            try:
                value = int(expr.p) / int(expr.q)
            except OverflowError:
                raise _Unknown from None
            return self._line(repr(value), repr(abs(value) * UNIT))
        if isinstance(expr, Add):
            parts = [self.name(part) for part in expr.args]
            errors = " + ".join(f"e{part}" for part in parts)
            sizes = " + ".join(f"abs(v{part})" for part in parts)
            return self._line(" + ".join(f"v{part}" for part in parts), f"{errors} + {len(parts) * UNIT!r} * ({sizes})")
        if isinstance(expr, Mul):
            found = self.name(expr.args[0])
            for part in expr.args[1:]:
                a, b = found, self.name(part)
                error = f"abs(v{a}) * e{b} + abs(v{b}) * e{a} + e{a} * e{b} + {UNIT!r} * abs(v{a} * v{b}) + {TINY!r}"
                found = self._line(f"v{a} * v{b}", error)
            return found
        if isinstance(expr, Pow):
            base = self.name(expr.base)
            if expr.exp.is_Integer:
                return self._both(f"whole_power(v{base}, e{base}, {int(expr.exp)})")
            exponent = self.name(expr.exp)
            return self._both(f"power(v{base}, e{base}, v{exponent}, e{exponent})")
        raise _Unknown

    def _line(self, value: str, error: str) -> str:
        return self._both(f"{value}, {error}")

    def _both(self, text: str) -> str:
        name = str(len(self.lines))
        self.lines.append(f"v{name}, e{name} = {text}")
        return name


@lru_cache(maxsize=4096)
def _program(left: Expr, right: Expr) -> Program | None:
    """The symbols and a function of their values; None for a difference that is not read here."""
    writer = _Writer()
    try:
        one, other = writer.name(left), writer.name(right)
    except _Unknown:
        return None
    arguments = ", ".join(f"v{name}" for name in writer.symbols.values())
    answer = f"v{one} - v{other}, e{one} + e{other} + {UNIT!r} * (abs(v{one}) + abs(v{other}))"
    body = "\n ".join([*writer.lines, f"return {answer}"])
    known: dict[str, Any] = {"power": _power, "whole_power": _whole_power}
    exec(f"def gap({arguments}):\n {body}", known)
    return tuple(writer.symbols), known["gap"]
