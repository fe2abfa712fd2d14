"""Every kind of step of repeated games: the genuine one is accepted, a forged one rejected. Ill-posed statements are refused."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from sympy import Integer, Ne, Rational, Symbol

from derive.check.repeated import VERIFIERS, verify_solutions
from derive.check.steps import Rejected, check_step
from derive.errors import StatementError
from derive.ir import symbols
from derive.render import TEMPLATES
from derive.repeated import (
    Division,
    Factor,
    OneShot,
    RepeatedGame,
    Reputation,
    derive_repeated,
    grim_trigger,
    limited_punishment,
    tit_for_tat,
    validate_repeated,
)
from derive.repeated import steps as kinds
from derive.solution import Solution
from derive.steps import Step
from derive.views.latex.steps import macro_name
from tests.repeated.games import DILEMMA, PRISONERS, TEXTBOOK, C, D, N, R, S, T, both, delta, game, k, p, reputation, v_1, v_2

TFT, GRIM = tit_for_tat(C, D), grim_trigger(C, D)
B, w, y_1, y_2, x_1, x_2 = symbols("B w y_1 y_2 x_1 x_2")
u_1, u_2, p_1, p_2, q_1, q_2 = symbols("u_1 u_2 p_1 p_2 q_1 q_2")
DIVISION = Division("division", "Division", B, (Factor("effort", Integer(1), (y_1, y_2)),), (x_1, x_2))


def numbered(protocol: Reputation, key: str) -> Reputation:
    return replace(protocol, key=key)


@lru_cache(maxsize=1)
def everything() -> tuple[RepeatedGame, tuple[Solution, ...]]:
    at = {**TEXTBOOK, p: Rational(1, 5)}
    stated = game(
        OneShot("once", "Once", (v_1, v_2)),
        OneShot("mixed", "All equilibria", (u_1, u_2), probabilities=((p_1, p_2), (q_1, q_2))),
        both(GRIM, "subgame_perfect", "grim"),
        both(TFT, "nash", "tft"),
        both(limited_punishment(C, D, 2), "subgame_perfect", "punish"),
        numbered(reputation(TFT, Integer(2)), "two"),
        numbered(reputation(TFT, Integer(4), 1, at), "four"),
        numbered(reputation(TFT, N), "bound"),
        DIVISION,
        more=(p, N, B, y_1, y_2),
    )
    stated = replace(stated, assumptions=(*stated.assumptions, B > 0, y_1 > 0, y_2 > 0))
    return stated, derive_repeated(stated)


def genuine(kind: type[Step]) -> tuple[Step, Solution, tuple[Step, ...]]:
    for solution in everything()[1]:
        earlier: dict[str, Step] = {}
        for proposition in solution.argument:
            for step in proposition.proof:
                if type(step) is kind and not (kind is kinds.OneShotDeviation and step.core.is_number):
                    return step, solution, tuple(earlier[label] for label in step.uses)
                earlier[step.label] = step
    raise AssertionError(kind)


def row(step: kinds.Assessment, number: int, **changes: object) -> kinds.Assessment:
    rows = list(step.rows)
    rows[number] = replace(rows[number], **changes)  # type: ignore[arg-type]
    return replace(step, rows=tuple(rows))


FORGERIES = {
    kinds.SupportEquilibrium: [
        lambda s: replace(s, probabilities=(s.probabilities[0][::-1], s.probabilities[1])),
        lambda s: replace(s, payoffs=(s.payoffs[0] + 1, s.payoffs[1])),
        lambda s: replace(s, certificates=s.certificates[:-1]),
    ],
    kinds.DominantAction: [lambda s: replace(s, action=s.other, other=s.action), lambda s: replace(s, gains=s.gains[:1])],
    kinds.DiscountedValues: [
        lambda s: replace(s, values=(s.values[0] + 1, *s.values[1:])),
        lambda s: replace(s, flows=tuple(2 * x for x in s.flows), values=tuple(2 * x for x in s.values)),
        lambda s: replace(s, states=s.states[:1], flows=s.flows[:1], successors=(0,), values=s.values[:1]),
    ],
    kinds.OneShotDeviation: [
        lambda s: replace(s, core=-s.core),
        lambda s: replace(s, positive=-s.positive, core=-s.core),
        lambda s: replace(s, deviate=s.deviate - 1, core=s.core + 1 / s.positive),
    ],
    kinds.ReplyComparison: [
        lambda s: replace(s, cycle=(*s.cycle, "D")),
        lambda s: replace(s, reply=s.reply + 1),
        lambda s: replace(s, positive=-s.positive, core=-s.core),
    ],
    kinds.LinearThreshold: [
        lambda s: replace(s, relation=s.relation.func(s.bound, s.variable)),
        lambda s: replace(s, bound=s.bound + 1, relation=s.relation.func(s.variable, s.bound + 1)),
        lambda s: replace(s, core=s.core - s.slope, condition=s.core - s.slope >= 0),
    ],
    kinds.SignChangeRoot: [
        lambda s: replace(s, sign=-s.sign),
        lambda s: replace(s, at_one=-s.at_one),
        lambda s: replace(s, coefficients=tuple(-c for c in s.coefficients)),
        lambda s: replace(s, certificates=s.certificates[::-1]),
    ],
    kinds.CaseChain: [
        lambda s: replace(s, regions=s.regions[:-1]),
        lambda s: replace(s, regions=s.regions[::-1]),
    ],
    kinds.BayesUpdate: [
        lambda s: replace(s, posterior=s.posterior + Rational(1, 100)),
        lambda s: replace(s, mimics=Rational(1, 2)),
    ],
    kinds.PlanComparison: [
        lambda s: replace(s, planned=s.planned + 1),
        lambda s: replace(s, plan=s.alternative, alternative=s.plan, planned=s.other, other=s.planned, core=-s.core),
        lambda s: replace(s, core=2 * s.core),
    ],
    kinds.Assessment: [
        lambda s: row(s, 0, informed=Rational(1, 2)),
        lambda s: row(s, 0, uninformed=Rational(1, 2)),
        lambda s: row(s, 1, belief=Rational(1, 3)),
        lambda s: row(s, 1, uninformed=Rational(1, 3)),
        lambda s: row(s, 0, value_informed=s.rows[0].value_informed + 1),
        lambda s: replace(s, cooperative=s.cooperative + 1),
        lambda s: replace(s, rows=s.rows[1:]),
    ],
    kinds.PayoffFloor: [
        lambda s: replace(s, floor=s.floor + 1),
        lambda s: replace(s, belief=2 * s.belief),
        lambda s: replace(s, strategy="refuse"),
    ],
    kinds.NoncooperationBound: [
        lambda s: replace(s, bound=s.bound - 1),
        lambda s: replace(s, expected=True),
        lambda s: replace(s, automaton="trigger"),
        lambda s: replace(s, sides=2),
    ],
    kinds.RevisedShares: [
        lambda s: replace(s, shares=((s.shares[0][0], s.shares[1][1]), (s.shares[1][0], s.shares[0][1]))),
        lambda s: replace(s, weights=tuple(2 * x for x in s.weights)),
    ],
}


def test_every_kind_has_a_verifier_a_macro_and_forgeries() -> None:
    own = {kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, Step) and kind is not Step}
    assert own == set(VERIFIERS) == set(FORGERIES)
    template = (TEMPLATES / "steps_repeated.tex.j2").read_text("utf-8")
    for kind in own:
        assert f"macro {macro_name(kind)}(" in template


@pytest.mark.parametrize("kind", FORGERIES, ids=lambda kind: kind.__name__)
def test_the_genuine_step_is_accepted_and_the_forged_one_is_not(kind: type[Step]) -> None:
    step, solution, premises = genuine(kind)
    stated = everything()[0]
    check_step(step, stated, solution.assumptions, premises)  # type: ignore[arg-type]
    for forge in FORGERIES[kind]:
        with pytest.raises(Rejected):
            check_step(forge(step), stated, solution.assumptions, premises)  # type: ignore[arg-type, no-untyped-call]


def test_whole_solutions_are_accepted_and_a_changed_value_is_not() -> None:
    stated, solutions = everything()
    assert verify_solutions(stated, solutions, 5) == ()
    for solution in solutions:
        if solution.protocol in ("once", "grim", "four", "bound", "division"):
            first = solution.regimes[0]
            changed = tuple((s, v + 1 if s in (v_1, k, x_1) else v) for s, v in first.values)
            forged = replace(solution, regimes=(replace(first, values=changed), *solution.regimes[1:]))
            assert verify_solutions(stated, (forged,), 20), solution.protocol


@pytest.mark.parametrize("key", ["grim", "tft", "punish"])
def test_a_forged_threshold_is_rejected(key: str) -> None:
    """The region of the equilibrium is right; only the critical discount factor that is reported is not."""
    stated, solutions = everything()
    (solution,) = [one for one in solutions if one.protocol == key]
    play = stated.protocol(key)
    reported = [value for regime in solution.regimes for symbol, value in regime.values if symbol == play.threshold]
    for change in (lambda v: v / 2, lambda v: (1 + v) / 2) if reported else ():
        regimes = tuple(
            replace(one, values=tuple((s, change(v) if s == play.threshold else v) for s, v in one.values))
            for one in solution.regimes
        )
        (*earlier, theorem) = solution.argument
        cases = tuple(replace(case, values=one.values) for case, one in zip(theorem.cases, regimes, strict=True))
        forged = replace(solution, regimes=regimes, argument=(*earlier, replace(theorem, cases=cases)))
        assert verify_solutions(stated, (forged,), 12), key
        assert verify_solutions(stated, (replace(solution, argument=forged.argument),), 12), key


def test_shares_follow_the_factors() -> None:
    solution = everything()[1][-1]
    values = solution.regimes[0].resolved()
    point = {B: Integer(12), y_1: Integer(1), y_2: Integer(3)}
    assert [values[x].xreplace(point) for x in (x_1, x_2)] == [3, 9]


# --- ill-posed statements ----------------------------------------------------------------------------------------------------


def bad(**changes: object) -> RepeatedGame:
    return replace(game(both(GRIM)), **changes)  # type: ignore[arg-type]


WRONG = [
    (lambda: bad(assumptions=(Symbol("q", real=True) < T,)), "undeclared", "q"),
    (lambda: bad(discount=None, parameters=game(both(GRIM)).parameters[:4]), "discount", ""),
    (lambda: bad(stage=replace(PRISONERS, payoffs=PRISONERS.payoffs[:3])), "dilemma, stage game: the profile .* has no payoffs", ""),
    (lambda: bad(stage=replace(PRISONERS, payoffs=(((C, C), (R, 0.5)), *PRISONERS.payoffs[1:]))), "float", ""),
    (lambda: bad(assumptions=(Ne(T, T),)), "false for all", ""),
    (lambda: bad(assumptions=(*DILEMMA, T < S)), "contradict each other", ""),
    (lambda: bad(assumptions=(*DILEMMA, delta > 2)), "contradict each other: .* delta < 1", ""),
    (lambda: bad(protocols=(both(GRIM), both(GRIM))), "distinct", ""),
    (lambda: bad(protocols=(replace(both(GRIM), concept="trembling hand"),)), "neither", ""),
    (lambda: bad(protocols=(replace(both(GRIM), strategies=(GRIM,)),)), "every player needs a strategy", ""),
    (lambda: bad(protocols=(both(replace(GRIM, transition=GRIM.transition[1:])),)), "one transition", ""),
    (lambda: bad(protocols=(both(replace(GRIM, initial="asleep")),)), "initial", ""),
    (lambda: game(reputation(TFT, N), more=(N,)), "undeclared", "p"),
    (lambda: game(reputation(TFT, Integer(0)), more=(p,)), "at least 1", ""),
    (lambda: game(reputation(TFT, Integer(2), 1, {p: Rational(3, 2)}), more=(p,)), "strictly between", ""),
    (lambda: game(replace(DIVISION, shares=(x_1,)), more=(B, y_1, y_2)), "one share per player", ""),
    (lambda: bad(parameters=game(both(GRIM), more=(w,)).parameters), "never used", "w"),
]


@pytest.mark.parametrize(("make", "message", "symbol"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_ill_posed_statements_are_refused_in_one_line(make: object, message: str, symbol: str) -> None:
    with pytest.raises(StatementError, match=message) as caught:
        validate_repeated(make())  # type: ignore[operator]
    assert caught.value.model == "dilemma"
    assert caught.value.symbol == symbol
    assert "\n" not in str(caught.value)


def test_values_that_violate_an_assumption_are_refused() -> None:
    with pytest.raises(StatementError, match="violate"):
        derive_repeated(game(reputation(TFT, Integer(3), 1, {**TEXTBOOK, T: Integer(2), p: Rational(1, 2)}), more=(p,)))
