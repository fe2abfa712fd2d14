"""Sets of choices given by equations and inequalities: solved for as many choices as possible, the others free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Eq, Expr, Symbol
from sympy.core.relational import StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import Boolean

from derive.algebra.systems import nonzero
from derive.decision.bounds import interval
from derive.decision.problem import needed, relation_at, restriction, unique
from derive.decision.regions import Region, closed, emptiness
from derive.decision.seams import solved
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.prove import prove
from derive.steps import Elimination


@dataclass(frozen=True)
class Family:
    """On `region` (of the parameters): `values` of some choices in terms of the `free` ones, which satisfy `among`."""

    region: Region
    values: tuple[tuple[Symbol, Expr], ...]
    free: tuple[Symbol, ...]
    among: Region
    trail: tuple[Elimination, ...] = ()

    def at(self, symbol: Symbol) -> Expr:
        """A choice in terms of parameters and free choices."""
        return dict(self.values).get(symbol, symbol)


def families(
    equations: Sequence[Expr], relations: Iterable[Boolean], unknowns: Sequence[Symbol], given: Region
) -> tuple[Family, ...]:
    """Everything that satisfies ``equations = 0`` and `relations`, as families that together are all of it.

    Raises Refusal where an equation is not linear in an unknown, or a relation not solved for a free one.
    """
    relations = unique(relations)
    trail, left = _eliminated(equations, tuple(unknowns), (*given, *relations))
    values: dict[Symbol, Expr] = {}
    for step in reversed(trail):
        values[step.unknown] = normal(step.value.xreplace(values))
    ties = tuple(Eq(normal(equation), 0) for equation in left)
    free = tuple(u for u in unknowns if u not in values)
    start = Family(unique((*ties, *(relation_at(r, values) for r in relations))), tuple(values.items()), (), (), trail)
    return tuple(family for found in _free(start, free, given) for family in _ordered(found, unknowns, given))


def _ordered(family: Family, unknowns: Sequence[Symbol], given: Region) -> tuple[Family, ...]:
    if sympy.false in family.region or emptiness(family.region, given) is not None:
        return ()
    values = dict(family.values)
    ordered = tuple((u, values[u]) for u in unknowns if u in values)
    return (replace(family, region=needed(family.region, given), values=ordered),)


# --- equations -------------------------------------------------------------------------------------------------------------


def _eliminated(
    equations: Sequence[Expr], unknowns: tuple[Symbol, ...], given: Region
) -> tuple[tuple[Elimination, ...], list[Expr]]:
    """The eliminations, and what is left of the equations: relations between parameters."""
    trail: list[Elimination] = []
    left: list[Expr] = []
    pending = [normal(e) for e in equations]
    while pending:
        equation = next((e for e in pending if e == 0 or not e.free_symbols & set(unknowns)), None)
        if equation is not None:
            pending.remove(equation)
            left += [equation] if equation != 0 else []
            continue
        step = next(filter(None, (_solved_for(e, u, given) for e in pending for u in unknowns)), None)
        if step is None:
            raise Refusal(f"{'; '.join(map(str, pending))} are not solved for the choices")
        pending = [normal(e.xreplace({step.unknown: step.value})) for e in pending if e != step.equation]
        given = unique(relation_at(r, {step.unknown: step.value}) if step.unknown in r.free_symbols else r for r in given)
        unknowns = tuple(u for u in unknowns if u != step.unknown)
        trail.append(step)
    return tuple(trail), left


def _solved_for(equation: Expr, unknown: Symbol, given: Region) -> Elimination | None:
    parts = coefficients(equation, unknown)
    if parts is None or len(parts) != 2:
        return None
    rest, lead = parts
    certificate = None if lead.is_Rational else nonzero(lead, given)
    if certificate is None and not lead.is_Rational:
        return None
    return Elimination(
        unknown=unknown,
        equation=equation,
        factor=lead * unknown + rest,
        lead=lead,
        value=normal(-rest / lead),
        nonzero=certificate,
    )


# --- what stays free -------------------------------------------------------------------------------------------------------


def _free(family: Family, free: tuple[Symbol, ...], given: Region) -> tuple[Family, ...]:
    """The family with its relations divided into those of the parameters and those of the free choices."""
    if not free:
        return (family,)
    variable, *later = free
    ways: list[Region] = [()]
    for relation in family.region:
        if variable in relation.free_symbols and not isinstance(relation, Eq):
            bounds = solved(relation, variable, (*given, *(r for r in family.region if r != relation)))
        else:
            bounds = ((relation,),)
        ways = [unique((*way, *more)) for way in ways for more in bounds]
    return tuple(found for way in ways for found in _one_free(replace(family, region=way), variable, tuple(later), given))


def _one_free(family: Family, variable: Symbol, later: tuple[Symbol, ...], given: Region) -> tuple[Family, ...]:
    own = tuple(restriction("", r) for r in family.region if variable in r.free_symbols and not isinstance(r, Eq))
    rest = tuple(r for r in family.region if variable not in r.free_symbols)
    if len(own) + len(rest) < len(family.region):
        raise Refusal("an equation with a free choice is left", symbol=str(variable))
    bounds = interval(variable, own, (*given, *family.region))
    gaps: list[Boolean] = []
    for low in bounds.lower:
        for high in bounds.upper:
            gap = normal(high.value - low.value)
            tight = prove(gap <= 0, (*given, *rest)) is not None if gap != 0 else True
            if tight and not (low.strict or high.strict):
                return _pinned(family, variable, low.value, later, given)
            gaps.append(gap > 0 if low.strict or high.strict else gap >= 0)
    among = needed((r.relation for r in own), (*given, *rest))
    kept = replace(
        family,
        region=unique((*rest, *gaps)),
        free=(*family.free, variable),
        among=unique((*family.among, *among)),
    )
    return _free(kept, later, given)


def _pinned(family: Family, variable: Symbol, value: Expr, later: tuple[Symbol, ...], given: Region) -> tuple[Family, ...]:
    """The bounds on a choice leave one value."""
    at = {variable: value}
    fixed = replace(
        family,
        region=unique(relation_at(r, at) for r in family.region),
        among=unique(relation_at(r, at) for r in family.among),
        values=(*((s, normal(v.xreplace(at))) for s, v in family.values), (variable, value)),
    )
    return _free(fixed, later, given)


# --- one family against another --------------------------------------------------------------------------------------------


def contains(outer: Family, inner: Family, given: Region) -> bool:
    """Whether every member of `inner` is one of `outer`, wherever `given` and the region of `inner` hold."""
    known = unique((*given, *inner.region, *inner.among))
    symbols = (*dict(inner.values), *inner.free)
    chosen = {symbol: inner.at(symbol) for symbol in symbols}
    for symbol, value in outer.values:
        gap = normal(chosen[symbol] - value.xreplace({s: chosen[s] for s in outer.free}))
        if gap != 0 and (gap.is_Rational or prove(Eq(gap, 0), known) is None):
            return False
    relations = (*outer.region, *(relation_at(r, {s: chosen[s] for s in outer.free}) for r in outer.among))
    return all(r == sympy.true or (r != sympy.false and prove(r, known) is not None) for r in relations)


def closed_with(open_family: Family, end: Family, given: Region) -> Family | None:
    """The first family with one of its strict bounds made weak, if that adds just `end` to it; None if it does not."""
    for relation in open_family.among:
        if not isinstance(relation, StrictGreaterThan | StrictLessThan):
            continue
        wider = replace(open_family, among=tuple(closed(r) if r == relation else r for r in open_family.among))
        edge = Eq(relation.lhs, relation.rhs)
        if contains(wider, end, given) and contains(end, replace(wider, among=unique((*wider.among, edge))), given):
            return wider
    return None
