"""Scalings of polynomials, and products of the right degrees."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Expr, Symbol

from derive.check.certificates import check
from derive.prove.combine import negated, refute_by_products
from derive.prove.effort import allowance
from derive.prove.grades import common, first, grading, powers_of, spread
from derive.prove.products import table
from derive.prove.saturate import saturated
from derive.prove.space import space

a, b, c, x, y = (Symbol(name, real=True) for name in "abcxy")
NAMES = (a, b, c, x, y)


def _weights(*expressions: Expr) -> tuple[int, ...]:
    ring = space(NAMES)
    return grading([spread(powers_of(ring.fraction(one).numerator, ring.size)) for one in expressions], ring.size)


def _degree(expression: Expr, weights: tuple[int, ...]) -> int | None:
    ring = space(NAMES)
    return common(powers_of(ring.fraction(expression).numerator, ring.size), weights)


def test_terms_have_one_degree_where_every_scaling_says_so() -> None:
    """``a b - c`` and ``x**2 - a y``: ``c`` goes as ``a b`` and ``y`` as ``x**2/a``, all else is free."""
    weights = _weights(a * b - c, x**2 - a * y)
    assert _degree(a * b + c, weights) is not None
    assert _degree(a**2 * b * y - c * x**2, weights) is not None
    assert _degree(a + b, weights) is None
    assert _degree(x + y, weights) is None
    assert _degree(c * y - b * x**2, weights) == _degree(b * x**2, weights)


def test_degrees_tell_all_monomials_apart_that_some_scaling_does() -> None:
    """Two monomials have one degree exactly if their quotient is a power of what the polynomials tie together."""
    weights = _weights(a * b - c)
    monomials = {(p, q, r): a**p * b**q * c**r for p, q, r in product(range(3), repeat=3)}
    for (p, q, r), one in monomials.items():
        for (s, t, u), other in monomials.items():
            tied = p - s == q - t == -(r - u)
            assert (_degree(one, weights) == _degree(other, weights)) is tied


def test_a_polynomial_with_a_number_in_it_fixes_the_scale() -> None:
    weights = _weights(a - 1, a + b, b + c, c + x, x + y)
    assert {_degree(one, weights) for one in (a, b * c, x**2 + y)} == {0}
    assert first(powers_of(space(NAMES).zero, 5), weights) == 0


@pytest.mark.parametrize("squares", [False, True])
def test_products_that_no_product_with_the_denied_claim_meets_are_left_out(squares: bool) -> None:
    """``a x > b y`` from ``a > b > 0`` and ``x > y > 0`` has degree one in each pair: nothing else is made."""
    known = saturated((b > 0, a > b, y > 0, x > y), NAMES)
    against = negated(known.space, known.space.fraction(a * x - b * y).numerator, ">")
    columns, terms, looked_at = table(known).columns((against,), 2, 200, squares)
    assert len(columns) == len(terms) < looked_at
    rows = [row for column in columns for row in powers_of(column.polynomial, known.space.size).tolist()]
    assert {(sum(row[:3]), sum(row[3:])) for row in rows} == {(1, 1)}
    proof = refute_by_products(known, (against,), 2, 200, squares, allowance(1000, 0))
    assert proof is not None
    check(proof)


def test_premises_of_several_degrees_leave_all_products() -> None:
    """With ``a > 1`` the scale of ``a`` is fixed, and ``a**2 > a`` takes the product of ``a > 1`` and ``a > 0``."""
    known = saturated((a > 1,), (a,))
    against = negated(known.space, known.space.fraction(a**2 - a).numerator, ">")
    proof = refute_by_products(known, (against,), 2, 50, False, allowance(1000, 0))
    assert proof is not None
    check(proof)
