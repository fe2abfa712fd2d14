"""Verification of games of any number of players who are alike: steps by their definitions, results at several numbers of players.

At each number the game is written out coalition by coalition, and what is reported must be what the definitions give.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import mpmath
import sympy
from sympy import Expr, Integer, Piecewise, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.check import certificates, fractions
from derive.check.coalition_attack import contradicted
from derive.check.coalition_base import Context, Rejected, facts, groups, require, same, slack, strict
from derive.check.sample import mp, sample, satisfied
from derive.check.zero import Undecided, number
from derive.coalition import steps as kinds
from derive.coalition.ir import PROPERTIES, CoalitionGame, Member
from derive.coalition.steps import Judged, Trend
from derive.solution import Solution

__all__ = ["attack_alike", "equal_shares", "is_alike", "size_criterion", "size_worth"]

NUMBERS = range(2, 7)


def is_alike(game: CoalitionGame) -> bool:
    """Whether one player of the statement stands for several."""
    return any(member.count != 1 for member in game.players)


def _stated(game: CoalitionGame) -> tuple[Symbol, Symbol, Expr]:
    (member, *others), rule = game.players, game.rule
    if others or rule is None or member.indicator is None:
        raise Rejected("not a game of players who are alike")
    for item in reversed(game.definitions):
        rule = rule.xreplace({item.symbol: item.value})
    if isinstance(rule, Piecewise):
        size = member.indicator
        require(len(rule.args) == 2 and rule.args[1][0] == 0, "cases other than for the empty coalition")
        require(rule.args[0][1] in (size > 0, size >= 1, sympy.Ne(size, 0)), "cases other than for the empty coalition")
        rule = rule.args[0][0]
    return member.indicator, member.count, rule


def size_worth(step: kinds.SizeWorth, context: Context) -> None:
    size, count, worth = _stated(context.game)
    require((step.size, step.count) == (size, count) and same(step.worth, worth), "not the stated worth")


def equal_shares(step: kinds.EqualShares, context: Context) -> None:
    size, count, worth = _stated(context.game)
    require(step.concept in ("shapley", "nucleolus", "prenucleolus"), "not a concept that treats equals alike and divides all")
    require(step.share == context.game.players[0].share, "another symbol")
    require(same(step.value * count, worth.xreplace({size: count})), "the shares do not add up to the worth of all")
    if step.concept == "nucleolus":
        least = context.sign * (step.value - worth.xreplace({size: Integer(1)}))
        if not any(one.rel_op == ">=" and same(slack(one), least) for one in step.given):
            _shown(least >= 0, step.certificate, context.assumptions)


def size_criterion(step: kinds.SizeCriterion, context: Context) -> None:
    size, count, worth = _stated(context.game)
    require(step.size == size, "another symbol for the size")
    sign, n, s = context.sign, count, size
    total, one = worth.xreplace({s: n}), Integer(1)
    bend = sign * worth.diff(s, 2)
    judged: dict[tuple[str, Judged], tuple[Expr, Expr, Expr]] = {
        ("core", Judged.SLACK): (sign * (s * total / n - worth), one, n - 1),
        ("core", Judged.AVERAGE): (sign * (s * worth.diff(s) - worth), one, n),
        ("convexity", Judged.SLACK): (
            sign * (worth.xreplace({s: s + 2}) - 2 * worth.xreplace({s: s + 1}) + worth), Integer(0), n - 2,
        ),
        ("convexity", Judged.BEND): (bend, Integer(0), n),
        ("superadditivity", Judged.BEND): (bend, Integer(0), n),
        ("convexity", Judged.START): (-sign * _at_zero(worth, s), Integer(0), n),
        ("superadditivity", Judged.START): (-sign * _at_zero(worth, s), Integer(0), n),
    }  # fmt: skip
    key = ("core" if step.concept == "shapley_core" else step.concept, step.judged)
    require(key in judged, "this does not decide the property")
    expression, low, high = judged[key]
    require(same(step.expression, expression) and step.low == low and same(step.high, high), "not what decides the property")
    if step.judged is Judged.START:
        require(same(bend, Integer(0)), "the worth is not linear")
    elif step.concept in ("convexity", "superadditivity"):
        require(same(_at_zero(worth, s), Integer(0)), "the worth does not start at zero")
    require(same(step.expression, step.positive * step.core), "the factors do not give what is judged")
    inside = (*context.assumptions, s >= low if low != 0 or step.judged is Judged.SLACK else s > 0, s <= high)
    _shown(step.positive > 0, step.positivity, inside)
    slope, ends = step.core.diff(s), {Trend.RISING: (low,), Trend.FALLING: (high,), Trend.CONCAVE: (low, high)}
    wanted: Iterable[Expr] = ()
    match step.trend:
        case Trend.FREE:
            require(s not in step.core.free_symbols, "it depends on the size")
            wanted = (step.core,)
        case Trend.POSITIVE:
            _shown(sympy.Ge(step.core, 0), step.certificate, inside)
        case Trend.RISING:
            _shown(sympy.Ge(slope, 0), step.certificate, inside)
        case Trend.FALLING:
            _shown(sympy.Le(slope, 0), step.certificate, inside)
        case Trend.CONCAVE:
            _shown(sympy.Le(slope.diff(s), 0), step.certificate, inside)
    require(
        step.judged is Judged.SLACK or step.trend is Trend.FREE, "a slope decides only by a sign that is the same everywhere"
    )
    if step.trend in ends:
        wanted = tuple(step.core.xreplace({s: end}) for end in ends[step.trend])
    _listed(step.conditions, wanted)


def _listed(conditions: tuple[Boolean, ...], wanted: Iterable[Expr]) -> None:
    """The conditions say that the wanted expressions are not negative, those that are numbers left out."""
    needed = [expr for expr in wanted if not (expr.is_Rational and expr >= 0)]
    if any(expr.is_Rational for expr in needed):
        require(sympy.false in conditions, "a condition that fails is left out")
        return
    require(sympy.false not in conditions, "a condition fails without reason")
    slacks = [slack(one) for one in conditions]
    require(all(one.rel_op in (">=", "<=") for one in conditions), "a condition excludes equality")
    require(all(any(same(expr, one) for one in slacks) for expr in needed), "a condition is missing")
    require(all(any(same(expr, one) for expr in wanted) for one in slacks), "a condition without reason")


def _at_zero(worth: Expr, size: Symbol) -> Expr:
    """The worth at size zero, a power of which with an exponent that is not negative is zero there."""
    return worth.xreplace({size: Integer(0)}).replace(
        lambda part: isinstance(part, sympy.Pow) and part.base == 0, lambda _: Integer(0)
    )


def _shown(claim: Any, certificate: Certificate | None, given: tuple[Boolean, ...]) -> None:
    claim = sympy.sympify(claim)
    if claim == sympy.true:
        return
    require(certificate is not None and claim != sympy.false, f"no certificate that {claim}")
    assert certificate is not None
    require(same(slack(certificate.claim), slack(claim)), "the certificate is for another relation")
    require(strict(certificate.claim) or not strict(claim), "the certificate does not exclude equality")
    require(facts(certificate.given) <= facts(given), "the certificate assumes what is not given")
    try:
        certificates.check(certificate)
    except fractions.Rejected as reason:
        raise Rejected(f"the certificate fails: {reason}") from reason


# --- at several numbers of players -----------------------------------------------------------------------------------------


def attack_alike(game: CoalitionGame, solution: Solution, points: int) -> list[str]:
    """What the definitions contradict at small numbers of players."""
    size, count, worth = _stated(game)
    share = game.players[0].share
    faults: list[str] = []
    rng = random.Random(29)
    for n in NUMBERS:
        known = tuple(sympy.sympify(r.xreplace({count: Integer(n)})) for r in solution.assumptions)
        if sympy.false in known:
            continue
        known = tuple(r for r in known if r != sympy.true)
        symbols = tuple(sorted((worth.free_symbols | {s for r in known for s in r.free_symbols}) - {size, count}, key=str))
        for point in sample(known, symbols, rng, max(2, points // 3)) if symbols else [{}]:
            with mpmath.workdps(40):
                faults += _at(solution, share, _written_out(game, n), {**mp(point), count: mpmath.mpf(n)}, worth, size)
        if faults:
            break
    return faults[:3]


def _written_out(game: CoalitionGame, n: int) -> CoalitionGame:
    players = tuple(Member(str(i + 1), Symbol(f"share_{i + 1}", real=True)) for i in range(n))
    return replace(game, players=players, rule=None)


def _at(
    solution: Solution, share: Symbol, many: CoalitionGame, here: Mapping[Symbol, Any], worth: Expr, size: Symbol
) -> list[str]:
    where = ", ".join(f"{symbol} = {mpmath.nstr(value, 6)}" for symbol, value in here.items())
    holding = [r for r in solution.regimes if all(satisfied(relation, here) for relation in r.region)]
    if not holding and any(all(satisfied(relation, here) for relation in gap.region) for gap in solution.gaps):
        return []
    if len(holding) != 1:
        return [f"{solution.protocol}: {len(holding)} regimes at {where}"]
    names = tuple(member.name for member in many.players)
    worths = {group: number(worth, {**here, size: mpmath.mpf(len(group))}) for group in groups(names)}
    worths[frozenset()] = mpmath.mpf(0)
    values = dict(holding[0].values)
    try:
        found: dict[Symbol, Any] = {symbol: number(value, here) for symbol, value in values.items()}
    except Undecided as reason:
        return [f"{solution.protocol}: {reason} at {where}"]
    if solution.protocol not in PROPERTIES:
        require(set(found) == {share}, "the shares are not reported")
        found = {member.share: found[share] for member in many.players}
    wrong = contradicted(many, solution.protocol, worths, found, here)
    return [f"{solution.protocol}: {wrong} at {where}"] if wrong else []


VERIFIERS: dict[type, Callable[[Any, Context], None]] = {
    kinds.EqualShares: equal_shares,
    kinds.SizeCriterion: size_criterion,
    kinds.SizeWorth: size_worth,
}
