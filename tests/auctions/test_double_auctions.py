"""Double auctions as Chatterjee and Samuelson (1983) solve them, where linear strategies are no equilibrium, and forged steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy
from sympy import Expr, Integer, Rational, S
from sympy.logic.boolalg import Boolean

from derive.auctions import DoubleAuction, Earner, derive_double_auction
from derive.auctions import steps as kinds
from derive.check.double_auctions import VERIFIERS, verify_solutions
from derive.check.steps import Rejected, check_step
from derive.contracts import HiddenType
from derive.errors import Refusal, StatementError
from derive.ir import Parameter, PowerDistribution, Uniform, Variable, symbols
from derive.render import TEMPLATES
from derive.solution import Solution
from derive.steps import Step
from derive.views.latex import latex_fragment
from derive.views.latex.steps import macro_name

c, v, k, s, b, h, m, u_S, u_B = symbols("c v k s b h m u_S u_B")


def double(costs: Uniform, values: Uniform, weight: Expr, *given: Boolean) -> DoubleAuction:
    used = set().union(
        *(sympy.sympify(x).free_symbols for x in (weight, *given, *vars(costs).values(), *vars(values).values()))
    )
    return DoubleAuction(
        key="double",
        title="double",
        source="test",
        cost=HiddenType(c, costs),
        value=HiddenType(v, values),
        ask=Variable(s, "ask"),
        offer=Variable(b, "offer"),
        weight=weight,
        seller=Earner("seller", u_S),
        buyer=Earner("buyer", u_B),
        parameters=tuple(Parameter(x, str(x)) for x in (c, v, *sorted(used, key=str))),
        assumptions=given,
    )


UNIT = Uniform(S.Zero, S.One)
HALF = double(UNIT, UNIT, Rational(1, 2))
WEIGHTED = double(Uniform(S.Zero, h), Uniform(S.Zero, h), k, h > 0, k >= 0, k <= 1)
APART = double(UNIT, Uniform(m, m + 1), Rational(1, 2), m >= 0)


def solved(auction: DoubleAuction) -> Solution:
    (solution,) = derive_double_auction(auction)
    assert not verify_solutions(auction, (solution,), 4)
    return solution


def at(solution: Solution, **point: object) -> dict[Expr, Expr]:
    values = {symbols(name)[0]: Rational(str(value)) for name, value in point.items()}
    held = [one for one in solution.regimes if all(relation.xreplace(values) for relation in one.region)]
    return {symbol: value.xreplace(values) for one in held for symbol, value in one.values}


def test_half_way_between_ask_and_offer() -> None:
    """Asks 2/3 c + 1/4 and offers 2/3 v + 1/12; they trade where v is a quarter above c."""
    solution = solved(HALF)
    assert at(solution, c="1/2", v="3/4") == {s: Rational(7, 12), b: Rational(7, 12), u_S: Rational(1, 32), u_B: Rational(1, 8)}
    assert at(solution, c="4/5", v="1/5") == {u_S: 0, u_B: 0}


def test_the_buyer_names_the_price() -> None:
    """With all weight on the offer the seller asks for its cost, and the buyer offers half of its value."""
    found = at(solved(WEIGHTED), c="1/4", v="3/4", h=1, k=1)
    assert (found[s], found[b]) == (Rational(1, 4), Rational(3, 8))


def test_values_far_above_costs_have_no_such_equilibrium() -> None:
    """Offers must not all be better than some asks: m is at most a quarter, and highest offers at most the highest cost."""
    solution = solved(APART)
    assert at(solution, c="1/2", v="3/4", m=0)
    assert not at(solution, c="1/2", v="3/4", m="1/2")
    assert solution.gaps
    with pytest.raises(Refusal, match="overlap"):
        derive_double_auction(double(UNIT, Uniform(Integer(2), Integer(3)), Rational(1, 2)))


def test_ill_posed_statements() -> None:
    with pytest.raises(StatementError, match="uniform"):
        derive_double_auction(replace(HALF, cost=HiddenType(c, PowerDistribution(S.One, Integer(2)))))
    with pytest.raises(StatementError, match="not declared"):
        derive_double_auction(replace(HALF, parameters=HALF.parameters[1:]))


def test_the_proof_prints() -> None:
    assert "concave in the offer" in latex_fragment(HALF, derive_double_auction(HALF))


FORGED: dict[type[Step], list[Callable]] = {
    kinds.LinearOffers: [
        lambda x: replace(x, ask=c),
        lambda x: replace(x, offer=x.offer / 2),
        lambda x: replace(x, lowest=x.lowest / 2),
        lambda x: replace(x, highest=h),
        lambda x: replace(x, weight=k / 2),
        lambda x: replace(x, order=x.order[1:]),
        lambda x: replace(x, costs=Uniform(S.Zero, 2 * h)),
    ],
    kinds.ExpectedTrade: [
        lambda x: replace(x, sold=2 * x.sold),
        lambda x: replace(x, bought=x.bought + 1),
        lambda x: replace(x, uses=()),
        lambda x: replace(x, weight=1 - k),
    ],
}


def test_forged_steps_are_rejected() -> None:
    assert set(FORGED) == set(VERIFIERS)
    template = (TEMPLATES / "steps_auctions.tex.j2").read_text("utf-8")
    (solution,) = derive_double_auction(WEIGHTED)
    earlier: dict[str, Step] = {}
    for step in (step for one in solution.argument for step in one.proof):
        assert f"macro {macro_name(type(step))}(" in template

        def verify(one: Step) -> None:
            premises = tuple(earlier[label] for label in one.uses)
            check_step(one, WEIGHTED, solution.assumptions, premises, tuple(earlier.values()))  # type: ignore[arg-type]

        verify(step)
        for forge in FORGED[type(step)]:
            with pytest.raises(Rejected):
                verify(forge(step))
        earlier[step.label] = step


def test_forged_solutions_are_rejected() -> None:
    (solution,) = derive_double_auction(HALF)
    first, *rest = solution.regimes
    for changed in (s, b, u_S, u_B):
        values = tuple((x, e * Rational(9, 10) if x == changed else e) for x, e in first.values)
        assert verify_solutions(HALF, (replace(solution, regimes=(replace(first, values=values), *rest)),), 4)
