"""The shape of a claim: a conjunction of relations and of disjunctions of relations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

from sympy import And, Not, Or, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, Implies

from derive.prove.relations import denial


@lru_cache(maxsize=4096)
def clauses(claim: Boolean) -> Boolean:
    """The claim as a conjunction of relations and of disjunctions of relations, with negations and implications resolved."""
    if isinstance(claim, And) and all(isinstance(part, Relational) for part in claim.args):
        return claim
    return _conjunction(disjunctions(claim, positive=True))


def disjunctions(claim: Boolean, positive: bool) -> list[tuple[Boolean, ...]]:
    """The disjunctions whose conjunction is the claim, or its negation where it is not `positive`."""
    if isinstance(claim, Not):
        return disjunctions(claim.args[0], not positive)
    if isinstance(claim, Implies):
        parts = (Not(claim.args[0], evaluate=False), claim.args[1])
        return _joined(parts, positive, conjoined=False)
    if isinstance(claim, And | Or):
        return _joined(claim.args, positive, conjoined=isinstance(claim, And))
    if isinstance(claim, Relational):
        return [(claim if positive else denial(claim),)]
    if claim in (true, false):
        return [] if (claim == true) == positive else [()]
    return [(claim if positive else Not(claim),)]


def _joined(parts: Iterable[Boolean], positive: bool, conjoined: bool) -> list[tuple[Boolean, ...]]:
    each = [disjunctions(part, positive) for part in parts]
    if conjoined == positive:
        return [clause for clause_list in each for clause in clause_list]
    return [tuple(dict.fromkeys(part for clause in choice for part in clause)) for choice in product(*each)]


def _conjunction(parts: Sequence[tuple[Boolean, ...]]) -> Boolean:
    made = [clause[0] if len(clause) == 1 else Or(*clause, evaluate=False) if clause else false for clause in parts]
    if any(part == false for part in made):
        return false
    made = [part for part in dict.fromkeys(made) if part != true]
    return made[0] if len(made) == 1 else And(*made, evaluate=False) if made else true
