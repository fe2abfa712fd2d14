"""Contracts between a principal and an agent: expected values are told by hand."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Max, Min, Rational, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.ir import CARA, Model, Normal, Participation, Player, Shock, Uniform, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine.statements import decide, model, protocol

V, k, u, e, s, t, eps, U, A = symbols("V k u e s t eps U A")
VALUES = (Integer(0), Integer(1))


def solved(stated: Model) -> Solution:
    solution = derive_protocol(stated, stated.protocols[0])
    assert check_solution(stated, solution, 8).failures == ()
    return solution


def at(solution: Solution, point: dict[Symbol, Rational]) -> dict[Symbol, Expr]:
    """The values at a point of the parameters."""
    (here,) = [r for r in solution.regimes if all(relation.xreplace(point) is true for relation in r.region)]
    return {symbol: value.xreplace(point) for symbol, value in here.resolved().items()}


def test_a_share_that_just_calls_forth_the_most_effort_there_is() -> None:
    """Effort min(t/k, 1/2). The risk premium 2 t**2 falls with the share, yet not beyond k/2, where effort would fall: a kink, at
    which participation is still worth to the principal what the fixed wage costs."""
    pay = s + t * (e + eps)
    game = model(
        "len", (k, u), (4 * k > 1, k < Rational(4, 5)), {s: (), t: (t >= 0,), e: (e >= 0, 2 * e <= 1)},
        (Player("P", 2 * e - pay, U), Player("A", pay - k * e**2 / 2, A, risk=CARA(Integer(4)))),
        protocol("hidden", (decide("P", s, t, subject_to=(Participation("A", u),)),), (decide("A", e),)),
        shocks=(Shock(eps, Normal(Integer(0), Integer(1)), "noise"),),
    )  # fmt: skip
    found = at(solved(game), {k: Rational(1, 2), u: Rational(0)})
    assert (found[t], found[e]) == (Rational(1, 4), Rational(1, 2))
    assert found[s] == 2 * found[t] ** 2 - found[t] / 2 + Rational(1, 16)


def hidden(*floors: Boolean) -> Model:
    """Effort 0 or 1 makes success as likely as 1/4 or 3/4; s and t are the wages after success and after failure."""
    likely = Rational(1, 4) + e / 2
    pay = likely * s + (1 - likely) * t
    game = model(
        "moral", (V, k, u), (V > 0, k > 0, u >= 0), {s: (), t: (), e: ()} | {next(iter(r.free_symbols)): (r,) for r in floors},
        (Player("P", likely * V - pay, U), Player("A", pay - k * e, A)),
        protocol("hidden", (decide("P", s, t, subject_to=(Participation("A", u),)),), (decide("A", e),)),
    )  # fmt: skip
    return replace(game, variables=tuple(replace(v, values=VALUES) if v.symbol is e else v for v in game.variables))


def test_wages_of_which_only_what_is_expected_matters_are_a_continuum() -> None:
    """Laffont and Martimort (2002), 4.1: without limited liability effort is worth V/2 - k, and any wages will do that pay u on average and
    differ by at least 2 k."""
    solution = solved(hidden())
    (here,) = [r for r in solution.regimes if all(relation.xreplace({V: 5, k: 1, u: 1}) is true for relation in r.region)]
    found = {symbol: value.xreplace({V: 5, k: 1, u: 1}) for symbol, value in here.resolved().items()}
    assert here.free == (t,)
    assert (found[e], found[U], found[A]) == (1, Rational(7, 4), 1)
    assert (3 * found[s] + t - 8).expand() == 0
    held = {paid: all(relation.xreplace({V: 5, k: 1, u: 1, t: paid}) for relation in here.among) for paid in (-3, 0, 1)}
    assert held == {-3: True, 0: True, 1: False}


def test_limited_liability_leaves_one_wage_where_it_binds_and_a_continuum_elsewhere() -> None:
    """Effort costs 3 k/2 in wages, k/2 more than it should, where u <= k/2; beyond that the agent has to be paid as much anyway."""
    solution = solved(hidden(s >= 0, t >= 0))
    for point, chosen, paid, agent in (
        ({V: 5, k: 1, u: 0}, 1, Rational(9, 4), Rational(1, 2)),
        ({V: Rational(5, 2), k: 1, u: 0}, 0, Rational(5, 8), 0),
        ({V: 5, k: 1, u: 1}, 1, Rational(7, 4), 1),
        ({V: Rational(5, 2), k: 1, u: Rational(1, 4)}, 0, Rational(3, 8), Rational(1, 4)),
    ):
        (here,) = [r for r in solution.regimes if all(relation.xreplace(point) is true for relation in r.region)]
        found = {symbol: value.xreplace(point) for symbol, value in here.resolved().items()}
        assert (found[e], found[U], found[A]) == (chosen, paid, agent)
        assert bool(here.free) == (point[u] > 0)


def test_two_best_choices_that_are_both_declined_are_one_regime() -> None:
    """Both s = 2 and s = -2 pay V + 4, which is declined where u is more."""
    game = model(
        "two", (V, u), (V > 0, u > 0), {s: (s >= -2, s <= 2)},
        (Player("P", V + s**2, U),), replace(protocol("alone", (decide("P", s),)), outside=(("P", u),)),
    )  # fmt: skip
    solution = solved(game)
    assert [len(r.region) for r in solution.regimes if r.outside] == [1]
    assert {r.resolved()[s] for r in solution.regimes if not r.outside} == {-2, 2}


def test_a_cost_of_effort_that_may_be_zero_leaves_one_choice_where_it_is() -> None:
    """Success only with effort: it is worth V - k, and where it is not taken any wage for it will do that does not call it forth."""
    pay = e * s + (1 - e) * t
    game = model(
        "moral", (V, k), (V > 0, k >= 0), {s: (s >= 0,), t: (t >= 0,), e: ()},
        (Player("P", e * V - pay, U), Player("A", pay - k * e, A)), protocol("hidden", (decide("P", s, t),), (decide("A", e),)),
    )  # fmt: skip
    solution = solved(replace(game, variables=tuple(replace(v, values=VALUES) if v.symbol is e else v for v in game.variables)))
    assert not solution.gaps
    assert {r.resolved()[U]: (r.resolved()[e], r.free) for r in solution.regimes} == {0: (0, (s,)), V - k: (1, ())}


def test_a_price_at_which_nothing_is_sold_may_be_any() -> None:
    """A two-part tariff where the market may be worth less than costs c and k: then nothing is sold, at any price w that sees to that."""
    w, c, p, fee = symbols("w c p F")
    game = model(
        "tariff", (V, c, k), (V > 0, c >= 0, k >= 0), {w: (w >= 0,), fee: (), p: (p >= 0, p <= V)},
        (Player("M", fee + (w - c) * (V - p), U), Player("R", (p - w - k) * (V - p) - fee, A)),
        protocol("tariff", (decide("M", w, fee, subject_to=(Participation("R", Integer(0)),)),), (decide("R", p),)),
    )  # fmt: skip
    solution = solved(game)
    told = {regime.free: regime.resolved() for regime in solution.regimes}
    assert (told[()][w], told[()][fee], told[w,][p]) == (c, (V - c - k) ** 2 / 4, V)


def test_a_payoff_that_has_no_value_where_another_piece_is_best_is_no_crash() -> None:
    """A buyback price t beside the wholesale price w: where both are the retail price V the retailer's order is 0/0. It is not settled."""
    w, c, q, demand = symbols("w c q X")
    pay = w * q - t * Max(q - demand, 0)
    game = model(
        "buyback", (V, c), (V > 0, c >= 0), {w: (w >= 0, w <= V), t: (t >= 0,), q: (q >= 0, q <= 1)},
        (Player("M", pay - c * q, U), Player("R", V * Min(q, demand) - pay, A)),
        protocol("buyback", (decide("M", w, t),), (decide("R", q),)),
        shocks=(Shock(demand, Uniform(Integer(0), Integer(1)), "demand"),),
    )  # fmt: skip
    solution = derive_protocol(game, game.protocols[0])
    assert [(gap.kind, gap.region) for gap in solution.gaps] == [(Without.UNSETTLED, ())]


def test_a_fixed_wage_that_may_not_be_negative_and_an_agent_who_may_leave() -> None:
    """Hidden effort, a linear wage, constant absolute risk aversion, and a fixed part t >= 0: of all shares, t the least wage that the
    agent accepts, the best one is searched for. Which constraint binds, and whether a share pays for its risk, is up to the parameters."""
    r, s, k, u, t, al, e, n, own, other = symbols("r s k u t al e n U_P U_A")
    statement = model(
        "liability", (r, s, k, u), (r > 0, s > 0, k > 0, u >= 0), {t: (t >= 0,), al: (al >= 0, al <= 1), e: (e >= 0,)},
        (Player("P", (1 - al) * (e + n) - t, own), Player("A", t + al * (e + n) - k * e**2 / 2, other, risk=CARA(r))),
        protocol("P", (decide("P", t, al, subject_to=(Participation("A", u),)),), (decide("A", e),)),
        shocks=(Shock(n, Normal(Integer(0), s), "noise"),),
    )  # fmt: skip
    solution = solved(statement)
    chance = random.Random(3)
    seen = set()
    for _ in range(60):
        point = {r: Rational(chance.randint(1, 8), 4), s: Rational(chance.randint(1, 8), 4), k: Rational(chance.randint(1, 8), 4)}
        point[u] = Rational(chance.randint(0, 12), 40)
        seen |= {one.name for one in solution.regimes if all(relation.xreplace(point) is true for relation in one.region)}
        risky = float((1 / point[k] - point[r] * point[s]) / 2)
        shares = [i / 4000 for i in range(4001)]
        shares += [x for x in ((float(point[u]) / risky) ** 0.5 if risky > 0 else 2.0,) if x <= 1]  # where the wage reaches zero
        earned = [(1 - x) * x / float(point[k]) - max(0.0, float(point[u]) - risky * x**2) for x in shares]
        assert float(at(solution, point)[own]) == pytest.approx(max(earned), abs=1e-6)
    assert seen == {one.name for one in solution.regimes}
