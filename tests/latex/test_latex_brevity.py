"""Nothing is told twice, nothing that is not needed, and short formulas stand where they are used."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sympy import Eq, LambertW, Lt, Mul, Ne, Rational, exp, false
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
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.certificates_lemmas import needed
from derive.views.latex.contradictions import decisive, denied
from derive.views.latex.evident import used_in
from derive.views.latex.names import Names
from derive.views.latex.shape import Shape
from derive.views.latex.squares import completed
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


def test_a_square_of_two_terms_is_seen_in_a_sum() -> None:
    assert SHAPE.inline(_writer(a > 0).plain(a**2 - 2 * a * x + x**2 - 4 * g <= 0)) == r"(a - x)^2 \leq 4 g"
    assert SHAPE.inline(_writer(a > 0).plain(4 * g + 2 * a * x - a**2 - x**2 <= 0)) == r"(a - x)^2 \geq 4 g"
    assert completed(a**2 + 3 * a * x + x**2 - g) == a**2 + 3 * a * x + x**2 - g
    assert completed(4 * a**2 + 4 * a * x + x**2 + g + b) == (2 * a + x) ** 2 + g + b


def test_a_condition_that_is_solved_is_only_stated() -> None:
    step = steps.Stationary(
        label="s",
        equations=(x - y + c,),
        trail=(steps.Elimination(unknown=x, equation=x - y + c, factor=x - y + c, lead=x * 0 + 1, value=y - c),),
        values=((x, y - c),),
    )
    assert "linear in" not in _text(step)


def test_a_variable_that_only_measures_another_is_put_in_its_place() -> None:
    before, shifted = (x - c) * (y - x), symbols("x_y")[0]
    text = _text(
        steps.Concentration(label="c", before=before, replace=((x, y + shifted),), after=before.subs(x, y + shifted)),
    )
    assert "Put $x = " in text
    assert "in place of $x$. The payoff becomes" in text
    assert "the optimal" not in text


def test_the_cases_of_a_payoff_keep_its_symbol() -> None:
    case = (a - x) * (x - c)
    branching = cases.Branching(label="b", objective=U + x, cases=(((x > w,), case), ((x <= w,), x * 0)))
    marginal = steps.Marginal(label="m", given=(x > w,), objective=case, variable=x, positive=x * 0 + 1, core=a + c - 2 * x)
    text = _text(branching, marginal)
    assert r"\frac{\partial J_{1}}{\partial x}" in text
    assert "J_{2}" not in text


def test_the_equation_of_a_root_is_said_to_be_the_condition_of_a_maximum() -> None:
    core = a / x - b
    marginal = steps.Marginal(label="m", objective=U * x, variable=x, positive=x * k, core=a - b * x)
    root = steps.ImplicitRoot(
        label="r", symbol=x, core=core, low=x * 0, high=a, limits=(a, -b), certificate=_proved(prove(core.diff(x) < 0, (a > 0, x > 0)))
    )
    given = (a > 0, b > 0, k > 0, x > 0)
    assert "It vanishes exactly where" in _text(*(replace(step, given=given) for step in (marginal, root)))
    assert "It vanishes exactly where" not in _text(replace(root, given=given))


def test_a_sign_that_an_evaluation_needs_follows_as_its_reason() -> None:
    """The root of a square is taken: no sentence of its own opens the proof for that."""
    value = a**2 / (4 * b)
    proof = (
        steps.Sign(label="1", relation=a > 0, certificate=_assumed(a > 0, a > 0)),
        steps.Anticipation(label="2", uses=("1",), payoff=U, before=x, replace=((x, value),), after=value),
    )
    case = Case((), ((U, value),))
    theorem = Proposition("x", "theorem", "Equilibrium", "", (case,), proof)
    text = re.sub(r"\s+", " ", latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (a > 0,), (), (theorem,)),)))
    assert "gives the values stated, since $a > 0$." in text
    assert "We have" not in text


def test_reasons_that_are_the_same_are_given_once() -> None:
    given = (a > b, b > 0)
    claims = (a - b > 0, (a - b) * (a + 2 * b) > 0, a * (a - b) ** 3 + b * (a - b) > 0)
    told = reasons([_proved(prove(claim, given)) for claim in claims], _writer(b > 0))
    assert sum(text.count("$a > b$") for text in told) == 1


def test_of_the_conditions_of_an_empty_case_those_are_told_that_its_refutation_uses() -> None:
    conditions = (a > c, x + y > g, c >= a)
    writer = _writer(b > 0)
    assert decisive(conditions, _proved(refute((*conditions, b > 0))), writer) == [a > c, c >= a]
    rooted = (x + y > g, k >= a**2, k < a**2 / 4, w * x > 0)
    assert decisive(rooted, _proved(refute((*rooted, a > 0, k > 0))), writer) == [k >= a**2, k < a**2 / 4]


def test_what_is_used_after_a_substitution_is_known_by_what_it_was_before() -> None:
    given = (Eq(x, y + c), x > a, y + c <= a, w > 0)
    eliminated = certificates.Eliminated(
        claim=false,
        given=given,
        symbol=x,
        value=y + c,
        equation=given[0],
        lead=x * 0 + 1,
        nonzero=_assumed(Ne(a, b), *given),
        proof=certificates.Opposed(
            claim=false, given=(y + c > a, y + c <= a), fact=y + c > a, denial=_assumed(y + c <= a, y + c > a, y + c <= a)
        ),
    )
    assert used_in(eliminated) is None  # the lead rests on something that is not given
    sure = replace(eliminated, nonzero=certificates.Factors(claim=Ne(x * 0 + 2, 0), given=given, coefficient=Rational(2)))
    assert set(used_in(sure) or ()) == set(given[:3])
