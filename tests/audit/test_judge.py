"""Claims over regimes: one exact verdict from a hand-made solution whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import And, Eq, Implies, Integer, Min, Or, Rational, oo
from sympy.logic.boolalg import Boolean

from derive.audit.assertions import only_provable
from derive.audit.conditions import Never
from derive.audit.judge import judge
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED, UNDECIDED, VACUOUS, Judgement
from derive.audit.setting import Setting
from derive.ir import At, Claim, Exists, Slope, symbols
from derive.prove.verdicts import Refuted
from derive.shocks import Cdf
from derive.solution import Gap, Implicit, Regime, Solution, Without
from tests.audit.truth import true_at

a, k, n, q, p, r, z, total = symbols("a k n q p r z total")
GRID = [Rational(i, 3) for i in range(1, 20)]


def solution(protocol: str, *regimes: Regime, **details: object) -> Solution:
    return Solution("m", protocol, "", (a > 0, k > 0), regimes, (), **details)


# q = min(a, k): an interior regime and a capacity that binds; under "free" there is no capacity.
CAPPED = solution(
    "capped",
    Regime("slack", (a < k,), ((q, a), (p, a**2))),
    Regime("full", (a >= k,), ((q, k), (p, 2 * a * k - k**2))),
)
FREE = solution("free", Regime("all", (), ((q, a), (p, a**2))))
SETTING = Setting((CAPPED, FREE), definitions=((total, q + p),))


def verdict(asserts: Boolean, setting: Setting = SETTING, **details: object) -> Judgement:
    (judgement,) = judge(Claim("c", "", asserts, **details), setting)
    return judgement


TRUTHS = [
    (At(q, "capped") <= At(q, "free"), PROVED),
    (At(q, "capped") < At(q, "free"), CONDITIONAL),
    (Eq(At(q, "capped"), At(q, "free")), CONDITIONAL),
    (At(q, "capped") > At(q, "free"), REFUTED),
    (Slope(At(q, "capped"), a) > 0, CONDITIONAL),
    (Slope(At(q, "capped"), k) >= 0, PROVED),
    (And(Slope(At(q, "capped"), a) >= 0, Slope(At(q, "capped"), k) >= 0, At(q, "free") > 0), PROVED),
    (Or(At(q, "capped") >= k, Eq(At(q, "capped"), a)), PROVED),
    (Implies(At(q, "free") > k, Eq(At(q, "capped"), k)), PROVED),
    (At(total, "capped") > 2, CONDITIONAL),
    (At(total - q, "capped") > 0, PROVED),
    (At(q, "capped") >= 1, CONDITIONAL),
]


@pytest.mark.parametrize(("asserts", "status"), TRUTHS, ids=str)
def test_the_verdict_and_its_condition_are_those_of_the_whole_claim(asserts: Boolean, status: str) -> None:
    judgement = verdict(asserts)
    assert judgement.status == status
    assert (judgement.condition is not None) == (status == CONDITIONAL)
    if status != CONDITIONAL or asserts.atoms(Slope):
        return
    for x in GRID:
        for y in GRID[::3]:
            at = {a: x, k: y + Rational(1, 7)}
            values = {"capped": {q: Min(a, k), p: 2 * a * Min(a, k) - Min(a, k) ** 2}, "free": {q: a, p: a**2}}
            table = {one: one.args[0].xreplace({total: q + p}).xreplace(values[str(one.args[1])]) for one in asserts.atoms(At)}
            truth = asserts.xreplace(table).xreplace(at)
            assert truth == any(all(true_at(one, at) for one in part) for part in judgement.condition), at


def test_regions_in_which_it_holds_throughout_are_the_condition() -> None:
    assert verdict(Slope(At(q, "capped"), a) > 0).condition == ((a < k,),)


def test_regimes_that_may_both_hold_must_both_satisfy_the_claim() -> None:
    two = solution(
        "two", Regime("low", (a < 2,), ((q, a),), unique=False), Regime("high", (a > 1,), ((q, 2 * a),), unique=False)
    )
    judgement = verdict(At(q, "two") > Rational(5, 2), Setting((two,)))
    assert judgement.status == CONDITIONAL
    for x in GRID:
        truth = all(value > Rational(5, 2) for value, there in ((x, x < 2), (2 * x, x > 1)) if there)
        assert truth == any(all(true_at(one, {a: x, k: 1}) for one in part) for part in judgement.condition), x


def test_every_choice_of_a_continuum_counts() -> None:
    some = solution("some", Regime("all", (), ((p, 2 * q),), free=(q,), among=(q >= a, q <= a + 1)))
    assert verdict(At(p, "some") >= 2 * a, Setting((some,))).status == PROVED
    assert verdict(At(p, "some") > 2 * a, Setting((some,))).status == REFUTED
    slope = verdict(Slope(At(p, "some"), a) > 0, Setting((some,)))
    assert slope.status == UNDECIDED
    assert "not unique" in slope.reason


def test_a_whole_number_is_not_refuted_by_a_fraction() -> None:
    many = solution("many", Regime("all", (), ((q, (n - 1) * (n - 2)),)))
    many = replace(many, assumptions=(n >= 1,))
    assert verdict(At(q, "many") >= 0, Setting((many,))).status == CONDITIONAL
    assert verdict(At(q, "many") >= 0, Setting((many,), integers=frozenset({n}))).status == UNDECIDED
    strict = verdict(At(q, "many") > 0, Setting((many,), integers=frozenset({n})))
    assert all(value.is_Integer for _, v in strict.parts for s, value in getattr(v, "witness", ()) if s == n)


def test_an_implicit_quantity_is_refuted_only_where_its_equation_holds() -> None:
    root = Implicit(z, z**3 - a, Rational(0), a + 1, 1)
    curved = solution("curved", Regime("all", (), ((q, z), (r, z**3)), implicit=(root,)))
    setting = Setting((curved,))
    assert verdict(Eq(At(r, "curved"), a), setting).status == PROVED
    judgement = verdict(At(q, "curved") < 1, setting)
    assert judgement.status != PROVED
    for _, one in judgement.parts:
        if isinstance(one, Refuted):
            at = dict(one.witness)
            assert at[z] ** 3 == at[a]


def test_what_is_not_settled_keeps_a_true_claim_undecided_and_a_false_one_refuted() -> None:
    half = solution("half", Regime("low", (a < 1,), ((q, a),)), gaps=(Gap((a >= 1,), Without.UNSETTLED, "a reason"),))
    assert verdict(At(q, "half") > 0, Setting((half,))).status == UNDECIDED
    assert verdict(At(q, "half") > Rational(1, 2), Setting((half,))).status == REFUTED
    assert verdict(At(q, "half") > 0, Setting((half,)), given=(a < Rational(1, 2),)).status == PROVED


def test_what_holds_where_there_is_a_solution_is_not_said_to_hold_in_general() -> None:
    gaps = (Gap((a >= 1,), Without.NOT_ATTAINED, "a reason"),)
    half = solution("half", Regime("low", (a < 1,), ((q, a),)), gaps=gaps)
    proved = verdict(At(q, "half") > 0, Setting((half,)))
    assert proved.status == PROVED
    assert proved.scope == "wherever half has a solution"
    assert verdict(At(q, "half") > 0, Setting((half,)), given=(a < Rational(1, 2),)).scope == "in general"
    assert verdict(Implies(a < 1, Eq(Exists("half"), 1)), Setting((half,))).scope == "in general"


def test_nothing_to_judge_is_vacuous() -> None:
    assert verdict(At(q, "free") > 3, given=(a < 0,)).status == VACUOUS


def on_the_values(asserts: Boolean, *window: Boolean) -> Judgement:
    _, judgement = judge(Claim("c", "", asserts, window=window), SETTING)
    assert judgement.scope == "on the paper's values"
    return judgement


def test_what_is_proved_in_general_is_proved_on_values_that_the_game_admits() -> None:
    asserts = At(q, "capped") <= At(q, "free")
    assert on_the_values(asserts, Eq(a, 3), Eq(k, 2)).status == PROVED
    assert on_the_values(asserts, Eq(a, -3), Eq(k, 2)).status == VACUOUS


def test_what_is_false_throughout_has_a_counterexample_among_the_values() -> None:
    judgement = on_the_values(At(q, "capped") > At(q, "free"), Eq(a, 3), k > 50)
    (found,) = [verdict for part, verdict in judgement.parts if ("capped", "slack") in part.regimes]
    assert judgement.status == REFUTED
    assert isinstance(found, Never)
    assert dict(found.witness)[a] == 3
    assert dict(found.witness)[k] > 50


def test_what_is_false_somewhere_may_be_true_on_the_values() -> None:
    assert on_the_values(At(q, "capped") < At(q, "free"), Eq(a, 3), Eq(k, 2)).status == PROVED


# The stocking quantity z has F(z) = k, whatever the law F on positive numbers; under the uniform one on (0, 1) it is k.
GENERAL = replace(
    solution("stock", Regime("inner", (), (), implicit=(Implicit(z, Cdf("F", z) - k, Integer(0), oo, 1),))),
    assumptions=(k > 0, k < 1),
)
UNIFORM = replace(solution("stock", Regime("inner", (), ((z, k),))), instance="uniform", assumptions=(k > 0, k < 1))


@pytest.mark.parametrize(
    ("asserts", "law", "status"),
    [
        (At(z, "stock") > 0, "", PROVED),
        (At(z, "stock") < 1, "uniform", PROVED),
        (At(z, "stock") > Rational(1, 2), "uniform", CONDITIONAL),
        (At(z, "stock") > 1, "uniform", REFUTED),
    ],
    ids=str,
)
def test_a_claim_is_judged_for_all_laws_if_it_can_be_and_else_for_the_one_it_names(asserts: Boolean, law: str, status: str) -> None:
    judgement = verdict(asserts, Setting((GENERAL, UNIFORM)), instance="uniform")
    assert (judgement.law, judgement.status) == (law, status)


def test_only_a_proof_is_sought_where_a_law_of_no_known_values_is_spoken_of() -> None:
    assert only_provable(Claim("c", "", At(z, "stock") > 1), (GENERAL, UNIFORM))
    assert not only_provable(Claim("c", "", At(z, "stock") > 1), (UNIFORM,))
    assert not only_provable(Claim("c", "", At(q, "capped") > 1), (GENERAL, CAPPED))
