"""Finite games with a committed type: thresholds of the literature, all plans, exact equilibria, bounds against equilibria."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest
import sympy
from sympy import Integer, Rational, cancel

from derive.check.repeated import verify_solutions
from derive.errors import Refusal
from derive.repeated import derive_repeated, grim_trigger, tit_for_tat, win_stay_lose_shift
from derive.repeated.steps import Assessment, InformationSet
from derive.solution import Solution
from tests.repeated.games import AXELROD, TEXTBOOK, C, D, N, P, R, S, T, game, holds, k, m, p, reputation, star

TFT, GRIM = tit_for_tat(C, D), grim_trigger(C, D)


def solved(stages: object, automaton: object = TFT, sides: int = 1, at: dict | None = None) -> tuple[object, Solution]:  # type: ignore[type-arg]
    protocol = reputation(automaton, stages, sides, at)  # type: ignore[arg-type]
    stated = game(protocol, more=(p, N) if stages == N else (p,))
    (solution,) = derive_repeated(stated)
    return stated, solution


def assessment(solution: Solution) -> Assessment:
    (step,) = [step for one in solution.argument for step in one.proof if isinstance(step, Assessment)]
    return step


# --- closed forms -----------------------------------------------------------------------------------------------------------


def test_two_stages_have_the_textbook_threshold() -> None:
    stated, solution = solved(Integer(2))
    for regime in solution.regimes:
        assert cancel(regime.resolved()[star] - (P - S) / (R - S)) == 0
    assert verify_solutions(stated, (solution,), 20) == ()  # type: ignore[arg-type]


def test_one_stage_has_no_cooperation() -> None:
    _, solution = solved(Integer(1), TFT, 2)
    assert solution.regimes[0].resolved() == {k: 1, m: 0}


def responses(first: tuple[str, ...], stages: int, prior: Rational, pay: dict) -> tuple[bool, bool]:  # type: ignore[type-arg]
    """By enumeration in plain terms: is (C.., D) a best reply for the uninformed player, and is the informed one's plan?

    Every reduced strategy of the uninformed player is a list of actions while the other behaves as tit-for-tat would.
    """
    reward = {("C", "C"): pay[R], ("C", "D"): pay[S], ("D", "C"): pay[T], ("D", "D"): pay[P]}

    def uninformed(plan: tuple[str, ...]) -> Rational:
        total, last = Rational(0), "C"
        for action in plan:  # against the type
            total += prior * reward[action, last]
            last = action
        last, known = "C", False
        for number, action in enumerate(plan):  # against the other
            own = "D" if known else action
            other = "D" if known or last == "D" else first[number]
            total += (1 - prior) * reward[own, other]
            known, last = known or other != last, own
        return total

    def informed(plan: tuple[str, ...]) -> Rational:
        total, last, known = Rational(0), "C", False
        for number, action in enumerate(plan):
            other = "D" if known or number == stages - 1 else "C"
            total += reward[action, other]
            known, last = known or action != last, other
        return total

    candidate = ("C",) * (stages - 1) + ("D",)
    plans = list(product("CD", repeat=stages))
    return uninformed(candidate) == max(map(uninformed, plans)), informed(first) == max(map(informed, plans))


@pytest.mark.parametrize("stages", [2, 3])
def test_regimes_agree_with_the_enumeration_of_all_plans(stages: int) -> None:
    _, solution = solved(Integer(stages))
    rng = random.Random(3)
    seen = set()
    for _ in range(150):
        pay = {S: Integer(rng.randint(-5, 0)), P: Integer(1), R: Integer(rng.randint(2, 6))}
        pay[T] = pay[R] + rng.randint(1, 5)
        if pay[T] + pay[S] >= 2 * pay[R]:
            continue
        point = {**pay, p: Rational(rng.randint(1, 39), 40)}
        (regime,) = [r for r in solution.regimes if all(x.xreplace(point) == sympy.true for x in r.region)]
        first = ("C",) * (stages - 2) + ("D", "D")
        found = responses(first, stages, point[p], pay)
        assert (regime.resolved()[holds] == 1) == all(found), point
        seen.add(all(found))
    assert seen == {True, False}


def test_three_stages_textbook_conditions_suffice_and_the_third_is_not_needed() -> None:
    _, solution = solved(Integer(3))
    a, b = (T - P) / (R - P), (S - P) / (R - P)
    needed = 0
    for numerator in range(1, 40):
        for pay in (AXELROD, TEXTBOOK, {T: Integer(7), R: Integer(4), P: Integer(0), S: Integer(-1)}):
            point = {**pay, p: Rational(numerator, 40)}
            (regime,) = [r for r in solution.regimes if all(x.xreplace(point) == sympy.true for x in r.region)]
            conditions = [bool(x.xreplace(point)) for x in (p + (1 - p) * b >= 0, 1 + p * a >= a, a + b <= 1)]
            if all(conditions):
                assert regime.resolved()[holds] == 1
            if regime.resolved()[holds] == 1:
                assert conditions[:2] == [True, True]
                needed += not conditions[2]
    assert needed


# --- exact equilibria -------------------------------------------------------------------------------------------------------


def test_cooperation_below_the_two_stage_threshold() -> None:
    """The textbook instance: threshold 1/4; with p = 1/5 four stages suffice for sharing in the first."""
    stated, solution = solved(Integer(4), at={**TEXTBOOK, p: Rational(1, 5)})
    assert verify_solutions(stated, (solution,)) == ()  # type: ignore[arg-type]
    start = assessment(solution).rows[0]
    assert (start.informed, start.uninformed) == (Rational(3, 4), 1)
    assert solution.regimes[0].resolved()[m] == Rational(81, 80)


def test_three_stages_below_the_threshold_have_no_cooperation_in_the_textbook_instance() -> None:
    _, solution = solved(Integer(3), at={**TEXTBOOK, p: Rational(1, 5)})
    assert solution.regimes[0].resolved()[m] == 0


def exhaustive(rows: tuple[InformationSet, ...], pay: dict, prior: Rational) -> tuple[Rational, Rational, Rational, Rational]:  # type: ignore[type-arg]
    """(equilibrium payoff, best payoff) of the uninformed and of the uncommitted informed player over all pure strategies.

    A pure strategy of the uninformed player maps each history of the other's behaviour as its type (its own past actions are then
    all that differs) to an action; of the informed player, each history of the uninformed player's actions.
    """
    stages = rows[0].left
    reward = {("C", "C"): pay[R], ("C", "D"): pay[S], ("D", "C"): pay[T], ("D", "D"): pay[P]}
    histories = [history for length in range(stages) for history in product("CD", repeat=length)]

    def row_of(history: tuple[str, ...]) -> InformationSet:
        row = rows[0]
        for action in history:
            row = rows[row.then[0 if action == "C" else 1]]
        return row

    informed_plays = {history: row_of(history).informed for history in histories}
    uninformed_plays = {history: row_of(history).uninformed for history in histories}

    def uninformed(choice: dict) -> Rational:  # type: ignore[type-arg]
        total = Rational(0)

        def walk(history: tuple[str, ...], weight: Rational, committed: bool) -> None:
            nonlocal total
            if len(history) == stages or not weight:
                return
            last = history[-1] if history else "C"
            typical = last
            alike = Integer(1) if committed else informed_plays[history] if typical == "C" else 1 - informed_plays[history]
            for own, chance in (("C", choice[history]), ("D", 1 - choice[history])):
                total += weight * alike * chance * reward[own, typical]
                walk((*history, own), weight * alike * chance, committed)
                other = "D" if typical == "C" else "C"
                left = stages - len(history) - 1
                total += weight * (1 - alike) * chance * (reward[own, other] + left * pay[P])

        walk((), prior, True)
        walk((), 1 - prior, False)
        return total

    def informed(choice: dict) -> Rational:  # type: ignore[type-arg]
        total = Rational(0)

        def walk(history: tuple[str, ...], weight: Rational) -> None:
            nonlocal total
            if len(history) == stages or not weight:
                return
            typical = history[-1] if history else "C"
            alike = choice[history] if typical == "C" else 1 - choice[history]
            other = "D" if typical == "C" else "C"
            for theirs, chance in (("C", uninformed_plays[history]), ("D", 1 - uninformed_plays[history])):
                total += weight * alike * chance * reward[typical, theirs]
                walk((*history, theirs), weight * alike * chance)
                total += weight * (1 - alike) * chance * (reward[other, theirs] + (stages - len(history) - 1) * pay[P])

        walk((), Integer(1))
        return total

    pure = [dict(zip(histories, choice, strict=True)) for choice in product((Integer(0), Integer(1)), repeat=len(histories))]
    return uninformed(uninformed_plays), max(map(uninformed, pure)), informed(informed_plays), max(map(informed, pure))


@pytest.mark.parametrize(
    ("pay", "prior", "stages"), [(TEXTBOOK, "1/5", 3), (TEXTBOOK, "1/2", 3), (AXELROD, "1/10", 3), (AXELROD, "1/3", 2)]
)
def test_no_pure_strategy_beats_the_exact_equilibrium(pay: dict, prior: str, stages: int) -> None:  # type: ignore[type-arg]
    _, solution = solved(Integer(stages), at={**pay, p: Rational(prior)})
    rows = assessment(solution).rows
    other, best_other, own, best_own = exhaustive(rows, pay, Rational(prior))
    assert (other, own) == (rows[0].value_uninformed, rows[0].value_informed)
    assert (best_other, best_own) == (other, own)


@pytest.mark.parametrize("automaton", [TFT, GRIM], ids=["tit-for-tat", "grim"])
@pytest.mark.parametrize(("pay", "prior"), [(AXELROD, "1/10"), (TEXTBOOK, "1/100"), (TEXTBOOK, "3/7"), (AXELROD, "4/5")])
def test_exact_equilibria_are_accepted_and_stay_within_the_bound(automaton: object, pay: dict, prior: str) -> None:  # type: ignore[type-arg]
    _, bounded = solved(N, automaton)
    bound = bounded.regimes[0].resolved()[k].xreplace({**pay, p: Rational(prior)})
    lost = []
    for stages in (1, 2, 5, 9, 14):
        stated, solution = solved(Integer(stages), automaton, at={**pay, p: Rational(prior)})
        assert verify_solutions(stated, (solution,)) == ()  # type: ignore[arg-type]
        if stages > 1:
            lost.append(solution.regimes[0].resolved()[k])
            assert lost[-1] <= bound
    assert Rational(prior) < Rational(1, 50) or lost[-1] == lost[-2], "the stages without cooperation stop growing"


# --- bounds -----------------------------------------------------------------------------------------------------------------


def test_the_bounds_do_not_depend_on_the_length() -> None:
    for automaton, sides in ((TFT, 1), (TFT, 2), (GRIM, 1), (GRIM, 2)):
        stated, solution = solved(N, automaton, sides)
        values = solution.regimes[0].resolved()
        assert N not in values[k].free_symbols
        assert cancel(values[k] + values[m] - N) == 0
        assert verify_solutions(stated, (solution,)) == ()  # type: ignore[arg-type]


def test_grim_bound_in_the_textbook_instance() -> None:
    _, solution = solved(N, GRIM, 2)
    value = solution.regimes[0].resolved()[k].xreplace({**TEXTBOOK, p: Rational(1, 5)})
    assert value == (Rational(4, 3) + Rational(4, 5) * Rational(1, 3)) * 5  # (a - (1-p) b) / p


def test_a_bound_is_declined_where_the_argument_does_not_reach() -> None:
    with pytest.raises(Refusal, match="tit-for-tat, or every one is grim"):
        solved(N, win_stay_lose_shift(C, D))
    stated = game(reputation(TFT, N), more=(p, N))
    loose = replace(stated, assumptions=tuple(x for x in stated.assumptions if x != (T + S < 2 * R)))
    with pytest.raises(Refusal, match="prisoner's dilemma"):
        derive_repeated(loose)


def test_four_stages_in_symbols_are_declined() -> None:
    with pytest.raises(Refusal, match="exact values"):
        solved(Integer(4))
