"""Polynomials of the search written for SymPy: the expressions that SymPy itself would make, to the order of their parts."""

from __future__ import annotations

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
