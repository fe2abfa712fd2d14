"""Sets of binding constraints at which nothing is best, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import steps as kinds
from derive.render import Tex
from derive.views.latex.compared import normal_form, weaker
from derive.views.latex.contradictions import decisive, denied, refuted
from derive.views.latex.expanded import expanded
from derive.views.latex.steps import step_view
from derive.views.latex.words import led_by, math, words_list
from derive.views.latex.writer import Writer


@dataclass(frozen=True)
class Excluded:
    """A set of binding constraints that cannot occur."""

    active: Tex
    number: int
    conditions: Tex
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.EmptyCase, writer: Writer) -> Excluded:
    writer.suppose(step.conditions)
    active = words_list([_binding(expression, writer) for expression in step.active])
    variant = writer.count("EmptyCase")
    absurd = [one for one in step.conditions if not one.free_symbols]
    at_bound = _rate_at_bound(step, absurd[0], writer) if absurd else None
    if at_bound is not None:
        return Excluded(active, 1, at_bound, Tex(""), variant)
    supposed = {normal_form(spelling) for one in writer.region for spelling in (one, weaker(one))}
    news = absurd or [one for one in step.conditions if normal_form(one) not in supposed] or step.conditions
    news = absurd or decisive(news, step.certificate, writer)
    against = denied(news, step.certificate, writer)
    lead = ("this requires", "then")[variant % 2]
    return Excluded(
        active,
        len(step.active),
        writer.condition([against[0]] if against else news, lead, ".") if news else Tex(""),
        against[1] if against else refuted(news, step.certificate, writer),
        variant,
    )


def _rate_at_bound(step: kinds.EmptyCase, absurd: Boolean, writer: Writer) -> Tex | None:
    """What a marginal payoff that is a number at a bound says of this bound."""
    if writer.marginal is None or len(step.active) != 1 or not isinstance(absurd, Relational):
        return None
    variable, core = writer.marginal.variable, writer.marginal.core
    value = step.active[0].xreplace({variable: Integer(0)})
    rate = expanded(core.xreplace({variable: value}))
    if variable not in step.active[0].free_symbols or abs(rate) != abs(absurd.gts - absurd.lts):
        return None
    if rate == 0:
        return Tex("the marginal payoff vanishes there, so that this is the case of its root.")
    if rate * _inward(variable, value, writer.marginal.given) > 0:
        return Tex("the payoff rises as one moves away from this bound, which is therefore not best.")
    return None


def _inward(variable: Symbol, value: Expr, given: Sequence[Boolean]) -> int:
    """1 where the choice is bounded below by that value, -1 where it is bounded above, else 0."""
    slacks = [one.gts - one.lts for one in given if isinstance(one, Relational) and one.rel_op in ("<", "<=", ">", ">=")]
    slopes = [slack.diff(variable) for slack in slacks if expanded(slack.xreplace({variable: value})) == 0]
    return next((1 if slope > 0 else -1 for slope in slopes if slope.is_Rational and slope != 0), 0)


def _binding(constraint: Expr, writer: Writer) -> Tex:
    """``constraint = 0`` with what is chosen on the left."""
    relation = led_by(Eq(constraint, 0, evaluate=False), writer.choices)
    if (
        isinstance(relation, Eq)
        and relation.rhs.free_symbols & writer.choices
        and not relation.lhs.free_symbols & writer.choices
    ):
        relation = relation.reversed
    return math(writer.shape.inline(relation))
