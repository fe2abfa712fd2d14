"""Loading generated source, and the same quantities at 50 digits by another way (SymPy's mpmath printer)."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import mpmath
import sympy
from sympy import Rational

from derive.solution import Solution
from derive.views.python import python_module
from tests.evaluator import games

mpmath.mp.dps = 50


def load(source: str) -> Any:
    module = ModuleType("generated_evaluator")
    exec(compile(source, "generated_evaluator.py", "exec"), module.__dict__)
    return module


@lru_cache
def module(game: str) -> Any:
    return load(python_module(*getattr(games, game)()))


def exact(solution: Solution, point: dict[str, float], near: Any) -> dict[str, mpmath.mpf]:
    """Every value of the solution at a point (Python floats) to 50 digits; `near` has the implicit quantities roughly."""
    at = {sympy.Symbol(name, real=True): Rational(value) for name, value in point.items()}
    regime = next(item for item in solution.regimes if all(bool(relation.xreplace(at)) for relation in item.region))
    given = {symbol: mpmath.mpf(value.p) / value.q for symbol, value in at.items()}
    found: dict[sympy.Symbol, mpmath.mpf] = {}

    def number(expr: sympy.Expr) -> mpmath.mpf:
        known = {**given, **found}
        arguments = sorted(known, key=str)
        return sympy.lambdify(arguments, expr, "mpmath")(*(known[s] for s in arguments))

    for root in regime.implicit:
        known = {**given, **found}
        arguments = sorted(known, key=str)
        equation = sympy.lambdify([root.symbol, *arguments], root.equation, "mpmath")
        start = mpmath.mpf(getattr(near, root.symbol.name))
        found[root.symbol] = mpmath.findroot(lambda x, f=equation, k=known, a=arguments: f(x, *(k[s] for s in a)), start)
        low, high = number(root.low), number(root.high)
        assert low < found[root.symbol] < high
    for symbol, expr in regime.values:
        found[symbol] = mpmath.re(number(expr))
    return {symbol.name: value for symbol, value in found.items()} | {"regime": regime.name}


def relative(got: float, truth: mpmath.mpf) -> float:
    """Relative error; absolute where the truth is zero."""
    return float(abs((mpmath.mpf(got) - truth) / truth)) if truth else abs(float(got))
