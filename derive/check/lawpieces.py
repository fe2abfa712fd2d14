"""The overage of a named law at several points at once: one closed form, where its argument lies on the same side of the support's ends
at all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Expr, Integer

from derive.check.moments import ends, moment, overage
from derive.ir import Distribution

__all__ = ["Straddled", "overage_among"]


class Straddled(Exception):
    """Some points have the argument of an overage outside of the support, others have not: `beyond` says which have."""

    def __init__(self, beyond: Sequence[bool]) -> None:
        super().__init__("an argument lies in the support of its law at some points only")
        self.beyond = tuple(beyond)


def overage_among(law: Distribution, z: Expr, signs: Callable[[Expr], Sequence[int]]) -> Expr:
    """``E (z - eps)^+`` for a named law, `signs` being those of an expression at the points. Raises `Straddled`."""
    low, high = ends(law)
    for end, gap, outside in ((low, low - z, Integer(0)), (high, z - high, z - moment(law, 1))):
        if end.is_finite is False:
            continue
        beyond = [sign > 0 for sign in signs(gap)]
        if all(beyond):
            return outside
        if any(beyond):
            raise Straddled(beyond)
    return overage(law, z)
