"""Systems of equations, solved with a proof that no solution is lost.

Each equation is factored. A factor that provably does not vanish is dropped with its certificate; the others are alternatives.
A factor linear in an unknown, with a leading coefficient proved nonzero, is solved for it. Where there is none, two equations are
combined so that the highest powers of an unknown cancel. Nothing else counts as solved, unless whoever asks can finish: then two
equations may be combined so that any terms of theirs cancel, and one equation in the last unknown is theirs to solve.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import sympy
from sympy import Expr, Integer, Mul, Ne, Symbol, nan, zoo
from sympy.logic.boolalg import Boolean

from derive.algebra.cancelling import Weights, cancelling
from derive.certificates import Certificate
from derive.errors import Degenerate, Refusal
from derive.field import NotRational, coefficients, factored, normal
from derive.logarithms import under_logarithms
from derive.prove import prove
from derive.steps import Elimination
from derive.triangular import LastEquation


@dataclass(frozen=True)
class LastRoot:
    """A root of the equation in the last unknown."""

    equation: LastEquation
    value: Expr


Finish = Callable[[Expr, Symbol, tuple[Boolean, ...]], tuple[LastRoot, ...]]
"""All roots of an equation in one unknown among what is given. Raises Refusal where they are not known."""


@dataclass(frozen=True)
class Root:
    """One solution: each unknown's value in the given symbols, and the eliminations that led there, to the root of a `last` equation if
    there is one.

    It is the only one where `apart` holds: where factors that other solutions make vanish do not.
    """

    values: tuple[tuple[Symbol, Expr], ...]
    trail: tuple[Elimination, ...]
    apart: tuple[Boolean, ...] = ()
    last: LastRoot | None = None


@dataclass(frozen=True)
class _Choice:
    cost: tuple[int, int, int]
    equation: Expr
    unknown: Symbol
    factors: tuple[Expr, ...]
    excluded: tuple[Certificate, ...]
    combined: tuple[Expr, ...] = ()
    instead: Expr | None = None


def solve_system(
    equations: Sequence[Expr], unknowns: Sequence[Symbol], given: Sequence[Boolean], finish: Finish | None = None
) -> tuple[Root, ...]:
    """Every solution of ``equations = 0`` that satisfies `given`, in closed form. Raises Refusal when that cannot be shown."""
    return tuple(_solve(tuple(normal(e) for e in equations), tuple(unknowns), tuple(given), (), finish))


def nonzero(expr: Expr, given: Sequence[Boolean]) -> Certificate | None:
    """A certificate that `expr` does not vanish: it is positive, or it is negative."""
    return prove(expr > 0, given) or prove(expr < 0, given)


def _solve(
    equations: tuple[Expr, ...],
    unknowns: tuple[Symbol, ...],
    given: tuple[Boolean, ...],
    trail: tuple[Elimination, ...],
    finish: Finish | None,
) -> list[Root]:
    equations = tuple(e for e in equations if e != 0)
    constant = [e for e in equations if not e.free_symbols & set(unknowns)]
    for equation in constant:
        quantity = _vanishing(equation, given)
        if quantity == 1:
            return []
        raise Degenerate(f"the equations are solvable only where {quantity} = 0", quantity=quantity)
    if not unknowns:
        return [_root(trail)]
    if not equations:
        names = ", ".join(map(str, unknowns))
        raise Refusal(f"a continuum of solutions: nothing determines {names}", symbol=names)
    choice = min(_choices(equations, unknowns, given), key=lambda c: c.cost, default=None)
    if choice is None and not trail:
        choice = _combination(highest_powers(equations, unknowns, given), equations, unknowns, given)
    if choice is None and finish is not None:
        if len(equations) == len(unknowns) == 1:
            return [_root(trail, last) for last in finish(equations[0], unknowns[0], given)]
        if not trail:
            choice = _combination(cancelling(equations, unknowns), equations, unknowns, given)
    if choice is None:
        _refuse_degenerate(equations, unknowns, given)
        names = ", ".join(map(str, unknowns))
        raise Refusal(f"none of {'; '.join(map(str, equations))} can be solved in closed form for one of {names}", symbol=names)
    return [root for factor in choice.factors for root in _eliminate(choice, factor, equations, unknowns, given, trail, finish)]


def _refuse_degenerate(equations: tuple[Expr, ...], unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]) -> None:
    """Raises Degenerate where an equation could be solved if only a coefficient of given symbols did not vanish."""
    for equation in equations:
        for base in (base for base, exponent in factored(equation).factors if exponent > 0):
            for unknown in unknowns:
                parts = coefficients(base, unknown)
                if parts is not None and len(parts) == 2 and not parts[1].free_symbols & set(unknowns):
                    quantity = _vanishing(parts[1], given)
                    if quantity == 1:
                        continue
                    raise Degenerate(f"the equations degenerate where {quantity} = 0", quantity=quantity)


def _vanishing(expr: Expr, given: tuple[Boolean, ...]) -> Expr:
    """The product of those factors that are not proved to be nonzero."""
    bases = [under_logarithms(base) for base, exponent in factored(expr).factors if exponent > 0]
    parts = [base for whole in bases for base, exponent in factored(whole).factors if exponent > 0]
    return Mul(*(base for base in parts if nonzero(base, given) is None))


def _choices(equations: tuple[Expr, ...], unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]) -> list[_Choice]:
    found = []
    for position, equation in enumerate(equations):
        alive, excluded = [], []
        bases = [base for base, exponent in factored(equation).factors if exponent > 0]
        for base in bases:
            simple = len(bases) == 1 and any(_linear(base, unknown, given) is not None for unknown in unknowns)
            certificate = None if simple else nonzero(base, given)
            if certificate is not None:
                excluded.append(certificate)
            elif base.free_symbols & set(unknowns):
                alive.append(base)
            else:
                raise Degenerate(f"the equations degenerate where {base} = 0", quantity=base)
        if not alive:
            return [_Choice((0, 0, position), equation, unknowns[0], (), tuple(excluded))]
        for unknown in unknowns:
            if all(_linear(base, unknown, given) is not None for base in alive):
                size = sum(len(base.free_symbols & set(unknowns)) for base in alive)
                found.append(_Choice((len(alive), size, position), equation, unknown, tuple(alive), tuple(excluded)))
    return found


def highest_powers(equations: tuple[Expr, ...], unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]) -> Iterator[Weights]:
    """The multiples of two equations with which the highest powers of an unknown cancel."""
    for unknown in unknowns:
        for i, j in permutations(range(len(equations)), 2):
            first, second = (coefficients(equations[k], unknown) for k in (i, j))
            if first is None or second is None or len(first) != len(second) or len(first) < 2:
                continue
            if first[-1].is_Rational or nonzero(first[-1], given) is not None:
                yield i, second[-1], j, -first[-1]


def _combination(
    pairs: Iterable[Weights], equations: tuple[Expr, ...], unknowns: tuple[Symbol, ...], given: tuple[Boolean, ...]
) -> _Choice | None:
    """Two equations of which a sum of multiples can be solved for an unknown: it takes the place of the second of them, the multiple of
    which is not zero."""
    found: list[_Choice] = []
    for i, one, j, other in pairs:
        together = normal(one * equations[i] + other * equations[j])
        if together == 0:
            continue
        weights = {i: one, j: other}
        combined = tuple(weights.get(k, Integer(0)) for k in range(len(equations)))
        for choice in _choices((together,), unknowns, given):
            found.append(dataclasses.replace(choice, combined=combined, instead=equations[j]))
    return min(found, key=lambda c: c.cost, default=None)


def _linear(base: Expr, unknown: Symbol, given: tuple[Boolean, ...]) -> tuple[Expr, Expr, Certificate | None] | None:
    parts = coefficients(base, unknown)
    if parts is None or len(parts) != 2:
        return None
    if parts[1].is_Rational:
        return parts[0], parts[1], None
    certificate = nonzero(parts[1], given)
    return None if certificate is None else (parts[0], parts[1], certificate)


def _eliminate(
    choice: _Choice,
    factor: Expr,
    equations: tuple[Expr, ...],
    unknowns: tuple[Symbol, ...],
    given: tuple[Boolean, ...],
    trail: tuple[Elimination, ...],
    finish: Finish | None,
) -> list[Root]:
    linear = _linear(factor, choice.unknown, given)
    if linear is None:
        raise Refusal(f"{factor} is not linear in {choice.unknown}")
    rest, lead, certificate = linear
    value = normal(-rest / lead)
    apart = tuple(Ne(other, 0) for other in choice.factors if other != factor)
    assumed = tuple(c for c in (prove(relation, (*given, relation)) for relation in apart) if c is not None)
    step = Elimination(
        unknown=choice.unknown,
        equation=choice.equation,
        factor=factor,
        lead=lead,
        value=value,
        excluded=(*choice.excluded, *assumed),
        nonzero=certificate,
        combined=choice.combined,
    )
    replace = {choice.unknown: value}
    try:
        remaining = tuple(normal(e.xreplace(replace)) for e in equations if e is not (choice.instead or choice.equation))
        narrowed = tuple(_replaced(relation, replace) for relation in given)
    except ZeroDivisionError:
        return []
    except NotRational:
        if any(e.xreplace(replace).has(zoo, nan) for e in equations):
            return []
        raise
    if sympy.false in narrowed:
        return []
    roots = _solve(remaining, tuple(u for u in unknowns if u != choice.unknown), narrowed, (*trail, step), finish)
    return [dataclasses.replace(root, apart=(*apart, *root.apart)) for root in roots]


def _replaced(relation: Boolean, replace: dict[Symbol, Expr]) -> Boolean:
    if not relation.free_symbols & set(replace):
        return relation
    return relation.func(normal((relation.lhs - relation.rhs).xreplace(replace)), 0)


def _root(trail: tuple[Elimination, ...], last: LastRoot | None = None) -> Root:
    values: dict[Symbol, Expr] = {} if last is None else {last.equation.unknown: last.value}
    for step in reversed(trail):
        values[step.unknown] = normal(step.value.xreplace(values))
    return Root(tuple(sorted(values.items(), key=lambda item: str(item[0]))), trail, (), last)
