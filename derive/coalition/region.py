"""The nucleolus of a game whose worths are linear in parameters: one linear formula per region of the parameters.

At a sample point the numeric chain of levels is computed. Its dual weights are combinatorial, so the same weights give the
allocation as a linear expression, valid wherever the excesses keep their order: that is the region. What the region leaves of
the domain is sampled next, until nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.coalition.cases import prune, remainder
from derive.coalition.linear import Form, Point, expect, forms, settle, tidy
from derive.coalition.nucleolus import Level, nucleolus
from derive.coalition.table import Table, members, plain

__all__ = ["Critical", "SymbolicLevel", "critical_regions", "symbolic_chain"]

_ROUNDS = {4: 40, 5: 12}  # regions looked at, by the number of players; what they leave is found by an exponential walk
_ROUNDS_OF_FEW = 200


@dataclass(frozen=True)
class SymbolicLevel:
    """A `Level` with its excess as an expression."""

    excess: Expr
    level: Level


@dataclass(frozen=True)
class Critical:
    """On `region` (beyond the assumptions and the branch) the chain `levels` holds and the allocation is `shares`.

    ``comparisons`` are all the relations the chain needs, before those that follow from others were dropped from the region.
    """

    region: tuple[Boolean, ...]
    shares: tuple[Expr, ...]
    levels: tuple[SymbolicLevel, ...]
    comparisons: tuple[Boolean, ...]


def symbolic_chain(game: Table, levels: tuple[Level, ...]) -> tuple[tuple[Expr, ...], tuple[SymbolicLevel, ...]]:
    """The allocation and excesses that the dual weights of a chain determine; shares in the game's own orientation."""
    gains = game.gains()
    payoff: dict[int, Expr] = {game.grand: gains[game.grand]}
    found = []
    for level in levels:
        terms = [_q(weight) * gains[mask] for mask, weight in level.weights]
        terms += [_q(weight) * gains[1 << i] for i, weight in level.floors]
        terms += [_q(weight) * payoff[mask] for mask, weight in level.settled]
        excess = plain(sympy.Add(*terms))
        found.append(SymbolicLevel(excess, level))
        for mask, _ in level.weights:
            payoff.setdefault(mask, plain(gains[mask] - excess))
        for i, _ in level.floors:
            payoff.setdefault(1 << i, gains[1 << i])
    matrix = sympy.Matrix([[mask >> i & 1 for i in range(game.n)] for mask in payoff])
    _, independent = matrix.T.rref()
    square = matrix.extract(list(independent), list(range(game.n)))
    values = list(payoff.values())
    solved = square.inv() * sympy.Matrix([values[i] for i in independent])
    return tuple(plain(game.sign * share) for share in solved), tuple(found)


def comparisons(game: Table, shares: tuple[Expr, ...], levels: tuple[SymbolicLevel, ...], rational: bool) -> Iterator[Expr]:
    """The expressions that must be nonnegative for the chain to prove the allocation: level minus each open excess."""
    gains = game.gains()
    settled = [game.grand]
    for symbolic in levels:
        basis = _Echelon(settled, game.n)
        for mask in range(1, game.grand):
            if basis.outside(mask):
                total = sympy.Add(*(game.sign * shares[i] for i in members(mask)))
                yield plain(symbolic.excess - gains[mask] + total)
        settled += [mask for mask, _ in symbolic.level.weights] + [1 << i for i, _ in symbolic.level.floors]
    for i in range(game.n) if rational else ():
        yield plain(game.sign * shares[i] - gains[1 << i])


class _Echelon:
    """Which coalitions lie outside the span of some others."""

    def __init__(self, masks: list[int], n: int) -> None:
        matrix = sympy.Matrix([[mask >> i & 1 for i in range(n)] for mask in masks])
        self.normals = [[Fraction(int(entry.p), int(entry.q)) for entry in vector] for vector in matrix.nullspace()]

    def outside(self, mask: int) -> bool:
        return any(sum((normal[i] for i in members(mask)), Fraction(0)) for normal in self.normals)


def critical_regions(
    game: Table, names: tuple[Symbol, ...], domain: tuple[Boolean, ...], *, individually_rational: bool
) -> tuple[Critical, ...] | None:
    """Regions covering `domain`, overlapping at most where their formulas agree.

    ``None`` if a worth or a relation of the domain is not linear in the parameters `names`, if somewhere no imputation exists, or if
    there are too many regions.
    """
    base = forms(domain)
    symbolic_forms = [forms((worth >= 0,)) for worth in game.worths]
    if base is None or any(one is None or not all(part.linear for part in one) for one in symbolic_forms):
        return None
    if not all(one.linear for one in base):
        return None
    found: list[Critical] = []
    taken: list[tuple[Form, ...]] = []
    for _ in range(_ROUNDS.get(game.n, _ROUNDS_OF_FEW)):
        left = next(remainder(base, tuple(taken)), None)
        if left is None:
            return tuple(found)
        critical = _at(game, names, left, domain, individually_rational)
        if critical is None:
            return None
        system = forms(critical.comparisons)
        assert system is not None
        found.append(critical)
        taken.append(forms(critical.region) or ())
    return None


def _at(
    game: Table, names: tuple[Symbol, ...], system: tuple[Form, ...], domain: tuple[Boolean, ...], rational: bool
) -> Critical | None:
    """The chain at a point of the system, preferring points where nothing ties by accident."""
    for point in _samples(system, names):
        at = {name: Rational(value.numerator, value.denominator) for name, value in point.items()}
        gains = []
        for gain in game.gains():
            value = gain.xreplace(at)
            if not isinstance(value, Rational):
                return None
            gains.append(Fraction(int(value.p), int(value.q)))
        numeric = nucleolus(gains, individually_rational=rational)
        if numeric is None:
            return None
        shares, levels = symbolic_chain(game, numeric.levels)
        needed = tuple(dict.fromkeys(tidy(slack) for slack in comparisons(game, shares, levels, rational)))
        needed = tuple(one for one in needed if one != sympy.true)
        region = prune(needed, domain)
        inner = forms((*domain, *region))
        if inner is not None and isinstance(settle(_strict(inner)), Point):
            return Critical(region, shares, levels, needed)
    return Critical(region, shares, levels, needed)


def _strict(system: tuple[Form, ...]) -> tuple[Form, ...]:
    return tuple(one if one.op == "==" else Form(one.terms, one.constant, ">") for one in system)


def _samples(system: tuple[Form, ...], names: tuple[Symbol, ...]) -> Iterator[dict[Symbol, Fraction]]:
    """Points of the system: inner ones moved off symmetric positions in several fixed directions, then any."""
    inner = settle(_strict(system))
    if isinstance(inner, Point):
        centre = expect(inner, names)
        for attempt in range(12):
            step = Fraction(1, 2)
            for _ in range(40):
                moved = {
                    name: value + step * Fraction((31 * (k + 2) ** 2 + 17 * (attempt + 1) * (k + 1)) % 101 - 50, 101)
                    for k, (name, value) in enumerate(centre.items())
                }
                if all(one.holds(moved) for one in _strict(system)):
                    yield moved
                    break
                step /= 2
    any_point = settle(system)
    if isinstance(any_point, Point):
        yield expect(any_point, names)


def _q(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
