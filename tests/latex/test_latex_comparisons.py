"""Comparisons, conditions and free choices as a referee reads them: nothing named twice, nothing without its reason."""

from __future__ import annotations

import re

import pytest
from sympy import Eq, Ne, false

from derive import steps
from derive.ir import symbols
from derive.programs import GlobalMaximum, Infeasible
from derive.prove import prove
from derive.render import render_macro
from derive.solution import Case, Proposition, Solution
from derive.steps import Step
from derive.views.latex import latex_fragment
from derive.views.latex.certificates import reason
from derive.views.latex.names import Names
from derive.views.latex.proof import MACROS
from derive.views.latex.shape import Shape
from derive.views.latex.steps import step_view
from derive.views.latex.tidy import Tidy
from derive.views.latex.writer import Writer, sharpest
from tests.latex import fixtures

a, b, c, h, w, p, q, x = symbols("a b c h w p q x")


def _told(macro: str, step: Step) -> str:
    writer = Writer.of(Shape(Names()), (a > 0, b > 0))
    return re.sub(r"\s+", " ", render_macro(MACROS, macro, step_view(step, writer))).strip()


def _proof(*proof: Step) -> str:
    return _document(Proposition("x", "lemma", "A", "B", (), proof))


def _document(one: Proposition) -> str:
    return re.sub(r"\s+", " ", latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (), (), (one,)),)))


def test_a_comparison_shows_its_difference_factored_and_says_why_it_is_not_negative() -> None:
    better, worse = (a**2 - 4 * a * b * x + 4 * b**2 * x**2) / (8 * b) + w * x, w * x
    proved = prove(better - worse >= 0, (a > 0, b > 0, a <= 2 * b * x))
    assert proved is not None
    told = _told("dominance", steps.Dominance(label="d", better=better, worse=worse, certificate=proved))
    assert r"\frac{(a - 2 b x)^2}{8 b} \geq 0" in told
    assert told.endswith("No square is negative.")


def test_payoffs_that_are_long_are_displayed_and_not_numbered() -> None:
    worse = a**3 * x + b**3 * x**2 + c**3 * x**3 + h**2 * p + p**2 * q + w**3
    better = worse + a * b
    proved = prove(better - worse >= 0, (a > 0, b > 0))
    told = _told("dominance", steps.Dominance(label="d", better=better, worse=worse, certificate=proved))  # type: ignore[arg-type]
    assert "first" not in told
    assert "second" not in told
    assert told.count(r"\begin{equation*}") == 3
    assert r"a b \geq 0" in told


def test_squares_are_told_from_other_products() -> None:
    tidy = Tidy((a > 0,))
    assert tidy.is_square((x - h) ** 2 * a / 3)
    assert tidy.is_square((x - h) ** 2)
    assert not tidy.is_square((x - h) ** 2 * c)
    assert not tidy.is_square(-((x - h) ** 2))
    assert not tidy.is_square((x - h) ** 3)
    assert not tidy.is_square(a * a)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((a > 4 * h, a >= 4 * h), (a > 4 * h,)),
        ((a <= 2 * h, a / 2 - h < 0), (a / 2 - h < 0,)),
        ((Eq(a, h), h - a <= 0), (Eq(a, h),)),
        ((Ne(a, h), h < a), (h < a,)),
        ((a >= h, a <= h), (a >= h, a <= h)),
        ((a > h, a >= 2 * h), (a > h, a >= 2 * h)),
        ((a >= h, Ne(a, h)), (a >= h, Ne(a, h))),
        ((a > h, h - a > 0), (a > h, h - a > 0)),
    ],
)
def test_of_two_conditions_the_implied_one_goes(given: tuple, kept: tuple) -> None:  # type: ignore[type-arg]
    assert sharpest(given) == kept
    writer = Writer.of(Shape(Names()))
    assert set(writer.news(given)) == {writer.plain(relation) for relation in kept}


def test_alternatives_are_not_thinned_out() -> None:
    writer = Writer.of(Shape(Names()))
    assert writer.relations((a > h, a >= h), "or") == r"$a > h$ or $a \geq h$"
    assert writer.relations((a > h, a >= h)) == "$a > h$"


def test_a_claim_is_not_its_own_reason() -> None:
    certificate = prove(a > h, (a >= h, (a - h) * (c - h) > 0))
    told = reason(certificate, Writer.of(Shape(Names())))
    assert re.sub(r"\s+", " ", told) == r"Indeed, $a \geq h$ and $a \neq h$ by $(a - h) (c - h) > 0$."


def test_a_case_that_leaves_every_choice_as_good_says_so() -> None:
    """Where nothing is sold at any price, every price is as good: also a case without values has something to say."""
    told = Case((c > a,), (), free=(w,), among=(w >= a,))
    one = Proposition("x", "lemma", "Prices", "The best response is", (Case((c <= a,), ((w, a),)), told), ())
    text = _document(one)
    assert r"\item If $a < c$, then every $w$ with $a \leq w$ is equally good." in text
    text = _document(Proposition("x", "lemma", "Prices", "The best response is", (Case((), (), free=(w,), among=(w >= a,)),), ()))
    assert r"The best response is any $w$ with $a \leq w$." in text


def test_a_case_with_values_states_them_for_every_choice_left_free() -> None:
    one = Proposition("x", "lemma", "Prices", "The best response is", (Case((), ((p, a),), free=(w,), among=(w >= a,)),), ())
    assert r"is for every $w$ with $a \leq w$, \begin{equation*} p = a" in _document(one)


def test_a_binding_bound_is_no_first_order_condition() -> None:
    bound = steps.Stationary(label="s", equations=(a - 2 * q - x, x - h), values=((q, (a - h) / 2), (x, h)), trail=())
    assert _told("stationary", bound).startswith("The two conditions are")
    inside = steps.Stationary(label="s", equations=(a - 2 * q - x, a - q - 2 * x), values=((q, a / 3), (x, a / 3)), trail=())
    assert _told("stationary", inside).startswith("The two first-order conditions are")


def test_what_was_supposed_is_not_supposed_again_nor_missed_where_it_is_used() -> None:
    """An empty case before it has told other conditions; what it told is no longer said when the next step begins."""
    empty = prove(false, (a < h, a - h - 1 > 0))
    refuted = prove(false, (a < h, w >= 0, h + w - a <= 0))
    assert empty is not None
    assert refuted is not None
    text = _proof(
        steps.EmptyCase(label="e", given=(a < h,), active=(w,), conditions=(a < h, a - h - 1 > 0), certificate=empty),
        Infeasible(label="i", given=(a < h,), variables=(w,), constraints=(w >= 0, h + w - a <= 0), certificate=refuted),
    )
    assert "Where" not in text
    assert r"No choice of $w$ satisfies $w \geq 0$ and $a \geq h + w$, since $a < h$." in text



def test_a_maximum_at_which_every_choice_is_free_is_said_to_be_at_all_of_them() -> None:
    a, b, x, w = symbols("a b x w")
    free = GlobalMaximum(
        label="g", objective=a * b, variables=(x, w), constraints=(), values=((x, x), (w, w)), multipliers=(), certificates=()
    )
    told = _told("global_maximum", free)
    assert "hold at all $x$ and $w$ that satisfy the constraints." in told


def test_a_payoff_that_no_later_choice_enters_is_stated_as_it_is() -> None:
    a, b, x, p, h = symbols("a b x p h")
    anticipated = steps.Anticipation(label="n", payoff=h, before=a * x, replace=((p, b),), after=a * x)
    assert "No later choice enters the payoff to be maximised" in _told("anticipation", anticipated)
    put_in = steps.Concentration(label="n", before=a * x, replace=((p, b),), after=a * x)
    assert "does not depend on what was found to be optimal" in _told("concentration", put_in)
