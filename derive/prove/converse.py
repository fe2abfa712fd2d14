"""What a claim needs: a condition shown from the claim by showing that the claim fails wherever the condition does."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import And, Or, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Alternatives, Assumed, Cases, Certificate, Conjunction, Contradiction, Opposed, Using
from derive.prove.api import AT_SIGHT, WORK, prove
from derive.prove.goals import names
from derive.prove.relations import TURN, contrary, denial, flatten, operator, relation, relations_in
from derive.prove.space import NotRational, TooLarge, space


def prove_needed(condition: Boolean, claim: Boolean, given: Sequence[Boolean], *, work: int = WORK) -> Certificate | None:
    """A certificate of `condition` under `given` and `claim` (relations joined by And and Or); None if none is found.

    First each member of the condition is denied and the claim refuted: then the claim, often long and with denominators, need not
    be used as an assumption. Then the direct way. The condition ``false`` is needed by what holds nowhere.
    """
    facts = (*given, claim)
    return _needed(condition, claim, facts, tuple(given), work) or prove(condition, facts, work=work)


def _needed(
    condition: Boolean, claim: Boolean, facts: tuple[Boolean, ...], given: tuple[Boolean, ...], work: int
) -> Certificate | None:
    if condition in flatten(facts):
        return Assumed(claim=condition, given=facts, fact=condition)
    if condition == false:
        return _against(claim, given, facts, work)
    if isinstance(condition, And):
        parts = [_needed(part, claim, facts, given, work) or prove(part, facts, work=work) for part in condition.args]
        proofs = tuple(part for part in parts if part is not None)
        return Conjunction(claim=condition, given=facts, parts=proofs) if len(proofs) == len(parts) else None
    if isinstance(condition, Or):
        if not all(_polynomial(part) for part in relations_in(condition)):
            return None
        denials = tuple(contrary(part) for part in condition.args)
        refutation = _against(claim, (*given, *denials), (*facts, *denials), work)
        return refutation and Alternatives(claim=condition, given=facts, defined=(), refutation=refutation)
    if not isinstance(condition, Relational):
        return None
    if _polynomial(condition):
        return _by_denial(condition, claim, facts, given, work)
    for plain in _without_denominators(condition):
        step = prove(condition, (*given, plain), work=work)
        lemma = _by_denial(plain, claim, facts, given, work) if step is not None else None
        if step is not None and lemma is not None:
            return Using(claim=condition, given=facts, lemmas=(lemma,), proof=step)
    return None


def _by_denial(
    condition: Relational, claim: Boolean, facts: tuple[Boolean, ...], given: tuple[Boolean, ...], work: int
) -> Certificate | None:
    against = denial(condition)
    refutation = _against(claim, (*given, against), (*facts, against), work)
    return refutation and Contradiction(claim=condition, given=facts, refutation=refutation)


def _against(claim: Boolean, case: tuple[Boolean, ...], facts: tuple[Boolean, ...], work: int) -> Certificate | None:
    """A certificate of ``false`` from `facts` (among them `claim`): what the `case` proves denies the claim."""
    if isinstance(claim, Relational):
        proof = prove(denial(claim), case, work=work)
        return proof and Opposed(claim=false, given=facts, fact=claim, denial=proof)
    if isinstance(claim, And):  # the part that the case denies is told from the others at sight
        attempts = ((part, amount) for amount in (min(AT_SIGHT, work), work) for part in claim.args)
        return next((found for part, amount in attempts if (found := _against(part, case, facts, amount)) is not None), None)
    if isinstance(claim, Or):
        branches = []
        for part in claim.args:
            found = _against(part, case, (*facts, part), work)
            if found is None:
                return None
            branches.append((part, found))
        return Cases(claim=false, given=facts, branches=tuple(branches), fact=claim)
    return None


def _polynomial(condition: Relational) -> bool:
    try:
        return not space(names((condition,))).difference(condition.lhs, condition.rhs).divisors
    except (NotRational, TooLarge, ZeroDivisionError):
        return False


def _without_denominators(condition: Relational) -> tuple[Relational, ...]:
    """The numerator of the difference compared with zero, both ways: which of them it is depends on the denominator's sign."""
    ring = space(names((condition,)))
    try:
        top = ring.expression(ring.difference(condition.lhs, condition.rhs).numerator)
    except (NotRational, TooLarge, ZeroDivisionError):
        return ()
    op = operator(condition)
    return tuple(relation(top, goal) for goal in dict.fromkeys((op, TURN[op])))
