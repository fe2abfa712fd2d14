"""Whole documents: what they say, that TeX accepts them without complaint, and that their bytes depend on nothing else."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sympy import Add, Mul, Symbol

from derive import steps
from derive.audit.printed import Comparison
from derive.certificates import Certificate
from derive.errors import StatementError
from derive.ir import Parameter, PrintedFormula
from derive.render import Tex, escape_latex, render_latex
from derive.solution import Case, Proposition, Solution
from derive.system import typeset
from derive.views.latex import latex_document, latex_fragment, source_numbers
from derive.views.latex.breaking import BUDGET, Setter
from derive.views.latex.certificates import certificate_text
from derive.views.latex.names import Names
from derive.views.latex.proof import MACROS
from derive.views.latex.shape import Shape
from derive.views.latex.steps import macro_name
from derive.views.latex.width import width
from derive.views.source import reference
from tests.latex import fixtures

ROOT = Path(__file__).resolve().parents[2]
needs_tex = pytest.mark.skipif(not typeset.available(), reason="pdflatex is not installed here")

DOCUMENTS = {
    "chain": (fixtures.CHAIN, fixtures.chain_solutions),
    "box": (fixtures.BOX, fixtures.box_solutions),
    "newsvendor": (fixtures.NEWSVENDOR, fixtures.newsvendor_solutions),
    "kinds": (fixtures.CHAIN, lambda: (fixtures.every_kind(),)),
    "hostile": (fixtures.HOSTILE, lambda: ()),
}


def _document(key: str) -> str:
    statement, solutions = DOCUMENTS[key]
    return latex_document(statement, solutions())


def _compiled(text: str, folder: Path) -> tuple[str, ...]:
    source = folder / "proof.tex"
    source.write_text(text, encoding="utf-8")
    return typeset.compile_one("proof", source, folder / "out").faults


@needs_tex
@pytest.mark.parametrize("key", sorted(DOCUMENTS))
def test_tex_has_nothing_to_complain_of(key: str, tmp_path: Path) -> None:
    assert _compiled(_document(key), tmp_path) == ()


@needs_tex
def test_faults_are_seen(tmp_path: Path) -> None:
    text = _document("chain")
    wide = text.replace(r"\section{The model}", r"\section{The model}$$" + "+".join("abcdefghij" * 4) + r"+\ref{nowhere}$$")
    found = _compiled(wide, tmp_path)
    assert any("Overfull" in line for line in found)
    assert any("nowhere" in line for line in found)


@needs_tex
def test_a_fragment_stands_in_a_paper_beside_another(tmp_path: Path) -> None:
    preamble = render_latex("preamble.tex.j2", None)
    body = latex_fragment(fixtures.CHAIN, fixtures.chain_solutions()) + latex_fragment(fixtures.BOX, fixtures.box_solutions())
    assert _compiled(f"{preamble}\n\\begin{{document}}\n\\section{{A}}\n{body}\n\\end{{document}}\n", tmp_path) == ()


def test_a_fragment_has_no_preamble() -> None:
    text = latex_fragment(fixtures.CHAIN, fixtures.chain_solutions())
    assert "documentclass" not in text
    assert r"\begin{document}" not in text
    assert r"\begin{theorem}" in text


def test_the_argument_is_told_in_its_order() -> None:
    text = _document("chain")
    marks = [
        "Successive monopoly",
        "demand intercept",
        r"\Pi_M &= q (w - c)",
        "Throughout we assume",
        "Knowing this, $R$ chooses $p$",
        "Given $w$, the best response of $R$",
        r"\begin{cases}",
        r"\frac{\partial \Pi_R}{\partial p} = a - 2 b p + b w",
        r"The choice of $M$ is",
        r"w = \frac{a + b c}{2 b}",
        r"\begin{theorem}",
        r"\frac{(a - b c)^2}{16 b}",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_regimes_come_as_cases_with_their_conditions() -> None:
    text = _document("box")
    assert re.search(r"x &= \\begin\{cases\}\s+\\displaystyle 0 & \\text\{if \} m \\leq 0", text)
    assert r"\displaystyle \frac{m}{k} & \text{if } m > 0,\ k > m" in text or r"\text{if } 0 < m < k" in text
    assert "At $m = 0$ nothing is gained by effort." in text


def test_implicit_quantities_are_defined_and_their_lemma_is_proved() -> None:
    text = _document("newsvendor")
    assert r"is the unique root in $(0, B)$ of" in text
    assert r"\frac{z (1 - F(z))}{z - \Lambda(z)} = \frac{b - \gamma - 1}{b - \gamma}" in text
    assert "strictly monotone in between by \\cref{res:newsvendor:elasticity-decreasing}" in text
    assert text.index(r"\label{res:newsvendor:elasticity-decreasing}") < text.index(r"\begin{proposition}")


def test_a_choice_that_nothing_but_an_equation_gives_is_told_by_it() -> None:
    (solution,) = fixtures.newsvendor_solutions()
    payoffs, stage, equilibrium = solution.argument
    marginal, root = stage.proof
    stage = replace(stage, cases=(Case((), ()),), proof=(replace(marginal, variable=fixtures.z), root))
    bare = replace(solution, argument=(payoffs, stage, replace(equilibrium, cases=(Case((), ()),))))
    text = latex_document(fixtures.NEWSVENDOR, (bare,))
    assert "The choice of $N$ is the unique root $z$ in $(0, B)$ of" in text
    assert "In equilibrium $z$ is the unique root in $(0, B)$ of" in text
    assert "We have." not in text


def test_the_sources_numbers_stand_beside_ours() -> None:
    w = Symbol("w", real=True)
    text = latex_document(fixtures.CHAIN, fixtures.chain_solutions(), {("two", w): ("(7)", ())})
    assert r"w = \frac{a + b c}{2 b}\qquad \text{[source: (7)]}" in text
    assert "[source:" not in _document("chain")


def test_numbers_are_taken_from_what_was_reproduced() -> None:
    w, p = Symbol("w", real=True), Symbol("p", real=True)
    printed = (PrintedFormula("(7)", "two", w, w), PrintedFormula("(8)", "two", p, p))
    compared = (
        Comparison("(7)", "w under two", "", "", "reproduced", ("1",)),
        Comparison("(8)", "p under two", "", "", "contradicted"),
    )
    assert source_numbers(printed, compared) == {("two", w): ("(7)", ("1",))}


def test_the_source_comes_from_bibtex() -> None:
    told = "Joseph J. Spengler (1950). Vertical Integration and Antitrust Policy. Journal of Political Economy 58(4), 347\u2013352."
    assert reference("spengler1950", fixtures.BIBLIOGRAPHY) == told
    assert reference("Folklore", fixtures.BIBLIOGRAPHY) == "Folklore"
    assert told in latex_document(fixtures.CHAIN, (), bibliography=fixtures.BIBLIOGRAPHY)


def test_no_reference_is_undefined_and_no_label_repeated() -> None:
    for key in DOCUMENTS:
        text = _document(key)
        labels = re.findall(r"\\label\{([^}]*)\}", text)
        assert len(labels) == len(set(labels)), key
        assert set(re.findall(r"\\(?:cref|eqref)\{([^}]*)\}", text)) <= set(labels), key


def test_no_word_of_the_program_reaches_the_reader() -> None:
    for key in ("chain", "box", "newsvendor", "kinds"):
        prose = re.sub(r"\\(?:label|cref|eqref|begin|end)\{[^}]*\}", "", _document(key))
        for word in ("None", "True", "False", "Assumed", "Factors", "two.2", "alone.E", "Symbol(", "**", "KKT"):
            assert word not in prose, (key, word)


def test_hostile_text_is_printed_not_run() -> None:
    text = _document("hostile")
    assert r"\textbackslash{}input\{/etc/passwd\}" in text
    assert r"\input{/etc" not in text
    assert r"\write18{" not in text
    assert text.count(r"\end{document}") == 1
    assert r"\'" not in text
    assert "été" in text


@pytest.mark.parametrize(
    ("given", "printed"),
    [("a & b_c", r"a \& b\_c"), ("5% #1 $x$", r"5\% \#1 \$x\$"), (" = 0", " = 0"), ("a\x00b", "ab"), (Tex("$x$"), "$x$")],
)
def test_escaping(given: str, printed: str) -> None:
    assert escape_latex(given) == printed


def test_symbols_that_print_alike_are_refused() -> None:
    twice = replace(
        fixtures.CHAIN, parameters=(*fixtures.CHAIN.parameters, Parameter(Symbol("a2", real=True), "copy", latex="a"))
    )
    with pytest.raises(StatementError, match="print alike"):
        latex_document(twice, ())


def test_every_kind_has_its_macro() -> None:
    import derive.coalition.steps
    import derive.repeated.steps  # noqa: F401

    folder = ROOT / "templates"
    defined = {
        name
        for template in MACROS
        if (folder / template).is_file()
        for name in re.findall(r"\(\(\* macro (\w+)\(", (folder / template).read_text())
    }
    kinds = [kind for kind in steps.kinds() if kind.__module__.startswith("derive.")]
    assert kinds
    assert [macro_name(kind) for kind in kinds if macro_name(kind) not in defined] == []


def test_every_certificate_has_its_text() -> None:
    def below(kind: type[Certificate]) -> list[type[Certificate]]:
        return [found for child in kind.__subclasses__() for found in (child, *below(child))]

    plain = certificate_text.dispatch(Certificate)
    own = [kind for kind in below(Certificate) if kind.__module__.startswith("derive.")]
    assert own
    assert [kind.__name__ for kind in own if certificate_text.dispatch(kind) is plain] == []


def test_the_fixture_has_every_basic_kind() -> None:
    basic = {
        kind
        for kind in steps.kinds()
        if kind.__module__ in {"derive.steps", "derive.cases", "derive.members", "derive.inverse"}
    }
    assert {type(step) for step in fixtures.every_kind().argument[0].proof} == basic


def test_lines_are_broken_between_terms_and_lose_none() -> None:
    symbols = [Symbol(f"x_{place}", real=True) for place in range(60)]
    long = Add(*[symbol**2 * (place + 2) for place, symbol in enumerate(symbols)])
    shown = Setter(Shape(Names())).display("y", long)
    assert len(shown.lines) > 3
    assert all(width(line.replace("&", "")) < BUDGET + 3 for line in shown.lines)
    joined = " ".join(line.replace("&", "").replace(r"\qquad", "") for line in shown.lines)
    assert all(f"{place + 2} x_{{{place}}}^2" in joined or f"{place + 2} x_{place}^2" in joined for place in range(60))


def test_a_product_on_several_lines_has_one_fraction_on_each() -> None:
    above, below = ([Symbol(f"{letter}_{place}", real=True) for place in range(9)] for letter in "xy")
    long = Mul(*above, *(1 / one for one in below), *((one / two) ** one for one, two in pairwise(above)))
    shown = Setter(Shape(Names())).display("y", long)
    assert len(shown.lines) > 1
    assert not any(re.search(r"\\frac\{[^{}]*(\{[^{}]*\}[^{}]*)*\\frac", line) for line in shown.lines)


def test_long_factors_are_named_once_and_recalled() -> None:
    symbols = [Symbol(f"x_{place}", real=True) for place in range(30)]
    total = Add(*[symbol**2 for symbol in symbols])
    setter = Setter(Shape(Names()))
    first = setter.display("y", 1 / total)
    second = setter.display("u", 3 / total)
    assert first.lines == (r"y = \frac{1}{\Lambda_1}",)
    assert len(first.where) == 1
    assert first.where[0].lines[0].startswith(r"\Lambda_1 &= ")
    assert second.where == ()
    assert first.where[0].label in second.recalled


def test_names_of_factors_avoid_the_statements_letters() -> None:
    symbols = [Symbol(f"x_{place}", real=True) for place in range(30)]
    setter = Setter(Shape(Names.of([("Lambda", "")])))
    assert setter.display("y", 1 / Add(*symbols)).lines == (r"y = \frac{1}{\Phi_1}",)


def test_a_proposition_without_cases_still_prints() -> None:
    one = Proposition("x", "corollary", "A remark", "Nothing follows.", (), ())
    text = latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (), (), (one,)),))
    assert r"\begin{corollary}[A remark]" in text
    assert r"\begin{proof}" not in text


def test_a_result_told_twice_is_told_once() -> None:
    one = Proposition("x", "lemma", "Twice", "Here", (Case((), ((fixtures.p, fixtures.a),)),), ())
    solutions = tuple(Solution("chain", key, "", (), (), (replace(one, label=key),)) for key in ("two", "one"))
    assert latex_fragment(fixtures.CHAIN, solutions).count("[Twice]") == 1


@pytest.mark.parametrize("seed", ["0", "77"])
def test_bytes_do_not_depend_on_the_hash_seed(seed: str) -> None:
    code = (
        "from tests.latex import fixtures as f; from derive.views.latex import latex_document as d; import hashlib;"
        "parts = (d(f.CHAIN, f.chain_solutions()), d(f.NEWSVENDOR, f.newsvendor_solutions()), d(f.CHAIN, (f.every_kind(),)));"
        "print(hashlib.sha256(''.join(parts).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    import hashlib

    here = "".join(_document(key) for key in ("chain", "newsvendor", "kinds"))
    assert told.strip() == hashlib.sha256(here.encode()).hexdigest()


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "templates").glob("*.tex.j2")), ids=lambda path: path.name)
def test_words_chosen_inside_an_expression_are_plain(path: Path) -> None:
    """What an expression of a template yields is escaped, so a literal in it must not be LaTeX."""
    expressions = re.findall(r"\(\(\((.*?)\)\)\)", path.read_text(encoding="utf-8"), re.DOTALL)
    literals = [literal for one in expressions for literal in re.findall(r'"([^"]*)"', one)]
    assert not [literal for literal in literals if re.search(r"[\\${}_^&%#~]", literal)]
