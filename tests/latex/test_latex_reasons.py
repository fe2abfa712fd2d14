"""Reasons a referee looks for: why a case is empty, and why a choice that was found without a constraint satisfies it."""

from __future__ import annotations

import re

from derive import steps
from derive.cases import NotMutual
from derive.check.solution import check_solution
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.views.latex import latex_texts
from tests.engine.statements import decide, model, protocol

a, c, d, t, x, y, W, U, V = symbols("a c d t x y W U V")
TOTAL = x + y
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
    assert r"$y = 0$; this requires $a > c + t$ and $a \leq c + t$. This is impossible" in text
    assert r"the condition $t < a - c$ is met" in text
