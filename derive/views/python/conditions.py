"""Relations between parameters as Python conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Add, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.views.python.emit import inline, shared
from derive.views.python.graph import COMPARISONS, Graph, Unsupported
from derive.views.python.rows import comparisons


@dataclass(frozen=True)
class _Test:
    """A parsed relation: a comparison of two nodes, or ``and``, ``or``, ``not`` of tests; a constant is a word of its own."""

    word: str
    sides: tuple[int, int] | None = None
    parts: tuple[_Test, ...] = ()


@dataclass(frozen=True)
class ArrayTests:
    """Groups of relations on blocks of arrays: the lines that they need, the rows that these need, and the relations."""

    lines: tuple[str, ...]
    rows: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]


def conditions(
    groups: Sequence[Sequence[Boolean]], names: Mapping[Symbol, str], dominant: frozenset[Symbol], prefix: str
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """For every group of relations the lines that compute what its relations share (among themselves and with groups before),
    and its relations as expressions on floats. Raises `Unsupported`."""
    graph = Graph(names, dominant)
    parsed = [[_parse(relation, graph) for relation in group] for group in groups]
    sides = [[side for test in group for pair in _compared(test) for side in pair[1:]] for group in parsed]
    result = []
    for tests, (lines, texts) in zip(parsed, shared(graph, sides, prefix, arrays=False), strict=True):
        remaining = iter([f"{left} {pair[0]} {right}" for pair, left, right in _paired(tests, texts)])
        result.append((tuple(lines), tuple(_text(test, remaining, arrays=False) for test in tests)))
    return tuple(result)


def array_conditions(
    groups: Sequence[Sequence[Boolean]], names: Mapping[Symbol, str], dominant: frozenset[Symbol], prefix: str, flag: str
) -> ArrayTests:
    """The same for blocks of arrays (or floats), what is compared computed in rows. Raises `Unsupported`."""
    graph = Graph(names, dominant)
    parsed = [[_parse(relation, graph) for relation in group] for group in groups]
    roots = [graph.make(*pair) for group in parsed for test in group for pair in _compared(test)]
    lines, texts, rows = comparisons(graph, roots, prefix, flag)
    remaining = iter(texts)
    written = tuple(tuple(_operand(test, _text(test, remaining, arrays=True), len(group)) for test in group) for group in parsed)
    return ArrayTests(tuple(lines), tuple(f"{prefix}{i + 1}" for i in range(rows)), written)


def _operand(test: _Test, text: str, count: int) -> str:
    """A test of `count` that are joined by ``&``, which binds more strongly than a comparison."""
    return f"({text})" if count > 1 and test.sides is not None and not text.isidentifier() else text


def condition(relation: Boolean, names: Mapping[Symbol, str], dominant: frozenset[Symbol]) -> str:
    """One relation as one expression on floats. Raises `Unsupported`."""
    graph = Graph(names, dominant)
    test = _parse(relation, graph)
    texts = (f"{inline(graph, left, False)} {sign} {inline(graph, right, False)}" for sign, left, right in _compared(test))
    return _text(test, texts, arrays=False)


def _parse(relation: Boolean, graph: Graph) -> _Test:
    if relation in (sympy.true, sympy.false):
        return _Test(str(bool(relation)))
    if isinstance(relation, (And, Or, Not)):
        word = {And: "and", Or: "or", Not: "not"}[type(relation)]
        return _Test(word, None, tuple(_parse(part, graph) for part in sorted(relation.args, key=sympy.default_sort_key)))
    if not isinstance(relation, Relational) or relation.rel_op not in COMPARISONS:
        raise Unsupported(f"{relation} is not a relation")
    left, right = (graph.expression(side) for side in _sides(relation.lhs, relation.rhs))
    return _Test(relation.rel_op, (left, right))


def _compared(test: _Test) -> tuple[tuple[str, int, int], ...]:
    """The comparisons in a test: sign, left and right side."""
    if test.sides is not None:
        return ((test.word, *test.sides),)
    return tuple(pair for part in test.parts for pair in _compared(part))


def _paired(tests: Sequence[_Test], texts: Sequence[str]) -> Iterator[tuple[tuple[str, int, int], str, str]]:
    """Every comparison of the tests with the texts of its two sides."""
    sides = iter(texts)
    return ((pair, next(sides), next(sides)) for test in tests for pair in _compared(test))


def _text(test: _Test, compared: Iterator[str], arrays: bool) -> str:
    """A test, given the texts of its comparisons in their order."""
    if test.sides is not None:
        return next(compared)
    parts = [_text(part, compared, arrays) for part in test.parts]
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
    """The relations, conjunctions split into their parts and repetitions dropped, also from right to left; what always holds is
    left out."""
    parts: list[Boolean] = []
    for relation in relations:
        inner = sorted(relation.args, key=sympy.default_sort_key) if isinstance(relation, And) else [relation]
        parts += [part for part in inner if part != sympy.true and not {part, getattr(part, "reversed", part)} & set(parts)]
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


def positive(relations: tuple[Boolean, ...]) -> frozenset[Symbol]:
    """Symbols that some relation puts above zero."""
    return frozenset(margin for margin in margins(relations) if isinstance(margin, Symbol))


def margins(relations: tuple[Boolean, ...]) -> frozenset[Expr]:
    """By what the greater sides of strict relations exceed the smaller ones."""
    strict = (sympy.StrictGreaterThan, sympy.StrictLessThan)
    return frozenset(relation.gts - relation.lts for relation in relations if isinstance(relation, strict))
