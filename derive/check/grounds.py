"""Whether every payoff that an argument speaks of is one of the statement's, or what an earlier step made of one.

A step may be right about an objective that nobody has; its conclusion then says nothing of the game.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sympy import Expr, Symbol

from derive import cases, inverse, members, programs, steps
from derive.check.context import same
from derive.check.objectives import definitions_out
from derive.ir import Model
from derive.solution import Solution
from derive.steps import Step

__all__ = ["groundless"]

_OF_AN_OBJECTIVE = (
    steps.Marginal,
    steps.Hill,
    steps.Concavity,
    steps.Transfer,
    steps.NewVariable,
    steps.Separation,
    steps.Unbounded,
    cases.Branching,
    cases.NotAttained,
    cases.BestReplies,
    members.Alike,
    programs.WeakConcavity,
    programs.GlobalMaximum,
    programs.Recession,
    programs.Existence,
    programs.OnlyCandidates,
    programs.LagrangianMaximum,
)
_OF_ONE_BEFORE = (steps.Anticipation, steps.Concentration, members.Member, inverse.ByResponse)
_MAKING_ONE_AFTER = (*_OF_ONE_BEFORE, steps.NewVariable)
_MAKING_A_RESULT = (steps.Expectation, steps.CertaintyEquivalent, steps.JointObjective)


def groundless(statement: Model, solution: Solution) -> list[str]:
    """What is said of payoffs that come from nowhere, one line each."""
    known = dict.fromkeys(_stated(statement))
    players = {player.payoff for player in statement.players}
    faults = []
    for proposition in solution.argument:
        for step in proposition.proof:
            spoken = _spoken_of(step, players)
            if spoken is not None and not _is_known(spoken, tuple(known)):
                faults.append(f"{step.label}: nothing before it gives the payoff {spoken}")
            known |= dict.fromkeys(_made(step))
    return faults


def _stated(statement: Model) -> Iterator[Expr]:
    """Payoffs inside and outside, as they are stated and with definitions written out."""
    found = [player.objective for player in statement.players]
    found += [worth for protocol in statement.protocols for _, worth in protocol.outside]
    for expr in found:
        yield expr
        yield definitions_out(expr, statement)


def _spoken_of(step: Step, players: Collection[Symbol]) -> Expr | None:
    """The payoff that a step starts from; None where it speaks of none, or of another value of a regime, which is formed anew there."""
    if isinstance(step, _OF_AN_OBJECTIVE):
        return step.objective
    if isinstance(step, steps.Anticipation) and step.payoff not in players:
        return None
    return step.before if isinstance(step, _OF_ONE_BEFORE) else None


def _made(step: Step) -> tuple[Expr, ...]:
    if isinstance(step, _MAKING_ONE_AFTER):
        return (step.after,)
    if isinstance(step, _MAKING_A_RESULT):
        return (step.result,)
    if isinstance(step, steps.Transfer):
        return (step.reduced,)
    return tuple(payoff for _, payoff in step.cases) if isinstance(step, cases.Branching) else ()


def _is_known(payoff: Expr, known: Sequence[Expr]) -> bool:
    return payoff in known or any(one.free_symbols == payoff.free_symbols and same(one, payoff) for one in known)
