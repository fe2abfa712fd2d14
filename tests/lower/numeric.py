"""Independent numbers for the tests of laws: quantile functions of scipy and means over a fine grid of probabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import scipy.stats
import sympy
from sympy import Expr, Integer, Rational, Symbol

from derive.ir import Distribution, Exponential, Normal, PowerDistribution, Uniform


def _grid(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that crowd at both ends, and their weights."""
    t = (np.arange(count) + 0.5) / count
    return t**2 * (3 - 2 * t), 6 * t * (1 - t) / count


LAWS: dict[str, tuple[Distribution, object]] = {
    "uniform": (Uniform(Integer(0), Integer(2)), scipy.stats.uniform(0, 2)),
    "shifted uniform": (Uniform(Rational(1, 2), Integer(3)), scipy.stats.uniform(0.5, 2.5)),
    "exponential": (Exponential(Rational(3, 2)), scipy.stats.expon(scale=1.5)),
    "steep power": (PowerDistribution(Integer(2), Integer(4)), scipy.stats.powerlaw(4, scale=2)),
    "flat power": (PowerDistribution(Integer(3), Rational(1, 3)), scipy.stats.powerlaw(1 / 3, scale=3)),
    "normal": (Normal(Integer(1), Rational(9, 4)), scipy.stats.norm(1, 1.5)),
}


def sample(distribution: object, count: int = 200_000) -> tuple[np.ndarray, np.ndarray]:
    """Values that stand for the law, and their weights."""
    probabilities, weights = _grid(count)
    return distribution.ppf(probabilities), weights


def at(expression: Expr, point: Mapping[Symbol, float], **arrays: np.ndarray) -> np.ndarray | float:
    """An expression at a point; keyword arguments are arrays for further symbols, by name."""
    free = [symbol for symbol in sorted(expression.free_symbols, key=str) if symbol not in point]
    fixed = expression.xreplace({symbol: sympy.Float(value, 30) for symbol, value in point.items()})
    function: Callable[..., np.ndarray] = sympy.lambdify(free, fixed, "numpy")
    return function(*[arrays[str(symbol)] for symbol in free])


def number(expression: Expr, point: Mapping[Symbol, float]) -> float:
    """An expression without random symbols at a point."""
    return float(expression.xreplace({symbol: sympy.Float(value, 30) for symbol, value in point.items()}).evalf(25))
