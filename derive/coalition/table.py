"""A characteristic function as a table: one worth per subset, indexed by bit mask (bit i stands for player i)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

import numpy as np
import sympy
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.coalition.ir import CoalitionGame
from derive.field import NotRational, normal

__all__ = ["Table", "by_size", "members", "plain", "table", "told"]


@dataclass(frozen=True)
class Table:
    """``worths[mask]`` for every subset of `players`; ``worths[0] == 0``.

    `sign` is +1 for a value game and -1 for a cost game: ``sign * worths`` is what a coalition has to gain.
    """

    players: tuple[str, ...]
    worths: tuple[Expr, ...]
    sign: int = 1

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def grand(self) -> int:
        """The mask of the grand coalition."""
        return len(self.worths) - 1

    @property
    def numeric(self) -> bool:
        """Whether every worth is a rational number."""
        return all(isinstance(worth, Rational) for worth in self.worths)

    def gains(self) -> tuple[Expr, ...]:
        """``sign * worths``: the game as a value game (a cost game's mirror image)."""
        return self.worths if self.sign > 0 else tuple(-worth for worth in self.worths)

    def fractions(self) -> tuple[Fraction, ...]:
        """The worths as fractions. Raises ValueError if one is not a rational number."""
        if not self.numeric:
            raise ValueError("the worths are not all rational numbers")
        return tuple(Fraction(int(worth.p), int(worth.q)) for worth in self.worths)

    def names(self, mask: int) -> tuple[str, ...]:
        """The players in a coalition, in the order of the statement."""
        return tuple(self.players[i] for i in members(mask))

    def mask(self, names: tuple[str, ...]) -> int:
        """The bit mask of the coalition of those players. Raises ValueError for an unknown name."""
        return sum(1 << self.players.index(name) for name in names)


def members(mask: int) -> tuple[int, ...]:
    """Indices of the players in a coalition, ascending."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def by_size(n: int) -> tuple[int, ...]:
    """All nonempty coalitions of n players, small ones first, each size in lexicographic order of the members."""
    return tuple(sum(1 << i for i in chosen) for size in range(1, n + 1) for chosen in combinations(range(n), size))


def table(game: CoalitionGame) -> Table:
    """The characteristic function of a valid statement, definitions expanded. ``Max`` and ``Min`` stay as they are."""
    names = tuple(member.name for member in game.players)
    sign = 1 if game.kind == "value" else -1
    if game.rule is not None:
        return Table(names, _by_rule(game), sign)
    known = {frozenset(coalition): expanded(game, worth) for coalition, worth in game.worths}
    known.setdefault(frozenset(), sympy.S.Zero)
    return Table(names, tuple(known[frozenset(names[i] for i in members(mask))] for mask in range(1 << len(names))), sign)


def expanded(game: CoalitionGame, expression: Expr) -> Expr:
    """An expression with the game's definitions put in, later ones first, so that they may build on earlier ones; those that are
    named stay."""
    for definition in reversed(game.definitions):
        if definition.symbol not in game.named:
            expression = expression.xreplace({definition.symbol: definition.value})
    return plain(expression)


@lru_cache(maxsize=4096)
def plain(expression: Expr) -> Expr:
    """Expanded when it is a polynomial in whatever it contains; otherwise as it is."""
    return sympy.expand(expression)


def told(expression: Expr) -> Expr:
    """An expression as an author writes it: a sum where it is linear or a number, else factored if that is shorter."""
    if expression.is_Rational or all(monomial.is_Symbol or monomial == 1 for monomial in expression.as_coefficients_dict()):
        return expression
    try:
        factored = normal(expression)
    except (NotRational, ZeroDivisionError):
        return expression
    return factored if factored.count_ops() < expression.count_ops() else expression


def _by_rule(game: CoalitionGame) -> tuple[Expr, ...]:
    assert game.rule is not None
    indicators = tuple(member.indicator for member in game.players)
    rule = game.rule
    for definition in reversed(game.definitions):
        if definition.symbol not in game.named:
            rule = rule.xreplace({definition.symbol: definition.value})
    size = 1 << len(indicators)
    if rule.free_symbols <= set(indicators):
        columns: dict[Symbol, np.ndarray] = {}
        for position, indicator in enumerate(indicators):
            assert indicator is not None
            columns[indicator] = np.array([mask >> position & 1 for mask in range(size)], dtype=object)
        try:
            values = np.broadcast_to(_number(rule, columns), (size,))
        except _OutsideError:
            pass
        else:
            return tuple(Rational(value.numerator, value.denominator) for value in values)
    return tuple(
        plain(rule.xreplace({name: sympy.Integer(mask >> i & 1) for i, name in enumerate(indicators)})) for mask in range(size)
    )


class _OutsideError(Exception):
    """An expression that the vectorised evaluation does not know; the caller substitutes instead."""


def _number(expression: Expr, columns: dict[Symbol, np.ndarray]) -> np.ndarray:
    """The exact value of an expression in the indicators, for all coalitions at once."""
    if isinstance(expression, Symbol):
        return columns[expression]
    if isinstance(expression, sympy.Integer):
        return np.array(int(expression), dtype=object)
    if isinstance(expression, Rational):
        return np.array(Fraction(int(expression.p), int(expression.q)), dtype=object)
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return _number(expression.base, columns) ** int(expression.exp)
    if isinstance(expression, sympy.Piecewise):
        value = None
        for branch, condition in reversed(expression.args):
            if value is None and condition != sympy.true:
                raise _OutsideError
            below = _number(branch, columns)
            value = below if value is None else np.where(_truth(condition, columns), below, value)
        assert value is not None
        return value
    folds = {sympy.Add: np.add, sympy.Mul: np.multiply, sympy.Max: np.maximum, sympy.Min: np.minimum}
    for kind, fold in folds.items():
        if isinstance(expression, kind):
            value = _number(expression.args[0], columns)
            for argument in expression.args[1:]:
                value = fold(value, _number(argument, columns))
            return value
    raise _OutsideError


def _truth(condition: Boolean, columns: dict[Symbol, np.ndarray]) -> np.ndarray:
    if condition in (sympy.true, sympy.false):
        return np.array(condition == sympy.true)
    if isinstance(condition, And | Or):
        parts = [_truth(argument, columns) for argument in condition.args]
        return (np.logical_and if isinstance(condition, And) else np.logical_or).reduce(np.broadcast_arrays(*parts))
    if isinstance(condition, Not):
        return np.logical_not(_truth(condition.args[0], columns))
    compare = {
        sympy.Ge: np.greater_equal,
        sympy.Gt: np.greater,
        sympy.Le: np.less_equal,
        sympy.Lt: np.less,
        sympy.Eq: np.equal,
        sympy.Ne: np.not_equal,
    }
    for kind, relation in compare.items():
        if isinstance(condition, kind):
            result = relation(_number(condition.lhs, columns), _number(condition.rhs, columns))
            return np.asarray(result, dtype=bool)
    raise _OutsideError
