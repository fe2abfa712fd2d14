"""The guide and the README show code that runs: every block of Python in them is part of a file that the tests derive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.cli import main, parser
from derive.system.scaffold import scaffold

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GUIDES = [page for page in PAGES if page.name != "gallery.md"]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def flat(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_code_shown_is_code_that_runs(page: Path, tmp_path: Path) -> None:
    files = [path.read_text("utf-8") for path in sorted((ROOT / "docs/examples").glob("*.py"))]
    files.append(scaffold(tmp_path, "chain").read_text("utf-8"))
    sources = [flat(text) for text in files]
    shown = blocks(page, "python")
    assert shown
    for block in shown:
        assert any(flat(block) in source for source in sources), block


def test_the_readme_shows_one_model_file_whole(tmp_path: Path) -> None:
    assert scaffold(tmp_path, "chain").read_text("utf-8") in blocks(ROOT / "README.md", "python")


def test_the_readme_shows_what_the_command_line_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer, _, complaint = blocks(ROOT / "README.md", "text")
    path = scaffold(tmp_path, "chain")
    assert main(["show", "chain", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == answer
    path.write_text(path.read_text("utf-8").replace("(w - c)", "(w - 0.5 * c)"), "utf-8")
    assert main(["show", "chain", "--root", str(tmp_path)]) == 2
    assert complaint in capsys.readouterr().err


def test_the_tutorial_shows_what_the_command_line_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    complaint, answer, corrected = blocks(ROOT / "README.md", "console")
    source = (ROOT / "docs/examples/advertising.py").read_text("utf-8")
    path = tmp_path / "models/advertising/model.py"
    path.parent.mkdir(parents=True)
    path.write_text(source.replace('        Parameter(g, "sales per unit of advertising"),\n', ""), "utf-8")
    assert main(["show", "advertising", "--root", str(tmp_path)]) == 2
    assert complaint in capsys.readouterr().err
    path.write_text(source, "utf-8")
    assert main(["show", "advertising", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == answer
    assert main(["audit", "advertising", "--root", str(tmp_path)]) == 0
    assert corrected.strip() in capsys.readouterr().out


def test_the_readme_shows_entries_of_the_audit_as_they_stand() -> None:
    (shown,) = blocks(ROOT / "README.md", "markdown")
    audit = (ROOT / "generated/consignment/audit.md").read_text("utf-8")
    entries = re.split(r"^(?=### )", shown, flags=re.MULTILINE)[1:]
    assert {entry.split(": ")[1].splitlines()[0] for entry in entries} == {"proved", "holds iff", "refuted"}
    for entry in entries:
        assert entry.strip() in audit


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_shown_are_commands(page: Path) -> None:
    lines = [line for block in blocks(page, "") for line in block.splitlines()]
    lines += re.findall(r"`(python -m derive [^`|]+)`", page.read_text("utf-8"))
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for line in lines:
        words = line.split("#")[0].split()
        if words[:3] == ["python", "-m", "derive"]:
            parser().parse_args(words[3:])
        if words[:1] == ["make"]:
            assert words[1] in targets, line
