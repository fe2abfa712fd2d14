"""What nobody asked: how every equilibrium value responds to every parameter, and how the protocols compare.

Signs are proved like claims, within a small counted effort each; what is not settled within it says so. A sign that differs from
place to place comes with the exact condition for it where one is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Max, Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.assertions import facts_of, steepness, total_derivative
from derive.audit.recall import FORGETFUL, Recall
from derive.audit.scatter import Places, places
from derive.audit.signs import Sign, Signed, Territory, operations
from derive.certificates import Certificate
from derive.field import NotRational, normal
from derive.ir import Distribution, GeneralDistribution, Model
from derive.prove.oracle import satisfiable
from derive.solution import Regime, Solution


@dataclass(frozen=True)
class Effect:
    """How a quantity responds to a parameter: the sign of its slope."""

    quantity: Symbol
    parameter: Symbol
    slope: Signed


@dataclass(frozen=True)
class Table:
    """All responses in one regime."""

    protocol: str
    instance: str
    regime: str
    region: tuple[Boolean, ...]
    quantities: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    effects: tuple[Effect, ...]

    def at(self, quantity: Symbol, parameter: Symbol) -> Signed:
        """The response of a quantity to a parameter."""
        return {(one.quantity, one.parameter): one.slope for one in self.effects}[quantity, parameter]


@dataclass(frozen=True)
class Order:
    """A quantity under the first protocol minus the same under the second, in one combination of their regimes."""

    quantity: Symbol
    protocols: tuple[str, str]
    regimes: tuple[str, str]
    region: tuple[Boolean, ...]
    difference: Signed


@dataclass(frozen=True)
class Exploration:
    """The comparative statics of a statement's solutions and the comparison of its protocols; `left` cells were not looked at.

    `refused` are signs that were found and whose proofs the checker does not accept, one line each.
    """

    tables: tuple[Table, ...] = ()
    orders: tuple[Order, ...] = ()
    left: int = 0
    refused: tuple[str, ...] = ()


NOTHING = Exploration()
MOST_CELLS = 700
MOST_PAIRS = 120
LONGEST = 300  # operations


@dataclass
class _Purse:
    """How many cells may still be looked at, and how many were left."""

    cells: int
    left: int = 0

    def cell(self) -> bool:
        self.cells -= 1
        self.left += self.cells < 0
        return self.cells >= 0


def explore(statement: Any, solutions: Sequence[Solution], recall: Recall = FORGETFUL) -> Exploration:
    """The table of every equilibrium, then the order of common quantities for every pair of protocols."""
    parameters = tuple(parameter.symbol for parameter in getattr(statement, "parameters", ()))
    of_laws = {symbol for shock in getattr(statement, "shocks", ()) for symbol in _law_parameters(shock.distribution)}
    chosen = tuple(solution for solution in solutions if not solution.instance)
    tables, purse = [], _Purse(MOST_CELLS)
    points: dict[tuple[Boolean, ...], Places] = {}
    for solution in chosen:
        for regime in solution.regimes:
            given = _given(solution, regime)
            points[given] = places(given)
            hidden = frozenset({*regime.free, *(steepness(item.symbol) for item in regime.implicit)})
            here = Territory(given, points[given], hidden, recall)
            table = _table(solution, regime, tuple(p for p in parameters if p not in of_laws), here, purse)
            if table is not None:
                tables.append(table)
    pairs = _Purse(MOST_PAIRS)
    compared = tuple(_orders(chosen, parameters, points, recall, pairs)) if isinstance(statement, Model) else ()
    return Exploration(tuple(tables), compared, purse.left + pairs.left)


def _law_parameters(law: Distribution) -> set[Symbol]:
    """What describes a law known by its properties alone: a change there changes the law, in no way that could be told."""
    return (
        {s for end in (law.low, law.high, law.mean) for s in end.free_symbols}
        if isinstance(law, GeneralDistribution)
        else set()
    )


# --- comparative statics -----------------------------------------------------------------------------------------------------


def _table(solution: Solution, regime: Regime, parameters: tuple[Symbol, ...], here: Territory, purse: _Purse) -> Table | None:
    values = {item.symbol: item.symbol for item in regime.implicit}
    values |= {symbol: _tidied(value) for symbol, value in regime.resolved().items()}
    spoken = {symbol for fact in here.given for symbol in fact.free_symbols}
    spoken |= {symbol for value in values.values() for symbol in value.free_symbols}
    columns = tuple(symbol for symbol in parameters if symbol in spoken)
    rows = tuple(s for s, value in values.items() if s not in regime.free and s not in columns and value.free_symbols)
    if not columns or not rows:
        return None
    effects = []
    for quantity in rows:
        for parameter in columns:
            effects.append(Effect(quantity, parameter, _slope(values[quantity], parameter, regime, here, purse)))
    return Table(solution.protocol, solution.instance, regime.name, regime.region, rows, columns, tuple(effects))


def _tidied(value: Expr) -> Expr:
    try:
        return normal(value)
    except (NotRational, ArithmeticError):
        return value


def _given(solution: Solution, regime: Regime) -> tuple[Boolean, ...]:
    facts = tuple(fact for item in regime.implicit for fact in facts_of(item))
    return tuple(dict.fromkeys((*solution.assumptions, *facts, *regime.among, *regime.region)))


def _slope(value: Expr, parameter: Symbol, regime: Regime, here: Territory, purse: _Purse) -> Signed:
    implicit = {item.symbol: item for item in regime.implicit}
    moved = {s for s, item in implicit.items() if parameter in item.equation.free_symbols}
    if parameter not in value.free_symbols and not value.free_symbols & moved:
        return Signed(sympy.Integer(0), Sign.ZERO)
    if value.free_symbols & set(regime.free) or operations(value) > LONGEST or value.has(Max, Min) or not purse.cell():
        return Signed(sympy.nan, Sign.UNSETTLED)
    try:
        slope = normal(total_derivative(value, parameter, implicit))
    except (NotRational, ArithmeticError):
        return Signed(sympy.nan, Sign.UNSETTLED)
    return here.signed(slope)


# --- protocols compared ------------------------------------------------------------------------------------------------------


def _orders(
    solutions: tuple[Solution, ...],
    parameters: tuple[Symbol, ...],
    points: Mapping[tuple[Boolean, ...], Places],
    recall: Recall,
    purse: _Purse,
) -> Iterator[Order]:
    for first, second in combinations(solutions, 2):
        for mine in first.regimes:
            for theirs in second.regimes:
                common = _common(mine, theirs, parameters)
                own, other = _given(first, mine), _given(second, theirs)
                given = tuple(dict.fromkeys((*own, *other)))
                there = places(given, (points[own], points[other])) if common else None
                if there is None or (not len(there) and satisfiable(given) is False):
                    continue
                here = Territory(given, there, frozenset({*mine.free, *theirs.free}), recall)
                region = tuple(dict.fromkeys((*mine.region, *theirs.region)))
                left, right = mine.resolved(), theirs.resolved()
                for quantity in common:
                    difference = _difference(left[quantity], right[quantity], here, purse)
                    yield Order(quantity, (first.protocol, second.protocol), (mine.name, theirs.name), region, difference)


def _common(mine: Regime, theirs: Regime, parameters: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The quantities that have a value in both regimes, unless one symbol stands for two implicit quantities."""
    told = {symbol for symbol, _ in theirs.values} - {*mine.free, *theirs.free, *parameters}
    return () if _clashing(mine, theirs) else tuple(symbol for symbol, _ in mine.values if symbol in told)


def _clashing(mine: Regime, theirs: Regime) -> bool:
    """Whether one symbol stands for two implicit quantities."""
    ours = {item.symbol: item for item in mine.implicit}
    return any(item.symbol in ours and ours[item.symbol] != item for item in theirs.implicit)


def _difference(left: Expr, right: Expr, here: Territory, purse: _Purse) -> Signed:
    if (left.free_symbols | right.free_symbols) & here.hidden:
        return Signed(sympy.nan, Sign.UNSETTLED)
    if operations(left) + operations(right) > LONGEST or not purse.cell():
        return Signed(sympy.nan, Sign.UNSETTLED)
    try:
        return here.signed(normal(left - right))
    except (NotRational, ArithmeticError):
        return Signed(sympy.nan, Sign.UNSETTLED)


def kinds(found: Signed) -> tuple[str, ...]:
    """The kinds of certificate behind a sign."""
    return tuple(dict.fromkeys(type(certificate).__name__ for certificate in found.certificates))


def certificates_of(found: Exploration) -> tuple[Certificate, ...]:
    """Everything on which the signs rest, each once."""
    return tuple(dict.fromkeys(certificate for one in signs_of(found) for certificate in one.certificates))


def signs_of(found: Exploration) -> tuple[Signed, ...]:
    """Every sign that was looked for."""
    effects = (effect.slope for table in found.tables for effect in table.effects)
    return (*effects, *(order.difference for order in found.orders))
