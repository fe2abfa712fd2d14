"""Derivatives on the graph of operations: what the value computed already is used again, so that a slope costs a few products."""

from __future__ import annotations

import math
from collections.abc import Callable

from derive.views.python.graph import Graph, Unsupported, reachable


def slope(graph: Graph, root: int, variable: int) -> int:
    """The node of the derivative of `root` by the leaf `variable`. Raises `Unsupported` where an operation has a kink."""
    found: dict[int, int | None] = {}
    for index in reachable(graph.nodes, [root]):
        found[index] = graph.number(1) if index == variable else _derivative(graph, index, found)
    result = found[root]
    return graph.number(0) if result is None else result


def _derivative(graph: Graph, index: int, found: dict[int, int | None]) -> int | None:
    """The derivative of one operation from those of its arguments; None stands for zero."""
    node = graph.nodes[index]
    inner = [found[arg] for arg in node.args]
    if all(part is None for part in inner):
        return None
    if node.op in ("add", "sub"):
        return _sum(graph, inner[0], inner[1] if node.op == "add" or inner[1] is None else graph.negative(inner[1]))
    if node.op in ("product", "mul"):
        return _of_product(graph, node.args, inner)
    if node.op == "div":
        return _of_quotient(graph, index, inner)
    if node.op == "pow":
        return _of_power(graph, index, inner)
    if node.op == "neg" and inner[0] is not None:
        return graph.negative(inner[0])
    rule = _CHAIN.get(node.op)
    if rule is None or inner[0] is None:
        raise Unsupported(f"{node.op} has no slope everywhere")
    return _times(graph, inner[0], rule(graph, index, node.args[0]))


def _sum(graph: Graph, first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return second if first is None else first
    (sign, left), (other, right) = _signed(graph, first), _signed(graph, second)
    if sign < 0 < other:
        sign, left, other, right = other, right, sign, left
    total = graph.make("add" if sign == other else "sub", left, right)
    return total if sign > 0 else graph.negative(total)


def _signed(graph: Graph, node: int) -> tuple[int, int]:
    """The sign that stands before a node, and what follows it."""
    inner = graph.nodes[node]
    if inner.op == "neg":
        return -1, inner.args[0]
    if inner.op == "const" and inner.text.startswith("-"):
        return -1, graph.negative(node)
    return 1, node


def _times(graph: Graph, *factors: int) -> int:
    """The product, its sign in front of it; factors 1 are left out, and a factor beside its inverse."""
    sign, kept = 1, list[int]()
    for own, factor in (_signed(graph, factor) for factor in factors):
        sign *= own
        if factor != graph.number(1):
            kept += graph.nodes[factor].args if graph.nodes[factor].op == "product" else (factor,)
    for factor in list(kept):
        inverse = _inverse(graph, factor)
        if factor in kept and inverse in kept:
            kept.remove(factor)
            kept.remove(inverse)
    result = graph.quotient(kept, [])
    return result if sign > 0 else graph.negative(result)


def _over(graph: Graph, top: int, *bottom: int) -> int:
    sign, above = _signed(graph, top)
    result = graph.quotient([above], bottom)
    return result if sign > 0 else graph.negative(result)


def _of_product(graph: Graph, factors: tuple[int, ...], inner: list[int | None]) -> int | None:
    total: int | None = None
    for place, part in enumerate(inner):
        if part is not None:
            total = _sum(graph, total, _times(graph, part, *factors[:place], *factors[place + 1 :]))
    return total


def _of_quotient(graph: Graph, index: int, inner: list[int | None]) -> int:
    above, below = inner
    bottom = graph.nodes[index].args[1]
    top = _sum(graph, above, None if below is None else graph.negative(_times(graph, index, below)))
    assert top is not None
    return _over(graph, top, bottom)


def _of_power(graph: Graph, index: int, inner: list[int | None]) -> int:
    base, exponent = graph.nodes[index].args
    by_base, by_exponent = inner
    rate = None if by_base is None else _over(graph, _times(graph, exponent, by_base), base)
    growth = None if by_exponent is None else _times(graph, by_exponent, graph.make("log", base))
    total = _sum(graph, rate, growth)
    assert total is not None
    return _times(graph, index, total)


def _one_and(graph: Graph, op: str, node: int) -> int:
    return graph.make(op, graph.number(1), node)


def _square(graph: Graph, node: int) -> int:
    return graph.make("mul", node, node)


def _inverse(graph: Graph, node: int) -> int:
    return graph.quotient([], [node])


def _bell(graph: Graph, argument: int) -> int:
    return _times(graph, graph.number(2 / math.sqrt(math.pi)), graph.make("exp", graph.negative(_square(graph, argument))))


def _arc(graph: Graph, argument: int) -> int:
    return _inverse(graph, graph.make("sqrt", _one_and(graph, "sub", _square(graph, argument))))


# By what the derivative of the argument is multiplied: from the operation's own node and that of its argument.
_CHAIN: dict[str, Callable[[Graph, int, int], int]] = {
    "sqrt": lambda graph, own, _: graph.quotient([], [graph.number(2), own]),
    "exp": lambda _, own, __: own,
    "expm1": lambda graph, own, _: _one_and(graph, "add", own),
    "log": lambda graph, _, x: _inverse(graph, x),
    "log1p": lambda graph, _, x: _inverse(graph, _one_and(graph, "add", x)),
    "sin": lambda graph, _, x: graph.make("cos", x),
    "cos": lambda graph, _, x: graph.negative(graph.make("sin", x)),
    "asin": lambda graph, _, x: _arc(graph, x),
    "acos": lambda graph, _, x: graph.negative(_arc(graph, x)),
    "atan": lambda graph, _, x: _inverse(graph, _one_and(graph, "add", _square(graph, x))),
    "erf": lambda graph, _, x: _bell(graph, x),
    "erfc": lambda graph, _, x: graph.negative(_bell(graph, x)),
    "lambertw": lambda graph, own, x: _inverse(graph, graph.make("add", x, graph.make("exp", own))),
    "omega": lambda graph, own, _: graph.quotient([own], [_one_and(graph, "add", own)]),
    "lambertw1": lambda graph, own, x: _inverse(graph, graph.make("add", x, graph.make("exp", own))),
}
