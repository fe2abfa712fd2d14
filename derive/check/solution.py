"""Verification of a whole solution: its steps replayed, its regimes re-derived from the statement, its equilibrium attacked.

From the statement alone, for each regime: payoffs and definitions are recomputed and compared exactly; every bound and
participation constraint holds, exactly where it binds; every choice that no bound holds satisfies the first-order condition
of the backward induction. That condition is formed without the recorded best responses: what later stages do is differentiated
through their own first-order conditions (implicit functions), and participation enters with its multiplier.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from derive.bargaining.product import played
from derive.check.accounted import unaccounted
from derive.check.active_sets import ActiveSets, active_sets
from derive.check.argument import replay
from derive.check.attack import Attack, attack, borders
from derive.check.coordination import not_coordinated, with_term
from derive.check.cover import Cover, cover
from derive.check.elsewhere import Elsewhere, elsewhere
from derive.check.lawpieces import Straddled
from derive.check.objectives import outside_faults
from derive.check.origins import without_origin
from derive.check.play import Play, agree_at, in_play, laws_in_play, left_out, regimes_at
from derive.check.regime import RegimeCheck
from derive.check.replies import Verified, verified
from derive.check.sample import Point
from derive.check.steps import Rejected
from derive.check.unanswered import unanswered
from derive.check.unattained import suprema_faults
from derive.check.zero import Undecided
from derive.ir import Model
from derive.solution import Regime, Solution

__all__ = ["Report", "check_solution"]

LEAST = 4  # points at which every regime is checked
PER_CASE = 12  # so many attacked points make one exact point for each case of a response


@dataclass(frozen=True)
class Report:
    """`steps` were replayed; `rejections` say what is wrong, `notes` what was checked in a weaker way; `replies` were held against all
    other choices exactly, and `attack` is by brute force. `doubts` are signs that steps read off points; `bounds` of single choices
    are accounted for."""

    steps: int
    rejections: tuple[str, ...]
    notes: tuple[str, ...] = ()
    attack: Attack | None = None
    replies: Verified | None = None
    elsewhere: Elsewhere | None = None
    cover: Cover | None = None
    doubts: tuple[str, ...] = ()
    active_sets: ActiveSets | None = None
    bounds: int = 0

    @property
    def failures(self) -> tuple[str, ...]:
        """Everything that is wrong."""
        found = [
            one.findings for one in (self.active_sets, self.cover, self.replies, self.attack, self.elsewhere) if one is not None
        ]
        return (*self.rejections, *(finding for findings in found for finding in findings))

    @property
    def accepted(self) -> bool:
        """Nothing was rejected and the attack found nothing."""
        return not self.failures


def check_solution(statement: Model, solution: Solution, points: int = 50) -> Report:
    """Verify a solution from its statement; `points` is the number of points attacked (0: no attack)."""
    stated, statement = statement, with_term(statement, solution)
    statement = played(statement.under(statement.protocol(solution.protocol)), solution.protocol)
    rejections: list[str] = []
    notes: list[str] = []
    doubts: list[str] = []
    known, faults = replay(statement, solution, doubts)
    rejections += [*faults, *without_origin(statement, solution)]
    bounds, faults = unaccounted(statement, solution)
    rejections += faults
    statement = in_play(statement, solution)
    plays = [play for play in laws_in_play(statement, solution.instance) if not play.missing(solution)]
    if not plays:
        notes.append("no law to check it under")
    covered = cover(statement, solution, plays)
    for play in plays[:1]:
        found = play.settled(11, 120)
        if not found:
            notes.append("no admissible point was found")
        found = play.among(solution.regimes, found, random.Random(11), LEAST)
        placed = _placed(solution, found, play, rejections)
        placed += _placed(solution, borders(placed, play), play, rejections)
        for regime in solution.regimes:
            here = [point for point, own in placed if own is regime]
            if not here:
                notes.append(f"{regime.name}: no sampled point lies in its region")
                continue
            if regime.outside:
                rejections += outside_faults(statement, solution, regime)
                continue
            _check_regime(statement, solution, regime, play, [*here[:4], *here[-4:]], rejections, notes)
    replies = verified(statement, solution, max(1, points // PER_CASE))
    faults, left = suprema_faults(statement, solution)
    rejections += faults
    notes += left
    rejections += unanswered(statement, solution)
    result = attack(statement, solution, points) if points else None
    rejections += not_coordinated(stated, solution, points)
    others = elsewhere(statement, solution)
    return Report(
        len(known),
        tuple(rejections),
        tuple(notes),
        result,
        replies,
        others,
        covered,
        tuple(doubts),
        active_sets(statement, solution),
        bounds,
    )


def _check_regime(
    statement: Model, solution: Solution, regime: Regime, play: Play, points: list[Point], rejections: list[str], notes: list[str]
) -> None:
    """Checks one regime at points; apart those at which the closed forms of its laws differ."""
    try:
        RegimeCheck(statement, solution, regime, play, points, rejections, notes).check()
    except Straddled as apart:
        for side in (True, False):
            own = [point for point, beyond in zip(points, apart.beyond, strict=True) if beyond is side]
            _check_regime(statement, solution, regime, play, own, rejections, notes)
    except (Rejected, Undecided, ArithmeticError, KeyError, ValueError) as reason:
        rejections.append(f"{regime.name}: {type(reason).__name__}: {reason}")


def _placed(solution: Solution, points: Sequence[Point], play: Play, rejections: list[str]) -> list[tuple[Point, Regime]]:
    """Each point with its regime; no regime, or several that are not said to be so and differ there, is a fault of the regions."""
    placed = []
    for point in points:
        if left_out(solution, point, play):
            continue
        regimes = regimes_at(solution, point, play)
        if len(regimes) == 1 or (regimes and (not any(regime.unique for regime in regimes) or agree_at(regimes, point, play))):
            placed += [(point, regime) for regime in regimes]
        elif len(rejections) < 20:
            where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
            names = " and ".join(regime.name for regime in regimes)
            rejections.append(f"the regions {names} overlap at {where}" if regimes else f"no region covers {where}")
    return placed
