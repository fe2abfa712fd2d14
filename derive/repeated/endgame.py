"""Exact sequential equilibria of a finitely repeated two-action game in which one player may be a committed reciprocator.

Backward induction on the number of stages left. While the informed player has behaved as its committed type, the situation is the
belief in that type and the committed automaton's state; once it has not, both refuse to the end. For each number of stages left the
interval of beliefs ``[prior, 1]`` falls into open cells and their end points. In a cell one equilibrium is kept: the informed
player's value is constant and the uninformed player's is affine in the belief (all candidate plans keep this form). At an end point,
where the uninformed player is indifferent, a whole interval of values of the informed player can be supported; the earlier stages
use it to make the informed player willing to mix. Everything is a rational number.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["FRIENDLY", "HOSTILE", "Level", "Option", "Payoffs", "indifferent", "levels"]

FRIENDLY, HOSTILE = 0, 1
MOST = 6
WIDEST = 40


@dataclass(frozen=True)
class Payoffs:
    """One player's four stage payoffs."""

    reward: Fraction
    exploited: Fraction
    temptation: Fraction
    punishment: Fraction


@dataclass(frozen=True, eq=False)
class Option:
    """One equilibrium of the rest of the game at one belief or in one cell.

    The informed player's value may be anything in ``[low, high]``; the uninformed player's is ``constant + slope * belief``.
    ``posterior`` is the belief after cooperation (None: it moves with the belief), ``turns`` the interval of the uninformed
    player's probability of cooperating, ``then`` the options that follow its cooperation and its refusal.
    """

    low: Fraction
    high: Fraction
    constant: Fraction
    slope: Fraction
    posterior: Fraction | None
    turns: tuple[Fraction, Fraction]
    mimics: bool
    then: tuple[Option, Option] | None = field(repr=False)

    def uninformed(self, belief: Fraction) -> Fraction:
        """The uninformed player's value at that belief."""
        return self.constant + self.slope * belief


@dataclass(frozen=True)
class Level:
    """All kept options with `left` stages to go, by state, at the points and in the cells between them."""

    left: int
    points: tuple[Fraction, ...]
    at: tuple[tuple[tuple[Option, ...], ...], tuple[tuple[Option, ...], ...]]
    within: tuple[tuple[tuple[Option, ...], ...], tuple[tuple[Option, ...], ...]]

    def options(self, state: int, belief: Fraction) -> tuple[Option, ...]:
        """The options at a belief."""
        index = bisect_left(self.points, belief)
        if index < len(self.points) and self.points[index] == belief:
            return self.at[state][index]
        return self.within[state][index - 1]


def levels(
    informed: Payoffs, uninformed: Payoffs, prior: Fraction, stages: int, forgives: bool, breadth: int
) -> tuple[Level, ...]:
    """Levels ``0 .. stages``, with at most `breadth` options kept in a cell, until one lacks the prior or grows too wide.

    The committed type forgives (it cooperates again once the other has) or never does.
    A level may lack an option at some belief; then no equilibrium of this form was found there.
    """
    zero = Fraction(0)
    done = Option(zero, zero, zero, zero, None, (zero, zero), False, None)
    found = [Level(0, (prior, Fraction(1)), (((done,),) * 2,) * 2, (((done,),),) * 2)]
    for _ in range(stages):
        found.append(_next(found[-1], informed, uninformed, forgives, breadth))
        if len(found[-1].points) > WIDEST:
            break
    return tuple(found)


def _next(after: Level, one: Payoffs, two: Payoffs, forgives: bool, breadth: int) -> Level:
    left = after.left + 1
    points = tuple(sorted(set(after.points) | _breaks(after, two)))
    at = tuple(
        tuple(_kept(_candidates(after, left, state, belief, one, two, forgives)) for belief in points)
        for state in (FRIENDLY, HOSTILE)
    )
    within = tuple(
        tuple(_cell(after, left, state, low, high, one, two, forgives)[:breadth] for low, high in itertools.pairwise(points))
        for state in (FRIENDLY, HOSTILE)
    )
    return _joined(Level(left, points, (at[0], at[1]), (within[0], within[1])))


def _joined(level: Level) -> Level:
    """The same level without the points at which nothing changes."""

    def values(state: int, index: int) -> list[tuple[Fraction, ...]]:
        return [(item.low, item.high, item.constant, item.slope) for item in level.within[state][index]]

    last = len(level.points) - 1
    kept = [
        index
        for index in range(last + 1)
        if index in (0, last)
        or any(
            values(state, index - 1) != values(state, index)
            or any(
                all(item.low < cell[0] or item.high > cell[1] for cell in values(state, index))
                for item in level.at[state][index]
            )
            for state in (FRIENDLY, HOSTILE)
        )
    ]
    at = tuple(tuple(level.at[state][index] for index in kept) for state in (FRIENDLY, HOSTILE))
    within = tuple(tuple(level.within[state][index] for index in kept[:-1]) for state in (FRIENDLY, HOSTILE))
    return Level(level.left, tuple(level.points[index] for index in kept), (at[0], at[1]), (within[0], within[1]))


def _breaks(after: Level, two: Payoffs) -> set[Fraction]:
    """Beliefs at which the uninformed player's preference can turn, one stage earlier."""
    prior = after.points[0]
    gap = two.punishment - two.exploited
    found: set[Fraction] = set()
    for index, (low, high) in enumerate(zip(after.points, after.points[1:], strict=False)):
        for friendly in after.within[FRIENDLY][index]:
            for hostile in after.within[HOSTILE][index]:
                tempted = two.temptation + hostile.constant - two.reward - friendly.constant
                rise = friendly.slope - hostile.slope
                roots = [tempted / rise] if rise else []
                restore = gap + hostile.constant - friendly.constant
                roots += [restore / rise] if rise else []
                found |= {root for root in roots if low < root < high}
                for end in (low, high):
                    below = end * rise - tempted + gap
                    if below > 0:
                        found.add(end * gap / below)
    for index, point in enumerate(after.points):
        for friendly in after.at[FRIENDLY][index]:
            for hostile in after.at[HOSTILE][index]:
                below = two.reward + friendly.constant - two.temptation - hostile.constant + gap
                if below > 0:
                    found.add(point * gap / below)
    return {root for root in found if prior < root < 1}


def _candidates(
    after: Level, left: int, state: int, belief: Fraction, one: Payoffs, two: Payoffs, forgives: bool
) -> list[Option]:
    """Every equilibrium of one stage at that belief, given the kept options afterwards."""
    if state == HOSTILE:
        return [
            made
            for friendly in after.options(FRIENDLY if forgives else HOSTILE, belief)
            for hostile in after.options(HOSTILE, belief)
            for made in _hostile(belief, friendly, hostile, one, two)
        ]
    found = []
    for posterior in (belief, *(point for point in after.points if point > belief)):
        for friendly in after.options(FRIENDLY, posterior):
            for hostile in after.options(HOSTILE, posterior):
                found += _friendly(left, belief, posterior, friendly, hostile, one, two)
    for index, (low, high) in enumerate(zip(after.points, after.points[1:], strict=False)):
        if high <= belief:
            continue
        for friendly in after.within[FRIENDLY][index]:
            for hostile in after.within[HOSTILE][index]:
                moving = indifferent(belief, friendly, hostile, two)
                if moving is not None and max(low, belief) < moving < high:
                    for made in _friendly(left, belief, moving, friendly, hostile, one, two):
                        found.append(_replaced(made))
    return found


def _replaced(option: Option) -> Option:
    return Option(option.low, option.high, option.constant, option.slope, None, option.turns, option.mimics, option.then)


def indifferent(belief: Fraction, friendly: Option, hostile: Option, two: Payoffs) -> Fraction | None:
    """The posterior in a cell that makes the uninformed player indifferent between its actions."""
    rise = friendly.slope - hostile.slope
    below = belief * rise + two.exploited - two.punishment
    above = belief * (two.temptation + hostile.constant - two.reward - friendly.constant + two.exploited - two.punishment)
    return above / below if below else None


def _hostile(belief: Fraction, friendly: Option, hostile: Option, one: Payoffs, two: Payoffs) -> list[Option]:
    """The committed type refuses now, and so does the uncommitted; the uninformed player restores cooperation or not."""
    restore = two.exploited + friendly.uninformed(belief)
    refuse = two.punishment + hostile.uninformed(belief)
    zero, unit = Fraction(0), Fraction(1)
    turns = (zero, unit) if restore == refuse else (unit, unit) if restore > refuse else (zero, zero)

    def value(turn: Fraction, high: bool) -> Fraction:
        met, denied = (friendly.high, hostile.high) if high else (friendly.low, hostile.low)
        return turn * (one.temptation + met) + (1 - turn) * (one.punishment + denied)

    values = [value(turn, high) for turn in turns for high in (False, True)]
    return [Option(min(values), max(values), max(restore, refuse), zero, belief, turns, False, (friendly, hostile))]


def _friendly(
    left: int, belief: Fraction, posterior: Fraction, friendly: Option, hostile: Option, one: Payoffs, two: Payoffs
) -> list[Option]:
    """The committed type cooperates now; the uncommitted does with the probability that makes `posterior` the belief."""
    zero, unit = Fraction(0), Fraction(1)
    meets = belief / posterior
    lost = (left - 1) * two.punishment
    share = meets * (two.reward + friendly.uninformed(posterior)) + (1 - meets) * (two.exploited + lost)
    refuse = meets * (two.temptation + hostile.uninformed(posterior)) + (1 - meets) * (two.punishment + lost)
    turns = (unit, unit) if share > refuse else (zero, zero) if share < refuse else (zero, unit)
    ended = (left - 1) * one.punishment

    def reveal(turn: Fraction) -> Fraction:
        return turn * one.temptation + (1 - turn) * one.punishment + ended

    def mimic(turn: Fraction, high: bool) -> Fraction:
        met, denied = (friendly.high, hostile.high) if high else (friendly.low, hostile.low)
        return turn * (one.reward + met) + (1 - turn) * (one.exploited + denied)

    value = max(share, refuse)
    found = []
    if posterior == belief:
        kept = _where(turns, lambda turn: mimic(turn, True) - reveal(turn))
        if kept is not None:
            lowest = min(max(mimic(turn, False), reveal(turn)) for turn in _turning(kept, mimic, reveal))
            values = (lowest, max(mimic(turn, True) for turn in kept))
            found.append(Option(min(values), max(values), value, zero, posterior, kept, True, (friendly, hostile)))
    if posterior > belief or belief == 1:
        kept = _where(turns, lambda turn: reveal(turn) - mimic(turn, False))
        if kept is not None and posterior < 1:
            kept = _where(kept, lambda turn: mimic(turn, True) - reveal(turn))
        if kept is not None:
            values = (reveal(kept[0]), reveal(kept[1]))
            found.append(Option(min(values), max(values), value, zero, posterior, kept, False, (friendly, hostile)))
    return found


def _turning(
    turns: tuple[Fraction, Fraction], mimic: Callable[[Fraction, bool], Fraction], reveal: Callable[[Fraction], Fraction]
) -> tuple[Fraction, ...]:
    """The ends of an interval and the point in it where the lowest value of mimicking crosses that of revealing."""
    low, high = turns
    at_low, at_high = mimic(low, False) - reveal(low), mimic(high, False) - reveal(high)
    if at_low * at_high >= 0:
        return turns
    return (low, low + (high - low) * at_low / (at_low - at_high), high)


def _where(turns: tuple[Fraction, Fraction], gain: Callable[[Fraction], Fraction]) -> tuple[Fraction, Fraction] | None:
    """The part of an interval on which an affine function is nonnegative."""
    low, high = turns
    at_low, at_high = gain(low), gain(high)
    if at_low < 0 and at_high < 0:
        return None
    if at_low < 0:
        low = low + (high - low) * (-at_low) / (at_high - at_low)
    elif at_high < 0:
        high = high - (high - low) * (-at_high) / (at_low - at_high)
    return low, high


def _cell(
    after: Level, left: int, state: int, low: Fraction, high: Fraction, one: Payoffs, two: Payoffs, forgives: bool
) -> tuple[Option, ...]:
    """The kept option of a cell: the same plan at two beliefs inside gives the affine value."""
    first, second = (2 * low + high) / 3, (low + 2 * high) / 3
    here = {_plan(option, first): option for option in _candidates(after, left, state, first, one, two, forgives)}
    there = {_plan(option, second): option for option in _candidates(after, left, state, second, one, two, forgives)}
    fitted = []
    for plan, option in here.items():
        if plan in there:
            slope = (there[plan].constant - option.constant) / (second - first)
            fitted.append(
                Option(
                    option.low, option.high, option.constant - slope * first, slope,
                    None if option.posterior in (None, first) else option.posterior,
                    option.turns, option.mimics, option.then,
                )
            )  # fmt: skip
    middle = (low + high) / 2
    fitted.sort(key=lambda option: (-option.uninformed(middle), -option.high, option.turns))
    return tuple(fitted)


def _plan(option: Option, belief: Fraction) -> tuple[object, ...]:
    target = "same" if option.posterior == belief else option.posterior
    return (
        (target, option.turns, option.mimics, option.low, option.high, id(option.then[0]), id(option.then[1]))
        if option.then
        else ()
    )


def _kept(found: list[Option]) -> tuple[Option, ...]:
    """At most `MOST` distinct options, those best for the uninformed player first."""
    found.sort(key=lambda option: (-option.constant, -option.high, option.low, option.turns))
    distinct: list[Option] = []
    for option in found:
        if not any(
            option.constant == other.constant and other.low <= option.low and option.high <= other.high for other in distinct
        ):
            distinct.append(option)
    return tuple(distinct[:MOST])
