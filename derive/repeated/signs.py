"""Signs of rational expressions under assumptions: what is positive for sure is split off and certified, the rest is the core."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy import Expr, Integer, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.errors import Refusal
from derive.field import factored
from derive.prove import prove
from derive.prove.relations import compared
from derive.tree import free_symbols

__all__ = ["Split", "proved", "relevant", "sign_of", "split", "tidy"]


@dataclass(frozen=True)
class Split:
    """``expression = positive * core`` with ``positive > 0`` (certified unless it is a number)."""

    positive: Expr
    core: Expr
    certificate: Certificate | None


@lru_cache(maxsize=1024)
def proved(claim: Boolean, given: tuple[Boolean, ...]) -> Certificate | None:
    """A certificate that `claim` holds wherever `given` do, or None. Relations between numbers are left to `sign_of`."""
    if claim in (sympy.true, sympy.false):
        return None
    return prove(claim, relevant(free_symbols(claim), given))


def relevant(symbols: Collection[Symbol], given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The relations that share a symbol with `symbols`, directly or through others: the rest cannot matter to them."""
    symbols = set(symbols)
    kept: set[Boolean] = set()
    while True:
        more = {relation for relation in given if relation not in kept and free_symbols(relation) & symbols}
        if not more:
            return tuple(relation for relation in given if relation in kept)
        kept |= more
        symbols |= {symbol for relation in more for symbol in free_symbols(relation)}


def sign_of(expression: Expr, given: tuple[Boolean, ...]) -> tuple[int, Certificate | None] | None:
    """(+1, 0 or -1, certificate) if the strict sign is known for all `given`.

    The certificate is None for a number and for what is positive at all real points by its form (``x**2 + 1``).
    """
    if expression.is_number:
        return int(sympy.sign(expression)), None
    for claim, sign in ((compared(expression, ">"), 1), (compared(expression, "<"), -1)):
        if claim == sympy.true:
            return sign, None
        certificate = proved(claim, given)
        if certificate is not None:
            return sign, certificate
    return None


def _factors(expression: Expr) -> tuple[Rational, tuple[tuple[Expr, int], ...]]:
    """A number and irreducible factors with their exponents, those above the line first."""
    if expression.is_rational_function():
        form = factored(expression)
        return form.coefficient, form.factors
    number: Rational = Integer(1)
    found: list[tuple[Expr, int]] = []
    for part, power in zip(sympy.fraction(sympy.cancel(sympy.together(expression))), (1, -1), strict=True):
        constant, factors = sympy.factor_list(part)
        number *= constant**power
        found += [(factor, power * count) for factor, count in factors]
    return number, tuple(found)


def split(expression: Expr, given: tuple[Boolean, ...]) -> Split:
    """Factor, and take out every factor whose sign is proved. Raises Refusal when a denominator may vanish."""
    number, factors = _factors(expression)
    positive: Expr = abs(number) or Integer(1)
    core: Expr = sympy.sign(number)
    for factor, count in factors:
        known = sign_of(factor, given)
        if known is not None:
            sign, _ = known
            positive *= (sign * factor) ** count
            core *= sign ** abs(count)
        elif count < 0:
            raise Refusal(f"the sign of the denominator {factor} is not settled by the assumptions")
        else:
            core *= factor**count
    if core == 0:
        positive = Integer(1)
    certificate = None
    if not positive.is_number and compared(positive, ">") != sympy.true:
        certificate = proved(compared(positive, ">"), given)
        if certificate is None:
            raise Refusal(f"the sign of {positive} is not settled by the assumptions")
    return Split(
        positive, sympy.expand(core) if core.is_Mul and len(core.args) == 2 and core.args[0].is_number else core, certificate
    )


def tidy(expression: Expr, given: tuple[Boolean, ...]) -> Expr:
    """A quotient in factored form whose denominator's factors are positive where that is known."""
    number, factors = _factors(expression)
    above: Expr = Integer(number.p)
    below: Expr = Integer(number.q)
    sign = 1
    for factor, count in factors:
        if count > 0:
            above *= factor**count
            continue
        known = sign_of(factor, given)
        flip = -1 if known is not None and known[0] < 0 else 1
        below *= (flip * factor) ** -count
        sign *= flip**-count
    return sympy.expand(sign * above) / below if above.is_Add or sign < 0 else above / below
