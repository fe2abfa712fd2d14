"""Bilevel programs of public test sets, restated: each with its source and its published optimum.

Statements and optima were taken from BOLIB (Zhou, Zemkoho and Tin: https://biopt.github.io/bolib/, in the transcription
github.com/cinaral/BOLIB.jl) and BASBLib (Paulavicius and Adjiman: github.com/basblsolver/BASBLib), the others from the paper named.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Rational, Symbol, exp, sqrt
from sympy.logic.boolalg import Boolean

from derive.ir import symbols

x, x_1, x_2 = symbols("x x_1 x_2")
y, y_1, y_2, y_3 = symbols("y y_1 y_2 y_3")


@dataclass(frozen=True)
class Program:
    """``min upper`` over the x's, where the y's minimise ``lower``; `best` is the published optimum, `at` where it is reached
    (None: not published). `on_x` are the leader's constraints, which may speak of the y's; `on_y` the follower's."""

    source: str
    upper: Expr
    lower: Expr
    on_x: tuple[Boolean, ...]
    on_y: tuple[Boolean, ...]
    best: Expr
    at: dict[Symbol, Expr] | None = None

    @property
    def choices(self) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
        """The leader's choices and the follower's."""
        used = sorted(set().union(*(e.free_symbols for e in (self.upper, self.lower, *self.on_x, *self.on_y))), key=str)
        return tuple(s for s in used if s.name[0] == "x"), tuple(s for s in used if s.name[0] == "y")


POLYTOPE = (x + y / 2 >= 2, x / 4 - y >= -2, x + y / 2 <= 8)
CLARK_WESTERBERG = (-2 * x + y <= 1, x - 2 * y <= -2, x + 2 * y <= 14)
HALF = Rational(1, 2)
SQUARE = (y_1 >= HALF, y_2 >= HALF, y_1 <= 3 * HALF, y_2 <= 3 * HALF)

LINEAR = [
    Program("Bard (1984a)", x + y, -5 * x - y, (x >= 0,), (*POLYTOPE, x - 2 * y <= 4, y >= 0),
            Rational(28, 9), {x: Rational(8, 9), y: Rational(20, 9)}),
    Program("Visweswaran et al. (1996)", x + y, -5 * x - y, (x >= 0,), (*POLYTOPE, x - 2 * y <= 2, y >= 0), Rational(28, 9)),
    Program("Bard (1984b)", -5 * x - y, y, (x >= 0,), (*POLYTOPE, x - 2 * y <= 4, y >= 0),
            Rational(-188, 5), {x: Rational(36, 5), y: Rational(8, 5)}),
    Program("Bard and Falk (1982, Example 2)", x_2 - 2 * x_1 + y_1 / 2, x_1 + x_2 - 4 * y_1 + y_2, (x_1 >= 0, x_2 >= 0),
            (2 * x_1 - y_1 + y_2 >= 5 * HALF, 3 * x_2 - x_1 - y_2 >= -2, x_1 + x_2 <= 2, y_1 >= 0, y_2 >= 0), Rational(-13, 4)),
    Program("Tuy et al. (1993)", x_2 - 2 * x_1 + y_1 / 2, y_2 - 4 * y_1, (x_1 + x_2 <= 2, x_1 >= 0, x_2 >= 0),
            (2 * x_1 - y_1 + y_2 >= 5 * HALF, 3 * x_2 - x_1 - y_2 >= -2, y_1 >= 0, y_2 >= 0), Rational(-13, 4)),
    Program("Ben-Ayed and Blair (1990a)", -3 * x / 2 - 6 * y_1 - y_2, -y_1 - 5 * y_2, (x >= 0, x <= 1),
            (x + 3 * y_1 + y_2 <= 5, 2 * x + y_1 + 3 * y_2 <= 5, y_1 >= 0, y_2 >= 0), Rational(-5, 2)),
    Program("Ben-Ayed and Blair (1990b)", -x - y, y, (x >= 0,),
            (4 * x + 3 * y >= 19, x + 2 * y <= 11, 3 * x + y <= 13, y >= 0), Integer(-6), {x: Integer(1), y: Integer(5)}),
    Program("Bialas and Karwan (1984b)", -y, y, (x >= 0,),
            (x + 2 * y >= 10, x + 2 * y <= 38, -x + 2 * y <= 18, x - 2 * y <= 6, 2 * x - y <= 21, y >= 0),
            Integer(-11), {x: Integer(16), y: Integer(11)}),
    Program("Clark and Westerberg (1988)", x - 4 * y, y, (), (y <= 2 * x, 2 * x + 5 * y <= 108, 2 * x - 3 * y <= -4),
            Integer(-37), {x: Integer(19), y: Integer(14)}),
    Program("Haurie, Savard and White (1990)", x + 5 * y, -y, (),
            (-3 * x + 2 * y <= 6, 3 * x + 4 * y <= 48, 2 * x - 5 * y <= 9, x + y >= 8), Integer(27), {x: Integer(12), y: Integer(3)}),
    Program("Liu and Hart (1994)", -x - 3 * y, y, (x >= 0,), (y >= 0, -x + y <= 3, x + 2 * y <= 12, 4 * x - y <= 12),
            Integer(-16), {x: Integer(4), y: Integer(4)}),
    # The leader's own constraints cut its choices in two.
    Program("Mersha and Dempe (2006, Example 2)", -x - 2 * y, -y, (2 * x - 3 * y >= -12, x + y <= 14),
            (-3 * x + y <= -3, 3 * x + y <= 30), Integer(-20), {x: Integer(8), y: Integer(6)}),
    Program("Glackin et al. (2009)", 4 * x_2 - 2 * x_1 + 3 * y, -y, (x_2 - x_1 >= 1, x_1 >= 0, x_2 >= 0),
            (x_1 + x_2 + y <= 4, 2 * x_1 + 2 * x_2 + y <= 6, y >= 0), Integer(6)),
    Program("Lampariello and Sagratella (2017, Example 3.5)", x**2 + y**2, -y, (x >= -1, x <= 1), (2 * x + y <= 2, y >= 0, y <= 1),
            Rational(4, 5), {x: Rational(4, 5), y: Rational(2, 5)}),
]  # fmt: skip

QUADRATIC = [
    Program("Bard (1988, Example 1)", (x - 5) ** 2 + (2 * y + 1) ** 2, (y - 1) ** 2 - 3 * x * y / 2, (x >= 0,),
            (y >= 0, 3 * x - y >= 3, 2 * x - y <= 8, x + y <= 7), Integer(17), {x: Integer(1), y: Integer(0)}),
    Program("Clark and Westerberg (1990)", (x - 3) ** 2 + (y - 2) ** 2, (y - 5) ** 2, (x >= 0, x <= 8),
            (y >= 0, *CLARK_WESTERBERG), Integer(5), {x: Integer(1), y: Integer(3)}),
    Program("Gumus and Floudas (2001, Example 4)", (x - 3) ** 2 + (y - 2) ** 2, (y - 5) ** 2, (x >= 0, x <= 8, *CLARK_WESTERBERG),
            (y >= 0, y <= 10), Integer(9), {x: Integer(3), y: Integer(5)}),
    Program("Shimizu and Aiyoshi (1981, Example 1)", x**2 + (y - 10) ** 2, (x + 2 * y - 30) ** 2, (x >= 0, x <= 15, y <= x),
            (y >= 0, y <= 20, x + y <= 20), Integer(100), {x: Integer(10), y: Integer(10)}),
    Program("Shimizu and Aiyoshi (1981, Example 2)", 20 * y_2 - 20 * y_1 + (x_2 - 20) ** 2 + (x_1 - 30) ** 2,
            (x_1 - y_1) ** 2 + (x_2 - y_2) ** 2, (x_1 + 2 * x_2 >= 30, x_1 + x_2 <= 25, x_2 <= 15),
            (y_1 <= 10, y_2 <= 10, y_1 >= 0, y_2 >= 0), Integer(225),
            {x_1: Integer(20), x_2: Integer(5), y_1: Integer(10), y_2: Integer(5)}),
    Program("Dempe and Dutta (2012)", (x - 1) ** 2 + (y - 1) ** 2, -y, (), (x + y <= 1, y - x <= 1), HALF, {x: HALF, y: HALF}),
    Program("de Silva (1978)", (x_1 - 1) ** 2 + (x_2 - 1) ** 2 + y_1**2 + y_2**2 - 2, (x_1 - y_1) ** 2 + (x_2 - y_2) ** 2, (), SQUARE,
            Integer(-1), {x_1: HALF, x_2: HALF, y_1: HALF, y_2: HALF}),
    Program("Falk and Liu (1995)", x_1**2 - 3 * x_1 + x_2**2 - 3 * x_2 + y_1**2 + y_2**2, (x_1 - y_1) ** 2 + (x_2 - y_2) ** 2,
            (), SQUARE, Rational(-9, 4), {s: Rational(3, 4) for s in (x_1, x_2, y_1, y_2)}),
    Program("Henderson and Quandt (1958): a Stackelberg duopoly", x * (x / 2 + y / 2 - 95), y * (x / 2 + y - 100),
            (x >= 0, x <= 200), (y >= 0,), Rational(-9800, 3), {x: Rational(280, 3), y: Rational(80, 3)}),
    Program("Calamai and Vicente (1994a)", (x - 1) ** 2 / 2 + y**2 / 2, y / 2 - x * y, (), (x - y <= 1, x + y >= 1, x + y <= 1),
            Integer(0), {x: Integer(1), y: Integer(0)}),
    Program("Lampariello and Sagratella (2017, Example 3.1)", x**2 + y**2, y, (x >= 1,), (x + y >= 1,), Integer(1)),
    Program("Lampariello and Sagratella (2017, Example 3.2)", x**2 + y**2, (x + y - 1) ** 2, (), (), HALF, {x: HALF, y: HALF}),
    Program("Macal and Hurter (1997)", (x - 1) ** 2 + (y - 1) ** 2, 500 * y - 50 * x * y + y**2 / 2, (), (),
            (Rational(611, 61) - 1) ** 2 + (Rational(50, 61) - 1) ** 2 + 0 * x, None),
    Program("Muu and Quy (2003, Example 1)", x**2 - 4 * x + y_1**2 + y_2**2,
            y_1 * y_2 - y_1 * (3 * x - 1) + y_2 * (x + 1) + y_1**2 + y_2**2 / 2, (x >= 0, x <= 2),
            (2 * y_1 + y_2 <= 2 * x + 1, y_1 >= 0, y_2 >= 0),
            Rational(-27, 13), {x: Rational(11, 13), y_1: Rational(10, 13), y_2: Integer(0)}),
    Program("Hatz et al. (2013)", 2 * y_1 - x + y_2, (x - y_1) ** 2 + y_2**2, (), (y_1 >= 0, y_2 >= 0), Integer(0)),
    Program("Tuy et al. (2007)", x**2 + y**2, -y, (x >= 0, y >= 0), (3 * x + y <= 15, x + y <= 7, x + 3 * y <= 15), 45 * HALF,
            {x: 9 * HALF, y: 3 * HALF}),
    Program("Yezza (1996, Example 4.1)", (y - x + 2) ** 2 / 2 + (y - 2) ** 2 / 2, x - y + y**2 / 2, (), (y >= 0, y <= x), HALF,
            {x: Integer(3), y: Integer(1)}),
    Program("Henrion and Surowiec (2011)", x**2, y * (y / 2 - x), (), (), Integer(0), {x: Integer(0), y: Integer(0)}),
]  # fmt: skip

CURVED = [
    Program("Colson (2002, BIPA3)", (x - 5) ** 4 + (2 * y + 1) ** 4, exp(y - x) + x**2 + 2 * x * y + y**2 + 2 * x + 6 * y,
            (x + y <= 4, x >= 0), (y - x <= 2, y >= 0), Integer(2), {x: Integer(4), y: Integer(0)}),
    Program("Colson (2002, BIPA4)", x**2 + (y - 10) ** 2, x**3 + 2 * y**3 + x - 2 * y - x**2, (x + 2 * y <= 6, x >= 0),
            (-x + 2 * y <= 3, y >= 0), (sqrt(3) / 3 - 10) ** 2, {x: Integer(0), y: sqrt(3) / 3}),
]  # fmt: skip

# The follower is indifferent at the optimum, and makes the choice that the leader prefers.
TIED = [
    Program("Lucchetti, Mignanego and Pieri (1987)", (1 - x) / 2 + x * y, (x - 1) * y, (x >= 0, x <= 1), (y >= 0, y <= 1),
            Integer(0), {x: Integer(1), y: Integer(0)}),
    # For x < 0 the follower takes y = -1 and for x > 0 y = x**2; at x = 0 any y is as good, and y = 1 is better than either limit.
    Program("Mitsos and Barton (2006, Example 3.13)", x - y, x * y**2 / 2 - x**3 * y, (x >= -1, x <= 1), (y >= -1, y <= 1),
            Integer(-1), {x: Integer(0), y: Integer(1)}),
    Program("Morgan and Patrone (2006a)", -x - y, x * y, (x >= -HALF, x <= HALF), (y >= -1, y <= 1), Integer(-1),
            {x: Integer(0), y: Integer(1)}),
    Program("Bard (1991, Example 1)", x + y_2, 2 * y_1 + x * y_2, (x >= 2, x <= 4), (y_1 - x + y_2 >= 4, y_1 >= 0, y_2 >= 0),
            Integer(2), {x: Integer(2), y_1: Integer(6), y_2: Integer(0)}),
    # The value -5.5 in BOLIB is the local one at x = (0, 0); at x = (0, 1/2) any y with y_2 = 0 is best for the follower.
    Program("Dempe and Lohse (2011, Example 3.1a)", (x_1 - HALF) ** 2 + (x_2 - HALF) ** 2 - 3 * y_1 - 3 * y_2,
            x_1 * y_1 + x_2 * y_2, (), (y_1 + y_2 <= 2, y_1 >= y_2, y_1 >= 0, y_2 >= 0),
            Rational(-23, 4), {x_1: Integer(0), x_2: HALF, y_1: Integer(2), y_2: Integer(0)}),
    Program("two choices before one follower", (x_1 - HALF) ** 2 + (x_2 - HALF) ** 2 - 3 * y, (x_1 + x_2) * y, (), (y >= 0, y <= 2),
            -11 * HALF, {x_1: Integer(0), x_2: Integer(0), y: Integer(2)}),
    # Neither limit of the follower's replies, y = 0 and y = 2, is as good as the one between them.
    Program("a reply between two limits", (x - HALF) ** 2 + (y - 1) ** 2, x * y, (), (y >= 0, y <= 2), HALF**2,
            {x: Integer(0), y: Integer(1)}),
    Program("Yezza (1996, Example 3.1)", -(4 * x - 3) * y + 2 * x + 1, -(1 - 4 * x) * y - 2 * x - 2, (x >= 0, x <= 1),
            (y >= 0, y <= 1), 3 * HALF, {x: Rational(1, 4), y: Integer(0)}),
]  # fmt: skip
