"""Single-valued solutions in closed form: Shapley, Banzhaf, tau, and shares revised by weights."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial, lcm

import numpy as np
import sympy
from sympy import Expr, Rational

from derive.coalition.table import Table, by_size, plain, told
from derive.coalition.whole import added_up, whole

__all__ = ["Contribution", "Tau", "banzhaf", "contributions", "moved", "revised", "shapley", "shapley_fractions", "tau"]


@dataclass(frozen=True)
class Contribution:
    """What a player adds to `coalition` (a mask without the player), and the weight this has in the Shapley value."""

    coalition: int
    weight: Rational
    marginal: Expr


def contributions(game: Table, player: int) -> tuple[Contribution, ...]:
    """The marginal contributions of the player with that index to every coalition of the others, small ones first."""
    n = game.n
    bit = 1 << player
    rows = []
    for mask in (0, *by_size(n)):
        if not mask & bit:
            size = mask.bit_count()
            weight = Rational(factorial(size) * factorial(n - 1 - size), factorial(n))
            rows.append(Contribution(mask, weight, plain(game.worths[mask | bit] - game.worths[mask])))
    return tuple(rows)


def shapley(game: Table) -> tuple[Expr, ...]:
    """The Shapley value (Shapley 1953). Worths may be symbolic; numeric tables take the integer fold."""
    if game.numeric:
        return tuple(Rational(value.numerator, value.denominator) for value in shapley_fractions(game.fractions()))
    n = game.n
    shares = []
    for player in range(n):
        bit = 1 << player
        terms = []
        for mask, worth in enumerate(game.worths):
            size = mask.bit_count()
            if mask & bit:
                terms.append(Rational(factorial(size - 1) * factorial(n - size), factorial(n)) * worth)
            elif mask:
                terms.append(-Rational(factorial(size) * factorial(n - 1 - size), factorial(n)) * worth)
        shares.append(told(plain(sympy.Add(*terms))))
    return tuple(shares)


def shapley_fractions(worths: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The Shapley value of a table of ``2**n`` exact worths, in ``O(2**n)`` additions of integers.

    ``n! phi_i = sum over S containing i of u(S) - T`` with ``u(S) = (w_{s-1} + w_s) v(S)``, ``w_s = s! (n-1-s)!`` and
    ``T = sum w_s v(S)``; the sums over S containing i come from halving the table.
    """
    size = len(worths)
    n = size.bit_length() - 1
    scale = lcm(*(worth.denominator for worth in worths))
    whole = [int(worth * scale) for worth in worths]
    weight = [factorial(s) * factorial(n - 1 - s) for s in range(n)] + [0]
    fits = max((abs(value) for value in whole), default=0) * 2 * max(weight) * size < 2**62
    kind = np.int64 if fits else object
    count = np.array([mask.bit_count() for mask in range(size)])
    small = np.array([0, *weight[:-1]], dtype=kind)[count]
    large = np.array(weight, dtype=kind)[count]
    values = np.array(whole, dtype=kind)
    total = int((large * values).sum())
    folded = (small + large) * values
    sums = []
    for _ in range(n):
        half = folded.size // 2
        sums.append(int(folded[half:].sum()))
        folded = folded[:half] + folded[half:]
    return tuple(Fraction(upper - total, factorial(n) * scale) for upper in reversed(sums))


def banzhaf(game: Table) -> tuple[Expr, ...]:
    """The Banzhaf value: every marginal contribution with weight ``2**(1-n)`` (not efficient in general)."""
    if game.numeric:
        worths = whole(game.fractions())
        places, numbers = np.arange(1 << game.n), worths.values.astype(object)
        sums = [int(numbers.sum() - 2 * numbers[places >> i & 1 == 0].sum()) for i in range(game.n)]
        return tuple(Rational(total, worths.scale * 2 ** (game.n - 1)) for total in sums)
    shares = []
    for player in range(game.n):
        bit = 1 << player
        terms = [worth if mask & bit else -worth for mask, worth in enumerate(game.worths)]
        shares.append(told(plain(sympy.Add(*terms) / 2 ** (game.n - 1))))
    return tuple(shares)


@dataclass(frozen=True)
class Tau:
    """The tau value ``lower + position * (upper - lower)`` with the bounds it lies between (Tijs 1981)."""

    upper: tuple[Expr, ...]
    lower: tuple[Expr, ...]
    position: Rational
    shares: tuple[Expr, ...]


def tau(game: Table) -> Tau | None:
    """The tau value of a numeric game: the efficient point between the minimal rights and the utopia payoffs.

    ``None`` for a game that is not quasi-balanced: lower above upper, or V(N) outside the sums of the bounds.
    """
    gains = [game.sign * worth for worth in game.fractions()]
    grand, n = game.grand, game.n
    upper = [gains[grand] - gains[grand ^ 1 << i] for i in range(n)]
    numbers = whole(gains)
    above = added_up([int(value * numbers.scale) for value in upper], np.array(numbers.values, dtype=object))
    masks, left = np.arange(grand + 1), numbers.values - above
    lower = [upper[i] + Fraction(int(left[masks >> i & 1 > 0].max()), numbers.scale) for i in range(n)]
    least, most = sum(lower, Fraction(0)), sum(upper, Fraction(0))
    if any(low > high for low, high in zip(lower, upper, strict=True)) or not least <= gains[grand] <= most:
        return None
    position = (gains[grand] - least) / (most - least) if most > least else Fraction(0)
    shares = [low + position * (high - low) for low, high in zip(lower, upper, strict=True)]

    def stated(values: list[Fraction]) -> tuple[Expr, ...]:
        return tuple(Rational(game.sign * value.numerator, value.denominator) for value in values)

    return Tau(stated(upper), stated(lower), Rational(position.numerator, position.denominator), stated(shares))


def revised(game: Table, shares: tuple[Expr, ...], weights: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """``share_i + (weight_i - 1/n) V(N)``: the total stays what it is when the weights sum to one."""
    grand = game.worths[game.grand]
    return tuple(share + moved(weight, game.n) * grand for share, weight in zip(shares, weights, strict=True))


def moved(weight: Expr, n: int) -> Expr:
    """How far a weight is from the equal one."""
    return plain(weight - Rational(1, n))
