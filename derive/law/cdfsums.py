"""Conditions that contain a cdf at several arguments: sums with coefficients of one sign, which fall because each cdf rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Add, Dummy, Expr, Integer, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.field import derivative, normal
from derive.inverse import CdfTerm
from derive.ir import GeneralDistribution
from derive.prove import prove
from derive.shocks import Cdf, LawFunction, support

__all__ = ["FallingSum", "falling_sum"]


@dataclass(frozen=True)
class FallingSum:
    """``constant`` and the sum of the terms, the first of which is the cdf of the quantity itself, on the support of its law.

    `certificates` prove that the coefficient of the first term is negative, then for each other one that its coefficient is not
    positive and that its argument rises. `limits` are the values at the ends; the second is at most `ceiling`.
    """

    law: GeneralDistribution
    core: Expr
    constant: Expr
    terms: tuple[CdfTerm, ...]
    limits: tuple[Expr, Expr]
    ceiling: Expr
    certificates: tuple[Certificate | None, ...]


def falling_sum(core: Expr, z: Symbol, laws: Sequence[GeneralDistribution], given: tuple[Boolean, ...]) -> FallingSum | None:
    """The condition so read; None where it has another form, or the signs are not proved."""
    nodes = sorted((n for n in core.atoms(LawFunction) if z in n.free_symbols), key=lambda n: (n.argument != z, str(n)))
    known = {law.cdf: law for law in laws}
    if not nodes or any(not isinstance(n, Cdf) or n.law not in known for n in nodes) or nodes[0].argument != z:
        return None
    marks = {node: Dummy(real=True) for node in nodes}
    marked = core.xreplace(marks)
    constant = normal(marked.xreplace(dict.fromkeys(marks.values(), Integer(0))))
    terms = tuple(CdfTerm(derivative(marked, mark), node.law, node.argument) for node, mark in marks.items())
    moving = {z, *marks.values()}
    if any(moving & part.free_symbols for part in (constant, *(t.coefficient for t in terms))):
        return None
    certificates = _signs(terms, z, given)
    if certificates is None:
        return None
    law = known[terms[0].law]
    own = constant + Add(*(t.coefficient * Cdf(t.law, t.argument) for t in terms))
    ends = tuple(_at(end, value, constant, terms, known, z) for end, value in zip(support(law), (0, 1), strict=True))
    return FallingSum(law, own, constant, terms, (ends[0], ends[1]), normal(constant + terms[0].coefficient), certificates)


def _signs(terms: Sequence[CdfTerm], z: Symbol, given: tuple[Boolean, ...]) -> tuple[Certificate | None, ...] | None:
    claims: list[Boolean] = []
    for place, term in enumerate(terms):
        slope = derivative(term.argument, z)
        if z in slope.free_symbols:
            return None
        claims += [term.coefficient < 0] if place == 0 else [term.coefficient <= 0, slope > 0]
    found = [None if claim == true else prove(claim, given) for claim in claims]
    return None if any(one is None and claim != true for one, claim in zip(found, claims, strict=True)) else tuple(found)


def _at(
    end: Expr, own: int, constant: Expr, terms: Sequence[CdfTerm], laws: Mapping[str, GeneralDistribution], z: Symbol
) -> Expr:
    """The value at an end of the support, at which the first cdf is `own`."""
    total = constant + own * terms[0].coefficient
    for term in terms[1:]:
        slope, rest = term.argument.diff(z), term.argument.xreplace({z: Integer(0)})
        place = end if end.is_infinite else normal(slope * end + rest)
        low, high = support(laws[term.law])
        value: Expr = Integer(0) if place == low else Integer(1) if place == high else Cdf(term.law, place)
        total += term.coefficient * value
    return normal(total)
