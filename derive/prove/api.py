"""The entry points of the prover."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from sympy import Not, false
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.prove.atoms import has_atoms
from derive.prove.goals import prove_goal
from derive.prove.oracle import satisfiable
from derive.prove.portfolio import Effort
from derive.prove.powers import prove_powers

__all__ = ["prove", "prove_any", "refute"]


def prove(claim: Boolean, given: Sequence[Boolean], *, seconds: float = 4.0, splits: int = 1) -> Certificate | None:
    """A certificate that `claim` (a relation or an And of relations) holds wherever all of `given` do; None if none is found.

    `splits` bounds the nested case distinctions tried, which makes the effort the same on every machine; `seconds` (of processor
    time) only stops a search that runs away. Without splits the SMT solver is asked first and must agree. None says nothing
    about the truth of the claim. `given` may contain And and Or of relations.
    """
    if splits == 0 and satisfiable((*given, Not(claim))) is not False:
        return None
    proof = prove_any(claim, tuple(given), Effort(time.process_time() + seconds, splits))
    return None if proof is None else replace(proof, given=tuple(given))


def prove_any(claim: Boolean, given: tuple[Boolean, ...], effort: Effort) -> Certificate | None:
    """Like `prove`, within `effort`."""
    if any(has_atoms(statement) for statement in (claim, *given)):
        return prove_powers(claim, given, lambda goal, facts: prove_any(goal, facts, effort))
    return prove_goal(claim, given, effort)


def refute(given: Sequence[Boolean], *, seconds: float = 4.0, splits: int = 1) -> Certificate | None:
    """A certificate that no real point satisfies all of `given`; None if none is found."""
    return prove(false, given, seconds=seconds, splits=splits)
