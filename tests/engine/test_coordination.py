"""Contract terms that coordinate: buyback, revenue sharing, quantity of a demand-free channel, and forged terms."""

from __future__ import annotations

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

p, c, v, w, m, q, D, A, B, mu, phi = symbols("p c v w m q D A B mu phi")
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
    assert validate(statement) == ()
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
