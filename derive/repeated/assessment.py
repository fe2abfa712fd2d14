"""From the levels of the endgame to one sequential equilibrium, row by row: the mixing that supports each promised value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Rational

from derive.repeated.endgame import FRIENDLY, HOSTILE, Level, Option, Payoffs, indifferent, levels
from derive.repeated.steps import InformationSet

__all__ = ["assess", "cooperative_stages"]


@dataclass(frozen=True)
class _Choice:
    """What is played at one information set and which values of the informed player are promised afterwards."""

    informed: Fraction
    uninformed: Fraction
    posterior: Fraction
    promised: tuple[Fraction, Fraction]


def assess(
    informed: Payoffs, uninformed: Payoffs, prior: Fraction, stages: int, forgives: bool, names: tuple[str, str]
) -> tuple[InformationSet, ...] | None:
    """An equilibrium as rows, the start first; `names` are the committed automaton's states. None if none was found."""
    for breadth in (1, 3):
        found = levels(informed, uninformed, prior, stages, forgives, breadth)
        options = found[stages].options(FRIENDLY, prior) if len(found) > stages else ()
        if options:
            return _rows(found, options[0], prior, (informed, uninformed), forgives, names)
    return None


def _rows(
    found: tuple[Level, ...],
    first: Option,
    prior: Fraction,
    payoffs: tuple[Payoffs, Payoffs],
    forgives: bool,
    names: tuple[str, str],
) -> tuple[InformationSet, ...]:
    one, two = payoffs
    rows: list[InformationSet | None] = []
    known: dict[tuple[object, ...], int] = {}

    def visit(left: int, belief: Fraction, state: int, option: Option, target: Fraction) -> int:
        if left == 0:
            return -1
        key = (left, belief, state, target, option)
        if key in known:
            return known[key]
        index = len(rows)
        known[key] = index
        rows.append(None)
        made = (_hostile if state == HOSTILE else _friendly)(left, belief, option, target, one, two)
        assert option.then is not None
        restored = FRIENDLY if state == FRIENDLY or forgives else HOSTILE
        then = (
            visit(left - 1, made.posterior, restored, option.then[0], made.promised[0]),
            visit(left - 1, made.posterior, HOSTILE, option.then[1], made.promised[1]),
        )
        rows[index] = InformationSet(
            left=left,
            belief=_exact(belief),
            state=names[state],
            informed=_exact(made.informed),
            uninformed=_exact(made.uninformed),
            value_informed=_exact(target),
            value_uninformed=_exact(option.uninformed(belief)),
            then=then,
        )
        return index

    visit(found[-1].left, prior, FRIENDLY, first, first.high)
    return tuple(row for row in rows if row is not None)


def _exact(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _hostile(left: int, belief: Fraction, option: Option, target: Fraction, one: Payoffs, two: Payoffs) -> _Choice:
    del left, two
    turn, promised = _supported(option, target, one.temptation, one.punishment, None)
    return _Choice(Fraction(0), turn, belief, promised)


def _friendly(left: int, belief: Fraction, option: Option, target: Fraction, one: Payoffs, two: Payoffs) -> _Choice:
    assert option.then is not None
    friendly, hostile = option.then
    ended = (left - 1) * one.punishment
    if option.mimics:
        turn, promised = _supported(option, target, one.reward, one.exploited, (one.temptation + ended, one.punishment + ended))
        return _Choice(Fraction(1), turn, belief, promised)
    posterior = option.posterior if option.posterior is not None else indifferent(belief, friendly, hostile, two)
    assert posterior is not None
    turn = (target - ended - one.punishment) / (one.temptation - one.punishment)
    if posterior == 1:
        return _Choice(Fraction(0), turn, posterior, (friendly.low, hostile.low))
    mimics = (belief / posterior - belief) / (1 - belief)
    return _Choice(mimics, turn, posterior, _promised(option, turn, target, one.reward, one.exploited))


def _bounds(option: Option, turn: Fraction, met: Fraction, denied: Fraction) -> tuple[Fraction, Fraction]:
    """The least and the greatest value of the informed player when the uninformed cooperates with probability `turn`."""
    assert option.then is not None
    friendly, hostile = option.then
    return (
        turn * (met + friendly.low) + (1 - turn) * (denied + hostile.low),
        turn * (met + friendly.high) + (1 - turn) * (denied + hostile.high),
    )


def _promised(option: Option, turn: Fraction, target: Fraction, met: Fraction, denied: Fraction) -> tuple[Fraction, Fraction]:
    assert option.then is not None
    friendly, hostile = option.then
    low, high = _bounds(option, turn, met, denied)
    place = (target - low) / (high - low) if high > low else Fraction(0)
    return friendly.low + place * (friendly.high - friendly.low), hostile.low + place * (hostile.high - hostile.low)


def _supported(
    option: Option, target: Fraction, met: Fraction, denied: Fraction, reveal: tuple[Fraction, Fraction] | None
) -> tuple[Fraction, tuple[Fraction, Fraction]]:
    """The uninformed player's most cooperative mixing, and promises, that give the informed player exactly `target`."""
    low, high = option.turns
    lines = [tuple(_bounds(option, turn, met, denied)[which] for turn in (low, high)) for which in (0, 1)]
    if reveal is not None:
        lines.append(tuple(turn * reveal[0] + (1 - turn) * reveal[1] for turn in (low, high)))
    candidates = {low, high}
    for at_low, at_high in lines:
        if at_low != at_high:
            crossing = low + (high - low) * (target - at_low) / (at_high - at_low)
            if low <= crossing <= high:
                candidates.add(crossing)
    for turn in sorted(candidates, reverse=True):
        least, greatest = _bounds(option, turn, met, denied)
        revealed = least if reveal is None else turn * reveal[0] + (1 - turn) * reveal[1]
        if least <= target <= greatest and revealed <= target:
            return turn, _promised(option, turn, target, met, denied)
    raise ArithmeticError("a promised value is outside the range it was taken from")


def cooperative_stages(rows: tuple[InformationSet, ...], friendly: str) -> Rational:
    """The expected number of stages in which both cooperate, over both types of the informed player."""
    expected: dict[int, Rational] = {-1: Rational(0)}
    for index in sorted(range(len(rows)), key=lambda index: rows[index].left):
        row = rows[index]
        later = row.uninformed * expected[row.then[0]] + (1 - row.uninformed) * expected[row.then[1]]
        met = row.belief + (1 - row.belief) * row.informed
        expected[index] = met * (row.uninformed + later) if row.state == friendly else later
    return expected[0]
