"""A figure as a LaTeX document: one panel for every quantity, drawn by pgfplots, that can be pasted into a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isclose

from derive.figure import Curve, Figure
from derive.render import Tex, render_latex
from derive.views.latex.names import symbol_tex

COLUMNS = 2


@dataclass(frozen=True)
class Panel:
    """One quantity: its name, and runs of coordinates."""

    name: Tex
    runs: tuple[Tex, ...]


@dataclass(frozen=True)
class Label:
    """The name of a regime at the foot of the stretch on which it holds."""

    text: str
    at: Tex


@dataclass(frozen=True)
class Drawing:
    """What the template needs."""

    columns: int
    rows: int
    low: Tex
    high: Tex
    parameter: Tex
    panels: tuple[Panel, ...]
    changes: tuple[Tex, ...]
    labels: tuple[Label, ...]
    caption: Tex


def figure_latex(figure: Figure) -> str:
    """A standalone document; deterministic."""
    panels = tuple(Panel(_named(alike), tuple(_coordinates(run) for run in alike[0].runs)) for alike in _alike(figure.curves))
    columns = min(COLUMNS, len(panels))
    several = len(figure.stretches) > 1
    return render_latex(
        "figure.tex.j2",
        Drawing(
            columns=columns,
            rows=ceil(len(panels) / columns),
            low=_number(figure.stretches[0].low),
            high=_number(figure.stretches[-1].high),
            parameter=Tex(f"${symbol_tex(figure.parameter)}$"),
            panels=panels,
            changes=tuple(_number(stretch.low) for stretch in figure.stretches[1:]),
            labels=tuple(Label(s.label, _number((s.low + s.high) / 2)) for s in figure.stretches) if several else (),
            caption=_caption(figure),
        ),
    )


def _alike(curves: Sequence[Curve]) -> list[list[Curve]]:
    """Quantities that are the same everywhere, as those of symmetric players, share a panel."""
    groups: list[list[Curve]] = []
    for curve in curves:
        same = next((group for group in groups if _coincide(group[0], curve)), None)
        if same is None:
            groups.append([curve])
        else:
            same.append(curve)
    return groups


def _coincide(first: Curve, second: Curve) -> bool:
    ours, theirs = ([y for run in curve.runs for _, y in run] for curve in (first, second))
    return len(ours) == len(theirs) and all(isclose(a, b, rel_tol=1e-9, abs_tol=0.0) for a, b in zip(ours, theirs, strict=True))


def _named(alike: Sequence[Curve]) -> Tex:
    return Tex(" = ".join(r"\text{total}" if curve.name == "total" else symbol_tex(curve.name) for curve in alike))


def _number(value: float) -> Tex:
    return Tex(f"{value:.9g}")


def _coordinates(run: tuple[tuple[float, float], ...]) -> Tex:
    return Tex(" ".join(f"({x:.9g},{y:.9g})" for x, y in run))


def _caption(figure: Figure) -> Tex:
    """What is fixed, and what the numbers in the panels are."""
    fixed = [f"${symbol_tex(name)} = {value:.6g}$" for name, value in figure.fixed]
    told = [", ".join(fixed)] if fixed else []
    if len(figure.stretches) > 1:
        told.append("the regime stands at the foot of its stretch")
    return Tex("; ".join(told))
