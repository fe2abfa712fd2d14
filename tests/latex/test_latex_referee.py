"""What a referee who follows every line by hand would mark: conditions told twice, reasons that are none, forms that hide a sign."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sympy import Abs, Add, Eq, Expr, Integer, Mul, Or, Pow, Rational, Symbol, exp, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.decision.compare import _tie, named_choices
from derive.decision.problem import Optimum
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.prove import prove, refute
from derive.repeated import grim_trigger
from derive.steps import Anticipation
from derive.views.latex import latex_texts
from derive.views.latex.certificates import reason
from derive.views.latex.coalition import _is_denial
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
ROOT = Path(__file__).resolve().parents[2]


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
    assert _tie("a" * 200, other, other).endswith("on the border between their regimes two choices pay the same: x = 0 and x = 0")
    both_kinds = [Optimum((), ((x, Integer(k)), (y, Integer(k + 2))), (), (), ()) for k in (0, 1)]
    assert named_choices(*both_kinds) == "x = 0 with y = 2, and x = 1 with y = 3"


def test_what_is_anticipated_has_no_absolute_value_of_a_known_sign() -> None:
    """A part t < 1 of what advertising costs is paid by the supplier: its effect is k*m/(2*(1 - t)) times k."""
    stated = model(
        "shared",
        (m, p, b),
        (m > 0, p > 0, b > 0),
        {t: (t >= 0, t < 1), x: (x >= 0,)},
        (Player("S", p * b * sqrt(x) - t * x, U), Player("R", m * b * sqrt(x) - (1 - t) * x, W)),
        protocol("P", (decide("S", t),), (decide("R", x),)),
    )
    solution = derive_protocol(stated, stated.protocols[0])
    steps_taken = [step for one in solution.argument for step in one.proof if isinstance(step, Anticipation)]
    assert steps_taken
    assert not any(step.after.has(Abs) for step in steps_taken)
    first = steps_taken[0].after.subs({m: 2, p: 3, b: 5, t: Rational(1, 3)})
    assert first == Rational(3 * 5 * 15, 2) - Rational(1, 3) * Rational(15, 2) ** 2


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


# --- what a document leaves a reader to guess ------------------------------------------------------------------------


def _written(key: str) -> str:
    return re.sub(r"\s+", " ", (ROOT / "generated" / key / "fragment.tex").read_text("utf-8"))


def test_a_root_under_a_named_law_is_told_by_its_equation() -> None:
    sections = _written("consignment").split("section{")
    exponential = [section for section in sections if "exponential with mean" in section.partition("}")[0]]
    assert len(exponential) == 3
    assert all("Here $z_1$ is the unique root in $(" in section for section in exponential)


def test_the_slope_of_a_root_is_told_by_the_formula() -> None:
    text = _written("consignment")
    assert r"gives $\partial z_1 / \partial x = (\partial G / \partial x) / \Delta$" in text
    assert r"\frac{\partial z_1}{\partial b} &= -\frac{1}{\Delta (b - \gamma)^2} < 0" in text


def test_players_are_set_alike_in_headings_and_in_remarks() -> None:
    assert "the decision of $R$, $S_1$ and $S_2$ would have no solution where" in _written("consignment")


def test_a_bound_is_left_out_for_what_the_payoff_does_there() -> None:
    text = _written("consignment")
    assert r"$p_1 = 0$; for this to be best the payoff must not rise there, that is, $\alpha z_1 \leq 0$" in text
    assert r"$z_1 = B$; for this to be best the payoff, unless it is stationary there, must rise, that is, $b < 1$" in text


def test_what_a_bound_of_a_piece_forbids_is_not_said_of_the_slope() -> None:
    """The piece is beta >= eta/(k p_d): beta = 0 is not in it, whatever the payoff does there."""
    assert r"If $\beta = 0$, the Karush--Kuhn--Tucker conditions require $\eta \leq 0$." in _written("dual_channel")


def test_revised_shares_are_not_called_what_the_shares_before_are() -> None:
    before, _, after = _written("mro_alliance").partition("Shares revised by weights")
    assert r"\varphi_1' + \varphi_2' + \varphi_3' = V_1 + V_2 + V_3 + x_{123}" in after
    moved = re.findall(r"\\varphi_([123])' &= \\varphi_\1 \+ \\left\( [^&]* \\right\) v\(N\)", after)
    assert moved == ["1", "2", "3"]
    assert len(re.findall(r"\\varphi_[123](?!')", after.partition("Comparison")[0])) == len(moved)
    assert "'" not in "".join(re.findall(r"\\varphi_[123].", before))


def test_two_regions_of_which_one_is_where_the_other_is_not_need_no_argument() -> None:
    assert "The second region is where the first is not, so that" in _written("mro_alliance")
    first, second = ((a > b, a > c), (Or(a <= b, a <= c),))
    assert _is_denial(first, second)
    assert _is_denial((a > b,), (a <= b,))
    assert not _is_denial(first, (a <= b, a <= c))
    assert not _is_denial((a > b,), (a < b,))


def test_parts_of_a_payoff_are_listed_as_words_are() -> None:
    assert r"one in each of $s_d$, $s_r$, and $\beta$, since" in _written("dual_channel")
