"""Roots that need no iteration: where an equation contains the unknown in one normal cdf only, as a critical fractile does."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

import sympy
from sympy import Dummy, Expr, Symbol, erf, exp, sqrt

from derive.field import NotRational, coefficients, normal
from derive.solution import Regime
from derive.views.python.graph import NormalQuantile


@dataclass(frozen=True)
class Fractile:
    """An equation says no more than that `node`, an error function of a linear function of the unknown, equals `level`."""

    node: Expr
    level: Expr
    unknown: Symbol

    def root(self) -> Expr:
        """The unknown by the quantile of the standard normal law.

        The quantile takes the probability, what is missing to 1, and the excess over 1/2, each simplified by itself: as
        differences of rounded numbers two of them would lose their digits.
        """
        inner = self.node.args[0]
        rate = inner.diff(self.unknown)
        quantile = NormalQuantile(*map(_simple, ((1 + self.level) / 2, (1 - self.level) / 2, self.level / 2)))
        return -inner.xreplace({self.unknown: sympy.S.Zero}) / rate + quantile / (sqrt(2) * rate)


def fractile(equation: Expr, unknown: Symbol) -> Fractile | None:
    """The equation as a fractile of a normal law, or None where it has another form."""
    nodes = [node for node in equation.atoms(erf) if unknown in node.free_symbols]
    if len(nodes) != 1:
        return None
    mark = Dummy()
    marked = equation.xreplace({nodes[0]: mark})
    weight, rate = marked.diff(mark), nodes[0].args[0].diff(unknown)
    if unknown in marked.free_symbols or mark in weight.free_symbols or unknown in rate.free_symbols or 0 in (weight, rate):
        return None
    return Fractile(nodes[0], _simple(-marked.xreplace({mark: sympy.S.Zero}) / weight), unknown)


def at_fractiles(regime: Regime, parameters: Set[Symbol]) -> Regime:
    """The regime with what its equations say of error functions put into its values: exact, shorter, and without differences
    of nearly equal numbers in the tails."""
    found = (fractile(root.equation, root.symbol) for root in regime.implicit)
    known = {item.node: item.level for item in found if item is not None and item.level.free_symbols <= parameters}
    values = tuple((symbol, _put(value, known) if value.atoms(erf) & set(known) else value) for symbol, value in regime.values)
    return replace(regime, values=values)


def _put(value: Expr, known: Mapping[Expr, Expr]) -> Expr:
    """The value with what is known in it, as a sum by powers of its exponential where it has only one."""
    simple = _simple(value.xreplace(known))
    sizes = list({node.args[0] if node.args[0].as_coeff_Mul()[0] > 0 else -node.args[0] for node in simple.atoms(exp)})
    if len(sizes) != 1:
        return simple
    mark = Dummy()
    top, bottom = sympy.fraction(_simple(simple.xreplace({exp(sizes[0]): mark, exp(-sizes[0]): 1 / mark})))
    rest, power = bottom.as_independent(mark, as_Add=False)
    parts = coefficients(top, mark)
    if parts is None or sizes[0].has(mark) or power.as_base_exp()[0] not in (mark, 1):
        return simple
    lowest = power.as_base_exp()[1] if power != 1 else 0
    return sympy.Add(*(_simple(part / rest) * exp((number - lowest) * sizes[0]) for number, part in enumerate(parts)))


def _simple(expr: Expr) -> Expr:
    try:
        return normal(expr)
    except NotRational:
        return expr
