"""Implicit quantities of a generated function: the equation each solves, its slope, and the lines that have it solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.solution import Implicit, Solution
from derive.views.python.cancelling import steadied
from derive.views.python.conditions import bounded_below, margins, positive
from derive.views.python.emit import assignments, inline, iterated
from derive.views.python.fractile import fractile
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.slope import slope
from derive.views.python.start import position


@dataclass(frozen=True)
class Residual:
    """The equation of an implicit quantity `unknown`: zero at the root, where its slope has the sign `sign`.

    `start`: how far from one end of the bracket to the other the search begins; empty where an end is infinite. For floats the
    lines are those before a loop over values of the unknown and those inside it; the lines for arrays stand in a function of the
    unknown and the `arguments`. All end with ``_value`` and ``_slope``.
    """

    name: str
    unknown: str
    arguments: tuple[str, ...]
    sign: int
    start: str
    before: tuple[str, ...]
    inside: tuple[str, ...]
    array: tuple[str, ...]


@dataclass(frozen=True)
class Solver:
    """How an implicit quantity is found: the names that this needs, its residual (None: a closed form does), and three lines.

    They find it for floats, for all of the ``inputs`` into a new array, and for every point of a block into its row.
    """

    residual: Residual | None
    scalar: str
    whole: str
    row: str
    needed: frozenset[str]


def solvers_of(
    solution: Solution,
    function: str,
    called: Mapping[Symbol, str],
    names: Mapping[Symbol, str],
    relations: tuple[Boolean, ...],
    prefix: str,
) -> dict[Implicit, Solver]:
    """One solver for every implicit quantity of the generated `function`; `called` names all symbols, `names` the parameters, of
    which the `relations` hold."""
    dominant = bounded_below(relations)
    solvers: dict[Implicit, Solver] = {}
    for number, regime in enumerate(solution.regimes):
        solved = dict(names)
        for root in regime.implicit:
            if root not in solvers:
                own = called[root.symbol]
                taken = {solver.residual.name for solver in solvers.values() if solver.residual is not None}
                name = f"_{function}_{own}"
                name = name if name not in taken else f"{name}_{number + 1}"
                equation = _closed_equation(root, dict(regime.values), set(solved))
                found = fractile(equation, root.symbol)
                if found is not None:
                    solvers[root] = _closed(found.root(), own, Graph(solved, dominant))
                else:
                    measure = _measure(equation, root.symbol, [symbol for symbol in solved if symbol in positive(relations)])
                    solvers[root] = _solver(replace(root, equation=equation), measure, name, own, solved, relations, prefix)
            solved[root.symbol] = called[root.symbol]
    return solvers


def _closed_equation(root: Implicit, values: Mapping[Symbol, Expr], known: Set[Symbol]) -> Expr:
    """The equation with values put in until it speaks of nothing but what is known and the unknown."""
    equation = root.equation
    while not equation.free_symbols <= known | {root.symbol} and equation.free_symbols & set(values):
        equation = equation.xreplace(dict(values))
    return equation


def _measure(equation: Expr, unknown: Symbol, positive: Iterable[Symbol]) -> Symbol | None:
    """A positive parameter that the equation contains only as a measure of the unknown, by which this may be divided."""
    return next((size for size in positive if _scaled(equation, unknown, size).free_symbols.isdisjoint({size})), None)


def _scaled(equation: Expr, unknown: Symbol, size: Symbol) -> Expr:
    """The equation in multiples of `size`, without the power of it that stands before its first term."""
    terms = sympy.Add.make_args(equation.xreplace({unknown: size * unknown}))
    power = terms[0].as_powers_dict().get(size, sympy.S.Zero)
    return sympy.Add(*(term / size**power for term in terms))


def _solver(
    root: Implicit,
    measure: Symbol | None,
    name: str,
    own: str,
    solved: Mapping[Symbol, str],
    relations: tuple[Boolean, ...],
    prefix: str,
) -> Solver:
    """Where there is a measure, the unknown over the measure is what is sought."""
    known, dominant = {**solved, root.symbol: own}, bounded_below(relations)
    equation, bracket = root.equation, (root.low, root.high)
    if measure is not None:
        equation = _scaled(equation, root.symbol, measure)
        bracket = tuple(end if end in (sympy.oo, -sympy.oo) else end / measure for end in bracket)
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
    low, high = (ends.expression(steadied(end, margins(relations))) for end in bracket)
    between, across = (f"{inline(ends, low, arrays)}, {inline(ends, high, arrays)}" for arrays in (False, True))
    passed = "(" + ", ".join(arguments) + ("," if len(arguments) == 1 else "") + ")"
    bounded = not {root.low, root.high} & {sympy.oo, -sympy.oo}
    start = f"{float(position(Implicit(root.symbol, equation, *bracket, root.sign), relations)):.4g}" if bounded else ""
    array = assignments(graph, targets, prefix, arrays=True)
    call = f"_roots({name}_residual, {across}, {sign}, {passed}"
    begun = f", {start}" if start else ""
    factor = "" if measure is None else f"{solved[measure]}*"
    return Solver(
        residual=Residual(name, own, arguments, sign, start, tuple(before), tuple(inside), tuple(array)),
        scalar=f"{own} = {factor}{name}({', '.join((between, *arguments))})",
        whole=f"{own} = {factor}{call}, max(np.size(x) for x in inputs){begun})",
        row=f"np.copyto({own}, {factor}{call}, {own}.size{begun}))",
        needed=frozenset((*arguments, *(() if measure is None else (solved[measure],)))) | ends.leaves(low) | ends.leaves(high),
    )


def _closed(root: Expr, own: str, graph: Graph) -> Solver:
    node = graph.expression(root)
    scalar, array = (inline(graph, node, arrays) for arrays in (False, True))
    return Solver(None, f"{own} = {scalar}", f"{own} = {array}", f"np.copyto({own}, {array})", graph.leaves(node))


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
