"""What is common to the checks of statements about a continuum of types: auctions, double auctions, screening."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.check.argument import replay
from derive.check.certificates import Rejected
from derive.check.context import Context
from derive.check.sample import Point, sample_regions
from derive.ir import Definition, Distribution, Parameter, PowerDistribution, Uniform
from derive.solution import Solution
from derive.steps import Step

__all__ = ["Statement", "at_type", "attacked", "between", "cdf", "plain", "quantile", "verified"]

MOST = 3  # findings of one attack


class Statement(Protocol):
    """What these statements have in common."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is given."""

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """What is abbreviated."""


# --- laws of types, and expressions at a type ------------------------------------------------------------------------------


def cdf(law: Distribution, theta: Symbol) -> Expr:
    """The share of types below one."""
    if isinstance(law, Uniform):
        return (theta - law.low) / (law.high - law.low)
    if isinstance(law, PowerDistribution):
        return (theta / law.high) ** law.exponent
    raise Rejected(f"types are not drawn from a {type(law).__name__}")


def quantile(law: Distribution, share: Symbol) -> Expr:
    """The type below which that share of types lies."""
    if isinstance(law, Uniform):
        return law.low + share * (law.high - law.low)
    if isinstance(law, PowerDistribution):
        return law.high * share ** (1 / law.exponent)
    raise Rejected(f"types are not drawn from a {type(law).__name__}")


def plain(statement: Statement, value: Any) -> Expr:
    """An expression of the statement without what it abbreviates."""
    value = sympify(value)
    for item in reversed(statement.definitions):
        value = value.xreplace({item.symbol: sympify(item.value)})
    return value


def at_type(expr: Expr, theta: Symbol, end: Expr, context: Context) -> Expr:
    """An expression at a type; positive powers of zero are zero."""
    value = expr.xreplace({theta: end})
    empty = (power for power in value.atoms(sympy.Pow) if not power.exp.is_Integer and sympy.expand(power.base) == 0)
    return value.xreplace({power: Integer(0) for power in empty if context.sampled_sign(power.exp) == 1})


def between(context: Context, theta: Symbol, low: Expr, high: Expr, *more: Boolean) -> Context:
    """What is known of a type strictly between two."""
    known = (*context.known, theta > low, theta < high, *more)
    return Context(context.statement, known, context.premises, context.earlier, context.doubts)


# --- whole solutions -------------------------------------------------------------------------------------------------------


def verified(
    statement: Any,
    solutions: Iterable[Solution],
    unshown: Callable[[Solution, Mapping[str, Step]], Iterable[str]],
    attack: Callable[[Solution], list[str]],
) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, regimes that are not the theorem's cases or report
    something `unshown` by any step, and what an `attack` finds."""
    faults: list[str] = []
    for solution in solutions:
        known, wrong = replay(statement, solution)
        faults += wrong
        cases = [(case.region, case.values) for one in solution.argument if one.kind == "theorem" for case in one.cases]
        if cases != [(regime.region, regime.values) for regime in solution.regimes]:
            faults.append(f"{solution.protocol}: the regimes are not the cases of the theorem")
        else:
            faults += [f"{solution.protocol}: {fault}" for fault in unshown(solution, known)]
        faults += attack(solution)
    return tuple(faults)


def attacked(statement: Statement, solution: Solution, points: int, wrong: Callable[[int, Point], str]) -> list[str]:
    """What is `wrong` at random parameters, of which it is told the number and the point; at most `MOST` findings."""
    symbols = tuple(sorted((parameter.symbol for parameter in statement.parameters), key=str))
    whole = frozenset(parameter.symbol for parameter in statement.parameters if parameter.integer)
    regions = [regime.region for regime in solution.regimes]
    faults: list[str] = []
    chosen = sample_regions(solution.assumptions, regions, symbols, points, whole)
    for number, point in enumerate(chosen):
        found = wrong(number, point) if len(faults) < MOST else ""
        where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
        faults += [f"{solution.protocol}: {found} at {where}"] if found else []
    return faults
