"""Largest and smallest of several values and absolute values, taken apart into cases: for searches, never for proofs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import Abs, And, Expr, Max, Min, Or, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.relations import operator, rejoined, relation, substitute, text

MOST_CASES = 48
_TURN = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "!="}


@lru_cache(maxsize=1 << 13)
def unfolded(statement: Boolean) -> Boolean:
    """The same statement with one alternative for each of the values that an extremum may have; as it stands if they are many."""
    if isinstance(statement, And | Or):
        return rejoined(statement, [unfolded(part) for part in statement.args])
    if not isinstance(statement, Relational) or not statement.has(Max, Min, Abs):
        return statement
    for node, op, other in (
        (statement.lhs, operator(statement), statement.rhs),
        (statement.rhs, _TURN[operator(statement)], statement.lhs),
    ):
        if isinstance(node, Max | Min | Abs) and op in (">", ">=", "<", "<="):
            join = And if (op in ("<", "<=")) != isinstance(node, Min) else Or
            return join(*(unfolded(relation(value, op, other)) for value in values_of(node)), evaluate=False)
    found = [*_cases(statement, ())]
    if len(found) > MOST_CASES:
        return statement
    return Or(*(And(*case, evaluate=False) for case in found), evaluate=False)


def _cases(statement: Relational, under: tuple[Boolean, ...]) -> Iterator[tuple[Boolean, ...]]:
    node = min(
        (n for n in statement.atoms(Max, Min, Abs) if not any(a.has(Max, Min, Abs) for a in n.args)), key=str, default=None
    )
    if node is None:
        yield (*under, statement)
        return
    values = values_of(node)
    for k, value in enumerate(values):
        op = "<=" if isinstance(node, Min) else ">="
        chosen = tuple(relation(value, op, other) for j, other in enumerate(values) if j != k)
        rest = substitute(statement, {node: value})
        assert isinstance(rest, Relational)
        yield from _cases(rest, (*under, *chosen))


def values_of(node: Expr) -> tuple[Expr, ...]:
    """The values of which an extremum is the largest, or the smallest."""
    if isinstance(node, Abs):
        return node.args[0], -node.args[0]
    return tuple(sorted(node.args, key=text))


def bounds_of(symbol: Symbol, node: Expr, values: tuple[Expr, ...]) -> tuple[Boolean, ...]:
    """What is known of a symbol that stands for the extremum `node` of the `values`: it bounds them all and is one of them."""
    op = "<=" if isinstance(node, Min) else ">="
    one = Or(*(relation(symbol, "=", value) for value in values), evaluate=False)
    return (*(relation(symbol, op, value) for value in values), one)
