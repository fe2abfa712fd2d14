"""Payoffs by cases: `Piecewise`, `Max`, `Min` and `Abs` opened into smooth branches, each with the region on which it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sympy
from sympy import Abs, Eq, Expr, Max, Min, Ne, Piecewise, Symbol
from sympy.core.relational import Relational, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.algebra.shape import readable, without_moduli
from derive.decision.problem import needed, relation_at, unique
from derive.decision.regions import Region, emptiness, implied, opposites
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.kernels import kernels
from derive.prove import prove

KINDS = (Piecewise, Max, Min, Abs)
# Branches of one payoff; more come from a statement that is better written otherwise.
MOST = 40


@dataclass(frozen=True)
class Branch:
    """On `region` the payoff is `value`, which is smooth."""

    region: Region
    value: Expr


def is_smooth(expr: Expr) -> bool:
    """Whether the expression has no cases."""
    return not any(isinstance(node, KINDS) for node in kernels(expr))


def plain(expr: Expr) -> Expr:
    """The normal form of a smooth expression; one with cases as it stands."""
    return normal(expr) if is_smooth(expr) else expr


def branch_at(expr: Expr, values: dict[Symbol, Expr], given: Region) -> Expr:
    """The case of an expression that applies wherever choices have those `values`, or that others pass into without a jump.

    Raises Refusal if there is none.
    """
    if is_smooth(expr):
        return expr
    atoms = sorted((a for a in expr.atoms(*KINDS) if all(is_smooth(part) for part in _parts(a))), key=sympy.default_sort_key)
    cases = tuple(_cases(atoms[0]))
    for where, value in cases:
        left = [relation for relation in where if not _holds(relation, values, given)]
        others = tuple(case for case in cases if case != (where, value))
        if not left or (len(left) == 1 and _passes(left[0], value, others, values, given)):
            return branch_at(expr.xreplace({atoms[0]: value}), values, given)
    raise Refusal(f"no single case of {atoms[0]} applies at the equilibrium")


def _holds(relation: Boolean, values: dict[Symbol, Expr], given: Region) -> bool:
    placed = relation_at(relation, values)
    if isinstance(placed, Relational):
        placed = placed.func(*(without_moduli(side, given) for side in placed.args))
    return bool(placed == sympy.true) or (placed != sympy.false and prove(placed, given) is not None)


def _fails(relation: Boolean, values: dict[Symbol, Expr], given: Region) -> bool:
    return isinstance(relation, Relational) and not isinstance(relation, Eq) and _holds(relation.negated, values, given)


def _passes(relation: Boolean, value: Expr, others: Iterable[tuple[Region, Expr]], values: dict[Symbol, Expr], given: Region) -> bool:
    """Whether a strict relation holds at least weakly, and the other cases that are possible have that value where it does not."""
    if not isinstance(relation, StrictGreaterThan | StrictLessThan) or not _holds(relation.gts >= relation.lts, values, given):
        return False
    gap = relation.gts - relation.lts
    possible = (other for where, other in others if not any(_fails(part, values, given) for part in where))
    return all(_equal_where_zero(normal(other - value), gap) for other in possible)


def _equal_where_zero(difference: Expr, gap: Expr) -> bool:
    """Whether a difference is shown to vanish wherever a gap does, which is linear in some symbol."""
    for symbol in sorted(gap.free_symbols, key=sympy.default_sort_key):
        parts = coefficients(gap, symbol)
        if parts is not None and len(parts) == 2 and parts[1].is_Rational:
            return normal(difference.xreplace({symbol: -parts[0] / parts[1]})) == 0
    return False


def branches(expr: Expr, given: Region) -> tuple[Branch, ...]:
    """The cases of an expression, disjoint and together all of `given`; cases proved empty are left out."""
    return _together(tuple(_opened(expr, (), given)), given)


def _opened(expr: Expr, region: Region, given: Region) -> Iterator[Branch]:
    atoms = sorted((a for a in expr.atoms(*KINDS) if all(is_smooth(part) for part in _parts(a))), key=sympy.default_sort_key)
    if not atoms:
        yield Branch(unique(readable(r, given) for r in needed(region, given)), normal(expr))
        return
    alone = _whichever_borders(atoms[0], unique((*given, *region)))
    for where, value in ((((), alone),) if alone is not None else _cases(atoms[0])):
        here = unique((*region, *where))
        if sympy.false not in here and emptiness(here, given) is None:
            yield from _opened(expr.xreplace({atoms[0]: value}), here, given)


def _whichever_borders(atom: Expr, known: Region) -> Expr | None:
    """The one argument that is the value throughout, be it as large as others on a border; None if there is none."""
    if isinstance(atom, Piecewise):
        return None
    ends = (atom.args[0], -atom.args[0]) if isinstance(atom, Abs) else atom.args
    sign = -1 if isinstance(atom, Min) else 1
    gaps = {end: [relation_at(normal(sign * (end - other)) >= 0, {}) for other in ends if other != end] for end in ends}
    return next((end for end in ends if all(relation == sympy.true or implied(relation, known) for relation in gaps[end])), None)


def _parts(atom: Expr) -> tuple[Expr, ...]:
    """The expressions inside an atom, those in the conditions of its cases included."""
    if isinstance(atom, Piecewise):
        sides = [side for _, c in atom.args for r in c.atoms(Relational) for side in r.args]
        return (*(value for value, _ in atom.args), *sides)
    return tuple(atom.args)


def _cases(atom: Expr) -> Iterator[tuple[Region, Expr]]:
    """Disjoint regions that cover everything, and the atom's value on each."""
    if isinstance(atom, Piecewise):
        before: list[Region] = [()]
        for value, condition in atom.args:
            for start in before:
                for cell in _cells(condition):
                    yield unique((*start, *cell)), value
            before = [unique((*start, *cell)) for start in before for cell in _cells(Not(condition))]
            if condition == sympy.true:
                return
        raise Refusal(f"{atom} has no value everywhere: give its last case the condition True")
    if isinstance(atom, Abs):
        (inner,) = atom.args
        yield (relation_at(inner >= 0, {}),), inner
        yield (relation_at(inner < 0, {}),), -inner
        return
    for place, argument in enumerate(atom.args):
        where = []
        for other_place, other in enumerate(atom.args):
            if other_place != place:
                gap = normal(argument - other if isinstance(atom, Max) else other - argument)
                where.append(gap > 0 if other_place < place else gap >= 0)
        yield unique(where), argument


def _cells(condition: Boolean) -> tuple[Region, ...]:
    """A condition as disjoint conjunctions of inequalities and equations."""
    if condition == sympy.true:
        return ((),)
    if condition == sympy.false:
        return ()
    if isinstance(condition, Relational):
        return tuple((relation_at(part, {}),) for part in _without_ne(condition))
    if isinstance(condition, And):
        found: tuple[Region, ...] = ((),)
        for part in condition.args:
            found = tuple(unique((*cell, *more)) for cell in found for more in _cells(part))
        return found
    if isinstance(condition, Or):
        first, *rest = condition.args
        others = _cells(Or(*rest))
        return (*_cells(first), *(unique((*cell, *more)) for cell in _cells(Not(first)) for more in others))
    if isinstance(condition, Not):
        inner = condition.args[0]
        if isinstance(inner, And | Or):
            turned = (Or if isinstance(inner, And) else And)(*(Not(part) for part in inner.args))
            return _cells(turned)
        if isinstance(inner, Relational):
            return _cells(inner.negated)
    raise Refusal(f"the condition {condition} is not made of relations")


def _without_ne(relation: Relational) -> tuple[Boolean, ...]:
    return opposites(Eq(*relation.args, evaluate=False)) if isinstance(relation, Ne) else (relation,)


def _together(found: tuple[Branch, ...], given: Region) -> tuple[Branch, ...]:
    """Branches of equal value whose regions differ in one relation and its opposite are one."""
    kept = list(found)
    if len(kept) > MOST:
        raise Refusal(f"a payoff has {len(kept)} cases, more than the {MOST} that are looked at")
    again = True
    while again:
        again = False
        for i, first in enumerate(kept):
            for j, second in enumerate(kept[i + 1 :], i + 1):
                region = _union(first.region, second.region, given) if first.value == second.value else None
                if region is not None:
                    kept[i], again = Branch(region, first.value), True
                    del kept[j]
                    break
            if again:
                break
    return tuple(kept)


def _union(first: Region, second: Region, given: Region) -> Region | None:
    mine, theirs = [r for r in first if r not in second], [r for r in second if r not in first]
    common = tuple(r for r in first if r in second)
    if not mine or not theirs:
        return common
    if len(mine) == len(theirs) == 1 and isinstance(mine[0], Relational) and theirs[0] in opposites(mine[0]):
        return common if len(opposites(mine[0])) == 1 else None
    if len(mine) == len(theirs) == 1 and not (isinstance(mine[0], Eq) or isinstance(theirs[0], Eq)):
        return common if emptiness((mine[0].negated, theirs[0].negated), (*given, *common)) is not None else None
    return None
