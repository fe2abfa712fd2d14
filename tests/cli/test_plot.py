"""Figures: curves by the evaluator, regimes where they change, and clear errors for names that are not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.cli import main

ROOT = Path(__file__).resolve().parents[2]
CAPACITY = str(ROOT / "docs/examples/capacity.py")  # q = a/2 up to the capacity K, and K beyond


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with an empty cache, filled by the first figure."""
    root = tmp_path_factory.mktemp("figures")
    (root / "models").mkdir()
    return root


def drawn(root: Path, *arguments: str) -> str:
    assert main(["plot", CAPACITY, "--root", str(root), *arguments]) == 0
    return (root / f"build/plot/capacity-{arguments[0]}-{arguments[1]}.tex").read_text("utf-8")


def curves(text: str, panel: int = 0) -> list[list[tuple[float, float]]]:
    part = text.split(r"\nextgroupplot")[panel + 1]
    runs = re.findall(r"\\addplot\S* ?.*?coordinates \{(.*)\};", part)
    return [[(float(x), float(y)) for x, y in re.findall(r"\(([^,]+),([^)]+)\)", run)] for run in runs]


def test_a_curve_follows_the_formula_in_every_regime(project: Path) -> None:
    below, beyond = curves(drawn(project, "monopoly", "a", "--at", "K=2", "--of", "q"))
    assert all(y == pytest.approx(x / 2, rel=1e-6) for x, y in below)
    assert all(y == pytest.approx(2) for _, y in beyond)


def test_the_regime_changes_where_the_theory_says(project: Path) -> None:
    text = drawn(project, "monopoly", "a", "--at", "K=3/2")
    below, beyond = curves(text)
    assert below[-1][0] == pytest.approx(3, abs=1e-6)
    assert beyond[0][0] == pytest.approx(3, abs=1e-6)
    assert "$K = 1.5$" in text


def test_a_range_that_is_asked_for_is_drawn(project: Path) -> None:
    (run,) = curves(drawn(project, "monopoly", "a", "--at", "K=2", "--of", "q", "--from", "1", "--to", "7/2"))
    assert (run[0][0], run[-1][0]) == (1.0, 3.5)


def test_parameters_left_open_get_admissible_values_that_the_figure_names(project: Path) -> None:
    assert re.search(r"\$K = \d", drawn(project, "monopoly", "a"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("duopoly", "a"), "there is no protocol 'duopoly'; there are monopoly"),
        (("monopoly", "b"), "there is no parameter of monopoly 'b'; there are a, K"),
        (("monopoly", "a", "--at", "k=2"), "there is no parameter of monopoly 'k'"),
        (("monopoly", "a", "--of", "p"), "there is no quantity 'p'"),
        (("monopoly", "a", "--at", "K=-1"), "no admissible values of the parameters were found with K = -1"),
        (("monopoly", "a", "--from", "3", "--to", "2"), "the range of a is empty: from 3 to 2"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    project: Path, arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", CAPACITY, "--root", str(project), *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_the_same_figure_has_the_same_bytes(project: Path) -> None:
    assert drawn(project, "monopoly", "K") == drawn(project, "monopoly", "K")
