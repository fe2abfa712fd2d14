"""Quantities that worths are stated in and that stay names: what a player earns in a solved protocol, say.

Worths are linear in them, and so is everything that is derived of a game. Only where it is asked whether a combination of them is
positive are their values put in: products of rational functions and of powers, terms with the same powers gathered.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Add, Expr, Mul, Pow, S, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Or

from derive.coalition.ir import CoalitionGame
from derive.field import NotRational, normal
from derive.kernels import kernels
from derive.prove.relations import compared, operator

__all__ = ["Values", "by_powers", "gathered", "in_ratios", "is_rational", "values_of", "written_out"]

Values = Mapping[Symbol, Expr]


def values_of(game: CoalitionGame) -> dict[Symbol, Expr]:
    """What the game's named quantities stand for, in terms of its parameters."""
    known: dict[Symbol, Expr] = {}
    for definition in game.definitions:
        known[definition.symbol] = definition.value.xreplace(known)
    return {symbol: known[symbol] for symbol in game.named}


def is_rational(expression: Expr) -> bool:
    """Whether an expression is a rational function of the symbols in it."""
    return not any(map(_transcendental, kernels(expression)))


def _transcendental(part: Expr) -> bool:
    return isinstance(part, sympy.Function) or (isinstance(part, Pow) and not part.exp.is_Integer)


def gathered(expression: Expr) -> Expr:
    """The expression with powers of one base united and the terms that have the same powers added up."""
    return Add(*(factor * powers for powers, factor in by_powers(expression).items()))


def by_powers(expression: Expr) -> dict[Expr, Expr]:
    """The rational factor of every product of powers of which the expression is the sum."""
    found: dict[Expr, Expr] = {}
    for term in Add.make_args(expression):
        factor, powers = _split(term)
        found[powers] = _normal(found[powers] + factor) if powers in found else factor
    return found


def _split(term: Expr) -> tuple[Expr, Expr]:
    """A term as a rational function times a product of powers, each base once."""
    rational: list[Expr] = []
    exponents: dict[Expr, Expr] = {}
    for factor in Mul.make_args(term):
        if is_rational(factor):
            rational.append(factor)
        elif isinstance(factor, Pow) and is_rational(factor.base):
            exponents[factor.base] = exponents.get(factor.base, S.Zero) + factor.exp
        else:
            exponents[factor] = exponents.get(factor, S.Zero) + 1
    return Mul(*rational), Mul(*(Pow(base, sympy.expand(exponent)) for base, exponent in exponents.items()))


def _normal(expression: Expr) -> Expr:
    try:
        return normal(expression)
    except (NotRational, ZeroDivisionError):
        return expression


def written_out(relation: Boolean, values: Values) -> Boolean:
    """A relation between named quantities with their values put in: what is added on the left, what is taken away on the right."""
    if isinstance(relation, And | Or):
        return relation.func(*(written_out(part, values) for part in relation.args))
    if not isinstance(relation, Relational) or not relation.free_symbols & set(values):
        return relation
    left: list[Expr] = []
    right: list[Expr] = []
    for monomial, factor in sympy.expand(relation.lhs - relation.rhs).as_coefficients_dict().items():
        (left if factor > 0 else right).append(abs(factor) * monomial.xreplace(dict(values)))
    return compared(gathered(Add(*left)), operator(relation), gathered(Add(*right)))


def in_ratios(relation: Boolean) -> tuple[Boolean, Expr]:
    """A written-out relation divided by the powers that both sides have in common, and that divisor: where either side is one product
    of powers, with the same exponent, a power of the ratio of their bases is compared with a rational function.

    The relation itself, divided by one, where it is not of that form.
    """
    sides = [list(by_powers(side).items()) for side in (relation.lhs, relation.rhs)]
    if any(len(side) != 1 for side in sides):
        return relation, S.One
    (((left, factor),), ((right, other),)) = sides
    if not all(isinstance(one, Pow) for one in (left, right)) or sympy.expand(left.exp - right.exp) != 0:
        return relation, S.One
    turned = left.exp.could_extract_minus_sign()
    ratio = right.base / left.base if turned else left.base / right.base
    power = Pow(_normal(ratio), -left.exp if turned else left.exp)
    return compared(power, operator(relation), _normal(other / factor)), factor * right
