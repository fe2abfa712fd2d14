"""The kinds of step that repeated games need beside the common ones. Each is a fact about one arrangement of a stated game.

`protocol` is the key of the arrangement; a verifier re-reads the game from the statement, so a step holds what is asserted and
nothing of how it was found. Throughout, ``difference = positive * core`` with ``positive > 0`` certified, so that the sign of a
comparison is the sign of `core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.steps import Step

__all__ = [
    "Assessment",
    "BayesUpdate",
    "CaseChain",
    "DiscountedValues",
    "DominantAction",
    "InformationSet",
    "LinearThreshold",
    "NoncooperationBound",
    "OneShotDeviation",
    "PayoffFloor",
    "PlanComparison",
    "ReplyComparison",
    "RevisedShares",
    "SignChangeRoot",
    "SupportEquilibrium",
]


@dataclass(frozen=True, kw_only=True)
class DominantAction(Step):
    """`action` earns `player` strictly more than `other`, whatever the rivals do: each gain is proved positive.

    ``gains`` pairs the rivals' actions with the payoff difference; one certificate each.
    """

    player: str
    action: str
    other: str
    gains: tuple[tuple[tuple[str, ...], Expr], ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class DiscountedValues(Step):
    """The discounted payoff of `player` from each joint state, if all follow their automata: ``value = flow + discount * next``.

    ``states`` are tuples of the automata's states, ``successors`` index into them. The system has one solution for a discount
    factor below one.
    """

    protocol: str
    player: str
    states: tuple[tuple[str, ...], ...]
    flows: tuple[Expr, ...]
    successors: tuple[int, ...]
    values: tuple[Expr, ...]


@dataclass(frozen=True, kw_only=True)
class OneShotDeviation(Step):
    """In the joint state `state`, following the automaton minus playing `action` once: ``difference = positive * core``."""

    protocol: str
    player: str
    state: tuple[str, ...]
    action: str
    follow: Expr
    deviate: Expr
    positive: Expr
    core: Expr
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyComparison(Step):
    """Against the rival's automaton, following minus the stationary reply that plays `prefix` once and then `cycle` for ever."""

    protocol: str
    player: str
    prefix: tuple[str, ...]
    cycle: tuple[str, ...]
    follow: Expr
    reply: Expr
    positive: Expr
    core: Expr
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class LinearThreshold(Step):
    """On `given`, ``condition`` holds exactly if ``relation``: `core` is linear in `variable` and its slope has a known sign.

    ``certificate`` proves that sign; it is None where the slope is a number.
    """

    variable: Symbol
    core: Expr
    condition: Boolean
    slope: Expr
    bound: Expr
    relation: Boolean
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class SignChangeRoot(Step):
    """`core` has exactly one root `root` for ``variable > 0``: its coefficients (rising powers) change sign exactly once.

    By Descartes' rule. ``certificates`` prove each nonzero coefficient's sign in the same order; `sign` is that of the last one.
    `at_one` is the value at ``variable = 1``: the root lies below one exactly if ``sign * at_one > 0``.
    """

    variable: Symbol
    core: Expr
    root: Symbol
    coefficients: tuple[Expr, ...]
    certificates: tuple[Certificate | None, ...]
    sign: int
    at_one: Expr


@dataclass(frozen=True, kw_only=True)
class CaseChain(Step):
    """`regions` are the cases "all `conditions` hold" and, one after another, "the first to fail is this one"."""

    conditions: tuple[Boolean, ...]
    regions: tuple[tuple[Boolean, ...], ...]


@dataclass(frozen=True, kw_only=True)
class BayesUpdate(Step):
    """Belief in the committed type after an action that the type takes and the other takes with probability `mimics`."""

    prior: Expr
    mimics: Expr
    posterior: Expr


@dataclass(frozen=True, kw_only=True)
class PlanComparison(Step):
    """Expected payoff of `player` from `plan` minus that from `alternative` in the finitely repeated game with a committed type.

    A plan is the player's actions in order as long as the rival behaves as the committed type would; once the rival is known
    not to be of that type, all refuse to the end.
    """

    protocol: str
    player: str
    plan: tuple[str, ...]
    alternative: tuple[str, ...]
    planned: Expr
    other: Expr
    positive: Expr
    core: Expr
    certificate: Certificate | None = None


@dataclass(frozen=True)
class InformationSet:
    """One public situation of the finite game while the informed player has always behaved as its committed type would.

    `left` stages remain, `belief` is the probability of the committed type, `state` the committed automaton's state. The
    uncommitted informed player plays the cooperative action with probability `informed`, the uninformed one with `uninformed`;
    both values are for the rest of the game. After the committed type's own action, ``then`` is the row that follows if the
    uninformed player cooperates or refuses (-1 at the end). Any other action of the informed player leads to refusal to the end.
    """

    left: int
    belief: Expr
    state: str
    informed: Expr
    uninformed: Expr
    value_informed: Expr
    value_uninformed: Expr
    then: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Assessment(Step):
    """A sequential equilibrium of the finite game with one committed type, row by row; row 0 is the start.

    Sequentially rational (no gain from one deviation in any row) and consistent (`belief` follows by Bayes' rule).
    """

    protocol: str
    rows: tuple[InformationSet, ...]
    cooperative: Expr


@dataclass(frozen=True, kw_only=True)
class PayoffFloor(Step):
    """With ``stages`` left, belief ``belief`` in the committed type, the strategy named `strategy` earns at least `floor`.

    It cooperates until the rival refuses and refuses from then on: against the committed type it earns mutual cooperation
    throughout, against any other behaviour at worst the exploited payoff once.
    """

    protocol: str
    player: str
    stages: Symbol
    belief: Expr
    strategy: str
    floor: Expr


@dataclass(frozen=True, kw_only=True)
class NoncooperationBound(Step):
    """In every sequential equilibrium at most `bound` stages are without mutual cooperation, however long the game.

    `automaton` names the kind of committed type (``"trigger"`` or ``"reciprocal"``), `sides` how many players may be committed;
    `expected` says that the bound is on the expected number (else it holds on every path of play).
    """

    protocol: str
    automaton: str
    sides: int
    expected: bool
    parts: tuple[tuple[Symbol, Expr], ...]
    bound: Expr


@dataclass(frozen=True, kw_only=True)
class RevisedShares(Step):
    """Equal shares of `benefit`, each factor moving its weight from an equal to a proportional share."""

    protocol: str
    equal: Expr
    weights: tuple[Expr, ...]
    ratios: tuple[tuple[Expr, ...], ...]
    shares: tuple[tuple[Symbol, Expr], ...]


@dataclass(frozen=True, kw_only=True)
class SupportEquilibrium(Step):
    """Playing each action with the given probability is an equilibrium of the stage game, for both players.

    Actions played with positive probability earn a player `payoffs`, no other more. ``certificates`` prove, player by player and
    action by action, that a probability which is not a number is positive, and that what an action not played earns is less; where
    it is the same, none is needed.
    """

    protocol: str
    probabilities: tuple[tuple[Expr, ...], tuple[Expr, ...]]
    payoffs: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]
