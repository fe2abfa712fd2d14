"""Where a payoff in one variable turns from rising to falling: its marginal payoff as a positive factor times a falling core.

The core need not be falling as it stands. Divided by a power or an exponential (a positive factor) it may be; and it changes sign
only once also where its slope is negative at each of its roots. The first form that is proved is used; of the proved ones, one
whose root has a closed form is preferred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Integer, Mul, Pow, Symbol, log, oo
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct, marginal, sign_of, signed_product
from derive.algebra.roots import decreasing_root
from derive.algebra.spread import apart
from derive.algebra.terms import Sum, in_terms, limit
from derive.certificates import Certificate
from derive.decision.bounds import Bound, Interval
from derive.decision.problem import Problem
from derive.errors import Refusal
from derive.field import NotRational, coefficients, derivative, normal
from derive.prove import prove
from derive.prove.relations import compared
from derive.tree import free_symbols

__all__ = ["Falling", "defined_at", "defined_bounds", "end_of", "falling", "falling_root", "inside", "split_marginal"]


@dataclass(frozen=True)
class Falling:
    """``marginal payoff = positive * core``; the slope of the core is negative by `certificate` (where `at_root`: at its roots)."""

    split: SignedProduct
    slope: Expr
    certificate: Certificate
    at_root: bool
    root: Expr | None
    total: Sum | None


def inside(relations: Sequence[Boolean], variable: Symbol) -> tuple[Boolean, ...]:
    """The relations, those that bound the variable made strict: what holds strictly inside its range."""
    weak = (">=", "<=")
    return tuple(
        compared(r.lhs, r.rel_op[0], r.rhs) if getattr(r, "rel_op", "") in weak and variable in free_symbols(r) else r for r in relations
    )


def split_marginal(problem: Problem, variable: Symbol) -> tuple[SignedProduct, tuple[Boolean, ...]]:
    """The marginal payoff split, and the domain on which it is: strictly inside the range where it is not defined at its ends."""
    try:
        return marginal(problem.objective, variable, problem.domain), problem.domain
    except Refusal:
        interior = inside(problem.domain, variable)
        return marginal(problem.objective, variable, interior), interior


def falling(split: SignedProduct, variable: Symbol, domain: tuple[Boolean, ...]) -> Falling | None:
    """The form of the marginal payoff in which a single change of sign is proved; None if none is found."""
    interior = inside(domain, variable)
    proved: list[Falling] = []
    forms = list(_forms(split, variable, interior))
    for form, total in forms:
        slope = derivative(form.core, variable)
        certificate = prove(compared(slope, "<"), domain) or prove(compared(slope, "<"), interior)
        if certificate is not None:
            proved.append(Falling(form, slope, certificate, False, _root(form.core, variable, total, interior), total))
            if proved[-1].root is not None:
                return proved[-1]
    if proved:
        return proved[0]
    for form, total in forms:
        slope = derivative(form.core, variable)
        certificate = prove(compared(slope, "<"), (*interior, Eq(form.core, 0)))
        if certificate is not None:
            return Falling(form, slope, certificate, True, _single_root(form.core, variable, interior), total)
    for form, total in _divided(split, forms[0][1], interior) if len(forms) == 1 else ():
        slope = derivative(form.core, variable)
        certificate = prove(compared(slope, "<"), interior)
        if certificate is not None:
            return Falling(form, slope, certificate, False, _single_root(form.core, variable, interior), total)
    return None


def falling_root(core: Expr, variable: Symbol, interior: tuple[Boolean, ...]) -> tuple[Expr | None, Sum | None]:
    """The root of a core that is known to change sign once only, where that has a closed form, and the core in terms of powers."""
    total = in_terms(core, variable, interior)
    return _root(core, variable, total, interior), total


def _forms(split: SignedProduct, variable: Symbol, interior: tuple[Boolean, ...]) -> Iterator[tuple[SignedProduct, Sum | None]]:
    """The marginal payoff as it was split, and with the power or exponential of each term of the core moved to the factor."""
    if any(isinstance(node.base, Mul) and not node.exp.is_Integer and variable in free_symbols(node) for node in split.core.atoms(Pow)):
        certificate = None if split.positive == 1 else prove(split.positive > 0, interior)
        split = SignedProduct(split.positive, normal(apart(split.core, (variable,), interior)), certificate)
    total = in_terms(split.core, variable, interior)
    yield split, total
    if coefficients(split.core, variable) is None:
        yield from _divided(split, total, interior)


def _divided(
    split: SignedProduct, total: Sum | None, interior: tuple[Boolean, ...]
) -> Iterator[tuple[SignedProduct, Sum | None]]:
    """The marginal payoff with the power or exponential of one term of the core moved to the factor."""
    if total is None:
        return
    seen = {split.core}
    for term in sorted(total.terms, key=lambda term: term.power != 0):
        divided = total.over(term)
        core = divided.expression
        if normal(core) in seen:
            continue
        seen.add(normal(core))
        positive = normal(Mul(split.positive, total.straight(split.core), 1 / core))
        certificate = prove(positive > 0, interior)
        if certificate is not None:
            yield SignedProduct(positive, core, certificate), divided


def _single_root(core: Expr, variable: Symbol, given: Sequence[Boolean]) -> Expr | None:
    """The root at which the core falls, of one that falls wherever it vanishes: a linear core has no other root.

    Of two roots of a quadratic core it is told by the sign of the slope; of other cores the right root is not told apart. Factors
    that have a sign there (they may vanish at a bound) have no part in it.
    """
    rest = signed_product(core, given).core
    parts = coefficients(rest, variable) or ()
    if len(parts) == 2:
        return normal(-parts[0] / parts[1])
    return _root(rest, variable, None, given) if len(parts) == 3 else None


def _root(core: Expr, variable: Symbol, total: Sum | None, given: Sequence[Boolean]) -> Expr | None:
    try:
        return decreasing_root(core, variable, total, given)
    except NotRational:
        return None


# --- at the ends -----------------------------------------------------------------------------------------------------------


def end_of(core: Expr, variable: Symbol, total: Sum | None, end: Expr, given: Sequence[Boolean]) -> Expr | None:
    """Where the core tends at an end of the range (``oo`` and ``-oo`` are possible); None where that is not settled."""
    if total is not None:
        found = limit(total, end, given)
        if found is not None:
            return found
    if end in (oo, -oo):
        parts = coefficients(core, variable) or ()
        side = sign_of(parts[-1], given) if len(parts) > 1 else None
        if side is None:
            return None
        return side * oo if end == oo or len(parts) % 2 else -side * oo
    return normal(_value_at(core, variable, end)) if defined_at(core, variable, end, given) else None


def _value_at(expr: Expr, variable: Symbol, value: Expr) -> Expr:
    """The value there of an expression that is defined there: what vanishes and has an exponent other than a whole number is 0."""
    if variable not in free_symbols(expr):
        return expr
    if expr == variable:
        return value
    parts = [_value_at(part, variable, value) for part in expr.args]
    if isinstance(expr, Pow) and not expr.exp.is_Integer and normal(parts[0]) == 0:
        return Integer(0)
    return expr.func(*parts)


def defined_at(expr: Expr, variable: Symbol, value: Expr, given: Sequence[Boolean]) -> bool:
    """Whether an expression is proved to be defined and continuous at that value of the variable."""
    if variable not in free_symbols(expr):
        return True
    if not all(defined_at(part, variable, value, given) for part in expr.args if isinstance(part, Expr)):
        return False
    if isinstance(expr, log):
        return sign_of(normal(_value_at(expr.args[0], variable, value)), given) == 1
    if isinstance(expr, Pow) and not (expr.exp.is_Integer and expr.exp > 0):
        base = normal(_value_at(expr.base, variable, value))
        side = None if base == 0 else sign_of(base, given)
        if base == 0:
            return not expr.exp.is_Integer and variable not in free_symbols(expr.exp) and sign_of(expr.exp, given) == 1
        if side is None and expr.exp.is_Rational and expr.exp > 0:
            return prove(base >= 0, given) is not None
        return side == 1 or (side == -1 and bool(expr.exp.is_Integer))
    return True


def defined_bounds(objective: Expr, variable: Symbol, bounds: Interval, given: Sequence[Boolean]) -> Interval:
    """The bounds, those at which the payoff is not proved to be defined made strict."""

    def strict(bound: Bound) -> Bound:
        kept = bound.strict or defined_at(objective, variable, bound.value, given)
        return bound if kept else Bound(bound.name, bound.value, True)

    return Interval(tuple(map(strict, bounds.lower)), tuple(map(strict, bounds.upper)), bounds.free)
