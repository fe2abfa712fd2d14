"""Nash bargaining inside a protocol, against the literature and against a search for the largest product."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Rational, cancel, together

from derive.check.solution import check_solution
from derive.errors import Refusal, StatementError
from derive.ir import CARA, Bargain, Model, Normal, Player, Shock, Variable, symbols
from derive.play.induction import derive_model
from derive.solution import Solution
from derive.statement.validate import validate
from derive.steps import JointObjective, Step
from derive.views.latex import latex_texts
from tests.bargaining.channels import (
    HALF,
    Pi_M,
    Pi_R,
    T,
    a,
    al,
    b,
    c,
    d_1,
    d_2,
    fee,
    g,
    greening,
    holdup,
    k,
    p,
    renting,
    supply,
    w,
    wholesale,
    x,
)

WEIGHTED = ((al, 1 - al), (al > 0, al < 1), (al,))


def solved(model: Model) -> dict[str, Solution]:
    found = derive_model(model)
    for solution in found:
        report = check_solution(model, solution, 12)
        assert report.accepted, report.failures
    return {solution.protocol: solution for solution in found}


def only(solution: Solution) -> dict:
    (regime,) = solution.regimes
    assert regime.region == ()
    return regime.resolved()


def same(left: object, right: object) -> bool:
    return bool(cancel(together(left - right)) == 0)  # type: ignore[operator]


def test_bounds_at_which_nobody_gains_are_no_prices() -> None:
    """At w = a/b, a bound, the retailer gains nothing, which leaves it out: the price is the one without that bound."""
    model = wholesale(*WEIGHTED)
    free = (Variable(w, "wholesale price", (w >= 0, w <= a / b)), model.variables[1])
    assert same(only(solved(replace(model, variables=free))["chain"])[w], c + al * (a - b * c) / (2 * b))


def test_a_wholesale_price_by_its_weight() -> None:
    """Linear demand: the manufacturer's margin is its weight's share of the margin that chokes demand off, halved."""
    values = only(solved(wholesale(*WEIGHTED))["chain"])
    assert same(values[w], c + al * (a / b - c) / 2)
    half = only(solved(wholesale())["chain"])
    assert all(same(values[symbol].subs(al, Rational(1, 2)), half[symbol]) for symbol in (w, p, Pi_M, Pi_R))


@pytest.mark.parametrize("weight", [Rational(1, 4), Rational(1, 2), Rational(2, 3)])
def test_no_wholesale_price_gives_a_larger_product(weight: Rational) -> None:
    values = only(solved(wholesale((weight, 1 - weight)))["chain"])
    at = {a: Rational(7), b: Rational(3, 2), c: Rational(1, 2)}
    prices = np.linspace(0.5, 14 / 3, 20001)
    margins = (prices - 0.5) * (7 - 1.5 * prices) / 2
    retail = (7 - 1.5 * prices) ** 2 / 6
    product = np.maximum(margins, 0) ** float(weight) * retail ** float(1 - weight)
    assert float(values[w].subs(at)) == pytest.approx(prices[product.argmax()], abs=3e-4)


def test_an_effort_that_one_pays_for_is_bargained_over() -> None:
    """The manufacturer's gain has to be positive: a strict constraint, concave and quadratic in the effort."""
    solution = solved(greening())["chain"]
    values = only(solution)
    for point in ((7, Rational(3, 2), Rational(1, 2), 1, 2), (9, 1, 2, 2, Rational(11, 10)), (3, 2, 1, Rational(1, 3), 1)):
        at = dict(zip((a, b, c, g, k), point, strict=True))
        size, slope, rate, cost = (float(value) for value in (point[0] - point[1] * point[2], point[1], point[3], point[4]))
        efforts = np.linspace(0, 20, 400001)
        retail = (size + rate * efforts) ** 2 / (16 * slope)
        product = np.maximum(2 * retail - cost * efforts**2, 0) * retail
        assert float(values[x].subs(at)) == pytest.approx(efforts[product.argmax()], abs=2e-4)
    assert " < x < " in "".join(str(text) for text in latex_texts(greening(), (solution,))).replace("\n", " ")


def test_a_fee_leaves_the_price_efficient_and_shares_the_gains() -> None:
    whole = (a - b * c) ** 2 / (4 * b)
    for solution in solved(fee(*[WEIGHTED[0], (), *WEIGHTED[1:]])).values():
        values = only(solution)
        assert same(values[p], (a + b * c) / (2 * b))
        assert same(values[Pi_M], al * whole)
        assert same(values[Pi_R], (1 - al) * whole)


def test_a_fee_with_disagreement_payoffs() -> None:
    whole = (a - b * c) ** 2 / (4 * b)
    model = fee(WEIGHTED[0], (d_1, d_2), (*WEIGHTED[1], d_1 >= 0, d_2 >= 0, whole > d_1 + d_2), (al, d_1, d_2))
    values = only(solved(model)["together"])
    assert same(values[Pi_M], d_1 + al * (whole - d_1 - d_2))
    assert same(values[Pi_R], d_2 + (1 - al) * (whole - d_1 - d_2))


def test_gains_that_need_not_be_there_are_refused() -> None:
    """Without the assumption that there is something to gain nothing is claimed."""
    model = fee(WEIGHTED[0], (d_1, d_2), WEIGHTED[1], (al, d_1, d_2))
    with pytest.raises(Exception, match="anything to bargain over"):
        derive_model(model)


def test_a_price_and_a_quantity_are_bargained_over_together() -> None:
    """The quantity is what one firm would sell, the price shares what that brings (McDonald and Solow 1981)."""
    whole = (a - c) ** 2 / (4 * b)
    values = only(solved(supply())["efficient"])
    assert same(values[x], (a - c) / (2 * b))
    assert same(values[w], (1 - al) * c + al * (a + c) / 2)
    assert same(values[Pi_M], al * whole)
    outside = supply((d_1, d_2), (d_1 >= 0, d_2 >= 0, whole > d_1 + d_2))
    values = only(solved(outside)["efficient"])
    assert same(values[x], (a - c) / (2 * b))
    assert same(values[Pi_M], d_1 + al * (whole - d_1 - d_2))
    assert same(values[Pi_R], d_2 + (1 - al) * (whole - d_1 - d_2))


def test_a_price_that_its_bound_may_stop_is_refused() -> None:
    """The gains are shared by the price only where it is free to share them."""
    with pytest.raises(Refusal, match="the payment respects w >= b"):
        derive_model(supply(lowest=b))


def test_the_price_of_a_supply_is_told_with_its_rate() -> None:
    document, _ = latex_texts(supply(), derive_model(supply()))
    assert "at the rate $x$" in document.replace("\n", " ")


def test_holdup() -> None:
    """Half of what the investment brings goes to the other: half of the efficient investment is made."""
    found = solved(holdup())
    assert same(only(found["holdup"])[x], a / (2 * k))
    assert same(only(found["joint"])[x], a / k)


def test_a_forged_agreement_is_rejected() -> None:
    for model in (wholesale(), fee()):
        (solution, *_) = derive_model(model)
        (regime,) = solution.regimes
        wrong = tuple((s, v * Rational(9, 8) if s in (w, T) else v) for s, v in regime.values)
        forged = replace(solution, regimes=(replace(regime, values=wrong),))
        assert not check_solution(model, forged, 12).accepted


@pytest.mark.parametrize("model", [wholesale(), fee(), holdup()], ids=lambda model: model.key)
def test_the_prose_says_what_is_bargained_over(model: Model) -> None:
    document, _ = latex_texts(model, derive_model(model))
    assert "bargain over" in document
    assert "product of their gains" in document


ILL_POSED = [
    (Bargain((Rational(1, 2),)), "one weight per player"),
    (Bargain((Rational(3, 2), Rational(-1, 2))), "not positive"),
    (Bargain(HALF, (Rational(1),)), "one weight per player"),
    (Bargain(HALF, (d_1, d_2)), "undeclared|declared"),
]


def terms(bargain: Bargain) -> Model:
    model = wholesale()
    (protocol,) = model.protocols
    (first, second) = protocol.stages
    decision = replace(first.decisions[0], bargain=bargain)
    return replace(model, protocols=(replace(protocol, stages=(replace(first, decisions=(decision,)), second)),))


@pytest.mark.parametrize(("bargain", "reason"), ILL_POSED, ids=lambda value: value if isinstance(value, str) else "")
def test_ill_posed_bargains_are_refused(bargain: Bargain, reason: str) -> None:
    with pytest.raises(StatementError, match=reason):
        validate(terms(bargain))


def test_a_random_payoff_is_not_bargained_over() -> None:
    (eps,) = symbols("eps")
    model = wholesale()
    manufacturer = Player("M", model.players[0].objective + eps, Pi_M, risk=CARA(Rational(1)))
    risky = replace(
        model, players=(manufacturer, model.players[1]), shocks=(Shock(eps, Normal(Rational(0), Rational(1)), "noise"),)
    )
    with pytest.raises(StatementError, match="random"):
        validate(risky)


def test_a_fee_is_agreed_on_before_others_choose() -> None:
    """Together they earn most where nothing is rented, (a**2 - k**2)/4; the fee does not move with what is produced later."""
    found = only(solved(renting())["rent"])
    assert found[x] == 0
    assert same(found[Pi_M], (a**2 - k**2) / 8)
    assert same(found[Pi_R], (a**2 - k**2) / 8)
    assert same(found[T], (a**2 - k**2) / 8 - (a - k) ** 2 / 4)


def test_a_fee_with_later_choices_put_in_wrongly_is_rejected() -> None:
    (solution,) = derive_model(renting())

    def moved(step: Step) -> Step:
        if not isinstance(step, JointObjective):
            return step
        ((symbol, value),) = step.eliminated
        return replace(step, eliminated=((symbol, value + x),))

    argument = tuple(replace(one, proof=tuple(map(moved, one.proof))) for one in solution.argument)
    assert argument != solution.argument
    assert not check_solution(renting(), replace(solution, argument=argument), 0).accepted
