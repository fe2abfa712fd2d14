"""Expressions evaluated at a point, by a short program for each that is made once: in balls, exactly, or in many points at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add, mul
from typing import Any, Generic, TypeVar

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray
from scipy.special import erf as erf_of
from scipy.special import lambertw
from sympy import Abs, Add, E, Expr, Integer, LambertW, Max, Min, Mul, Pow, Rational, Symbol, erf, exp, log, pi

Value = TypeVar("Value")
Column = NDArray[np.float64]


class Undefined(ArithmeticError):
    """An expression that cannot be evaluated: not real there, or of an unknown kind."""


@dataclass(frozen=True)
class Arithmetic(Generic[Value]):
    """How values of a kind are made of numbers, raised to whole powers and to others, and put into functions."""

    number: Callable[[Any], Value]
    power: Callable[[Value, int], Value]
    raised: Callable[[Value, Value], Value]
    functions: Mapping[type, Callable[..., Value]]


Operation = Callable[[list[Any], Mapping[Symbol, Any], Arithmetic[Any]], Any]


def evaluated(expression: Expr, point: Mapping[Symbol, Any], kind: Arithmetic[Value]) -> Value:
    """The value at a point. Raises `Undefined`."""
    values: list[Value] = []
    for operation in _program(expression):
        values.append(operation(values, point, kind))
    return values[-1]


@lru_cache(maxsize=2048)
def _program(expression: Expr) -> tuple[Operation, ...]:
    """The operations that evaluate an expression, each common part once; an operation finds what it needs among earlier values."""
    places: dict[Expr, int] = {}
    operations: list[Operation] = []

    def place(node: Expr) -> int:
        if node not in places:
            parts = () if node.is_Atom else [place(part) for part in _operands(node)]
            operations.append(_operation(node, tuple(parts)))
            places[node] = len(operations) - 1
        return places[node]

    place(expression)
    return tuple(operations)


def _operands(node: Expr) -> tuple[Expr, ...]:
    """The parts that are evaluated: not an integer exponent."""
    return node.args[:1] if isinstance(node, Pow) and isinstance(node.exp, Integer) else node.args


def _operation(node: Expr, parts: tuple[int, ...]) -> Operation:
    if isinstance(node, Rational) and node.is_finite:
        number = fmpq(int(node.p), int(node.q))
        return lambda _, _point, kind: kind.number(number)
    if isinstance(node, Symbol):
        return lambda _, point, kind: kind.number(point[node]) if node in point else _undefined(node)
    if isinstance(node, Add | Mul):
        join = add if isinstance(node, Add) else mul
        return lambda values, _point, _kind: reduce(join, [values[k] for k in parts])
    if isinstance(node, Pow) and len(parts) == 1:
        base, exponent = parts[0], int(node.exp)
        return lambda values, _point, kind: kind.power(values[base], exponent)
    if isinstance(node, Pow):
        base, other = parts
        return lambda values, _point, kind: kind.raised(values[base], values[other])
    applied = type(node)
    return lambda values, _point, kind: kind.functions.get(applied, _undefined)(*(values[k] for k in parts))


def _undefined(*node: object) -> Any:
    raise Undefined(*node)


# --- balls -------------------------------------------------------------------------------------------------------------


def _power(base: arb, exponent: int) -> arb:
    if exponent >= 0:
        return _real(base**exponent)
    if base.contains(0):
        raise Undefined("division by zero")
    return _real(1 / base**-exponent)


def _real(value: arb) -> arb:
    if not value.is_finite():
        raise Undefined("not a real number")
    return value


BALLS: Arithmetic[arb] = Arithmetic(
    number=arb,
    power=_power,
    raised=lambda base, exponent: _real(base**exponent),
    functions={
        exp: lambda x: _real(x.exp()),
        log: lambda x: _real(x.log()),
        erf: lambda x: _real(x.erf()),
        LambertW: lambda x, *branch: _real(x.lambertw(branch=-1 if branch else 0)),
        type(E): lambda: arb(1).exp(),
        type(pi): arb.pi,
    },
)


def ball(expression: Expr, point: Mapping[Symbol, arb | fmpq]) -> arb:
    """An enclosure of the value at a point (or over a box) at the current precision. Raises `Undefined`."""
    return evaluated(expression, point, BALLS)


# --- exact numbers -----------------------------------------------------------------------------------------------------


def _raised(base: fmpq, exponent: fmpq) -> fmpq:
    if exponent.q != 1:
        raise Undefined(exponent)
    return base ** int(exponent.p)


NUMBERS: Arithmetic[fmpq] = Arithmetic(number=fmpq, power=pow, raised=_raised, functions={})


def number_at(expression: Expr, point: Mapping[Symbol, fmpq]) -> fmpq:
    """The exact value. Raises `Undefined` unless it takes rational operations and whole exponents alone, and ZeroDivisionError."""
    return evaluated(expression, point, NUMBERS)


# --- many points ---------------------------------------------------------------------------------------------------------


def _real_parts(values: Any) -> Any:
    """The values that are real numbers, not-a-number for others."""
    return np.where(values.imag == 0, values.real, np.nan)


COLUMNS: Arithmetic[Any] = Arithmetic(
    number=lambda value: np.float64(float(value)) if isinstance(value, fmpq) else value,
    power=pow,
    raised=pow,
    functions={
        exp: np.exp,
        log: np.log,
        erf: erf_of,
        LambertW: lambda x, branch=0: _real_parts(lambertw(x, branch)),
        Abs: np.abs,
        Max: lambda *parts: reduce(np.maximum, parts),
        Min: lambda *parts: reduce(np.minimum, parts),
        type(E): lambda: np.e,
        type(pi): lambda: np.pi,
    },
)


def column(expression: Expr, point: Mapping[Symbol, Column | fmpq]) -> Column:
    """The values at many points, symbols that are fixed given as numbers. Raises `Undefined`."""
    values: Column = evaluated(expression, point, COLUMNS)
    return values
