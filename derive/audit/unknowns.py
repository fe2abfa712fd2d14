"""One symbol, several quantities: roots and free choices of different equilibria that a claim speaks of at once.

Every protocol tells its roots by the symbols of the statement. Side by side, two that are defined differently are two quantities and
get names of their own, the protocol's beside the symbol's; two that are roots of the same equation are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Function, Pow, Symbol, fraction

from derive.field import coefficients, normal
from derive.shocks import Cdf
from derive.solution import Implicit
from derive.tree import free_symbols

__all__ = ["Unknowns", "apart", "reduced", "renamed"]


@dataclass(frozen=True)
class Unknowns:
    """What one answer leaves without a formula: its roots and the choices that it leaves free; `label` tells it from others.

    `spoken` are all symbols that it uses: what is neither root nor free in it is an earlier choice or a parameter.
    """

    label: str
    implicit: tuple[Implicit, ...] = ()
    free: tuple[Symbol, ...] = ()
    spoken: frozenset[Symbol] = frozenset()

    @property
    def symbols(self) -> frozenset[Symbol]:
        """Roots and free choices."""
        return frozenset({*(item.symbol for item in self.implicit), *self.free})


def apart(answers: Sequence[Unknowns]) -> tuple[dict[Symbol, Symbol], ...]:
    """For every answer the new names of its unknowns, where a symbol stands for different quantities."""
    clashing = _clashing(answers)
    used = frozenset().union(*(answer.symbols | answer.spoken for answer in answers))
    found: list[dict[Symbol, Symbol]] = []
    for answer in answers:
        table: dict[Symbol, Symbol] = {}
        for symbol in sorted(answer.symbols & clashing, key=str):
            table[symbol] = _unused(f"{symbol}_{answer.label}", used)
            used |= {table[symbol]}
        found.append(table)
    return tuple(found)


def _clashing(answers: Sequence[Unknowns]) -> frozenset[Symbol]:
    """The symbols that are not the same quantity wherever they occur."""
    told: dict[Symbol, set[Implicit | str]] = {}
    for answer in answers:
        for item in answer.implicit:
            told.setdefault(item.symbol, set()).add(item)
        for symbol in answer.free:
            told.setdefault(symbol, set()).add(answer.label)
        for symbol in answer.spoken - answer.symbols:
            told.setdefault(symbol, set()).add("given")
    found = {symbol for symbol, meanings in told.items() if len(meanings) > 1}
    items = {item for answer in answers for item in answer.implicit}
    while more := {item.symbol for item in items if item.symbol not in found and _parts(item) & found}:
        found |= more
    return frozenset(found)


def _parts(item: Implicit) -> set[Symbol]:
    return {*free_symbols(item.equation), *free_symbols(item.low), *free_symbols(item.high)} - {item.symbol}


def _unused(name: str, used: frozenset[Symbol]) -> Symbol:
    symbol = Symbol(name, real=True)
    while symbol in used:
        name += "_"
        symbol = Symbol(name, real=True)
    return symbol


def renamed(item: Implicit, names: Mapping[Symbol, Symbol]) -> Implicit:
    """A root with the unknowns in its definition renamed."""
    table = dict(names)
    symbol = table.get(item.symbol, item.symbol)
    assert isinstance(symbol, Symbol)
    definition = (item.equation.xreplace(table), item.low.xreplace(table), item.high.xreplace(table))
    return Implicit(symbol, *definition, item.sign)


def reduced(expr: Expr, root: Implicit) -> Expr:
    """The same value in a shorter form, by the equation of a root in it: solved for a function of the root that it is linear in
    (the law's, an exponential, a logarithm), or without the higher powers where it is a polynomial."""
    if root.symbol not in free_symbols(expr):
        return expr
    heads = [node for node in root.equation.atoms(Function) | _powers(root.equation) if root.symbol in free_symbols(node)]
    for head in sorted(heads, key=lambda node: (not isinstance(node, Cdf), str(node))):
        stand_in = Symbol("at_root", real=True)
        parts = coefficients(root.equation.xreplace({head: stand_in}), stand_in)
        if parts is not None and len(parts) == 2:
            return expr.xreplace({head: normal(-parts[0] / parts[1])})
    return expr if heads else _remainder(expr, root)


def _powers(expr: Expr) -> set[Expr]:
    """Exponentials, and powers that are none of polynomials."""
    return {node for node in expr.atoms(Pow) if not node.exp.is_Integer}


def _remainder(expr: Expr, root: Implicit) -> Expr:
    """A value less a multiple of a polynomial that vanishes."""
    divisor = coefficients(root.equation, root.symbol)
    top, bottom = fraction(normal(expr))
    parts = coefficients(top, root.symbol)
    if divisor is None or parts is None or len(divisor) < 2 or root.symbol in free_symbols(bottom):
        return expr
    rest = list(parts)
    while len(rest) >= len(divisor):
        multiple, shift = rest.pop() / divisor[-1], len(rest) + 1 - len(divisor)
        rest = [normal(c - multiple * divisor[k - shift]) if k >= shift else c for k, c in enumerate(rest)]
    return normal(Add(*(c * root.symbol**k for k, c in enumerate(rest))) / bottom)
