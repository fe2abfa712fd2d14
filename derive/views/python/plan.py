"""From a solution to the flat views that ``templates/evaluator.py.j2`` prints: strings and tuples, no algebra left."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive.solution import Implicit, Regime, Solution
from derive.views.python.conditions import bounded_below, condition, conditions, conjuncts
from derive.views.python.emit import assignments, inline, kernel
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.names import class_name, function_name, plain, temporary_prefix
from derive.views.spelling import spelled


@dataclass(frozen=True)
class Quantity:
    """One entry of a result or one parameter: its Python name, its name in the paper, what it is, its unit."""

    name: str
    symbol: str
    meaning: str
    unit: str


@dataclass(frozen=True)
class Condition:
    """One relation: as the paper writes it, for floats, and for arrays."""

    text: str
    scalar: str
    array: str


@dataclass(frozen=True)
class Residual:
    """The function whose root is an implicit quantity: ``name(x, *arguments)`` returns its value and slope."""

    name: str
    arguments: tuple[str, ...]
    scalar: tuple[str, ...]
    array: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """One regime: the tests that it holds (none: everywhere) after the lines they need, for floats and for arrays; its scalar
    body, its kernel and the rows the kernel needs."""

    label: str
    tests: tuple[str, ...]
    before: tuple[str, ...]
    array_tests: tuple[str, ...]
    array_before: tuple[str, ...]
    scalar: tuple[str, ...]
    kernel: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Evaluator:
    """One generated function."""

    name: str
    title: str
    result: str
    document: tuple[str, ...]
    parameters: tuple[str, ...]
    fields: tuple[Quantity, ...]
    domain: tuple[Condition, ...]
    checks: str
    own_checks: bool
    branches: tuple[Branch, ...]
    residuals: tuple[Residual, ...]


@dataclass(frozen=True)
class Vocabulary:
    """What a statement says of its symbols: parameters of this function, all quantities by symbol, payoffs, Python names."""

    parameters: tuple[Symbol, ...]
    integers: frozenset[Symbol]
    about: Mapping[Symbol, tuple[str, str]]
    payoffs: tuple[Symbol, ...]
    names: Mapping[Symbol, str]
    equations: Mapping[tuple[str, str], str]
    titles: Mapping[str, str]


def plan(solution: Solution, assumptions: tuple[Boolean, ...], words: Vocabulary) -> Evaluator:
    """The evaluator of one solved protocol. Raises `Unsupported` with the reason when there is none."""
    if not solution.regimes:
        raise Unsupported("; ".join(gap.reason for gap in solution.gaps) or "it was not solved")
    _only_known_functions(solution)
    function = function_name(solution.protocol, solution.instance)
    names = {symbol: words.names[symbol] for symbol in words.parameters}
    relations = conjuncts(assumptions)
    dominant = bounded_below(relations)
    domain, assumed = [], []
    for relation in relations:
        try:
            domain.append(_condition(relation, names, dominant))
        except Unsupported:
            assumed.append(relation)
    checked = tuple(relation for relation in relations if relation not in assumed)
    domain += [_whole(symbol, names[symbol]) for symbol in words.parameters if symbol in words.integers]
    fields = _fields(solution, words)
    prefix = temporary_prefix(words.names.values())
    solvers = _solvers(solution, function, words, names, dominant, prefix)
    regions = [[part for part in conjuncts(regime.region) if part not in relations] for regime in solution.regimes]
    located = _located(solution, regions, frozenset(words.parameters))
    known = {**names, **{root.symbol: words.names[root.symbol] for roots in located for root in roots}}
    tests = [conditions(regions, known, dominant, prefix, arrays) for arrays in (False, True)]
    branches = []
    for number, regime in enumerate(solution.regimes):
        (before, scalar_tests), (array_before, array_tests) = (test[number] for test in tests)
        size = "np.size(" + " + ".join(names.values()) + ")"
        ready = {root for roots in located[: number + 1] for root in roots}
        scalar, block, rows = _bodies(regime, fields, words, names, dominant, prefix, solvers, ready)
        branches.append(
            Branch(
                label=plain(regime.name),
                tests=scalar_tests,
                before=(*(solvers[root].scalar for root in located[number]), *before),
                array_tests=array_tests,
                array_before=(*(solvers[root].whole(size) for root in located[number]), *array_before),
                scalar=scalar,
                kernel=block,
                rows=rows,
            )
        )
    return Evaluator(
        name=function,
        title=words.titles.get(solution.protocol, solution.protocol) + (f" ({solution.instance})" if solution.instance else ""),
        result=class_name(function),
        document=_document(solution, checked, tuple(assumed), words),
        parameters=tuple(names.values()),
        fields=fields,
        domain=tuple(domain),
        checks=f"_{function}_domain",
        own_checks=True,
        branches=tuple(branches),
        residuals=tuple(dict.fromkeys(solver.residual for solver in solvers.values())),
    )


def _only_known_functions(solution: Solution) -> None:
    expressions = [expr for regime in solution.regimes for _, expr in regime.values]
    expressions += [root.equation for regime in solution.regimes for root in regime.implicit]
    unknown = sorted(
        {
            applied.func.__name__
            for expr in expressions
            for applied in expr.atoms(sympy.Function)
            if isinstance(applied, AppliedUndef) or not type(applied).__module__.startswith("sympy.")
        }
    )
    if unknown:
        raise Unsupported(f"it holds for a general law ({', '.join(unknown)}); the instances have numbers")


def _condition(relation: Boolean, names: Mapping[Symbol, str], dominant: frozenset[Symbol]) -> Condition:
    scalar, array = (condition(relation, names, dominant, arrays) for arrays in (False, True))
    return Condition(plain(spelled(relation)), scalar, array)


def _whole(symbol: Symbol, name: str) -> Condition:
    return Condition(f"{symbol} is an integer", f"{name} == math.floor({name})", f"{name} == np.floor({name})")


def _fields(solution: Solution, words: Vocabulary) -> tuple[Quantity, ...]:
    found: dict[Symbol, None] = {}
    for regime in solution.regimes:
        found.update((root.symbol, None) for root in regime.implicit)
        found.update(dict.fromkeys(regime.free))
        found.update((symbol, None) for symbol, _ in regime.values)
    parameters = set(words.parameters)
    fields = []
    for symbol in found:
        if symbol not in parameters:
            meaning, unit = words.about.get(symbol, ("", ""))
            fields.append(Quantity(words.names[symbol], symbol.name, meaning, unit))
    payoffs = [symbol for symbol in words.payoffs if symbol in found]
    if len(payoffs) > 1 and "total" not in words.names.values():
        unit = words.about.get(payoffs[0], ("", ""))[1]
        fields.append(Quantity("total", "total", "sum of the payoffs " + ", ".join(map(str, payoffs)), unit))
    return tuple(fields)


# --- implicit quantities ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Solver:
    """How an implicit quantity is found: its residual, and the lines that call the root finder."""

    residual: Residual
    scalar: str
    name: str
    call: str

    def whole(self, size: str) -> str:
        """The line that finds it for `size` points, into a new array."""
        return f"{self.name} = {self.call}, {size})"

    def row(self) -> str:
        """The line that finds it for every point of a block, into its row."""
        return f"np.copyto({self.name}, {self.call}, {self.name}.size))"


def _solvers(
    solution: Solution,
    function: str,
    words: Vocabulary,
    names: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
) -> dict[Implicit, Solver]:
    solvers: dict[Implicit, Solver] = {}
    for number, regime in enumerate(solution.regimes):
        solved = dict(names)
        for root in regime.implicit:
            if root not in solvers:
                own = words.names[root.symbol]
                taken = {solver.residual.name for solver in solvers.values()}
                name = f"_{function}_{own}"
                name = name if name not in taken else f"{name}_{number + 1}"
                solvers[root] = _solver(root, name, own, dict(regime.values), solved, dominant, prefix)
            solved[root.symbol] = words.names[root.symbol]
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
    value = graph.expression(equation)
    try:
        slope = graph.expression(sympy.diff(equation, root.symbol))
    except Unsupported:  # a kink (Max, Abs): no slope, the solver bisects
        slope = graph.expression(sympy.oo)
    scalar, array = (assignments(graph, [("_value", value), ("_slope", slope)], prefix, arrays) for arrays in (False, True))
    ends = Graph(solved, dominant)
    low, high = ends.expression(root.low), ends.expression(root.high)
    passed = "(" + ", ".join(arguments) + ("," if len(arguments) == 1 else "") + ")"
    between, across = (f"{inline(ends, low, arrays)}, {inline(ends, high, arrays)}" for arrays in (False, True))
    return Solver(
        residual=Residual(name, (own, *arguments), tuple(scalar), tuple(array)),
        scalar=f"{own} = _root({name}, {between}, {root.sign}, {passed})",
        name=own,
        call=f"_roots({name}_array, {across}, {root.sign}, {passed}",
    )


def _located(solution: Solution, regions: list[list[Boolean]], parameters: frozenset[Symbol]) -> list[tuple[Implicit, ...]]:
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


# --- one regime ---------------------------------------------------------------------------------------------------------


def _bodies(
    regime: Regime,
    fields: tuple[Quantity, ...],
    words: Vocabulary,
    names: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
    solvers: Mapping[Implicit, Solver],
    ready: set[Implicit],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The scalar body, the kernel and the rows that the kernel needs; the scalar body need not find what is `ready`."""
    known = {**names, **{root.symbol: words.names[root.symbol] for root in regime.implicit}}
    graph = Graph(known, dominant)
    nodes: dict[str, int] = {known[root.symbol]: graph.expression(root.symbol) for root in regime.implicit}
    given = set(known.values())
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
    payoffs = [nodes[words.names[symbol]] for symbol in words.payoffs if words.names.get(symbol) in nodes]
    wanted = [field.name for field in fields]
    if "total" in wanted and "total" not in nodes and not open_ & set(words.payoffs):
        nodes["total"] = graph.sum_of(payoffs)
    blank = [name for name in wanted if name not in nodes]
    computed = [(name, nodes[name]) for name in wanted if name in nodes and name not in given]
    lines, rows = kernel(graph, computed, prefix)
    scalar = [solvers[root].scalar for root in regime.implicit if root not in ready]
    scalar += assignments(graph, computed, prefix, arrays=False) + [f"{name} = math.nan" for name in blank]
    block = [solvers[root].row() for root in regime.implicit]
    block += lines + [f"np.copyto({name}, math.nan)" for name in blank]
    return tuple(scalar), tuple(block), tuple(f"{prefix}{i + 1}" for i in range(rows))


# --- documentation ------------------------------------------------------------------------------------------------------


def _document(
    solution: Solution, checked: tuple[Boolean, ...], assumed: tuple[Boolean, ...], words: Vocabulary
) -> tuple[str, ...]:
    lines: list[str] = ["Parameters:"]
    for symbol in words.parameters:
        meaning, unit = words.about.get(symbol, ("", ""))
        lines += _wrapped(f"{words.names[symbol]}: {meaning}" + (f" [{unit}]" if unit else ""), 4)
    lines += ["", *_wrapped("Domain: " + (", ".join(map(spelled, checked)) or "all real numbers") + ".", 0)]
    if assumed:
        lines += _wrapped("Assumed, not checked here: " + ", ".join(map(spelled, assumed)) + ".", 0)
    for regime in solution.regimes:
        region = ", ".join(spelled(part) for part in conjuncts(regime.region))
        lines += ["", *_wrapped(f"Regime {plain(regime.name)}" + (f", where {region}" if region else "") + ":", 0)]
        for root in regime.implicit:
            between = f"between {spelled(root.low)} and {spelled(root.high)}"
            lines += _wrapped(f"{root.symbol}: the root {between} of 0 = {spelled(root.equation)}", 4)
        for line in _remarks(regime):
            lines += _wrapped(line, 4)
        shorter: dict[Expr, Symbol] = {}
        for symbol, value in regime.values:
            if symbol != value:
                expr = value.xreplace(shorter)
                shorter.update({value: symbol, expr: symbol} if expr.count_ops() > 2 else {})
                source = words.equations.get((solution.protocol, symbol.name), "") if len(solution.regimes) == 1 else ""
                lines += _wrapped(f"{symbol} = {spelled(expr)}" + (f"    [{source}]" if source else ""), 4)
    for gap in solution.gaps:
        where = ", ".join(map(spelled, gap.region)) or "all parameters"
        lines += ["", *_wrapped(f"No equilibrium given where {where}: {gap.reason or gap.kind.value}.", 0)]
    return tuple(lines)


def _remarks(regime: Regime) -> list[str]:
    """What a number cannot say: that a choice is free, that there are other equilibria, that nobody plays."""
    found = ["the game is not started: choices are NaN"] if regime.outside else []
    if regime.free:
        names = ", ".join(map(str, regime.free))
        found.append(f"{names}: any with {', '.join(map(spelled, regime.among))}; NaN here, like what depends on it")
    return found if regime.unique else [*found, "not the only equilibrium for these parameters"]


def _wrapped(text: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 4)
    return textwrap.wrap(
        plain(text), 112, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
