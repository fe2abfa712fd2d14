"""Sets of binding constraints at which nothing is best, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Ge, Gt, Integer, Le, Lt, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import steps as kinds
from derive.render import Tex
from derive.shocks import LawFunction
from derive.views.latex.compared import normal_form, weaker
from derive.views.latex.contradictions import decisive, denied, refuted
from derive.views.latex.expanded import expanded
from derive.views.latex.steps import step_view
from derive.views.latex.words import led_by, math, words_list
from derive.views.latex.writer import Writer

_CONDITIONS = "Karush--Kuhn--Tucker conditions"


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
    lead = _demand(step, news, writer)[variant % 2]
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
    value = _bound(step.active[0], variable)
    if value is None:
        return None
    rate = expanded(core.xreplace({variable: value}))
    if abs(rate) != abs(absurd.gts - absurd.lts):
        return None
    if rate == 0:
        return Tex("the marginal payoff vanishes there, so that this is the case of its root.")
    if rate * _inward(variable, value, writer.marginal.given) > 0:
        return Tex("the payoff rises as one moves away from this bound, which is therefore not best.")
    return None


def _bound(slack: Expr, variable: Symbol) -> Expr | None:
    """Where a constraint that is linear in a choice binds; None for any other."""
    slope = slack.diff(variable)
    return None if slope == 0 or variable in slope.free_symbols else -slack.xreplace({variable: Integer(0)}) / slope


def _demand(step: kinds.EmptyCase, news: Sequence[Boolean], writer: Writer) -> tuple[str, str]:
    """Why the conditions follow from what is supposed, to stand before them: in a sentence of its own, and in one that goes on."""
    way = _rate_way(step, news, writer)
    if not way:
        return f"the {_CONDITIONS} then require", f"the {_CONDITIONS} {'' if step.active else 'would '}require"
    forth, back = ("rise", "fall") if way > 0 else ("fall", "rise")
    if news[0].rel_op in ("<", ">"):
        what = f"the payoff, unless it is stationary there, must {back}, that is,"
    else:
        what = f"the payoff must not {forth} there, that is,"
    return f"for this to be best {what}", f"then for this to be best {what}"


def _rate_way(step: kinds.EmptyCase, news: Sequence[Boolean], writer: Writer) -> int:
    """Where what is required is the sign of the marginal payoff at a bound: 1 at a lower one, -1 at an upper one; else 0."""
    if writer.marginal is None or len(step.active) != 1 or len(news) != 1 or not isinstance(news[0], Relational):
        return 0
    value = _bound(step.active[0], writer.marginal.variable)
    way = 0 if value is None else _inward(writer.marginal.variable, value, writer.marginal.given)
    rate = writer.marginal.core.xreplace({writer.marginal.variable: value}) if value is not None and way else Integer(0)
    if rate.has(LawFunction) and not news[0].has(LawFunction):
        return way  # the limit at an end of the support
    told = [sign(rate, 0, evaluate=False) for sign in ((Lt, Le) if way > 0 else (Gt, Ge))]
    return way if writer.plain(news[0]) in map(writer.plain, told) or normal_form(news[0]) in map(normal_form, told) else 0


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
