"""Every choice that a solution records, on and off the path of play, held against all others along a line, exactly.

At rational points of what is given and chosen before, the recorded response of a stage (its regimes, for the first one) says what
each decision chooses. Each choice is varied over its whole range, what later stages answer being read from the responses recorded
for them, which are verified in the same way; a decision with several choices is also varied along other lines through the stated
one. The best choice on a line is found by `derive.check.line`, without a tolerance where all stated values are rational.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

import mpmath
import sympy
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.game import game_of
from derive.check.groups import written_out
from derive.check.line import (
    Branch,
    Condition,
    Conditions,
    NotRational,
    Reader,
    Value,
    cases_of,
    element,
    rational,
    search,
)
from derive.check.play import Play, laws_in_play
from derive.check.ratios import STEP, constant
from derive.check.sample import Point, flat, sample, satisfied
from derive.check.zero import Undecided
from derive.ir import Decision, Model, Participation
from derive.solution import Case, Solution

__all__ = ["Verified", "verified"]

MOST = 3
NEIGHBOURS = 3  # cases next in the list that the edges of a case are looked for with
HALVINGS = 20
TRIALS = 6
MOST_POINTS = 20  # of a stage, for each point of a case
GAMES = 2  # games that groups are written out as
LINES = 3  # lines through a stated choice of several quantities, beside those along each of them
GRAIN = Rational(1, 10**15)  # what a payoff with irrational parts may miss, relative to its size
Values = Mapping[Symbol, Value]


@dataclass(frozen=True)
class Verified:
    """How many choices were held against all others at how many exact points, what was found, and what was left to sampling."""

    points: int
    choices: int
    findings: tuple[str, ...]
    sampled: tuple[str, ...] = ()


def verified(statement: Model, solution: Solution, points: int) -> Verified:
    """Verify what is recorded of each stage at about `points` points per case."""
    games = written_out(statement, solution)[:GAMES]
    if games:
        found = [verified(game, solved, points) for game, solved in games]
        return Verified(
            sum(one.points for one in found),
            sum(one.choices for one in found),
            tuple(finding for one in found for finding in one.findings),
            tuple(dict.fromkeys(what for one in found for what in one.sampled)),
        )
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    if not plays:
        return Verified(0, 0, ())
    try:
        return _Stages(solution, plays[0]).verify(points)
    except (Undecided, NotRational) as reason:
        return Verified(0, 0, (), (str(reason),))


class _Stages:
    """A protocol with what is recorded of each stage."""

    def __init__(self, solution: Solution, play: Play) -> None:
        self.solution, self.play = solution, play
        self.protocol = play.model.protocol(solution.protocol)
        self.board = game_of(play, solution.protocol)
        self.domain = {v.symbol: v.domain for v in play.model.variables}
        self.finite = {v.symbol: v.values for v in play.model.variables if v.values}
        self.findings: list[str] = []
        self.sampled: dict[str, None] = {}
        self.choices = 0
        self._opened: dict[tuple[Expr, tuple[Boolean, ...]], tuple[tuple[Conditions, Expr], ...]] = {}

    def verify(self, count: int) -> Verified:
        tried = 0
        for number in range(len(self.protocol.stages), 0, -1):
            cases = self._recorded(number)
            for case, point in islice(self._points(number, cases, count), MOST_POINTS * count):
                tried += 1
                if len(self.findings) < MOST:
                    self._stage(number, case, {s: element(Rational(v.numerator, v.denominator)) for s, v in point.items()})
        return Verified(tried, self.choices, tuple(self.findings), tuple(self.sampled))

    # --- what is recorded

    def _recorded(self, number: int) -> tuple[Case, ...]:
        """How the game goes on from a stage, by cases; nothing where that is not recorded in closed form."""
        if number == 1:
            regimes = [r for r in self.solution.regimes if not r.outside and not r.free]
            if any(regime.implicit for regime in regimes):
                self.sampled[f"stage {number}: roots"] = None
            return tuple(Case(r.region, r.values) for r in regimes if not r.implicit)
        return self._response(number) or ()

    def _response(self, number: int) -> tuple[Case, ...] | None:
        if number > len(self.protocol.stages):
            return (Case((), ()),)
        found = [r for r in self.solution.responses if r.complete and r.stage == number]
        if len(found) != 1 or found[0].implicit or any(case.free for case in found[0].cases):
            self.sampled[f"stage {number}: no response in closed form"] = None
            return None
        return found[0].cases

    def _points(self, number: int, cases: Sequence[Case], count: int) -> Iterator[tuple[Case, Point]]:
        """Points of every case, and on both sides of where one gives way to another."""
        before = [d for stage in self.protocol.stages[: number - 1] for d in stage.decisions]
        symbols = (*self.play.symbols, *(s for d in before for s in d.chooses))
        allowed = [r for d in before for r in self._constraints(d) if r.free_symbols <= set(symbols)]
        known = flat((*self.play.assumptions, *allowed))
        rng = random.Random(number)
        whole = frozenset(p.symbol for p in self.play.model.parameters if p.integer)
        derived, ties = dict(self.play.derived), self.board.ties
        regions = [flat(relation.xreplace(derived).xreplace(ties) for relation in case.region) for case in cases]
        usable = [
            (case, region)
            for case, region in zip(cases, regions, strict=True)
            if sympy.false not in region and all(r.free_symbols <= set(symbols) for r in region)
        ]
        placed = [(case, region, _some((*known, *region), symbols, rng, count, whole)) for case, region in usable]
        yield from ((case, point) for case, _, points in placed for point in points)
        for i, (_, region, points) in enumerate(placed):
            for _, _, others in placed[i + 1 : i + 1 + NEIGHBOURS]:
                for start, stop in zip(points[:1], others[:1], strict=False):
                    if any(start[symbol] != stop[symbol] for symbol in whole):
                        continue
                    for point in _either_side(start, stop, region):
                        holding = [case for case, own in usable if _in(own, point)]
                        if _in(known, point):
                            yield from ((case, point) for case in holding if len(holding) == 1)
                            if not holding:
                                self.sampled[f"stage {number}: choices before after which nothing is recorded"] = None

    def _constraints(self, decision: Decision) -> list[Boolean]:
        """The bounds and constraints of a decision, participation included, in terms of choices."""
        relations = [r for symbol in decision.chooses for r in self.domain.get(symbol, ())]
        for constraint in decision.subject_to:
            if isinstance(constraint, Participation):
                relations.append(self.board.worth[constraint.player] >= self.board.plain(sympy.sympify(constraint.reservation)))
            else:
                relations.append(constraint.relation)
        found = []
        for relation in flat(relations):
            sides = self.board.plain(relation.lhs), self.board.plain(relation.rhs)
            changed = relation.func(*sides)
            if changed != sympy.true:
                found.append(changed)
        return found

    # --- one stage at one point

    def _stage(self, number: int, case: Case, point: Values, exact: bool = True) -> None:
        read = Reader(dict(point))
        own = {s for d in self.protocol.stages[number - 1].decisions for s in d.chooses}
        try:
            for symbol in sorted(set(self.board.ties) & set(point), key=str):
                read.at[symbol] = read(self.board.plain(self.board.ties[symbol]))
            read = Reader(read.at, read.exact)
            read.learn(case.values)
        except NotRational:
            self.sampled[f"stage {number}: values that are no numbers"] = None
            return
        exact, at = exact and read.exact, read.at
        for symbol in sorted(set(self.board.ties) & own & set(at), key=str):
            if not _close(read(self.board.plain(self.board.ties[symbol])), at[symbol]):
                self._found(number, f"{symbol} is not what a constraint makes it", point)
        following = self._response(number + 1)
        if following is None:
            return
        self._goes_on(number, at, following, exact)
        for decision in self.protocol.stages[number - 1].decisions:
            if not set(decision.chooses) <= set(at):
                continue
            try:
                self._decision(number, decision, at, following, point, exact)
            except NotRational:
                self.sampled[f"stage {number}: {', '.join(map(str, decision.chooses))}"] = None

    def _found(self, number: int, what: str, point: Values) -> None:
        where = ", ".join(f"{symbol} = {rational(value)}" for symbol, value in point.items())
        self.findings.append(f"stage {number}: {what} at {where}")

    def _goes_on(self, number: int, at: Values, following: Sequence[Case], exact: bool) -> None:
        """What is recorded of this stage and of the next one agree on how the game goes on, or both are best."""
        later = self._chosen_from(number + 1)
        before = {s: v for s, v in at.items() if s not in later}
        stated = tuple((s, at[s]) for s in at if s in later)
        read = Reader(before)
        try:
            holding = [c for c in following if all(part.holds(Fraction(0)) for part in self._conditions(c.region, read))]
            if len(holding) != 1:  # an edge, on which the choice may lie
                return
            answer = self._resolved(holding[0], before)
        except NotRational:
            return
        if any(symbol in answer.at and not _close(answer.at[symbol], value) for symbol, value in stated):
            case = Case((), tuple((s, _number(value)) for s, value in stated))
            self._stage(number + 1, case, before, exact)  # it may be an answer as good as the recorded one

    def _chosen_from(self, number: int) -> set[Symbol]:
        return {s for stage in self.protocol.stages[number - 1 :] for d in stage.decisions for s in d.chooses}

    def _resolved(self, case: Case, here: Values) -> Reader:
        """A reader that knows what was chosen before and the values of a case."""
        read = Reader(dict(here))
        read.learn(case.values)
        return Reader(read.at, read.exact)

    def _conditions(self, relations: Iterable[Boolean], read: Reader) -> tuple[Condition, ...]:
        """Relations without cases of their own, as conditions on the unknown."""
        parts = self._cases(sympy.S.Zero, tuple(flat(relations)))
        if len(parts) != 1:
            return () if parts else (Condition("!=", read(sympy.S.Zero)),)
        return _read_in(read, parts[0][0])

    def _cases(self, expr: Expr, relations: tuple[Boolean, ...] = ()) -> tuple[tuple[Conditions, Expr], ...]:
        key = (expr, relations)
        if key not in self._opened:
            self._opened[key] = cases_of(expr, relations)
        return self._opened[key]

    def _decision(
        self, number: int, decision: Decision, at: Values, following: Sequence[Case], point: Values, exact: bool
    ) -> None:
        later = self._chosen_from(number + 1)
        own = [s for s in decision.chooses if s not in self.board.ties]
        if self.board.crossed & set(own):
            raise NotRational("what others choose moves an equality")
        fixed = {s: v for s, v in at.items() if s not in later and s not in own}
        worth = sympy.Add(*[self.board.worth[name] for name in decision.by])
        constraints = self._constraints(decision)
        early = tuple(r for r in constraints if not r.free_symbols & later)
        late = tuple(r for r in constraints if r.free_symbols & later)
        level = self._level(worth, Reader(dict(at)), exact)
        for line in self._lines(own, at):
            here = {**fixed, **line}
            branches = []
            for case in following:
                read = self._resolved(case, here)
                region = self._conditions(case.region, read)
                if any(condition.never for condition in region):
                    continue
                for conditions, value in self._cases(worth, late):
                    paid, *gaps = read.all((value, *(gap for _, gap in conditions)))
                    apart = tuple(Condition(op, gap) for (op, _), gap in zip(conditions, gaps, strict=True))
                    branches.append(Branch(region, paid, apart))
            self.choices += 1
            found = search(branches, self._conditions(early, Reader(here)), level)
            if found.better is not None:
                chosen = ", ".join(f"{s} = {Reader({})(_number(e, found.better))}" for s, e in line.items())
                self._found(number, f"{' and '.join(decision.by)} would rather choose {chosen}", point)
                return
            if found.silent is not None:
                self.sampled[f"stage {number}: choices of {', '.join(map(str, own))} after which nothing is recorded"] = None

    def _level(self, worth: Expr, read: Reader, exact: bool) -> Value:
        """What the stated choices pay, or hardly more where that is not known exactly."""
        for conditions, value in self._cases(worth):
            if all(Condition(op, read(gap)).holds(Fraction(0)) for op, gap in conditions):
                level = rational(read(value))
                if level is not None:
                    return element(level if exact and read.exact else level + GRAIN * (1 + abs(level)))
        raise NotRational("a payoff is no number")

    def _lines(self, own: Sequence[Symbol], at: Values) -> Iterator[dict[Symbol, Value]]:
        """Lines through the stated choice: along each quantity, and a few others where there are several; with each of the other
        values of what is chosen among a few."""
        among = [symbol for symbol in own if symbol in self.finite]
        ranges = [symbol for symbol in own if symbol not in self.finite]
        for values in product(*(self.finite[symbol] for symbol in among)):
            here = {**{s: at[s] for s in own}, **{s: Reader({})(v) for s, v in zip(among, values, strict=True)}}
            yield from ({**here, symbol: STEP} for symbol in ranges)
            if not ranges:
                yield here
            rng = random.Random(len(ranges))
            for _ in range(LINES if len(ranges) > 1 else 0):
                yield {**here, **{s: here[s] + constant(rng.choice((-3, -2, -1, 1, 2, 3))) * STEP for s in ranges}}


def _read_in(read: Reader, conditions: Conditions) -> tuple[Condition, ...]:
    gaps = read.all(tuple(gap for _, gap in conditions))
    return tuple(Condition(op, gap) for (op, _), gap in zip(conditions, gaps, strict=True))


def _number(value: Value, step: Rational = sympy.S.Zero) -> Expr:
    """A value on a line as a number, the unknown being `step`."""
    found = value.at(Fraction(int(step.p), int(step.q)))
    if found is None:
        raise NotRational("a choice is no number")
    return Rational(found.numerator, found.denominator)


def _close(left: Value, right: Value) -> bool:
    gap, size = rational(left - right), rational(left)
    return gap is None or size is None or abs(gap) <= GRAIN * (1 + abs(size))


def _some(
    known: Sequence[Boolean], symbols: Sequence[Symbol], rng: random.Random, count: int, whole: frozenset[Symbol]
) -> list[Point]:
    """That many points of a region, also of one that is hard to hit."""
    found: list[Point] = []
    for _ in range(TRIALS):
        found += sample(known, symbols, rng, count - len(found), whole)
        if len(found) >= count:
            break
    return found


def _in(region: Iterable[Boolean], point: Point) -> bool:
    with mpmath.workdps(50):  # next to a boundary that is a double root little is left of the digits
        return all(satisfied(relation, point) for relation in region)


def _either_side(start: Point, stop: Point, region: Sequence[Boolean]) -> tuple[Point, Point]:
    """The last point in a region and the first one outside on the way from one point to another, but for a hair."""

    def between(share: Fraction) -> Point:
        return {symbol: start[symbol] + share * (stop[symbol] - start[symbol]) for symbol in start}

    low, high = Fraction(0), Fraction(1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _in(region, between(middle)) else (low, middle)
    return between(low), between(high)
