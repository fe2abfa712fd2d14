"""Whether a payoff grows without bound when one choice goes to infinity and the others stay put.

The payoff is read as a sum of powers of that choice. If one exponent is proved positive and above the others, and its coefficient
can be made positive by a suitable choice of the rest, the payoff has no maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Integer, Mul, Pow, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.certificates import Certificate
from derive.decision.problem import Problem
from derive.field import NotRational, coefficients, normal
from derive.prove import prove, refute
from derive.prove.relations import compared


@dataclass(frozen=True)
class Ray:
    """Along which the objective grows without bound, and the condition on the parameters under which it does."""

    along: Symbol
    fixed: tuple[tuple[Symbol, Expr], ...]
    exponent: Expr
    coefficient: Expr
    lower: tuple[Expr, ...]
    condition: tuple[Boolean, ...]
    certificates: tuple[Certificate, ...]


def unbounded_ray(problem: Problem) -> Ray | None:
    """A choice along which the objective is proved unbounded, the others staying at admissible values; None if none is found."""
    for variable in problem.variables:
        if any(
            variable in r.slack.free_symbols and not _allows_large(r.slack, variable, problem) for r in problem.restrictions
        ):
            continue
        terms = _powers(problem.objective, variable)
        if terms is None:
            continue
        for exponent in sorted(terms, key=str):
            ray = _along(variable, exponent, terms, problem)
            if ray is not None:
                return ray
    return None


def _allows_large(slack: Expr, variable: Symbol, problem: Problem) -> bool:
    parts = coefficients(slack, variable)
    return parts is not None and len(parts) == 2 and sign_of(parts[1], problem.given) == 1


def _powers(objective: Expr, variable: Symbol) -> dict[Expr, Expr] | None:
    """The objective as a sum of ``coefficient * variable**exponent``, by exponent; None when it is not one."""
    found: dict[Expr, list[Expr]] = {}
    for term in Add.make_args(objective.expand(power_base=False, power_exp=False)):
        exponent: Expr = Integer(0)
        rest: list[Expr] = []
        for factor in Mul.make_args(term):
            base, power = factor.as_base_exp() if isinstance(factor, Pow) else (factor, Integer(1))
            if base == variable and variable not in power.free_symbols:
                exponent += power
            elif variable in factor.free_symbols:
                return None
            else:
                rest.append(factor)
        found.setdefault(exponent, []).append(Mul(*rest))
    sums = {e: normal(Add(*parts)) for e, parts in found.items()}
    return {e: c for e, c in sums.items() if c != 0}


def _along(variable: Symbol, exponent: Expr, terms: dict[Expr, Expr], problem: Problem) -> Ray | None:
    others = tuple(e for e in terms if e != exponent)
    condition: tuple[Boolean, ...] = ()
    if exponent.is_Rational and exponent <= 0:
        return None
    if not exponent.is_Rational and prove(compared(exponent, ">"), problem.given) is None:
        condition = (compared(exponent, ">"),)
        if refute((*problem.given, *condition)) is not None:
            return None
    given = (*problem.given, *condition)
    certificates = []
    for claim in (compared(exponent, ">"), *(compared(exponent, ">", other) for other in others)):
        certificate = prove(claim, given)
        if certificate is None:
            return None
        certificates.append(certificate)
    placed = _positive_choice(terms[exponent], variable, problem, given)
    if placed is None:
        return None
    fixed, coefficient, certificate = placed
    return Ray(variable, fixed, exponent, coefficient, others, condition, (*certificates, certificate))


def _positive_choice(
    coefficient: Expr, along: Symbol, problem: Problem, given: Sequence[Boolean]
) -> tuple[tuple[tuple[Symbol, Expr], ...], Expr, Certificate] | None:
    """Values of another choice (twice the one at which the coefficient vanishes) that make the coefficient positive."""
    domain = (*given, *(r.relation for r in problem.restrictions))
    certificate = prove(compared(coefficient, ">"), domain)
    if certificate is not None:
        return (), coefficient, certificate
    for other in problem.variables:
        if other == along or other not in coefficient.free_symbols:
            continue
        try:
            parts = coefficients(coefficient, other)
        except NotRational:
            continue
        if parts is None or len(parts) != 2:
            parts = _linear_part(coefficient, other)
        if parts is None:
            continue
        value = normal(-2 * parts[0] / parts[1])
        inside = [r.at({other: value}).relation for r in problem.restrictions if other in r.slack.free_symbols]
        rest = tuple(r.relation for r in problem.restrictions if other not in r.slack.free_symbols)
        if any(prove(relation, (*given, *rest)) is None for relation in inside):
            continue
        positive = normal(coefficient.xreplace({other: value}))
        certificate = prove(compared(positive, ">"), (*given, *rest))
        if certificate is not None:
            return ((other, value),), positive, certificate
    return None


def _linear_part(coefficient: Expr, other: Symbol) -> tuple[Expr, Expr] | None:
    """The factor of the coefficient that is linear in the choice, if the other factors are powers of it."""
    for factor in Mul.make_args(coefficient):
        if isinstance(factor, Add) and other in factor.free_symbols:
            parts = coefficients(factor, other)
            if parts is not None and len(parts) == 2:
                return parts[0], parts[1]
    return None
