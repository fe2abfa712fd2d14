"""Relations between parameters as Python conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Add, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.views.python.emit import inline, shared
from derive.views.python.graph import Graph, Unsupported

_SIGNS = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True)
class _Test:
    """A parsed relation: a comparison of two nodes, or ``and``, ``or``, ``not`` of tests; a constant is a word of its own."""

    word: str
    sides: tuple[int, int] | None = None
    parts: tuple[_Test, ...] = ()


def conditions(
    groups: Sequence[Sequence[Boolean]], names: Mapping[Symbol, str], dominant: frozenset[Symbol], prefix: str, arrays: bool
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """For every group of relations the lines that compute what its relations share (among themselves and with groups before),
    and its relations as expressions on floats, or with `arrays` on floats and arrays alike. Raises `Unsupported`."""
    graph = Graph(names, dominant)
    parsed = [[_parse(relation, graph) for relation in group] for group in groups]
    sides = [[side for test in group for side in _nodes(test)] for group in parsed]
    result = []
    for tests, (lines, texts) in zip(parsed, shared(graph, sides, prefix, arrays), strict=True):
        remaining = iter(texts)
        result.append((tuple(lines), tuple(_text(test, remaining, arrays) for test in tests)))
    return tuple(result)


def condition(relation: Boolean, names: Mapping[Symbol, str], dominant: frozenset[Symbol], arrays: bool) -> str:
    """One relation as one expression. Raises `Unsupported`."""
    graph = Graph(names, dominant)
    test = _parse(relation, graph)
    return _text(test, iter([inline(graph, node, arrays) for node in _nodes(test)]), arrays)


def _parse(relation: Boolean, graph: Graph) -> _Test:
    if relation in (sympy.true, sympy.false):
        return _Test(str(bool(relation)))
    if isinstance(relation, (And, Or, Not)):
        word = {And: "and", Or: "or", Not: "not"}[type(relation)]
        return _Test(word, None, tuple(_parse(part, graph) for part in sorted(relation.args, key=sympy.default_sort_key)))
    if not isinstance(relation, Relational) or relation.rel_op not in _SIGNS:
        raise Unsupported(f"{relation} is not a relation")
    left, right = (graph.expression(side) for side in _sides(relation.lhs, relation.rhs))
    return _Test(_SIGNS[relation.rel_op], (left, right))


def _nodes(test: _Test) -> tuple[int, ...]:
    return test.sides if test.sides is not None else tuple(node for part in test.parts for node in _nodes(part))


def _text(test: _Test, texts: Iterator[str], arrays: bool) -> str:
    if test.sides is not None:
        left, right = next(texts), next(texts)
        return f"{left} {test.word} {right}"
    parts = [_text(part, texts, arrays) for part in test.parts]
    if test.word == "not":
        return f"np.logical_not({parts[0]})" if arrays else f"not ({parts[0]})"
    if not parts:
        return test.word
    word = {"and": " & ", "or": " | "}[test.word] if arrays else f" {test.word} "
    return "(" + word.join(f"({part})" for part in parts) + ")"


def _sides(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """A constant stands beside a lone symbol: ``b > gamma + 1`` is compared as ``b - 1 > gamma``, where nothing is rounded."""
    if left.is_Symbol and isinstance(right, Add) and right.as_coeff_Add()[0] != 0 and not right.has(left):
        constant, rest = right.as_coeff_Add()
        return left - constant, rest
    if right.is_Symbol and isinstance(left, Add) and left.as_coeff_Add()[0] != 0 and not left.has(right):
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
