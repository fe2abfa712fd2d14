"""Closed forms of the overage of named laws: inside, below and above the support, as far as each can occur."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from sympy import Expr, Integer, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import ir
from derive.algebra.signs import sign
from derive.errors import Refusal
from derive.prove import prove
from derive.shocks import LawFunction, Overage, mean, replace_law, support

__all__ = ["MAX_CASES", "Objectives", "pieces", "truncated"]

MAX_CASES = 27

Objectives = tuple[tuple[Symbol, Expr], ...]


def truncated(
    objectives: Objectives, named: Mapping[str, ir.Distribution], given: tuple[Boolean, ...]
) -> tuple[tuple[tuple[Boolean, ...], Objectives], ...]:
    """The objectives with closed forms for the laws of `named` (by the name of the cdf): where each form holds, and the form.

    One case for every way in which the arguments of the overages lie in, below or above their supports; cases that `given`
    rules out are left out, and the others cover all that `given` admits. Raises `Refusal` if there are too many.
    """
    nodes = sorted({node for _, value in objectives for node in value.atoms(Overage) if node.law in named}, key=str)
    options = [pieces(node, named[node.law], given) for node in nodes]
    count = 1
    for entries in options:
        count *= len(entries)
    if count > MAX_CASES:
        raise Refusal(f"the truncated shocks give {count} cases, more than {MAX_CASES}")
    found = []
    for choice in product(*options):
        where = tuple(dict.fromkeys(relation for relations, _ in choice for relation in relations))
        if len(choice) > 1 and where and prove(false, (*given, *where)) is not None:
            continue
        closed = {node: value for node, (_, value) in zip(nodes, choice, strict=True)}
        found.append((where, tuple((payoff, value.xreplace(closed)) for payoff, value in objectives)))
    return tuple(found)


def pieces(node: LawFunction, law: ir.Distribution, given: tuple[Boolean, ...]) -> list[tuple[tuple[Boolean, ...], Expr]]:
    """The pieces of one overage or cdf that can occur: where, and the closed form there."""
    low, high = support(law)
    cut = node.argument
    outside = (Integer(0), cut - mean(law) if isinstance(node, Overage) else Integer(1))
    closed = replace_law(node, node.law, law)
    below = _ordered(cut, low, given) if low.is_finite is not False else None
    above = _ordered(cut, high, given) if high.is_finite is not False else None
    for end, value in zip((below and below[0], above and above[1]), outside, strict=True):
        if end is not None and prove(end, given) is not None:
            return [((), value)]
    inside: list[Boolean] = []
    found = []
    if below is not None and prove(below[1], given) is None:
        inside.append(below[1])
        found.append(((below[0],), outside[0]))
    if above is not None and prove(above[0], given) is None:
        inside.append(above[0])
        found.append(((above[1],), outside[1]))
    return [(tuple(inside), closed), *_strict(found, below, above)]


def _strict(
    found: list[tuple[tuple[Boolean, ...], Expr]],
    below: tuple[Boolean, Boolean] | None,
    above: tuple[Boolean, Boolean] | None,
) -> list[tuple[tuple[Boolean, ...], Expr]]:
    """Make the outer pieces open, so that each choice lies in one piece."""
    opened = {}
    for pair, weak in ((below, 0), (above, 1)):
        if pair is not None and isinstance(pair[weak], Relational):
            opened[pair[weak]] = ~pair[1 - weak]
    return [(tuple(opened.get(relation, relation) for relation in where), value) for where, value in found]


def _ordered(cut: Expr, end: Expr, given: tuple[Boolean, ...]) -> tuple[Boolean, Boolean]:
    """``(cut <= end, cut >= end)``, cleared of a denominator whose sign is proved."""
    top, bottom = cut.as_numer_denom()
    direction = sign(bottom, given, prove)
    if direction == 1:
        return top <= end * bottom, top >= end * bottom
    if direction == -1:
        return top >= end * bottom, top <= end * bottom
    return cut <= end, cut >= end
