"""What nobody asked: how every equilibrium value responds to every parameter, and how the protocols compare.

Signs are proved like claims, within a small counted effort each; what is not settled within it says so. A sign that differs from
place to place comes with the exact condition for it where one is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import sympy
from sympy import Expr, Max, Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.products import operations
from derive.audit.realised import Laws
from derive.audit.recall import FORGETFUL, Recall
from derive.audit.roots import facts_of
from derive.audit.scatter import Places, common_places, places
from derive.audit.setting import law_parameters
from derive.audit.signs import Sign, Signed, Territory
from derive.audit.slopes import moved, steepness, total_derivative
from derive.audit.unknowns import Unknowns, apart
from derive.certificates import Certificate
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.ir import GeneralDistribution, Model
from derive.solution import Implicit, Regime, Solution
from derive.tree import free_symbols


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
STILL = Signed(sympy.Integer(0), Sign.ZERO)
OPEN = Signed(sympy.nan, Sign.UNSETTLED)


@dataclass
class _Purse:
    """How many cells may still be looked at, and how many were left."""

    cells: int
    left: int = 0

    def cell(self) -> bool:
        self.cells -= 1
        self.left += self.cells < 0
        return self.cells >= 0


@dataclass(frozen=True)
class _Ground:
    """A regime of a solution with what is supposed there, points of it, and its values in terms of what is given."""

    solution: Solution
    regime: Regime
    laws: Laws
    given: tuple[Boolean, ...]
    places: Places
    values: Mapping[Symbol, Expr]


def explore(statement: Any, solutions: Sequence[Solution], recall: Recall = FORGETFUL) -> Exploration:
    """The table of every equilibrium, then the order of common quantities for every pair of protocols."""
    parameters = tuple(parameter.symbol for parameter in getattr(statement, "parameters", ()))
    of_laws = {symbol for shock in getattr(statement, "shocks", ()) for symbol in law_parameters(shock.distribution)}
    laws = tuple(s.distribution for s in getattr(statement, "shocks", ()) if isinstance(s.distribution, GeneralDistribution))
    grounds = tuple(tuple(_grounds(solution, laws)) for solution in solutions if not solution.instance)
    purse, pairs = _Purse(MOST_CELLS), _Purse(MOST_PAIRS)
    moving = tuple(p for p in parameters if p not in of_laws)
    tables = tuple(_table(ground, moving, recall, purse) for regimes in grounds for ground in regimes)
    compared = tuple(_orders(grounds, parameters, recall, pairs)) if isinstance(statement, Model) else ()
    return Exploration(tuple(table for table in tables if table is not None), compared, purse.left + pairs.left)


def _grounds(solution: Solution, laws: tuple[GeneralDistribution, ...]) -> Iterator[_Ground]:
    for regime in solution.regimes:
        given = _given(solution, regime)
        roots = frozenset({*regime.free, *(item.symbol for item in regime.implicit)})
        stated = (*solution.assumptions, *regime.among, *regime.region)
        yield _Ground(solution, regime, Laws(laws, roots, stated), given, places(given), regime.resolved())


# --- comparative statics -----------------------------------------------------------------------------------------------------


def _table(ground: _Ground, parameters: tuple[Symbol, ...], recall: Recall, purse: _Purse) -> Table | None:
    solution, regime = ground.solution, ground.regime
    implicit = {item.symbol: item for item in regime.implicit}
    hidden = frozenset({*regime.free, *map(steepness, implicit)})
    here = Territory(ground.given, ground.places, hidden, recall, ground.laws)
    values: dict[Symbol, Expr] = {symbol: symbol for symbol in implicit}
    values |= {symbol: _tidied(value) for symbol, value in ground.values.items()}
    used = {symbol: free_symbols(value) for symbol, value in values.items()}
    spoken = set().union(*used.values(), *map(free_symbols, ground.given))
    columns = tuple(symbol for symbol in parameters if symbol in spoken)
    rows = tuple(symbol for symbol in values if symbol not in regime.free and symbol not in columns and used[symbol])
    if not columns or not rows:
        return None
    moving = {column: moved(column, regime.implicit) for column in columns}
    effects = []
    for quantity in rows:
        value, settled = values[quantity], not used[quantity] & set(regime.free) and _tractable(values[quantity])
        for parameter in columns:
            slope = STILL
            if used[quantity] & moving[parameter]:
                slope = _slope(value, parameter, implicit, here) if settled and purse.cell() else OPEN
            effects.append(Effect(quantity, parameter, slope))
    return Table(solution.protocol, solution.instance, regime.name, regime.region, rows, columns, tuple(effects))


def _tractable(value: Expr) -> bool:
    return operations(value) <= LONGEST and not value.has(Max, Min)


def _tidied(value: Expr) -> Expr:
    try:
        return normal(value)
    except (NotRational, ArithmeticError):
        return value


def _given(solution: Solution, regime: Regime) -> tuple[Boolean, ...]:
    facts = tuple(fact for item in regime.implicit for fact in facts_of(item, solution.assumptions))
    return tuple(dict.fromkeys((*solution.assumptions, *facts, *regime.among, *regime.region)))


def _slope(value: Expr, parameter: Symbol, implicit: dict[Symbol, Implicit], here: Territory) -> Signed:
    try:
        slope = normal(total_derivative(value, parameter, implicit))
    except (NotRational, ArithmeticError, Refusal):
        return OPEN
    return here.signed(slope)


# --- protocols compared ------------------------------------------------------------------------------------------------------


def _orders(
    grounds: tuple[tuple[_Ground, ...], ...], parameters: tuple[Symbol, ...], recall: Recall, purse: _Purse
) -> Iterator[Order]:
    for first, second in combinations(grounds, 2):
        for mine, theirs in product(first, second):
            unlike = _unlike(mine.regime, theirs.regime)
            common = _common(mine, theirs, frozenset(parameters), unlike)
            given = tuple(fact for fact in dict.fromkeys((*mine.given, *theirs.given)) if not free_symbols(fact) & unlike)
            there = common_places(given, (mine.places, theirs.places)) if common else None
            if there is None:
                continue
            free_ones = frozenset({*mine.regime.free, *theirs.regime.free})
            here = Territory(given, there, free_ones, recall, mine.laws.beside(theirs.laws))
            region = tuple(dict.fromkeys((*mine.regime.region, *theirs.regime.region)))
            protocols, names = (mine.solution.protocol, theirs.solution.protocol), (mine.regime.name, theirs.regime.name)
            for quantity in common:
                difference = _difference(mine.values[quantity], theirs.values[quantity], here, purse)
                yield Order(quantity, protocols, names, region, difference)


def _common(mine: _Ground, theirs: _Ground, parameters: frozenset[Symbol], unlike: frozenset[Symbol]) -> tuple[Symbol, ...]:
    """The quantities that have a value in both regimes, told without the symbols whose meanings are `unlike`."""
    told = {symbol for symbol, _ in theirs.regime.values} - {*mine.regime.free, *theirs.regime.free, *parameters}
    both = (symbol for symbol, _ in mine.regime.values if symbol in told)
    return tuple(
        symbol for symbol in both if not (free_symbols(mine.values[symbol]) | free_symbols(theirs.values[symbol])) & unlike
    )


def _unlike(mine: Regime, theirs: Regime) -> frozenset[Symbol]:
    """The symbols that stand for two unknown quantities."""
    answers = [Unknowns(label, regime.implicit, regime.free) for label, regime in (("mine", mine), ("theirs", theirs))]
    return frozenset(symbol for names in apart(answers) for symbol in names)


def _difference(left: Expr, right: Expr, here: Territory, purse: _Purse) -> Signed:
    if (free_symbols(left) | free_symbols(right)) & here.hidden:
        return OPEN
    if operations(left) + operations(right) > LONGEST or not purse.cell():
        return OPEN
    try:
        return here.signed(normal(left - right))
    except (NotRational, ArithmeticError):
        return OPEN


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
