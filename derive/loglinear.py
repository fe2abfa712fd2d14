"""Kinds of step about conditions that are equations between two products of powers, and so linear in logarithms."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Step

__all__ = ["AllOrNone", "LogLinear", "PowerEquation", "Powers", "Side"]


@dataclass(frozen=True)
class Powers:
    """``coefficient`` times the unknowns, each to the power that stands for it in ``exponents``."""

    coefficient: Expr
    exponents: tuple[Expr, ...]


@dataclass(frozen=True)
class PowerEquation:
    """``multiple * (powers - level) = 0``, where ``powers`` is the product of the unknowns to the ``exponents``.

    ``nonzero`` proves that the coefficient of the multiple does not vanish and ``positive`` that the level is positive; a number needs
    no proof.
    """

    multiple: Powers
    exponents: tuple[Expr, ...]
    level: Expr
    nonzero: Certificate | None
    positive: Certificate | None


@dataclass(frozen=True, kw_only=True)
class LogLinear(Step):
    """``conditions``, in this order the ``equations``, vanish for positive ``unknowns`` at ``values`` and nowhere else on ``given``.

    Choices that are ``fixed`` have been put in. The equations are linear in the logarithms of the unknowns, with the ``determinant`` of
    their exponents, which ``nonzero`` proves not to vanish; each value is the product of the levels to its ``weights``.
    """

    conditions: tuple[Expr, ...]
    fixed: tuple[tuple[Symbol, Expr], ...]
    unknowns: tuple[Symbol, ...]
    equations: tuple[PowerEquation, ...]
    determinant: Expr
    nonzero: Certificate | None
    weights: tuple[tuple[Expr, ...], ...]
    values: tuple[tuple[Symbol, Expr], ...]


@dataclass(frozen=True)
class Side:
    """One of two terms of opposite sign: ``powers`` with a coefficient that ``positive`` proves to be positive; so do ``rises`` for the
    exponents that are neither 0 nor numbers."""

    powers: Powers
    positive: Certificate | None
    rises: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class AllOrNone(Step):
    """Where one of the ``unknowns``, which are not negative, vanishes, ``conditions`` vanish only if all unknowns do, and there they do.

    Each condition is the difference of the two of its ``sides``, which are positive unless one of their unknowns vanishes.
    """

    conditions: tuple[Expr, ...]
    fixed: tuple[tuple[Symbol, Expr], ...]
    unknowns: tuple[Symbol, ...]
    sides: tuple[tuple[Side, Side], ...]
