"""The kinds of step that arguments about coalition games are made of. Coalitions are tuples of player names.

``cost`` says that the worths are costs. `CharacteristicFunction` brings the worths into the argument; the
other kinds name it (or each other) in ``uses``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Expr, Rational, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.steps import Step

Coalition = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LinearCombination(Step):
    """``relation`` follows: its slack is ``constant + sum multipliers[i] * slack of premises[i]`` identically.

    The slack of ``a >= b`` is ``a - b``. Multipliers are nonnegative (of either sign for an equality), the constant is
    nonnegative, and a strict relation has a positive constant or a positive multiplier at a strict premise.
    """

    relation: Boolean
    premises: tuple[Boolean, ...]
    multipliers: tuple[Rational, ...]
    constant: Rational


@dataclass(frozen=True, kw_only=True)
class Choice:
    """On the region in question ``kink`` (a Max, Min, Abs or Piecewise) equals ``value``; ``proofs`` give the comparisons."""

    kink: Expr
    value: Expr
    proofs: tuple[LinearCombination, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison(Step):
    """``relation`` between named quantities: with their values put in it is ``scale``, positive by ``positivity``, times what the
    ``certificate`` shows. Without ``positivity`` the scale is one."""

    relation: Boolean
    certificate: Certificate
    scale: Expr = S.One
    positivity: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class CharacteristicFunction(Step):
    """The worth of every nonempty coalition on ``given``, definitions and kinks of the statement resolved."""

    worths: tuple[tuple[Coalition, Expr], ...]
    choices: tuple[Choice, ...] = ()
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class MarginalContributions(Step):
    """What ``player`` adds to each coalition of the others, with weight ``|S|! (n-1-|S|)!/n!``: ``(S, weight, marginal)``."""

    player: str
    rows: tuple[tuple[Coalition, Rational, Expr], ...]
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class ShapleyValue(Step):
    """``share = value`` is the weighted sum of the marginal contributions of ``player``."""

    player: str
    share: Symbol
    value: Expr


@dataclass(frozen=True, kw_only=True)
class BanzhafValue(Step):
    """``share = value`` is the plain average of the marginal contributions of ``player``."""

    player: str
    share: Symbol
    value: Expr


@dataclass(frozen=True, kw_only=True)
class Efficiency(Step):
    """The shares sum to ``total``, the worth of the grand coalition."""

    shares: tuple[tuple[Symbol, Expr], ...]
    total: Expr


@dataclass(frozen=True, kw_only=True)
class TauValue(Step):
    """``shares = lower + position * (upper - lower)``: the efficient point between minimal rights and utopia payoffs.

    With symbolic worths ``proofs`` compare what a player keeps in its coalitions, and the bounds with one another.
    """

    upper: tuple[Expr, ...]
    lower: tuple[Expr, ...]
    position: Expr
    shares: tuple[tuple[Symbol, Expr], ...]
    proofs: tuple[LinearCombination, ...] = ()
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class Superadditivity(Step):
    """The game is superadditive (a cost game: subadditive) if and only if every slack of ``rows`` is at least zero.

    A row is a pair of disjoint coalitions and what they gain by joining. With ``least`` there is one row, the least of all.
    """

    rows: tuple[tuple[Coalition, Coalition, Expr], ...]
    least: bool = False
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class Convexity(Step):
    """The game is convex (a cost game: concave) if and only if every slack of ``rows`` is at least zero.

    A row is a pair S+i, S+j and ``v(S+i+j) - v(S+i) - v(S+j) + v(S)``. With ``least``, one row, the least of all.
    """

    rows: tuple[tuple[Coalition, Coalition, Expr], ...]
    least: bool = False
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class CoreMembership(Step):
    """The allocation ``shares`` is in the core if and only if no slack, what a coalition gets beyond its worth, is negative.

    With ``least``, ``rows`` holds one row, the least of all.
    """

    shares: tuple[tuple[Symbol, Expr], ...]
    rows: tuple[tuple[Coalition, Expr], ...]
    least: bool = False
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class Balancedness(Step):
    """The core is nonempty if and only if every slack ``v(N) - sum weight * v(S)`` over a minimal balanced collection is.

    A row is a collection, its weights and its slack; all minimal balanced collections but the grand coalition are there.
    """

    rows: tuple[tuple[tuple[Coalition, ...], tuple[Rational, ...], Expr], ...]
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class CoreElement(Step):
    """The allocation, of the numbers ``point`` in the order of the players, is in the core."""

    point: tuple[Expr, ...]
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class EmptyCore(Step):
    """The core is empty: weighted by balancing ``weights``, ``coalitions`` are worth more than the grand one, by ``excess``."""

    coalitions: tuple[Coalition, ...]
    weights: tuple[Rational, ...]
    excess: Expr
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class CoreOfConvex(Step):
    """The game is convex (a cost game: concave), as the `Convexity` step among the premises and the proofs of its slacks' signs
    show. So its core is not empty and holds the Shapley value (Shapley 1971)."""

    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class WeightedRevision(Step):
    """``revised_i = share_i + (weight_i - 1/n) V(N)``: a fixed total is divided anew. ``domain`` bounds the weights."""

    shares: tuple[tuple[Symbol, Expr], ...]
    weights: tuple[Expr, ...]
    revised: tuple[Expr, ...]
    domain: tuple[Boolean, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExcessLevel:
    """One stage of `NucleolusChain`, all in terms of coalitions: see `derive.coalition.nucleolus.Level`."""

    excess: Expr
    weights: tuple[tuple[Coalition, Rational], ...]
    floors: tuple[tuple[Coalition, Rational], ...]
    settled: tuple[tuple[Coalition, Rational], ...]


@dataclass(frozen=True, kw_only=True)
class NucleolusChain(Step):
    """``shares`` is the nucleolus (the prenucleolus unless ``individually_rational``) on ``given``.

    Level after level, balancing weights show that the largest excess of the coalitions still open cannot be lower; their
    coalitions are settled, and in the end these determine the allocation. ``proofs`` give the comparisons of excesses that
    need the region; a numeric game needs none.
    """

    shares: tuple[tuple[Symbol, Expr], ...]
    levels: tuple[ExcessLevel, ...]
    individually_rational: bool
    proofs: tuple[LinearCombination, ...] = ()
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class Refutation:
    """``sum multipliers * slack of relations`` is negative, or zero with a strict relation used: no point has all."""

    relations: tuple[Boolean, ...]
    multipliers: tuple[Rational, ...]


@dataclass(frozen=True, kw_only=True)
class Partition(Step):
    """The ``regions`` do not overlap and cover ``given``: each ``Refutation`` shows one overlap or one remainder empty.

    ``overlaps`` follow the pairs (1,2), (1,3), (2,3), ...; ``remainders`` negate one relation of each region, in the order of a
    walk that negates the relations of the first region one by one and stops where a refutation is at hand.
    """

    regions: tuple[tuple[Boolean, ...], ...]
    overlaps: tuple[Refutation, ...]
    remainders: tuple[Refutation, ...]


# --- any number of players who are alike ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SizeWorth(Step):
    """A coalition of ``size`` of the ``count`` players, at least one, is worth ``worth``."""

    size: Symbol
    count: Expr
    worth: Expr
    cost: bool = False


@dataclass(frozen=True, kw_only=True)
class EqualShares(Step):
    """Players who are alike receive the same under ``concept``, and everything is divided: ``share = value``.

    For the nucleolus ``certificate`` shows that an equal share is not less than what a player has alone.
    """

    concept: str
    share: Symbol
    value: Expr
    certificate: Certificate | None = None
    cost: bool = False


class Judged(Enum):
    """What the sign of which decides a property of a game of players who are alike."""

    SLACK = "the slack"
    AVERAGE = "the slope of the average worth"
    BEND = "the curvature of the worth"
    START = "what the first player adds beyond its part in a linear worth"


class Trend(Enum):
    """How what is judged depends on the size, so that few sizes decide."""

    FREE = "not at all"
    POSITIVE = "never negative"
    RISING = "rising"
    FALLING = "falling"
    CONCAVE = "concave"


@dataclass(frozen=True, kw_only=True)
class SizeCriterion(Step):
    """The game has the property ``concept`` if and only if all ``conditions`` hold.

    What is ``judged`` is ``positive * core`` with a positive first factor (by ``positivity``) for sizes from ``low`` to ``high``; the
    ``trend`` of the core (by ``certificate``) leaves its sign at few sizes to be looked at, which are the conditions.
    """

    concept: str
    size: Symbol
    low: Expr
    high: Expr
    judged: Judged
    expression: Expr
    positive: Expr
    core: Expr
    trend: Trend
    conditions: tuple[Boolean, ...]
    positivity: Certificate | None = None
    certificate: Certificate | None = None
    cost: bool = False
