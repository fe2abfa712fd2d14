"""Solutions of coalition games against the definitions, at exact rational points of the parameters.

What a solution reports is its regimes. At every point exactly one must hold (several where a solution says that their formulas
agree), and what it says must be what the definition of the concept gives for the worths there: Shapley and Banzhaf values from
dividends, the nucleolus by Kohlberg's criterion, properties by listing all their requirements. Cases of propositions likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import mpmath
import numpy as np
import sympy
from scipy.optimize import linprog
from sympy import Expr, Rational, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.coalition_base import Group, groups, same, stated, written_out
from derive.check.sample import Point, mp, sample_regions, satisfied
from derive.check.zero import number
from derive.coalition import steps as kinds
from derive.coalition.ir import LEAST_EXCESS, PROPERTIES, CoalitionGame
from derive.solution import Proposition, Regime, Solution, Without
from derive.steps import Step

__all__ = ["attack_solution", "dividends", "kohlberg"]

MOST = 3
CLOSE = mpmath.mpf(10) ** -20
SOLVER_CLOSE = 1e-7  # what a floating-point program cannot tell apart is not held against anybody
PLAYERS = 6
NAMED_POINTS = 12  # powers are slow to value
LISTS = (kinds.Superadditivity, kinds.Convexity, kinds.CoreMembership, kinds.Balancedness)
Worths = Mapping[Group, Any]


def attack_solution(game: CoalitionGame, solution: Solution, points: int) -> list[str]:
    """What the definitions contradict, at most `MOST` findings."""
    faults = _unstated(solution) if solution.protocol not in PROPERTIES else _uncounted(solution)
    if len(game.players) > PLAYERS:
        return faults[:MOST]
    worths = stated(game)
    for point in _points(game, solution, points):
        if len(faults) >= MOST:
            break
        with mpmath.workdps(40):
            faults += _at(game, solution, worths, point)
    return faults[:MOST]


def _unstated(solution: Solution) -> list[str]:
    """Regimes that report something else than some proposition's case does, and cases that no step of their proof shows."""
    cases = [case for one in solution.argument if _speaks(one) for case in one.cases]
    faults = [
        f"{solution.protocol}: the regime {regime.name} reports what no proposition states"
        for regime in solution.regimes
        if not any(_agree(regime, case.values) for case in cases)
    ]
    for one in solution.argument:
        shown = {symbol: value for step in one.proof for symbol, value in _shown(step)}
        if _speaks(one) and shown and any(shown.get(symbol) != value for case in one.cases for symbol, value in case.values):
            faults.append(f"{solution.protocol}: {one.label} states what its proof does not show")
    return faults


def _shown(step: Step) -> tuple[tuple[Symbol, Expr], ...]:
    """The shares that a step shows."""
    if isinstance(step, kinds.ShapleyValue | kinds.BanzhafValue):
        return ((step.share, step.value),)
    if isinstance(step, kinds.WeightedRevision):
        return tuple((symbol, new) for (symbol, _), new in zip(step.shares, step.revised, strict=True))
    if isinstance(step, kinds.NucleolusChain):
        first = step.levels[0].excess if step.levels else S.Zero
        return (*step.shares, *(() if step.individually_rational else ((LEAST_EXCESS, first),)))
    return step.shares if isinstance(step, kinds.TauValue) else ()


def _uncounted(solution: Solution) -> list[str]:
    """A property of a numeric game that is reported otherwise than the slacks of its (verified) steps have it."""
    steps = [step for one in solution.argument for step in one.proof]
    slacks = [row[-1] for step in steps if isinstance(step, LISTS) for row in step.rows]
    if solution.regimes[0].region or not all(isinstance(slack, Rational) for slack in slacks):
        return []
    truth = not any(isinstance(step, kinds.EmptyCore) for step in steps) and all(slack >= 0 for slack in slacks)
    found = dict(solution.regimes[0].values).get(PROPERTIES[solution.protocol])
    return [] if found == int(truth) else [f"{solution.protocol}: {found} is reported, the steps show {int(truth)}"]


def _agree(regime: Regime, values: Iterable[tuple[Symbol, Expr]]) -> bool:
    """Whether the regime reports these values (and perhaps definitions beside them)."""
    reported = dict(regime.values)
    return all(symbol in reported and same(reported[symbol], value) for symbol, value in values)


def _points(game: CoalitionGame, solution: Solution, count: int) -> list[Point]:
    """Admissible points at large and in every regime's region, and beyond its edges."""
    relations = [r for regime in solution.regimes for r in regime.region] + list(solution.assumptions)
    values = [value for regime in solution.regimes for _, value in regime.values]
    free = {s for one in (*relations, *values) for s in one.free_symbols}
    symbols = tuple(sorted(free - {symbol for regime in solution.regimes for symbol, _ in regime.values}, key=str))
    if game.named:  # regions between powers: they are met by chance or not at all
        return sample_regions(solution.assumptions, (), symbols, min(count, NAMED_POINTS))
    return sample_regions(solution.assumptions, (regime.region for regime in solution.regimes), symbols, count)


def _at(game: CoalitionGame, solution: Solution, stated_worths: Mapping[Group, Expr], point: Point) -> list[str]:
    here = mp(point)
    here |= {item.symbol: number(written_out(item.value, game), here) for item in game.definitions if item.symbol in game.named}
    where = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    holding = [regime for regime in solution.regimes if _inside(regime.region, here)]
    worths = {group: number(worth, here) for group, worth in stated_worths.items()}
    if not holding:
        left_out = [gap for gap in solution.gaps if _inside(gap.region, here)]
        if not left_out:
            return [f"{solution.protocol}: no regime at {where}"]
        there = all(gap.kind is Without.INFEASIBLE for gap in left_out) and _exists(game, solution.protocol, worths)
        return [f"{solution.protocol}: said not to exist, and does, at {where}"] if there else []
    if len(holding) > 1 and not solution.warnings:
        return [f"{solution.protocol}: {len(holding)} regimes at {where}"]
    stated_cases = [(one.label, case) for one in solution.argument if _speaks(one) for case in one.cases]
    claims = [(f"the regime {regime.name}", regime.values) for regime in holding]
    claims += [(label, case.values) for label, case in stated_cases if _inside(case.region, here)]
    for name, values in claims:
        found = {symbol: number(value, here) for symbol, value in values}
        wrong = contradicted(game, solution.protocol, worths, found, here)
        if wrong:
            return [f"{solution.protocol}: {name} says {wrong} at {where}"]
    return []


def _speaks(proposition: Proposition) -> bool:
    return proposition.kind == "proposition"


def _inside(relations: Sequence[Boolean], at: Mapping[Symbol, Any]) -> bool:
    return all(satisfied(relation, at) for relation in relations)


def contradicted(
    game: CoalitionGame, concept: str, worths: Worths, found: Mapping[Symbol, Any], at: Mapping[Symbol, Any]
) -> str:
    """Which of the values reported for a concept is not what its definition gives, in words; empty when all are."""
    for item in game.definitions:
        if item.symbol in found and not _close(found[item.symbol], number(written_out(item.value, game), at)):
            return f"{item.symbol} = {mpmath.nstr(found[item.symbol], 12)}"
    if concept in PROPERTIES:
        symbol = PROPERTIES[concept]
        truth = _property(game, concept, worths, at)
        return "" if truth is None or found.get(symbol) == int(truth) else f"{symbol} = {found.get(symbol)}"
    names = tuple(member.name for member in game.players)
    shares = {member.name: found[member.share] for member in game.players if member.share in found}
    if concept in DEFINED:
        defined = DEFINED[concept](game, worths, at)
        wrong = [name for name in names if name not in shares or not _close(shares[name], defined[name])]
        return f"{wrong[0]} receives {mpmath.nstr(shares.get(wrong[0]), 12)}" if wrong else ""
    if concept == "least_core":
        wrong_excess = abs(float(found.get(LEAST_EXCESS, mpmath.inf)) - _least_excess(game, worths)) > SOLVER_CLOSE * max(
            1, *(abs(float(worth)) for worth in worths.values())
        )
        return f"{LEAST_EXCESS} = {found.get(LEAST_EXCESS)}" if wrong_excess else ""
    if concept in ("nucleolus", "prenucleolus"):
        sign = 1 if game.kind == "value" else -1
        gains = {group: sign * worth for group, worth in worths.items()}
        division = {name: sign * share for name, share in shares.items()}
        if set(division) != set(names) or not kohlberg(gains, division, rational=concept == "nucleolus"):
            return f"the {concept} is {', '.join(mpmath.nstr(shares.get(name), 12) for name in names)}"
    return ""


def _close(left: Any, right: Any) -> bool:
    return bool(abs(left - right) <= CLOSE * max(1, abs(left), abs(right)))


# --- values by definition --------------------------------------------------------------------------------------------------


def dividends(worths: Worths, names: tuple[str, ...]) -> dict[Group, Any]:
    """Harsanyi dividends: what each coalition earns beyond what its parts already do."""
    order = [frozenset(), *groups(names)]
    codes = {group: sum(1 << names.index(name) for name in group) for group in order}
    values: list[Any] = [0] * len(order)
    for group, code in codes.items():
        values[code] = worths[group]
    for bit in range(len(names)):
        for code in range(len(values)):
            if code >> bit & 1:
                values[code] = values[code] - values[code ^ 1 << bit]
    return {group: values[code] for group, code in codes.items()}


def _names(game: CoalitionGame) -> tuple[str, ...]:
    return tuple(member.name for member in game.players)


def _shapley(game: CoalitionGame, worths: Worths, _: Mapping[Symbol, Any]) -> dict[str, Any]:
    parts = dividends(worths, _names(game))
    return {name: sum(part / len(group) for group, part in parts.items() if name in group) for name in _names(game)}


def _banzhaf(game: CoalitionGame, worths: Worths, _: Mapping[Symbol, Any]) -> dict[str, Any]:
    parts = dividends(worths, _names(game))
    half = mpmath.mpf(1) / 2
    return {
        name: sum(part * half ** (len(group) - 1) for group, part in parts.items() if name in group) for name in _names(game)
    }


def _revised(game: CoalitionGame, worths: Worths, at: Mapping[Symbol, Any]) -> dict[str, Any]:
    names = _names(game)
    old = _shapley(game, worths, at)
    assert game.revision is not None
    weights = [number(written_out(sympy.sympify(weight), game), at) for weight in game.revision.weights]
    total = worths[frozenset(names)]
    return {
        name: old[name] + (weight - mpmath.mpf(1) / len(names)) * total for name, weight in zip(names, weights, strict=True)
    }


def _exists(game: CoalitionGame, concept: str, worths: Worths) -> bool:
    """Whether the concept is defined for these worths, by more than rounding."""
    sign = 1 if game.kind == "value" else -1
    total = sign * worths[frozenset(_names(game))]
    if concept == "tau":
        upper, lower = _bounds(game, worths)
        least, most = sum(lower.values()), sum(upper.values())
        return all(lower[name] < upper[name] for name in upper) and bool(least < total < most)
    return bool(sum(sign * worths[frozenset({name})] for name in _names(game)) < total)


def _bounds(game: CoalitionGame, worths: Worths) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each player adds to all others, and the most it keeps when others are paid that, as gains."""
    names = _names(game)
    sign = 1 if game.kind == "value" else -1
    gains = {group: sign * worth for group, worth in worths.items()}
    grand = frozenset(names)
    upper = {name: gains[grand] - gains[grand - {name}] for name in names}
    lower = {
        name: max(
            gains[group] - sum(upper[other] for other in group if other != name) for group in groups(names) if name in group
        )
        for name in names
    }
    return upper, lower


def _tau(game: CoalitionGame, worths: Worths, _: Mapping[Symbol, Any]) -> dict[str, Any]:
    names = _names(game)
    sign = 1 if game.kind == "value" else -1
    total = sign * worths[frozenset(names)]
    upper, lower = _bounds(game, worths)
    room = sum(upper.values()) - sum(lower.values())
    position = (total - sum(lower.values())) / room if abs(room) > CLOSE else 0
    return {name: sign * (lower[name] + position * (upper[name] - lower[name])) for name in names}


Definition = Callable[[CoalitionGame, Worths, Mapping[Symbol, Any]], dict[str, Any]]
DEFINED: dict[str, Definition] = {"shapley": _shapley, "banzhaf": _banzhaf, "revision": _revised, "tau": _tau}


# --- the nucleolus ---------------------------------------------------------------------------------------------------------


def kohlberg(gains: Worths, shares: Mapping[str, Any], *, rational: bool) -> bool:
    """Whether a division is the nucleolus (the prenucleolus unless ``rational``), by Kohlberg's criterion (1971).

    At every level the coalitions of at least that excess, with the players held to what they have alone (for the nucleolus),
    are balanced with a positive weight on each of the former.
    """
    names = tuple(shares)
    grand = frozenset(names)
    excess = {group: gains[group] - sum(shares[name] for name in group) for group in groups(names) if group != grand}
    if abs(gains[grand] - sum(shares.values())) > CLOSE * max(1, abs(gains[grand])):
        return False
    single = [frozenset({name}) for name in names]
    if len(names) == 1:
        return True
    if rational and any(excess[one] > CLOSE for one in single):
        return False
    floors = [one for one in single if rational and abs(excess[one]) <= CLOSE]
    levels = sorted(set(excess.values()), reverse=True)
    return all(_balanced([g for g, e in excess.items() if e >= level - CLOSE], floors, names) for level in levels)


def _balanced(open_groups: list[Group], floors: list[Group], names: tuple[str, ...]) -> bool:
    """Whether weights cover every player once, those of `open_groups` at least one after scaling and of `floors` not negative."""
    columns = [[float(name in group) for name in names] for group in (*open_groups, *floors)]
    matrix = np.array([*columns, [-1.0] * len(names)]).T
    bounds = [(1, None)] * len(open_groups) + [(0, None)] * len(floors) + [(0, None)]
    return bool(linprog(np.zeros(matrix.shape[1]), A_eq=matrix, b_eq=np.zeros(len(names)), bounds=bounds).status == 0)


# --- properties ------------------------------------------------------------------------------------------------------------


def _property(game: CoalitionGame, concept: str, worths: Worths, at: Mapping[Symbol, Any]) -> bool | None:
    """Whether the worths have the property; ``None`` where floating point cannot tell."""
    sign = 1 if game.kind == "value" else -1
    names = _names(game)
    gains = {group: sign * worth for group, worth in worths.items()}
    grand = frozenset(names)
    if concept == "core":
        return _core(gains, names)
    if concept in ("shapley_core", "revision_core"):
        shares = (_shapley if concept == "shapley_core" else _revised)(game, worths, at)
        slacks = [sign * sum(shares[name] for name in group) - gains[group] for group in groups(names) if group != grand]
    elif concept == "superadditivity":
        slacks = [
            gains[one | two] - gains[one] - gains[two] for one, two in combinations(list(groups(names)), 2) if not one & two
        ]
    else:
        slacks = [
            gains[one | two] - gains[one] - gains[two] + gains[one & two] for one, two in combinations(list(groups(names)), 2)
        ]
    return bool(min(slacks, default=mpmath.mpf(0)) >= -CLOSE * max(1, *(abs(gain) for gain in gains.values())))


def _least_excess(game: CoalitionGame, worths: Worths) -> float:
    """The least level that bounds all excesses of some division of the total."""
    names = _names(game)
    sign = 1 if game.kind == "value" else -1
    proper = [group for group in groups(names) if len(group) < len(names)]
    if not proper:
        return 0.0
    rows = [[-float(name in group) for name in names] + [-1.0] for group in proper]
    bounds = [(None, None)] * (len(names) + 1)
    total = [[1.0] * len(names) + [0.0]]
    found = linprog(
        [0.0] * len(names) + [1.0], A_ub=rows, b_ub=[-sign * float(worths[group]) for group in proper],
        A_eq=total, b_eq=[sign * float(worths[frozenset(names)])], bounds=bounds,
    )  # fmt: skip
    return float(found.fun)


def _core(gains: Worths, names: tuple[str, ...]) -> bool | None:
    proper = [group for group in groups(names) if len(group) < len(names)]
    if not proper:
        return True
    matrix = np.array([[-float(name in group) for name in names] for group in proper])
    found = linprog(
        np.ones(len(names)), A_ub=matrix, b_ub=[-float(gains[group]) for group in proper], bounds=[(None, None)] * len(names)
    )
    gap = float(gains[frozenset(names)]) - found.fun
    return None if abs(gap) < SOLVER_CLOSE * max(1, abs(found.fun)) else gap > 0
