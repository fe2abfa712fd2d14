"""Kinds of step about groups of identical players."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Step


@dataclass(frozen=True, kw_only=True)
class Member(Step):
    """The payoff of one of ``count`` identical players called ``group`` while all others of the group choose alike.

    ``others`` pair each choice with the symbol of the others' equal ones. Each sum over the group is one own term and ``count - 1``
    of the others': ``after = before[sums]``. Without ``others``, it is a payoff of somebody else, for whom all terms are equal.
    """

    group: str
    count: Expr
    others: tuple[tuple[Symbol, Symbol], ...]
    payoff: Symbol
    before: Expr
    sums: tuple[tuple[Symbol, Expr], ...]
    after: Expr


@dataclass(frozen=True, kw_only=True)
class Symmetry(Step):
    """Where all members of a group choose alike, ``others`` equal their own choices: each of ``conditions`` (a best reply written as
    ``= 0``) becomes the one of ``equations`` in its place."""

    group: str
    others: tuple[tuple[Symbol, Symbol], ...]
    conditions: tuple[Expr, ...]
    equations: tuple[Expr, ...]


@dataclass(frozen=True, kw_only=True)
class Alike(Step):
    """In every equilibrium all members of the group choose the same.

    As a function of the own ``choice`` and of ``sums`` (each with one member's term in it) the payoff is ``objective``. Its
    marginal value ``rate = d objective / d choice + (sum over sums) d objective / d sum * d term / d choice`` has the derivative
    ``slope`` in ``choice`` with the sums held fixed, negative on ``given`` by ``certificate``. All members face the same sums, so
    two different choices could not both satisfy their first-order conditions.
    """

    group: str
    choice: Symbol
    sums: tuple[tuple[Symbol, Expr], ...]
    objective: Expr
    rate: Expr
    slope: Expr
    certificate: Certificate | None
