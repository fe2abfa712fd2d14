"""From a solution to the flat views that ``templates/evaluator.py.j2`` prints: strings and tuples, no algebra left."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.printing.str import sstr

from derive.solution import Implicit, Regime, Solution
from derive.views.python.conditions import bounded_below, condition, conditions, conjuncts
from derive.views.python.emit import assignments, inline, kernel
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.names import class_name, function_name, plain, temporary_prefix


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
        raise Unsupported("it was not solved")
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
    branches, residuals = [], []
    regions = [[part for part in conjuncts(regime.region) if part not in relations] for regime in solution.regimes]
    tests = [conditions(regions, names, dominant, prefix, arrays) for arrays in (False, True)]
    for number, (regime, *tested) in enumerate(zip(solution.regimes, *tests, strict=True)):
        suffix = f"_{number + 1}" if len(solution.regimes) > 1 else ""
        branch, found = _branch(regime, function + suffix, fields, names, words, dominant, tested, prefix)
        branches.append(branch)
        residuals += found
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
        residuals=tuple(residuals),
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
    return Condition(plain(sstr(relation)), scalar, array)


def _whole(symbol: Symbol, name: str) -> Condition:
    return Condition(f"{symbol} is an integer", f"{name} == math.floor({name})", f"{name} == np.floor({name})")


def _fields(solution: Solution, words: Vocabulary) -> tuple[Quantity, ...]:
    found: dict[Symbol, None] = {}
    for regime in solution.regimes:
        found.update((root.symbol, None) for root in regime.implicit)
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


# --- one regime ---------------------------------------------------------------------------------------------------------


def _branch(
    regime: Regime,
    stem: str,
    fields: tuple[Quantity, ...],
    names: dict[Symbol, str],
    words: Vocabulary,
    dominant: frozenset[Symbol],
    tested: list[tuple[tuple[str, ...], tuple[str, ...]]],
    prefix: str,
) -> tuple[Branch, list[Residual]]:
    values = dict(regime.values)
    known = {**names, **{root.symbol: words.names[root.symbol] for root in regime.implicit}}
    scalar: list[str] = []
    block: list[str] = []
    residuals: list[Residual] = []
    solved: dict[Symbol, str] = dict(names)
    for root in regime.implicit:
        residual, calls = _residual(root, stem, values, known, solved, dominant, prefix)
        residuals.append(residual)
        scalar.append(calls[0])
        block.append(calls[1])
        solved[root.symbol] = known[root.symbol]
    graph = Graph(known, dominant)
    nodes: dict[str, int] = {known[root.symbol]: graph.expression(root.symbol) for root in regime.implicit}
    atoms: dict[Symbol, Expr] = {}
    for symbol, expr in regime.values:
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
    if "total" in wanted and "total" not in nodes:
        nodes["total"] = graph.sum_of(payoffs)
    blank = [name for name in wanted if name not in nodes]
    targets = [(name, nodes[name]) for name in wanted if name in nodes]
    computed = [(name, node) for name, node in targets if name not in solved.values()]
    lines, rows = kernel(graph, computed, prefix)
    scalar += assignments(graph, computed, prefix, arrays=False) + [f"{name} = math.nan" for name in blank]
    block += lines + [f"np.copyto({name}, math.nan)" for name in blank]
    (before, tests), (array_before, array_tests) = tested
    branch = Branch(
        label=plain(regime.name),
        tests=tests,
        before=before,
        array_tests=array_tests,
        array_before=array_before,
        scalar=tuple(scalar),
        kernel=tuple(block),
        rows=tuple(f"{prefix}{i + 1}" for i in range(rows)),
    )
    return branch, residuals


def _residual(
    root: Implicit,
    stem: str,
    values: Mapping[Symbol, Expr],
    known: Mapping[Symbol, str],
    solved: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
) -> tuple[Residual, tuple[str, str]]:
    equation = root.equation
    while not equation.free_symbols <= set(known) and equation.free_symbols & set(values):
        equation = equation.xreplace(dict(values))
    used = equation.free_symbols - {root.symbol}
    name, own = f"_{stem}_{known[root.symbol]}", known[root.symbol]
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
    calls = (
        f"{own} = _root({name}, {between}, {root.sign}, {passed})",
        f"np.copyto({own}, _roots({name}_array, {across}, {root.sign}, {passed}, {own}.size))",
    )
    return Residual(name, (own, *arguments), tuple(scalar), tuple(array)), calls


# --- documentation ------------------------------------------------------------------------------------------------------


def _document(
    solution: Solution, checked: tuple[Boolean, ...], assumed: tuple[Boolean, ...], words: Vocabulary
) -> tuple[str, ...]:
    lines: list[str] = ["Parameters:"]
    for symbol in words.parameters:
        meaning, unit = words.about.get(symbol, ("", ""))
        lines += _wrapped(f"{words.names[symbol]}: {meaning}" + (f" [{unit}]" if unit else ""), 4)
    lines += ["", *_wrapped("Domain: " + (", ".join(map(sstr, checked)) or "all real numbers") + ".", 0)]
    if assumed:
        lines += _wrapped("Assumed, not checked here: " + ", ".join(map(sstr, assumed)) + ".", 0)
    for regime in solution.regimes:
        region = ", ".join(sstr(part) for part in conjuncts(regime.region))
        lines += ["", *_wrapped(f"Regime {plain(regime.name)}" + (f", where {region}" if region else "") + ":", 0)]
        for root in regime.implicit:
            between = f"between {sstr(root.low)} and {sstr(root.high)}"
            lines += _wrapped(f"{root.symbol}: the root {between} of 0 = {sstr(root.equation)}", 4)
        shorter: dict[Expr, Symbol] = {}
        for symbol, value in regime.values:
            if symbol != value:
                expr = value.xreplace(shorter)
                shorter.update({value: symbol, expr: symbol} if expr.count_ops() > 2 else {})
                source = words.equations.get((solution.protocol, symbol.name), "")
                lines += _wrapped(f"{symbol} = {sstr(expr)}" + (f"    [{source}]" if source else ""), 4)
    if solution.uncovered:
        lines += ["", *_wrapped("Left out by the solution: " + "; ".join(map(sstr, solution.uncovered)) + ".", 0)]
    return tuple(lines)


def _wrapped(text: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 4)
    return textwrap.wrap(
        plain(text), 112, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
