"""Several who move at once before a response that changes form with what they choose: their payoffs told as cases of it.

On some cases a choice makes no difference (nobody buys whatever one asks), so that a continuum of choices is best. Every best reply is
told, one case or many, and the equilibria are all profiles of them that meet.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import And, Piecewise, true
from sympy.logic.boolalg import Boolean

from derive.decision.piece import Piece
from derive.decision.problem import Journal, Nothing, Optimum, Problem, relation_at, unique
from derive.decision.regions import Region, covers
from derive.errors import Refusal
from derive.play.profiles import all_equilibria
from derive.play.setting import Continuation, followed
from derive.prove import prove


def equilibria_by_cases(
    players: Sequence[str],
    pieces: Sequence[Sequence[Piece]],
    known: Sequence[Region],
    given: Region,
    continuations: Sequence[Continuation],
    journal: Journal,
) -> tuple[tuple[Continuation, ...], tuple[Nothing, ...]]:
    """Every equilibrium with how the game goes on from it, and where there is none. `known` is what each may assume.

    Raises Refusal where a player's best replies, or what follows an equilibrium, are not settled.
    """
    problems = [_in_cases(own, facts) for own, facts in zip(pieces, known, strict=True)]
    outcome, _ = all_equilibria(players, problems, journal)
    found = tuple(followed(leads_to(optimum, continuations, given), optimum) for optimum in outcome.optima)
    return found, outcome.nothing


def _in_cases(pieces: Sequence[Piece], known: Region) -> Problem:
    """One decision's problem with what follows on each piece as a case of its payoff."""
    base = pieces[0].problem
    if len(base.variables) != 1 or any(piece.ties for piece in pieces):
        raise Refusal("several choices of one decision before a response that makes some of them idle are not settled")
    own = tuple(r for r in base.restrictions if r.name not in pieces[0].seams)
    regions = [unique((*piece.region, *piece.others)) for piece in pieces]
    if not covers(regions, (*known, *(r.relation for r in own))):
        raise Refusal("what follows is not told for every choice", symbol=str(base.variables[0]))
    cases = [(piece.problem.objective, And(*region)) for piece, region in zip(pieces, regions, strict=True)]
    cases[-1] = (cases[-1][0], true)
    return Problem(Piecewise(*cases), base.variables, own, known, base.laws)


def leads_to(optimum: Optimum, continuations: Sequence[Continuation], given: Region) -> Continuation:
    """How the game goes on from an equilibrium. Raises Refusal where that is not one case throughout."""
    values = dict(optimum.values)
    known = (*given, *optimum.region, *optimum.among)
    for continuation in continuations:
        if all(_holds(relation_at(relation, values), known) for relation in continuation.region):
            return continuation
    raise Refusal("what follows an equilibrium is not one case of the later responses throughout")


def _holds(relation: Boolean, known: Region) -> bool:
    return relation == true or prove(relation, known) is not None
