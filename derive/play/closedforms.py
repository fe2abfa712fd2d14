"""Quantities defined by an equation, in closed form where one can be read: a corollary beside the equation, which stays the definition.

Reckoning with the equation is safe in floating-point numbers; radicals of a cubic lose digits where its terms nearly cancel. So the
evaluator solves the equation, and the formula is what a reader wants to see.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy.logic.boolalg import Boolean

from derive.algebra.cubic import closed_cubic
from derive.cubic import CubicRoot
from derive.decision.problem import Journal
from derive.solution import Case, Proposition, Regime

__all__ = ["closed_forms"]

_TOLD = "The root that defines {} is"


def closed_forms(key: str, given: Sequence[Boolean], regimes: Sequence[Regime]) -> tuple[Proposition, ...]:
    """One corollary for each quantity of which a closed form is known wherever it is used."""
    found: list[Proposition] = []
    done: set[object] = set()
    for regime in regimes:
        others = {item.symbol for item in regime.implicit}
        for item in regime.implicit:
            if (item, regime.region) in done or (item.equation.free_symbols & others) - {item.symbol}:
                continue
            done.add((item, regime.region))
            journal = Journal(f"{key}.closed.{len(found) + 1}")
            cases = []
            for closed in closed_cubic(item, (*given, *regime.region)):
                region = (*regime.region, *closed.region)
                journal.add(
                    CubicRoot,
                    given=region,
                    root=item,
                    power=closed.power,
                    lead=closed.lead,
                    shift=closed.shift,
                    slope=closed.slope,
                    constant=closed.constant,
                    form=closed.form,
                    value=closed.value,
                    conditions=closed.conditions,
                    certificates=closed.certificates,
                )
                cases.append(Case(region, ((item.symbol, closed.value),)))
            if cases:
                text = _TOLD.format(item.symbol)
                found.append(Proposition(journal.prefix, "corollary", "In closed form", text, tuple(cases), journal.taken()))
    return tuple(found)
