"""Generated evaluators against ``sympy.lambdify``: nanoseconds per point on a million points, and per call on one point.

``python -m benchmarks.evaluators`` prints medians of several runs and the ratios. Both sides compute the same outputs from the
same formulas; the generated functions check their domain and label regimes besides, which lambdify does not do.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import sympy
from sympy import Rational

from derive.ir import Parameter, symbols
from derive.solution import Regime, Solution
from derive.views.python import python_module


class _Statement:
    """The part of a statement that an evaluator looks at."""

    def __init__(self, key: str, names: str, assumptions: tuple[sympy.Basic, ...]) -> None:
        self.key, self.title, self.source = key, key, ""
        self.parameters = tuple(Parameter(symbol, "") for symbol in symbols(names))
        self.assumptions = assumptions


_Case = tuple[_Statement, tuple[Solution, ...], dict[str, tuple[float, float]]]


def _power_law() -> _Case:
    """Five parameters, eighteen outputs in three protocols, three powers: consignment, iso-elastic demand, ``U[0, 2]``."""
    a, b, gamma, c, alpha = symbols("a b gamma c alpha")
    z, r, p, q, retailer, supplier, chain = symbols("z r p q Pi_R Pi_S Pi")
    n = b - gamma
    apart = (
        (z, 4 / (b + 1)),
        (r, (n * (1 - 2 * alpha) * (b - 1) + b * alpha) / (n * (b - b * alpha - 1 + 2 * alpha))),
        (p, n * c / (n - 1) * (b + 2 * alpha - b * alpha - 1) / (b - 1) * (b + 1) / b),
        (q, a * p**-n * z),
        (retailer, 2 * a * c * (b + 2 * alpha - b * alpha - 1) / ((n - 1) * (b - 1)) * p**-n * z),
        (supplier, 2 * a * c * alpha / (b - 1) * p**-n * z),
        (chain, 2 * a * c * (b + alpha - gamma * alpha - 1) / ((n - 1) * (b - 1)) * p**-n * z),
    )
    joint = (
        (z, 4 / (n + 1)),
        (r, ((n - 1) * (1 - 2 * alpha) + alpha) / ((n - 1) * (1 - alpha) + alpha)),
        (p, c * n * (n * (1 - alpha) - (1 - 2 * alpha)) / (n - 1) ** 2 * (n + 1) / n),
        (q, 2 * a * p**-n * z),
        (retailer, 2 * a * c * p**-n * z * ((1 - alpha) * n - (1 - 2 * alpha)) / (n - 1) ** 2),
        (supplier, 2 * a * c * alpha / (n - 1) * p**-n * z),
        (chain, 2 * a * c * p**-n * z * (n - (1 - alpha)) / (n - 1) ** 2),
    )
    central = (
        (z, 4 / (n + 1)),
        (p, n / (n - 1) * c * (1 - alpha) * (n + 1) / n),
        (q, 2 * a * p**-n * z),
        (chain, 2 * a * c * (1 - alpha) / (n - 1) * p**-n * z),
    )
    domain = (a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 0, alpha < Rational(1, 2))
    ranges = {"a": (1.0, 20.0), "b": (4.0, 6.0), "gamma": (0.0, 2.8), "c": (1.0, 3.0), "alpha": (0.1, 0.45)}
    solutions = tuple(_solved(key, values) for key, values in (("TDC", apart), ("PDC", joint), ("C", central)))
    return _Statement("power_law", "a b gamma c alpha", domain), solutions, ranges


def _solved(key: str, values: tuple[tuple[sympy.Symbol, sympy.Expr], ...]) -> Solution:
    return Solution("", key, "", (), (Regime("interior", (), values),), ())


def _rational() -> _Case:
    """Nine parameters, six outputs, no power: hidden service under a linear contract with CARA."""
    names = "k eta rho p_d p_r w v_0 sigma_d sigma_r"
    k, eta, rho, p_d, p_r, w, v_0, sigma_d, sigma_r = symbols(names)
    alpha, beta, s_d, s_r, principal, agent = symbols("alpha beta s_d s_r Pi_m Pi_r")
    gain = k**2 * (p_d**2 + w**2)
    share = gain - eta * rho * sigma_r**2 * w * (p_r - w)
    income = p_r - w + beta * w
    loss = rho / 2 * (beta**2 * p_d**2 * sigma_d**2 + income**2 * sigma_r**2)
    values = (
        (beta, share / (gain + eta * rho * (sigma_d**2 * p_d**2 + sigma_r**2 * w**2))),
        (s_d, beta * k * p_d / eta),
        (s_r, k * income / eta),
        (alpha, v_0 - k**2 / (2 * eta) * (beta**2 * p_d**2 + income**2) + loss),
        (principal, (1 - beta) * k * p_d * s_d + (1 - beta) * k * w * s_r - alpha),
        (agent, v_0),
    )
    domain = (k > 0, eta > 0, rho > 0, p_d > 0, w > 0, p_r > w, sigma_d > 0, sigma_r > 0)
    ranges = dict.fromkeys(names.split(), (0.5, 1.5)) | {"p_r": (1.6, 2.0), "w": (0.1, 0.5), "k": (2.0, 3.0)}
    return _Statement("rational", names, domain), (_solved("asymmetric", values),), ranges


def _load(source: str) -> Any:
    module = ModuleType("generated_evaluator")
    exec(compile(source, "generated_evaluator.py", "exec"), module.__dict__)
    return module


def _closed(solutions: tuple[Solution, ...]) -> list[sympy.Expr]:
    """Every value of every solution in parameters alone."""
    closed: list[sympy.Expr] = []
    for solution in solutions:
        found: dict[sympy.Basic, sympy.Expr] = {}
        for symbol, expr in solution.regimes[0].values:
            found[symbol] = expr.xreplace(found)
        closed += found.values()
    return closed


def _all(functions: tuple[Callable[..., object], ...], arguments: dict[str, Any]) -> Callable[[], object]:
    return lambda: [function(**arguments) for function in functions]


def _median(call: Callable[[], object], runs: int, repeat: int = 1) -> float:
    call()
    times = []
    for _ in range(runs):
        start = time.process_time()
        for _ in range(repeat):
            call()
        times.append((time.process_time() - start) / repeat)
    return statistics.median(times)


def main(arguments: list[str] | None = None) -> None:
    """Prints the table. Raises AssertionError if the two sides disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10**6)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    print(f"{'model':<10} {'written in':>10} {'':<18} {'array':>12} {'ratio':>6} {'scalar':>12} {'ratio':>6}")
    for statement, solutions, ranges in (_power_law(), _rational()):
        start = time.process_time()
        source = python_module(statement, solutions)
        written = time.process_time() - start
        functions = tuple(_load(source).PROTOCOLS.values())
        rng = np.random.default_rng(1)
        arrays = {name: rng.uniform(low, high, options.points) for name, (low, high) in ranges.items()}
        point = {sys.intern(name): float(column[0]) for name, column in arrays.items()}
        signature, outputs = [item.symbol for item in statement.parameters], _closed(solutions)
        plain, shared = (sympy.lambdify(signature, outputs, "numpy", cse=cse) for cse in (False, True))
        on_floats = sympy.lambdify(signature, outputs, "math", cse=True)
        columns = [arrays[symbol.name] for symbol in signature]
        numbers = [point[symbol.name] for symbol in signature]
        ours = [column for function in functions for column in function(**arrays)[:-1]]
        for mine, theirs in zip(ours, plain(*columns), strict=True):
            assert np.allclose(mine, theirs, rtol=1e-10), "the generated functions and lambdify disagree"
        rows = [
            ("generated", _all(functions, arrays), _all(functions, point)),
            ("lambdify", lambda f=plain, x=columns: f(*x), lambda f=plain, x=numbers: f(*x)),
            ("lambdify cse", lambda f=shared, x=columns: f(*x), lambda f=shared, x=numbers: f(*x)),
            ("lambdify math cse", None, lambda f=on_floats, x=numbers: f(*x)),
        ]
        base: tuple[float, float] | None = None
        for label, many, one in rows:
            array = _median(many, options.runs) / options.points * 1e9 if many else float("nan")
            scalar = _median(one, options.runs, 2000) * 1e6
            base = base or (array, scalar)
            first = f"{statement.key:<10} {written * 1e3:>7.0f} ms" if label == "generated" else " " * 21
            left = f"{array:>9.1f} ns {array / base[0]:>6.1f}" if many else " " * 19
            print(f"{first} {label:<18} {left} {scalar:>9.2f} us {scalar / base[1]:>6.1f}")


if __name__ == "__main__":
    main()
