"""Which of several binding constraints carry the multipliers: where their gradients depend on one another, not all of them can.

The choice is made in numbers at the points of a regime; what follows from it is then checked exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import mpmath
import sympy
from mpmath import matrix
from sympy import Expr, Symbol

from derive.check.derivatives import derivative
from derive.check.zero import number
from derive.ir import Decision

__all__ = ["Gradients", "another_as_good", "as_good", "carried_apart", "carriers", "unanswered_last"]

TINY = mpmath.mpf(10) ** -14
Rows = Sequence[Sequence[Any]]
#: At each point the derivatives of the binding constraints and of the payoff, and those of both inwards from each bound.
Gradients = tuple[Sequence[Rows], Rows, Sequence[tuple[Rows, Sequence[Any]]]]


def carriers(
    slopes: Sequence[Rows], pulls: Rows, free: Sequence[bool], bounds: Sequence[tuple[Rows, Sequence[Any]]]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Numbers of the constraints that carry multipliers and of the choices they are solved for; None if no set of them will do.

    At each point, ``slopes[point][constraint][choice]`` and ``pulls[point][choice]`` are the derivatives of constraints and payoff;
    `free` marks equalities, whose multipliers may be negative. ``bounds`` are choices held at a bound: at each point the
    derivatives of the constraints inwards, and of the payoff inwards, which must not be positive together.
    """
    count, width = (len(slopes[0]), len(pulls[0])) if slopes else (0, 0)
    for size in range(min(count, width), -1, -1):
        for chosen in combinations(range(count), size):
            for pivots in combinations(range(width - 1, -1, -1), size):
                if all(_holds(s, p, chosen, pivots, free, [(b[k], g[k]) for b, g in bounds])
                       for k, (s, p) in enumerate(zip(slopes, pulls, strict=True))):  # fmt: skip
                    return chosen, pivots
    return None


def unanswered_last(choices: Sequence[Symbol], decisions: Sequence[Decision], worth: Mapping[str, Expr]) -> list[Symbol]:
    """The choices, those last that are no part of any other decision's marginal payoffs. Nobody reacts to these: at a kink of what
    follows, where others have two slopes, a multiplier is had from them."""
    others = [(sympy.Add(*[worth[name] for name in d.by]), d.chooses) for d in decisions if not set(d.chooses) & set(choices)]
    marginal = {s for payoff, chooses in others for own in chooses for s in derivative(payoff, own).free_symbols}
    return sorted(choices, key=lambda s: s not in marginal)


def carried_apart(
    slopes: Sequence[Rows], pulls: Rows, bounds: Sequence[tuple[Rows, Sequence[Any]]], free: Sequence[bool]
) -> bool:
    """Whether at every point some of the constraints carry multipliers, though not the same ones at all points."""
    if not slopes or carriers(slopes, pulls, free, bounds) is not None:
        return False
    return all(_carried(slopes[k], pulls[k], [(along[k], gain[k]) for along, gain in bounds], free) for k in range(len(slopes)))


def _carried(slopes: Rows, pull: Sequence[Any], bounds: Sequence[tuple[Sequence[Any], Any]], free: Sequence[bool]) -> bool:
    """Whether some constraints carry multipliers at one point, bounds having one or none."""
    numbers = range(len(bounds))
    for size in range(len(bounds) + 1):
        for without in combinations(numbers, size):
            rows = [[*row, *(bounds[b][0][c] for b in without)] for c, row in enumerate(slopes)]
            pulls = [*pull, *(bounds[b][1] for b in without)]
            rest = [([bounds[b][0]], [bounds[b][1]]) for b in numbers if b not in without]
            if carriers([rows], [pulls], free, rest) is not None:
                return True
    return False


def _holds(
    slopes: Rows,
    pull: Sequence[Any],
    chosen: Sequence[int],
    pivots: Sequence[int],
    free: Sequence[bool],
    bounds: Sequence[tuple[Sequence[Any], Any]],
) -> bool:
    multipliers: list[Any] = []
    if chosen:
        system = [[slopes[c][p] for c in chosen] for p in pivots]
        if abs(_determinant(system)) < TINY:
            return False
        multipliers = list(mpmath.lu_solve(matrix(system), matrix([-pull[p] for p in pivots])))
    if any(value < -TINY and not free[c] for c, value in zip(chosen, multipliers, strict=True)):
        return False
    for choice, own in enumerate(pull):
        parts = [own, *(value * slopes[c][choice] for c, value in zip(chosen, multipliers, strict=True))]
        if abs(mpmath.fsum(parts)) > TINY * (1 + max(map(abs, parts))):
            return False
    for along, gain in bounds:
        inwards = mpmath.fsum([gain, *(value * along[c] for c, value in zip(chosen, multipliers, strict=True))])
        if inwards > TINY * (1 + abs(gain)):
            return False
    return True


def _determinant(rows: Rows) -> Any:
    """By expansion along the first row: few rows, and a singular matrix is an answer (a numerical factorisation may give up)."""
    if not rows:
        return mpmath.mpf(1)
    minors = ([[*row[:k], *row[k + 1 :]] for row in rows[1:]] for k in range(len(rows)))
    return mpmath.fsum(
        (-1) ** k * entry * _determinant(minor) for k, (entry, minor) in enumerate(zip(rows[0], minors, strict=True))
    )


def another_as_good(symbol: Symbol, payoff: Expr, gaps: Sequence[Expr], at: Mapping[Symbol, Any]) -> bool:
    """Whether a payoff that is a polynomial of one choice is as large at another bound or stationary point as at the choice made;
    `gaps` are what is not negative at an admissible choice."""
    others = [other for other in at if other != symbol]

    def along(expr: Expr) -> sympy.Poly:
        shape = sympy.Poly(expr, symbol)
        here = {other: at[other] for other in others}
        return sympy.Poly.from_list([sympy.Float(str(number(c, here)), 30) for c in shape.all_coeffs()], symbol)

    if not all(gap.is_polynomial(symbol) for gap in gaps):
        return False
    worth, bounds = along(payoff), [along(gap) for gap in gaps]
    if worth.degree() < 2:
        return False
    made = sympy.Float(str(at[symbol]), 30)
    lines = [worth.diff(symbol), *(bound for bound in bounds if bound.degree() > 0)]
    marks = [root for line in lines if line.degree() > 0 for root in line.nroots(n=30, maxsteps=200) if root.is_real]
    tiny = sympy.Float(10) ** -14
    apart = [mark for mark in marks if abs(mark - made) > tiny * (1 + abs(made)) and all(b.eval(mark) > -tiny for b in bounds)]
    top = worth.eval(made)
    return any(abs(worth.eval(mark) - top) < tiny * (1 + abs(top)) for mark in apart)


def as_good(reply: Mapping[Symbol, Expr], payoff: Expr, gaps: Sequence[Expr], at: Mapping[Symbol, Any]) -> bool:
    """Whether another `reply` to the same choices before is admissible and pays just as much as the one made."""
    there = {**at, **{symbol: number(value, at) for symbol, value in reply.items()}}
    if all(abs(there[symbol] - at[symbol]) < TINY * (1 + abs(at[symbol])) for symbol in reply):
        return False
    if any(number(gap, there) < -TINY for gap in gaps):
        return False
    made = number(payoff, at)
    return bool(abs(number(payoff, there) - made) < TINY * (1 + abs(made)))
