"""The statement of a game in coalition form. Like `derive.ir`, nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Expr, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Claim, Definition, Parameter, PrintedFormula, PrintedNumber, symbols

__all__ = ["CONCEPTS", "LEAST_EXCESS", "ON_REQUEST", "PROPERTIES", "CoalitionGame", "Member", "Revision"]

#: What can be derived of a game. Each concept plays the part of a protocol: claims say ``At(share, "nucleolus")``.
CONCEPTS = (
    "shapley",
    "superadditivity",
    "convexity",
    "core",
    "shapley_core",
    "revision",
    "revision_core",
    "banzhaf",
    "nucleolus",
    "tau",
    "prenucleolus",
    "least_core",
)

#: Derived only where a statement asks for them.
ON_REQUEST = ("prenucleolus", "least_core")

#: The least level to which some division of the total holds every coalition's excess; not positive where the core is not empty.
LEAST_EXCESS = symbols("least_excess")[0]

#: The concepts that are properties: each reports a symbol which is 1 where the game has it and 0 elsewhere.
PROPERTIES = {
    "superadditivity": symbols("superadditive")[0],
    "convexity": symbols("convex")[0],
    "core": symbols("core_nonempty")[0],
    "shapley_core": symbols("shapley_in_core")[0],
    "revision_core": symbols("revision_in_core")[0],
}


TITLES = {
    "shapley": "Shapley value",
    "superadditivity": "Superadditivity",
    "convexity": "Convexity",
    "core": "The core",
    "shapley_core": "The Shapley value and the core",
    "revision": "Shares revised by weights",
    "revision_core": "Core-stable weights",
    "banzhaf": "Banzhaf value",
    "nucleolus": "Nucleolus",
    "tau": "Tau value",
    "prenucleolus": "Prenucleolus",
    "least_core": "The least core",
}


@dataclass(frozen=True)
class Concept:
    """A concept as a heading: its key, its title, and a note of the statement on it."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Member:
    """A player of a coalition game.

    `share` is the symbol under which what the player receives (pays, in a cost game) is reported by every solution concept.
    `indicator` is 1 in the coalitions the player belongs to and 0 in the others; only a `CoalitionGame.rule` speaks of it.
    `count` makes it that many players who are alike (an integer parameter): the indicator is how many of them a coalition has, and
    the share is one player's.
    """

    name: str
    share: Symbol
    meaning: str = ""
    indicator: Symbol | None = None
    unit: str = ""
    latex: str = ""
    count: Expr = S.One

    @property
    def payoff(self) -> Symbol:
        """The share, under the name that players of other statements have for what they earn."""
        return self.share


@dataclass(frozen=True)
class Revision:
    """Shares corrected by weights: ``share_i + (weights[i] - 1/n) * V(N)``, weights in the order of the players.

    `parameters` and `assumptions` are those which only the weights need. The weights of all players must sum to one.
    """

    weights: tuple[Expr, ...]
    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Boolean, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CoalitionGame:
    """A characteristic function on the coalitions of `players`, with transferable utility.

    Stated in one of three ways. Per coalition: `worths` pairs the names of the members with an exact expression, every
    nonempty coalition once; the empty one may be left out. By a `rule` in the members' 0/1 indicators, which may use ``Max``,
    ``Min`` and ``Piecewise``. By the protocols of a model: `plays` pairs the names of the members with a protocol's key, and a
    coalition's worth is what its members, named as the model's players, earn together in that protocol's equilibrium, under the
    model's law of that `instance` if one is named.
    `named` are the definitions that stay names in every result, because what they stand for is not a polynomial: all that is used
    of them is what can be proved of their values.
    `kind` says whether a coalition's number is what it earns or what it has to pay.
    `concepts` restricts what is derived to some of `CONCEPTS`; empty means all but those `ON_REQUEST`.
    """

    key: str
    title: str
    source: str
    players: tuple[Member, ...]
    kind: Literal["value", "cost"] = "value"
    worths: tuple[tuple[tuple[str, ...], Expr], ...] = ()
    rule: Expr | None = None
    plays: tuple[tuple[tuple[str, ...], str], ...] = ()
    instance: str = ""
    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Boolean, ...] = ()
    definitions: tuple[Definition, ...] = ()
    named: tuple[Symbol, ...] = ()
    revision: Revision | None = None
    concepts: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedNumber, ...] = ()
    abstract: str = ""
    unit: str = ""
    errata: tuple[str, ...] = ()

    @property
    def arrangements(self) -> tuple[Concept, ...]:
        """The concepts with their titles, as a document names its sections."""
        notes = {"revision": self.revision.note} if self.revision is not None else {}
        return tuple(Concept(key, TITLES[key], notes.get(key, "")) for key in CONCEPTS)

    def member(self, name: str) -> Member:
        """The player of that name. Raises KeyError."""
        return {member.name: member for member in self.players}[name]
