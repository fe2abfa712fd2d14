"""Whether a quadratic payoff is concave: strictly, weakly, or only where a relation between the parameters holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from sympy import Expr, Ge, Gt, true

from derive.algebra.marginal import signed_product
from derive.certificates import Certificate
from derive.decision.problem import Journal
from derive.decision.quadratic import Quadratic
from derive.field import normal
from derive.programs import WeakConcavity
from derive.prove import prove, refute
from derive.steps import Concavity


def strictly_concave(form: Quadratic, journal: Journal) -> str | None:
    """The label of the step that shows strict concavity by leading minors; None when that is not proved."""
    problem = form.problem
    minors = _proved(form, (range(order) for order in range(1, form.size + 1)), Gt)
    if minors is None:
        return None
    return journal.add(
        Concavity,
        given=problem.domain,
        objective=problem.objective,
        variables=problem.variables,
        minors=tuple(minor for minor, _ in minors),
        certificates=tuple(certificate for _, certificate in minors if certificate is not None),
    ).label


def weakly_concave(form: Quadratic, journal: Journal) -> str | None:
    """The label of the step that shows concavity by all principal minors; None when that is not proved."""
    problem = form.problem
    minors = _proved(form, (rows for order in range(1, form.size + 1) for rows in combinations(range(form.size), order)), Ge)
    if minors is None:
        return None
    return journal.add(
        WeakConcavity,
        given=problem.given,
        objective=problem.objective,
        variables=problem.variables,
        minors=tuple(minor for minor, _ in minors),
        certificates=tuple(certificate for _, certificate in minors),
    ).label


def _proved(
    form: Quadratic, chosen: Iterable[Sequence[int]], sign: type[Gt] | type[Ge]
) -> list[tuple[Expr, Certificate | None]] | None:
    """The minors of the chosen rows in the sign that concavity asks for, each with its proof; None where one is not proved."""
    found: list[tuple[Expr, Certificate | None]] = []
    for rows in chosen:
        minor = normal((-1) ** len(rows) * form.minor(rows))
        certificate = None if minor.is_Rational else prove(sign(minor, 0), form.problem.given)
        if certificate is None and sign(minor, 0) != true:
            return None
        found.append((minor, certificate))
    return found


def undecided_minor(form: Quadratic) -> Expr | None:
    """The first leading minor (in the sign that concavity asks for) that is positive at some parameters and not at others.

    None when there is none, or a minor before it is never positive: no part of the domain is strictly concave then.
    """
    given = form.problem.given
    for order in range(1, form.size + 1):
        minor = normal((-1) ** order * form.minor(range(order)))
        if minor.is_Rational:
            if minor <= 0:
                return None
            continue
        if prove(minor > 0, given) is not None:
            continue
        core = signed_product(minor, given).core
        return None if refute((*given, core > 0)) is not None else core
    return None
