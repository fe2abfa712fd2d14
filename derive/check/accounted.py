"""Whether an argument about one choice says of every bound what becomes of it: it binds in a case, is
compared with other candidates, or is shown never to bind.

A bound that binds nowhere, and of which nothing is said, was forgotten, or what was said of it has been struck out.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Integer, Symbol, factor, oo
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive import cases, steps
from derive.check.certificates import Rejected
from derive.check.context import Context, same
from derive.check.kkt import Bound, Choice, Peak, choice_of, of_one_sign
from derive.check.sample import flat, sample
from derive.ir import Model, other
from derive.solution import Solution
from derive.steps import Step

__all__ = ["unaccounted"]

TRIES = 6  # to find a point at which a bound binds
Table = Mapping[Symbol, Sequence[Expr]]


def unaccounted(statement: Model, solution: Solution) -> tuple[int, list[str]]:
    """How many bounds of how many single choices were looked at, and what is wrong, one line each."""
    known: list[Step] = []
    recorded = _recorded(solution)
    steps_ = [step for proposition in solution.argument for step in proposition.proof]
    by_cases = {step.variable for step in steps_ if isinstance(step, cases.BestReplies)}
    signs = [step.relation for step in steps_ if isinstance(step, steps.Sign)]
    paid_elsewhere = [step.after for step in steps_ if isinstance(step, steps.Anticipation)]
    compared = [paid for step in steps_ if isinstance(step, steps.Dominance) for paid in (step.better, step.worse)]
    emptied: dict[str, list[Expr]] = {}
    for step in steps_:
        if isinstance(step, steps.EmptyCase) and len(step.active) == 1:
            for label in step.uses:
                emptied.setdefault(label, []).append(step.active[0])
    bounds, faults = 0, []
    for step in steps_:
        known.append(step)
        marginals = [one for one in known if isinstance(one, steps.Marginal) and one.label in step.uses]
        if not isinstance(step, Peak) or not marginals:
            continue
        context = Context(statement, flat((*solution.assumptions, *step.given)), ())
        if not of_one_sign(step, marginals[0], context):
            faults.append(f"{step.label}: {step.core} has not the sign of the marginal payoff {marginals[0].core}")
            continue
        try:
            choice = choice_of(step, known, context)
        except Rejected as reason:
            faults.append(f"{step.label}: {reason}")
            continue
        bounds += len(choice.bounds)
        if choice.variable in by_cases:  # every choice is compared there
            continue
        whole = frozenset(p.symbol for p in statement.parameters if p.integer)
        for bound in _open(choice, emptied.get(step.label, ()), recorded, compared, context):
            if _never_binds(choice, bound, context, whole) and not _rises_beyond(choice.variable, bound, signs, paid_elsewhere):
                faults.append(f"{step.label}: nothing says why {bound.relation} never binds")
    return bounds, faults


def _recorded(solution: Solution) -> Table:
    """All values that a choice is said to have or to come near somewhere, be it in a profile that is then set aside."""
    found: dict[Symbol, list[Expr]] = {}
    pairs = [pair for regime in solution.regimes for pair in regime.values]
    pairs += [pair for response in solution.responses for case in response.cases for pair in case.values]
    pairs += [pair for proposition in solution.argument for case in proposition.cases for pair in case.values]
    steps_ = [step for proposition in solution.argument for step in proposition.proof]
    pairs += [pair for step in steps_ if isinstance(step, steps.Stationary) for pair in step.values]
    pairs += [pair for step in steps_ if isinstance(step, cases.NotAttained) for pair in step.limits]
    for symbol, value in dict.fromkeys(pairs):
        found.setdefault(symbol, []).append(value)
    return found


def _open(
    choice: Choice, emptied: Iterable[Expr], recorded: Table, compared: Sequence[Expr], context: Context
) -> Iterator[Bound]:
    """Bounds of which nothing is said. Those of a law's support are part of what the law says of the marginal payoff; that all members
    of a group are at a bound is a case of the whole group."""
    x = choice.variable
    if choice.limits or other(x) in choice.objective.free_symbols:
        return
    told = [slack.xreplace({x: Integer(0)}) for slack in emptied] + list(recorded.get(x, ()))
    seen: list[Expr] = []
    for bound in choice.bounds:
        if not any(bound.value == value or same(bound.value, value) for value in (*seen, *told)):
            seen.append(bound.value)
            worth = choice.objective.xreplace({x: bound.value})
            if not choice.never(bound, context) and not any(worth == paid or same(worth, paid) for paid in compared):
                yield bound


def _rises_beyond(x: Symbol, bound: Bound, signs: Sequence[Boolean], payoffs: Iterable[Expr]) -> bool:
    """Whether a step says that what is paid beyond the bound, where the game goes on in another way, goes on rising there."""
    positive = [r.gts - r.lts for r in signs if isinstance(r, sympy.StrictGreaterThan | sympy.StrictLessThan)]
    rates = (bound.side * sympy.diff(payoff, x).xreplace({x: bound.value}) for payoff in payoffs if x in payoff.free_symbols)
    ratios = (sympy.cancel(said / rate) for rate in rates if rate != 0 for said in positive)
    return any(ratio.is_Rational and ratio > 0 for ratio in ratios)


def _never_binds(choice: Choice, bound: Bound, context: Context, whole: frozenset[Symbol]) -> bool:
    """Whether a bound that can be reached binds at none of some points."""
    x = choice.variable
    there = [(r.gts - r.lts).xreplace({x: bound.value}) for r in choice.given if x in r.free_symbols]
    known = (*(r for r in context.known if x not in r.free_symbols), *(gap >= 0 for gap in there if gap != 0))
    rates = choice.outward(bound, context)
    if any(gap != 0 and context.sign(factor(-rate / gap)) > 0 for gap in there for rate in rates):
        return False  # it binds at most where the other bounds leave this one value
    symbols = sorted({s for e in (*known, *rates) for s in e.free_symbols}, key=str)
    if False in known or not rates or any(rate.atoms(AppliedUndef) or rate.has(oo) for rate in rates):
        return False
    rng = random.Random(19)
    binds = flat((*known, rates[0] > 0))
    found = any(sample(binds, symbols, rng, 1, whole) for _ in range(TRIES))
    return not found and bool(sample(flat(known), symbols, rng, 1, whole))
