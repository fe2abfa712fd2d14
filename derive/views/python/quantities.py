"""The quantities of a regime as nodes of one graph, and which of them are the same in all regimes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol

from derive.algebra.shape import leaves
from derive.field import NotRational, normal
from derive.solution import Regime
from derive.views.python.graph import Graph, Unsupported

_LARGEST = 3000


@dataclass(frozen=True)
class Quantity:
    """One entry of a result or one parameter: its Python name, its name in the paper, what it is, its unit."""

    name: str
    symbol: str
    meaning: str
    unit: str


@dataclass(frozen=True)
class Vocabulary:
    """What a statement says of its symbols: parameters of this function, all quantities by symbol, payoffs, Python names; the
    numbers of printed formulas by the position of a regime and a symbol."""

    parameters: tuple[Symbol, ...]
    integers: frozenset[Symbol]
    about: Mapping[Symbol, tuple[str, str]]
    payoffs: tuple[Symbol, ...]
    names: Mapping[Symbol, str]
    equations: Mapping[tuple[int, Symbol], str]
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Body:
    """The quantities of a regime as nodes of one graph, by name; those in `given` are leaves, those in `blank` have no value."""

    graph: Graph
    nodes: Mapping[str, int]
    given: frozenset[str]
    implicit: frozenset[str]
    blank: tuple[str, ...]

    def computed(self, wanted: Iterable[str]) -> list[tuple[str, int]]:
        """What is to be computed of the quantities `wanted`."""
        return [(name, self.nodes[name]) for name in wanted if name in self.nodes and name not in self.given]

    def needed(self, wanted: Iterable[str]) -> frozenset[str]:
        """The names that the formulas of the quantities `wanted` speak of."""
        return frozenset().union(*(self.graph.leaves(node) for _, node in self.computed(wanted)))


def body_of(
    regime: Regime, fields: tuple[Quantity, ...], words: Vocabulary, names: Mapping[Symbol, str], dominant: frozenset[Symbol]
) -> Body:
    """The quantities of one regime; `names` gives the parameters' Python names. Raises `Unsupported`."""
    known = {**names, **{root.symbol: words.names[root.symbol] for root in regime.implicit}}
    graph = Graph(known, dominant)
    implicit = frozenset(known[root.symbol] for root in regime.implicit)
    nodes: dict[str, int] = {known[root.symbol]: graph.expression(root.symbol) for root in regime.implicit}
    atoms: dict[Symbol, Expr] = {}
    open_: set[Symbol] = set(regime.free)
    for symbol, expr in regime.values:
        if expr.free_symbols & open_:
            open_.add(symbol)
            continue
        if symbol in known:
            if expr != symbol:
                raise Unsupported(f"{symbol} is given twice")
            continue
        value = expr.xreplace(atoms)
        nodes[words.names[symbol]] = graph.expression(value)
        if value.is_Atom:
            atoms[symbol] = value
        graph.bind(symbol, nodes[words.names[symbol]])
    wanted = [field.name for field in fields]
    if "total" in wanted and "total" not in nodes and not open_ & set(words.payoffs):
        payoffs = [symbol for symbol in words.payoffs if words.names.get(symbol) in nodes]
        same = _sum_of(payoffs, regime, open_)
        if same is None:
            nodes["total"] = graph.sum_of([nodes[words.names[symbol]] for symbol in payoffs])
        else:
            nodes["total"] = nodes[words.names[same]]
            nodes.update(_what_is_left(graph, nodes, [words.names[symbol] for symbol in payoffs]))
    return Body(graph, nodes, frozenset(known.values()), implicit, tuple(name for name in wanted if name not in nodes))


def _sum_of(payoffs: Sequence[Symbol], regime: Regime, without_value: set[Symbol]) -> Symbol | None:
    """The quantity that is the payoffs' sum identically, where the regime has one."""
    closed: dict[Symbol, Expr] = {}
    for symbol, value in regime.values:
        closed[symbol] = value.xreplace(closed)
    total = _normal(sympy.Add(*(closed.get(symbol, symbol) for symbol in payoffs)))
    others = [symbol for symbol in closed if symbol not in payoffs and symbol not in without_value]
    return None if total is None else next((symbol for symbol in others if _normal(closed[symbol]) == total), None)


def _what_is_left(graph: Graph, nodes: Mapping[str, int], payoffs: Sequence[str]) -> dict[str, int]:
    """The one payoff that is not a parameter, as the total without the others, where the total depends on none of these."""
    total = nodes["total"]
    given = [name for name in payoffs if graph.nodes[nodes[name]].op == "var"]
    others = [name for name in payoffs if name not in given]
    if len(others) != 1 or not given or graph.contains(total, [nodes[name] for name in payoffs]):
        return {}
    for name in given:
        total = graph.make("sub", total, nodes[name])
    return {others[0]: total}


def _normal(expr: Expr) -> Expr | None:
    """The form of an expression of moderate size that all its equals have."""
    try:
        return normal(expr) if leaves(expr) < _LARGEST else None
    except (NotRational, ZeroDivisionError):
        return None


def places_of(fields: tuple[Quantity, ...], bodies: Sequence[Body]) -> tuple[int, ...]:
    """For every field the first one that equals it in all regimes, itself where there is none."""
    first: dict[tuple[int | None, ...], int] = {}
    found = []
    for number, field in enumerate(fields):
        nodes = tuple(body.nodes.get(field.name) for body in bodies)
        found.append(number if None in nodes else first.setdefault(nodes, number))
    return tuple(found)


def is_common(name: str, bodies: Sequence[Body]) -> bool:
    """Whether a quantity has the same formula, in parameters alone, in every one of several regimes."""
    if len(bodies) == 1 or any(name not in body.nodes for body in bodies):
        return False
    if any(body.implicit & body.graph.leaves(body.nodes[name]) for body in bodies):
        return False
    return len({body.graph.formula(body.nodes[name]) for body in bodies}) == 1
