"""From a solution to the flat views that ``templates/evaluator.py.j2`` prints: strings and tuples, no algebra left."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive.solution import Regime, Solution
from derive.views.python.cancelling import steadied
from derive.views.python.conditions import (
    ArrayTests,
    array_conditions,
    bounded_below,
    condition,
    conditions,
    conjuncts,
    margins,
)
from derive.views.python.emit import assignments
from derive.views.python.fractile import at_fractiles
from derive.views.python.graph import Unsupported
from derive.views.python.names import class_name, function_name, plain, temporary_prefix
from derive.views.python.quantities import Body, Quantity, Vocabulary, body_of, is_common, places_of
from derive.views.python.roots import Residual, Solver, located, solvers_of
from derive.views.python.rows import kernel
from derive.views.spelling import readable, spelled


@dataclass(frozen=True)
class Condition:
    """One relation: as the paper writes it, and for floats."""

    text: str
    scalar: str


@dataclass(frozen=True)
class Domain:
    """Where the arguments may lie: for floats; for arrays pairs of a text and a test, the lines and the rows that these need."""

    conditions: tuple[Condition, ...]
    lines: tuple[str, ...]
    rows: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Branch:
    """One regime: the tests on floats that it holds (none: everywhere) after the lines they need; its scalar body, its kernel
    and the rows the kernel needs."""

    label: str
    tests: tuple[str, ...]
    before: tuple[str, ...]
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
    `own` from the parameters at the positions `used`. The lines `located` go before the tests `where` the regimes hold.
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
    domain: Domain
    checks: str
    own_checks: bool
    located: tuple[str, ...]
    where: ArrayTests
    branches: tuple[Branch, ...]
    residuals: tuple[Residual, ...]


def plan(solution: Solution, assumptions: tuple[Boolean, ...], words: Vocabulary) -> Evaluator:
    """The evaluator of one solved protocol. Raises `Unsupported` with the reason when there is none."""
    if not solution.regimes:
        raise Unsupported("; ".join(gap.reason for gap in solution.gaps) or "it was not solved")
    _only_known_functions(solution)
    function = function_name(solution.protocol, solution.instance)
    names = {symbol: words.names[symbol] for symbol in words.parameters}
    relations = conjuncts(assumptions)
    dominant = bounded_below(relations)
    prefix = temporary_prefix(words.names.values())
    flag = temporary_prefix(words.names.values(), prefix)
    checked, assumed = _checkable(relations, names)
    fields = _fields(solution, words)
    solvers = solvers_of(solution, function, words.names, names, relations, prefix)
    regions = [[part for part in conjuncts(regime.region) if part not in relations] for regime in solution.regimes]
    first_found = located(solution, regions, frozenset(words.parameters))
    found = [root for roots in first_found for root in roots]
    known = {**names, **{root.symbol: words.names[root.symbol] for root in found}}
    tests = conditions(regions, known, dominant, prefix)
    eased = [_eased(regime, frozenset(words.parameters), margins(relations)) for regime in solution.regimes]
    bodies = [body_of(regime, fields, words, names, dominant) for regime in eased]
    places = places_of(fields, bodies)
    distinct = [field.name for number, field in enumerate(fields) if places[number] == number]
    common = [name for name in distinct if is_common(name, bodies)]
    own = [name for name in distinct if name not in common]
    columns = (*common, *own)
    branches = []
    used: set[str] = set()
    for number, (regime, body) in enumerate(zip(solution.regimes, bodies, strict=True)):
        before, scalar_tests = tests[number]
        ready = {root for roots in first_found[: number + 1] for root in roots}
        of_regime = [solvers[root] for root in regime.implicit]
        block, rows = _kernel(body, of_regime, own, prefix)
        used.update(body.needed(own), *(solver.needed for solver in of_regime))
        branches.append(
            Branch(
                label=plain(regime.name),
                tests=scalar_tests,
                before=(*(solvers[root].scalar for root in first_found[number]), *before),
                scalar=_scalar(body, [solvers[root] for root in regime.implicit if root not in ready], prefix),
                kernel=block,
                rows=rows,
            )
        )
    first, rows = _kernel(bodies[0], (), common, prefix)
    return Evaluator(
        name=function,
        title=words.titles.get(solution.protocol, solution.protocol) + (f" ({solution.instance})" if solution.instance else ""),
        result=class_name(function, words.names.values()),
        document=_document(solution, checked, tuple(assumed), words),
        parameters=tuple(names.values()),
        fields=fields,
        common=Common(tuple(common), first, rows),
        own=tuple(own),
        used=tuple(place for place, name in enumerate(names.values()) if name in used),
        places=tuple(columns.index(fields[place].name) for place in places),
        domain=_domain(checked, words, names, dominant, prefix, flag),
        checks=f"_{function}_domain",
        own_checks=True,
        located=tuple(solvers[root].whole for root in found),
        where=array_conditions(regions, known, dominant, prefix, flag),
        branches=tuple(branches),
        residuals=tuple(dict.fromkeys(solver.residual for solver in solvers.values() if solver.residual is not None)),
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


# --- the domain ---------------------------------------------------------------------------------------------------------


def _checkable(
    relations: tuple[Boolean, ...], names: Mapping[Symbol, str]
) -> tuple[tuple[Boolean, ...], tuple[Boolean, ...]]:
    """The relations that a program can test, and those that are assumed."""
    checked: list[Boolean] = []
    for relation in relations:
        try:
            condition(relation, names, frozenset())
        except Unsupported:
            continue
        checked.append(relation)
    return tuple(checked), tuple(relation for relation in relations if relation not in checked)


def _domain(
    relations: tuple[Boolean, ...],
    words: Vocabulary,
    names: Mapping[Symbol, str],
    dominant: frozenset[Symbol],
    prefix: str,
    flag: str,
) -> Domain:
    """The tests of arrays stand together by parameter: what is tested twice is still at hand the second time."""
    arrays = array_conditions([[relation] for relation in relations], names, dominant, prefix, flag)
    conditions = [Condition(plain(spelled(relation)), condition(relation, names, dominant)) for relation in relations]
    tests: list[tuple[str, str]] = []
    finite = dict(names)
    for relation, said, (test,) in zip(relations, conditions, arrays.groups, strict=True):
        tests.append((said.text, test))
        mentioned = [symbol for symbol in finite if symbol in relation.free_symbols]
        tests += [(f"{name} is finite", f"np.isfinite({name})") for name in map(finite.pop, mentioned)]
    tests += [(f"{name} is finite", f"np.isfinite({name})") for name in finite.values()]
    for symbol in words.parameters:
        if symbol in words.integers:
            name = names[symbol]
            conditions.append(Condition(f"{symbol} is an integer", f"{name} == math.floor({name})"))
            tests.append((conditions[-1].text, f"{name} == np.floor({name})"))
    return Domain(tuple(conditions), arrays.lines, arrays.rows, tuple(tests))


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


def _eased(regime: Regime, parameters: frozenset[Symbol], above_zero: frozenset[Expr]) -> Regime:
    """The regime with its values in a form that loses no digits, where one is known."""
    found = at_fractiles(regime, parameters)
    return replace(found, values=tuple((symbol, steadied(value, above_zero)) for symbol, value in found.values))


# --- one regime ---------------------------------------------------------------------------------------------------------


def _scalar(body: Body, solvers: Iterable[Solver], prefix: str) -> tuple[str, ...]:
    lines = [solver.scalar for solver in solvers]
    lines += assignments(body.graph, body.computed((*body.nodes, *body.blank)), prefix, arrays=False)
    return (*lines, *(f"{name} = math.nan" for name in body.blank))


def _kernel(
    body: Body, solvers: Iterable[Solver], columns: Sequence[str], prefix: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kernel of a regime, which fills `columns`, and the rows that it needs."""
    lines, rows = kernel(body.graph, body.computed(columns), prefix)
    blank = [f"np.copyto({name}, math.nan)" for name in columns if name in body.blank]
    return (*(solver.row for solver in solvers), *lines, *blank), tuple(f"{prefix}{i + 1}" for i in range(rows))


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
    for number, regime in enumerate(solution.regimes):
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
                source = words.equations.get((number, symbol), "")
                lines += _wrapped(f"{symbol} = {readable(expr)}" + (f"    [{source}]" if source else ""), 4)
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
