"""The kinds of step that contracts need beside the common ones."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.steps import Step

__all__ = ["BindingTransfers", "CurvedVariable", "Ordered"]


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
