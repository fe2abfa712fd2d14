"""The argument on a terminal: the document's propositions and proofs without LaTeX, in lines that are not too wide."""

from __future__ import annotations

import re

import pytest
from sympy import Eq

from derive.coalition import derive_coalition
from derive.ir import symbols
from derive.play.induction import derive_model
from derive.repeated import derive_repeated, grim_trigger
from derive.views.argument import WIDTH, arguments
from derive.views.plain import plain_math, plain_text
from derive.views.relations import relation_text
from tests.coalition.coalition_games import stated
from tests.latex import fixtures
from tests.repeated.games import both, game


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{k p_d}{\eta}", "k p_d/η"),
        (r"\frac{a + b}{2 \eta}", "(a + b)/(2 η)"),
        (r"-\frac{1}{2 \eta} \bigl[ \eta + k^2 \bigr]", "-(1/(2 η)) [η + k²]"),
        (r"\frac{a}{b} \cdot \frac{z_1}{z_1 - \Lambda(z_1)}", "a/b · z_1/(z_1 - Λ(z_1))"),
        (r"\frac{\partial^2 \Pi_m}{\partial s_d^2} < 0", "∂²Π_m/∂s_d² < 0"),
        (r"\left( \frac{k + 1}{k b + 1} \right)^{1 / k}", "((k + 1)/(k b + 1))^(1 / k)"),
        (r"p_1^{\gamma - b} \mathrm{e}^{-\rho x}", "p_1^(γ - b) e^(-ρ x)"),
        (r"\sqrt{a + b} \geq \sqrt{2}", "√(a + b) ≥ √2"),
        (r"\{\text{\upshape DPM}, \text{\upshape NP}\}", "{DPM, NP}"),
        (r"\mathrm{E}\min\{z, x\}, \bar{x}_1, \delta^*, \varphi_1'", "E min{z, x}, x̄_1, δ*, φ_1'"),
        (r"{p_1}^{\textnormal{C}} - x_{12}", "p_1^C - x_12"),
        (r"(a + b) / (c d)", "(a + b) / (c d)"),
    ],
)
def test_formulas_are_told_in_the_shape_in_which_they_are_printed(tex: str, text: str) -> None:
    assert plain_math(tex) == text


def test_text_keeps_its_words_and_knows_what_it_refers_to() -> None:
    tex = r"By \cref{eq:1}, \emph{refuse} loses 5\% of $\frac{a}{b}$ -- ``all'', see \texttt{a\_b} and \cref{res:2}."
    text = plain_text(tex, {"eq:1": "(1)", "res:2": "Lemma 2"})
    assert text == 'By (1), "refuse" loses 5% of a/b - "all", see a_b and Lemma 2.'


def _all_of(lines: list[str]) -> str:
    return "\n".join(lines)


@pytest.fixture(scope="module")
def told() -> list[str]:
    chain = fixtures.CHAIN
    found = arguments(chain, derive_model(chain))
    assert [one["protocol"] for one in found] == [protocol.key for protocol in chain.protocols]
    return list(found[0]["lines"])


def test_the_argument_goes_from_the_model_to_the_equilibrium(told: list[str]) -> None:
    text = _all_of(told)
    order = [text.index(part) for part in ("Throughout we assume", "Lemma 1", "Proof.", "Proposition 2", "Theorem 3 (Equilibrium)")]
    assert order == sorted(order)
    assert "Suppose" in text or "falls strictly" in text


def _statements() -> list[tuple[object, tuple[object, ...]]]:
    alliance = stated("three", {"1": 1, "2": 2, "3": 0, "12": 4, "13": 3, "23": 3, "123": 9}, 3)
    repeated = game(both(grim_trigger("C", "D"), key="grim"))
    return [(alliance, derive_coalition(alliance)), (repeated, derive_repeated(repeated))]


def test_no_latex_and_no_name_of_the_program_is_seen_and_no_line_is_too_wide(told: list[str]) -> None:
    texts = [told, *(one["lines"] for statement, solutions in _statements() for one in arguments(statement, solutions))]  # type: ignore[arg-type]
    for lines in texts:
        assert max(map(len, lines)) <= WIDTH
        assert not re.search(r"[\\$\0]|\(above\)|\b(True|False|None|certificate)\b", _all_of(lines))


def test_cases_and_tables_are_set_out() -> None:
    repeated = _statements()[1]
    text = _all_of(arguments(*repeated)[0]["lines"])  # type: ignore[arg-type]
    assert re.search(r'^ +"C" and "D" +S, T$', text, re.MULTILINE)
    assert re.search(r"^ +V\(friendly, friendly\) = R/\(1 - δ\)", text, re.MULTILINE)


def test_a_sign_before_a_whole_side_is_turned() -> None:
    a, b, c = symbols("a b c")
    assert relation_text(-(a * b) / c <= 0) == "a*b/c >= 0"
    assert relation_text(Eq(-a * b, 0, evaluate=False)) == "a*b = 0"
    assert relation_text(a - b <= 0) == "a - b <= 0"
