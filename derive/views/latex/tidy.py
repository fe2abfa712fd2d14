"""Expressions and relations brought to the form in which they are printed: factored, grouped, freed of evident factors.

An expression stays equal to what it was. A relation stays equivalent on the model's assumptions; the only signs used are those
that a reader sees at once: a symbol assumed positive, a sum of products of such symbols, a difference assumed positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, exp, expand, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import leaves
from derive.field import NotRational, factored
from derive.tree import operations
from derive.views.latex.gathered import gathered
from derive.views.latex.squares import completed
from derive.written import Factored

__all__ = ["Tidy"]

_BIG = 4000


class Tidy:
    """What is known to be positive on one model's assumptions, and which signs that makes evident."""

    def __init__(self, assumptions: Iterable[Boolean]) -> None:
        self.told = told = tuple(assumptions)
        ordered = list(_ordered(told))
        self.positive, self.nonnegative = _signed(told, frozenset(), frozenset())
        self.differences = frozenset(expand(large - small) for large, small in ordered)
        self._compared = [difference.free_symbols for difference in self.differences]
        self._signs: dict[Expr, int] = {}

    # --- expressions -------------------------------------------------------------------------------------------------

    def factored(self, expression: Expr) -> Expr:
        """The expression as a product with its long sums grouped; itself where that cannot be done."""
        return _presented(expression)

    def product(self, expression: Expr) -> Expr:
        """The same, be it longer or shorter."""
        return _product(expression)

    def sign(self, base: Expr) -> int:
        """1 or -1 where the sign is evident, else 0."""
        found = self._signs.get(base)
        if found is None:
            found = self._signs[base] = self._sign(base)
        return found

    def _sign(self, base: Expr) -> int:
        if base.is_Rational:
            return 1 if base > 0 else -1 if base < 0 else 0
        if isinstance(base, Symbol):
            return 1 if base in self.positive else 0
        if isinstance(base, exp):
            return 1
        if isinstance(base, Pow):
            return 1 if self.sign(base.base) == 1 else 0
        if isinstance(base, Mul):
            signs = [self.sign(factor) for factor in base.args]
            return 0 if 0 in signs else 1 if signs.count(-1) % 2 == 0 else -1
        if isinstance(base, Add):
            if base.free_symbols in self._compared:
                if (plain := expand(base)) in self.differences:
                    return 1
                if expand(-plain) in self.differences:
                    return -1
            signs = [self.sign(term) for term in base.args]
            return signs[0] if len(set(signs)) == 1 else 0
        return 0

    def is_square(self, expression: Expr) -> bool:
        """Whether it is a product of squares and of factors that are evidently positive, with a square at least."""
        try:
            form = factored(expression)
        except (NotRational, ZeroDivisionError):
            return False
        open_signs = [exponent for base, exponent in form.factors if self.sign(base) != 1]
        return form.coefficient > 0 and bool(open_signs) and all(exponent % 2 == 0 for exponent in open_signs)

    def by_symbols(self, given: Iterable[Boolean] = ()) -> Tidy:
        """What is evident from the signs of single symbols: the assumed ones and those that `given` states."""
        known = Tidy(())
        known.positive, known.nonnegative = _signed(tuple(given), self.positive, self.nonnegative)
        return known

    def knowing(self, positive: Iterable[Symbol]) -> Tidy:
        """The same with more symbols that are positive."""
        known = Tidy(())
        known.positive, known.nonnegative = self.positive.union(positive), self.nonnegative
        known.told, known.differences, known._compared = self.told, self.differences, self._compared
        return known

    # --- relations ---------------------------------------------------------------------------------------------------

    def relation(self, relation: Boolean) -> Boolean:
        """The relation without its evident factors, with positive terms on either side; `true` where it is evident."""
        if not isinstance(relation, Relational) or relation.rel_op not in ("<", "<=", ">", ">="):
            return relation
        difference = relation.lhs - relation.rhs
        if difference.is_Atom:
            return relation
        try:
            form = factored(difference)
        except (NotRational, ZeroDivisionError):
            return relation
        if any(self.sign(base) == 0 and exponent < 0 for base, exponent in form.factors):
            return relation
        greater, strict = relation.rel_op[0] == ">", "=" not in relation.rel_op
        kept = [(base, exponent) for base, exponent in form.factors if self.sign(base) == 0]
        if not kept and greater == (self._sign_without(form, kept) == 1):
            return true
        if not kept:
            kept = _telling(form.factors)
            if not kept:
                return relation
        core = Mul(*(base**exponent for base, exponent in kept))
        return _arranged(core, greater == (self._sign_without(form, kept) == 1), strict)

    def _sign_without(self, form: Factored, kept: Sequence[tuple[Expr, Expr]]) -> int:
        """The sign of all factors but some, which is evident."""
        odd = sum(self.sign(base) < 0 for base, exponent in form.factors if (base, exponent) not in kept and exponent % 2)
        return 1 if (form.coefficient > 0) == (odd % 2 == 0) else -1


def _telling(factors: Sequence[tuple[Expr, Expr]]) -> list[tuple[Expr, Expr]]:
    """The factors on which it is best seen that a relation is false: its sums where it has any, else all but the denominators."""
    above = [(base, exponent) for base, exponent in factors if exponent > 0]
    return [(base, exponent) for base, exponent in above if isinstance(base, Add)] or above


def _shorter(one: Expr, other: Expr) -> Expr:
    return other if leaves(other) < leaves(one) else one


def _ordered(relations: Iterable[Boolean]) -> Iterator[tuple[Expr, Expr]]:
    """The larger and the smaller side of every strict inequality."""
    for relation in relations:
        if isinstance(relation, Relational) and relation.rel_op in ("<", ">"):
            yield (relation.lhs, relation.rhs) if relation.rel_op == ">" else (relation.rhs, relation.lhs)


_Symbols = frozenset[Symbol]


def _signed(relations: Sequence[Boolean], positive: _Symbols, nonnegative: _Symbols) -> tuple[_Symbols, _Symbols]:
    """The symbols that are positive, and those that are not negative, since they are no less than something that is so: ``b > g > 0``."""
    for relation in relations:
        if not isinstance(relation, Relational) or relation.rel_op not in ("<", "<=", ">", ">="):
            continue
        large, small = (relation.lhs, relation.rhs) if relation.rel_op[0] == ">" else (relation.rhs, relation.lhs)
        if not isinstance(large, Symbol) or large in positive:
            continue
        least = _least(small, positive, nonnegative)
        if least == 1 or (least == 0 and "=" not in relation.rel_op):
            return _signed(relations, positive | {large}, nonnegative | {large})
        if least == 0 and large not in nonnegative:
            return _signed(relations, positive, nonnegative | {large})
    return positive, nonnegative


def _least(expression: Expr, positive: _Symbols, nonnegative: _Symbols) -> int | None:
    """1 for a sum of products of numbers and symbols that are positive, 0 where it is not negative, None where neither is seen."""
    signs = []
    for term in Add.make_args(expression):
        factors = Mul.make_args(term)
        if any(not (factor in nonnegative or (factor.is_Rational and factor >= 0)) for factor in factors):
            return None
        signs.append(all(factor in positive or (factor.is_Rational and factor > 0) for factor in factors))
    return int(any(signs))


def _arranged(core: Expr, greater: bool, strict: bool) -> Boolean:
    above: Expr = core
    below: Expr = Integer(0)
    squared = _with_square(core)
    if squared != core:
        above = Add(*(term for term in squared.args if _number(term) > 0))
        below = Add(*(-term for term in squared.args if _number(term) < 0))
        return _compared(above, below, greater, strict)
    if isinstance(core, Add):
        above = Add(*(term for term in core.args if _number(term) > 0))
        below = Add(*(-term for term in core.args if _number(term) < 0))
        if above == 0:
            above, below, greater = below, above, not greater
    elif _number(core) < 0:
        above, greater = -core, not greater
    if isinstance(below, Symbol) and not isinstance(above, Symbol):
        above, below, greater = below, above, not greater
    return _compared(gathered(above), gathered(below), greater, strict)


def _with_square(core: Expr) -> Expr:
    """A sum with a square of two terms seen in it, be it added or subtracted; itself where there is none."""
    done = completed(core)
    if done != core or not isinstance(core, Add):
        return done
    turned = Add(*(-term for term in core.args))
    done = completed(turned)
    return core if done == turned else Add(*(-term for term in done.args))


def _compared(above: Expr, below: Expr, greater: bool, strict: bool) -> Boolean:
    kinds = {(True, True): ">", (True, False): ">=", (False, True): "<", (False, False): "<="}
    return Relational(above, below, kinds[greater, strict], evaluate=False)


def _number(term: Expr) -> Rational:
    return term.as_coeff_Mul()[0]


@lru_cache(maxsize=4096)
def _presented(expression: Expr) -> Expr:
    shaped = _product(expression)
    if shaped == expression:
        return expression
    much_shorter = 4 * leaves(shaped) <= 3 * leaves(expression)
    return shaped if much_shorter or operations(shaped) < operations(expression) else expression


@lru_cache(maxsize=4096)
def _product(expression: Expr) -> Expr:
    if not isinstance(expression, Add | Mul | Pow) or leaves(expression) > _BIG:
        return expression
    try:
        form = factored(expression)
    except (NotRational, ZeroDivisionError):
        return expression
    powers = [Pow(_shorter(gathered(base), _with_square(base)), exponent) for base, exponent in form.factors]
    if form.coefficient == -1 and len(powers) == 1 and powers[0].is_Add:
        return Add(*(-term for term in powers[0].args))
    return Mul(form.coefficient, *powers, evaluate=len(powers) != 1 or form.coefficient == 1)
