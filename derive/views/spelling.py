"""Expressions as plain text, as SymPy spells them; a part that occurs again is not spelled again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Mul, Rational, S, Symbol
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

__all__ = ["readable", "spelled"]


class _Speller(StrPrinter):
    def _print(self, expr: Any, **kwargs: Any) -> str:
        return spelled(expr) if isinstance(expr, Basic) and not kwargs else str(super()._print(expr, **kwargs))

    def fresh(self, expr: Basic) -> str:
        """The text of an expression whose parts may be known."""
        return str(super()._print(expr))


class _Reader(StrPrinter):
    """Sums that would begin with a minus begin with what is positive in them; so does a sum after the minus of its product."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = super()._as_ordered_terms(expr, order=order)
        return sorted(terms, key=self._is_negative) if self._is_negative(terms[0]) else list(terms)

    def _is_negative(self, term: Any) -> bool:
        return bool(str(self._print(term)).startswith("-"))

    def _print_Mul(self, expr: Any) -> str:
        turned = _turned(expr, [one for one in _sums(expr) if spelled(one).startswith("-")])
        return str(super()._print_Mul(turned) if isinstance(turned, Mul) else self.parenthesize(turned, PRECEDENCE["Mul"]))


def _sums(expr: Mul) -> list[Expr]:
    """The sums among the factors."""
    return [factor for factor in expr.args if isinstance(factor, Add)]


def _turned(expr: Mul, sums: list[Expr]) -> Expr:
    """``-2*x*(a - b)`` as ``2*x*(b - a)``, where the first of these sums is turned; itself where none of them is positive in a part."""
    number = expr.args[0]
    mixed = [one for one in sums if len({term.could_extract_minus_sign() for term in one.args}) > 1]
    if not (isinstance(number, Rational) and number < 0) or not mixed:
        return expr
    factors = [Add(*(-term for term in one.args)) if one is mixed[0] else one for one in expr.args[1:]]
    left = [factor for factor in (-number, *factors) if factor != 1]
    return Mul(*left, evaluate=False) if len(left) > 1 else left[0]


@lru_cache(maxsize=1 << 16)
def readable(expr: Basic) -> str:
    """The text of an expression for a reader: that of `spelled`, with the signs as an author would set them."""
    sums = _sums(expr) if isinstance(expr, Mul) else []
    alone = _turned(expr, sums) if isinstance(expr, Mul) and len(sums) == 1 else expr
    return str(_Reader().doprint(alone))


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
