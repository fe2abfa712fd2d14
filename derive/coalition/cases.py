"""Worths stated with ``Max``, ``Min`` or ``Piecewise``: regions of the parameters on which they are plain expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr
from sympy.logic.boolalg import And, Boolean

from derive.coalition.linear import Form, forms, implied, infeasible, negation, read, tidy

__all__ = ["Branch", "branches", "implies", "kinked", "merge", "possible", "prune", "remainder", "resolve"]

Piece = tuple[tuple[Boolean, ...], tuple[Expr, ...]]
_KINKED = (sympy.Max, sympy.Min, sympy.Piecewise, sympy.Abs)


@dataclass(frozen=True)
class Branch:
    """On `region` (beyond the assumptions) the expressions equal `values`, which are free of kinks.

    `choices` tell how: each kink, the value it takes, and the comparisons that make it so.
    """

    region: tuple[Boolean, ...]
    values: tuple[Expr, ...]
    choices: tuple[tuple[Expr, Expr, tuple[Boolean, ...]], ...] = ()


def kinked(expression: Expr) -> bool:
    """Whether the expression still has a Max, Min, Abs or Piecewise in it."""
    return bool(expression.has(*_KINKED))


def resolve(expressions: tuple[Expr, ...], assumptions: tuple[Boolean, ...]) -> tuple[Branch, ...]:
    """Disjoint regions covering the assumptions, and the expressions on each, free of kinks.

    A region lists only what the assumptions do not already imply. Branches shown to be empty are left out.
    """
    return tuple(branches(expressions, assumptions))


def branches(expressions: tuple[Expr, ...], assumptions: tuple[Boolean, ...]) -> Iterator[Branch]:
    """The same one by one, for those who stop when there are too many."""
    for branch in _split(Branch((), expressions), assumptions):
        yield Branch(prune(branch.region, assumptions), branch.values, branch.choices)


def _split(branch: Branch, assumptions: tuple[Boolean, ...]) -> Iterator[Branch]:
    kink = _innermost(branch.values)
    if kink is None:
        yield Branch(branch.region, tuple(sympy.expand(value) for value in branch.values), branch.choices)
        return
    for conditions, value in _reduced(kink, (*assumptions, *branch.region)):
        added = tuple(one for one in conditions if not implies((*assumptions, *branch.region), one))
        region = (*branch.region, *added)
        if not possible((*assumptions, *region)):
            continue
        replaced = tuple(expression.xreplace({kink: value}) for expression in branch.values)
        yield from _split(Branch(region, replaced, (*branch.choices, (kink, value, conditions))), assumptions)


def _innermost(expressions: tuple[Expr, ...]) -> Expr | None:
    found = sorted(set().union(*(expression.atoms(*_KINKED) for expression in expressions)), key=sympy.default_sort_key)
    return next((one for one in found if not any(argument.has(*_KINKED) for argument in one.args)), None)


def _reduced(kink: Expr, given: tuple[Boolean, ...]) -> Iterator[tuple[tuple[Boolean, ...], Expr]]:
    """The pieces of a kink; arguments of Max and Min that another one dominates throughout get no piece of their own."""
    if isinstance(kink, sympy.Piecewise):
        yield from _exclusive(kink, given)
        return
    if isinstance(kink, sympy.Abs):
        inner = kink.args[0]
        yield (tidy(inner),), inner
        yield (tidy(-inner, strict=True),), -inner
        return
    sign = 1 if isinstance(kink, sympy.Max) else -1
    kept = sorted(kink.args, key=sympy.default_sort_key)
    for argument in tuple(kept):
        if any(implies(given, tidy(sign * (other - argument))) for other in kept if other is not argument):
            kept.remove(argument)
    for i, winner in enumerate(kept):
        ahead = tuple(tidy(sign * (winner - other), strict=True) for other in kept[:i])
        behind = tuple(tidy(sign * (winner - other)) for other in kink.args if other not in kept[:i] and other != winner)
        yield (*ahead, *behind), winner


def _exclusive(kink: Expr, given: tuple[Boolean, ...]) -> Iterator[tuple[tuple[Boolean, ...], Expr]]:
    """The branches of a Piecewise, each with what excludes the earlier ones."""
    earlier: list[tuple[Boolean, ...]] = []
    for value, condition in kink.args:
        parts = tuple(part for part in _parts(condition) if part != sympy.true)
        excluded = []
        for before in earlier:
            denials = [part.negated for part in before if part.rel_op not in ("==", "!=")]
            apart = next((one for one in denials if implies((*given, *parts), one)), None)
            excluded.append(apart if apart is not None else sympy.Or(*(sympy.Not(part) for part in before)))
        yield (*parts, *excluded), value
        earlier.append(parts)


def _parts(condition: Boolean) -> tuple[Boolean, ...]:
    return condition.args if isinstance(condition, And) else (condition,)


def implies(region: tuple[Boolean, ...], relation: Boolean) -> bool:
    """Whether multipliers prove that the relation holds throughout the region."""
    if relation == sympy.true:
        return True
    goal = read(relation)
    system = _readable(region)
    return goal is not None and implied(system, goal)


def possible(region: tuple[Boolean, ...]) -> bool:
    """False only when multipliers prove the region empty."""
    if sympy.false in region:
        return False
    return not infeasible(_readable(region))


def _readable(region: tuple[Boolean, ...]) -> tuple[Form, ...]:
    found: list[Form] = []
    for relation in region:
        one = forms((relation,))
        if one is not None:
            found += one
    return tuple(found)


def prune(region: tuple[Boolean, ...], assumptions: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The region without the relations that the assumptions and the other relations imply."""
    kept = list(dict.fromkeys(region))
    for relation in tuple(kept):
        others = tuple(one for one in kept if one is not relation)
        if implies((*assumptions, *others), relation):
            kept.remove(relation)
    return tuple(kept)


def remainder(base: tuple[Form, ...], regions: tuple[tuple[Form, ...], ...]) -> Iterator[tuple[Form, ...]]:
    """Systems, none refuted, whose union is what `base` leaves when the regions are taken away."""
    if infeasible(base):
        return
    if not regions:
        yield base
        return
    first, rest = regions[0], regions[1:]
    inside = base
    for relation in first:
        for other in negation(relation):
            yield from remainder((*inside, other), rest)
        inside = (*inside, relation)


def merge(branches: tuple[Piece, ...], assumptions: tuple[Boolean, ...]) -> tuple[Piece, ...]:
    """Neighbouring regions with the same values united where their union is again one conjunction of relations."""
    merged = list(branches)
    changed = True
    while changed:
        changed = False
        for i in range(len(merged)):
            for j in range(i + 1, len(merged)):
                union = _union(merged[i][0], merged[j][0], assumptions) if merged[i][1] == merged[j][1] else None
                if union is not None:
                    merged[i] = (union, merged[i][1])
                    del merged[j]
                    changed = True
                    break
            if changed:
                break
    return tuple(merged)


def _union(
    first: tuple[Boolean, ...], second: tuple[Boolean, ...], assumptions: tuple[Boolean, ...]
) -> tuple[Boolean, ...] | None:
    """The relations of either region that hold on both, if they describe exactly the union."""
    common = [one for one in first if implies((*assumptions, *second), one)]
    common += [one for one in second if implies((*assumptions, *first), one)]
    outer, parts, base = forms(tuple(common)), [forms(first), forms(second)], forms(assumptions)
    if outer is None or base is None or parts[0] is None or parts[1] is None:
        return None
    if any(True for _ in remainder((*base, *outer), (parts[0], parts[1]))):
        return None
    return prune(tuple(common), assumptions)
