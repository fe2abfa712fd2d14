"""Exponents as sums, so that powers written in different ways meet: ``p**(a/(a - 1))`` is ``p * p**(1/(a - 1))``."""

from __future__ import annotations

import sympy
from sympy import Add, Expr, Rational


def exponent_terms(exponent: Expr) -> list[tuple[Rational, Expr]]:
    """The summands of an exponent, what denominators divide taken out of them: ``a/(a - 1)`` is 1 and ``1/(a - 1)``."""
    pieces = [piece for term in Add.make_args(sympy.expand_mul(exponent)) for piece in _without_whole(term)]
    return [term.as_coeff_Mul() for term in Add.make_args(sympy.expand_mul(Add(*pieces)))]


def _without_whole(term: Expr) -> tuple[Expr, ...]:
    top, bottom = term.as_numer_denom()
    leading = min(bottom.free_symbols, key=str, default=None)  # the same whatever is divided: else one exponent has several forms
    if leading is None or leading not in top.free_symbols or not top.is_polynomial(leading) or not bottom.is_polynomial(leading):
        return (term,)
    whole, rest = sympy.div(top, bottom, leading)
    return (term,) if whole == 0 else (sympy.expand_mul(whole), sympy.factor_terms(rest) / bottom)
