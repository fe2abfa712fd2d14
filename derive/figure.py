"""A protocol's values as one parameter moves: curves, and where the regime changes. Computed by the generated evaluator alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np

from derive.errors import StatementError

POINTS = 241
SIMPLE = (1.0, 2.0, 0.5, 3.0, 4.0, 0.25, 5.0, 10.0, 0.1, 20.0, 50.0, 100.0)
TRIALS = 40_000
NARROWINGS = 50
REACH = 4.0  # how many times the value found admissible a curve goes on where nobody says how far
MARGIN = 0.02  # of the admissible stretch, left out at each end: values often grow without bound there

Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Curve:
    """One quantity along the parameter: runs of points (x, y) without a hole, a new run in every regime."""

    name: str
    unit: str
    runs: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Stretch:
    """Where one regime holds: ``low <= x <= high``."""

    label: str
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """Curves of one protocol over one parameter, the other parameters fixed."""

    protocol: str
    parameter: str
    meaning: str
    fixed: tuple[tuple[str, float], ...]
    stretches: tuple[Stretch, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Request:
    """What is to be drawn. Parameters that nobody fixes get simple admissible values, an open end the admissible range."""

    protocol: str
    parameter: str
    fixed: Mapping[str, float]
    quantities: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def figure(evaluator: ModuleType, request: Request) -> Figure:
    """The curves that `request` asks for. Raises StatementError for unknown names and where no value is admissible."""
    function = _known(request.protocol, evaluator.PROTOCOLS, "protocol")
    used = tuple(name for name in evaluator.PARAMETERS if name in function.__annotations__)
    for name in (request.parameter, *request.fixed):
        _known(name, dict.fromkeys(used), f"parameter of {request.protocol}")
    _not_empty(request.parameter, request.low, request.high)
    point = _admissible(function, used, request)
    x = _range(function, point, request)
    found = function(**{**point, request.parameter: x}, on_invalid="nan")
    offered = [field for field in found._fields if field != "regime"]
    chosen = request.quantities or tuple(field for field in offered if _moves(getattr(found, field)))
    for name in chosen:
        _known(name, dict.fromkeys(offered), "quantity")
    stretches = _stretches(function, point, request.parameter, x, np.asarray(found.regime), found.REGIMES)
    if not stretches:
        raise StatementError(
            f"no value of {request.parameter} between {x[0]:g} and {x[-1]:g} is admissible with the others fixed"
        )
    curves = _curves(function, point, request.parameter, stretches, chosen, evaluator.UNITS)
    fixed = tuple((name, point[name]) for name in used if name != request.parameter)
    return Figure(request.protocol, request.parameter, evaluator.PARAMETERS[request.parameter], fixed, stretches, curves)


def _known(name: str, known: Mapping[str, Any], what: str) -> Any:
    if name not in known:
        raise StatementError(f"there is no {what} {name!r}; there are {', '.join(known)}")
    return known[name]


def _not_empty(parameter: str, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and not low < high:
        raise StatementError(f"the range of {parameter} is empty: from {low:g} to {high:g}")


def _admissible(function: Any, names: Sequence[str], request: Request) -> dict[str, float]:
    """A point of the domain that agrees with what is fixed, of simple numbers; the first of a fixed sequence of trials."""
    rng = np.random.default_rng(0)
    simple = np.array(SIMPLE)
    draws: tuple[Callable[[], Values], ...] = (
        lambda: simple[np.minimum(rng.geometric(0.3, TRIALS) - 1, len(SIMPLE) - 1)],
        lambda: np.round(rng.uniform(0, 1, TRIALS), 2) * rng.choice((1.0, 10.0), TRIALS),
    )
    ends = (request.low, request.high)
    for draw in draws:
        columns = {name: np.full(TRIALS, request.fixed[name]) if name in request.fixed else draw() for name in names}
        if ends[0] is not None and ends[1] is not None:
            columns[request.parameter] = rng.uniform(ends[0], ends[1], TRIALS)
        inside = np.flatnonzero(np.asarray(function(**columns, on_invalid="nan").regime) >= 0)
        if len(inside):
            return {name: float(column[inside[0]]) for name, column in columns.items()}
    told = ", ".join(f"{name} = {value:g}" for name, value in request.fixed.items())
    raise StatementError(
        f"no admissible values of the parameters were found{f' with {told}' if told else ''}; fix more of them with --at NAME=VALUE"
    )


def _range(function: Any, point: Mapping[str, float], request: Request) -> Values:
    """Where to draw: as asked, and otherwise the admissible stretch around the point."""
    here = point[request.parameter]
    low = request.low if request.low is not None else min(0.0, REACH * here)
    high = request.high if request.high is not None else max(REACH * here, 1.0)
    _not_empty(request.parameter, low, high)
    if request.low is not None and request.high is not None:
        return np.linspace(low, high, POINTS)
    x = np.linspace(low, high, 8 * POINTS)
    inside = np.asarray(function(**{**point, request.parameter: x}, on_invalid="nan").regime) >= 0
    middle = int(np.abs(x - here).argmin())
    holes = np.flatnonzero(~inside)
    first = holes[holes < middle].max() + 1 if (holes < middle).any() else 0
    last = holes[holes > middle].min() - 1 if (holes > middle).any() else len(x) - 1
    margin = MARGIN * (x[last] - x[first])
    start = low if request.low is not None else x[first] + (margin if first else 0.0)
    end = high if request.high is not None else x[last] - (margin if last < len(x) - 1 else 0.0)
    return np.linspace(start, end, POINTS)


def _moves(values: Values) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and float(np.ptp(known)) > 1e-12 * float(np.abs(known).max())


def _stretches(
    function: Any, point: Mapping[str, float], parameter: str, x: Values, regime: Values, labels: Sequence[str]
) -> tuple[Stretch, ...]:
    """The runs of one regime, their ends found by bisection; what is outside the domain or left out is no stretch."""
    cuts = [0, *(int(k) + 1 for k in np.flatnonzero(np.diff(regime))), len(x)]
    found = []
    for start, end in pairwise(cuts):
        number = regime[start]
        if number < 0:
            continue
        low = x[0] if start == 0 else _edge(function, point, parameter, x[start], x[start - 1], labels[int(number)])
        high = x[-1] if end == len(x) else _edge(function, point, parameter, x[end - 1], x[end], labels[int(number)])
        found.append(Stretch(labels[int(number)], float(low), float(high)))
    return tuple(found)


def _edge(function: Any, point: Mapping[str, float], parameter: str, inside: float, outside: float, label: str) -> float:
    """The last value on the way from `inside` to `outside` at which the regime is `label`."""
    for _ in range(NARROWINGS):
        middle = 0.5 * (inside + outside)
        here = function(**{**point, parameter: float(middle)}, on_invalid="nan").regime
        inside, outside = (middle, outside) if here == label else (inside, middle)
    return float(inside)


def _curves(
    function: Any,
    point: Mapping[str, float],
    parameter: str,
    stretches: Sequence[Stretch],
    chosen: Sequence[str],
    units: Mapping[str, str],
) -> tuple[Curve, ...]:
    whole = stretches[-1].high - stretches[0].low
    runs: dict[str, list[tuple[tuple[float, float], ...]]] = {name: [] for name in chosen}
    for stretch in stretches:
        share = (stretch.high - stretch.low) / whole if whole else 1.0
        x = np.linspace(stretch.low, stretch.high, max(2, round(POINTS * share)))
        found = function(**{**point, parameter: x}, on_invalid="nan")
        for name in chosen:
            y = np.broadcast_to(getattr(found, name), x.shape)
            known = np.isfinite(y)
            runs[name].append(tuple(zip(x[known].tolist(), y[known].tolist(), strict=True)))
    return tuple(Curve(name, units.get(name, ""), tuple(run for run in runs[name] if run)) for name in chosen)
