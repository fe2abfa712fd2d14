"""Long sums grouped as a reader would: common factors taken out, and products with the same sum in them drawn together."""

from __future__ import annotations

from sympy import Add, Expr, Mul

from derive.algebra.shape import grouped

__all__ = ["gathered"]


def gathered(total: Expr) -> Expr:
    """``x*(a + b + c) + y*(a + b + c) + z`` as ``(x + y)*(a + b + c) + z``; anything but a sum as it is."""
    told = grouped(total)
    if not isinstance(told, Add):
        return told
    beside: dict[Expr, list[Expr]] = {}
    alone: list[Expr] = []
    for term in told.args:
        sums = [factor for factor in Mul.make_args(term) if isinstance(factor, Add)]
        if len(sums) == 1:
            beside.setdefault(sums[0], []).append(Mul(*(factor for factor in Mul.make_args(term) if factor != sums[0])))
        else:
            alone.append(term)
    if all(len(cofactors) == 1 for cofactors in beside.values()):
        return told
    return Add(*alone, *(_product(cofactors, shared) for shared, cofactors in beside.items()), evaluate=False)


def _product(cofactors: list[Expr], shared: Expr) -> Expr:
    if len(cofactors) == 1:
        return Mul(cofactors[0], shared, evaluate=False)
    number, rest = Add(*cofactors).primitive()
    factors = [factor for factor in (number, rest, shared) if factor != 1]
    return Mul(*factors, evaluate=False)
