"""Menus for hidden types and wages seen through a utility; expected values are the published first-order conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, Symbol, exp, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.check.contracts import VERIFIERS
from derive.check.screening import VERIFIERS as SCREENING
from derive.check.solution import check_solution
from derive.check.steps import Rejected, check_step
from derive.contracts import steps as kinds
from derive.ir import Feasibility, Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.render import TEMPLATES
from derive.solution import Regime, Solution
from derive.steps import Step
from derive.views.latex.steps import macro_name
from tests.engine.statements import decide, model, protocol

a, c, low, high, nu, ql, qh, Tl, Th, U = symbols("a c low high nu ql qh Tl Th U")
p1, p2, q1, q2, q3, T1, T2, T3 = symbols("p1 p2 q1 q2 q3 T1 T2 T3")
TYPES: tuple[Boolean, ...] = (low > 0, high > low, nu > 0, nu < 1)
Worth = Callable[[Expr, Symbol, Symbol], Expr]


def menu(types: dict[Expr, tuple[Symbol, Symbol]], worth: Worth) -> tuple[Feasibility, ...]:
    """Participation and incentive constraints: each type prefers its own contract to none and to any other."""
    found = []
    for i, (kind, own) in enumerate(types.items()):
        found.append(Feasibility(f"IR{i}", worth(kind, *own) >= 0))
        found += [
            Feasibility(f"IC{i}{j}", worth(kind, *own) >= worth(kind, *other))
            for j, other in enumerate(types.values())
            if other != own
        ]
    return tuple(found)


def principal(payoff: Expr, parameters: tuple[Symbol, ...], given: tuple[Boolean, ...], types: dict, worth: Worth) -> Model:
    quantities, transfers = zip(*types.values(), strict=True)
    return model(
        "menu",
        parameters,
        given,
        {q: (q >= 0,) for q in quantities} | dict.fromkeys(transfers, ()),
        (Player("P", payoff, U, "a principal"),),
        protocol("S", (decide("P", *quantities, *transfers, subject_to=menu(types, worth)),)),
    )


TWO = {low: (ql, Tl), high: (qh, Th)}


def procurement(value_low: Expr = a, value_high: Expr = a) -> Model:
    """Costs are the type times half the square of the quantity."""
    payoff = nu * (value_low * ql - Tl) + (1 - nu) * (value_high * qh - Th)
    extra = tuple(sorted((value_low.free_symbols | value_high.free_symbols), key=str))
    return principal(
        payoff, (low, high, nu, *extra), (*TYPES, *(s > 0 for s in extra)), TWO, lambda kind, q, t: t - kind * q**2 / 2
    )


def three() -> Model:
    types = {Integer(1): (q1, T1), Integer(2): (q2, T2), Integer(3): (q3, T3)}
    payoff = p1 * (a * q1 - T1) + p2 * (a * q2 - T2) + (1 - p1 - p2) * (a * q3 - T3)
    given = (a > 0, p1 > 0, p2 > 0, p1 + p2 < 1)
    return principal(payoff, (a, p1, p2), given, types, lambda kind, q, t: t - kind * q**2 / 2)


def buyers() -> Model:
    """A seller with constant unit cost; tastes are the type times the root of the quantity (Maskin and Riley 1984)."""
    payoff = nu * (Th - c * qh) + (1 - nu) * (Tl - c * ql)
    return principal(payoff, (c, low, high, nu), (*TYPES, c > 0), TWO, lambda kind, q, t: kind * sqrt(q) - t)


def solved(game: Model) -> Solution:
    solution = derive_protocol(game, game.protocols[0])
    report = check_solution(game, solution, 12)
    assert report.accepted, report.failures
    assert not solution.gaps
    return solution


def at(solution: Solution, point: dict[Expr, Expr]) -> Regime:
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(point) for relation in r.region)]
    return replace(regime, values=tuple((s, v.xreplace(point)) for s, v in regime.values))


def test_costs_that_are_a_type_times_a_square() -> None:
    """The efficient type produces at the first best, the other one where its virtual cost is the price."""
    (regime,) = solved(procurement()).regimes
    values = dict(regime.values)
    virtual = high + nu / (1 - nu) * (high - low)
    assert (values[ql] - a / low).cancel() == 0
    assert (values[qh] - a / virtual).cancel() == 0
    assert (values[Th] - high * values[qh] ** 2 / 2).cancel() == 0
    rent = values[Tl] - low * values[ql] ** 2 / 2
    assert (rent - (high - low) * values[qh] ** 2 / 2).cancel() == 0


def test_where_values_rise_faster_than_costs_both_types_get_one_contract() -> None:
    """Non-responsiveness (Guesnerie and Laffont 1984): pooling where the relaxed quantities are in the wrong order."""
    v, w = symbols("v w")
    solution = solved(procurement(v, w))
    here = {v: Integer(1), low: Integer(1), high: Integer(2), nu: Rational(1, 2)}
    pooled, apart = at(solution, {**here, w: Integer(7)}), at(solution, {**here, w: Integer(2)})
    assert dict(pooled.values)[ql] == dict(pooled.values)[qh] == 2
    assert (dict(apart.values)[ql], dict(apart.values)[qh]) == (1, Rational(2, 3))


def test_three_types_are_bunched_where_virtual_costs_fall() -> None:
    """Virtual costs are 1, 2 + p1/p2 and 3 + (p1 + p2)/p3; the last two are bunched where p1 p3 >= p2."""
    solution = solved(three())
    for p, bunched in (((Rational(1, 2), Rational(1, 10)), True), ((Rational(1, 3), Rational(1, 3)), False)):
        point: dict[Expr, Expr] = {a: Integer(1), p1: p[0], p2: p[1]}
        values = dict(at(solution, point).values)
        p3 = 1 - p[0] - p[1]
        assert values[q1] == 1
        if bunched:
            pooled = (p[1] + p3) / (p[1] * (2 + p[0] / p[1]) + p3 * (3 + (p[0] + p[1]) / p3))
            assert values[q2] == values[q3] == pooled
        else:
            assert (values[q2], values[q3]) == (1 / (2 + p[0] / p[1]), 1 / (3 + (p[0] + p[1]) / p3))


def test_buyers_with_concave_tastes_and_exclusion() -> None:
    served, excluded = sorted(solved(buyers()).regimes, key=lambda r: len(dict(r.values)[ql].free_symbols), reverse=True)
    assert dict(excluded.values)[ql] == 0
    virtual = (low - nu * high) / (1 - nu)
    assert (dict(served.values)[ql] - (virtual / (2 * c)) ** 2).cancel() == 0
    assert (dict(served.values)[qh] - (high / (2 * c)) ** 2).cancel() == 0


# --- effort that is worth its cost, chosen by a risk-averse agent (Grossman and Hart 1983) -----------------------------------

R, P, p, psi, outside, r, wh, wl = symbols("R P p psi outside r wh wl")
CHANCES: tuple[Boolean, ...] = (R > 0, p > 0, p < P, P < 1, psi > 0)


def agency(utility: Callable[[Expr], Expr], level: Expr, extra: tuple[Symbol, ...], *given: Boolean, bounds: bool) -> Model:
    good, bad = utility(wh), utility(wl)
    works, shirks = P * good + (1 - P) * bad - psi, p * good + (1 - p) * bad
    return model(
        "agency",
        (R, P, p, psi, *extra),
        (*CHANCES, *given),
        {wh: (wh >= 0,) if bounds else (), wl: (wl >= 0,) if bounds else ()},
        (Player("P", P * (R - wh) - (1 - P) * wl, U, "a principal"),),
        protocol(
            "S", (decide("P", wh, wl, subject_to=(Feasibility("IR", works >= level), Feasibility("IC", works >= shirks))),)
        ),
    )


def test_wages_of_an_agent_with_utility_of_the_root() -> None:
    game = agency(sqrt, outside, (outside,), outside > psi * p / (P - p), bounds=True)
    (regime,) = solved(game).regimes
    values = dict(regime.values)
    assert regime.active == ("IR", "IC")
    assert (values[wh] - (outside + psi + (1 - P) * psi / (P - p)) ** 2).cancel() == 0
    assert (values[wl] - (outside + psi - P * psi / (P - p)) ** 2).cancel() == 0


def test_wages_of_an_agent_with_constant_absolute_risk_aversion() -> None:
    game = agency(lambda w: -exp(-r * w), Integer(-1), (r,), r > 0, psi * (1 - p) < P - p, bounds=False)
    (regime,) = solved(game).regimes
    utilities = {wh: -1 + psi + (1 - P) * psi / (P - p), wl: -1 + psi - P * psi / (P - p)}
    point = {R: Integer(9), P: Rational(3, 4), p: Rational(1, 4), psi: Rational(1, 3), r: Integer(2)}
    for wage, utility in utilities.items():
        expected = -log(-utility.xreplace(point)) / 2
        assert abs((dict(regime.values)[wage].xreplace(point) - expected).evalf(30)) < Rational(1, 10**25)


# --- the steps ---------------------------------------------------------------------------------------------------------------

FORGED: dict[type[Step], tuple[Model, list[Callable]]] = {
    kinds.BindingTransfers: (
        procurement(),
        [
            lambda s: replace(s, multipliers=s.multipliers[::-1]),
            lambda s: replace(s, certificates=s.certificates[:1]),
            lambda s: replace(s, reduced=s.reduced + ql),
            lambda s: replace(s, solved=((s.solved[0][0], s.solved[0][1] + 1), s.solved[1])),
            lambda s: replace(s, others=s.others[:1], held=s.held[:1]),
            lambda s: replace(s, others=(-s.others[0], *s.others[1:])),
            lambda s: replace(s, held=(s.held[1], s.held[0])),
            lambda s: replace(s, given=()),
        ],
    ),
    kinds.Ordered: (
        procurement(*symbols("v w")),
        [
            lambda s: replace(s, slack=-s.slack, slope=-s.slope),
            lambda s: replace(s, slack=s.slack + 1),
            lambda s: replace(s, high=s.low, low=s.high),
            lambda s: replace(s, certificate=None),
            lambda s: replace(s, given=(*s.given, s.low > 0)),
        ],
    ),
    kinds.CurvedVariable: (
        agency(sqrt, outside, (outside,), outside > psi * p / (P - p), bounds=True),
        [
            lambda s: replace(s, meaning=-s.meaning, slope=-s.slope),
            lambda s: replace(s, value=s.new),
            lambda s: replace(s, after=s.after + s.new),
            lambda s: replace(s, certificate=None),
            lambda s: replace(s, new=R),
            lambda s: replace(s, range=()),
            lambda s: replace(s, range=(s.new >= 1,)),
        ],
    ),
}


def test_every_kind_has_a_verifier_a_macro_and_forgeries() -> None:
    own = {kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, Step) and kind is not Step}
    assert own == {*VERIFIERS, *SCREENING}
    assert set(VERIFIERS) == set(FORGED)
    template = (TEMPLATES / "steps_contracts.tex.j2").read_text("utf-8")
    for kind in own:
        assert f"macro {macro_name(kind)}(" in template


@pytest.mark.parametrize("kind", FORGED, ids=lambda kind: kind.__name__)
def test_the_genuine_step_is_accepted_and_the_forged_one_is_not(kind: type[Step]) -> None:
    game, forgeries = FORGED[kind]
    solution = derive_protocol(game, game.protocols[0])
    earlier: dict[str, Step] = {}
    for step in (step for one in solution.argument for step in one.proof):
        if type(step) is kind:
            break
        earlier[step.label] = step
    assert type(step) is kind

    def verify(one: Step) -> None:
        premises = tuple(earlier[label] for label in one.uses)
        check_step(one, game, solution.assumptions, premises, tuple(earlier.values()))

    verify(step)
    for forge in forgeries:
        with pytest.raises(Rejected):
            verify(forge(step))


def test_where_next_to_nothing_is_earned_no_gain_is_seen_in_what_rounding_lets_off_constraints() -> None:
    """Unit costs 1 and 3, this one thrice as likely, and the buyer's value a of the first unit: nobody is asked to produce where a <= 1."""
    payoff = (a * ql - ql**2 / 2 - Tl + 3 * (a * qh - qh**2 / 2 - Th)) / 4
    types = {Integer(1): (ql, Tl), Integer(3): (qh, Th)}
    solution = solved(principal(payoff, (a,), (a > 0,), types, lambda kind, q, t: t - kind * q))
    expected = ((Rational(1, 2), 0, 0), (Integer(2), 1, 0), (Integer(4), 3, Rational(1, 3)))
    for value, efficient, inefficient in expected:
        chosen = dict(at(solution, {a: value}).values)
        assert (chosen[ql], chosen[qh]) == (efficient, inefficient)
