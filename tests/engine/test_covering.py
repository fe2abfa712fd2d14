"""Regimes that share borders: where they meet they have to state the same, and a certificate says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sympy import Eq, Expr
from sympy.logic.boolalg import Boolean

from derive.check.cover import Covered, cover
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.covering import with_covering
from derive.play.induction import derive_protocol
from derive.solution import Regime, Solution
from derive.steps import Coverage
from models.dual_channel.model import model as dual_channel

a, b, x, y, Pi = symbols("a b x y Pi")
GIVEN = (a > 0, b > 0)
MODEL = Model(
    key="least",
    title="The lesser of two",
    source="made up",
    parameters=(Parameter(a, "one"), Parameter(b, "other")),
    assumptions=GIVEN,
    variables=(Variable(x, "choice"), Variable(y, "twice the choice")),
    players=(Player("A", -((x - a) ** 2) - (y - 2 * x) ** 2, Pi, "agent"),),
    protocols=(Protocol("alone", "One decision", (Stage((Decision(("A",), (x, y)),)),)),),
)


def regime(name: str, region: tuple[Boolean, ...], choice: Expr) -> Regime:
    return Regime(name, region, ((x, choice), (y, 2 * x), (Pi, choice**2 + a * b)))


def solution(*regimes: Regime) -> Solution:
    return Solution("least", "alone", "", GIVEN, regimes, ())


LEAST = solution(regime("1", (a <= b,), a), regime("2", (a >= b,), b))


def faults(forged: Solution) -> str:
    return "; ".join(cover(MODEL, forged, ()).findings)


def test_regimes_that_agree_where_they_meet_share_a_border() -> None:
    found = with_covering(LEAST)
    assert found.covering is not None
    assert [border.regions for border in found.covering.shared] == [(0, 1)]
    assert cover(MODEL, found, ()).how is Covered.PROVED
    assert faults(found) == ""


def test_regimes_that_disagree_where_they_meet_are_not_shown_to_be_a_partition() -> None:
    first, second = LEAST.regimes
    assert with_covering(solution(first, regime("2", (a >= b,), b + 1))).covering is None
    assert with_covering(solution(first, regime("2", (a >= b - 1,), b))).covering is None
    assert with_covering(solution(first, regime("2", (a > b + 1,), b))).covering is None
    assert with_covering(solution(replace(first, region=(a < b,)), second)).covering is not None


def forgeries() -> Iterator[tuple[str, Solution]]:
    true = with_covering(LEAST)
    step = true.covering
    assert step is not None
    (border,) = step.shared

    def forged(**changes: object) -> Coverage:
        assert step is not None
        return replace(step, shared=(replace(border, **changes),))  # type: ignore[arg-type]

    yield "not shown to be disjoint", replace(true, covering=replace(step, shared=()))
    yield "agree on", replace(true, covering=forged(alike=border.alike[1:]))
    yield "not shown on the border", replace(true, covering=forged(equations=(Eq(a, 1),)))
    yield "does not hold on the border", replace(true, covering=forged(equations=()))
    yield "do not both belong", replace(true, covering=forged(regions=(0, 2)))
    other = regime("2", (a >= b,), 2 * b - a)
    yield "agree on x", replace(true, regimes=(true.regimes[0], other))


@pytest.mark.parametrize(("word", "forged"), list(forgeries()))
def test_forged_borders_are_refused(word: str, forged: Solution) -> None:
    assert word in faults(forged)


def test_nine_regimes_of_a_channel_leave_nothing_out() -> None:
    found = derive_protocol(dual_channel, dual_channel.protocol("asymmetric"))
    assert len(found.regimes) == 9
    assert found.covering is not None
    report = cover(dual_channel, found, ())
    assert report.how is Covered.PROVED
    assert not report.findings
    step = found.covering
    for place in (0, len(step.certificates) // 2):
        fewer = (*step.certificates[:place], *step.certificates[place + 1 :])
        assert cover(dual_channel, replace(found, covering=replace(step, certificates=fewer)), ()).findings
    left_out = replace(found, regimes=found.regimes[1:], covering=replace(step, regions=step.regions[1:], shared=()))
    assert any("nothing covers" in finding for finding in cover(dual_channel, left_out, ()).findings)
