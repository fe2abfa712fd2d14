"""Kinds of step on one choice: made through what it leads to, with a condition inside the support of a law, with a marginal payoff
that bends one way."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Step


@dataclass(frozen=True)
class LawTerm:
    """``coefficient * (1 - F)**survival * z**stock * S**sales * g**rate`` with ``S = z - Lambda`` and ``g = z f/(1 - F)``."""

    coefficient: Expr
    survival: int
    stock: int
    sales: int
    rate: int


@dataclass(frozen=True, kw_only=True)
class FallingByLaw(Step):
    """``core``, the sum of ``terms``, falls strictly in ``variable`` inside the support ``[low, high]`` of the law with the cdf
    ``law``, from the first of ``limits`` to the second, because no term rises and one falls.

    ``certificates`` prove the signs of the coefficients of those terms that are not constant, in their order.
    """

    variable: Symbol
    law: str
    core: Expr
    terms: tuple[LawTerm, ...]
    low: Expr
    high: Expr
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]


@dataclass(frozen=True)
class CdfTerm:
    """``coefficient * F(argument)`` with ``F`` the cdf called `law`."""

    coefficient: Expr
    law: str
    argument: Expr


@dataclass(frozen=True, kw_only=True)
class FallingCdfs(Step):
    """``core``, the sum of ``constant`` and ``terms``, falls strictly in ``variable`` on the support ``[low, high]`` of the law of the
    first term, whose argument is ``variable``, from the first of ``limits`` to the second: no coefficient is positive, and no
    argument falls.

    ``certificates`` prove that the first coefficient is negative, and of each other term that its coefficient is not positive and
    that its argument rises.
    """

    variable: Symbol
    core: Expr
    constant: Expr
    terms: tuple[CdfTerm, ...]
    low: Expr
    high: Expr
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]


@dataclass(frozen=True, kw_only=True)
class RiseThenFall(Step):
    """``core = (1 - F)(base + rate S) - constant`` with ``S = z - Lambda(z)`` changes sign at most once in ``variable`` inside the
    support ``[low, high]`` of the law with the cdf ``law``, from plus to minus: its failure rate does not fall.

    ``certificates`` prove ``rate > 0``, ``constant > 0`` and that the first of ``limits`` is not negative.
    """

    variable: Symbol
    law: str
    core: Expr
    base: Expr
    rate: Expr
    constant: Expr
    low: Expr
    high: Expr
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]


@dataclass(frozen=True, kw_only=True)
class ByResponse(Step):
    """The response to ``choice`` is the only root ``response`` of ``equation = 0``, which ``choice = value`` alone satisfies for a
    given response. So to choose ``choice`` is to choose ``response``, and ``before`` becomes ``after``.

    ``lead``, the coefficient of ``choice`` in the equation times ``factor``, is not zero, by ``certificate``.
    """

    before: Expr
    choice: Symbol
    response: Symbol
    equation: Expr
    factor: Expr
    lead: Expr
    value: Expr
    certificate: Certificate | None
    after: Expr


@dataclass(frozen=True, kw_only=True)
class Bend(Step):
    """``core`` (the sign of the marginal payoff) is strictly concave in ``variable`` on ``given`` and not negative at the lower bound
    ``end``, or strictly convex and not positive at the upper bound ``end``: it changes sign at most once, from plus to minus.

    ``curvature`` is the second derivative, with its sign by ``certificate``; ``at_end`` the core at the end, by ``end_certificate``
    (None where it is zero or a number).
    """

    variable: Symbol
    core: Expr
    curvature: Expr
    certificate: Certificate | None
    end: Expr
    at_end: Expr
    end_certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class FewPeaks(Step):
    """On ``given`` ``core`` (the sign of the marginal payoff) is bent one way in ``variable``, or rises: ``derivative``, its second or
    first derivative (``order``), is positive or negative by ``certificate``. So it changes from plus to minus at most once, where it is
    not the other way round: the payoff is largest at a bound or where the core falls through zero, at ``root`` if anywhere.

    ``root`` (None where the core rises) makes the core vanish.
    """

    variable: Symbol
    core: Expr
    order: int
    derivative: Expr
    certificate: Certificate | None
    root: Expr | None


@dataclass(frozen=True, kw_only=True)
class TurnedBound(Step):
    """The restriction ``slack >= 0`` says just that ``variable`` is at most (``upper``) or at least ``bound``.

    ``slack = positive * core`` with ``positive > 0`` by ``positivity``; ``core`` vanishes at the bound and falls (rises) in the variable
    on ``given`` at the rate ``slope``, signed by ``certificate``.
    """

    variable: Symbol
    slack: Expr
    positive: Expr
    core: Expr
    positivity: Certificate | None
    upper: bool
    slope: Expr
    certificate: Certificate | None
    bound: Expr
