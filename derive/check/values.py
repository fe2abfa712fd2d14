"""The value of an expression at a point: exact where all is rational, in long floating point else.

An expression is written down once as a list of operations, shared parts once, and that list is run at every point. Whether a
relation holds is told in double precision where its error bound allows, then exactly, then in long numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

import mpmath
import sympy
from mpmath.libmp import from_rational, mpf_mul, mpf_pow, mpf_pow_int, mpf_sum
from sympy import Add, Expr, Mul, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import BooleanAtom

from derive.check.rough import told

__all__ = [
    "DIGITS",
    "Apply",
    "Op",
    "Tape",
    "Undecided",
    "along",
    "exact",
    "holds",
    "number",
    "numbers",
    "opaque",
    "tape_of",
    "valued",
]

DIGITS = 60
MOST_POWER = 1000  # a whole power that is computed exactly
LONG = 256  # binary places of a denominator that is brought to lowest terms

#: Values an unknown function from its name (``Head:tag`` for heads with a tag) and arguments.
Apply = Callable[[str, tuple[Any, ...]], Any]


class Undecided(Exception):
    """An expression has no value, or the test can neither show that it is zero nor that it is not. What is told after the first part of
    the reason is written out only where it is read."""

    def __str__(self) -> str:
        return ": ".join(map(str, self.args))


class Op(Enum):
    """What an operation of a list does."""

    SYMBOL = "take the value of a symbol"
    NUMBER = "take a rational number"
    ADD = "add earlier results"
    MUL = "multiply earlier results"
    WHOLE_POWER = "raise an earlier result to a whole power"
    POWER = "raise an earlier result to the power of another"
    CASES = "take the branch that applies"
    FUNCTION = "apply a function to earlier results"


# The loops over operations ask for these many thousand times.
_SYMBOL, _NUMBER, _ADD, _MUL = Op.SYMBOL, Op.NUMBER, Op.ADD, Op.MUL
_TRUTHS = bool, BooleanAtom
_WHOLE_POWER, _POWER, _CASES = Op.WHOLE_POWER, Op.POWER, Op.CASES


@dataclass(frozen=True)
class Tape:
    """Operations in order, each with what it works on; `roots` are the places of the values asked for.

    They are `rational` where they are those of rational functions.
    """

    operations: tuple[tuple[Op, Any], ...]
    roots: tuple[int, ...]
    rational: bool


@lru_cache(maxsize=20_000)
def tape_of(exprs: tuple[Expr, ...]) -> Tape:
    """The operations that give the values of several expressions."""
    places: dict[Expr, int] = {}
    operations: list[tuple[Op, Any]] = []
    roots = tuple(_place(expr, places, operations) for expr in exprs)
    return Tape(tuple(operations), roots, _is_rational(operations))


def _is_rational(operations: Iterable[tuple[Op, Any]]) -> bool:
    """Whether all values are those of rational functions that are computed exactly."""
    exactly = {_SYMBOL, _NUMBER, _ADD, _MUL, _WHOLE_POWER}
    return all(op in exactly and (op is not _WHOLE_POWER or abs(what[1]) <= MOST_POWER) for op, what in operations)


def _place(expr: Expr, places: dict[Expr, int], operations: list[tuple[Op, Any]]) -> int:
    """The place of an expression's value, its operations being added where they are new."""
    found = places.get(expr)
    if found is not None:
        return found
    operation: tuple[Op, Any]
    if isinstance(expr, Symbol):
        operation = (_SYMBOL, expr)
    elif expr.is_Rational:
        operation = (_NUMBER, (int(expr.p), int(expr.q)))
    elif isinstance(expr, Add | Mul):
        operands = tuple(_place(arg, places, operations) for arg in expr.args)
        operation = (_ADD if isinstance(expr, Add) else _MUL, operands)
    elif isinstance(expr, Pow) and expr.exp.is_Integer:
        operation = (_WHOLE_POWER, (_place(expr.base, places, operations), int(expr.exp)))
    elif isinstance(expr, Pow):
        operation = (_POWER, tuple(_place(arg, places, operations) for arg in expr.args))
    elif isinstance(expr, sympy.Piecewise):
        operation = (_CASES, expr)
    else:
        operation = (Op.FUNCTION, (expr, tuple(_place(a, places, operations) for a in expr.args if isinstance(a, Expr))))
    operations.append(operation)
    places[expr] = len(operations) - 1
    return places[expr]


# --- values -----------------------------------------------------------------------------------------------------------------


def number(expr: Expr, at: Mapping[Any, Any], apply: Apply | None = None) -> Any:
    """The value of `expr` where symbols have the values `at`, to the current mpmath precision.

    Raises `Undecided` on what it cannot value, ArithmeticError where `expr` is undefined or not real.
    """
    return numbers((expr,), at, apply)[0]


def numbers(exprs: Sequence[Expr], at: Mapping[Any, Any], apply: Apply | None = None) -> list[Any]:
    """The values of several expressions, what they share being computed once."""
    tape, make = tape_of(tuple(exprs)), mpmath.mp.make_mpf
    found: list[Any] = [None] * len(tape.operations)
    _run(tape.operations, range(len(found)), found, at, apply)
    return [make(found[place]) for place in tape.roots]


def along(expr: Expr, symbol: Symbol, at: Mapping[Any, Any], apply: Apply | None = None) -> Callable[[Any], Any]:
    """The value of an expression as a function of one symbol; what does not speak of it is computed once, to the current precision."""
    tape, make = tape_of((expr,)), mpmath.mp.make_mpf
    moving = _speaking(tape, symbol)
    found: list[Any] = [None] * len(tape.operations)
    _run(tape.operations, sorted(set(range(len(found))).difference(moving)), found, at, apply)
    known = dict(at)

    def value(x: Any) -> Any:
        known[symbol] = x
        _run(tape.operations, moving, found, known, apply)
        return make(found[tape.roots[0]])

    return value


def _speaking(tape: Tape, symbol: Symbol) -> tuple[int, ...]:
    """The places of the operations whose values hang on a symbol."""
    found: set[int] = set()
    for place, (op, what) in enumerate(tape.operations):
        if op is _SYMBOL:
            own = what == symbol
        elif op is _CASES:
            own = symbol in what.free_symbols
        elif op is _NUMBER:
            own = False
        else:
            operands = (what[0],) if op is _WHOLE_POWER else what[1] if op is Op.FUNCTION else what
            own = not found.isdisjoint(operands)
        if own:
            found.add(place)
    return tuple(sorted(found))


def valued(
    values: tuple[tuple[Symbol, Expr], ...], at: Mapping[Any, Any], apply: Apply | None = None
) -> list[tuple[Symbol, Any]]:
    """The values that symbols have one after the other, each in terms of `at` and of those before it."""
    tape = chain(values)
    if tape is None:
        known = dict(at)
        for symbol, expr in values:
            known[symbol] = number(expr, known, apply)
        return [(symbol, known[symbol]) for symbol, _ in values]
    make = mpmath.mp.make_mpf
    found: list[Any] = [None] * len(tape.operations)
    _run(tape.operations, range(len(found)), found, at, apply)
    return [(symbol, make(found[place])) for (symbol, _), place in zip(values, tape.roots, strict=True)]


@lru_cache(maxsize=1024)
def chain(values: tuple[tuple[Symbol, Expr], ...]) -> Tape | None:
    """The operations that give such values, what they share once; None where a value by cases or a derivative would have to be told
    values found before it, or a symbol is spoken of before it has its value."""
    places: dict[Expr, int] = {}
    operations: list[tuple[Op, Any]] = []
    roots = []
    for symbol, expr in values:
        place = _place(expr, places, operations)
        if symbol in places or expr.has(sympy.Piecewise, sympy.Derivative):
            return None
        places[symbol] = place
        roots.append(place)
    return Tape(tuple(operations), tuple(roots), _is_rational(operations))


def _run(
    operations: Sequence[tuple[Op, Any]], places: Iterable[int], found: list[Any], at: Mapping[Any, Any], apply: Apply | None
) -> None:
    """Carry out the operations at some places, those before which they need being done."""
    (precision, rounding), make = mpmath.mp._prec_rounding, mpmath.mp.make_mpf
    for here in places:
        op, what = operations[here]
        if op is _MUL:
            value = found[what[0]]
            for place in what[1:]:
                value = mpf_mul(value, found[place], precision, rounding)
        elif op is _ADD:
            value = mpf_sum([found[place] for place in what], precision, rounding)
        elif op is _WHOLE_POWER:
            value = mpf_pow_int(found[what[0]], what[1], precision, rounding)
        elif op is _SYMBOL:
            value = _long(what, at, precision, rounding)
        elif op is _NUMBER:
            value = from_rational(*what, precision, rounding)
        elif op is _POWER:
            base, exponent = found[what[0]], found[what[1]]
            if base[0] and exponent[2] < 0:  # a negative base and an exponent with binary places
                raise ArithmeticError("a non-integer power of a negative number")
            value = mpf_pow(base, exponent, precision, rounding)
        elif op is _CASES:
            value = _branch(what, at, apply)._mpf_
        else:
            value = mpmath.mpf(_function(what[0], [make(found[place]) for place in what[1]], apply))._mpf_
        found[here] = value


def _long(symbol: Symbol, at: Mapping[Any, Any], precision: int, rounding: str) -> Any:
    """The value of a symbol as a long number."""
    if symbol not in at:
        raise Undecided(f"no value for {symbol}")
    value = at[symbol]
    if hasattr(value, "_mpf_"):
        return value._mpf_
    if isinstance(value, int | Fraction):
        return from_rational(value.numerator, value.denominator, precision, rounding)
    return mpmath.mpf(value)._mpf_


def _branch(expr: Any, at: Mapping[Any, Any], apply: Apply | None) -> Any:
    for branch, condition in expr.args:
        if holds(condition, at, apply):
            return number(branch, at, apply)
    raise ArithmeticError("no branch applies")


def _function(expr: Expr, args: Sequence[Any], apply: Apply | None) -> Any:
    if expr.is_NumberSymbol:
        return mpmath.mpf(str(expr.evalf(mpmath.mp.dps + 5)))
    if not expr.args:
        raise Undecided(f"cannot value {expr}")
    if isinstance(expr, sympy.Derivative) and apply is not None:
        return apply(str(expr), ())
    name = _named(expr)
    if isinstance(expr, AppliedUndef) or (apply is not None and name not in _FUNCTIONS):
        if apply is None:
            raise Undecided(f"no value for {expr}")
        return apply(name, tuple(args))
    if name not in _FUNCTIONS:
        raise Undecided(f"cannot value the function {name}")
    result = _FUNCTIONS[name](*args)
    if isinstance(result, mpmath.mpc):
        raise ArithmeticError("not real")
    return result


@lru_cache(maxsize=4096)
def _named(expr: Expr) -> str:
    """The head of a function, with its tag."""
    return type(expr).__name__ + "".join(f":{arg}" for arg in expr.args if not isinstance(arg, Expr))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp, "log": mpmath.log, "Abs": abs, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan,
    "acos": mpmath.acos, "asin": mpmath.asin, "atan": mpmath.atan, "erf": mpmath.erf, "gamma": mpmath.gamma,
    "LambertW": lambda x, k=0: mpmath.lambertw(x, int(k)), "Max": max, "Min": min, "sign": mpmath.sign,
}  # fmt: skip


def exact(exprs: Sequence[Expr], at: Mapping[Any, Any]) -> list[Fraction] | None:
    """The values of rational functions at a rational point; None for other expressions and points.

    Raises ZeroDivisionError where one is not defined.
    """
    tape = tape_of(tuple(exprs))
    if not tape.rational:
        return None
    found: list[tuple[int, int]] = []  # numerators and positive denominators, not always in lowest terms
    for op, what in tape.operations:
        if op is _MUL:
            top, bottom = found[what[0]]
            for place in what[1:]:
                other = found[place]
                top, bottom = top * other[0], bottom * other[1]
        elif op is _ADD:
            top, bottom = found[what[0]]
            for place in what[1:]:
                other = found[place]
                if bottom == other[1]:
                    top += other[0]
                else:
                    top, bottom = top * other[1] + other[0] * bottom, bottom * other[1]
        elif op is _WHOLE_POWER:
            top, bottom = _raised(found[what[0]], what[1])
        elif op is _NUMBER:
            top, bottom = what
        else:
            given = at.get(what)
            if not isinstance(given, int | Fraction):
                return None
            top, bottom = given.numerator, given.denominator
        if bottom.bit_length() > LONG:
            shared = gcd(top, bottom)
            top, bottom = top // shared, bottom // shared
        found.append((top, bottom))
    return [Fraction(*found[place]) for place in tape.roots]


def _raised(value: tuple[int, int], exponent: int) -> tuple[int, int]:
    top, bottom = value
    if exponent >= 0:
        return top**exponent, bottom**exponent
    if not top:
        raise ZeroDivisionError
    below: int = top**-exponent
    return (bottom**-exponent if below > 0 else -(bottom**-exponent)), abs(below)


# --- relations ----------------------------------------------------------------------------------------------------------------


def holds(relation: Any, at: Mapping[Any, Any], apply: Apply | None = None, near: Mapping[Any, float] | None = None) -> bool:
    """Whether a relation (or a conjunction or disjunction of relations) is true at a point.

    At a rational point that is told exactly where the relation is rational; else sides equal but for rounding are equal. `near` are the
    values `at` in double precision, where they are at hand.
    """
    certain = told(relation, at if near is None else near)
    if certain is not None:
        return certain
    if isinstance(relation, _TRUTHS):
        return bool(relation)
    if isinstance(relation, sympy.And | sympy.Or):
        return (all if isinstance(relation, sympy.And) else any)(holds(arg, at, apply, near) for arg in relation.args)
    sides = exact((relation.lhs, relation.rhs), at)
    gap: Any = sides[0] - sides[1] if sides is not None else _gap(relation, at, apply)
    tests = {"<": gap < 0, "<=": gap <= 0, ">": gap > 0, ">=": gap >= 0, "==": gap == 0, "!=": gap != 0}
    return bool(tests[relation.rel_op])


def _gap(relation: Any, at: Mapping[Any, Any], apply: Apply | None) -> Any:
    """``left - right`` in long numbers, zero where it is no more than rounding."""
    left = Add.make_args(relation.lhs)
    parts = numbers((*left, *Add.make_args(relation.rhs)), at, apply)
    parts[len(left) :] = [-part for part in parts[len(left) :]]
    gap = mpmath.fsum(parts)
    return 0 if abs(gap) <= max(map(abs, parts)) * mpmath.mpf(10) ** (4 - mpmath.mp.dps) else gap


def opaque(name: str, args: tuple[Any, ...]) -> Any:
    """A number for an unknown function, fixed by its name and argument (equal arguments up to rounding get equal values)."""
    text = name + "".join(mpmath.nstr(arg, DIGITS // 2) for arg in args)
    return mpmath.mpf(int(hashlib.sha256(text.encode()).hexdigest()[:20], 16)) / 16**20
