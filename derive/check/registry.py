"""Where verifiers are entered, one for each kind of step, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sympy import Expr, Integer, Symbol

from derive import steps
from derive.check.certificates import Rejected
from derive.check.context import Context

Verifier = Callable[[steps.Step, Context], None]
VERIFIERS: dict[str, Verifier] = {}


def verifies(kind: type[steps.Step]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Enter a function as the verifier of that kind."""

    def enter(function: Callable[..., None]) -> Callable[..., None]:
        VERIFIERS[kind.__name__] = function
        return function

    return enter


def need(condition: bool, reason: str) -> None:
    """Raises `Rejected` with the reason unless the condition holds."""
    if not condition:
        raise Rejected(reason)


def settle(values: Iterable[tuple[Symbol, Expr]]) -> dict[Symbol, Expr]:
    """Values that may use each other, each in terms of none of them. Raises `Rejected` for a circle."""
    found = dict(values)
    for _ in range(len(found) + 1):
        if not any(value.free_symbols & set(found) - {symbol} for symbol, value in found.items()):
            return found
        found = {symbol: value.xreplace(found) for symbol, value in found.items()}
    raise Rejected("values that refer to each other in a circle")


def interval(variable: Symbol, context: Context) -> None:
    """What is known of `variable` bounds it to an interval: each relation is affine in it, or a bound on a power of it."""
    for relation in context.known:
        if variable in relation.free_symbols:
            gap = relation.lhs - relation.rhs
            need(relation.rel_op != "!=", f"{relation} cuts the domain of {variable} in two")
            context.equal(gap.diff(variable, 2), Integer(0), f"{relation} need not leave an interval of {variable}")
