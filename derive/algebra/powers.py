"""Products with powers told by one power for each exponent."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Expr, Integer, Mul, Pow, Rational, factor_terms
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, sign_of
from derive.algebra.shape import length, shaped
from derive.algebra.spread import powers_apart
from derive.field import normal
from derive.kernels import kernels

__all__ = ["is_product_of_powers", "nested", "powers_together", "told_in_powers", "without_powers_of_zero"]


def _is_power(part: Expr) -> bool:
    """Whether a factor is a power with a symbolic or fractional exponent, the base of which is not negative."""
    return isinstance(part, Pow) and not part.exp.is_Integer and part.base != sympy.E


def powers_together(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """A product with powers of one exponent, or of opposite ones, as one power: ``a**e*b**(-e)`` is ``(a/b)**e``."""
    exponents: dict[Expr, Expr] = {}
    for part in filter(_is_power, Mul.make_args(expr)):
        base = normal(part.base)
        exponents[base] = exponents.get(base, Integer(0)) + part.exp
    rest: list[Expr] = []
    for part in Mul.make_args(expr):
        base, times = part.as_base_exp()
        base = base if base.is_Rational else normal(base)
        if base in exponents and times.is_Integer and not exponents[base].is_Rational:
            exponents[base] += times
        elif not _is_power(part):
            rest.append(part)
    groups: dict[Expr, Expr] = {}
    for base, exponent in exponents.items():
        told, other = (_oriented(normal(one), given) for one in (exponent, -exponent))
        turned = other in groups or (told not in groups and _reads_worse(told, given))
        _enter(groups, 1 / base if turned else base, other if turned else told)
    return Mul(*rest, *(_power(base, exponent, given) for exponent, base in groups.items()))


def _enter(groups: dict[Expr, Expr], base: Expr, exponent: Expr) -> None:
    """Put a base beside those of the same exponent, or of one of which the exponent is a multiple, or the other way round."""
    for known, before in groups.items():
        times = normal(exponent / known)
        if times.is_Integer:
            groups[known] = before * base**times
            return
        if (1 / times).is_Integer:
            del groups[known]
            groups[exponent] = before ** (1 / times) * base
            return
    groups[exponent] = base


def _power(base: Expr, exponent: Expr, given: Sequence[Boolean]) -> Expr:
    """A power, of the denominator where the numerator is one."""
    told = oriented(normal(base), given)
    top, bottom = sympy.fraction(told)
    return Pow(bottom, -exponent) if top == 1 else Pow(told, exponent)


def _oriented(exponent: Expr, given: Sequence[Boolean]) -> Expr:
    return exponent if isinstance(exponent, Rational) else oriented(factor_terms(exponent), given)


def _reads_worse(exponent: Expr, given: Sequence[Boolean]) -> bool:
    """Whether an exponent is better told with the opposite sign: it is proved negative, or looks so."""
    side = sign_of(exponent, given)
    return side < 0 if side is not None else exponent.could_extract_minus_sign()


def without_powers_of_zero(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr` with powers of zero that have a positive exponent as zero."""
    nodes = [node for node in kernels(expr) if isinstance(node, Pow) and node.base == 0]
    gone = {node: Integer(0) for node in sorted(nodes, key=sympy.default_sort_key) if sign_of(node.exp, given) == 1}
    return without_powers_of_zero(expr.xreplace(gone), given) if gone else expr


def told_in_powers(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr`, in which powers of products or with quotients as exponents stand, by one power for each exponent; unless that is longer,
    or without powers of products no shorter. Powers under powers are always told apart if they can be. With functions in it, it stays."""
    powers = [node for node in kernels(expr) if isinstance(node, Pow) and node.base != sympy.E]
    if not all(isinstance(node, Pow | sympy.Abs) for node in kernels(expr)):
        return expr
    products = any(not (node.base.is_Symbol or node.base.is_Add or node.base.is_Number) for node in powers)
    if not products and not any(sympy.fraction(node.exp)[1].free_symbols for node in powers):
        return expr
    apart = shaped(normal(powers_apart(expr, given)), given)
    if not all(sign_of(node.base, given) == 1 for node in kernels(apart) if isinstance(node, Pow) and node.base != sympy.E):
        return expr  # what is under a power may vanish: roots of such products are not told as products of roots, or the other way round
    found = powers_together(_with_whole_sums(apart, given), given)
    if length(found) < length(expr) + products or (_in_terms(expr) and is_product_of_powers(found)):
        return found
    return expr


def _in_terms(expr: Expr) -> bool:
    """Whether there are powers under powers, or in several terms."""
    return not is_product_of_powers(expr) and any(node.exp.free_symbols for node in kernels(expr) if isinstance(node, Pow))


def nested(expr: Expr) -> bool:
    """Whether powers with symbolic exponents stand under such powers."""
    powers = [node for node in kernels(expr) if isinstance(node, Pow) and node.exp.free_symbols]
    return any(isinstance(inner, Pow) and inner.exp.free_symbols for node in powers for inner in kernels(node.base))


def is_product_of_powers(expr: Expr) -> bool:
    """Whether an expression is a product in which powers with quotients as exponents stand, and no roots or powers under sums."""
    factors = [part.as_base_exp() for part in Mul.make_args(expr)]
    return any(sympy.fraction(exponent)[1].free_symbols for _, exponent in factors) and not any(
        kernels(base) for base, _ in factors
    )


def _with_whole_sums(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """Sums that were factored by way of roots, multiplied out where that leaves none: ``(1 - sqrt(s))*(1 + sqrt(s))`` is ``1 - s``."""
    split: dict[int, list[Expr]] = {1: [], -1: []}
    rest: list[Expr] = []
    for part in Mul.make_args(expr):
        base, times = part.as_base_exp()
        if base.is_Add and times.is_Integer and kernels(base):
            split[1 if times > 0 else -1].append(base ** abs(times))
        else:
            rest.append(part)
    for side, sums in split.items():
        whole = sympy.expand(Mul(*sums))
        rest.append((Mul(*sums) if kernels(whole) else shaped(whole, given)) ** side)
    return Mul(*rest)
