"""The generated source itself: what it imports, its names, its documentation, that the same bytes come out, what is refused."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sympy
from sympy import Function, Integral, Symbol

from derive.errors import StatementError
from derive.ir import Parameter, symbols
from derive.solution import Regime
from derive.views.python import python_module
from derive.views.python.conditions import condition
from derive.views.python.emit import assignments, inline
from derive.views.python.graph import Graph
from derive.views.python.verify import UnsafeSource, verify
from tests.evaluator import games
from tests.evaluator.support import load, module

ROOT = Path(__file__).resolve().parents[2]
GAMES = ("consignment", "service", "clip", "functions", "kinked", "odd", "constant", "threshold")


def run(program: str, folder: Path, **environment: str) -> str:
    """What a fresh interpreter prints; warnings are errors there too."""
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    ).stdout


def test_module_runs_without_the_engine_or_sympy(tmp_path: Path) -> None:
    (tmp_path / "evaluator.py").write_text(python_module(*games.consignment()))
    program = (
        "import sys, evaluator; evaluator.tdc_uniform(a=10, b=4, gamma=.7, c=1.625, alpha=.3);"
        "evaluator.tdc_exponential(a=10, b=[4]*99, gamma=.7, c=1.625, alpha=.3, m=1);"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'sympy', 'mpmath', 'flint', 'scipy', 'derive'}))"
    )
    assert run(program, tmp_path) == "[]\n"


def test_same_bytes_under_any_hash_seed() -> None:
    program = (
        "import hashlib; from tests.evaluator import games; from derive.views.python import python_module;"
        f"print([hashlib.sha256(python_module(*getattr(games, g)()).encode()).hexdigest() for g in {GAMES!r}])"
    )
    outputs = set()
    for seed in ("0", "1", "4242"):
        outputs.add(run(program, ROOT, PYTHONHASHSEED=seed, PYTHONPATH=str(ROOT)).strip())
    here = [hashlib.sha256(python_module(*getattr(games, game)()).encode()).hexdigest() for game in GAMES]
    assert outputs == {str(here)}


def test_tables_and_names() -> None:
    generated = module("consignment")
    functions = ["tdc_uniform", "pdc_uniform", "c_uniform", "tdc_exponential"]
    assert generated.__all__ == [*functions, "PARAMETERS", "PROTOCOLS", "UNITS"]
    assert list(generated.PROTOCOLS) == functions
    assert generated.PARAMETERS["m"] == "mean"
    assert generated.tdc_uniform.__kwdefaults__ == {"on_invalid": "raise"}
    assert set(generated.tdc_uniform.__annotations__) == {"a", "b", "gamma", "c", "alpha", "on_invalid", "return"}
    assert "m" in generated.tdc_exponential.__annotations__
    assert "TDC: it holds for a general law (F, Lambda)" in generated.__doc__
    assert generated.TdcUniform._fields == ("z", "r", "p", "q", "Pi_R", "Pi_S1", "Pi_S2", "Pi", "total", "regime")


def test_docstring_has_formula_domain_units_and_source() -> None:
    statement, solutions = games.service()
    k, *rest = statement.parameters
    statement = replace(statement, parameters=(replace(k, unit="units/level", meaning='effect of "service" \\ """'), *rest))
    generated = load(python_module(statement, solutions, {("asymmetric", "beta"): "(13)"}))
    single, solved = games.consignment()
    pdc = load(python_module(single, solved, {("PDC", "z"): "(12)"})).pdc_uniform.__doc__
    assert "z = 4/(b - gamma + 1) [(12)]" in pdc
    text = " ".join(generated.asymmetric.__doc__.split())
    assert "k: effect of 'service' / ''' [units/level]" in text
    assert "Domain: k > 0, eta > 0, rho > 0, p_d > 0, w > 0, p_r > w" in text
    assert "(13)" not in text
    assert "s_d = beta*k*p_d/eta" in text
    assert "Regime no sharing, where k**2*(p_d**2 + w**2) <= eta*rho*sigma_r**2*w*(p_r - w):" in text
    assert generated.UNITS == {"k": "units/level"}


def test_source_is_tidy() -> None:
    for game in GAMES:
        source = python_module(*getattr(games, game)())
        assert max(map(len, source.splitlines())) <= 128
        assert not [line for line in source.splitlines() if line != line.rstrip()]
        assert "1.0*" not in source
        assert source.endswith("\n")
        assert not source.endswith("\n\n")


def graph(names: str) -> Graph:
    return Graph({symbol: symbol.name for symbol in symbols(names)})


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("b - gamma - 1", "b - 1.0 - gamma"),
        ("1 - b - gamma", "1.0 - b - gamma"),
        ("-b + gamma + 1", "1.0 - b + gamma"),
        ("w*b + p - w", "p - w + b*w"),
        ("(b - w)/3", "(b - w)/3.0"),
        ("b/10", "b/10.0"),
        ("3*b/4", "0.75*b"),
        ("b**3", "b*b*b"),
        ("b**-2", "1.0/(b*b)"),
        ("sqrt(b)**3", "b*math.sqrt(b)"),
        ("1 - exp(-b)", "-math.expm1(-b)"),
        ("2*exp(b) - 2", "2.0*math.expm1(b)"),
        ("log(1 + b)", "math.log1p(b)"),
        ("b**p", "math.pow(b, p)"),
        ("p/(b*(w - b))", "p/(b*(w - b))"),
        ("-b*w/p", "-(b*w/p)"),
        ("Max(b, p, w)", "_max(_max(b, p), w)"),
        ("oo", "math.inf"),
    ],
)
def test_shape_of_expressions(text: str, python: str) -> None:
    built = graph("b gamma p w")
    known = {symbol.name: symbol for symbol in symbols("b gamma p w")}
    assert inline(built, built.expression(sympy.sympify(text, locals=known)), arrays=False) == python


def test_shared_factors_are_multiplied_once() -> None:
    a, b, c, d = symbols("a b c d")
    built = graph("a b c d")
    targets = [("x", built.expression(a * b * c)), ("y", built.expression(a * b * d)), ("v", built.expression(a * b))]
    assert assignments(built, targets, "t", arrays=False) == ["v = a*b", "x = v*c", "y = v*d"]


def test_a_lone_symbol_is_compared_without_rounding() -> None:
    b, gamma = symbols("b gamma")
    names = {b: "b", gamma: "gamma"}
    assert condition(b > gamma + 1, names, frozenset(), False) == "b - 1.0 > gamma"
    assert condition(sympy.And(b > 1, gamma >= 0), names, frozenset(), True) == "((gamma >= 0.0) & (b > 1.0))"


def statement_with(*names: str) -> tuple[games.Statement, tuple]:
    parameters = tuple(Parameter(Symbol(name, real=True), "") for name in names)
    total = sympy.Add(*(item.symbol for item in parameters))
    regime = Regime("only", (), ((Symbol("value", real=True), total),))
    return games.Statement("names", "names", "", parameters, ()), (games.solution("p", (regime,)),)


def test_reserved_names_get_an_underscore() -> None:
    generated = load(python_module(*statement_with("lambda", "beta", "np", "max", "S", "t1", "type")))
    assert generated.p(lambda_=1, beta=2, np_=3, max_=4, S=5, t1=6, type_=7).value == 28


@pytest.mark.parametrize(
    "name", ["__class__", "a.b", "os;import os", "x'", "1a", "_a", "a b", "\u0430", "p_{r}", "x" * 65, "a\n", ""]
)
def test_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(StatementError, match="cannot stand in a program"):
        python_module(*statement_with(name, "b"))


def test_colliding_names_are_refused() -> None:
    with pytest.raises(StatementError, match="'lambda' and 'lambda_' are both 'lambda_'"):
        python_module(*statement_with("lambda", "lambda_"))
    statement, (first,) = statement_with("a")
    with pytest.raises(StatementError, match="would both become the function p"):
        python_module(statement, (first, replace(first, protocol="P")))


def test_result_classes_do_not_collide() -> None:
    statement, (first,) = statement_with("a")
    solved = tuple(replace(first, protocol=key) for key in ("a_1", "a1", "any"))
    generated = load(python_module(statement, solved))
    assert [type(function(a=1.0)).__name__ for function in generated.PROTOCOLS.values()] == ["A1", "A1_1", "AnyResult"]


def test_hostile_text_stays_text() -> None:
    evil = '"""\nimport os\nos.abort()\n"""  \\'
    statement, (solved,) = statement_with("a")
    hostile = Symbol('x"""; import os', real=True)
    regime = replace(solved.regimes[0], name=evil)
    statement = replace(statement, title=evil, source=evil, key=evil, assumptions=(hostile > 0,))
    source = python_module(statement, (replace(solved, regimes=(regime,)),))
    imported = {alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"math", "threading", "numpy"}
    assert load(source).p(a=1.0).value == 1.0


@pytest.mark.parametrize(
    "expr",
    [Function("G")(Symbol("a", real=True)), Integral(Symbol("t"), (Symbol("t"), 0, 1)), Symbol("unknown"), sympy.zoo],
)
def test_what_has_no_number_gets_no_function_but_a_reason(expr: sympy.Expr) -> None:
    statement, (solved,) = statement_with("a")
    value = solved.regimes[0].values[0][0]
    bad = replace(solved, protocol="bad", regimes=(Regime("only", (), ((value, expr),)),))
    generated = load(python_module(statement, (bad, solved, replace(solved, protocol="none", regimes=()))))
    assert list(generated.PROTOCOLS) == ["p"]
    assert "- bad: " in generated.__doc__
    assert "- none: it was not solved" in generated.__doc__


def test_a_statement_without_any_equilibrium_gives_a_module_without_functions() -> None:
    statement, (solved,) = statement_with("a")
    generated = load(python_module(statement, (replace(solved, regimes=()),)))
    assert generated.PROTOCOLS == {}


@pytest.mark.parametrize(
    "line",
    [
        *("import os", "eval('1')", "x = __import__('os')", "x = (1).__class__", "from math import sin", "float = 1"),
        "def f():\n    global y",
    ],
)
def test_verification_of_the_source_can_fail(line: str) -> None:
    source = python_module(*games.clip())
    verify(source)
    with pytest.raises(UnsafeSource):
        verify(source + line + "\n")
