"""A leader before a response known only as a root, and conditions that fall under every law of a class: against closed forms of
named laws and against nested optimisation."""

from __future__ import annotations

import pytest
import sympy
from scipy.optimize import brentq, minimize_scalar
from sympy import Expr, Integer, LambertW, Min, exp, log
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.ir import (
    Decision,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.law.instances import specialise_solution
from derive.play.induction import derive_protocol
from derive.solution import Regime

p, c, k, B, mu, w, q, t, eps, share, Pi_S, Pi_R = symbols("p c k B mu w q t epsilon phi Pi_S Pi_R")
LAW = GeneralDistribution("F", Integer(0), B, mu, igfr=True)
GIVEN: tuple[Boolean, ...] = (B > 0, mu > 0, mu < B)
UNIFORM = Instance("uniform", ((eps, Uniform(Integer(0), B)),))


def chain(
    supplier: Expr, retailer: Expr, first: Decision, then: Decision, *more: Boolean, bounds: tuple[Boolean, ...]
) -> Model:
    used = sorted((supplier + retailer).free_symbols - {w, q, t, eps}, key=str)
    return Model(
        "contract", "A contract", "made up", tuple(Parameter(s, "given") for s in (*used, B, mu)),
        (c > 0, p > c, *GIVEN, *more),
        tuple(
            Variable(s, "chosen", {w: bounds, q: (q >= 0,), t: ()}[s]) for s in (*first.chooses, *then.chooses)
        ),
        (Player("S", supplier, Pi_S), Player("R", retailer, Pi_R)),
        (Protocol("D", "One after the other", (Stage((first,)), Stage((then,)))),),
        shocks=(Shock(eps, LAW, "demand"),), instances=(UNIFORM,),
    )  # fmt: skip


PRICE_ONLY = chain(
    (w - c) * q, p * Min(q, eps) - w * q, Decision(("S",), (w,)), Decision(("R",), (q,)), bounds=(w >= c, w <= p)
)
REVENUE_SHARED = chain(
    (w - c) * q + (1 - share) * p * Min(q, eps), share * p * Min(q, eps) - w * q, Decision(("S",), (w,)), Decision(("R",), (q,)),
    share > 0, share < 1, bounds=(w >= 0, w <= share * p),
)  # fmt: skip
CAPACITY = chain(
    (w - c) * Min(q, eps) - k * q, (p - w) * Min(q, eps), Decision(("R",), (w,)), Decision(("S",), (q,)), k > 0, p > c + k,
    bounds=(w >= c, w <= p),
)  # fmt: skip
TWO_PART = chain(
    (w - c) * q + t, p * Min(q, eps) - w * q - t, Decision(("S",), (w, t), (Participation("R", Integer(0)),)),
    Decision(("R",), (q,)), bounds=(w >= c, w <= p),
)  # fmt: skip


def regime(model: Model, key: str = "") -> Regime:
    solution = derive_protocol(model, model.protocols[0])
    if key:
        solution = specialise_solution(solution, model, key)
    assert not solution.gaps
    (found,) = solution.regimes
    return found


def test_the_price_only_contract_for_every_increasing_generalised_failure_rate() -> None:
    """Lariviere and Porteus: the supplier sells the quantity at which p (1 - F)(1 - g) = c; half of the channel's if uniform."""
    solution = derive_protocol(PRICE_ONLY, PRICE_ONLY.protocols[0])
    assert check_solution(PRICE_ONLY, solution, 5).accepted
    (one,) = solution.regimes
    (root,) = one.implicit
    assert (root.symbol, one.region) == (q, ())
    uniform = regime(PRICE_ONLY, "uniform").resolved()
    expected = {q: B * (p - c) / (2 * p), w: (p + c) / 2, Pi_S: B * (p - c) ** 2 / (4 * p), Pi_R: B * (p - c) ** 2 / (8 * p)}
    for symbol, value in expected.items():
        assert sympy.simplify(uniform[symbol] - value) == 0


def test_a_power_law_put_into_the_condition_of_the_price_only_contract() -> None:
    """F = x**3 on [0, 1]: nested optimisation finds the same quantity and price."""
    one = regime(PRICE_ONLY)
    law = {B: 1, mu: sympy.Rational(3, 4), p: 5, c: 2}
    density = {node: 3 * q**2 for node in one.implicit[0].equation.atoms(sympy.Function) if type(node).__name__ == "Density"}
    cdf = {node: q**3 for node in one.implicit[0].equation.atoms(sympy.Function) if type(node).__name__ == "Cdf"}
    condition = sympy.lambdify(q, one.implicit[0].equation.xreplace({**density, **cdf}).subs(law))
    quantity = brentq(condition, 1e-9, 1 - 1e-9)
    best = minimize_scalar(lambda price: -(price - 2) * (1 - price / 5) ** (1 / 3), bounds=(2, 5), method="bounded")
    assert 5 * (1 - quantity**3) == pytest.approx(best.x, abs=1e-5)


def test_revenue_sharing_with_a_price_of_the_supplier() -> None:
    uniform = regime(REVENUE_SHARED, "uniform").resolved()
    assert sympy.simplify(uniform[q] - B * (p - c) / (p * (1 + share))) == 0
    assert sympy.simplify(uniform[w] - share * p * (1 - uniform[q] / B)) == 0


def test_capacity_built_for_a_price_promised_by_the_buyer() -> None:
    """Below the cost of capacity none is built; that is shown to pay the buyer less."""
    one = regime(CAPACITY)
    (root,) = one.implicit
    uniform = root.equation
    for node in root.equation.atoms(sympy.Function):
        value = {"Cdf": q, "Density": Integer(1), "Overage": q**2 / 2}[type(node).__name__]
        uniform = uniform.xreplace({node: value})
    quantity = brentq(sympy.lambdify(q, uniform.subs({p: 9, c: 1, k: 2})), 1e-9, 1 - 1e-9)

    def worth(price: float) -> float:
        built = max(0.0, 1 - 2 / (price - 1))
        return -(9 - price) * (built - built**2 / 2)

    best = minimize_scalar(worth, bounds=(3, 9), method="bounded")
    assert 1 + 2 / (1 - quantity) == pytest.approx(best.x, abs=1e-5)


def test_a_fee_leaves_the_quantity_to_the_channel() -> None:
    one = regime(TWO_PART)
    assert sympy.simplify(regime(TWO_PART, "uniform").resolved()[w] - c) == 0
    assert one.resolved()[Pi_R] == 0


def plain_chain(
    supplier: Expr, retailer: Expr, given: tuple[Boolean, ...], bounds: tuple[Boolean, ...], own: Boolean
) -> Regime:
    used = sorted((supplier + retailer).free_symbols - {w, q}, key=str)
    statement = Model(
        "plain", "A chain", "made up", tuple(Parameter(s, "given") for s in used), given,
        (Variable(w, "wholesale", bounds), Variable(q, "chosen", (own,))),
        (Player("S", supplier, Pi_S), Player("R", retailer, Pi_R)),
        (Protocol("D", "One after the other", (Stage((Decision(("S",), (w,)),)), Stage((Decision(("R",), (q,)),)))),),
    )  # fmt: skip
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 5).accepted
    assert not solution.gaps
    (found,) = solution.regimes
    return found


def test_a_manufacturer_before_a_retailer_with_logit_demand() -> None:
    """The retail price is Lambert's function of the wholesale price; the chain is solved in the retail price q."""
    share = exp(k - q) / (1 + exp(k - q))
    one = plain_chain((w - c) * share, (q - w) * share, (c >= 0,), (w >= c,), q >= w)
    (root,) = one.implicit
    at = {c: 1, k: 3}
    price = brentq(sympy.lambdify(q, root.equation.subs(at)), 1.001, 60)

    def worth(wholesale: float) -> float:
        retail = wholesale + 1 + float(LambertW(sympy.exp(3 - wholesale - 1)).evalf())
        return -(wholesale - 1) / (1 + float(sympy.exp(retail - 3)))

    best = minimize_scalar(worth, bounds=(1, 12), method="bounded")
    assert float(one.resolved()[w].subs({**at, q: price})) == pytest.approx(best.x, abs=1e-4)


def test_a_cost_with_a_cubic_marginal_cost() -> None:
    one = plain_chain((w - c) * q, (p - q) * q - k * q**4 / 4 - w * q, (c >= 0, k > 0, p > c), (w >= c, w <= p), q >= 0)
    (root,) = one.implicit
    assert sympy.expand(root.equation - (p - c - 4 * q - 4 * k * q**3)) == 0


def test_exponential_demand_at_a_newsvendor_has_its_price_by_lamberts_function() -> None:
    one = plain_chain(
        (w - c) * k * log(p / w), p * k - k * w * (1 + log(p / w)) - q**2, (c > 0, p > c, k > 0), (w >= c, w <= p), q >= 0
    )
    assert sympy.simplify(one.resolved()[w] - c / LambertW(sympy.E * c / p)) == 0


def test_effort_that_scales_demand_leaves_the_stocking_factor_alone() -> None:
    """Demand e eps, effort k e**2/2: the fractile fixes q/e, which earns what a unit of effort is worth."""
    e = symbols("e")[0]
    statement = Model(
        "effort", "Effort", "made up", tuple(Parameter(s, "given") for s in (p, c, k, B, mu)), (c > 0, p > c, k > 0, *GIVEN),
        (Variable(e, "effort", (e > 0,)), Variable(q, "order", (q >= 0,))),
        (Player("R", p * Min(q, e * eps) - c * q - k * e**2 / 2, Pi_R),),
        (Protocol("D", "It chooses", (Stage((Decision(("R",), (e, q)),)),)),), shocks=(Shock(eps, LAW, "demand"),),
        instances=(UNIFORM,),
    )  # fmt: skip
    uniform = regime(statement, "uniform").resolved()
    assert sympy.simplify(uniform[e] - B * (p - c) ** 2 / (2 * k * p)) == 0
    assert sympy.simplify(uniform[q] - B**2 * (p - c) ** 3 / (2 * k * p**2)) == 0
