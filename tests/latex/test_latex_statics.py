"""Comparative statics in the document: the table, the derivatives that prove it, the protocols compared."""

from __future__ import annotations

from sympy import Rational

from derive.audit.explore import explore
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.solution import Implicit, Regime, Solution
from derive.views.latex import latex_document, latex_texts

a, b, c, q, u, v, z = symbols("a b c q u v z")
GIVEN = (a > c, c > 0, b > 0)
STAGES = (Stage((Decision(("F",), (q,)),)),)
MODEL = Model(
    "m",
    "A firm",
    "",
    tuple(Parameter(symbol, f"parameter {symbol}") for symbol in (a, b, c)),
    GIVEN,
    (Variable(q, "quantity"),),
    (Player("F", (a - b * q - c) * q, u),),
    (Protocol("alone", "One firm", STAGES), Protocol("with_rival", "Two firms", STAGES)),
)


def solved(protocol: str, *regimes: Regime) -> Solution:
    return Solution("m", protocol, "", GIVEN, regimes, ())


ALONE = solved("alone", Regime("1", (), ((q, (a - c) / (2 * b)), (v, (a - c) * (a - 3 * c)))))
RIVAL = solved("with_rival", Regime("1", (), ((q, (a - c) / (3 * b)), (v, (a - c) * (a - 3 * c)))))


def document(*solutions: Solution) -> str:
    return latex_texts(MODEL, solutions, explored=explore(MODEL, solutions))[0]


def test_the_table_and_the_derivatives_are_printed() -> None:
    text = document(ALONE)
    assert "$q$ & $+$ & $-$ & $-$" in text
    assert r"\frac{\partial q}{\partial a} &= \frac{1}{2 b} > 0" in text
    assert "The signs follow from $a > c$" in text
    assert "$v$ rises with $a$ exactly where $a > 2 c$" in text


def test_responses_with_one_condition_share_a_sentence() -> None:
    kinks = ((q, (a - 2 * c) ** 2), (u, 3 * (a - 2 * c) ** 2), (v, (a - 2 * c) ** 2 * b), (z, (b - c) ** 2))
    text = document(solved("alone", Regime("1", (), kinks)))
    assert "$q$, $u$, and $v$ rise with $a$ exactly where $a > 2 c$." in text
    assert "$q$, $u$, and $v$ rise with $c$, exactly where" not in text
    assert r"\item $q$, $u$, and $v$ rise with $c$ exactly where $a < 2 c$." in text
    assert r"\item $z$ rises with $b$ exactly where $b > c$." in text
    both = document(solved("alone", Regime("1", (), ((q, (a - 2 * c) * b), (v, (a - 2 * c) ** 2)))))
    assert "$q$ rises with $b$, and $v$ rises with $a$, exactly where $a > 2 c$." in both


def test_protocols_are_compared_under_their_names() -> None:
    text = document(ALONE, RIVAL)
    assert "alone (One firm) and with rival (Two firms)" in text
    assert r"{q}^{\textnormal{alone}} > {q}^{\textnormal{with rival}}" in text
    assert r"\frac{a - c}{6 b} > 0" in text


def test_each_case_of_a_comparison_has_its_own_differences() -> None:
    low, high = Regime("low", (a < 2 * c,), ((q, a),)), Regime("high", (a >= 2 * c,), ((q, c / 2),))
    text = document(solved("alone", low, high), solved("with_rival", Regime("1", (), ((q, c),))))
    assert "The differences in case (i) are" in text
    assert "The differences in case (ii) are" in text


def test_the_steepness_of_an_implicit_equation_is_never_printed() -> None:
    root = Implicit(z, z**3 + b * z - a, Rational(0), a, 1)
    text = document(solved("alone", Regime("1", (), ((q, z + c),), implicit=(root,))))
    assert "implicit function theorem" in text
    assert "N_" not in text


def test_nothing_explored_is_nothing_printed() -> None:
    text = latex_document(MODEL, (ALONE,))
    assert "Comparative statics" not in text
    assert "Comparison" not in text
