"""Reasons a referee looks for: why a case is empty, and why a choice that was found without a constraint satisfies it."""

from __future__ import annotations

import re

from sympy import Eq, Integer

from derive import steps
from derive.cases import NotMutual
from derive.check.solution import check_solution
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.prove import refute
from derive.views.latex import latex_texts
from derive.views.latex.certificates import reason
from derive.views.latex.names import Names
from derive.views.latex.shape import Shape
from derive.views.latex.writer import Writer
from tests.engine.statements import decide, model, protocol

a, c, d, t, x, y, W, U, V = symbols("a c d t x y W U V")
TOTAL = x + y
SINGLE = protocol("P", (decide("F", x),))
TAX = model(
    "tax",
    (a, c, d),
    (a > c, c >= 0, d > 0),
    {t: (t >= 0,), x: (x >= 0,), y: (y >= 0,)},
    (
        Player("G", TOTAL**2 / 2 + (a - TOTAL - c) * TOTAL - d * TOTAL**2 / 2, W),
        Player("F", (a - TOTAL - c - t) * x, U),
        Player("H", (a - TOTAL - c - t) * y, V),
    ),
    protocol("P", (decide("G", t),), (decide("F", x), decide("H", y))),
)


def test_a_proof_says_why_cases_are_empty_and_what_was_left_out_holds() -> None:
    solution = derive_protocol(TAX, TAX.protocols[0])
    assert check_solution(TAX, solution, 8).accepted
    taken = [step for result in solution.argument for step in result.proof]
    assert len([step for step in taken if isinstance(step, NotMutual)]) == 2
    assert {step.slack.expand() for step in taken if isinstance(step, steps.Admissible)} == {a - c - t}
    text = re.sub(r"\s+", " ", latex_texts(TAX, [solution])[0])
    assert r"The two conditions are" in text
    assert r"$y = 0$; this requires $a > c + t$ and $a \leq c + t$. These contradict each other." in text
    assert r"the condition $t < a - c$ is met" in text


def test_every_pair_of_best_replies_is_an_equilibrium_or_refuted_in_words() -> None:
    """Also a pair of bounds, for which no equation has to be solved."""
    k, m = symbols("k m")
    cournot = model(
        "capacities",
        (a, c, k, m),
        (a > c, c >= 0, k > 0, m > k),
        {x: (x >= 0, x <= k), y: (y >= 0, y <= m)},
        (Player("F", (a - TOTAL - c) * x, U), Player("H", (a - TOTAL - c) * y, V)),
        protocol("P", (decide("F", x), decide("H", y))),
    )
    solution = derive_protocol(cournot, cournot.protocols[0])
    assert check_solution(cournot, solution, 8).accepted
    taken = [step for result in solution.argument for step in result.proof if isinstance(step, NotMutual)]
    assert len(solution.regimes) == 3  # of nine pairs: each firm produces nothing, some, or all that it can
    assert len({frozenset(step.replies) for step in taken}) == 6
    bounds = {(x, Integer(0)), (x, k), (y, Integer(0)), (y, m)}
    at_bounds = {step.replies for step in taken if {(tie.lhs, tie.rhs) for tie in step.replies} <= bounds}
    assert at_bounds == {(Eq(x, 0), Eq(y, 0)), (Eq(x, 0), Eq(y, m)), (Eq(x, k), Eq(y, 0))}
    text = re.sub(r"\s+", " ", latex_texts(cournot, [solution])[0])
    assert r"If $x = 0$ and $y = 0$, then $a \leq c$. This contradicts $a > c$." in text


def test_a_sign_is_named_where_a_contradiction_needs_it_beside_another_fact() -> None:
    """From a > c alone a + c may be negative."""
    monopoly = model("monopoly", (a, c), (a > c, c > 0), {x: (x >= 0,)}, (Player("F", (x - c) * (a - x), U),), SINGLE)
    text = re.sub(r"\s+", " ", latex_texts(monopoly, [derive_protocol(monopoly, SINGLE)])[0])
    assert r"for this to be best the payoff, unless it is stationary there, must fall, that is, $a + c < 0$." in text
    assert r"$a + c < 0$. This contradicts $a > c$ and $c > 0$." in text


def test_what_a_lemma_says_is_not_said_again_before_it_is_contradicted() -> None:
    p, v, w = symbols("p v w")
    certificate = refute(((p - c) / (p - v) < 0, p > w, w > c, v < c))
    assert certificate is not None
    told = reason(certificate, Writer.of(Shape(Names())))
    assert told.startswith(r"First, $(c - p) (p - v) > 0$")
    assert r". But $(c - p) (p - v) \leq 0$. " in told
    assert "would require" not in told


def test_the_choices_in_which_a_payoff_is_concave_are_named_in_the_line() -> None:
    choices, payoff = {x: (x >= 0,), y: (y >= 0,)}, a * (x + y) - x**2 - x * y - y**2
    two = protocol("P", (decide("F", x, y),))
    statement = model("two", (a,), (a > 0,), choices, (Player("F", payoff, U),), two)
    text = re.sub(r"\s+", " ", latex_texts(statement, [derive_protocol(statement, two)])[0])
    assert r"The Hessian $H$ of $U$ in $x$ and $y$ is negative definite" in text
    assert "$$" not in text


def test_the_condition_of_the_only_case_is_set_off() -> None:
    statement = model("one", (a, c), (c > 0,), {x: ()}, (Player("F", a * x - (a - c) * x**2 / 2, U),), SINGLE)
    text = re.sub(r"\s+", " ", latex_texts(statement, [derive_protocol(statement, SINGLE)])[0])
    assert r" is, if $a > c$, " in text
