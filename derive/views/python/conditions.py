"""Relations between parameters as Python conditions."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Add, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.views.python.emit import inline
from derive.views.python.graph import Graph, Unsupported

_SIGNS = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "==", "!=": "!="}


def condition(relation: Boolean, names: Mapping[Symbol, str], dominant: frozenset[Symbol], arrays: bool) -> str:
    """`relation` as an expression on floats, or with `arrays` on floats and arrays alike. Raises `Unsupported`."""
    if relation in (sympy.true, sympy.false):
        return str(bool(relation))
    if isinstance(relation, (And, Or)):
        parts = [condition(part, names, dominant, arrays) for part in sorted(relation.args, key=sympy.default_sort_key)]
        word = {(And, True): " & ", (And, False): " and ", (Or, True): " | ", (Or, False): " or "}[type(relation), arrays]
        return "(" + word.join(f"({part})" for part in parts) + ")"
    if isinstance(relation, Not):
        inner = condition(relation.args[0], names, dominant, arrays)
        return f"np.logical_not({inner})" if arrays else f"not ({inner})"
    if not isinstance(relation, Relational) or relation.rel_op not in _SIGNS:
        raise Unsupported(f"{relation} is not a relation")
    left, right = _sides(relation.lhs, relation.rhs)
    graph = Graph(names, dominant)
    first, second = (inline(graph, graph.expression(side), arrays) for side in (left, right))
    return f"{first} {_SIGNS[relation.rel_op]} {second}"


def _sides(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """A constant stands beside a lone symbol: ``b > gamma + 1`` is compared as ``b - 1 > gamma``, where nothing is rounded."""
    if left.is_Symbol and isinstance(right, Add) and right.as_coeff_Add()[0] != 0:
        constant, rest = right.as_coeff_Add()
        return left - constant, rest
    if right.is_Symbol and isinstance(left, Add) and left.as_coeff_Add()[0] != 0:
        constant, rest = left.as_coeff_Add()
        return rest, right - constant
    return left, right


def conjuncts(relations: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The relations, conjunctions split into their parts and repetitions dropped; what always holds is left out."""
    parts: list[Boolean] = []
    for relation in relations:
        inner = sorted(relation.args, key=sympy.default_sort_key) if isinstance(relation, And) else [relation]
        parts += [part for part in inner if part != sympy.true and part not in parts]
    return tuple(parts)


def bounded_below(relations: tuple[Boolean, ...]) -> frozenset[Symbol]:
    """Symbols that some relation puts above something else than zero."""
    return frozenset(
        relation.gts
        for relation in relations
        if isinstance(relation, (sympy.StrictGreaterThan, sympy.GreaterThan, sympy.StrictLessThan, sympy.LessThan))
        and isinstance(relation.gts, Symbol)
        and relation.lts != 0
    )
