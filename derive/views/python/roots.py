"""Implicit quantities of a generated function: the equation each solves, its slope, and the lines that have it solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.solution import Implicit, Solution
from derive.views.python.emit import assignments, inline, iterated
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.slope import slope


@dataclass(frozen=True)
class Residual:
    """The equation of an implicit quantity `unknown`: zero at the root, where its slope has the sign `sign`.

    `bounded`: both ends of its bracket are numbers. For floats the lines are those before a loop over values of the unknown and
    those inside it; the lines for arrays stand in a function of the unknown and the `arguments`. All end with ``_value`` and
    ``_slope``.
    """

    name: str
    unknown: str
    arguments: tuple[str, ...]
    sign: int
    bounded: bool
    before: tuple[str, ...]
    inside: tuple[str, ...]
    array: tuple[str, ...]


@dataclass(frozen=True)
class Solver:
    """How an implicit quantity is found: its residual, the names that this needs, and the lines that call the root finder."""

    residual: Residual
    scalar: str
    name: str
    call: str
    needed: frozenset[str]

    def whole(self) -> str:
        """The line that finds it for all of the `inputs`, into a new array."""
        return f"{self.name} = {self.call}, max(np.size(x) for x in inputs))"

    def row(self) -> str:
        """The line that finds it for every point of a block, into its row."""
        return f"np.copyto({self.name}, {self.call}, {self.name}.size))"


def solvers_of(
    solution: Solution,
    function: str,
    called: Mapping[Symbol, str],
    names: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
) -> dict[Implicit, Solver]:
    """One solver for every implicit quantity of the generated `function`; `called` names all symbols, `names` the parameters."""
    solvers: dict[Implicit, Solver] = {}
    for number, regime in enumerate(solution.regimes):
        solved = dict(names)
        for root in regime.implicit:
            if root not in solvers:
                own = called[root.symbol]
                taken = {solver.residual.name for solver in solvers.values()}
                name = f"_{function}_{own}"
                name = name if name not in taken else f"{name}_{number + 1}"
                solvers[root] = _solver(root, name, own, dict(regime.values), solved, dominant, prefix)
            solved[root.symbol] = called[root.symbol]
    return solvers


def _solver(
    root: Implicit,
    name: str,
    own: str,
    values: Mapping[Symbol, Expr],
    solved: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
) -> Solver:
    known = {**solved, root.symbol: own}
    equation = root.equation
    while not equation.free_symbols <= set(known) and equation.free_symbols & set(values):
        equation = equation.xreplace(dict(values))
    used = equation.free_symbols - {root.symbol}
    arguments = tuple(text for symbol, text in solved.items() if symbol in used)
    graph = Graph(known, dominant)
    value, sign = graph.expression(equation), root.sign
    if graph.nodes[value].op == "neg":
        value, sign = graph.negative(value), -sign
    try:
        steepness = slope(graph, value, graph.expression(root.symbol))
    except Unsupported:  # a kink (Max, Abs): no slope, the solver bisects
        steepness = graph.expression(sympy.oo)
    targets = [("_value", value), ("_slope", steepness)]
    before, inside = iterated(graph, targets, prefix, own)
    ends = Graph(solved, dominant)
    low, high = ends.expression(root.low), ends.expression(root.high)
    between, across = (f"{inline(ends, low, arrays)}, {inline(ends, high, arrays)}" for arrays in (False, True))
    passed = "(" + ", ".join(arguments) + ("," if len(arguments) == 1 else "") + ")"
    bounded = not {root.low, root.high} & {sympy.oo, -sympy.oo}
    array = assignments(graph, targets, prefix, arrays=True)
    return Solver(
        residual=Residual(name, own, arguments, sign, bounded, tuple(before), tuple(inside), tuple(array)),
        scalar=f"{own} = {name}({', '.join((between, *arguments))})",
        name=own,
        call=f"_roots({name}_residual, {across}, {sign}, {passed}",
        needed=frozenset(arguments) | ends.leaves(low) | ends.leaves(high),
    )


def located(
    solution: Solution, regions: Sequence[Sequence[Boolean]], parameters: frozenset[Symbol]
) -> list[tuple[Implicit, ...]]:
    """For every regime the implicit quantities to be found before its region can be tested, those found earlier left out."""
    result: list[tuple[Implicit, ...]] = []
    found: dict[Symbol, Implicit] = {}
    for regime, region in zip(solution.regimes, regions, strict=True):
        free = {symbol for relation in region for symbol in relation.free_symbols} - parameters
        own: list[Implicit] = []
        if free:
            for root in regime.implicit:
                if found.setdefault(root.symbol, root) != root:
                    raise Unsupported(f"{root.symbol} has several meanings in the regions of the regimes")
                own.append(root)
        if free - set(found):
            raise Unsupported(f"the region of a regime speaks of {', '.join(sorted(map(str, free - set(found))))}")
        earlier = {root for roots in result for root in roots}
        result.append(tuple(root for root in own if root not in earlier))
    return result
