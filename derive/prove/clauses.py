"""Relations as statements on the signs of a few expressions, and what follows from several of them by sign alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Add, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.relations import NotARelation, flatten, operator, relation
from derive.prove.space import NotRational, TooLarge, space
from derive.prove.theory import ALLOWS

Signs = frozenset[int]
Condition = tuple[int, Signs]
"""The number of an expression, and the signs that it may have."""
Clause = tuple[Condition, ...]
"""Conditions one of which holds."""
Domains = tuple[Signs, ...]
"""The signs that are left to each expression."""

ANY: Signs = frozenset({-1, 0, 1})
_OPERATORS = {signs: op for op, signs in ALLOWS.items()}


class Atoms:
    """The expressions whose signs decide relations: what differs by a rational factor alone is one."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self._ring = space(symbols)
        self._numbers: dict[object, int] = {}
        self._spoken: dict[Condition, Relational] = {}
        self._first: list[tuple[Relational, int]] = []
        self._lengths: list[int] = []

    def __len__(self) -> int:
        return len(self._first)

    def condition(self, statement: Boolean) -> Condition:
        """What a relation says. Raises `NotARelation`."""
        if not isinstance(statement, Relational):
            raise NotARelation(str(statement))
        allowed = ALLOWS[operator(statement)]
        key, turn, length = self._key(statement.lhs, statement.rhs)
        if key not in self._numbers:
            self._numbers[key] = len(self._first)
            self._first.append((statement, turn))
            self._lengths.append(length)
        condition = self._numbers[key], frozenset(turn * sign for sign in allowed)
        self._spoken.setdefault(condition, statement)
        return condition

    def _key(self, left: Expr, right: Expr) -> tuple[object, int, int]:
        """What is the same for expressions that differ by a factor, whether that is negative, and how many terms there are."""
        try:
            value = self._ring.difference(left, right)
        except (NotRational, TooLarge, ZeroDivisionError):
            plain = left - right
            turned = -plain in self._numbers
            return (-plain if turned else plain), -1 if turned else 1, len(Add.make_args(plain))
        if value.numerator.is_zero():
            return "", 1, 0
        top, bottom = value.numerator.leading_coefficient(), value.denominator.leading_coefficient()
        key = str(value.numerator / top), str(value.denominator / bottom)
        return key, 1 if (top > 0) == (bottom > 0) else -1, len(value.numerator)

    def length(self, number: int) -> int:
        """How many terms an expression has."""
        return self._lengths[number]

    def relation(self, condition: Condition) -> Relational:
        """A relation that says it, one that was given if there is one."""
        if condition not in self._spoken:
            first, turn = self._first[condition[0]]
            signs = frozenset(turn * sign for sign in condition[1])
            self._spoken[condition] = relation(first.lhs, _OPERATORS[signs], first.rhs)
        return self._spoken[condition]

    def conditions(self, statements: Iterable[Boolean]) -> tuple[Condition, ...]:
        """What relations and conjunctions of them say. Raises `NotARelation`."""
        return tuple(self.condition(fact) for fact in flatten(statements))


def denied(conditions: Sequence[Condition]) -> Clause:
    """That one of the conditions fails."""
    return tuple((number, ANY - signs) for number, signs in conditions)


def propagated(domains: Domains, clauses: Sequence[Clause]) -> Domains | None:
    """What is left when each clause with one condition left is used; None where nothing is."""
    left = list(domains)
    changed = True
    while changed:
        changed = False
        for clause in clauses:
            possible = None
            for number, signs in clause:
                if left[number] <= signs or (left[number] & signs and possible is not None):
                    break  # it holds, or two of its conditions are open
                if left[number] & signs:
                    possible = number, signs
            else:
                if possible is None:
                    return None
                left[possible[0]] &= possible[1]
                changed = True
    return tuple(left)


def holds(clause: Clause, domains: Domains) -> bool:
    """Whether one of the conditions holds whatever the signs are."""
    return any(domains[number] <= signs for number, signs in clause)


__all__ = ["ANY", "Atoms", "Clause", "Condition", "Domains", "denied", "holds", "propagated"]
