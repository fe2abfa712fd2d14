"""A statement with named laws in place of general ones, and the value of a solution at a point of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.moments import cdf, ends, moment, overage
from derive.check.rough import doubles
from derive.check.sample import Point, flat, mp, sample, satisfied
from derive.check.values import along, exact, valued
from derive.check.zero import Undecided, is_zero, number
from derive.ir import (
    Decision,
    Distribution,
    Exponential,
    Feasibility,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Protocol,
    Stage,
    Uniform,
)
from derive.shocks import LawFunction
from derive.solution import Regime, Solution

__all__ = ["Play", "equilibrium", "in_play", "inside", "laws_in_play", "left_out", "regimes_at", "without_internal"]


_Z = Symbol("_z", real=True)
_PER_POINT = 20
"""Admissible points among which one of a region that speaks of a law is looked for."""


@dataclass(frozen=True)
class Play:
    """A `model` whose shocks have named laws; `heads` give the law by the name of its cdf.

    `derived` are parameters of the statement that the named laws determine (ends and means of general laws).
    """

    model: Model
    heads: tuple[tuple[str, Distribution], ...]
    derived: tuple[tuple[Symbol, Expr], ...]

    @cached_property
    def laws(self) -> dict[Symbol, Distribution]:
        """The law of each shock."""
        return {shock.symbol: shock.distribution for shock in self.model.shocks}

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The parameters that can be chosen."""
        return tuple(parameter.symbol for parameter in self.model.parameters)

    @cached_property
    def assumptions(self) -> tuple[Boolean, ...]:
        """What the parameters satisfy, the conditions of the laws included."""
        found: list[Boolean] = list(self.model.assumptions)
        for law in self.laws.values():
            found += [sympy.Lt(law.low, law.high)] if isinstance(law, Uniform) else []
            found += [sympy.Gt(getattr(law, name), 0) for name in ("variance", "exponent") if hasattr(law, name)]
            found += [sympy.Gt(law.mean, 0)] if isinstance(law, Exponential) else []
        return flat(found)

    def missing(self, solution: Solution) -> bool:
        """Whether the solution speaks of an end that is infinite here, so that its formulas say nothing."""
        lost = {symbol for symbol, value in self.derived if value.is_finite is False}
        exprs = [e for r in solution.regimes for _, e in r.values] + [e for r in solution.regimes for e in r.region]
        exprs += [e for r in solution.regimes for i in r.implicit for e in (i.equation, i.low, i.high)]
        return any(expr.free_symbols & lost for expr in exprs)

    def points_in(self, regime: Regime, rng: random.Random, count: int) -> list[Point]:
        """At most `count` random admissible points of a regime's region; none where it speaks of implicit quantities.

        Where it speaks of a law, whose values change with the parameters, they are looked for among admissible points.
        """
        region = flat(relation.xreplace(dict(self.derived)) for relation in regime.region)
        if sympy.false in region or any(not relation.free_symbols <= set(self.symbols) for relation in region):
            return []
        integers = frozenset(p.symbol for p in self.model.parameters if p.integer)
        of_laws = any(relation.has(LawFunction) for relation in region)
        asked, tries = (self.assumptions, _PER_POINT * count) if of_laws else ((*self.assumptions, *region), count)
        found = [self.complete(point) for point in sample(asked, self.symbols, rng, tries, integers)]
        return [point for point in found if inside(regime, point, self)][:count] if of_laws else found

    def among(self, regimes: Iterable[Regime], points: Sequence[Point], rng: random.Random, least: int) -> list[Point]:
        """The points, and more where fewer than `least` lie in the region of one of the regimes."""
        found = list(points)
        for regime in regimes:
            missing = least - sum(inside(regime, point, self) for point in points)
            found += self.points_in(regime, rng, missing) if missing > 0 else []
        return found

    def settled(self, seed: int, count: int) -> list[Point]:
        """At most `count` admissible points, the same for all solutions under the same assumptions."""
        integers = frozenset(p.symbol for p in self.model.parameters if p.integer)
        return [self.complete(dict(point)) for point in _settled(self.assumptions, self.symbols, seed, count, integers)]

    def complete(self, point: Point) -> Point:
        """A point with what the laws determine."""
        found = dict(point)
        if not self.derived:
            return found
        for symbol, expr in self.derived:
            with suppress(ZeroDivisionError):
                values = exact((expr,), point)
                found |= {symbol: values[0]} if values is not None else {}
        return found

    def between(self, start: Point, stop: Point, share: Fraction) -> Point:
        """The point that far on the way from one to the other."""
        return self.complete({symbol: _between(start[symbol], stop[symbol], share) for symbol in self.symbols})

    def apply(self, at: Mapping[Symbol, Any]) -> Any:
        """Values of the law functions (``Cdf:F``, ``Overage:F``, ``Density:F``) at a point, everywhere on the line."""
        heads, reach = dict(self.heads), {}

        def value(name: str, args: tuple[Any, ...]) -> Any:
            kind, _, law_name = name.partition(":")
            if law_name not in heads:
                raise Undecided(f"no value for {name}")
            law = heads[law_name]
            if law_name not in reach:
                reach[law_name] = [number(end, at) if end.is_finite is not False else None for end in ends(law)]
            low, high = reach[law_name]
            inside = (low is None or args[0] > low) and (high is None or args[0] < high)
            past = high is not None and args[0] >= high
            if kind == "Overage" and past:
                return args[0] - number(moment(law, 1), at)
            if not inside:
                return mpmath.mpf(past if kind == "Cdf" else 0)
            return number(_closed(kind, law), {**at, _Z: args[0]})

        return value


def _between(start: Fraction, stop: Fraction, share: Fraction) -> Fraction:
    """``start + share * (stop - start)``, brought to lowest terms once."""
    above = start.numerator * stop.denominator * (share.denominator - share.numerator)
    above += stop.numerator * start.denominator * share.numerator
    return Fraction(above, start.denominator * stop.denominator * share.denominator)


@lru_cache(maxsize=64)
def _closed(kind: str, law: Distribution) -> Expr:
    """The cdf of a named law, its overage or its density, at `_Z` in its support."""
    if kind == "Overage":
        return overage(law, _Z)
    return cdf(law, _Z) if kind == "Cdf" else cdf(law, _Z).diff(_Z)


@lru_cache(maxsize=64)
def _settled(
    relations: tuple[Boolean, ...], symbols: tuple[Symbol, ...], seed: int, count: int, integers: frozenset[Symbol]
) -> tuple[Point, ...]:
    return tuple(sample(relations, symbols, random.Random(seed), count, integers))


def laws_in_play(model: Model, instance: str) -> list[Play]:
    """The statement under each of its instances (the one called `instance`, if any).

    A general law without instances becomes uniform, or exponential where it has no upper end. An instance whose law contradicts
    the statement is left out.
    """
    general = {s.symbol: s.distribution for s in model.shocks if isinstance(s.distribution, GeneralDistribution)}
    options = [i for i in model.instances if i.key == instance or not instance]
    if general and not options:
        made = tuple((s, Exponential(g.mean) if g.high == sympy.oo else Uniform(g.low, g.high)) for s, g in general.items())
        options = [Instance("", made)]
    return [play for option in options or [Instance("", ())] if (play := _play(model, option)) is not None]


def _play(model: Model, instance: Instance) -> Play | None:
    laws = dict(instance.laws)
    values: dict[Symbol, Expr] = {}
    ties: list[Boolean] = []
    heads: list[tuple[str, Distribution]] = []
    for shock in model.shocks:
        law, named = shock.distribution, laws.get(shock.symbol, shock.distribution)
        heads.append((law.cdf if isinstance(law, GeneralDistribution) else f"F_{shock.symbol}", named))
        if isinstance(law, GeneralDistribution):
            for general, value in zip((law.low, law.high, law.mean), (*ends(named), moment(named, 1)), strict=True):
                general, value = sympy.sympify(general), sympy.sympify(value)
                if general.is_Symbol and general not in value.free_symbols:
                    values[general] = value
                elif general != value:
                    ties.append(sympy.Eq(general, value))
    shocks = tuple(replace(shock, distribution=laws.get(shock.symbol, shock.distribution)) for shock in model.shocks)
    assumptions = tuple(r.xreplace(values) for r in (*model.assumptions, *ties)) + instance.assumptions
    if sympy.false in assumptions:
        return None
    parameters: tuple[Parameter, ...] = (*(p for p in model.parameters if p.symbol not in values), *instance.parameters)

    def put(stage: Stage) -> Stage:
        return Stage(tuple(put_in(decision) for decision in stage.decisions))

    def put_in(decision: Decision) -> Decision:
        fields = [("relation" if isinstance(c, Feasibility) else "reservation", c) for c in decision.subject_to]
        changed = [replace(c, **{name: sympy.sympify(getattr(c, name)).xreplace(values)}) for name, c in fields]
        return replace(decision, subject_to=tuple(changed))

    changed = replace(
        model,
        parameters=parameters,
        assumptions=assumptions,
        shocks=shocks,
        players=tuple(replace(p, objective=p.objective.xreplace(values)) for p in model.players),
        variables=tuple(replace(v, domain=flat(r.xreplace(values) for r in v.domain)) for v in model.variables),
        definitions=tuple(replace(d, value=d.value.xreplace(values)) for d in model.definitions),
        protocols=tuple(replace(p, stages=tuple(map(put, p.stages))) for p in model.protocols),
    )
    return Play(changed, tuple(heads), tuple(values.items()))


def in_play(statement: Model, solution: Solution) -> Model:
    """The statement with 1 for variables that nobody chooses under this protocol: they cancel from all that is maximised.

    Where one does not cancel, values at 1 do not agree with the solution's and are rejected.
    """
    protocol = statement.protocol(solution.protocol)
    chosen = {symbol for stage in protocol.stages for decision in stage.decisions for symbol in decision.chooses}
    idle = {v.symbol: sympy.S.One for v in statement.variables if v.symbol not in chosen}
    return replace(
        statement,
        definitions=tuple(replace(d, value=d.value.xreplace(idle)) for d in statement.definitions),
        aggregates=tuple(replace(one, of=one.of.xreplace(idle)) for one in statement.aggregates),
        players=tuple(replace(p, objective=p.objective.xreplace(idle)) for p in statement.players),
    )


def without_internal(worth: Mapping[str, Expr], protocol: Protocol, known: Iterable[Symbol]) -> dict[str, Expr]:
    """Payoffs without what is paid inside a coalition: symbols that nobody chooses and that cancel from every objective.

    They are set to one half. Raises `Undecided` for one that matters to somebody who decides.
    """
    chosen = {s for stage in protocol.stages for d in stage.decisions for s in d.chooses}
    idle = {s for expr in worth.values() for s in expr.free_symbols} - chosen - set(known)
    for symbol in sorted(idle, key=str):
        for decision in (d for stage in protocol.stages for d in stage.decisions):
            if not is_zero(sympy.Add(*[worth[name] for name in decision.by]).diff(symbol)):
                raise Undecided(f"{symbol} is chosen by nobody, and {' and '.join(decision.by)} depend on it")
    half = dict.fromkeys(idle, sympy.Rational(1, 2))
    return {name: expr.xreplace(half) for name, expr in worth.items()}


def equilibrium(regime: Regime, point: Point, play: Play) -> dict[Symbol, Any]:
    """The values of a regime at a point, to 30 digits; implicit quantities by bisection. Raises ArithmeticError, Undecided."""
    with mpmath.workdps(30):
        at: dict[Symbol, Any] = dict(mp(point))
        apply = play.apply(at)
        for implicit in regime.implicit:
            at[implicit.symbol] = _bisect(implicit.symbol, implicit.equation, implicit.low, implicit.high, at, apply)
        at |= _member(regime, point)
        at |= valued(regime.values, at, apply)
    return at


def _member(regime: Regime, point: Point) -> dict[Symbol, Any]:
    """Values of the choices that a regime leaves free, well inside what it allows. Raises ArithmeticError where none is found."""
    at: dict[Symbol, Any] = mp(point)
    for place, symbol in enumerate(regime.free):
        low, high = -mpmath.inf, mpmath.inf
        for slope, level in _without(_lines(regime.among, regime.free[place:], at)):
            low = max(low, -level / slope) if slope > 0 else low
            high = min(high, -level / slope) if slope < 0 else high
        if low > high:
            raise ArithmeticError(f"no choice of {symbol} is allowed")
        low = low if mpmath.isfinite(low) else (high - 2 if mpmath.isfinite(high) else mpmath.mpf(0))
        high = high if mpmath.isfinite(high) else low + 2
        at[symbol] = low + (high - low) * 5 / 13
    return {symbol: at[symbol] for symbol in regime.free}


def _lines(among: Sequence[Boolean], free: Sequence[Symbol], at: Mapping[Symbol, Any]) -> list[tuple[Any, ...]]:
    """The relations that are linear in the free choices at a point: the slope in each of them, and the level."""
    there = {**at, **dict.fromkeys(free, mpmath.mpf(0))}
    gaps = [relation.gts - relation.lts for relation in among if relation.free_symbols & set(free)]
    slopes = [(gap, [gap.diff(symbol) for symbol in free]) for gap in gaps]
    linear = [(gap, own) for gap, own in slopes if not any(slope.free_symbols & set(free) for slope in own)]
    return [(*(number(slope, there) for slope in own), number(gap, there)) for gap, own in linear]


def _without(lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What the lines say of the first choice, whatever the others are: those eliminated after Fourier and Motzkin."""
    while lines and len(lines[0]) > 2:
        up, down = [line for line in lines if line[-2] > 0], [line for line in lines if line[-2] < 0]
        kept = [(*line[:-2], line[-1]) for line in lines if line[-2] == 0]
        pairs = [(one, other, -one[-2] / other[-2]) for one in up for other in down]
        lines = kept + [
            tuple(a + share * b for a, b in zip((*one[:-2], one[-1]), (*other[:-2], other[-1]), strict=True))
            for one, other, share in pairs
        ]
    return lines


def _bisect(symbol: Symbol, equation: Expr, low: Expr, high: Expr, at: dict[Symbol, Any], apply: Any) -> Any:
    """The root between the two ends, by bisection; the secant method ends it where that brackets the root to 26 digits."""

    side = along(equation, symbol, at, apply)
    a = number(low, at, apply) if low.is_finite is not False else None
    b = number(high, at, apply) if high.is_finite is not False else None
    unit = b - a if a is not None and b is not None else mpmath.mpf(1)
    tiny = unit * mpmath.mpf(10) ** -18
    left = a + tiny if a is not None else (b if b is not None else mpmath.mpf(0)) - unit
    right = b - tiny if b is not None else (a if a is not None else mpmath.mpf(0)) + unit
    below, above = side(left), side(right)
    for _ in range(80):
        if below * above <= 0:
            break
        left, right = (left - unit if a is None else left), (right + unit if b is None else right)
        below, above = side(left), side(right)
        unit *= 2
    else:
        raise ArithmeticError(f"no root of {equation}")
    for turn in range(110):
        if turn in (3, 10):
            root = _by_secants(side, left, right)
            if root is not None:
                return root
        middle = (left + right) / 2
        left, right = (middle, right) if side(middle) * below > 0 else (left, middle)
    return (left + right) / 2


def _by_secants(side: Callable[[Any], Any], left: Any, right: Any) -> Any:
    """A root between the two ends, bracketed to 26 digits; None where secants do not lead there."""
    (before, level), (x, here) = (left, side(left)), (right, side(right))
    try:
        for _ in range(12):
            if here == level or abs(x - before) <= abs(x) * mpmath.mpf(10) ** -28:
                break
            before, level, x = x, here, x - here * (x - before) / (here - level)
            here = side(x)
        nearby = [side(x * (1 + sign * mpmath.mpf(10) ** -26)) for sign in (-1, 1)]
    except (ArithmeticError, ValueError):
        return None
    return x if left <= x <= right and nearby[0] * nearby[1] <= 0 else None


def inside(regime: Regime, point: Point, play: Play) -> bool:
    """Whether a point lies in the region of a regime; relations on implicit quantities are judged at their values."""
    relations, symbols = _opened(regime.region)
    with mpmath.workdps(30):
        at: Mapping[Symbol, Any] = point
        if not symbols <= point.keys():
            try:
                at = equilibrium(regime, point, play)
            except (ArithmeticError, ValueError):
                return False
        apply, near = play.apply(at), doubles(at)
        return all(satisfied(relation, at, apply, near) for relation in relations)


@lru_cache(maxsize=1024)
def _opened(region: tuple[Boolean, ...]) -> tuple[tuple[Boolean, ...], frozenset[Symbol]]:
    """The relations of a region, and what they speak of."""
    relations = flat(region)
    return relations, frozenset(symbol for relation in relations for symbol in relation.free_symbols)


def regimes_at(solution: Solution, point: Point, play: Play) -> list[Regime]:
    """The regimes whose region contains a point."""
    return [regime for regime in solution.regimes if inside(regime, point, play)]


def left_out(solution: Solution, point: Point, play: Play) -> bool:
    """Whether a point lies in a region that is said to have no regime."""
    with mpmath.workdps(30):
        return any(all(satisfied(relation, point, play.apply(point)) for relation in gap.region) for gap in solution.gaps)


def agree_at(regimes: Sequence[Regime], point: Point, play: Play) -> bool:
    """Whether regimes that meet at a point give every quantity the same value there."""
    if any(regime.free for regime in regimes):
        return False
    try:
        values = [equilibrium(regime, point, play) for regime in regimes]
    except (ArithmeticError, Undecided):
        return False
    told = [{symbol: at[symbol] for symbol, _ in regime.values} for regime, at in zip(regimes, values, strict=True)]
    first, *others = told
    tolerance = mpmath.mpf(10) ** -20
    return all(first.keys() == one.keys() and all(abs(first[s] - one[s]) <= tolerance * (1 + abs(one[s])) for s in first) for one in others)
