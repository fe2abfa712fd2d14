"""Slopes of equations on the graph of operations, against derivatives by differences with sixty digits."""

from __future__ import annotations

import math

import mpmath
import pytest
import sympy

from derive.views.python.emit import assignments, iterated
from derive.views.python.graph import Graph, Unsupported
from derive.views.python.slope import slope

X, A, B = sympy.symbols("x a b", real=True)
AT = {X: 0.37, A: 1.9, B: 0.45}

FORMULAS = (
    "x", "a", "3*x - a", "a - x", "-(x + a)*b", "x**3 - b*x + a", "(x + a)/(b - 2*x)", "1/(x*a)", "a*x*(x - b)*exp(x)",
    "x**a", "a**x", "x**x", "(x + b)**(a - 2*x)", "sqrt(x*a + 1)", "x**Rational(3, 2)", "x**-Rational(1, 3)", "x**9",
    "exp(-x/a)", "1 - exp(-a*x)", "x*exp(-x/a)/(1 - exp(-x/a)) - b", "log(x/a)", "log(1 + a*x)", "(1 - x)*log(b*x)",
    "cos(a*x)", "sin(x)/x", "acos(x)", "asin(x*b)", "atan(a*x)", "erf(a*x)", "erfc(x - a)", "LambertW(a*x)",
    "LambertW(-x/5, -1)", "LambertW(exp(a - x/b))", "exp(LambertW(x)) - erf(exp(-x))",
)  # fmt: skip


def graph_of(expression: sympy.Expr) -> tuple[Graph, int, int]:
    graph = Graph({X: "x", A: "a", B: "b"})
    return graph, graph.expression(expression), graph.expression(X)


def evaluated(lines: list[str], given: dict[str, float]) -> dict[str, float]:
    def lambertw(x: float) -> float:
        return float(mpmath.lambertw(x).real)

    def lambertw1(x: float) -> float:
        return float(mpmath.lambertw(x, -1).real)

    def omega(z: float) -> float:
        return float(mpmath.lambertw(mpmath.exp(z)).real)

    own = {"_lambertw_scalar": lambertw, "_lambertw1_scalar": lambertw1, "_omega_scalar": omega}
    space = {"math": math, **own, **given}
    exec("\n".join(lines), space)
    return space


@pytest.mark.parametrize("text", FORMULAS)
def test_slope_agrees_with_differences(text: str) -> None:
    expression = sympy.sympify(text, {"x": X, "a": A, "b": B})
    graph, value, variable = graph_of(expression)
    lines = assignments(graph, [("value", value), ("slope", slope(graph, value, variable))], "t", arrays=False)
    found = evaluated(lines, {symbol.name: number for symbol, number in AT.items()})
    with mpmath.workdps(60):
        exact = sympy.lambdify((X, A, B), expression, "mpmath")
        truth = mpmath.diff(lambda x: exact(x, mpmath.mpf(AT[A]), mpmath.mpf(AT[B])), mpmath.mpf(AT[X]))
        assert abs(found["slope"] - truth.real) <= 1e-13 * max(1, abs(truth))


@pytest.mark.parametrize("text", ["Abs(x)", "Max(x, a)", "a + Min(x, 1)*b"])
def test_what_has_a_kink_has_no_slope(text: str) -> None:
    graph, value, variable = graph_of(sympy.sympify(text, {"x": X, "a": A, "b": B}))
    with pytest.raises(Unsupported):
        slope(graph, value, variable)


def test_a_loop_computes_outside_what_does_not_change_inside() -> None:
    graph, value, variable = graph_of((A - 1) / B * sympy.exp(-X / A) - A * B)
    targets = [("value", value), ("slope", slope(graph, value, variable))]
    before, inside = iterated(graph, targets, "t", "x")
    assert [line for line in before if " x" in line] == []
    assert sum(line.count("math.exp") for line in inside) == 1
    assert not [line for line in inside if "a - 1.0" in line or "a*b" in line]
    at = {symbol.name: number for symbol, number in AT.items()}
    together = evaluated(assignments(graph, targets, "t", arrays=False), at)
    apart = evaluated(before + inside, at)
    assert (apart["value"], apart["slope"]) == (together["value"], together["slope"])
