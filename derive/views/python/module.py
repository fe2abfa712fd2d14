"""The source of an evaluator module for a statement and its solutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.auctions.ir import Auction, DoubleAuction
from derive.errors import StatementError
from derive.ir import GeneralDistribution, Instance, Model, Parameter
from derive.render import render_text
from derive.solution import Solution
from derive.views.python.emit import own_functions
from derive.views.python.graph import Unsupported
from derive.views.python.layout import broken
from derive.views.python.names import function_name, plain, safe_names
from derive.views.python.plan import Evaluator, plan
from derive.views.python.quantities import Quantity, Vocabulary
from derive.views.python.quoted import quoted
from derive.views.python.verify import verify
from derive.views.source import reference

_WIDTH = 110


@dataclass(frozen=True)
class Module:
    """What the template prints."""

    title: str
    source: str
    missing: tuple[str, ...]
    parameters: tuple[Quantity, ...]
    units: tuple[tuple[str, str], ...]
    evaluators: tuple[Evaluator, ...]
    own: tuple[str, ...]
    implicit: bool
    quoting: bool


def python_module(statement: Any, solutions: tuple[Solution, ...], bibliography: str = "") -> str:
    """The source of a module with one function per solution, named after its protocol (and instance).

    `statement` is a `derive.ir.Model` or anything with ``key, title, source, parameters, assumptions`` (players, variables,
    definitions, instances and printed formulas are used where it has them: a value that the source prints is documented with the
    number of its formula). `bibliography` is BibTeX text in which its source may be a key. The module imports numpy and a few
    modules of the standard library, nothing of the engine.

    A solution whose formulas contain what has no numeric counterpart (a general distribution, say) gets no function; the
    module's docstring names it with the reason. Raises `StatementError` for names that cannot stand in a program.
    """
    words = {id(solution): _vocabulary(statement, solution) for solution in solutions}
    names = safe_names(sorted({symbol.name for word in words.values() for symbol in word.names}))
    functions: dict[str, str] = {}
    evaluators: list[Evaluator] = []
    missing: list[str] = []
    for solution in solutions:
        label = solution.protocol + (f" ({solution.instance})" if solution.instance else "")
        name = function_name(solution.protocol, solution.instance)
        if name in functions:
            raise StatementError(f"{functions[name]} and {label} would both become the function {name}: rename one")
        functions[name] = label
        word = words[id(solution)]
        named = {symbol: names[symbol.name] for symbol in word.names}
        try:
            evaluators.append(plan(solution, _assumptions(statement, solution), _renamed(word, named)))
        except Unsupported as reason:
            missing.append(f"{label}: {reason}")
    parameters = _listed(words.values(), names)
    used = {name for evaluator in evaluators for name in evaluator.parameters}
    units = {quantity.name: quantity.unit for quantity in parameters if quantity.name in used}
    units |= {field.name: field.unit for evaluator in evaluators for field in evaluator.fields}
    view = Module(
        title=plain(f"{statement.key}: {statement.title}"),
        source=fill(plain(reference(statement.source, bibliography)).replace("\u2013", "-"), _WIDTH, subsequent_indent="    "),
        missing=tuple(plain(text) for text in missing),
        parameters=tuple(quantity for quantity in parameters if quantity.name in used),
        units=tuple(sorted((name, unit) for name, unit in units.items() if unit)),
        evaluators=_sharing(evaluators),
        own=own_functions([line for evaluator in evaluators for line in _lines(evaluator)]),
        implicit=any(evaluator.residuals for evaluator in evaluators),
        quoting=any(word.equations for word in words.values()),
    )
    printed = render_text("evaluator.py.j2", view)
    source = broken(printed)
    verify(source, printed)
    return source


def _lines(evaluator: Evaluator) -> Iterator[str]:
    """Every generated line of a function."""
    for branch in evaluator.branches:
        yield from (*branch.scalar, *branch.kernel, *branch.before, *branch.tests)
    for residual in evaluator.residuals:
        yield from (*residual.before, *residual.inside, *residual.array)
    domain = evaluator.domain
    yield from (*(condition.scalar for condition in domain.conditions), *domain.lines, *(test for _, test in domain.tests))
    yield from (*evaluator.located, *evaluator.where.lines, *(test for group in evaluator.where.groups for test in group))


def _sharing(evaluators: list[Evaluator]) -> tuple[Evaluator, ...]:
    """Functions with the same parameters and domain use the check of the first of them; result classes have names of their own."""
    first: dict[object, str] = {}
    result: list[Evaluator] = []
    for item in evaluators:
        checks = first.setdefault((item.parameters, item.domain), item.checks)
        taken = any(other.result == item.result for other in result)
        own = f"{item.result}_{len(result)}" if taken else item.result
        result.append(replace(item, result=own, checks=checks, own_checks=checks == item.checks))
    return tuple(result)


def _instance(statement: Any, solution: Solution) -> Instance | None:
    known = {instance.key: instance for instance in getattr(statement, "instances", ())}
    return known.get(solution.instance)


def _assumptions(statement: Any, solution: Solution) -> tuple[Boolean, ...]:
    """What is assumed of the parameters, without what is said of a general law that a named one has taken the place of."""
    instance = _instance(statement, solution)
    own = {item.symbol for item in instance.parameters} if instance else set()
    gone = _replaced(statement, instance) - own - _used(solution)
    stated = (relation for relation in statement.assumptions if relation.free_symbols.isdisjoint(gone))
    return (*stated, *(instance.assumptions if instance else ()), *solution.assumptions)


def _vocabulary(statement: Any, solution: Solution) -> Vocabulary:
    instance = _instance(statement, solution)
    stated: tuple[Parameter, ...] = (*statement.parameters, *(instance.parameters if instance else ()))
    used = _used(solution)
    weights = getattr(getattr(statement, "revision", None), "parameters", ())
    stated = (*stated, *(item for item in weights if item.symbol in used))
    unneeded = _replaced(statement, instance) - used
    needed = {item.symbol for item in stated} - unneeded
    if not isinstance(statement, Model):
        needed = _connected(_used(solution), _assumptions(statement, solution)) & needed
    parameters = [item for item in stated if item.symbol in needed]
    about = {item.symbol: (plain(item.meaning), plain(item.unit)) for item in stated}
    for item in (*getattr(statement, "variables", ()), *getattr(statement, "definitions", ())):
        about[item.symbol] = (plain(item.meaning), plain(item.unit))
    players = getattr(statement, "players", ())
    for player in players:
        about[player.payoff] = (plain(f"payoff of {player.name}"), plain(player.unit))
    symbols = dict.fromkeys(item.symbol for item in parameters)
    for regime in solution.regimes:
        symbols.update(dict.fromkeys(root.symbol for root in regime.implicit))
        symbols.update(dict.fromkeys(regime.free))
        symbols.update(dict.fromkeys(symbol for symbol, _ in regime.values))
    return Vocabulary(
        parameters=tuple(dict.fromkeys(item.symbol for item in parameters)),
        integers=frozenset(item.symbol for item in parameters if item.integer),
        about=about,
        payoffs=() if isinstance(statement, Auction | DoubleAuction) else tuple(dict.fromkeys(player.payoff for player in players)),
        names={symbol: symbol.name for symbol in symbols},
        equations={key: plain(text) for key, text in quoted(statement, solution, instance).items()},
        titles={item.key: plain(f"{item.key}: {item.title}") for item in _headed(statement)},
    )


def _renamed(word: Vocabulary, names: Mapping[Symbol, str]) -> Vocabulary:
    return replace(word, names=names)


def _replaced(statement: Any, instance: Instance | None) -> set[Symbol]:
    """Parameters of a general law that the instance puts a named law in place of."""
    if instance is None:
        return set()
    given = {symbol for symbol, _ in instance.laws}
    laws = [shock.distribution for shock in getattr(statement, "shocks", ()) if shock.symbol in given]
    return {
        symbol
        for law in laws
        if isinstance(law, GeneralDistribution)
        for part in (law.low, law.high, law.mean)
        for symbol in part.free_symbols
        if isinstance(symbol, Symbol)
    }


def _headed(statement: Any) -> tuple[Any, ...]:
    """What a statement calls its solutions: each with a key and a title."""
    return (*getattr(statement, "protocols", ()), *getattr(statement, "arrangements", ()))


def _connected(symbols: set[Any], relations: tuple[Boolean, ...]) -> set[Any]:
    """The symbols, and those that some relation ties to one of them, directly or through others."""
    reached = set(symbols)
    while True:
        tied = {symbol for relation in relations if relation.free_symbols & reached for symbol in relation.free_symbols}
        if tied <= reached:
            return reached
        reached |= tied


def _used(solution: Solution) -> set[Symbol]:
    found: set[Any] = set()
    for regime in solution.regimes:
        for part in (*regime.region, *(expr for _, expr in regime.values)):
            found |= part.free_symbols
        for root in regime.implicit:
            found |= root.equation.free_symbols | root.low.free_symbols | root.high.free_symbols
    return found


def _listed(words: Any, names: Mapping[str, str]) -> tuple[Quantity, ...]:
    listed: dict[str, Quantity] = {}
    for word in words:
        for symbol in word.parameters:
            meaning, unit = word.about[symbol]
            listed.setdefault(symbol.name, Quantity(names[symbol.name], symbol.name, meaning, unit))
    return tuple(listed.values())
