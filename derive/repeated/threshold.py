"""Incentive conditions ``core >= 0`` turned into conditions on the discount factor: bounds, roots, conditions on parameters."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Ge, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import balanced
from derive.certificates import Certificate
from derive.field import is_zero
from derive.prove.relations import compared
from derive.repeated.signs import proved, sign_of, split, tidy
from derive.repeated.steps import LinearThreshold, SignChangeRoot
from derive.steps import Sign, Step

__all__ = ["Condition", "condition", "larger", "merged"]


@dataclass(frozen=True)
class Condition:
    """What one core requires. `kind`: always, never, lower, upper, equal, parameter, root (above a root) or raw."""

    kind: str
    relation: Boolean
    bound: Expr | None
    steps: tuple[Step, ...]
    core: Expr
    needs: Boolean | None = None


def condition(core: Expr, variable: Symbol, root: Symbol, given: tuple[Boolean, ...], label: str) -> Condition:
    """What ``core >= 0`` requires of `variable` in (0, 1) and of the parameters, on `given`."""
    settled = _settled(core, given, label)
    if settled is not None:
        return settled
    poly = sympy.Poly(core, variable)
    if poly.degree() <= 0:
        return Condition("parameter", balanced(core, ">="), None, (), core)
    if poly.degree() == 1:
        return _linear(core, poly, variable, given, label)
    return _sign_change(core, poly, variable, root, given, label)


def _settled(core: Expr, given: tuple[Boolean, ...], label: str) -> Condition | None:
    if core.is_number:
        holds = bool(core >= 0)
        return Condition("always" if holds else "never", sympy.true if holds else sympy.false, None, (), core)
    for claim, kind in ((compared(core, ">="), "always"), (compared(core, "<"), "never")):
        certificate = proved(claim, given)
        if certificate is not None:
            step = Sign(label=f"{label}.sign", relation=claim, certificate=certificate)
            return Condition(kind, sympy.true if kind == "always" else sympy.false, None, (step,), core)
    return None


def _linear(core: Expr, poly: sympy.Poly, variable: Symbol, given: tuple[Boolean, ...], label: str) -> Condition:
    slope, rest = poly.all_coeffs()
    known = sign_of(slope, given)
    if known is None:
        return Condition("raw", balanced(core, ">="), None, (), core)
    bound = tidy(-rest / slope, given)
    relation = compared(variable, ">=" if known[0] > 0 else "<=", bound)
    step = LinearThreshold(
        label=f"{label}.bound",
        variable=variable,
        core=core,
        condition=compared(core, ">="),
        slope=slope,
        bound=bound,
        relation=relation,
        certificate=known[1],
    )
    return Condition("lower" if known[0] > 0 else "upper", relation, bound, (step,), core)


def _sign_change(
    core: Expr, poly: sympy.Poly, variable: Symbol, root: Symbol, given: tuple[Boolean, ...], label: str
) -> Condition:
    coefficients = tuple(reversed(poly.all_coeffs()))
    raw = Condition("raw", Ge(core, 0), None, (), core)
    signs: list[tuple[int, object]] = []
    for coefficient in coefficients:
        known = sign_of(coefficient, given)
        if known is None:
            return raw
        if known[0]:
            signs.append(known)
    changes = sum(before[0] != after[0] for before, after in itertools.pairwise(signs))
    if changes != 1 or signs[-1][0] < 0:
        return raw
    at_one = sympy.factor(core.subs(variable, 1))
    step = SignChangeRoot(
        label=f"{label}.root",
        variable=variable,
        core=core,
        root=root,
        coefficients=coefficients,
        certificates=tuple(certificate for _, certificate in signs),  # type: ignore[misc]
        sign=1,
        at_one=at_one,
    )
    parts = split(at_one, given)
    needs: Boolean | None = balanced(parts.core, ">") if not parts.core.is_number else sympy.sympify(parts.core > 0)
    extra: tuple[Step, ...] = ()
    if needs == sympy.false:
        return Condition("never", sympy.false, None, (step,), core)
    if needs != sympy.true:
        certificate = proved(needs, given)
        if certificate is not None:
            extra = (Sign(label=f"{label}.below_one", relation=needs, certificate=certificate),)
            needs = sympy.true
    return Condition("root", Ge(variable, root), None, (step, *extra), core, None if needs == sympy.true else needs)


def merged(found: tuple[Condition, ...], variable: Symbol, given: tuple[Boolean, ...], label: str) -> tuple[Condition, ...]:
    """The same requirement with equal conditions once, opposite bounds joined to an equation, and implied bounds left out."""
    distinct: list[Condition] = []
    for item in found:
        if all((item.relation, item.kind) != (other.relation, other.kind) or item.core != other.core for other in distinct):
            distinct.append(item)
    lowers = [item for item in distinct if item.kind == "lower"]
    uppers = [item for item in distinct if item.kind == "upper"]
    rest = [item for item in distinct if item.kind not in ("lower", "upper")]
    equal: list[Condition] = []
    for low in list(lowers):
        for high in list(uppers):
            assert low.bound is not None
            assert high.bound is not None
            if low in lowers and is_zero(low.bound - high.bound):
                lowers.remove(low)
                uppers.remove(high)
                steps = low.steps + high.steps
                equal.append(Condition("equal", compared(variable, "=", low.bound), low.bound, steps, low.core))
    if equal:
        return (*_at_value(equal, lowers + uppers, rest, variable, given, label), equal[0])
    lowers = _strongest(_once(lowers), given, f"{label}.lower", 1)
    rest = _without_implied(rest, variable, given, f"{label}.root")
    roots = [item for item in rest if item.kind == "root"]
    lowers, roots = _root_or_bound(lowers, roots, variable, given, f"{label}.root_or_bound")
    rest = [item for item in rest if item.kind != "root"]
    unsolved = any(item.kind == "raw" for item in rest)
    if roots and (unsolved or (len(roots) + len(lowers) > 1 and larger(lowers + roots, variable, given) is None)):
        rest += [Condition("raw", Ge(item.core, 0), None, (), item.core) for item in roots]
        roots = []
    return (*rest, *roots, *lowers, *_strongest(_once(uppers), given, f"{label}.upper", -1))


def larger(begins: list[Condition], variable: Symbol, given: tuple[Boolean, ...]) -> Boolean | None:
    """Of two conditions that hold from a bound or a root on: where the first begins no lower. None if no relation between parameters
    says so.

    A root is no lower than a positive bound where its core is not positive there, and no lower than another root where its core is
    nowhere the larger one.
    """
    if len(begins) != 2:
        return None
    one, two = begins
    if one.bound is not None and two.bound is not None:
        return balanced(split(one.bound - two.bound, given).core, ">=")
    if one.bound is not None or two.bound is not None:
        bound, core = (one.bound, two.core) if one.bound is not None else (two.bound, one.core)
        known = sign_of(bound, given)
        if known is None or known[0] <= 0:
            return None
        return balanced(split(core.subs(variable, bound), given).core, ">=" if one.bound is not None else "<=")
    difference = split(_excess(two, one, variable), given).core
    return None if variable in difference.free_symbols else balanced(difference, ">=")


def _once(bounds: list[Condition]) -> list[Condition]:
    """Bounds that different cores lead to, each once."""
    return list({item.relation: item for item in reversed(bounds)}.values())[::-1]


def _joined(kept: Condition, dropped: Condition, claim: Boolean, certificate: Certificate | None, label: str) -> Condition:
    """The condition kept, with the steps of the one that it implies and the proof that it does, where numbers do not say so."""
    steps = (*kept.steps, *dropped.steps)
    if certificate is not None:
        steps = (*steps, Sign(label=f"{label}.{len(steps)}", relation=claim, certificate=certificate))
    return replace(kept, steps=steps)


def _without_implied(found: list[Condition], variable: Symbol, given: tuple[Boolean, ...], label: str) -> list[Condition]:
    """The conditions without those with a root or unsolved that another such condition implies: one whose core is nowhere larger."""
    kept = list(found)
    for weak in found:
        for index, strong in enumerate(kept):
            if strong.core == weak.core or not {weak.kind, strong.kind} <= {"root", "raw"}:
                continue
            claim = Ge(_excess(weak, strong, variable), 0)
            certificate = proved(claim, given)
            if claim != sympy.true and certificate is None:
                continue
            if certificate is not None:
                step = Sign(label=f"{label}.{len(strong.steps)}", relation=claim, certificate=certificate)
                kept[index] = replace(strong, steps=(*strong.steps, step))
            kept = [item for item in kept if item.core != weak.core]
            break
    return kept


def _excess(one: Condition, two: Condition, variable: Symbol) -> Expr:
    """What the first core has over the second, which is scaled so that neither has anything over the other where a number does that."""
    scale = sympy.cancel(one.core.subs(variable, 0) / two.core.subs(variable, 0))
    return sympy.expand(one.core - (scale if scale.is_positive else Integer(1)) * two.core)


def _root_or_bound(
    lowers: list[Condition], roots: list[Condition], variable: Symbol, given: tuple[Boolean, ...], label: str
) -> tuple[list[Condition], list[Condition]]:
    """A bound below the root is implied by it, and the other way round: the sign of the core at the bound tells which."""
    for low in list(lowers):
        for item in list(roots):
            value = split(item.core.subs(variable, low.bound), given).core
            for claim, below in ((sympy.Le(value, 0), True), (Ge(value, 0), False)):
                certificate = proved(claim, given)
                if certificate is None and claim != sympy.true:
                    continue
                if below:
                    lowers.remove(low)
                    roots[roots.index(item)] = _joined(item, low, claim, certificate, label)
                else:
                    roots.remove(item)
                    lowers[lowers.index(low)] = _joined(low, item, claim, certificate, label)
                break
            if low not in lowers:
                break
    return lowers, roots


def _at_value(
    equal: list[Condition],
    bounds: list[Condition],
    rest: list[Condition],
    variable: Symbol,
    given: tuple[Boolean, ...],
    label: str,
) -> tuple[Condition, ...]:
    """The other conditions once the variable is known to equal the first equation's value: conditions on parameters."""
    value = equal[0].bound
    assert value is not None
    made: list[Condition] = []
    for number, item in enumerate([*equal[1:], *bounds, *rest]):
        if item.kind == "parameter" or item.kind in ("never", "always"):
            made.append(item)
            continue
        parts = split(item.core.subs(variable, value), given)
        relation = balanced(parts.core, "==" if item.kind == "equal" else ">=")
        if relation == sympy.true:
            continue
        settled = None if item.kind == "equal" else _settled(parts.core, given, f"{label}.at_value.{number}")
        made.append(settled or Condition("parameter", relation, None, item.steps, parts.core))
    return tuple(made)


def _strongest(bounds: list[Condition], given: tuple[Boolean, ...], label: str, direction: int) -> list[Condition]:
    """The bounds that no other bound implies; the proof that one is implied joins the steps of the one kept."""
    kept = list(bounds)
    for weak in bounds:
        for index, strong in enumerate(kept):
            if weak.relation == strong.relation or all(weak.relation != item.relation for item in kept):
                continue
            assert weak.bound is not None
            assert strong.bound is not None
            claim = compared(strong.bound, ">=" if direction > 0 else "<=", weak.bound)
            certificate = proved(claim, given) if claim not in (sympy.true, sympy.false) else None
            if certificate is None and claim != sympy.true:
                continue
            if certificate is not None:
                kept[index] = _joined(strong, weak, claim, certificate, label)
            kept = [item for item in kept if item.relation != weak.relation]
            break
    return kept
