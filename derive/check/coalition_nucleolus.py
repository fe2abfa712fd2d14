"""Verifier of the nucleolus: the chain of dual weights, level by level, replayed in exact arithmetic.

At each level the weights bound the largest open excess of every division that respects the levels before. The allocation
attains the bound, so whatever else attains it gives the coalitions of positive weight the same excess. When the settled
coalitions span the players' space only one division is left (Maschler, Peleg, Shapley 1979).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy
from sympy import Expr, Rational, S

from derive.check.coalition_base import Context, Group, expression, gains_of, groups, numbers_of, require, same
from derive.check.coalition_linear import proved_by, shown
from derive.check.coalition_whole import Numbers
from derive.coalition import steps as kinds


def nucleolus_chain(step: kinds.NucleolusChain, context: Context) -> None:
    names = context.names
    numbers = numbers_of(step, context)
    gains = {group: expression(gain) for group, gain in gains_of(step, context).items()}
    grand = frozenset(names)
    require(tuple(symbol for symbol, _ in step.shares) == tuple(m.share for m in context.game.players), "not all players")
    shares = {name: context.sign * value for name, (_, value) in zip(names, step.shares, strict=True)}
    proved = proved_by(step.proofs, step, context)

    def paid(group: Group) -> Expr:
        return sympy.Add(*(shares[name] for name in group))

    require(same(paid(grand), gains[grand]), "the allocation is not efficient")
    if step.individually_rational:
        for name in names:
            require(shown(sympy.expand(shares[name] - gains[frozenset({name})]) >= 0, proved), f"{name} gets less than alone")
    settled: dict[Group, Expr] = {grand: gains[grand]}
    for level in step.levels:
        normals = _normals(settled, names)
        _level(level, step, gains, settled, normals, names)
        if numbers is not None:
            _numeric_excesses(level, numbers, [shares[name] for name in names], normals)
        for group in groups(names) if numbers is None else ():
            if _outside(group, normals, names):
                room = sympy.expand(level.excess - gains[group] + paid(group))
                require(shown(room >= 0, proved), f"the excess of {sorted(group)} is not shown to be at most the level's")
        for coalition, _ in level.weights:
            settled.setdefault(frozenset(coalition), gains[frozenset(coalition)] - level.excess)
        for coalition, _ in level.floors:
            settled.setdefault(frozenset(coalition), gains[frozenset(coalition)])
        for group, payoff in settled.items():
            require(same(paid(group), payoff), f"the allocation does not give {sorted(group)} what is settled")
    require(not _normals(settled, names), "the settled coalitions leave the allocation open")


def _level(
    level: kinds.ExcessLevel,
    step: kinds.NucleolusChain,
    gains: dict[Group, Expr],
    settled: dict[Group, Expr],
    normals: list[list[Rational]],
    names: tuple[str, ...],
) -> None:
    """The weights bound the largest excess of the open coalitions from below by the level's."""
    weights = {frozenset(group): weight for group, weight in level.weights}
    floors = {frozenset(group): weight for group, weight in level.floors}
    before = {frozenset(group): weight for group, weight in level.settled}
    require(all(weight > 0 for weight in (*weights.values(), *floors.values())), "a weight is not positive")
    require(sum(weights.values(), S.Zero) == 1, "the weights do not sum to one")
    require(all(_outside(group, normals, names) for group in weights), "a coalition of the level is settled before")
    require(all(len(group) == 1 for group in floors) and (step.individually_rational or not floors), "a floor without right")
    require(set(before) <= set(settled), "refers to a coalition that is not settled")
    for name in names:
        parts = [weight for source in (weights, floors, before) for group, weight in source.items() if name in group]
        require(sum(parts, S.Zero) == 0, "the weights do not balance")
    bound = sympy.Add(
        *(weight * gains[group] for group, weight in weights.items()),
        *(weight * gains[group] for group, weight in floors.items()),
        *(weight * settled[group] for group, weight in before.items()),
    )
    require(same(bound, level.excess), "the excess of a level is not what its weights give")


def _numeric_excesses(level: kinds.ExcessLevel, numbers: Numbers, shares: list[Expr], normals: list[list[Rational]]) -> None:
    """No coalition that is still open has a larger excess than the level's."""
    require(all(isinstance(value, Rational) for value in (level.excess, *shares)), "not a division of numbers")
    top = _fraction(level.excess)
    open_ones = np.zeros(len(numbers.exact), dtype=bool)
    for normal in normals:
        open_ones |= numbers.totals([_fraction(entry) for entry in normal])[0] != 0
    kept, scale = numbers.beyond([_fraction(share) for share in shares])
    over = open_ones & (-kept * top.denominator > top.numerator * scale)
    require(not over[1:].any(), f"the excess of coalition {int(np.argmax(over)):b} exceeds the level's")


def _fraction(value: Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _normals(settled: dict[Group, Expr], names: tuple[str, ...]) -> list[list[Rational]]:
    """Vectors orthogonal to every settled coalition; none when these span everything."""
    matrix = sympy.Matrix([[int(name in group) for name in names] for group in settled])
    return [list(vector) for vector in matrix.nullspace()]


def _outside(group: Group, normals: list[list[Rational]], names: tuple[str, ...]) -> bool:
    """Whether a coalition's payoff is not determined by the settled ones."""
    return any(sum((entry for name, entry in zip(names, normal, strict=True) if name in group), S.Zero) for normal in normals)
