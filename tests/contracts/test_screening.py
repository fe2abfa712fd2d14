"""A continuum of types: published menus, refusals, and forged steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from sympy import Expr, Integer, Rational, expand, integrate, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.screening import VERIFIERS, verify_solutions
from derive.check.screening_attack import attack_menu
from derive.check.steps import Rejected, check_step
from derive.contracts import HiddenType, Screening, derive_screening
from derive.contracts import steps as kinds
from derive.errors import Refusal, StatementError
from derive.ir import Parameter, Player, PowerDistribution, Uniform, Variable, symbols
from derive.render import TEMPLATES
from derive.solution import Solution
from derive.steps import Step
from derive.views.latex.steps import macro_name

a, c, k, w, low, high, theta, q, t, Pi, U = symbols("a c k w low high theta q t Pi U")
COSTS: tuple[Boolean, ...] = (low >= 0, high > low)


def screening(principal: Expr, agent: Expr, law: Uniform | PowerDistribution, *given: Boolean, **more: object) -> Screening:
    used = sorted({s for r in given for s in r.free_symbols}, key=str)
    return Screening(
        key="screening",
        title="screening",
        source="test",
        type=HiddenType(theta, law),
        quantity=Variable(q, "quantity", (q >= 0,)),
        transfer=Variable(t, "payment"),
        principal=Player("P", principal, Pi),
        agent=Player("A", agent, U),
        parameters=tuple(Parameter(s, str(s)) for s in (theta, *used)),
        assumptions=given,
        **more,  # type: ignore[arg-type]
    )


PROCUREMENT = screening(a * q - q**2 / 2 - t, t - theta * q, Uniform(low, high), *COSTS, a > low)
QUALITY = screening(t - q**2 / 2, theta * q - t, Uniform(low, high), *COSTS)
REGULATOR = screening(a * q - q**2 / 2 - t + w * U, t - theta * q, Uniform(low, high), *COSTS, a > high, w >= 0, w < 1)
TASTES = screening(t - c * q, theta * sqrt(q) - t, Uniform(low, high), *COSTS, c > 0)
POWER = screening(a * q - q**2 / 2 - t, t - theta * q, PowerDistribution(high, k), high > 0, a > 0, k > 0)


@cache
def hidden(problem: Screening) -> Solution:
    found = {solution.protocol: solution for solution in derive_screening(problem)}
    assert not verify_solutions(problem, found.values(), 8)
    return found["hidden"]


def at(solution: Solution, **point: object) -> dict[Expr, Expr]:
    values = {symbols(name)[0]: Rational(str(value)) for name, value in point.items()}
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(values) for relation in r.region)]
    return {symbol: value.xreplace(values) for symbol, value in regime.values}


def test_procurement_with_exclusion() -> None:
    """The price is the virtual cost 2 theta - low (Baron and Myerson 1982); rents are the area under the quantity."""
    solution = hidden(PROCUREMENT)
    served = at(solution, a=5, low=1, high=2, theta="3/2")
    assert served == {q: 3, t: Rational(3, 2) * 3 + Rational(5, 4), Pi: Rational(64 - 8, 12), U: Rational(5, 4)}
    cut = (5 + 1) / Rational(2)
    assert at(solution, a=5, low=1, high=4, theta=cut + Rational(1, 9))[q] == 0
    inside = at(solution, a=5, low=1, high=4, theta=2)
    assert (inside[q], inside[U]) == (2, (cut - 2) ** 2)
    assert inside[Pi] == Rational(4**3, 12 * 3)


def test_qualities_for_a_continuum_of_tastes() -> None:
    """Mussa and Rosen (1978): quality 2 theta - high, tastes below high/2 are not served."""
    solution = hidden(QUALITY)
    assert at(solution, low=0, high=1, theta="3/4") == {
        q: Rational(1, 2),
        t: Rational(5, 16),
        Pi: Rational(1, 12),
        U: Rational(1, 16),
    }
    assert at(solution, low=0, high=1, theta="1/4")[q] == 0
    assert at(solution, low=2, high=3, theta=2)[q] == 1


def test_a_regulator_who_values_profit() -> None:
    """The weight w of profit makes the virtual cost theta + (1 - w)(theta - low)."""
    solution = hidden(REGULATOR)
    assert at(solution, a=7, low=1, high=2, theta="3/2", w="1/2")[q] == 7 - Rational(3, 2) - Rational(1, 4)


def test_costs_that_effort_lowers_and_the_regulator_sees() -> None:
    """Laffont and Tirole (1986): the cost q = theta - effort is paid for; effort is 1 - l/(1 + l) F/f below the first best of 1."""
    weight = symbols("weight")[0]
    problem = screening(
        9 - (1 + weight) * (t + q) + U,
        t - (theta - q) ** 2 / 2,
        Uniform(low, high),
        low >= 2,
        high > low,
        high < low + 1,
        weight > 0,
    )
    problem = replace(problem, quantity=Variable(q, "cost", (q >= 0, q <= theta)))
    values = at(hidden(problem), low=2, high="5/2", weight=1, theta="9/4")
    assert Rational(9, 4) - values[q] == 1 - Rational(1, 2) * Rational(1, 4)


def test_other_laws_and_curves() -> None:
    price = 3 - Rational(1, 2) * (1 + 1 / Rational(2))
    assert at(hidden(POWER), a=3, high=1, k=2, theta="1/2")[q] == price
    assert at(hidden(TASTES), low=1, high=2, c="1/2", theta="3/2")[q] == 1


def test_an_agent_with_a_reservation_payoff_costs_just_that() -> None:
    free, paid = (hidden(replace(QUALITY, reservation=Integer(value))) for value in (0, 1))
    before, after = (at(solution, low=2, high=3, theta="5/2") for solution in (free, paid))
    assert (after[q], after[U] - before[U], before[Pi] - after[Pi]) == (before[q], 1, 1)


def test_what_is_refused() -> None:
    growing = screening(4 * theta * q - q**2 / 2 - t, t - theta * q, Uniform(low, high), *COSTS)
    with pytest.raises(Refusal, match="bunched"):
        derive_screening(growing)
    with pytest.raises(Refusal, match="transfer"):
        derive_screening(screening(q - t, t**2 - theta * q, Uniform(low, high), *COSTS))
    with pytest.raises(StatementError, match="not declared as a parameter"):
        derive_screening(replace(QUALITY, parameters=QUALITY.parameters[1:]))
    with pytest.raises(StatementError, match="low < high"):
        derive_screening(replace(QUALITY, assumptions=(low >= 0, high >= 0)))


# --- the steps ---------------------------------------------------------------------------------------------------------------

FORGED: dict[type[Step], list[Callable]] = {
    kinds.InformationRent: [
        lambda s: replace(s, slope=-s.slope),
        lambda s: replace(s, falling=not s.falling),
        lambda s: replace(s, down=not s.down),
        lambda s: replace(s, worst=low),
        lambda s: replace(s, objective=s.objective + q),
        lambda s: replace(s, reservation=Integer(1)),
        lambda s: replace(s, given=(*s.given, a > 9)),
    ],
    kinds.VirtualSurplus: [
        lambda s: replace(s, virtual=s.surplus),
        lambda s: replace(s, observed=True),
        lambda s: replace(s, ratio=high - theta),
        lambda s: replace(s, weight=2 * s.weight),
        lambda s: replace(s, falling=False),
        lambda s: replace(s, law=Uniform(low, 2 * high)),
        lambda s: replace(s, uses=()),
    ],
    kinds.Schedule: [
        lambda s: replace(s, ends=(low, *s.ends[2:])),
        lambda s: replace(s, quantities=(s.quantities[0] + 1, *s.quantities[1:])),
        lambda s: replace(s, slopes=tuple(-x for x in s.slopes)),
        lambda s: replace(s, signs=(None,) * len(s.signs), slopes=(Integer(1),) * len(s.slopes)),
        lambda s: replace(s, down=False),
        lambda s: replace(s, observed=True),
        lambda s: replace(s, holds=((),) * len(s.holds)),
    ],
    kinds.Rents: [
        lambda s: replace(s, rents=tuple(rent + 1 for rent in s.rents)),
        lambda s: replace(s, transfers=tuple(x + theta for x in s.transfers)),
        lambda s: replace(s, observed=True),
        lambda s: replace(s, reservation=Integer(1)),
        lambda s: replace(s, given=()),
    ],
    kinds.ExpectedSurplus: [
        lambda s: replace(s, value=s.value * 2),
        lambda s: replace(s, integrals=tuple(-x for x in s.integrals)),
        lambda s: replace(s, virtual=s.virtual + 1),
        lambda s: replace(s, payoff=U),
        lambda s: replace(s, law=Uniform(low, 2 * high)),
    ],
}


def test_every_kind_has_a_verifier_a_macro_and_forgeries() -> None:
    assert set(FORGED) == set(VERIFIERS)
    template = (TEMPLATES / "steps_contracts.tex.j2").read_text("utf-8")
    for kind in FORGED:
        assert f"macro {macro_name(kind)}(" in template


def test_genuine_steps_are_accepted_and_forged_ones_are_not() -> None:
    solution = derive_screening(PROCUREMENT)[1]
    earlier: dict[str, Step] = {}

    def verify(one: Step) -> None:
        premises = tuple(earlier[label] for label in one.uses)
        check_step(one, PROCUREMENT, solution.assumptions, premises, tuple(earlier.values()))  # type: ignore[arg-type]

    seen: set[type[Step]] = set()
    for step in (step for one in solution.argument for step in one.proof):
        verify(step)
        several = not isinstance(step, kinds.Schedule | kinds.Rents | kinds.ExpectedSurplus) or len(step.given) > 3
        if type(step) in FORGED and type(step) not in seen and several:
            last = isinstance(step, kinds.Schedule) and len(step.ends) == 2
            if not last:
                seen.add(type(step))
                for forge in FORGED[type(step)]:
                    with pytest.raises(Rejected):
                        verify(forge(step))
        earlier[step.label] = step
    assert seen == set(FORGED)


def test_forged_solutions_are_rejected() -> None:
    _, solution = derive_screening(QUALITY)
    first, *rest = solution.regimes
    forged = [
        replace(solution, regimes=(replace(first, values=tuple((s, v + 1) for s, v in first.values)), *rest)),
        replace(solution, regimes=tuple(rest)),
        replace(solution, regimes=(replace(first, region=(high < low + 1,)), *rest)),
    ]
    for one in forged:
        cases = tuple(
            replace(solution.argument[-1].cases[0], region=regime.region, values=regime.values) for regime in one.regimes
        )
        dressed = replace(one, argument=(*one.argument[:-1], replace(one.argument[-1], cases=cases)))
        assert verify_solutions(QUALITY, (one,), 12)
        assert verify_solutions(QUALITY, (dressed,), 12)


def off_by(share: Rational) -> Solution:
    """Procurement with all quantities off by a share, and payments, rents and profits to match."""
    solution = hidden(PROCUREMENT)
    (regime,) = [r for r in solution.regimes if all(one.xreplace({a: 9, low: 1, high: 2, theta: 1}) for one in r.region)]
    quantity = dict(regime.values)[q] * (1 + share)
    rent = integrate(quantity, (theta, theta, high))
    profit = a * quantity - quantity**2 / 2 - theta * quantity - rent
    total = integrate(expand(profit), (theta, low, high)) / (high - low)
    values = ((q, quantity), (t, theta * quantity + rent), (Pi, total), (U, rent))
    return replace(solution, regimes=(replace(regime, values=values),), assumptions=(*solution.assumptions, *regime.region))


def test_a_menu_that_is_a_little_off_is_found_though_all_that_is_said_of_it_is_right() -> None:
    """A twentieth off costs a four-hundredth of the surplus."""
    assert not attack_menu(PROCUREMENT, off_by(Rational(0)), 1)
    assert any("menus for" in fault for fault in attack_menu(PROCUREMENT, off_by(Rational(1, 20)), 1))
    one = off_by(Rational(0))
    told = tuple((s, e * Rational(101, 100) if s == Pi else e) for s, e in one.regimes[0].values)
    forged = replace(one, regimes=(replace(one.regimes[0], values=told),))
    assert any("the menu earns" in fault for fault in attack_menu(PROCUREMENT, forged, 1))


def test_types_between_two_regimes_are_integrated_over_however_few_they_are() -> None:
    """All of the capacity 2 for types below 53, nothing above 54, and a narrow range of types in between."""
    whole = screening(107 * q - q**2 / 2 - t, t - theta * q, Uniform(Integer(1), Integer(100)))
    problem = replace(whole, quantity=replace(whole.quantity, domain=(q >= 0, q <= 2)))
    assert len(hidden(problem).regimes) == 3
    assert not attack_menu(problem, hidden(problem), 1)
