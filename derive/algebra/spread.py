"""Powers of positive products written as products of powers, so that powers of one base meet: ``(c*x**a)**b = c**b * x**(a*b)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sympy
from sympy import Expr, Mul, Pow, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.field import factored, normal

__all__ = ["apart", "powers_apart", "put_together"]


def apart(expr: Expr, symbols: Iterable[Symbol], given: Sequence[Boolean]) -> Expr:
    """`expr` with its powers of products taken apart, if one of `symbols` is under a power that is not an integer."""
    return powers_apart(expr, given) if _under_power(expr, set(symbols)) else expr


def put_together(expr: Expr, values: Mapping[Symbol, Expr], given: Sequence[Boolean]) -> Expr:
    """`expr` with symbols replaced; powers of them take the powers in their values along."""
    put = expr.xreplace(dict(values))
    return powers_apart(put, given) if _under_power(expr, set(values)) else put


def _under_power(expr: Expr, symbols: set[Symbol]) -> bool:
    return any(node.base.free_symbols & symbols and not node.exp.is_Integer for node in expr.atoms(Pow))


def powers_apart(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr` where each factor that is proved positive has a power of its own."""
    if not expr.args:
        return expr
    parts = [powers_apart(part, given) for part in expr.args]
    if isinstance(expr, sympy.Abs):
        return _absolute(parts[0], given)
    if isinstance(expr, Pow) and not expr.exp.is_Integer and expr.base != sympy.E:
        return _power(parts[0], parts[1], given)
    return expr.func(*parts)


def _absolute(inner: Expr, given: Sequence[Boolean]) -> Expr:
    """An absolute value without the factors whose sign is proved: a root of a square is written as one."""
    form = factored(inner)
    own: list[Expr] = [abs(form.coefficient)]
    for factor, times in form.factors:
        sign = sign_of(factor, given) if times % 2 else 1
        own.append(sign * factor**times if sign else sympy.Abs(factor) ** times)
    return Mul(*own)


def _power(base: Expr, exponent: Expr, given: Sequence[Boolean]) -> Expr:
    """A power with every factor of the base the sign of which is proved given its own."""
    form = factored(base)
    coefficient = form.coefficient
    own: list[Expr] = []
    rest: list[Expr] = []
    for factor, times in form.factors:
        if isinstance(factor, sympy.exp):
            own.append(sympy.exp(normal(factor.args[0] * times * exponent)))
            continue
        inner, power = factor.as_base_exp() if isinstance(factor, Pow) else (factor, sympy.Integer(1))
        sign = sign_of(inner, given)
        if sign == 1 or (sign == -1 and (power * times).is_integer):
            own.append(Pow(normal(sign * inner), normal(power * times * exponent)))
            coefficient *= sign if (power * times).is_odd else 1
        else:
            rest.append(factor**times)
    if coefficient > 0:
        own.append(Pow(coefficient, exponent))
    elif coefficient != 1:
        rest.append(coefficient)
    return Mul(*own, Pow(Mul(*rest), exponent))
