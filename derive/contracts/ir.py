"""The statement of a screening problem with a continuum of types. Like `derive.ir`, nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.bargaining.ir import Arrangement
from derive.ir import (
    Claim,
    Definition,
    Parameter,
    Player,
    PowerDistribution,
    PrintedFormula,
    PrintedNumber,
    PrintedRelation,
    Uniform,
    Variable,
)

__all__ = ["SOLUTIONS", "HiddenType", "Screening"]

#: What is derived of a screening problem. Each plays the part of a protocol: claims say ``At(q, "hidden")``.
SOLUTIONS = {"observed": "The type is observed", "hidden": "The type is hidden"}


@dataclass(frozen=True)
class HiddenType:
    """What the agent knows and the principal does not: `symbol`, one of the statement's parameters, drawn from `law`."""

    symbol: Symbol
    law: Uniform | PowerDistribution


@dataclass(frozen=True)
class Screening:
    """A principal offers a menu, a `quantity` and a `transfer` for each type; the agent, who knows its type, takes one or none.

    Both objectives are linear in the transfer. Every result is a function of the type, but for what the principal expects to earn.
    An agent that takes nothing has `reservation`.
    """

    key: str
    title: str
    source: str
    type: HiddenType
    quantity: Variable
    transfer: Variable
    principal: Player
    agent: Player
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Boolean, ...] = ()
    reservation: Expr = S.Zero
    definitions: tuple[Definition, ...] = ()
    claims: tuple[Claim, ...] = ()
    printed: tuple[PrintedFormula | PrintedRelation | PrintedNumber, ...] = ()
    abstract: str = ""
    errata: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What the menu says for each type."""
        return (self.quantity, self.transfer)

    @property
    def players(self) -> tuple[Player, ...]:
        """Principal and agent, under the name that players have in other statements."""
        return (self.principal, self.agent)

    @property
    def protocols(self) -> tuple[Arrangement, ...]:
        """The solutions with their titles, as a document names its sections."""
        return tuple(Arrangement(key, title) for key, title in SOLUTIONS.items())

    @property
    def support(self) -> tuple[Expr, Expr]:
        """The lowest and the highest type."""
        law = self.type.law
        return (law.low if isinstance(law, Uniform) else S.Zero, law.high)
