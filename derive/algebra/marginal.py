"""The marginal payoff, split into a factor of known sign and the core that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Mul, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.errors import Refusal
from derive.field import derivative, factored, normal
from derive.prove import prove
from derive.prove.api import WORK
from derive.prove.relations import compared, relation


@dataclass(frozen=True)
class SignedProduct:
    """``positive * core``, with ``positive > 0`` proved by `certificate` (None when it is the constant 1)."""

    positive: Expr
    core: Expr
    certificate: Certificate | None


def oriented(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr` with every factor turned so that it is positive where its sign is provable; the product is unchanged."""
    if expr.is_Symbol or expr.is_Rational:
        return expr
    form = factored(expr)
    coefficient, turned = form.coefficient, []
    for base, exponent in form.factors:
        if base.is_Add and is_negative(base, given):
            base = sympy.Add(*(-term for term in base.args))
            coefficient *= -1 if exponent % 2 else 1
        turned.append(base**exponent)
    return Mul(coefficient, *turned, evaluate=len(turned) != 1 or coefficient == 1)


def power(expr: Expr, exponent: Expr, given: Sequence[Boolean]) -> Expr:
    """``expr**exponent`` of a positive quantity: powers in it that are proved positive get their own exponents."""
    own: list[Expr] = []
    rest: list[Expr] = []
    for factor in Mul.make_args(oriented(expr, given)):
        base, inner = factor.as_base_exp()
        if not inner.is_Rational and base != sympy.E and sign_of(base, given) == 1:
            own.append(base ** normal(inner * exponent))
        else:
            rest.append(factor)
    return Mul(*own, normal(Mul(*rest)) ** exponent)


def signed_product(expr: Expr, given: Sequence[Boolean]) -> SignedProduct:
    """Split off every factor whose sign is provable under `given`.

    What remains is a polynomial ``core`` with the sign of `expr`. Raises Refusal when a denominator may vanish.
    """
    form = factored(expr)
    positive: list[Expr] = [abs(form.coefficient)] if form.coefficient else []
    negative = form.coefficient < 0
    core: list[Expr] = []
    for base, exponent in form.factors:
        sign = sign_of(base, given)
        if sign is None:
            if exponent < 0:
                raise Refusal(
                    f"the denominator {base} is not proved to be nonzero: where it cannot vanish, the assumptions should say so"
                )
            core.append(base**exponent)
            continue
        if sign < 0:
            base = sympy.Add(*(-term for term in sympy.Add.make_args(base)))
            negative ^= bool(exponent % 2)
        positive.append(base**exponent)
    factor = Mul(*positive)
    rest = Mul(*core) if form.coefficient else Integer(0)
    if len(core) == 1 and negative:
        rest, negative = sympy.Add(*(-term for term in sympy.Add.make_args(core[0]))), False
    if not core and negative:
        rest, negative = Integer(-1), False
    if negative:
        rest = -rest
    certificate = prove(compared(factor, ">"), given) if not factor.is_Rational else None
    if certificate is None and not factor.is_Rational:
        factor, rest = Integer(1), expr
    return SignedProduct(factor, rest, certificate)


def sign_of(expr: Expr, given: Sequence[Boolean], *, splits: int = 1) -> int | None:
    """+1 or -1 when that sign is proved under `given`, else None."""
    if expr.is_Rational:
        return int(sympy.sign(expr)) or None
    if expr == sympy.E:
        return 1
    if prove(relation(expr, ">"), given, splits=splits) is not None:
        return 1
    return -1 if is_negative(expr, given, splits=splits) else None


def weak_sign(expr: Expr, given: Sequence[Boolean]) -> int | None:
    """The sign, or +1 or -1 where that sign or zero is proved; else None."""
    sign = sign_of(expr, given)
    if sign is not None or expr.is_Rational:
        return sign
    if prove(relation(expr, ">="), given) is not None:
        return 1
    return -1 if prove(relation(expr, "<="), given) is not None else None


def is_negative(expr: Expr, given: Sequence[Boolean], *, splits: int = 1, work: int = WORK) -> bool:
    """Whether `expr` is proved negative under `given`."""
    return prove(relation(expr, "<"), given, splits=splits, work=work) is not None


def marginal(objective: Expr, variable: Symbol, given: Sequence[Boolean]) -> SignedProduct:
    """``d objective / d variable`` as a positive factor times the core that decides its sign."""
    slope = derivative(objective, variable)
    if slope == 0:
        return SignedProduct(Integer(1), Integer(0), None)
    return signed_product(slope, given)
