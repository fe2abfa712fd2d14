"""From a graph of operations to lines of Python that read like the formula: nested expressions for `math` or whole arrays."""

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
    "omega": "_omega_scalar",
    "quantile": "_quantile_float",
}
ARRAY = {
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
    "omega": "_omega",
    "quantile": "_quantile",
}
# Functions of the generated module's own, which return a new array instead of writing into a row.
OWN = (
    *("_max", "_min", "_erf", "_erfc", "_lambertw", "_lambertw1", "_lambertw_scalar", "_lambertw1_scalar"),
    *("_omega", "_omega_scalar"),
    *("_quantile", "_quantile_float"),
)


def number_text(text: str) -> str:
    """The Python expression of a number, infinite ones included."""
    return {"inf": "math.inf", "-inf": "-math.inf"}.get(text, text)


class _Writer:
    """Writes nodes as nested expressions, or by the name under which they were stored."""

    def __init__(self, nodes: Sequence[Node], arrays: bool) -> None:
        self.nodes = nodes
        self.functions = ARRAY if arrays else _SCALAR
        self.stored: dict[int, str] = {}

    def text(self, index: int) -> tuple[str, int]:
        """The expression and the strength with which its outermost operation binds."""
        if index in self.stored:
            return self.stored[index], _ATOM
        node = self.nodes[index]
        if node.op == "const":
            return number_text(node.text), 3 if node.text.startswith("-") else _ATOM
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
    lines = _lines(writer, order, first_names(targets, roots), uses, _numbered(prefix))
    return lines + _copies(writer, targets, roots)


def iterated(graph: Graph, targets: Sequence[tuple[str, int]], prefix: str, variable: str) -> tuple[list[str], list[str]]:
    """The same for a loop over values of one leaf, for floats: the lines before it, and those inside it."""
    nodes, roots = binary(graph.nodes, [root for _, root in targets])
    varying = _varying(nodes, reachable(nodes, roots), variable)
    nodes = _steady_signs(nodes, reachable(nodes, roots), varying)
    order = reachable(nodes, roots)
    steady = [index for index in order if index not in varying]
    uses = Counter(arg for index in order for arg in nodes[index].args)
    uses.update(2 * [arg for index in varying for arg in nodes[index].args if arg not in varying])
    writer, numbers = _Writer(nodes, arrays=False), _numbered(prefix)
    before = _lines(writer, steady, {}, uses, numbers)
    inside = _lines(writer, [index for index in order if index in varying], first_names(targets, roots), uses, numbers)
    return before, inside + _copies(writer, targets, roots)


def _varying(nodes: Sequence[Node], order: Sequence[int], variable: str) -> set[int]:
    """The nodes that depend on a leaf."""
    varying: set[int] = set()
    for index in order:
        if nodes[index] == Node("var", text=variable) or not varying.isdisjoint(nodes[index].args):
            varying.add(index)
    return varying


def _steady_signs(nodes: Sequence[Node], order: Sequence[int], varying: set[int]) -> list[Node]:
    """``-(x/a)`` as ``x/(-a)`` where `a` does not vary, so that the sign is found once; the first has no other use."""
    result = list(nodes)
    uses = Counter(arg for index in order for arg in nodes[index].args)
    for index in order:
        inner = nodes[index].args[0] if nodes[index].op == "neg" else index
        op, sides = nodes[inner].op, list(nodes[inner].args)
        steady = [place for place, side in enumerate(sides) if side not in varying and nodes[side].op != "const"]
        if inner != index and index in varying and uses[inner] == 1 and op in ("mul", "div") and steady:
            result.append(Node("neg", (sides[steady[0]],)))
            sides[steady[0]] = len(result) - 1
            result[index] = Node(op, tuple(sides))
    return result


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
    names = first_names(targets, roots)
    lines: list[str] = []
    for (name, _), root in zip(targets, roots, strict=True):
        if names.get(root) != name or writer.nodes[root].op in ("const", "var"):
            text = writer.text(root)[0]
            lines += [f"{name} = {text}"] if text != name else []
    return lines


def first_names(targets: Sequence[tuple[str, int]], roots: Sequence[int]) -> dict[int, str]:
    """The name of every root, the first one of several."""
    names: dict[int, str] = {}
    for (name, _), root in zip(targets, roots, strict=True):
        names.setdefault(root, name)
    return names


def own_functions(lines: Sequence[str]) -> tuple[str, ...]:
    """Which of the module's own functions the lines call."""
    text = "\n".join(lines)
    return tuple(name for name in OWN if f"{name}(" in text)
