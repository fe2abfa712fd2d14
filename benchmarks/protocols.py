"""``python -m benchmarks.protocols [KEY ...]``: the committed evaluators of ``generated/`` against ``sympy.lambdify``.

Both compute the same quantities of a protocol at the same points, which lie in all its regimes; lambdify chooses among them by a
Piecewise. Times are CPU times, the least of a few runs.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import timeit
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy
from sympy import And, Expr, Piecewise, Symbol

from derive import pipeline
from derive.check.sample import sample
from derive.ir import Model
from derive.solution import Regime, Solution
from derive.system import catalogue, load

SIZE, CALLS, RUNS, POINTS = 10**6, 2000, 5, 20
RATIO, MICROSECONDS = 0.20, 3.0


def main() -> None:
    """Measure every protocol that has a function in ``generated/``, and print the worst beside the targets."""
    keys = sys.argv[1:] or [e.key for e in catalogue.entries(catalogue.home()) if not e.in_gallery]
    ratios, scalars = [], []
    for key in keys:
        statement = load.statements(catalogue.find(catalogue.home(), key))[0]
        if not isinstance(statement, Model):
            continue
        module = importlib.import_module(f"derive.generated.{key}.evaluator")
        for solution in pipeline.derive_statement(statement):
            name = "_".join(part.lower() for part in (solution.protocol, solution.instance) if part)
            function = module.PROTOCOLS.get(name)
            points = _points(solution) if function is not None else []
            if not points:
                continue
            ours, theirs, scalar = _measured(solution, function, points)
            scalars.append(scalar)
            against = "lambdify knows no implicit quantities"
            if theirs is not None:
                ratios.append(ours / theirs)
                against = f"lambdify {theirs * 1e3:5.0f} ms, ratio {ours / theirs:.2f}"
            print(f"{key + '.' + name:<28} 10^6 points {ours * 1e3:5.0f} ms ({against}); scalar call {scalar * 1e6:5.2f} us")
    if ratios:
        print(f"10^6 points, worst ratio    {max(ratios):6.2f}     (target {RATIO})")
    if scalars:
        print(f"scalar call, slowest        {max(scalars) * 1e6:6.2f} us  (target {MICROSECONDS:g})")


def _points(solution: Solution) -> list[Mapping[Symbol, Any]]:
    """Some admissible points of every regime, with values for all symbols that the assumptions or the values speak of."""
    return [
        point
        for regime in solution.regimes
        if not _spoken(regime.region) & {item.symbol for item in regime.implicit}
        for point in sample((*solution.assumptions, *regime.region), _parameters(solution), random.Random(1), POINTS)
    ]


def _spoken(parts: Any) -> set[Symbol]:
    return {symbol for part in parts for symbol in part.free_symbols}


def _parameters(solution: Solution) -> list[Symbol]:
    values = {symbol for regime in solution.regimes for symbol, _ in regime.values}
    values |= {item.symbol for regime in solution.regimes for item in regime.implicit}
    spoken = _spoken(solution.assumptions)
    for regime in solution.regimes:
        spoken |= _spoken(regime.region) | _spoken(value for _, value in regime.values)
        spoken |= _spoken(item.equation for item in regime.implicit)
    return sorted(spoken - values, key=str)


def _measured(solution: Solution, function: Callable[..., Any], points: list[Mapping[Symbol, Any]]) -> tuple[float, Any, float]:
    """Seconds for the points as arrays, by the generated function and by lambdify (None: it cannot), and for one call."""
    symbols = _parameters(solution)
    rows = {symbol: np.resize([float(point[symbol]) for point in points], SIZE) for symbol in symbols}
    wanted = function.__kwdefaults__.keys() | set(function.__annotations__)
    # interned, as names of arguments are that stand in a program
    arrays = {sys.intern(symbol.name): row for symbol, row in rows.items() if symbol.name in wanted}
    one = {name: float(row[0]) for name, row in arrays.items()}
    ours, scalar = _least(lambda: function(**arrays), 1), _least(lambda: function(**one), CALLS)
    if any(regime.implicit for regime in solution.regimes):
        return ours, None, scalar
    plain = sympy.lambdify(symbols, _by_cases(solution), "numpy")
    return ours, _least(lambda: plain(*rows.values()), 1), scalar


def _by_cases(solution: Solution) -> list[Expr]:
    """Every value in parameters alone, one Piecewise over the regimes."""
    closed = [_closed(regime) for regime in solution.regimes]
    names = [symbol for symbol in closed[0] if all(symbol in values for values in closed)]
    if len(closed) == 1:
        return [closed[0][symbol] for symbol in names]
    regions = [And(*regime.region) for regime in solution.regimes]
    return [
        Piecewise(*((values[symbol], region) for values, region in zip(closed, regions, strict=True)), evaluate=False)
        for symbol in names
    ]


def _closed(regime: Regime) -> dict[Symbol, Expr]:
    found: dict[Symbol, Expr] = {}
    for symbol, value in regime.values:
        found[symbol] = value.xreplace(found)
    return found


def _least(call: Callable[[], object], number: int) -> float:
    return min(timeit.repeat(call, number=number, repeat=RUNS, timer=time.process_time)) / number


if __name__ == "__main__":
    main()
