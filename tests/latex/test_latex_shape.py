"""Formulas come out as an author would print them, and what is printed is what was given."""

import re

import pytest
import sympy
from sympy import Integer, Mul, Ne, Rational, exp, log, sqrt
from sympy.core.relational import Relational

from derive.ir import At, Slope, symbols
from derive.prove import prove
from derive.shocks import Cdf, Overage
from derive.views.latex.certificates import reasons
from derive.views.latex.names import Names
from derive.views.latex.sample import admissible_points
from derive.views.latex.shape import Shape
from derive.views.latex.tidy import Tidy
from derive.views.latex.width import width
from derive.views.latex.words import neat, prose, relation_texts
from derive.views.latex.writer import Writer

a, b, c, k, p, w, z, alpha, gamma, p_r, sigma, rho, r = symbols("a b c k p w z alpha gamma p_r sigma rho r")
(mc,) = symbols("mc")
PLAIN = Shape(Names())
OVER = Overage("F", z)


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        (1 - alpha, r"1 - \alpha"),
        (b - gamma - 1, r"b - \gamma - 1"),
        (a - b * c, "a - b c"),
        (a + b * c, "a + b c"),
        ((a - b * c) ** 2 / (8 * b), r"\frac{(a - b c)^2}{8 b}"),
        (p ** (gamma - b), r"p^{\gamma - b}"),
        (p ** (-b), "p^{-b}"),
        (Mul(p ** (-b), p**gamma, evaluate=False), r"p^{\gamma - b}"),
        (Mul(p ** (1 / (1 - b)), p ** (-gamma / (1 - b)), evaluate=False), r"p^{(\gamma - 1) / (b - 1)}"),
        (a / (b * c), r"\frac{a}{b c}"),
        (-a - b, "-a - b"),
        (-a * (-b - c) / 3, r"\frac{a (b + c)}{3}"),
        (a**2 - 2 * a * b + b**2, "a^2 - 2 a b + b^2"),
        (p / 2 + c / 2, r"\frac{c + p}{2}"),
        (Rational(-3, 4) * a, r"-\frac{3 a}{4}"),
        (3 * 2**a, r"3 \cdot 2^a"),
        (Mul(Mul(-1, Cdf("F", z) - 1, evaluate=False), b + c, evaluate=False), "(1 - F(z)) (b + c)"),
        (Mul(Mul(-1, c, evaluate=False), b + c, evaluate=False), "(-c) (b + c)"),
        (sqrt(2) * sqrt(a * k), r"\sqrt{2 a k}"),
        (sqrt(2) * sqrt(a + b) / c, r"\frac{\sqrt{2 (a + b)}}{c}"),
        (sqrt(a) * sqrt(b), r"\sqrt{a} \sqrt{b}"),
        (mc * c, r"c \, \mathit{mc}"),
        (sqrt(a / b), r"\sqrt{\frac{a}{b}}"),
        (1 / sqrt(a), r"\frac{1}{\sqrt{a}}"),
        ((a / b) ** (1 / (b - gamma)), r"\left( \frac{a}{b} \right)^{1 / (b - \gamma)}"),
        (1 / (1 - Cdf("F", z)), r"\frac{1}{1 - F(z)}"),
        (c * z / ((z - OVER) * (b - 1)), r"\frac{c}{b - 1} \cdot \frac{z}{z - \Lambda(z)}"),
        (exp(-a / b), r"\mathrm{e}^{-a / b}"),
        (log(a), r"\ln a"),
        (At(r, "TDC"), r"r^{\mathrm{TDC}}"),
        (Slope(At(r, "TDC"), b), r"\frac{\partial r^{\mathrm{TDC}}}{\partial b}"),
        (sympy.Max(a, 0), r"\max\{a, 0\}"),
        (sympy.S.Zero, "0"),
        (-sympy.oo, r"-\infty"),
    ],
)
def test_golden_shapes(expression: sympy.Expr, tex: str) -> None:
    assert PLAIN.tex(expression) == tex


def test_superscripts_of_names_are_not_doubled() -> None:
    shape = Shape(Names.of([("sigma", r"\sigma_d^2")]))
    assert shape.tex(sigma**2) == r"(\sigma_d^2)^2"


def test_a_difference_is_printed_the_way_it_is_positive() -> None:
    assumptions = (w > 0, p_r > w, rho > 0)
    shape = Shape(Names(), admissible_points((w, p_r, rho), assumptions))
    assert shape.tex(rho * (w - p_r) ** 2) == r"\rho (p_r - w)^2"
    assert shape.tex(rho * (w - p_r)) == r"-\rho (p_r - w)"
    assert shape.tex(-rho * (w - p_r)) == r"\rho (p_r - w)"


def test_the_statements_own_differences_are_kept() -> None:
    shape = Shape(Names(), (), frozenset({w - c}))
    assert shape.tex((b * w - a) * (c - w) / 2) == r"\frac{(w - c) (a - b w)}{2}"


def _value(tex: str, point: dict[str, Rational]) -> Rational:
    """The number that a printed rational formula denotes, by a reader of its own: an independent check of the printer."""
    text = re.sub(r"\\left|\\right", "", tex).replace(r"\cdot", "*")
    while r"\frac" in text:
        text = re.sub(r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"((\1)/(\2))", text)
    text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text).replace("^", "**")
    text = re.sub(r"\\?([a-z]+)(?:_([a-z]))?", lambda found: f"({point[found.group().strip(chr(92))]})", text)
    text = re.sub(r"(?<=[)\d])\s+(?=[(\d])", "*", text)
    text = re.sub(r"(\d|\))\s*(?=\()", r"\1*", text)
    return Rational(sympy.sympify(re.sub(r"(?<![\w*])(\d+)(?![\w])", r"Integer(\1)", text.replace("** ", "**"))))


@pytest.mark.parametrize("seed", range(12))
def test_printed_formulas_have_the_value_of_what_was_given(seed: int) -> None:
    import random

    chance = random.Random(seed)
    names = (a, b, c, w, alpha)
    expression: sympy.Expr = chance.choice(names)
    for _ in range(7):
        other = chance.choice(names) * chance.randint(-3, 3) + chance.randint(1, 4) * chance.choice(names)
        expression = chance.choice((expression * other, expression - other, expression / (other**2 + 1), expression**2))
        if expression.count_ops() > 60:
            break
    point = {symbol: Rational(chance.randint(2, 9), chance.randint(2, 5)) for symbol in names}
    shape = Shape(Names(), (point,))
    printed = shape.tex(expression)
    assert _value(printed, {symbol.name: value for symbol, value in point.items()}) == expression.xreplace(point)


def test_relations() -> None:
    assert PLAIN.inline(neat(-b + gamma + 1 < 0)) == r"b > \gamma + 1"
    assert PLAIN.inline(neat(-p <= 0)) == r"p \geq 0"
    assert relation_texts((p >= 0, p <= 1), PLAIN) == (r"0 \leq p \leq 1",)
    assert relation_texts((z > a, b > z), PLAIN) == ("a < z < b",)
    assert relation_texts((a > 0, b > gamma + 1), PLAIN) == ("a > 0", r"b > \gamma + 1")


def test_evident_factors_are_dropped_from_conditions_and_nothing_else() -> None:
    tidy = Tidy((k > 0, w > 0, p_r > w))
    assert PLAIN.inline(tidy.relation((a - b) / (k * w) >= 0)) == r"a \geq b"
    assert PLAIN.inline(tidy.relation((w - p_r) * a >= 0)) == r"a \leq 0"
    assert tidy.relation(k * w > 0) == True  # noqa: E712
    assert PLAIN.inline(tidy.relation(c * (a - b) > 0)) != "a > b"
    assert tidy.relation((a - b) / c > 0) == ((a - b) / c > 0)


def test_a_relation_is_neat_whichever_side_is_zero() -> None:
    assert PLAIN.inline(neat(Relational(Integer(0), a + b - c, ">", evaluate=False))) == "c > a + b"
    assert PLAIN.inline(neat(Relational(a + b - c, Integer(0), "<", evaluate=False))) == "c > a + b"


def test_the_sign_of_a_product_is_told_without_a_minus() -> None:
    shape = Shape(Names(), ({a: Integer(3), b: Integer(2), c: Integer(1)},))
    assert shape.inline((c - b) * (a - b) / 2 < 0) == "(a - b) (b - c) / 2 > 0"
    assert shape.inline((b - c) * (a - b) <= 0) == r"(a - b) (b - c) \leq 0"
    assert shape.inline(Ne((c - b) * (a - b), 0)) == r"(a - b) (b - c) \neq 0"


def test_tidy_relations_are_equivalent() -> None:
    tidy = Tidy((k > 0, w > 0, p_r > w))
    relation = (a * p_r - a * w + b * w - b * p_r) / (k * w) < 0
    shown = tidy.relation(relation)
    for value in (-2, 1, 3):
        at = {a: Rational(value), b: Rational(2), k: Rational(3), w: Rational(1), p_r: Rational(5)}
        assert bool(shown.xreplace(at)) == bool(relation.xreplace(at))


def test_prose_keeps_words_and_sets_symbols() -> None:
    shape = Shape(Names.of([("alpha", ""), ("c_S", ""), ("a", "")]))
    assert prose("a cost, alpha = c_S/c & 5%", shape) == r"a cost, $\alpha = c_S / c$ \& 5\%"


def test_width_grows_with_what_is_printed() -> None:
    assert width(r"\frac{a + b + c}{2}") < width("a + b + c + d")
    assert width(r"a^{b + c}") < width("a b + c")
    assert width(r"\left( a \right)") > width("a")


def test_short_reasons_for_several_signs_make_one_sentence() -> None:
    writer = Writer.of(PLAIN, (a > 0, b > a, c > a))
    claims = (b - a / 2 > 0, c - a / 2 > 0)
    told = reasons([prove(claim, (a > 0, b > a, c > a)) for claim in claims], writer)
    assert [str(text) for text in told] == ["These signs follow from $b > a$ and $c > a$."]


def test_points_satisfy_assumptions_with_powers_logarithms_and_constants():
    a, b = symbols("a b")
    assumptions = (a > 1, b > 0, a**b > 2, sympy.log(a) < b, sympy.sqrt(a) <= sympy.pi, sympy.Max(a, b) < 20)
    points = admissible_points((a, b), assumptions)
    assert len(points) == 8
    for point in points:
        assert all(relation.subs(point) == True for relation in assumptions)  # noqa: E712 (SymPy's true)


def test_points_are_not_sought_where_an_assumption_has_no_value():
    a = symbols("a")[0]
    assert admissible_points((a,), (sympy.sqrt(a) > sympy.zeta(a),)) == ()
