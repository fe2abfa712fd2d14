"""A condition on one variable as a sum of powers, exponentials and logarithms of a unit, and where it tends at an end.

The unit is the variable itself or the one linear form of it that occurs under powers and logarithms (``1 - w/p``, say). Every
term is ``coefficient * unit**power * exp(rate) * product(log(..)**k)``. Nothing is solved here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log, oo
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.field import coefficients, denominator, factored, fraction, normal
from derive.prove import prove

__all__ = ["UNIT", "Sum", "Term", "in_terms", "limit"]

UNIT = Symbol("_t", real=True)
"""Stands for the unit in the terms of a `Sum`."""


@dataclass(frozen=True)
class Term:
    """``coefficient * UNIT**power * exp(rate) * product(log**k for log, k in logs)``; the coefficient is free of the unit."""

    coefficient: Expr
    power: Expr
    rate: Expr
    logs: tuple[tuple[Expr, int], ...] = ()

    @property
    def carrier(self) -> Expr:
        """The term without its coefficient."""
        return Mul(UNIT**self.power, exp(self.rate), *(node**k for node, k in self.logs))


CONSTANT = Term(Integer(1), Integer(0), Integer(0))


@dataclass(frozen=True)
class Sum:
    """A sum of terms in `unit`, which is ``base + slope * variable`` and positive."""

    variable: Symbol
    unit: Expr
    base: Expr
    slope: Expr
    terms: tuple[Term, ...]

    @property
    def expression(self) -> Expr:
        """The sum itself."""
        return Add(*(term.coefficient * term.carrier for term in self.terms)).xreplace({UNIT: self.unit})

    def over(self, other: Term) -> Sum:
        """The sum divided by the power and the exponential of one of its terms, which are positive."""
        divided = (
            Term(term.coefficient, normal(term.power - other.power), normal(term.rate - other.rate), term.logs)
            for term in self.terms
        )
        return Sum(self.variable, self.unit, self.base, self.slope, tuple(divided))

    def straight(self, expr: Expr) -> Expr:
        """`expr` with logarithms of a constant over the unit written as those of the unit."""
        turned: dict[Expr, Expr] = {}
        for node in sorted(expr.atoms(log), key=sympy.default_sort_key):
            product = normal(node.args[0] * self.unit)
            if self.variable in node.free_symbols and self.variable not in product.free_symbols:
                turned[node] = -log((UNIT / product).xreplace({UNIT: self.unit}))
        return expr.xreplace(turned)

    def at(self, value: Expr) -> Expr:
        """The value of the variable at which the unit has that value."""
        return value if self.unit == self.variable else normal((value - self.base) / self.slope)


def in_terms(core: Expr, variable: Symbol, given: Sequence[Boolean]) -> Sum | None:
    """The numerator of `core` as a sum of terms; None if it is not one, or its unit is not proved positive under `given`."""
    form = _linear_form(core, variable)
    if form is None:
        return None
    base, slope = form
    side = sign_of(normal(base + slope * variable), given)
    if side is None:
        return None
    base, slope = normal(side * base), normal(side * slope)
    unit = normal(base + slope * variable)
    terms = _terms(_replace_unit(core, variable, unit, (UNIT - base) / slope, given))
    return None if terms is None else Sum(variable, unit, base, slope, terms)


def _replace_unit(core: Expr, variable: Symbol, unit: Expr, inverse: Expr, given: Sequence[Boolean]) -> Expr:
    """`core` with the variable expressed in the unit; powers and logarithms of the unit itself become those of `UNIT`."""

    def walk(node: Expr) -> Expr:
        if variable not in node.free_symbols:
            return node
        if isinstance(node, Pow) and variable not in node.exp.free_symbols and not node.exp.is_Integer:
            ratio = normal(node.base / unit)
            if variable not in ratio.free_symbols:
                return _apart(ratio, node.exp, given) * UNIT**node.exp
        if isinstance(node, log):
            ratio = normal(node.args[0] / unit)
            if variable not in ratio.free_symbols:
                return log(ratio * UNIT)
            product = normal(node.args[0] * unit)
            if variable not in product.free_symbols:
                return -log(UNIT / product)
        if not node.args:
            return inverse if node == variable else node
        return node.func(*(walk(part) for part in node.args))

    return walk(core)


def _apart(base: Expr, exponent: Expr, given: Sequence[Boolean]) -> Expr:
    """A power of a product as the product of the powers of those factors that are proved positive."""
    form = factored(base)
    own = [(factor, n) for factor, n in form.factors if sign_of(factor, given) == 1]
    rest = Mul(form.coefficient, *(factor**n for factor, n in form.factors if (factor, n) not in own))
    return Mul(rest**exponent, *(factor ** (n * exponent) for factor, n in own))


def _linear_form(core: Expr, variable: Symbol) -> tuple[Expr, Expr] | None:
    """``(base, slope)`` of the one linear form under powers and logarithms; of the variable itself where there is none."""
    forms: list[Expr] = []
    for node in sorted(core.atoms(Pow, log), key=sympy.default_sort_key):
        inner = node.args[0]
        if variable not in inner.free_symbols or (isinstance(node, Pow) and node.exp.is_Integer):
            continue
        if isinstance(node, Pow) and variable in node.exp.free_symbols:
            return None
        forms += [base for base, _ in factored(inner).factors if variable in base.free_symbols]
    distinct = list(dict.fromkeys(forms))
    if not distinct:
        return Integer(0), Integer(1)
    if len(distinct) > 1:
        return None
    parts = coefficients(distinct[0], variable)
    return parts if parts is not None and len(parts) == 2 else None


def _terms(core: Expr) -> tuple[Term, ...] | None:
    ring, top, _ = fraction(core)
    collected: dict[tuple[Expr, Expr, tuple[tuple[Expr, int], ...]], list[Expr]] = {}
    kinds = [(generator, ring.degree[generator]) for generator in ring.index]
    for monomial, number in top.to_dict().items():
        coefficient: list[Expr] = [Rational(int(number.p), int(number.q))]
        power, rate, logs = Integer(0), Integer(0), []
        for (generator, root), times in zip(kinds, monomial, strict=True):
            share = Rational(int(times), root)
            if not times:
                continue
            if UNIT not in generator.free_symbols:
                coefficient.append(powered(generator, share))
            elif generator == UNIT:
                power += share
            elif isinstance(generator, Pow) and generator.base == UNIT:
                power += generator.exp * share
            elif isinstance(generator, Pow | exp) and generator.as_base_exp()[0] == sympy.E:
                rate += generator.as_base_exp()[1] * share
            elif isinstance(generator, log) and root == 1:
                logs.append((generator, int(times)))
            else:
                return None
        key = (normal(power), normal(rate), tuple(logs))
        collected.setdefault(key, []).append(Mul(*coefficient))
    return tuple(Term(normal(Add(*parts)), *key) for key, parts in collected.items())


def powered(generator: Expr, share: Rational) -> Expr:
    """A share of a generator of a polynomial ring."""
    of_its_own = isinstance(generator, Pow) and not generator.exp.is_Integer
    return Pow(generator.base, generator.exp * share) if of_its_own else generator**share


# --- at an end of the range ------------------------------------------------------------------------------------------------


def limit(total: Sum, end: Expr, given: Sequence[Boolean]) -> Expr | None:
    """Where the sum tends as its variable tends to `end` (a value or an infinity) from inside; None where that is not settled.

    ``oo`` and ``-oo`` are possible answers.
    """
    if end in (oo, -oo):
        direction = sign_of(total.slope, given)
        return _dominant(total, given, at_zero=False) if direction == (1 if end == oo else -1) else None
    at_end = normal(total.base + total.slope * end)
    if at_end == 0:
        return _dominant(total, given, at_zero=True)
    if sign_of(at_end, given) != 1:
        return None
    return normal(total.expression.xreplace({total.variable: end}))


def _dominant(total: Sum, given: Sequence[Boolean], *, at_zero: bool) -> Expr | None:
    """The limit as the unit tends to zero (or to infinity): of the terms that outgrow all others, if they can be told."""
    together = _all_one_way(total, given, at_zero=at_zero)
    if together is not None:
        return together
    leaders: list[Term] = []
    for term in (t for t in total.terms if t.coefficient != 0):
        beaten = False
        for other in tuple(leaders):
            order = _order(term, other, given, at_zero=at_zero)
            if order is None:
                return None
            if order > 0:
                leaders.remove(other)
            beaten |= order < 0
        if not beaten:
            leaders.append(term)
    if not leaders:
        return Integer(0)
    size = _order(leaders[0], CONSTANT, given, at_zero=at_zero)
    value = normal(Add(*(term.coefficient for term in leaders)))
    if size is None or value == 0:
        return None
    if size <= 0:
        return value if size == 0 else Integer(0)
    direction = sign_of(value, given)
    return None if direction is None else direction * _turn(leaders[0], at_zero=at_zero) * oo


def _all_one_way(total: Sum, given: Sequence[Boolean], *, at_zero: bool) -> Expr | None:
    """The infinity to which all terms that grow without bound tend, one of them surely, the others at most."""
    grows = [t for t in total.terms if _order(t, CONSTANT, given, at_zero=at_zero) != -1]
    sizes = [_order(t, CONSTANT, given, at_zero=at_zero) for t in grows]
    if None in sizes:
        return None
    grown = [t for t, size in zip(grows, sizes, strict=True) if size == 1]
    signs = [sign_of(_turn(t, at_zero=at_zero) * t.coefficient, given) for t in grown]
    for side in (1, -1):
        if side not in signs:
            continue
        weak = (_turn(t, at_zero=at_zero) * side * t.coefficient for t in grown)
        if all(prove(part >= 0, given) is not None for part in weak):
            return side * oo
    return None


def _turn(term: Term, *, at_zero: bool) -> int:
    """The sign of the term's carrier close to the end."""
    return (-1) ** sum(k for _, k in term.logs) if at_zero else 1


def _order(first: Term, second: Term, given: Sequence[Boolean], *, at_zero: bool) -> int | None:
    """+1 if the first outgrows the second towards the end, -1 if the second does, 0 if they are of one order."""
    if not at_zero:
        growth = _growth(normal(first.rate - second.rate), given)
        if growth is None or growth:
            return growth
    elif not (_vanishes(first.rate) and _vanishes(second.rate)):
        return None
    gap = normal(first.power - second.power)
    if gap != 0:
        side = sign_of(gap, given)
        return None if side is None else -side if at_zero else side
    if not all(_of_unit(node, given) for node, _ in (*first.logs, *second.logs)):
        return None
    weight = sum(k for _, k in first.logs) - sum(k for _, k in second.logs)
    return (weight > 0) - (weight < 0)


def _of_unit(node: Expr, given: Sequence[Boolean]) -> bool:
    """Whether the logarithm is of a positive multiple of the unit."""
    ratio = normal(node.args[0] / UNIT)
    return UNIT not in ratio.free_symbols and sign_of(ratio, given) == 1


def _vanishes(rate: Expr) -> bool:
    """Whether the exponent tends to zero with the unit."""
    return rate == 0 or (not denominator(rate).has(UNIT) and normal(rate.xreplace({UNIT: Integer(0)})) == 0)


def _growth(rate: Expr, given: Sequence[Boolean]) -> int | None:
    """The sign with which an exponent tends to infinity with the unit; 0 if it vanishes."""
    if rate == 0:
        return 0
    parts = coefficients(rate, UNIT)
    bottom = denominator(rate)
    if parts is None or len(parts) < 2 or bottom.has(UNIT):
        return None
    return sign_of(normal(parts[-1] / bottom), given)
