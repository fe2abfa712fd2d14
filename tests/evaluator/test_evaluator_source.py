"""The generated source itself: what it imports, its names, its documentation, that the same bytes come out, what is refused."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sympy
from sympy import Function, Integral, Symbol

from derive.errors import StatementError
from derive.ir import Parameter, PrintedFormula, symbols
from derive.solution import Regime
from derive.views.python import python_module
from derive.views.python.conditions import array_conditions, condition, conjuncts
from derive.views.python.emit import assignments, inline
from derive.views.python.graph import Graph
from derive.views.python.verify import UnsafeSource, verify
from tests.evaluator import games
from tests.evaluator.support import load, module

ROOT = Path(__file__).resolve().parents[2]
GAMES = ("consignment", "service", "clip", "functions", "kinked", "odd", "constant", "threshold", "newsvendor")


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
    beta, s_d, s_r, p_d, k, eta = symbols("beta s_d s_r p_d k eta")
    printed = (
        PrintedFormula("(13)", "asymmetric", s_d, k * beta * p_d / eta),
        PrintedFormula("(14)", "asymmetric", s_r, k * beta * p_d / eta),
    )
    generated = load(python_module(replace(statement, printed=printed), solutions))
    single, solved = games.consignment()
    b, gamma, z = symbols("b gamma z")
    printed = (PrintedFormula("(12)", "PDC", z, 4 / (1 + b - gamma)), PrintedFormula("(12)", "TDC", z, 4 / (1 + b - gamma)))
    both = load(python_module(replace(single, printed=printed), solved))
    assert "z = 4/(b - gamma + 1) [(12)]" in both.pdc_uniform.__doc__
    assert "(12)" not in both.tdc_uniform.__doc__
    text = " ".join(generated.asymmetric.__doc__.split())
    assert "k: effect of 'service' / ''' [units/level]" in text
    assert "Domain: k > 0, eta > 0, rho > 0, p_d > 0, w > 0, p_r > w" in text
    assert "(14)" not in text
    assert "s_d = beta*k*p_d/eta [(13)]" in text
    assert "Regime no sharing, where k**2*(p_d**2 + w**2) <= eta*rho*sigma_r**2*w*(p_r - w):" in text
    assert generated.UNITS == {"k": "units/level"}


def test_what_is_said_of_a_general_law_is_not_said_of_a_named_one() -> None:
    text = module("consignment").tdc_exponential.__doc__
    assert "m > 0" in text
    assert "B > A" not in text
    assert "Assumed" not in text


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
        ("p*exp(b)/(exp(b) - 1)", "-(p/math.expm1(-b))"),
        ("exp(-b)/(1 - exp(-b))", "1.0/math.expm1(b)"),
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
    assert condition(b > gamma + 1, names, frozenset()) == "b - 1.0 > gamma"
    tests = array_conditions([[sympy.And(b > 1, gamma >= 0), b > gamma + 1]], names, frozenset(), "t", "x")
    assert tests.groups == (("((gamma >= 0.0) & (b > 1.0))", "x1"),)
    assert (tests.lines, tests.rows) == (("np.subtract(b, 1.0, t1)", "x1 = t1 > gamma"), ("t1",))


def test_a_condition_stated_twice_is_tested_once() -> None:
    a, b = symbols("a b")
    assert conjuncts((a > 0, sympy.Lt(0, a), sympy.And(a > b, a > 0), sympy.Lt(b, a))) == (a > 0, a > b)


def test_comparisons_share_sides_and_give_their_rows_back() -> None:
    a, b, c = symbols("a b c")
    names = {a: "a", b: "b", c: "c"}
    tests = array_conditions([[a * b > c], [a * b <= c, a + c > b, sympy.Or(b > c, a > 0)]], names, frozenset(), "t", "x")
    assert tests.lines == ("np.multiply(a, b, t1)", "x1 = t1 > c", "x2 = t1 <= c", "np.add(a, c, t1)", "x3 = t1 > b")
    assert tests.rows == ("t1",)
    assert tests.groups == (("x1",), ("x2", "x3", "((a > 0.0) | (b > c))"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("-(a - b)*c", ["v = c*(b - a)"]),
        ("-(a - b)/(a + c)", ["v = (b - a)/(a + c)"]),
        ("-a*b/(b - c)", ["v = a*b/(c - b)"]),
        ("-a*b/c", ["v = -(a*b/c)"]),
        ("(a - b)*c", ["v = c*(a - b)"]),
    ],
)
def test_a_sign_goes_into_a_difference(text: str, lines: list[str]) -> None:
    built = graph("a b c")
    known = {symbol.name: symbol for symbol in symbols("a b c")}
    assert assignments(built, [("v", built.expression(sympy.sympify(text, locals=known)))], "t", arrays=False) == lines


def test_a_difference_that_is_used_twice_keeps_its_sign() -> None:
    a, b, c = symbols("a b c")
    built = graph("a b c")
    difference = built.expression(a - b)
    opposite = built.negative(built.make("mul", difference, built.expression(c)))
    lines = assignments(built, [("x", opposite), ("y", built.make("div", difference, built.expression(c)))], "t", arrays=False)
    assert lines == ["t1 = a - b", "x = -(t1*c)", "y = t1/c"]


def agency(surplus: sympy.Expr, left: sympy.Expr) -> str:
    """The source for two players who share `surplus`: the second gets the parameter v, the first `left`."""
    a, v, pi_1, pi_2, joint = symbols("a v Pi_1 Pi_2 J")
    players = (games.Player("1", a, pi_1), games.Player("2", a, pi_2))
    statement = games.Statement("agency", "agency", "", tuple(Parameter(x, "") for x in (a, v)), (a > 0,), players)
    return python_module(statement, (games.solution("p", (Regime("1", (), ((pi_1, left), (pi_2, v), (joint, surplus))),)),))


def test_a_sum_of_payoffs_that_has_a_formula_is_not_added_up() -> None:
    a, v = symbols("a v")
    source = agency(a**2 / (a + 1), (a**2 - v * (a + 1)) / (a + 1))
    assert "Pi_1 = J - v\n" in source
    assert "total = J\n" in source
    many = load(source).p(a=np.linspace(1, 2, 100), v=0.25)
    assert np.shares_memory(many.total, many.J)
    np.testing.assert_allclose(many.Pi_1, np.linspace(1, 2, 100) ** 2 / (np.linspace(1, 2, 100) + 1) - 0.25, rtol=1e-14)


def test_a_payoff_is_not_the_rest_of_a_total_that_depends_on_the_other() -> None:
    """``v + a - v`` would lose what is small beside v."""
    a, v = symbols("a v")
    assert load(agency(a + v, a)).p(a=1e-20, v=1.0).Pi_1 == 1e-20


def test_a_total_without_a_formula_is_the_sum() -> None:
    (a,) = symbols("a")
    assert "total = Pi_1 + v\n" in agency(a**2, a**2 - a)


def test_only_parameters_that_the_regimes_need_are_brought_together() -> None:
    assert module("clip")._CAPACITY.parameters == ("a", "c", "K")
    assert module("clip")._CAPACITY.used == (0, 1, 2)
    a, c = symbols("a c")
    value = Symbol("value", real=True)
    regimes = (Regime("1", (c > 0,), ((value, a),)), Regime("2", (c <= 0,), ((value, 2 * a),)))
    statement = games.Statement("one", "one", "", tuple(Parameter(x, "") for x in (a, c)), (a >= 0,))
    generated = load(python_module(statement, (games.solution("p", regimes),)))
    assert generated._P.used == (0,)
    found = generated.p(a=np.arange(100.0), c=np.tile([1.0, -1.0], 50)).value
    assert found.tolist() == [i * (1.0 + i % 2) for i in range(100)]


def statement_with(*names: str) -> tuple[games.Statement, tuple]:
    parameters = tuple(Parameter(Symbol(name, real=True), "") for name in names)
    total = sympy.Add(*(item.symbol for item in parameters))
    regime = Regime("only", (), ((Symbol("value", real=True), total),))
    return games.Statement("names", "names", "", parameters, ()), (games.solution("p", (regime,)),)


def test_reserved_names_get_an_underscore() -> None:
    generated = load(python_module(*statement_with("lambda", "beta", "np", "max", "S", "t1", "type")))
    assert generated.p(lambda_=1, beta=2, np_=3, max_=4, S=5, t1=6, type_=7).value == 28


def test_a_parameter_may_have_the_name_that_the_result_of_a_protocol_would_have() -> None:
    """A protocol C and a cost C: the argument C hid the class C, and no result could be made."""
    generated = load(python_module(*statement_with("P", "x", "PResult")))
    assert generated.p(P=1, x=2, PResult=3).value == 6
    assert list(generated.p(P=np.array([1.0, 2.0]), x=2, PResult=3).value) == [6, 7]


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


@pytest.mark.parametrize("key", ["none", "true", "False", "value_error", "print", "lambda", "named_tuple"])
def test_a_protocol_may_be_called_by_any_word(key: str) -> None:
    statement, (first,) = statement_with("a")
    (function,) = load(python_module(statement, (replace(first, protocol=key),))).PROTOCOLS.values()
    assert function(a=1.0)
    with pytest.raises(ValueError, match="a"):
        function(a=float("inf"))


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
