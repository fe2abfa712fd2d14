"""From a solution to the flat views that ``templates/evaluator.py.j2`` prints: strings and tuples, no algebra left."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive.solution import Regime, Solution
from derive.views.python.conditions import bounded_below, condition, conditions, conjuncts
from derive.views.python.emit import assignments, kernel
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.names import class_name, function_name, plain, temporary_prefix
from derive.views.python.roots import Residual, Solver, located, solvers_of
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
class Common:
    """The arrays whose formula is the same in all of several regimes: filled before the points are told apart."""

    columns: tuple[str, ...]
    kernel: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Evaluator:
    """One generated function.

    Its arrays are those of `common` and `own`, and `places` says which of them holds each field. The kernels of the regimes fill
    `own` from the parameters at the positions `used`.
    """

    name: str
    title: str
    result: str
    document: tuple[str, ...]
    parameters: tuple[str, ...]
    fields: tuple[Quantity, ...]
    common: Common
    own: tuple[str, ...]
    used: tuple[int, ...]
    places: tuple[int, ...]
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
    solvers = solvers_of(solution, function, words.names, names, dominant, prefix)
    regions = [[part for part in conjuncts(regime.region) if part not in relations] for regime in solution.regimes]
    first_found = located(solution, regions, frozenset(words.parameters))
    known = {**names, **{root.symbol: words.names[root.symbol] for roots in first_found for root in roots}}
    tests = [conditions(regions, known, dominant, prefix, arrays) for arrays in (False, True)]
    bodies = [_body(regime, fields, words, names, dominant) for regime in solution.regimes]
    places = _places(fields, bodies)
    distinct = [field.name for number, field in enumerate(fields) if places[number] == number]
    common = [name for name in distinct if _is_common(name, bodies)]
    own = [name for name in distinct if name not in common]
    columns = (*common, *own)
    branches = []
    for number, (regime, body) in enumerate(zip(solution.regimes, bodies, strict=True)):
        (before, scalar_tests), (array_before, array_tests) = (test[number] for test in tests)
        size = "np.size(" + " + ".join(names.values()) + ")"
        ready = {root for roots in first_found[: number + 1] for root in roots}
        block, rows = _kernel(body, [solvers[root] for root in regime.implicit], own, prefix)
        branches.append(
            Branch(
                label=plain(regime.name),
                tests=scalar_tests,
                before=(*(solvers[root].scalar for root in first_found[number]), *before),
                array_tests=array_tests,
                array_before=(*(solvers[root].whole(size) for root in first_found[number]), *array_before),
                scalar=_scalar(body, [solvers[root] for root in regime.implicit if root not in ready], prefix),
                kernel=block,
                rows=rows,
            )
        )
    first, rows = _kernel(bodies[0], (), common, prefix)
    used = {word for branch in branches for line in branch.kernel for word in re.findall(r"\w+", line)}
    return Evaluator(
        name=function,
        title=words.titles.get(solution.protocol, solution.protocol) + (f" ({solution.instance})" if solution.instance else ""),
        result=class_name(function),
        document=_document(solution, checked, tuple(assumed), words),
        parameters=tuple(names.values()),
        fields=fields,
        common=Common(tuple(common), first, rows),
        own=tuple(own),
        used=tuple(place for place, name in enumerate(names.values()) if name in used),
        places=tuple(columns.index(fields[place].name) for place in places),
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


# --- one regime ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Body:
    """The quantities of a regime as nodes of one graph, by name; those in `given` are leaves, those in `blank` have no value."""

    graph: Graph
    nodes: Mapping[str, int]
    given: frozenset[str]
    implicit: frozenset[str]
    blank: tuple[str, ...]

    def computed(self, wanted: Iterable[str]) -> list[tuple[str, int]]:
        """What is to be computed of the quantities `wanted`."""
        return [(name, self.nodes[name]) for name in wanted if name in self.nodes and name not in self.given]


def _body(
    regime: Regime, fields: tuple[Quantity, ...], words: Vocabulary, names: Mapping[Symbol, str], dominant: frozenset[Symbol]
) -> _Body:
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
    payoffs = [nodes[words.names[symbol]] for symbol in words.payoffs if words.names.get(symbol) in nodes]
    wanted = [field.name for field in fields]
    if "total" in wanted and "total" not in nodes and not open_ & set(words.payoffs):
        nodes["total"] = graph.sum_of(payoffs)
    return _Body(graph, nodes, frozenset(known.values()), implicit, tuple(name for name in wanted if name not in nodes))


def _places(fields: tuple[Quantity, ...], bodies: Sequence[_Body]) -> tuple[int, ...]:
    """For every field the first one that equals it in all regimes, itself where there is none."""
    first: dict[tuple[int | None, ...], int] = {}
    found = []
    for number, field in enumerate(fields):
        nodes = tuple(body.nodes.get(field.name) for body in bodies)
        found.append(number if None in nodes else first.setdefault(nodes, number))
    return tuple(found)


def _is_common(name: str, bodies: Sequence[_Body]) -> bool:
    """Whether a quantity has the same formula, in parameters alone, in every one of several regimes."""
    if len(bodies) == 1 or any(name not in body.nodes for body in bodies):
        return False
    if any(body.implicit & body.graph.leaves(body.nodes[name]) for body in bodies):
        return False
    return len({body.graph.formula(body.nodes[name]) for body in bodies}) == 1


def _scalar(body: _Body, solvers: Iterable[Solver], prefix: str) -> tuple[str, ...]:
    lines = [solver.scalar for solver in solvers]
    lines += assignments(body.graph, body.computed((*body.nodes, *body.blank)), prefix, arrays=False)
    return (*lines, *(f"{name} = math.nan" for name in body.blank))


def _kernel(
    body: _Body, solvers: Iterable[Solver], columns: Sequence[str], prefix: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kernel of a regime, which fills `columns`, and the rows that it needs."""
    lines, rows = kernel(body.graph, body.computed(columns), prefix)
    blank = [f"np.copyto({name}, math.nan)" for name in columns if name in body.blank]
    return (*(solver.row() for solver in solvers), *lines, *blank), tuple(f"{prefix}{i + 1}" for i in range(rows))


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
