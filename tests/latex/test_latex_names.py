"""Symbols: how a plain name is printed, what a statement may ask for, and that two that look alike are refused."""

import pytest
from sympy import Symbol

from derive.errors import StatementError
from derive.views.latex.names import Names, symbol_tex, visual_key


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("a", "a"),
        ("alpha", r"\alpha"),
        ("Pi_R", r"\Pi_R"),
        ("c_S", "c_S"),
        ("q1", "q_1"),
        ("p_12", "p_{12}"),
        ("s_max", r"s_{\max}"),
        ("x_S1", "x_{S1}"),
        ("Pi_TDC", r"\Pi_{\mathrm{TDC}}"),
        ("b_bar", r"\bar{b}"),
        ("q_star", "q^*"),
        ("eps_d", r"\varepsilon_d"),
        ("c_alpha", r"c_{\alpha}"),
        ("lambda", r"\lambda"),
        ("k_d_r", "k_{d,r}"),
        ("demand", r"\mathit{demand}"),
        ("Beta", r"\mathrm{B}"),
    ],
)
def test_plain_names(name: str, tex: str) -> None:
    assert symbol_tex(name) == tex


def test_a_name_that_is_no_name_is_printed_literally() -> None:
    assert symbol_tex(r"\input{x}") == r"\text{\upshape \textbackslash{}input\{x\}}"


@pytest.mark.parametrize(
    ("one", "other"), [("p_r", "p_{r}"), (r"\sigma_d^2", r"\sigma_{d}^{2}"), ("q^*", r"q^{\star}"), ("x_ {1}", "x_1")]
)
def test_same_look(one: str, other: str) -> None:
    assert visual_key(one) == visual_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("p_r", "p_R"), ("x_{12}", "x_1 2"), (r"\epsilon", r"\varepsilon"), (r"\mathrm{B}", "B")]
)
def test_different_look(one: str, other: str) -> None:
    assert visual_key(one) != visual_key(other)


def test_two_symbols_that_print_alike_are_refused_by_name() -> None:
    with pytest.raises(StatementError) as caught:
        Names.of([("p_r", ""), ("price", "p_{r}")], "shop")
    assert caught.value.model == "shop"
    assert "p_r" in caught.value.message
    assert "price" in caught.value.message


def test_q1_and_q_1_print_alike() -> None:
    with pytest.raises(StatementError):
        Names.of([("q1", ""), ("q_1", "")])


@pytest.mark.parametrize(
    "tex", [r"\input{/etc/passwd}", r"\write18{ls}", "x}", "{x", "x$", "x%", r"\def\x{}", "^^41", "x\ny", r"\\"]
)
def test_latex_of_a_statement_is_mathematics_only(tex: str) -> None:
    with pytest.raises(StatementError):
        Names.of([("x", tex)])


def test_the_statement_decides() -> None:
    names = Names.of([("s2", r"\sigma^2"), ("q", "")])
    assert names.tex(Symbol("s2")) == r"\sigma^2"
    assert names.tex(Symbol("q")) == "q"
    assert names.tex(Symbol("undeclared_1")) == r"\mathit{undeclared}_1"
