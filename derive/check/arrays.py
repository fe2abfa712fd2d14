"""Expressions as functions of arrays: what they share is computed once, by numpy's operations; rarer functions by `lambdify`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Abs, Add, And, Expr, Heaviside, Max, Min, Mul, Not, Or, Piecewise, Pow, Symbol, exp, log
from sympy.core.relational import Relational

__all__ = ["Table", "of_arrays", "steady"]

Array = NDArray[np.float64]
Columns = Callable[..., Sequence[Any]]


@dataclass(frozen=True)
class Table:
    """Expressions as a function of the columns they speak of; what has no value is nan."""

    columns: Columns
    used: tuple[int, ...]
    count: int

    @cached_property
    def _places(self) -> list[int]:
        return list(self.used)

    def __call__(self, rows: Array) -> Array:
        """One column per expression."""
        out = np.empty((len(rows), self.count))
        with np.errstate(all="ignore"):
            for place, column in enumerate(self.columns(*rows.T[self._places])):
                out[:, place] = column
        return out

    def along(self, rows: Array, moved: Mapping[int, Array]) -> Sequence[Any]:
        """For each expression what it is where some columns take several values, those in the same row.

        What does not speak of these columns is computed once per row.
        """
        with np.errstate(all="ignore"):
            return self.columns(*[moved[k] if k in moved else rows[:, k, None] for k in self.used])


def steady(table: Table) -> Callable[[Array], Array]:
    """The same function; where it speaks of no column it is computed once, in one row for all."""
    if table.used:
        return table
    values = table(np.empty((1, 0)))
    return lambda _: values


def of_arrays(symbols: Sequence[Symbol], exprs: Sequence[Expr]) -> Table:
    """The expressions as a function of rows that have a column for each of the symbols."""
    spoken = {symbol for expr in exprs for symbol in expr.free_symbols}
    used = tuple(k for k, symbol in enumerate(symbols) if symbol in spoken)
    own = [symbols[k] for k in used]
    return Table(_written(own, exprs) or _by_lambdify(own, exprs), used, len(exprs))


def _by_lambdify(symbols: Sequence[Symbol], exprs: Sequence[Expr]) -> Columns:
    """The same by SymPy; what is not real is nan."""
    function = sympy.lambdify(symbols, list(exprs), modules=["scipy", "numpy"], cse=True)

    def real(column: Any) -> Any:
        return np.where(np.isreal(column), np.real(column), np.nan) if np.iscomplexobj(column) else column

    return lambda *columns: [real(column) for column in function(*columns)]


def _written(symbols: Sequence[Symbol], exprs: Sequence[Expr]) -> Columns | None:
    """A function written down with numpy's operations; None where an expression needs more than these."""
    writer = _Writer({symbol: f"x{k}" for k, symbol in enumerate(symbols)})
    try:
        answers = [writer.name(expr) for expr in exprs]
    except _Unknown:
        return None
    arguments = ", ".join(f"x{k}" for k in range(len(symbols)))
    body = "\n ".join([*writer.lines, f"return ({''.join(f'{answer}, ' for answer in answers)})"])
    known: dict[str, Any] = {"np": np}
    exec(f"def columns({arguments}):\n {body}", known)
    written: Columns = known["columns"]
    return written


class _Unknown(Exception):
    """A function that is not written here."""


class _Writer:
    """Writes expressions as assignments, one for every part."""

    def __init__(self, names: dict[Any, str]) -> None:
        self.names = names
        self.lines: list[str] = []

    def name(self, part: Any) -> str:
        """What the value of a part is called."""
        found = self.names.get(part)
        if found is None:
            text = self._text(part)
            found = self.names[part] = f"v{len(self.lines)}"
            self.lines.append(f"{found} = {text}")
        return found

    def _text(self, part: Any) -> str:
        if part.is_Rational or part.is_Float:
            try:
                return repr(float(part))
            except OverflowError:
                raise _Unknown from None
        if isinstance(part, Pow):
            return self._power(part)
        if isinstance(part, Piecewise):
            return reduce(self._otherwise, reversed(part.args), "np.nan")
        if isinstance(part, Relational):
            return f"{self.name(part.lhs)} {part.rel_op} {self.name(part.rhs)}"
        if part in (sympy.true, sympy.false):
            return str(bool(part))
        if isinstance(part, Mul):
            return self._product(part)
        names = [self.name(arg) for arg in part.args]
        for kind, between in ((Add, " + "), (And, " & "), (Or, " | ")):
            if isinstance(part, kind):
                return between.join(names)
        for kind, function in ((Max, "np.maximum"), (Min, "np.minimum")):
            if isinstance(part, kind):
                return f"{function}(" * (len(names) - 1) + names[0] + "".join(f", {name})" for name in names[1:])
        for kind, function in ((exp, "np.exp"), (log, "np.log"), (Abs, "np.abs"), (Not, "np.logical_not")):
            if isinstance(part, kind) and len(names) == 1:
                return f"{function}({names[0]})"
        if isinstance(part, Heaviside):
            return f"np.heaviside({', '.join(names)})"
        raise _Unknown

    def _product(self, part: Mul) -> str:
        """A quotient is divided once: the product with a reciprocal is rounded twice, and a bound is then not met exactly."""
        below = [arg for arg in part.args if isinstance(arg, Pow) and arg.exp.is_Integer and arg.exp < 0]
        above = [self.name(arg) for arg in part.args if arg not in below]
        divided = "".join(f" / {self.name(Pow(arg.base, -arg.exp))}" for arg in below)
        return (" * ".join(above) or "1.0") + divided

    def _power(self, part: Pow) -> str:
        base, exponent = self.name(part.base), part.exp
        plain = {-1: f"1.0 / {base}", 2: f"{base} * {base}", -2: f"1.0 / ({base} * {base})", 3: f"{base} * {base} * {base}"}
        if exponent in plain:
            return plain[exponent]
        if exponent == sympy.S.Half:
            return f"np.sqrt({base})"
        return f"np.power({base}, {self.name(exponent)})"

    def _otherwise(self, text: str, case: Any) -> str:
        value, condition = self.name(case.args[0]), self.name(case.args[1])
        return f"np.where({condition}, {value}, {text})"
