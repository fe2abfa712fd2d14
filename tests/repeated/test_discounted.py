"""Critical discount factors: published values, and an independent method (long finite games by brute force)."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from sympy import Eq, Integer, Rational, cancel, symbols

from derive.audit.claims import judgements_on, setting_of
from derive.check.repeated import verify_solutions
from derive.ir import At, Claim, Parameter
from derive.repeated import (
    Automaton,
    Play,
    RepeatedGame,
    StageGame,
    always,
    derive_repeated,
    grim_trigger,
    limited_punishment,
    tit_for_tat,
    win_stay_lose_shift,
)
from derive.solution import Regime, Solution
from tests.repeated.games import AXELROD, TEXTBOOK, C, D, P, R, S, T, both, delta, game, holds, star, v_1

GRIM, TFT, WSLS = grim_trigger(C, D), tit_for_tat(C, D), win_stay_lose_shift(C, D)


def solved(play: Play) -> Solution:
    (solution,) = derive_repeated(game(play))
    return solution


def regime_at(solution: Solution, point: dict[sympy.Symbol, Rational]) -> Regime:
    found = [r for r in solution.regimes if all(relation.xreplace(point) == sympy.true for relation in r.region)]
    assert len(found) == 1
    return found[0]


def threshold(play: Play, point: dict[sympy.Symbol, Rational]) -> Rational:
    regime = regime_at(solved(play), {**point, delta: Rational(99, 100)})
    return regime.resolved()[star].xreplace(point)


def test_grim_trigger_has_friedmans_threshold() -> None:
    solution = solved(both(GRIM))
    for regime in solution.regimes:
        assert cancel(regime.resolved()[star] - (T - R) / (T - P)) == 0
    assert threshold(both(GRIM), AXELROD) == Rational(1, 2)
    assert cancel(solution.regimes[0].resolved()[v_1] - R / (1 - delta)) == 0


def test_tit_for_tat_is_nash_from_axelrods_threshold() -> None:
    assert threshold(both(TFT, "nash"), AXELROD) == Rational(2, 3)
    low = {T: Integer(6), R: Integer(4), P: Integer(3), S: Integer(-3)}
    assert threshold(both(TFT, "nash"), low) == Rational(2, 3)  # here (T-R)/(T-P) is the larger of the two


def test_tit_for_tat_is_subgame_perfect_on_a_knife_edge_only() -> None:
    solution = solved(both(TFT))
    edge = TEXTBOOK
    assert regime_at(solution, {**edge, delta: Rational(1, 4)}).resolved()[holds] == 1
    assert regime_at(solution, {**edge, delta: Rational(1, 3)}).resolved()[holds] == 0
    assert regime_at(solution, {**AXELROD, delta: Rational(9, 10)}).resolved()[holds] == 0
    stated = [relation for relation in solution.regimes[0].region if isinstance(relation, Eq)]
    assert Eq(S + T, P + R) in stated


def test_win_stay_lose_shift() -> None:
    assert threshold(both(WSLS), {**AXELROD, R: Rational(7, 2)}) == Rational(3, 5)  # (T-R)/(R-P)


def test_punishment_of_two_periods_is_the_root_of_a_quadratic() -> None:
    solution = solved(both(limited_punishment(C, D, 2)))
    (implicit,) = solution.regimes[0].implicit
    root = sympy.Poly(implicit.equation.xreplace(TEXTBOOK), implicit.symbol).nroots(n=30)
    expected = (-1 + sympy.sqrt(1 + 4 * Rational(1, 3))) / 2  # delta + delta**2 = (T-R)/(R-P)
    assert min(abs(r - expected) for r in root) < Rational(1, 10**20)
    never = {T: Integer(9), R: Integer(5), P: Integer(4), S: Integer(0)}  # (T-R)/(R-P) = 4 > 2
    assert regime_at(solution, {**never, delta: Rational(99, 100)}).resolved()[holds] == 0


def test_one_period_of_punishment_has_the_linear_threshold() -> None:
    assert threshold(both(limited_punishment(C, D, 1)), TEXTBOOK) == Rational(1, 3)


TEMPTED = (T > 2, S > 2)


def unlike(first: Automaton, second: Automaton, concept: str) -> RepeatedGame:
    """Two players who are tempted unequally: T and S are what they earn by exploiting the other."""
    two, none, cheated = Integer(2), Integer(0), Integer(-1)
    payoffs = (((C, C), (two, two)), ((C, D), (cheated, S)), ((D, C), (T, cheated)), ((D, D), (none, none)))
    stage = StageGame(("one", "two"), ((C, D), (C, D)), payoffs)
    play = Play("play", "Unequal temptations", (first, second), concept, star, holds)
    return game(play, stage=stage, assumptions=TEMPTED, parameters=tuple(Parameter(s, "a parameter") for s in (T, S, delta)))


@pytest.mark.parametrize(
    ("first", "second", "concept", "temptations", "expected"),
    [
        # 2 + 2 d + 2 d^2 + 2 d^3 reaches the larger temptation first at this d
        (limited_punishment(C, D, 3), limited_punishment(C, D, 3), "subgame_perfect", (3, 5), "0.6914"),
        (limited_punishment(C, D, 3), limited_punishment(C, D, 3), "subgame_perfect", (5, 3), "0.6914"),
        # the trigger deters player one from 1 - 2/T on, two periods of punishment player two from the root of 2 d + 2 d^2 = S - 2
        (limited_punishment(C, D, 2), GRIM, "nash", (8, 3), "0.75"),
        (limited_punishment(C, D, 2), GRIM, "nash", (3, 5), "0.8229"),
    ],
)
def test_the_player_who_is_tempted_more_decides(
    first: Automaton, second: Automaton, concept: str, temptations: tuple[int, int], expected: str
) -> None:
    statement = unlike(first, second, concept)
    (solution,) = derive_repeated(statement)
    assert verify_solutions(statement, (solution,), 20) == ()
    point = dict(zip((T, S), map(Integer, temptations), strict=True))
    (regime,) = [
        regime
        for regime in solution.regimes
        if regime.resolved().get(holds) == 1
        and all(part.xreplace(point) == sympy.true for part in regime.region if not part.free_symbols - {T, S})
    ]
    value = regime.resolved()[star].xreplace(point)
    for implicit in regime.implicit:
        roots = sympy.Poly(implicit.equation.xreplace(point), implicit.symbol).nroots()
        value = value.xreplace({implicit.symbol: next(root for root in roots if root.is_real and 0 < root < 1)})
    assert abs(value - Rational(expected)) < Rational(1, 10**4)


def test_a_threshold_that_is_not_where_the_equilibrium_begins_is_rejected() -> None:
    statement = unlike(limited_punishment(C, D, 3), limited_punishment(C, D, 3), "subgame_perfect")
    (solution,) = derive_repeated(statement)
    other = {S: T, T: S}
    forged = tuple(
        replace(regime, implicit=tuple(replace(one, equation=one.equation.xreplace(other)) for one in regime.implicit))
        for regime in solution.regimes
    )
    assert verify_solutions(statement, (replace(solution, regimes=forged),), 20) != ()


def test_a_claim_is_silent_where_no_patience_is_enough() -> None:
    """With two periods of punishment and a temptation of 6 or more there is no threshold, so nothing is said of it there."""
    statement = unlike(limited_punishment(C, D, 2), limited_punishment(C, D, 2), "nash")
    at = At(star, "play")
    claims = (Claim("1", "below one", at < 1), Claim("2", "above five", at > 5, given=(S > 7, S > T)))
    statement = replace(statement, claims=claims)
    solutions = derive_repeated(statement)
    setting = setting_of(statement, solutions)
    assert [judgements_on(claim, setting)[0].status for claim in claims] == ["proved", "vacuous"]


def test_defection_always_is_an_equilibrium_and_cooperation_never() -> None:
    assert [regime.resolved()[holds] for regime in solved(both(always(D, (C, D)))).regimes] == [1]
    assert [regime.resolved()[holds] for regime in solved(both(always(C, (C, D)))).regimes] == [0]


def test_collusion_among_n_firms() -> None:
    n, monopoly, d = sympy.Symbol("n", real=True), sympy.Symbol("Pi", real=True), delta
    stage = StageGame(
        ("firm",),
        ((C, D),),
        (((C, C), (monopoly / n,)), ((D, C), (monopoly,)), ((C, D), (Integer(0),)), ((D, D), (Integer(0),))),
        n,
    )
    play = Play("collusion", "Collusion", (GRIM,), "subgame_perfect", star, holds)
    cartel = RepeatedGame(
        key="cartel", title="Cartel", source="Tirole (1988) sec. 6.3",
        parameters=tuple(Parameter(s, "a parameter") for s in (n, monopoly, d)),
        assumptions=(n >= 2, monopoly > 0), stage=stage, protocols=(play,), discount=d,
    )  # fmt: skip
    (solution,) = derive_repeated(cartel)
    assert all(cancel(regime.resolved()[star] - (1 - 1 / n)) == 0 for regime in solution.regimes)
    assert verify_solutions(cartel, (solution,), 20) == ()


def simulated(automaton: object, point: dict[sympy.Symbol, Rational], factor: Fraction, nash: bool) -> bool:
    """Whether no plan gains in the first 400 periods, by backward induction on plain numbers; the rest is worth nothing."""
    pay = {("C", "C"): point[R], ("C", "D"): point[S], ("D", "C"): point[T], ("D", "D"): point[P]}
    payoff = {key: float(value) for key, value in pay.items()}
    rate, horizon = float(factor), 400
    best = dict.fromkeys(automaton.states, 0.0)  # type: ignore[attr-defined]
    follow = {(a, b): 0.0 for a in automaton.states for b in automaton.states}  # type: ignore[attr-defined]
    for _ in range(horizon):
        best = {
            state: max(
                payoff[own, automaton.plays(state)] + rate * best[automaton.after(state, (automaton.plays(state), own))]  # type: ignore[attr-defined]
                for own in "CD"
            )
            for state in automaton.states  # type: ignore[attr-defined]
        }
        follow = {
            (a, b): payoff[automaton.plays(a), automaton.plays(b)]  # type: ignore[attr-defined]
            + rate
            * follow[
                automaton.after(a, (automaton.plays(a), automaton.plays(b))),  # type: ignore[attr-defined]
                automaton.after(b, (automaton.plays(b), automaton.plays(a))),  # type: ignore[attr-defined]
            ]
            for a, b in follow
        }
    start = automaton.initial  # type: ignore[attr-defined]
    reached = {(start, start)}
    for _ in range(20):
        reached |= {
            (automaton.after(a, (x, y)), automaton.after(b, (y, x)))
            for a, b in reached
            for x in "CD"
            for y in "CD"  # type: ignore[attr-defined]
        }
    joint = [(start, start)] if nash else sorted(reached)
    return all(best[b] <= follow[a, b] + 1e-9 for a, b in joint)


@pytest.mark.parametrize("concept", ["nash", "subgame_perfect"])
@pytest.mark.parametrize(
    "automaton", [GRIM, TFT, WSLS, limited_punishment(C, D, 2), limited_punishment(C, D, 3)], ids=lambda a: a.name
)
def test_regimes_agree_with_long_finite_games(automaton: object, concept: str) -> None:
    play = both(automaton, concept)  # type: ignore[arg-type]
    solution = solved(play)
    rng = random.Random(5)
    seen = set()
    for _ in range(40):
        worst = rng.randint(-4, 2)
        values = [worst, worst + rng.randint(1, 4), 0, 0]
        values[2] = values[1] + rng.randint(1, 4)
        values[3] = values[2] + rng.randint(1, 4)
        if values[3] + values[0] >= 2 * values[2]:
            continue
        point = dict(zip((S, P, R, T), map(Integer, values), strict=True))
        factor = Fraction(rng.randint(5, 85), 97)
        exact = {**point, delta: Rational(factor.numerator, factor.denominator)}
        for implicit in (one for regime in solution.regimes for one in regime.implicit):
            core = sympy.Poly(implicit.equation.xreplace(point), implicit.symbol)
            (root,) = [sympy.Rational(str(r.evalf(20))) for r in core.nroots(n=30) if r.is_real and r > 0]
            exact[implicit.symbol] = root
        found = regime_at(solution, exact).resolved()[holds] == 1
        assert found == simulated(automaton, point, factor, concept == "nash"), (values, factor)
        seen.add(found)
    assert seen == {True, False} or (automaton is TFT and concept == "subgame_perfect")


def test_the_checker_accepts_and_the_attack_sees_a_wrong_threshold() -> None:
    from dataclasses import replace

    stated = game(both(TFT, "nash"))
    (solution,) = derive_repeated(stated)
    assert verify_solutions(stated, (solution,), 20) == ()
    swapped = tuple(
        replace(regime, values=tuple((s, 1 - v if s == holds else v) for s, v in regime.values)) for regime in solution.regimes
    )
    assert verify_solutions(stated, (replace(solution, regimes=swapped),), 20)
    moved = tuple(replace(r, region=tuple(x.xreplace({R: R + 1}) for x in r.region)) for r in solution.regimes)
    assert verify_solutions(stated, (replace(solution, regimes=moved),), 20)
    assert symbols("R") != R
