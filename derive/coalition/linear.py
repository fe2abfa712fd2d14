"""Systems of relations that are linear in some monomials: exact points, and exact refutations.

A relation is read as ``form >= 0``, ``form > 0`` or ``form = 0`` with `form` expanded over its monomials. Refuting a system by
nonnegative multipliers is sound whatever the monomials are. A point is only claimed when every monomial is a symbol.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean

from derive.coalition.simplex import maximise
from derive.prove.relations import compared

__all__ = ["Form", "Point", "Refuted", "expect", "forms", "implied", "infeasible", "negation", "read", "settle", "tidy"]


@dataclass(frozen=True)
class Form:
    """``constant + sum coefficient * monomial``, compared with zero by `op` (one of ``>=``, ``>``, ``==``)."""

    terms: tuple[tuple[Expr, Fraction], ...]
    constant: Fraction
    op: str

    @property
    def linear(self) -> bool:
        """Whether every monomial is a symbol."""
        return all(isinstance(monomial, Symbol) for monomial, _ in self.terms)

    def at(self, point: dict[Symbol, Fraction]) -> Fraction:
        """The value of a linear form. Raises KeyError if the point leaves a symbol out."""
        return self.constant + sum((factor * point[name] for name, factor in self.terms), Fraction(0))

    def holds(self, point: dict[Symbol, Fraction]) -> bool:
        """Whether the relation holds at the point."""
        value = self.at(point)
        return value > 0 if self.op == ">" else value == 0 if self.op == "==" else value >= 0


@dataclass(frozen=True)
class Point:
    """Where all relations of a system hold."""

    at: tuple[tuple[Symbol, Fraction], ...]


@dataclass(frozen=True)
class Refuted:
    """``sum multipliers[i] * form_i`` is a constant that is negative, or zero with a strict relation used: no solution.

    Multipliers of equalities may have any sign, the others are nonnegative.
    """

    multipliers: tuple[Fraction, ...]


def form(expression: Expr, op: str) -> Form | None:
    """The expanded expression compared with zero; ``None`` when a coefficient is not a rational number."""
    constant = Fraction(0)
    terms: dict[Expr, Fraction] = {}
    for monomial, coefficient in sympy.expand(expression).as_coefficients_dict().items():
        if not isinstance(coefficient, sympy.Rational):
            return None
        value = Fraction(int(coefficient.p), int(coefficient.q))
        if monomial == sympy.S.One:
            constant += value
        elif value:
            terms[monomial] = terms.get(monomial, Fraction(0)) + value
    return Form(tuple(sorted(terms.items(), key=lambda item: sympy.default_sort_key(item[0]))), constant, op)


@lru_cache(maxsize=4096)
def read(relation: Boolean) -> Form | None:
    """One relation as a form; ``None`` for anything else than ``>=, >, <=, <, ==`` between expressions."""
    if relation == sympy.true:
        return Form((), Fraction(0), ">=")
    if relation == sympy.false:
        return Form((), Fraction(-1), ">=")
    if not isinstance(relation, Relational) or isinstance(relation, sympy.Ne):
        return None
    left, right = relation.lhs, relation.rhs
    if isinstance(relation, sympy.Le | sympy.Lt):
        left, right = right, left
    op = "==" if isinstance(relation, sympy.Eq) else ">" if isinstance(relation, sympy.Gt | sympy.Lt) else ">="
    return form(left - right, op)


def tidy(slack: Expr, *, strict: bool = False) -> Boolean:
    """``slack >= 0`` (or ``> 0``) as an author writes it: coprime integer coefficients, no minus sign, numbers to the right."""
    terms = sympy.expand(slack).as_coefficients_dict()
    if not all(isinstance(factor, sympy.Rational) for factor in terms.values()):
        return slack > 0 if strict else slack >= 0
    terms = {monomial: factor for monomial, factor in terms.items() if factor}
    if set(terms) <= {sympy.S.One}:
        return slack > 0 if strict else slack >= 0
    scale = sympy.ilcm(1, *(factor.q for factor in terms.values()))
    scale = sympy.Rational(scale, sympy.igcd(0, *(factor * scale for factor in terms.values())))
    upper = sympy.Add(*(scale * factor * monomial for monomial, factor in terms.items() if factor > 0))
    lower = sympy.Add(*(-scale * factor * monomial for monomial, factor in terms.items() if factor < 0))
    if upper.is_Rational and not lower.is_Rational:
        return compared(lower, "<" if strict else "<=", upper)
    return compared(upper, ">" if strict else ">=", lower)


def forms(relations: tuple[Boolean, ...]) -> tuple[Form, ...] | None:
    """Conjunctions taken apart and each relation read; ``None`` as soon as one cannot be read."""
    found = []
    for relation in relations:
        for part in relation.args if isinstance(relation, And) else (relation,):
            one = read(part)
            if one is None:
                return None
            found.append(one)
    return tuple(found)


def negation(relation: Form) -> tuple[Form, ...]:
    """The forms of which at least one holds exactly where the relation does not."""
    flipped = tuple((monomial, -factor) for monomial, factor in relation.terms)
    if relation.op == "==":
        return (Form(relation.terms, relation.constant, ">"), Form(flipped, -relation.constant, ">"))
    return (Form(flipped, -relation.constant, ">" if relation.op == ">=" else ">="),)


def settle(system: tuple[Form, ...]) -> Point | Refuted | None:
    """A point where all relations hold, or multipliers that refute them; ``None`` if products of symbols leave it open."""
    monomials = sorted({monomial for one in system for monomial, _ in one.terms}, key=sympy.default_sort_key)
    columns: list[list[Fraction | int]] = []
    profit: list[Fraction | int] = []
    source: list[tuple[int, int]] = []
    for index, one in enumerate(system):
        factors = dict(one.terms)
        row = [factors.get(monomial, 0) for monomial in monomials]
        for sign in (1, -1) if one.op == "==" else (1,):
            columns.append([*(row if sign < 0 else [-entry for entry in row]), int(one.op == ">")])
            profit.append(one.constant if sign < 0 else -one.constant)
            source.append((index, sign))
    nothing = [0] * len(monomials)
    columns.append([*nothing, 1])
    profit.append(-1)
    outcome = maximise(columns, profit, [*nothing, 1])
    if outcome.status == "optimal" and -outcome.value > 0:
        if not all(isinstance(monomial, Symbol) for monomial in monomials):
            return None
        return Point(
            tuple((name, -price) for name, price in zip(monomials, outcome.prices, strict=False) if isinstance(name, Symbol))
        )
    multipliers = [Fraction(0)] * len(system)
    for column, weight in outcome.weights.items():
        if column < len(source):
            index, sign = source[column]
            multipliers[index] += sign * weight
    return Refuted(tuple(multipliers))


def infeasible(system: tuple[Form, ...]) -> bool:
    """Whether the system is refuted."""
    return isinstance(settle(system), Refuted)


def implied(system: tuple[Form, ...], goal: Form) -> bool:
    """Whether the goal holds wherever the system does (proved by multipliers)."""
    return all(infeasible((*system, other)) for other in negation(goal))


def expect(point: Point, names: tuple[Symbol, ...]) -> dict[Symbol, Fraction]:
    """The point as a mapping; symbols that the system leaves free are put at zero."""
    known = dict(point.at)
    return {name: known.get(name, Fraction(0)) for name in names}
