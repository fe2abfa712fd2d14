"""From a graph of operations to blocked kernels: straight lines of numpy operations that write into rows given to them.

Results go into the rows of their names, intermediate ones into a few further rows, each used again as soon as its value is not
needed any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from derive.views.python.emit import ARRAY, OWN, first_names, number_text
from derive.views.python.factors import binary
from derive.views.python.graph import COMPARISONS, Graph, Node, reachable


class _Lines:
    """The lines written so far, where each value stands, and which rows are free."""

    def __init__(self, nodes: Sequence[Node], roots: Sequence[int], prefix: str) -> None:
        self.nodes, self.prefix = nodes, prefix
        self.order = reachable(nodes, roots)
        self.lines: list[str] = []
        self.place: dict[int, str] = {}
        self.rows = 0
        self._left = Counter(arg for index in self.order for arg in nodes[index].args)
        self._free: list[str] = []
        self._own: set[int] = set()

    def is_leaf(self, index: int) -> bool:
        return self.nodes[index].op in ("const", "var")

    def leaf(self, index: int) -> None:
        self.place[index] = number_text(self.nodes[index].text)

    def operands(self, index: int) -> list[str]:
        """Where the arguments stand; rows of which this was the last use become free."""
        args = self.nodes[index].args
        for arg in args:
            self._left[arg] -= 1
        self._free += [self.place[arg] for arg in dict.fromkeys(args) if arg in self._own and not self._left[arg]]
        return [self.place[arg] for arg in args]

    def row(self, index: int) -> str:
        """A row for the value of a node."""
        if not self._free:
            self.rows += 1
            self._free.append(f"{self.prefix}{self.rows}")
        self._own.add(index)
        return self._free.pop()

    def operation(self, index: int, operands: Sequence[str], target: str) -> None:
        """The line that writes one operation into the row `target`."""
        self.place[index] = target
        op = self.nodes[index].op
        function, arguments = ARRAY[op], ", ".join(operands)
        if function in OWN:
            self.lines.append(f"np.copyto({target}, {function}({arguments}))")
        else:
            self.lines.append(f"{function}({arguments}, {'out=' if op in ('max', 'min') else ''}{target})")


def kernel(graph: Graph, targets: Sequence[tuple[str, int]], prefix: str) -> tuple[list[str], int]:
    """Lines that write every target into the row of its name, and how many further rows (`prefix` and 1, 2, ...) they need."""
    nodes, roots = binary(graph.nodes, [root for _, root in targets])
    written = _Lines(nodes, roots, prefix)
    names = first_names(targets, roots)
    for index in written.order:
        if written.is_leaf(index):
            written.leaf(index)
        else:
            operands = written.operands(index)
            written.operation(index, operands, names[index] if index in names else written.row(index))
    for (name, _), root in zip(targets, roots, strict=True):
        if written.place[root] != name:
            written.lines.append(f"np.copyto({name}, {written.place[root]})")
    return written.lines, written.rows


def comparisons(graph: Graph, roots: Sequence[int], prefix: str, flag: str) -> tuple[list[str], list[str], int]:
    """Lines that compute the sides of comparisons, an expression for each of the `roots`, and how many rows the lines need.

    What is compared with what stands in a row gets a name (`flag` and 1, 2, ...) at once, and its rows are free again.
    """
    nodes, roots = binary(graph.nodes, roots)
    written = _Lines(nodes, roots, prefix)
    flags = 0
    for index in written.order:
        node = nodes[index]
        if written.is_leaf(index):
            written.leaf(index)
        elif node.op not in COMPARISONS:
            operands = written.operands(index)
            written.operation(index, operands, written.row(index))
        else:
            rowless = all(map(written.is_leaf, node.args))
            left, right = written.operands(index)
            written.place[index] = f"{left} {node.op} {right}"
            if not rowless or roots.count(index) > 1:
                flags += 1
                written.lines.append(f"{flag}{flags} = {written.place[index]}")
                written.place[index] = f"{flag}{flags}"
    return written.lines, [written.place[root] for root in roots], written.rows
