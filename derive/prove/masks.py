"""Where a claim plainly holds, and where it plainly fails, over many points: what is known of its relations, joined.

"Plainly" is what double precision shows with a margin; between the two masks nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sympy import And, Or, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

Mask = NDArray[np.bool_]
Seen = tuple[Mask, Mask]
"""Where a claim plainly holds, and where it plainly fails."""


def seen(claim: Boolean, count: int, relation: Callable[[Relational], Seen]) -> Seen:
    """What is seen of a claim at `count` points when `relation` says it of relations; nothing of what is no such claim."""
    if isinstance(claim, And | Or):
        parts = [seen(part, count, relation) for part in claim.args]
        every, some = np.logical_and.reduce, np.logical_or.reduce
        join, other = (every, some) if isinstance(claim, And) else (some, every)
        return join([holds for holds, _ in parts]), other([fails for _, fails in parts])
    if isinstance(claim, Relational):
        return relation(claim)
    nowhere = np.zeros(count, dtype=bool)
    return (~nowhere if claim == true else nowhere), (~nowhere if claim == false else nowhere)


def compared(op: str, above: Mask, below: Mask) -> Seen:
    """What is seen of ``difference op 0`` where the difference is plainly above, and plainly below, zero."""
    nowhere = np.zeros_like(above)
    match op:
        case ">" | ">=":
            return above, below
        case "<" | "<=":
            return below, above
        case "!=":
            return above | below, nowhere
        case _:
            return nowhere, above | below
