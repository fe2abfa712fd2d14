"""Numeric games of many players for the verifiers: worths as whole numbers over one denominator, by bit mask (bit i: player i)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import And, Not, Or

__all__ = ["Numbers", "by_coalition"]

Array = NDArray[Any]


class Numbers:
    """``values[mask] / scale`` is the gain of the coalition with those members."""

    def __init__(self, gains: Mapping[frozenset[str], Fraction], names: tuple[str, ...]) -> None:
        self.names = names
        self.place = {name: 1 << i for i, name in enumerate(names)}
        self.exact = [Fraction(0)] * (1 << len(names))
        for group, gain in gains.items():
            self.exact[self.mask(group)] = gain
        self.masks = np.arange(len(self.exact))
        self.scale = lcm(*(gain.denominator for gain in self.exact))
        self.values = self.over(self.exact, self.scale)

    def mask(self, group: Iterable[str]) -> int:
        return sum(self.place[name] for name in group)

    @staticmethod
    def over(numbers: Sequence[Fraction], scale: int) -> Array:
        """Fractions as whole numbers over a common denominator; 64 bits where a handful of them can be added up in that."""
        whole = [int(number * scale) for number in numbers]
        kind = np.int64 if max(map(abs, whole), default=0) < 2**56 else object
        return np.array(whole, dtype=kind)

    @staticmethod
    def totals(shares: Sequence[Fraction]) -> tuple[Array, int]:
        """What every coalition receives together: whole numbers over the scale that is returned with them."""
        scale = lcm(*(share.denominator for share in shares))
        sums = np.zeros(1, dtype=object)
        for share in shares:
            sums = np.concatenate([sums, sums + int(share * scale)])
        return sums, scale

    def beyond(self, shares: Sequence[Fraction]) -> tuple[Array, int]:
        """What every coalition receives beyond its worth, likewise."""
        sums, scale = self.totals(shares)
        return sums * self.scale - self.values.astype(object) * scale, scale * self.scale

    def containing(self, name: str) -> Array:
        """The coalitions that a player belongs to."""
        found: Array = self.masks[self.masks & self.place[name] > 0]
        return found

    @cached_property
    def dividends(self) -> Array:
        """Harsanyi dividends over `scale`: every coalition's worth without what its parts earn."""
        found = self.values.astype(object)
        for bit in self.place.values():
            inside = self.masks[self.masks & bit > 0]
            found[inside] = found[inside] - found[inside ^ bit]
        return found

    def weighted(self, name: str, weight: Mapping[int, Fraction]) -> Fraction:
        """The sum of the dividends of a player's coalitions, weighted by size."""
        total = Fraction(0)
        for size, share in weight.items():
            chosen = self.dividends[(self.sizes == size) & (self.masks & self.place[name] > 0)]
            total += share * int(chosen.sum()) if chosen.size else 0
        return total / self.scale

    @cached_property
    def sizes(self) -> Array:
        return np.array([mask.bit_count() for mask in range(len(self.masks))])

    # --- the least slacks

    def least_joining(self) -> Fraction:
        """The least gain of two disjoint coalitions by joining; every pair is met with its smaller half first."""
        lowest: int | None = None
        for one in range(1, len(self.masks)):
            apart = self._above(one)
            if apart.size:
                least = int((self.values[apart | one] - self.values[apart] - self.values[one]).min())
                lowest = least if lowest is None else min(lowest, least)
        return Fraction(lowest or 0, self.scale)

    def _above(self, one: int) -> Array:
        """The coalitions without members of `one` and with a larger number than it."""
        found = np.zeros(1, dtype=np.int64)
        for bit in self.place.values():
            if not one & bit:
                found = np.concatenate([found, found | bit])
        return found[found > one]

    def least_bend(self) -> Fraction:
        """The least ``v(S+i+j) - v(S+i) - v(S+j) + v(S)``."""
        lowest: int | None = None
        bits = list(self.place.values())
        for k, i in enumerate(bits):
            for j in bits[k + 1 :]:
                base = self.masks[self.masks & (i | j) == 0]
                v = self.values
                least = int((v[base | i | j] - v[base | i] - v[base | j] + v[base]).min())
                lowest = least if lowest is None else min(lowest, least)
        return Fraction(lowest or 0, self.scale)

    def least_kept(self, shares: Sequence[Fraction]) -> Fraction:
        """The least that a proper coalition receives beyond its worth."""
        kept, scale = self.beyond(shares)
        return Fraction(int(kept[1:-1].min()), scale) if len(kept) > 2 else Fraction(0)


# --- worths by a rule ------------------------------------------------------------------------------------------------------


class _Unknown(Exception):
    """A part of a rule that is not evaluated here."""


def by_coalition(rule: Expr, indicators: Sequence[Symbol]) -> list[Fraction] | None:
    """The rule at every coalition, in the order of the masks; None where it is not made of arithmetic, Max, Min and cases alone."""
    masks = np.arange(1 << len(indicators))
    columns = {symbol: (masks >> i & 1).astype(object) for i, symbol in enumerate(indicators)}
    try:
        found = np.broadcast_to(_value(rule, columns), masks.shape)
    except _Unknown:
        return None
    return [Fraction(value) for value in found]


def _value(expr: Any, columns: Mapping[Symbol, Array]) -> Any:
    if expr in columns:
        return columns[expr]
    if isinstance(expr, Rational):
        return np.array(int(expr.p) if expr.q == 1 else Fraction(int(expr.p), int(expr.q)), dtype=object)
    if isinstance(expr, sympy.Piecewise):
        found, left = np.array(0, dtype=object), np.array(True)
        for branch, condition in expr.args:
            here = left & _holds(condition, columns)
            found, left = np.where(here, _value(branch, columns), found), left & ~here
        if left.any():
            raise _Unknown
        return found
    if isinstance(expr, sympy.Pow) and expr.exp.is_Integer and expr.exp > 0:
        return _value(expr.base, columns) ** int(expr.exp)
    for kind, fold in ((sympy.Add, np.add), (sympy.Mul, np.multiply), (sympy.Max, np.maximum), (sympy.Min, np.minimum)):
        if isinstance(expr, kind):
            parts = [_value(part, columns) for part in expr.args]
            total = parts[0]
            for part in parts[1:]:
                total = fold(total, part)
            return total
    raise _Unknown


def _holds(condition: Any, columns: Mapping[Symbol, Array]) -> Array:
    if condition in (sympy.true, sympy.false):
        return np.array(condition == sympy.true)
    if isinstance(condition, Not):
        return ~_holds(condition.args[0], columns)
    if isinstance(condition, And | Or):
        parts = np.broadcast_arrays(*(_holds(part, columns) for part in condition.args))
        return np.logical_and.reduce(parts) if isinstance(condition, And) else np.logical_or.reduce(parts)
    signs = {">=": np.greater_equal, ">": np.greater, "<=": np.less_equal, "<": np.less, "==": np.equal, "!=": np.not_equal}
    compare = signs.get(getattr(condition, "rel_op", ""))
    if compare is None:
        raise _Unknown
    return np.asarray(compare(_value(condition.lhs, columns), _value(condition.rhs, columns)), dtype=bool)
