"""Regions that share borders: that they leave nothing out and exclude one another, by lemmas on signs that the checker verifies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

import pytest
from sympy import Eq, Integer, Ne, Or, false, sqrt
from sympy.logic.boolalg import Boolean

from derive.certificates import Products, certificates_in
from derive.check.certificates import check
from derive.check.registry import Rejected
from derive.check.steps import check_step
from derive.ir import symbols
from derive.prove.multiples import Multiples
from derive.prove.partition import Partition
from derive.steps import Coverage

Region = tuple[Boolean, ...]

a, b, c, x, y = symbols("a b c x y")
POSITIVE = (a > 0, b > 0, c > 0)
LADDER: tuple[Region, ...] = (
    (x < a,),
    *((x >= a + k * b, x < a + (k + 1) * b) for k in range(9)),
    (x >= a + 9 * b,),
)
"""Eleven rungs: that two that are not neighbours exclude one another is no matter of denials."""


def grid(first: Sequence[Region], second: Sequence[Region]) -> tuple[Region, ...]:
    return tuple((*one, *other) for one in first for other in second)


GRID = grid(((x < a,), (x >= a, x <= a + b), (x > a + b,)), ((y < c * x,), (Eq(y, c * x),), (y > c * x,)))

# The peak of a concave payoff with kinks at 1 and 2: its slopes before and after them are a - b*x, less 1 and less 2.
KINKED: tuple[Region, ...] = (
    (a <= b,),
    (a > b, a - 1 < b),
    (a - 1 >= b, a - 1 <= 2 * b),
    (a - 1 > 2 * b, a - 2 <= 2 * b),
    (a - 2 > 2 * b,),
)


def covering(regions: tuple[Region, ...], given: Region = POSITIVE) -> Coverage | None:
    """The step that says that regions partition what is given, if that is shown."""
    partition = Partition(given, regions)
    if not partition.covered((), regions) or not all(partition.disjoint(*pair) for pair in combinations(regions, 2)):
        return None
    return Coverage(label="p", given=given, regions=regions, certificates=tuple(partition.certificates))


def shown(regions: tuple[Region, ...], given: Region = POSITIVE) -> Coverage:
    step = covering(regions, given)
    assert step is not None
    check_step(step, None, given)
    return step


@pytest.mark.parametrize("regions", [LADDER, GRID, KINKED])
def test_regions_that_share_borders_are_a_partition(regions: tuple[Region, ...]) -> None:
    shown(regions)


def test_lemmas_serve_many_pairs_and_denials_need_none() -> None:
    assert len(shown(LADDER).certificates) < len(LADDER) * (len(LADDER) - 1) / 2
    assert len(shown(((x < a,), (x >= a,))).certificates) == 0


Item = TypeVar("Item")


def without(regions: tuple[Item, ...], place: int) -> tuple[Item, ...]:
    return (*regions[:place], *regions[place + 1 :])


@pytest.mark.parametrize("regions", [LADDER, GRID, KINKED])
def test_a_region_left_out_is_a_hole(regions: tuple[Region, ...]) -> None:
    for place in range(len(regions)):
        assert covering(without(regions, place)) is None


def test_a_border_left_out_is_a_hole() -> None:
    for place in range(1, len(LADDER)):
        at = LADDER[place][0]
        opened = (*LADDER[:place], (at.lhs > at.rhs, *LADDER[place][1:]), *LADDER[place + 1 :])
        partition = Partition(POSITIVE, opened)
        assert not partition.covered((), opened)
        assert partition.covered((at.lhs > at.rhs,), opened)


def test_a_border_in_two_regions_is_an_overlap() -> None:
    for place in range(len(LADDER) - 1):
        *before, at = LADDER[place]
        closed = (*before, at.lhs <= at.rhs)
        partition = Partition(POSITIVE, (closed, LADDER[place + 1]))
        assert not partition.disjoint(closed, LADDER[place + 1])
        assert partition.disjoint(LADDER[place], LADDER[place + 1])


def test_what_is_given_decides() -> None:
    regions = ((x > 0, y > 0), (x < 0, y < 0))
    assert covering(regions, ()) is None
    assert covering(regions, (x * y > 0,)) is not None


def test_points_and_their_complements() -> None:
    shown(((Eq(x, a),), (Ne(x, a),)))
    shown(((Eq(x, a), y > 0), (Eq(x, a), y <= 0), (x > a,), (x < a,)))
    assert covering(((Eq(x, a),), (x > a,))) is None


def test_expressions_that_are_not_rational() -> None:
    shown(((sqrt(a) < b,), (sqrt(a) >= b, sqrt(a) < c), (sqrt(a) >= b, sqrt(a) >= c)))
    shown(((1 / a < b,), (a * b <= 1,)))
    assert covering(((sqrt(a) < b,), (sqrt(a) > b,))) is None


def test_an_empty_region_takes_no_part_and_what_is_not_read_is_not_shown() -> None:
    shown(((x < a,), (x >= a,), (false,)))
    assert covering(((Or(x < a, x > b),), (x >= a, x <= b))) is None


def test_a_slope_that_falls_cannot_be_positive_after_it_was_not() -> None:
    """Facts of degree four: each is multiplied by its own monomials, and what is left is positive term by term."""
    before, after = a * c - b * x <= 0, a * c * y - (b + c**2) * x * y - b * c > 0
    given = (*POSITIVE, x > 0, y > 0)
    multiples = Multiples(given, (a, b, c, x, y))
    certificate = multiples.refute((before, after, x < 7, a > b))
    assert isinstance(certificate, Products)
    assert set(certificate.given) == {*given, before, after}
    check(certificate)
    assert multiples.refute((before, after.negated)) is None


# --- forged -------------------------------------------------------------------------------------------------------------------


def refused(step: Coverage, word: str) -> None:
    with pytest.raises(Rejected, match=word):
        check_step(step, None, POSITIVE)


def accepted(step: Coverage) -> bool:
    try:
        check_step(step, None, POSITIVE)
    except Rejected:
        return False
    return True


@pytest.mark.parametrize("regions", [LADDER, KINKED])
def test_a_lemma_dropped_is_missed(regions: tuple[Region, ...]) -> None:
    step = shown(regions)
    assert step.certificates
    kept = range(len(step.certificates))
    fewer = [replace(step, certificates=without(step.certificates, place)) for place in kept]
    assert sum(map(accepted, fewer)) < len(fewer)
    refused(replace(step, certificates=()), r"disjoint|nothing covers")


def test_a_lemma_that_says_more_than_it_proves_is_refused() -> None:
    step = shown(LADDER)
    lemma = next(one for one in step.certificates if isinstance(one, Products))
    doubled = replace(lemma.products[0], coefficient=2 * lemma.products[0].coefficient)
    refused(replace(step, certificates=(replace(lemma, products=(doubled, *lemma.products[1:])), *step.certificates[1:])), "sum to zero")
    dropped = replace(lemma, given=tuple(fact for fact in lemma.given if fact in POSITIVE))
    refused(replace(step, certificates=(dropped, *step.certificates[1:])), "not given")
    proof = next(certificates_in(step))
    refused(replace(step, certificates=(replace(proof, claim=Integer(1) > 0), *step.certificates[1:])), "refutation|contradiction")


def test_regions_left_out_or_made_wider_are_refused() -> None:
    step = shown(LADDER)
    for place in range(len(LADDER)):
        refused(replace(step, regions=without(LADDER, place)), "nothing covers")
    wider = (*LADDER[:3], LADDER[3][:1], *LADDER[4:])
    refused(replace(step, regions=wider), "not shown to be disjoint")


def test_lemmas_under_what_is_not_known_help_nobody() -> None:
    step = shown(LADDER)
    with pytest.raises(Rejected, match=r"disjoint|nothing covers"):
        check_step(replace(step, given=()), None, ())
