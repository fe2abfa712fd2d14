"""The tau value of games with symbolic worths: published rules, and the numeric game at exact points."""

from __future__ import annotations

import random

import pytest
import sympy
from sympy import And, Eq, Max, Min, Rational, S, sqrt

from derive.check.coalition import verify_solutions
from derive.coalition import CoalitionGame, derive_coalition
from derive.errors import Refusal
from derive.ir import Parameter, symbols
from derive.solution import Regime, Solution, Without
from tests.coalition.coalition_games import seats, stated

a, b, c, v = symbols("a b c v")
phi = symbols("phi_1 phi_2 phi_3 phi_4")
POSITIVE = (a > 0, b > 0, c > 0)


def tau(game: CoalitionGame) -> Solution:
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions) == ()
    return solutions[-1]


def named(key: str, worths: dict[str, object], n: int, *assumptions: sympy.Basic, kind: str = "value") -> CoalitionGame:
    used = sorted(set().union(*(sympy.sympify(worth).free_symbols for worth in worths.values())), key=str)
    parameters = tuple(Parameter(one, "worth") for one in used)
    return stated(key, worths, n, parameters=parameters, assumptions=assumptions, concepts=("tau",), kind=kind)


def holding(solution: Solution, point: dict[sympy.Symbol, Rational]) -> list[Regime]:
    return [one for one in solution.regimes if And(*one.region).xreplace(point) == sympy.true]


def test_bankruptcy_is_settled_by_the_adjusted_proportional_rule() -> None:
    """Curiel, Maschler and Tijs 1987: minimal rights first, the rest in proportion to the claims left, cut at what is left."""
    players = seats(3, indicators=True)
    claims = (a, b, c)
    short = sum((claim * (1 - one.indicator) for claim, one in zip(claims, players, strict=True)), S.Zero)
    game = CoalitionGame(
        "estate", "Estate", "", players, rule=Max(0, v - short), concepts=("tau",),
        parameters=tuple(Parameter(one, "amount") for one in (*claims, v)),
        assumptions=(a > 0, b > a, c > b, v > 0, v < a + b + c),
    )  # fmt: skip
    found = tau(game)
    assert not found.gaps
    source, met = random.Random(5), set()
    for _ in range(60):
        owed = sorted(source.sample(range(1, 40), 3))
        point = dict(zip((a, b, c, v), map(sympy.Integer, (*owed, source.randint(1, sum(owed) - 1))), strict=True))
        estate = point[v]
        rights = [Max(0, estate - (sum(owed) - one)) for one in owed]
        left = estate - sum(rights)
        claimed = [Min(one - right, left) for one, right in zip(owed, rights, strict=True)]
        (regime,) = holding(found, point)
        met.add(regime.name)
        for share, right, claim in zip(phi[:3], rights, claimed, strict=True):
            assert dict(regime.values)[share].xreplace(point) == right + claim * left / sum(claimed)
    assert len(met) >= 5


def test_where_rights_vanish_shares_are_proportional_to_marginal_contributions() -> None:
    """Tijs 1981, for a game whose pairs earn little: utopia payoffs 1 - c, 1 - b, 1 - a share 1 in proportion."""
    worths = {"1": 0, "2": 0, "3": 0, "12": a, "13": b, "23": c, "123": 1}
    found = tau(named("pairs", worths, 3, a >= 0, b >= 0, c >= 0, a <= 1, b <= 1, c <= 1))
    point = {a: Rational(1, 2), b: Rational(1, 3), c: Rational(1, 4)}
    (regime,) = holding(found, point)
    shares = [sympy.cancel(dict(regime.values)[one]) for one in phi[:3]]
    assert all(sympy.cancel(one - (1 - pair) / (3 - a - b - c)) == 0 for one, pair in zip(shares, (c, b, a), strict=True))
    assert [(gap.region, gap.kind) for gap in found.gaps] == [((a + b + c > 2,), Without.INFEASIBLE)]
    tight = next(one for one in found.regimes if Eq(a + b + c, 2) in one.region)
    assert dict(tight.values) == {phi[0]: 1 - c, phi[1]: 1 - b, phi[2]: 1 - a}


def test_big_boss_and_convex_and_inessential_games() -> None:
    """Muto, Nakayama, Potters and Tijs 1988: a big boss takes half of every contribution. Costs that add up are paid by each."""
    boss = {"1": 0, "2": 0, "3": 0, "12": a, "13": b, "23": 0, "123": a + b}
    (regime,) = tau(named("boss", boss, 3, *POSITIVE[:2])).regimes
    assert [dict(regime.values)[one] for one in phi[:3]] == [a / 2 + b / 2, a / 2, b / 2]
    costs = {"1": a, "2": b, "3": c, "12": a + b, "13": a + c, "23": b + c, "123": a + b + c}
    (regime,) = tau(named("apart", costs, 3, *POSITIVE, kind="cost")).regimes
    assert [dict(regime.values)[one] for one in phi[:3]] == [a, b, c]
    squares = {"".join(g): sum((x for x, k in zip((a, b, c), "123", strict=True) if k in g), S.Zero) ** 2
               for g in ("1", "2", "3", "12", "13", "23", "123")}  # fmt: skip
    (regime,) = tau(named("squares", squares, 3, *POSITIVE)).regimes
    assert all(sympy.expand(dict(regime.values)[one] - x * (a + b + c)) == 0 for one, x in zip(phi[:3], (a, b, c), strict=True))


def test_roots_leave_a_case_open_that_no_point_is_known_of() -> None:
    """Costs of joint orders, roots of sums: that the bounds never agree is not seen, so that case is a gap and no regime."""
    worths = {"".join(g): sqrt(sum((x for x, k in zip((a, b, c), "123", strict=True) if k in g), S.Zero))
              for g in ("1", "2", "3", "12", "13", "23", "123")}  # fmt: skip
    found = tau(named("orders", worths, 3, *POSITIVE, kind="cost"))
    assert len(found.regimes) == 1
    assert [gap.kind for gap in found.gaps] == [Without.UNSETTLED]


def test_a_symbol_for_every_worth_of_five_players_is_refused_at_once() -> None:
    worths = {"".join(p for i, p in enumerate("12345") if k >> i & 1): symbols(f"w_{k}")[0] for k in range(1, 32)}
    with pytest.raises(Refusal, match="too many cases"):
        derive_coalition(named("five", worths, 5))
