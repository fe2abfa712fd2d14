"""Certificates in files: read and checked without the prover, and refused when a word of them is altered."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sympy import Eq, Function, Implies, LambertW, Max, Not, exp, sqrt
from sympy.logic.boolalg import Boolean

from derive.certificates import Assumed
from derive.check.replay import replay
from derive.ir import symbols
from derive.prove import from_text, prove, refute, to_text

b, g, p, x, y, z = symbols("b gamma p x y z")
F = Function("F")

PROVED: list[tuple[Boolean, list[Boolean]]] = [
    (b * b - g - 1 > 0, [b > g + 1, g > 0]),
    (x > 1 / y, [Eq(x * y, 2), y > 0]),
    (p ** (b - g) > 1, [p > 1, b > g]),
    (sqrt(x + 1) > 1, [x > 0]),
    (z * (1 - F(z)) > 0, [F(z) < 1, z > 0]),
    (y * exp(-x) > 0, [y > 1]),
    (sqrt(x * y) < z, [Eq(x, 0), y > 0, z > 0]),
    (y**x * z > y, [Eq(x, 2), y > 1, z > 1]),
]


@pytest.mark.parametrize(("claim", "given"), PROVED)
def test_what_was_proved_is_accepted_from_its_text(claim: Boolean, given: list[Boolean]) -> None:
    proof = prove(claim, given)
    assert proof is not None
    found = replay(to_text(proof))
    assert found.accepted, found.reason
    assert (found.claim, found.given) == (claim, tuple(given))


def test_a_denominator_that_cancels_in_what_is_contradicted_is_shown_to_be_nonzero() -> None:
    """It vanishes nowhere because the relation is given and so is defined."""
    a, b, c, d, g, w = symbols("a b c d g w")
    given = (
        g > 0,
        b > g,
        (w - a) * (a * b - a * g - b * w + c * g) / g**2 <= 0,
        (2 * b**2 * (w - a) + a * b * g + a * g**2 - b * c * g - g**2 * w) / g >= 0,
        a + (a * g - a * b - g * w) / b > 0,
        (a * g + d * g - 2 * g * w) / g >= 0,
    )
    proof = refute(given)
    assert proof is not None
    found = replay(to_text(proof))
    assert found.accepted, found.reason


def test_altered_texts_are_not_accepted() -> None:
    proof = refute([x > y, y > z, z > x])
    assert proof is not None
    text = to_text(proof)
    assert replay(text).accepted
    for old, new in (
        ('[">",4,1]', '[">",1,4]'),
        ('[">"', '[">="'),
        ("Products", "Conjunction"),
        ('"terms"', '"words"'),
        ("]", ""),
    ):
        assert old in text
        assert not replay(text.replace(old, new)).accepted, (old, new)
    for nonsense in ("", "{}", "[1]", '{"terms":[],"proofs":[],"root":0}', '{"terms":[["symbol","x"]],"proofs":[],"root":[0]}'):
        found = replay(nonsense)
        assert not found.accepted
        assert found.reason


def test_fields_of_the_wrong_kind_are_not_accepted() -> None:
    text = to_text(Assumed(claim=x > 0, given=(x > 0,), fact=x > 0))
    assert replay(text).accepted
    assert not replay(text.replace('["",', '["Factor",')).accepted


@pytest.mark.parametrize(
    "claim", [Implies(x > 0, y > 0), Not(Implies(x > 0, y > 0), evaluate=False), Max(x, y) > 0, LambertW(x) > 0, exp(1) > x]
)
def test_every_relation_of_a_claim_has_a_text(claim: Boolean) -> None:
    statement = Assumed(claim=claim, given=(claim,), fact=claim)
    assert from_text(to_text(statement)) == statement


def test_reading_and_checking_need_no_prover() -> None:
    code = "import sys, derive.check.replay; sys.exit('derive.prove' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
