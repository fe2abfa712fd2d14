"""Verifiers of the steps about contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy
from sympy import Expr, Integer
from sympy.logic.boolalg import Boolean

from derive.check.context import Context, follows, proved, same
from derive.check.registry import need
from derive.contracts import steps
from derive.steps import Step

__all__ = ["VERIFIERS"]


def _binding_transfers(step: steps.BindingTransfers, context: Context) -> None:
    count = len(step.solved)
    need(count == len(step.binding) == len(step.multipliers) == len(step.certificates), "each transfer needs a constraint")
    values = dict(step.solved)
    need(not any(value.free_symbols & set(values) for value in values.values()), "a transfer is left in the transfers")
    parts = [value * slack for value, slack in zip(step.multipliers, step.binding, strict=True)]
    context.equal(sympy.Add(step.objective, *parts), step.reduced, "the objective with the multipliers")
    need(not step.reduced.free_symbols & set(values), "a transfer is left in the objective")
    for value, certificate in zip(step.multipliers, step.certificates, strict=True):
        proved(value > 0, certificate, context.known, "the multiplier")
    for slack in step.binding:
        context.equal(slack.xreplace(values), Integer(0), "a binding constraint")
        need(follows(slack >= 0, context.known), f"{slack} is no constraint")
    need(len(step.others) == len(step.held), "a constraint on the transfers has no certificate")
    for slack, certificate in zip(step.others, step.held, strict=True):
        proved(slack >= 0, certificate, context.known, "a constraint that does not bind")
    for relation in step.given:
        if relation.free_symbols & set(values):
            gap: Expr = relation.gts - relation.lts
            need(
                any(same(gap, slack) for slack in step.binding) or any(same(gap.xreplace(values), s) for s in step.others),
                f"nothing is said of {relation}",
            )


def _ordered(step: steps.Ordered, context: Context) -> None:
    context.equal(step.slack.xreplace({step.high: step.low}), Integer(0), "the slack where both are equal")
    context.equal(step.slack.diff(step.high), step.slope, f"the slope in {step.high}")
    proved(step.slope > 0, step.certificate, context.known, "the slope")
    need(step.low not in step.slope.free_symbols, f"the slope depends on {step.low}")
    for relation in context.known:
        need(step.low not in relation.free_symbols, f"{relation} restricts {step.low}")
        if step.high in relation.free_symbols:
            gap: Expr = relation.gts - relation.lts
            context.equal(gap.diff(step.high, 2), Integer(0), f"{relation} need not leave an interval")


def _curved_variable(step: steps.CurvedVariable, context: Context) -> None:
    known = {p.symbol for p in context.statement.parameters} if context.statement is not None else set()
    need(step.new not in step.objective.free_symbols | step.meaning.free_symbols, f"{step.new} is not new")
    need(step.meaning.free_symbols - {step.old} <= known, f"{step.meaning} depends on other choices")
    context.equal(step.meaning.diff(step.old), step.slope, f"the rate at which {step.new} rises")
    inside = [sympy.Gt(r.gts, r.lts) if step.old in r.free_symbols else r for r in context.known]
    proved(step.slope > 0, step.certificate, inside, "the rate")
    there = replace(context, known=(*context.known, *step.range))
    there.equal(step.meaning.xreplace({step.old: step.value}), step.new, f"{step.old} in terms of {step.new}")
    context.equal(step.objective.xreplace({step.old: step.value}), step.after, f"the objective in {step.new}")
    _ranges_agree(step, context, known)


def _ranges_agree(step: steps.CurvedVariable, context: Context, known: set[sympy.Symbol]) -> None:
    """Every bound of the old choice is one of the new, where the curve is finite there, and the new has no other bounds."""
    ends = []
    for relation in step.range:
        end, side = _end(relation, step.new, context)
        need(not end.free_symbols - known, f"{relation} ties {step.new} to a choice")
        ends.append((end, side, isinstance(relation, sympy.StrictGreaterThan | sympy.StrictLessThan)))
    left = list(ends)
    for relation in (r for r in context.known if step.old in r.free_symbols):
        need(relation.free_symbols - {step.old} <= known, f"{relation} ties {step.old} to a choice")
        start, side = _end(relation, step.old, context)
        strict = isinstance(relation, sympy.StrictGreaterThan | sympy.StrictLessThan)
        image = step.meaning.xreplace({step.old: start})
        if not image.is_finite and image.is_number:
            need(strict, f"{step.meaning} is not finite at the bound {relation}")
            continue
        matches = [one for one in left if one[1] == side and one[2] == strict and same(one[0], image)]
        need(bool(matches), f"{relation} bounds nothing")
        left.remove(matches[0])
    falling = step.meaning.could_extract_minus_sign()
    natural = [(Integer(0), -1 if falling else 1, True)] if step.meaning.has(sympy.exp) else []
    need(left == natural, f"the range of {step.new} is not that of {step.meaning}")


def _end(relation: Boolean, variable: sympy.Symbol, context: Context) -> tuple[Expr, int]:
    """Where a relation that is linear in a variable binds, and 1 where that bounds it below, -1 above."""
    gap: Expr = relation.gts - relation.lts
    slope = sympy.expand(gap.diff(variable))
    need(variable not in slope.free_symbols, f"{relation} is not linear in {variable}")
    side = context.sign(slope)
    need(side != 0, f"it is open on which side {relation} bounds {variable}")
    return sympy.expand(-gap.xreplace({variable: Integer(0)}) / slope), side


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    steps.BindingTransfers: _binding_transfers,
    steps.CurvedVariable: _curved_variable,
    steps.Ordered: _ordered,
}
