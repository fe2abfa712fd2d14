"""Quantities defined by a cubic: the closed form against the equation's roots, by cases of the discriminant; forged closed forms."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
import sympy
from sympy import Expr, Integer, Rational, Symbol, acos, cos, pi, sqrt
from sympy.logic.boolalg import Boolean

from derive.audit.printed import compare_number
from derive.bargaining import Bargainer, BargainingProblem, derive_bargaining
from derive.check.bargaining import verify_solutions as verify_bargaining
from derive.check.certificates import Rejected
from derive.check.cubic import VERIFIERS
from derive.check.solution import check_solution
from derive.check.steps import check_step
from derive.cubic import CubicRoot, Form
from derive.ir import Model, Parameter, Player, PrintedNumber, Variable, symbols
from derive.play.induction import derive_protocol
from derive.render import TEMPLATES
from derive.solution import Solution
from derive.steps import kinds
from derive.views.latex.steps import macro_name
from derive.views.lines import results_lines
from derive.views.text import solution_data
from tests.engine.statements import decide, model, protocol

a, b, c, d, q, x, w, Pi, Pi_L, u_1, u_2 = symbols("a b c d q x w Pi Pi_L u_1 u_2")


def alone(payoff: Expr, assumptions: tuple[Boolean, ...], domain: tuple[Boolean, ...] = (q >= 0,)) -> Model:
    parameters = tuple(sorted(payoff.free_symbols - {q}, key=str))
    return model("alone", parameters, assumptions, {q: domain}, (Player("F", payoff, Pi),), protocol("P", (decide("F", q),)))


# Learning that ends, as in docs/examples; a cubic cost beside a linear demand; the middle root of three; a power of a third.
LEARNING = alone(a * q + b * q**2 / 2 - c * q**4 / 4, (a > 0, b > 0, c > 0))
CONVEX = alone((a - b * q) * q - c * q**4 / 4, (a > 0, b > 0, c > 0))
CAPPED = alone(a * q - 3 * b * q**2 / 2 + q**4 / 4, (a > 0, b > 1, a < 3 * b - 1), (q >= 0, q <= 1))
TASTES = alone(a * sqrt(q) - b * q - q**2 / 2, (a > 0, b > 0))
SHIFTED = alone(a * q + d * q**2 / 2 + c * q**3 - q**4 / 4, (a > 0, c > 0, d > 0))


def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    return solution


def closed(solution: Solution) -> list[CubicRoot]:
    return [step for one in solution.argument for step in one.proof if isinstance(step, CubicRoot)]


def test_the_roots_of_learning_that_ends() -> None:
    """q**3 - b/c q - a/c: the trigonometric form holds just where 27 a**2 c <= 4 b**3 (casus irreducibilis)."""
    three, one = closed(solved(LEARNING))
    wanted = 2 * sqrt(b / (3 * c)) * cos(acos(3 * a / (2 * b) * sqrt(3 * c / b)) / 3)
    at = {a: Rational(1, 3), b: Integer(2), c: Rational(3, 2)}
    assert abs(sympy.N((three.value - wanted).xreplace(at), 30)) < 1e-25
    assert three.form is Form.LARGEST
    assert three.given == (27 * a**2 * c <= 4 * b**3,)
    assert one.form is Form.POSITIVE
    assert one.given == (27 * a**2 * c > 4 * b**3,)


@pytest.mark.parametrize("statement", [LEARNING, CONVEX, CAPPED, TASTES, SHIFTED])
def test_closed_forms_are_the_best_choices(statement: Model) -> None:
    """At random points the closed form that applies maximises the payoff over a fine grid."""
    steps = closed(solved(statement))
    payoff = statement.players[0].objective
    names = [parameter.symbol for parameter in statement.parameters]
    seen = set()
    for numbers in ((1, 2, 3), (3, 1, 2), (Rational(1, 4), 3, 1), (Rational(3, 2), Rational(5, 4), 4), (5, Rational(5, 2), 1)):
        at = dict(zip(names, map(sympy.Rational, numbers), strict=False))
        if not all(relation.xreplace(at) for relation in statement.assumptions):
            continue
        (here,) = [step for step in steps if all(relation.xreplace(at) for relation in step.given)]
        seen.add(here.form)
        best = float(sympy.N(here.value.xreplace(at), 20))
        top = 1.0 if statement is CAPPED else 2 * best + 1
        earn = sympy.lambdify(q, payoff.xreplace(at), "mpmath")
        grid = max((mpmath.mpf(top) * k / 3000 for k in range(3001)), key=earn)
        assert earn(mpmath.mpf(best)) >= earn(grid) - 1e-12
    assert seen


def test_a_leader_before_a_follower_with_a_cubic_marginal_cost() -> None:
    """The follower's price is a - 2 b q - c q**3, so the leader's condition is a - 4 b q - 4 c q**3 = 0; for b = 0 it is a cube root."""
    for linear, wanted in ((b, "(sqrt(r) + s)**(1/3) - (sqrt(r) - s)**(1/3)"), (Integer(0), "(2*s)**(1/3)")):
        follower = (a - w) * q - linear * q**2 - c * q**4 / 4
        parameters = (a, b, c) if linear else (a, c)
        statement = model(
            "chain", parameters, tuple(one > 0 for one in parameters), {w: (w >= 0, w <= a), q: (q >= 0,)},
            (Player("L", w * q, Pi_L), Player("F", follower, Pi)), protocol("P", (decide("L", w),), (decide("F", q),)),
        )  # fmt: skip
        (step,) = closed(solved(statement))
        at = {a: Integer(3), b: Integer(2), c: Rational(1, 2)}
        half, third = a / (8 * c), (linear / c) / 3
        root = sympy.sympify(wanted, locals={"s": half, "r": half**2 + third**3})
        assert abs(sympy.N((step.value - root).xreplace(at), 25)) < 1e-20


def test_long_cubics_stay_equations() -> None:
    ugly = alone(
        a * q + (b + c * d) * q**2 / 2 + (c + a * d + b) * q**3 / 3 - (1 + a * b) * q**4 / 4, (a > 0, b > 0, c > 0, d > 0)
    )
    assert not closed(solved(ugly))


def test_bargaining_over_a_curve() -> None:
    """Over 1 - x**3 the Nash condition is 1 - 4 x**3 + 3 d x**2 = 0."""
    problem = BargainingProblem(
        key="curve", title="curve", source="test", along=Variable(x, "share", (x >= 0, x <= 1)),
        players=(Bargainer("1", x, u_1, disagreement=d), Bargainer("2", 1 - x**3, u_2)),
        parameters=(Parameter(d, "d"),), assumptions=(d > 0, d < 1), solutions=("nash",),
    )  # fmt: skip
    (solution,) = derive_bargaining(problem)
    assert not verify_bargaining(problem, (solution,), 8)
    (step,) = closed(solution)
    share = step.value.xreplace({d: Rational(1, 3)})
    assert abs(sympy.N(1 - 4 * share**3 + share**2, 25)) < 1e-20


def test_the_closed_form_is_shown() -> None:
    lines = results_lines(solution_data(solved(LEARNING)))
    assert any(line.startswith("      that is 2*sqrt(3)") and line.endswith("where 27*a**2*c <= 4*b**3") for line in lines)


def without_region(step: CubicRoot) -> CubicRoot:
    return replace(step, given=())


def test_printed_digits_are_compared_with_the_root() -> None:
    """q**3 = q + 1 has the root 1.3247..., the plastic number."""
    point = tuple((symbol, Integer(1)) for symbol in (a, b, c))
    solution = solved(LEARNING)
    told = [compare_number(PrintedNumber("table", "P", q, digits, point), (solution,)).verdict for digits in ("1.325", "1.324")]
    assert told == ["reproduced", "contradicted"]
    assert compare_number(PrintedNumber("table", "P", Pi, "1.432", point), (solution,)).verdict == "reproduced"


FORGED = [
    lambda s: replace(s, value=s.value + 1),
    lambda s: replace(s, value=-s.value),
    lambda s: replace(s, form=Form.MIDDLE),
    lambda s: replace(s, form=Form.SMALLEST, value=s.value.xreplace({Symbol("a", real=True): 2 * a})),
    lambda s: replace(s, slope=2 * s.slope),
    lambda s: replace(s, constant=-s.constant),
    lambda s: replace(s, lead=-s.lead),
    without_region,
    lambda s: replace(s, conditions=(), certificates=()),
    lambda s: replace(s, conditions=s.conditions[:1], certificates=s.certificates[:1]),
    lambda s: replace(s, root=replace(s.root, sign=1)),
    lambda s: replace(s, root=replace(s.root, high=Rational(1, 100))),
]


@pytest.mark.parametrize("statement", [LEARNING, CAPPED, TASTES])
def test_forged_closed_forms_are_rejected(statement: Model) -> None:
    solution = solved(statement)
    for step in closed(solution):
        check_step(step, statement, solution.assumptions)
        for forge in FORGED:
            wrong = forge(step)
            if wrong == step or (step.given == () and forge is without_region):
                continue
            with pytest.raises(Rejected):
                check_step(wrong, statement, solution.assumptions)


def test_another_root_of_three_is_rejected() -> None:
    solution = solved(LEARNING)
    three = closed(solution)[0]
    angle = acos(3 * a / (2 * b) * sqrt(3 * c / b)) / 3
    for form, turned in ((Form.MIDDLE, 2 * pi / 3), (Form.SMALLEST, 4 * pi / 3)):
        other = replace(three, form=form, value=2 * sqrt(b / (3 * c)) * cos(angle - turned))
        with pytest.raises(Rejected):
            check_step(other, LEARNING, solution.assumptions)


def test_a_closed_form_belongs_to_a_regime() -> None:
    solution = solved(LEARNING)
    stray = replace(solution, regimes=tuple(replace(one, implicit=()) for one in solution.regimes))
    assert any("no regime defines q" in fault for fault in check_solution(LEARNING, stray, 0).failures)


def test_the_kind_has_a_verifier_and_a_macro() -> None:
    assert set(VERIFIERS) == {kind for kind in kinds() if kind.__module__ == "derive.cubic"} == {CubicRoot}
    assert f"macro {macro_name(CubicRoot)}(" in (TEMPLATES / "steps.tex.j2").read_text("utf-8")
