"""What an earlier mover approaches at the edge of a region of its choices, if what follows there is the limit of what follows inside.

Inside its region a continuation is an equilibrium of the game that follows. At an excluded edge its limit is one too where all that
later movers earn, and the bounds on their choices, move continuously with what was chosen before: limits of best replies are best
replies. Where payoffs or bounds jump, it is one if whoever moves next is as well off with it as with the reply that holds at the
edge. A stated rule for ties has to pick it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import sympy
from sympy import Abs, Add, Eq, Expr, Max, Min, Mul, Pow, Symbol, fraction, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import closed, said
from derive.decision.branches import branch_at, is_smooth, plain
from derive.decision.maxima import vanishes
from derive.decision.piece import Piece
from derive.decision.problem import relation_at, restriction, unique
from derive.decision.regions import Region
from derive.errors import Refusal
from derive.field import coefficients, normal
from derive.ir import Decision, Feasibility
from derive.law.lower import substitute_definitions
from derive.placed import normal_at
from derive.play.setting import Continuation, Setting
from derive.prove import prove, refute

__all__ = ["Limits", "limits"]


class _Limit(Enum):
    HOLDS = "the limit of what follows is an equilibrium of what follows"
    FAILS = "it is none"
    OPEN = "not settled"


@dataclass(frozen=True)
class Limits:
    """The pieces with the edges that what follows allows; `closing` says whether there is one, and `unsettled` are edges of which
    it is not known."""

    pieces: tuple[Piece, ...]
    closing: bool
    unsettled: Region


def tie_told(players: Sequence[str], first: Sequence[str]) -> str:
    """What is assumed where one of the players, or some who move at once, are indifferent: they do what who moved `first` likes."""
    several = any(" and " in one for one in players)
    finds, taken = ("find", "they are") if several else ("finds", "it is")
    likes = "prefers" if len(first) == 1 else "prefer"
    return (
        f"the answer hinges on a tie: where {' or '.join(players)} {finds} several choices equally good, {taken} taken to make the one "
        f"that {' and '.join(first)} {likes}"
    )


def limits(
    setting: Setting, number: int, continuations: Sequence[Continuation], pieces: Sequence[Piece], given: Region
) -> Limits:
    """Every piece with the edges at which the limit of what follows on it is an equilibrium of the game that follows."""
    found: list[Piece] = []
    closing, unsettled = False, []
    for index, piece in enumerate(pieces):
        region = list(piece.region)
        for place, relation in enumerate(piece.region):
            if closed(relation) == relation:
                continue
            verdict = _limit(setting, number, continuations, pieces, index, relation, given)
            if verdict is _Limit.HOLDS:
                region[place], closing = closed(relation), True
            elif verdict is _Limit.OPEN:
                unsettled.append(relation)
        found.append(replace(piece, region=tuple(region)))
    return Limits(tuple(found), closing, unique(unsettled))


def _limit(
    setting: Setting,
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Piece],
    index: int,
    relation: Boolean,
    given: Region,
) -> _Limit:
    after, piece = continuations[index], pieces[index]
    slack = restriction("", relation).slack
    inside = [r for r in (*piece.problem.domain, *piece.region) if r != relation]
    edge = unique((*given, *(closed(r) for r in inside), Eq(slack, 0)))
    if refute(edge) is not None:
        return _Limit.HOLDS
    later = [decision for stage in setting.protocol.stages[number:] for decision in stage.decisions]
    ties = dict(piece.ties)
    values = {symbol: normal_at(value, ties) for symbol, value in after.values}
    ruled = _ruled(later, values, edge)
    if ruled is not _Limit.HOLDS:
        return ruled
    if after.implicit or after.free or not _defined(values, edge):
        return _Limit.OPEN
    if _continuous(setting, number) and _allowed(setting, later, values, edge):
        return _Limit.HOLDS
    return _as_good(setting, number, continuations, pieces, index, slack, edge)


def _ruled(later: Sequence[Decision], values: dict[Symbol, Expr], edge: Region) -> _Limit:
    """Whether the rules for ties that later movers follow pick these choices."""
    placed = [relation_at(relation, values) for decision in later for relation in decision.indifferent]
    if all(r == true or (r != sympy.false and prove(r, edge) is not None) for r in placed):
        return _Limit.HOLDS
    return _Limit.FAILS if any(r == sympy.false or refute((*edge, r)) is not None for r in placed) else _Limit.OPEN


def _defined(values: dict[Symbol, Expr], edge: Region) -> bool:
    """Whether what follows is proved to have a value on the edge."""
    bottoms = (fraction(normal(value))[1] for value in values.values())
    return all(
        not bottom.free_symbols or any(prove(side, edge) is not None for side in (bottom > 0, bottom < 0)) for bottom in bottoms
    )


# --- payoffs and bounds that move continuously -----------------------------------------------------------------------------


def _continuous(setting: Setting, number: int) -> bool:
    """Whether payoffs of later movers are made of polynomials of all choices and have no jumps, the bounds on each decision's choices
    are linear in them with slopes that nobody chooses, and only the last stage has simultaneous moves."""
    stages = setting.protocol.stages[number:]
    if any(len(stage.decisions) > 1 for stage in stages[:-1]) or setting.groups or setting.laws:
        return False
    choices = [s for stage in setting.protocol.stages for decision in stage.decisions for s in decision.chooses]
    for decision in (d for stage in stages for d in stage.decisions):
        payoffs = [setting.objectives[setting.model.player(name).payoff] for name in decision.by]
        if decision.bargain is not None or not all(_moves_continuously(p, choices) for p in payoffs):
            return False
        bounds = None if _among_values(setting, decision) else _bounds(setting, decision)
        if bounds is None or any(not _slopes_fixed(bound, decision.chooses, choices) for bound in bounds):
            return False
    return True


def _moves_continuously(expr: Expr, choices: Sequence[Symbol]) -> bool:
    """Whether an expression is made of polynomials of the choices and of the larger or smaller of such."""
    if is_smooth(expr):
        return bool(expr.is_polynomial(*choices))
    power = isinstance(expr, Pow) and bool(expr.exp.is_Integer) and bool(expr.exp.is_positive)
    built = power or isinstance(expr, Add | Mul | Max | Min | Abs)
    return built and all(_moves_continuously(part, choices) for part in expr.args)


def _among_values(setting: Setting, decision: Decision) -> bool:
    return any(v.values for v in setting.model.variables if v.symbol in decision.chooses)


def _bounds(setting: Setting, decision: Decision) -> list[Boolean] | None:
    """The relations that bound a decision's choices, none for one among values; None where one is a demand on payoffs."""
    if any(not isinstance(constraint, Feasibility) for constraint in decision.subject_to):
        return None
    variables = [v for v in setting.model.variables if v.symbol in decision.chooses]
    stated = [c.relation for c in decision.subject_to if isinstance(c, Feasibility)]
    return [substitute_definitions(r, setting.model.definitions) for r in (*(r for v in variables for r in v.domain), *stated)]


def _slopes_fixed(bound: Boolean, own: Sequence[Symbol], choices: Sequence[Symbol]) -> bool:
    if not isinstance(bound, Relational):
        return False
    gap = normal(bound.lhs - bound.rhs)
    slopes: list[Expr] = []
    for symbol in own:
        parts = coefficients(gap, symbol)
        if parts is None or len(parts) > 2:
            return False
        slopes += parts[1:]
    return gap.is_polynomial(*choices) and not any(slope.free_symbols & set(choices) for slope in slopes)


def _allowed(setting: Setting, later: Sequence[Decision], values: dict[Symbol, Expr], edge: Region) -> bool:
    """Whether strict bounds on later choices hold on the edge; others hold in the limit."""
    stated = [bound for decision in later for bound in _bounds(setting, decision) or ()]
    strict = [relation_at(r, values) for r in stated if closed(r) != r]
    return all(r == true or (r != sympy.false and prove(r, edge) is not None) for r in strict)


# --- as well off at the edge -----------------------------------------------------------------------------------------------


def _as_good(
    setting: Setting,
    number: int,
    continuations: Sequence[Continuation],
    pieces: Sequence[Piece],
    index: int,
    slack: Expr,
    edge: Region,
) -> _Limit:
    """Whether the one who moves next, before others whose answers move continuously, is as well off with the limit as with the
    reply that holds at the edge."""
    stages = setting.protocol.stages[number:]
    answered = len(stages) == 1 or (bool(stages) and _continuous(setting, number + 1))
    if not answered or len(stages[0].decisions) != 1 or setting.groups:
        return _Limit.OPEN
    (decision,) = stages[0].decisions
    worse = False
    for other, there in enumerate(pieces):
        at = unique((*edge, *there.region, *there.others))
        if other == index or refute(at) is not None:
            continue
        if any(prove(r, edge) is None for r in (*there.region, *there.others)):
            return _Limit.OPEN
        try:
            mine = _earned(setting, decision, continuations[index], pieces[index], edge)
            theirs = _earned(setting, decision, continuations[other], there, edge)
        except Refusal:
            return _Limit.OPEN
        bounds = _bounds(setting, decision)
        gap = normal(mine - theirs)
        if bounds is not None and vanishes(gap, slack, edge):
            values = {s: normal_at(v, dict(pieces[index].ties)) for s, v in continuations[index].values}
            later = [one for stage in stages for one in stage.decisions]
            return _Limit.HOLDS if _allowed(setting, later, values, edge) else _Limit.OPEN
        worse = prove(gap < 0, edge) is not None
    return _Limit.FAILS if worse else _Limit.OPEN


def _earned(setting: Setting, decision: Decision, after: Continuation, piece: Piece, edge: Region) -> Expr:
    """What a decision earns with its reply, on the edge. Raises Refusal where no case of it applies there throughout."""
    total: Expr = sympy.Add(*(setting.objectives[setting.model.player(name).payoff] for name in decision.by))
    placed = total.xreplace(dict(after.values)).xreplace(dict(piece.ties))
    return normal(branch_at(plain(placed), {}, edge))


def unsettled_reason(unsettled: Region) -> str:
    """Why nothing is said of a supremum that is approached at such edges."""
    where = " or ".join(said(Eq(restriction("", relation).slack, 0)) for relation in unsettled)
    return f"what follows where {where} is not settled, and with it whether the supremum is attained"
