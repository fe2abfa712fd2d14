"""From a graph of operations to lines of Python: nested expressions for `math` or whole arrays, and blocked kernels.

A nested expression reads like the formula. A kernel is a straight line of numpy operations that write into rows given to it:
outputs directly, intermediate results into a few rows that are reused as soon as their value is no longer needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from derive.views.python.factors import binary
from derive.views.python.graph import Graph, Node, reachable

_BINARY = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
_ATOM = 9
_WIDTH = 56

_SCALAR = {
    "pow": "math.pow",
    "sqrt": "math.sqrt",
    "exp": "math.exp",
    "log": "math.log",
    "expm1": "math.expm1",
    "log1p": "math.log1p",
    "cos": "math.cos",
    "sin": "math.sin",
    "acos": "math.acos",
    "asin": "math.asin",
    "atan": "math.atan",
    "abs": "abs",
    "erf": "math.erf",
    "erfc": "math.erfc",
    "max": "_max",
    "min": "_min",
    "lambertw": "_lambertw_scalar",
    "lambertw1": "_lambertw1_scalar",
}
_ARRAY = {
    "add": "np.add",
    "sub": "np.subtract",
    "mul": "np.multiply",
    "div": "np.divide",
    "neg": "np.negative",
    "pow": "np.power",
    "sqrt": "np.sqrt",
    "exp": "np.exp",
    "log": "np.log",
    "expm1": "np.expm1",
    "log1p": "np.log1p",
    "cos": "np.cos",
    "sin": "np.sin",
    "acos": "np.arccos",
    "asin": "np.arcsin",
    "atan": "np.arctan",
    "abs": "np.abs",
    "erf": "_erf",
    "erfc": "_erfc",
    "max": "np.maximum",
    "min": "np.minimum",
    "lambertw": "_lambertw",
    "lambertw1": "_lambertw1",
}
# Functions of the generated module's own, which return a new array instead of writing into a row.
OWN = ("_max", "_min", "_erf", "_erfc", "_lambertw", "_lambertw1", "_lambertw_scalar", "_lambertw1_scalar")


def constant(text: str) -> str:
    """The Python expression of a number, infinite ones included."""
    return {"inf": "math.inf", "-inf": "-math.inf"}.get(text, text)


class _Writer:
    """Writes nodes as nested expressions, or by the name under which they were stored."""

    def __init__(self, nodes: Sequence[Node], arrays: bool) -> None:
        self.nodes = nodes
        self.functions = _ARRAY if arrays else _SCALAR
        self.stored: dict[int, str] = {}

    def text(self, index: int) -> tuple[str, int]:
        """The expression and the strength with which its outermost operation binds."""
        if index in self.stored:
            return self.stored[index], _ATOM
        node = self.nodes[index]
        if node.op == "const":
            return constant(node.text), 3 if node.text.startswith("-") else _ATOM
        if node.op == "var":
            return node.text, _ATOM
        if node.op in _BINARY:
            sign, strength = _BINARY[node.op]
            left, right = (self.text(arg) for arg in node.args)
            first = left[0] if left[1] >= strength else f"({left[0]})"
            second = right[0] if right[1] > strength and right[1] != 3 else f"({right[0]})"
            return (f"{first} {sign} {second}" if strength == 1 else f"{first}{sign}{second}"), strength
        if node.op == "neg":
            inner, strength = self.text(node.args[0])
            return (f"-{inner}" if strength > 3 else f"-({inner})"), 3
        arguments = ", ".join(self.text(arg)[0] for arg in node.args)
        return f"{self.functions[node.op]}({arguments})", _ATOM


def inline(graph: Graph, root: int, arrays: bool) -> str:
    """One expression for one node. With `arrays` it takes floats and arrays alike (numpy's functions), else floats (`math`)."""
    nodes, (root,) = binary(graph.nodes, [root])
    return _Writer(nodes, arrays).text(root)[0]


def shared(graph: Graph, groups: Sequence[Sequence[int]], prefix: str, arrays: bool) -> list[tuple[list[str], list[str]]]:
    """For every group of nodes the lines for what is used more than once (in any group) and is not yet computed, and one
    expression per node."""
    nodes, roots = binary(graph.nodes, [root for group in groups for root in group])
    uses = Counter(arg for index in reachable(nodes, roots) for arg in nodes[index].args)
    uses.update(roots)
    writer = _Writer(nodes, arrays)
    result: list[tuple[list[str], list[str]]] = []
    remaining = iter(roots)
    for group in groups:
        wanted = [next(remaining) for _ in group]
        lines = []
        for index in reachable(nodes, wanted):
            if index not in writer.stored and uses[index] > 1 and nodes[index].op not in ("const", "var"):
                text = writer.text(index)[0]
                writer.stored[index] = f"{prefix}{len(writer.stored) + 1}"
                lines.append(f"{writer.stored[index]} = {text}")
        result.append((lines, [writer.text(index)[0] for index in wanted]))
    return result


def assignments(graph: Graph, targets: Sequence[tuple[str, int]], prefix: str, arrays: bool) -> list[str]:
    """Lines ``name = expression`` that compute every target; what is used twice, or is long, gets a line of its own.

    Temporaries are named `prefix` and a number. Targets that are leaves are assigned as well.
    """
    nodes, roots = binary(graph.nodes, [root for _, root in targets])
    order = reachable(nodes, roots)
    uses = Counter(arg for index in order for arg in nodes[index].args)
    writer = _Writer(nodes, arrays)
    lines = _lines(writer, order, _first_names(targets, roots), uses, _numbered(prefix))
    return lines + _copies(writer, targets, roots)


def iterated(graph: Graph, targets: Sequence[tuple[str, int]], prefix: str, variable: str) -> tuple[list[str], list[str]]:
    """The same for a loop over values of one leaf, for floats: the lines before it, and those inside it."""
    nodes, roots = binary(graph.nodes, [root for _, root in targets])
    order = reachable(nodes, roots)
    varying: set[int] = set()
    for index in order:
        if nodes[index] == Node("var", text=variable) or not varying.isdisjoint(nodes[index].args):
            varying.add(index)
    steady = [index for index in order if index not in varying]
    uses = Counter(arg for index in order for arg in nodes[index].args)
    uses.update(2 * [arg for index in varying for arg in nodes[index].args if arg not in varying])
    writer, numbers = _Writer(nodes, arrays=False), _numbered(prefix)
    before = _lines(writer, steady, {}, uses, numbers)
    inside = _lines(writer, [index for index in order if index in varying], _first_names(targets, roots), uses, numbers)
    return before, inside + _copies(writer, targets, roots)


def _numbered(prefix: str) -> Iterator[str]:
    return (f"{prefix}{number}" for number in count(1))


def _lines(
    writer: _Writer, order: Sequence[int], names: Mapping[int, str], uses: Mapping[int, int], temporaries: Iterator[str]
) -> list[str]:
    lines: list[str] = []
    for index in order:
        if writer.nodes[index].op in ("const", "var"):
            continue
        text, _ = writer.text(index)
        if index in names:
            name = names[index]
        elif uses[index] > 1 or len(text) > _WIDTH:
            name = next(temporaries)
        else:
            continue
        lines.append(f"{name} = {text}")
        writer.stored[index] = name
    return lines


def _copies(writer: _Writer, targets: Sequence[tuple[str, int]], roots: Sequence[int]) -> list[str]:
    """Lines for targets that are leaves or equal to an earlier one."""
    names = _first_names(targets, roots)
    lines: list[str] = []
    for (name, _), root in zip(targets, roots, strict=True):
        if names.get(root) != name or writer.nodes[root].op in ("const", "var"):
            text = writer.text(root)[0]
            lines += [f"{name} = {text}"] if text != name else []
    return lines


def _first_names(targets: Sequence[tuple[str, int]], roots: Sequence[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for (name, _), root in zip(targets, roots, strict=True):
        names.setdefault(root, name)
    return names


def kernel(graph: Graph, targets: Sequence[tuple[str, int]], prefix: str) -> tuple[list[str], int]:
    """Lines that write every target into the row of its name, and how many further rows (`prefix` and 1, 2, ...) they need."""
    nodes, roots = binary(graph.nodes, [root for _, root in targets])
    order = reachable(nodes, roots)
    left = Counter(arg for index in order for arg in nodes[index].args)
    names = _first_names(targets, roots)
    place: dict[int, str] = {}
    free: list[str] = []
    rows = 0
    lines: list[str] = []
    for index in order:
        node = nodes[index]
        if node.op in ("const", "var"):
            place[index] = constant(node.text)
            continue
        operands = [place[arg] for arg in node.args]
        for arg in node.args:
            left[arg] -= 1
            if not left[arg] and arg not in names and nodes[arg].op not in ("const", "var") and place[arg] not in free:
                free.append(place[arg])
        if index in names:
            target = names[index]
        elif free:
            target = free.pop()
        else:
            rows += 1
            target = f"{prefix}{rows}"
        place[index] = target
        function = _ARRAY[node.op]
        if function in OWN:
            lines.append(f"np.copyto({target}, {function}({', '.join(operands)}))")
        else:
            out = f"out={target}" if node.op in ("max", "min") else target
            lines.append(f"{function}({', '.join(operands)}, {out})")
    for (name, _), root in zip(targets, roots, strict=True):
        if place[root] != name:
            lines.append(f"np.copyto({name}, {place[root]})")
    return lines, rows


def own_functions(lines: Sequence[str]) -> tuple[str, ...]:
    """Which of the module's own functions the lines call."""
    text = "\n".join(lines)
    return tuple(name for name in OWN if f"{name}(" in text)
