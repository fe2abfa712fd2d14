"""A price offered to a buyer who is indifferent at one price: what the answer is hinges on how the tie is broken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Min, Rational
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.ir import Decision, Model, Player, Shock, Stage, Uniform, symbols
from derive.play.induction import derive_protocol
from derive.solution import Without
from tests.engine import statements
from tests.engine.statements import protocol

v, c, K, t, y, earns, gains = symbols("v c K t y Pi_S Pi_B")


def offer(*rule: Boolean) -> Model:
    """The seller names a price, the buyer a quantity up to K; `rule` says what the buyer does when indifferent."""
    stages = protocol("offer", (Decision(("S",), (t,)),), (Decision(("B",), (y,), indifferent=rule),))
    return statements.model(
        "offer",
        (v, c, K),
        (v > 0, c >= 0, K > 0, c < v),
        {t: (t >= 0,), y: (y >= 0, y <= K)},
        (Player("S", (t - c) * y, earns), Player("B", (v - t) * y, gains)),
        stages,
    )


@pytest.mark.parametrize("rule", [(), (y >= K,)], ids=["the seller's favourite", "stated"])
def test_the_whole_value_is_taken_when_the_tie_is_broken_in_the_sellers_favour(rule: tuple[Boolean, ...]) -> None:
    statement = offer(*rule)
    solution = derive_protocol(statement, statement.protocols[0])
    (regime,) = solution.regimes
    values = regime.resolved()
    assert (values[t], values[y]) == (v, K)
    assert (values[earns] - (v - c) * K).expand() == 0
    assert any("hinges on a tie" in warning for warning in solution.warnings) == (not rule)
    assert not check_solution(statement, solution, 4).failures


def test_the_supremum_is_not_attained_when_the_tie_is_broken_against_the_seller() -> None:
    statement = offer(y <= 0)
    solution = derive_protocol(statement, statement.protocols[0])
    assert not solution.regimes
    assert [gap.kind for gap in solution.gaps] == [Without.NOT_ATTAINED]


def test_a_follower_with_a_binary_like_reply_is_held_at_its_threshold() -> None:
    """A regulator wants little but must make the firm abate: the firm abates all or nothing, the subsidy just makes it willing."""
    statement = offer()
    s, e, cost, benefit, firm, state = symbols("s e k B U W")
    stages = (Stage((Decision(("state",), (s,)),)), Stage((Decision(("firm",), (e,)),)))
    statement = replace(
        statements.model(
            "subsidy",
            (cost, benefit),
            (cost > 0, benefit > cost),
            {s: (s >= 0,), e: (e >= 0, e <= 1)},
            (Player("state", (benefit - s) * e, state), Player("firm", (s - cost) * e, firm)),
            replace(statement.protocols[0], stages=stages),
        ),
        key="subsidy",
    )
    (regime,) = derive_protocol(statement, statement.protocols[0]).regimes
    assert (regime.resolved()[s], regime.resolved()[e]) == (cost, 1)


def test_parameters_at_which_a_later_player_is_indifferent_are_left_out() -> None:
    """The follower takes all or nothing; where it is indifferent the leader's choice depends on which: a gap, and only there."""
    a, x, lead, follow = symbols("a x Pi_L Pi_F")
    statement = statements.model(
        "all_or_nothing",
        (a, c),
        (a > 0, c > 0),
        {x: (x >= 0,), y: (y >= 0, y <= 1)},
        (Player("L", x * (y + 1) - x**2, lead), Player("F", y**2 + (a - c) * y, follow)),
        protocol("in_turn", (Decision(("L",), (x,)),), (Decision(("F",), (y,)),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert not check_solution(statement, solution, 6).failures
    (gap,) = solution.gaps
    assert gap.kind is Without.UNSETTLED
    assert "equally good" in gap.reason

    def regimes(**values: int) -> list[tuple[Expr, ...]]:
        at = {symbols(name)[0]: Integer(value) for name, value in values.items()}
        held = [one for one in solution.regimes if all(relation.xreplace(at) for relation in one.region)]
        return [tuple(one.resolved()[symbol].xreplace(at) for symbol in (x, y)) for one in held]

    assert regimes(a=2, c=1) == [(1, 1)]
    assert regimes(a=1, c=3) == [(Rational(1, 2), 0)]
    assert regimes(a=1, c=2) == []
    assert [relation.xreplace({a: 1, c: 2}) for relation in gap.region] == [True]


def test_a_tie_that_is_not_settled_is_told_without_what_its_equations_imply() -> None:
    """Anand, Anupindi and Bassok 2008 with prices announced at once: what is sold later may be bought early and stored."""
    a, b, h, early, late, sold, stored, bought = symbols("a b h v w x s z")
    buyer = (a - b * sold) * sold - h * stored - early * (sold + stored) + (a - b * (stored + bought)) * (stored + bought) - late * bought
    statement = statements.model(
        "stored",
        (a, b, h),
        (a > 0, b > 0, h > 0),
        {one: (one >= 0,) for one in (early, late, sold, stored, bought)},
        (Player("S", early * (sold + stored) + late * bought, earns), Player("B", buyer, gains)),
        protocol("P", (Decision(("S",), (early, late)),), (Decision(("B",), (sold, stored, bought)),)),
    )
    warnings = derive_protocol(statement, statement.protocols[0]).warnings
    told = [warning.partition(", B find")[0] for warning in warnings if warning.endswith("is not settled")]
    assert told == ["where h + v = a and a = w", "where a > w and h + v = w"]


def test_prices_for_a_buyer_who_stays_away_are_said_to_be_as_good_as_one_another() -> None:
    """DeGraba's maker names a price to each of two rivals, of whom the second has costs of its own: where these are high it
    supplies the first alone, and any price that keeps the second away does that."""
    a, k, w_1, w_2, q_1, q_2, Pi_M, Pi_1, Pi_2 = symbols("a k w_1 w_2 q_1 q_2 Pi_M Pi_1 Pi_2")
    price = a - q_1 - q_2
    statement = statements.model(
        "two_prices",
        (a, k),
        (2 * k > a, 3 * a > 4 * k),
        {symbol: (symbol >= 0,) for symbol in (w_1, w_2, q_1, q_2)},
        (
            Player("M", w_1 * q_1 + w_2 * q_2, Pi_M),
            Player("R1", (price - w_1) * q_1, Pi_1),
            Player("R2", (price - w_2 - k) * q_2, Pi_2),
        ),
        protocol(
            "P",
            (Decision(("M",), (w_1, w_2)),),
            (Decision(("R1",), (q_1,)), Decision(("R2",), (q_2,))),
        ),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    (regime,) = solution.regimes
    assert (regime.resolved()[Pi_M] - a**2 / 8).expand() == 0
    point = {a: Integer(4), k: Rational(5, 2)}
    assert regime.free == (w_2,)
    assert [all(r.xreplace({**point, w_2: price}) for r in regime.among) for price in (0, Rational(1, 2), 9)] == [False, True, True]
    assert not check_solution(statement, solution, 4).failures


def _sells(payoff: Expr, given: tuple[Boolean, ...], *shocks: Shock, rule: tuple[Boolean, ...] = ()) -> Model:
    """A maker prices below the retail price v; a retailer orders and earns `payoff`."""
    stages = protocol("sale", (Decision(("M",), (t,)),), (Decision(("R",), (y,), indifferent=rule),))
    players = (Player("M", (t - c) * y, earns), Player("R", payoff, gains))
    parameters = tuple(sorted({s for relation in given for s in relation.free_symbols}, key=str))
    statement = statements.model("sale", parameters, given, {t: (t >= c, t <= v), y: (y >= 0,)}, players, stages)
    return replace(statement, shocks=shocks)


@pytest.mark.parametrize(("rule", "told"), [((), True), ((y >= K,), False)], ids=["no rule", "a rule picks"])
def test_a_margin_of_zero_on_sales_up_to_a_market_is_said_to_leave_every_order_as_good(
    rule: tuple[Boolean, ...], told: bool
) -> None:
    statement = _sells(v * Min(K, y) - t * y, (v > c, c > 0, K > 0), rule=rule)
    solution = derive_protocol(statement, statement.protocols[0])
    (regime,) = solution.regimes
    assert (regime.resolved()[t], regime.resolved()[y]) == (v, K)
    assert solution.warnings == (("where v = t every choice with K > y and y >= 0 pays as much as the one given",) if told else ())


@pytest.mark.parametrize(("low", "told"), [(K, True), (Integer(0), False)], ids=["some is sold for sure", "perhaps nothing is"])
def test_a_margin_of_zero_leaves_every_order_below_sure_demand_as_good(low: Expr, told: bool) -> None:
    D, H = symbols("D H")
    given = (v > c, c > 0, K > 0, H > K) if told else (v > c, c > 0, H > 0)
    statement = _sells(v * Min(D, y) - t * y, given, Shock(D, Uniform(low, H), "demand"))
    solution = derive_protocol(statement, statement.protocols[0])
    assert solution.warnings == (("where v = t every choice with y <= K pays as much as y = K",) if told else ())
