"""One decision as a parametric optimisation problem, and what its solution consists of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Equality, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.errors import StatementError
from derive.field import normal
from derive.ir import Distribution
from derive.placed import normal_at
from derive.prove import independent, prove
from derive.prove.relations import compared
from derive.solution import Implicit, Without
from derive.steps import Admissible, Step

KindOfStep = TypeVar("KindOfStep", bound=Step)


@dataclass(frozen=True)
class Restriction:
    """``slack >= 0``, or ``slack > 0`` when `strict` (then it can never be active)."""

    name: str
    slack: Expr
    strict: bool = False

    @property
    def relation(self) -> Boolean:
        """The restriction as a relation."""
        return compared(self.slack, ">" if self.strict else ">=")

    def at(self, values: dict[Symbol, Expr]) -> Restriction:
        """The restriction with symbols replaced."""
        return replace(self, slack=normal_at(self.slack, values))


def restriction(name: str, relation: Boolean) -> Restriction:
    """A relation read as a restriction. Raises StatementError for anything but an inequality."""
    if isinstance(relation, GreaterThan | StrictGreaterThan):
        return Restriction(name, relation.lhs - relation.rhs, isinstance(relation, StrictGreaterThan))
    if isinstance(relation, LessThan | StrictLessThan):
        return Restriction(name, relation.rhs - relation.lhs, isinstance(relation, StrictLessThan))
    raise StatementError(f"'{relation}' is not an inequality")


@dataclass(frozen=True)
class Problem:
    """Maximise `objective` over `variables` subject to `restrictions` and `equalities` (symbol = expression).

    `given` is what may be assumed about everything else; `laws` names the law whose argument a variable is (stocking factors).
    """

    objective: Expr
    variables: tuple[Symbol, ...]
    restrictions: tuple[Restriction, ...]
    given: tuple[Boolean, ...]
    laws: tuple[Distribution, ...] = ()

    @property
    def domain(self) -> tuple[Boolean, ...]:
        """Everything that may be assumed at a feasible choice."""
        return (*self.given, *(r.relation for r in self.restrictions))


@dataclass(frozen=True)
class Optimum:
    """The best choice on one region of everything that is given: `values` (which may use `implicit` symbols).

    `through` restates some values by way of other choices: a transfer solved from its constraint, a response to an earlier
    choice. `free` are choices of which a continuum is best: all that satisfy `among`; `values` may use them. `unique` is False
    where another optimum pays the same at the same parameters. `conditions` vanish at the values, and on the region at no other
    admissible choice (empty: not recorded). `needs` must hold of the choice for it to be best; where it does not, something else is.
    `rooted` are values as the roots they are, where their closed form is of no use to whoever reckons with it (Lambert's function).
    `between` are those relations of the region that only say that the root of the condition lies strictly between the bounds.
    """

    region: tuple[Boolean, ...]
    values: tuple[tuple[Symbol, Expr], ...]
    active: tuple[str, ...] = ()
    implicit: tuple[Implicit, ...] = ()
    labels: tuple[str, ...] = ()
    through: tuple[tuple[Symbol, Expr], ...] = ()
    free: tuple[Symbol, ...] = ()
    among: tuple[Boolean, ...] = ()
    unique: bool = True
    conditions: tuple[Expr, ...] = ()
    needs: tuple[Boolean, ...] = ()
    between: tuple[Boolean, ...] = ()
    rooted: tuple[Implicit, ...] = ()


@dataclass(frozen=True)
class Nothing:
    """On `region` the problem has no maximum, for a reason proved in the journal (all kinds but UNSETTLED).

    A supremum that is not attained is `supremum`, and the choices go towards those `approached`; `piece` numbers the part of a
    problem in parts on which they do.
    """

    region: tuple[Boolean, ...]
    kind: Without
    reason: str
    supremum: Expr | None = None
    approached: tuple[tuple[Symbol, Expr], ...] = ()
    piece: int = 0


@dataclass(frozen=True)
class Outcome:
    """Everything known of a problem's maximum: the best choices by region, and the regions where there is none.

    On `ties` other choices are as good as the one listed, only there: boundaries between regions, as a rule.
    """

    optima: tuple[Optimum, ...]
    nothing: tuple[Nothing, ...] = ()
    ties: tuple[tuple[Boolean, ...], ...] = ()


@dataclass(frozen=True)
class Decided:
    """A decision of the stage as an optimisation problem; `player` names who decides.

    `ties` are choices that equality constraints make functions of the problem's variables. The decision of a member of a group
    pairs, in `others`, each choice with the symbol of what all others of the group choose; `open` says that these are taken to be
    above their lower bounds, where payoffs are not defined if all members are at them. `indifferent` says which choice is made where
    several are best.
    """

    player: str
    problem: Problem
    ties: tuple[tuple[Symbol, Expr], ...] = ()
    others: tuple[tuple[Symbol, Symbol], ...] = ()
    indifferent: tuple[Boolean, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Tie:
    """Where `player`, moving after a knife-edge choice of others, finds several choices equally good: all of `variables` that
    satisfy `restrictions`, one of which is that they pay no less than the best."""

    player: str
    variables: tuple[Symbol, ...]
    restrictions: tuple[Restriction, ...]


def with_ties(optimum: Optimum, ties: Sequence[tuple[Symbol, Expr]]) -> Optimum:
    """The optimum together with the choices that equality constraints tie to it."""
    values = dict(optimum.values)
    return replace(optimum, values=(*optimum.values, *((symbol, value.xreplace(values)) for symbol, value in ties)))


@dataclass
class Journal:
    """Collects the steps of one argument in their order, and gives each its label."""

    prefix: str
    steps: list[Step] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    nothing: list[Nothing] = field(default_factory=list)

    def add(self, kind: type[KindOfStep], **fields: Any) -> KindOfStep:
        """Append a step of that kind and return it."""
        step = kind(label=f"{self.prefix}.{len(self.steps) + 1}", **fields)
        self.steps.append(step)
        return step

    def taken(self) -> tuple[Step, ...]:
        """The steps so far; the journal starts afresh but goes on counting under a new prefix."""
        return tuple(self.steps)


def relation_at(relation: Boolean, values: dict[Symbol, Expr]) -> Boolean:
    """An inequality with symbols replaced, its two sides collected into one factored side."""
    if isinstance(relation, Equality):
        return sympy.Eq(normal((relation.lhs - relation.rhs).xreplace(values)), 0)
    r = restriction("", relation).at(values)
    return r.relation


def say_admissible(
    optimum: Optimum, left_out: Restriction, placed: Restriction, given: tuple[Boolean, ...], certificate: Certificate, journal: Journal
) -> None:
    """Record that a restriction `left_out` of the search holds at the optimum, where it reads `placed`."""
    journal.add(
        Admissible,
        uses=optimum.labels,
        given=given,
        values=tuple((symbol, value) for symbol, value in optimum.values if symbol in left_out.slack.free_symbols),
        slack=left_out.slack,
        value=placed.slack,
        strict=placed.strict,
        certificate=certificate,
    )


def at_roots(items: Iterable[Implicit]) -> tuple[Boolean, ...]:
    """What holds of quantities that are roots: where they lie, and that their conditions vanish."""
    found: list[Boolean] = []
    for item in items:
        found += [item.symbol > item.low] if item.low != -sympy.oo else []
        found += [item.symbol < item.high] if item.high != sympy.oo else []
        found.append(sympy.Eq(item.equation, 0))
    return unique(found)


def unique(relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The relations without repetitions and trivially true ones, in their order."""
    return tuple(dict.fromkeys(r for r in relations if r != sympy.true))


def needed(conditions: Iterable[Boolean], given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The conditions that do not follow from the others."""
    kept = list(unique(conditions))
    apart = independent(kept, given)
    for relation in tuple(kept):
        if relation in apart:
            continue
        others = [r for r in kept if r != relation]
        if prove(relation, (*given, *others), splits=0) is not None:
            kept = others
    return tuple(kept)
