"""Suprema that no choice attains: the largest of all values is one that choices only approach."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Gt, Symbol

from derive.cases import NotAttained
from derive.decision.problem import Journal, Nothing, Problem, unique
from derive.decision.regions import Region, emptiness
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove
from derive.solution import Without

__all__ = ["not_attained"]


def not_attained(
    problem: Problem,
    limits: tuple[tuple[Symbol, Expr], ...],
    supremum: Expr,
    cell: Region,
    had: Sequence[tuple[Region, Expr]],
    journal: Journal,
) -> Nothing:
    """A supremum above all that can be `had` (each a value and where it can), which leaves no maximum on `cell`.

    Raises Refusal where something that can be had is not proved to be less.
    """
    given = problem.given
    rivals = [(region, value) for region, value in had if emptiness(unique((*cell, *region)), given) is None]
    gaps = [Gt(normal(supremum - value), 0, evaluate=False) for _, value in rivals]
    proofs = [prove(gap, unique((*given, *cell, *region))) for gap, (region, _) in zip(gaps, rivals, strict=True)]
    certificates = tuple(proof for proof in proofs if proof is not None)
    if len(certificates) < len(rivals):
        raise Refusal(
            f"whether the supremum {supremum} is reached is not settled", symbol=", ".join(map(str, problem.variables))
        )
    journal.add(
        NotAttained,
        given=unique((*given, *cell)),
        objective=problem.objective,
        limits=limits,
        supremum=supremum,
        others=tuple(rivals),
        certificates=certificates,
    )
    where = " and ".join(f"{symbol} = {limit}" for symbol, limit in limits)
    return Nothing(cell, Without.NOT_ATTAINED, f"the payoff rises towards {where} and jumps there", supremum, limits)
