"""Where the source prints a formula that a solution has: looked up by identity, so that no misprint is quoted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Symbol

from derive.algebra.shape import leaves
from derive.field import NotRational, is_zero
from derive.ir import GeneralDistribution, Instance, PrintedFormula
from derive.shocks import law_values, replace_law
from derive.solution import Solution

_LARGEST = 3000


def quoted(statement: Any, solution: Solution, instance: Instance | None) -> dict[tuple[int, Symbol], str]:
    """The number, in the source, of every value that it prints, by the position of the regime and the symbol."""
    printed = [item for item in getattr(statement, "printed", ()) if isinstance(item, PrintedFormula)]
    found: dict[tuple[int, Symbol], str] = {}
    for place, regime in enumerate(solution.regimes):
        known = regime.resolved()
        for item in printed:
            if item.protocol == solution.protocol and item.symbol in known:
                value = _under(statement, instance, item.value)
                if _equal(value.xreplace(known), known[item.symbol], known):
                    found.setdefault((place, item.symbol), item.equation)
    return found


def _under(statement: Any, instance: Instance | None, value: Expr) -> Expr:
    """A formula for a general law under the named laws of an instance."""
    laws = dict(instance.laws) if instance is not None else {}
    for shock in getattr(statement, "shocks", ()):
        general = shock.distribution
        if shock.symbol in laws and isinstance(general, GeneralDistribution):
            value = replace_law(value, general.cdf, laws[shock.symbol]).xreplace(dict(law_values(general, laws[shock.symbol])))
    return value


def _equal(left: Expr, right: Expr, known: Mapping[Symbol, Expr]) -> bool:
    """Whether two formulas are the same; one too long to be read, or one that is not rational, is not compared."""
    difference = left - right
    if leaves(difference) > _LARGEST or not difference.free_symbols.isdisjoint(known):
        return False
    try:
        return is_zero(difference)
    except (NotRational, ZeroDivisionError):
        return False
