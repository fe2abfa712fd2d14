"""The kinds of step that contracts need beside the common ones."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.ir import Distribution
from derive.steps import Step

__all__ = [
    "BindingTransfers",
    "CurvedVariable",
    "ExpectedSurplus",
    "InformationRent",
    "Ordered",
    "Rents",
    "Schedule",
    "VirtualSurplus",
]


@dataclass(frozen=True, kw_only=True)
class BindingTransfers(Step):
    """Several transfers are pinned down by as many constraints, whatever else is chosen.

    With positive ``multipliers`` (by ``certificates``), ``objective`` is ``reduced`` less each multiplier times its constraint's
    slack in ``binding``. So no admissible choice pays more than ``reduced``, and it pays just that at the transfers ``solved``,
    where these constraints bind. The other constraints on the transfers have the slacks ``others`` there; ``held`` prove that
    these are nonnegative at every choice that is admissible with some transfers.
    """

    objective: Expr
    binding: tuple[Expr, ...]
    multipliers: tuple[Expr, ...]
    certificates: tuple[Certificate | None, ...]
    solved: tuple[tuple[Symbol, Expr], ...]
    others: tuple[Expr, ...]
    held: tuple[Certificate | None, ...]
    reduced: Expr


@dataclass(frozen=True, kw_only=True)
class Ordered(Step):
    """``slack >= 0`` says just that ``high >= low``: it vanishes where they are equal and rises in ``high`` at the rate ``slope``.

    ``certificate`` proves ``slope > 0`` inside the range of ``high``, in which ``low`` lies as well.
    """

    slack: Expr
    high: Symbol
    low: Symbol
    slope: Expr
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class CurvedVariable(Step):
    """``new = meaning``, a function of the choice ``old`` alone, takes its place: ``old = value``.

    ``meaning`` rises in ``old`` at the rate ``slope``, positive by ``certificate`` inside the range of ``old``, so each determines
    the other; ``range`` are the relations that say which values ``new`` has. ``after`` is the objective in ``new``.
    """

    objective: Expr
    old: Symbol
    new: Symbol
    value: Expr
    meaning: Expr
    slope: Expr
    certificate: Certificate | None
    range: tuple[Boolean, ...]
    after: Expr


# --- a continuum of types ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class InformationRent(Step):
    """What each type of an agent earns by telling the truth, by the envelope theorem.

    ``objective`` (the agent's) changes with the ``type`` at the rate ``slope``, and that changes with ``quantity`` at the rate
    ``crossing``. The first is not positive (``falling``) or not negative, and so is the second (``down`` or not), by ``certificates``:
    of two types one earns more under any contract, and one values more of the quantity more. A menu is then accepted and truthful just
    where the quantity falls (rises) with the type, what is earned has the derivative ``slope``, and the ``worst`` type earns at least
    ``reservation``.
    """

    objective: Expr
    type: Symbol
    quantity: Symbol
    transfer: Symbol
    slope: Expr
    crossing: Expr
    falling: bool
    down: bool
    certificates: tuple[Certificate | None, Certificate | None]
    worst: Expr
    reservation: Expr


@dataclass(frozen=True, kw_only=True)
class VirtualSurplus(Step):
    """The principal's expected payoff is the expectation of ``virtual`` less ``weight`` times the worst type's payoff.

    With the transfer that leaves the agent ``rent`` the principal's ``objective`` is ``surplus - weight * rent``, and ``weight`` is
    positive by ``certificate``. The mean of the rent beyond the worst type's is, integrated by parts, the mean of its
    derivative (towards the better types) times ``ratio``: the share of better types over the density. ``virtual`` is the
    surplus less the weight times that; where the type is ``observed``, there are no rents and it is the surplus.
    """

    objective: Expr
    agent: Expr
    transfer: Symbol
    type: Symbol
    rent: Symbol
    law: Distribution
    surplus: Expr
    weight: Expr
    certificate: Certificate | None
    slope: Expr
    falling: bool
    ratio: Expr
    virtual: Expr
    observed: bool


@dataclass(frozen=True, kw_only=True)
class Schedule(Step):
    """On ``given`` the types from ``ends[0]`` to ``ends[-1]`` fall into stretches, on each of which the quantity is one of
    ``quantities``, the best by an earlier step whose conditions (in ``conditions``) hold there by ``holds``; ``order`` proves that the
    ends are in order.

    The quantity falls with the type (``down``) or rises, as it must: its derivative on each stretch is one of ``slopes``, signed by
    ``signs``, and at each inner end it is continuous. Where this is ``observed`` no order is needed.
    """

    type: Symbol
    quantity: Symbol
    ends: tuple[Expr, ...]
    order: tuple[Certificate | None, ...]
    quantities: tuple[Expr, ...]
    conditions: tuple[tuple[Boolean, ...], ...]
    holds: tuple[tuple[Certificate | None, ...], ...]
    down: bool
    slopes: tuple[Expr, ...]
    signs: tuple[Certificate | None, ...]
    observed: bool


@dataclass(frozen=True, kw_only=True)
class Rents(Step):
    """Along a schedule (a premise) what the agent earns is ``rents``, stretch by stretch: the derivative of each is the slope of its
    objective in the type, they meet at the inner ends, and the worst type earns the reservation payoff. ``transfers`` leave it that.
    """

    objective: Expr
    type: Symbol
    quantity: Symbol
    transfer: Symbol
    ends: tuple[Expr, ...]
    rents: tuple[Expr, ...]
    transfers: tuple[Expr, ...]
    reservation: Expr
    observed: bool


@dataclass(frozen=True, kw_only=True)
class ExpectedSurplus(Step):
    """Along a schedule (a premise) the mean of ``virtual`` less ``weight * reservation`` is ``value``.

    ``integrals`` are antiderivatives of ``virtual`` times the density, stretch by stretch.
    """

    type: Symbol
    quantity: Symbol
    law: Distribution
    virtual: Expr
    weight: Expr
    reservation: Expr
    integrals: tuple[Expr, ...]
    payoff: Symbol
    value: Expr
