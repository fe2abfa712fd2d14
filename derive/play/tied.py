"""Parameters at which a player who moves later has several best choices: a null set, left out of what is reported.

What those who move before would make of such a tie depends on how it is broken. Where the statement does not say, the parameters on
which it occurs are a gap, and everywhere else the game is solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, Expr, Ge, Le
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import open_, said
from derive.decision.problem import Nothing, Optimum
from derive.decision.regions import Region, emptiness
from derive.field import normal
from derive.play.setting import Setting
from derive.play.stage import Settled
from derive.prove import refute
from derive.solution import Without

__all__ = ["opened", "without_tied_parameters"]


def without_tied_parameters(settled: Settled, setting: Setting, given: Region) -> Settled:
    """The choices of a stage with the parameters left out at which several are equally good. A tie that is more than an equation of
    parameters, or that lies inside a region of theirs and not at its end, stays a tie."""
    if len(settled.replies) > 1:
        return settled
    parameters = {parameter.symbol for parameter in setting.model.parameters}
    for tie in settled.ties:
        levels = [normal(r.lhs - r.rhs) for r in tie if isinstance(r, Eq)]
        if (
            tie not in settled.ties
            or not levels
            or any(relation.free_symbols - parameters for relation in tie)
            or refute((*given, *tie)) is not None
        ):
            continue
        optima = tuple(_apart(optimum, levels) for optimum in settled.equilibria)
        if any(emptiness((*optimum.region, *tie), given) is None for optimum in optima):
            continue
        where = " and ".join(said(relation) for relation in tie if isinstance(relation, Eq))
        reason = f"where {where} several choices are equally good, and nothing says which is taken"
        nothing = Nothing(tie, Without.UNSETTLED, reason)
        ties = tuple(other for other in settled.ties if not _same(other, levels))
        settled = replace(settled, equilibria=optima, replies=(optima,), ties=ties, nothing=(*settled.nothing, nothing))
    return settled


def _same(tie: Region, levels: Sequence[Expr]) -> bool:
    """Whether a tie is on the same levels at zero."""
    own = [normal(r.lhs - r.rhs) for r in tie if isinstance(r, Eq)]
    return bool(own) and all(any(normal(one - other) == 0 or normal(one + other) == 0 for other in levels) for one in own)


def _apart(optimum: Optimum, levels: Sequence[Expr]) -> Optimum:
    return replace(optimum, region=tuple(opened(relation, levels) for relation in optimum.region))


def opened(relation: Boolean, levels: Sequence[Expr]) -> Boolean:
    """An inequality without its boundary, where that is one of the levels at zero."""
    if not isinstance(relation, Ge | Le):
        return relation
    gap = normal(relation.lhs - relation.rhs)
    return open_(relation) if any(normal(gap - level) == 0 or normal(gap + level) == 0 for level in levels) else relation
