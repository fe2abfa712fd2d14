"""Expressions as plain text, as SymPy spells them; a part that occurs again is not spelled again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Mul, Rational, S, Symbol
from sympy.printing.str import StrPrinter

__all__ = ["spelled"]


class _Speller(StrPrinter):
    def _print(self, expr: Any, **kwargs: Any) -> str:
        return spelled(expr) if isinstance(expr, Basic) and not kwargs else str(super()._print(expr, **kwargs))

    def fresh(self, expr: Basic) -> str:
        """The text of an expression whose parts may be known."""
        return str(super()._print(expr))


@lru_cache(maxsize=1 << 16)
def spelled(expr: Basic) -> str:
    """The same text as ``str(expr)``."""
    plain = _polynomial(expr) if isinstance(expr, Add) else None
    return _Speller().fresh(expr) if plain is None else plain


_Powers = dict[str, int]


def _polynomial(total: Add) -> str | None:
    """A sum of numbers times whole powers of symbols, which SymPy would spell in the order of their exponents; None for any other."""
    terms = [_monomial(term) for term in total.args]
    known = [term for term in terms if term is not None]
    names = sorted({name for _, powers in known for name in powers})
    if len(known) < len(terms) or len(names) < len(total.free_symbols):
        return None
    known.sort(key=lambda term: [-term[1].get(name, 0) for name in names])
    if len({tuple(sorted(powers.items())) for _, powers in known}) < len(known):
        return None
    if len(known) == 2 and _number_first(*known):
        known.reverse()
    text = "".join(f" {'-' if number < 0 else '+'} {_term(abs(number), powers)}" for number, powers in known)
    return f"-{text[3:]}" if text[1] == "-" else text[3:]


def _number_first(first: tuple[Rational, _Powers], second: tuple[Rational, _Powers]) -> bool:
    """``1 - 2*x``, but ``-x*y + 1``."""
    (number, powers), (constant, none) = first, second
    factors = len(powers) + (number != 1)
    return not none and constant > 0 and number < 0 and factors == 2


def _monomial(term: Expr) -> tuple[Rational, _Powers] | None:
    number: Rational = S.One
    powers: _Powers = {}
    for place, factor in enumerate(Mul.make_args(term)):
        base, exponent = (factor.base, factor.exp) if factor.is_Pow else (factor, S.One)
        if isinstance(factor, Rational) and place == 0 and not (term.is_Mul and factor == 1):
            number = factor
        elif type(base) is Symbol and base.name not in powers and exponent.is_Integer and exponent > 0:
            powers[base.name] = int(exponent)
        else:
            return None
    return number, powers


def _term(number: Rational, powers: _Powers) -> str:
    factors = [name if powers[name] == 1 else f"{name}**{powers[name]}" for name in sorted(powers)]
    if number.p != 1 or not factors:
        factors.insert(0, str(number.p))
    return "*".join(factors) + (f"/{number.q}" if number.q != 1 else "")
