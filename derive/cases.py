"""Kinds of step about payoffs that are given by cases, and may jump from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.steps import Step


@dataclass(frozen=True, kw_only=True)
class Branching(Step):
    """On ``given`` the payoff ``objective`` is, case by case, the second of each pair where the first holds; the cases are disjoint
    and leave nothing out. What is best in each is `compared` next, unless the payoff is concave across them."""

    objective: Expr
    cases: tuple[tuple[tuple[Boolean, ...], Expr], ...]
    compared: bool = True


@dataclass(frozen=True, kw_only=True)
class ConcaveAcross(Step):
    """A payoff that is one concave curve in ``variable``: on each of its ``pieces``, a formula where relations hold, its second
    derivative is not positive, by one of the ``certificates``. Where two pieces meet, a `Kink` of its own says that the slope does not
    rise, as far as they meet: that may depend on the parameters.

    A certificate may use that densities are not negative.
    """

    variable: Symbol
    pieces: tuple[tuple[Expr, tuple[Boolean, ...]], ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class NotAttained(Step):
    """As choices approach their ``limits``, ``objective`` approaches ``supremum``; all that can be had pays less.

    ``others`` are what the best choices of the payoff's cases pay, each where its relations hold; ``certificates`` prove them less
    than ``supremum`` there.
    """

    objective: Expr
    limits: tuple[tuple[Symbol, Expr], ...]
    supremum: Expr
    others: tuple[tuple[tuple[Boolean, ...], Expr], ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class BestReplies(Step):
    """All that is best in ``variable``, by what the others do: on each region the choice given, or, without one, every choice with
    the relations that follow. ``domain`` are the bounds on the choice."""

    objective: Expr
    variable: Symbol
    domain: tuple[Boolean, ...]
    replies: tuple[tuple[tuple[Boolean, ...], Expr | None, tuple[Boolean, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class NotMutual(Step):
    """The ``replies`` (equations ``choice = value``; none where every choice is as good) are nowhere best to one another.

    For that they and the ``conditions`` would have to hold together on ``given``, which ``certificate`` refutes.
    """

    replies: tuple[Boolean, ...]
    conditions: tuple[Boolean, ...]
    certificate: Certificate
