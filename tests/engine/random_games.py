"""Small quadratic games drawn at random, and what they come to by search: nothing here uses the engine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Model, Player, symbols
from tests.engine.statements import decide, model, protocol

m, x, y, u, v = symbols("m x y U V")
Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Game:
    """Coefficients of ``x, y, x**2, x*y, y**2, m*x, m*y`` for both players on the square from 0 to `top`; y moves after x, or at
    the same time."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    top: int
    sequential: bool

    def statement(self) -> Model:
        """The game as a model with the parameter m."""
        moves = (decide("A", x),), (decide("B", y),)
        order = protocol("play", *moves) if self.sequential else protocol("play", (*moves[0], *moves[1]))
        domains: dict[Symbol, tuple[Boolean, ...]] = {s: (s >= 0, s <= self.top) for s in (x, y)}
        players = (Player("A", _expression(self.first), u), Player("B", _expression(self.second), v))
        return model("drawn", (m,), (m > 0, m < 4), domains, players, order)

    def payoff(self, first: bool, at: Fraction, a: Fraction, b: Fraction) -> Fraction:
        """What a player earns."""
        terms = (a, b, a * a, a * b, b * b, at * a, at * b)
        return sum((c * t for c, t in zip(self.first if first else self.second, terms, strict=True)), Fraction(0))

    def replies(self, first: bool, at: Fraction, other: Fraction) -> tuple[list[Fraction], bool]:
        """All best choices of a player that are an end of its range or stationary, and whether every choice is best."""
        own = (lambda c: self.payoff(True, at, c, other)) if first else (lambda c: self.payoff(False, at, other, c))
        top = Fraction(self.top)
        level, whole, half = own(Fraction(0)), own(top), own(top / 2)
        bend = (whole - 2 * half + level) * 2 / top**2
        slope = (whole - level) / top - bend * top
        choices = [Fraction(0), top]
        if bend != 0 and 0 < -slope / (2 * bend) < top:
            choices.append(-slope / (2 * bend))
        best = max(own(c) for c in choices)
        return sorted({c for c in choices if own(c) == best}), bend == slope == 0


def _expression(c: tuple[int, ...]) -> Expr:
    terms = (x, y, x**2, x * y, y**2, m * x, m * y)
    return sum((k * t for k, t in zip(c, terms, strict=True)), Rational(0))


def drawn(seed: int) -> Game:
    """A game; the same for the same seed."""
    source = random.Random(seed)
    first, second = ([source.randint(-2, 2) for _ in range(7)] for _ in range(2))
    if source.random() < 0.6:  # mostly with a diminishing payoff of the own choice
        first[2], second[4] = -abs(first[2]) or -1, -abs(second[4]) or -1
    return Game(tuple(first), tuple(second), source.choice((1, 2, 3)), source.random() < 0.5)


def best_found(game: Game, at: Fraction, steps: int) -> Fraction:
    """What the first mover can have, by search; an indifferent second mover does what the first prefers."""
    found = []
    for k in range(steps + 1):
        a = Fraction(game.top * k, steps)
        choices, every = game.replies(False, at, a)
        span = [Fraction(game.top * j, 12) for j in range(13)] if every else []
        found += [game.payoff(True, at, a, b) for b in (*choices, *span)]
    return max(found)


def isolated(game: Game, at: Fraction) -> Iterator[Point]:
    """Equilibria of simultaneous moves at which each choice is an end of its range or the one stationary point."""
    top = Fraction(game.top)
    for one in (Fraction(0), top, None):
        for two in (Fraction(0), top, None):
            point = _meeting(game, at, one, two)
            if point is None or not all(0 <= c <= top for c in point):
                continue
            if point[0] in game.replies(True, at, point[1])[0] and point[1] in game.replies(False, at, point[0])[0]:
                yield point


def _meeting(game: Game, at: Fraction, one: Fraction | None, two: Fraction | None) -> Point | None:
    """Where the choices that are not given are stationary; None where that is no single point."""
    f, s = game.first, game.second
    rows = [(Fraction(1), Fraction(0), one)] if one is not None else [(Fraction(2 * f[2]), Fraction(f[3]), -f[0] - f[5] * at)]
    rows += [(Fraction(0), Fraction(1), two)] if two is not None else [(Fraction(s[3]), Fraction(2 * s[4]), -s[1] - s[6] * at)]
    (a, b, p), (c, d, q) = rows
    det = a * d - b * c
    return None if det == 0 else ((p * d - b * q) / det, (a * q - p * c) / det)
