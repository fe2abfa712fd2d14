"""Conditions that are equations between two products of powers: read again term by term, and solved in logarithms by the inverse that is
stated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sympy import Expr, Integer, Matrix, Mul, Pow, Rational, Symbol

from derive import loglinear, steps
from derive.check.context import Context, follows, proved, same
from derive.check.elimination import nonzero
from derive.check.registry import need, settle
from derive.steps import Step

__all__ = ["VERIFIERS"]


def _log_linear(step: loglinear.LogLinear, context: Context) -> None:
    unknowns, size = step.unknowns, len(step.unknowns)
    need(len(set(unknowns)) == size == len(step.equations) == len(step.conditions), "not as many equations as unknowns")
    _of_the_replies(step, context)
    for unknown in unknowns:
        need(follows(unknown > 0, context.known), f"{unknown} may vanish")
    for condition, equation in zip(step.conditions, step.equations, strict=True):
        multiple = equation.multiple
        _apart(unknowns, *equation.exponents, equation.level, *multiple.exponents, multiple.coefficient)
        claim = _product(unknowns, multiple) * (_powers(unknowns, equation.exponents) - equation.level)
        context.equal(condition, claim, "the condition as an equation between powers")
        _not_zero(multiple.coefficient, equation.nonzero, context)
        _positive(equation.level, equation.positive, context)
    matrix = Matrix([list(equation.exponents) for equation in step.equations])
    context.equal(matrix.det(method="berkowitz"), step.determinant, "the determinant of the exponents")
    _not_zero(step.determinant, step.nonzero, context)
    inverse = Matrix([list(row) for row in step.weights])
    need(inverse.shape == matrix.shape, "a weight is missing")
    for i, entry in enumerate(inverse * matrix):
        context.equal(entry, Integer(int(i // size == i % size)), "the weights")
    need(tuple(symbol for symbol, _ in step.values) == unknowns, "a value is missing")
    levels = [equation.level for equation in step.equations]
    for (symbol, value), row in zip(step.values, step.weights, strict=True):
        context.equal(value, Mul(*map(Pow, levels, row)), f"the value of {symbol}")


def _all_or_none(step: loglinear.AllOrNone, context: Context) -> None:
    unknowns = step.unknowns
    need(len(set(unknowns)) == len(unknowns) == len(step.sides) == len(step.conditions), "not as many conditions as unknowns")
    _of_the_replies(step, context)
    for unknown in unknowns:
        need(follows(unknown >= 0, context.known), f"{unknown} may be negative")
    for condition, (left, right) in zip(step.conditions, step.sides, strict=True):
        sides = [_product(unknowns, side.powers) for side in (left, right)]
        context.equal(condition, sides[0] - sides[1], "the condition as a difference of two terms")
        for side in (left, right):
            _apart(unknowns, side.powers.coefficient, *side.powers.exponents)
            _positive(side.powers.coefficient, side.positive, context)
            proofs = list(side.rises)
            for exponent in side.powers.exponents:
                if exponent != 0:
                    _positive(exponent, None if exponent.is_Rational else (proofs.pop(0) if proofs else None), context)
    balances = [tuple(frozenset(_carried(unknowns, side.powers)) for side in sides) for sides in step.sides]
    for unknown in unknowns:
        need(_gone(unknown, balances) == set(unknowns), f"{unknown} may vanish alone")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    loglinear.LogLinear: _log_linear,
    loglinear.AllOrNone: _all_or_none,
}
"""The verifier of each kind of step."""


def _of_the_replies(step: loglinear.LogLinear | loglinear.AllOrNone, context: Context) -> None:
    """Each condition is what the marginal payoff of an unknown has the sign of, with what is fixed put in: of the choices on which the
    replies among the premises speak, all are unknown or fixed."""
    fixed = settle(step.fixed)
    need(not set(fixed) & set(step.unknowns), "a choice is both fixed and unknown")
    need(not any(value.free_symbols & set(step.unknowns) for value in fixed.values()), "what is fixed moves with an unknown")
    own = [p for p in context.premises if isinstance(p, steps.SinglePeak | steps.Crossing) and p.variable in step.unknowns]
    need({p.variable for p in own} == set(step.unknowns), "an unknown of which no premise speaks")
    cores = {p.variable: p.core.xreplace(fixed) for p in own}
    told = [same(core, condition) for core, condition in zip(map(cores.get, step.unknowns), step.conditions, strict=True)]
    need(all(told), "a condition is not that of the reply")


def _gone(unknown: Symbol, balances: Sequence[tuple[frozenset[Symbol], ...]]) -> set[Symbol]:
    """What vanishes with an unknown: where one side of a condition does, so does the other, and with it what stands alone in it."""
    gone = {unknown}
    for _ in balances:
        for sides in balances:
            for one, other in (sides, sides[::-1]):
                if one & gone and len(other) == 1:
                    gone |= other
    return gone


def _carried(unknowns: Sequence[Symbol], powers: loglinear.Powers) -> Iterator[Symbol]:
    return (unknown for unknown, exponent in zip(unknowns, powers.exponents, strict=True) if exponent != 0)


def _powers(unknowns: Sequence[Symbol], exponents: Sequence[Expr]) -> Expr:
    return Mul(*(Pow(unknown, exponent) for unknown, exponent in zip(unknowns, exponents, strict=True)))


def _product(unknowns: Sequence[Symbol], powers: loglinear.Powers) -> Expr:
    return powers.coefficient * _powers(unknowns, powers.exponents)


def _apart(unknowns: Sequence[Symbol], *parts: Expr) -> None:
    """What multiplies the unknowns, and their exponents, do not move with them."""
    need(not any(part.free_symbols & set(unknowns) for part in parts), "an unknown stands in a coefficient or an exponent")


def _positive(expr: Expr, certificate: Any, context: Context) -> None:
    if isinstance(expr, Rational):
        need(expr > 0, f"{expr} is not positive")
    else:
        proved(expr > 0, certificate, context.known, f"{expr} is positive")


def _not_zero(expr: Expr, certificate: Any, context: Context) -> None:
    if isinstance(expr, Rational):
        need(expr != 0, "zero")
    else:
        need(certificate is not None, f"no certificate that {expr} is nonzero")
        nonzero(expr, certificate, context.known)
