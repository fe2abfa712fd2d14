"""Verifier of the tau value: bounds from their definitions, the division efficient and on the segment between them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr, Rational, S

from derive.check.coalition_base import Context, expression, gains_of, groups, numbers_of, require, same
from derive.check.coalition_linear import proved_by, shown, stated_by
from derive.check.coalition_whole import Numbers
from derive.coalition import steps as kinds


def tau_value(step: kinds.TauValue, context: Context) -> None:
    gains = gains_of(step, context)
    names = context.names
    everyone = frozenset(names)
    require(tuple(symbol for symbol, _ in step.shares) == tuple(m.share for m in context.game.players), "not all players")
    require(len(step.upper) == len(step.lower) == len(names), "not the bounds of all players")
    for index, name in enumerate(names):
        utopia = expression(gains[everyone] - gains[everyone - {name}])
        require(same(context.sign * step.upper[index], utopia), f"the utopia payoff of {name} is wrong")
        along = step.lower[index] + step.position * (step.upper[index] - step.lower[index])
        require(same(step.shares[index][1], along), f"the share of {name} is off the segment")
    numbers = numbers_of(step, context)
    if numbers is not None:
        _of_numbers(step, context, numbers)
    else:
        _of_symbols(step, context, gains)


def _of_numbers(step: kinds.TauValue, context: Context, numbers: Numbers) -> None:
    gains, names, sign = gains_of(step, context), context.names, context.sign
    everyone = frozenset(names)
    upper = [gains[everyone] - gains[everyone - {name}] for name in names]
    kept, scale = numbers.beyond(upper)
    for index, name in enumerate(names):
        right = upper[index] - Fraction(int(kept[numbers.containing(name)].min()), scale)
        require(same(sign * step.lower[index], expression(right)), f"the minimal right of {name} is wrong")
        require(right <= upper[index], "the game is not quasi-balanced")
    require(step.position.is_Rational and 0 <= step.position <= 1, "outside the segment")
    require(same(sign * sum((value for _, value in step.shares), S.Zero), expression(gains[everyone])), "not efficient")


def _of_symbols(step: kinds.TauValue, context: Context, gains: dict[frozenset[str], Any]) -> None:
    """The maxima are attained and not exceeded, the game is quasi-balanced, and the total is divided, all by what is shown.

    The position needs no bounds of its own: it is what efficiency makes of quasi-balanced bounds that leave room between them.
    """
    names, sign = context.names, context.sign
    proved = (*proved_by(step.proofs, step, context), *stated_by(step, context), *context.assumptions, *step.given)
    upper = {name: sign * value for name, value in zip(names, step.upper, strict=True)}
    lower = {name: sign * value for name, value in zip(names, step.lower, strict=True)}
    total = gains[frozenset(names)]

    def holds(slack: Expr, *, strict: bool = False) -> bool:
        gap = sympy.expand(slack)
        return shown(gap > 0 if strict else gap >= 0, proved)

    for name in names:
        kept = [
            gains[group] - sympy.Add(*(upper[other] for other in group if other != name))
            for group in groups(names)
            if name in group
        ]
        require(any(same(one, lower[name]) for one in kept), f"no coalition leaves {name} its minimal right")
        require(all(holds(lower[name] - one) for one in kept), f"a coalition may leave {name} more than its minimal right")
        require(holds(upper[name] - lower[name]), "the game is not shown to be quasi-balanced")
    least, most = sympy.Add(*lower.values()), sympy.Add(*upper.values())
    require(holds(total - least) and holds(most - total), "the game is not shown to be quasi-balanced")
    require(step.position.is_Rational or holds(most - least, strict=True), "the bounds may leave no room between them")
    divided = sign * sympy.Add(*(value for _, value in step.shares))
    efficient = same(divided, total) or (holds(divided - total) and holds(total - divided))
    require(efficient, "not efficient")
    require(not isinstance(step.position, Rational) or 0 <= step.position <= 1, "outside the segment")
