"""Sums whose sign is seen once they are written in differences that are known to be positive: ``a**2 - 2*a*c + b**2 - 2*b*c + 2*c**2``
is ``(a - c)**2 + (b - c)**2``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from sympy import Add, Dummy, Expr, Mul, Pow, Rational, Symbol, expand
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import leaves
from derive.field import NotRational, factored
from derive.views.latex.tidy import Tidy

__all__ = ["visibly_signed"]

_MOST_TERMS = 4
_MOST_LEAVES = 40
_MOST_AT_ONCE = 3
_MOST_DIFFERENCES = 7


def visibly_signed(expression: Expr, tidy: Tidy, given: Sequence[Boolean], room: float = 1) -> Expr:
    """The expression with every factor whose sign is not evident as a sum of positive products, where a few make it up that are together
    no longer than it (times `room`); else itself."""
    try:
        form = factored(expression)
    except (NotRational, ZeroDivisionError):
        return expression
    shown, turned, number = [], False, form.coefficient
    for base, exponent in form.factors:
        told = tidy.factored(base)
        if isinstance(base, Add) and exponent > 0 and exponent % 2 and tidy.sign(base) == 0:
            for sign in (1, -1):
                found = _sum_of_positive(expand(sign * base), tuple(_differences(given)), tidy.positive)
                if found is not None and leaves(found[1]) <= room * leaves(told):
                    number, told = number * sign * found[0], found[1]
                    turned = True
                    break
        shown.append(Pow(told, exponent, evaluate=False) if exponent != 1 else told)
    return Mul(number, *shown, evaluate=False) if turned else expression


def _differences(given: Sequence[Boolean]) -> Iterator[Expr]:
    """What the strict inequalities among linear expressions say is positive."""
    for relation in given:
        if isinstance(relation, Relational) and relation.rel_op in ("<", ">"):
            gap = expand(relation.gts - relation.lts)
            if isinstance(gap, Add) and is_linear(gap):
                yield gap


def is_linear(total: Expr) -> bool:
    """Whether it is a number and multiples of symbols."""
    return all(total.diff(symbol).is_Rational for symbol in total.free_symbols)


@lru_cache(maxsize=2048)
def _sum_of_positive(total: Expr, gaps: tuple[Expr, ...], positive: frozenset[Symbol]) -> tuple[Rational, Expr] | None:
    """The number that its terms share, and what is left as a sum of positive products."""
    if not isinstance(total, Add) or leaves(total) > _MOST_LEAVES or is_linear(total):
        return None
    useful = [gap for gap in gaps if gap.free_symbols <= total.free_symbols][:_MOST_DIFFERENCES]
    for number in range(1, _MOST_AT_ONCE + 1):
        for chosen in combinations(useful, number):
            found = _in_differences(total, chosen, positive)
            if found is not None:
                return found
    return None


def _in_differences(total: Expr, gaps: Sequence[Expr], positive: frozenset[Symbol]) -> tuple[Rational, Expr] | None:
    """The sum in these differences, each in place of a symbol of its own."""
    meaning: dict[Symbol, Expr] = {}
    moved = total
    left = set(total.free_symbols)
    for gap in gaps:
        symbols = sorted(gap.free_symbols & left, key=lambda symbol: (not gap.coeff(symbol) > 0, symbol.name))
        if not symbols:
            return None
        old, new = symbols[0], Dummy(f"gap{len(meaning)}", positive=True)  # named: unnamed ones sort by how many there were before
        left.discard(old)
        slope = gap.coeff(old)
        if any(symbol in meaning for symbol in gap.free_symbols):
            return None
        moved = moved.xreplace({old: (new - (gap - slope * old)) / slope})
        meaning[new] = gap
    content, primitive = expand(moved).as_content_primitive()
    terms = Add.make_args(primitive)
    known = positive | set(meaning)
    if any(term.as_coeff_Mul()[1] in meaning for term in terms):
        return None
    if len(terms) > _MOST_TERMS or not all(_is_positive(term, known) for term in terms):
        return None
    return content, Add(*(term.xreplace(meaning) for term in terms), evaluate=False)


def _is_positive(term: Expr, positive: frozenset[Symbol] | set[Symbol]) -> bool:
    number, rest = term.as_coeff_Mul()
    bases = (factor.as_base_exp()[0] for factor in Mul.make_args(rest))
    return bool(number > 0) and (rest == 1 or all(base in positive for base in bases))
