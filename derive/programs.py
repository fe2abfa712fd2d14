"""Kinds of step about a payoff to be maximised over a region of several choices."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.steps import Step


@dataclass(frozen=True, kw_only=True)
class WeakConcavity(Step):
    """``objective`` is concave in ``variables`` on ``given``: every principal minor of its Hessian has the sign that takes.

    ``minors`` lists ``(-1)**k * det`` for every choice of ``k`` rows, in the order of `itertools.combinations` for k = 1, 2, ...;
    each is proved nonnegative by its certificate (None for a number).
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    minors: tuple[Expr, ...]
    certificates: tuple[Certificate | None, ...]


@dataclass(frozen=True, kw_only=True)
class GlobalMaximum(Step):
    """No choice that satisfies ``constraints`` (linear) pays more than ``values``: the Karush-Kuhn-Tucker conditions hold there.

    They suffice, as a premise shows ``objective`` to be concave. Each constraint has its multiplier: a positive or zero one whose
    constraint binds, proved nonnegative by the certificate, or zero, and then the certificate proves that the constraint holds.
    Not ``attained``: a constraint that is strict has a positive multiplier, so that ``values`` are a limit of admissible choices
    which all pay less. A choice whose value is itself is free: what is said holds for all choices of it that are ``given``.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    multipliers: tuple[Expr, ...]
    certificates: tuple[Certificate | None, ...]
    attained: bool = True


@dataclass(frozen=True, kw_only=True)
class Infeasible(Step):
    """No choice of ``variables`` satisfies ``constraints`` anywhere on ``given``: ``certificate`` refutes them together."""

    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Recession(Step):
    """``objective``, quadratic in ``variables``, has no upper bound on ``constraints`` (linear).

    ``point`` is admissible (``feasible``, one certificate for each constraint), and from every admissible choice one may go on
    forever in ``direction`` (``open_ended``, likewise). The second derivative along it is nonnegative by ``curvature``; it is
    positive (``accelerating``), or else the first derivative is at every admissible choice, by ``growth``.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    point: tuple[Expr, ...]
    feasible: tuple[Certificate | None, ...]
    direction: tuple[Expr, ...]
    open_ended: tuple[Certificate | None, ...]
    curvature: Certificate | None
    accelerating: bool
    growth: Certificate | None


@dataclass(frozen=True, kw_only=True)
class Existence(Step):
    """``objective``, quadratic in ``variables``, has a maximum on the closed set of ``constraints`` (linear) if that is not empty.

    ``directions`` names one symbol for each variable: the directions in which the set is unbounded satisfy the constraints without
    their constants. In each such direction with a positive component (then: with a negative one) the second derivative of the
    payoff is negative; ``certificates`` prove both for each component, or that there is no such direction.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    directions: tuple[Symbol, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class BindingCase:
    """What becomes of the constraints ``active`` (by number) in a search for all maximisers; one of:

    ``dependent``: a combination of their gradients that vanishes. ``flat``: a direction along which they all stay equal and the
    payoff is not strictly concave, by ``certificate``. Else the conditions have the solution ``values`` with ``multipliers``, the
    only one where the payoff is strictly concave along the constraints; a ``certificate`` then shows that it is not admissible,
    a multiplier is negative or the determinant has the wrong sign for that; without one it is a candidate.
    """

    active: tuple[int, ...]
    dependent: tuple[Expr, ...] = ()
    flat: tuple[Expr, ...] = ()
    values: tuple[Expr, ...] = ()
    multipliers: tuple[Expr, ...] = ()
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class OnlyCandidates(Step):
    """A maximum of the quadratic ``objective`` over ``constraints`` (linear) exists by a premise; it is reached in one of ``cases``.

    Among the maximisers take one at which most constraints bind that are independent. Along them the payoff is strictly concave
    (else one could go on, paying no less, until another binds), and multipliers exist for them. ``cases`` are all sets of
    constraints that are no more than the choices.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    cases: tuple[BindingCase, ...]


@dataclass(frozen=True, kw_only=True)
class RootBounds(Step):
    """``constraint``, concave and quadratic in ``variable``, holds exactly where ``level >= 0`` and the choice is no further than
    ``root`` from ``centre``; a strict one where ``level > 0`` and the choice is nearer than that.

    Its slack is ``lead * ((variable - centre)**2 - level)``, with ``lead < 0`` by ``certificate`` (None for a number); ``root``, by
    ``nonnegative``, is the square root of ``level`` where there is one.
    """

    constraint: Boolean
    variable: Symbol
    lead: Expr
    centre: Expr
    level: Expr
    root: Expr
    certificate: Certificate | None
    nonnegative: Certificate | None


@dataclass(frozen=True, kw_only=True)
class OuterBound(Step):
    """``constraint``, convex and quadratic in ``variable``, holds exactly where the choice is at most ``centre - root`` (``upper``)
    or at least ``centre + root``.

    Its slack is ``lead * ((variable - centre)**2 - level)``, with ``lead > 0`` by ``certificate`` (None for a number); ``level >= 0``
    by ``exists``, and ``root``, by ``nonnegative``, is the square root of it. By ``side`` the choice is nowhere on the other side of
    ``centre``: what is given holds the bounds on it that say so.
    """

    constraint: Boolean
    variable: Symbol
    lead: Expr
    centre: Expr
    level: Expr
    root: Expr
    upper: bool
    certificate: Certificate | None
    exists: Certificate | None
    nonnegative: Certificate | None
    side: Certificate


@dataclass(frozen=True, kw_only=True)
class LagrangianMaximum(Step):
    """No choice that satisfies ``constraints`` pays more than ``values``, and no other choice as much.

    With the ``multipliers``, nonnegative and positive or zero only as in `GlobalMaximum`, the Lagrangian ``objective + sum(multiplier *
    slack)`` has its only maximum over all choices at ``values``: it is quadratic, stationary there, and strictly concave, as the
    ``minors`` ``(-1)**k`` times the leading ones of its Hessian are positive. It is at least the objective where the constraints
    hold and equal to it at ``values``.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    constraints: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    multipliers: tuple[Expr, ...]
    certificates: tuple[Certificate | None, ...]
    minors: tuple[Expr, ...]
    concave: tuple[Certificate | None, ...]
