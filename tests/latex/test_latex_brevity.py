"""Nothing is told twice, nothing that is not needed, and short formulas stand where they are used."""

from __future__ import annotations

import re

import pytest
from sympy import LambertW, Lt, Mul, Rational, exp, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import cases, certificates, steps
from derive.audit.explore import explore
from derive.certificates import Certificate
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.prove import prove, refute
from derive.solution import Case, Proposition, Regime, Solution
from derive.steps import Step
from derive.views.latex import latex_fragment, latex_texts
from derive.views.latex.certificates import denied, reason
from derive.views.latex.certificates_lemmas import needed
from derive.views.latex.names import Names
from derive.views.latex.shape import Shape
from derive.views.latex.tidy import Tidy
from derive.views.latex.writer import Writer
from tests.latex import fixtures

a, b, c, g, k, n, r, w, x, y, U = symbols("a b c g k n r w x y U")
SHAPE = Shape(Names())


def _writer(*assumptions: Boolean) -> Writer:
    return Writer.of(SHAPE, assumptions)


def _proved(certificate: Certificate | None) -> Certificate:
    assert certificate is not None
    return certificate


def _assumed(fact: Boolean, *given: Boolean) -> Certificate:
    return certificates.Assumed(claim=fact, given=given, fact=fact)


def _text(*proof: Step, values: tuple[Case, ...] = (), assumptions: tuple[Boolean, ...] = ()) -> str:
    one = Proposition("x", "lemma", "A", "B", values, proof)
    told = latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", assumptions, (), (one,)),))
    return re.sub(r"\s+", " ", told)


# --- lemmas ----------------------------------------------------------------------------------------------------------


def test_a_lemma_is_not_named_again_by_the_proof_that_uses_it() -> None:
    told = reason(_proved(prove(1 / (LambertW(exp(a)) + 1) > 0, (a > 0,))), _writer(a > 0))
    assert told.count(r"W(\mathrm{e}^{a}) > 0") == 1
    assert told.startswith(r"Indeed, $W(\mathrm{e}^{a}) > 0$. ")


def test_a_lemma_that_the_proof_does_not_use_is_not_told() -> None:
    given = (a > b, c > g)
    used, idle = _assumed(a > b, *given), _assumed(c > g, *given)
    assert needed((used, idle), _assumed(a > b, *given)) == [used]
    assert needed((used, idle), prove(a - b + c - g > 0, given) or used) == [used, idle]


def test_a_lemma_that_another_one_uses_is_told() -> None:
    first = _assumed(a > b, a > b)
    second = certificates.Contradiction(
        claim=a + 1 > b, given=(a > b,), refutation=certificates.Opposed(claim=false, given=(a > b,), fact=a > b, denial=first)
    )
    assert needed((first, second), _assumed(a + 1 > b, a + 1 > b)) == [first, second]


# --- signs that a reader sees ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relations", "positive"),
    [
        ((b > g, g > 0), True),
        ((b > g, g >= 0), True),
        ((b >= g, g >= 0), False),
        ((b > g + c, g >= 0, c >= 0), True),
        ((b > g - c, g >= 0, c >= 0), False),
        ((b >= 2 * g, g > 0), True),
        ((b > g,), False),
        ((g > b, b < 0), False),
    ],
)
def test_what_exceeds_something_that_is_not_negative_is_positive(relations: tuple[Boolean, ...], positive: bool) -> None:
    assert (b in Tidy(relations).positive) is positive


def test_a_condition_is_told_without_factors_that_are_positive_by_an_order() -> None:
    assert _writer(b > g, g > 0).plain((a - w) * (b + g) * (b - g) / (b * g) > 0) == (a > w)


def test_a_power_that_is_not_positive_contradicts_the_sign_of_its_base() -> None:
    given = (y > 0, c < 1, c * 0 + b > 0)
    condition: Relational = Lt(y**b, 0)
    refuted = _proved(refute((*given, condition)))
    found = denied([condition], refuted, _writer(b > 0))
    assert found is not None
    assert found[1] == "This contradicts $y > 0$."


# --- repetition ------------------------------------------------------------------------------------------------------


def _analysed(label: str, *region: Boolean) -> tuple[Step, Step]:
    objective, core = (a - x) * (x - c) / b, a + c - 2 * x
    return (
        steps.Marginal(label=label, given=region, objective=objective, variable=x, positive=1 / b, core=core),
        steps.SinglePeak(
            label=f"{label}'", given=region, variable=x, core=core, slope=core.diff(x), certificate=_proved(prove(core.diff(x) < 0, region))
        ),
    )


def test_the_same_analysis_on_another_piece_is_said_to_be_the_same() -> None:
    text = _text(*_analysed("1", x > w), *_analysed("2", x <= w))
    assert text.count("As before, the marginal payoff") == 1
    assert text.count("Again the payoff has a single peak") == 1
    assert text.count("falls strictly in $x$") == 1


def test_the_same_statement_on_the_same_region_is_told_once() -> None:
    step = steps.Dominance(label="1", given=(x > w,), better=(a - c) ** 2, worse=w * 0, certificate=_proved(prove((a - c) ** 2 >= 0, ())))
    again = steps.Dominance(label="2", given=(x > w,), better=(a - c) ** 2, worse=w * 0, certificate=_proved(prove((a - c) ** 2 >= 0, ())))
    assert _text(step, again).count("is not negative") == 1


def test_cases_in_which_a_payoff_is_the_same_share_a_line() -> None:
    step = cases.Branching(label="b", objective=U + x, cases=(((x > w,), x), ((x <= w, x > c), a - x), ((x <= c,), x)))
    text = _text(step)
    assert "has two cases" in text
    assert r"\text{or } c \geq x" in text or r"\text{or } x \leq c" in text


def test_one_value_has_one_form_in_all_results() -> None:
    one, same = (a - a * n + n * c - w) / (1 - n), (a * (1 - n) + n * c - w) / (1 - n)
    writer = _writer()
    writer.settle((one, same))
    assert writer.told(one) == writer.told(same)
    assert SHAPE.tex(writer.told(one)) == r"\frac{a (1 - n) + c n - w}{1 - n}"


# --- formulas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        (x * x**r, "x^{r + 1}"),
        (x**-b / x, "x^{-b - 1}"),
        (a * x**r / x**2, "a x^{r - 2}"),
        (x**2 * y**r, "x^2 y^r"),
        (LambertW(x) / (1 + LambertW(x)), r"\frac{W(x)}{W(x) + 1}"),
        (LambertW(x) / b, r"\frac{W(x)}{b}"),
        (a * x**r / b, r"\frac{a x^r}{b}"),
        (Mul(exp(a), exp(-b * x), evaluate=False), r"\mathrm{e}^{a - b x}"),
    ],
)
def test_powers_of_one_base_are_drawn_together_and_short_factors_stand_above_the_line(expression: object, tex: str) -> None:
    assert SHAPE.tex(expression) == tex  # type: ignore[arg-type]
    assert not SHAPE.exceeds(expression, 100.0)  # type: ignore[arg-type]


def test_displayed_conditions_are_punctuated() -> None:
    wide = tuple(a * b * c * k + i * g * n * r * w + x * y * k**2 > b * c * g * n + w * x * y for i in range(1, 3))
    told = _writer().condition(wide, "Let", ".")
    assert told.count(", \\\\\n") == 1
    assert told.endswith(".\n\\end{align*}\n")


def test_many_short_derivatives_stand_in_their_proof() -> None:
    parameters = (a, b, c, g, k, n)
    statement = Model(
        "m",
        "A firm",
        "",
        tuple(Parameter(symbol, "") for symbol in parameters),
        tuple(symbol > 0 for symbol in parameters),
        (Variable(x, "quantity"),),
        (Player("F", a - x, U),),
        (Protocol("alone", "One firm", (Stage((Decision(("F",), (x,)),)),)),),
    )
    values = ((x, a * b * c / k), (y, g * k / n), (w, a + b + Rational(1, 2) * c))
    solution = Solution("m", "alone", "", statement.assumptions, (Regime("1", (), values),), ())
    text = latex_texts(statement, (solution,), explored=explore(statement, (solution,)))[0]
    assert "Long expressions" not in text
    assert re.search(r"\\frac\{\\partial x\}.* & \\frac\{\\partial x\}", text)
