"""The entry points of the prover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Not, false, true
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.errors import Refusal
from derive.prove.atoms import has_atoms
from derive.prove.doubt import doubtful, plainly_false
from derive.prove.effort import Effort, allowance
from derive.prove.goals import prove_goal
from derive.prove.oracle import satisfiable
from derive.prove.powers import prove_powers

__all__ = ["AT_SIGHT", "WORK", "plausible", "prove", "prove_any", "refute", "required"]

WORK = 4000
AT_SIGHT = 40  # what most proofs cost that are found at all: less than an SMT solver's opinion


def prove(claim: Boolean, given: Sequence[Boolean], *, work: int = WORK, splits: int = 1) -> Certificate | None:
    """A certificate that `claim` (a relation or an And of relations) holds wherever all of `given` do; None if none is found.

    `splits` bounds the nested case distinctions tried, `work` (counted, see `derive.prove.effort`) all that is tried. Without
    splits the SMT solver is asked before a search longer than `AT_SIGHT`, and must agree. None says nothing about the truth of the claim.
    `given` may contain And and Or of relations.
    """
    if doubtful(claim, given):
        return None
    proof = prove_any(claim, tuple(given), allowance(min(work, AT_SIGHT), 0)) if splits == 0 else None
    if proof is None and (splits > 0 or (work > AT_SIGHT and satisfiable((*given, Not(claim))) is False)):
        proof = prove_any(claim, tuple(given), allowance(work, splits))
    return None if proof is None else replace(proof, given=tuple(given))


def required(claim: Boolean, given: Sequence[Boolean], reason: str) -> Certificate | None:
    """A certificate without which a derivation cannot go on; None where nothing is to be proved: the claim is true or given.

    Raises Refusal with the reason.
    """
    if claim == true or claim in given:
        return None
    certificate = prove(claim, tuple(given)) if claim != false else None
    if certificate is None:
        raise Refusal(reason)
    return certificate


def prove_any(claim: Boolean, given: tuple[Boolean, ...], within: Effort) -> Certificate | None:
    """Like `prove`, with what is left of a budget."""
    if any(has_atoms(statement) for statement in (claim, *given)):
        return prove_powers(claim, given, lambda goal, facts: prove_any(goal, facts, within))
    return prove_goal(claim, given, within)


def refute(given: Sequence[Boolean], *, work: int = WORK, splits: int = 1) -> Certificate | None:
    """A certificate that no real point satisfies all of `given`; None if none is found."""
    return prove(false, given, work=work, splits=splits)


def plausible(claims: Sequence[Boolean], given: Sequence[Boolean]) -> bool:
    """Whether the SMT solver sees that all `claims` follow, and no point speaks against any of them: evidence, and no proof."""
    if any(plainly_false(claim, given) for claim in claims):
        return False
    return all(satisfiable((*given, Not(claim))) is False for claim in claims)
