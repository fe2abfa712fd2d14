"""Contract terms that coordinate: buyback, revenue sharing, quantity of a demand-free channel, and forged terms."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import sympy
from sympy import Expr, Integer, Min, Symbol, oo
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.errors import Refusal, StatementError
from derive.ir import (
    Coordination,
    Distribution,
    Exponential,
    GeneralDistribution,
    Model,
    Player,
    Protocol,
    Shock,
    Uniform,
    Variable,
    symbols,
)
from derive.play.induction import derive_protocol
from derive.solution import Solution
from derive.statement.validate import validate
from tests.engine.statements import decide, model, protocol

p, c, v, w, m, q, D, A, B, mu, phi, lam, dl = symbols("p c v w m q D A B mu phi lambda delta")
b, t, Pi_R, Pi_S = symbols("b t Pi_R Pi_S")
COSTS = (v >= 0, v < c, c < w, w < p)


def channel(
    term: Symbol,
    domain: tuple[Boolean, ...],
    retailer: Expr,
    supplier: Expr,
    law: Distribution,
    assumptions: tuple[Boolean, ...],
) -> Model:
    parameters = tuple(sorted({s for r in assumptions for s in r.free_symbols}, key=str))
    top = (q <= law.high,) if isinstance(law, Uniform) else ()
    stated = model(
        "channel", parameters, assumptions, {q: (q >= 0, *top)}, (Player("R", retailer, Pi_R), Player("S", supplier, Pi_S)),
        protocol("together", (decide(("R", "S"), q),)),
        shocks=(Shock(D, law, "demand"),),
    )  # fmt: skip
    alone = Protocol("alone", "alone", protocol("alone", (decide("R", q),)).stages, coordinates=Coordination(term, "together"))
    return replace(stated, variables=(*stated.variables, Variable(term, "term", domain)), protocols=(alone, *stated.protocols))


def buyback(law: Distribution, assumptions: tuple[Boolean, ...] = ()) -> Model:
    left = q - Min(q, D)
    retailer, supplier = p * Min(q, D) + b * left - w * q, (w - c) * q - (b - v) * left
    return channel(b, (b < p,), retailer, supplier, law, (*COSTS, *assumptions))


def sharing(law: Distribution, assumptions: tuple[Boolean, ...] = ()) -> Model:
    """Cachon and Lariviere (2005): the retailer keeps the share phi of its revenue; the wholesale price is to coordinate."""
    retailer, supplier = phi * p * Min(q, D) - t * q, (1 - phi) * p * Min(q, D) + (t - c) * q
    return channel(t, (), retailer, supplier, law, (c > 0, p > c, phi > 0, phi < 1, *assumptions))


GENERAL = (A >= 0, B > A, mu > A, mu < B)
CASES = [
    (buyback(Uniform(Integer(0), m), (m > 0,)), b, p - (p - w) * (p - v) / (p - c)),
    (buyback(Exponential(m), (m > 0,)), b, p - (p - w) * (p - v) / (p - c)),
    (buyback(GeneralDistribution("F", A, B, mu), GENERAL), b, p - (p - w) * (p - v) / (p - c)),
    (buyback(GeneralDistribution("F", Integer(0), oo, mu), (mu > 0,)), b, p - (p - w) * (p - v) / (p - c)),
    (sharing(GeneralDistribution("F", A, B, mu), GENERAL), t, phi * c),
    (sharing(Uniform(A, B), (A >= 0, B > A)), t, phi * c),
]


def solved(statement: Model) -> Solution:
    return derive_protocol(statement, statement.protocol("alone"))


@pytest.mark.parametrize(("statement", "term", "published"), CASES, ids=[f"{i}" for i in range(len(CASES))])
def test_the_term_that_coordinates(statement: Model, term: Symbol, published: Expr) -> None:
    solution = solved(statement)
    report = check_solution(statement, solution, 3)
    assert report.accepted, report.failures
    for regime in solution.regimes:
        assert sympy.simplify(dict(regime.values)[term] - published) == 0


def test_the_statement_names_a_variable_and_another_protocol() -> None:
    statement = buyback(Uniform(Integer(0), m), (m > 0,))
    validate(statement)
    alone, together = statement.protocols
    for wrong, reason in ((Coordination(b, "nowhere"), "no other protocol"), (Coordination(w, "together"), "not declared")):
        with pytest.raises(StatementError, match=reason):
            validate(replace(statement, protocols=(replace(alone, coordinates=wrong), together)))


def test_under_revenue_sharing_each_earns_a_fixed_share_of_the_total() -> None:
    (regime,) = solved(sharing(Uniform(Integer(0), m), (m > 0,))).regimes
    values = regime.resolved()
    assert sympy.simplify(values[Pi_R] / (values[Pi_R] + values[Pi_S]) - phi) == 0


@pytest.mark.parametrize("slip", [v, w, (p + v) / 2])
def test_a_forged_term_is_rejected(slip: Expr) -> None:
    statement = buyback(Uniform(Integer(0), m), (m > 0,))
    solution = solved(statement)
    (regime,) = solution.regimes
    forged = replace(regime, values=tuple((s, slip if s == b else x) for s, x in regime.values))
    report = check_solution(statement, replace(solution, regimes=(forged,)), 3)
    assert not report.accepted


def test_a_solution_without_the_term_is_rejected() -> None:
    statement = buyback(Uniform(Integer(0), m), (m > 0,))
    solution = solved(statement)
    (regime,) = solution.regimes
    silent = replace(regime, values=tuple((s, x) for s, x in regime.values if s != b))
    report = check_solution(statement, replace(solution, regimes=(silent,)), 0)
    assert any("one value" in line for line in report.rejections)


def test_an_outcome_that_is_best_for_the_retailer_but_not_for_the_channel_is_rejected() -> None:
    statement = buyback(Uniform(Integer(0), m), (m > 0,))
    open_term = replace(statement, protocols=(replace(statement.protocols[0], coordinates=None), statement.protocols[1]))
    retailer, supplier = (player.objective.xreplace({b: v}) for player in statement.players)
    own = replace(open_term.protocols[0], objectives=(("R", retailer), ("S", supplier)))
    without = derive_protocol(replace(open_term, protocols=(own, open_term.protocols[1])), own)
    (regime,) = without.regimes
    forged = replace(without, regimes=(replace(regime, values=((b, v), *regime.values)),), argument=())
    found = check_solution(statement, forged, 3).rejections
    assert any("as a choice of together" in line for line in found)


def test_a_wholesale_price_alone_coordinates_only_without_a_margin_and_a_term_that_cannot_is_refused() -> None:
    retailer, supplier = p * Min(q, D) - w * q + t, (w - c) * q - t
    statement = channel(t, (), retailer, supplier, Uniform(Integer(0), m), (c > 0, w > c, p > w, m > 0))
    with pytest.raises(Refusal):
        solved(statement)


def with_share(terms: dict[Symbol, tuple[Boolean, ...]], retailer: Expr, supplier: Expr, law: Distribution) -> Model:
    statement = channel(b, (), retailer, supplier, law, (c > 0, p > c, v >= 0, v < c, lam > 0, lam <= 1, *GENERAL))
    alone = replace(statement.protocols[0], coordinates=Coordination(tuple(terms), "together", share=lam))
    others = tuple(variable for variable in statement.variables if variable.symbol != b)
    mine = tuple(Variable(term, "term", domain) for term, domain in terms.items())
    return replace(statement, variables=(*others, *mine), protocols=(alone, *statement.protocols[1:]))


LEFT = q - Min(q, D)
FAMILIES = [
    # Cachon (2003), section 2.3: b = (1 - lambda)(p - v), w = lambda c + (1 - lambda) p.
    (
        {w: (w >= c, w <= p), b: (b >= 0,)},
        p * Min(q, D) + (b + v) * LEFT - w * q,
        (w - c) * q - b * LEFT,
        {w: lam * c + (1 - lam) * p, b: (1 - lam) * (p - v)},
    ),
    # Cachon and Lariviere (2005) without salvage: phi = lambda, w = lambda c.
    (
        {w: (w >= 0,), phi: (phi >= 0, phi <= 1)},
        phi * p * Min(q, D) - w * q,
        (1 - phi) * p * Min(q, D) + (w - c) * q,
        {w: lam * c, phi: lam},
    ),
]


@pytest.mark.parametrize(("terms", "retailer", "supplier", "published"), FAMILIES)
def test_two_terms_coordinate_in_a_family_that_divides_the_total(
    terms: dict[Symbol, tuple[Boolean, ...]], retailer: Expr, supplier: Expr, published: dict[Symbol, Expr]
) -> None:
    statement = with_share(terms, retailer, supplier, GeneralDistribution("F", A, B, mu))
    validate(statement)
    solution = solved(statement)
    report = check_solution(statement, solution, 3)
    assert report.accepted, report.failures
    for regime in solution.regimes:
        values = regime.resolved()
        assert all(sympy.simplify(values[term] - value) == 0 for term, value in published.items())
        assert sympy.simplify(values[Pi_R] / (values[Pi_R] + values[Pi_S]) - lam) == 0
    forged = tuple(replace(r, values=tuple((s, x + 1 if s == w else x) for s, x in r.values)) for r in solution.regimes)
    assert not check_solution(statement, replace(solution, regimes=forged), 3).accepted


def test_two_terms_without_a_share_are_a_family() -> None:
    terms, retailer, supplier, _ = FAMILIES[0]
    statement = with_share(terms, retailer, supplier, Uniform(A, B))
    alone = replace(statement.protocols[0], coordinates=Coordination((w, b), "together"))
    with pytest.raises(Refusal, match="a family of w, b"):
        solved(replace(statement, protocols=(alone, *statement.protocols[1:])))


def flexible(law: Distribution, assumptions: tuple[Boolean, ...]) -> Model:
    """Quantity flexibility: the supplier refunds w for each unit left over, up to the fraction delta of the order."""
    refund = w * Min(dl * q, q - Min(q, D))
    retailer, supplier = p * Min(q, D) - w * q + refund, (w - c) * q - refund
    return channel(w, (w >= 0, w <= p), retailer, supplier, law, (c > 0, p > c, dl > 0, dl < 1, *assumptions))


def test_a_price_that_coordinates_at_the_benchmarks_order_alone() -> None:
    """Tsay (1999), Cachon (2003): w = p (1 - F(q)) / (1 - F(q) + (1 - delta) F((1 - delta) q)) at the channel's order q."""
    statement = flexible(Uniform(Integer(0), m), (m > 0,))
    solution = solved(statement)
    report = check_solution(statement, solution, 3)
    assert report.accepted, report.failures
    (regime,) = solution.regimes
    values, order = regime.resolved(), m * (p - c) / p
    above, below = 1 - order / m, (1 - dl) * order / m
    assert sympy.simplify(values[w] - p * above / (above + (1 - dl) * below)) == 0
    assert sympy.simplify(values[q] - order) == 0


def test_where_no_price_is_found_it_is_said() -> None:
    statement = flexible(GeneralDistribution("F", Integer(0), B, mu), (B > 0, mu > 0, mu < B))
    with pytest.raises(Refusal, match="no value of w"):
        solved(statement)


def test_an_order_with_a_partial_refund_under_a_general_law() -> None:
    """The marginal payoff falls because both distribution functions in it rise; at a point of an exponential law it is checked."""
    law = Exponential(m)
    statement = flexible(law, (m > 0, w > c, w < p))
    alone = replace(statement.protocols[0], coordinates=None)
    given = replace(statement, protocols=(alone,), variables=tuple(x for x in statement.variables if x.symbol != w))
    solution = derive_protocol(given, alone)
    assert check_solution(given, solution, 4).accepted
    (root,) = solution.regimes[0].implicit
    at = {p: 10, c: 2, w: 5, dl: sympy.Rational(1, 4), m: 3}
    condition = sympy.lambdify(root.symbol, root.equation.subs(at), "math")

    def payoff(x: float) -> float:
        sold, kept = 3 * (1 - math.exp(-x / 3)), 3 * (1 - math.exp(-x / 4))  # expected sales of x and of 3 x / 4
        return 10 * sold - 5 * x + 5 * (x - sold - (0.75 * x - kept))

    best = max((k / 1000 for k in range(1, 20000)), key=payoff)
    assert condition(best - 0.002) > 0 > condition(best + 0.002)


def test_an_order_whose_refund_may_start_below_the_support_is_refused() -> None:
    statement = flexible(Uniform(A, B), (A > 0, B > A, w > c, w < p))
    alone = replace(statement.protocols[0], coordinates=None)
    given = replace(statement, protocols=(alone,), variables=tuple(x for x in statement.variables if x.symbol != w))
    with pytest.raises(Refusal, match="side of the law's ends"):
        derive_protocol(given, alone)
