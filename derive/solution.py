"""What a derivation returns: every regime of a protocol, and the argument that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.steps import Coverage, Step


@dataclass(frozen=True)
class Implicit:
    """A quantity known as the unique root of ``equation = 0`` between ``low`` and ``high``.

    ``sign`` is +1 when the equation's left side increases through the root, -1 when it decreases.
    """

    symbol: Symbol
    equation: Expr
    low: Expr
    high: Expr
    sign: int


@dataclass(frozen=True)
class Regime:
    """A parameter region and the equilibrium there.

    ``values`` pair a symbol (decision, payoff, definition) with its closed form, in an order in which each may use the ones
    before it; expressions are in parameters and the symbols of ``implicit``. ``active`` names the binding constraints.

    ``outside`` says that the game is not started: no decision has a value, and payoffs are those of the outside option.

    ``free`` are decisions of which a continuum is an equilibrium: all that satisfy ``among`` (relations in parameters and
    ``free``); other values may depend on them. ``unique`` is False where other regimes hold for the same parameters too.
    """

    name: str
    region: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    implicit: tuple[Implicit, ...] = ()
    active: tuple[str, ...] = ()
    free: tuple[Symbol, ...] = ()
    among: tuple[Boolean, ...] = ()
    unique: bool = True
    outside: bool = False

    def resolved(self) -> dict[Symbol, Expr]:
        """Every value in terms of parameters and implicit quantities alone."""
        return dict(_resolved(self.values))


@lru_cache(maxsize=512)
def _resolved(values: tuple[tuple[Symbol, Expr], ...]) -> Mapping[Symbol, Expr]:
    found: dict[Symbol, Expr] = {}
    for symbol, value in values:
        found[symbol] = value.xreplace(found)
    return found


@dataclass(frozen=True)
class Case:
    """One line of a result by cases: on ``region``, each symbol equals its expression, for all ``free`` symbols ``among`` some."""

    region: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    free: tuple[Symbol, ...] = ()
    among: tuple[Boolean, ...] = ()


@dataclass(frozen=True)
class Response:
    """How the game goes on, by cases: the choices of `stage` and all later ones (``complete``), or the best reply of one decision
    of that stage to everything else chosen in it or before."""

    stage: int
    chooses: tuple[Symbol, ...]
    complete: bool
    cases: tuple[Case, ...]
    implicit: tuple[Implicit, ...] = ()


@dataclass(frozen=True)
class Proposition:
    """A result and its proof: a stage's best responses, an equilibrium, a corollary.

    What ``text`` says holds on one of the regions ``exactly`` and nowhere else, where there are any.
    """

    label: str
    kind: str
    title: str
    text: str
    cases: tuple[Case, ...]
    proof: tuple[Step, ...]
    facts: tuple[Boolean, ...] = ()
    exactly: tuple[tuple[Boolean, ...], ...] = ()


class Without(Enum):
    """Why a region of the parameters has no equilibrium to report."""

    UNBOUNDED = "a payoff is unbounded"
    NOT_ATTAINED = "a supremum is not attained"
    NO_PURE_EQUILIBRIUM = "there is no equilibrium in pure strategies"
    NO_SYMMETRIC_EQUILIBRIUM = "there is no symmetric equilibrium in pure strategies"
    INFEASIBLE = "the constraints contradict one another"
    UNSETTLED = "not settled"


@dataclass(frozen=True)
class Gap:
    """A region of the parameters without regimes. All kinds but UNSETTLED are proved in the solution's argument.

    Where a supremum is not attained, `approached` are the choices of that stage and all later ones towards which it is approached.
    """

    region: tuple[Boolean, ...]
    kind: Without
    reason: str
    approached: tuple[tuple[Symbol, Expr], ...] = ()


@dataclass(frozen=True)
class Solution:
    """All regimes of one protocol and the argument in its order.

    The regimes and ``gaps`` cover the domain. They are disjoint, but for regimes that are not ``unique`` and for common borders on
    which they agree. ``covering`` is the proof of this, where there is one.
    """

    model: str
    protocol: str
    instance: str
    assumptions: tuple[Boolean, ...]
    regimes: tuple[Regime, ...]
    argument: tuple[Proposition, ...]
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    responses: tuple[Response, ...] = ()
    covering: Coverage | None = None

    @property
    def regions(self) -> tuple[tuple[Boolean, ...], ...]:
        """The regions of all regimes, then those of all gaps."""
        return (*(regime.region for regime in self.regimes), *(gap.region for gap in self.gaps))

    @property
    def refused(self) -> bool:
        """Whether nothing at all was derived: the only gap is everything, and says why."""
        return not self.regimes and any(not gap.region and gap.kind is Without.UNSETTLED for gap in self.gaps)
