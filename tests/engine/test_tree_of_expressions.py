"""Operations and free symbols are those that SymPy finds."""

import random

import pytest
from sympy import Add, And, Eq, Expr, Function, Integer, Integral, Lambda, Max, Mul, Pow, Rational, Symbol, exp, log, pi, sqrt

from derive.tree import free_symbols, operations

X = [Symbol(name, real=True) for name in "abcxyz"]
LEAVES = [
    *X,
    *X,
    Integer(-1),
    Integer(2),
    Integer(-3),
    Rational(1, 2),
    Rational(-2, 3),
    pi,
    X[0] ** 2,
    X[1] ** 3,
    1 / X[2],
    sqrt(X[3]),
]


def made(chance: random.Random, depth: int) -> Expr:
    if depth == 0:
        return chance.choice(LEAVES)
    parts = [made(chance, depth - 1) for _ in range(chance.randint(2, 4))]
    match chance.randint(0, 9):
        case 0 | 1 | 2:
            return Add(*parts)
        case 3 | 4 | 5:
            return Mul(*parts)
        case 6:
            return Pow(parts[0], chance.choice((-3, -1, 2, Rational(1, 2), -X[0], Rational(-3, 2))))
        case 7:
            return Mul(parts[0], *parts[1:], evaluate=False)
        case 8:
            return chance.choice((exp, log, Function("F")))(parts[0])
    return Max(parts[0], parts[1]) if all(part.is_extended_real for part in parts[:2]) else Add(*parts).expand()


@pytest.mark.parametrize("seed", range(8))
def test_as_sympy(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        expression = made(chance, chance.randint(1, 3))
        if expression.is_finite is not False and expression.is_Add | expression.is_Mul | expression.is_Pow:
            assert operations(expression) == expression.count_ops(), expression


@pytest.mark.parametrize("seed", range(40))
def test_free_symbols_are_sympys(seed: int) -> None:
    expression = made(random.Random(seed), 3)
    bound = Integral(expression * Symbol("t"), (Symbol("t"), 0, X[0]))
    for one in (expression, bound, Lambda(X[0], expression), And(expression > 0, Eq(X[4], bound), evaluate=False)):
        assert free_symbols(one) == one.free_symbols
