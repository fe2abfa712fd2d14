"""Claims with powers and logarithms refuted by ball arithmetic: every sign is certain, or it is not used.

Candidates are rational points of what is given; the claim is evaluated there in balls whose precision is raised until they
decide. That two sides are equal is concluded only where the normal form of their difference is zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, compress
from operator import attrgetter

import flint
import numpy as np
from flint import fmpq, fmpz
from sympy import And, Expr, Implies, Not, Or, Pow, Rational, Symbol, exp, false, log, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import field
from derive.kernels import kernels
from derive.prove.cloud import counterexamples, holding
from derive.prove.evaluate import Undefined, ball, number_at
from derive.prove.goals import names
from derive.prove.points import simple, witness
from derive.prove.relations import fixed, flatten, operator, substitute
from derive.prove.space import NotRational, TooLarge, rational, space
from derive.prove.verdicts import Refuted
from derive.tree import free_symbols

PRECISIONS = (64, 192, 640)
DENOMINATORS = (1, 2, 4, 5, 10, 3, 8, 20, 6, 7, 50, 100)
FAR = 60
MOST_POINTS = 1200
MOST_SCATTERED = 160
Exact = dict[Symbol, fmpq]
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

    @property
    def ends(self) -> tuple[tuple[Rational | None, bool], tuple[Rational | None, bool]]:
        """The bounds, each with whether it is not reached."""
        return (self.low, self.low_open), (self.high, self.high_open)

    def contains(self, value: Rational) -> bool:
        """Whether the value satisfies the bounds."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return not (self.high is not None and (value > self.high or (self.high_open and value == self.high)))


# --- balls -----------------------------------------------------------------------------------------------------------


def sign_at(expression: Expr, point: dict[Symbol, Rational]) -> int | None:
    """-1, 0 or 1, certainly; None where it is undefined or stays open."""
    return _sign(expression, _exact(point))


def _exact(point: dict[Symbol, Rational]) -> Exact:
    return {symbol: _number(value) for symbol, value in point.items()}


def _sign(expression: Expr, point: Exact) -> int | None:
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            try:
                value = ball(expression, point)
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


def _vanishes(expression: Expr, point: Exact) -> bool:
    try:
        return number_at(expression, point) == 0
    except ZeroDivisionError:
        return False
    except Undefined:
        pass
    try:
        return bool(field.normal(expression.xreplace({symbol: rational(value) for symbol, value in point.items()})) == 0)
    except (field.NotRational, ZeroDivisionError, ValueError, TypeError):
        return False


def truth(claim: Boolean, point: dict[Symbol, Rational]) -> bool | None:
    """Truth at an exact point; None where it is undefined or stays open."""
    return _truth(claim, _exact(point))


def _truth(claim: Boolean, point: Exact) -> bool | None:
    if claim in (true, false):
        return bool(claim == true)
    if isinstance(claim, Not):
        inside = _truth(claim.args[0], point)
        return None if inside is None else not inside
    if isinstance(claim, Implies):
        return _truth(Or(Not(claim.args[0]), claim.args[1], evaluate=False), point)
    if isinstance(claim, And | Or):
        decisive, open_ones = isinstance(claim, Or), False
        for part in claim.args:
            found = _truth(part, point)
            if found is decisive:
                return decisive
            open_ones = open_ones or found is None
        return None if open_ones else not decisive
    if not isinstance(claim, Relational):
        return None
    sign = _sign(_gap(claim), point)
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
    moving = free_symbols(claim) - values.keys()
    if len(moving) != 1:
        return None
    (symbol,) = moving
    low, high = _ends(symbol, facts, _exact(values))
    return Window(
        symbol,
        None if low is None else rational(low[0]),
        None if high is None else rational(high[0]),
        low is not None and low[1],
        high is not None and high[1],
        tuple(sorted(values.items(), key=lambda i: i[0].name)),
        tuple(facts),
    )


End = tuple[fmpq, bool] | None
"""A bound, and whether it is not reached."""


def _ends(symbol: Symbol, facts: Iterable[Boolean], values: Exact) -> tuple[End, End]:
    """The largest lower and the smallest upper bound that facts linear in the symbol give where the others have these values."""
    ends: dict[bool, End] = {True: None, False: None}
    for fact in facts:
        bound = _bound(fact, symbol, values)
        if bound is None:
            continue
        lower, value, strict = bound
        known = ends[lower]
        if known is None or (value > known[0] if lower else value < known[0]) or (value == known[0] and strict):
            ends[lower] = (value, strict)
    return ends[True], ends[False]


def _bound(fact: Boolean, symbol: Symbol, values: Exact) -> tuple[bool, fmpq, bool] | None:
    """``(is it a lower bound, value, strict)`` when the fact bounds the symbol alone."""
    if not isinstance(fact, Relational) or symbol not in free_symbols(fact) or (op := operator(fact)) in ("=", "!="):
        return None
    try:
        line = _line_of(fact, symbol, values)
    except (NotRational, TooLarge, ZeroDivisionError):
        return None
    if line is None:
        return None
    slope, rest = line
    return (slope > 0) == (op in (">", ">=")), -rest / slope, op in (">", "<")


def _line_of(fact: Relational, symbol: Symbol, values: Exact) -> tuple[fmpq, fmpq] | None:
    """``(slope, rest)`` of the difference of the sides, where it is linear in the symbol and everything else has a value."""
    known = {other: values[other] for other in free_symbols(fact) if other in values and other != symbol}
    if any(map(kernels, fact.args)):
        fact = substitute(fact, {other: rational(value) for other, value in known.items()})
    ring = space(names((fact,)))
    if symbol not in ring.symbols:
        return None
    difference = ring.difference(fact.lhs, fact.rhs)
    at: dict[str | int, int | fmpz | fmpq] = {k: known[other] for k, other in enumerate(ring.symbols) if other in known}
    top, bottom = (part.subs(at) for part in (difference.numerator, difference.denominator))
    if not bottom.is_constant() or top.degrees() != ring.variables[ring.symbols.index(symbol)].degrees():
        return None
    slope, rest = top.leading_coefficient(), top[(0,) * ring.width]
    return slope / bottom.leading_coefficient(), rest / bottom.leading_coefficient()


# --- refutation ------------------------------------------------------------------------------------------------------


def refute_by_balls(claim: Boolean, given: Sequence[Boolean]) -> Refuted | None:
    """A rational point, among the simplest that are tried, at which everything given holds and the claim does not."""
    best: Exact | None = None
    for facts in windows(given):
        for point in _points(claim, facts):
            if best is not None and size(point) >= size(best):
                continue
            if _against(claim, facts, point):
                best = _simpler(claim, facts, point)
                break
    for facts in windows(given) if best is None else ():
        best = next((_simpler(claim, facts, point) for point in _seen(claim, facts) if _against(claim, facts, point)), None)
        if best is not None:
            break
    return None if best is None else Refuted(tuple((s, rational(best[s])) for s in sorted(best, key=attrgetter("name"))))


def _seen(claim: Boolean, facts: Sequence[Boolean]) -> Iterator[Exact]:
    """What seems to be a counterexample, unless what is fixed contradicts a fact."""
    values = _exact(fixed(facts))
    settled = (fact for fact in facts if free_symbols(fact) <= values.keys())
    return iter(()) if any(_truth(fact, values) is False for fact in settled) else counterexamples(claim, facts, values)


def _against(claim: Boolean, facts: Sequence[Boolean], point: Exact) -> bool:
    return _truth(claim, point) is False and all(_truth(fact, point) is True for fact in facts)


def _simpler(claim: Boolean, facts: Sequence[Boolean], point: Exact) -> Exact:
    """The same counterexample with shorter numbers, each in turn replaced by the first simple one nearby that still is one."""
    for symbol in sorted(point.keys() - fixed(facts).keys(), key=lambda s: (-len(str(point[s])), s.name)):
        length = len(str(point[symbol]))
        trials = ({**point, symbol: value} for value in simple(point[symbol]) if len(str(value)) < length)
        point = next((trial for trial in trials if _against(claim, facts, trial)), point)
    return point


def size(point: Exact) -> tuple[int, tuple[str, ...]]:
    """Orders points of the same symbols by the number of their digits, then by the numbers themselves."""
    texts = tuple(str(point[symbol]) for symbol in sorted(point, key=attrgetter("name")))
    return sum(map(len, texts)), texts


def _points(claim: Boolean, facts: tuple[Boolean, ...]) -> Iterator[Exact]:
    """Candidates at which the claim does not plainly hold, in the order of their size; every symbol that occurs anywhere has a
    value."""
    values = _exact(fixed(facts))
    base = witness(_rational(facts))
    if base is None:
        return
    start = {**{s: fmpq(1) for s in free_symbols(claim)}, **_exact(base), **values}
    moving = sorted(free_symbols(claim) - values.keys(), key=attrgetter("name"))
    if len(moving) == 1:
        found = [{**start, moving[0]: value} for value in _grid(*_ends(moving[0], facts, values))]
    else:
        found = list(_scattered(moving, facts, start)) if moving else [start]
    if moving and found:
        fixed_ones = {symbol: value for symbol, value in start.items() if symbol not in moving}
        columns = {symbol: np.array([float(point[symbol]) for point in found]) for symbol in moving}
        found = list(compress(found, ~holding(claim, {**fixed_ones, **columns})))
    yield from sorted(found, key=size)


def _rational(facts: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    return tuple(fact for fact in facts if not fact.atoms(exp, log) and all(p.exp.is_Integer for p in fact.atoms(Pow)))


def samples(inside: Window, count: int) -> list[Rational]:
    """About so many rational points over a window, the six next to each end among them."""
    low, high = (None if end is None else (_number(end), open_) for end, open_ in inside.ends)
    values = _ascending(low, high)
    return [rational(value) for value in sorted({*values[:: max(1, len(values) // count)], *values[:6], *values[-6:]})]


@lru_cache(maxsize=256)
def _grid(least: End, most: End) -> tuple[fmpq, ...]:
    """Rational points between two bounds, simplest first: multiples of small fractions, the ends, and points near the ends."""
    low = least[0] if least is not None else most[0] - FAR if most is not None else fmpq(-FAR)
    high = most[0] if most is not None else max(fmpq(FAR), low + FAR)
    found: dict[fmpq, None] = {}
    for d in DENOMINATORS:
        first, last = int((low * d).ceil()), int((high * d).floor())
        if last - first <= MOST_POINTS // 2:
            found.update(dict.fromkeys(fmpq(n, d) for n in range(first, last + 1)))
    for end, turn in ((low, 1), (high, -1)):
        found.update(dict.fromkeys([end, *(end + turn * fmpq(1, 10**k) for k in range(1, 7))]))
    if not (high - low) * 100 > 40:
        found.update(dict.fromkeys(low + (high - low) * fmpq(k, 40) for k in range(41)))
    above = [v for v in found if least is None or v > low or (v == low and not least[1])]
    return tuple(sorted((v for v in above if most is None or v < high or (v == high and not most[1])), key=lambda v: (len(str(v)), v)))


@lru_cache(maxsize=256)
def _ascending(least: End, most: End) -> tuple[fmpq, ...]:
    return tuple(sorted(_grid(least, most)))


def _number(value: Rational) -> fmpq:
    return fmpq(int(value.p), int(value.q))


def _scattered(moving: Sequence[Symbol], facts: tuple[Boolean, ...], base: Exact) -> Iterator[Exact]:
    """The base point with one or two of its coordinates moved, as far as the linear relations between them allow."""
    count = 0
    for group in (*((s,) for s in moving), *combinations(moving, 2)):
        for point in _moved(group, facts, base, 10 if len(group) == 1 else 4):
            count += 1
            if count > MOST_SCATTERED:
                return
            yield point


def _moved(group: tuple[Symbol, ...], facts: tuple[Boolean, ...], base: Exact, most: int) -> Iterator[Exact]:
    first, *others = group
    for value in _line(first, facts, {} if others else base, most):
        point = {**base, first: value}
        if others:
            yield from _moved(tuple(others), facts, point, most)
        else:
            yield point


def _line(symbol: Symbol, facts: tuple[Boolean, ...], point: Exact, most: int) -> tuple[fmpq, ...]:
    """Simple values of one symbol between the bounds that the other coordinates leave it."""
    ends = _ends(symbol, facts, point)
    values = _grid(*ends)
    if len(values) > most:
        spread = _ascending(*ends)
        values = (*values[: most // 2], *(spread[k * (len(spread) - 1) // (most // 2)] for k in range(most // 2 + 1)))
    return tuple(dict.fromkeys(values))
