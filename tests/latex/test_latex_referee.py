"""What a referee who follows every line by hand would mark: conditions told twice, reasons that are none, forms that hide a sign."""

from __future__ import annotations

import re

import pytest
from sympy import Add, Eq, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log
from sympy.logic.boolalg import Boolean

from derive.decision.compare import _tie
from derive.decision.problem import Optimum
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.prove import prove, refute
from derive.repeated import grim_trigger
from derive.views.latex import latex_texts
from derive.views.latex.certificates import reason
from derive.views.latex.coalition_tau import _indices
from derive.views.latex.contradictions import refuted
from derive.views.latex.evident import is_short
from derive.views.latex.names import Names
from derive.views.latex.order import over_one_denominator
from derive.views.latex.shape import Shape
from derive.views.latex.shifted import visibly_signed
from derive.views.latex.steps_stationary import _condition
from derive.views.latex.tidy import Tidy
from derive.views.latex.writer import Writer
from tests.engine.statements import decide, model, protocol
from tests.repeated.games import both, game

a, b, c, m, p, t, u, v, w, x, y = symbols("a b c m p t u v w x y")
GIVEN = (c > 0, p > c, m > 0, a > c, b > c, t > 0, t < 1)
U, W = symbols("U W")


def writer() -> Writer:
    return Writer.of(Shape(Names()), GIVEN)


@pytest.mark.parametrize(
    ("relation", "told"),
    [(m * (p - c) < 0, p < c), ((p - c) / p <= 0, p <= c), (4 * c < 0, c < 0), (t * (a - c) * m <= 0, a <= c), (c / m < 0, c < 0)],
    ids=str,
)
def test_a_condition_that_is_false_is_told_without_its_evident_factors(relation: Boolean, told: Boolean) -> None:
    found = Tidy(GIVEN).relation(relation)
    assert found in (told, told.reversed)


@pytest.mark.parametrize(
    ("conditions", "choices", "text"),
    [
        ((m * (p - c) < 0,), (), "This contradicts $p > c$."),
        ((x > w, x <= w), (), "These contradict each other."),
        ((x <= 0,), (Eq(x, m),), "This contradicts $m > 0$ and $x = m$."),
        ((a + c - 2 * x < 0,), (Eq(x, (a + c) / 2),), "This contradicts $x = (a + c) / 2$."),
        ((x < y,), (Eq(x, y),), "This contradicts $x = y$."),
        ((y <= 0, x + y > m), (Eq(x, m),), "Both together contradict $x = m$."),
    ],
)
def test_a_clash_names_what_it_is_with(conditions: tuple[Boolean, ...], choices: tuple[Eq, ...], text: str) -> None:
    told = writer()
    told.suppose((*conditions, *choices))
    equations = [Eq(one.lhs - one.rhs, 0) for one in choices]
    certificate = refute((*GIVEN, *conditions, *equations))
    assert certificate is not None
    assert refuted(conditions, certificate, told, choices) == text


def test_what_was_supposed_is_not_required_again_in_another_spelling() -> None:
    told = writer()
    told.suppose((2 * w - 2 * x > 0,))
    assert told.has_stated(w > x)
    assert told.has_stated(m * (w - x) >= 0)
    assert not told.has_stated(x > w)


def test_a_bound_where_the_marginal_payoff_is_a_number_is_spoken_of() -> None:
    square = model(
        "square", (a,), (a > 0,), {x: (x >= 0, x <= 1)}, (Player("F", a - (x - 1) ** 2, W),), protocol("P", (decide("F", x),))
    )
    text = re.sub(r"\s+", " ", latex_texts(square, [derive_protocol(square, square.protocols[0])])[0])
    assert "the payoff rises as one moves away from this bound, which is therefore not best." in text
    assert "the marginal payoff vanishes there, so that this is the case of its root." in text
    assert "0 > 0" not in text


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (a**2 + b**2 - 2 * a * c - 2 * b * c + 2 * c**2, r"(a - c)^2 + (b - c)^2"),
        (a - c, "a - c"),  # seen as it is
        (a**2 - 3 * a * c + 2 * b**2, r"a^2 - 3 a c + 2 b^2"),  # of either sign
    ],
)
def test_a_sum_whose_sign_is_hidden_is_told_in_differences(expression: Expr, told: str) -> None:
    found = visibly_signed(expression, Tidy(GIVEN), GIVEN)
    assert (found - expression).expand() == 0
    point = {a: Rational(3), b: Rational(2), c: Rational(1)}
    assert Shape(Names(), (point,)).tex(found) == told


def test_fractions_that_share_a_denominator_are_one() -> None:
    total = v + x / 6 + y / 3 + u / 6 - w / 3
    assert over_one_denominator(total).doit() == total
    assert Shape(Names()).tex(total) == r"v + \frac{u - 2 w + x + 2 y}{6}"
    assert over_one_denominator(v + x / 2) == v + x / 2


def test_a_nash_product_is_a_product_of_two_powers() -> None:
    gain = Mul(u**2, Pow(4 * b, -1))
    assert Shape(Names()).tex(gain * w**t * gain ** (-t)) == r"w^t \left( \frac{u^2}{4 b} \right)^{1 - t}"


def test_the_side_of_an_equation_that_has_the_unknown_stands_first() -> None:
    core = (p - c) / p - exp(x)
    assert writer().equation(core, unknown=x).lines == (r"\mathrm{e}^{x} = \frac{p - c}{p}",)
    assert writer().equation(core).lines == (r"\frac{p - c}{p} = \mathrm{e}^{x}",)


def test_the_sign_of_a_logarithm_is_seen_from_the_order_of_two_numbers() -> None:
    certificate = prove(m * log(p / c) > 0, GIVEN)
    assert certificate is not None
    assert is_short(certificate)
    assert reason(certificate, writer()) == "This follows from $p > c$."


def test_a_tie_is_no_longer_than_a_remark() -> None:
    one, other = (Optimum((), ((x, value),), (), (), ()) for value in (Add(*(Symbol(f"a{n}") for n in range(60))), Integer(0)))
    assert _tie("a = b", one, other) == "where a = b two choices of x pay the same"
    assert _tie("a" * 200, other, other).startswith("on the border between their regimes two choices pay the same: x = 0")


def test_bounds_of_the_tau_value_have_the_subscripts_of_the_shares() -> None:
    assert _indices(["x_1", "x_{12}"]) == ["1", "12"]
    assert _indices(["x_1", "y_1"]) == ["x_1", "y_1"]


def test_a_joint_payoff_is_the_sum_of_payoffs_as_they_stand() -> None:
    left = a - x - y
    pair = model(
        "pair",
        (a, m),
        (a > 0, m > 0),
        {x: (x >= 0,), y: (y >= 0,)},
        (Player("F", x * left - m * x**2, U), Player("H", y * left - m * y**2, W)),
        protocol("P", (decide(("F", "H"), x, y),)),
    )
    text = re.sub(r"\s+", " ", latex_texts(pair, [derive_protocol(pair, pair.protocols[0])])[0])
    assert r"U + W = x (a - x - y) + y (a - x - y) - m x^2 - m y^2." in text
    assert r"The Hessian $H$ of $U + W$ in $x$ and $y$" in text


def test_first_order_conditions_have_no_denominator() -> None:
    assert _condition((x * (m + 2) + y - a) / (m + 2), (x, y)) == x * (m + 2) + y - a
    assert _condition(a / x - m, (x, y)) == a / x - m


def test_a_repeated_game_says_by_what_payoffs_are_discounted() -> None:
    text = re.sub(r"\s+", " ", latex_texts(game(both(grim_trigger("C", "D"))), [])[0])
    assert "payoffs are discounted by the factor $\\delta$." in text
    assert "Throughout we assume" in text
    assert r"0 < \delta < 1" in text
