"""How values respond to a parameter: closed forms directly, roots by the implicit function theorem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sympy
from sympy import Expr, Symbol

from derive.audit.unknowns import reduced
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.shocks import LawFunction
from derive.solution import Implicit
from derive.tree import free_symbols, operations

__all__ = ["moved", "of_law", "steepness", "total_derivative"]


def steepness(symbol: Symbol) -> Symbol:
    """The symbol whose exponential stands for the steepness, at the root, of the equation that defines `symbol`."""
    return Symbol(f"N_{symbol}", real=True)


def moved(parameter: Symbol, implicit: Iterable[Implicit]) -> frozenset[Symbol]:
    """The parameter and the roots that it moves, by their own equations or by those of other roots in these."""
    roots, found = tuple(implicit), {parameter}
    while more := {item.symbol for item in roots if item.symbol not in found and free_symbols(item.equation) & found}:
        found |= more
    return frozenset(found)


def of_law(expr: Expr, implicit: Mapping[Symbol, Implicit]) -> bool:
    """Whether a value has functions of a law in it, or roots of equations that have."""
    seen: set[Symbol] = set()
    ahead = [expr]
    while ahead:
        part = ahead.pop()
        if part.has(LawFunction):
            return True
        more = {symbol for symbol in free_symbols(part) if symbol in implicit} - seen
        seen |= more
        ahead += [implicit[symbol].equation for symbol in more]
    return False


def total_derivative(expr: Expr, parameter: Symbol, implicit: Mapping[Symbol, Implicit]) -> Expr:
    """``d expr / d parameter``, with implicit quantities moving as their equations make them.

    ``|d equation / d quantity|`` appears as the exponential of a symbol of its own, which is positive. The equations make the slope
    shorter where they can: what is gained by moving a choice vanishes at a best one. Raises Refusal where roots are defined by one
    another.
    """
    slope = _total(expr, parameter, implicit, moved(parameter, implicit.values()), ())
    for root in implicit.values():
        if root.symbol in free_symbols(slope):
            slope = min((slope, normal(reduced(slope, root))), key=operations)
    return slope


def _total(
    expr: Expr, parameter: Symbol, implicit: Mapping[Symbol, Implicit], moving: frozenset[Symbol], within: tuple[Symbol, ...]
) -> Expr:
    """The derivative, `within` the equations of these roots."""
    result = derivative(expr, parameter)
    roots = [item for item in implicit.values() if item.symbol in free_symbols(expr) & moving and item.symbol not in within[-1:]]
    if not roots:
        return result
    for item in roots:
        if item.symbol in within:
            raise Refusal(f"{item.symbol} is defined by way of itself, so its slope is not told")
        shift = _total(item.equation, parameter, implicit, moving, (*within, item.symbol))
        result += derivative(expr, item.symbol) * shift / sympy.exp(steepness(item.symbol)) * (-item.sign)
    return normal(result) if not result.is_Rational else result
