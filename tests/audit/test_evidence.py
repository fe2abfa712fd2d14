"""Verdicts in words that need no knowledge of the program."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sympy import And, Eq, Implies, Or, Rational, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from derive import certificates
from derive.certificates import Certificate
from derive.ir import symbols
from derive.prove import prove
from derive.views.evidence import Regimes, joined, named_ways, reading, way, where

a, b, c = symbols("a b c")


def test_every_kind_of_certificate_is_told_without_its_name() -> None:
    kinds = [kind for kind in vars(certificates).values() if isinstance(kind, type) and issubclass(kind, Certificate)]
    inner = {"Conjunction", "Eliminated", "Named", "Abstracted", "Member", "Certificate"}  # told by the proofs within them
    for kind in kinds:
        told = named_ways([kind.__name__])
        assert bool(told) == (kind.__name__ not in inner), kind
        assert kind.__name__ not in told
        if not told:
            assert kind is Certificate or {"parts", "part", "proof"} & {field.name for field in fields(kind)}


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (a * b > 0, "by the signs of factors"),
        (a > 0, "from a known condition"),
        (And(a * b > 0, a > 0), "by the signs of factors and from a known condition"),
        (a**2 - 2 * a * c + c**2 >= 0, "by the signs of factors"),
    ],
)
def test_a_proof_is_told_by_what_it_does(claim: Boolean, told: str) -> None:
    proof = prove(claim, (a > 0, b > 0))
    assert proof is not None
    assert set(way(proof).split(" and ")) == set(told.split(" and "))


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((a > b,), "a > b"),
        ((a > b, Eq(b, c), c > 0), "a > b, b = c and c > 0"),
        ((Or(a > b, b > c),), "a > b or b > c"),
        ((a > 0, Or(a > b, b > c)), "a > 0 and (a > b or b > c)"),
    ],
)
def test_conditions_that_hold_together_are_told_as_a_sentence(parts: tuple[Boolean, ...], told: str) -> None:
    assert set(joined(parts).replace(" and ", ", ").split(", ")) == set(told.replace(" and ", ", ").split(", "))


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (a > b, "0.5 > 0.666667"),
        (And(a > 0, a > b), "0.5 > 0.666667"),
        (Implies(a > 0, b < a), "0.666667 < 0.5"),
        (3 * b > 2, "2 > 2"),
        (Eq(6 * a, 2), "3 = 2"),
        (a * sqrt(2) > b + Rational(1, 10**7) + sqrt(2) / 2 - Rational(2, 3), "0.707106781186548 > 0.707106881186548"),
        (c > a, ""),
        (a < b, ""),
    ],
)
def test_a_claim_reads_in_numbers_where_it_fails(claim: Boolean, told: str) -> None:
    assert reading(claim, ((a, Rational(1, 2)), (b, Rational(2, 3)))) == told


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (((("chain", "1"),),), "chain"),
        (((("chain", "1"), ("firm", "1")),), "chain and firm"),
        (((("two", "1"),), (("two", "3"),), (("two", "4"),)), "two regimes 1, 3 and 4"),
        (((("two", "1"), ("three", "1")), (("two", "1"), ("three", "2"))), "two regime 1 with three regimes 1 and 2"),
        (((("two", "1"), ("chain", "1")), (("two", "2"), ("chain", "1"))), "two regime 1 with chain; two regime 2 with chain"),
    ],
)
def test_regimes_are_told_together(places: tuple[Regimes, ...], told: str) -> None:
    assert where(places, frozenset({"chain", "firm"})) == told


def test_a_symbol_that_a_point_leaves_open_has_no_reading() -> None:
    assert reading(Symbol("x", real=True) > a, ((a, Rational(1)),)) == ""
