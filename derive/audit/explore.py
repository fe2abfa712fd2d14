"""What nobody asked: how every equilibrium value responds to every parameter, and how the protocols compare.

Signs are proved like claims, within a small counted effort each; what is not settled within it says so. A sign that differs from
place to place comes with the exact condition for it where one is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Rational, Symbol, count_ops
from sympy.logic.boolalg import Boolean

from derive.audit.assertions import facts_of, steepness, total_derivative
from derive.audit.conditions import ALWAYS, Condition, exact_condition, from_boolean, symbols_of
from derive.audit.recall import FORGETFUL, Question, Recall
from derive.certificates import Certificate
from derive.field import NotRational, normal
from derive.ir import Distribution, GeneralDistribution, Model
from derive.prove.api import prove_any
from derive.prove.atoms import has_atoms
from derive.prove.effort import allowance
from derive.prove.goals import names
from derive.prove.oracle import satisfiable
from derive.prove.points import admissible
from derive.prove.relations import flatten, relation
from derive.prove.space import rational
from derive.prove.verdicts import HoldsIff, Proved, Witness
from derive.shocks import LawFunction
from derive.solution import Regime, Solution


class Sign(Enum):
    """The sign of a slope or of a difference."""

    POSITIVE = "+"
    NEGATIVE = "-"
    ZERO = "0"
    NOT_NEGATIVE = "(+)"
    NOT_POSITIVE = "(-)"
    DEPENDS = "+/-"
    UNSETTLED = "?"


@dataclass(frozen=True)
class Signed:
    """An expression with its sign and what proves it.

    Of a sign that `DEPENDS`, `condition` says where it is positive, if that was found; else two `points` show both signs.
    """

    expression: Expr
    sign: Sign
    certificates: tuple[Certificate, ...] = ()
    condition: Condition | None = None
    points: tuple[Witness, ...] = ()


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
    """The comparative statics of a statement's solutions and the comparison of its protocols."""

    tables: tuple[Table, ...] = ()
    orders: tuple[Order, ...] = ()


NOTHING = Exploration()
WORK = 60
WORK_WITH_POWERS = 120
WORK_ON_A_CONDITION = 600
MOST_CONDITIONS = 16
MOST_FOR_A_CONDITION = 150
MOST_OPERATIONS = 300
MOST_CELLS = 700
MOST_PAIRS = 120
SAMPLES = 24
_SIGNS = (
    (">", Sign.POSITIVE, frozenset({1})),
    ("<", Sign.NEGATIVE, frozenset({-1})),
    (">=", Sign.NOT_NEGATIVE, frozenset({0, 1})),
    ("<=", Sign.NOT_POSITIVE, frozenset({-1, 0})),
)


@dataclass
class _Purse:
    """How many cells may still be looked at, for how many of them a condition may be sought, and what is known already."""

    recall: Recall
    cells: int = MOST_CELLS
    conditions: int = MOST_CONDITIONS
    known: dict[tuple[Expr, tuple[Boolean, ...]], Signed] = field(default_factory=dict)

    def cell(self) -> bool:
        self.cells -= 1
        return self.cells >= 0

    def condition(self) -> bool:
        self.conditions -= 1
        return self.conditions >= 0


def explore(statement: Any, solutions: Sequence[Solution], recall: Recall = FORGETFUL) -> Exploration:
    """The table of every equilibrium, then the order of common quantities for every pair of protocols."""
    parameters = tuple(parameter.symbol for parameter in getattr(statement, "parameters", ()))
    of_laws = {symbol for shock in getattr(statement, "shocks", ()) for symbol in _law_parameters(shock.distribution)}
    chosen = tuple(solution for solution in solutions if not solution.instance)
    tables, purse = [], _Purse(recall)
    for solution in chosen:
        for regime in solution.regimes:
            table = _table(solution, regime, tuple(p for p in parameters if p not in of_laws), purse)
            if table is not None:
                tables.append(table)
    compared = tuple(_orders(chosen, parameters, recall)) if isinstance(statement, Model) else ()
    return Exploration(tuple(tables), compared)


def _law_parameters(law: Distribution) -> set[Symbol]:
    """What describes a law known by its properties alone: a change there changes the law, in no way that could be told."""
    return (
        {s for end in (law.low, law.high, law.mean) for s in end.free_symbols}
        if isinstance(law, GeneralDistribution)
        else set()
    )


# --- comparative statics -----------------------------------------------------------------------------------------------------


def _table(solution: Solution, regime: Regime, parameters: tuple[Symbol, ...], purse: _Purse) -> Table | None:
    values = {item.symbol: item.symbol for item in regime.implicit}
    values |= {symbol: _tidied(value) for symbol, value in regime.resolved().items()}
    given = _given(solution, regime)
    spoken = {symbol for fact in given for symbol in fact.free_symbols}
    spoken |= {symbol for value in values.values() for symbol in value.free_symbols}
    columns = tuple(symbol for symbol in parameters if symbol in spoken)
    rows = tuple(s for s, value in values.items() if s not in regime.free and s not in columns and value.free_symbols)
    if not columns or not rows:
        return None
    effects = []
    for quantity in rows:
        for parameter in columns:
            effects.append(Effect(quantity, parameter, _slope(values[quantity], parameter, regime, given, purse)))
    return Table(solution.protocol, solution.instance, regime.name, regime.region, rows, columns, tuple(effects))


def _tidied(value: Expr) -> Expr:
    try:
        return normal(value)
    except (NotRational, ArithmeticError):
        return value


def _given(solution: Solution, regime: Regime) -> tuple[Boolean, ...]:
    facts = tuple(fact for item in regime.implicit for fact in facts_of(item))
    return tuple(dict.fromkeys((*solution.assumptions, *facts, *regime.among, *regime.region)))


def _slope(value: Expr, parameter: Symbol, regime: Regime, given: tuple[Boolean, ...], purse: _Purse) -> Signed:
    implicit = {item.symbol: item for item in regime.implicit}
    moved = {s for s, item in implicit.items() if parameter in item.equation.free_symbols}
    if parameter not in value.free_symbols and not value.free_symbols & moved:
        return Signed(sympy.Integer(0), Sign.ZERO)
    if value.free_symbols & set(regime.free) or count_ops(value) > MOST_OPERATIONS or not purse.cell():
        return Signed(sympy.nan, Sign.UNSETTLED)
    try:
        slope = normal(total_derivative(value, parameter, implicit))
    except (NotRational, ArithmeticError):
        return Signed(sympy.nan, Sign.UNSETTLED)
    hidden = frozenset({*regime.free, *(steepness(symbol) for symbol in implicit)})
    return signed(slope, given, purse, hidden)


def signed(expression: Expr, given: tuple[Boolean, ...], purse: _Purse, hidden: frozenset[Symbol] = frozenset()) -> Signed:
    """The sign of an expression in normal form."""
    if (expression, given) not in purse.known:
        purse.known[expression, given] = _signed(expression, given, purse, hidden)
    return purse.known[expression, given]


def _signed(expression: Expr, given: tuple[Boolean, ...], purse: _Purse, hidden: frozenset[Symbol]) -> Signed:
    if expression == 0:
        return Signed(expression, Sign.ZERO)
    if count_ops(expression) > MOST_OPERATIONS:
        return Signed(expression, Sign.UNSETTLED)
    powers = has_atoms(relation(expression, ">"))
    seen = _seen(expression, given)
    work = WORK_WITH_POWERS if powers else WORK
    for op, sign, possible in _SIGNS:
        if set(seen) <= possible:
            proof = _proof(relation(expression, op), given, work, purse.recall)
            if proof is not None:
                return Signed(expression, sign, (proof,))
    simple = not powers and not expression.atoms(LawFunction) and count_ops(expression) <= MOST_FOR_A_CONDITION
    if simple and purse.condition():
        positive = relation(expression, ">")
        found = purse.recall.answer(
            Question(positive, given, ("where",)), lambda: exact_condition(positive, given, (), WORK_ON_A_CONDITION)
        )
        if isinstance(found, HoldsIff):
            condition = from_boolean(found.condition)
            if condition == ALWAYS:
                return Signed(expression, Sign.POSITIVE, (found.sufficient,))
            if not symbols_of(condition) & hidden:
                return Signed(expression, Sign.DEPENDS, (found.sufficient, found.necessary), condition)
    if {1, -1} <= set(seen) and not hidden & expression.free_symbols:
        return Signed(expression, Sign.DEPENDS, points=(seen[1], seen[-1]))
    return Signed(expression, Sign.UNSETTLED)


def _proof(claim: Boolean, given: tuple[Boolean, ...], work: int, recall: Recall) -> Certificate | None:
    def search() -> Proved | None:
        proof = prove_any(claim, given, allowance(work, 0))
        return None if proof is None else Proved(proof)

    found = recall.answer(Question(claim, given, ("sign",)), search)
    return found.certificate if isinstance(found, Proved) else None


def _seen(expression: Expr, given: tuple[Boolean, ...]) -> dict[int, Witness]:
    """The signs of the expression at some points where all of `given` hold exactly, each with a point."""
    found: dict[int, Witness] = {}
    for at in _samples(given):
        value = expression.xreplace(at)
        if isinstance(value, Rational) and value.is_finite:
            found.setdefault(int(sympy.sign(value)), tuple(sorted(at.items(), key=lambda item: item[0].name)))
    return found


@lru_cache(maxsize=64)
def _samples(given: tuple[Boolean, ...]) -> tuple[dict[Symbol, Rational], ...]:
    flat = flatten(given)
    symbols = names(flat)
    return tuple(
        {symbol: rational(value) for symbol, value in zip(symbols, values, strict=True)}
        for values in admissible(flat)[:SAMPLES]
    )


# --- protocols compared ------------------------------------------------------------------------------------------------------


def _orders(solutions: tuple[Solution, ...], parameters: tuple[Symbol, ...], recall: Recall) -> Iterator[Order]:
    purse = _Purse(recall, cells=MOST_PAIRS)
    for first, second in combinations(solutions, 2):
        for mine in first.regimes:
            for theirs in second.regimes:
                yield from _compared(first, mine, second, theirs, parameters, purse)


def _compared(
    first: Solution, mine: Regime, second: Solution, theirs: Regime, parameters: tuple[Symbol, ...], purse: _Purse
) -> Iterator[Order]:
    left, right = mine.resolved(), theirs.resolved()
    open_ones = {*mine.free, *theirs.free}
    common = [s for s, _ in mine.values if s in right and s not in open_ones and s not in parameters]
    given = tuple(dict.fromkeys((*_given(first, mine), *_given(second, theirs))))
    if not common or _clashing(mine, theirs) or (not _samples(given) and satisfiable(given) is False):
        return
    region = tuple(dict.fromkeys((*mine.region, *theirs.region)))
    for quantity in common:
        difference = _difference(left[quantity], right[quantity], given, purse, frozenset(open_ones))
        yield Order(quantity, (first.protocol, second.protocol), (mine.name, theirs.name), region, difference)


def _clashing(mine: Regime, theirs: Regime) -> bool:
    """Whether one symbol stands for two implicit quantities."""
    ours = {item.symbol: item for item in mine.implicit}
    return any(item.symbol in ours and ours[item.symbol] != item for item in theirs.implicit)


def _difference(left: Expr, right: Expr, given: tuple[Boolean, ...], purse: _Purse, hidden: frozenset[Symbol]) -> Signed:
    if left.free_symbols & hidden or right.free_symbols & hidden:
        return Signed(sympy.nan, Sign.UNSETTLED)
    if count_ops(left) + count_ops(right) > MOST_OPERATIONS or not purse.cell():
        return Signed(sympy.nan, Sign.UNSETTLED)
    try:
        return signed(normal(left - right), given, purse, hidden)
    except (NotRational, ArithmeticError):
        return Signed(sympy.nan, Sign.UNSETTLED)


def kinds(found: Signed) -> tuple[str, ...]:
    """The kinds of certificate behind a sign."""
    return tuple(dict.fromkeys(type(certificate).__name__ for certificate in found.certificates))


def certificates_of(found: Exploration) -> tuple[Certificate, ...]:
    """Everything on which the signs rest, each once."""
    every = [effect.slope for table in found.tables for effect in table.effects] + [order.difference for order in found.orders]
    return tuple(dict.fromkeys(certificate for one in every for certificate in one.certificates))
