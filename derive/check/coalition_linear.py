"""Verifiers of linear reasoning in coalition arguments: combinations, refutations, partitions, resolved kinks."""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from sympy import Expr, S
from sympy.logic.boolalg import And, Boolean

from derive.check.coalition_base import Context, Rejected, facts, require, same, slack, strict
from derive.coalition import steps as kinds
from derive.steps import Sign, Step


def compared(step: Step, context: Context) -> tuple[Boolean, ...]:
    """What the step's premises say of named quantities."""
    premises = (context.known.get(label) for label in step.uses)
    return tuple(one.relation for one in premises if isinstance(one, kinds.Comparison) and not one.given)


def stated_by(step: Step, context: Context) -> tuple[Boolean, ...]:
    """What the step's premises say and certificates show, where the step speaks."""
    given = facts((*context.assumptions, *step.given))
    premises = (context.known.get(label) for label in step.uses)
    return tuple(one.relation for one in premises if isinstance(one, kinds.Comparison | Sign) and facts(one.given) <= given)


def linear_combination(step: kinds.LinearCombination, context: Context) -> None:
    given = facts((*context.assumptions, *step.given, *stated_by(step, context)))
    require(facts(step.premises) <= given, "a premise is not given")
    require(len(step.premises) == len(step.multipliers), "one multiplier per premise")
    total: Expr = step.constant
    sharp = step.constant > 0
    require(step.constant >= 0, "the constant is negative")
    for premise, multiplier in zip(step.premises, step.multipliers, strict=True):
        require(premise.rel_op == "==" or multiplier >= 0, "a multiplier is negative")
        total += multiplier * slack(premise)
        sharp = sharp or (strict(premise) and multiplier > 0)
    require(step.relation.rel_op != "==", "an equality does not follow this way")
    require(sharp or not strict(step.relation), "strictness does not follow")
    require(same(total, slack(step.relation)), "the combination is not the relation")


def refuted(refutation: kinds.Refutation, given: Iterable[Boolean]) -> None:
    """The relations, all of them given, have no common solution."""
    require(facts(refutation.relations) <= facts(given), "a refutation uses what is not given")
    total: Expr = S.Zero
    sharp = False
    for relation, multiplier in zip(refutation.relations, refutation.multipliers, strict=True):
        require(relation.rel_op == "==" or multiplier >= 0, "a multiplier is negative")
        total += multiplier * slack(relation)
        sharp = sharp or (strict(relation) and multiplier > 0)
    total = sympy.expand(total)
    require(total.is_Rational and (total < 0 or (total == 0 and sharp)), "a refutation does not refute")


def partition(step: kinds.Partition, context: Context) -> None:
    domain = facts((*context.assumptions, *compared(step, context)))
    require(facts(step.given) <= domain, "regions of something else than the domain")
    base = list(facts(step.given))
    pairs = [(i, j) for j in range(len(step.regions)) for i in range(j)]
    require(len(pairs) == len(step.overlaps), "an overlap is not refuted")
    for (i, j), one in zip(pairs, step.overlaps, strict=True):
        refuted(one, [*base, *step.regions[i], *step.regions[j]])
    left = list(step.remainders)

    def walk(inside: list[Boolean], regions: tuple[tuple[Boolean, ...], ...]) -> None:
        require(left, "a remainder is not refuted")
        try:
            refuted(left[0], inside)
        except Rejected:
            require(regions, "a remainder is not refuted")
        else:
            del left[0]
            return
        held = list(inside)
        for relation in regions[0]:
            apart = (relation.lhs > relation.rhs, relation.lhs < relation.rhs)
            for denial in apart if relation.rel_op == "==" else (relation.negated,):
                walk([*held, denial], regions[1:])
            held.append(relation)

    walk(base, step.regions)
    require(not left, "a refutation too many")


def shown(relation: Boolean, proved: Iterable[Boolean]) -> bool:
    """Whether a relation is a true statement on numbers or, up to a positive factor, one of those proved."""
    if relation in (sympy.true, sympy.false):
        return bool(relation)
    gap = sympy.expand(slack(relation))
    if gap.is_Rational:
        return bool(gap > 0 or (gap == 0 and not strict(relation)))
    return any(multiple(slack(one), gap) and (strict(one) or not strict(relation)) for one in proved)


def proved_by(proofs: Iterable[kinds.LinearCombination], step: Step, context: Context) -> tuple[Boolean, ...]:
    """The relations of combinations that belong to a step and may use its region."""
    region = Context(context.game, (*context.assumptions, *step.given), context.known)
    found = []
    for proof in proofs:
        linear_combination(proof, region)
        found.append(proof.relation)
    return tuple(found)


def multiple(left: Expr, right: Expr) -> bool:
    """Whether ``left`` is a positive number times ``right``."""
    if same(left, right):
        return True
    terms, others = (sympy.expand(one).as_coefficients_dict() for one in (left, right))
    monomial = next((key for key, value in others.items() if value), None)
    if monomial is None or not terms.get(monomial):
        return False
    ratio = terms[monomial] / others[monomial]
    return bool(ratio.is_Rational and ratio > 0 and same(left, ratio * right))


def kink(choice: kinds.Choice, step: Step, context: Context) -> None:
    """The Max, Min, Abs or Piecewise takes that value on the region."""
    proved = proved_by(choice.proofs, step, context)

    def holds(relation: Boolean) -> bool:
        return shown(relation, proved)

    function, value = choice.kink, choice.value
    if isinstance(function, sympy.Max | sympy.Min):
        require(value in function.args, "a Max or Min takes one of its arguments")
        for other in function.args:
            if other != value:
                better = value >= other if isinstance(function, sympy.Max) else value <= other
                require(holds(better), f"{better} is not shown")
    elif isinstance(function, sympy.Abs):
        inner = function.args[0]
        require((value == inner and holds(inner >= 0)) or (same(value, -inner) and holds(inner <= 0)), "sign not shown")
    else:
        require(isinstance(function, sympy.Piecewise), "not a kink that is known here")
        for branch, condition in function.args:
            parts = condition.args if isinstance(condition, And) else (condition,)
            if branch == value and all(holds(part) for part in parts):
                return
            require(any(holds(sympy.Not(part)) for part in parts), "an earlier branch is not excluded")
        raise Rejected("no branch has that value")
