"""Exponentials and Lambert's function: ``W(z) e**W(z) = z`` as the rule that takes one out of the other.

Every function here returns an expression that is identical to the one it was given wherever that is real.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Add, Expr, LambertW, Mul, exp, log
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.field import NotRational, normal
from derive.kernels import kernels
from derive.logarithms import logarithm, without_exponentials


def joined(product: Expr) -> Expr:
    """A product with its exponentials made one: ``exp(a)*exp(-b)`` is ``exp(a - b)``."""
    rest, exponents = without_exponentials(product)
    return product if len(exponents) < 2 else Mul(rest, exp(Add(*exponents)))


def without_lambert_inside(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr` with ``exp(n W(z))`` written ``(z/W(z))**n``, where z has a sign, and ``log(k W(z))`` written ``log(k z) - W(z)``."""
    values = [node for node in kernels(expr) if isinstance(node, LambertW)]
    if not values:
        return expr
    try:
        alike = _alike(expr)
        nodes = [node for node in kernels(alike) if isinstance(node, exp | log) and node.has(LambertW)]
        turned = {node: _power(node, given) if isinstance(node, exp) else _logarithm(node) for node in nodes}
        return _alike(normal(alike.xreplace(turned))) if turned else alike
    except NotRational:
        return expr


def _alike(expr: Expr) -> Expr:
    """Equal values of Lambert's function are written alike."""
    values = [node for node in kernels(expr) if isinstance(node, LambertW)]
    return expr.xreplace({node: LambertW(joined(normal(node.args[0])), *node.args[1:]) for node in values})


def _power(node: exp, given: Sequence[Boolean]) -> Expr:
    factors = []
    for term in Add.make_args(sympy.expand(node.args[0])):
        times, value = term.as_coeff_Mul()
        known = isinstance(value, LambertW) and times.is_Integer and sign_of(value.args[0], given) is not None
        factors.append((value.args[0] / value) ** times if known else exp(term))
    return Mul(*factors)


def _logarithm(node: log) -> Expr:
    inside = normal(node.args[0])
    powers = [factor.as_base_exp() for factor in Mul.make_args(inside)]
    values = [(base, times) for base, times in powers if isinstance(base, LambertW) and times.is_Integer]
    if len(values) != 1:
        return node
    ((value, times),) = values
    return logarithm(normal(inside / value**times * value.args[0] ** times)) - times * value
