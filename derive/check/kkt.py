"""The conditions of Karush, Kuhn and Tucker, formed again from the problem that an argument states; a case said to be empty is held to
them, and to no others.

One choice has a marginal payoff with the sign of a core that changes from plus to minus once: at a lower bound that binds the core is
not positive, at an upper one it is not negative, and all other bounds are kept. Several choices have a Lagrangian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sympy
from sympy import Add, Eq, Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import inverse, members, steps
from derive.check.context import Context, follows, proved, same
from derive.check.elimination import only_solution
from derive.check.registry import need, verifies
from derive.check.sample import flat
from derive.steps import Step

__all__ = ["Bound", "Choice", "Peak", "choice_of", "of_one_sign"]

UNDEFINED = (sympy.oo, sympy.zoo, sympy.nan)
Peak = (
    steps.SinglePeak
    | steps.Crossing
    | steps.ImplicitRoot
    | inverse.FallingByLaw
    | inverse.FallingCdfs
    | inverse.RiseThenFall
    | inverse.Bend
)


@dataclass(frozen=True)
class Bound:
    """``relation`` bounds a choice by `value`: from above where `side` is 1, from below where it is -1."""

    relation: Relational
    value: Expr
    side: int


@dataclass(frozen=True)
class Choice:
    """One quantity to be chosen where `given` holds, for an `objective`: `cores` have the sign of its marginal payoff, and tend to `limits`
    at some ends."""

    variable: Symbol
    objective: Expr
    cores: tuple[Expr, ...]
    limits: tuple[tuple[Expr, Expr], ...]
    bounds: tuple[Bound, ...]
    given: tuple[Boolean, ...]

    def at(self, value: Expr, context: Context) -> tuple[Expr, ...]:
        """What has the sign of the marginal payoff at a bound, or towards it."""
        sides = zip((1, -1), self.limits, strict=False)
        ends = [limit for side, (end, limit) in sides if self._beyond(side * (end - value), context)]
        return (*(_plain(limit) for limit in ends), *(_plain(_at(core, self.variable, value, context)) for core in self.cores))

    @staticmethod
    def _beyond(gap: Expr, context: Context) -> bool:
        """Whether a bound is not inside the support of the law, at whose end the gap vanishes."""
        return gap == 0 or same(gap, Integer(0)) or (gap.is_finite is not False and context.sampled_sign(gap) > 0)

    def outward(self, bound: Bound, context: Context) -> tuple[Expr, ...]:
        """What is not negative where the bound binds."""
        return tuple(bound.side * rate for rate in self.at(bound.value, context) if not rate.has(*UNDEFINED))

    def never(self, bound: Bound, context: Context) -> bool:
        """Whether the marginal payoff grows without limit towards the inside, so that the bound cannot bind."""
        return any(bound.side * rate in (-sympy.oo, sympy.zoo) for rate in self.at(bound.value, context))


def _at(core: Expr, variable: Symbol, value: Expr, context: Context) -> Expr:
    """A core at a bound, powers of zero with positive exponents being zero; infinite where terms with others outgrow the rest, undefined
    where they do so with both signs."""
    here = _without_logarithms_of_zero(core, variable, value).xreplace({variable: value})
    powers = {node: context.sampled_sign(node.exp) for node in here.atoms(sympy.Pow) if node.base == 0}
    growing = {node: sympy.Dummy(positive=True) for node, sign in powers.items() if sign < 0}
    here = here.xreplace({node: growing.get(node, Integer(0)) for node, sign in powers.items() if sign})
    terms = [term for term in sympy.Add.make_args(sympy.expand(here)) if term.free_symbols & set(growing.values())] if growing else []
    if not terms:
        return here
    signs = {context.sampled_sign(term.xreplace(dict.fromkeys(growing.values(), Integer(1)))) for term in terms}
    return signs.pop() * sympy.oo if len(signs) == 1 else sympy.nan


def _without_logarithms_of_zero(core: Expr, variable: Symbol, value: Expr) -> Expr:
    """A core without the logarithms whose argument vanishes at a value, where what multiplies them vanishes, too: ``w log(w)`` tends to
    0. Else as it is."""
    logs = (node for node in core.atoms(sympy.log) if variable in node.free_symbols)
    inside = {node: node.args[0] for node in logs if node.args[0].is_rational_function(variable)}
    marks = {node: sympy.Dummy() for node, argument in inside.items() if same(argument.xreplace({variable: value}), Integer(0))}
    if not marks:
        return core
    spread = sympy.expand(core.xreplace(marks))
    factors = [spread.coeff(mark) for mark in marks.values()]
    rest = sympy.expand(spread - Add(*(factor * mark for factor, mark in zip(factors, marks.values(), strict=True))))
    alone = not Add(*factors, rest).free_symbols & set(marks.values())
    smooth = all(factor.is_polynomial(variable) and same(factor.xreplace({variable: value}), Integer(0)) for factor in factors)
    return rest if alone and smooth else core


def _plain(rate: Expr) -> Expr:
    """An expression of the same sign: for a multiple of a logarithm one without it."""
    coefficient, rest = rate.as_coeff_Mul()
    return coefficient * (rest.args[0] - 1) if isinstance(rest, sympy.log) else rate


def choice_of(peak: Peak, steps_: Iterable[Step], context: Context) -> Choice:
    """The problem that a step about a single peak settles: that of the marginal payoff it builds on. Raises `Rejected`."""
    marginals = [step for step in steps_ if isinstance(step, steps.Marginal) and step.label in peak.uses]
    need(len(marginals) == 1, f"{peak.label} builds on no marginal payoff")
    (marginal,) = marginals
    variable = peak.symbol if isinstance(peak, steps.ImplicitRoot) else peak.variable
    need(marginal.variable == variable, f"{peak.label} speaks of another choice than {marginal.label}")
    given = flat((*marginal.given, *peak.given))
    limits: tuple[tuple[Expr, Expr], ...] = ()
    if not isinstance(peak, steps.SinglePeak | steps.Crossing | inverse.Bend):
        limits = ((peak.low, peak.limits[0]), (peak.high, peak.limits[1]))
    cores = tuple(dict.fromkeys((peak.core, marginal.core)))
    return Choice(variable, marginal.objective, cores, limits, tuple(_bounds(variable, given, context)), given)


def of_one_sign(peak: Peak, marginal: steps.Marginal, context: Context) -> bool:
    """Whether the core of a peak has the sign of the marginal payoff that it builds on: the same, or a form in which a lemma on the
    law of the choice speaks of it."""
    if peak.core == marginal.core or same(peak.core, marginal.core):
        return True
    return isinstance(peak, steps.ImplicitRoot) and context.sampled_sign(sympy.factor(peak.core / marginal.core)) > 0


def _bounds(variable: Symbol, given: Iterable[Boolean], context: Context) -> Iterator[Bound]:
    for relation in given:
        if variable in relation.free_symbols and isinstance(relation, Relational) and relation.rel_op in ("<", ">", "<=", ">="):
            gap = relation.gts - relation.lts
            slope = gap.diff(variable)
            if variable in slope.free_symbols or slope.has(sympy.Derivative):
                continue
            side = -(context.sign(slope) or context.sampled_sign(slope))
            if side:
                yield Bound(relation, sympy.cancel(-gap.xreplace({variable: Integer(0)}) / slope), side)


# --- a case that is empty --------------------------------------------------------------------------------------------------


@verifies(steps.EmptyCase)
def _empty_case(step: steps.EmptyCase, context: Context) -> None:
    proved(sympy.false, step.certificate, (*context.known, *step.conditions), "the case")
    problems = [p for p in context.premises if isinstance(p, Peak | steps.Concavity | members.Alike)]
    need(len(problems) == 1, "no premise states the problem of which it is a case")
    (problem,) = problems
    given: tuple[Boolean, ...] = problem.given
    allowed: Iterable[Boolean]
    if isinstance(problem, members.Alike):
        allowed = _of_members(step, problem)
    elif isinstance(problem, steps.Concavity):
        allowed = _of_lagrangian(step, problem, context)
    else:
        choice = choice_of(problem, (*context.earlier, *context.premises), context)
        allowed, given = _of_bound(step, choice, context), choice.given
    stated = flat(given)
    for relation in flat(step.given):
        need(follows(relation, stated), f"{relation} is not given in the problem")
    left = [condition for condition in step.conditions if not follows(condition, stated)]
    tried: list[Boolean] = []
    for own in allowed:
        left = [condition for condition in left if not follows(condition, (own,))]
        if not left:
            return
        tried.append(own)
    for condition in left:
        need(any(_multiple(condition, own, context) for own in tried), f"{condition} is no condition of that case")


def _multiple(condition: Boolean, own: Boolean, context: Context) -> bool:
    """Whether a relation is another one multiplied by something positive, or false as that one is."""
    if condition == sympy.false:
        return own == sympy.false or (isinstance(own, Relational) and own.func(sympy.expand(own.lhs - own.rhs), 0) == sympy.false)
    if not isinstance(own, Relational) or own.rel_op == "==" or (condition.rel_op in ("<", ">")) != (own.rel_op in ("<", ">")):
        return False
    ratio = sympy.factor((condition.gts - condition.lts) / (own.gts - own.lts))
    return context.sign(ratio) > 0


def _of_bound(step: steps.EmptyCase, choice: Choice, context: Context) -> Iterator[Boolean]:
    """What holds where one bound binds and no other does: each of the others is kept, and pulls inwards."""
    need(len(step.active) == 1, "one choice has one bound that binds")
    slack = step.active[0]
    need(same(slack.diff(choice.variable), Integer(-1)), f"{slack} is no distance from a bound")
    value = slack.xreplace({choice.variable: Integer(0)})
    own = [bound for bound in choice.bounds if bound.value == value or same(bound.value, value)]
    need(bool(own), f"{choice.variable} = {value} is no bound")
    for bound in own:  # where the marginal payoff is zero the bound is where the core vanishes, which is another case
        yield from (part for rate in choice.outward(bound, context) for part in (rate >= 0, rate > 0))
    others = [bound for bound in choice.bounds if bound not in own]
    for bound in others:
        gap = (bound.relation.gts - bound.relation.lts).xreplace({choice.variable: value})
        yield from (gap > 0, gap >= 0)
    yield from (rate < 0 for bound in others for rate in choice.outward(bound, context))
    yield from (side * limit < 0 for side, (_, limit) in zip((-1, 1), choice.limits, strict=False))


def _of_members(step: steps.EmptyCase, alike: members.Alike) -> list[Boolean]:
    """Where the sums reach a value at which what follows changes form, a member above its lower bounds is content only if its
    marginal payoff does not fall."""
    own = [r for r in flat(alike.given) if alike.choice in r.free_symbols and isinstance(r, Relational)]
    return [*(Eq(slack, 0) for slack in step.active), *(r.gts > r.lts for r in own), alike.rate >= 0]


def _of_lagrangian(step: steps.EmptyCase, problem: steps.Concavity, context: Context) -> list[Boolean]:
    """Multipliers that are not negative and constraints that hold, at the only solution of the conditions, which is shown."""
    chosen = set(problem.variables)
    gaps = [r.gts - r.lts for r in flat(problem.given) if r.free_symbols & chosen]
    closed = [r.gts - r.lts for r in flat(problem.given) if r.free_symbols & chosen and r.rel_op in ("<=", ">=")]
    need(all(any(same(slack, gap) for gap in closed) for slack in step.active), "what binds is no constraint")
    multipliers = [symbol for symbol, _ in step.values if symbol not in chosen]
    need(len(multipliers) == len(step.active), "a multiplier is missing")
    lagrangian = problem.objective + sympy.Add(*(m * s for m, s in zip(multipliers, step.active, strict=True)))
    equations = (*(lagrangian.diff(x) for x in problem.variables), *step.active)
    only_solution(equations, step.values, step.trail, context)
    at = dict(step.values)
    idle = [gap.xreplace(at) for gap in gaps if not any(same(gap, slack) for slack in step.active)]
    return [*(at[m] >= 0 for m in multipliers), *(gap > 0 for gap in idle), *(gap >= 0 for gap in idle)]


# --- a case that is solved -------------------------------------------------------------------------------------------------


@verifies(steps.Stationary)
def _stationary(step: steps.Stationary, context: Context) -> None:
    only_solution(step.equations, step.values, step.trail, context)
    problems = [p for p in context.premises if isinstance(p, steps.Concavity)]
    chosen = {symbol for p in problems for symbol in p.variables}
    multipliers = [symbol for symbol, _ in step.values if symbol not in chosen]
    if len(context.premises) == 1 and problems:
        _solved(step, problems[0], multipliers, context)


def _solved(step: steps.Stationary, problem: steps.Concavity, multipliers: list[Symbol], context: Context) -> None:
    """The conditions are those of the problem where the last of them bind; multipliers and other constraints are as they must be."""
    count = len(problem.variables)
    need(len(step.equations) == count + len(multipliers), "a condition is missing")
    active = step.equations[count:]
    constraints = [r for r in flat(problem.given) if r.free_symbols & set(problem.variables)]
    gaps = [r.gts - r.lts for r in constraints]
    need(all(any(same(slack, gap) for gap in gaps) for slack in active), "what binds is no constraint")
    lagrangian = problem.objective + sympy.Add(*(m * s for m, s in zip(multipliers, active, strict=True)))
    for x, equation in zip(problem.variables, step.equations, strict=False):
        context.equal(lagrangian.diff(x), equation, f"stationarity in {x}")
    at = dict(step.values)
    for multiplier in multipliers:
        need(follows(at[multiplier] >= 0, context.known), f"{multiplier} may be negative")
    for relation, gap in zip(constraints, gaps, strict=True):
        if not any(same(gap, slack) for slack in active):
            value = gap.xreplace(at)
            need(
                follows(relation.func(value, 0) if relation.gts == relation.lhs else relation.func(0, value), context.known),
                f"{relation} may fail",
            )
