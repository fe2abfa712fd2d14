"""Derivatives of expressions, every part differentiated once."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, exp, log

__all__ = ["derivative"]

_ZERO, _ONE = Integer(0), Integer(1)


@lru_cache(maxsize=4096)
def derivative(expr: Expr, symbol: Symbol) -> Expr:
    """The derivative of `expr` in `symbol`, by the rules for sums, products, powers and exponentials."""
    return _rate(expr, symbol, {})


def _rate(expr: Expr, symbol: Symbol, known: dict[Expr, Expr]) -> Expr:
    found = known.get(expr)
    if found is None:
        found = known[expr] = _fresh(expr, symbol, known)
    return found


def _fresh(expr: Expr, symbol: Symbol, known: dict[Expr, Expr]) -> Expr:
    if not expr.args:
        return _ONE if expr == symbol else _ZERO
    rates = [_rate(arg, symbol, known) for arg in expr.args if isinstance(arg, Expr)]
    if len(rates) == len(expr.args) and not any(rates):
        return _ZERO
    if isinstance(expr, Add):
        return Add(*rates)
    if isinstance(expr, Mul):
        args = expr.args
        return Add(*[Mul(*args[:k], rate, *args[k + 1 :]) for k, rate in enumerate(rates) if rate])
    if isinstance(expr, Pow):
        (base, exponent), (of_base, of_exponent) = expr.args, rates
        if not of_exponent:
            return Mul(exponent, Pow(base, exponent - 1), of_base)
        return Mul(expr, Add(Mul(of_exponent, log(base)), Mul(exponent, of_base, Pow(base, -1))))
    if isinstance(expr, exp):
        return Mul(expr, rates[0])
    return expr.diff(symbol)
