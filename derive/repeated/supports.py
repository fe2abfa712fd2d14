"""All equilibria of a game of two players and few actions, in pure and in mixed strategies.

In an equilibrium all actions that a player mixes earn the same, which the other's probabilities must bring about. Where no payoffs
tie, both players mix equally many actions (Lemke and Howson 1964), so the probabilities solve square linear systems: one for every
pair of supports. What is positive there, and what other actions earn, are the conditions on the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import sympy
from sympy import Add, Expr, Integer, S
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import solve_linear
from derive.algebra.marginal import oriented, signed_product
from derive.algebra.shape import readable
from derive.certificates import Certificate
from derive.decision.problem import needed
from derive.decision.regions import Region, uncovered
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove, refute
from derive.repeated.ir import OneShot, RepeatedGame
from derive.repeated.steps import SupportEquilibrium
from derive.solution import Case, Gap, Proposition, Regime, Solution, Without

__all__ = ["derive_supports"]

# Pairs of supports looked at, and regions in which payoffs tie.
MOST = 250
HOLES = 12
_TIE = "some payoffs are equal there: there may be other equilibria, or a continuum of them"
_TIES = "where two actions earn a player the same against an action of the other, there may be equilibria that are not listed"
_ALL = "Where no two payoffs are equal, both players mix equally many actions; of all pairs of such sets of actions "
Matrix = list[list[Expr]]


@dataclass(frozen=True)
class _Mixture:
    """How one player mixes, what the other one earns by it, and where that is so."""

    weights: tuple[Expr, ...]
    value: Expr
    region: Region


def derive_supports(game: RepeatedGame, play: OneShot) -> Solution:
    """Every equilibrium with its region. Raises Refusal where there are too many cases."""
    stage, given = game.stage, game.assumptions
    rows, columns = (len(actions) for actions in stage.actions)
    payoffs = {profile: [sympy.sympify(value) for value in row] for profile, row in stage.payoffs}
    first, second = stage.actions
    mine: Matrix = [[payoffs[one, two][0] for two in second] for one in first]
    yours: Matrix = [[payoffs[one, two][1] for one in first] for two in second]
    pairs = [
        (one, two)
        for size in range(1, min(rows, columns) + 1)
        for one in combinations(range(rows), size)
        for two in combinations(range(columns), size)
    ]
    if len(pairs) > MOST:
        raise Refusal(f"{len(pairs)} pairs of supports are more than the {MOST} that are looked at")
    found: list[tuple[Region, SupportEquilibrium]] = []
    for one, two in pairs:
        for theirs, own in product(_mixtures(mine, one, two, given), _mixtures(yours, two, one, given)):
            region = (*own.region, *theirs.region)
            if sympy.false in region or refute((*given, *region)) is not None:
                continue
            region = tuple(readable(relation, given) for relation in needed(region, given))
            found.append((region, _step(play, mine, yours, own, theirs, region, given, len(found) + 1)))
    return _solution(game, play, (mine, yours), found)


def _mixtures(matrix: Matrix, own: tuple[int, ...], other: tuple[int, ...], given: Region) -> Iterator[_Mixture]:
    """How the other player must mix `other` for `own` actions to earn the same and the rest less."""
    size = len(matrix[0])
    system = [[matrix[i][j] - matrix[own[0]][j] for j in other] for i in own[1:]] + [[Integer(1)] * len(other)]
    solved = solve_linear(system, [*(Integer(0) for _ in own[1:]), Integer(1)])
    if solved is None:
        return
    values, determinant = solved
    weights = tuple(normal(values[other.index(j)]) if j in other else S.Zero for j in range(size))
    value = normal(Add(*(matrix[own[0]][j] * weights[j] for j in other)))
    less = [normal(value - Add(*(matrix[i][j] * weights[j] for j in other))) for i in range(len(matrix)) if i not in own]
    if len(own) == 1:
        less = [entry for entry in less if entry != 0]  # an action that earns just as much leaves a pure choice a best reply
    positive = [*(weights[j] for j in other if len(other) > 1), *less]
    turns = (1,) if determinant.is_Rational else (1, -1)
    for turn in turns:
        side = () if determinant.is_Rational else (normal(turn * determinant) > 0,)
        if side and refute((*given, *side)) is not None:
            continue
        scale = Integer(1) if determinant.is_Rational else normal(turn * determinant)
        region = tuple(_sign(normal(entry * scale), given) for entry in positive)
        yield _Mixture(weights, value, tuple(r for r in (*(_sign(r.lhs, given) for r in side), *region) if r != sympy.true))


def _sign(expression: Expr, given: Region) -> Boolean:
    """That the expression is positive, without factors of known sign."""
    core = signed_product(expression, given).core
    if core.is_Rational:
        return sympy.true if core > 0 else sympy.false
    return core > 0


def _step(
    play: OneShot, mine: Matrix, yours: Matrix, own: _Mixture, theirs: _Mixture, region: Region, given: Region, number: int
) -> SupportEquilibrium:
    known = (*given, *region)
    certificates: list[Certificate | None] = []
    for weights, value, matrix, other in (
        (own.weights, theirs.value, mine, theirs.weights),
        (theirs.weights, own.value, yours, own.weights),
    ):
        for weight, row in zip(weights, matrix, strict=True):
            gap = normal(value - Add(*(entry * share for entry, share in zip(row, other, strict=True))))
            claim = sympy.true if weight == 0 and gap == 0 else (weight if weight != 0 else gap) > 0
            certificate = None if claim == sympy.true else prove(claim, known)
            if claim != sympy.true and certificate is None:
                raise Refusal(f"the sign of {claim.lhs} is not settled")
            certificates.append(certificate)
    return SupportEquilibrium(
        label=f"{play.key}.equilibrium.{number}",
        given=region,
        protocol=play.key,
        probabilities=(
            tuple(oriented(weight, known) for weight in own.weights),
            tuple(oriented(weight, known) for weight in theirs.weights),
        ),
        payoffs=(oriented(theirs.value, known), oriented(own.value, known)),
        certificates=tuple(certificates),
    )


def _solution(
    game: RepeatedGame, play: OneShot, tables: tuple[Matrix, Matrix], found: list[tuple[Region, SupportEquilibrium]]
) -> Solution:
    given = game.assumptions
    if not found:
        raise Refusal("payoffs tie at every candidate: which equilibria there are is not settled")
    regimes: list[Regime] = []
    cases: list[Case] = []
    symbols = (*play.probabilities[0], *play.probabilities[1], *play.payoffs)
    for place, (region, step) in enumerate(found):
        alone = all(other == place or refute((*given, *region, *there)) is not None for other, (there, _) in enumerate(found))
        values = (*step.probabilities[0], *step.probabilities[1], *(step.payoffs if play.payoffs else ()))
        pairs = tuple(zip(symbols, values, strict=True))
        pure = all(weight in (0, 1) for row in step.probabilities for weight in row)
        regimes.append(Regime(f"{'pure' if pure else 'mixed'} equilibrium {place + 1}", region, pairs, unique=alone))
        cases.append(Case(region, pairs))
    holes = uncovered([region for region, _ in found], given)
    if len(holes) > HOLES:
        raise Refusal("the payoffs leave too many cases: state how they compare")
    gaps = tuple(Gap(needed(hole, given), Without.UNSETTLED, _TIE) for hole in holes)
    text = _ALL + ("these equilibria are left" if len(found) > 1 else "one equilibrium is left:")
    shown = Proposition(f"{play.key}.theorem", "proposition", play.title, text, tuple(cases), tuple(step for _, step in found))
    tied = any(_may_tie(column, given) for table in tables for column in zip(*table, strict=True))
    warnings = (_TIES,) if tied else ()
    return Solution(game.key, play.key, "", given, tuple(regimes), (shown,), gaps, warnings)


def _may_tie(earned: tuple[Expr, ...], given: Region) -> bool:
    """Whether two actions may earn the same against one of the other's."""
    gaps = [normal(one - two) for one, two in combinations(earned, 2)]
    return any(gap == 0 or (not gap.is_Rational and refute((*given, sympy.Eq(gap, 0))) is None) for gap in gaps)
