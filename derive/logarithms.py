"""What stands under logarithms, written one way: a reduced fraction without exponentials."""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import Add, Expr, Mul, S, exp, log

from derive.kernels import kernels


def with_plain_logarithms(expr: Expr, normal: Callable[[Expr], Expr]) -> Expr:
    """`expr` with the argument of every logarithm in normal form and its exponentials taken out: ``log(1 + (a - c)/c)`` is
    ``log(a/c)``, and ``log(b*exp(x))`` is ``x + log(b)``."""
    nodes = [node for node in kernels(expr) if isinstance(node, log) and len(node.args) == 1]
    turned = {node: logarithm(normal(node.args[0])) for node in nodes} if nodes else {}
    return expr.xreplace(turned) if any(node != value for node, value in turned.items()) else expr


def logarithm(product: Expr) -> Expr:
    """``log(product)``, the exponentials among its factors taken out."""
    rest, exponents = without_exponentials(product)
    return Add(*exponents, log(rest))


def under_logarithms(difference: Expr) -> Expr:
    """What has the sign of ``log(u) - log(v)``: ``u - v``. Anything else as it is."""
    if isinstance(difference, Add) and len(difference.args) == 2:
        signs, nodes = zip(*(term.as_coeff_Mul() for term in difference.args), strict=True)
        if set(signs) == {1, -1} and all(isinstance(node, log) for node in nodes):
            return Add(*(sign * node.args[0] for sign, node in zip(signs, nodes, strict=True)))
    return difference


def without_exponentials(product: Expr) -> tuple[Expr, list[Expr]]:
    """The factors of a product that are no exponentials, and the exponents of the others."""
    raised = {factor: _exponent(factor) for factor in Mul.make_args(product)}
    rest = Mul(*(factor for factor, exponent in raised.items() if exponent is None))
    return rest, [exponent for exponent in raised.values() if exponent is not None]


def _exponent(factor: Expr) -> Expr | None:
    if factor == sympy.E:
        return S.One
    return factor.args[0] if isinstance(factor, exp) else None
