"""Newsvendors under general and named laws: critical fractiles, capacities, chains, against closed forms of the literature."""

from __future__ import annotations

import pytest
import sympy
from sympy import And, Expr, Integer, Max, Min, Rational, log, oo
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import (
    Distribution,
    Exponential,
    GeneralDistribution,
    Model,
    Normal,
    Player,
    PowerDistribution,
    Shock,
    Uniform,
    symbols,
)
from derive.play.induction import derive_protocol
from derive.shocks import Cdf
from derive.solution import Regime
from tests.engine.statements import decide, model, protocol

p, c, v, g, q, w, X, A, B, Q, mu, n, Pi, Pi_M, Pi_R = symbols("p c v g q w X A B Q mu n Pi Pi_M Pi_R")
COSTS = (p > c, c > v, v >= 0, g >= 0)
FRACTILE = (p + g - c) / (p + g - v)
LAWS: dict[str, tuple[Distribution, tuple[Boolean, ...], Expr]] = {
    "uniform": (Uniform(A, B), (A >= 0, B > A), A + (B - A) * FRACTILE),
    "exponential": (Exponential(mu), (mu > 0,), -mu * log(1 - FRACTILE)),
    "power": (PowerDistribution(B, n), (B > 0, n > 0), B * FRACTILE ** (1 / n)),
}


def stock(law: Distribution, assumptions: tuple[Boolean, ...], domain: tuple[Boolean, ...]) -> Model:
    """Order q at cost c; sell at p, salvage at v, pay g for each unit short."""
    earned = p * Min(q, X) + v * Max(q - X, 0) - g * Max(X - q, 0) - c * q
    given = (*COSTS, *assumptions)
    parameters = tuple(sorted({s for r in (*given, *domain) for s in r.free_symbols} - {q}, key=str))
    return model(
        "stock", parameters, given, {q: domain}, (Player("N", earned, Pi),), protocol("P", (decide("N", q),)),
        shocks=(Shock(X, law, "demand"),),
    )  # fmt: skip


def solved(statement: Model, key: str = "P") -> tuple[Regime, ...]:
    solution = derive_protocol(statement, statement.protocol(key))
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    return solution.regimes


@pytest.mark.parametrize("name", LAWS)
def test_the_critical_fractile_of_a_named_law(name: str) -> None:
    law, assumptions, expected = LAWS[name]
    (regime,) = solved(stock(law, assumptions, (q >= 0,)))
    gap = dict(regime.values)[q] - expected
    at = {p: 7, c: 3, v: 1, g: 2, A: 1, B: 5, mu: 4, n: 3}
    assert abs(sympy.sympify(gap).xreplace({s: Integer(x) for s, x in at.items()}).evalf(30)) < 1e-25


@pytest.mark.parametrize(("low", "high"), [(A, B), (Integer(0), oo)])
def test_the_critical_fractile_of_any_law(low: Expr, high: Expr) -> None:
    law = GeneralDistribution("F", low, high, mu)
    given = (mu > low, *(() if high == oo else (B > A, A >= 0, mu < B)))
    (regime,) = solved(stock(law, given, (q >= 0,)))
    (item,) = regime.implicit
    assert sympy.simplify(item.equation - (FRACTILE - Cdf("F", q))) == 0
    assert (item.low, item.high) == (low, high)


def test_the_stock_against_normal_demand_is_the_root_of_the_fractile() -> None:
    (regime,) = solved(stock(Normal(mu, n), (mu > 0, n > 0), ()))
    (item,) = regime.implicit
    at = {p: 7, c: 3, v: 1, g: 2, mu: 4, n: 9}
    fractile = sympy.lambdify(q, item.equation.xreplace({s: Integer(x) for s, x in at.items()}))
    # F^-1(3/4) of the standard normal law is 0.674489750196
    assert abs(fractile(4 + 3 * 0.674489750196)) < 1e-11


def test_a_capacity_inside_or_beyond_the_support() -> None:
    regimes = solved(stock(Uniform(Integer(0), B), (B > 0, Q > 0), (q >= 0, q <= Q)))
    here = {p: Integer(7), c: Integer(3), v: Integer(1), g: Integer(2), B: Integer(8)}
    for capacity, best in ((5, 5), (6, 6), (7, 6), (9, 6)):
        at = {**here, Q: Integer(capacity)}
        (value,) = {dict(r.values)[q].xreplace(at) for r in regimes if all(x.xreplace(at) == sympy.true for x in r.region)}
        assert value == best


def chain(law: Distribution, assumptions: tuple[Boolean, ...], top: Expr) -> Model:
    """Lariviere and Porteus (2001): a manufacturer sells to a newsvendor at a wholesale price."""
    given = (p > c, c > 0, *assumptions)
    parameters = tuple(sorted({s for r in given for s in r.free_symbols}, key=str))
    return model(
        "selling", parameters, given, {w: (w >= c, w <= p), q: (q >= 0, q <= top)},
        (Player("M", (w - c) * q, Pi_M), Player("R", p * Min(q, X) - w * q, Pi_R)),
        protocol("D", (decide("M", w),), (decide("R", q),)),
        shocks=(Shock(X, law, "demand"),),
    )  # fmt: skip


def test_selling_to_a_newsvendor_under_a_power_law() -> None:
    (regime,) = solved(chain(PowerDistribution(B, n), (B > 0, n > 0), B), "D")
    values = {s: x.xreplace({p: Integer(9), c: Integer(3), n: Integer(2), B: Integer(5)}) for s, x in regime.resolved().items()}
    assert values[w] == 7
    assert sympy.simplify(values[q] - 5 * sympy.sqrt(sympy.Rational(2, 9))) == 0
    assert sympy.simplify(values[Pi_R] / values[Pi_M] - sympy.Rational(1, 3)) == 0


def test_a_response_known_only_as_a_root_is_not_held_fixed() -> None:
    law = GeneralDistribution("F", A, B, mu)
    with pytest.raises(Refusal, match="no lemma on the law"):
        solved(chain(law, (A >= 0, B > A, mu > A, mu < B), B), "D")


def priced(law: Distribution, assumptions: tuple[Boolean, ...], scale: str = "y") -> Model:
    """Petruzzi and Dada (1999): price and stock together, isoelastic demand with a multiplicative shock."""
    y, k = symbols(f"{scale} k")
    given = (y > 0, k > 1, c > 0, *assumptions)
    parameters = tuple(sorted({s for r in given for s in r.free_symbols}, key=str))
    return model(
        "priced", parameters, given, {p: (p >= c,), q: (q >= 0,)},
        (Player("N", p * Min(q, y * p**-k * X) - c * q, Pi),), protocol("P", (decide("N", p, q),)),
        shocks=(Shock(X, law, "demand"),),
    )  # fmt: skip


def test_price_and_stock_under_a_uniform_shock() -> None:
    (regime,) = solved(priced(Uniform(Integer(0), B), (B > 0,)))
    values = {
        s: x.xreplace({c: Integer(1), B: Integer(2), **dict.fromkeys(symbols("k"), Integer(2))}) for s, x in regime.values
    }
    assert values[p] == 3
    assert values[q].xreplace({symbols("y")[0]: Integer(100)}) == sympy.Rational(400, 27)


def test_a_parameter_may_have_the_name_that_a_stocking_factor_would_have_got() -> None:
    (plain,) = solved(priced(Uniform(Integer(0), B), (B > 0,)))
    (named,) = solved(priced(Uniform(Integer(0), B), (B > 0,), "z_q"))
    y, z = symbols("y z_q")
    assert [(s, x.xreplace({z: y})) for s, x in named.values] == list(plain.values)


def test_price_and_stock_under_any_law_hang_on_one_stocking_factor() -> None:
    law = GeneralDistribution("F", A, B, mu, igfr=True)
    (regime,) = solved(priced(law, (A >= 0, B > A, mu > A, mu < B)))
    (item,) = regime.implicit
    assert item.symbol not in (p, q)
    assert regime.resolved()[p].has(item.symbol)
    with pytest.raises(Refusal):
        solved(priced(GeneralDistribution("F", A, B, mu), (A >= 0, B > A, mu > A, mu < B)))


def test_two_products_under_different_laws_are_stocked_apart() -> None:
    q2, Y = symbols("q_2 Y")
    earned = p * (Min(q, X) + Min(q2, Y)) - c * (q + q2)
    statement = model(
        "two", (p, c, B, mu), (p > c, c > 0, B > 0, mu > 0), {q: (q >= 0,), q2: (q2 >= 0,)}, (Player("N", earned, Pi),),
        protocol("P", (decide("N", q, q2),)),
        shocks=(Shock(X, Uniform(Integer(0), B), "demand"), Shock(Y, Exponential(mu), "demand")),
    )  # fmt: skip
    (regime,) = solved(statement)
    values = {s: x.xreplace({p: Integer(5), c: Integer(1), B: Integer(10)}) for s, x in regime.values}
    assert values[q] == 8
    assert sympy.simplify(values[q2] - mu * log(5)) == 0


def test_units_and_options_on_more_are_refused_without_going_round_in_circles() -> None:
    """Two quantities, each a stocking factor of its own: the one in place of the other would come back for ever."""
    q, x, p, c, k, demand, B, Pi = symbols("q x p c k D B Pi")
    gain = p * Min(q + x, demand) - c * q - k * x
    statement = model(
        "options", (p, c, k, B), (k > 0, c > k, p > c, B > 0), {q: (q >= 0,), x: (x >= 0,)},
        (Player("F", gain - c * Max(0, Min(q + x, demand) - q) / 2, Pi),), protocol("P", (decide("F", q, x),)),
        shocks=(Shock(demand, Uniform(Integer(0), B), "demand"),),
    )  # fmt: skip
    with pytest.raises(Refusal, match="closed form"):
        solved(statement)


def test_a_price_before_an_additive_exponential_shock() -> None:
    """Demand A - B p + X, stock A - B p + q, costs c: q = mu log(p/c), and the price solves 2 B p^2 - (mu + A + B c) p + mu c = 0."""
    given = (A > 0, B > 0, c > 0, mu > 0, B * c < A)
    earned = p * (A - B * p + Min(q, X)) - c * (A - B * p + q)
    statement = model(
        "additive",
        (A, B, c, mu),
        given,
        {p: (p >= c,), q: (q >= 0,)},
        (Player("N", earned, Pi),),
        protocol("P", (decide("N", p, q),)),
        shocks=(Shock(X, Exponential(mu), "shock"),),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 6).accepted
    (regime,) = solution.regimes
    values = regime.resolved()
    total = mu + A + B * c
    at = {A: 5, B: 2, c: 1, mu: 3}
    price = ((total + sympy.sqrt(total**2 - 8 * B * mu * c)) / (4 * B)).subs(at)
    assert abs(sympy.N(values[p].subs(at) - price, 30)) < 1e-25
    assert abs(sympy.N(values[q].subs(at) - mu.subs(at) * log(price / c.subs(at)), 30)) < 1e-25


@pytest.mark.parametrize("law", [Uniform(Integer(0), B), GeneralDistribution("F", Integer(0), B, mu)])
def test_where_leftovers_sell_for_more_than_they_cost_nothing_is_claimed(law: Distribution) -> None:
    given = (c > 0, v >= 0, p > v, p > c, B > 0, mu > 0, mu < B)
    objective = p * Min(q, X) + v * Max(q - X, 0) - c * q
    statement = model(
        "cheap", (p, c, v, B, mu), given, {q: (q >= 0,)}, (Player("N", objective, Pi),), protocol("P", (decide("N", q),)),
        shocks=(Shock(X, law, "demand"),),
    )  # fmt: skip
    solution = derive_protocol(statement, statement.protocol("P"))
    assert check_solution(statement, solution, 4).accepted
    assert [regime.region for regime in solution.regimes] == [(c > v,)]
    assert [gap.region for gap in solution.gaps] == [(v >= c,)]


def test_a_fee_for_reserved_capacity_may_be_too_high_for_any_to_be_reserved() -> None:
    """The buyer reserves K with (p - w)(1 - K/B) = r; the seller's r K + w E min(K, X) - c K is then best at K = B (p - c)/(2 p - w)."""
    fee, capacity = symbols("r K")
    statement = model(
        "reservation", (p, c, w, B), (c > 0, w > c, p > w, B > 0), {fee: (fee >= 0,), capacity: (capacity >= 0,)},
        (
            Player("seller", fee * capacity + w * Min(capacity, X) - c * capacity, Pi_M),
            Player("buyer", (p - w) * Min(capacity, X) - fee * capacity, Pi_R),
        ),
        protocol("P", (decide("seller", fee),), (decide("buyer", capacity),)), shocks=(Shock(X, Uniform(Integer(0), B), "demand"),),
    )  # fmt: skip
    (regime,) = solved(statement)
    values = dict(regime.values)
    assert (values[capacity] - B * (p - c) / (2 * p - w)).simplify() == 0
    assert (values[fee] - (p - w) * (p + c - w) / (2 * p - w)).simplify() == 0


def test_what_a_first_order_condition_tells_is_not_compared_across_a_kink() -> None:
    """Taylor (2002): a rebate on sales above a target makes the payoff rise again beyond it; under an exponential law either best
    order is a logarithm, and which of the two is better is not told."""
    earned = p * Min(q, X) + v * Max(Min(q, X) - g, 0) - c * q
    statement = model(
        "rebate", (p, c, v, g, mu), (c > 0, p > c, v > 0, g > 0, mu > 0), {q: (q >= 0,)}, (Player("N", earned, Pi),),
        protocol("P", (decide("N", q),)), shocks=(Shock(X, Exponential(mu), "demand"),),
    )  # fmt: skip
    with pytest.raises(Refusal, match="told by its first-order condition only"):
        derive_protocol(statement, statement.protocol("P"))


def test_a_seller_of_options_names_the_price_of_a_reservation() -> None:
    """A unit reserved costs w, calling it v more; a unit of capacity costs the seller g, a unit delivered c; demand is uniform."""
    given = (g > 0, c >= 0, v >= c, p > v + g, B > 0)
    statement = model(
        "options", (p, c, v, g, B), given, {w: (w >= 0,), q: (q >= 0,)},
        (Player("M", w * q - g * q + (v - c) * Min(q, X), Pi_M), Player("R", (p - v) * Min(q, X) - w * q, Pi_R)),
        protocol("P", (decide("M", w),), (decide("R", q),)), shocks=(Shock(X, Uniform(Integer(0), B), "demand"),),
    )  # fmt: skip
    (regime,) = solved(statement)
    share = (p - c - g) / (2 * p - v - c)
    assert sympy.simplify(dict(regime.values)[q] - B * share) == 0
    assert sympy.simplify(dict(regime.values)[w] - (p - v) * (1 - share)) == 0


def test_a_shortage_is_met_at_a_dear_price_or_not_at_all() -> None:
    """A case of the parameters alone: what is short is bought at w where that costs less than going without it, w < p + g."""
    earned = p * Min(q, X) + v * Max(q - X, 0) - c * q + Max(p - w, -g) * Max(X - q, 0)
    given = (*COSTS, w > c, c > 0, A >= 0, B > A)
    statement = model(
        "emergency", (p, c, v, g, w, A, B), given, {q: (q >= 0,)}, (Player("N", earned, Pi),),
        protocol("P", (decide("N", q),)), shocks=(Shock(X, Uniform(A, B), "demand"),),
    )  # fmt: skip
    base = {c: 4, v: 1, g: 2, A: 3, B: 9}
    for price, dear, short in ((8, 9, 9), (8, 12, 10), (5, 7, 7)):
        at = base | {p: price, w: dear}
        (here,) = [r for r in solved(statement) if all(relation.subs(at) for relation in r.region)]
        assert dict(here.values)[q].subs(at) == 3 + 6 * sympy.Rational(short - 4, short - 1)


def capacity(*more: Boolean) -> Model:
    """Capacity q at a cost c q**2/2, each unit used earning p, under demand that is at least A."""
    player = Player("N", p * Min(q, X) - c * q**2 / 2, Pi)
    given = (A > 0, B > A, p > 0, c > 0, *more)
    return model(
        "capacity", (A, B, p, c), given, {q: (q >= 0,)}, (player,), protocol("P", (decide("N", q),)),
        shocks=(Shock(X, Uniform(A, B), "demand"),),
    )  # fmt: skip


def test_where_the_best_capacity_may_be_surely_used_nothing_is_said_of_the_law() -> None:
    """Where c A >= p the best capacity is p/c, below all demand: neither at a fractile nor at the bound 0."""
    with pytest.raises(Refusal, match=r"may change its sign beyond q = A, an end of the support"):
        derive_protocol(capacity(), capacity().protocol("P"))
    (regime,) = solved(capacity(p > c * A))
    assert sympy.simplify(dict(regime.values)[q] - B * p / (p + c * (B - A))) == 0


def test_a_capacity_may_end_where_demand_does() -> None:
    statement = stock(Uniform(A, B), (A >= 0, B > A, Q >= 0), (q >= 0, q <= Q))
    regimes = solved(statement)
    at = {p: Integer(4), c: Integer(2), v: Integer(1), g: Integer(0), A: Integer(1), B: Integer(4)}
    for capacity, order in ((4, 3), (5, 3), (3, 3), (2, 2), (0, 0)):
        here = {**at, Q: Integer(capacity)}
        orders = {r.resolved()[q].xreplace(here) for r in regimes if all(x.xreplace(here) == sympy.true for x in r.region)}
        assert orders == {order}


def test_what_a_budget_does_not_pay_for_is_borrowed() -> None:
    """Buzacott and Zhang (2004): units beyond a budget cost interest. The budget is left, spent, or exceeded: by hand, the fractiles
    (p - w)/p and (p - w(1 + r))/p of demand that is uniform on [0, B], with all that the money buys in between."""
    budget, r = symbols("m r")
    statement = model(
        "credit", (p, w, B, budget, r), (w > 0, B > 0, budget >= 0, r >= 0, p > w * (1 + r)), {q: (q >= 0,)},
        (Player("N", p * Min(q, X) - w * q - r * Max(w * q - budget, 0), Pi),), protocol("P", (decide("N", q),)),
        shocks=(Shock(X, Uniform(Integer(0), B), "demand"),),
    )  # fmt: skip
    rich, poor = B * (p - w) / p, B * (p - w * (1 + r)) / p
    expected = {rich: w * rich <= budget, poor: w * poor >= budget, budget / w: And(w * rich > budget, w * poor < budget)}
    regimes = solved(statement)
    assert [one.name for one in regimes] == ["1", "2", "3"]  # without the numbers of cells that are empty
    for at in ({p: 10, w: 4, B: 9, r: Rational(1, 4), budget: m} for m in (0, 10, 18, 20, 22, 30)):
        (regime,) = [one for one in regimes if all(relation.xreplace(at) == sympy.true for relation in one.region)]
        (best,) = {value.xreplace(at) for value, where in expected.items() if where.xreplace(at) == sympy.true}
        assert dict(regime.values)[q].xreplace(at) == best
