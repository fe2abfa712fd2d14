"""The kind of step about conditions of several choices that are solved one after the other, the last one not by a linear equation."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Elimination, Step

__all__ = ["Aggregate", "Falls", "LastEquation", "Quadratic", "Triangular"]


@dataclass(frozen=True)
class Aggregate:
    """``symbol = meaning``, positive by `positive`, and the conditions `restated` by way of it: with its meaning put in they are those
    that were."""

    symbol: Symbol
    meaning: Expr
    positive: Certificate
    restated: tuple[Expr, ...]


@dataclass(frozen=True)
class Falls:
    """A core whose `slope` is negative by `certificate`, at least where the core vanishes: it has one root at most among what bounds its
    variable. The root that is told is within these bounds, by `inside` for each of them."""

    slope: Expr
    certificate: Certificate
    inside: tuple[Certificate, ...]


@dataclass(frozen=True)
class Quadratic:
    """A core with its `coefficients` from the constant on, the last one not zero by `nonzero` (a number needs no proof), and its
    `discriminant`: where that is not negative the core has its two roots, else none."""

    coefficients: tuple[Expr, Expr, Expr]
    nonzero: Certificate | None
    discriminant: Expr


@dataclass(frozen=True)
class LastEquation:
    """What the eliminations leave for the last `unknown`: ``core = 0``, other factors being nonzero as `excluded` proves."""

    unknown: Symbol
    core: Expr
    excluded: tuple[Certificate, ...]
    shape: Falls | Quadratic


@dataclass(frozen=True, kw_only=True)
class Triangular(Step):
    """``conditions``, in the order of the ``unknowns``, vanish at each of the ``solutions`` and nowhere else on ``given``.

    Choices that are ``fixed`` have been put in. With an ``aggregate`` its equation is one more, and the conditions are those restated.
    The eliminations of the ``trail`` leave the ``last`` equation, if they do not determine every unknown; its root comes first in a
    solution.
    """

    conditions: tuple[Expr, ...]
    fixed: tuple[tuple[Symbol, Expr], ...]
    unknowns: tuple[Symbol, ...]
    aggregate: Aggregate | None
    trail: tuple[Elimination, ...]
    last: LastEquation | None
    solutions: tuple[tuple[tuple[Symbol, Expr], ...], ...]
