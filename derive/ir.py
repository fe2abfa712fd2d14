"""The vocabulary of a statement: what a model is made of. Nothing here computes.

A model file builds one `Model` (or `CoalitionGame`, `RepeatedGame`) from these frozen values, as its paper writes it.
Relations are SymPy relations between symbols made by `symbols`; a chain such as ``0 <= beta <= 1`` is written as two relations.
A strict relation (``p > 0``) is an open bound: it restricts a choice and can never be active at an optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import sympy
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.benchmark import Coordination
from derive.sources import (
    After,
    At,
    Claim,
    Exists,
    PrintedFormula,
    PrintedNumber,
    PrintedRelation,
    Reply,
    Slope,
    Switches,
)

__all__ = [
    "CARA",
    "Acceptance",
    "After",
    "Aggregate",
    "At",
    "Bargain",
    "Claim",
    "Constraint",
    "Coordination",
    "Decision",
    "Definition",
    "Distribution",
    "Exists",
    "Exponential",
    "Feasibility",
    "GeneralDistribution",
    "Instance",
    "Model",
    "Neutral",
    "Normal",
    "Parameter",
    "Participation",
    "Player",
    "PowerDistribution",
    "PrintedFormula",
    "PrintedNumber",
    "PrintedRelation",
    "Protocol",
    "Reply",
    "Sharing",
    "Shock",
    "Slope",
    "Stage",
    "Switches",
    "Uniform",
    "Variable",
    "other",
    "symbols",
]


def symbols(names: str) -> tuple[Symbol, ...]:
    """Real symbols, one per name. Every symbol of a statement is made here, so one name is one symbol everywhere.

    Nothing but realness is assumed of them: signs and orderings are relations of the model, which may relate symbols.
    """
    return tuple(Symbol(name, real=True) for name in names.split())


# --- parameters, variables, definitions -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A given quantity. Its admissible values are stated by `Model.assumptions`."""

    symbol: Symbol
    meaning: str
    unit: str = ""
    latex: str = ""
    integer: bool = False


@dataclass(frozen=True)
class Variable:
    """A quantity some player chooses, with the relations that bound it (constants, parameters or earlier choices).

    `values` are the numbers it is chosen from, where it is not chosen from a range (to enter: 0 or 1); then it has no `domain`.
    """

    symbol: Symbol
    meaning: str
    domain: tuple[Boolean, ...] = ()
    unit: str = ""
    latex: str = ""
    values: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A definition: `symbol` abbreviates `value`. Evaluated at equilibrium it is reported with the decisions."""

    symbol: Symbol
    value: Expr
    meaning: str
    unit: str = ""
    latex: str = ""


@dataclass(frozen=True)
class Aggregate:
    """A definition: `symbol` is the sum of `of` over all members of the group `over`, an acting member included.

    `of` is one member's: an expression in what a member chooses and in parameters. What others do enters a member's objective
    through aggregates only, so ``X - x`` is what all others choose together.
    """

    symbol: Symbol
    of: Expr
    over: str
    meaning: str
    unit: str = ""
    latex: str = ""


# --- shocks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Normal:
    """Normal law with the given mean and variance."""

    mean: Expr
    variance: Expr


@dataclass(frozen=True)
class Uniform:
    """Uniform law on ``[low, high]``."""

    low: Expr
    high: Expr


@dataclass(frozen=True)
class Exponential:
    """Exponential law with the given mean, on ``[0, oo)``."""

    mean: Expr


@dataclass(frozen=True)
class PowerDistribution:
    """``F(x) = (x/high)**exponent`` on ``[0, high]``; ``exponent > 0``. Has an increasing generalised failure rate."""

    high: Expr
    exponent: Expr


@dataclass(frozen=True)
class GeneralDistribution:
    """A law known only by its properties: differentiable cdf `cdf` (a name) on ``[low, high]`` with mean `mean`.

    `igfr` states that the generalised failure rate ``x f(x)/(1 - F(x))`` is nondecreasing, `ifr` that the failure rate
    ``f(x)/(1 - F(x))`` itself is.
    """

    cdf: str
    low: Expr
    high: Expr
    mean: Expr
    igfr: bool = False
    ifr: bool = False


Distribution = Normal | Uniform | Exponential | PowerDistribution | GeneralDistribution


@dataclass(frozen=True)
class Shock:
    """A random variable, independent of the other shocks unless the model says otherwise."""

    symbol: Symbol
    distribution: Distribution
    meaning: str
    unit: str = ""
    latex: str = ""


@dataclass(frozen=True)
class Instance:
    """A named law put in place of a general one: ``laws`` pairs a shock with its `Distribution`.

    The parameters and assumptions that only this instance needs stand here.
    """

    key: str
    laws: tuple[tuple[Symbol, Distribution], ...]
    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Boolean, ...] = ()
    note: str = ""


# --- players -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Neutral:
    """Maximises the expectation of the objective."""


@dataclass(frozen=True)
class CARA:
    """Maximises ``E[-exp(-risk_aversion * objective)]``; payoffs are reported as certainty equivalents."""

    risk_aversion: Expr


@dataclass(frozen=True)
class Player:
    """A decision maker: `objective` is what the player earns ex post (random if it contains shocks); `payoff` is the symbol
    under which the expected payoff (certainty equivalent under `CARA`) is reported.

    `count` makes it a group of that many identical players (an integer parameter, or an expression of such), who decide each for
    itself: objective, payoff and choices are one member's, sums over all members are the model's `Aggregate`s.
    """

    name: str
    objective: Expr
    payoff: Symbol
    meaning: str = ""
    risk: Neutral | CARA = Neutral()
    unit: str = ""
    latex: str = ""
    count: Expr = sympy.S.One


def other(choice: Symbol) -> Symbol:
    """The symbol of what each other member of a group chooses, while one member decides on `choice`."""
    return Symbol(f"{choice.name}_other", real=True)


# --- decisions, stages, protocols ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Feasibility:
    """A relation that the choices of a decision must satisfy."""

    name: str
    relation: Boolean


@dataclass(frozen=True)
class Acceptance(Feasibility):
    """A relation that the choices must satisfy unless the others imply it: that somebody gains from an agreement."""


@dataclass(frozen=True)
class Sharing(Feasibility):
    """The equality by which those who bargain share what they gain together: ``transfer = expression``."""


@dataclass(frozen=True)
class Participation:
    """`player` accepts only if its payoff is at least `reservation` (individual rationality)."""

    player: str
    reservation: Expr
    name: str = "IR"


Constraint = Feasibility | Participation


@dataclass(frozen=True)
class Bargain:
    """Nash bargaining among those who decide together, in their order: they choose what makes the product of their gains over
    `disagreement` (zero if left out), each raised to the power of its weight, as large as possible."""

    weights: tuple[Expr, ...]
    disagreement: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Decision:
    """`by` (one player's name, or several who decide jointly and maximise the sum of their payoffs) choose `chooses`.

    `indifferent` are relations that say which choice is made where several are best (an entrant that earns nothing stays out).
    """

    by: tuple[str, ...]
    chooses: tuple[Symbol, ...]
    subject_to: tuple[Constraint, ...] = ()
    indifferent: tuple[Boolean, ...] = ()
    bargain: Bargain | None = None


@dataclass(frozen=True)
class Stage:
    """Decisions taken simultaneously, after and knowing the choices of all earlier stages."""

    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Protocol:
    """Who moves when and knowing what. `stages` are in the order of play.

    `outside` (payoffs by player name) is what is earned if the game is not started. Whoever takes the first decision, which is then
    a single one, chooses: the game is started where that pays at least as much, and where nothing can be chosen that its
    constraints (another player's participation, say) allow, it is not. A player that is not named earns nothing of interest.
    `objectives` (by player name) are earned under this protocol in place of the players' own: another contract, another rule.
    `coordinates` asks for the contract's term with which this protocol's decision is another's.
    """

    key: str
    title: str
    stages: tuple[Stage, ...]
    outside: tuple[tuple[str, Expr], ...] = ()
    objectives: tuple[tuple[str, Expr], ...] = ()
    note: str = ""
    coordinates: Coordination | None = None


@dataclass(frozen=True)
class Model:
    """A statement: players, parameters with their domain, shocks, protocols, claims. It computes nothing."""

    key: str
    title: str
    source: str
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Boolean, ...]
    variables: tuple[Variable, ...]
    players: tuple[Player, ...]
    protocols: tuple[Protocol, ...]
    definitions: tuple[Definition, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    shocks: tuple[Shock, ...] = ()
    instances: tuple[Instance, ...] = ()
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedRelation | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = field(default=())

    def protocol(self, key: str) -> Protocol:
        """The protocol of that key. Raises KeyError."""
        return {protocol.key: protocol for protocol in self.protocols}[key]

    def player(self, name: str) -> Player:
        """The player of that name. Raises KeyError."""
        return {player.name: player for player in self.players}[name]

    def under(self, protocol: Protocol) -> Model:
        """The model with the objectives that players have under a protocol."""
        own = dict(protocol.objectives)
        return replace(self, players=tuple(replace(p, objective=own.get(p.name, p.objective)) for p in self.players))


def exact(text: str) -> Rational:
    """The rational number that decimal text denotes: ``exact("0.3333") == Rational(3333, 10000)``."""
    return sympy.Rational(text)
