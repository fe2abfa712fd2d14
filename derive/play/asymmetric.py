"""Asymmetric equilibria among identical players: excluded where one member's marginal payoff falls with the sums held fixed.

All members face the same sums over their group. If, with those sums held fixed, the marginal payoff strictly falls in the own
choice, two members with different choices cannot both satisfy their first-order conditions (a member at a lower bound would like
to lower its choice, one above it would not). So all choose alike, and the symmetric equilibria are all there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Eq, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import sign_of
from derive.decision.bounds import interval
from derive.decision.peak import inside
from derive.decision.problem import Journal, restriction, unique
from derive.errors import Refusal
from derive.field import NotRational, derivative, normal, plain
from derive.members import Alike
from derive.play.groups import Group
from derive.prove import prove, refute
from derive.steps import EmptyCase

__all__ = ["Stretch", "exclude_asymmetric"]


@dataclass(frozen=True)
class Stretch:
    """A member's payoff as a function of its own choice and of the sums, with later responses put in, where these have one form."""

    objective: Expr
    region: tuple[Boolean, ...]


def exclude_asymmetric(
    group: Group, stretches: Sequence[Stretch], domain: Sequence[Boolean], given: Sequence[Boolean], journal: Journal
) -> None:
    """Record why all members of the group choose alike in every equilibrium, or the warning that this is not proved."""
    if not _excluded(group, stretches, domain, given, journal):
        journal.warnings.append(
            f"equilibria in which the players called {group.name} choose differently are neither given nor excluded"
        )


def _excluded(
    group: Group, stretches: Sequence[Stretch], domain: Sequence[Boolean], given: Sequence[Boolean], journal: Journal
) -> bool:
    """Whether all members of the group are proved to choose alike in every equilibrium; the steps that show it are recorded."""
    if len(group.chooses) != 1 or not group.sums:
        return False
    (choice,) = group.chooses
    interior = inside(domain, choice) if any(_undefined(group, one, domain, given) for one in stretches) else domain
    positive = (
        () if interior is domain else tuple(symbol > 0 for symbol, of in group.sums if prove(of > 0, (*given, *interior)))
    )
    known = unique((*given, *interior, *group.facts(domain, given), *_parts(group, domain, given), *positive))
    found = []
    for stretch in stretches:
        rate = _rate(group, choice, stretch.objective)
        slope = derivative(rate, choice) if rate is not None else None
        here = unique((*known, *stretch.region))
        certificate = prove(slope < 0, here) if slope is not None and not slope.is_Rational else None
        if rate is None or slope is None or (certificate is None and not (slope.is_Rational and slope < 0)):
            return False
        found.append((stretch, rate, slope, here, certificate))
    mark = len(journal.steps)
    for stretch, rate, slope, here, certificate in found:
        step = journal.add(
            Alike,
            given=here,
            group=group.name,
            choice=choice,
            sums=group.sums,
            objective=stretch.objective,
            rate=rate,
            slope=slope,
            certificate=certificate,
        )
        if not _never_at_seams(group, choice, stretch, rate, known, domain, journal, step.label):
            del journal.steps[mark:]
            return False
    return True


def _undefined(group: Group, stretch: Stretch, domain: Sequence[Boolean], given: Sequence[Boolean]) -> bool:
    """Whether a member's payoff is not defined where all are at the lower bound."""
    seen = normal(stretch.objective.xreplace(group.seen_by_member()))
    return bool(group.apart(seen, (*domain, *(r.xreplace(dict(group.others)) for r in domain)), given))


def _rate(group: Group, choice: Symbol, objective: Expr) -> Expr | None:
    """The marginal payoff: the own effect, and the effect through every sum; None where it is no rational function of powers."""
    try:
        through = (objective.diff(symbol) * of.diff(choice) for symbol, of in group.sums)
        return plain(sympy.Add(objective.diff(choice), *through))
    except (NotRational, ZeroDivisionError):
        return None


def _parts(group: Group, domain: Sequence[Boolean], given: Sequence[Boolean]) -> tuple[Boolean, ...]:
    """One member's term is at most the sum, where no term is negative."""
    return tuple(symbol >= of for symbol, of in group.sums if prove(of >= 0, (*given, *domain)) is not None)


def _never_at_seams(
    group: Group,
    choice: Symbol,
    stretch: Stretch,
    rate: Expr,
    known: tuple[Boolean, ...],
    domain: Sequence[Boolean],
    journal: Journal,
    label: str,
) -> bool:
    """Where the later responses change form as the sums rise, no member above its lower bound is content: no equilibrium is there
    in which one is, and in any other all are at the bound."""
    sums = {symbol for symbol, _ in group.sums}
    for relation in stretch.region:
        if not relation.free_symbols & sums:
            continue
        slack = restriction("", relation).slack
        toward = normal(sympy.Add(*(slack.diff(symbol) * of.diff(choice) for symbol, of in group.sums)))
        direction = sign_of(toward, known)
        if direction is None:
            return False
        if direction > 0:
            continue
        try:
            bounds = interval(choice, [restriction("", r) for r in domain if choice in r.free_symbols], known)
        except Refusal:
            return False
        above = tuple(choice > bound.value for bound in bounds.lower)
        conditions = (Eq(slack, 0), *above, rate >= 0)
        certificate = refute((*known, *conditions))
        if certificate is None:
            return False
        journal.add(EmptyCase, uses=(label,), given=known, active=(slack,), conditions=conditions, certificate=certificate)
    return True
