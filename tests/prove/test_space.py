"""Polynomials of the search written for SymPy: the expressions that SymPy itself would make, to the order of their parts."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest
from flint import fmpq
from sympy import Add, Expr, Mul, Rational, Symbol

from derive.ir import symbols
from derive.prove.space import Space, space

NAMES = symbols("B E_1 a_1 eta k p_d p_r rho sigma2_d w")


def _drawn(random: Random, ring: Space) -> dict[tuple[int, ...], fmpq]:
    """Terms in symbols and slacks: numbers and single powers as well as longer products."""
    terms = {}
    for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5, 8, 20))):
        exponents = [0] * ring.width
        for _ in range(random.choice((0, 1, 1, 2, 3, 5))):
            exponents[random.randrange(ring.width)] += random.choice((1, 1, 2, 3))
        terms[tuple(exponents)] = fmpq(random.choice((1, -1, 2, -3, 7)), random.choice((1, 1, 2, 5)))
    return terms


def _by_sympy(terms: dict[tuple[int, ...], fmpq], ring: Space) -> Expr:
    names = (*ring.symbols, *ring.slack_symbols)
    products = (
        Mul(Rational(int(number.p), int(number.q)), *(name**times for name, times in zip(names, exponents, strict=True)))
        for exponents, number in terms.items()
    )
    return Add(*products)


def _identical(one: Expr, other: Expr) -> bool:
    return type(one) is type(other) and one == other and all(map(_identical, one.args, other.args))


@pytest.mark.parametrize("names", [NAMES, (*NAMES[:4], Symbol("q"), Symbol("z"), *NAMES[4:])])
def test_a_polynomial_is_written_as_sympy_writes_it(names):
    random, ring = Random(3), space(names)
    for _ in range(300):
        terms = _drawn(random, ring)
        written, expected = ring.expression(ring.context.from_dict(terms)), _by_sympy(terms, ring)
        assert _identical(written, expected), (written, expected)
        assert len(written.args) == len(expected.args)
        assert hash(written) == hash(expected)
        assert written.is_commutative is True


WRITTEN = """
from sympy import Integer, symbols
from derive.prove.space import space
x, y = symbols("x y")
ring = space((x, y))
print(ring.expression(ring.difference((x + y) ** 2 / 3, Integer(1)).numerator))
"""


@pytest.mark.parametrize("numbers", ["python", "flint"])
def test_exponents_are_whole_whatever_numbers_sympy_computes_with(numbers: str) -> None:
    """Of FLINT's integers SymPy makes floats where it does not compute with FLINT itself."""
    environment = {**os.environ, "SYMPY_GROUND_TYPES": numbers}
    done = subprocess.run([sys.executable, "-c", WRITTEN], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("x**2 + 2*x*y + y**2 - 3", "x**2/3 + 2*x*y/3 + y**2/3 - 1")
