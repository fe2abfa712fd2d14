"""Claims with powers and logarithms refuted by ball arithmetic: every sign is certain, or it is not used.

Candidates are rational points of what is given; the claim is evaluated there in balls whose precision is raised until they
decide. That two sides are equal is concluded only where the normal form of their difference is zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from operator import attrgetter

import flint
from flint import arb, fmpq
from sympy import (
    And,
    Eq,
    Expr,
    Implies,
    Not,
    Or,
    Poly,
    Pow,
    Rational,
    Symbol,
    exp,
    false,
    log,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import PolynomialError

from derive.field import NotRational, normal
from derive.prove.cloud import counterexamples
from derive.prove.evaluate import Undefined, ball
from derive.prove.points import simple, witness
from derive.prove.relations import fixed, flatten, free, operator
from derive.prove.space import rational
from derive.prove.verdicts import Refuted

PRECISIONS = (64, 192, 640)
DENOMINATORS = (1, 2, 4, 5, 10, 3, 8, 20, 6, 7, 50, 100)
FAR = 60
MOST_POINTS = 1200
MOST_SCATTERED = 160
_ALLOWED = {">": {1}, ">=": {0, 1}, "<": {-1}, "<=": {-1, 0}, "=": {0}, "!=": {-1, 1}}


@dataclass(frozen=True)
class Window:
    """What is given, when equations fix all symbols of a claim but one: `symbol` between `low` and `high` (None: unbounded).

    `values` are the fixed ones; `branches` the alternatives chosen from each ``Or``, in order.
    """

    symbol: Symbol
    low: Rational | None
    high: Rational | None
    low_open: bool
    high_open: bool
    values: tuple[tuple[Symbol, Rational], ...]
    facts: tuple[Boolean, ...]

    def contains(self, value: Rational) -> bool:
        """Whether the value satisfies the bounds."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return not (self.high is not None and (value > self.high or (self.high_open and value == self.high)))


# --- balls -----------------------------------------------------------------------------------------------------------


def sign_at(expression: Expr, point: dict[Symbol, Rational]) -> int | None:
    """-1, 0 or 1, certainly; None where it is undefined or stays open."""
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            try:
                value = ball(expression, {s: arb(fmpq(int(v.p), int(v.q))) for s, v in point.items()})
            except Undefined:
                continue
            if value > 0:
                return 1
            if value < 0:
                return -1
            if value == 0 and value.is_exact():
                return 0
        if bits == PRECISIONS[0] and _vanishes(expression, point):
            return 0
    return None


def _vanishes(expression: Expr, point: dict[Symbol, Rational]) -> bool:
    try:
        return bool(normal(expression.xreplace(point)) == 0)
    except (NotRational, ZeroDivisionError, ValueError, TypeError):
        return False


def truth(claim: Boolean, point: dict[Symbol, Rational]) -> bool | None:
    """Truth at an exact point; None where it is undefined or stays open."""
    if claim in (true, false):
        return bool(claim == true)
    if isinstance(claim, Not):
        inside = truth(claim.args[0], point)
        return None if inside is None else not inside
    if isinstance(claim, Implies):
        return truth(Or(Not(claim.args[0]), claim.args[1], evaluate=False), point)
    if isinstance(claim, And | Or):
        found = [truth(part, point) for part in claim.args]
        decisive = isinstance(claim, Or)
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if not isinstance(claim, Relational):
        return None
    sign = sign_at(_gap(claim), point)
    return None if sign is None else sign in _ALLOWED[operator(claim)]


@lru_cache(maxsize=4096)
def _gap(claim: Relational) -> Expr:
    return claim.lhs - claim.rhs


# --- windows ---------------------------------------------------------------------------------------------------------


def windows(given: Sequence[Boolean]) -> tuple[tuple[Boolean, ...], ...]:
    """The given relations with one member chosen from every ``Or``, in all ways (at most 32)."""
    facts = flatten(given)
    choice = next((fact for fact in facts if isinstance(fact, Or)), None)
    if choice is None:
        return (facts,)
    rest = tuple(fact for fact in facts if fact != choice)
    return tuple(case for part in choice.args for case in windows((*rest, part)))[:32]


def window(claim: Boolean, facts: Sequence[Boolean]) -> Window | None:
    """The window of a claim in which one symbol is not fixed; None when there are more or none. `facts` contain no ``Or``."""
    values = fixed(facts)
    moving = sorted(free(claim) - set(values), key=lambda s: s.name)
    if len(moving) != 1:
        return None
    (symbol,) = moving
    ends: dict[bool, tuple[Rational, bool] | None] = {True: None, False: None}
    for fact in facts:
        bound = _bound(fact, symbol, values)
        if bound is None:
            continue
        lower, value, strict = bound
        known = ends[lower]
        if known is None or (value > known[0] if lower else value < known[0]) or (value == known[0] and strict):
            ends[lower] = (value, strict)
    low, high = ends[True] or (None, False), ends[False] or (None, False)
    return Window(
        symbol, low[0], high[0], low[1], high[1], tuple(sorted(values.items(), key=lambda i: i[0].name)), tuple(facts)
    )


def _bound(fact: Boolean, symbol: Symbol, values: dict[Symbol, Rational]) -> tuple[bool, Rational, bool] | None:
    """``(is it a lower bound, value, strict)`` when the fact bounds the symbol alone."""
    if not isinstance(fact, Relational) or isinstance(fact, Eq) or operator(fact) == "!=":
        return None
    difference = (fact.lhs - fact.rhs).xreplace(values)
    if difference.free_symbols != {symbol}:
        return None
    try:
        polynomial = Poly(difference, symbol)
    except PolynomialError:
        return None
    if polynomial.degree() != 1 or not all(c.is_Rational for c in polynomial.all_coeffs()):
        return None
    slope, rest = polynomial.all_coeffs()
    lower = (slope > 0) == (operator(fact) in (">", ">="))
    return bool(lower), -rest / slope, operator(fact) in (">", "<")


# --- refutation ------------------------------------------------------------------------------------------------------


def refute_by_balls(claim: Boolean, given: Sequence[Boolean]) -> Refuted | None:
    """A rational point, among the simplest that are tried, at which everything given holds and the claim does not."""
    best: dict[Symbol, Rational] | None = None
    for facts in windows(given):
        for point in _points(claim, facts):
            if best is not None and size(point) >= size(best):
                continue
            if _against(claim, facts, point):
                best = _simpler(claim, facts, point)
                break
    for facts in windows(given) if best is None else ():
        seen = counterexamples(claim, facts, fixed(facts))
        best = next((_simpler(claim, facts, point) for point in seen if _against(claim, facts, point)), None)
        if best is not None:
            break
    return None if best is None else Refuted(tuple(sorted(best.items(), key=lambda item: item[0].name)))


def _against(claim: Boolean, facts: Sequence[Boolean], point: dict[Symbol, Rational]) -> bool:
    return truth(claim, point) is False and all(truth(fact, point) is True for fact in facts)


def _simpler(claim: Boolean, facts: Sequence[Boolean], point: dict[Symbol, Rational]) -> dict[Symbol, Rational]:
    """The same counterexample with shorter numbers, each in turn replaced by the first simple one nearby that still is one."""
    fixed_ones = fixed(facts)
    for symbol in sorted(point.keys() - fixed_ones.keys(), key=lambda s: (-len(str(point[s])), s.name)):
        length = len(str(point[symbol]))
        shorter = (rational(value) for value in simple(_number(point[symbol])) if len(str(value)) < length)
        trials = ({**point, symbol: value} for value in shorter)
        point = next((trial for trial in trials if _against(claim, facts, trial)), point)
    return point


def size(point: dict[Symbol, Rational]) -> tuple[int, tuple[str, ...]]:
    """Orders points of the same symbols by the number of their digits, then by the numbers themselves."""
    texts = tuple(_text(point[symbol]) for symbol in sorted(point, key=attrgetter("name")))
    return sum(map(len, texts)), texts


@lru_cache(maxsize=4096)
def _text(value: Rational) -> str:
    return str(value)


def _points(claim: Boolean, facts: tuple[Boolean, ...]) -> Iterator[dict[Symbol, Rational]]:
    """Candidates in the order of their size; every symbol that occurs anywhere has a value."""
    values = fixed(facts)
    inside = window(claim, facts)
    base = witness(_rational(facts))
    if base is None:
        return
    base = {**{s: Rational(1) for s in free(claim)}, **base, **values}
    if inside is not None:
        found = [{**base, inside.symbol: value} for value in grid(inside)]
    elif not free(claim) - set(values):
        found = [base]
    else:
        found = list(_scattered(claim, facts, base, values))
    yield from sorted(found, key=size)


def _rational(facts: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    return tuple(fact for fact in facts if not fact.atoms(exp, log) and all(p.exp.is_Integer for p in fact.atoms(Pow)))


def grid(inside: Window) -> tuple[Rational, ...]:
    """Rational points of a window, simplest first: multiples of small fractions, the closed ends, and points near the ends."""
    return tuple(rational(value) for value in _grid(inside.low, inside.high, inside.low_open, inside.high_open))


@lru_cache(maxsize=256)
def _grid(least: Rational | None, most: Rational | None, low_open: bool, high_open: bool) -> tuple[fmpq, ...]:
    low = _number(least) if least is not None else _number(most) - FAR if most is not None else fmpq(-FAR)
    high = _number(most) if most is not None else max(fmpq(FAR), low + FAR)
    found: dict[fmpq, None] = {}
    for d in DENOMINATORS:
        first, last = int((low * d).ceil()), int((high * d).floor())
        if last - first <= MOST_POINTS // 2:
            found.update(dict.fromkeys(fmpq(n, d) for n in range(first, last + 1)))
    for end, turn in ((low, 1), (high, -1)):
        found.update(dict.fromkeys([end, *(end + turn * fmpq(1, 10**k) for k in range(1, 7))]))
    if not (high - low) * 100 > 40:
        found.update(dict.fromkeys(low + (high - low) * fmpq(k, 40) for k in range(41)))
    above = [v for v in found if least is None or v > low or (v == low and not low_open)]
    return tuple(
        sorted((v for v in above if most is None or v < high or (v == high and not high_open)), key=lambda v: (len(str(v)), v))
    )


def _number(value: Rational) -> fmpq:
    return fmpq(int(value.p), int(value.q))


def _scattered(
    claim: Boolean, facts: tuple[Boolean, ...], base: dict[Symbol, Rational], values: dict[Symbol, Rational]
) -> Iterator[dict[Symbol, Rational]]:
    """The base point with one or two of its coordinates moved, as far as the linear relations between them allow."""
    moving = sorted(free(claim) - set(values), key=lambda s: s.name)
    count = 0
    for group in (*((s,) for s in moving), *combinations(moving, 2)):
        for point in _moved(group, facts, base, 10 if len(group) == 1 else 4):
            count += 1
            if count > MOST_SCATTERED:
                return
            yield point


def _moved(
    group: tuple[Symbol, ...], facts: tuple[Boolean, ...], base: dict[Symbol, Rational], most: int
) -> Iterator[dict[Symbol, Rational]]:
    first, *others = group
    for value in _line(first, facts, {} if others else base, most):
        point = {**base, first: value}
        if others:
            yield from _moved(tuple(others), facts, point, most)
        else:
            yield point


def _line(symbol: Symbol, facts: tuple[Boolean, ...], point: dict[Symbol, Rational], most: int) -> tuple[Rational, ...]:
    """Simple values of one symbol between the bounds that the other coordinates leave it."""
    line = [Eq(other, value, evaluate=False) for other, value in point.items() if other != symbol]
    inside = window(Eq(symbol, 0, evaluate=False), (*(f for f in facts if not isinstance(f, Eq)), *line))
    if inside is None:
        return ()
    values = _grid(inside.low, inside.high, inside.low_open, inside.high_open)
    if len(values) > most:
        spread = sorted(values)
        values = (*values[: most // 2], *(spread[k * (len(spread) - 1) // (most // 2)] for k in range(most // 2 + 1)))
    return tuple(rational(value) for value in dict.fromkeys(values))
