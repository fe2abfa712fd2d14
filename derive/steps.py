"""The kinds of step a derivation is made of.

A step is a fact with its premises. Each kind is one frozen class here (its constructor), and has exactly one verifier in
`derive.check`, one LaTeX macro in ``templates/steps.tex.j2`` and one forged example in the tests; a test walks `kinds()`.

Every expression is in terms of the model's symbols. ``given`` are the relations, beyond the model's assumptions, under which
the fact is asserted (the region of a regime, the domain of a choice). ``uses`` are labels of earlier steps.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Ge, Gt, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate, SharedBorder
from derive.ir import Distribution


@dataclass(frozen=True, kw_only=True)
class Step:
    """Base of all kinds."""

    label: str
    uses: tuple[str, ...] = ()
    given: tuple[Boolean, ...] = ()


def kinds() -> tuple[type[Step], ...]:
    """Every kind of step, in a fixed order."""

    def below(kind: type[Step]) -> list[type[Step]]:
        found = []
        for child in kind.__subclasses__():
            found += [child, *below(child)]
        return found

    return tuple(sorted(below(Step), key=lambda kind: kind.__name__))


# --- from the statement to deterministic objectives ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Expectation(Step):
    """``E[objective] = result``, by linearity in ``shocks`` with their laws and ``E[min(z, eps)] = z - Lambda(z)``."""

    payoff: Symbol
    objective: Expr
    laws: tuple[tuple[Symbol, Distribution], ...]
    result: Expr


@dataclass(frozen=True, kw_only=True)
class CertaintyEquivalent(Step):
    """CARA utility of a normal income: maximising ``E[-exp(-rho * objective)]`` is maximising ``mean - rho/2 * variance``."""

    payoff: Symbol
    objective: Expr
    laws: tuple[tuple[Symbol, Distribution], ...]
    risk_aversion: Expr
    mean: Expr
    variance: Expr
    result: Expr


@dataclass(frozen=True, kw_only=True)
class JointObjective(Step):
    """A coalition maximises the sum of its members' payoffs; equalities it must respect are used to eliminate symbols."""

    members: tuple[tuple[Symbol, Expr], ...]
    eliminated: tuple[tuple[Symbol, Expr], ...]
    result: Expr


@dataclass(frozen=True, kw_only=True)
class Anticipation(Step):
    """Later stages' choices replaced by the best responses to what is chosen now: ``after = before[replace]``."""

    payoff: Symbol
    before: Expr
    replace: tuple[tuple[Symbol, Expr], ...]
    after: Expr


# --- optimality ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Marginal(Step):
    """``d objective / d variable = positive * core``, where ``positive > 0`` on ``given`` and so carries no root and no sign."""

    objective: Expr
    variable: Symbol
    positive: Expr
    core: Expr
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class SinglePeak(Step):
    """``core`` (the sign of the marginal payoff) is strictly decreasing in ``variable`` on ``given``: the payoff is strictly
    pseudo-concave, so the best choice is the root of ``core`` where it lies in the domain, else the bound towards it.

    ``slope`` is ``d core / d variable``; ``certificate`` proves ``slope < 0``.
    """

    variable: Symbol
    core: Expr
    slope: Expr
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Crossing(Step):
    """``core`` (the sign of the marginal payoff) falls in ``variable`` wherever it vanishes on ``given``: it changes sign at most
    once, from plus to minus, and the payoff is strictly pseudo-concave.

    ``slope`` is ``d core / d variable``; ``certificate`` proves ``slope < 0`` from ``given`` and ``core = 0``.
    """

    variable: Symbol
    core: Expr
    slope: Expr
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Hill(Step):
    """The ``marginal`` payoff in ``variable`` first rises and then falls (or only does one of the two) on ``given``.

    Its derivative is ``positive * inner`` with ``positive > 0``, and ``slope = d inner / d variable`` is negative, by
    ``certificates`` (a factor 1 needs none). So where the marginal payoff vanishes with ``inner <= 0`` the payoff has its only
    interior local maximum, and nothing but the lower bound ``low``, where it is ``at_low``, can pay more.
    """

    objective: Expr
    variable: Symbol
    marginal: Expr
    positive: Expr
    inner: Expr
    slope: Expr
    certificates: tuple[Certificate, ...]
    low: Expr
    at_low: Expr


@dataclass(frozen=True, kw_only=True)
class Concavity(Step):
    """``objective`` is strictly concave in ``variables`` on ``given``: the leading principal minors of its Hessian alternate.

    ``minors[i] = (-1)**(i+1) * det H_(i+1)``, each proved positive by ``certificates[i]``.
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    minors: tuple[Expr, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class Stationary(Step):
    """``equations`` (conditions ``= 0``) hold exactly at ``values``, and nowhere else on ``given``.

    ``trail`` shows completeness: equation ``lead * unknown + rest = 0`` solved in that order, each ``lead`` proved nonzero.
    """

    equations: tuple[Expr, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    trail: tuple[Elimination, ...]


@dataclass(frozen=True, kw_only=True)
class Elimination:
    """``equation = factors product``; on ``given`` only ``factor`` can vanish; it is linear in ``unknown`` with ``lead != 0``.

    ``excluded`` proves that the other factors are nonzero and ``nonzero`` that the leading coefficient is. With ``combined`` the
    equation is none of the conditions itself but follows from them: the sum of these multiples of them, in their order.
    """

    unknown: Symbol
    equation: Expr
    factor: Expr
    lead: Expr
    value: Expr
    excluded: tuple[Certificate, ...] = ()
    nonzero: Certificate | None = None
    combined: tuple[Expr, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Multiplier(Step):
    """Stationarity of the Lagrangian in ``variable`` gives the multiplier of ``constraint >= 0``; positive, so it binds."""

    constraint: Expr
    multiplier: Symbol
    value: Expr
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class EmptyCase(Step):
    """The Karush-Kuhn-Tucker conditions with the constraints ``active`` have no solution: ``certificate`` refutes them.

    A premise states the problem. Where it is one of several choices, ``values`` are the only solution of the conditions on choices and
    multipliers, as ``trail`` shows.
    """

    active: tuple[Expr, ...]
    conditions: tuple[Boolean, ...]
    certificate: Certificate
    values: tuple[tuple[Symbol, Expr], ...] = ()
    trail: tuple[Elimination, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImplicitRoot(Step):
    """``core = 0`` has exactly one root ``symbol`` between ``low`` and ``high``.

    ``core`` is strictly monotone there by ``reason`` (the key of a proved lemma, or empty when ``certificate`` proves the sign of
    its slope), with ``limits`` its values at the two ends (of opposite sign).
    """

    symbol: Symbol
    core: Expr
    low: Expr
    high: Expr
    limits: tuple[Expr, Expr]
    lemma: str = ""
    certificate: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class Sign(Step):
    """A relation between parameters (and named quantities), with its certificate."""

    relation: Boolean
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Admissible(Step):
    """The choice ``values`` satisfies a constraint that was left out when it was looked for: there ``slack`` is ``value``.

    ``certificate`` proves ``value >= 0`` (``> 0`` where the constraint is ``strict``); a number needs none.
    """

    values: tuple[tuple[Symbol, Expr], ...]
    slack: Expr
    value: Expr
    strict: bool
    certificate: Certificate | None

    @property
    def relation(self) -> Boolean:
        """What the certificate proves."""
        return Gt(self.value, 0, evaluate=False) if self.strict else Ge(self.value, 0, evaluate=False)


@dataclass(frozen=True, kw_only=True)
class Identity(Step):
    """``left = right`` identically (after the replacements ``where``); `names` tells what symbols that are replaced stand for."""

    left: Expr
    right: Expr
    where: tuple[tuple[Symbol, Expr], ...] = ()
    names: tuple[tuple[Symbol, Expr], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Coverage(Step):
    """The ``regions`` cover ``given`` and are disjoint but for ``shared`` borders: ``certificates`` leave no other signs possible."""

    regions: tuple[tuple[Boolean, ...], ...]
    certificates: tuple[Certificate, ...]
    shared: tuple[SharedBorder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Transfer(Step):
    """A transfer moves payoff one for one until a constraint binds, so it is eliminated.

    ``objective`` is linear in ``transfer``, which only ``constraint >= 0`` bounds; stationarity in the transfer makes the
    constraint's multiplier ``value``, positive by ``certificate``. So ``constraint = 0``, solved by ``transfer = solved``, and
    the objective becomes ``reduced``.
    """

    objective: Expr
    transfer: Symbol
    constraint: Expr
    value: Expr
    certificate: Certificate | None
    solved: Expr
    reduced: Expr


@dataclass(frozen=True, kw_only=True)
class Concentration(Step):
    """The optimal value of some variables, given the others, put into the objective: ``after = before[replace]``."""

    before: Expr
    replace: tuple[tuple[Symbol, Expr], ...]
    after: Expr


@dataclass(frozen=True, kw_only=True)
class NewVariable(Step):
    """``new = meaning`` takes the place of the choice ``old = value``: for all other choices each determines the other.

    ``meaning`` rises in ``old`` at the rate ``slope``, positive by ``certificate``; ``after`` is the objective in ``new``.
    """

    objective: Expr
    old: Symbol
    new: Symbol
    value: Expr
    meaning: Expr
    slope: Expr
    certificate: Certificate | None
    after: Expr


@dataclass(frozen=True, kw_only=True)
class Separation(Step):
    """``objective`` is a sum of parts that share no variable and no constraint: ``blocks`` are maximised one by one.

    All mixed partial derivatives between different blocks vanish.
    """

    objective: Expr
    blocks: tuple[tuple[Symbol, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Kink(Step):
    """A continuous payoff whose marginal payoff does not rise where two pieces meet at ``variable = value``.

    ``left`` and ``right`` are the objectives of the two pieces; ``certificate`` proves
    ``d left / d variable >= d right / d variable`` there (None when the two sides are equal).
    """

    variable: Symbol
    value: Expr
    left: Expr
    right: Expr
    certificate: Certificate | None


@dataclass(frozen=True, kw_only=True)
class Dominance(Step):
    """Of two candidates the first pays at least as much: ``better - worse >= 0`` on ``given``, by ``certificate``."""

    better: Expr
    worse: Expr
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Unbounded(Step):
    """With the other choices at ``fixed``, ``objective`` is ``coefficient * along**exponent`` plus lower powers of ``along``.

    ``lower`` lists their exponents. The exponent is positive and above them and the coefficient is positive, by
    ``certificates`` (in that order), so the objective grows without bound on ``given``.
    """

    objective: Expr
    along: Symbol
    fixed: tuple[tuple[Symbol, Expr], ...]
    exponent: Expr
    coefficient: Expr
    lower: tuple[Expr, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class Absorption(Step):
    """On ``given`` the payoff ``ignored`` does not depend on ``variable``; at ``variable = value``, where a neighbouring piece
    begins, it equals the payoff ``neighbour`` there. So nothing on this piece pays more than the best on the neighbouring one."""

    variable: Symbol
    value: Expr
    ignored: Expr
    neighbour: Expr


@dataclass(frozen=True, kw_only=True)
class OutsideOption(Step):
    """Those who move first (their payoffs are ``payoffs``) get ``inside`` by starting the game and ``outside`` by not starting it.

    On ``given`` they start it if ``starts``: ``certificate`` proves ``inside >= outside`` then, else ``outside > inside``.
    """

    payoffs: tuple[Symbol, ...]
    inside: Expr
    outside: Expr
    starts: bool
    certificate: Certificate | None
