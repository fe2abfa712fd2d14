"""Expressions evaluated in ball arithmetic, by a short program for each that is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import prod

from flint import arb, fmpq
from sympy import Add, E, Expr, Integer, LambertW, Mul, Pow, Rational, Symbol, erf, exp, log, pi


class Undefined(ArithmeticError):
    """An expression that balls cannot evaluate: not real there, or of an unknown kind."""


Point = dict[Symbol, arb]
Operation = Callable[[list[arb], Point], arb]


def ball(expression: Expr, point: Point) -> arb:
    """An enclosure of the value at a point (or over a box) at the current precision. Raises `Undefined`."""
    values: list[arb] = []
    for operation in _program(expression):
        values.append(operation(values, point))
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
        return lambda _, _point: arb(number)
    if isinstance(node, Symbol):
        return lambda _, point: _given(node, point)
    if isinstance(node, Add):
        return lambda values, _point: sum([values[k] for k in parts], arb(0))
    if isinstance(node, Mul):
        return lambda values, _point: _real(prod([values[k] for k in parts], start=arb(1)))
    if isinstance(node, Pow) and len(parts) == 1:
        return lambda values, _point: _power(values[parts[0]], int(node.exp))
    if isinstance(node, Pow):
        return lambda values, _point: _real(values[parts[0]] ** values[parts[1]])
    if len(parts) == 1 and type(node) in _FUNCTIONS:
        function = _FUNCTIONS[type(node)]
        return lambda values, _point: _real(function(values[parts[0]]))
    if node in _CONSTANTS:
        constant = _CONSTANTS[node]
        return lambda _, _point: constant()
    return lambda _, _point: _undefined(node)


_FUNCTIONS: dict[type, Callable[[arb], arb]] = {exp: arb.exp, log: arb.log, erf: arb.erf, LambertW: arb.lambertw}
_CONSTANTS: dict[Expr, Callable[[], arb]] = {E: lambda: arb(1).exp(), pi: arb.pi}


def _given(symbol: Symbol, point: Point) -> arb:
    return point[symbol] if symbol in point else _undefined(symbol)


def _undefined(node: Expr) -> arb:
    raise Undefined(node)


def _power(base: arb, exponent: int) -> arb:
    if exponent < 0:
        if base.contains(0):
            raise Undefined("division by zero")
        return _real(1 / base**-exponent)
    return _real(base**exponent)


def _real(value: arb) -> arb:
    if not value.is_finite():
        raise Undefined("not a real number")
    return value
