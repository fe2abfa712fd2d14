"""What TeX complains of is found in its log, and a document with a fault is not taken for a good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import StatementError
from derive.system.typeset import available, compile_all, compile_one, faults, sources

GOOD = r"\documentclass{article}\begin{document}See (\ref{one}). \begin{equation}\label{one} x = 1 \end{equation}\end{document}"
BAD = {
    "error": (r"\documentclass{article}\begin{document}\nosuchcommand\end{document}", "Undefined control sequence"),
    "undefined reference": (r"\documentclass{article}\begin{document}\ref{none}\end{document}", "undefined"),
    "overfull box": (
        r"\documentclass{article}\begin{document}\noindent\hbox to 2\textwidth{a\hfill b}\par\end{document}",
        "Overfull",
    ),
    "label twice": (
        r"\documentclass{article}\begin{document}\section{a}\label{x}\section{b}\label{x}\end{document}",
        "multiply defined",
    ),
}
needs_tex = pytest.mark.skipif(not available(), reason="there is no pdflatex on this machine")


def test_faults_are_read_from_a_log() -> None:
    log = (
        "LaTeX Warning: Reference `a' on page 1 undefined on input line 3.\n"
        "Overfull \\hbox (3.4pt too wide) in paragraph at lines 5--6\n"
        "Underfull \\hbox (badness 10000) in paragraph at lines 5--6\n"
        "./proof.tex:7: Undefined control sequence.\n! Emergency stop.\n"
    )
    assert [text.split()[0] for text in faults(log)] == ["LaTeX", "Overfull", "./proof.tex:7:", "!"]
    assert not faults("This is pdfTeX\nOutput written on proof.pdf (2 pages).\n")


@needs_tex
def test_a_good_document_compiles_and_its_references_settle(tmp_path: Path) -> None:
    source = tmp_path / "proof.tex"
    source.write_text(GOOD, "utf-8")
    document = compile_one("good", source, tmp_path / "out")
    assert document.faults == ()
    assert document.pdf.read_bytes().startswith(b"%PDF")


@needs_tex
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_document_is_told(tmp_path: Path, kind: str) -> None:
    text, words = BAD[kind]
    source = tmp_path / "proof.tex"
    source.write_text(text, "utf-8")
    assert any(words in fault for fault in compile_one("bad", source, tmp_path / "out").faults)


@needs_tex
def test_a_document_may_not_read_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("secret", "utf-8")
    source = tmp_path / "proof.tex"
    source.write_text(rf"\documentclass{{article}}\begin{{document}}\input{{{tmp_path}/secret.tex}}\end{{document}}", "utf-8")
    assert compile_one("bad", source, tmp_path / "out").faults


@needs_tex
def test_a_document_below_another_s_folder_stays(tmp_path: Path) -> None:
    """A game that stands beside its model is compiled into a folder below the model's."""
    source = tmp_path / "proof.tex"
    source.write_text("\\documentclass{article}\\begin{document}A proof.\\end{document}\n", "utf-8")
    documents = compile_all({"chain/game": source, "chain": source}, tmp_path / "pdf", workers=1)
    assert all(document.pdf.is_file() and not document.faults for document in documents)


def _derived(generated: Path, *folders: str) -> None:
    for folder in folders:
        (generated / folder).mkdir(parents=True)
        (generated / folder / "proof.tex").write_text(GOOD, "utf-8")


def test_the_documents_of_a_model_are_its_own_and_that_of_its_game(tmp_path: Path) -> None:
    _derived(tmp_path, "chain", "chain/game", "chain_2", "auction")
    assert list(sources(tmp_path, ("chain",))) == ["chain", "chain/game"]
    assert list(sources(tmp_path, ("chain_2", "auction"))) == ["auction", "chain_2"]
    assert list(sources(tmp_path)) == ["auction", "chain", "chain/game", "chain_2"]


def test_a_model_without_a_document_is_told_how_to_get_one(tmp_path: Path) -> None:
    _derived(tmp_path, "chain")
    with pytest.raises(StatementError, match="no derivation to compile yet: `python -m derive run auction` writes it"):
        sources(tmp_path, ("chain", "auction"))
