"""Rules for certificates that are put together from others by and, or and cases (see `derive.check.certificates`)."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import And, Eq, Or, false, true
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement

from derive.certificates import Alternatives, Cases, Conjunction, Member
from derive.check.fractions import ANY, DENIAL, SIGNS, Known, Rejected, Session, covered, defined, inequations, part_of, ratio


def cases(session: Session, c: Cases, known: Known) -> None:
    """One of the branches holds at each point, and each of them gives the claim."""
    if c.fact is not None:
        if c.fact not in known:
            raise Rejected("the cases are of what is not given")
        if not isinstance(c.fact, Or) or not set(c.fact.args) <= {condition for condition, _ in c.branches}:
            raise Rejected("a case is missing")
    else:
        first = c.branches[0][0] if c.branches else true
        seen: set[int] = set()
        for condition, _ in c.branches:
            session.polynomial(condition)
            turn = ratio(session.difference(condition), session.difference(first))
            seen |= {turn * s for s in SIGNS[type(condition)]}
        if seen != ANY:
            raise Rejected("the cases are not exhaustive")
    for condition, proof in c.branches:
        part_of(session, proof, known | frozenset(flat((condition,))), c.claim)


def conjunction(session: Session, c: Conjunction, known: Known) -> None:
    """All members of an And; or two weak inequalities that leave only equality."""
    for part in c.parts:
        part_of(session, part, known, part.claim)
    if c.claim == true or (isinstance(c.claim, And) and set(c.claim.args) <= {part.claim for part in c.parts}):
        return
    if not isinstance(c.claim, Eq):
        raise Rejected("a member of the conjunction is not proved")
    left = ANY
    for part in c.parts:
        if type(part.claim) not in SIGNS:
            raise Rejected("not a relation")
        own, other = session.difference(c.claim), session.difference(part.claim)
        defined(own, other)
        turn = ratio(own, other)
        left &= {turn * s for s in SIGNS[type(part.claim)]}
    if left != SIGNS[Eq]:
        raise Rejected("the parts do not give equality")


def alternatives(session: Session, c: Alternatives, known: Known) -> None:
    """Relations that are defined and cannot all fail: at each point one of them holds."""
    if not isinstance(c.claim, Or):
        raise Rejected("not a disjunction")
    shown = inequations(session, c.defined, known)
    denials = [_contrary(session, part, shown) for part in c.claim.args]
    part_of(session, c.refutation, known | frozenset(flat(denials)), false)


def member(session: Session, c: Member, known: Known) -> None:
    """Where a member holds the disjunction does."""
    if not isinstance(c.claim, Or) or c.part.claim not in c.claim.args:
        raise Rejected("not a member of the disjunction")
    part_of(session, c.part, known, c.part.claim)


def _contrary(session: Session, claim: Boolean, nonzero: list[PolyElement]) -> Boolean:
    """What holds where the claim fails; its relations are defined where `nonzero` are not zero."""
    if isinstance(claim, And | Or):
        parts = [_contrary(session, part, nonzero) for part in claim.args]
        return (Or if isinstance(claim, And) else And)(*parts, evaluate=False)
    if type(claim) not in DENIAL:
        raise Rejected(f"not a relation: {claim}")
    covered(session.difference(claim), nonzero)
    return DENIAL[type(claim)](claim.lhs, claim.rhs, evaluate=False)


def flat(given: Iterable[Boolean]) -> Iterable[Boolean]:
    """The relations one by one, those of an And taken apart."""
    for fact in given:
        if isinstance(fact, And):
            yield from flat(fact.args)
        elif fact != true:
            yield fact
