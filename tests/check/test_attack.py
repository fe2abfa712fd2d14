"""The numerical attack: neither false alarms nor blind spots."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Max, Rational

from derive.check.attack import attack
from derive.check.solution import check_solution
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from models.gallery.four_tier_serial_chain.model import model as four_tiers

a, c, k, K, q, Pi = symbols("a c k K q Pi")


def test_a_bound_that_an_earlier_choice_sets_is_kept_when_that_choice_is_varied() -> None:
    """Capacity first, then output up to it: a deviation to less capacity may not keep the old output."""
    protocol = Protocol("own", "own", (Stage((Decision(("F",), (K,)),)), Stage((Decision(("F",), (q,)),))))
    model = Model(
        key="capacity",
        title="Capacity, then output",
        source="",
        parameters=(Parameter(a, "market size"), Parameter(c, "unit cost"), Parameter(k, "cost of capacity")),
        assumptions=(a > c + k, c >= 0, k > 0),
        variables=(Variable(K, "capacity", (K >= 0,)), Variable(q, "output", (q >= 0, q <= K))),
        players=(Player("F", (a - q - c) * q - k * K, Pi),),
        protocols=(protocol,),
    )
    report = check_solution(model, derive_protocol(model, protocol), 12)
    assert report.accepted, report.failures


def test_the_error_of_answers_deep_down_is_no_gain() -> None:
    """Four tiers with hardly any surplus left: prices far above margins, so that an error of a price weighs heavily in a margin."""
    solution = derive_protocol(four_tiers, four_tiers.protocols[0])
    assert not attack(four_tiers, solution, 12).findings


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_a_price_that_is_slightly_wrong_in_a_chain_of_four_is_found_though_everybody_answers_it_rightly(tier: int) -> None:
    """Half a per cent of the surplus off: what it costs is of second order, and answers are searched three stages deep."""
    solution = derive_protocol(four_tiers, four_tiers.protocols[0])
    stages = four_tiers.protocols[0].stages
    own = stages[tier - 1].decisions[0].chooses[0]
    values = solution.regimes[0].resolved()
    lowest = values[stages[0].decisions[0].chooses[0]]
    values[own] += lowest / 200
    response = next(r for r in solution.responses if r.complete and r.stage == tier + 1)
    values |= {symbol: value.xreplace(values) for symbol, value in response.cases[0].values}
    chosen = [s for stage in stages for d in stage.decisions for s in d.chooses]
    forged = replace(solution.regimes[0], values=tuple((symbol, values[symbol]) for symbol in chosen))
    assert attack(four_tiers, replace(solution, regimes=(forged,)), 3).findings


def test_an_answer_that_a_search_misses_is_no_gain() -> None:
    """The manufacturer's payoff has a narrow peak above a flat stretch: where it is missed, the retailer seems to gain."""
    m, w, U, V = symbols("m w U V")
    sold = Max(0, a - w - m)
    protocol = Protocol("RS", "", (Stage((Decision(("R",), (m,)),)), Stage((Decision(("M",), (w,)),))))
    model = Model(
        "flat", "", "", (Parameter(a, ""), Parameter(c, "")), (a > c, c >= 0),
        (Variable(m, "", (m >= 0,)), Variable(w, "", (w >= 0,))),
        (Player("M", (w - c) * sold, U), Player("R", m * sold, V)),
        (protocol,),
    )  # fmt: skip
    solution = derive_protocol(model, protocol)
    assert not attack(model, solution, 50).findings
    values = tuple((s, e * Rational(51, 50) if s == m else e) for s, e in solution.regimes[0].values if s in (m, w))
    assert attack(model, replace(solution, regimes=(replace(solution.regimes[0], values=values),)), 12).findings
