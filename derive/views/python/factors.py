"""From products and quotients of many factors to binary operations, common factors multiplied (or divided) once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from derive.views.python.graph import Node, reachable

# A factor of a quotient is (node, +1) above the line and (node, -1) below it.
Factor = tuple[int, int]
Pair = tuple[Factor, Factor]


def binary(nodes: Sequence[Node], roots: Sequence[int]) -> tuple[list[Node], list[int]]:
    """The graph and its roots with every ``product`` and ``div`` that `roots` need made of binary ``mul`` and ``div``.

    Two factors that several quotients have in common become one, the most frequent pair first. No order of operations changes
    a sum; products and quotients keep their relative accuracy in any order. The sign before a product goes into a difference.
    """
    flat = [_flattened(nodes, index) for index in range(len(nodes))]
    spread = [Node(node.op, tuple(index for index, _ in flat[i]) or node.args, node.text) for i, node in enumerate(nodes)]
    quotients = {index: list(flat[index]) for index in reachable(spread, roots) if flat[index]}
    result = list(nodes)
    while True:
        counts: Counter[Pair] = Counter()
        for factors in quotients.values():
            counts.update({(min(pair), max(pair)) for pair in combinations(factors, 2)})
        best = max(sorted(counts), key=lambda pair: (counts[pair], pair[0][1] == pair[1][1]), default=None)
        if best is None or counts[best] < 2:
            break
        merged = _merged(best, result)
        for factors in quotients.values():
            if _contains(factors, best):
                position = factors.index(best[0])
                factors.remove(best[0])
                factors.remove(best[1])
                factors.insert(min(position, len(factors)), merged)
    for index, factors in quotients.items():
        above, below = (_product([node for node, sign in factors if sign == side], result) for side in (1, -1))
        if below is None:
            result[index] = Node("same", (above if above is not None else index,))
        elif above is None:
            result.append(Node("const", text="1.0"))
            result[index] = Node("div", (len(result) - 1, below))
        else:
            result[index] = Node("div", (above, below))
    result, roots = _resolved(result, roots)
    return _signs_inside(result, roots)


def _flattened(nodes: Sequence[Node], index: int) -> tuple[Factor, ...]:
    """The factors of a product or quotient; nothing for other nodes."""
    node = nodes[index]
    if node.op == "product":
        return tuple((arg, 1) for arg in node.args)
    if node.op != "div":
        return ()
    above, below = (nodes[arg].args if nodes[arg].op == "product" else (arg,) for arg in node.args)
    unit = [arg for arg in above if (nodes[arg].op, nodes[arg].text) != ("const", "1.0")]
    return (*((arg, 1) for arg in unit), *((arg, -1) for arg in below))


def _merged(pair: Pair, nodes: list[Node]) -> Factor:
    (first, side), (second, other) = pair
    if side == other:
        nodes.append(Node("mul", (first, second)))
        return len(nodes) - 1, side
    nodes.append(Node("div", (first, second) if side > 0 else (second, first)))
    return len(nodes) - 1, 1


def _product(factors: list[int], nodes: list[Node]) -> int | None:
    total = factors[0] if factors else None
    for factor in factors[1:]:
        nodes.append(Node("mul", (total if total is not None else factor, factor)))
        total = len(nodes) - 1
    return total


def _contains(factors: list[Factor], pair: Pair) -> bool:
    return factors.count(pair[0]) >= 2 if pair[0] == pair[1] else pair[0] in factors and pair[1] in factors


def _resolved(nodes: Sequence[Node], roots: Sequence[int]) -> tuple[list[Node], list[int]]:
    """The nodes with what is the ``same`` as another replaced by that."""
    final = [_target(nodes, index) for index in range(len(nodes))]
    rewritten = [Node(node.op, tuple(final[arg] for arg in node.args), node.text) for node in nodes]
    return rewritten, [final[root] for root in roots]


def _target(nodes: Sequence[Node], index: int) -> int:
    while nodes[index].op == "same":
        index = nodes[index].args[0]
    return index


def _signs_inside(nodes: list[Node], roots: list[int]) -> tuple[list[Node], list[int]]:
    """``-(a - b)*c`` as ``(b - a)*c`` where the difference has no other use: the same number, one operation less."""
    order = reachable(nodes, roots)
    uses = Counter(arg for index in order for arg in nodes[index].args)
    uses.update(roots)
    for index in order:
        if nodes[index].op == "neg":
            difference = _lone_difference(nodes, nodes[index].args[0], uses)
            if difference is not None:
                nodes[difference] = Node("sub", nodes[difference].args[::-1])
                nodes[index] = Node("same", nodes[index].args)
    return _resolved(nodes, roots)


def _lone_difference(nodes: Sequence[Node], index: int, uses: Counter[int]) -> int | None:
    """A difference whose sign is that of the node, neither of them used elsewhere, nor what leads from one to the other."""
    if uses[index] != 1:
        return None
    if nodes[index].op == "sub":
        return index
    parts = nodes[index].args if nodes[index].op in ("mul", "div") else ()
    return next((found for arg in parts if (found := _lone_difference(nodes, arg, uses)) is not None), None)
