"""Solutions that say something false beside their values: each is refused, and the true one it was made from is accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import sympy
from sympy import Rational

from derive.check.cover import Covered
from derive.check.solution import check_solution
from derive.ir import Model, symbols
from derive.play.induction import derive_protocol
from derive.solution import Gap, Solution, Without
from tests.check.hand import box, chain, contract, cournot, limited
from tests.check.test_mutants import tariff
from tests.check.test_replies import entry
from tests.pieces.test_several_equilibria import hawks, squares
from tests.pieces.test_ties import offer, y

Made = tuple[Model, Solution]
DENIALS = (Without.UNBOUNDED, Without.NOT_ATTAINED, Without.NO_PURE_EQUILIBRIUM, Without.INFEASIBLE)
a = symbols("a")[0]


@cache
def derived(make: Callable[[], Model]) -> Made:
    model = make()
    return model, derive_protocol(model, model.protocols[0])


def bare(solution: Solution) -> Solution:
    """A solution without an argument or a proof that its regions cover: a forger would not leave those of the true one."""
    return replace(solution, argument=(), covering=None)


def refused(model: Model, solution: Solution, word: str) -> bool:
    return any(word in failure for failure in check_solution(model, solution, 4).failures)


# --- a gap where there is an equilibrium --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DENIALS)
@pytest.mark.parametrize("make", [chain, cournot, contract, lambda: derived(tariff), lambda: derived(hawks)])
def test_an_equilibrium_that_is_denied_is_found(make: Callable[[], Made], kind: Without) -> None:
    model, solution = make()
    nothing = replace(bare(solution), regimes=(), responses=(), gaps=(Gap((), kind, "so it is said"),))
    assert refused(model, nothing, "is an equilibrium")


@pytest.mark.parametrize("kind", DENIALS)
def test_an_equilibrium_that_is_denied_on_a_part_is_found(kind: Without) -> None:
    model, solution = box()
    *kept, last = solution.regimes
    denied = replace(solution, regimes=tuple(kept), gaps=(Gap(last.region, kind, "so it is said"),))
    assert refused(model, denied, "is an equilibrium")


def test_what_is_not_settled_denies_nothing() -> None:
    model, solution = chain()
    assert check_solution(model, replace(solution, regimes=(), gaps=(Gap((), Without.UNSETTLED, "a reason"),)), 4).accepted


@pytest.mark.parametrize("rule", [(y <= 0,), ()])
def test_a_supremum_that_is_not_attained_is_no_equilibrium(rule: tuple[sympy.Rel, ...]) -> None:
    model = offer(*rule)
    report = check_solution(model, derive_protocol(model, model.protocols[0]), 4)
    assert report.accepted
    assert report.elsewhere is not None
    assert (report.elsewhere.points > 0) == bool(rule)


# --- the only one, or not -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_of_several_equilibria_is_not_the_only_one(place: int) -> None:
    model, solution = derived(squares)
    alone = replace(bare(solution), regimes=(replace(solution.regimes[place], unique=True),))
    assert refused(model, alone, "beside what is listed")


def test_an_equilibrium_that_is_left_out_is_found() -> None:
    model, solution = derived(squares)
    assert refused(model, replace(bare(solution), regimes=solution.regimes[1:]), "beside what is listed")


# --- constraints said to bind, ties ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "place", "name"),
    [(box, 1, "x <= 1"), (contract, 0, "e >= 0"), (limited, 0, "capacity"), (box, 1, "budget"), (box, 0, "x <= 1")],
)
def test_what_is_said_to_bind_binds(make: Callable[[], Made], place: int, name: str) -> None:
    model, solution = make()
    said = tuple(replace(r, active=(*r.active, name)) if i == place else r for i, r in enumerate(solution.regimes))
    assert refused(model, replace(solution, regimes=said), f"{name} is said to bind")


def test_participation_that_is_slack_does_not_bind() -> None:
    """The principal leaves the agent more than its reservation value wherever the fee is lower than it could be."""
    model, solution = derived(tariff)
    name = next(c.name for c in model.protocols[0].stages[0].decisions[0].subject_to)
    F, v = symbols("F v")
    (regime, *_) = solution.regimes
    assert name in regime.active
    cheap = tuple((s, e - 1 if s == F else e) for s, e in regime.resolved().items() if s != v and str(s) != "u")
    assert refused(model, replace(bare(solution), regimes=(replace(regime, values=cheap),)), f"{name} is said to bind")


def test_a_tie_is_broken_as_it_is_stated() -> None:
    """The buyer who pays its whole value is indifferent; the statement says that it then does not buy."""
    favourable = derive_protocol(offer(), offer().protocols[0])
    assert refused(offer(y <= 0), bare(favourable), "where several are best")
    stated = offer(y >= symbols("K")[0])
    assert check_solution(stated, bare(derive_protocol(stated, stated.protocols[0])), 4).accepted


# --- nothing left out -----------------------------------------------------------------------------------------------------------


def test_regions_are_proved_to_leave_nothing_out() -> None:
    model, solution = derived(entry)
    report = check_solution(model, solution, 4)
    assert report.accepted
    assert report.cover is not None
    assert report.cover.how is Covered.PROVED


def test_a_region_that_random_points_do_not_reach_is_missed() -> None:
    model, solution = box()
    none, interior, full = solution.regimes
    far = replace(solution, regimes=(none, interior, replace(full, region=(a >= 1, a <= 1000))))
    assert refused(model, far, "no region covers")
    gap = Rational(1, 10**6)
    sliver = replace(interior, name="again", region=(a > Rational(1, 2) + gap, a < 1))
    torn = replace(solution, regimes=(none, replace(interior, region=(a > 0, a < Rational(1, 2))), sliver, full))
    assert refused(model, torn, "no region covers")


def test_regions_that_overlap_in_a_corner_are_found() -> None:
    model, solution = box()
    none, interior, full = solution.regimes
    doubled = replace(solution, regimes=(none, interior, full, replace(full, name="twice", region=(a > 2000,))))
    assert refused(model, doubled, "overlap")


def test_a_proof_about_other_regions_covers_nothing() -> None:
    model, solution = derived(entry)
    assert solution.covering is not None
    first, *rest = solution.regimes
    wrong = (
        (replace(solution, regimes=tuple(rest)), "are not those"),
        (replace(solution, covering=replace(solution.covering, certificates=())), "nothing covers"),
        (replace(solution, covering=replace(solution.covering, given=(*solution.assumptions, a > 5))), "not assumed"),
        (replace(solution, regimes=(replace(first, unique=False), *rest)), "said not to be the only"),
    )
    for forged, reason in wrong:
        assert refused(model, replace(forged, argument=()), reason), reason
