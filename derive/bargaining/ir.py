"""The statement of a two-player bargaining problem. Like `derive.ir`, nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Claim, Definition, Neutral, Parameter, PrintedFormula, PrintedNumber, PrintedRelation, Variable

__all__ = ["SOLUTIONS", "Arrangement", "Bargainer", "BargainingProblem"]

#: What can be derived of a problem. Each plays the part of a protocol: claims say ``At(payoff, "nash")``.
SOLUTIONS = {
    "nash": "Nash solution",
    "kalai_smorodinsky": "Kalai-Smorodinsky solution",
    "egalitarian": "Egalitarian solution",
    "utilitarian": "Utilitarian solution",
    "alternating_offers": "Alternating offers",
}


@dataclass(frozen=True)
class Arrangement:
    """A solution as a heading: its key, its title, and a note on it."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Bargainer:
    """A player: what it earns along the frontier (`objective`) and without an agreement (`disagreement`).

    `payoff` is the symbol under which every solution reports what it earns. `weight` is its bargaining power in the Nash solution
    (only the ratio matters); `discount` its discount factor between offers, which alternating offers need.
    """

    name: str
    objective: Expr
    payoff: Symbol
    meaning: str = ""
    disagreement: Expr = S.Zero
    weight: Expr = S.Half
    discount: Expr | None = None
    unit: str = ""
    latex: str = ""

    @property
    def risk(self) -> Neutral:
        """Payoffs are utilities already."""
        return Neutral()


@dataclass(frozen=True)
class BargainingProblem:
    """Two players agree on a point of a frontier, described by one coordinate `along`, or on nothing.

    Along the frontier the first player's payoff rises and the second's falls. Payoffs may be thrown away: what is feasible is
    whatever lies below the frontier. Solutions are sought among agreements that give nobody less than no agreement does.
    Offers alternate without end, or for `rounds` rounds, the first player offering first; the number may contain a whole
    parameter, as ``2*m`` or ``2*m + 1``.
    `solutions` restricts what is derived to some of `SOLUTIONS`; empty means all that the statement has the data for.
    """

    key: str
    title: str
    source: str
    along: Variable
    players: tuple[Bargainer, Bargainer]
    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Boolean, ...] = ()
    definitions: tuple[Definition, ...] = ()
    solutions: tuple[str, ...] = ()
    rounds: Expr | None = None
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedRelation | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The coordinate of the frontier, under the name that choices have in other statements."""
        return (self.along,)

    @property
    def protocols(self) -> tuple[Arrangement, ...]:
        """The solutions with their titles, as a document names its sections."""
        return tuple(Arrangement(key, title) for key, title in SOLUTIONS.items())
