"""The vocabulary of a repeated game: stage game, horizon, strategies as automata, committed types, divisions. Nothing computes.

A `RepeatedGame` states one stage game and several arrangements of it. Each arrangement has a key and yields one solution, as a
protocol of a `derive.ir.Model` does:

* `OneShot`: the stage game played once;
* `Play`: a profile of automata in the infinitely repeated, discounted game, with the solution concept asked for;
* `Reputation`: finitely many stages, undiscounted, where players may be committed to an automaton with a prior probability;
* `Division`: a benefit divided among the players by weighted factors.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Claim, Parameter, PrintedFormula, PrintedNumber

__all__ = [
    "Arrangement",
    "Automaton",
    "Commitment",
    "Division",
    "Factor",
    "OneShot",
    "Play",
    "RepeatedGame",
    "Reputation",
    "StageGame",
    "domain",
]

Profile = tuple[str, ...]


@dataclass(frozen=True)
class StageGame:
    """A finite game in normal form: per player its actions, per profile (one action each) every player's payoff.

    With `number` set, that many identical firms play: there is one name in `players`, a profile is ``(own, others)`` with all the
    others doing the same, and the payoff is that of the one firm.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: tuple[tuple[Profile, tuple[Expr, ...]], ...]
    number: Expr | None = None

    def payoff(self, profile: Profile, player: int) -> Expr:
        """What that player earns. Raises KeyError."""
        return dict(self.payoffs)[profile][player]


@dataclass(frozen=True)
class Automaton:
    """A strategy with finitely many states: `output` says what to play, `transition` where ``(own, other)`` leads."""

    name: str
    states: tuple[str, ...]
    initial: str
    output: tuple[tuple[str, str], ...]
    transition: tuple[tuple[str, Profile, str], ...]

    def plays(self, state: str) -> str:
        """The action in that state. Raises KeyError."""
        return dict(self.output)[state]

    def after(self, state: str, observed: Profile) -> str:
        """The next state after ``(own, other)`` was played. Raises KeyError."""
        return {(source, profile): target for source, profile, target in self.transition}[state, observed]


@dataclass(frozen=True)
class OneShot:
    """The stage game once; each player's equilibrium payoff is reported under the symbol in `payoffs`.

    With `probabilities`, for each of two players one symbol per action, all equilibria are listed, those in mixed strategies too.
    """

    key: str
    title: str
    payoffs: tuple[Symbol, ...] = ()
    note: str = ""
    probabilities: tuple[tuple[Symbol, ...], ...] = ()


@dataclass(frozen=True)
class Play:
    """A profile of automata in the infinitely repeated game; `concept` is ``"nash"`` or ``"subgame_perfect"``.

    Reported where asked for: the critical discount factor under `threshold`, 1 or 0 (an equilibrium or not) under `holds`, the
    players' discounted payoffs on the path under `payoffs`. In a game of `number` identical firms there is one automaton for
    all, whose state is common: a deviator and the others move to the same state.
    """

    key: str
    title: str
    strategies: tuple[Automaton, ...]
    concept: str
    threshold: Symbol | None = None
    holds: Symbol | None = None
    payoffs: tuple[Symbol, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Commitment:
    """`player` is, with probability `prior`, a type that can do nothing but follow `automaton`."""

    player: str
    automaton: Automaton
    prior: Expr


@dataclass(frozen=True)
class Reputation:
    """The stage game repeated `stages` times without discounting, with independent commitments known to be possible.

    ``stages`` is a symbol (a bound for every length is derived) or an integer (the equilibrium). ``at`` gives exact values of
    parameters; with all of them given an exact sequential equilibrium is computed. `noncooperative` reports the bound on the
    number of stages without mutual cooperation (or that expected number, when exact), `cooperative` the stages left, `holds` 1 or
    0 (the equilibrium looked for exists or not, with two or three stages).
    """

    key: str
    title: str
    stages: Expr
    committed: tuple[Commitment, ...]
    cooperate: Profile
    at: tuple[tuple[Symbol, Rational], ...] = ()
    threshold: Symbol | None = None
    noncooperative: Symbol | None = None
    cooperative: Symbol | None = None
    holds: Symbol | None = None
    note: str = ""


@dataclass(frozen=True)
class Factor:
    """One ground for a share: each player's contribution (same order as the players), and the factor's weight."""

    name: str
    weight: Expr
    contributions: tuple[Expr, ...]


@dataclass(frozen=True)
class Division:
    """`benefit` is shared equally, then revised by the factors: each moves its weight from equal to proportional shares."""

    key: str
    title: str
    benefit: Expr
    factors: tuple[Factor, ...]
    shares: tuple[Symbol, ...]
    note: str = ""


Arrangement = OneShot | Play | Reputation | Division


@dataclass(frozen=True)
class RepeatedGame:
    """A statement: a stage game with symbolic payoffs, the ways it is played, and what is claimed. It computes nothing."""

    key: str
    title: str
    source: str
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Boolean, ...]
    stage: StageGame
    protocols: tuple[Arrangement, ...]
    discount: Symbol | None = None
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = ()

    def protocol(self, key: str) -> Arrangement:
        """The arrangement of that key. Raises KeyError."""
        return {protocol.key: protocol for protocol in self.protocols}[key]


def domain(game: RepeatedGame) -> tuple[Boolean, ...]:
    """The assumptions, with ``0 < discount < 1`` where the statement leaves it unsaid."""
    if game.discount is None:
        return game.assumptions
    bounds = (game.discount > 0, game.discount < 1)
    return game.assumptions + tuple(bound for bound in bounds if bound not in game.assumptions)
