"""Expressions as functions of arrays: what they share is computed once, by numpy's operations; rarer functions by `lambdify`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Abs, Add, And, Expr, Max, Min, Mul, Not, Or, Piecewise, Pow, Symbol, exp, log
from sympy.core.relational import Relational

__all__ = ["of_arrays"]

Columns = Callable[..., Sequence[Any]]


def of_arrays(symbols: Sequence[Symbol], exprs: Sequence[Expr]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """A function from rows to an array with one column per expression; not finite becomes nan."""
    function = _written(symbols, exprs) or sympy.lambdify(symbols, list(exprs), modules=["scipy", "numpy"], cse=True)

    def value(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(all="ignore"):
            columns = function(*np.ascontiguousarray(rows.T))
            out = np.empty((len(rows), len(exprs)))
            for i, column in enumerate(columns):
                out[:, i] = np.where(np.isreal(column), np.real(column), np.nan) if np.iscomplexobj(column) else column
        return out

    return value


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
