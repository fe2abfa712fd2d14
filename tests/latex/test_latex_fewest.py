"""Reasons name no fact that is not needed, and what holds wherever a few facts do is told once, where these do."""

from __future__ import annotations

import re

import pytest
from sympy import expand, false
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.ir import symbols
from derive.programs import Infeasible
from derive.prove import prove
from derive.render import Tex
from derive.solution import Case, Proposition, Solution
from derive.steps import Step
from derive.views.latex import latex_fragment
from derive.views.latex.fewest import fewest
from derive.views.latex.gathered import gathered
from derive.views.latex.names import Names
from derive.views.latex.repeats import told_once
from derive.views.latex.results import Result
from derive.views.latex.shape import Shape
from derive.views.latex.tidy import Tidy
from tests.latex import fixtures

a, b, c, h, w, x = symbols("a b c h w x")


@pytest.mark.parametrize(
    ("claim", "given", "needed"),
    [
        (a > c, (a > b, b > c, c > h), (a > b, b > c)),
        (a * b >= 0, (b >= 0, a > 0), ()),
        (b * (h - a) >= 0, (b >= 0, b <= a, a <= h), (a <= h,)),
        ((a - b) * (c - h) >= 0, (a <= b, c <= h, a <= h), (a <= b, c <= h)),
        (2 * c - a > 0, (c > 0, 5 * a < 6 * c, 3 * a <= 5 * c), (5 * a < 6 * c,)),
        (a + b > c, (a >= c, b > 0), (a >= c,)),
        (a - b > 0, (a >= b,), None),
        (a - b >= 0, (a**2 >= b**2,), None),
        ((a - b) ** 2 > 0, (a > c, b < c), None),
        (a > c, (a > b,), None),
    ],
)
def test_the_fewest_facts_that_show_a_claim(claim: Boolean, given: tuple[Boolean, ...], needed: tuple[Boolean, ...] | None) -> None:
    """None where a few of them do not add up to it: a weak fact for a strict claim, a fact that is missing."""
    assert fewest(claim, given, Tidy(())) == needed


def _proof(*proof: Step) -> str:
    one = Proposition("x", "lemma", "A", "B", (), proof)
    return re.sub(r"\s+", " ", latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (), (), (one,)),)))


def test_a_comparison_supposes_what_it_needs_and_is_told_once() -> None:
    """In each part of a split the same comparison rests on the same relation; what splits the parts is no matter of it."""
    one, other = a * x, b * x

    def compared(label: str, *split: Boolean) -> steps.Dominance:
        proved = prove(one - other >= 0, (x > 0, a >= b, *split))
        assert proved is not None
        return steps.Dominance(label=label, given=(a >= b, *split), better=one, worse=other, certificate=proved)

    told = _proof(compared("1", x > h), compared("2", x <= h, a >= 2))
    assert told.count("is at least") == 1
    assert r"Let $a \geq b$. It remains to compare candidates." in told
    assert r"\geq 0. \qedhere" in told  # no reason beside what has just been supposed


def test_where_nothing_can_be_chosen_is_told_in_one_sentence() -> None:
    def nothing(label: str, *given: Boolean) -> Infeasible:
        bounds = (w >= c, w <= h, w <= a)
        refuted = prove(false, (*given, *bounds))
        assert refuted is not None
        return Infeasible(label=label, given=given, variables=(w,), constraints=bounds, certificate=refuted)

    told = _proof(nothing("1", a < c, a <= h), nothing("2", h < c, a > h))
    assert r"satisfies $c \leq w \leq h$ and $a \geq w$ if $a < c$ or if $c > h$." in told


def test_a_relation_and_its_reverse_are_an_equation() -> None:
    proved = prove((a - b) * (c - h) >= 0, (a <= b, a >= b))
    assert proved is not None
    step = steps.Dominance(label="d", given=(a <= b, a >= b), better=(a - b) * c, worse=(a - b) * h, certificate=proved)
    assert "Let $a = b$." in _proof(step)


def test_products_with_the_same_sum_in_them_are_drawn_together() -> None:
    r, s = symbols("r s")
    total = expand(6 * (r + s) * (a + b + c + h) + 2 * x)
    told = gathered(total)
    assert expand(told - total) == 0
    assert Shape(Names()).tex(told) == "2 x + 6 (r + s) (a + b + c + h)"


def test_what_an_earlier_result_says_of_another_case_is_pointed_to() -> None:
    """Only where all but the case is the same, however a reason opens, and nothing in it is referred to."""

    def result(label: str, where: str, said: str, why: str) -> Result:
        return Result("lemma", Tex("Stage 2"), label, Tex(f"{where} {said}"), (Tex(why),))

    leads = ("If $x > 0$, then", "If $x < 0$, then", "If $x = 0$, then", "If $x = 1$, then")
    reasons = ("Here we use $a > b$.", "This holds since $a > b$.", "Here we use $a < b$.", r"Here we use \label{eq:1}$a > b$.")
    given = [result(f"res:{place}", lead, "$y = 1$.", why) for place, (lead, why) in enumerate(zip(leads, reasons, strict=True))]
    told = told_once(given, leads, "all is as in {}")
    assert told[1].statement == r"If $x < 0$, then all is as in \cref{res:0}, for the same reasons."
    assert told[1].steps == ()
    assert [told[place] for place in (0, 2, 3)] == [given[place] for place in (0, 2, 3)]


def test_a_case_with_the_values_of_an_earlier_one_points_to_it() -> None:
    chosen = symbols("x1 x2 x3 x4 x5")
    values, swapped = (tuple((symbol, n * one) for n, symbol in enumerate(chosen, 1)) for one in (a, b))
    regions = ((a > 2 * b,), (a <= 2 * b, c > h), (a <= 2 * b, c <= h))
    cases = tuple(Case(region, own) for region, own in zip(regions, (values, swapped, values), strict=True))
    one = Proposition("x", "proposition", "A", "", cases, ())
    told = re.sub(r"\s+", " ", latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (), (), (one,)),)))
    assert r"\item If $a \leq 2 b$ and $c \leq h$, then all is as in (i)." in told
    assert told.count("all is as in") == 1
