"""Games with published solutions, stated anew, and solutions computed by definition for comparison."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

import sympy
from sympy import Expr, Integer, Max, Piecewise
from sympy.logic.boolalg import Boolean

from derive.coalition.ir import CoalitionGame, Member
from derive.coalition.table import Table
from derive.ir import Parameter, symbols


def seats(n: int, *, indicators: bool = False) -> tuple[Member, ...]:
    """Players "1", "2", ... reporting phi_1, phi_2, ..."""
    shares = symbols(" ".join(f"phi_{i + 1}" for i in range(n)))
    marks = symbols(" ".join(f"in_{i + 1}" for i in range(n)))
    return tuple(Member(str(i + 1), shares[i], indicator=marks[i] if indicators else None) for i in range(n))


def stated(key: str, worths: dict[str, object], n: int, **details: object) -> CoalitionGame:
    """A game from worths by digits of the members: ``{"12": 3}``."""
    pairs = tuple((tuple(names), sympy.sympify(worth)) for names, worth in worths.items())
    return CoalitionGame(key, key, "", seats(n), worths=pairs, **details)


def numeric(values: list[int | Fraction], sign: int = 1) -> Table:
    """A table straight from numbers by mask."""
    n = len(values).bit_length() - 1
    return Table(
        tuple(str(i + 1) for i in range(n)),
        tuple(sympy.Rational(Fraction(v).numerator, Fraction(v).denominator) for v in values),
        sign,
    )


def groups(n: int) -> list[tuple[str, ...]]:
    """All nonempty coalitions of players "1", "2", ..."""
    return [tuple(str(i + 1) for i in range(n) if mask >> i & 1) for mask in range(1, 1 << n)]


def voting(key: str, quota: int, weights: tuple[int, ...]) -> CoalitionGame:
    """A weighted voting game: worth 1 from the quota on."""
    players = seats(len(weights), indicators=True)
    total = sum(weight * player.indicator for weight, player in zip(weights, players, strict=True))
    return CoalitionGame(key, key, "", players, rule=Piecewise((1, total >= quota), (0, True)))


def airport() -> CoalitionGame:
    """Littlechild and Owen 1973: a runway serves all who need a shorter one."""
    costs = symbols("c1 c2 c3 c4")
    players = seats(4, indicators=True)
    return CoalitionGame(
        "airport", "airport", "", players, kind="cost",
        rule=Max(*(cost * player.indicator for cost, player in zip(costs, players, strict=True))),
        parameters=tuple(Parameter(cost, "cost") for cost in costs),
        assumptions=(*(cost > 0 for cost in costs), costs[0] <= costs[1], costs[1] <= costs[2], costs[2] <= costs[3]),
    )  # fmt: skip


def talmud() -> CoalitionGame:
    """O'Neill 1982, Aumann and Maschler 1985: claims 100, 200, 300 on an estate E, a name that SymPy uses too."""
    (estate,) = symbols("E")
    players = seats(3, indicators=True)
    claims = sum(claim * (1 - player.indicator) for claim, player in zip((100, 200, 300), players, strict=True))
    return CoalitionGame(
        "talmud", "talmud", "", players, rule=Max(0, estate - claims),
        parameters=(Parameter(estate, "estate"),), assumptions=(estate > 0, estate <= 600),
    )  # fmt: skip


def triangle(**details: object) -> CoalitionGame:
    """Three players whose pairs earn x, y, z in [0, 1] and together 1."""
    x, y, z = symbols("x y z")
    return stated(
        "triangle", {"1": 0, "2": 0, "3": 0, "12": x, "13": y, "23": z, "123": Integer(1)}, 3,
        parameters=tuple(Parameter(one, "worth of a pair") for one in (x, y, z)),
        assumptions=(x >= 0, x <= 1, y >= 0, y <= 1, z >= 0, z <= 1), **details,
    )  # fmt: skip


def shapley_by_arrival(values: list[Fraction]) -> list[Fraction]:
    """Shapley values from all orders of arrival."""
    n = len(values).bit_length() - 1
    found = [Fraction(0)] * n
    for order in permutations(range(n)):
        mask = 0
        for player in order:
            found[player] += values[mask | 1 << player] - values[mask]
            mask |= 1 << player
    return [value / factorial(n) for value in found]


def excesses(values: list[Fraction], shares: list[Fraction]) -> dict[int, Fraction]:
    """``v(S) - x(S)`` of every proper nonempty coalition."""
    n = len(shares)
    return {
        mask: values[mask] - sum((shares[i] for i in range(n) if mask >> i & 1), Fraction(0))
        for mask in range(1, len(values) - 1)
    }


def disjoint_pairs(n: int) -> list[tuple[int, int]]:
    """All pairs of disjoint nonempty coalitions."""
    return [(a, b) for a, b in combinations(range(1, 1 << n), 2) if not a & b]


def alike(rule: Expr, *assumptions: Boolean, kind: str = "value", **details: object) -> CoalitionGame:
    """Any number n of firms who are alike, each coalition's worth by its size s."""
    n, s, x = symbols("n s x_i")
    named = sorted(rule.free_symbols - {n, s}, key=str)
    return CoalitionGame(
        "alike", "Alike", "", (Member("firm", x, indicator=s, count=n),), kind=kind, rule=rule,
        parameters=(Parameter(n, "number", integer=True), *(Parameter(one, "parameter") for one in named)),
        assumptions=(n >= 2, *assumptions), **details,
    )  # fmt: skip
