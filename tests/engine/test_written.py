"""Sums and products put together without SymPy's flattening: the same trees that SymPy makes of the same parts."""

from __future__ import annotations

import random

import pytest
from sympy import Abs, Add, Basic, Expr, Function, Mul, Rational, Symbol, exp, sqrt, symbols

from derive.field import fraction
from derive.ordered import key
from derive.shocks import Cdf, Density
from derive.termwise import several_factors
from derive.written import added, irreducible_factors, multiplied, negated, raised

a, b, c = symbols("a b c", positive=True)
x, y, z = symbols("x y z", real=True)
ATOMS = (a, b, c, x, y, z, Symbol("a2", integer=True), Cdf("F", x), Density("F", x), Cdf("F", 2 * x), Function("h")(x))


def _powers(dice: random.Random) -> list[Expr]:
    """Powers of different bases, of all kinds that stand in formulas."""
    sums = [a + b, x - y, 2 * a - c + 1, a * b + c**2, sqrt(a + b) + 1]
    whole = [raised(base, dice.choice((-2, -1, 1, 2, 3))) for base in dice.sample([*ATOMS, *sums], dice.randint(1, 5))]
    symbolic = [Symbol("p", positive=True) ** exponent for exponent in (b, -a / 2, 1 / (b - 1))]
    return [*whole, *dice.sample(symbolic, dice.randint(0, 2))]


@pytest.mark.parametrize("seed", range(40))
def test_products_are_the_trees_that_sympy_makes(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(20):
        number, factors = Rational(dice.randint(-3, 3), dice.randint(1, 2)), _powers(dice)
        found, expected = multiplied(number, factors), Mul(number, *factors)
        assert found == expected
        assert found.args == expected.args


@pytest.mark.parametrize("seed", range(40))
def test_sums_are_the_trees_that_sympy_makes(seed: int) -> None:
    dice = random.Random(seed)
    terms = {Mul(*_powers(dice)): Rational(dice.choice((-2, -1, 1, 3)), dice.randint(1, 2)) for _ in range(6)}
    parts = [multiplied(number, [term]) for term, number in terms.items() if not term.is_Add and not term.is_Number]
    for chosen in (parts, [*parts, Rational(3, 2)]):
        found, expected = added(chosen), Add(*chosen)
        assert found == expected
        assert found.args == expected.args
        assert not found.is_Add or negated(found) == Add(*(-term for term in found.args))


@pytest.mark.parametrize("seed", range(20))
def test_keys_are_in_sympys_order(seed: int) -> None:
    dice = random.Random(seed)
    found = [part for _ in range(4) for power in _powers(dice) for part in (power, 2 * power, power + a, exp(power))]
    for left in found:
        for right in dice.sample(found, 5):
            assert (key(left) > key(right)) - (key(left) < key(right)) == Basic.compare(left, right)


def test_powers_that_combine_are_left_to_sympy() -> None:
    assert multiplied(Rational(1), [sqrt(2), sqrt(3)]) == sqrt(6)
    assert multiplied(Rational(2), [a + b]) == 2 * a + 2 * b
    assert multiplied(Rational(2), [exp(a), exp(2 * a)]) == 2 * exp(3 * a)
    assert multiplied(Rational(1), [Abs(x), x]) == x * Abs(x)
    assert multiplied(Rational(0), [a, b]) == 0


@pytest.mark.parametrize(
    "expr",
    [
        a * x + b,
        a * x + a * b * x**2,
        -6 * a**2 * b**3,
        a**2 * (x * b + c),
        x**2 - y**2,
        a**2 * x**2 + 2 * a * b * x + b**2,
        a * x + b * x + a * y + b * y,
        (x * y + 1) ** 2 * a,
        2 * a - 4 * b,
        Rational(1, 2) * x * y + Rational(1, 3) * z,
    ],
)
def test_factors_seen_at_once_are_those_of_flint(expr: Expr) -> None:
    _, poly, _ = fraction(expr.expand())
    constant, parts = irreducible_factors(poly)
    again = constant
    for part, times in parts:
        again *= part**times
    assert again == poly
    assert all(type(times) is int for _, times in parts)
    assert sum(times for _, times in parts) == sum(int(times) for _, times in poly.factor()[1])


def test_terms_of_a_product_and_of_a_sum_without_factors() -> None:
    one = Rational(1)
    product = several_factors([(one, {a: 1, x: 1}), (one, {b: 1, x: 1}), (one, {a: 1, y: 1}), (one, {b: 1, y: 1})])
    assert product is not None
    assert product.expression() == (a + b) * (x + y)
    assert several_factors([(one, {a: 1, x: 1}), (one, {b: 2})]) is None
