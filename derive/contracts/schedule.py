"""How the best choice of each type falls into stretches of types, by cases of the parameters, and integrals along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, sign_of
from derive.algebra.shape import readable
from derive.certificates import Certificate
from derive.decision.problem import Optimum, unique
from derive.decision.regions import emptiness, opposites
from derive.errors import Refusal
from derive.field import NotRational, coefficients, factored, normal
from derive.prove import prove

__all__ = ["Cell", "Stretch", "antiderivative", "cells"]

MOST = 40
Region = tuple[Boolean, ...]


@dataclass(frozen=True)
class Stretch:
    """Types between two ends and the optimum that they have, with certificates that its conditions hold there."""

    low: Expr
    high: Expr
    optimum: Optimum
    holds: tuple[Certificate | None, ...]


@dataclass(frozen=True)
class Cell:
    """A region of the parameters and the stretches into which types fall there, from the lowest to the highest."""

    region: Region
    ends: tuple[Expr, ...]
    stretches: tuple[Stretch, ...]


def cells(optima: Sequence[Optimum], theta: Symbol, low: Expr, high: Expr, given: Region) -> tuple[Cell, ...]:
    """The cases of the parameters, which cover `given`. Raises Refusal where the stretches have no closed form."""
    cuts = unique_values(
        root for optimum in optima for relation in optimum.region if (root := _root(relation, theta, given)) is not None
    )
    alone = unique(r for optimum in optima for r in optimum.region if theta not in r.free_symbols)
    open_: list[tuple[Region, tuple[Expr, ...]]] = [((), (low, high))]
    for cut in cuts:
        open_ = [case for region, ends in open_ for case in _placed(cut, region, ends, given)]
    for relation in alone:
        open_ = [(extended, ends) for region, ends in open_ for extended in _divided(relation, region, given)]
    if len(open_) > MOST:
        raise Refusal(f"more than {MOST} cases of the parameters")
    return tuple(_cell(optima, theta, region, ends, given) for region, ends in open_)


def unique_values(values: object) -> tuple[Expr, ...]:
    """Expressions without repetitions."""
    return tuple(dict.fromkeys(values))  # type: ignore[call-overload]


def _root(relation: Boolean, theta: Symbol, given: Region) -> Expr | None:
    if theta not in relation.free_symbols:
        return None
    parts = coefficients(relation.lhs - relation.rhs, theta)
    if parts is None or len(parts) != 2 or sign_of(parts[1], given) == 0:
        raise Refusal(f"the types with {relation} have no bound in closed form")
    return oriented(normal(-parts[0] / parts[1]), given)


def _placed(cut: Expr, region: Region, ends: tuple[Expr, ...], given: Region) -> list[tuple[Region, tuple[Expr, ...]]]:
    """The cut among the ends: outside of them, or between two of them."""
    if any(normal(cut - end) == 0 for end in ends):
        return [(region, ends)]
    found: list[tuple[Region, tuple[Expr, ...]]] = []
    options: list[tuple[Region, tuple[Expr, ...]]] = [((cut <= ends[0],), ends), ((cut >= ends[-1],), ends)]
    for i, (left, right) in enumerate(pairwise(ends)):
        touching: Boolean = cut < right if i + 2 == len(ends) else cut <= right
        options.append(((cut > left, touching), (*ends[: i + 1], cut, *ends[i + 1 :])))
    for extra, among in options:
        conditions = [_tidy(r, given) for r in extra]
        new = tuple(r for r in conditions if r != sympy.true and prove(r, (*given, *region)) is None)
        if sympy.false in conditions or emptiness((*region, *new), given) is not None:
            continue
        found.append((unique((*region, *new)), among))
    return found


def _tidy(relation: Boolean, given: Region) -> Boolean:
    if relation in (sympy.true, sympy.false):
        return relation
    return readable(relation.func(normal(relation.lhs - relation.rhs), 0), given)


def _divided(relation: Boolean, region: Region, given: Region) -> list[Region]:
    if prove(relation, (*given, *region)) is not None:
        return [region]
    parts = [unique((*region, r)) for r in (relation, *opposites(relation))]
    return [part for part in parts if emptiness(part, given) is None]


def _cell(optima: Sequence[Optimum], theta: Symbol, region: Region, ends: tuple[Expr, ...], given: Region) -> Cell:
    stretches = []
    for low, high in pairwise(ends):
        known = (*given, *region, theta > low, theta < high)
        for optimum in optima:
            held = _held(optimum.region, known)
            if held is not None:
                stretches.append(Stretch(low, high, optimum, held))
                break
        else:
            where = " and ".join(map(str, region)) or "all parameters"
            raise Refusal(f"the best choice of the types between {low} and {high} is not settled for {where}")
    return Cell(region, ends, tuple(stretches))


def _held(conditions: Region, known: Region) -> tuple[Certificate | None, ...] | None:
    found: list[Certificate | None] = []
    for relation in conditions:
        certificate = prove(relation, known)
        if certificate is None:
            return None
        found.append(certificate)
    return tuple(found)


def antiderivative(expr: Expr, variable: Symbol, given: Region) -> Expr:
    """A function, defined on `given`, whose derivative is `expr`. Raises Refusal if none is found in closed form."""
    expr = normal(expr)
    found = sympy.Add(*(_term(term, variable) for term in sympy.Add.make_args(sympy.expand(_divided_out(expr, variable)))))
    found = found.xreplace({node: _positive(node, variable, given) for node in found.atoms(sympy.log)})
    try:
        if normal(found.diff(variable) - expr) == 0:
            return found
    except NotRational:
        pass
    raise Refusal(f"the integral of {expr} over {variable} has no closed form here")


def _divided_out(expr: Expr, variable: Symbol) -> Expr:
    """A fraction as a polynomial and a proper fraction."""
    top, bottom = expr.as_numer_denom()
    if not bottom.free_symbols & {variable} or not top.is_polynomial(variable) or not bottom.is_polynomial(variable):
        return expr
    whole, rest = sympy.div(top, bottom, variable)
    return sympy.expand(whole) + sympy.apart(rest / bottom, variable)


def _positive(node: Expr, variable: Symbol, given: Region) -> Expr:
    """A logarithm up to a constant: of the factors that vary, each with the sign that makes it positive."""
    parts = []
    for base, times in factored(node.args[0]).factors:
        if variable in base.free_symbols:
            sign = sign_of(base, given)
            if sign not in (1, -1):
                raise Refusal(f"the sign of {base} under a logarithm is not settled")
            parts.append(times * sympy.log(normal(sign * base)))
    return sympy.Add(*parts)


def _term(term: Expr, variable: Symbol) -> Expr:
    """The antiderivative of one summand: powers of the variable by the power rule."""
    factor, rest = term.as_independent(variable, as_Add=False)
    base, exponent = sympy.powsimp(rest).as_base_exp()
    if base == variable and variable not in exponent.free_symbols and exponent != -1:
        return factor * variable ** (exponent + 1) / (exponent + 1)
    from sympy.integrals.manualintegrate import manualintegrate  # needed for few menus, and slow to import

    found = manualintegrate(rest, variable)
    if found.has(sympy.Integral):
        raise Refusal(f"the integral of {rest} over {variable} has no closed form here")
    return factor * found
